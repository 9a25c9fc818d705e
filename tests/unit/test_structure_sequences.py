"""Sequences, sequons and alignments of sequences."""

from __future__ import annotations

import pytest
from structure_material import make_chain, refuses

from lifbook import structure as st

pytest_plugins = ["structure_material"]


def test_sequons_of_lif(lif):
    # UniProt P15018: 31, 56, 85, 95, 118, 138 of the precursor.
    assert st.sequons(st.sequence(lif)) == [9, 34, 63, 73, 96, 116]
    assert st.sequons(st.sequence(lif), first=23) == [31, 56, 85, 95, 118, 138]


@pytest.mark.parametrize(
    ("sequence", "expected"),
    [("NAT", [1]), ("NAS", [1]), ("NPT", []), ("NA", []), ("NNTT", [1, 2]), ("NAC", []), ("", [])],
)
def test_sequons_by_hand(sequence, expected):
    assert st.sequons(sequence) == expected


def test_alignment_by_hand():
    aligned = st.align_sequences("MKVLAWGG", "KVLGWG")
    assert aligned.pairs == ((1, 0), (2, 1), (3, 2), (4, 3), (5, 4), (6, 5))
    assert aligned.identical == 5
    assert aligned.identity == pytest.approx(5 / 6)
    assert st.identity("MKVLAWGG", "KVLGWG") == pytest.approx(5 / 6)


def test_human_and_mouse_lif(lif, mouse_lif):
    aligned = st.align_sequences(st.sequence(lif), st.sequence(mouse_lif))
    assert (aligned.identical, len(aligned.pairs)) == (133, 172)
    assert st.pair_residues(lif, mouse_lif) == [(n, n) for n in range(9, 181)]


def test_pairing_follows_the_sequence_and_not_the_number():
    names = ["MET", "LYS", "TRP", "LEU", "HIS"]
    one = make_chain("A", [(i, n, {"CA": (i, 0, 0)}) for i, n in enumerate(names, 1)])
    other = make_chain("B", [(i, n, {"CA": (i, 0, 0)}) for i, n in enumerate(names[1:], 101)])
    assert st.pair_residues(one, other) == [(2, 101), (3, 102), (4, 103), (5, 104)]


@pytest.mark.parametrize("letters", ["NAB", "NA-", "nat", "NA*", "NA1", "NA "])
def test_error_letters(letters):
    bad = next(letter for letter in letters if letter not in st.AMINO_ACIDS)
    with refuses(f"{bad!r} at position", "one-letter codes"):
        st.sequons(letters)
    with refuses(f"{bad!r} at position {letters.index(bad) + 1}", "in capitals"):
        st.align_sequences("NAT", letters)


def test_error_empty_alignment():
    with refuses("an empty sequence", "at least one residue"):
        st.identity("NAT", "")


def test_error_nothing_to_align():
    with refuses("nothing in common", "related proteins"):
        st.align_sequences("WWWWW", "PPPPP")
