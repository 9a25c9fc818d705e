"""Finding a class's notebooks in a folder, as Canvas, Moodle or plain folders name them.

Read only: nothing in the folder is changed. What can be found:

- Canvas: ``lastnamefirst_12345_67890_structure.ipynb``, with ``_LATE_`` before the numbers if
  late and ``structure-1.ipynb`` for a second attempt,
- Moodle: ``First Last_12345_assignsubmission_file_/structure.ipynb``, or the same in one name,
- a folder for each student, ``name/structure.ipynb``, or a file, ``name.ipynb``,
- nbgrader's exchange: ``name/structure/structure.ipynb``.
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections import defaultdict
from dataclasses import dataclass, field, replace
from pathlib import Path

import nbformat

from grading.errors import GradingError

#: A notebook larger than this, in bytes, is not opened.
LARGEST = 32 * 1024 * 1024
MOST_CELLS = 1000

_CANVAS = re.compile(
    r"(?P<name>[^_]+)_(?P<late>LATE_)?(?P<user>\d+)_(?P<file>\d+)_(?P<rest>.+)", re.IGNORECASE
)
_MOODLE = re.compile(
    r"(?P<name>.+)_(?P<user>\d+)_assignsubmission_(?P<kind>file|onlinetext)_?"
    r"(?P<rest>.*)"
)
_ATTEMPT = re.compile(r"(?P<base>.+?)(?:-(?P<dash>\d{1,2})| ?\((?P<bracket>\d{1,2})\))")
_HIDDEN = re.compile(r"\.|__MACOSX$|Thumbs\.db$|desktop\.ini$")


@dataclass(frozen=True)
class Submission:
    """What one student handed in.

    Parameters
    ----------
    student
        Identifier in the gradebook, made from the name and the LMS's number.
    name
        Name as the LMS or the folder gives it.
    path
        The file that is graded.
    shown
        Path in the class's folder, for messages and for handing back.
    user
        Number of the student in the LMS, or empty.
    late
        Whether the LMS marked it as late.
    attempt
        0 for the first, 1 for a resubmission, and so on.
    others
        Earlier attempts and other files of the same student.
    problem
        Why it cannot be graded, or empty.
    digest
        SHA-256 of the file.
    """

    student: str
    name: str
    path: Path
    shown: str
    user: str = ""
    late: bool = False
    attempt: int = 0
    others: tuple[str, ...] = field(default=())
    problem: str = ""
    digest: str = ""


def collect(folder: Path, assignment: str) -> list[Submission]:
    """Find every student's submission, one each, in alphabetical order.

    Of several attempts the last counts: the highest number at the end of the name, then the
    newest file.

    Parameters
    ----------
    folder
        What the LMS gave, unpacked.
    assignment
        Name of the problem set.

    Raises
    ------
    GradingError
        If there is no such folder or nothing in it.
    """
    if not folder.is_dir():
        raise GradingError(
            f"there is no folder '{folder.name}'",
            argument="SUBMISSIONS",
            remedy="name the folder with the class's notebooks; unpack it if it is a zip",
        )
    found: dict[str, list[Submission]] = defaultdict(list)
    # nbgrader's exchange: a student's folder has one for each set; who lacks it handed in nothing
    by_set = any(one.is_dir() for one in folder.glob(f"*/{assignment}"))
    for path in sorted(folder.iterdir()):
        if _HIDDEN.match(path.name) or (by_set and not (path / assignment).is_dir()):
            continue
        some = (
            _in_folder(path, folder, assignment if by_set else "")
            if path.is_dir()
            else [_of_file(path, folder)]
        )
        for one in some:
            found[one.student].append(one)
    if not found:
        raise GradingError(
            f"there is nothing in '{folder.name}'",
            argument="SUBMISSIONS",
            remedy="name the folder with the class's notebooks",
        )
    return [_checked(_last(some, assignment)) for _, some in sorted(_apart(found).items())]


def identifier(name: str, user: str = "") -> str:
    """Identifier of a student: letters and digits of any script, the rest as hyphens."""
    text = unicodedata.normalize("NFKC", f"{name}-{user}" if user else name)
    return re.sub(r"[^\w.]+", "-", text).strip("-.") or "unnamed"


def why_not(path: Path) -> str:
    """Why a file cannot be graded as a notebook; empty if it can."""
    size = path.stat().st_size
    if path.suffix.lower() != ".ipynb":
        return f"it is not a notebook but a file '{path.suffix or path.name}'"
    if size == 0:
        return "the file is empty"
    if size > LARGEST:
        return f"the file is larger than {LARGEST // 1024**2} MB; output should be cleared"
    try:
        content = json.loads(path.read_bytes())
    except (ValueError, RecursionError):
        return "the file is not a notebook: it is not JSON, or it is cut off"
    if not isinstance(content, dict) or ("cells" not in content and "worksheets" not in content):
        return "the file is not a notebook: it has no cells"
    try:
        notebook = nbformat.reads(json.dumps(content), as_version=4)
        nbformat.validate(notebook)
    except Exception as error:
        text = [*str(error).strip().splitlines(), type(error).__name__][0]
        return f"the file is not a valid notebook: {text[:160]}"
    if len(notebook.cells) > MOST_CELLS:
        return f"it has more than {MOST_CELLS} cells"
    return ""


# --- helpers ----------------------------------------------------------------------------
def _of_file(path: Path, folder: Path) -> Submission:
    """A file that stands in the class's folder itself."""
    shown = str(path.relative_to(folder))
    name = unicodedata.normalize("NFC", path.name)
    if match := _MOODLE.fullmatch(name) or _CANVAS.fullmatch(name):
        found = match.groupdict()
        return Submission(
            identifier(found["name"], found["user"]),
            found["name"],
            path,
            shown,
            found["user"],
            bool(found.get("late")),
            _attempt(found["rest"]),
        )
    stem, attempt = Path(name).stem, 0
    match = _ATTEMPT.fullmatch(stem)
    if match and (folder / f"{match['base']}{path.suffix}").exists():
        stem, attempt = match["base"], _attempt(path.name)
    return Submission(identifier(stem), stem, path, shown, attempt=attempt)


