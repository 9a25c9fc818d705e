"""Proteins of one fold: which residues correspond, found by shape alone."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from Bio.PDB.Chain import Chain
from structure_material import points_chain, refuses

from lifbook import structure as st
from lifbook.data import read_structure
from lifbook.structure import folds as folding

pytest_plugins = ["structure_material"]


@pytest.fixture(scope="module")
def family(lif, mouse_lif, lif_1pvh) -> dict[str, Chain]:
    """LIF and what shares its fold; only the backbone, and not every helix is there."""
    others = {"OSM": ("1EVS", "A"), "IL-6": ("1ALU", "A"), "viral IL-6": ("1I1R", "B")}
    return {"LIF": lif, "mouse LIF": mouse_lif, "LIF with gp130": lif_1pvh} | {
        name: st.get_chain(read_structure(entry), chain) for name, (entry, chain) in others.items()
    }


@pytest.fixture(scope="module")
def folds(family, lif):
    """Everything laid onto LIF of 2Q7N by LIF's helices."""
    spans = st.helices(lif)
    return {name: st.align_structures(chain, lif, spans=spans) for name, chain in family.items()}


def test_one_protein_in_two_crystals_corresponds_by_its_numbers(folds):
    pairs = folds["LIF with gp130"].pairs
    same = [a for a, b in pairs if a == b]
    assert len(same) > 0.95 * 169  # the others are where the crystals differ
    assert {51, 156, 159, *range(23, 49), *range(76, 103), *range(155, 178)} <= set(same)
    assert folds["LIF with gp130"].superposition.rmsd == pytest.approx(0.52, abs=0.005)
    assert folds["LIF with gp130"].tm_score > 0.9


def test_mouse_lif_corresponds_as_its_sequence_does(folds, lif, mouse_lif):
    by_sequence = set(st.pair_residues(mouse_lif, lif))
    by_shape = folds["mouse LIF"].pairs
    assert len(by_sequence.intersection(by_shape)) > 0.95 * len(by_shape)


@pytest.mark.parametrize(
    ("name", "least", "first", "last"),
    # Helices that the file holds: OSM's D and IL-6's A are not in it.
    [("OSM", 95, "A", "C"), ("IL-6", 90, "B", "D"), ("viral IL-6", 115, "A", "D")],
)
def test_the_family_is_laid_helix_on_helix(folds, lif, family, name, least, first, last):
    found = folds[name]
    assert found.n >= least
    assert 1 < found.superposition.rmsd < 2
    assert 1.5 < found.rmsd < 2.5
    assert found.tm_score > 0.5  # one fold, by Xu and Zhang
    moved = found.superposition.moved(family[name])
    axes = dict(zip("ABCD", st.helices(lif).itertuples(), strict=True))
    for letter in "ABCD":
        row = axes[letter]
        pairs = [(a, b) for a, b in found.pairs if row.start <= b <= row.end]
        if not first <= letter <= last:
            assert not pairs  # that helix is missing from the file
            continue
        assert len(pairs) >= 10
        ends = [pairs[0][0], pairs[-1][0]]
        axis = st.helix_axis(moved, *ends)
        own = st.helix_axis(lif, row.start, row.end)
        assert st.crossing_angle(axis, own) < 30  # the same way up, not upside down
        assert st.axis_distance(axis, own) < 3


def test_where_lif_has_phe156_both_interleukins_have_tryptophan(folds):
    """Found by shape alone; the motif of LIF is not that of the interleukins."""
    names = {}
    for name in ("IL-6", "viral IL-6"):
        table = folds[name].table.set_index("target")
        names[name] = table.loc[[156, 159], "mobile_label"].tolist()
    assert names == {"IL-6": ["Trp159", "Asp162"], "viral IL-6": ["Trp144", "His147"]}
    assert folds["mouse LIF"].table.set_index("target").loc[
        [156, 159], "mobile_label"
    ].tolist() == ["Phe156", "Lys159"]
    assert [folds["OSM"].partner(number) for number in (156, 159)] == [None, None]


def test_an_alignment_agrees_with_itself(folds, family, lif):
    for name, found in folds.items():
        table, (mobile, target) = found.table, found.letters
        assert found.pairs == list(zip(table["mobile"], table["target"], strict=True))
        assert found.n == len(table) and (table["deviation"] < st.PAIR_CUTOFF).mean() > 0.97
        assert mobile.replace("-", "") == st.sequence(family[name])
        assert target.replace("-", "") == st.sequence(lif)
        both = [(a, b) for a, b in zip(mobile, target, strict=True) if "-" not in (a, b)]
        assert len(both) == found.n
        assert sum(a == b for a, b in both) == table["identical"].sum()
        assert found.identity == pytest.approx(table["identical"].mean())
        for side in (0, 1):  # the order of the chain is kept
            numbers = [pair[side] for pair in found.columns if pair[side] is not None]
            assert numbers == sorted(numbers)
        assert all(found.partner(b) == a for a, b in found.pairs)
        fitted = table[table["fitted"]]
        assert found.superposition.rmsd == pytest.approx(st.rms(fitted["deviation"]))
        assert len(fitted) == len(found.superposition.table)


def test_spans_say_what_pulls(folds, lif):
    inside = set(st.within(lif, st.helices(lif)))
    table = folds["viral IL-6"].table
    assert set(table.loc[table["fitted"], "target"]) == inside.intersection(table["target"])
    assert 0 < table["fitted"].sum() < len(table)


