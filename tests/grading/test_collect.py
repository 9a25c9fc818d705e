"""Names of files, lists of a class, parameters: what is understood, and what is refused."""

from __future__ import annotations

import contextlib
import json
import os
import sqlite3
import subprocess
import sys
import unicodedata
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_notebook
from nbgrader.dbutil import _temp_alembic_ini

from grading.desk import sets
from grading.desk.collect import collect, identifier
from grading.desk.course import Course
from grading.desk.roster import read_roster
from grading.errors import GradingError

SOURCE = Path(__file__).resolve().parent / "source"


def put(folder: Path, *names: str) -> Path:
    """Write an empty, valid notebook under each name; the later, the newer."""
    for age, name in enumerate(names):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        nbformat.write(new_notebook(), path)
        os.utime(path, (10**9 + age, 10**9 + age))
    return folder


@pytest.mark.parametrize(
    ("name", "student", "user", "late"),
    [
        ("doejane_12345_67890_small.ipynb", "doejane-12345", "12345", False),
        ("doejane_LATE_12345_67890_small.ipynb", "doejane-12345", "12345", True),
        ("doejane_late_12345_67890_my_own_name.ipynb", "doejane-12345", "12345", True),
        ("Jörg Müller_7_assignsubmission_file_/small.ipynb", "Jörg-Müller-7", "7", False),
        ("Jane Q. Doe_7_assignsubmission_file_small.ipynb", "Jane-Q.-Doe-7", "7", False),
        ("李 雷/small.ipynb", "李-雷", "", False),
        ("Jane Doe.ipynb", "Jane-Doe", "", False),
        ("jane/deep/down/small.ipynb", "jane", "", False),
        ("jane-2.ipynb", "jane-2", "", False),
    ],
)
def test_names(tmp_path: Path, name: str, student: str, user: str, late: bool) -> None:
    (one,) = collect(put(tmp_path, name), "small")
    assert (one.student, one.user, one.late, one.problem) == (student, user, late, "")


@pytest.mark.parametrize(
    ("names", "chosen"),
    [
        (
            ["a_1_2_small.ipynb", "a_1_9_small-1.ipynb", "a_1_3_small-2.ipynb"],
            "a_1_3_small-2.ipynb",
        ),
        (["a_1_3_small-10.ipynb", "a_1_3_small-9.ipynb"], "a_1_3_small-10.ipynb"),
        (["a/small-1.ipynb", "a/small.ipynb", "a/notes.ipynb"], "a/small-1.ipynb"),
        (["a/first.ipynb", "a/second.ipynb"], "a/second.ipynb"),
        (["a.ipynb", "a-1.ipynb"], "a-1.ipynb"),
        (["a (1).ipynb", "a.ipynb"], "a (1).ipynb"),
    ],
)
def test_the_last_attempt_counts(tmp_path: Path, names: list[str], chosen: str) -> None:
    (one,) = collect(put(tmp_path, *names), "small")
    assert one.shown == chosen and len(one.others) == len(names) - 1


def test_what_systems_leave_behind_is_not_a_submission(tmp_path: Path) -> None:
    put(
        tmp_path,
        "a.ipynb",
        ".DS_Store",
        "__MACOSX/a.ipynb",
        "b/.ipynb_checkpoints/small.ipynb",
        "b/small.ipynb",
        "b/._small.ipynb",
    )
    assert [one.shown for one in collect(tmp_path, "small")] == ["a.ipynb", "b/small.ipynb"]


def test_one_name_in_two_spellings_is_one_student_two_names_are_two(tmp_path: Path) -> None:
    put(tmp_path, "a b.ipynb", "a-b.ipynb")
    assert len({one.student for one in collect(tmp_path, "small")}) == 2
    assert identifier(unicodedata.normalize("NFD", "José")) == identifier("José")


def test_nbgraders_exchange_keeps_sets_apart(tmp_path: Path) -> None:
    put(tmp_path, "anna/small/small.ipynb", "anna/large/large.ipynb", "ben/large/large.ipynb")
    assert [one.shown for one in collect(tmp_path, "small")] == ["anna/small/small.ipynb"]


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    put(tmp_path, "other/small.ipynb")
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.ipynb").symlink_to(tmp_path / "other" / "small.ipynb")
    (one,) = collect(tmp_path / "in", "small")
    assert "link" in one.problem


def test_an_empty_folder_of_a_student(tmp_path: Path) -> None:
    (tmp_path / "Jane_7_assignsubmission_file_").mkdir()
    (one,) = collect(tmp_path, "small")
    assert one.student == "Jane-7" and "empty" in one.problem


