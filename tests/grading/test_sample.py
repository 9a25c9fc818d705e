"""The sample class that README lets a new instructor grade, with README's command."""

from __future__ import annotations

import csv
import subprocess
from pathlib import Path

import browser
import nbformat
import pytest
from conftest import ROOT, Run, kept

import assignments
from grading.desk import sets

SAMPLE = Path("tests/grading/sample")
ADA, FREDERICK = "lovelaceada-2001", "hopkinsfrederick-2002"


@pytest.fixture(scope="module")
def graded(safe: None, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """What ``make grade`` made."""
    made = tmp_path_factory.mktemp("term") / "course"
    readme = (ROOT / "README.md").read_text("utf-8")
    command = (
        f"make grade SUBMISSIONS={SAMPLE}/structure ASSIGNMENT=structure ROSTER={SAMPLE}/class.csv"
    )
    assert command in readme
    done = subprocess.run(
        [*command.split(), f"COURSE={made}"],
        cwd=ROOT,
        env=kept(),
        check=False,
        capture_output=True,
        text=True,
        timeout=540,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return Run(done.returncode, done.stdout, done.stderr, made, "structure")


def test_the_marks_are_right(graded: Run) -> None:
    marks = graded.points()
    tests, _by_hand = assignments.points(sets.read("structure").notebook)
    assert marks.pop(ADA) == tests
    assert 0 < marks.pop(FREDERICK) < tests
    assert set(marks.values()) == {0.0}


def test_canvas_gets_its_file_back_with_marks(graded: Run) -> None:
    with open(graded.results / "canvas.csv", encoding="utf-8") as file:
        _head, _possible, *rows = list(csv.reader(file))
    marks = {row[0]: row[-1] for row in rows}
    tests, _by_hand = assignments.points(sets.read("structure").notebook)
    assert float(marks["Lovelace, Ada"]) == tests
    assert float(marks["Mendel, Gregor"]) == 0


def test_the_report_names_the_missing_and_the_empty(graded: Run) -> None:
    text = (graded.results / "report.html").read_text("utf-8")
    assert "Dorothy Hodgkin" in text[text.index("Who is missing") :][:300]
    assert "the file is empty" in text


@pytest.mark.parametrize("width", [1280, 360])
def test_report_and_feedback_fit_a_window(graded: Run, width: int) -> None:
    pages = [graded.results / "report.html", *(graded.course / "feedback").rglob("*.html")]
    assert len(pages) >= 4
    with browser.chromium() as running:
        page = running.new_page(viewport={"width": width, "height": 800})
        for path in pages:
            page.goto(path.as_uri())
            assert page.evaluate("document.documentElement.scrollWidth") <= width, path.parent.name
            assert page.locator("h1").first.inner_text()


def test_the_sample_is_of_the_present_set() -> None:
    """A changed set needs a new sample: the tests that students see are in their copies."""
    cells = {cell.metadata.nbgrader.grade_id for cell in sets.read("structure").notebook.cells}
    for path in (ROOT / SAMPLE / "structure").glob("*.ipynb"):
        if path.stat().st_size:
            notebook = nbformat.read(path, as_version=4)
            assert {cell.metadata.nbgrader.grade_id for cell in notebook.cells} == cells, path.name
