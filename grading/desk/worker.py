"""Grading one submission: nbgrader's autograde and feedback, with our sandbox and judge.

Runs in a process of its own, so that nothing a submission does can stop another's grading.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import logging
import os
import re
import shutil
import signal
import time
import traceback
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import matplotlib
import nbformat
from nbformat.notebooknode import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell
from nbgrader import utils
from nbgrader.converters import Autograde, GenerateFeedback
from nbgrader.preprocessors import (
    AssignLatePenalties,
    CheckCellMetadata,
    ClearHiddenTests,
    ClearMarkScheme,
    ClearOutput,
    DeduplicateIds,
    GetGrades,
    IgnorePattern,
    LimitOutput,
    NbGraderPreprocessor,
    OverwriteCells,
    OverwriteKernelspec,
    SaveAutoGrades,
)

from grading.desk.collect import Submission
from grading.desk.course import Course, write_whole
from grading.judge.execute import SandboxExecute
from grading.judge.sandbox import Limits


@dataclass(frozen=True)
class Job:
    """All that a worker must know.

    Parameters
    ----------
    course, assignment, submission
        What to grade.
    fingerprint
        Of the set and the submission: a record with the same one is not made again.
    answers
        Names that the student was to define.
    limits, unsafe, fonts
        For the sandbox.
    only_feedback
        Write the feedback page again, for a mark that was given by hand.
    """

    course: Course
    assignment: str
    submission: Submission
    fingerprint: str
    answers: frozenset[str]
    limits: Limits
    unsafe: bool = False
    fonts: Path | None = None
    only_feedback: bool = False


@dataclass
class Record:
    """What is noted about a graded submission, beside the gradebook.

    Parameters
    ----------
    student, name, shown, user, late, attempt, others
        As in :class:`grading.desk.collect.Submission`.
    fingerprint
        See :class:`Job`.
    problem
        Why it could not be graded, or empty.
    notes
        What an instructor should know: restored cells, limits that were passed.
    messages
        Test cell to what the judge said, for those that did not pass.
    seconds
        Time that it took.
    fed
        What the feedback page was made from: to see whether marks changed since.
    """

    student: str
    name: str
    shown: str
    user: str = ""
    late: bool = False
    attempt: int = 0
    others: list[str] = field(default_factory=list)
    fingerprint: str = ""
    problem: str = ""
    notes: list[str] = field(default_factory=list)
    messages: dict[str, str] = field(default_factory=dict)
    seconds: float = 0.0
    fed: str = ""

    @classmethod
    def of(cls, job: Job, **more: Any) -> Record:
        """A record of a job's submission."""
        one = job.submission
        return cls(
            one.student, one.name, one.shown, one.user, one.late, one.attempt,
            list(one.others), job.fingerprint, **more,
        )

    def write(self, folder: Path) -> None:
        """Write it into the folder of records."""
        text = json.dumps(asdict(self), indent=1, ensure_ascii=False)
        write_whole(folder / f"{self.student}.json", text.encode())


def read_record(path: Path) -> Record | None:
    """A record, or ``None`` if there is none that can be read."""
    try:
        return Record(**json.loads(path.read_text("utf-8")))
    except (OSError, ValueError, TypeError):
        return None


# --- preprocessors ----------------------------------------------------------------------
class Restore(NbGraderPreprocessor):
    """Bring back what a student deleted or edited of the set's own cells.

    nbgrader overwrites locked cells and can add missing test cells, but only beside cells that
    are still there. Here every cell of the set gets its own metadata and place back first.
    """

    def __init__(self, release: NotebookNode, **more: Any) -> None:
        super().__init__(**more)
        self.release = release
        self.notes: list[str] = []

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        """Restore cells in place; `notes` says which."""
        official = {cell.metadata.nbgrader.grade_id: cell for cell in self.release.cells
                    if "nbgrader" in cell.metadata}
        self.notes = []
        seen: dict[str, NotebookNode] = {}
        for cell in nb.cells:
            told = cell.metadata.pop("nbgrader", None)
            label = told.get("grade_id") if isinstance(told, dict) else None
            if not isinstance(label, str) or label not in official:
                continue
            mine = official[label]
            if label in seen:
                seen[label].metadata.pop("nbgrader", None)  # the last of several counts
            seen[label] = cell
            cell.metadata.nbgrader = dict(mine.metadata.nbgrader)
            locked = utils.is_locked(mine)
            if locked and mine.cell_type == "code" and cell.source.strip() != mine.source.strip():
                self.notes.append(f"cell '{label}' was edited; the original was used")
            if cell.cell_type != mine.cell_type:
                cell.update(_blank(mine.cell_type, cell.source))
                for key in {"outputs", "execution_count"} & set(cell):
                    if mine.cell_type == "markdown":
                        del cell[key]
        place = 0
        for label, mine in official.items():
            if label in seen:
                place = next(i for i, cell in enumerate(nb.cells) if cell is seen[label]) + 1
                continue
            if mine.cell_type == "code" or not utils.is_locked(mine):
                self.notes.append(f"cell '{label}' was deleted; the original was put back")
            cell = NotebookNode(_blank(mine.cell_type, mine.source))
            cell.metadata = NotebookNode({"nbgrader": dict(mine.metadata.nbgrader)})
            nb.cells.insert(place, cell)
            place += 1
        return nb, resources


