"""Widgets of the Clinical Significance chapter: weighing studies, a puzzle, power, bounds.

Each works in the page alone. What the page computes itself (``static/exact.js``) is what
`lifbook.statistics` computes here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd
import traitlets

from lifbook import data
from lifbook.base import NamedWidget, PickingWidget, module
from lifbook.errors import LifbookError
from lifbook.figures import check_columns
from lifbook.palette import COLOURS

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
#: Effect of an entry -> heading of the picture: the tumour is ...
DIRECTIONS = {"suppresses": "held back", "not shown": "not shown", "promotes": "helped"}
SHAPES = {"LIF": "round", "LIFR": "square"}


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
    """
    check_columns(studies, *LADDER)
    kinds = studies[list(LADDER)].astype(bool).mul(list(range(1, len(LADDER) + 1)))
    found = kinds.max(axis="columns")
    for row, value in enumerate(found, start=1):
        if not value:
            raise LifbookError(
                "an entry with no kind of evidence", row=row, column=", ".join(LADDER),
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
    The studies, strongest first, with a column of true or false for each of `QUESTIONS`,
    ``points`` (0 to 6) and ``rank`` (equal points, equal rank). What an abstract says of the
    patients' outcome does not count where it contradicts itself; a review measures nothing.
    """
    check_columns(studies, "citations", "n", "lif_effect", "kind")
    check_columns(entries, "citations", "self_contradiction", *LADDER)

    def first(table: pd.DataFrame) -> pd.Series:
        return table["citations"].str.split(";").str[0]

    columns = ["animals", "patient_tissue", "patient_outcome", "self_contradiction"]
    known = entries.groupby(first(entries))[columns].any()
    kinds = known.reindex(first(studies)).fillna(False).astype(bool).set_axis(studies.index)
    measured = studies["kind"] == "primary"
    answers = pd.DataFrame({
        "patients": kinds["patient_tissue"],
        "numbers": studies["n"].notna(),
        "outcome": kinds["patient_outcome"] & ~kinds["self_contradiction"],
        "experiment": measured & studies["lif_effect"].isin(["promotes", "suppresses"]),
        "animals": kinds["animals"],
        "consistent": ~kinds["self_contradiction"],
    })
    points = answers.sum(axis="columns")
    ranked = studies.join(answers).assign(
        points=points, rank=points.rank(method="min", ascending=False).astype(int))
    return ranked.sort_values(["rank", "year"] if "year" in ranked else "rank", kind="stable")


def _cited(cells: pd.Series) -> pd.DataFrame:
    return data.citations(cells).set_axis(cells.index)


def _known(widget: NamedWidget, value: str, known: Sequence[str], trait: str) -> str:
    if value and known and value not in known:
        raise LifbookError(
            f"'{widget.name}' has no entry '{value}'", column=trait,
            remedy=f"use one of {', '.join(known)}",
        )
    return value


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

    _esm = module("evidence.js")
    columns = traitlets.List().tag(sync=True)
    rows = traitlets.List().tag(sync=True)
    filters = traitlets.List().tag(sync=True)
    levels = traitlets.List().tag(sync=True)
    directions = traitlets.List().tag(sync=True)
    legend = traitlets.List().tag(sync=True)
    query = traitlets.Unicode("").tag(sync=True)
    chosen = traitlets.Dict().tag(sync=True)
    sort = traitlets.Unicode("").tag(sync=True)

    def __init__(
        self, name: str, studies: pd.DataFrame, headings: Mapping[str, str], *,
        filters: Sequence[str] = (), label: str,
    ) -> None:
        check_columns(studies, "id", "molecule", "effect", "finding", "citations")
        if studies.empty:
            raise LifbookError(f"the table '{name}' has no rows", remedy="widen the selection")
        for row, (molecule, effect) in enumerate(
            zip(studies["molecule"], studies["effect"], strict=True), start=1
        ):
            for value, known, column in (
                (molecule, SHAPES, "molecule"), (effect, DIRECTIONS, "effect"),
            ):
                if value not in known:
                    raise LifbookError(
                        f"'{value}' has no place in the picture", row=row, column=column,
                        remedy=f"use one of {', '.join(known)}",
                    )
        cited = _cited(studies["citations"])
        table = studies.assign(source=cited["citation"], strength=strength(studies))
        check_columns(table, *headings, *filters)
        texts = table[list(dict.fromkeys([*headings, *filters]))].astype(object)
        texts = texts.where(texts.notna(), "–").astype(str)
        rows = [
            {"id": row.id, "direction": DIRECTIONS[row.effect], "level": int(row.strength),
             "shape": SHAPES[row.molecule], "colour": COLOURS[row.molecule], "finding": row.finding,
             "name": f"{row.cancer}, {row.molecule}, {row.source}" if "cancer" in table
                     else f"{row.molecule}, {row.source}",
             "url": url, "values": values}
            for row, url, values in zip(
                table.itertuples(), cited["url"], texts.to_dict("records"), strict=True)
        ]
        super().__init__(
            name=name, label=label, rows=rows,
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
        return _known(self, proposal.value, [row["id"] for row in self.rows], "picked")

    @traitlets.validate("sort")
    def _known_column(self, proposal: traitlets.Bunch) -> str:
        columns = [item["key"] for item in self.columns]
        _known(self, proposal.value.removeprefix("-"), columns, "sort")
        return proposal.value

    @traitlets.validate("chosen")
    def _known_choice(self, proposal: traitlets.Bunch) -> dict:
        for key, value in proposal.value.items():
            _known(self, key, [item["key"] for item in self.filters], "chosen")
            _known(self, value, [text for item in self.filters if item["key"] == key
                                 for text in item["options"]], "chosen")
        return proposal.value

    def __repr__(self) -> str:
        return f"EvidenceExplorer('{self.name}', {len(self.rows)} entries)"


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

    _esm = module("rank.js")
    studies = traitlets.List().tag(sync=True)
    after = traitlets.Unicode().tag(sync=True)
    order = traitlets.List(traitlets.Unicode()).tag(sync=True)
    revealed = traitlets.Bool(False).tag(sync=True)

    def __init__(self, name: str, ranked: pd.DataFrame, *, label: str, after: str = "") -> None:
        check_columns(ranked, "id", "study", "year", "material", "n_text", "sentence",
                      "cannot_tell", "citations", "points", "rank", *QUESTIONS)
        if len(ranked) < 2:
            raise LifbookError(
                "fewer than two studies cannot be ranked", column="ranked", remedy="give at least two"
            )
        urls = _cited(ranked["citations"])["url"]
        shared = ranked["rank"].value_counts()
        studies = []
        for row, url in zip(ranked.itertuples(), urls, strict=True):
            yes = [text for key, text in QUESTIONS.items() if getattr(row, key)]
            no = [text for key, text in QUESTIONS.items() if not getattr(row, key)]
            studies.append({
                "id": row.id, "title": f"{row.study} {row.year}", "rank": int(row.rank),
                "text": f"{row.sentence} Material: {row.material}. Size: {row.n_text}.",
                "place": f"place {row.rank}" + (", shared" if shared[row.rank] > 1 else ""),
                "points": f"{row.points} of {len(QUESTIONS)} points",
                "reason": f"It {', '.join(yes)}." + (f" Not: {', '.join(no)}." if no else "")
                          + f" What it cannot tell: {row.cannot_tell}.",
                "url": url,
            })
        super().__init__(
            name=name, label=label, studies=studies, after=after,
            order=ranked.sort_values(["year", "id"])["id"].to_list(),
        )

    @traitlets.validate("order")
    def _whole_order(self, proposal: traitlets.Bunch) -> list[str]:
        known = sorted(study["id"] for study in self.studies)
        if known and sorted(proposal.value) != known:
            raise LifbookError(
                "the order does not name each study once", column="order",
                remedy=f"put these in your order: {', '.join(known)}",
            )
        return proposal.value

    def __repr__(self) -> str:
        return f"RankStudies('{self.name}', {len(self.studies)} studies)"


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
        ("The embryo's mother must have LIF, wherever the embryo is put",
         [[True, False], [True, False]]),
        ("Both are needed", [[True, False], [False, False]]),
        ("Either is enough", [[True, True], [True, False]]),
    )

    _esm = module("knockout.js")
    rows = traitlets.List(traitlets.Unicode()).tag(sync=True)
    columns = traitlets.List(traitlets.Unicode()).tag(sync=True)
    cells = traitlets.List().tag(sync=True)
    ideas = traitlets.List().tag(sync=True)
    guesses = traitlets.List(traitlets.Int()).tag(sync=True)
    revealed = traitlets.Bool(False).tag(sync=True)

    def __init__(
        self, name: str, rows: Sequence[str], columns: Sequence[str],
        found: Mapping[tuple[int, int], tuple[bool, str, str]], *, label: str,
    ) -> None:
        if len(rows) != 2 or len(columns) != 2:
            raise LifbookError(
                f"{len(rows)} uteri and {len(columns)} kinds of embryo do not make a two by two "
                "puzzle", column="rows, columns", remedy="give two of each",
            )
        places = [(row, column) for row in range(2) for column in range(2)]
        for place in found:
            if place not in places:
                raise LifbookError(
                    f"{place} is no combination of the puzzle", column="found",
                    remedy="use (row, column), each 0 or 1",
                )
        cells = []
        for row, column in places:
            outcome, finding, keys = found.get((row, column), (None, "", ""))
            cited = data.citations([keys]).iloc[0] if keys else {"citation": "", "url": ""}
            cells.append({"row": row, "column": column, "finding": finding,
                          "outcome": None if outcome is None else bool(outcome),
                          "source": cited["citation"], "url": cited["url"]})
        super().__init__(
            name=name, label=label, rows=list(rows), columns=list(columns), cells=cells,
            ideas=[{"text": text, "predicts": predicts} for text, predicts in self.IDEAS],
            guesses=[-1] * 4,
        )

    @traitlets.validate("guesses")
    def _four_guesses(self, proposal: traitlets.Bunch) -> list[int]:
        if len(proposal.value) != 4 or any(guess not in (-1, 0, 1) for guess in proposal.value):
            raise LifbookError(
                f"{proposal.value} are no four predictions", column="guesses",
                remedy="give four of 1 (implants), 0 (does not) and -1 (no prediction)",
            )
        return proposal.value

    def left(self) -> list[str]:
        """The explanations that no reported result rules out."""
        return [
            text for text, predicts in self.IDEAS
            if all(predicts[cell["row"]][cell["column"]] == cell["outcome"]
                   for cell in self.cells if cell["outcome"] is not None)
        ]

    def __repr__(self) -> str:
        return f"KnockoutPuzzle('{self.name}')"


def stewart_puzzle(knockout: pd.DataFrame, name: str = "knockout") -> KnockoutPuzzle:
    """The foster-mother experiment in mice without LIF, from the table ``knockout``."""
    check_columns(knockout, "gene", "female_genotype", "embryo_genotype", "transfer", "implants",
                  "finding", "citations")
    found = {}
    for row in knockout[knockout["gene"] == "Lif"].itertuples():
        place = (int(row.female_genotype != "+/+"), int(row.embryo_genotype != "+/+"))
        found[place] = (row.implants == "yes", row.finding, row.citations)
    return KnockoutPuzzle(
        name, ["a uterus with LIF", "a uterus without LIF"],
        ["Embryo of a mother with LIF", "Embryo of a mother without LIF"], found,
        label="Implantation in mice: which combinations of uterus and embryo work?",
    )


class PowerExplorer(NamedWidget):
    """Exact power of Fisher's test, with sliders for sample sizes and carrier frequencies.

    Parameters
    ----------
    name
        Name of the widget in the page.
    presets
        Label -> (cases, controls) of published samples, as buttons.
    alpha
        P value up to which a study counts as significant.

    Attributes
    ----------
    cases, controls : int
        Sample sizes.
    case_frequency, control_frequency : float
        Shares of carriers in the two populations.
    power : float
        Computed in the page, as `statistics.power` does here.

    Raises
    ------
    LifbookError
        A value outside its slider.
    """

    RANGES = {
        "cases": ("cases", 10, 1000, 1),
        "controls": ("controls", 10, 1000, 1),
        "case_frequency": ("carriers among all such cases", 0.0, 0.2, 0.001),
        "control_frequency": ("carriers among all such controls", 0.0, 0.2, 0.001),
    }

    _esm = module("chart.js", "exact.js", "power.js")
    sliders = traitlets.List().tag(sync=True)
    presets = traitlets.List().tag(sync=True)
    colours = traitlets.List().tag(sync=True)
    alpha = traitlets.Float(0.05).tag(sync=True)
    cases = traitlets.Int(176).tag(sync=True)
    controls = traitlets.Int(75).tag(sync=True)
    case_frequency = traitlets.Float(0.03).tag(sync=True)
    control_frequency = traitlets.Float(0.005).tag(sync=True)
    power = traitlets.Float(0.0).tag(sync=True)

    def __init__(
        self, name: str = "power", presets: Mapping[str, tuple[int, int]] | None = None, *,
        alpha: float = 0.05, **values: float,
    ) -> None:
        if not 0 < alpha < 1:
            raise LifbookError(
                f"{alpha} is no level of significance", column="alpha",
                remedy="give a share between 0 and 1, such as 0.05",
            )
        for cases, controls in (presets or {}).values():
            self._inside("cases", cases)
            self._inside("controls", controls)
        super().__init__(
            name=name, alpha=alpha, label="Power of Fisher's exact test, with sliders",
            sliders=[{"trait": trait, "label": label, "min": low, "max": high, "step": step,
                      "share": isinstance(high, float)}
                     for trait, (label, low, high, step) in self.RANGES.items()],
            presets=[{"label": label, "values": {"cases": int(cases), "controls": int(controls)}}
                     for label, (cases, controls) in (presets or {}).items()],
            colours=[COLOURS["LIF"], COLOURS["LIFR"]],
            **values,
        )

    def _inside(self, trait: str, value: float) -> None:
        _label, low, high, _step = self.RANGES[trait]
        if not low <= value <= high:
            raise LifbookError(
                f"{value} is outside the slider", column=trait,
                remedy=f"use a value from {low} to {high}",
            )

    @traitlets.validate("cases", "controls", "case_frequency", "control_frequency")
    def _in_range(self, proposal: traitlets.Bunch) -> float:
        self._inside(proposal.trait.name, proposal.value)
        return proposal.value

    def __repr__(self) -> str:
        return f"PowerExplorer('{self.name}', {self.cases} cases, {self.controls} controls)"


class BoundExplorer(NamedWidget):
    """So many responses of so many patients: what the true share can be, exactly.

    Parameters
    ----------
    name
        Name of the widget in the page.
    count, total
        Where the sliders stand at first.
    most
        Largest number of patients.

    Attributes
    ----------
    bound : float
        Upper 95 % bound, one-sided; computed in the page as `statistics.binomial_interval` does.

    Raises
    ------
    LifbookError
        More responses than patients, or more patients than `most`.
    """

    _esm = module("chart.js", "exact.js", "bound.js")
    most = traitlets.Int(200).tag(sync=True)
    colour = traitlets.Unicode(COLOURS["LIF"]).tag(sync=True)
    count = traitlets.Int(0).tag(sync=True)
    total = traitlets.Int(41).tag(sync=True)
    bound = traitlets.Float(0.0).tag(sync=True)

    def __init__(
        self, name: str = "bound", *, count: int = 0, total: int = 41, most: int = 200
    ) -> None:
        if not (0 <= count <= total and 1 <= total <= most):
            raise LifbookError(
                f"{count} of {total} does not fit the sliders", column="count, total",
                remedy=f"give 0 to {total} responses of 1 to {most} patients",
            )
        super().__init__(name=name, count=count, total=total, most=most,
                         label="Upper bound of a share of which little or nothing was seen")

    def __repr__(self) -> str:
        return f"BoundExplorer('{self.name}', {self.count} of {self.total})"
