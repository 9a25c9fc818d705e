"""``make grade``: the whole way from a folder of submissions to marks and feedback."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from grading.desk import report, results
from grading.desk.collect import Submission, collect
from grading.desk.course import Course, publish, write_whole
from grading.desk.pool import Pool
from grading.desk.records import Job, Record, read_record
from grading.desk.roster import Person, Roster, read_roster
from grading.desk.sets import ROOT, ProblemSet
from grading.desk.worker import marks_state
from grading.errors import GradingError
from grading.judge import sandbox
from grading.judge.sandbox import Limits


@dataclass(frozen=True)
class Options:
    """How a run is made.

    Parameters
    ----------
    workers
        Submissions at one time.
    limits
        Of one submission.
    unsafe
        Run without a sandbox.
    roster
        File with the list of the class, or ``None``.
    say
        Where progress is told, a line at a time.
    """

    workers: int = 0
    limits: Limits = field(default_factory=Limits)
    unsafe: bool = False
    roster: Path | None = None
    say: Callable[[str], None] = print


@dataclass(frozen=True)
class Summary:
    """What a run did.

    Parameters
    ----------
    graded, kept, failed
        Submissions that were graded now, that had been already, and that could not be.
    waiting
        Submissions with an answer that a person still has to mark.
    missing
        Students of the class who handed nothing in.
    folder
        Where the results are.
    """

    graded: int
    kept: int
    failed: int
    waiting: int
    missing: int
    folder: Path


def grade(
    course: Course,
    problem_set: ProblemSet,
    values: Mapping[str, Any],
    submissions: Path,
    options: Options,
) -> Summary:
    """Collect, grade, write feedback, marks and the class's report.

    Parameters
    ----------
    course
        Where it is kept.
    problem_set, values
        What was set, with which parameters.
    submissions
        Folder with the class's notebooks. It is only read.
    options
        How.

    Raises
    ------
    GradingError
        If something must be put right before anything can be graded.
    """
    say = options.say
    if not options.unsafe and (why := sandbox.why_not()):
        raise GradingError(
            f"submissions cannot be run safely: {why}",
            argument="UNSAFE",
            remedy="put this right; or, if you trust every student with your files and your "
            "network, set UNSAFE=1",
        )
    roster = read_roster(options.roster)
    found = collect(submissions, problem_set.name)
    course.open()
    with course.alone():
        mark = publish(course, problem_set, values)
        by_hand = results.read_by_hand(course, problem_set)
        if by_hand:
            say(f"  {by_hand} marks or comments by hand taken over from by_hand.csv")
        matched = roster.match(found)
        for one in found:
            _keep(course, problem_set.name, one)
        fonts = sandbox.font_cache(ROOT / "build" / "fonts")
        jobs = [
            Job(
                course,
                problem_set.name,
                one,
                _fingerprint(mark, one, options.limits),
                problem_set.answers,
                options.limits,
                options.unsafe,
                fonts,
            )
            for one in found
        ]
        done = _done(course, problem_set.name)
        todo = [job for job in jobs if done.get(job.submission.student) != job.fingerprint]
        say(
            f"  {len(jobs)} submissions, {len(todo)} to grade"
            + (f", {len(jobs) - len(todo)} graded before" if len(todo) < len(jobs) else "")
        )
        Pool(options.workers or os.cpu_count() or 1, say).run(todo)
        _refresh(jobs, options, say)
        _name_students(course, found, roster, matched)
        return _finish(
            course, problem_set, found, {job.submission.student for job in todo}, roster, matched
        )


# --- before -------------------------------------------------------------------------------
def _fingerprint(mark: str, one: Submission, limits: Limits) -> str:
    text = "\n".join([mark, one.digest, one.problem, one.shown, repr(limits)])
    return hashlib.sha256(text.encode()).hexdigest()


def _keep(course: Course, name: str, one: Submission) -> None:
    """Copy a submission into the course; what was there before is kept beside."""
    if one.problem and not one.digest:
        return
    folder = course.root / "submitted" / one.student / name
    path = folder / (f"{name}.ipynb" if not one.problem else one.path.name)
    content = one.path.read_bytes()
    if path.is_file():
        old = path.read_bytes()
        if old == content:
            return
        short = hashlib.sha256(old).hexdigest()[:12]
        write_whole(course.root / "earlier" / one.student / name / f"{short}-{path.name}", old)
    write_whole(path, content)


def _done(course: Course, name: str) -> dict[str, str]:
    """Fingerprint of what is both noted and in the gradebook."""
    with course.gradebook() as gradebook:
        entered = {one.student.id for one in gradebook.find_assignment(name).submissions}
    found = {}
    for path in course.records(name).glob("*.json"):
        record = read_record(path)
        if record is not None and record.student in entered:
            found[record.student] = record.fingerprint
    return found


# --- marks given by hand since ---------------------------------------------------------------
def _refresh(jobs: list[Job], options: Options, say: Callable[[str], None]) -> None:
    """Write feedback pages again where a mark was changed by hand since."""
    again = []
    for job in jobs:
        record = read_record(job.course.records(job.assignment) / f"{job.submission.student}.json")
        if record is None or record.problem:
            continue
        page = (
            job.course.root
            / "feedback"
            / record.student
            / job.assignment
            / f"{job.assignment}.html"
        )
        if (
            record.fed != marks_state(job.course, job.assignment, record.student)
            or not page.is_file()
        ):
            again.append(replace(job, only_feedback=True))
    if again:
        say(f"  {len(again)} feedback pages again, for marks given by hand")
        Pool(options.workers or os.cpu_count() or 1, lambda line: None).run(again)


# --- after ----------------------------------------------------------------------------------
def _name_students(
    course: Course, found: list[Submission], roster: Roster, matched: Mapping[str, Person]
) -> None:
    """Enter names and LMS numbers, and those who handed nothing in."""
    present = {person.student for person in matched.values()}
    with course.writing(), course.gradebook() as gradebook:
        for one in found:
            person = matched.get(one.student)
            gradebook.update_or_create_student(
                one.student,
                **_names(person.name if person else one.name),
                email=(person.email if person else "") or None,
                lms_user_id=(person.user if person else one.user) or None,
            )
        for person in roster.people:
            if person.student not in present:
                gradebook.update_or_create_student(
                    person.student,
                    **_names(person.name),
                    email=person.email or None,
                    lms_user_id=person.user or None,
                )
        gradebook.db.commit()


def _names(name: str) -> dict[str, str]:
    """First and last name; nbgrader's CSV bears no commas."""
    last, comma, first = name.partition(",")
    if not comma:
        first, _, last = name.rpartition(" ")
    return {"first_name": first.replace(",", " ").strip(), "last_name": last.strip()}


