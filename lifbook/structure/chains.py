"""Chains and their residues: found, cut out, listed, and where they are."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd
from Bio.PDB.Chain import Chain
from Bio.PDB.Model import Model
from Bio.PDB.Residue import Residue
from Bio.PDB.Structure import Structure
from numpy.typing import NDArray
from scipy.spatial.distance import cdist

from lifbook.errors import LifbookError
from lifbook.structure.atoms import (
    amino_acids,
    ca_position,
    coordinates,
    heavy_atoms,
    label,
    need_side_chains,
    one_letter,
    stretches,
)


def get_chain(structure: Structure | Model, chain_id: str) -> Chain:
    """Chain of the first model of an entry.

    Raises
    ------
    LifbookError
        No such chain; the message lists those that exist.

    Examples
    --------
    >>> from lifbook import data, structure
    >>> structure.get_chain(data.read_structure("2Q7N"), "B")
    <Chain id=B>
    """
    model = first_model(structure)
    if not len(model):
        raise LifbookError(
            f"no chain {chain_id!r} in {structure.id!r}, which has no chains",
            remedy="use another entry",
        )
    if chain_id not in model:
        known = [chain.id for chain in model]
        raise LifbookError.unknown(f"chain of {structure.id!r}", chain_id, known)
    chain: Chain = model[chain_id]
    return chain


def first_model(structure: Structure | Model) -> Model:
    """First model of an entry; an empty one where the entry has none.

    Examples
    --------
    >>> from lifbook import data
    >>> [chain.id for chain in first_model(data.read_structure("1LKI"))]
    ['A']
    """
    return next(iter(structure), Model(0)) if isinstance(structure, Structure) else structure


def get_residue(chain: Chain, number: int) -> Residue:
    """Amino acid with the entry's ``number``.

    Raises
    ------
    LifbookError
        No such residue; the message gives the stretches that exist.

    Examples
    --------
    >>> from lifbook import data, structure
    >>> lif = structure.get_chain(data.read_structure("2Q7N"), "B")
    >>> structure.label(structure.get_residue(lif, 51))
    'Pro51'
    """
    for residue in amino_acids(chain):
        if residue.id[1] == number:
            return residue
    raise LifbookError(
        f"no residue {number!r} in chain {chain.id!r}",
        remedy=f"use a number in {stretches(chain)} (the entry's numbers, not UniProt's)",
    )


def slice_chain(chain: Chain, first: int, last: int) -> Chain:
    """Part of a chain, from residue ``first`` to ``last``, both included, as a chain of its own.

    A copy: changing it does not change the whole chain.

    Raises
    ------
    LifbookError
        ``first`` after ``last``, or no residue in between.

    Examples
    --------
    >>> from lifbook import data, structure
    >>> lif = structure.get_chain(data.read_structure("2Q7N"), "B")
    >>> structure.sequence(structure.slice_chain(lif, 150, 160))
    'TSGKDVFQKKK'
    """
    if first > last:
        raise LifbookError(
            f"the stretch {first} to {last} runs backwards", remedy="give the smaller number first"
        )
    part = Chain(chain.id)
    for residue in amino_acids(chain):
        if first <= residue.id[1] <= last:
            part.add(residue.copy())
    if not len(part):
        raise LifbookError(
            f"no residue from {first} to {last} in chain {chain.id!r}",
            remedy=f"use numbers in {stretches(chain)}",
        )
    return part


def residue_table(chain: Chain, offset: int = 0) -> pd.DataFrame:
    """One row for each residue.

    Parameters
    ----------
    offset
        What to add to the entry's number to get UniProt's.

    Returns
    -------
    DataFrame
        ``number``, ``uniprot``, ``name`` (Phe), ``letter``, ``label`` (Phe156) and
        ``b_factor``, the mean over the residue's atoms in Å². It is NaN where the file
        holds no B factors (all of them 0).

    Examples
    --------
    >>> from lifbook import data, structure
    >>> lif = structure.get_chain(data.read_structure("2Q7N"), "B")
    >>> structure.residue_table(lif, offset=22).head(2).round(1)
       number  uniprot name letter label  b_factor
    0       1       23  Ser      S  Ser1     138.3
    1       2       24  Pro      P  Pro2     137.6
    """
    residues = amino_acids(chain)
    b_factors = [np.mean([atom.bfactor for atom in heavy_atoms(residue)]) for residue in residues]
    return pd.DataFrame(
        {
            "number": [residue.id[1] for residue in residues],
            "uniprot": [residue.id[1] + offset for residue in residues],
            "name": [residue.resname.capitalize() for residue in residues],
            "letter": [one_letter(residue) for residue in residues],
            "label": [label(residue) for residue in residues],
            "b_factor": b_factors if any(b_factors) else np.nan,
        }
    )


def within(chain: Chain, spans: pd.DataFrame) -> list[int]:
    """Numbers of the residues that lie in stretches such as those of `helices`.

    Parameters
    ----------
    spans
        Table with ``start`` and ``end``, both included.

    Raises
    ------
    LifbookError
        A missing column, or no residue of the chain in any stretch.

    Examples
    --------
    >>> from lifbook import data, structure
    >>> lif = structure.get_chain(data.read_structure("2Q7N"), "B")
    >>> core = structure.within(lif, structure.helices(lif))
    >>> len(core), core[:3]
    (102, [23, 24, 25])
    """
    for column in ("start", "end"):
        if column not in spans:
            raise LifbookError(
                f"the table of stretches has no column '{column}'",
                column=column,
                remedy="give one with start and end, such as that of helices()",
            )
    ends = list(spans[["start", "end"]].itertuples(index=False, name=None))
    numbers = [r.id[1] for r in amino_acids(chain) if any(a <= r.id[1] <= b for a, b in ends)]
    if not numbers:
        raise LifbookError(
            f"no residue of chain {chain.id!r} lies in the stretches given",
            remedy=f"use numbers in {stretches(chain)}",
        )
    return numbers


def centre(chain: Chain, numbers: Iterable[int] | None = None) -> NDArray[np.float64]:
    """Mean of the CA atoms of some residues, such as those of a binding site; shape (3,), Å.

    Parameters
    ----------
    numbers
        Residue numbers, each counted once; all residues by default.

    Raises
    ------
    LifbookError
        No numbers, an unknown residue, a residue without a CA atom.

    Examples
    --------
    >>> from lifbook import data, structure
    >>> lif = structure.get_chain(data.read_structure("2Q7N"), "B")
    >>> structure.centre(lif, [51, 156, 159]).round(1).tolist()
    [24.6, 75.3, 14.5]
    """
    if numbers is None:
        residues = amino_acids(chain)
    else:
        residues = [get_residue(chain, number) for number in dict.fromkeys(numbers)]
    if not residues:
        raise LifbookError(
            f"no residues of chain {chain.id!r} were given, so there is no middle",
            remedy="give at least one residue number",
        )
    positions = np.array([ca_position(residue) for residue in residues])
    middle: NDArray[np.float64] = positions.mean(axis=0)
    return middle


def distances_from(chain: Chain, number: int) -> pd.DataFrame:
    """Distance of every other residue of a chain from one of its residues.

    Returns
    -------
    DataFrame
        ``number``, ``label``, ``distance`` (Å, that of the nearest two heavy atoms), ordered
        by number.

    Raises
    ------
    LifbookError
        An unknown residue, or a chain without side chains.

    Examples
    --------
    >>> from lifbook import data, structure
    >>> lif = structure.get_chain(data.read_structure("2Q7N"), "B")
    >>> structure.distances_from(lif, 156).nsmallest(3, "distance").round(2)
         number   label  distance
    155     157  Gln157      1.33
    154     155  Val155      1.34
    157     159  Lys159      2.62
    """
    need_side_chains(chain, "a distance between residues")
    middle = coordinates(heavy_atoms(get_residue(chain, number)))
    rows = [
        (
            residue.id[1],
            label(residue),
            float(cdist(middle, coordinates(heavy_atoms(residue))).min()),
        )
        for residue in amino_acids(chain)
        if residue.id[1] != number
    ]
    return pd.DataFrame(rows, columns=["number", "label", "distance"])
