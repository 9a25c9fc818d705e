"""Every real problem set: solvable, not solved by doing nothing, and nothing given away."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from pathlib import Path

import nbformat
import pytest
from conftest import ROOT, run, write
from nbformat.notebooknode import NotebookNode

import assignments
from grading.desk import sets
from grading.desk.course import student_copy

NAMES = sets.names()


def test_there_are_sets() -> None:
    assert NAMES


@pytest.fixture(scope="module", params=NAMES)
def name(request: pytest.FixtureRequest) -> str:
    """Each set in turn."""
    return request.param


@pytest.fixture(scope="module")
def copy_(name: str) -> NotebookNode:
    """The student copy."""
    return student_copy(sets.read(name), {})


def test_solutions_earn_everything_and_doing_nothing_earns_nothing(
    name: str, copy_: NotebookNode, safe: None, tmp_path: Path
) -> None:
    problem_set = sets.read(name)
    source = {cell.metadata.nbgrader.grade_id: cell for cell in problem_set.notebook.cells}
    write(copy_, tmp_path / "in" / "nothing.ipynb")
    solved = nbformat.from_dict(json.loads(json.dumps(copy_)))
    for cell in solved.cells:
        if cell.metadata.nbgrader.solution:
            cell.source = source[cell.metadata.nbgrader.grade_id].source
    write(solved, tmp_path / "in" / "solved.ipynb")
    done = run(
        SUBMISSIONS=tmp_path / "in", COURSE=tmp_path / "c", ASSIGNMENT=name, SOURCES=sets.SOURCES
    )
    assert done.code == 0, done.errors
    tests, by_hand = assignments.points(problem_set.notebook)
    said = done.record("solved")
    assert done.points() == {"nothing": 0.0, "solved": tests}, said
    assert tests > 0 and by_hand > 0
    assert said["notes"] == []


def test_a_student_copy_gives_nothing_away(name: str, copy_: NotebookNode) -> None:
    text = nbformat.writes(copy_)
    assert "### BEGIN" not in text and "### END" not in text
    given = {line.strip() for cell in copy_.cells for line in cell.source.split("\n")}
    hidden = assignments.secrets(sets.read(name).notebook)
    assert hidden and not hidden & given


def test_make_assignments(name: str, tmp_path: Path) -> None:
    student, instructor, packed = assignments.make(sets.read(name), {}, tmp_path)
    assert "### BEGIN SOLUTION" in instructor.read_text("utf-8")
    with zipfile.ZipFile(packed) as archive:
        assert archive.namelist() == [f"{name}/{name}.ipynb"]
        assert archive.read(f"{name}/{name}.ipynb") == student.read_bytes()


def test_the_command_makes_all_of_them(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "tools" / "assignments.py"), str(tmp_path / "none.json")],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )
    assert done.returncode == 1 and "none.json: cannot be read" in done.stderr
