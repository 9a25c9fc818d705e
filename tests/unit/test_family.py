"""Who shares which receptor chain: tables, and the widget that shows them."""

from __future__ import annotations

import pytest

from lifbook import data, family
from lifbook.chapters import interactions as in_interactions
from lifbook.errors import LifbookError
from lifbook.page import widgets
from lifbook.page.widgets.family import crossings, untangled


@pytest.fixture(scope="module")
def uses():
    return data.read_table("family_receptors")


def test_the_matrix_is_the_table(uses):
    matrix = family.family_matrix()
    assert list(matrix.index) == data.read_table("family")["cytokine"].tolist()
    assert list(matrix.columns[:3]) == ["gp130", "LIFR", "OSMR"]
    filled = {(c, r) for c in matrix.index for r in matrix.columns if matrix.loc[c, r]}
    assert filled == set(zip(uses["cytokine"], uses["chain"], strict=True))
    assert matrix.loc["IL-6", "gp130"] == "2" and matrix.loc["LIF", "gp130"] == "1"
    assert matrix.loc["OSM", ["LIFR", "OSMR"]].tolist() == ["I", "II"]
    assert matrix.loc["CT-1", "LIFR"] == "+"  # nobody has counted
    assert matrix.loc["IL-35", "gp130"] == "some"


def test_a_chain_that_is_not_counted_is_used_all_the_same(uses):
    open_ = uses[uses["copies"].isna()]
    assert len(open_)
    for row in open_.itertuples():
        assert row.cytokine in family.users(row.chain)
        assert all(
            item.copies[row.chain] is None
            for item in family.complexes(row.cytokine)
            if row.chain in item.copies
        )


def test_users_asks_for_one_complex_with_all_chains(uses):
    assert set(family.users("gp130")) == set(uses.loc[uses["chain"] == "gp130", "cytokine"])
    assert {"LIF", "OSM", "CNTF"} <= set(family.users("gp130", "LIFR"))
    assert family.users("LIFR", "OSMR") == []  # OSM uses both, in two complexes
    assert "IL-31" not in family.users("gp130") and "IL-31" in family.users("OSMR")


@pytest.mark.parametrize(
    ("cytokine", "shared", "besides", "lacks"),
    [
        ("CNTF", "gp130, LIFR", "CNTFR", ""),
        ("IL-6", "gp130", "IL-6R", "LIFR"),
        ("IL-31", "", "OSMR, IL-31RA", "gp130, LIFR"),
        ("CT-1", "gp130, LIFR", "", ""),
    ],
)
def test_what_a_cytokine_shares_with_lif(cytokine, shared, besides, lacks):
    row = family.shared_with(cytokine).iloc[0]
    assert [row["shared"], row["besides"], row["lacks"]] == [shared, besides, lacks]


def test_sharing_goes_both_ways():
    for one in family.cytokines():
        here = {(r.complex, r.other_complex): r for r in family.shared_with(one).itertuples()}
        for row in family.shared_with("LIF", one).itertuples():
            other = here[row.other_complex, row.complex]
            assert (other.shared, other.besides, other.lacks) == (
                row.shared,
                row.lacks,
                row.besides,
            )


def test_sentences():
    assert family.shared_sentence("CNTF") == "CNTF shares gp130 and LIFR with LIF; CNTFR besides."
    assert family.shared_sentence("LIF") == "LIF uses LIFR and gp130."
    assert family.shared_sentence("IL-31").startswith("IL-31 shares no chain with LIF")
    assert family.shared_sentence("OSM").count("OSM type") == 2


@pytest.mark.parametrize(
    ("call", "known"),
    [
        (lambda: family.complexes("moon"), "viral IL-6"),
        (lambda: family.shared_with("moon"), "CNTF"),
        (lambda: family.shared_with("LIF", "moon"), "CNTF"),
        (lambda: family.users("moon"), "LIFR"),
        (lambda: family.users(), "gp130"),
        (lambda: widgets.FamilyExplorer(picked="moon"), "LIFR"),
        (lambda: widgets.FamilyExplorer(needs=["IL-6R"]), "OSMR"),
        (lambda: widgets.FamilyExplorer(view="list"), "network"),
        (lambda: widgets.FamilyExplorer(alpha="moon"), "without"),
        (lambda: widgets.FamilyExplorer(scenes={"moon": "x"}), "LIF"),
    ],
)
def test_the_unknown_is_refused_and_the_known_is_named(call, known):
    with pytest.raises(LifbookError) as caught:
        call()
    assert known in caught.value.remedy


def test_the_network_is_drawn_with_fewer_crossings_than_as_listed():
    names, columns = family.cytokines(), family.chains()
    edges = sorted({(i.cytokine, c) for i in family.complexes() for c in i.copies})
    left, right = untangled(names, columns, edges)
    assert sorted(left) == sorted(names) and sorted(right) == sorted(columns)
    assert crossings(left, right, edges) < crossings(names, columns, edges)


def test_two_lines_cross_where_their_ends_change_places():
    assert crossings("ab", "xy", [("a", "y"), ("b", "x")]) == 1
    assert crossings("ab", "xy", [("a", "x"), ("b", "y")]) == 0
    assert untangled(["a", "b"], ["x", "y"], [("a", "y"), ("b", "x")]) in (
        (["a", "b"], ["y", "x"]),
        (["b", "a"], ["x", "y"]),
    )


def test_the_widget_carries_the_tables_and_their_sources(uses):
    widget = in_interactions.family_explorer()
    assert widget.picked == "LIF" and widget.shown == family.cytokines()
    assert sum(len(one["findings"]) for one in widget.cytokines) == len(uses)
    assert all(use["papers"] for one in widget.cytokines for use in one["findings"])
    assert "11 cytokines" in repr(widget)
