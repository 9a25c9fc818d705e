"""Which residues and atoms of a chain count, and where they are.

The other modules look at a chain through these functions only, so that sugars, water, hydrogen
atoms and coordinates that are not numbers are treated alike everywhere.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np
from Bio.Data.PDBData import protein_letters_3to1_extended
from Bio.PDB.Atom import Atom
from Bio.PDB.Chain import Chain
from Bio.PDB.Polypeptide import is_aa
from Bio.PDB.Residue import Residue
from numpy.typing import NDArray

from lifbook.errors import LifbookError
from lifbook.rounding import rounded

_BACKBONE = frozenset({"N", "CA", "C", "O", "OXT"})


def label(residue: Residue) -> str:
    """Name and the entry's number in one word: ``"Phe156"``.

    Examples
    --------
    >>> from lifbook import data, structure
    >>> lif = structure.get_chain(data.read_structure("1LKI"), "A")
    >>> structure.label(lif[156])
    'Phe156'
    """
    return f"{residue.resname.capitalize()}{residue.id[1]}"


def one_letter(residue: Residue) -> str:
    """One-letter code of an amino acid; a modified one gets that of its parent (MSE: M).

    Examples
    --------
    >>> from lifbook import data, structure
    >>> lif = structure.get_chain(data.read_structure("1LKI"), "A")
    >>> one_letter(lif[156])
    'F'
    """
    return str(protein_letters_3to1_extended[f"{residue.resname:<3}"])


def amino_acids(chain: Chain) -> list[Residue]:
    """Amino acids of a chain in the order of the file, without sugars and water.

    Raises
    ------
    LifbookError
        A chain without amino acids, or a number with an insertion code.

    Examples
    --------
    >>> from lifbook import data, structure
    >>> lif = structure.get_chain(data.read_structure("1LKI"), "A")
    >>> [label(residue) for residue in amino_acids(lif)[:3]]
    ['Asn9', 'Ala10', 'Thr11']
    """
    residues = [residue for residue in chain if is_aa(residue, standard=False)]
    if not residues:
        raise LifbookError(
            f"chain {chain.id!r} contains no amino acids",
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
    """Atoms of a residue that are not hydrogen.

    Raises
    ------
    LifbookError
        A coordinate that is not a number.

    Examples
    --------
    >>> from lifbook import data, structure
    >>> lif = structure.get_chain(data.read_structure("1LKI"), "A")
    >>> [atom.id for atom in heavy_atoms(lif[51])]
    ['N', 'CA', 'C', 'O']
    """
    atoms = [atom for atom in residue if atom.element not in ("H", "D")]
    for atom in atoms:
        if not np.isfinite(atom.coord).all():
            raise LifbookError(
                f"atom {atom.id} of {label(residue)} has a coordinate that is not a number",
                remedy="read the entry again, or leave this atom out",
            )
    return atoms


def chain_atoms(chain: Chain) -> list[Atom]:
    """`heavy_atoms` of all `amino_acids` of a chain.

    Examples
    --------
    >>> from lifbook import data, structure
    >>> lif = structure.get_chain(data.read_structure("1LKI"), "A")
    >>> len(chain_atoms(lif))
    688
    """
    return [atom for residue in amino_acids(chain) for atom in heavy_atoms(residue)]


def residue_of(atom: Atom) -> Residue:
    """The residue to which an atom belongs.

    Examples
    --------
    >>> from lifbook import data, structure
    >>> lif = structure.get_chain(data.read_structure("1LKI"), "A")
    >>> label(residue_of(lif[156]["CA"]))
    'Phe156'
    """
    assert atom.parent is not None  # the atoms here were reached through their residues
    return atom.parent


def chain_of(residue: Residue) -> Chain:
    """The chain to which a residue belongs.

    Examples
    --------
    >>> from lifbook import data, structure
    >>> lif = structure.get_chain(data.read_structure("1LKI"), "A")
    >>> chain_of(lif[156]).id
    'A'
    """
    assert residue.parent is not None  # the residues here were reached through their chains
    return residue.parent


def coordinates(atoms: Sequence[Atom]) -> NDArray[np.float64]:
    """Where atoms are, shape (n, 3), Å, in double precision (Biopython's is single).

    Examples
    --------
    >>> from lifbook import data, structure
    >>> lif = structure.get_chain(data.read_structure("1LKI"), "A")
    >>> coordinates(chain_atoms(lif)).shape, coordinates([]).shape
    ((688, 3), (0, 3))
    """
    return np.array([atom.coord for atom in atoms], dtype=float).reshape(-1, 3)


def ca_position(residue: Residue) -> NDArray[np.float64]:
    """Where the CA atom of a residue is, shape (3,), Å.

    Raises
    ------
    LifbookError
        No CA atom, or a coordinate that is not a number.

    Examples
    --------
    >>> from lifbook import data, structure
    >>> lif = structure.get_chain(data.read_structure("1LKI"), "A")
    >>> ca_position(lif[156]).round(3).tolist()
    [39.398, 41.533, 39.336]
    """
    for atom in heavy_atoms(residue):
        if atom.id == "CA":
            return np.asarray(atom.coord, dtype=float)
    raise LifbookError(
        f"{label(residue)} has no CA atom", remedy="leave this residue out of the range"
    )


def atom_distance(one: Atom, other: Atom) -> float:
    """Distance in Å with three decimal places, as many as the files have.

    Biopython keeps coordinates in single precision; their differences are taken in double
    precision, since the last digit would otherwise depend on the processor.

    Examples
    --------
    >>> from lifbook import data, structure
    >>> lif = structure.get_chain(data.read_structure("1LKI"), "A")
    >>> atom_distance(lif[50]["C"], lif[51]["N"])  # a peptide bond
    1.347
    """
    first, second = coordinates([one, other])
    return rounded(float(np.linalg.norm(first - second)), 3)


def stretches(chain: Chain) -> str:
    """Numbers of the residues that exist, as a message gives them.

    Examples
    --------
    >>> from lifbook import data, structure
    >>> lif = structure.get_chain(data.read_structure("1LKI"), "A")
    >>> lif.detach_child((" ", 50, " "))
    >>> stretches(lif)
    '9-49, 51-180'
    """
    numbers = [residue.id[1] for residue in amino_acids(chain)]
    runs = itertools.groupby(enumerate(numbers), key=lambda pair: pair[1] - pair[0])
    ends = [[number for _, number in run] for _, run in runs]
    return ", ".join(f"{run[0]}-{run[-1]}" if len(run) > 1 else f"{run[0]}" for run in ends)


def need_side_chains(chain: Chain, purpose: str) -> None:
    """Refuse a chain with backbone atoms only, which would give numbers, but wrong ones.

    Raises
    ------
    LifbookError
        A chain without side chains; the message names the purpose.

    Examples
    --------
    >>> from lifbook import data, structure
    >>> lif = structure.get_chain(data.read_structure("1LKI"), "A")
    >>> need_side_chains(lif, "finding contacts")
    Traceback (most recent call last):
        ...
    lifbook.errors.LifbookError: chain 'A' has backbone atoms only (N, CA, C, O): finding contacts \
needs the side chains. What to do: use an entry with side chains, such as 2Q7N or 1PVH.
    """
    rest = [residue for residue in amino_acids(chain) if residue.resname != "GLY"]
    if rest and all(atom.id in _BACKBONE for residue in rest for atom in heavy_atoms(residue)):
        raise LifbookError(
            f"chain {chain.id!r} has backbone atoms only (N, CA, C, O): {purpose} needs "
            "the side chains",
            remedy="use an entry with side chains, such as 2Q7N or 1PVH",
        )


def need_two_chains(chain_a: Chain, chain_b: Chain, purpose: str) -> None:
    """Refuse two chains that share atoms, and chains with backbone atoms only.

    Raises
    ------
    LifbookError
        As said; the message names the purpose or the chain.

    Examples
    --------
    >>> from lifbook import data, structure
    >>> entry = data.read_structure("1PVH")
    >>> gp130, lif = structure.get_chain(entry, "A"), structure.get_chain(entry, "B")
    >>> need_two_chains(gp130, lif, "finding contacts")
    """
    for chain in (chain_a, chain_b):
        need_side_chains(chain, purpose)
    # A chain read twice, or a slice of it, is another object with the same coordinates.
    places = [set(map(tuple, coordinates(chain_atoms(chain)))) for chain in (chain_a, chain_b)]
    if not places[0].isdisjoint(places[1]):
        raise LifbookError(
            f"chain {chain_a.id!r} was given against itself, or against a part of itself",
            remedy="give two different chains of the complex",
        )
