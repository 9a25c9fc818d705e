"""The list of a class: Canvas's gradebook, Moodle's worksheet, or a plain table."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from grading.desk.collect import Submission, identifier
from grading.errors import GradingError

#: Canvas's columns that name a student.
CANVAS = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")


@dataclass(frozen=True)
class Person:
    """One student of the class.

    Parameters
    ----------
    name, user, email
        As in the list; `user` is the number in the LMS.
    row
        The whole row of the list, for Canvas's import.
    student
        Identifier in the gradebook.
    """

    name: str
    user: str
    email: str
    row: dict[str, str]
    student: str

    @property
    def keys(self) -> set[str]:
        """What a submission may be named after, in small letters without signs."""
        words = [self.name, self.email, self.email.partition("@")[0]]
        words += [self.row.get(key, "") for key in ("id", "login", "SIS Login ID", "Username")]
        last, comma, first = self.name.partition(",")
        words += [f"{first} {last}"] if comma else [" ".join(reversed(self.name.split(None, 1)))]
        return {_bare(word) for word in words} - {""}


@dataclass(frozen=True)
class Roster:
    """A class.

    Parameters
    ----------
    people
        Its students.
    columns
        Columns of the list.
    """

    people: tuple[Person, ...] = ()
    columns: tuple[str, ...] = field(default=())

    def match(self, submissions: Iterable[Submission]) -> dict[str, Person]:
        """Student of each submission, where the list has one: by number, then by name."""
        by_user = {one.user: one for one in self.people if one.user}
        by_key: dict[str, Person] = {}
        for person in self.people:
            for key in person.keys:
                by_key.setdefault(key, person)
        found = {}
        for one in submissions:
            match = by_user.get(one.user) if one.user else None
            match = match or by_key.get(_bare(one.name)) or by_key.get(_bare(one.student))
            if match is not None:
                found[one.student] = match
        return found


def read_roster(path: Path | None) -> Roster:
    """Read the list of a class.

    Parameters
    ----------
    path
        CSV file: Canvas's exported gradebook ("Student", "ID"), Moodle's grading worksheet
        ("Identifier", "Full name"), or a table with "id" or "name" and, if you like, "email".
        ``None`` for no list.

    Raises
    ------
    GradingError
        If it cannot be read, or has another form.
    """
    if path is None:
        return Roster()
    try:
        text = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise GradingError(
            f"cannot be read ({error})", file=path.name, remedy="name a CSV file in UTF-8"
        ) from None
    first = text.split("\n", 1)[0]
    table = csv.DictReader(io.StringIO(text), delimiter=";" if ";" in first else ",")
    columns = tuple(table.fieldnames or ())
    people = []
    for row in table:
        row = {key: (value or "").strip() for key, value in row.items() if key}
        if "Student" in columns and "ID" in columns:
            name, user, email = row["Student"], row["ID"], row.get("SIS Login ID", "")
            if not user or "Points Possible" in name or name == "Student, Test":
                continue
        elif "Identifier" in columns:
            name, email = row.get("Full name", ""), row.get("Email address", "")
            user = re.sub(r"\D", "", row["Identifier"])
        elif {"id", "name"} & set(columns):
            name, user, email = row.get("name") or row.get("id", ""), "", row.get("email", "")
        else:
            raise GradingError(
                "is not the list of a class",
                file=path.name,
                row=1,
                remedy="use Canvas's gradebook (Student, ID), Moodle's grading worksheet "
                "(Identifier, Full name) or a table with the columns id, name, email",
            )
        if name:
            label = row.get("id") or name
            people.append(Person(name, user, email, row, identifier(label, user)))
    return Roster(tuple(people), columns)


def _bare(word: str) -> str:
    """Small letters and digits only; accents count."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", word).casefold())
