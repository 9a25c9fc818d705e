"""A table of residues whose rows can be sorted and picked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
import traitlets

from lifbook.errors import LifbookError
from lifbook.page.widget import PickingWidget
from lifbook.rounding import rounded


class ResidueTable(PickingWidget):
    """A table of residues whose rows can be sorted and picked.

    Parameters
    ----------
    name
        Name of the widget in the page.
    frame
        One row for each residue. Column ``id`` holds the residue's id; the first of the
        other columns heads the row.
    headings
        Column of the frame -> heading, with the unit; in this order.
    decimals
        Places after the point of numbers.
    label
        What the table shows: its caption.

    Raises
    ------
    LifbookError
        A column is missing from the frame, the frame is empty, or an id names no residue.
    """

    columns: traitlets.List[Any] = traitlets.List().tag(sync=True)
    rows: traitlets.List[Any] = traitlets.List().tag(sync=True)

    def __init__(
        self,
        name: str,
        frame: pd.DataFrame,
        headings: Mapping[str, str],
        *,
        label: str,
        decimals: int = 0,
    ) -> None:
        for column in ("id", *headings):
            if column not in frame:
                raise LifbookError.unknown(f"column of the table '{name}'", column, frame.columns)
        if frame.empty:
            raise LifbookError(f"the table '{name}' has no rows", remedy="widen the selection")
        numeric = {key: pd.api.types.is_numeric_dtype(frame[key]) for key in headings}

        def plain(value: Any, key: str) -> Any:
            if pd.isna(value):
                return None
            return rounded(float(value), 3) if numeric[key] else str(value)

        def place(residue: str) -> tuple[str, int]:
            chain, _colon, number = str(residue).rpartition(":")
            if not number.isdecimal():
                raise LifbookError(
                    f"'{residue}' does not name a residue",
                    column="id",
                    remedy="write entry:chain:number, for instance 2Q7N:B:156",
                )
            return chain, int(number)

        # The first column sorts by residue, whatever the order of the rows.
        order = {residue: at for at, residue in enumerate(sorted(frame["id"], key=place))}
        super().__init__(
            name=name,
            label=label,
            columns=[
                {
                    "label": text,
                    "numeric": numeric[key],
                    "decimals": 0 if pd.api.types.is_integer_dtype(frame[key]) else decimals,
                }
                for key, text in headings.items()
            ],
            rows=[
                {
                    "id": record["id"],
                    "order": order[record["id"]],
                    "values": [plain(record[key], key) for key in headings],
                }
                for record in frame.to_dict("records")
            ],
        )

    def __repr__(self) -> str:
        return f"ResidueTable('{self.name}', {len(self.rows)} rows)"
