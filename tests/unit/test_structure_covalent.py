"""Disulfides and glycans against the entry's own records."""

from __future__ import annotations

import pytest
from structure_material import make_chain, make_structure, pdb_lines, refuses

from lifbook import structure as st

pytest_plugins = ["structure_material"]


def test_sulphurs_side_by_side_are_not_a_disulfide():
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


def test_error_unknown_chain_for_glycans(entries):
    with refuses("no chain of '2Q7N' is called 'Q'", "use one of A, B"):
        st.glycans(entries["2Q7N"], "Q")


def test_a_file_without_occupancies_gives_none():
    asn = make_chain("A", [(7, "ASN", {"CB": (1.5, 0, 0), "ND2": (3, 0, 0)})])
    sugar = make_chain("S", [(1, "NAG", {"C1": (4.4, 0, 0), "O4": (7, 0, 0)})])
    for atom in sugar.get_atoms():
        atom.occupancy = None
    table = st.glycans(make_structure(asn, sugar), "A")
    assert table[["occupancy_min", "occupancy_max"]].isna().all(axis=None)
    next(sugar.get_atoms()).occupancy = 0.5
    table = st.glycans(make_structure(asn, sugar), "A")
    assert table.loc[0, ["occupancy_min", "occupancy_max"]].tolist() == [0.5, 0.5]
