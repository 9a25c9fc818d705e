"""lifbook.structure against the entries' own records, check values and exact answers."""

from __future__ import annotations

import itertools
from contextlib import contextmanager

import numpy as np
import pandas as pd
import pytest
from Bio.Data.PDBData import protein_letters_3to1_extended
from Bio.PDB.Atom import Atom
from Bio.PDB.Chain import Chain
from Bio.PDB.Model import Model
from Bio.PDB.Residue import Residue
from Bio.PDB.Structure import Structure
from scipy.spatial.distance import cdist
from scipy.spatial.transform import Rotation

from lifbook import structure as st
from lifbook.data import read_pdb_text, read_structure
from lifbook.errors import LifbookError
from lifbook.structure import folds as folding
from lifbook.structure import interface, shape
from lifbook.structure.atoms import amino_acids

# --- Material ----------------------------------------------------------------------------


def pdb_lines(entry: str, record: str) -> list[str]:
    return [line for line in read_pdb_text(entry).splitlines() if line.startswith(record)]


@pytest.fixture(scope="module")
def entries() -> dict[str, Structure]:
    return {entry: read_structure(entry) for entry in ("2Q7N", "1PVH", "1LKI")}


@pytest.fixture(scope="module")
def lif(entries) -> Chain:
    return st.get_chain(entries["2Q7N"], "B")


@pytest.fixture(scope="module")
def lifr(entries) -> Chain:
    return st.get_chain(entries["2Q7N"], "A")


@pytest.fixture(scope="module")
def lif_1pvh(entries) -> Chain:
    return st.get_chain(entries["1PVH"], "B")


@pytest.fixture(scope="module")
def mouse_lif(entries) -> Chain:
    return st.get_chain(entries["1LKI"], "A")


@pytest.fixture(scope="module")
def buried(lif, lifr):
    return st.buried_surface(lif, lifr)


def make_chain(chain_id: str, residues) -> Chain:
    """Chain from (number, name, {atom name: coordinates}) triples."""
    chain = Chain(chain_id)
    for number, name, atoms in residues:
        hetero = " " if protein_letters_3to1_extended.get(name) else f"H_{name}"
        residue = Residue((hetero, number, " "), name, " ")
        for atom, xyz in atoms.items():
            xyz = np.asarray(xyz, dtype=float)
            residue.add(Atom(atom, xyz, 10.0, 1.0, " ", f" {atom:<3}", number, element=atom[0]))
        chain.add(residue)
    return chain


def make_structure(*chains: Chain) -> Structure:
    structure, model = Structure("made"), Model(0)
    structure.add(model)
    for chain in chains:
        model.add(chain)
    return structure


def points_chain(chain_id: str, points, atom: str = "CA") -> Chain:
    """One-atom glycines, numbered from 1."""
    return make_chain(chain_id, [(i, "GLY", {atom: p}) for i, p in enumerate(points, start=1)])


def ideal_helix(n: int, rotation=None, shift=(0, 0, 0), chain_id: str = "A") -> Chain:
    """CA atoms of an ideal alpha helix about z: 100° and 1.5 Å per residue, radius 2.3 Å."""
    turn = np.radians(100) * np.arange(n)
    rise = 1.5 * (np.arange(n) - (n - 1) / 2)
    points = np.column_stack([2.3 * np.cos(turn), 2.3 * np.sin(turn), rise])
    if rotation is not None:
        points = points @ rotation.as_matrix().T
    return points_chain(chain_id, points + np.asarray(shift))


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


@contextmanager
def refuses(problem: str, remedy: str):
    """The error names the thing in what is wrong, and the remedy in what to do."""
    with pytest.raises(LifbookError) as caught:
        yield
    assert problem in caught.value.problem
    assert remedy in caught.value.remedy
    assert problem in str(caught.value)
    assert remedy in str(caught.value)


# --- Chains, residues, sequence ----------------------------------------------------------


def test_chains_hold_what_the_entry_says(lif, lifr, lif_1pvh, mouse_lif):
    assert len(st.sequence(lif)) == 180
    assert len(st.sequence(lifr)) == 480
    assert len(st.sequence(lif_1pvh)) == 169
    assert len(st.sequence(mouse_lif)) == 172
    assert st.sequence(lif).startswith("SPLPITPVNATCAIRHPC")
    assert st.sequence(lif)[11:] == st.sequence(lif_1pvh)  # 12-180 of the same protein


