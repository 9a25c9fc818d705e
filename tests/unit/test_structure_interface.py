"""Contacts, clashes and the closest approach of two chains."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.spatial.distance import cdist
from scipy.spatial.transform import Rotation
from structure_material import make_chain, pdb_lines, points_chain, refuses

from lifbook import structure as st
from lifbook.structure import interface
from lifbook.structure.atoms import amino_acids

pytest_plugins = ["structure_material"]


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
    monkeypatch.setattr(
        interface, "_atom_pairs", lambda *args: searches.append(args) or real(*args)
    )
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


@pytest.fixture(scope="module")
def laid_gp130(by_lif, gp130):
    return by_lif.moved(gp130)


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
    other = make_chain(
        "B", [(7, "ASN", {"CB": (6, 0, 0), "ND2": (4.2, 0, 0)}), (8, "ALA", {"CB": (0, 2.9, 0)})]
    )
    table = st.clashes(one, other)
    assert table.to_numpy().tolist() == [
        [1, 7, "Ser1", "Asn7", 1, 0, 2.8],
        [1, 8, "Ser1", "Ala8", 1, 1, 2.9],
    ]
    assert st.clashes(one, other, 2.5).empty
    assert st.clashes(one, other, 2.5).columns.tolist() == table.columns.tolist()
    assert st.clashes(one, other, 3.3)["atom_pairs"].tolist() == [1, 2]


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


def test_error_unknown_kind_of_points(lif, lifr):
    with refuses("no kind of points is called 'middle'", "midpoints, first, second"):
        st.interface_points(lif, lifr, 4.0, of="middle")


def test_backbones_and_a_chain_against_itself_are_refused(lif, mouse_lif):
    for function in (st.closest_approach, st.clashes):
        with refuses("backbone atoms only", "2Q7N or 1PVH"):
            function(lif, mouse_lif)
        with refuses("given against itself", "two different chains"):
            function(lif, st.slice_chain(lif, 10, 40))
    with refuses("cut-off of -1 Å", "above 0"):
        st.clashes(lif, lif, -1)
