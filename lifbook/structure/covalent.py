"""Covalent bonds beyond the backbone: disulfides and glycans, found from the coordinates."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
from Bio.PDB.Atom import Atom
from Bio.PDB.Chain import Chain
from Bio.PDB.Model import Model
from Bio.PDB.NeighborSearch import NeighborSearch
from Bio.PDB.Polypeptide import is_aa
from Bio.PDB.Residue import Residue
from Bio.PDB.Structure import Structure

from lifbook.structure.atoms import (
    atom_distance,
    chain_atoms,
    chain_of,
    heavy_atoms,
    label,
    need_side_chains,
    residue_of,
)
from lifbook.structure.chains import first_model, get_chain

MAX_DISULFIDE = 2.5  # Å between the SG atoms; the bond is 2.05 Å long
MAX_BOND = 1.7  # Å; C-N and C-O bonds are 1.4 to 1.5 Å, the next atom is 2.2 Å away

_GLYCAN_COLUMNS = [
    "residue", "label", "sugars", "names", "members", "occupancy_min", "occupancy_max", "distance",
]  # fmt: skip


def disulfides(chain: Chain) -> pd.DataFrame:
    """Disulfide bonds within a chain, found from the distance between SG atoms (≤ 2.5 Å).

    Returns
    -------
    DataFrame
        ``first``, ``second`` (residue numbers), ``distance`` (Å); in the order of the chain.

    Raises
    ------
    LifbookError
        A chain without side chains.

    Examples
    --------
    >>> from lifbook import data, structure
    >>> lif = structure.get_chain(data.read_structure("2Q7N"), "B")
    >>> structure.disulfides(lif)
       first  second  distance
    0     12     134     2.066
    1     18     131     2.080
    2     60     163     2.040
    """
    need_side_chains(chain, "finding disulfides")
    sulphurs = [atom for atom in chain_atoms(chain) if atom.id == "SG"]
    rows = []
    for one, other in itertools.combinations(sulphurs, 2):
        distance = atom_distance(one, other)
        if distance <= MAX_DISULFIDE:
            rows.append((residue_of(one).id[1], residue_of(other).id[1], distance))
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
        ``occupancy_min``, ``occupancy_max`` (of the sugar atoms, NaN where the file gives none)
        and ``distance`` (ND2-C1, Å).

    Raises
    ------
    LifbookError
        An unknown chain, or one without side chains.

    Examples
    --------
    >>> from lifbook import data, structure
    >>> table = structure.glycans(data.read_structure("2Q7N"), "A")
    >>> table[["label", "names", "members", "distance"]].head(2)
        label        names   members  distance
    0  Asn121  NAG NAG FUC  E1 E2 E3     1.446
    1  Asn156      NAG NAG     F1 F2     1.452
    """
    chain = get_chain(structure, chain_id)
    need_side_chains(chain, "finding glycans")
    sugar_atoms = [
        atom
        for residue in first_model(structure).get_residues()
        if not is_aa(residue, standard=False) and residue.id[0] != "W"
        for atom in heavy_atoms(residue)
    ]
    if not sugar_atoms:
        return pd.DataFrame(columns=_GLYCAN_COLUMNS)
    search = NeighborSearch(sugar_atoms)
    rows = [
        _glycan(nd2, c1, search)
        for nd2 in chain_atoms(chain)
        if nd2.id == "ND2"
        for c1 in search.search(nd2.coord, MAX_BOND)
        if c1.id == "C1"
    ]
    return pd.DataFrame(rows, columns=_GLYCAN_COLUMNS)


def _glycan(nd2: Atom, c1: Atom, search: NeighborSearch) -> dict[str, object]:
    """Row of the table of `glycans`."""
    asparagine, tree = residue_of(nd2), _linked(residue_of(c1), search)
    atoms = [atom for sugar in tree for atom in heavy_atoms(sugar)]
    occupancies = [atom.occupancy for atom in atoms if atom.occupancy is not None]
    return {
        "residue": asparagine.id[1],
        "label": label(asparagine),
        "sugars": len(tree),
        "names": " ".join(sugar.resname for sugar in tree),
        "members": " ".join(f"{chain_of(sugar).id}{sugar.id[1]}" for sugar in tree),
        "occupancy_min": min(occupancies, default=np.nan),
        "occupancy_max": max(occupancies, default=np.nan),
        "distance": atom_distance(nd2, c1),
    }


def _linked(root: Residue, search: NeighborSearch) -> list[Residue]:
    """The root sugar and all that are joined to it, in the order in which they are reached."""
    tree = [root]
    for sugar in tree:  # grows while we walk along it
        for atom in heavy_atoms(sugar):
            found = search.search(atom.coord, MAX_BOND, level="R")
            tree += [other for other in sorted(found) if other not in tree]
    return tree
