"""Studies to be weighed: a picture, filters and the sentence of each study."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import traitlets

from lifbook import data
from lifbook.data import check_columns
from lifbook.errors import LifbookError
from lifbook.evidence import LADDER, strength
from lifbook.page.widget import PickingWidget, cited, known_entry
from lifbook.palette import COLOURS

#: Effect of an entry -> heading of the picture: the tumour is ...
DIRECTIONS = {"suppresses": "held back", "not shown": "not shown", "promotes": "helped"}
SHAPES = {"LIF": "round", "LIFR": "square"}


def _check_picture(studies: pd.DataFrame) -> None:
    """Refuse a molecule or an effect for which the picture has no place."""
    for row, study in enumerate(data.records(studies), start=1):
        for column, known in (("molecule", SHAPES), ("effect", DIRECTIONS)):
            value = getattr(study, column)
            if value not in known:
                raise LifbookError.unknown(
                    f"{column} of the picture", value, known, row=row, column=column
                )


class EvidenceExplorer(PickingWidget):
    """Studies as a table to search, filter and sort, and as dots: direction against strength.

    Parameters
    ----------
    name
        Name of the widget in the page.
    studies
        Table with ``id``, ``molecule`` (LIF or LIFR), ``effect`` (a key of `DIRECTIONS`),
        ``finding``, ``citations`` and the columns of `LADDER`.
    headings
        Column -> heading, in this order; ``source`` is the citation.
    filters
        Columns that can be filtered by one of their values.
    label
        What the table shows.

    Attributes
    ----------
    picked : str
        Id of the entry whose finding is shown.
    query : str
        Words that an entry must have.
    chosen : dict
        Column -> the value to which it is filtered.
    sort : str
        Column by which the rows stand, with a ``-`` before it to turn the order round.
    """

    columns: traitlets.List[Any] = traitlets.List().tag(sync=True)
    rows: traitlets.List[Any] = traitlets.List().tag(sync=True)
    filters: traitlets.List[Any] = traitlets.List().tag(sync=True)
    levels: traitlets.List[Any] = traitlets.List().tag(sync=True)
    directions: traitlets.List[Any] = traitlets.List().tag(sync=True)
    legend: traitlets.List[Any] = traitlets.List().tag(sync=True)
    query = traitlets.Unicode("").tag(sync=True)
    chosen: traitlets.Dict[str, Any] = traitlets.Dict().tag(sync=True)
    sort = traitlets.Unicode("").tag(sync=True)

    def __init__(
        self,
        name: str,
        studies: pd.DataFrame,
        headings: Mapping[str, str],
        *,
        filters: Sequence[str] = (),
        label: str,
    ) -> None:
        check_columns(studies, "id", "molecule", "effect", "finding", "citations")
        if studies.empty:
            raise LifbookError(f"the table '{name}' has no rows", remedy="widen the selection")
        _check_picture(studies)
        papers = cited(studies["citations"])
        table = studies.assign(source=papers["citation"], strength=strength(studies))
        check_columns(table, *headings, *filters)
        texts = table[list(dict.fromkeys([*headings, *filters]))].astype(object)
        texts = texts.where(texts.notna(), "–").astype(str)
        rows = [
            {
                "id": row.id,
                "direction": DIRECTIONS[row.effect],
                "level": int(row.strength),
                "shape": SHAPES[row.molecule],
                "colour": COLOURS[row.molecule],
                "finding": row.finding,
                "name": f"{row.cancer}, {row.molecule}, {row.source}"
                if "cancer" in table
                else f"{row.molecule}, {row.source}",
                "url": url,
                "values": values,
            }
            for row, url, values in zip(
                data.records(table), papers["url"], texts.to_dict("records"), strict=True
            )
        ]
        super().__init__(
            name=name,
            label=label,
            rows=rows,
            columns=[{"key": key, "label": text} for key, text in headings.items()],
            filters=[
                {"key": key, "label": headings.get(key, key), "options": sorted(set(texts[key]))}
                for key in filters
            ],
            levels=[[at, text] for at, text in enumerate(LADDER.values(), start=1)][::-1],
            directions=list(DIRECTIONS.values()),
            legend=[[molecule, shape, COLOURS[molecule]] for molecule, shape in SHAPES.items()],
        )

    @traitlets.validate("picked")
    def _known_row(self, proposal: traitlets.Bunch) -> str:
        return known_entry(self, proposal.value, [row["id"] for row in self.rows], "picked")

    @traitlets.validate("sort")
    def _known_column(self, proposal: traitlets.Bunch) -> str:
        columns = [item["key"] for item in self.columns]
        known_entry(self, proposal.value.removeprefix("-"), columns, "sort")
        return proposal.value

    @traitlets.validate("chosen")
    def _known_choice(self, proposal: traitlets.Bunch) -> dict[str, Any]:
        for key, value in proposal.value.items():
            known_entry(self, key, [item["key"] for item in self.filters], "chosen")
            known_entry(
                self,
                value,
                [text for item in self.filters if item["key"] == key for text in item["options"]],
                "chosen",
            )
        return proposal.value

    def __repr__(self) -> str:
        return f"EvidenceExplorer('{self.name}', {len(self.rows)} entries)"
