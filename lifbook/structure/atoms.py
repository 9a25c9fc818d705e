"""Which residues and atoms of a chain count, and where they lie."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np
from Bio.Data.PDBData import protein_letters_3to1_extended
from Bio.PDB.Atom import Atom
from Bio.PDB.Chain import Chain
from Bio.PDB.Polypeptide import is_aa
from Bio.PDB.Residue import Residue

from lifbook.errors import LifbookError
from lifbook.rounding import rounded

_BACKBONE = frozenset({"N", "CA", "C", "O", "OXT"})


def label(residue: Residue) -> str:
    """Name and the entry's number in one word: ``"Phe156"``."""
    return f"{residue.resname.capitalize()}{residue.id[1]}"


def one_letter(residue: Residue) -> str:
    return protein_letters_3to1_extended[f"{residue.resname:<3}"]


def amino_acids(chain: Chain) -> list[Residue]:
    residues = [residue for residue in chain if is_aa(residue, standard=False)]
    if not residues:
        raise LifbookError(
            f"chain {chain.id!r} holds no amino acid",
            remedy="choose a protein chain; sugars and water are not measured here",
        )
    inserted = [residue for residue in residues if residue.id[2] != " "]
    if inserted:
        raise LifbookError(
            f"residue {label(inserted[0])}{inserted[0].id[2]} of chain {chain.id!r} has an "
            "insertion code",
            remedy="renumber the chain: one number must mean one residue here",
        )
    return residues


def heavy_atoms(residue: Residue) -> list[Atom]:
    """Atoms that are not hydrogen; refuses coordinates that are not numbers."""
    atoms = [atom for atom in residue if atom.element not in ("H", "D")]
    for atom in atoms:
        if not np.isfinite(atom.coord).all():
            raise LifbookError(
                f"atom {atom.id} of {label(residue)} has a coordinate that is not a number",
                remedy="read the entry again, or leave this atom out",
            )
    return atoms


def chain_atoms(chain: Chain) -> list[Atom]:
    return [atom for residue in amino_acids(chain) for atom in heavy_atoms(residue)]


def coordinates(atoms: Sequence[Atom]) -> np.ndarray:
    return np.array([atom.coord for atom in atoms], dtype=float).reshape(-1, 3)


def atom_distance(one: Atom, other: Atom) -> float:
    """Distance in Å with three places, as many as the files have.

    Biopython keeps coordinates in single precision; differences of these are taken in
    double precision, since the last digit would hang on the processor otherwise.
    """
    first, second = coordinates([one, other])
    return rounded(float(np.linalg.norm(first - second)), 3)


def ca_position(residue: Residue) -> np.ndarray:
    if "CA" not in residue:
        raise LifbookError(
            f"{label(residue)} has no CA atom", remedy="leave this residue out of the range"
        )
    return coordinates([atom for atom in heavy_atoms(residue) if atom.id == "CA"])[0]


def stretches(chain: Chain) -> str:
    """Numbers that exist, as ``"12-48, 52-180"``."""
    numbers = [residue.id[1] for residue in amino_acids(chain)]
    runs = itertools.groupby(enumerate(numbers), key=lambda pair: pair[1] - pair[0])
    ends = [[number for _, number in run] for _, run in runs]
    return ", ".join(f"{run[0]}-{run[-1]}" if len(run) > 1 else f"{run[0]}" for run in ends)


def need_side_chains(chain: Chain, purpose: str) -> None:
    """A chain with backbone atoms only would give numbers, but wrong ones."""
    rest = [residue for residue in amino_acids(chain) if residue.resname != "GLY"]
    if rest and all(atom.id in _BACKBONE for residue in rest for atom in heavy_atoms(residue)):
        raise LifbookError(
            f"chain {chain.id!r} has backbone atoms only (N, CA, C, O): {purpose} needs "
            "the side chains",
            remedy="use an entry with side chains, such as 2Q7N or 1PVH",
        )
