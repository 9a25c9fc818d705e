"""Studies that the reader puts into an order."""

from __future__ import annotations

from typing import Any

import pandas as pd
import traitlets

from lifbook import data
from lifbook.data import check_columns
from lifbook.errors import LifbookError
from lifbook.evidence import QUESTIONS
from lifbook.page.widget import NamedWidget, cited


class RankStudies(NamedWidget):
    """The reader puts studies in order before the book's order is shown.

    Parameters
    ----------
    name
        Name of the widget in the page.
    ranked
        From `rank_studies`, with ``id``, ``study``, ``year``, ``material``, ``n_text``,
        ``sentence``, ``cannot_tell`` and ``citations``.
    label
        What is to be ranked.
    after
        What to think of once both orders are seen.

    Attributes
    ----------
    order : list of str
        Ids in the reader's order; at the start the order of the years.
    revealed : bool
        Whether the book's order is shown.
    """

    studies: traitlets.List[Any] = traitlets.List().tag(sync=True)
    after = traitlets.Unicode().tag(sync=True)
    order = traitlets.List(traitlets.Unicode()).tag(sync=True)
    revealed = traitlets.Bool(False).tag(sync=True)

    def __init__(self, name: str, ranked: pd.DataFrame, *, label: str, after: str = "") -> None:
        check_columns(
            ranked,
            "id",
            "study",
            "year",
            "material",
            "n_text",
            "sentence",
            "cannot_tell",
            "citations",
            "points",
            "rank",
            *QUESTIONS,
        )
        if len(ranked) < 2:
            raise LifbookError(
                "fewer than two studies cannot be ranked",
                argument="ranked",
                remedy="give at least two",
            )
        urls = cited(ranked["citations"])["url"]
        shared = ranked["rank"].value_counts()
        studies = []
        for row, url in zip(data.records(ranked), urls, strict=True):
            yes = [text for key, text in QUESTIONS.items() if getattr(row, key)]
            no = [text for key, text in QUESTIONS.items() if not getattr(row, key)]
            studies.append(
                {
                    "id": row.id,
                    "title": f"{row.study} {row.year}",
                    "rank": int(row.rank),
                    "text": f"{row.sentence} Material: {row.material}. Size: {row.n_text}.",
                    "place": f"place {row.rank}" + (", shared" if shared[row.rank] > 1 else ""),
                    "points": f"{row.points} of {len(QUESTIONS)} points",
                    "reason": f"It {', '.join(yes)}."
                    + (f" Not: {', '.join(no)}." if no else "")
                    + f" What it cannot tell: {row.cannot_tell}.",
                    "url": url,
                }
            )
        super().__init__(
            name=name,
            label=label,
            studies=studies,
            after=after,
            order=ranked.sort_values(["year", "id"])["id"].to_list(),
        )

    @traitlets.validate("order")
    def _whole_order(self, proposal: traitlets.Bunch) -> list[str]:
        known = sorted(study["id"] for study in self.studies)
        if known and sorted(proposal.value) != known:
            raise LifbookError(
                "the order does not name each study once",
                argument="order",
                remedy=f"put these in your order: {', '.join(known)}",
            )
        return proposal.value

    def __repr__(self) -> str:
        return f"RankStudies('{self.name}', {len(self.studies)} studies)"
