"""Every chapter as it is stored: executed, whole, the same as computed now, fit to be read."""

from __future__ import annotations

import base64
import gzip
import re
import statistics
import sys
import tempfile
from pathlib import Path
from xml.etree import ElementTree

import checks
import nbformat
import pytest
import refresh
import yaml
from lessons import full_chapters
from sphinx.util.matching import Matcher

from lifbook import data
from lifbook.page import references
from lifbook.page.widget import BUNDLES

#: One process computes the chapters for all tests of this file.
pytestmark = pytest.mark.xdist_group("stored")

CHAPTERS = [path.stem for path in refresh.chapters()]
every = pytest.mark.parametrize("name", CHAPTERS)
WRITTEN = {path.stem: path for path in refresh.chapters()}
FULL = full_chapters()
full = pytest.mark.parametrize("name", FULL)


def test_every_notebook_is_a_page_and_the_other_way_round():
    toc = yaml.safe_load((refresh.ROOT / "_toc.yml").read_text("utf-8"))
    pages = [entry["file"] for part in toc["parts"] for entry in part["chapters"]]
    found = {f"chapters/{path.stem}" for path in (refresh.ROOT / "chapters").glob("*.ipynb")}
    assert found == {page for page in pages if (refresh.ROOT / f"{page}.ipynb").exists()}
    for page in pages:
        assert (refresh.ROOT / f"{page}.ipynb").exists() or (refresh.ROOT / f"{page}.md").exists()
    assert {"overview", "structure"} <= set(CHAPTERS)
    # Each must say what it teaches and how long it takes, or the build fails.
    config = yaml.safe_load((refresh.ROOT / "_config.yml").read_text("utf-8"))
    lesson = Matcher(config["sphinx"]["config"]["lif_metadata_lessons"])
    assert all(lesson(page) or lesson(f"{page}.ipynb") for page in found)


# --- Executed, whole ---------------------------------------------------------------------


@every
def test_every_cell_was_executed_in_order(stored, name):
    assert checks.not_executed(stored[name]) == []
    assert len(checks.code_cells(stored[name])) >= 2


@every
def test_no_cell_failed_or_complained(stored, name):
    assert checks.complaints(stored[name]) == []


@every
def test_it_is_what_a_kernel_computes_now(stored, computed, name):
    """Outputs and widget state, digit by digit; nbval compares no widget state."""
    found = checks.differences(stored[name], computed[name])
    shown = "\n".join(found[:20])
    assert not found, f"{name}: {len(found)} differences. Run `make refresh`.\n{shown}"


@every
def test_nothing_escapes_nbval(stored, name):
    """nbval leaves out cells that are marked so, and bitmaps."""
    for cell in checks.code_cells(stored[name]):
        assert not re.search(r"#\s*(NBVAL|PYTEST_VALIDATE)", cell.source), cell.id
        assert not checks.tags(cell) & {
            "nbval-skip",
            "nbval-ignore-output",
            "nbval-raises-exception",
            "raises-exception",
            "skip-execution",
        }, cell.id
        for output in cell.outputs:
            assert not {"image/png", "image/jpeg"} & set(output.get("data", {})), cell.id


@every
def test_it_is_valid_and_normalised(stored, name):
    notebook = stored[name]
    nbformat.validate(notebook)
    assert notebook.metadata["kernelspec"] == {
        "display_name": "Python 3",
        "language": "python",
        "name": "python3",
    }
    assert notebook.metadata["language_info"] == {"name": "python"}
    assert set(notebook.metadata) <= {"kernelspec", "language_info", "lif", "widgets"}
    for cell in notebook.cells:
        assert set(cell.metadata) <= {"tags", "mystnb"}, cell.id
        # No id that an editor made up: those change when the notebook is made anew.
        assert re.fullmatch(r"[a-z]+-\d{3}\w*", cell.id), cell.id
    again = refresh.normalised(nbformat.reads(nbformat.writes(notebook), as_version=4))
    assert checks.differences(notebook, again) == []


@every
def test_it_is_small_enough(name):
    assert WRITTEN[name].stat().st_size <= refresh.LIMIT == 1_000_000


def test_all_notebooks_together_are_small_enough():
    assert sum(path.stat().st_size for path in WRITTEN.values()) <= 1_300_000


@every
def test_what_the_repository_has_is_referred_to_and_can_be_found(stored, name):
    """No copy of a script, a style or coordinates; a script and an entry for each reference."""
    ours = [
        model
        for model in checks.state_of(stored[name]).values()
        if model["state"].get("_anywidget_id", "").startswith("lifbook.")
    ]
    assert ours
    for model in ours:
        state = model["state"]
        if "digest" in state:
            assert "buffers" not in model
            (buffer,) = references.with_coordinates(model)["buffers"]
            text = gzip.decompress(base64.b64decode(buffer["data"])).decode()
            assert {line[21] for line in text.splitlines() if line.startswith("ATOM")} >= {
                *state["chains"]
            }
        else:
            assert (BUNDLES / f"{references.script_name(model)}.js").is_file(), state["name"]
            assert len(state["_esm"]) < 300 and state["_css"] == ""


