"""A puzzle of two by two crosses: guess first, then see what was found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import traitlets

from lifbook import data
from lifbook.errors import LifbookError
from lifbook.page.widget import NamedWidget


class KnockoutPuzzle(NamedWidget):
    """Uterus by embryo: predict each combination, then see what was found and what it leaves open.

    Parameters
    ----------
    name
        Name of the widget in the page.
    rows, columns
        Two names each: the uteri (with LIF first) and where the embryos come from (a mother
        with LIF first).
    found
        (row, column) -> (implants or not, finding, citation keys), counted from 0, for the
        combinations that were reported.
    label
        What the puzzle is about.

    Attributes
    ----------
    guesses : list of int
        1 implants, 0 does not, -1 not yet predicted; row by row.
    revealed : bool
        Whether the results are shown.
    """

    #: What each explanation predicts: rows are uteri, columns embryos.
    IDEAS = (
        ("The uterus needs LIF", [[True, True], [False, False]]),
        (
            "The embryo's mother must have LIF, wherever the embryo is put",
            [[True, False], [True, False]],
        ),
        ("Both are needed", [[True, False], [False, False]]),
        ("Either is enough", [[True, True], [True, False]]),
    )

    rows = traitlets.List(traitlets.Unicode()).tag(sync=True)
    columns = traitlets.List(traitlets.Unicode()).tag(sync=True)
    cells: traitlets.List[Any] = traitlets.List().tag(sync=True)
    ideas: traitlets.List[Any] = traitlets.List().tag(sync=True)
    guesses = traitlets.List(traitlets.Int()).tag(sync=True)
    revealed = traitlets.Bool(False).tag(sync=True)

    def __init__(
        self,
        name: str,
        rows: Sequence[str],
        columns: Sequence[str],
        found: Mapping[tuple[int, int], tuple[bool, str, str]],
        *,
        label: str,
    ) -> None:
        if len(rows) != 2 or len(columns) != 2:
            raise LifbookError(
                f"{len(rows)} uteri and {len(columns)} kinds of embryo do not make a two by two "
                "puzzle",
                argument="rows, columns",
                remedy="give two of each",
            )
        places = [(row, column) for row in range(2) for column in range(2)]
        for place in found:
            if place not in places:
                raise LifbookError(
                    f"{place} is not a combination of the puzzle",
                    argument="found",
                    remedy="use (row, column), each 0 or 1",
                )
        cells = []
        for row, column in places:
            outcome, finding, keys = found.get((row, column), (None, "", ""))
            cited = data.citations([keys]).iloc[0] if keys else {"citation": "", "url": ""}
            cells.append(
                {
                    "row": row,
                    "column": column,
                    "finding": finding,
                    "outcome": None if outcome is None else bool(outcome),
                    "source": cited["citation"],
                    "url": cited["url"],
                }
            )
        super().__init__(
            name=name,
            label=label,
            rows=list(rows),
            columns=list(columns),
            cells=cells,
            ideas=[{"text": text, "predicts": predicts} for text, predicts in self.IDEAS],
            guesses=[-1] * 4,
        )

    @traitlets.validate("guesses")
    def _four_guesses(self, proposal: traitlets.Bunch) -> list[int]:
        if len(proposal.value) != 4 or any(guess not in (-1, 0, 1) for guess in proposal.value):
            raise LifbookError(
                f"{proposal.value} does not hold four predictions",
                argument="guesses",
                remedy="give four of 1 (implants), 0 (does not) and -1 (no prediction)",
            )
        return proposal.value

    def left(self) -> list[str]:
        """The explanations that no reported result rules out."""
        return [
            text
            for text, predicts in self.IDEAS
            if all(
                predicts[cell["row"]][cell["column"]] == cell["outcome"]
                for cell in self.cells
                if cell["outcome"] is not None
            )
        ]

    def __repr__(self) -> str:
        return f"KnockoutPuzzle('{self.name}')"
