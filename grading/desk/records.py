"""What a worker is told about a submission, and what it notes beside the gradebook."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from grading.desk.collect import Submission
from grading.desk.course import Course, write_whole
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
            one.student,
            one.name,
            one.shown,
            one.user,
            one.late,
            one.attempt,
            list(one.others),
            job.fingerprint,
            **more,
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
