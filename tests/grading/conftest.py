"""A real class: notebooks made from the real source, graded by the real command."""

from __future__ import annotations

import contextlib
import copy
import io
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

import grade as command
import nbformat
import pytest
from nbformat.notebooknode import NotebookNode
from nbformat.v4 import new_code_cell

from grading.desk import sets
from grading.desk.course import student_copy
from grading.judge import sandbox

ROOT = Path(__file__).resolve().parents[2]
SOURCE = Path(__file__).resolve().parent / "source"
#: Answers that earn everything the tests of the small set give.
RIGHT = {
    "acids-answer": (
        "def acidic(sequence):\n"
        "    if not sequence:\n        raise ValueError('empty')\n"
        "    return sum(letter in 'DE' for letter in sequence)\n\n"
        "in_human = acidic(data.read_sequence('P15018')[:FIRST])"
    ),
    "length-answer": "length = len(data.read_sequence('P15018'))",
    "why-answer": "The signal peptide is cut off.",
}


class Claims(float):
    """A number that equals everything and stands in every order."""

    def __eq__(self, other: object) -> bool:
        return True

    __le__ = __lt__ = __ge__ = __gt__ = __eq__
    __hash__ = float.__hash__


@pytest.fixture(scope="session")
def small() -> sets.ProblemSet:
    """The small problem set."""
    return sets.read("small", SOURCE)


@pytest.fixture(scope="session")
def blank(small: sets.ProblemSet) -> NotebookNode:
    """Its student copy."""
    return student_copy(small, {})


@pytest.fixture(scope="session")
def safe() -> None:
    """A sandbox that works: never skipped, for without it nothing here is shown to be safe."""
    command.install("bwrap", "bubblewrap")
    why = sandbox.why_not()
    assert why is None, why


@pytest.fixture(scope="session")
def fill(blank: NotebookNode) -> Callable[..., NotebookNode]:
    """Make a notebook from the student copy, with answers, and code at its end."""

    def made(answers: dict[str, str] | None = None, *end: str) -> NotebookNode:
        notebook = copy.deepcopy(blank)
        for cell in notebook.cells:
            label = cell.metadata.nbgrader.grade_id
            if label in (RIGHT if answers is None else answers):
                cell.source = (RIGHT if answers is None else answers)[label]
        notebook.cells += [new_code_cell(source) for source in end]
        return notebook

    return made


def write(notebook: NotebookNode, path: Path) -> None:
    """Write a notebook, with the folders above it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook, path)


@dataclass(frozen=True)
class Run:
    """One call of the command."""

    code: int
    out: str
    errors: str
    course: Path
    assignment: str = "small"

    @property
    def results(self) -> Path:
        """Where the results are."""
        return self.course / "results" / self.assignment

    def record(self, student: str) -> dict[str, object]:
        """What is noted about a submission."""
        import json

        folder = self.course / "records" / self.assignment
        return json.loads((folder / f"{student}.json").read_text("utf-8"))

    def points(self) -> dict[str, float]:
        """Student to points, from nbgrader's CSV."""
        import csv

        with open(self.results / "marks.csv", encoding="utf-8") as file:
            return {row["student_id"]: float(row["score"]) for row in csv.DictReader(file)}


def kept() -> dict[str, str]:
    """The environment of the tests without the settings of somebody's own course."""
    return {
        key: value
        for key, value in os.environ.items()
        if key not in ("DB", "COURSE", "PARAMETERS", "ROSTER", "UNSAFE", "WORKERS")
    }


def environment(**settings: object) -> dict[str, str]:
    """The environment of the command: as make gives it, with the tests' own source."""
    usual = {"SOURCES": SOURCE, "ASSIGNMENT": "small", "WORKERS": 2}
    return kept() | {key: str(value) for key, value in (usual | settings).items()}


COMMAND = [sys.executable, str(ROOT / "tools" / "grade.py")]


def run(**settings: object) -> Run:
    """Call ``make grade``'s program with settings, in this process: to start it takes seconds.

    Its workers are processes of their own all the same. That the program starts is seen by the
    tests that kill it, and by those that call make.
    """
    out, errors = io.StringIO(), io.StringIO()
    with (
        mock.patch.dict(os.environ, environment(**settings), clear=True),
        contextlib.chdir(ROOT),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(errors),
    ):
        code = command.program()
    return Run(
        code,
        out.getvalue(),
        errors.getvalue(),
        Path(str(settings["COURSE"])),
        str(settings.get("ASSIGNMENT", "small")),
    )
