"""Grading one submission: nbgrader's autograde and feedback, with our sandbox and judge.

Runs in a process of its own, so that nothing a submission does can stop another's grading.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import logging
import multiprocessing
import os
import shutil
import signal
import time
import traceback
from pathlib import Path

import matplotlib
import nbformat
from nbgrader import utils
from nbgrader.preprocessors import (
    CheckCellMetadata,
    ClearOutput,
    DeduplicateIds,
    IgnorePattern,
    LimitOutput,
)

from grading.desk.course import Course
from grading.desk.feedback import feed_back, write_page
from grading.desk.heard import Heard
from grading.desk.records import Job, Record, read_record
from grading.desk.restore import Restore
from grading.desk.steps import Grader, Kernelspec, Late, Overwrite, Save
from grading.judge.execute import SandboxExecute

#: Command of prctl (linux/prctl.h): the signal that a process gets when its parent ends.
_PR_SET_PDEATHSIG = 1


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
            write_page(job, record)
        else:
            feed_back(job)
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
    write_page(job, record)
    record.fed = marks_state(job.course, job.assignment, job.submission.student)
    record.write(job.course.records(job.assignment))
    return record


def marks_state(course: Course, assignment: str, student: str) -> str:
    """All marks and comments of a submission as one text."""
    with course.writing(), course.gradebook() as gradebook:
        submission = gradebook.find_submission(assignment, student)
        notebook = submission.notebooks[0]
        marks = sorted(
            (g.name, g.auto_score, g.manual_score, g.extra_credit) for g in notebook.grades
        )
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
    steps = [Kernelspec(), Overwrite(), Save(), Late()]
    for step in steps:
        step.course = course
    kernelspec, overwrite, save, late = steps
    heard = Heard(f"grading.{student}")
    grader = Grader(
        coursedir=course.directory(assignment_id=name, student_id=student, notebook_id=name),
        force=True,
        log=heard.log,
    )
    grader.course = course
    grader.sanitize_preprocessors = [
        restore,
        ClearOutput(),
        DeduplicateIds(),
        kernelspec,
        overwrite,
        CheckCellMetadata(),
    ]
    grader.autograde_preprocessors = [
        execute,
        IgnorePattern(),
        LimitOutput(),
        save,
        late,
        CheckCellMetadata(),
    ]
    with heard.or_fail():
        grader.start()
    notebook = nbformat.read(
        course.root / "autograded" / student / name / f"{name}.ipynb", as_version=4
    )
    messages = {
        cell.metadata.nbgrader.grade_id: out.evalue
        for cell in notebook.cells
        if cell.cell_type == "code" and utils.is_grade(cell) and not utils.is_solution(cell)
        for out in cell.outputs
        if out.output_type == "error"
    }
    return Record.of(job, notes=[*restore.notes, *execute.notes], messages=messages)


def _give_nothing(job: Job) -> None:
    """Enter a submission without automatic points; marks given by hand stay."""
    with job.course.writing(), job.course.gradebook() as gradebook:
        gradebook.update_or_create_student(job.submission.student)
        submission = gradebook.update_or_create_submission(job.assignment, job.submission.student)
        for notebook in submission.notebooks:
            for grade in notebook.grades:
                grade.auto_score = 0.0
                grade.needs_manual_grade = False
        gradebook.db.commit()
    old = job.course.root / "autograded" / job.submission.student / job.assignment
    shutil.rmtree(old, ignore_errors=True)


def _die_with_parent() -> None:
    """End with the run that started this process, even if that one is killed."""
    with contextlib.suppress(Exception):
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    run = multiprocessing.parent_process()
    if run is not None and not run.is_alive():  # it ended before this process could ask
        os._exit(1)
