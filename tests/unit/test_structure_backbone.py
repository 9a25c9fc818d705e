"""Torsion angles, cis peptides, helices and their axes."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from Bio.PDB.Chain import Chain
from scipy.spatial.transform import Rotation
from structure_material import ideal_helix, make_chain, pdb_lines, refuses

from lifbook import structure as st

pytest_plugins = ["structure_material"]


def backbone(torsions, chain_id: str = "A") -> Chain:
    """N, CA and C atoms with the (phi, psi) given, bond by bond, all peptides trans."""

    def place(a, b, c, bond, angle, torsion):
        angle, torsion = np.radians([angle, torsion])
        bc = (c - b) / np.linalg.norm(c - b)
        normal = np.cross(b - a, bc)
        normal /= np.linalg.norm(normal)
        frame = np.array([bc, np.cross(normal, bc), normal])
        step = [-np.cos(angle), np.sin(angle) * np.cos(torsion), np.sin(angle) * np.sin(torsion)]
        return c + bond * np.array(step) @ frame

    atoms = [np.array([0.0, 0, 0]), np.array([1.46, 0, 0]), np.array([2.0, 1.43, 0])]
    for (_, psi), (phi, _) in itertools.pairwise(torsions):
        atoms.append(place(*atoms[-3:], 1.33, 117, psi))  # N
        atoms.append(place(*atoms[-3:], 1.46, 121, 180))  # CA
        atoms.append(place(*atoms[-3:], 1.52, 111, phi))  # C
    groups = [
        dict(zip(("N", "CA", "C"), atoms[i : i + 3], strict=True)) for i in range(0, len(atoms), 3)
    ]
    return make_chain(chain_id, [(i, "ALA", g) for i, g in enumerate(groups, start=1)])


def test_torsions_are_those_the_backbone_was_built_with():
    given = [(-60, -45), (-120, 130), (55, 40), (-75, 150), (-65, 170), (-170, -60)]
    table = st.torsions(backbone(given))
    assert table.phi[1:].to_numpy() == pytest.approx([phi for phi, _ in given[1:]], abs=1e-4)
    assert table.psi[:-1].to_numpy() == pytest.approx([psi for _, psi in given[:-1]], abs=1e-4)
    assert table.omega[1:].abs().to_numpy() == pytest.approx(180, abs=1e-3)
    assert np.isnan([table.phi[0], table.omega[0], table.psi.iloc[-1]]).all()


@pytest.mark.parametrize("chain_id", ["A", "B"])
def test_cis_peptides_are_the_cispep_records(entries, chain_id):
    table = st.cis_peptides(st.get_chain(entries["2Q7N"], chain_id))
    recorded = [line for line in pdb_lines("2Q7N", "CISPEP") if line[15] == chain_id]
    assert list(table["first"]) == [int(line[17:21]) for line in recorded]
    assert list(table["second"]) == [int(line[31:35]) for line in recorded]
    assert table.omega.to_numpy() == pytest.approx(
        [float(line[53:59]) for line in recorded], abs=0.01
    )


def test_the_cis_peptide_of_lif_is_at_pro51(lif):
    assert list(st.cis_peptides(lif).label) == ["Glu50-Pro51"]


HELIX, STRAND = (-60, -45), (-120, 130)


@pytest.mark.parametrize(
    ("torsions", "expected"),
    [
        ([STRAND] * 5 + [HELIX] * 10 + [STRAND] * 5, [(6, 15, 10, ())]),
        ([STRAND] * 5 + [HELIX] * 7 + [STRAND] * 5, []),  # shorter than eight
        ([STRAND] * 5 + [HELIX] * 5 + [STRAND] + [HELIX] * 4 + [STRAND] * 5,
         [(6, 15, 10, (11,))]),  # one outlier, a turn on either side
        ([STRAND] * 5 + [HELIX] * 9 + [STRAND] + [HELIX] * 3 + [STRAND] * 5,
         [(6, 14, 9, ())]),  # less than a turn after it
        ([STRAND] * 5 + [HELIX] * 9 + [STRAND] * 2 + [HELIX] * 9 + [STRAND],
         [(6, 14, 9, ()), (17, 25, 9, ())]),  # two outliers end it
        ([STRAND] * 20, []),
    ],
)  # fmt: skip
def test_helices_by_construction(torsions, expected):
    table = st.helices(backbone(torsions))
    assert [tuple(row) for row in table.itertuples(index=False)] == expected


def test_a_chain_break_ends_a_helix():
    chain = backbone([HELIX] * 24)
    chain.detach_child((" ", 12, " "))
    table = st.helices(chain)
    assert list(zip(table.start, table.end, strict=True)) == [(2, 10), (14, 23)]


def test_helices_of_lif_in_three_entries(lif, lif_1pvh, mouse_lif):
    def found(chain):
        table = st.helices(chain)
        return list(zip(table.start, table.end, strict=True))

    assert found(lif) == [(23, 48), (76, 102), (109, 132), (155, 179)]
    assert found(lif_1pvh) == [(22, 48), (76, 104), (109, 137), (155, 177)]
    assert found(mouse_lif) == [(22, 48), (76, 104), (109, 137), (155, 179)]
    assert st.helices(lif_1pvh).outliers[0] == (36,)


def test_helices_lie_near_the_helix_records(lif):
    recorded = [
        (int(line[21:25]), int(line[33:37]))
        for line in pdb_lines("2Q7N", "HELIX")
        if line[19] == "B" and int(line[71:76]) > 8
    ]
    assert len(recorded) == 4
    table = st.helices(lif)
    assert np.abs(table.start - [start for start, _ in recorded]).max() <= 1
    assert np.abs(table.end - [end for _, end in recorded]).max() <= 3


def test_the_receptor_has_no_long_helix(lifr):
    assert len(st.helices(lifr)) == 0


def test_short_helix_of_the_ab_loop_needs_a_shorter_minimum(lif):
    table = st.helices(lif, min_length=4)
    assert (56, 59) in set(zip(table.start, table.end, strict=True))


@pytest.mark.parametrize("angle", [0, 20, 47, 90, 150, 180])
def test_two_ideal_helices(angle):
    rotation = Rotation.from_euler("x", angle, degrees=True)
    one, other = ideal_helix(26), ideal_helix(26, rotation, shift=(10, 0, 0))
    a, b = st.helix_axis(one, 1, 26), st.helix_axis(other, 1, 26)
    assert a.direction == pytest.approx([0, 0, 1], abs=0.005)
    assert a.centre == pytest.approx([0, 0, 0], abs=0.15)
    assert a.length == pytest.approx(25 * 1.5, abs=0.01)
    assert st.crossing_angle(a, b) == pytest.approx(angle, abs=0.6)
    assert st.axis_distance(a, b) == pytest.approx(10, abs=0.2)
    assert a.ends == pytest.approx(np.array([[0, 0, -18.75], [0, 0, 18.75]]), abs=0.2)


def test_distance_stops_at_the_ends_of_the_axes():
    # Two pieces of one line, and two that would cross if they were longer.
    x, y, z = np.eye(3)
    assert st.axis_distance(st.Axis(0 * z, z, 4), st.Axis(10 * z, z, 4)) == pytest.approx(6)
    assert st.axis_distance(st.Axis(0 * z, z, 4), st.Axis(5 * x + 9 * z, x, 2)) == (
        pytest.approx(np.hypot(4, 7))
    )
    assert st.axis_distance(st.Axis(0 * z, z, 4), st.Axis(3 * x, y, 4)) == pytest.approx(3)


@pytest.mark.parametrize(("shortest", "worst"), [(8, 1.7), (12, 0.7)])
def test_axis_is_as_right_as_the_docstring_says(shortest, worst):
    for n in range(shortest, 31):
        direction = st.helix_axis(ideal_helix(n), 1, n).direction
        assert np.degrees(np.arccos(direction[2])) < worst


def test_lif_goes_up_up_down_down(lif):
    table = st.helices(lif)
    axes = {
        name: st.helix_axis(lif, start, end)
        for name, start, end in zip("ABCD", table.start, table.end, strict=True)
    }
    angles = st.crossing_angles(axes)
    # Check values with other helix ends and CA atoms as they are; hence the tolerance.
    for pair, degrees in {"AB": 30, "AC": 153, "AD": 150, "CD": 47}.items():
        assert angles.loc[pair[0], pair[1]] == pytest.approx(degrees, abs=2)
    assert np.allclose(angles, angles.T)
    assert np.allclose(np.diag(angles), 0, atol=1e-5)
    assert 12 < st.axis_distance(axes["A"], axes["B"]) < 14


@pytest.mark.parametrize("min_length", [3, 0, -1])
def test_error_helix_below_a_turn(lif, min_length):
    with refuses(f"a helix of {min_length} residues", "4 or more"):
        st.helices(lif, min_length=min_length)


def test_error_helix_too_short(lif):
    with refuses("a helix of 5 residues (56-60) is too short", "at least 8 residues"):
        st.helix_axis(lif, 56, 60)


def test_error_helix_backwards(lif):
    with refuses("starts at 48, after its end at 23", "smaller number first"):
        st.helix_axis(lif, 48, 23)


def test_error_helix_beyond_the_chain(lif):
    with refuses("no residue 181", "1-180"):
        st.helix_axis(lif, 170, 190)


def test_error_no_ca():
    chain = make_chain("A", [(i, "GLY", {"N" if i == 4 else "CA": (0, i, i**2)}) for i in
                             range(1, 10)])  # fmt: skip
    with refuses("Gly4 has no CA atom", "leave this residue out"):
        st.helix_axis(chain, 1, 9)