def _blank(kind: str, source: str) -> NotebookNode:
    return new_code_cell(source) if kind == "code" else new_markdown_cell(source)


class _Guarded:
    """Lets one process at a time at a gradebook in a file."""

    course: Course

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        with self.course.writing():
            return super().preprocess(nb, resources)  # type: ignore[misc]


class _Kernelspec(_Guarded, OverwriteKernelspec):
    pass


class _Overwrite(_Guarded, OverwriteCells):
    pass


class _Save(_Guarded, SaveAutoGrades):
    pass


class _Late(_Guarded, AssignLatePenalties):
    pass


class _Grades(_Guarded, GetGrades):
    pass


class _Grader(Autograde):
    """nbgrader's converter, told which steps to take."""

    course: Course

    def init_assignment(self, assignment_id: str, student_id: str) -> None:
        """See nbgrader; one process at a time."""
        with self.course.writing():
            super().init_assignment(assignment_id, student_id)


# --- the work -----------------------------------------------------------------------------
def work(job: Job, result: Path) -> None:
    """Grade one submission and write its record, whatever happens; runs in a new process.

    Parameters
    ----------
    job
        What to do.
    result
        File for an unexpected error of ours.
    """
    _die_with_parent()
    logging.getLogger("traitlets").setLevel(logging.CRITICAL)
    matplotlib.use("Agg")
    began = time.monotonic()
    try:
        if job.only_feedback:
            record = read_record(_record_path(job)) or Record.of(job)
        elif job.submission.problem:
            record = Record.of(job, problem=job.submission.problem)
            _give_nothing(job)
        else:
            record = _grade(job)
        if record.problem:
            _write_page(job, record)
        else:
            _feed_back(job)
        record.fed = marks_state(job.course, job.assignment, job.submission.student)
        if not job.only_feedback:
            record.seconds = round(time.monotonic() - began, 2)
        record.write(job.course.records(job.assignment))
    except Exception:
        result.write_text(traceback.format_exc(), "utf-8")
        os._exit(1)


def give_up(job: Job, why: str) -> Record:
    """Note that a submission could not be graded, after its worker failed; to be tried again."""
    record = Record.of(job, problem=why)
    record.fingerprint = ""
    _give_nothing(job)
    _write_page(job, record)
    record.fed = marks_state(job.course, job.assignment, job.submission.student)
    record.write(job.course.records(job.assignment))
    return record


def marks_state(course: Course, assignment: str, student: str) -> str:
    """All marks and comments of a submission as one text."""
    with course.writing(), course.gradebook() as gradebook:
        submission = gradebook.find_submission(assignment, student)
        notebook = submission.notebooks[0]
        marks = sorted((g.name, g.auto_score, g.manual_score, g.extra_credit)
                       for g in notebook.grades)
        words = sorted((c.name, c.comment or "") for c in notebook.comments)
        return json.dumps([marks, words])


def _record_path(job: Job) -> Path:
    return job.course.records(job.assignment) / f"{job.submission.student}.json"


def _grade(job: Job) -> Record:
    """nbgrader's autograde, with the test cells before the judge."""
    course, name, student = job.course, job.assignment, job.submission.student
    release = nbformat.read(course.root / "release" / name / f"{name}.ipynb", as_version=4)
    restore = Restore(release)
    execute = SandboxExecute()
    execute.limits, execute.unsafe = job.limits, job.unsafe
    execute.fonts, execute.answers = job.fonts, job.answers
    steps = [_Kernelspec(), _Overwrite(), _Save(), _Late()]
    for step in steps:
        step.course = course
    kernelspec, overwrite, save, late = steps
    log = logging.getLogger(f"grading.{student}")
    log.propagate = False
    log.addHandler(said := _Said())
    grader = _Grader(coursedir=course.directory(
        assignment_id=name, student_id=student, notebook_id=name), force=True, log=log)
    grader.course = course
    grader.sanitize_preprocessors = [
        restore, ClearOutput(), DeduplicateIds(), kernelspec, overwrite, CheckCellMetadata(),
    ]
    grader.autograde_preprocessors = [
        execute, IgnorePattern(), LimitOutput(), save, late, CheckCellMetadata(),
    ]
    try:
        grader.start()
    except Exception:
        raise RuntimeError("\n".join(said.lines)) from None
    notebook = nbformat.read(
        course.root / "autograded" / student / name / f"{name}.ipynb", as_version=4)
    messages = {
        cell.metadata.nbgrader.grade_id: out.evalue
        for cell in notebook.cells if cell.cell_type == "code" and utils.is_grade(cell)
        and not utils.is_solution(cell) for out in cell.outputs if out.output_type == "error"
    }
    return Record.of(job, notes=[*restore.notes, *execute.notes], messages=messages)