@pytest.mark.parametrize("name", ["", "nothing-here"])
def test_no_submissions(tmp_path: Path, name: str) -> None:
    with pytest.raises(GradingError, match="SUBMISSIONS"):
        collect(tmp_path / name, "small")


# --- lists of a class ---------------------------------------------------------------------
@pytest.mark.parametrize(
    ("text", "file"),
    [
        ('Student,ID,SIS Login ID,Section\n"Doe, Jane",12,jd,1\n', "doejane_12_1_small.ipynb"),
        ('Student,ID,SIS Login ID,Section\n"Doe, Jane",12,jd,1\n', "jd.ipynb"),
        (
            "Identifier,Full name,Email address\nParticipant 12,Jane Doe,jd@u\n",
            "Jane Doe_12_assignsubmission_file_/small.ipynb",
        ),
        ("id;name;email\n4711;Jane Doe;jd@u\n", "4711.ipynb"),
        ("name,email\nJane Doe,jd@u\n", "jane_doe/small.ipynb"),
        ("name\nJane Doe\n", "Doe Jane.ipynb"),
    ],
)
def test_a_class_is_matched(tmp_path: Path, text: str, file: str) -> None:
    (tmp_path / "class.csv").write_text(text, "utf-8-sig")
    found = collect(put(tmp_path / "in", file), "small")
    matched = read_roster(tmp_path / "class.csv").match(found)
    assert "Doe" in matched[found[0].student].name


@pytest.mark.parametrize("content", [b"a,b\n1,2\n", b"\xff\xfe\x00", None])
def test_a_file_that_is_not_the_list_of_a_class(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "class.csv"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(GradingError, match=r"class\.csv"):
        read_roster(path)


# --- parameters -----------------------------------------------------------------------------
def test_a_terms_values_are_written_into_the_notebook() -> None:
    made = sets.read("small", SOURCE).with_values({"FIRST": 55})
    assert [
        cell.source for cell in made.cells if "parameters" in cell.metadata.get("tags", [])
    ] == ["FIRST = 55"]


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"LAST": 1}, "no parameter is called 'LAST'.*use one of FIRST"),
        ({"FIRST": "x"}, "not of type int"),
        ({"FIRST": 1.5}, "not of type int"),
        ({"FIRST": True}, "not of type int"),
        ({"FIRST": 5}, "out of range"),
        ({"FIRST": 203}, "out of range"),
    ],
)
def test_a_value_that_a_parameter_may_not_have(values: dict[str, object], said: str) -> None:
    with pytest.raises(GradingError, match=said):
        sets.read("small", SOURCE).with_values(values)


@pytest.mark.parametrize(
    ("text", "said"), [("{", "not JSON"), ("[1]", "not hold a table"), (None, "cannot be read")]
)
def test_a_file_of_values_that_cannot_be_read(tmp_path: Path, text: str | None, said: str) -> None:
    path = tmp_path / "term.json"
    if text is not None:
        path.write_text(text, "utf-8")
    with pytest.raises(GradingError, match=said):
        sets.read_values(path, "small")


def test_one_file_of_values_for_all_sets(tmp_path: Path) -> None:
    path = tmp_path / "term.json"
    path.write_text(json.dumps({"small": {"FIRST": 50}, "other": {"X": 1}}), "utf-8")
    assert sets.read_values(path, "small") == {"FIRST": 50}
    assert sets.read_values(path, "third") == {}


def test_a_set_that_does_not_exist() -> None:
    with pytest.raises(GradingError, match=r"no problem set is called 'large'.*use one of small"):
        sets.read("large", SOURCE)


def test_the_package_of_the_chapters_knows_nothing_of_grading() -> None:
    for path in (sets.ROOT / "lifbook").rglob("*.py"):
        assert "grading" not in path.read_text("utf-8").replace("upgrading", "")


# --- the gradebook --------------------------------------------------------------------------
def test_a_new_gradebook_has_the_version_that_nbgrader_gives_it(tmp_path: Path) -> None:
    """nbgrader starts alembic to ask for it, which `course` does without a program."""
    Course(tmp_path).open()
    with contextlib.closing(sqlite3.connect(tmp_path / "gradebook.db")) as book:
        (version,) = book.execute("select version_num from alembic_version").fetchone()
    with _temp_alembic_ini("sqlite://") as settings:
        told = subprocess.run(
            [sys.executable, "-m", "alembic.config", "-c", settings, "heads"],
            capture_output=True,
            text=True,
            check=True,
        )
    assert told.stdout.split()[0] == version
