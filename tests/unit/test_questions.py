"""Questions, their display, and the extension that shares their code in the site."""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import random
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import jupyterquiz
import nbformat
import numpy as np
import pytest
import refresh
from nbclient import NotebookClient
from quiz_answers import hit
from sphinx.cmd.build import build_main

from lifbook import data, structure
from lifbook.errors import LifbookError
from lifbook.page import quiz

ROOT = Path(__file__).parents[2]
EXT = ROOT / "book" / "ext"
if str(EXT) not in sys.path:
    sys.path.insert(0, str(EXT))

import lif_quiz  # noqa: E402

CHAPTERS = [path.stem for path in refresh.chapters()]
SECTIONS = [(chapter, section) for chapter in CHAPTERS for section in quiz.sections(chapter)]
QUESTIONS = [item for chapter in CHAPTERS for item in quiz.questions(chapter)]


# --- question files ---------------------------------------------------------------------


def schema() -> dict[str, Any]:
    return data.read_json("questions-schema")


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_file_keeps_to_the_schema(chapter: str) -> None:
    jsonschema.Draft202012Validator.check_schema(schema())
    contents = data.read_json(f"questions-{chapter}")
    errors = jsonschema.Draft202012Validator(schema()).iter_errors(contents)
    assert [f"{list(error.path)}: {error.message}" for error in errors] == []
    assert contents["chapter"] == chapter


def _drop(key: str) -> Callable[[dict], None]:
    return lambda item: item.pop(key)


@pytest.mark.parametrize(
    "spoil",
    [
        _drop("objective"),
        lambda item: item["answers"][0].pop("feedback"),
        lambda item: item["answers"][0].update(feedback="Wrong."),
        lambda item: [answer.update(correct=False) for answer in item["answers"]],
        lambda item: [answer.update(correct=True) for answer in item["answers"]],
        lambda item: item.update(type="essay"),
        lambda item: item.update(question="What is <b>this</b> good for, do you think?"),
        lambda item: item.update(question="What does $x$ mean in this connection?"),
        lambda item: item.update(claims=["first"]),
        lambda item: item.update(unit="Å"),
        lambda item: item.update(points=3),
    ],
)
def test_schema_refuses(spoil: Callable[[dict], Any]) -> None:
    contents = json.loads(json.dumps(data.read_json("questions-overview")))
    validator = jsonschema.Draft202012Validator(schema())
    assert validator.is_valid(contents)
    spoil(contents["questions"][0])
    assert not validator.is_valid(contents)


def test_there_are_enough_questions() -> None:
    assert sorted(quiz.chapters()) == sorted(CHAPTERS)
    assert list(quiz.sections("structure")) == [
        "protein",
        "bundle",
        "resolution",
        "receptor",
        "interface",
    ]
    assert len(quiz.questions("structure")) >= 12
    assert len(quiz.questions("overview", "overview")) >= 3
    assert all(len(quiz.questions(*place)) >= 3 for place in SECTIONS)


def test_ids_are_unique_and_say_where_the_question_belongs() -> None:
    ids = [item["id"] for item in QUESTIONS]
    assert len(set(ids)) == len(ids)
    for chapter in CHAPTERS:
        for item in quiz.questions(chapter):
            assert item["id"].startswith(f"{chapter}-{item['section']}-")


def test_every_choice_has_a_feedback_of_its_own() -> None:
    for item in QUESTIONS:
        feedback = [answer["feedback"] for answer in item["answers"]]
        assert all(len(text) >= 40 for text in feedback), item["id"]
        assert len(set(feedback)) == len(feedback), item["id"]
        # the page says Right or Not quite by itself; the feedback gives the reason
        assert not any(re.match(r"(?i)(wrong|right|correct|yes|no)\b[.,!]", f) for f in feedback)


def test_position_and_length_do_not_give_the_answer_away() -> None:
    single = [item for item in QUESTIONS if item["type"] == "multiple_choice"]
    places = [[answer["correct"] for answer in item["answers"]].index(True) for item in single]
    counts = np.bincount(places, minlength=4)
    assert counts.max() <= len(single) / 2 and counts.min() >= 1
    longest = [
        max(item["answers"], key=lambda answer: len(answer["answer"]))["correct"] for item in single
    ]
    assert np.mean(longest) < 0.75