def _in_folder(path: Path, folder: Path, below: str) -> list[Submission]:
    """The files of a student's own folder, or of the one `below` in it."""
    name = unicodedata.normalize("NFC", path.name)
    user, who = "", name
    if match := _MOODLE.fullmatch(name):
        user, who = match["user"], match["name"]
    student = identifier(who, user)
    files = [
        one
        for one in sorted((path / below).rglob("*"))
        if one.is_file()
        and not one.is_symlink()
        and not any(_HIDDEN.match(part) for part in one.relative_to(path).parts)
    ]
    if not files:
        return [Submission(student, who, path, name, user, problem="the folder is empty")]
    return [
        Submission(
            student, who, one, str(one.relative_to(folder)), user, attempt=_attempt(one.name)
        )
        for one in files
    ]


def _attempt(name: str) -> int:
    match = _ATTEMPT.fullmatch(Path(name).stem)
    return int(match["dash"] or match["bracket"]) if match else 0


def _apart(found: dict[str, list[Submission]]) -> dict[str, list[Submission]]:
    """Keep students apart whose names differ only in signs that an identifier lacks."""
    kept: dict[str, list[Submission]] = {}
    for student, some in found.items():
        by_name: dict[str, list[Submission]] = defaultdict(list)
        for one in some:
            by_name[one.name].append(one)
        for name, same in by_name.items():
            label = student
            if len(by_name) > 1:
                label = f"{student}-{hashlib.sha256(name.encode()).hexdigest()[:6]}"
            kept[label] = [replace(one, student=label) for one in same]
    return kept


def _last(some: list[Submission], assignment: str) -> Submission:
    """The file that counts: a notebook, of the set's name if there is one, the last attempt."""

    def rank(one: Submission) -> tuple[bool, bool, int, float, str]:
        own = one.path.stem.rpartition("_")[2]
        return (
            one.path.suffix.lower() == ".ipynb",
            own.startswith(assignment),
            one.attempt,
            one.path.stat().st_mtime,
            one.shown,
        )

    *others, last = sorted(some, key=rank)
    return replace(last, others=tuple(one.shown for one in others))


def _checked(one: Submission) -> Submission:
    if one.problem:
        return one
    if one.path.is_symlink():
        return replace(one, problem="it is a link to another file")
    try:
        digest = (
            hashlib.sha256(one.path.read_bytes()).hexdigest()
            if one.path.stat().st_size <= LARGEST
            else ""
        )
        return replace(one, problem=why_not(one.path), digest=digest)
    except OSError as error:
        return replace(one, problem=f"the file cannot be read ({error.strerror})")
