"""What an instructor takes away: marks as CSV, marks by hand, feedback to hand back."""

from __future__ import annotations

import csv
import io
import json
import logging
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nbgrader.api import Gradebook
from nbgrader.plugins import CsvExportPlugin

from grading.desk.course import Course, write_whole
from grading.desk.records import Record
from grading.desk.roster import CANVAS, Person, Roster
from grading.desk.sets import ProblemSet
from grading.errors import GradingError

BY_HAND = ("student", "name", "problem", "cell", "max", "mark", "comment")


@dataclass(frozen=True)
class Mark:
    """One graded cell of one submission.

    Parameters
    ----------
    student, cell
        Whose, and which.
    most
        Points that can be earned.
    auto, manual
        Points that the machine and a person gave, or ``None``.
    by_hand
        Whether it is for a person to mark.
    waits
        Whether a person still has to look at it.
    comment
        What the person wrote.
    """

    student: str
    cell: str
    most: float
    auto: float | None
    manual: float | None
    by_hand: bool
    waits: bool
    comment: str

    @property
    def points(self) -> float:
        """Points that count."""
        return self.auto or 0.0 if self.manual is None else self.manual


def read_marks(gradebook: Gradebook, assignment: str) -> list[Mark]:
    """All marks of one problem set, by student, in the order of its cells."""
    found = []
    for submission in gradebook.find_assignment(assignment).submissions:
        for notebook in submission.notebooks:
            words = {one.name: one.comment or "" for one in notebook.comments}
            answers = {one.name for one in notebook.notebook.solution_cells}
            answers |= {one.name for one in notebook.notebook.task_cells}
            for grade in notebook.grades:
                by_hand = grade.name in answers
                found.append(
                    Mark(
                        submission.student.id,
                        grade.name,
                        float(grade.max_score),
                        grade.auto_score,
                        grade.manual_score,
                        by_hand,
                        bool(grade.needs_manual_grade),
                        words.get(grade.name, ""),
                    )
                )
    return sorted(found, key=lambda one: one.student)


# --- marks by hand --------------------------------------------------------------------------
def read_by_hand(course: Course, problem_set: ProblemSet) -> int:
    """Take over what was written into ``by_hand.csv`` since the last run.

    Returns
    -------
    int
        How many marks or comments are new.

    Raises
    ------
    GradingError
        If a mark is not a number, is out of range, or is for a cell that does not exist.
    """
    path = course.results(problem_set.name) / "by_hand.csv"
    if not path.is_file():
        return 0
    text = path.read_text("utf-8-sig")
    table = csv.DictReader(
        io.StringIO(text), delimiter=";" if ";" in text.split("\n", 1)[0] else ","
    )
    lacking = set(BY_HAND) - set(table.fieldnames or ())
    if lacking:
        raise GradingError(
            f"lacks the column '{sorted(lacking)[0]}'",
            file=path.name,
            row=1,
            remedy="leave the columns as 'make grade' wrote them",
        )
    try:
        before = json.loads(path.with_name(".by_hand.json").read_text("utf-8"))
    except (OSError, ValueError):
        before = {}
    changed = []
    for number, row in enumerate(table, start=2):
        key = f"{row['student']}/{row['cell']}"
        mark, comment = (row["mark"] or "").strip().replace(",", "."), row["comment"] or ""
        if before.get(key, ["", ""]) != [mark, comment]:
            changed.append((number, row, mark, comment))
    if not changed:
        return 0
    with course.writing(), course.gradebook() as gradebook:
        for number, row, mark, comment in changed:
            _enter(gradebook, problem_set.name, row, mark, comment, path.name, number)
        gradebook.db.commit()
    return len(changed)


def _enter(
    gradebook: Gradebook,
    name: str,
    row: Mapping[str, str],
    mark: str,
    comment: str,
    file: str,
    number: int,
) -> None:
    from nbgrader.api import MissingEntry

    try:
        grade = gradebook.find_grade(row["cell"], name, name, row["student"])
    except MissingEntry:
        raise GradingError(
            f"there is no cell '{row['cell']}' of '{row['student']}'",
            file=file,
            row=number,
            remedy="leave the columns 'student' and 'cell' as they were",
        ) from None
    if mark:
        try:
            points = float(mark)
        except ValueError:
            points = -1.0
        if not 0 <= points <= grade.max_score:
            raise GradingError(
                f"'{mark}' is not a mark",
                file=file,
                row=number,
                column="mark",
                remedy=f"write a number from 0 to {grade.max_score:g}",
            )
        grade.manual_score = points
        grade.needs_manual_grade = False
    else:
        grade.manual_score = None
        grade.needs_manual_grade = grade.auto_score is None
    gradebook.find_comment(row["cell"], name, name, row["student"]).manual_comment = comment


