"""The widgets of the Clinical Significance chapter: what they ship, and what they refuse."""

from __future__ import annotations

import itertools

import pandas as pd
import pytest

from lifbook import data, evidence, statistics
from lifbook.chapters import clinical_significance as in_clinical
from lifbook.errors import LifbookError
from lifbook.page import widgets
from lifbook.page.widgets.evidence import DIRECTIONS

HEADINGS = {"cancer": "Cancer", "molecule": "Molecule", "effect": "Effect", "source": "Source"}


@pytest.fixture(scope="module")
def cancers():
    return data.read_table("cancers")


@pytest.fixture(scope="module")
def gastric():
    return data.read_table("gastric")


@pytest.fixture(scope="module")
def knockout():
    return data.read_table("knockout")


def explorer(cancers, **more):
    return widgets.EvidenceExplorer("e", cancers, HEADINGS, filters=["cancer"], label="x", **more)


# --- Strength and ranking ----------------------------------------------------------------


def test_strength_is_the_highest_rung(cancers):
    found = evidence.strength(cancers)
    assert list(found) == list(cancers["strength"])
    for row, value in zip(cancers.itertuples(), found, strict=True):
        rungs = [getattr(row, name) for name in evidence.LADDER]
        assert rungs[value - 1] and not any(rungs[value:])


def test_an_entry_without_evidence_is_refused(cancers):
    bare = cancers.copy()
    bare.loc[bare.index[3], list(evidence.LADDER)] = False
    with pytest.raises(LifbookError, match="row 4.*no kind of evidence.*set at least one"):
        evidence.strength(bare)
    with pytest.raises(LifbookError, match="no column 'animals'"):
        evidence.strength(cancers.drop(columns="animals"))


def test_the_order_follows_the_points(gastric, cancers):
    ranked = evidence.rank_studies(gastric, cancers)
    assert sorted(ranked["id"]) == sorted(gastric["id"])
    assert list(ranked["points"]) == sorted(ranked["points"], reverse=True)
    assert (ranked["points"] == ranked[list(evidence.QUESTIONS)].sum(axis="columns")).all()
    for one, other in itertools.combinations(ranked.itertuples(), 2):
        assert (one.rank < other.rank) == (one.points > other.points)
    answers = ranked.set_index("id")
    # Xu et al. followed patients, but what they say of them contradicts itself.
    assert not answers.loc["xu2019", "consistent"] and not answers.loc["xu2019", "outcome"]
    assert answers.loc["xu2019", "patients"] and answers.loc["xu2019", "animals"]
    reviews = answers[answers["kind"] == "review"]
    assert len(reviews) == 2 and (reviews["points"] == 1).all()


def test_without_the_contradiction_the_outcome_counts(gastric, cancers):
    mended = cancers.assign(self_contradiction=False)
    before = evidence.rank_studies(gastric, cancers).set_index("id").loc["xu2019", "points"]
    assert (
        evidence.rank_studies(gastric, mended).set_index("id").loc["xu2019", "points"] == before + 2
    )


def test_ranking_ships_every_study_and_its_reasons(gastric, cancers):
    ranked = evidence.rank_studies(gastric, cancers)
    widget = widgets.RankStudies("r", ranked, label="x", after="y")
    assert not widget.revealed
    years = gastric.set_index("id")["year"]
    assert [years[key] for key in widget.order] == sorted(years)
    for study, row in zip(widget.studies, ranked.itertuples(), strict=True):
        assert study["title"] == f"{row.study} {row.year}" and row.sentence in study["text"]
        assert f"{row.points} of 6 points" == study["points"] and row.cannot_tell in study["reason"]
        for key, text in evidence.QUESTIONS.items():
            before_not = study["reason"].split(" Not: ")[0]
            assert (text in before_not) == getattr(row, key)
    widget.order = widget.order[::-1]
    for wrong in (["xu2019"], [*widget.order[:-1], "smith"], [*widget.order, "xu2019"]):
        with pytest.raises(LifbookError, match="does not name each study once.*xu2019"):
            widget.order = wrong
    with pytest.raises(LifbookError, match="fewer than two studies"):
        widgets.RankStudies("r", ranked.head(1), label="x")
    with pytest.raises(LifbookError, match="no column 'points'"):
        widgets.RankStudies("r", gastric, label="x")


# --- Evidence explorer -------------------------------------------------------------------


def test_every_entry_is_a_row_and_a_dot(cancers):
    widget = explorer(cancers)
    assert [row["id"] for row in widget.rows] == list(cancers["id"])
    for row, entry in zip(widget.rows, cancers.itertuples(), strict=True):
        assert row["level"] == entry.strength and row["finding"] == entry.finding
        assert row["direction"] == DIRECTIONS[entry.effect]
        assert list(row["values"]) == list(HEADINGS) and row["values"]["cancer"] == entry.cancer
        assert entry.cancer in row["name"] and row["values"]["source"] in row["name"]
        assert (row["shape"] == "square") == (entry.molecule == "LIFR")
    assert widget.filters[0]["options"] == sorted(set(cancers["cancer"]))
    assert [level for level, _text in widget.levels] == [6, 5, 4, 3, 2, 1]


