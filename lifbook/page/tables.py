"""Tables of the book: a DataFrame with readable headings, without the row numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from typing import Any

import pandas as pd

from lifbook.errors import LifbookError
from lifbook.rounding import rounded


@dataclass(frozen=True)
class Table:
    """A table for reading.

    Attributes
    ----------
    frame
        What is shown, with its headings as column names.
    decimals
        Places after the point of numbers that are not whole.
    caption
        What the table shows; may be empty.
    cards
        For tables of sentences: on a narrow screen each row becomes a card.
    """

    frame: pd.DataFrame
    decimals: int = 1
    caption: str = ""
    cards: bool = False

    def _format(self, values: pd.Series) -> list[str]:
        if not pd.api.types.is_float_dtype(values):
            return [
                "–" if pd.api.types.is_scalar(value) and pd.isna(value) else str(value)
                for value in values
            ]
        return [
            "–" if pd.isna(value) else f"{rounded(value, self.decimals):.{self.decimals}f}"
            for value in values
        ]

    def _repr_html_(self) -> str:
        # By place and not by name: two columns may have the same heading.
        columns = [self.frame.iloc[:, at] for at in range(self.frame.shape[1])]
        kind = ['class="number"' if pd.api.types.is_numeric_dtype(c) else "" for c in columns]
        named = [
            f'{kind[at]} data-label="{escape(str(name).strip())}"'.strip()
            if self.cards
            else kind[at]
            for at, name in enumerate(self.frame)
        ]
        cells = zip(*(self._format(column) for column in columns), strict=True)
        head = "".join(
            f'<th scope="col" {kind[at]}>{escape(str(name))}</th>'
            for at, name in enumerate(self.frame)
        )
        body = "".join(
            f'<tr><th scope="row">{escape(row[0])}</th>'
            + "".join(f"<td {named[at]}>{escape(text)}</td>" for at, text in enumerate(row[1:], 1))
            + "</tr>\n"
            for row in cells
        )
        caption = f"<caption>{escape(self.caption)}</caption>" if self.caption else ""
        look = "lif-plain lif-plain--cards" if self.cards else "lif-plain"
        html = f'<table class="{look}">{caption}<thead><tr>{head}</tr></thead>\n<tbody>\n{body}</tbody></table>'
        return f'<div class="lif-plain-box" tabindex="0">{html.replace(" >", ">")}</div>'

    def __repr__(self) -> str:
        def short(column: pd.Series) -> pd.Series:
            # Other columns keep their type: pandas 2 and 3 write it otherwise after a change.
            if not (pd.api.types.is_float_dtype(column) or pd.api.types.is_object_dtype(column)):
                return column
            return column.map(lambda x: rounded(x, self.decimals) if isinstance(x, float) else x)

        return self.frame.apply(short).to_string(index=False)


def show(
    frame: pd.DataFrame,
    *,
    decimals: int = 1,
    caption: str = "",
    cards: bool = False,
    **headings: str,
) -> Table:
    """A DataFrame as a table for reading.

    Parameters
    ----------
    frame
        The data. An index that has a name, or is not of whole numbers, becomes the first
        column; mere row numbers are left out.
    decimals, caption, cards
        See `Table`.
    headings
        ``column="heading (unit)"``; only these are shown, in this order. By default all.

    Raises
    ------
    LifbookError
        A column that the frame does not have.
    """
    numbered = frame.index.name is None and pd.api.types.is_integer_dtype(frame.index)
    if not numbered and frame.index.name not in frame:
        frame = frame.rename_axis(str(frame.index.name or "")).reset_index()
        if headings:
            headings = {frame.columns[0]: str(frame.columns[0])} | headings
    # A frame may have columns whose names are not texts.
    shown: Mapping[Any, str] = headings or {column: str(column) for column in frame}
    for column in shown:
        if column not in frame:
            raise LifbookError.unknown("column of the table", column, frame.columns)
    return Table(frame[list(shown)].rename(columns=shown), decimals, caption, cards)