def test_claims_are_claims_of_the_chapter() -> None:
    claims = data.read_table("claims").set_index("id")["chapter"]
    for chapter in CHAPTERS:
        for item in quiz.questions(chapter):
            for claim in item.get("claims", []):
                assert claims[claim] == f"chapters/{chapter}", item["id"]


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_placeholders_are_documented_and_used(chapter: str) -> None:
    documented = data.read_json(f"questions-{chapter}")["placeholders"]
    used = {}
    for section in quiz.sections(chapter):
        used |= quiz.placeholders(chapter, section)
        assert list(quiz.examples(chapter, section)) == list(quiz.placeholders(chapter, section))
    assert set(used) == set(documented)
    for name, description in used.items():
        assert description.startswith(documented[name]["description"])
        assert documented[name].get("unit", "") in description


@pytest.mark.parametrize(("chapter", "section"), SECTIONS)
def test_nothing_is_left_to_fill(chapter: str, section: str) -> None:
    shown = quiz.filled(chapter, section, quiz.examples(chapter, section))
    assert [item["id"] for item in shown] == [i["id"] for i in quiz.questions(chapter, section)]
    text = json.dumps(shown)
    assert not re.search(r"\{[a-z][a-z0-9_]*[:}]", text)
    for item in shown:
        assert set(item) <= {"id", "type", "question", "unit", "answers"}
        for answer in item["answers"]:
            assert all(isinstance(end, int | float) for end in answer.get("range", []))
            assert isinstance(answer.get("value", 0), int)


def test_numeric_examples_lead_to_the_right_answer() -> None:
    """The first answer that takes the right number is the correct one."""
    checked = 0
    for chapter, section in SECTIONS:
        for item in quiz.filled(chapter, section, quiz.examples(chapter, section)):
            if item["type"] != "numeric":
                continue
            right = next(answer for answer in item["answers"] if answer.get("correct"))
            number = np.mean(right["range"]) if "range" in right else right["value"]
            assert hit(item, number) is right
            checked += 1
    assert checked >= 3