def test_sugars_in_a_chain_are_not_residues(lifr):
    assert 601 in {residue.id[1] for residue in lifr}
    assert 601 not in set(st.residue_table(lifr).number)


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


# --- Covalent features against the entry's own records -----------------------------------


def test_sulphurs_side_by_side_are_no_disulfide():
    places = {1: (0, 0, 0), 5: (2.4, 0, 0), 9: (0, 2.6, 0)}
    chain = make_chain("A", [(n, "CYS", {"SG": xyz}) for n, xyz in places.items()])
    assert st.disulfides(chain).to_numpy().tolist() == [[1, 5, 2.4]]


@pytest.mark.parametrize("chain_id", ["A", "B"])
def test_disulfides_are_the_ssbond_records(entries, chain_id):
    table = st.disulfides(st.get_chain(entries["2Q7N"], chain_id))
    recorded = [
        (int(line[17:21]), int(line[31:35]), float(line[73:78]))
        for line in pdb_lines("2Q7N", "SSBOND")
        if line[15] == chain_id
    ]
    assert list(zip(table["first"], table["second"], strict=True)) == [r[:2] for r in recorded]
    assert table.distance.to_numpy() == pytest.approx([r[2] for r in recorded], abs=0.006)


def test_glycans_are_the_link_records(entries):
    table = st.glycans(entries["2Q7N"], "A")
    links = pdb_lines("2Q7N", "LINK")
    recorded = [
        (int(line[22:26]), line[51] + line[52:56].strip(), float(line[73:78]))
        for line in links
        if line[12:20].split() == ["ND2", "ASN"]
    ]
    assert len(recorded) == 9
    assert list(table.residue) == [r[0] for r in recorded]
    assert [members.split()[0] for members in table.members] == [r[1] for r in recorded]
    assert table.distance.to_numpy() == pytest.approx([r[2] for r in recorded], abs=0.006)
    # Every sugar hangs on a LINK, and every sugar of the file on one of the nine.
    assert table.sugars.sum() == len(links)
    sugars = {line[21:26].replace(" ", "") for line in pdb_lines("2Q7N", "HETATM")}
    assert set(" ".join(table.members).split()) == sugars


def test_glycan_details(entries):
    table = st.glycans(entries["2Q7N"], "A").set_index("residue")
    assert list(table.sugars) == [3, 2, 2, 3, 3, 1, 4, 4, 2]
    assert table.loc[121, "names"] == "NAG NAG FUC"
    assert table.loc[378, "names"] == "NAG NAG MAN MAN"
    assert table.loc[121, ["occupancy_min", "occupancy_max"]].tolist() == [0.5, 0.5]
    assert table.loc[397, ["occupancy_min", "occupancy_max"]].tolist() == [0.01, 0.5]


def test_lif_of_the_crystal_has_no_glycan(entries):
    table = st.glycans(entries["2Q7N"], "B")
    assert len(table) == 0
    assert "sugars" in table


def test_only_a_c1_atom_makes_a_glycan():
    asn = make_chain("A", [(7, "ASN", {"CB": (1.5, 0, 0), "ND2": (3, 0, 0)})])
    other = make_chain("S", [(1, "GOL", {"C2": (4.4, 0, 0)})])
    assert len(st.glycans(make_structure(asn, other), "A")) == 0


def test_glycan_by_hand():
    asn = make_chain("A", [(7, "ASN", {"CA": (0, 0, 0), "CB": (1.5, 0, 0), "ND2": (3, 0, 0)})])
    sugars = make_chain(
        "S",
        [
            (1, "NAG", {"C1": (4.4, 0, 0), "O4": (7, 0, 0)}),
            (2, "NAG", {"C1": (8.4, 0, 0)}),
            (3, "NAG", {"C1": (3, 2.5, 0), "O4": (3, 1.5, 0)}),  # beside it, linked to nothing
        ],
    )
    table = st.glycans(make_structure(asn, sugars), "A")
    assert table.loc[0, ["label", "sugars", "members"]].tolist() == ["Asn7", 2, "S1 S2"]
    assert table.loc[0, "distance"] == pytest.approx(1.4)


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


