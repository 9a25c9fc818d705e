"""The sequence of a chain, its glycosylation sites, and two sequences side by side."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass

from Bio.Align import PairwiseAligner, substitution_matrices
from Bio.PDB.Chain import Chain

from lifbook.errors import LifbookError
from lifbook.structure.atoms import amino_acids, one_letter

AMINO_ACIDS = "ACDEFGHIKLMNPQRSTVWYX"  # X: an amino acid that is not known


def sequence(chain: Chain) -> str:
    """One-letter sequence of the residues that have coordinates.

    Modified amino acids get the letter of the one they come from (MSE: M). Residues that
    the crystal did not show are left out without a mark.

    Examples
    --------
    >>> from lifbook import data, structure
    >>> lif = structure.get_chain(data.read_structure("2Q7N"), "B")
    >>> structure.sequence(lif)[:18]
    'SPLPITPVNATCAIRHPC'
    """
    return "".join(one_letter(residue) for residue in amino_acids(chain))


def sequons(sequence: str, first: int = 1) -> list[int]:
    """Numbers of the asparagines in N-X-S/T, X not proline: possible N-glycosylation sites.

    Parameters
    ----------
    sequence
        One-letter codes in capitals.
    first
        Number of the first letter.

    Notes
    -----
    A sequon is necessary for N-glycosylation but not sufficient: about a third of them carry
    no sugar (Gavel and von Heijne 1990, 10.1093/protein/3.5.433).

    Raises
    ------
    LifbookError
        A letter that is not the code of an amino acid.

    Examples
    --------
    >>> from lifbook import data, structure
    >>> lif = structure.get_chain(data.read_structure("2Q7N"), "B")
    >>> structure.sequons(structure.sequence(lif))
    [9, 34, 63, 73, 96, 116]
    """
    _check_letters(sequence)
    # A look-ahead lets sites overlap, as in NNTT.
    return [first + match.start() for match in re.finditer("N(?=[^P][ST])", sequence)]


@dataclass(frozen=True)
class SequenceAlignment:
    """Two sequences laid side by side.

    Attributes
    ----------
    pairs
        Positions (from 0) that stand opposite each other; gaps are left out.
    identical
        How many of them hold the same letter.
    text
        The alignment for printing.

    Examples
    --------
    >>> from lifbook import structure
    >>> aligned = structure.align_sequences("NATCAIRHPCHNNL", "NATCAIRHPCHGNL")
    >>> aligned.identical, round(aligned.identity, 2)
    (13, 0.93)
    """

    pairs: tuple[tuple[int, int], ...]
    identical: int
    text: str

    @property
    def identity(self) -> float:
        """Identical pairs as a fraction of all pairs (0 to 1); gaps do not count.

        Examples
        --------
        >>> from lifbook import data, structure
        >>> human = structure.get_chain(data.read_structure("2Q7N"), "B")
        >>> mouse = structure.get_chain(data.read_structure("1LKI"), "A")
        >>> round(structure.identity(structure.sequence(human), structure.sequence(mouse)), 3)
        0.773
        """
        return self.identical / len(self.pairs)


def align_sequences(first: str, second: str) -> SequenceAlignment:
    """Align two sequences from end to end; overhanging ends cost nothing.

    Notes
    -----
    Bio.Align.PairwiseAligner (Needleman and Wunsch 1970, 10.1016/0022-2836(70)90057-4) with
    BLOSUM62 (Henikoff and Henikoff 1992, 10.1073/pnas.89.22.10915), gap opening 11 and
    extension 1.

    Raises
    ------
    LifbookError
        An empty sequence, a letter that is not the code of an amino acid, or nothing to pair.

    Examples
    --------
    >>> from lifbook import data, structure
    >>> human = structure.get_chain(data.read_structure("2Q7N"), "B")
    >>> mouse = structure.get_chain(data.read_structure("1LKI"), "A")
    >>> aligned = structure.align_sequences(structure.sequence(human), structure.sequence(mouse))
    >>> aligned.identical, len(aligned.pairs)
    (133, 172)
    """
    for letters in (first, second):
        _check_letters(letters)
        if not letters:
            raise LifbookError(
                "an empty sequence cannot be aligned", remedy="give at least one residue"
            )
    aligner = PairwiseAligner(
        substitution_matrix=substitution_matrices.load("BLOSUM62"),
        open_gap_score=-11,
        extend_gap_score=-1,
        end_gap_score=0,
    )
    alignment = aligner.align(first, second)[0]
    pairs = tuple(
        (int(i), int(j))
        for (start, end), (other, _) in zip(*alignment.aligned, strict=True)
        for i, j in zip(range(start, end), itertools.count(other), strict=False)
    )
    if not pairs:
        raise LifbookError(
            "the two sequences have nothing in common", remedy="compare related proteins"
        )
    identical = sum(first[i] == second[j] for i, j in pairs)
    return SequenceAlignment(pairs, identical, str(alignment))


def identity(first: str, second: str) -> float:
    """Fraction (0 to 1) of the aligned pairs that are identical, see `align_sequences`."""
    return align_sequences(first, second).identity


def pair_residues(chain_a: Chain, chain_b: Chain) -> list[tuple[int, int]]:
    """Residue numbers of ``chain_a`` and ``chain_b`` that sequence alignment pairs.

    Give it to `superimpose` when the two chains are not numbered alike.

    Examples
    --------
    >>> from lifbook import data, structure
    >>> human = structure.get_chain(data.read_structure("2Q7N"), "B")
    >>> mouse = structure.get_chain(data.read_structure("1LKI"), "A")
    >>> structure.pair_residues(human, mouse)[:3]
    [(9, 9), (10, 10), (11, 11)]
    """
    alignment = align_sequences(sequence(chain_a), sequence(chain_b))
    numbers_a = [residue.id[1] for residue in amino_acids(chain_a)]
    numbers_b = [residue.id[1] for residue in amino_acids(chain_b)]
    return [(numbers_a[i], numbers_b[j]) for i, j in alignment.pairs]


def _check_letters(letters: str) -> None:
    for position, letter in enumerate(letters, start=1):
        if letter not in AMINO_ACIDS:
            raise LifbookError(
                f"{letter!r} at position {position} of the sequence is not an amino acid",
                remedy=f"use the one-letter codes {AMINO_ACIDS}, in capitals, without gaps",
            )
