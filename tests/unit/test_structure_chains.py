"""Chains and residues against the entries, and places by hand."""

from __future__ import annotations

import numpy as np
import pytest
from Bio.PDB.Structure import Structure
from structure_material import make_chain, pdb_lines, points_chain, refuses

from lifbook import structure as st
from lifbook.errors import LifbookError

pytest_plugins = ["structure_material"]


def test_chains_hold_what_the_entry_says(lif, lifr, lif_1pvh, mouse_lif):
    assert len(st.sequence(lif)) == 180
    assert len(st.sequence(lifr)) == 480
    assert len(st.sequence(lif_1pvh)) == 169
    assert len(st.sequence(mouse_lif)) == 172
    assert st.sequence(lif).startswith("SPLPITPVNATCAIRHPC")
    assert st.sequence(lif)[11:] == st.sequence(lif_1pvh)  # 12-180 of the same protein


def test_residue_table_has_both_numberings_and_mean_b(lif):
    row = st.residue_table(lif, offset=22).set_index("number").loc[156]
    assert (row.uniprot, row["name"], row.letter, row.label) == (178, "Phe", "F", "Phe156")
    atoms = [line for line in pdb_lines("2Q7N", "ATOM") if line[17:26] == "PHE B 156"]
    assert len(atoms) == 11
    assert row.b_factor == pytest.approx(np.mean([float(line[60:66]) for line in atoms]))


def test_missing_b_factors_are_not_zero(mouse_lif):
    assert st.residue_table(mouse_lif).b_factor.isna().all()


def test_get_residue(lif):
    assert st.label(st.get_residue(lif, 51)) == "Pro51"


def test_slice_is_a_chain_of_its_own(lif, lifr):
    part = st.slice_chain(lifr, 203, 293)
    assert st.residue_table(part).number.tolist() == list(range(203, 294))
    assert part.id == "A"
    whole, of_part = st.contacts(lif, lifr, 4.5), st.contacts(lif, part, 4.5)
    inside = whole[whole.b.between(203, 293)].reset_index(drop=True)
    assert of_part.equals(inside)
    part[203]["CA"].coord = np.zeros(3)
    assert lifr[203]["CA"].coord.any()
    assert lifr[203].parent is lifr


def test_distances_from_a_residue(lif, mouse_lif):
    table = st.distances_from(lif, 64)
    assert list(table["number"]) == [number for number in range(1, 181) if number != 64]
    one, other = st.get_residue(lif, 64), st.get_residue(lif, 160)
    wanted = min(a - b for a in one for b in other)
    found = table.set_index("number").loc[160]
    assert found["distance"] == pytest.approx(wanted, abs=1e-4) and found["label"] == "Lys160"
    assert (
        table.set_index("number").loc[[63, 65], "distance"].between(1.2, 1.5).all()
    )  # peptide bonds
    with pytest.raises(LifbookError, match="no residue 999 in chain 'B'"):
        st.distances_from(lif, 999)
    with pytest.raises(LifbookError, match="a distance between residues needs the side chains"):
        st.distances_from(mouse_lif, 64)


def test_the_sites_lie_thirty_one_angstroms_apart(lif, lifr, lif_1pvh, gp130):
    second = st.contacts(lif_1pvh, gp130, 4.0)["a"].unique()
    third = st.contacts(lif, lifr, 4.0)["a"].unique()
    assert set(second).isdisjoint(third)
    apart = np.linalg.norm(st.centre(lif, second) - st.centre(lif, third))
    assert apart == pytest.approx(31.0, abs=0.1)


def test_centres_by_hand():
    chain = points_chain("A", [(0, 0, 0), (2, 0, 0), (4, 6, 0)])
    assert st.centre(chain, [1, 2, 2]).tolist() == [1, 0, 0]  # each residue once
    assert st.centre(chain).tolist() == [2, 2, 0]
    with refuses("no residues of chain 'A' were given", "at least one"):
        st.centre(chain, [])
    with refuses("no residue 9", "1-3"):
        st.centre(chain, [1, 9])


def test_error_unknown_chain(entries):
    with refuses("no chain of '2Q7N' is called 'Z'", "use one of A, B, E, F"):
        st.get_chain(entries["2Q7N"], "Z")


def test_error_empty_structure():
    with refuses("no chain 'A' in 'none', which has no chains", "use another entry"):
        st.get_chain(Structure("none"), "A")


@pytest.mark.parametrize("number", [0, 181, 202, "51"])
def test_error_unknown_residue(lif, number):
    with refuses(f"no residue {number!r} in chain 'B'", "1-180 (the entry's numbers"):
        st.get_residue(lif, number)


def test_error_unknown_residue_shows_gaps():
    chain = make_chain("A", [(n, "GLY", {"CA": (n, 0, 0)}) for n in (3, 4, 5, 9, 12, 13)])
    with refuses("no residue 7", "3-5, 9, 12-13"):
        st.get_residue(chain, 7)


def test_error_slice_backwards(lifr):
    with refuses("293 to 203 runs backwards", "smaller number first"):
        st.slice_chain(lifr, 293, 203)


def test_error_slice_outside(lifr):
    with refuses("no residue from 490 to 600 in chain 'A'", "numbers in 7-486"):
        st.slice_chain(lifr, 490, 600)
