"""The exports are read back: every question, choice, mark, feedback and tolerance survives."""

import html
import io
import json
import re
import shutil
import xml.etree.ElementTree as ET
import zipfile

import export_questions as export
import pytest

from lifbook import LifbookError, data, questions

CHAPTERS = questions.chapters()
NS = {"q": "http://www.imsglobal.org/xsd/ims_qtiasiv1p2"}


def text_of(markup):
    """What a browser shows of a fragment of HTML."""
    return html.unescape(re.sub(r"<[^>]+>", "", markup)).strip()


@pytest.fixture(scope="module", params=CHAPTERS)
def chapter(request):
    return request.param, export.items(request.param)


# --- what goes in -------------------------------------------------------------------------


def test_every_question_is_taken_with_the_numbers_of_the_chapter(chapter):
    name, items = chapter
    assert [item.id for item in items] == [q["id"] for q in questions.items(name)]
    assert not [item.id for item in items if re.search(r"\{[a-z_0-9]+(:[^}]*)?\}", repr(item))]


@pytest.mark.parametrize("name", CHAPTERS)
def test_numbers_agree_with_the_examples_to_what_is_printed(name):
    shown = export.stored(export.PROJECT / "chapters" / f"{name}.ipynb")
    for section in questions.sections(name):
        values = questions.examples(name, section)
        for item in questions.filled(name, section, values):
            numbers = [
                float(n.replace("−", "-"))
                for n in re.findall(r"[-−]?\d+\.?\d*", shown[item["id"]]["question"])
            ]
            expected = [
                float(n.replace("−", "-")) for n in re.findall(r"[-−]?\d+\.?\d*", item["question"])
            ]
            assert numbers == pytest.approx(expected, rel=0.02, abs=0.011), item["id"]


# --- Moodle -------------------------------------------------------------------------------


def test_moodle_reads_back(chapter):
    name, items = chapter
    root = ET.fromstring(export.moodle(name, name, items))
    found = [node for node in root if node.get("type") != "category"]
    assert len(found) == len(items)
    kinds = {"numeric": "numerical", "string": "shortanswer"}
    for node, item in zip(found, items, strict=True):
        assert node.get("type") == kinds.get(item.type, "multichoice")
        assert node.findtext("name/text") == node.findtext("idnumber") == item.id
        assert text_of(node.findtext("questiontext/text")) == item.prompt
        assert item.objective in text_of(node.findtext("generalfeedback/text"))
        if item.type in questions.CHOICES:
            assert node.findtext("single") == str(item.type == "multiple_choice").lower()
        answers = node.findall("answer")
        assert len(answers) == len(item.answers)
        for one, answer in zip(answers, item.answers, strict=True):
            assert (float(one.get("fraction")) > 0) is answer.correct
            assert text_of(one.findtext("feedback/text")) == answer.feedback
            if answer.low is not None:
                middle, half = float(one.findtext("text")), float(one.findtext("tolerance"))
                assert middle - half == pytest.approx(answer.low, abs=1e-7)
                assert middle + half == pytest.approx(answer.high, abs=1e-7)
            else:
                assert text_of(one.findtext("text")) == (answer.text or "*")
        positive = [float(a.get("fraction")) for a in answers if float(a.get("fraction")) > 0]
        right = 100 * (len(positive) if item.type == "string" else 1)
        assert sum(positive) == pytest.approx(right, abs=1e-3)
        if item.type == "many_choice":  # ticking everything earns nothing or less
            assert sum(float(a.get("fraction")) for a in answers) < 100


# --- QTI ----------------------------------------------------------------------------------


def package(items, title="Title"):
    archive = zipfile.ZipFile(io.BytesIO(export.qti(title, items)))
    assert archive.testzip() is None and "imsmanifest.xml" in archive.namelist()
    manifest = ET.fromstring(archive.read("imsmanifest.xml"))
    files = [node.get("href") for node in manifest.iter() if node.tag.endswith("}file")]
    assert files and set(files) <= set(archive.namelist())
    path = next(name for name in archive.namelist() if re.fullmatch(r"(\w+)/\1\.xml", name))
    return ET.fromstring(archive.read(path))


def feedback(node):
    return {
        one.get("ident"): text_of(one.findtext(".//q:mattext", namespaces=NS))
        for one in node.findall("q:itemfeedback", NS)
    }


def test_qti_reads_back(chapter):
    _, items = chapter
    found = list(package(items).iter(f"{{{NS['q']}}}item"))
    assert len(found) == len(items)
    for node, item in zip(found, items, strict=True):
        assert node.get("title") == item.id
        assert (
            text_of(node.findtext("q:presentation/q:material/q:mattext", namespaces=NS))
            == item.prompt
        )
        told = feedback(node)
        scored = [
            c
            for c in node.iterfind("q:resprocessing/q:respcondition", NS)
            if c.findtext("q:setvar", namespaces=NS) == "100"
        ]
        if item.type in questions.CHOICES:
            labels = node.findall(".//q:response_label", NS)
            texts = [text_of(one.findtext(".//q:mattext", namespaces=NS)) for one in labels]
            assert texts == [answer.text for answer in item.answers]
            assert [told[f"{one.get('ident')}_fb"] for one in labels] == [
                answer.feedback for answer in item.answers
            ]
            negated = {v for no in scored[0].iter(f"{{{NS['q']}}}not") for v in no.itertext()}
            right = {v.text for v in scored[0].iter(f"{{{NS['q']}}}varequal")} - negated
            assert [one.get("ident") in right for one in labels] == [
                answer.correct for answer in item.answers
            ]
            continue
        correct = next(answer for answer in item.answers if answer.correct)
        assert correct.feedback in told["correct_fb"]
        for answer in item.answers:
            if not answer.correct:
                assert answer.feedback in told["general_incorrect_fb"]
        if item.type == "numeric":
            assert _accepted(scored[0]) == pytest.approx((correct.low, correct.high), abs=5e-5)
        else:
            words = {v.text for c in scored for v in c.iter(f"{{{NS['q']}}}varequal")}
            assert words == {answer.text for answer in item.answers if answer.correct}


