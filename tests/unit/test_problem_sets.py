"""The problem sets: form, rubrics, parameters; and the solutions with values other than the usual."""

from __future__ import annotations

import ast
import copy
import json
import re
from pathlib import Path

import matplotlib.pyplot as plt
import nbformat
import pytest
from IPython.core.interactiveshell import InteractiveShell
from lessons import full_chapters
from nbgrader.nbgraderformat import MetadataValidator
from nbgrader.preprocessors import ClearHiddenTests, ClearMarkScheme, ClearSolutions
from traitlets.config import Config

ROOT = Path(__file__).parents[2]
SOURCES = sorted((ROOT / "assignments" / "source").glob("*/*.ipynb"))
NAMES = [path.stem for path in SOURCES]
RUBRIC = re.compile(r"^(?:# )?- \[(\d+)\] \S", re.MULTILINE)


@pytest.fixture(scope="module", params=SOURCES, ids=NAMES)
def source(request):
    return request.param, nbformat.read(request.param, as_version=4)


def marks(cell):
    return cell.metadata.get("nbgrader", {})


def parameters(path):
    return json.loads(path.with_name("parameters.json").read_text("utf-8"))["parameters"]


def problems(notebook):
    return [cell.metadata.lif for cell in notebook.cells if "lif" in cell.metadata]


def test_every_finished_chapter_has_a_set():
    full = full_chapters()
    assert set(full) == set(NAMES)
    assert "overview" not in full and len(full) >= 4
    for path in SOURCES:
        assert path.stem == path.parent.name


def test_nbgrader_accepts_the_metadata(source):
    _, notebook = source
    MetadataValidator().validate_nb(notebook)
    ids = [marks(cell)["grade_id"] for cell in notebook.cells]
    assert len(set(ids)) == len(ids)
    assert all(marks(cell)["schema_version"] == 3 for cell in notebook.cells)


def test_size_of_a_set(source):
    _, notebook = source
    told = problems(notebook)
    assert 5 <= len(told) <= 8
    assert 60 <= sum(problem["minutes"] for problem in told) <= 90
    head = notebook.cells[0].source
    points = sum(marks(cell).get("points", 0) for cell in notebook.cells)
    assert f"{points} points, about {sum(p['minutes'] for p in told)} minutes" in head


def test_problems_name_an_objective_and_a_section_of_the_chapter(source):
    _, notebook = source
    chapter = ROOT / f"{notebook.metadata.lif_set.chapter}.ipynb"
    teaches = json.loads(chapter.read_text("utf-8"))["metadata"]["lif"]["teaches"]
    questions = ROOT / "data" / "questions" / f"{chapter.stem}.json"
    sections = json.loads(questions.read_text("utf-8"))["sections"]
    for problem in problems(notebook):
        assert problem["teaches"] in teaches
        assert problem["section"] in sections


def test_rubrics_add_up(source):
    _, notebook = source
    by_hand = [c for c in notebook.cells if marks(c).get("grade") and marks(c)["solution"]]
    assert len(by_hand) >= 2
    assert sum(cell.cell_type == "code" for cell in by_hand) == 1  # the figure
    for cell in by_hand:
        scheme = cell.source.split("BEGIN MARK SCHEME")[1].split("### END MARK SCHEME")[0]
        assert sum(map(int, RUBRIC.findall(scheme))) == marks(cell)["points"]


def test_automatic_tests_say_what_is_wrong_and_have_hidden_parts(source):
    _, notebook = source
    tests = [c for c in notebook.cells if marks(c).get("grade") and not marks(c)["solution"]]
    for cell in tests:
        visible, hidden = cell.source.split("### BEGIN HIDDEN TESTS")
        assert "check_" in visible and "check_" in hidden
        assert marks(cell)["locked"] and marks(cell)["points"] > 0
    assert any("hint=" in cell.source for cell in tests)


def test_the_parameters_stand_in_their_cell(source):
    path, notebook = source
    cells = [c for c in notebook.cells if "parameters" in c.metadata.get("tags", [])]
    assert len(cells) == 1 and marks(cells[0])["locked"]
    values: dict[str, object] = {}
    exec(cells[0].source, {}, values)
    told = parameters(path)
    assert values == {name: one["value"] for name, one in told.items()}
    for name, one in told.items():
        used = sum(
            name in c.source for c in notebook.cells if c.cell_type == "code" and c is not cells[0]
        )
        assert used, f"nothing depends on {name}"
        if "choices" in one:
            assert one["value"] in one["choices"] and len(one["choices"]) > 1
        else:
            low, high = one["range"]
            assert low <= one["value"] <= high and low < high


def test_nothing_secret_is_left_in_a_student_copy(source):
    _, notebook = source
    student, resources = copy.deepcopy(notebook), {}
    for preprocessor in (ClearSolutions, ClearHiddenTests, ClearMarkScheme):
        student, resources = preprocessor().preprocess(student, resources)
    text = nbformat.writes(student)
    for word in ("HIDDEN", "MARK SCHEME", "SOLUTION", "right_"):
        assert word not in text
    for cell, full in zip(student.cells, notebook.cells, strict=True):
        if marks(full)["solution"]:
            assert cell.source in (
                "# YOUR CODE HERE\nraise NotImplementedError()",
                "YOUR ANSWER HERE",
            )


def run(notebook):
    """Run the code cells as a kernel does, in this process; a cell that fails is an error."""
    shell = InteractiveShell(config=Config({"HistoryManager": {"enabled": False}}))
    for cell in notebook.cells:
        if cell.cell_type == "code":
            shell.run_cell(cell.source, store_history=True).raise_error()
    return shell.user_ns


@pytest.mark.parametrize("end", [0, -1], ids=["low", "high"])
def test_solutions_hold_at_both_ends_of_every_parameter(source, end, tmp_path, monkeypatch):
    path, notebook = source
    notebook = copy.deepcopy(notebook)
    values = {n: one.get("choices", one.get("range"))[end] for n, one in parameters(path).items()}
    for cell in notebook.cells:
        if "parameters" in cell.metadata.get("tags", []):
            cell.source = "\n".join(f"{name} = {value!r}" for name, value in values.items())
    monkeypatch.chdir(tmp_path)
    names = run(notebook)  # a failed test is an error
    plt.close("all")
    assert {name: names[name] for name in values} == values


def test_sets_take_only_the_rooms_whose_names_stay(source):
    """Problem sets are kept by instructors: what they import from lifbook must stay as it is."""
    _, notebook = source
    rooms = set()
    for cell in notebook.cells:
        if cell.cell_type == "code":
            for node in ast.walk(ast.parse(cell.source)):
                if isinstance(node, ast.Import):
                    rooms |= {name.name for name in node.names if name.name.startswith("lifbook")}
                elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("lifbook"):
                    rooms |= {f"{node.module}.{name.name}" for name in node.names}
    stay = {"data", "structure", "signalling", "statistics", "competition"}
    assert rooms and rooms <= {f"lifbook.{name}" for name in stay}
