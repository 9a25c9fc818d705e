"""Tables of the data package, each cell checked against the schema of its table."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from lifbook.data.package import contents, manifest, resource, shown
from lifbook.data.papers import check_citation, citation_keys
from lifbook.errors import LifbookError, one_of

_CASTS: dict[str, tuple[Callable[[str], Any], str]] = {
    "string": (str, "text"),
    "integer": (int, "a whole number"),
    "number": (float, "a number"),
    "boolean": (lambda cell: {"true": True, "false": False}[cell], "true or false"),
}
_DTYPES = {"string": "str", "integer": "int64", "number": "float64", "boolean": "bool"}


def read_table(name: str, *, folder: Path | str | None = None) -> pd.DataFrame:
    """A table of the data package, checked against its schema.

    Units stand in the schema's column descriptions: ``resource(name)["schema"]``.

    Parameters
    ----------
    name
        Resource name, for example ``"claims"``.

    Returns
    -------
    pandas.DataFrame
        One row per row of the file. An empty cell of text is ``""``, an empty number is
        missing (``NaN``; columns of whole numbers with empty cells are ``Int64``).

    Raises
    ------
    LifbookError
        If the file is missing or altered, a column is missing or unknown, a cell has the
        wrong type or breaks a constraint, a key occurs twice, a foreign key points to
        nothing, or a citation key is not in ``references.bib``.

    Examples
    --------
    >>> read_table("domains").loc[:2, "start"].tolist()
    [7, 83, 203]
    """
    entry = resource(name, folder=folder)
    if "schema" not in entry:
        tables = [key for key, value in manifest(folder).items() if "schema" in value]
        raise LifbookError(
            f"'{name}' is not a table", file=shown(entry["path"]), remedy=one_of(tables)
        )
    text, path = contents(name, folder)
    fields = entry["schema"]["fields"]
    rows = _cells(text, path, fields)
    columns = {
        field["name"]: _column(field, [row[i] for row in rows], path)
        for i, field in enumerate(fields)
    }
    _check_keys(entry["schema"], columns, path)
    _check_foreign_keys(entry["schema"], columns, path, folder)
    for field in fields:
        if field.get("bibKeys"):
            _check_citation_cells(field["name"], columns[field["name"]], path, folder)
    return pd.DataFrame({field["name"]: _series(field, columns) for field in fields})


def _cells(text: str, path: str, fields: list[dict[str, Any]]) -> list[list[str]]:
    """Cells of a CSV file whose header is exactly that of the schema."""
    header, *rows = list(csv.reader(io.StringIO(text))) or [[]]
    wanted = [field["name"] for field in fields]
    for column in wanted:
        if column not in header:
            raise LifbookError(
                "the column is missing",
                file=shown(path),
                column=column,
                remedy=f"the columns are {', '.join(wanted)}",
            )
    if header != wanted:
        raise LifbookError(
            f"the columns are {', '.join(header)}",
            file=shown(path),
            row="header",
            remedy=f"write them as {', '.join(wanted)}",
        )
    for number, row in enumerate(rows, start=1):
        if len(row) != len(wanted):
            raise LifbookError(
                f"{len(row)} cells, expected {len(wanted)}",
                file=shown(path),
                row=number,
                remedy="put cells that contain a comma in double quotes",
            )
    return rows


def _column(field: dict[str, Any], cells: list[str], path: str) -> list[Any]:
    """Values of one column; an empty cell is None."""
    cast, description = _CASTS[field["type"]]
    values: list[Any] = []
    for number, cell in enumerate(cells, start=1):
        if cell == "":
            value = None
        else:
            try:
                value = cast(cell)
            except (ValueError, KeyError):
                raise LifbookError(
                    f"'{cell}' is not {description}",
                    file=shown(path),
                    row=number,
                    column=field["name"],
                    remedy=f"write {description}",
                ) from None
        _check_constraints(field, value, number, path)
        values.append(value)
    if field.get("constraints", {}).get("unique"):
        _check_unique([field["name"]], [(value,) for value in values], path)
    return values


def _check_constraints(field: dict[str, Any], value: Any, row: int, path: str) -> None:
    """Frictionless constraints of one cell (the ones this package uses)."""
    limits = field.get("constraints", {})

    def refuse(problem: str, remedy: str) -> None:
        raise LifbookError(problem, file=shown(path), row=row, column=field["name"], remedy=remedy)

    if value is None:
        if limits.get("required"):
            refuse("the cell is empty", "fill it in")
        return
    if "enum" in limits and value not in limits["enum"]:
        refuse(f"'{value}' is not allowed", one_of(limits["enum"]))
    if "minimum" in limits and value < limits["minimum"]:
        refuse(f"{value} is too small", f"the least allowed value is {limits['minimum']}")
    if "maximum" in limits and value > limits["maximum"]:
        refuse(f"{value} is too large", f"the greatest allowed value is {limits['maximum']}")
    if "pattern" in limits and not re.fullmatch(limits["pattern"], value):
        refuse(f"'{value}' has not the right form", f"it has to match {limits['pattern']}")


def _names(key: str | list[str]) -> list[str]:
    return [key] if isinstance(key, str) else list(key)


def _tuples(columns: Mapping[str, list[Any]], names: list[str]) -> list[tuple[Any, ...]]:
    return list(zip(*(columns[name] for name in names), strict=True))


def _check_keys(schema: dict[str, Any], columns: Mapping[str, list[Any]], path: str) -> None:
    if "primaryKey" in schema:
        names = _names(schema["primaryKey"])
        _check_unique(names, _tuples(columns, names), path)


def _check_unique(names: list[str], values: list[tuple[Any, ...]], path: str) -> None:
    seen: dict[tuple[Any, ...], int] = {}
    for number, value in enumerate(values, start=1):
        if value in seen:
            raise LifbookError(
                f"{', '.join(map(str, value))} stands in row {seen[value]} already",
                file=shown(path),
                row=number,
                column=", ".join(names),
                remedy="remove one of the two rows or change its key",
            )
        seen[value] = number


def _check_foreign_keys(
    schema: dict[str, Any], columns: Mapping[str, list[Any]], path: str, folder: Path | str | None
) -> None:
    for key in schema.get("foreignKeys", []):
        names = _names(key["fields"])
        target = key["reference"]["resource"]
        there = read_table(target, folder=folder)[_names(key["reference"]["fields"])]
        allowed = set(there.itertuples(index=False, name=None))
        for number, value in enumerate(_tuples(columns, names), start=1):
            if None not in value and value not in allowed:
                raise LifbookError(
                    f"{', '.join(map(str, value))} is not in table '{target}'",
                    file=shown(path),
                    row=number,
                    column=", ".join(names),
                    remedy=f"use a row of '{target}' or add one there",
                )


def _check_citation_cells(
    name: str, cells: list[Any], path: str, folder: Path | str | None
) -> None:
    known = citation_keys(folder=folder)
    for number, cell in enumerate(cells, start=1):
        for key in filter(None, (cell or "").split(";")):
            check_citation(key, known, file=shown(path), row=number, column=name)


def _series(field: dict[str, Any], columns: Mapping[str, list[Any]]) -> pd.Series:
    values = columns[field["name"]]
    dtype = _DTYPES[field["type"]]
    if None in values:
        if field["type"] == "string":
            values = [value or "" for value in values]
        elif field["type"] in ("integer", "boolean"):
            dtype = {"integer": "Int64", "boolean": "boolean"}[field["type"]]
    return pd.Series(values, dtype=dtype)


def records(table: pd.DataFrame) -> Iterator[Any]:
    """Rows of a table one after the other, each with the columns as attributes.

    They are declared as ``Any``: of what type a column is stands in the schema, which the hints
    of pandas cannot know. (``DataFrame.itertuples`` declares each value as any type there is.)

    Examples
    --------
    >>> [row.domain for row in records(read_table("domains").head(2))]
    ['D1', 'D2']
    """
    return iter(table.itertuples())


def check_columns(table: pd.DataFrame, *columns: str) -> None:
    """Raise LifbookError where a table that is handed in lacks a column that is needed.

    Examples
    --------
    >>> check_columns(read_table("domains"), "domain", "colour")
    Traceback (most recent call last):
        ...
    lifbook.errors.LifbookError: column 'colour': the table has no column 'colour'. \
What to do: use a table with the columns domain, colour.
    """
    for column in columns:
        if column not in table:
            raise LifbookError(
                f"the table has no column '{column}'",
                column=column,
                remedy=f"use a table with the columns {', '.join(columns)}",
            )
