"""Proteins of one fold: which residues correspond is found from the coordinates alone."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from Bio.PDB.ccealign import run_cealign
from Bio.PDB.Chain import Chain
from Bio.PDB.Residue import Residue
from numpy.typing import NDArray
from scipy.spatial.distance import cdist

from lifbook.errors import LifbookError
from lifbook.structure.atoms import amino_acids, ca_position, label, one_letter
from lifbook.structure.chains import residue_table, slice_chain, within
from lifbook.structure.checks import check_cutoff, check_points
from lifbook.structure.superposition import (
    Superposition,
    deviation_table,
    move_of_least_rmsd,
    rms,
    superimpose,
)

CE_WINDOW = 8  # residues, the fragments of combinatorial extension; the authors' value
CE_MAX_GAP = 30  # residues, as the authors
MIN_ALIGNED = 2 * CE_WINDOW  # residues of a chain; two fragments make the shortest path
PAIR_CUTOFF = 4.0  # Å between the CA atoms of residues that correspond; neighbours are 3.8 apart
GAP = 0.6  # what a gap costs, in pairs that lie exactly on each other; as in TM-align
LEAST_TM = 0.3  # below it, chains of any two folds are as much alike, see `align_structures`
MAX_ROUNDS = 50  # of fitting and pairing; three to seven are enough for the book's structures


@dataclass(frozen=True, eq=False)
class StructuralAlignment:
    """Which residues of two proteins take the same place in the fold.

    Attributes
    ----------
    columns
        The alignment from end to end: residue numbers (mobile, target), None where a residue
        has no counterpart. Of both chains only residues with coordinates.
    letters
        The same as two one-letter strings of equal length, ``-`` for None.
    superposition
        How to move the mobile chain. Its ``rmsd`` and ``table`` are those of the pairs that
        it was fitted to: all of them, or those in the stretches asked for.
    table
        All pairs: ``mobile``, ``target``, ``label`` (of the target's residue),
        ``mobile_label``, ``identical``, ``fitted`` and ``deviation`` (Å after the move).
    tm_score
        0 to 1, over the length of the shorter chain, see `align_structures`.

    Examples
    --------
    >>> from lifbook import data, structure
    >>> lif = structure.get_chain(data.read_structure("2Q7N"), "B")
    >>> il6 = structure.get_chain(data.read_structure("1ALU"), "A")
    >>> found = structure.align_structures(il6, lif)
    >>> found.n, round(found.rmsd, 2), found.partner(156)
    (99, 1.87, 159)
    >>> found.pairs[:2], round(found.identity, 2)
    ([(65, 66), (66, 67)], 0.1)
    """

    columns: tuple[tuple[int | None, int | None], ...]
    letters: tuple[str, str]
    superposition: Superposition
    table: pd.DataFrame
    tm_score: float

    @property
    def pairs(self) -> list[tuple[int, int]]:
        """Residue numbers (mobile, target) that correspond."""
        return [(a, b) for a, b in self.columns if a is not None and b is not None]

    @property
    def n(self) -> int:
        """Number of pairs."""
        return len(self.table)

    @property
    def rmsd(self) -> float:
        """Å over all pairs; `superposition.rmsd` is that over the fitted ones."""
        return rms(self.table["deviation"])

    @property
    def identity(self) -> float:
        """Fraction (0 to 1) of the pairs with the same amino acid."""
        return float(self.table["identical"].mean())

    def partner(self, number: int) -> int | None:
        """Residue of the mobile chain that stands where ``number`` of the target stands.

        None where the mobile chain has nothing there.

        Raises
        ------
        LifbookError
            The target has no such residue.
        """
        for mobile, target in self.columns:
            if target == number and number is not None:
                return mobile
        known = [target for _, target in self.columns if target is not None]
        raise LifbookError(
            f"the target of the alignment has no residue {number!r}",
            remedy=f"use a number from {min(known)} to {max(known)} that the entry shows",
        )


def align_structures(
    mobile: Chain, target: Chain, *, spans: pd.DataFrame | None = None, cutoff: float = PAIR_CUTOFF
) -> StructuralAlignment:
    """Find by shape alone which residues of two chains correspond, and lay them on each other.

    It needs CA atoms only, takes no notice of numbers or amino acids, and copes with breaks of
    the chain.

    Parameters
    ----------
    spans
        Stretches of the target, such as `helices` of it, to fit by. Residues outside are paired
        too, but do not pull. By default all pairs are fitted.
    cutoff
        Å; CA atoms that are farther apart after the move do not correspond.

    Notes
    -----
    Starts: combinatorial extension (Shindyalov and Bourne 1998, 10.1093/protein/11.9.739), from
    Biopython's Bio.PDB.ccealign, which proposes up to 20 ways to chain fragments of eight
    residues whose inner distances agree. Each is refined in turns: move (Kabsch), then pair
    anew by dynamic programming (Needleman and Wunsch 1970, 10.1016/0022-2836(70)90057-4) so
    that the sum of 1 - (distance / cutoff)² over the pairs, less 0.6 for each gap, is largest;
    until no pair changes. The start that ends with the largest sum is kept. Refining in turns
    is from Gerstein and Levitt (1998, 10.1002/pro.5560070226), the cost of a gap from TM-align
    (Zhang and Skolnick 2005, 10.1093/nar/gki524).

    The TM-score (Zhang and Skolnick 2004, 10.1002/prot.20264) sums 1 / (1 + (distance / d0)²)
    with d0 = 1.24 (L - 15)^(1/3) - 1.8 Å over the pairs and divides by L, the length of the
    shorter chain. Chains of any two folds reach up to about 0.3; from 0.5 on they mostly
    share a fold (Xu and Zhang 2010, 10.1093/bioinformatics/btq066). Ours is computed from the
    least-squares fit and lies slightly below the maximum over all fits.

    Raises
    ------
    LifbookError
        A chain of fewer than 16 residues with a CA atom, atoms on a straight line, an unusable
        cut-off, no residue in the spans, nothing that corresponds (TM-score below 0.3).

    Examples
    --------
    >>> from lifbook import data, structure
    >>> lif = structure.get_chain(data.read_structure("2Q7N"), "B")
    >>> il6 = structure.get_chain(data.read_structure("1ALU"), "A")
    >>> found = structure.align_structures(il6, lif, spans=structure.helices(lif))
    >>> round(found.tm_score, 2), round(found.identity, 2)
    (0.67, 0.1)
    """
    limit = check_cutoff(cutoff)
    chains = _with_ca(mobile), _with_ca(target)
    places = _places(chains[0]), _places(chains[1])
    wanted = None if spans is None else set(within(target, spans))
    inside = np.array([wanted is None or residue.id[1] in wanted for residue in chains[1]])
    pairs = _best_pairs(*places, inside, limit)
    if not len(pairs):
        raise _nothing_in_common(mobile, target)
    residues = [(chains[0][i], chains[1][j]) for i, j in pairs.tolist()]
    fitted = inside[pairs[:, 1]]
    move = superimpose(
        mobile,
        target,
        [(a.id[1], b.id[1]) for (a, b), use in zip(residues, fitted, strict=True) if use],
    )
    table = deviation_table(residues, move.apply(places[0][pairs[:, 0]]), places[1][pairs[:, 1]])
    tm_score = _tm_score(table["deviation"], min(map(len, chains)))
    if tm_score < LEAST_TM:
        raise _nothing_in_common(mobile, target, f" (TM-score {tm_score:.2f})")
    table.insert(3, "mobile_label", [label(one) for one, _ in residues])
    table.insert(4, "identical", [one_letter(one) == one_letter(other) for one, other in residues])
    table.insert(5, "fitted", fitted)
    columns = _columns(pairs, *map(len, chains))
    return StructuralAlignment(
        tuple((_number(chains[0], i), _number(chains[1], j)) for i, j in columns),
        (
            "".join(_letter(chains[0], i) for i, _ in columns),
            "".join(_letter(chains[1], j) for _, j in columns),
        ),
        move,
        table,
        tm_score,
    )


def _with_ca(chain: Chain) -> list[Residue]:
    """Residues that can be aligned; refuses a chain with too few of them."""
    residues = [residue for residue in amino_acids(chain) if "CA" in residue]
    if len(residues) < MIN_ALIGNED:
        raise LifbookError(
            f"chain {chain.id!r} has {len(residues)} residues with a CA atom, too few to "
            "compare folds",
            remedy=f"give a chain of at least {MIN_ALIGNED} residues",
        )
    return residues


def _places(residues: list[Residue]) -> NDArray[np.float64]:
    """Positions of the CA atoms, shape (n, 3), Å; refuses those on a straight line."""
    positions = np.array([ca_position(residue) for residue in residues])
    return check_points(positions, 3, "comparing folds")


def _nothing_in_common(mobile: Chain, target: Chain, score: str = "") -> LifbookError:
    return LifbookError(
        f"chains {mobile.id!r} and {target.id!r} have no fold in common{score}",
        remedy="compare proteins of one fold, or single domains of them",
    )


def _tm_score(deviation: pd.Series[float], shorter: int) -> float:
    """TM-score of the deviations (Å) of all pairs, over the length of the shorter chain."""
    d0 = max(0.5, 1.24 * np.cbrt(shorter - 15) - 1.8)  # 0.5 Å at least, as in the TM programs
    return float((1 / (1 + (deviation / d0) ** 2)).sum() / shorter)


def _number(residues: list[Residue], at: int | None) -> int | None:
    return None if at is None else int(residues[at].id[1])


def _letter(residues: list[Residue], at: int | None) -> str:
    return "-" if at is None else one_letter(residues[at])


def _best_pairs(
    moving: NDArray[np.float64],
    fixed: NDArray[np.float64],
    inside: NDArray[np.bool_],
    cutoff: float,
) -> NDArray[np.int_]:
    """Indices (n, 2) of the places that correspond; no rows where none do.

    Combinatorial extension proposes where to start, `_refine` goes on from each start, and
    the largest score wins.
    """
    # The target comes first, as the reference.
    paths = run_cealign(fixed.tolist(), moving.tolist(), CE_WINDOW, CE_MAX_GAP)
    starts = [np.array(path.path[::-1]).T for path in paths]
    found = [_refine(moving, fixed, start, inside, cutoff) for start in starts]
    best = max(
        (refined for refined in found if refined is not None),
        key=lambda refined: refined[0],
        default=None,
    )
    return np.empty((0, 2), dtype=int) if best is None else best[1]


def _refine(
    moving: NDArray[np.float64],
    fixed: NDArray[np.float64],
    pairs: NDArray[np.int_],
    inside: NDArray[np.bool_],
    cutoff: float,
) -> tuple[float, NDArray[np.int_]] | None:
    """Score and pairs (n, 2) when fitting and pairing no longer change anything.

    None where fewer than three pairs are left to fit by.
    """
    best = None
    for _ in range(MAX_ROUNDS):
        used = pairs[inside[pairs[:, 1]]]
        if len(used) < 3:
            return None
        rotation, translation = move_of_least_rmsd(moving[used[:, 0]], fixed[used[:, 1]])
        similarity = 1 - (cdist(moving @ rotation + translation, fixed) / cutoff) ** 2
        score, pairs = _best_path(np.clip(similarity, 0, None))
        if best is not None and np.array_equal(pairs, best[1]):
            break
        best = score, pairs
    return best


def _best_path(weights: NDArray[np.float64]) -> tuple[float, NDArray[np.int_]]:
    """Pairs (n, 2), both indices rising, with the largest sum of weights less the gaps' cost.

    Pairs of weight 0 do not count, so that two places too far apart do not open a gap.
    """
    rows, columns = weights.shape
    # Best sums that end with a pair, and with a gap. Each gap costs once, those at the ends
    # nothing.
    paired = np.full((rows + 1, columns + 1), -np.inf)
    gapped = np.zeros((rows + 1, columns + 1))
    for i in range(1, rows + 1):
        paired[i, 1:] = weights[i - 1] + np.maximum(paired[i - 1, :-1], gapped[i - 1, :-1])
        opened = np.maximum(gapped[i - 1], paired[i - 1] - GAP)
        opened[1:] = np.maximum(opened[1:], paired[i, :-1] - GAP)
        gapped[i] = np.maximum.accumulate(opened)
    i, j = map(int, np.unravel_index(np.argmax(paired), paired.shape))
    score, pairing = float(paired[i, j]), True
    pairs: list[tuple[int, int]] = []
    while i and j:
        if pairing:
            i, j = i - 1, j - 1
            pairing = bool(paired[i, j] > gapped[i, j])
            if weights[i, j] > 0:
                pairs.append((i, j))
            continue
        here = gapped[i, j]
        for before in ((i - 1, j), (i, j - 1)):
            if here in (gapped[before], paired[before] - GAP):
                pairing = bool(here != gapped[before])
                i, j = before
                break
    return score, np.array(pairs[::-1], dtype=int).reshape(-1, 2)


def _columns(
    pairs: NDArray[np.int_], rows: int, columns: int
) -> list[tuple[int | None, int | None]]:
    """Pairs of indices with all that lies between them, the mobile's before the target's."""
    whole: list[tuple[int | None, int | None]] = []
    last = -1, -1
    for i, j in [*map(tuple, pairs.tolist()), (rows, columns)]:
        whole += [(at, None) for at in range(last[0] + 1, i)]
        whole += [(None, at) for at in range(last[1] + 1, j)]
        whole.append((i, j))
        last = i, j
    return whole[:-1]


def stack_alignments(
    alignments: Mapping[str, StructuralAlignment], target: Chain, first: int, last: int
) -> pd.DataFrame:
    """Several proteins under one stretch of the protein onto which all were laid.

    Parameters
    ----------
    alignments
        Names, each with an alignment whose target is ``target``.
    first, last
        The stretch, numbers of the target, both included.

    Returns
    -------
    DataFrame
        One row for each residue of the target: ``target`` (number), ``letter`` and ``label`` of
        it; then for each name ``<name>`` (letter, ``-`` for none), ``<name> number`` (nullable)
        and ``<name> label`` (``-`` for none).

    Raises
    ------
    LifbookError
        No alignments, a stretch without residues, an alignment with another target.

    Examples
    --------
    >>> from lifbook import data, structure
    >>> lif = structure.get_chain(data.read_structure("2Q7N"), "B")
    >>> il6 = structure.get_chain(data.read_structure("1ALU"), "A")
    >>> found = structure.align_structures(il6, lif)
    >>> structure.stack_alignments({"IL-6": found}, lif, 155, 157)
       target letter   label IL-6  IL-6 number IL-6 label
    0     155      V  Val155    Q          158     Gln158
    1     156      F  Phe156    W          159     Trp159
    2     157      Q  Gln157    L          160     Leu160
    """
    if not alignments:
        raise LifbookError("no alignment was given", remedy="give one from align_structures")
    part = residue_table(slice_chain(target, first, last))
    table = pd.DataFrame(
        {"target": part["number"], "letter": part["letter"], "label": part["label"]}
    )
    for name, alignment in alignments.items():
        letters = zip(*alignment.letters, strict=True)
        opposite = dict(zip((number for _, number in alignment.columns), letters, strict=True))
        partners = [alignment.partner(number) for number in table["target"]]
        here = [opposite[number] for number in table["target"]]
        if [letter for _, letter in here] != table["letter"].tolist():
            raise LifbookError(
                f"the alignment {name!r} was made with another target",
                remedy=f"align to chain {target.id!r} of the same entry",
            )
        labels = alignment.table.set_index("target")["mobile_label"]
        table[name] = [letter for letter, _ in here]
        table[f"{name} number"] = pd.array(partners, dtype="Int64")
        table[f"{name} label"] = [labels.get(number, "-") for number in table["target"]]
    return table


def compare_folds(chains: Mapping[str, Chain], *, cutoff: float = PAIR_CUTOFF) -> pd.DataFrame:
    """`align_structures` for every two of several chains.

    Returns
    -------
    DataFrame
        ``first``, ``second`` (names), ``pairs``, ``rmsd`` (Å), ``identity`` (0 to 1),
        ``tm_score``; each two chains once, in the order given.

    Raises
    ------
    LifbookError
        Fewer than two chains, or two without a fold in common.

    Examples
    --------
    >>> from lifbook import data, structure
    >>> lif = structure.get_chain(data.read_structure("2Q7N"), "B")
    >>> il6 = structure.get_chain(data.read_structure("1ALU"), "A")
    >>> structure.compare_folds({"LIF": lif, "IL-6": il6}).round(2)
      first second  pairs  rmsd  identity  tm_score
    0   LIF   IL-6     99  1.87       0.1      0.68
    """
    if len(chains) < 2:
        raise LifbookError(
            f"folds are compared between at least two chains, but the number of chains is "
            f"{len(chains)}",
            remedy="give two or more, with names",
        )
    rows = []
    for (one, first), (other, second) in itertools.combinations(chains.items(), 2):
        found = align_structures(second, first, cutoff=cutoff)
        rows.append((one, other, found.n, found.rmsd, found.identity, found.tm_score))
    return pd.DataFrame(rows, columns=["first", "second", "pairs", "rmsd", "identity", "tm_score"])
