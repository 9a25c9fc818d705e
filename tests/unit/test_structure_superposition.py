"""Superposition of paired residues, and deviations."""

from __future__ import annotations

import numpy as np
import pytest
from Bio.PDB.Atom import Atom
from scipy.spatial.transform import Rotation
from structure_material import make_chain, points_chain, refuses

from lifbook import structure as st

pytest_plugins = ["structure_material"]


def test_superposition_recovers_a_known_motion(lif):
    rotation, shift = Rotation.from_euler("xyz", [20, -130, 75], degrees=True), [5, -80, 31]
    copy = lif.copy()
    copy.transform(rotation.as_matrix(), np.array(shift))
    back = st.superimpose(copy, lif)
    assert back.rmsd < 1e-4
    assert back.rotation == pytest.approx(rotation.as_matrix().T, abs=1e-6)
    moved = back.moved(copy)
    for before, after in zip(lif.get_atoms(), moved.get_atoms(), strict=True):
        assert after.coord == pytest.approx(before.coord, abs=1e-3)
    assert back.apply(copy[51]["CA"].coord) == pytest.approx(lif[51]["CA"].coord, abs=1e-3)


def test_a_mirror_image_is_not_a_rotation():
    points = np.array([[0, 0, 0], [3, 0, 0], [0, 4, 0], [0, 0, 5.0]])
    result = st.superimpose(points_chain("A", points * [1, 1, -1]), points_chain("B", points))
    assert np.linalg.det(result.rotation) == pytest.approx(1)
    assert result.rmsd > 0.5


def test_superposition_by_hand():
    # A square and the same square with its corners pulled out by 1 Å: every one is 1 Å off.
    square = np.array([[2, 0, 0], [0, 2, 0], [-2, 0, 0], [0, -2, 0.0]])
    result = st.superimpose(points_chain("A", square), points_chain("B", square * 1.5))
    assert result.rmsd == pytest.approx(1)
    assert result.table.deviation.to_numpy() == pytest.approx([1, 1, 1, 1])
    assert list(result.table.columns) == ["mobile", "target", "label", "deviation"]


def test_superposition_of_the_entries(lif, lif_1pvh, mouse_lif):
    human = st.superimpose(lif_1pvh, lif)
    assert (len(human.table), round(human.rmsd, 2)) == (169, 1.45)
    mouse = st.superimpose(mouse_lif, lif)
    assert (len(mouse.table), round(mouse.rmsd, 2)) == (172, 1.16)
    assert human.rmsd == pytest.approx(np.sqrt((human.table.deviation**2).mean()))
    helices = [*range(23, 49), *range(76, 103), *range(109, 133), *range(155, 180)]
    core = st.superimpose(lif_1pvh, lif, [(n, n) for n in helices])
    assert core.rmsd < 0.7


def test_a_residue_without_ca_is_left_out():
    points = [(0, 0, 0), (3, 0, 0), (0, 4, 0), (0, 0, 5)]
    one, other = points_chain("A", points), points_chain("B", points)
    one[2].detach_child("CA")
    one[2].add(Atom("N", np.zeros(3), 10.0, 1.0, " ", " N  ", 1, element="N"))
    assert list(st.superimpose(one, other).table.target) == [1, 3, 4]


def test_pairs_are_used_as_given(lif, mouse_lif):
    pairs = st.pair_residues(mouse_lif, lif)
    assert st.superimpose(mouse_lif, lif, pairs).rmsd == (
        pytest.approx(st.superimpose(mouse_lif, lif).rmsd)
    )
    shifted = st.superimpose(mouse_lif, lif, [(n, n + 1) for n in range(9, 180)])
    assert shifted.rmsd > 3
    assert list(shifted.table.label[:2]) == ["Ala10", "Thr11"]


def test_deviations_before_and_after(by_lif, lif, lif_1pvh):
    before = st.deviations(lif_1pvh, lif)
    assert len(before) == 169 and st.rms(before["deviation"]) == pytest.approx(84.06, abs=0.005)
    assert by_lif.rmsd == pytest.approx(1.45, abs=0.005)
    after = st.deviations(by_lif.moved(lif_1pvh), lif)
    assert after["deviation"].to_numpy() == pytest.approx(
        by_lif.table["deviation"].to_numpy(), abs=1e-4
    )
    assert before.columns.tolist() == by_lif.table.columns.tolist()
    core = st.within(lif, st.helices(lif))
    by_core = st.superimpose(lif_1pvh, lif, [(number, number) for number in core])
    assert (len(core), round(by_core.rmsd, 2)) == (102, 0.52)


def test_disjoint_numbers_are_refused_before_superposition_too(lif):
    low, high = st.slice_chain(lif, 1, 60), st.slice_chain(lif, 100, 160)
    for function in (st.deviations, st.superimpose):
        with refuses("0 residues to superimpose", "pair_residues"):
            function(low, high)
    with refuses("no residue 999", "1-180"):
        st.deviations(lif, lif, [(1, 1), (2, 2), (3, 999)])
    with refuses("no CA atom", "leave this residue out"):
        st.deviations(points_chain("N", np.eye(3), atom="N"), lif, [(1, 1), (2, 2), (3, 3)])
    with refuses("no values were given", "at least one"):
        st.rms([])


def test_error_too_few_common_residues(lif):
    few = make_chain("A", [(n, "GLY", {"CA": (n, n * n, 0)}) for n in (179, 180, 181, 182)])
    with refuses("2 residues to superimpose chain 'A' on 'B'", "pair_residues"):
        st.superimpose(few, lif)


def test_error_unknown_pair(lif, mouse_lif):
    with refuses("no residue 1 in chain 'A'", "9-180"):
        st.superimpose(mouse_lif, lif, [(1, 1), (20, 20), (30, 30)])


def test_error_superposition_on_a_line(lif):
    line = points_chain("A", [(n, 0, 0) for n in range(20)])
    with refuses("superposition lie on a straight line", "not collinear"):
        st.superimpose(line, lif)
