"""Chains for the tests of lifbook.structure: of the entries, and built by hand.

Its fixtures come with ``pytest_plugins``, its functions by import, and the import is first:
PYTEST_DONT_REWRITE, or pytest warns that it comes too late to rewrite the assertions.
"""

from __future__ import annotations

from contextlib import contextmanager

import numpy as np
import pytest
from Bio.Data.PDBData import protein_letters_3to1_extended
from Bio.PDB.Atom import Atom
from Bio.PDB.Chain import Chain
from Bio.PDB.Model import Model
from Bio.PDB.Residue import Residue
from Bio.PDB.Structure import Structure

from lifbook import structure as st
from lifbook.data import read_pdb_text, read_structure
from lifbook.errors import LifbookError


def pdb_lines(entry: str, record: str) -> list[str]:
    return [line for line in read_pdb_text(entry).splitlines() if line.startswith(record)]


@pytest.fixture(scope="session")
def entries() -> dict[str, Structure]:
    return {entry: read_structure(entry) for entry in ("2Q7N", "1PVH", "1LKI")}


@pytest.fixture(scope="session")
def lif(entries) -> Chain:
    return st.get_chain(entries["2Q7N"], "B")


@pytest.fixture(scope="session")
def lifr(entries) -> Chain:
    return st.get_chain(entries["2Q7N"], "A")


@pytest.fixture(scope="session")
def lif_1pvh(entries) -> Chain:
    return st.get_chain(entries["1PVH"], "B")


@pytest.fixture(scope="session")
def gp130(entries):
    return st.get_chain(entries["1PVH"], "A")


@pytest.fixture(scope="session")
def mouse_lif(entries) -> Chain:
    return st.get_chain(entries["1LKI"], "A")


@pytest.fixture(scope="session")
def by_lif(lif_1pvh, lif):
    return st.superimpose(lif_1pvh, lif)


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


@contextmanager
def refuses(problem: str, remedy: str):
    """The error names the thing in what is wrong, and the remedy in what to do."""
    with pytest.raises(LifbookError) as caught:
        yield
    assert problem in caught.value.problem
    assert remedy in caught.value.remedy
    assert problem in str(caught.value)
    assert remedy in str(caught.value)