# --- Torsions and helices ----------------------------------------------------------------


def test_torsions_are_those_the_backbone_was_built_with():
    given = [(-60, -45), (-120, 130), (55, 40), (-75, 150), (-65, 170), (-170, -60)]
    table = st.torsions(backbone(given))
    assert table.phi[1:].to_numpy() == pytest.approx([phi for phi, _ in given[1:]], abs=1e-4)
    assert table.psi[:-1].to_numpy() == pytest.approx([psi for _, psi in given[:-1]], abs=1e-4)
    assert table.omega[1:].abs().to_numpy() == pytest.approx(180, abs=1e-3)
    assert np.isnan([table.phi[0], table.omega[0], table.psi.iloc[-1]]).all()


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


# --- Axes --------------------------------------------------------------------------------


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


# --- Contacts ----------------------------------------------------------------------------


def test_contacts_by_hand():
    one = make_chain(
        "A", [(1, "GLY", {"N": (0, 0, 0), "CA": (0, 0, 2)}), (5, "GLY", {"CA": (0, 0, 20)})]
    )
    other = make_chain(
        "B",
        [
            (3, "GLY", {"CA": (3, 4, 0), "H": (0, 0, 0.5)}),
            (9, "GLY", {"CA": (0, 0, 5.5)}),
            (601, "NAG", {"C1": (0, 1, 0)}),
        ],
    )
    table = st.contacts(one, other, 5)
    # N1-CA3 is 5 exactly; CA1-CA9 3.5; hydrogens and sugars do not count.
    assert [tuple(row) for row in table.itertuples(index=False)] == [(1, 3, 5.0), (1, 9, 3.5)]
    assert len(st.contacts(one, other, 4.999)) == 1
    assert len(st.contacts(one, other, 3.4)) == 0
    counts = st.contact_counts(one, other, [5, 4.999, 3.5, 3.4])
    assert counts.to_numpy().tolist() == [
        [5, 1, 2, 2], [4.999, 1, 1, 1], [3.5, 1, 1, 1], [3.4, 0, 0, 0],
    ]  # fmt: skip


def test_distances_are_those_of_a_file_with_three_decimals():
    one, other = points_chain("A", [(0, 0, 0)]), points_chain("B", [(4.0004, 0, 0), (0, 4.0006, 0)])
    assert list(st.contacts(one, other, 4.0).b) == [1]
    assert list(st.contacts(one, other, 4.001).b) == [1, 2]


def test_contacts_are_ordered_by_number():
    def chain(name, x):
        return make_chain(name, [(n, "GLY", {"CA": (x, n / 10, 0)}) for n in (7, 3, 5)])

    table = st.contacts(chain("A", 0), chain("B", 3), 4)
    assert table[["a", "b"]].to_numpy().tolist() == [[a, b] for a in (3, 5, 7) for b in (3, 5, 7)]


CHECKED = {3.5: (13, 11), 4.0: (18, 20), 4.5: (20, 27), 5.0: (23, 28)}


@pytest.mark.parametrize("cutoff", CHECKED)
def test_contacts_of_lif_and_its_receptor(lif, lifr, cutoff):
    table = st.contacts(lif, lifr, cutoff)
    assert (table.a.nunique(), table.b.nunique()) == CHECKED[cutoff]
    assert list(table.columns) == ["a", "b", "distance"]
    assert table.distance.between(0, cutoff).all()


def test_counts_are_those_of_a_plain_distance_matrix(lif, lifr):
    """Read the file by columns and measure every pair, without Biopython."""

    def heavy(chain_id):
        atoms = [li for li in pdb_lines("2Q7N", "ATOM") if li[21] == chain_id]
        xyz = [[float(li[30:38]), float(li[38:46]), float(li[46:54])] for li in atoms]
        return np.array(xyz), np.array([int(li[22:26]) for li in atoms])

    (xyz_b, number_b), (xyz_a, number_a) = heavy("B"), heavy("A")
    distance = cdist(xyz_b, xyz_a).round(3)
    cutoffs = np.arange(3.0, 6.05, 0.1)
    counts = st.contact_counts(lif, lifr, cutoffs)
    assert len(counts) == 31
    for cutoff, row in zip(cutoffs.round(3), counts.itertuples(), strict=True):
        b, a = np.nonzero(distance <= cutoff)
        expected = len(set(number_b[b])), len(set(number_a[a]))
        assert (row.cutoff, row.a, row.b) == (cutoff, *expected)
        assert row.pairs == len(set(zip(number_b[b], number_a[a], strict=True)))