def _finish(
    course: Course,
    problem_set: ProblemSet,
    found: list[Submission],
    now: set[str],
    roster: Roster,
    matched: Mapping[str, Person],
) -> Summary:
    name, folder = problem_set.name, course.results(problem_set.name)
    folder.mkdir(parents=True, exist_ok=True)
    records: dict[str, Record] = {}
    for path in sorted(course.records(name).glob("*.json")):
        record = read_record(path)
        if record is not None:
            records[record.student] = record
    with course.writing(), course.gradebook() as gradebook:
        marks = [one for one in results.read_marks(gradebook, name) if one.student in records]
        most = float(gradebook.find_assignment(name).max_score)
        results.write_nbgrader(folder, gradebook, name)
        students = {
            one.id: " ".join(filter(None, (one.first_name, one.last_name))) or one.id
            for one in gradebook.students
        }
    totals = results.totals_of(marks, records)
    results.write_by_hand(folder, problem_set, marks, records)
    results.write_canvas(folder, problem_set, totals, most, records, roster, matched)
    results.write_feedback(folder, course, name, records)
    missing = {student: text for student, text in students.items() if student not in records}
    page = report.page(problem_set, marks, records, totals, most, missing)
    write_whole(folder / "report.html", page.encode())
    waiting = {one.student for one in marks if one.waits}
    failed = {one.student for one in found if records[one.student].problem}
    kept = len(found) - len(now | failed)
    return Summary(len(now - failed), kept, len(failed), len(waiting), len(missing), folder)