def test_examples_are_what_the_data_give() -> None:
    """The numbers behind the questions, computed anew."""
    entry = data.read_structure("2Q7N")
    lifr, lif = structure.get_chain(entry, "A"), structure.get_chain(entry, "B")
    numbers = data.numbering("2Q7N", "B")
    precursor, mature = data.read_sequence("P15018"), structure.sequence(lif)
    found: dict[str, float] = {
        "precursor_length": len(precursor),
        "mature_length": len(mature),
        "signal_length": len(precursor) - len(mature),
        "phe156_uniprot": numbers.to_uniprot(156),
        "phe156_subtracted": 156 - numbers.offset,
        "sequons": len(structure.sequons(mature)),
        "sequons_with_proline": len(re.findall("(?=N.[ST])", mature)),
        "asparagines": mature.count("N"),
    }
    assert precursor.endswith(mature) and mature[104:107] == "NPS" and mature[133] == "C"
    sulfur = structure.disulfides(lif)
    assert list(zip(sulfur["first"], sulfur["second"], strict=True)) == [
        (12, 134),
        (18, 131),
        (60, 163),
    ]
    found["disulfide_shortest"] = sulfur["distance"].min()
    found["disulfide_longest"] = sulfur["distance"].max()

    helices = structure.helices(lif)
    assert len(helices) == 4
    axes = {
        name: structure.helix_axis(lif, row.start, row.end)
        for name, row in zip("ABCD", helices.itertuples(), strict=True)
    }
    angles = structure.crossing_angles(axes)
    found |= {
        f"angle_{a.lower()}{b.lower()}": angles.loc[a, b] for a, b in ["AB", "AC", "AD", "CD"]
    }
    starts, ends = helices["start"].to_numpy(), helices["end"].to_numpy()
    loops = starts[1:] - ends[:-1] - 1
    found |= dict(zip(("loop_ab", "loop_bc", "loop_cd"), loops, strict=True))
    found["helix_shortest"], found["helix_longest"] = helices["length"].agg(["min", "max"])
    assert starts[0] > 18 and ends[2] - 4 <= 131 <= 134 <= ends[2] + 2
    mouse = next(data.read_structure("1LKI").get_chains())
    fit = structure.superimpose(lif, mouse)
    found["rmsd_1lki"], found["pairs_1lki"] = fit.rmsd, len(fit.table)
    found["identity_1lki"] = 100 * structure.identity(mature[8:], structure.sequence(mouse))

    refinement = data.read_table("refinement").set_index("entry").loc["2Q7N"]
    found |= {key: refinement[key] for key in ("resolution", "r_work", "r_free")}
    found["r_gap"] = refinement["r_free"] - refinement["r_work"]
    found["b_mean"] = refinement["mean_b"]
    atoms = [a for chain in (lifr, lif) for r in chain if r.id[0] == " " for a in r]
    assert np.mean([atom.bfactor for atom in atoms]) == pytest.approx(found["b_mean"], abs=2)

    table = data.read_table("domains")
    domains = table[table["molecule"] == "LIFR"].set_index("domain")
    found |= {
        "d2_last": domains.loc["D2", "end"],
        "d3_first": domains.loc["D3", "start"],
        "d3_last": domains.loc["D3", "end"],
        "ser262_uniprot": data.numbering("2Q7N", "A").to_uniprot(262),
    }
    wrong_domain = domains.loc["D4"]
    assert wrong_domain["start"] <= found["ser262_uniprot"] <= wrong_domain["end"]
    sugars = structure.glycans(entry, "A")
    found["glycans"], found["occupancy_low"] = len(sugars), sugars["occupancy_min"].min()

    wide = structure.contacts(lif, lifr, 6.0).rename(columns={"a": "lif", "b": "lifr"})
    counts = structure.contact_counts(lif, lifr, np.arange(30, 61) / 10).set_index("cutoff")
    found |= {
        "lif_40": counts.loc[4.0, "a"],
        "lif_50": counts.loc[5.0, "a"],
        "lifr_40": counts.loc[4.0, "b"],
        "cutoff_lif_22": counts.index[counts["a"] == 22][0],
        "cutoff_lifr_25": counts.index[counts["b"] == 25][0],
    }
    near = wide[wide["distance"] <= 4.0]["lifr"].drop_duplicates()
    found["outside_d3_40"] = (~near.between(found["d3_first"], found["d3_last"])).sum()
    nearest = wide.sort_values("distance").drop_duplicates("lif").set_index("lif")
    for name in ("pro51", "lys153", "lys159"):
        found[f"{name}_distance"] = nearest.loc[int(name[3:]), "distance"]
    assert nearest.loc[159, "lifr"] == 262

    buried = structure.buried_surface(lifr, lif)
    side = {chain: part.set_index("number")["buried"] for chain, part in buried.groupby("chain")}
    found["buried_total"] = buried["buried"].sum()
    found["buried_half"] = found["buried_total"] / 2
    for name in ("lys153", "val155", "phe156"):
        found[f"{name}_buried"] = side["B"][int(name[3:])]
    assert side["B"].idxmax() == 156
    d3 = side["A"].loc[found["d3_first"] : found["d3_last"]].sum()
    found["d3_share"] = 100 * d3 / side["A"].sum()
    surface = structure.fit_quadric(structure.interface_points(lif, lifr, 4.5))
    found["curvature_1"], found["curvature_2"] = sorted(surface.curvatures)
    assert surface.kind == "saddle"
    found["pro51_omega"] = abs(structure.torsions(lif).set_index("number").loc[51, "omega"])

    documented = data.read_json("questions-structure")["placeholders"]
    assert set(found) == set(documented)
    for name, value in found.items():
        example = documented[name]["example"]
        places = len(str(example).partition(".")[2]) if isinstance(example, float) else 0
        # angles and curvatures depend a little on how axis and frame are defined
        slack = 1.0 if name.startswith("angle_") else 0.004 if name.startswith("curv") else 0.0
        assert value == pytest.approx(example, abs=0.5001 * 10**-places + slack), name


# --- errors -----------------------------------------------------------------------------