def test_the_reported_22_and_25_need_different_cutoffs(lif, lifr):
    counts = st.contact_counts(lif, lifr, np.arange(3.0, 6.05, 0.1)).set_index("cutoff")
    assert list(counts.index[counts.a == 22]) == [4.7]
    assert list(counts.index[counts.b == 25]) == [4.4]


def test_one_search_for_all_cutoffs(lif, lifr, monkeypatch):
    searches = []
    real = interface._atom_pairs
    monkeypatch.setattr(interface, "_atom_pairs", lambda *args: searches.append(args) or real(*args))
    st.contact_counts(lif, lifr, [3.5, 4.0, 4.5, 5.0])
    assert len(searches) == 1


def test_interface_points_by_hand():
    one = points_chain("A", [(0, 0, 0), (0, 9, 0)])
    other = points_chain("B", [(4, 0, 0), (0, 0, 4)])
    assert st.interface_points(one, other, 5) == pytest.approx(np.array([[2, 0, 0], [0, 0, 2]]))
    assert st.interface_points(one, other, 5, of="first") == pytest.approx(np.zeros((1, 3)))
    assert st.interface_points(one, other, 5, of="second") == pytest.approx(
        np.array([[4, 0, 0], [0, 0, 4]])
    )
    assert st.interface_points(one, other, 1).shape == (0, 3)


# --- Buried surface ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("distance", "probe"), [(2.0, 1.4), (3.5, 1.4), (5.0, 1.4), (6.0, 1.4), (6.1, 1.4), (3.5, 0.5)]
)
def test_two_spheres_bury_two_caps(distance, probe):
    one = points_chain("A", [(1, 2, 3)], atom="CA")
    other = points_chain("A", [(1, 2, 3 + distance)], atom="O")
    table = st.buried_surface(one, other, probe=probe, points=5000)
    radii = np.array([1.70, 1.52]) + probe
    for row, (mine, yours) in zip(table.itertuples(), [radii, radii[::-1]], strict=True):
        cap = mine - (distance**2 + mine**2 - yours**2) / (2 * distance)
        assert row.free == pytest.approx(4 * np.pi * mine**2)
        assert row.buried == pytest.approx(2 * np.pi * mine * max(cap, 0), abs=0.003 * row.free)
        assert row.bound == pytest.approx(row.free - row.buried)


def test_buried_surface_of_the_complex(buried):
    assert buried.buried.sum() == pytest.approx(1917, abs=2)
    most = buried[buried.chain == "B"].nlargest(11, "buried").label
    assert set(most) == {"Phe156", "Val155", "Lys58", "Pro51", "Ile103", "Pro106", "Glu50",
                         "Asp154", "Lys153", "Leu104", "Lys159"}  # fmt: skip
    assert most.iloc[0] == "Phe156"
    pro51 = buried[(buried.chain == "B") & (buried.number == 51)].iloc[0]
    assert pro51.buried == pytest.approx(68, abs=1)


def test_sugars_take_no_part_in_the_buried_surface(buried):
    assert set(buried.chain) == {"A", "B"}
    assert len(buried) == 480 + 180


def test_a_surface_measured_again_is_that_of_the_chains_as_they_are_now(lifr):
    entry = read_structure("2Q7N")
    moved, other = st.get_chain(entry, "B").copy(), st.slice_chain(lifr, 203, 293)
    first = st.buried_surface(moved, other, points=20)
    first["buried"] = 0.0  # the reader's own copy
    again = st.buried_surface(moved, other, points=20)
    assert again["buried"].sum() > 100
    for atom in moved.get_atoms():
        atom.coord = atom.coord + np.float32(1000)
    assert st.buried_surface(moved, other, points=20)["buried"].sum() == pytest.approx(0, abs=1e-6)
    assert st.buried_surface(st.get_chain(entry, "B"), other, points=20).equals(again)


