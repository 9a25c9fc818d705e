"""Make what is handed out: student copies, instructor copies and a zip of each problem set.

Usage: python tools/assignments.py [PARAMETERS.json]

Everything goes to build/assignments, which is not part of the site.
"""

from __future__ import annotations

import shutil
import sys
import zipfile
from pathlib import Path
from typing import Any

import nbformat
from nbformat.notebooknode import NotebookNode
from nbgrader.nbgraderformat import MetadataValidator

from grading.desk.course import student_copy
from grading.desk.sets import ROOT, SOURCES, ProblemSet, names, read, read_values
from grading.errors import GradingError

BUILD = ROOT / "build" / "assignments"


def make(
    problem_set: ProblemSet, values: dict[str, Any], build: Path = BUILD
) -> tuple[Path, Path, Path]:
    """Write the copies of one set.

    Returns
    -------
    tuple
        Paths of the student copy, the instructor copy and the zip.
    """
    name = problem_set.name
    student, instructor = (
        build / kind / name / f"{name}.ipynb" for kind in ("student", "instructor")
    )
    for path in (student, instructor):
        shutil.rmtree(path.parent, ignore_errors=True)
        path.parent.mkdir(parents=True)
    nbformat.write(student_copy(problem_set, values), student)
    nbformat.write(key(problem_set, values), instructor)
    packed = build / f"{name}.zip"
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        entry = zipfile.ZipInfo(f"{name}/{name}.ipynb", (1980, 1, 1, 0, 0, 0))
        entry.compress_type = zipfile.ZIP_DEFLATED
        archive.writestr(entry, student.read_bytes())
    return student, instructor, packed


def key(problem_set: ProblemSet, values: dict[str, Any]) -> NotebookNode:
    """The instructor's copy: solutions, hidden tests and mark schemes, with the term's values."""
    notebook = problem_set.with_values(values)
    MetadataValidator().validate_nb(notebook)
    return notebook


def points(notebook: NotebookNode) -> tuple[float, float]:
    """Points that the tests give, and those that a person gives."""
    tests = hand = 0.0
    for cell in notebook.cells:
        told = cell.metadata.get("nbgrader", {})
        if told.get("grade") or told.get("task"):
            if told.get("solution") or told.get("task"):
                hand += told["points"]
            else:
                tests += told["points"]
    return tests, hand


#: Lines of solutions and hidden tests as short as this may stand in a student copy by chance.
SHORT = 24


def secrets(notebook: NotebookNode) -> set[str]:
    """Longer lines of code and text that only an instructor may see."""
    shown, hidden = set(), set()
    for cell in notebook.cells:
        inside = cell.metadata.nbgrader.solution and cell.cell_type == "markdown"
        for line in cell.source.split("\n"):
            if "### BEGIN" in line:
                inside = True
            elif "### END" in line:
                inside = cell.metadata.nbgrader.solution and cell.cell_type == "markdown"
            elif len(line.strip()) > SHORT:
                (hidden if inside else shown).add(line.strip())
    return hidden - shown


def main(arguments: list[str]) -> None:
    """Write the copies of all sets."""
    path = Path(arguments[0]) if arguments else None
    if not names(SOURCES):
        raise GradingError("there are no problem sets", remedy="write one in assignments/source")
    for name in names(SOURCES):
        problem_set = read(name)
        make(problem_set, read_values(path, name))
        tests, hand = points(problem_set.notebook)
        print(f"  {name}: {tests:g} points by tests, {hand:g} by hand")
    print(f"== {BUILD.relative_to(ROOT)}: student/, instructor/, and a zip of each for upload")


if __name__ == "__main__":
    try:
        main([one for one in sys.argv[1:] if one])
    except GradingError as error:
        sys.exit(f"make: {error}")
