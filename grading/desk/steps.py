"""The steps of nbgrader that use the gradebook, told to wait for one another."""

from __future__ import annotations

from typing import Any

from nbformat.notebooknode import NotebookNode
from nbgrader.converters import Autograde
from nbgrader.preprocessors import (
    AssignLatePenalties,
    GetGrades,
    NbGraderPreprocessor,
    OverwriteCells,
    OverwriteKernelspec,
    SaveAutoGrades,
)

from grading.desk.course import Course


class _Guarded(NbGraderPreprocessor):
    """Lets only one process at a time use a gradebook in a file."""

    #: Set before use.
    course: Course

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        """See nbgrader."""
        with self.course.writing():
            done: tuple[NotebookNode, Any] = super().preprocess(nb, resources)
        return done


class Kernelspec(_Guarded, OverwriteKernelspec):
    """Write the kernel of the problem set into the submission."""


class Overwrite(_Guarded, OverwriteCells):
    """Overwrite locked cells and metadata with those of the gradebook."""


class Save(_Guarded, SaveAutoGrades):
    """Write the marks into the gradebook."""


class Late(_Guarded, AssignLatePenalties):
    """Write penalties for lateness into the gradebook (none, unless a plugin is set)."""


class Grades(_Guarded, GetGrades):
    """Read the marks for the feedback page."""


class Grader(Autograde):
    """nbgrader's converter, told which steps to take."""

    course: Course

    def init_assignment(self, assignment_id: str, student_id: str) -> None:
        """See nbgrader; one process at a time."""
        with self.course.writing():
            super().init_assignment(assignment_id, student_id)