def test_buried_surface_leaves_the_atoms_alone(lif, buried):
    assert not any(hasattr(atom, "sasa") for atom in lif.get_atoms())


# --- Superposition -----------------------------------------------------------------------


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


# --- Shape -------------------------------------------------------------------------------


def patch(k1: float, k2: float) -> np.ndarray:
    """Points of z = (k1 x² + k2 y²) / 2 over 24 by 16 Å."""
    x, y = (g.ravel() for g in np.meshgrid(np.linspace(-12, 12, 13), np.linspace(-8, 8, 11)))
    return np.column_stack([x, y, (k1 * x**2 + k2 * y**2) / 2])


SHAPES = [
    (-0.03, 0.04, "saddle"),
    (0.03, -0.04, "saddle"),
    (0.02, 0.05, "bowl"),
    (-0.02, -0.05, "bowl"),
    (0.0, 0.04, "trough"),
    (0.001, -0.002, "plane"),
    (0.0, 0.0, "plane"),
]


@pytest.mark.parametrize(("k1", "k2", "kind"), SHAPES)
@pytest.mark.parametrize("seed", range(3))
def test_known_curvatures_in_any_rotation(k1, k2, kind, seed):
    rotation = Rotation.random(random_state=seed).as_matrix()
    points = patch(k1, k2) @ rotation.T + [10, -20, 30]
    fit = st.fit_quadric(points)
    # z points to where the stronger bend opens.
    expected = sorted([k1, k2]) if k1 + k2 >= 0 else sorted([-k1, -k2])
    assert fit.curvatures == pytest.approx(expected, abs=1e-9)
    assert fit.kind == kind
    assert fit.rms < 1e-9
    flat = patch(k1, k2)[:, 2]
    assert fit.plane_rms == pytest.approx(flat.std(), abs=1e-9)
    assert fit.frame @ fit.frame.T == pytest.approx(np.eye(3))
    assert np.linalg.det(fit.frame) == pytest.approx(1)


def test_curvature_is_right_on_a_slope():
    """An asymmetric patch of a sphere is tilted in its own frame; its curvature is 1/R."""
    x, y = (g.ravel() for g in np.meshgrid(np.linspace(-3, 3, 9), np.linspace(-2, 2, 9)))
    x = np.concatenate([x, x[x > 1.5]])  # more points on one side
    y = np.concatenate([y, y[: len(x) - len(y)]])
    points = np.column_stack([x, y, 40 - np.sqrt(40**2 - x**2 - y**2)])
    assert st.fit_quadric(points).curvatures == pytest.approx((1 / 40, 1 / 40), rel=0.02)


def test_slope_enters_the_curvature():
    """z = x²/20 + x seen from where it rises at 45°: k = z'' / (1 + z'²)^(3/2)."""
    x, y = (g.ravel() for g in np.meshgrid(np.linspace(-2, 2, 9), np.linspace(-2, 2, 9)))
    points = np.column_stack([x, y, x**2 / 20 + x])
    # The fit in the given frame, which the principal axes would turn away from.
    fit = shape._fit_in_frame(points - [0, 0, points[:, 2].mean()], np.zeros(3), np.eye(3))
    assert fit.curvatures == pytest.approx((0, 0.1 / 2**1.5), abs=1e-9)


def test_towards_chooses_the_side():
    bowl = patch(0.02, 0.05)
    assert st.fit_quadric(bowl, towards=[0, 0, 50]).curvatures == pytest.approx((0.02, 0.05))
    assert st.fit_quadric(bowl, towards=[0, 0, -50]).curvatures == pytest.approx((-0.05, -0.02))


def test_surface_passes_through_the_points():
    points = patch(-0.03, 0.04) @ Rotation.random(random_state=7).as_matrix().T + [1, 2, 3]
    fit = st.fit_quadric(points)
    local = fit.local(points)
    assert fit.height(local[:, 0], local[:, 1]) == pytest.approx(local[:, 2], abs=1e-9)
    assert fit.world(local) == pytest.approx(points)
    grid = np.meshgrid([0.0, 1.0], [0.0, 1.0, 2.0])
    assert fit.height(*grid).shape == (3, 2)
    assert fit.height(0, 0) == pytest.approx(fit.coefficients[5])


