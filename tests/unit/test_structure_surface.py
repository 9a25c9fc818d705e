"""Buried surface: exact answers for spheres, check values for the complex."""

from __future__ import annotations

import numpy as np
import pytest
from structure_material import points_chain, refuses

from lifbook import structure as st
from lifbook.data import read_structure

pytest_plugins = ["structure_material"]


@pytest.fixture(scope="module")
def buried(lif, lifr):
    return st.buried_surface(lif, lifr)


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


@pytest.mark.parametrize("probe", [0, -1.4, float("nan"), float("inf")])
def test_error_probe(lif, lifr, probe):
    with refuses(f"a probe of {probe} Å cannot", "water is 1.4"):
        st.buried_surface(lif, lifr, probe=probe)


@pytest.mark.parametrize("points", [0, -5, 2.5])
def test_error_sphere_points(lif, lifr, points):
    with refuses(f"{points} points cannot cover", "use 100 or more"):
        st.buried_surface(lif, lifr, points=points)