def _accepted(condition):
    """Smallest and largest number that earn the point."""
    values = {
        node.tag.split("}")[1]: float(node.text)
        for node in condition.iter()
        if node.tag.split("}")[1] in ("varequal", "vargte", "varlte")
    }
    exact = values.get("varequal")
    return values.get("vargte", exact), values.get("varlte", exact)


def test_markup_in_a_text_stays_text():
    nasty = "*a* _b_ `c` [d](e) 1. f\"g\" 'h' -- ... $i$ <b>j</b> & p.Val86Met ^2 ~k~ {#l} | m!"
    answers = tuple(
        export.Answer(f"{nasty} {i}", None, None, i == 0, f"- {nasty} {i}") for i in range(3)
    )
    item = export.Item("x-y-1", "S", "An objective", "multiple_choice", nasty, "", answers)
    node = next(package([item], nasty).iter(f"{{{NS['q']}}}item"))
    shown = [text_of(one.text) for one in node.iter(f"{{{NS['q']}}}mattext")]
    assert shown == [nasty, *[a.text for a in answers], *[a.feedback for a in answers]]
    root = ET.fromstring(export.moodle("x", nasty, [item]))
    assert text_of(root[1].findtext("questiontext/text")) == nasty


# --- what can go wrong --------------------------------------------------------------------


@pytest.fixture
def copy(tmp_path):
    """A copy of a chapter and of its questions that a test may spoil."""
    notebook = tmp_path / "structure.ipynb"
    shutil.copy(export.PROJECT / "chapters" / "structure.ipynb", notebook)
    return notebook


def spoil(notebook, change):
    """Change the first two questions that a stored chapter shows."""
    contents = json.loads(notebook.read_text("utf-8"))
    models = contents["metadata"]["widgets"][export.STATE]["state"].values()
    quizzes = [model["state"]["questions"] for model in models if "questions" in model["state"]]
    before = json.dumps(contents)
    change(*quizzes[0][:2])
    assert json.dumps(contents) != before
    notebook.write_text(json.dumps(contents), encoding="utf-8")


@pytest.mark.parametrize(
    "change",
    [
        lambda first, _: first["answers"][0].update(
            answer="In the crystal, but too lively to be seen."
        ),
        lambda _, second: next(
            answer for answer in second["answers"] if answer.get("value") == 156
        ).update(value=157),
        lambda first, _: first.update(type="many_choice"),
    ],
)
def test_a_chapter_that_shows_another_question_is_refused(copy, change):
    spoil(copy, change)
    with pytest.raises(LifbookError, match="differs from.*make refresh"):
        export.items("structure", notebook=copy)


def test_a_question_that_the_chapter_does_not_show_is_refused(copy):
    spoil(copy, lambda first, _: first.update(id="structure-protein-91"))
    with pytest.raises(LifbookError, match="structure-protein-1: the question is missing in"):
        export.items("structure", notebook=copy)


def test_a_missing_chapter_is_refused(tmp_path):
    with pytest.raises(LifbookError, match="cannot be read"):
        export.items("structure", notebook=tmp_path / "structure.ipynb")


def test_an_unknown_chapter_is_refused():
    with pytest.raises(LifbookError, match="use one of"):
        export.items("poetry")


def test_what_text2qti_refuses_is_said():
    item = export.Item(
        "x-y-1",
        "S",
        "An objective",
        "multiple_choice",
        "One choice?",
        "",
        (export.Answer("only", None, None, True, "yes"),),
    )
    with pytest.raises(LifbookError, match="text2qti refuses"):
        export.qti("T", [item])


def test_command_writes_both_files_of_every_chapter(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr("sys.argv", ["export_questions", "--output", str(tmp_path)])
    export.main()
    names = {f"{name}.{kind}" for name in CHAPTERS for kind in ("qti.zip", "moodle.xml")}
    assert {file.name for file in tmp_path.iterdir()} == names
    total = sum(len(data.read_json(questions.PREFIX + name)["questions"]) for name in CHAPTERS)
    assert sum(int(n) for n in re.findall(r": (\d+) questions", capsys.readouterr().out)) == total


def test_command_says_what_is_wrong(monkeypatch):
    monkeypatch.setattr("sys.argv", ["export_questions", "poetry"])
    with pytest.raises(SystemExit, match="export_questions: .*no questions for a chapter 'poetry'"):
        export.main()


def test_stored_quizzes_are_those_of_the_chapter(copy):
    assert list(export.stored(copy)) == [item["id"] for item in questions.items("structure")] != []