@pytest.mark.parametrize(("cutoff", "curvatures"), [(4.5, (-0.031, 0.035)), (5.0, (-0.034, 0.034))])
def test_the_interface_is_a_saddle(lif, lifr, cutoff, curvatures):
    fit = st.fit_quadric(st.interface_points(lif, lifr, cutoff))
    assert fit.curvatures == pytest.approx(curvatures, abs=0.001)
    assert fit.rms == pytest.approx(1.4, abs=0.05)
    assert fit.plane_rms == pytest.approx(1.9, abs=0.15)


@pytest.mark.parametrize("cutoff", [4.0, 4.5, 5.0, 5.5, 6.0])
@pytest.mark.parametrize("of", ["midpoints", "first", "second"])
def test_a_saddle_at_every_cutoff_and_for_either_side(lif, lifr, cutoff, of):
    assert st.fit_quadric(st.interface_points(lif, lifr, cutoff, of)).kind == "saddle"


def test_principal_axes_of_a_box():
    box = np.array(list(itertools.product([-3, 3], [-5, 5], [-1, 1])), dtype=float)
    assert st.principal_axes(box) == pytest.approx(np.array([[0, 1, 0], [1, 0, 0], [0, 0, -1]]))


def test_the_complex_may_lie_anywhere_in_space(entries, lif, lifr):
    """A turned and shifted copy of the whole entry gives the same answers."""
    copy = entries["2Q7N"].copy()
    copy.transform(Rotation.from_euler("xyz", [25, 110, -70], degrees=True).as_matrix(),
                   np.array([40.0, -13.0, 7.0]))  # fmt: skip
    lif2, lifr2 = st.get_chain(copy, "B"), st.get_chain(copy, "A")
    cutoffs = np.arange(3.0, 6.05, 0.1)
    assert st.contact_counts(lif2, lifr2, cutoffs).equals(st.contact_counts(lif, lifr, cutoffs))
    assert st.fit_quadric(st.interface_points(lif2, lifr2, 4.5)).curvatures == pytest.approx(
        st.fit_quadric(st.interface_points(lif, lifr, 4.5)).curvatures, abs=1e-5
    )
    assert st.helices(lif2).equals(st.helices(lif))
    angles = [
        st.crossing_angle(st.helix_axis(c, 23, 48), st.helix_axis(c, 155, 179)) for c in (lif, lif2)
    ]
    assert angles[0] == pytest.approx(angles[1], abs=1e-3)
    assert st.glycans(copy, "A").sugars.sum() == 24


# --- Backbone files: what works, what is refused -----------------------------------------


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


# --- Errors ------------------------------------------------------------------------------


def test_error_unknown_chain(entries):
    with refuses("no chain 'Z' in '2Q7N'", "use one of A, B, E, F"):
        st.get_chain(entries["2Q7N"], "Z")


def test_error_empty_structure():
    with refuses("no chain 'A' in 'none'", "it has no chains"):
        st.get_chain(Structure("none"), "A")


def test_error_unknown_chain_for_glycans(entries):
    with refuses("no chain 'Q'", "use one of A, B"):
        st.glycans(entries["2Q7N"], "Q")


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


def test_error_chain_without_amino_acids(entries):
    with refuses("chain 'E' holds no amino acid", "choose a protein chain"):
        st.sequence(st.get_chain(entries["2Q7N"], "E"))


def test_error_insertion_code():
    chain = points_chain("A", [(0, 0, 0)])
    chain.add(Residue((" ", 1, "A"), "GLY", " "))
    with refuses("Gly1A of chain 'A' has an insertion code", "renumber"):
        st.sequence(chain)


@pytest.mark.parametrize("cutoff", [0, -1, 20.1, float("inf"), float("nan"), None, "near"])
@pytest.mark.parametrize("function", [st.contacts, st.interface_points])
def test_error_cutoff(lif, lifr, cutoff, function):
    with refuses(f"a cut-off of {cutoff} Å", "above 0 and up to 20 Å"):
        function(lif, lifr, cutoff)


