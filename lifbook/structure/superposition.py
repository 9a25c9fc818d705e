"""Superposition."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from Bio.PDB.Chain import Chain
from Bio.PDB.Entity import Entity
from Bio.PDB.Residue import Residue
from Bio.SVDSuperimposer import SVDSuperimposer

from lifbook.errors import LifbookError
from lifbook.structure.atoms import amino_acids, ca_position, label
from lifbook.structure.chains import get_residue
from lifbook.structure.checks import check_points

Pairs = Iterable[tuple[int, int]]


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
    """

    rotation: np.ndarray
    translation: np.ndarray
    rmsd: float
    table: pd.DataFrame

    def apply(self, coordinates: np.ndarray) -> np.ndarray:
        """Move coordinates of shape (n, 3) or (3,), Å."""
        return np.asarray(coordinates, dtype=float) @ self.rotation + self.translation

    def moved(self, entity: Entity) -> Entity:
        """A moved copy of a chain, residue, model or structure; the original stays."""
        copy = entity.copy()
        copy.transform(self.rotation, self.translation)
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
    Every pair counts alike, so loops that moved pull the whole.

    Raises
    ------
    LifbookError
        Fewer than three pairs, an unknown residue, atoms on a straight line.
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
        The columns of `Superposition.table`. Two crystals have two frames of their own: before
        a superposition the values tell where they lie, not how alike the chains are. `rms` of
        the column ``deviation`` is the rmsd.

    Raises
    ------
    LifbookError
        Fewer than three pairs, an unknown residue, a residue without CA.
    """
    residues = _paired(mobile, target, pairs)
    places = [
        np.array([ca_position(residue) for residue in side]) for side in zip(*residues, strict=True)
    ]
    return deviation_table(residues, *places)


def rms(values: Iterable[float]) -> float:
    """Root mean square; of deviations, the rmsd.

    Raises
    ------
    LifbookError
        No value.
    """
    numbers = np.array(list(values), dtype=float)
    if not numbers.size:
        raise LifbookError(
            "a root mean square of no value", remedy="give at least one, such as a deviation"
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
            f"{len(pairs)} residues to superimpose chain {mobile.id!r} on {target.id!r}",
            remedy="give at least three pairs; pair_residues finds them when the chains "
            "share no numbers",
        )
    return [(get_residue(mobile, a), get_residue(target, b)) for a, b in pairs]


def deviation_table(
    residues: list[tuple[Residue, Residue]], moved: np.ndarray, fixed: np.ndarray
) -> pd.DataFrame:
    numbers = [(one.id[1], other.id[1]) for one, other in residues]
    table = pd.DataFrame(numbers, columns=["mobile", "target"])
    table["label"] = [label(other) for _, other in residues]
    table["deviation"] = np.linalg.norm(moved - fixed, axis=1)
    return table


def move_of_least_rmsd(moving: np.ndarray, fixed: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    superimposer = SVDSuperimposer()
    superimposer.set(fixed, moving)
    superimposer.run()
    return superimposer.get_rotran()
