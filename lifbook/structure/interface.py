"""Interface."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from Bio.PDB import NeighborSearch
from Bio.PDB.Atom import Atom
from Bio.PDB.Chain import Chain
from Bio.PDB.Entity import Entity
from Bio.PDB.Model import Model
from Bio.PDB.Residue import Residue
from Bio.PDB.SASA import ShrakeRupley
from scipy.spatial import KDTree

from lifbook.errors import LifbookError
from lifbook.rounding import rounded, whole
from lifbook.structure.atoms import (
    amino_acids,
    chain_atoms,
    coordinates,
    heavy_atoms,
    label,
    need_side_chains,
)
from lifbook.structure.checks import check_cutoff

CLASH = 3.0  # Å
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
    """
    nearest: dict[tuple[int, int], float] = {}
    for one, other, distance in _atom_pairs(chain_a, chain_b, cutoff):
        pair = one.parent.id[1], other.parent.id[1]
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
) -> np.ndarray:
    """Points that trace the interface, shape (n, 3), Å.

    Parameters
    ----------
    of
        ``"midpoints"``: half-way between the atoms of every contacting pair; ``"first"``,
        ``"second"``: the contacting atoms of ``chain_a`` or ``chain_b``, each once.
    """
    if of not in ("midpoints", "first", "second"):
        raise LifbookError(f"no points {of!r}", remedy="use midpoints, first or second")
    pairs = _atom_pairs(chain_a, chain_b, cutoff)
    if of == "midpoints":
        return coordinates([p[0] for p in pairs]) / 2 + coordinates([p[1] for p in pairs]) / 2
    side = 0 if of == "first" else 1
    return coordinates(list({id(pair[side]): pair[side] for pair in pairs}.values()))


#: Surfaces measured before, by all that they hang on: a chapter asks for one complex several times,
#: and a measurement takes more than a second.
_MEASURED: dict[tuple[object, ...], tuple[np.ndarray, np.ndarray]] = {}
_MEASUREMENTS_KEPT = 16


def _areas(
    copies: list[Chain], complex_: Model, probe: float, points: int
) -> tuple[np.ndarray, np.ndarray]:
    """Surface of each residue of two chains, alone and in the complex of both."""
    atoms = [[atom for residue in copy for atom in residue] for copy in copies]
    key = (
        probe,
        points,
        *(
            (coordinates(part).tobytes(), tuple((atom.element, atom.parent.id) for atom in part))
            for part in atoms
        ),
    )
    if key not in _MEASURED:
        shrake_rupley = ShrakeRupley(probe_radius=probe, n_points=points)

        def measured(*entities: Entity) -> np.ndarray:
            for entity in entities:
                shrake_rupley.compute(entity, level="A")
            residues = [residue for copy in copies for residue in copy]
            return np.array([sum(atom.sasa for atom in residue) for residue in residues])

        if len(_MEASURED) >= _MEASUREMENTS_KEPT:
            del _MEASURED[next(iter(_MEASURED))]
        _MEASURED[key] = measured(*copies), measured(complex_)
    free, bound = _MEASURED[key]
    return free.copy(), bound.copy()