def write_by_hand(
    folder: Path, problem_set: ProblemSet, marks: list[Mark], records: Mapping[str, Record]
) -> None:
    """Write ``by_hand.csv``: a row for each answer that a person marks."""
    out, known = io.StringIO(), {}
    table = csv.writer(out, lineterminator="\n")
    table.writerow(BY_HAND)
    order = list(problem_set.problems)
    chosen = [one for one in marks if one.by_hand and not records[one.student].problem]
    for one in sorted(chosen, key=lambda mark: (order.index(mark.cell), mark.student)):
        shown = one.manual if one.manual is not None else one.auto
        text = "" if shown is None else f"{shown:g}"
        known[f"{one.student}/{one.cell}"] = [text, one.comment]
        table.writerow(
            [
                one.student,
                _safe(records[one.student].name),
                problem_set.problems[one.cell],
                one.cell,
                f"{one.most:g}",
                text,
                one.comment,
            ]
        )
    write_whole(folder / "by_hand.csv", out.getvalue().encode())
    write_whole(folder / ".by_hand.json", json.dumps(known, ensure_ascii=False).encode())


# --- marks as CSV ---------------------------------------------------------------------------
def write_nbgrader(folder: Path, gradebook: Gradebook, assignment: str) -> None:
    """Write ``marks.csv`` with nbgrader's own exporter."""
    log = logging.getLogger("grading.export")
    log.propagate = False
    new = folder / ".marks.csv"
    CsvExportPlugin(to=str(new), assignment=[assignment], log=log).export(gradebook)
    new.replace(folder / "marks.csv")


def write_canvas(
    folder: Path,
    problem_set: ProblemSet,
    totals: Mapping[str, float],
    most: float,
    records: Mapping[str, Record],
    roster: Roster,
    matched: Mapping[str, Person],
) -> None:
    """Write ``canvas.csv``, which Canvas's gradebook imports.

    Students are found by Canvas's number, which stands in the names of the files it gives out
    and in its exported gradebook. With the exported gradebook as list of the class, the column
    of an assignment that exists already is met by its whole name.
    """
    title = problem_set.title
    column = next((one for one in roster.columns if one.startswith(title)), title)
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\n")
    table.writerow([*CANVAS, column])
    table.writerow(["    Points Possible", "", "", "", "", f"{most:g}"])
    for student, record in sorted(records.items()):
        row = matched[student].row if student in matched else {}
        first = row.get("Student") or _safe(record.name)
        table.writerow(
            [
                first,
                row.get("ID") or record.user,
                *(row.get(key, "") for key in CANVAS[2:]),
                f"{totals[student]:g}",
            ]
        )
    write_whole(folder / "canvas.csv", out.getvalue().encode())


def write_feedback(folder: Path, course: Course, name: str, records: Mapping[str, Record]) -> None:
    """Write ``feedback.zip``: each page under the name of the file that was handed in.

    So Canvas ("upload submissions") and Moodle ("upload multiple feedback files in a zip") know
    whose it is.
    """
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for student, record in sorted(records.items()):
            page = course.root / "feedback" / student / name / f"{name}.html"
            if page.is_file():
                shown = Path(record.shown)
                inside = shown.with_suffix(".html") if shown.suffix else shown / f"{name}.html"
                entry = zipfile.ZipInfo(str(inside), (1980, 1, 1, 0, 0, 0))
                entry.compress_type = zipfile.ZIP_DEFLATED
                archive.writestr(entry, page.read_bytes())
    write_whole(folder / "feedback.zip", packed.getvalue())


def totals_of(marks: list[Mark], students: Any) -> dict[str, float]:
    """Points of each student."""
    totals = dict.fromkeys(students, 0.0)
    for one in marks:
        if one.student in totals:
            totals[one.student] += one.points
    return totals


def _safe(text: str) -> str:
    """A name that no spreadsheet takes for a formula."""
    return f"'{text}" if text[:1] in "=+-@\t" else text
