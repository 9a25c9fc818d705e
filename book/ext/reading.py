"""What the extensions read of ``data/``: all of it through `lifbook.data`, which checks it.

The folder is ``data`` beside the pages. A page that shows something of a file depends on it:
Sphinx reads the page again when the file changes.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sphinx.environment import BuildEnvironment

from lifbook import data


@dataclass(frozen=True)
class Table:
    """A table of the data package, as text.

    Parameters
    ----------
    file
        Its name in messages, such as ``data/claims.csv``.
    path
        Where it is.
    columns
        Names of the columns, in the order of the file.
    rows
        Column -> cell, without spaces at the ends. The first row of data is ``rows[0]``; messages
        call it row 1.
    """

    file: str
    path: Path
    columns: tuple[str, ...]
    rows: tuple[dict[str, str], ...]


def folder(project: Path | str) -> Path:
    """Data folder of the project whose pages are in this folder."""
    return Path(project) / "data"


def path(project: Path | str, name: str) -> Path:
    """Path of a file that ``data/datapackage.json`` lists under a name.

    Raises
    ------
    lifbook.LifbookError
        If the list is missing or broken, or has no such name.
    """
    place = folder(project)
    return place / str(data.resource(name, folder=place)["path"])


def table(project: Path | str, name: str) -> Table:
    """Read a table of text.

    Raises
    ------
    lifbook.LifbookError
        If the file is missing, altered, or breaks its schema.
    """
    place = folder(project)
    frame = data.read_table(name, folder=place)
    columns = tuple(map(str, frame.columns))
    rows = frame.astype(str).itertuples(index=False, name=None)
    found = path(project, name)
    return Table(
        file=f"data/{found.relative_to(place).as_posix()}",
        path=found.resolve(),
        columns=columns,
        rows=tuple(dict(zip(columns, map(str.strip, row), strict=True)) for row in rows),
    )


def depend(env: BuildEnvironment, name: str) -> None:
    """Have the page that is being read read again when this file of ``data/`` changes.

    Raises
    ------
    lifbook.LifbookError
        As `path`.
    """
    env.note_dependency(str(path(env.srcdir, name)))
