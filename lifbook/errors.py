"""The one exception that lifbook raises for bad input."""

from __future__ import annotations


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
    row
        Row of a table (1 is the first row of data) or line of a text file.
    column
        Column of a table, or the name of the argument.

    Examples
    --------
    >>> print(LifbookError("no chain 'Z'", file="data/structures/2q7n.pdb",
    ...                    remedy="use one of A, B"))
    data/structures/2q7n.pdb: no chain 'Z'. What to do: use one of A, B.
    """

    def __init__(
        self,
        problem: str,
        *,
        remedy: str,
        file: str | None = None,
        row: int | str | None = None,
        column: str | None = None,
    ) -> None:
        self.problem = problem
        self.remedy = remedy
        self.file = file
        self.row = row
        self.column = column
        place = [str(file)] if file else []
        if row is not None:
            place.append(f"row {row}")
        if column is not None:
            place.append(f"column '{column}'")
        where = ", ".join(place)
        super().__init__(f"{where + ': ' if where else ''}{problem}. What to do: {remedy}.")