def test_the_explorer_refuses_what_it_does_not_have(cancers):
    widget = explorer(cancers)
    widget.picked = widget.rows[2]["id"]
    widget.sort, widget.chosen = "-cancer", {"cancer": "stomach"}
    for trait, value, match in (
        ("picked", "lung", "no entry of .* is called 'lung'.*breast-lif-li2014"),
        ("sort", "-size", "no entry of .* is called 'size'.*cancer"),
        ("chosen", {"verdict": "x"}, "no entry of .* is called 'verdict'.*cancer"),
        ("chosen", {"cancer": "skin"}, "no entry of .* is called 'skin'.*breast"),
    ):
        with pytest.raises(LifbookError, match=match):
            setattr(widget, trait, value)
    for frame, match in (
        (cancers.drop(columns="finding"), "no column 'finding'"),
        (cancers.head(0), "has no rows"),
        (
            cancers.assign(effect="helps"),
            "row 1, column 'effect': no effect of the picture is called 'helps'.*suppresses",
        ),
        (
            cancers.assign(molecule="IL-6"),
            "row 1, column 'molecule': no molecule of the picture is called 'IL-6'.*LIF, LIFR",
        ),
        (cancers.assign(citations="Nobody1900"), "Nobody1900"),
        (cancers.drop(columns="cancer"), "no column 'cancer'"),
    ):
        with pytest.raises(LifbookError, match=match):
            explorer(frame)


# --- Puzzle ------------------------------------------------------------------------------


def test_the_puzzle_holds_what_stewart_reported(knockout):
    puzzle = in_clinical.stewart_puzzle(knockout)
    outcome = {(cell["row"], cell["column"]): cell["outcome"] for cell in puzzle.cells}
    assert outcome == {(0, 0): True, (0, 1): True, (1, 1): False, (1, 0): None}
    assert all(
        cell["source"] == "Stewart 1992" for cell in puzzle.cells if cell["outcome"] is not None
    )
    assert puzzle.left() == ["The uterus needs LIF", "Either is enough"]


def test_the_open_combination_would_decide(knockout):
    """Whatever it gave, one explanation would be left."""
    puzzle = in_clinical.stewart_puzzle(knockout)
    known = {
        (c["row"], c["column"]): (c["outcome"], "", "")
        for c in puzzle.cells
        if c["outcome"] is not None
    }
    for outcome, text in ((False, "The uterus needs LIF"), (True, "Either is enough")):
        whole = widgets.KnockoutPuzzle(
            "p", puzzle.rows, puzzle.columns, known | {(1, 0): (outcome, "", "")}, label="x"
        )
        assert whole.left() == [text]
    patterns = [tuple(map(tuple, predicts)) for _text, predicts in widgets.KnockoutPuzzle.IDEAS]
    assert len(set(patterns)) == len(patterns)
    assert all(pattern[0][0] and not pattern[1][1] for pattern in patterns)


def test_the_puzzle_refuses_what_does_not_fit(knockout):
    with pytest.raises(LifbookError, match="3 uteri and 2 kinds.*give two of each"):
        widgets.KnockoutPuzzle("p", ["a", "b", "c"], ["d", "e"], {}, label="x")
    with pytest.raises(LifbookError, match=r"\(2, 0\) is not a combination.*each 0 or 1"):
        widgets.KnockoutPuzzle("p", ["a", "b"], ["d", "e"], {(2, 0): (True, "", "")}, label="x")
    with pytest.raises(LifbookError, match="no column 'implants'"):
        in_clinical.stewart_puzzle(knockout.drop(columns="implants"))
    puzzle = in_clinical.stewart_puzzle(knockout)
    puzzle.guesses = [1, 0, -1, 1]
    for wrong in ([1, 0, 1], [1, 0, 1, 2]):
        with pytest.raises(LifbookError, match="does not hold four predictions"):
            puzzle.guesses = wrong


# --- Power and bounds --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("trait", "value"),
    [("cases", 5), ("controls", 5000), ("case_frequency", 0.5), ("control_frequency", -0.1)],
)
def test_power_refuses_values_outside_its_sliders(trait, value):
    widget = widgets.PowerExplorer()
    with pytest.raises(
        LifbookError, match=f"argument '{trait}': {value} is outside the slider.*use a value"
    ):
        setattr(widget, trait, value)


def test_power_presets_are_the_published_samples():
    widget = widgets.PowerExplorer("p", {"one": (176, 75)})
    assert widget.presets == [{"label": "one", "values": {"cases": 176, "controls": 75}}]
    with pytest.raises(LifbookError, match="argument 'controls': 3 is outside"):
        widgets.PowerExplorer("p", {"one": (176, 3)})
    with pytest.raises(LifbookError, match="5 is not a level of significance.*0.05"):
        widgets.PowerExplorer("p", alpha=5)


@pytest.mark.parametrize(("count", "total"), [(-1, 41), (42, 41), (0, 0), (0, 201)])
def test_bounds_refuse_what_does_not_fit_the_sliders(count, total):
    with pytest.raises(LifbookError, match=f"{count} of {total} does not fit the sliders"):
        widgets.BoundExplorer(count=count, total=total)


# --- The chapter's numbers ---------------------------------------------------------------


def test_published_samples_of_variants():
    """By Fisher's test only the sample of 2007 reaches 0.05; no interval has an upper end."""
    variants = data.read_table("variants")
    main = variants[variants["role"] == "main"]
    found = statistics.compare(
        main, columns=["cases_carriers", "cases_n", "controls_carriers", "controls_n"]
    ).set_index("id")
    assert list(found.index[found["p_value"] < 0.05]) == ["kralickova2007"]
    assert found["high"].map(float).eq(float("inf")).all()
    assert (found["low"] > 1).sum() == 1
    assert isinstance(found, pd.DataFrame) and len(found) == 4