def test_error_one_cutoff_of_many(lif, lifr):
    with refuses("a cut-off of -2 Å", "above 0"):
        st.contact_counts(lif, lifr, [4.0, -2])


def test_error_no_cutoff(lif, lifr):
    with refuses("no cut-off", "at least one"):
        st.contact_counts(lif, lifr, [])


@pytest.mark.parametrize(
    "twin",
    [lambda chain: chain, lambda chain: chain.copy(), lambda chain: st.slice_chain(chain, 5, 30)],
)
def test_error_chain_against_itself(lif, twin):
    with refuses("chain 'B' was given against itself", "two different chains"):
        st.contacts(lif, twin(lif), 4.0)
    with refuses("chain 'B' was given against itself", "two different chains"):
        st.buried_surface(lif, twin(lif))


def test_error_unknown_kind_of_points(lif, lifr):
    with refuses("no points 'middle'", "midpoints, first or second"):
        st.interface_points(lif, lifr, 4.0, of="middle")


@pytest.mark.parametrize("probe", [0, -1.4, float("nan"), float("inf")])
def test_error_probe(lif, lifr, probe):
    with refuses(f"a probe of {probe} Å", "water is 1.4"):
        st.buried_surface(lif, lifr, probe=probe)


@pytest.mark.parametrize("points", [0, -5, 2.5])
def test_error_sphere_points(lif, lifr, points):
    with refuses(f"{points} points", "use 100 or more"):
        st.buried_surface(lif, lifr, points=points)


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


@pytest.mark.parametrize(("function", "least"), [(st.fit_quadric, 6), (st.principal_axes, 3)])
def test_error_points(function, least):
    rng = np.random.default_rng(1)
    with refuses(f"{least - 1} points are too few", f"at least {least}"):
        function(rng.normal(size=(least - 1, 3)))
    with refuses("lie on a straight line", "not collinear"):
        function(np.outer(np.arange(9), [1, 2, 3]))
    with refuses("points of shape (9, 2)", "(n, 3)"):
        function(rng.normal(size=(9, 2)))
    with refuses("points of shape", "array of numbers"):
        function([["a", "b", "c"]] * 9)
    with refuses("point 4 for", "leave out points"):
        function(np.where(np.arange(9)[:, None] == 4, np.nan, rng.normal(size=(9, 3))))


def test_error_points_on_a_conic():
    turn = np.linspace(0, 2 * np.pi, 12, endpoint=False)
    ring = np.column_stack([9 * np.cos(turn), 5 * np.sin(turn), 0.1 * np.cos(3 * turn)])
    with refuses("on a line or a conic", "at a larger cut-off"):
        st.fit_quadric(ring)


@pytest.mark.parametrize("towards", [[0, 0], [0, 0, np.nan]])
def test_error_towards(towards):
    with refuses("'towards' is not a point", "three numbers"):
        st.fit_quadric(patch(0.02, 0.03), towards=towards)


def test_distances_from_a_residue(lif, mouse_lif):
    table = st.distances_from(lif, 64)
    assert list(table["number"]) == [number for number in range(1, 181) if number != 64]
    one, other = st.get_residue(lif, 64), st.get_residue(lif, 160)
    wanted = min(a - b for a in one for b in other)
    found = table.set_index("number").loc[160]
    assert found["distance"] == pytest.approx(wanted, abs=1e-4) and found["label"] == "Lys160"
    assert table.set_index("number").loc[[63, 65], "distance"].between(1.2, 1.5).all()  # peptide bonds
    with pytest.raises(LifbookError, match="no residue 999 in chain 'B'"):
        st.distances_from(lif, 999)
    with pytest.raises(LifbookError, match="a distance between residues needs the side chains"):
        st.distances_from(mouse_lif, 64)


# --- Same fold: correspondence found by structure ------------------------------------------


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
        [156, 159], "mobile_label"].tolist() == ["Phe156", "Lys159"]
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
        ("LIF", "IL-6"), ("LIF", "viral IL-6"), ("IL-6", "viral IL-6")]
    one = st.align_structures(family["IL-6"], family["LIF"])
    assert table.loc[0, ["pairs", "rmsd", "identity", "tm_score"]].tolist() == pytest.approx(
        [one.n, one.rmsd, one.identity, one.tm_score])
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
    with refuses("1 chains cannot be compared", "two or more"):
        st.compare_folds({"LIF": lif})


