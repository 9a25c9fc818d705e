"""Weighing studies: what kind of evidence each brings, and how many questions it can answer.

Everything is read from the tables ``cancers`` and ``gastric`` of ``data/``; nothing here is a
judgement of how well a study was done.
"""

from __future__ import annotations

import pandas as pd

from lifbook.data import check_columns
from lifbook.errors import LifbookError

#: Columns of the table ``cancers`` that say what kind of evidence an entry brings, from the
#: weakest to the strongest, with the words of the picture.
LADDER = {
    "cells": "cells in a dish",
    "animals": "animals",
    "patient_tissue": "patients' samples",
    "patient_outcome": "patients' outcome",
    "adjusted_outcome": "outcome, adjusted",
    "intervention": "patients treated",
}


def strength(studies: pd.DataFrame) -> pd.Series:
    """The strongest kind of evidence of each entry: 1 (cells in a dish) to 6 (patients treated).

    Parameters
    ----------
    studies
        Table with the columns of `LADDER`, true or false.

    Notes
    -----
    It says what kind of thing was observed, not how well: six is no better than five if the
    patients had no comparison group.

    Raises
    ------
    LifbookError
        A missing column, or an entry with no evidence at all.

    Returns
    -------
    pandas.Series
        Named ``strength``, with the index of the table.

    Examples
    --------
    >>> from lifbook import data
    >>> strength(data.read_table("cancers")).value_counts().sort_index().to_dict()
    {1: 5, 2: 6, 3: 7, 4: 8, 5: 2, 6: 1}
    """
    check_columns(studies, *LADDER)
    kinds = studies[list(LADDER)].astype(bool).mul(list(range(1, len(LADDER) + 1)))
    found = kinds.max(axis="columns")
    for row, value in enumerate(found, start=1):
        if not value:
            raise LifbookError(
                "the entry has no kind of evidence",
                row=row,
                column=", ".join(LADDER),
                remedy="set at least one of these columns to true",
            )
    return found.rename("strength")


#: What a study on one cancer is asked, each answer worth one point.
QUESTIONS = {
    "patients": "looks at samples of patients",
    "numbers": "says how many patients",
    "outcome": "follows how patients fare",
    "experiment": "changes LIF or LIFR in cells",
    "animals": "changes it in animals",
    "consistent": "does not contradict itself",
}


def rank_studies(studies: pd.DataFrame, entries: pd.DataFrame) -> pd.DataFrame:
    """Studies of one cancer in the order of how many of six questions each can answer.

    Parameters
    ----------
    studies
        Table such as ``gastric``: one row a study, with ``n``, ``lif_effect``, ``kind``.
    entries
        Table ``cancers``, which has the kinds of evidence; its rows of a study are those
        whose first citation is that of the study.

    Returns
    -------
    pandas.DataFrame
        The studies, strongest first, with a column of true or false for each of `QUESTIONS`,
        ``points`` (0 to 6) and ``rank`` (equal points, equal rank). What an abstract says of
        the patients' outcome does not count where it contradicts itself; a review measures
        nothing.

    Raises
    ------
    LifbookError
        A missing column.

    Examples
    --------
    >>> from lifbook import data
    >>> ranked = rank_studies(data.read_table("gastric"), data.read_table("cancers"))
    >>> ranked[["points", "rank"]].values.tolist()
    [[5, 1], [5, 1], [4, 3], [3, 4], [2, 5], [1, 6], [1, 6]]
    """
    check_columns(studies, "citations", "n", "lif_effect", "kind")
    check_columns(entries, "citations", "self_contradiction", *LADDER)

    def first(table: pd.DataFrame) -> pd.Series:
        return table["citations"].str.split(";").str[0]

    columns = ["animals", "patient_tissue", "patient_outcome", "self_contradiction"]
    known = entries.groupby(first(entries))[columns].any()
    kinds = known.reindex(first(studies)).fillna(False).astype(bool).set_axis(studies.index)
    measured = studies["kind"] == "primary"
    answers = pd.DataFrame(
        {
            "patients": kinds["patient_tissue"],
            "numbers": studies["n"].notna(),
            "outcome": kinds["patient_outcome"] & ~kinds["self_contradiction"],
            "experiment": measured & studies["lif_effect"].isin(["promotes", "suppresses"]),
            "animals": kinds["animals"],
            "consistent": ~kinds["self_contradiction"],
        }
    )
    points = answers.sum(axis="columns")
    ranked = studies.join(answers).assign(
        points=points, rank=points.rank(method="min", ascending=False).astype(int)
    )
    return ranked.sort_values(["rank", "year"] if "year" in ranked else "rank", kind="stable")
