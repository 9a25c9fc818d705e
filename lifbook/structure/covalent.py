"""Covalent features."""

from __future__ import annotations

import itertools

import pandas as pd
from Bio.PDB import NeighborSearch
from Bio.PDB.Chain import Chain
from Bio.PDB.Model import Model
from Bio.PDB.Polypeptide import is_aa
from Bio.PDB.Residue import Residue
from Bio.PDB.Structure import Structure

from lifbook.structure.atoms import atom_distance, chain_atoms, heavy_atoms, label, need_side_chains
from lifbook.structure.chains import get_chain

MAX_DISULFIDE = 2.5  # Å between the SG atoms; the bond is 2.05 Å long
MAX_BOND = 1.7  # Å; C-N and C-O bonds are 1.4 to 1.5 Å, the next atom is 2.2 Å away


def disulfides(chain: Chain) -> pd.DataFrame:
    """Disulfide bonds within the chain, found from the distance of the SG atoms (≤ 2.5 Å).

    Returns
    -------
    DataFrame
        ``first``, ``second`` (residue numbers), ``distance`` (Å); ordered.
    """
    need_side_chains(chain, "finding disulfides")
    sulphurs = [atom for atom in chain_atoms(chain) if atom.id == "SG"]
    rows = []
    for one, other in itertools.combinations(sulphurs, 2):
        distance = atom_distance(one, other)
        if distance <= MAX_DISULFIDE:
            rows.append((one.parent.id[1], other.parent.id[1], distance))
    return pd.DataFrame(rows, columns=["first", "second", "distance"])


def glycans(structure: Structure | Model, chain_id: str) -> pd.DataFrame:
    """N-glycans of a chain, found from the coordinates and not from LINK records.

    A glycan is there when a C1 atom lies within 1.7 Å of an asparagine's ND2. Sugars that
    are joined to that one, by atoms within 1.7 Å of each other, belong to it.

    Returns
    -------
    DataFrame
        ``residue``, ``label`` (of the asparagine), ``sugars`` (how many), ``names``
        (``"NAG NAG FUC"``), ``members`` (chain and number, ``"E1 E2 E3"``),
        ``occupancy_min``, ``occupancy_max`` (of the sugar atoms) and ``distance`` (ND2-C1, Å).
    """
    chain = get_chain(structure, chain_id)
    need_side_chains(chain, "finding glycans")
    sugars = [
        residue
        for residue in chain.parent.get_residues()
        if not is_aa(residue, standard=False) and residue.id[0] != "W"
    ]
    columns = ["residue", "label", "sugars", "names", "members"]
    columns += ["occupancy_min", "occupancy_max", "distance"]
    sugar_atoms = [atom for sugar in sugars for atom in heavy_atoms(sugar)]
    if not sugar_atoms:
        return pd.DataFrame(columns=columns)
    search = NeighborSearch(sugar_atoms)
    rows = []
    for nd2 in (atom for atom in chain_atoms(chain) if atom.id == "ND2"):
        for c1 in (atom for atom in search.search(nd2.coord, MAX_BOND) if atom.id == "C1"):
            tree = _linked(c1.parent, search)
            occupancies = [atom.occupancy for sugar in tree for atom in heavy_atoms(sugar)]
            rows.append(
                {
                    "residue": nd2.parent.id[1],
                    "label": label(nd2.parent),
                    "sugars": len(tree),
                    "names": " ".join(sugar.resname for sugar in tree),
                    "members": " ".join(f"{sugar.parent.id}{sugar.id[1]}" for sugar in tree),
                    "occupancy_min": min(occupancies),
                    "occupancy_max": max(occupancies),
                    "distance": atom_distance(nd2, c1),
                }
            )
    return pd.DataFrame(rows, columns=columns)


def _linked(root: Residue, search: NeighborSearch) -> list[Residue]:
    """The root sugar and all that hang on it, in the order in which they are reached."""
    tree = [root]
    for sugar in tree:  # grows while we walk along it
        for atom in heavy_atoms(sugar):
            found = search.search(atom.coord, MAX_BOND, level="R")
            tree += [other for other in sorted(found) if other not in tree]
    return tree
