"""One chain laid onto another, residue by residue as paired."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, TypeAlias, TypeVar

import numpy as np
import pandas as pd
from Bio.PDB.Chain import Chain
from Bio.PDB.Entity import Entity
from Bio.PDB.Residue import Residue
from Bio.SVDSuperimposer import SVDSuperimposer
from numpy.typing import ArrayLike, NDArray

from lifbook.errors import LifbookError
from lifbook.structure.atoms import amino_acids, ca_position, label
from lifbook.structure.chains import get_residue
from lifbook.structure.checks import check_points

Pairs: TypeAlias = Iterable[tuple[int, int]]
_Entity = TypeVar("_Entity", bound="Entity[Any, Any]")


@dataclass(frozen=True, eq=False)
class Superposition:
    """How to move one chain onto another.

    Attributes
    ----------
    rotation, translation
        Shapes (3, 3) and (3,): ``coordinates @ rotation + translation``.
    rmsd
        Root mean square deviation of the paired CA atoms, Å.
    table
        ``mobile``, ``target`` (residue numbers), ``label`` (of the target's residue),
        ``deviation`` (Å between the two CA atoms after the move).

    Examples
    --------
    >>> from lifbook import data, structure
    >>> lif = structure.get_chain(data.read_structure("2Q7N"), "B")
    >>> with_gp130 = structure.get_chain(data.read_structure("1PVH"), "B")
    >>> move = structure.superimpose(with_gp130, lif)
    >>> moved = move.moved(with_gp130)
    >>> bool(np.allclose(move.apply(with_gp130[51]["CA"].coord), moved[51]["CA"].coord, atol=1e-3))
    True
    >>> round(float(structure.deviations(moved, lif)["deviation"].median()), 1)
    0.6
    """

    rotation: NDArray[np.float64]
    translation: NDArray[np.float64]
    rmsd: float
    table: pd.DataFrame

    def apply(self, coordinates: ArrayLike) -> NDArray[np.float64]:
        """Move coordinates of shape (n, 3) or (3,), Å."""
        points = np.asarray(coordinates, dtype=float)
        moved: NDArray[np.float64] = points @ self.rotation + self.translation
        return moved

    def moved(self, entity: _Entity) -> _Entity:
        """A moved copy of a chain, residue, model or structure; the original stays."""
        # Through a type variable mypy does not see that the calls are Biopython's.
        copy: _Entity = entity.copy()  # type: ignore[no-untyped-call]
        copy.transform(self.rotation, self.translation)  # type: ignore[no-untyped-call]
        return copy


def superimpose(mobile: Chain, target: Chain, pairs: Pairs | None = None) -> Superposition:
    """Lay ``mobile`` onto ``target`` by their CA atoms with the least rmsd.

    Parameters
    ----------
    pairs
        Residue numbers (mobile, target) to lay upon each other. By default the numbers that
        both chains have; gaps in either are left out. For chains that are numbered
        differently see `pair_residues`, for different proteins `align_structures`.

    Notes
    -----
    Bio.SVDSuperimposer; the method is that of Kabsch (1976, 10.1107/S0567739476001873).
    Every pair counts alike, so loops that have moved pull the whole chain.

    Raises
    ------
    LifbookError
        Fewer than three pairs, an unknown residue, atoms on a straight line.

    Examples
    --------
    >>> from lifbook import data, structure
    >>> lif = structure.get_chain(data.read_structure("2Q7N"), "B")
    >>> with_gp130 = structure.get_chain(data.read_structure("1PVH"), "B")
    >>> core = structure.within(lif, structure.helices(lif))
    >>> pairs = [(number, number) for number in core]
    >>> round(structure.superimpose(with_gp130, lif, pairs).rmsd, 2)
    0.52
    """
    residues = _paired(mobile, target, pairs)
    moving = np.array([ca_position(one) for one, _ in residues])
    fixed = np.array([ca_position(other) for _, other in residues])
    for atoms in (moving, fixed):
        check_points(atoms, 3, "superposition")
    rotation, translation = move_of_least_rmsd(moving, fixed)
    table = deviation_table(residues, moving @ rotation + translation, fixed)
    return Superposition(rotation, translation, rms(table["deviation"]), table)


def deviations(mobile: Chain, target: Chain, pairs: Pairs | None = None) -> pd.DataFrame:
    """How far paired CA atoms lie from each other where the chains stand, nothing moved.

    Parameters
    ----------
    pairs
        As for `superimpose`.

    Returns
    -------
    DataFrame
        The columns of `Superposition.table`. Every crystal has a frame of its own: before a
        superposition the values tell where the chains lie, not how alike they are. `rms` of
        the column ``deviation`` is the rmsd.

    Raises
    ------
    LifbookError
        Fewer than three pairs, an unknown residue, a residue without a CA atom.

    Examples
    --------
    >>> from lifbook import data, structure
    >>> lif = structure.get_chain(data.read_structure("2Q7N"), "B")
    >>> with_gp130 = structure.get_chain(data.read_structure("1PVH"), "B")
    >>> structure.deviations(with_gp130, lif).head(2).round(1)
       mobile  target  label  deviation
    0      12      12  Cys12      109.8
    1      13      13  Ala13      109.4
    """
    residues = _paired(mobile, target, pairs)
    moving = np.array([ca_position(one) for one, _ in residues])
    fixed = np.array([ca_position(other) for _, other in residues])
    return deviation_table(residues, moving, fixed)


def rms(values: Iterable[float]) -> float:
    """Root mean square; of deviations, the rmsd.

    Raises
    ------
    LifbookError
        No values.

    Examples
    --------
    >>> from lifbook import structure
    >>> structure.rms([1.0, -1.0, 1.0])
    1.0
    """
    numbers = np.array(list(values), dtype=float)
    if not numbers.size:
        raise LifbookError(
            "no values were given to take the root mean square of",
            remedy="give at least one, such as a deviation",
        )
    return float(np.sqrt(np.mean(numbers**2)))


def _paired(mobile: Chain, target: Chain, pairs: Pairs | None) -> list[tuple[Residue, Residue]]:
    """Residues of both chains with the numbers given, or with those that they share."""
    if pairs is None:
        have = [{r.id[1] for r in amino_acids(chain) if "CA" in r} for chain in (mobile, target)]
        pairs = [(number, number) for number in sorted(have[0] & have[1])]
    pairs = list(pairs)
    if len(pairs) < 3:
        raise LifbookError(
            f"{len(pairs)} residues to superimpose chain {mobile.id!r} on {target.id!r} "
            "are too few",
            remedy="give at least three pairs; pair_residues finds them when the chains "
            "share no numbers",
        )
    return [(get_residue(mobile, a), get_residue(target, b)) for a, b in pairs]


def deviation_table(
    residues: list[tuple[Residue, Residue]], moved: NDArray[np.float64], fixed: NDArray[np.float64]
) -> pd.DataFrame:
    """Table of `Superposition` for residues (mobile, target) whose CA atoms are given.

    Parameters
    ----------
    moved, fixed
        Positions of the CA atoms, shape (n, 3), Å.

    Examples
    --------
    >>> from lifbook import data, structure
    >>> lif = structure.get_chain(data.read_structure("1LKI"), "A")
    >>> deviation_table([(lif[51], lif[51])], np.zeros((1, 3)), np.array([[3.0, 4.0, 0.0]]))
       mobile  target  label  deviation
    0      51      51  Pro51        5.0
    """
    numbers = [(one.id[1], other.id[1]) for one, other in residues]
    table = pd.DataFrame(numbers, columns=["mobile", "target"])
    table["label"] = [label(other) for _, other in residues]
    table["deviation"] = np.linalg.norm(moved - fixed, axis=1)
    return table


def move_of_least_rmsd(
    moving: NDArray[np.float64], fixed: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Rotation (3, 3) and translation (3,) that lay points onto others with the least rmsd.

    Parameters
    ----------
    moving, fixed
        Points that correspond, shape (n, 3), Å.

    Examples
    --------
    >>> points = np.array([[0.0, 0, 0], [3, 0, 0], [0, 4, 0], [0, 0, 5]])
    >>> rotation, translation = move_of_least_rmsd(points, points + [1, 2, 3])
    >>> bool(np.allclose(rotation, np.eye(3))), translation.round(6).tolist()
    (True, [1.0, 2.0, 3.0])
    """
    superimposer = SVDSuperimposer()
    superimposer.set(fixed, moving)
    superimposer.run()
    rotation, translation = superimposer.get_rotran()
    return rotation, translation