@every
def test_it_holds_no_path_of_this_machine(name):
    text = WRITTEN[name].read_text("utf-8")
    words = {
        *(f"/{folder}/" for folder in ("home", "root", "tmp", "Users", "usr", "opt")),
        *(f"{kind}-packages" for kind in ("site", "dist")),
        "ipykernel_",
    }
    assert [word for word in words if word in text] == []
    # A path begins there: a project in /src is not meant by book/src.
    here = {str(refresh.ROOT), str(Path.home()), sys.prefix, tempfile.gettempdir()} - {"/"}
    assert [
        path for path in here if re.search(rf"(?<![\w.}}/-]){re.escape(path)}(?![\w.-])", text)
    ] == []


# --- Fit to be read ----------------------------------------------------------------------


@every
def test_code_is_short_enough_to_read(stored, name):
    lines = checks.shown_code(stored[name])
    assert statistics.median(lines.values()) <= 8
    assert {cell: count for cell, count in lines.items() if count > 20} == {}


@every
def test_figures_speak_for_themselves(stored, name):
    for cell, html in checks.outputs(stored[name], "text/html"):
        drawings = re.findall(r"<svg\b.*?</svg>", html, re.DOTALL)
        assert html.count("<svg") == len(drawings)
        for drawing in drawings:
            root = ElementTree.fromstring(drawing)
            assert root.get("role") == "img", cell.id
            named = {
                part.get("id"): part for part in root if part.tag.endswith(("}title", "}desc"))
            }
            title, description = (named[i] for i in root.get("aria-labelledby").split())
            assert len(title.text) >= 15, cell.id
            assert len(description.text) >= 60, (cell.id, description.text)
        for picture in re.findall(r"<img\b[^>]*>", html):
            assert re.search(r'alt="[^"]{15,}"', picture), (cell.id, picture)


@full
def test_a_full_chapter_has_figures(stored, name):
    drawings = [html for _cell, html in checks.outputs(stored[name], "text/html") if "<svg" in html]
    assert len(drawings) >= (3 if name == "structure" else 2)


@every
def test_views_have_names_and_captions(stored, name):
    views = [
        model["state"]
        for model in checks.state_of(stored[name]).values()
        if "entries" in model["state"]
    ]
    # A chapter without a structure needs no view; one that draws scenes must have them.
    code = "\n".join(cell.source for cell in checks.code_cells(stored[name]))
    assert bool(views) == bool(re.search(r"\bscenes\b|StructureViewer|\w_viewer\(", code))
    assert len({view["name"] for view in views}) == len(views)
    for view in views:
        assert len(view["label"]) >= 15, view["name"]
        for scene in view["scenes"]:
            assert len(scene["caption"]) >= 30, (view["name"], scene["name"])


@every
def test_every_widget_with_a_face_has_a_name(stored, name):
    states = checks.state_of(stored[name])
    for cell, view in checks.outputs(stored[name], checks.VIEW):
        state = states[view["model_id"]]["state"]
        assert state.get("label") or state.get("description"), cell.id


@every
def test_links_to_scenes_lead_to_scenes(stored, name):
    known = {
        (model["state"]["name"], scene["name"])
        for model in checks.state_of(stored[name]).values()
        for scene in model["state"].get("scenes", [])
    }
    text = "\n".join(c.source for c in stored[name].cells if c.cell_type == "markdown")
    links = set(re.findall(r"\]\(#([\w-]+):([\w-]+)\)", text))
    assert links or not known
    assert links <= known, links - known


@every
def test_glued_values_are_used_and_used_ones_are_glued(stored, name):
    names = checks.glued(stored[name])
    assert len(set(names)) == len(names), "a name is glued twice"
    assert set(names) == checks.pasted(stored[name])


@every
def test_glued_values_are_for_readers(stored, name):
    """No quotes, no types of NumPy, no thirteen places after the point."""
    prefix = "application/papermill.record/text/plain"
    for cell, text in checks.outputs(stored[name], prefix):
        assert not re.search(r"np\.|<|object at|\bnan\b|\d\.\d{4,}", text), (cell.id, text)


# --- Exercises and questions -------------------------------------------------------------


OPENING = r"^[`:]{3,}\{exercise(?:-start)?\}"


def labels(text: str, kind: str) -> list[str]:
    """Labels of exercises (an option) or of what solutions solve (an argument)."""
    if kind == "exercise":
        options = r"[^\n]*\n(?::\w+:[^\n]*\n)*?:label: (\S+)"
        return re.findall(OPENING + options, text, re.MULTILINE)
    return re.findall(r"^[`:]{3,}\{solution(?:-start)?\} (\S+)", text, re.MULTILINE)


@every
def test_exercises_have_solutions(stored, name):
    text = "\n".join(c.source for c in stored[name].cells if c.cell_type == "markdown")
    exercises, solutions = labels(text, "exercise"), labels(text, "solution")
    assert len(exercises) == len(re.findall(OPENING, text, re.MULTILINE))
    assert len(exercises) >= (6 if name in FULL else 0)
    assert len(set(exercises)) == len(exercises)
    assert solutions == exercises  # each has one, in the same order
    assert text.count("{solution-start}") == text.count("{solution-end}")
    folded = re.findall(r"\{solution(?:-start)?\} \S+\n:class: dropdown", text)
    assert len(folded) == len(solutions)


@every
def test_every_question_of_the_chapter_is_shown_once(stored, name):
    written = [item["id"] for item in data.read_json(f"questions-{name}")["questions"]]
    shown = checks.questions(stored[name])
    assert sorted(shown) == sorted(written)
    assert len(set(shown)) == len(shown)


@every
def test_there_are_enough_questions(stored, name):
    assert len(checks.questions(stored[name])) >= (10 if name in FULL else 3)
