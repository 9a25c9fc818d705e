"""The interface of two chains: contacts, clashes, the closest atoms, points that trace it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from Bio.PDB.Atom import Atom
from Bio.PDB.Chain import Chain
from Bio.PDB.NeighborSearch import NeighborSearch
from numpy.typing import NDArray
from scipy.spatial import KDTree

from lifbook.errors import LifbookError
from lifbook.rounding import rounded, whole
from lifbook.structure.atoms import chain_atoms, coordinates, label, need_two_chains, residue_of
from lifbook.structure.checks import check_cutoff

CLASH = 3.0  # Å; atoms of two molecules are farther apart, save in hydrogen bonds
_POLAR = frozenset({"N", "O"})  # atoms that can lie 2.5 to 3 Å apart in a hydrogen bond


def contacts(chain_a: Chain, chain_b: Chain, cutoff: float) -> pd.DataFrame:
    """Residue pairs with heavy atoms within ``cutoff`` of each other.

    Sugars do not count. The search is Bio.PDB.NeighborSearch.

    Parameters
    ----------
    cutoff
        Å, above 0 and at most 20.

    Returns
    -------
    DataFrame
        ``a``, ``b`` (residue numbers), ``distance`` (Å, that of the nearest two atoms); one
        row for each pair, ordered by ``a``, then ``b``.

    Raises
    ------
    LifbookError
        An unusable cut-off, two chains that share atoms, a chain without side chains.

    Examples
    --------
    >>> from lifbook import data, structure
    >>> entry = data.read_structure("2Q7N")
    >>> lif, lifr = structure.get_chain(entry, "B"), structure.get_chain(entry, "A")
    >>> structure.contacts(lif, lifr, 2.8)
         a    b  distance
    0   50  236     2.549
    1  155  210     2.676
    2  159  262     2.566
    3  159  265     2.750
    """
    nearest: dict[tuple[int, int], float] = {}
    for one, other, distance in _atom_pairs(chain_a, chain_b, cutoff):
        pair = residue_of(one).id[1], residue_of(other).id[1]
        nearest[pair] = min(distance, nearest.get(pair, distance))
    rows = [(a, b, distance) for (a, b), distance in sorted(nearest.items())]
    return pd.DataFrame(rows, columns=["a", "b", "distance"])


def contact_counts(chain_a: Chain, chain_b: Chain, cutoffs: Iterable[float]) -> pd.DataFrame:
    """Number of residues in contact at many cut-offs, from one neighbour search.

    Returns
    -------
    DataFrame
        ``cutoff`` (Å), ``a``, ``b`` (residues of each chain in contact), ``pairs``; one row
        for each cut-off in the order given. The same numbers as from `contacts`.

    Raises
    ------
    LifbookError
        As for `contacts`; no cut-off.

    Examples
    --------
    >>> from lifbook import data, structure
    >>> entry = data.read_structure("2Q7N")
    >>> lif, lifr = structure.get_chain(entry, "B"), structure.get_chain(entry, "A")
    >>> structure.contact_counts(lif, lifr, [3.5, 4.0, 4.5])
       cutoff   a   b  pairs
    0     3.5  13  11     21
    1     4.0  18  20     39
    2     4.5  20  27     56
    """
    limits = [check_cutoff(cutoff) for cutoff in cutoffs]
    if not limits:
        raise LifbookError("no cut-off was given", remedy="give at least one, such as [4.0]")
    table = contacts(chain_a, chain_b, max(limits))
    rows = []
    for limit in limits:
        near = table[table.distance <= limit]
        rows.append((limit, near.a.nunique(), near.b.nunique(), len(near)))
    return pd.DataFrame(rows, columns=["cutoff", "a", "b", "pairs"])


def interface_points(
    chain_a: Chain,
    chain_b: Chain,
    cutoff: float,
    of: Literal["midpoints", "first", "second"] = "midpoints",
) -> NDArray[np.float64]:
    """Points that trace the interface, shape (n, 3), Å.

    Parameters
    ----------
    of
        ``"midpoints"``: half-way between the atoms of every contacting pair; ``"first"``,
        ``"second"``: the contacting atoms of ``chain_a`` or ``chain_b``, each once.

    Raises
    ------
    LifbookError
        As for `contacts`; another kind of points.

    Examples
    --------
    >>> from lifbook import data, structure
    >>> entry = data.read_structure("2Q7N")
    >>> lif, lifr = structure.get_chain(entry, "B"), structure.get_chain(entry, "A")
    >>> structure.interface_points(lif, lifr, 4.5).shape
    (254, 3)
    """
    if of not in ("midpoints", "first", "second"):
        raise LifbookError.unknown("kind of points", of, ["midpoints", "first", "second"])
    pairs = _atom_pairs(chain_a, chain_b, cutoff)
    if of == "midpoints":
        return coordinates([p[0] for p in pairs]) / 2 + coordinates([p[1] for p in pairs]) / 2
    atoms = [one if of == "first" else other for one, other, _ in pairs]
    return coordinates(list({id(atom): atom for atom in atoms}.values()))


@dataclass(frozen=True, eq=False)
class Approach:
    """The two atoms of two chains that lie nearest to each other.

    Attributes
    ----------
    distance
        Å.
    a, b
        Residue numbers.
    label_a, label_b
        Names of the residues (Glu50).
    atom_a, atom_b
        Names of the atoms (OE1).
    ends
        Where the atoms are, shape (2, 3), Å.

    Examples
    --------
    >>> from lifbook import data, structure
    >>> entry = data.read_structure("2Q7N")
    >>> lif, lifr = structure.get_chain(entry, "B"), structure.get_chain(entry, "A")
    >>> nearest = structure.closest_approach(lif, lifr)
    >>> nearest.label_a, nearest.atom_a, nearest.label_b, nearest.atom_b
    ('Glu50', 'OE1', 'Asn236', 'OD1')
    """

    distance: float
    a: int
    b: int
    label_a: str
    label_b: str
    atom_a: str
    atom_b: str
    ends: NDArray[np.float64]


def closest_approach(chain_a: Chain, chain_b: Chain) -> Approach:
    """Where two chains come nearest to each other, however far apart they are.

    Hydrogen atoms and sugars do not count. The search is scipy.spatial.KDTree.

    Raises
    ------
    LifbookError
        Two chains that share atoms, a chain without side chains.

    Examples
    --------
    >>> from lifbook import data, structure
    >>> entry = data.read_structure("2Q7N")
    >>> lif, lifr = structure.get_chain(entry, "B"), structure.get_chain(entry, "A")
    >>> structure.closest_approach(lif, lifr).distance
    2.549
    """
    need_two_chains(chain_a, chain_b, "the closest approach")
    atoms_a, atoms_b = chain_atoms(chain_a), chain_atoms(chain_b)
    distances, nearest = map(np.asarray, KDTree(coordinates(atoms_b)).query(coordinates(atoms_a)))
    at = int(np.argmin(distances))
    one, other = atoms_a[at], atoms_b[int(nearest[at])]
    return Approach(
        rounded(float(distances[at]), 3),
        residue_of(one).id[1],
        residue_of(other).id[1],
        label(residue_of(one)),
        label(residue_of(other)),
        one.id,
        other.id,
        coordinates([one, other]),
    )


def clashes(chain_a: Chain, chain_b: Chain, limit: float = CLASH) -> pd.DataFrame:
    """Residue pairs with atoms nearer than atoms of two molecules should be.

    Parameters
    ----------
    limit
        Å, above 0 and at most 20.

    Returns
    -------
    DataFrame
        ``a``, ``b`` (residue numbers), ``label_a``, ``label_b``, ``atom_pairs`` (how many heavy
        atom pairs lie within the limit), ``not_polar`` (those of them in which not both atoms
        are N or O) and ``distance`` (Å, of the nearest); ordered by ``a``, then ``b``. Without
        a clash it has no rows.

    Notes
    -----
    N and O lie 2.5 to 3 Å apart in a hydrogen bond: only pairs that are ``not_polar``, and
    shorter distances, are clashes in any case. Carbon atoms that touch are 3.4 Å apart
    (Bondi 1964, 10.1021/j100785a001).

    Raises
    ------
    LifbookError
        As for `contacts`.

    Examples
    --------
    >>> from lifbook import data, structure
    >>> entry = data.read_structure("2Q7N")
    >>> lif, lifr = structure.get_chain(entry, "B"), structure.get_chain(entry, "A")
    >>> structure.clashes(lif, lifr, 2.7)[["label_a", "label_b", "not_polar", "distance"]]
      label_a label_b  not_polar  distance
    0   Glu50  Asn236          0     2.549
    1  Val155  Asp210          1     2.676
    2  Lys159  Ser262          0     2.566
    """
    columns = ["a", "b", "label_a", "label_b", "atom_pairs", "not_polar", "distance"]
    rows = [
        (
            residue_of(one).id[1],
            residue_of(other).id[1],
            label(residue_of(one)),
            label(residue_of(other)),
            1,
            int(not {one.element, other.element} <= _POLAR),
            distance,
        )
        for one, other, distance in _atom_pairs(chain_a, chain_b, limit)
    ]
    table = pd.DataFrame(rows, columns=columns)
    return table.groupby(columns[:4], as_index=False).agg(
        {"atom_pairs": "sum", "not_polar": "sum", "distance": "min"}
    )


def _atom_pairs(chain_a: Chain, chain_b: Chain, cutoff: float) -> list[tuple[Atom, Atom, float]]:
    """Atoms of the two chains within the cut-off, and their distance in Å."""
    limit = check_cutoff(cutoff)
    need_two_chains(chain_a, chain_b, "finding contacts")
    search = NeighborSearch(chain_atoms(chain_b))
    pairs = []
    for atom in chain_atoms(chain_a):
        near = search.search(atom.coord, limit + 0.001)  # a little more, then round
        distances = whole(1000 * np.linalg.norm(coordinates(near) - atom.coord, axis=1)) / 1000
        pairs += [
            (atom, other, float(distance))
            for other, distance in zip(near, distances, strict=True)
            if distance <= limit
        ]
    return pairs