# --- The model of the ternary complex ------------------------------------------------------


@pytest.fixture(scope="module")
def by_lif(lif_1pvh, lif):
    return st.superimpose(lif_1pvh, lif)


@pytest.fixture(scope="module")
def gp130(entries):
    return st.get_chain(entries["1PVH"], "A")


@pytest.fixture(scope="module")
def laid_gp130(by_lif, gp130):
    return by_lif.moved(gp130)


def test_deviations_before_and_after(by_lif, lif, lif_1pvh):
    before = st.deviations(lif_1pvh, lif)
    assert len(before) == 169 and st.rms(before["deviation"]) == pytest.approx(84.06, abs=0.005)
    assert by_lif.rmsd == pytest.approx(1.45, abs=0.005)
    after = st.deviations(by_lif.moved(lif_1pvh), lif)
    assert after["deviation"].to_numpy() == pytest.approx(
        by_lif.table["deviation"].to_numpy(), abs=1e-4)
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
    with refuses("a root mean square of no value", "at least one"):
        st.rms([])


def test_gp130_and_lifr_do_not_touch_in_the_model(laid_gp130, lifr):
    found = st.closest_approach(laid_gp130, lifr)
    places = [np.array([a.coord for r in amino_acids(c) for a in r]) for c in (laid_gp130, lifr)]
    assert found.distance == pytest.approx(cdist(*places).min(), abs=0.001)
    assert found.distance == pytest.approx(12.72, abs=0.01)
    assert np.linalg.norm(found.ends[1] - found.ends[0]) == pytest.approx(found.distance, abs=1e-3)
    one, other = laid_gp130[found.a][found.atom_a], lifr[found.b][found.atom_b]
    assert np.array([one.coord, other.coord]) == pytest.approx(found.ends)
    assert (found.label_a, found.label_b) == (st.label(one.parent), st.label(other.parent))
    assert (found.label_a, found.label_b) == ("Asp155", "Ser390")


def test_the_model_clashes_where_the_crystals_differ(laid_gp130, lif, lif_1pvh, gp130):
    table = st.clashes(lif, laid_gp130)
    assert len(table) == 25 and (table["distance"] <= 3).all()
    near = st.contacts(lif, laid_gp130, 3.0)
    assert table[["a", "b", "distance"]].equals(near)
    first = table.groupby("a")["atom_pairs"].sum()
    assert first[first.index.isin(range(15, 20))].sum() > 0.8 * first.sum()
    own = st.clashes(lif_1pvh, gp130)  # in its own crystal LIF does not clash
    assert own["not_polar"].sum() == 0 and own["distance"].min() > 2.5


def test_clashes_by_hand():
    one = make_chain("A", [(1, "SER", {"CB": (0, 0, 0), "OG": (1.4, 0, 0)})])
    other = make_chain("B", [(7, "ASN", {"CB": (6, 0, 0), "ND2": (4.2, 0, 0)}),
                             (8, "ALA", {"CB": (0, 2.9, 0)})])
    table = st.clashes(one, other)
    assert table.to_numpy().tolist() == [
        [1, 7, "Ser1", "Asn7", 1, 0, 2.8], [1, 8, "Ser1", "Ala8", 1, 1, 2.9]]
    assert st.clashes(one, other, 2.5).empty
    assert st.clashes(one, other, 2.5).columns.tolist() == table.columns.tolist()
    assert st.clashes(one, other, 3.3)["atom_pairs"].tolist() == [1, 2]


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
    with refuses("no residue of chain 'A' to take the middle of", "at least one"):
        st.centre(chain, [])
    with refuses("no residue 9", "1-3"):
        st.centre(chain, [1, 9])


def test_backbones_and_a_chain_against_itself_are_refused(lif, mouse_lif):
    for function in (st.closest_approach, st.clashes):
        with refuses("backbone atoms only", "2Q7N or 1PVH"):
            function(lif, mouse_lif)
        with refuses("given against itself", "two different chains"):
            function(lif, st.slice_chain(lif, 10, 40))
    with refuses("cut-off of -1 Å", "above 0"):
        st.clashes(lif, lif, -1)
