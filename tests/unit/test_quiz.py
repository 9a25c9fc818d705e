"""Quizzes: the widget, its looks, how it judges, and the extension that writes it into the site."""

from __future__ import annotations

import json
import random
import re
from pathlib import Path
from typing import Any

import nbformat
import numpy as np
import pytest
import refresh
from bs4 import BeautifulSoup
from javascript import in_node
from nbclient import NotebookClient
from quiz_answers import hit
from small_book import sphinx_build

from book.ext import quiz as ext
from book.ext import widgets as slots
from lifbook import questions
from lifbook.errors import LifbookError
from lifbook.page import quiz

ROOT = Path(__file__).parents[2]
PAGE = Path(quiz.__file__).parent

CHAPTERS = [path.stem for path in refresh.chapters()]
SECTIONS = [(chapter, section) for chapter in CHAPTERS for section in questions.sections(chapter)]


# --- the widget -------------------------------------------------------------------------


def shown(monkeypatch: pytest.MonkeyPatch, *arguments: Any) -> list[quiz.Quiz]:
    """What `show_quiz` displays."""
    found: list[quiz.Quiz] = []
    monkeypatch.setattr(quiz, "display", found.append)
    quiz.show_quiz(*arguments)
    return found


def test_two_runs_show_the_same_and_leave_random_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    def traits(widget: quiz.Quiz) -> dict[str, Any]:
        return {key: widget.get_state()[key] for key in ("name", "label", "questions", "_esm")}

    state = random.getstate()
    values = questions.examples("structure", "receptor")
    (once,) = shown(monkeypatch, "structure", "receptor", values)
    random.seed(1)
    (again,) = shown(monkeypatch, "structure", "receptor", values)
    random.setstate(state)
    assert traits(once) == traits(again)
    shown(monkeypatch, "structure", "receptor", values)
    assert random.getstate() == state
    assert once.name == "quiz-receptor"
    assert once.label == f"Quiz: {questions.sections('structure')['receptor']}"
    assert once.questions == questions.filled("structure", "receptor", values)
    assert repr(once) == f"Quiz('quiz-receptor', {len(once.questions)} questions)"


def test_what_cannot_be_asked_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(LifbookError, match="use one of overview, structure"):
        shown(monkeypatch, "genetics", "protein")
    with pytest.raises(LifbookError, match="no value for precursor_length"):
        shown(monkeypatch, "structure", "protein")


def test_numbers_of_numpy_can_be_stored() -> None:
    values = questions.examples("structure", "protein")
    values |= {name: np.int64(value) for name, value in values.items() if value == int(value)}
    json.dumps(quiz.Quiz("structure", "protein", values).get_state("questions"))


def test_names_are_unique_in_a_chapter() -> None:
    names = [f"{chapter} quiz-{section.replace('_', '-')}" for chapter, section in SECTIONS]
    made = [
        f"{chapter} {quiz.Quiz(chapter, section, questions.examples(chapter, section)).name}"
        for chapter, section in SECTIONS
    ]
    assert made == names and len(set(made)) == len(made)


def test_the_script_asks_no_host_and_says_nothing() -> None:
    bundle = (PAGE / "bundles" / "quiz.js").read_text("utf-8")
    assert bundle == quiz.Quiz._esm
    assert "console." not in bundle and not re.search(r"https?://", bundle)
    assert "innerHTML" not in bundle  # texts are put in as texts
    assert len(bundle.encode()) < 5_000


# --- judging ----------------------------------------------------------------------------


def judged(code: str, values: object) -> Any:
    """Value of an expression of the rules of judging; `values` is its `input`."""
    address = json.dumps((PAGE / "shared" / "judging.js").as_uri())
    return in_node(f"import * as judging from {address};\ngive({code});", values)


def test_numbers_are_judged_as_the_exports_and_tests_do() -> None:
    """At, and on both sides of, every edge of every answer."""
    cases = []
    for chapter, section in SECTIONS:
        for item in questions.filled(chapter, section, questions.examples(chapter, section)):
            if item["type"] != "numeric":
                continue
            edges = [
                edge
                for answer in item["answers"]
                for edge in [*answer.get("range", []), answer.get("value", 0)]
            ]
            numbers = [edge + step for edge in edges for step in (-0.5, -1e-3, 0, 1e-3, 0.5)]
            cases += [(item, number) for number in numbers]
    found = judged(
        "input.map(([answers, number]) => judging.answerToNumber(answers, number))",
        [(item["answers"], number) for item, number in cases],
    )
    assert len(cases) > 100
    assert found == [hit(item, number) for item, number in cases]