class _Said(logging.Handler):
    """Keeps what nbgrader logs, for the case that it fails."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(record.getMessage())


def _give_nothing(job: Job) -> None:
    """Enter a submission without automatic points; marks given by hand stay."""
    with job.course.writing(), job.course.gradebook() as gradebook:
        gradebook.update_or_create_student(job.submission.student)
        submission = gradebook.update_or_create_submission(
            job.assignment, job.submission.student)
        for notebook in submission.notebooks:
            for grade in notebook.grades:
                grade.auto_score = 0.0
                grade.needs_manual_grade = False
        gradebook.db.commit()
    old = job.course.root / "autograded" / job.submission.student / job.assignment
    shutil.rmtree(old, ignore_errors=True)


#: nbgrader's page is made for a desk: students open it on their phones too.
_ON_A_PHONE = """<meta name="viewport" content="width=device-width, initial-scale=1">
<style>
img { max-width: 100%; height: auto }
@media (max-width: 40rem) {
  #notebook, #notebook-container, .panel-body { padding: .5rem; width: auto }
  .input, .inner_cell, .input_area, .output_area, .output_subarea {
    display: block; width: 100%; max-width: 100%; min-width: 0 }
  div.nbgrader_cell .panel-heading { height: auto; overflow: hidden }
  pre { white-space: pre-wrap; overflow-wrap: anywhere }
}
</style>"""


def _feed_back(job: Job) -> None:
    """nbgrader's feedback page, without hidden tests and without scripts."""
    course, name, student = job.course, job.assignment, job.submission.student
    grades = _Grades()
    grades.course = course
    log = logging.getLogger(f"grading.{student}.feedback")
    log.propagate = False
    log.addHandler(said := _Said())
    maker = GenerateFeedback(
        coursedir=course.directory(assignment_id=name, student_id=student, notebook_id=name),
        force=True, log=log,
    )
    maker.preprocessors = [
        ClearHiddenTests(enforce_metadata=False), ClearMarkScheme(enforce_metadata=False),
        grades, *[one for one in maker.preprocessors if one is not GetGrades],
    ]
    maker.config.HTMLExporter.sanitize_html = True
    try:
        maker.start()
    except Exception:
        raise RuntimeError("\n".join(said.lines)) from None
    path = course.root / "feedback" / student / name / f"{name}.html"
    page = path.read_text("utf-8")
    # what a submission shows must not run in the instructor's browser, nor load anything
    page = re.sub(r"<script\b.*?</script\s*>", "", page, flags=re.DOTALL | re.IGNORECASE)
    page = re.sub(r"<link\b[^>]*\bhref=.https?:[^>]*>", "", page, flags=re.IGNORECASE)
    page = page.replace("<html>", '<html lang="en">', 1)
    page = page.replace("</head>", f"{_ON_A_PHONE}</head>", 1)
    path.chmod(0o644)
    write_whole(path, page.encode())


def _write_page(job: Job, record: Record) -> None:
    """The feedback page of a submission that could not be graded."""
    from html import escape

    page = f"""<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8">
<title>{escape(job.assignment)}</title>{_ON_A_PHONE}</head>
<body><h1>{escape(job.assignment)}: not graded</h1>
<p>{escape(record.name)}, your file <code>{escape(record.shown)}</code> could not be graded:
{escape(record.problem)}.</p>
<p>Hand in the notebook that you were given (ending <code>.ipynb</code>), saved after
<em>Kernel, Restart and run all</em>.</p></body></html>
"""
    folder = job.course.root / "feedback" / record.student / job.assignment
    write_whole(folder / f"{job.assignment}.html", page.encode())


def _die_with_parent() -> None:
    """End with the run that started this process, even if that one is killed."""
    with contextlib.suppress(Exception):
        ctypes.CDLL(None).prctl(1, signal.SIGKILL)