def buried_surface(
    chain_a: Chain, chain_b: Chain, probe: float = 1.4, points: int = 100
) -> pd.DataFrame:
    """Solvent-accessible surface that each residue loses when the two chains meet.

    Each chain is measured alone, then both together, as they stand in the complex; sugars
    are left out. Bio.PDB.SASA.ShrakeRupley does it (Shrake and Rupley 1973,
    10.1016/0022-2836(73)90011-9).

    Parameters
    ----------
    probe
        Radius in Å of the ball that rolls over the atoms; 1.4 is a water molecule.
    points
        Points on each atom's sphere. With 100, turning the whole complex of 2Q7N changes the
        total by up to 1.5 % and single residues by up to 9 Å²; 1000 take eight times as long.

    Returns
    -------
    DataFrame
        ``chain``, ``number``, ``name``, ``label``, ``free``, ``bound``, ``buried`` =
        free - bound (Å²); the residues of ``chain_a``, then those of ``chain_b``.

    Raises
    ------
    LifbookError
        Two chains that share atoms, a chain without side chains, an unusable probe or
        number of points.
    """
    if not 0 < probe < np.inf:
        raise LifbookError(
            f"a probe of {probe} Å has no surface", remedy="use a radius above 0; water is 1.4"
        )
    if points < 1 or points != int(points):
        raise LifbookError(f"{points} points cover no sphere", remedy="use 100 or more")
    _check_pair(chain_a, chain_b, "the buried surface")
    # Copies without sugars and hydrogens, so that the caller's atoms stay as they are.
    copies = [_bare_copy(chain_a, "1"), _bare_copy(chain_b, "2")]
    complex_ = Model(0)
    for copy in copies:
        complex_.add(copy)
    free, bound = _areas(copies, complex_, probe, int(points))
    owners = [(chain, residue) for chain in (chain_a, chain_b) for residue in amino_acids(chain)]
    return pd.DataFrame(
        {
            "chain": [chain.id for chain, _ in owners],
            "number": [residue.id[1] for _, residue in owners],
            "name": [residue.resname.capitalize() for _, residue in owners],
            "label": [label(residue) for _, residue in owners],
            "free": free,
            "bound": bound,
            "buried": free - bound,
        }
    )


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
        Where the atoms lie, shape (2, 3), Å.
    """

    distance: float
    a: int
    b: int
    label_a: str
    label_b: str
    atom_a: str
    atom_b: str
    ends: np.ndarray


def closest_approach(chain_a: Chain, chain_b: Chain) -> Approach:
    """Where two chains come nearest to each other, however far apart they are.

    Heavy atoms, no sugars. scipy.spatial.KDTree searches.

    Raises
    ------
    LifbookError
        Two chains that share atoms, a chain without side chains.
    """
    _check_pair(chain_a, chain_b, "the closest approach")
    atoms_a, atoms_b = chain_atoms(chain_a), chain_atoms(chain_b)
    distances, nearest = KDTree(coordinates(atoms_b)).query(coordinates(atoms_a))
    at = int(np.argmin(distances))
    one, other = atoms_a[at], atoms_b[int(nearest[at])]
    return Approach(
        rounded(float(distances[at]), 3),
        one.parent.id[1],
        other.parent.id[1],
        label(one.parent),
        label(other.parent),
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
        are N or O) and ``distance`` (Å, of the nearest); ordered by ``a``, then ``b``. Empty
        without a clash.

    Notes
    -----
    N and O lie 2.5 to 3 Å apart in a hydrogen bond: only pairs that are ``not_polar``, and
    shorter distances, are clashes in any case. Carbon atoms that touch are 3.4 Å apart
    (Bondi 1964, 10.1021/j100785a001).

    Raises
    ------
    LifbookError
        As for `contacts`.
    """
    columns = ["a", "b", "label_a", "label_b", "atom_pairs", "not_polar", "distance"]
    rows = [
        (
            one.parent.id[1],
            other.parent.id[1],
            label(one.parent),
            label(other.parent),
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
    limit = check_cutoff(cutoff)
    _check_pair(chain_a, chain_b, "finding contacts")
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


def _check_pair(chain_a: Chain, chain_b: Chain, purpose: str) -> None:
    for chain in (chain_a, chain_b):
        need_side_chains(chain, purpose)
    # A chain read twice, or a slice of it, is another object with the same coordinates.
    places = [set(map(tuple, coordinates(chain_atoms(chain)))) for chain in (chain_a, chain_b)]
    if not places[0].isdisjoint(places[1]):
        raise LifbookError(
            f"chain {chain_a.id!r} was given against itself, or against a part of itself",
            remedy="give two different chains of the complex",
        )


def _bare_copy(chain: Chain, chain_id: str) -> Chain:
    copy = Chain(chain_id)
    for residue in amino_acids(chain):
        bare = Residue(residue.id, residue.resname, residue.segid)
        for atom in heavy_atoms(residue):
            bare.add(atom.copy())
        copy.add(bare)
    return copy