def test_a_chain_break_is_no_obstacle(lif):
    """A copy of LIF with a gap in every helix: what is left is paired with itself."""
    broken = Chain("X")
    for residue in lif:
        if residue.id[0] == " " and residue.id[1] not in (*range(30, 38), *range(85, 93), 118, 166):
            broken.add(residue.copy())
    found = st.align_structures(broken, lif)
    assert found.pairs == [(r.id[1], r.id[1]) for r in broken]
    assert found.rmsd == pytest.approx(0, abs=1e-4)
    assert found.partner(33) is None and found.partner(38) == 38


def test_numbers_do_not_matter(lif, lif_1pvh):
    other = Chain("X")
    for residue in lif_1pvh:
        if residue.id[0] == " ":
            copy = residue.copy()
            copy.id = (" ", residue.id[1] + 700, " ")
            other.add(copy)
    there, with_numbers = (st.align_structures(one, lif) for one in (other, lif_1pvh))
    assert [(a - 700, b) for a, b in there.pairs] == with_numbers.pairs


def test_gaps_inside_a_path_cost_and_those_at_the_ends_do_not():
    weights = np.zeros((4, 6))
    weights[0, 2] = weights[1, 3] = weights[2, 4] = 1
    assert folding._best_path(weights)[0] == pytest.approx(3)
    weights[3, 5] = 0.5
    assert folding._best_path(weights)[1].tolist() == [[0, 2], [1, 3], [2, 4], [3, 5]]
    apart = np.zeros((2, 4))
    apart[0, 0], apart[1, 3] = 1, 1
    score, pairs = folding._best_path(apart)
    assert score == pytest.approx(2 - st.GAP) and len(pairs) == 2
    apart[1, 3] = st.GAP / 2  # not worth a gap
    assert folding._best_path(apart)[1].tolist() == [[0, 0]]


def test_stacked_alignments(folds, lif):
    chosen = {name: folds[name] for name in ("OSM", "IL-6", "viral IL-6")}
    table = st.stack_alignments(chosen, lif, 154, 160).set_index("target")
    assert "".join(table["letter"]) == st.sequence(lif)[153:160]
    assert set(table["OSM"]) == {"-"} and table["OSM number"].isna().all()
    for name in ("IL-6", "viral IL-6"):
        for number, row in table.iterrows():
            partner = chosen[name].partner(number)
            assert pd.isna(row[f"{name} number"]) == (partner is None)
            if partner is not None:
                assert row[f"{name} number"] == partner
                assert row[f"{name} label"].endswith(str(partner))
    assert table.loc[156, "IL-6"] == table.loc[156, "viral IL-6"] == "W"


def test_all_folds_compared(family):
    three = {name: family[name] for name in ("LIF", "IL-6", "viral IL-6")}
    table = st.compare_folds(three)
    assert list(zip(table["first"], table["second"], strict=True)) == [
        ("LIF", "IL-6"),
        ("LIF", "viral IL-6"),
        ("IL-6", "viral IL-6"),
    ]
    one = st.align_structures(family["IL-6"], family["LIF"])
    assert table.loc[0, ["pairs", "rmsd", "identity", "tm_score"]].tolist() == pytest.approx(
        [one.n, one.rmsd, one.identity, one.tm_score]
    )
    nearest = table.set_index(["first", "second"])
    assert nearest["tm_score"].idxmax() == ("IL-6", "viral IL-6")
    assert nearest["identity"].idxmax() == ("IL-6", "viral IL-6")


def test_other_folds_are_refused(lif, lifr):
    with refuses("no fold in common (TM-score 0.", "one fold"):
        st.align_structures(lif, st.slice_chain(lifr, 203, 293))


def test_too_little_to_align_is_refused(lif):
    with refuses("15 residues with a CA atom, too few", "at least 16 residues"):
        st.align_structures(st.slice_chain(lif, 1, 15), lif)
    without = points_chain("N", np.random.default_rng(1).normal(size=(30, 3)), atom="N")
    with refuses("0 residues with a CA atom", "at least 16"):
        st.align_structures(lif, without)
    rod = points_chain("R", [(0, 0, 3.8 * i) for i in range(20)])
    with refuses("straight line", "not collinear"):
        st.align_structures(rod, lif)
    with refuses("cut-off of 0 Å", "above 0"):
        st.align_structures(lif, lif, cutoff=0)


def test_spans_without_residues_or_columns_are_refused(lif):
    with refuses("no residue of chain 'B' lies in the stretches", "1-180"):
        st.align_structures(lif, lif, spans=pd.DataFrame({"start": [500], "end": [510]}))
    with refuses("no column 'end'", "start and end"):
        st.within(lif, pd.DataFrame({"start": [1]}))
    assert st.within(lif, pd.DataFrame({"start": [179, 3], "end": [200, 4]})) == [3, 4, 179, 180]


def test_unknown_partners_and_stacks_are_refused(folds, lif, mouse_lif):
    with refuses("no residue 500", "from 1 to 180"):
        folds["OSM"].partner(500)
    with refuses("no residue None", "from 1 to 180"):
        folds["OSM"].partner(None)
    with refuses("no alignment was given", "align_structures"):
        st.stack_alignments({}, lif, 154, 160)
    with refuses("'IL-6' was made with another target", "chain 'A'"):
        st.stack_alignments({"IL-6": folds["IL-6"]}, mouse_lif, 154, 160)
    with refuses("the number of chains is 1", "two or more"):
        st.compare_folds({"LIF": lif})
