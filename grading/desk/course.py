"""The course folder: nbgrader's layout, its gradebook, and what must not happen twice at once."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import json
import os
import shutil
import tempfile
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
import nbgrader.api
from alembic.script import ScriptDirectory
from nbformat.notebooknode import NotebookNode
from nbgrader.api import Gradebook
from nbgrader.converters import GenerateAssignment
from nbgrader.coursedir import CourseDirectory
from nbgrader.dbutil import ALEMBIC_DIR
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SADeprecationWarning, SAWarning, SQLAlchemyError

from grading.desk.heard import Heard
from grading.desk.sets import ProblemSet
from grading.errors import GradingError

# what SQLAlchemy says about nbgrader is nothing that an instructor can change
for _kind in (SAWarning, SADeprecationWarning):
    warnings.simplefilter("ignore", _kind)


def _newest_tables() -> str:
    """Version of nbgrader's tables, for a new gradebook."""
    return str(ScriptDirectory(ALEMBIC_DIR).get_current_head())


# nbgrader starts alembic as a program to ask for it, which takes a second for each gradebook
nbgrader.api.get_alembic_version = _newest_tables


#: Goes into the fingerprint of a mark: a change here grades everything anew.
VERSION = "1"
#: Where nbgrader's own commands find a database that is not the course's own file.
DB_VARIABLE = "LIF_GRADEBOOK"
#: The one that a gradebook has by itself; PostgreSQL refuses an unknown one.
COURSE_ID = "default_course"
_CONFIG = f"""# Written by `make grade`: nbgrader's own commands work in this folder, for example
# `jupyter lab` with the formgrader, to mark by hand.
import os

c = get_config()  # noqa: F821
c.CourseDirectory.course_id = "default_course"
c.CourseDirectory.root = os.path.dirname(os.path.abspath(__file__))
if os.environ.get("{DB_VARIABLE}"):
    c.CourseDirectory.db_url = os.environ["{DB_VARIABLE}"]
"""


@dataclass(frozen=True)
class Course:
    """Where a course's submissions, marks and feedback are kept.

    Parameters
    ----------
    root
        The folder. It holds the only copy of the marks.
    url
        Of the gradebook, as SQLAlchemy writes it; empty for a file in the folder.
    """

    root: Path
    url: str = ""

    @property
    def database(self) -> str:
        """URL of the gradebook."""
        if self.url.startswith("postgresql://"):  # the driver that is installed
            return self.url.replace("postgresql", "postgresql+psycopg", 1)
        return self.url or f"sqlite:///{self.root / 'gradebook.db'}?timeout=60"

    def directory(self, **chosen: str) -> CourseDirectory:
        """nbgrader's view of the folder."""
        return CourseDirectory(
            root=str(self.root), db_url=self.database, course_id=COURSE_ID, **chosen
        )

    def gradebook(self) -> Gradebook:
        """The open gradebook; close it, or use it in ``with``."""
        return Gradebook(self.database)

    def open(self) -> None:
        """Make the folder and the gradebook if they are not there.

        Raises
        ------
        GradingError
            If the gradebook cannot be reached.
        """
        self.root.mkdir(parents=True, exist_ok=True)
        (self.root / "nbgrader_config.py").write_text(_CONFIG, "utf-8")
        try:
            self.gradebook().close()
        except (SQLAlchemyError, ImportError) as error:
            shown = make_url(self.database).render_as_string(hide_password=True)
            text = str(getattr(error, "orig", None) or error).strip().splitlines()[0]
            raise GradingError(
                f"the gradebook {shown} does not open: {text}",
                argument="DB",
                remedy="start the server, or correct DB=postgresql://user:password@host/name",
            ) from None

    @contextlib.contextmanager
    def alone(self) -> Iterator[None]:
        """Hold the course for one run; the system lets go of it when the run ends or is killed.

        Raises
        ------
        GradingError
            If another run holds it.
        """
        with open(self.root / ".lock", "w", encoding="utf-8") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise GradingError(
                    "another 'make grade' is working on this course",
                    file=self.root.name,
                    remedy="wait until it has ended",
                ) from None
            yield

    @contextlib.contextmanager
    def writing(self) -> Iterator[None]:
        """Let one worker at a time use a gradebook in a file; a server sees to that itself."""
        if self.url and not self.url.startswith("sqlite"):
            yield
            return
        with open(self.root / ".db.lock", "w", encoding="utf-8") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def records(self, assignment: str) -> Path:
        """Folder with one small file for each graded submission."""
        return self.root / "records" / assignment

    def results(self, assignment: str) -> Path:
        """Folder with what an instructor reads."""
        return self.root / "results" / assignment


def fingerprint(notebook: NotebookNode) -> str:
    """A text that changes when the problem set does."""
    text = json.dumps(notebook, sort_keys=True) + VERSION
    return hashlib.sha256(text.encode()).hexdigest()


def publish(course: Course, problem_set: ProblemSet, values: Mapping[str, Any]) -> str:
    """Put a set with a term's values into the gradebook, if it is not there yet.

    Parameters
    ----------
    values
        The term's parameters.

    Returns
    -------
    str
        Fingerprint of what is in the gradebook now.

    Raises
    ------
    GradingError
        If cells were added or taken away after submissions were graded, or the set is faulty.
    """
    name = problem_set.name
    notebook = problem_set.with_values(values)
    mark = fingerprint(notebook)
    done = course.root / "source" / name / ".published"
    release = course.root / "release" / name / f"{name}.ipynb"
    if (
        done.is_file()
        and done.read_text("utf-8") == mark
        and release.is_file()
        and _known(course, name)
    ):
        return mark
    folder = course.root / "source" / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    nbformat.write(notebook, folder / f"{name}.ipynb")
    said = Heard("grading.nbgrader")
    with contextlib.chdir(course.root), said.hear():
        try:
            GenerateAssignment(
                coursedir=course.directory(assignment_id=name), force=True, log=said.log
            ).start()
        except Exception as error:
            raise GradingError(
                f"nbgrader does not take the problem set: {said.last() or error}",
                file=name,
                remedy="if cells were added or taken away, grade into a new course "
                "(COURSE=another-folder); else correct the source",
            ) from None
    done.write_text(mark, "utf-8")
    return mark


def student_copy(problem_set: ProblemSet, values: Mapping[str, Any]) -> NotebookNode:
    """The notebook for students: without solutions, hidden tests and mark schemes."""
    with tempfile.TemporaryDirectory(prefix="lif-") as made:
        course = Course(Path(made))
        course.open()
        publish(course, problem_set, values)
        path = course.root / "release" / problem_set.name / f"{problem_set.name}.ipynb"
        notebook: NotebookNode = nbformat.read(path, as_version=4)
        return notebook


def write_whole(path: Path, content: bytes) -> None:
    """Write a file so that it is there whole or not at all, whenever the run is killed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".new-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(name, 0o644)
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _known(course: Course, name: str) -> bool:
    """Whether the gradebook has the set: it may be another gradebook than last time."""
    with course.gradebook() as gradebook:
        return any(one.name == name and one.notebooks for one in gradebook.assignments)