def test_words_are_judged_whatever_their_capitals() -> None:
    answers = [
        {"answer": "Domain D3", "correct": True, "feedback": "a"},
        {"type": "default", "feedback": "b"},
    ]
    typed = ["domain d3", "DOMAIN D3", "Domain D", ""]
    found = judged(
        "input.typed.map((text) => judging.answerToText(input.answers, text).feedback)",
        {"answers": answers, "typed": typed},
    )
    assert found == ["a", "a", "b", "b"]


@pytest.mark.parametrize(
    ("typed", "number", "word"),
    [
        (" 959 ", "959", "959"),
        ("958,7", "958.7", "958,7"),
        ("1,917", "1917", "1,917"),
        ("1,234,567.5", "1234567.5", "1,234,567.5"),
        ("\N{MINUS SIGN}3", "-3", "-3"),
        ("many", "", "many"),
        ("1/2", "", "1/2"),
        ("Infinity", "", "Infinity"),
        ("  ", "", ""),
    ],
)
def test_what_is_typed_is_tidied(typed: str, number: str, word: str) -> None:
    found = judged("[true, false].map((numeric) => judging.tidied(input, numeric))", typed)
    assert found == [number, word]


@pytest.mark.parametrize(
    ("rights", "chosen", "marked"),
    [
        ([0], [0], [0]),
        ([0], [1, 2, 0, 1], [1]),  # where one is right, only the last
        ([0, 2], [0, 0, 2], [0, 2]),  # right ones add up; a second choice changes nothing
        ([0, 2], [0, 2, 1], [1]),  # a wrong one begins anew
        ([0, 2], [1, 3], [1, 3]),
        ([0, 2], [1, 3, 2], [2]),
    ],
)
def test_choices_that_stay_marked(rights: list[int], chosen: list[int], marked: list[int]) -> None:
    answers = [{"answer": str(at), "correct": at in rights, "feedback": "x"} for at in range(4)]
    found = judged(
        "[...input.chosen.reduce((marked, at) => judging.markedAfter(input.answers, marked, at),"
        " new Set())].sort()",
        {"answers": answers, "chosen": chosen},
    )
    assert found == marked


# --- looks ------------------------------------------------------------------------------


STYLE = re.sub(r"/\*.*?\*/", "", (PAGE / "quiz.css").read_text("utf-8"), flags=re.DOTALL)


def colours(selector: str) -> dict[str, str]:
    """Colours that a rule of the style sheet sets as properties of its own."""
    rule = re.search(rf"(?:^|\n){re.escape(selector)}\s*\{{(.*?)\}}", STYLE, re.DOTALL)
    return dict(re.findall(r"--([\w-]+): (#\w+);", rule[1]))


LIGHT = colours(".lif-quiz")
DARK = LIGHT | colours('html[data-theme="dark"] .lif-quiz')


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
        (LIGHT, ("#ffffff", "#f3f4f5", "#eeeeee"), ("#222832", "#212121")),
        (DARK, ("#14181e", "#121212", "#29313d", "#111111"), ("#ced6dd", "#ffffff")),
    ],
)
def test_colours_can_be_read(
    colours: dict[str, str], pages: tuple[str, ...], texts: tuple[str, ...]
) -> None:
    for kind in ("right", "wrong"):
        mark, pale = colours[f"quiz-{kind}"], colours[f"quiz-{kind}-pale"]
        assert contrast(mark, pale) >= 4.5
        assert all(contrast(mark, page) >= 4.5 for page in pages)
        assert all(contrast(text, pale) >= 7 for text in texts)
    assert all(contrast(colours["quiz-edge"], page) >= 3 for page in pages)


def test_dark_has_other_colours() -> None:
    assert len(LIGHT) == 5
    assert all(DARK[name] != LIGHT[name] for name in LIGHT)


def test_style_stays_inside_the_quiz() -> None:
    text = re.sub(r"@(?:media|supports)[^{]*\{((?:[^{}]*\{[^{}]*\})*)\s*\}", r"\1", STYLE)
    selectors = [one for rule in re.findall(r"([^{}]+)\{", text) for one in rule.split(",")]
    assert len(selectors) > 30
    for selector in selectors:
        assert ".lif-quiz" in selector, selector


# --- the text in the page ---------------------------------------------------------------


def test_texts_cannot_become_markup() -> None:
    nasty = '<script>alert(1)</script> & "x" \''
    answers = [{"answer": nasty, "correct": True, "feedback": nasty}]
    items = [
        {"id": "a-b-1", "type": "multiple_choice", "question": nasty, "answers": answers},
        {"id": "a-b-2", "type": "numeric", "question": nasty, "unit": nasty, "answers": answers},
    ]
    state = {"name": "quiz-b", "label": nasty, "questions": items}
    page = BeautifulSoup(ext.text(state), "html.parser")
    (box,) = page.select(".lif-quiz")
    assert box["aria-label"] == nasty
    assert [one.get_text() for one in page.select(".lif-quiz__question")] == [nasty, nasty]
    assert page.select_one("li").get_text() == nasty
    field = page.select_one(".lif-quiz__answers--typed")
    assert field.get_text() == f"Your answer, in {nasty}"
    (script,) = page.select("script")  # the state, and not one that a text has made
    assert script["type"] == "application/json"
    assert json.loads(script.string) == {"label": nasty, "questions": items}