@pytest.fixture
def scratch(tmp_path: Path) -> Callable[[Callable[[dict], Any]], Path]:
    """A data folder whose one question file has been changed."""

    def make(change: Callable[[dict], Any]) -> Path:
        contents = json.loads(json.dumps(data.read_json("questions-structure")))
        change(contents)
        raw = json.dumps(contents).encode()
        (tmp_path / "questions").mkdir()
        (tmp_path / "questions" / "structure.json").write_bytes(raw)
        listed = {
            "name": "questions-structure",
            "path": "questions/structure.json",
            "bytes": len(raw),
            "hash": "sha256:" + hashlib.sha256(raw).hexdigest(),
        }
        (tmp_path / "datapackage.json").write_text(json.dumps({"resources": [listed]}), encoding="utf-8")
        return tmp_path

    return make


def first(change: Callable[[dict], Any]) -> Callable[[dict], Any]:
    return lambda contents: change(contents["questions"][0])


@pytest.mark.parametrize(
    ("change", "problem", "column"),
    [
        (first(lambda q: q["answers"][1].pop("feedback")), "answer 2 has no feedback", "answers"),
        (first(lambda q: q["answers"][1].update(feedback=" ")), "answer 2 has no", "answers"),
        (
            first(lambda q: [a.update(correct=False) for a in q["answers"]]),
            "no answer is correct",
            "answers",
        ),
        (
            first(lambda q: [a.update(correct=True) for a in q["answers"]]),
            "4 answers are correct",
            "type",
        ),
        (first(lambda q: q.update(type="many_choice")), "only one answer is correct", "type"),
        (first(lambda q: q.update(type="essay")), "no type is called 'essay'", "type"),
        (first(lambda q: q.update(section="loops")), "no section is called 'loops'", "section"),
        (
            first(lambda q: q.update(question="Is {odd} odd?")),
            "'odd' is not documented",
            "placeholders",
        ),
        (first(_drop("objective")), "the question has no 'objective'", "objective"),
        (first(_drop("id")), "the question has no 'id'", "id"),
        (lambda c: c["questions"][1]["answers"].pop(), "not foreseen get no feedback", "answers"),
        (
            lambda c: c["questions"][1].update(id="structure-protein-1"),
            "two questions have this id",
            None,
        ),
    ],
)
def test_bad_question_is_refused(
    scratch: Callable, change: Callable[[dict], Any], problem: str, column: str | None
) -> None:
    folder = scratch(change)
    with pytest.raises(LifbookError, match=problem) as caught:
        quiz.questions("structure", folder=folder)
    assert caught.value.file == "data/questions/structure.json"
    assert caught.value.column == column
    assert caught.value.row in {"structure-protein-1", "structure-protein-2", "without an id"}


def test_unknown_chapter_and_section_name_what_exists() -> None:
    with pytest.raises(LifbookError, match="use one of overview, structure") as caught:
        quiz.show_quiz("genetics", "protein")
    assert caught.value.column == "chapter"
    with pytest.raises(LifbookError, match="use one of protein, bundle, resolution, receptor"):
        quiz.questions("structure", "glycans")
    with pytest.raises(LifbookError, match="no section 'glycans'"):
        quiz.placeholders("structure", "glycans")


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (lambda v: v.pop("sequons"), "no value for sequons"),
        (lambda v: v.clear(), "no value for precursor_length, mature_length"),
        (lambda v: v.update(helices=4), "no question of the section uses helices"),
        (lambda v: v.update(sequons=None), "sequons is None"),
        (lambda v: v.update(sequons=True), "sequons is True"),
        (lambda v: v.update(sequons=float("nan")), "sequons is nan"),
        (lambda v: v.update(sequons="six"), "sequons = 'six' is not a number"),
        (lambda v: v.update(sequons=6.5), "needs a tolerance"),
        (lambda v: v.update(disulfide_longest="long"), "cannot be written as '.2f'"),
    ],
)
def test_wrong_values_are_refused(change: Callable[[dict], Any], problem: str) -> None:
    values = quiz.examples("structure", "protein")
    change(values)
    with pytest.raises(LifbookError, match=re.escape(problem)) as caught:
        quiz.show_quiz("structure", "protein", values)
    assert caught.value.file == "data/questions/structure.json"


