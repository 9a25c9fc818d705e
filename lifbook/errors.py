"""The one exception that lifbook raises for bad input."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Self


def one_of(known: Iterable[object]) -> str:
    """The remedy for a name that is unknown: which names there are.

    Examples
    --------
    >>> one_of(["LIF", "LIFR"])
    'use one of LIF, LIFR'
    >>> one_of([])
    'there is none to choose from'
    """
    names = ", ".join(map(str, known))
    return f"use one of {names}" if names else "there is none to choose from"


class LifbookError(ValueError):
    """Bad input: says what is wrong, where, and what to do about it.

    Everything that a user of ``lifbook`` can get wrong (a missing file, an altered
    table, an unknown chain, a value out of range, an unknown scene) raises this one
    exception, so that one ``except`` is enough.

    Parameters
    ----------
    problem
        What is wrong, as a sentence without a full stop.
    remedy
        What the reader can do, as a sentence without a full stop.
    file
        Name of the file, relative to the project, where there is one.
    argument
        Name of the argument of a function, of a widget's trait, or of a variable of ``make``.
    row
        Row of a table (1 is the first row of data) or line of a text file.
    column
        Column of a table, or field of a record.

    Examples
    --------
    >>> print(LifbookError("-1 Å is below 0", argument="cutoff", remedy="give a distance above 0"))
    argument 'cutoff': -1 Å is below 0. What to do: give a distance above 0.
    >>> print(
    ...     LifbookError(
    ...         "'x' is not a number",
    ...         file="data/domains.csv",
    ...         row=3,
    ...         column="start",
    ...         remedy="write a whole number",
    ...     )
    ... )
    data/domains.csv, row 3, column 'start': 'x' is not a number. What to do: write a whole number.
    """

    def __init__(
        self,
        problem: str,
        *,
        remedy: str,
        file: str | None = None,
        argument: str | None = None,
        row: int | str | None = None,
        column: str | None = None,
    ) -> None:
        self.problem = problem
        self.remedy = remedy
        self.file = file
        self.argument = argument
        self.row = row
        self.column = column
        place = [str(file)] if file else []
        if argument is not None:
            place.append(f"argument '{argument}'")
        if row is not None:
            place.append(f"row {row}")
        if column is not None:
            place.append(f"column '{column}'")
        where = ", ".join(place)
        super().__init__(f"{where + ': ' if where else ''}{problem}. What to do: {remedy}.")

    @classmethod
    def unknown(
        cls,
        what: str,
        given: object,
        known: Iterable[object],
        *,
        file: str | None = None,
        argument: str | None = None,
        row: int | str | None = None,
        column: str | None = None,
    ) -> Self:
        """The error for a name that does not exist; where it stands, as in the class.

        Parameters
        ----------
        what
            What should have that name, in the singular: "chain", "chain of 2Q7N".
        given
            The unknown name.
        known
            The names there are, in the order in which they are shown.

        Examples
        --------
        >>> print(LifbookError.unknown("chain of 2Q7N", "Z", ["A", "B"], argument="chain"))
        argument 'chain': no chain of 2Q7N is called 'Z'. What to do: use one of A, B.
        """
        return cls(
            f"no {what} is called '{given}'",
            remedy=one_of(known),
            file=file,
            argument=argument,
            row=row,
            column=column,
        )