def test_one_question_is_not_two() -> None:
    item = {"id": "a-b-1", "type": "numeric", "question": "How many?", "answers": []}
    state = {"name": "quiz-b", "label": "Quiz: B", "questions": [item]}
    page = BeautifulSoup(ext.text(state), "html.parser")
    assert page.p.get_text() == "1 question. It can be answered where JavaScript is on."
    assert page.select_one(".lif-quiz__count").get_text() == "Question 1 of 1"


# --- a notebook and a site --------------------------------------------------------------

#: Another widget, beside the quizzes of a page.
SLIDER = "import ipywidgets\nipywidgets.FloatSlider(description='Cut-off')"
MANIFEST = {
    "widgets": "widgets-aaaa.js",
    "widgetsCss": "widgets-bbbb.css",
    "live": "live-dddd.js",
    "threeDmol": "3Dmol-cccc.js",
    "quizzes": "quizzes-eeee.js",
    "quizzesCss": "quizzes-ffff.css",
}


def run_notebook(*more: str) -> nbformat.NotebookNode:
    """A notebook with every quiz, and cells of more code, executed and stored as a chapter is."""
    new = nbformat.v4
    cells = [new.new_markdown_cell("# Questions")]
    for chapter, section in SECTIONS:
        place = f"{chapter!r}, {section!r}"
        cells.append(new.new_markdown_cell(f"## {chapter}: {section}"))
        cells.append(
            new.new_code_cell(
                "from lifbook import questions\nfrom lifbook.page import quiz\n"
                f"quiz.show_quiz({place}, questions.examples({place}))"
            )
        )
    cells += [new.new_code_cell(code) for code in more]
    notebook = new.new_notebook(cells=cells)
    NotebookClient(
        notebook,
        kernel_name="python3",
        timeout=120,
        store_widget_state=True,
        resources={"metadata": {"path": str(ROOT)}},
    ).execute()
    return refresh.normalised(notebook)


@pytest.fixture(scope="module")
def notebook() -> nbformat.NotebookNode:
    return run_notebook()


def test_executed_notebook_is_the_same_every_time(notebook: nbformat.NotebookNode) -> None:
    def stored(book: nbformat.NotebookNode) -> list[Any]:
        return [cell.outputs for cell in book.cells if cell.cell_type == "code"]

    again = run_notebook()
    assert stored(again) == stored(notebook)
    assert again.metadata["widgets"] == notebook.metadata["widgets"]
    kinds = [set(part["data"]) for cell in stored(notebook) for part in cell]
    assert kinds == [{slots.VIEW, "text/plain"}] * len(SECTIONS)


def test_a_notebook_holds_questions_and_no_copy_of_the_code(
    notebook: nbformat.NotebookNode,
) -> None:
    text = nbformat.writes(notebook)
    assert "lif-quiz__card" not in text
    assert text.count("// lifbook:quiz") == len(SECTIONS)


class Site:
    """A tiny book: one page with quizzes, one without."""

    def __init__(self, root: Path, notebook: nbformat.NotebookNode) -> None:
        self.source, self.html, self.root = root / "source", root / "html", root
        (self.source / "part").mkdir(parents=True)
        (self.source / "assets").mkdir()
        (self.source / "posters").mkdir()
        self.bundles(MANIFEST)
        self.write("posters/slots.json", "{}")
        self.write(
            "conf.py",
            f"import sys\nsys.path.insert(0, {str(ROOT)!r})\n"
            "extensions = ['myst_nb', 'book.ext.quiz']\nnb_execution_mode = 'off'\n"
            "html_theme = 'sphinx_book_theme'\nhtml_context = {'default_mode': 'auto'}\n"
            "html_copy_source = False\nhtml_sourcelink_suffix = ''\nnb_ipywidgets_js = {}\n"
            "lif_assets = 'assets'\nlif_posters = 'posters'\n",
        )
        self.write("index.md", "# Book\n\n```{toctree}\npart/questions\nplain\n```\n")
        self.write("plain.md", "# Plain\n\nNo quiz here.\n")
        nbformat.write(notebook, self.source / "part" / "questions.ipynb")

    def write(self, name: str, text: str) -> None:
        (self.source / name).write_text(text, encoding="utf-8")

    def bundles(self, manifest: dict[str, str]) -> None:
        """What `make assets` writes, with these names."""
        for name in manifest.values():
            self.write(f"assets/{name}", f"/* {name} */")
        lists: dict[str, Any] = {"scripts": {}, "shared": []}
        self.write("assets/manifest.json", json.dumps(manifest | lists))

    def build(self) -> tuple[int, str]:
        doctrees = ("-d", str(self.root / "doctrees"))
        code, warned, said = sphinx_build(self.source, self.html, *doctrees)
        return code, warned + said

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