def test_a_section_without_numbers_takes_none() -> None:
    assert quiz.placeholders("overview", "overview") == {}
    with pytest.raises(LifbookError, match="no values at all"):
        quiz.show_quiz("overview", "overview", {"sequons": 6})


def test_broken_number_in_a_question_is_refused(scratch: Callable) -> None:
    folder = scratch(lambda c: c["questions"][1]["answers"][0].update(value="{signal_length}+1"))
    with pytest.raises(LifbookError, match="neither a number nor one placeholder"):
        quiz.filled("structure", "protein", quiz.examples("structure", "protein"), folder=folder)


# --- filling and showing ----------------------------------------------------------------


def test_numbers_are_written_as_asked() -> None:
    values = quiz.examples("structure", "interface")
    values |= {"curvature_1": np.float64(-0.03078), "lif_40": np.int64(18), "buried_total": 1917.44}
    shown = {item["id"][-1]: item for item in quiz.filled("structure", "interface", values)}
    assert "curvatures −0.031 and +0.035 per Å" in shown["6"]["question"]
    assert shown["2"]["question"].startswith("18 residues")
    assert "1,917 Å²" in shown["3"]["question"]
    assert hit(shown["1"], 4.7)["correct"] and not hit(shown["1"], 4.8)["correct"]
    assert "LIFR reaches 25" in hit(shown["1"], 4.4)["feedback"]
    assert hit(shown["3"], 958.7)["correct"] and "sum" in hit(shown["3"], 1917.4)["feedback"]
    json.dumps(shown)


def test_texts_cannot_become_markup() -> None:
    values = quiz.examples("structure", "resolution") | {"r_work": 0.237}
    values["b_mean"] = 102.5
    assert "&lt;" not in json.dumps(quiz.filled("structure", "resolution", values))
    assert quiz._fill_text("{a} < b & c", {"a": "<script>"}) == "&lt;script&gt; &lt; b &amp; c"


def outputs(monkeypatch: pytest.MonkeyPatch, *arguments: Any) -> list[dict[str, str]]:
    shown: list[Any] = []
    monkeypatch.setattr(quiz, "display", shown.append)
    quiz.show_quiz(*arguments)
    return [
        {"html": part._repr_html_()}
        if hasattr(part, "_repr_html_")
        else {"js": part._repr_javascript_()}
        for part in shown
    ]


def test_two_runs_show_the_same_and_leave_random_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    state = random.getstate()
    values = quiz.examples("structure", "receptor")
    once = outputs(monkeypatch, "structure", "receptor", values)
    random.seed(1)
    again = outputs(monkeypatch, "structure", "receptor", values)
    random.setstate(state)
    assert once == again
    outputs(monkeypatch, "structure", "receptor", values)
    assert random.getstate() == state
    page, script = once[0]["html"], once[1]["js"]
    assert page.count("<div") == page.count("</div>") == 2  # jupyterquiz leaves its own open
    assert 'id="lifquiz_structure_receptor"' in page
    assert script.endswith(quiz.library())
    call = re.match(r"\(window\.lifQuizzes = [^)]*\)\.push\((.*)\);\n", script)
    assert json.loads(call[1])["questions"] == quiz.filled("structure", "receptor", values)


def test_library_is_jupyterquiz_without_noise_or_hosts() -> None:
    library = quiz.library()
    folder = Path(jupyterquiz.__file__).parent / "js"
    raw = "".join(file.read_text("utf-8") for file in folder.glob("*.js"))
    assert set(re.findall(r"^ *function (\w+)", raw, re.M)) <= set(
        re.findall(r"function (\w+)", library)
    )
    assert "console.log" in raw and "console.log" not in library
    assert re.search(r"^\s*//", raw, re.M) and not re.search(r"^\s*//", library, re.M)
    assert "https://" in raw
    assert not re.search(r"https?://", library)
    assert library.startswith("(function (MathJax) {\n") and library.endswith("\n})();\n")
    assert len(library.encode()) < 0.8 * len(raw.encode())


def luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(2 * c for c in colour[1:])
    parts = np.array([int(digits[i : i + 2], 16) for i in (0, 2, 4)]) / 255
    linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
    return float(linear @ [0.2126, 0.7152, 0.0722])


def contrast(first: str, second: str) -> float:
    low, high = sorted((luminance(first), luminance(second)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize(
    ("colours", "pages", "texts"),
    [
        # page and text of pydata-sphinx-theme and of JupyterLab
        (quiz.COLOURS, ("#ffffff", "#f3f4f5", "#eeeeee"), ("#222832", "#212121")),
        (
            quiz.COLOURS | quiz.DARK,
            ("#14181e", "#121212", "#29313d", "#111111"),
            ("#ced6dd", "#ffffff"),
        ),
    ],
)
def test_colours_can_be_read(
    colours: dict[str, str], pages: tuple[str, ...], texts: tuple[str, ...]
) -> None:
    for kind in ("correct", "incorrect"):
        mark, pale = colours[f"--jq-{kind}-color"], colours[f"--lif-{kind}-bg"]
        assert contrast(mark, pale) >= 4.5
        assert all(contrast(mark, page) >= 4.5 for page in pages)
        assert all(contrast(text, pale) >= 7 for text in texts)
    assert all(contrast(colours["--lif-edge"], page) >= 3 for page in pages)


def test_style_stays_inside_the_quiz() -> None:
    text = re.sub(r"@media[^{]*\{(.*)\}", r"\1", quiz.style())
    for selectors in re.findall(r"([^{}]+)\{", text):
        for selector in selectors.split(","):
            assert ".lif-quiz" in selector, selector


# --- a notebook and a site --------------------------------------------------------------


def run_notebook() -> nbformat.NotebookNode:
    """A notebook with every quiz, executed."""
    new = nbformat.v4
    cells = [new.new_markdown_cell("# Questions"), new.new_code_cell("from lifbook.page import quiz")]
    for chapter, section in SECTIONS:
        place = f"{chapter!r}, {section!r}"
        cells.append(new.new_markdown_cell(f"## {chapter}: {section}"))
        cells.append(new.new_code_cell(f"quiz.show_quiz({place}, quiz.examples({place}))"))
    notebook = new.new_notebook(cells=cells)
    NotebookClient(
        notebook, kernel_name="python3", timeout=120, resources={"metadata": {"path": str(ROOT)}}
    ).execute()
    return notebook


@pytest.fixture(scope="module")
def notebook() -> nbformat.NotebookNode:
    return run_notebook()


def test_executed_notebook_is_the_same_every_time(notebook: nbformat.NotebookNode) -> None:
    def stored(book: nbformat.NotebookNode) -> list[Any]:
        return [cell.outputs for cell in book.cells if cell.cell_type == "code"]

    assert stored(run_notebook()) == stored(notebook)
    kinds = [set(part["data"]) for cell in stored(notebook) for part in cell]
    assert kinds == [{"text/html", "text/plain"}, {"application/javascript", "text/plain"}] * len(
        SECTIONS
    )


class Site:
    """A tiny book: one page with quizzes, one without."""

    def __init__(self, root: Path, notebook: nbformat.NotebookNode, *, shared: bool = True) -> None:
        self.source, self.html, self.root = root / "source", root / "html", root
        (self.source / "part").mkdir(parents=True)
        extensions = ["myst_nb", *(["lif_quiz"] if shared else [])]
        (self.source / "conf.py").write_text(
            f"extensions = {extensions}\nnb_execution_mode = 'off'\n"
            "html_theme = 'sphinx_book_theme'\nhtml_context = {'default_mode': 'auto'}\n"
            "html_copy_source = False\nhtml_sourcelink_suffix = ''\n"
        , encoding="utf-8")
        (self.source / "index.md").write_text(
            "# Book\n\n```{toctree}\npart/questions\nplain\n```\n"
        , encoding="utf-8")
        (self.source / "plain.md").write_text("# Plain\n\nNo quiz here.\n", encoding="utf-8")
        nbformat.write(notebook, self.source / "part" / "questions.ipynb")

    def build(self) -> tuple[int, str]:
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = build_main(
                [
                    "-b",
                    "html",
                    "-W",
                    "-n",
                    "--keep-going",
                    "--no-color",
                    "-d",
                    str(self.root / "doctrees"),
                    str(self.source),
                    str(self.html),
                ]
            )
        return code, err.getvalue() + out.getvalue()

    def page(self, name: str) -> str:
        return (self.html / f"{name}.html").read_text("utf-8")

    def assets(self) -> list[str]:
        return sorted(file.name for file in (self.html / "_lif").glob("*"))


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, notebook: nbformat.NotebookNode) -> Site:
    """The site, built once; tests only read it."""
    site = Site(tmp_path_factory.mktemp("site"), notebook)
    code, messages = site.build()
    assert code == 0, messages
    return site


def test_site_shares_one_copy(
    site: Site, tmp_path: Path, notebook: nbformat.NotebookNode, record_property: Callable
) -> None:
    page = site.page("part/questions")
    assert "function show_questions" not in page and ".lif-quiz .Quiz{" not in page
    assert page.count(".push({") == page.count('class="lif-quiz"') == len(SECTIONS)
    script, style = lif_quiz.assets()
    assert site.assets() == sorted([script, style])
    assert (site.html / "_lif" / script).read_text("utf-8") == quiz.library()
    assert f'<script defer src="../_lif/{script}"></script>' in page
    assert f'<link rel="stylesheet" href="../_lif/{style}">' in page
    assert "_lif/" not in site.page("plain") and "_lif/" not in site.page("index")
    assert not list((site.html / "_static").rglob("*quiz*"))  # loaded on every page

    bare = Site(tmp_path, notebook, shared=False)
    code, messages = bare.build()
    assert code == 0, messages
    before = len(bare.page("part/questions").encode())
    after = len(page.encode())
    record_property("page_bytes", f"{before} -> {after}")
    copies = len(SECTIONS) * len((quiz.library() + quiz.style()).encode())
    assert before - after > 0.98 * copies


def test_other_code_is_left_alone_and_reported(
    tmp_path: Path, notebook: nbformat.NotebookNode
) -> None:
    changed = nbformat.from_dict(json.loads(json.dumps(notebook)))
    output = changed.cells[3].outputs[1]
    text = "".join(output["data"]["application/javascript"]).replace("makeid(8)", "makeid(9)")
    output["data"]["application/javascript"] = text
    site = Site(tmp_path, changed)
    code, messages = site.build()
    assert code != 0
    assert messages.count("Run `make refresh`") == 1 and "questions.ipynb" in messages
    page = site.page("part/questions")
    assert text.strip() in page
    assert page.count("function show_questions") == 1


def test_second_build_does_only_what_changed(
    tmp_path: Path, notebook: nbformat.NotebookNode, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = Site(tmp_path, notebook)
    assert site.build()[0] == 0
    files = site.assets()
    times = {name: (site.html / "_lif" / name).stat().st_mtime_ns for name in files}

    (site.source / "plain.md").write_text("# Plain\n\nAnother sentence.\n", encoding="utf-8")
    code, messages = site.build()
    assert code == 0 and "0 added, 1 changed, 0 removed" in messages
    assert site.page("part/questions").count("_lif/quiz-") == 2
    assert {n: (site.html / "_lif" / n).stat().st_mtime_ns for n in site.assets()} == times

    # a toctree that changes rewrites the page from its stored doctree
    (site.source / "index.md").write_text("# Books\n\n```{toctree}\npart/questions\nplain\n```\n", encoding="utf-8")
    (site.html / "_lif" / files[0]).unlink()
    assert site.build()[0] == 0
    assert site.assets() == files
    assert site.page("part/questions").count("_lif/quiz-") == 2

    # a jupyterquiz with other code: the page is read again, its quizzes are out of date
    newer = quiz.library().replace("makeid(8)", "makeid(9)")
    monkeypatch.setattr(quiz, "library", lambda: newer)
    code, messages = site.build()
    assert code != 0 and messages.count("Run `make refresh`") == len(SECTIONS)
    assert len(site.assets()) == 2 and site.assets() != files
