"""Which residues and atoms of a chain count, and what every measurement refuses."""

from __future__ import annotations

import numpy as np
import pytest
from Bio.PDB.Residue import Residue
from structure_material import make_chain, points_chain, refuses

from lifbook import structure as st

pytest_plugins = ["structure_material"]


def test_sugars_in_a_chain_are_not_residues(lifr):
    assert 601 in {residue.id[1] for residue in lifr}
    assert 601 not in set(st.residue_table(lifr).number)


def test_modified_amino_acid_counts_and_water_does_not():
    chain = make_chain(
        "A",
        [
            (1, "ALA", {"CA": (0, 0, 0)}),
            (2, "MSE", {"CA": (3, 0, 0)}),
            (3, "HOH", {"O": (6, 0, 0)}),
        ],
    )
    assert st.sequence(chain) == "AM"


def test_a_backbone_file_gives_all_that_needs_no_side_chain(mouse_lif, lif):
    assert st.sequence(mouse_lif).startswith("NATCAIRHPC")
    assert len(st.torsions(mouse_lif)) == 172
    assert list(st.cis_peptides(mouse_lif).label) == ["His16-Pro17", "Glu50-Pro51"]
    table = st.helices(mouse_lif)
    assert st.helix_axis(mouse_lif, table.start[0], table.end[0]).length > 35
    assert st.superimpose(mouse_lif, lif).rmsd < 1.2


BACKBONE_REFUSALS = {
    "the buried surface": lambda mouse, entries: st.buried_surface(
        mouse, st.get_chain(entries["2Q7N"], "A")
    ),
    "finding contacts": lambda mouse, entries: st.contacts(
        st.get_chain(entries["2Q7N"], "A"), mouse, 4.0
    ),
    "finding disulfides": lambda mouse, entries: st.disulfides(mouse),
    "finding glycans": lambda mouse, entries: st.glycans(entries["1LKI"], "A"),
}


@pytest.mark.parametrize("purpose", BACKBONE_REFUSALS)
def test_backbone_only_is_refused(mouse_lif, entries, purpose):
    with refuses(f"backbone atoms only (N, CA, C, O): {purpose}", "with side chains"):
        BACKBONE_REFUSALS[purpose](mouse_lif, entries)


def test_error_chain_without_amino_acids(entries):
    with refuses("chain 'E' contains no amino acids", "choose a protein chain"):
        st.sequence(st.get_chain(entries["2Q7N"], "E"))


def test_error_insertion_code():
    chain = points_chain("A", [(0, 0, 0)])
    chain.add(Residue((" ", 1, "A"), "GLY", " "))
    with refuses("Gly1A of chain 'A' has an insertion code", "renumber"):
        st.sequence(chain)


@pytest.mark.parametrize(
    "measure",
    [
        lambda bad, good: st.contacts(good, bad, 4.0),
        lambda bad, good: st.buried_surface(good, bad),
        lambda bad, good: st.superimpose(bad, good),
        lambda bad, good: st.torsions(bad),
        lambda bad, good: st.helix_axis(bad, 20, 30),
        lambda bad, good: st.disulfides(bad),
        lambda bad, good: st.residue_table(bad),
    ],
)
def test_error_nan_in_a_chain(lif, lif_1pvh, measure):
    bad = lif.copy()
    bad[25]["CA"].coord = np.array([np.nan, 0, 0])
    with refuses("atom CA of Gln25 has a coordinate that is not a number", "leave this atom out"):
        measure(bad, lif_1pvh)


@pytest.mark.parametrize(
    "twin",
    [lambda chain: chain, lambda chain: chain.copy(), lambda chain: st.slice_chain(chain, 5, 30)],
)
def test_error_chain_against_itself(lif, twin):
    with refuses("chain 'B' was given against itself", "two different chains"):
        st.contacts(lif, twin(lif), 4.0)
    with refuses("chain 'B' was given against itself", "two different chains"):
        st.buried_surface(lif, twin(lif))