@pytest.fixture(scope="module")
def mixed(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """A site of whose pages one holds another widget beside its quizzes."""
    site = Site(tmp_path_factory.mktemp("mixed"), run_notebook(SLIDER))
    code, messages = site.build()
    assert code == 0, messages
    return site


def test_a_page_holds_its_questions_and_loads_one_copy_of_the_code(site: Site) -> None:
    page = site.page("part/questions")
    soup = BeautifulSoup(page, "html.parser")
    boxes = soup.select(".lif-quiz")
    assert len(boxes) == len(SECTIONS)
    for box, (chapter, section) in zip(boxes, SECTIONS, strict=True):
        asked = questions.filled(chapter, section, questions.examples(chapter, section))
        assert [one.get_text() for one in box.select(".lif-quiz__question")] == [
            item["question"] for item in asked
        ]
        assert [one.get_text() for one in box.select("li")] == [
            answer["answer"]
            for item in asked
            if item["type"] in questions.CHOICES
            for answer in item["answers"]
        ]
        stored = json.loads(box.select_one("script[type='application/json']").string)
        assert stored == {"label": box["aria-label"], "questions": asked}
        assert box["aria-label"] == f"Quiz: {questions.sections(chapter)[section]}"
    assert "text_html" not in str(boxes[0].parent)  # pydata's dark theme paints it as a light box
    assert '<script type="module" src="../_lif/quizzes-eeee.js"></script>' in page
    assert '<link rel="stylesheet" href="../_lif/quizzes-ffff.css">' in page
    assert {"quizzes-eeee.js", "quizzes-ffff.css"} <= set(site.assets())
    assert "_lif/" not in site.page("plain") and "_lif/" not in site.page("index")
    assert not list((site.html / "_static").rglob("*quiz*"))  # loaded on every page


def test_quizzes_need_nothing_of_the_other_widgets(site: Site, mixed: Site) -> None:
    alone, beside = site.page("part/questions"), mixed.page("part/questions")
    assert "lif-assets" not in alone and "live-dddd" not in alone
    assert not [name for name in site.assets() if name.endswith(".json")]
    assert "lif-assets" in beside and "live-dddd" in beside
    assert beside.count('class="lif-slot"') == 1
    (name,) = [name for name in mixed.assets() if name.endswith(".json")]
    models = json.loads((mixed.html / "_lif" / name).read_text("utf-8"))["state"].values()
    assert sorted(model["model_name"] for model in models) == [
        "FloatSliderModel",
        "LayoutModel",
        "SliderStyleModel",
    ]


def test_a_quiz_whose_state_is_not_stored_is_reported(
    tmp_path: Path, notebook: nbformat.NotebookNode
) -> None:
    changed = nbformat.from_dict(json.loads(json.dumps(notebook)))
    models = changed.metadata["widgets"][refresh.WIDGETS]["state"]
    del models[next(key for key, model in models.items() if "questions" in model["state"])]
    code, messages = Site(tmp_path, changed).build()
    assert code != 0
    assert messages.count("Run `make refresh`") == 1 and "part/questions" in messages


def test_second_build_does_only_what_changed(
    tmp_path: Path, notebook: nbformat.NotebookNode
) -> None:
    site = Site(tmp_path, notebook)
    assert site.build()[0] == 0

    site.write("plain.md", "# Plain\n\nAnother sentence.\n")
    code, messages = site.build()
    assert code == 0 and "0 added, 1 changed, 0 removed" in messages, messages
    assert site.page("part/questions").count("_lif/quizzes-") == 2

    # a toctree that changes rewrites the page from its stored doctree
    site.write("index.md", "# Books\n\n```{toctree}\npart/questions\nplain\n```\n")
    (site.html / "_lif" / "quizzes-eeee.js").unlink()
    assert site.build()[0] == 0
    assert "quizzes-eeee.js" in site.assets()
    assert site.page("part/questions").count("_lif/quizzes-") == 2

    # a script that has changed has another name: the page is written again, without being read
    site.bundles(MANIFEST | {"quizzes": "quizzes-gggg.js"})
    code, messages = site.build()
    assert code == 0 and "0 added, 0 changed, 0 removed" in messages, messages
    assert "quizzes-gggg.js" in site.page("part/questions")
    assert [name for name in site.assets() if name.startswith("quizzes-")] == [
        "quizzes-ffff.css",
        "quizzes-gggg.js",
    ]
