"""Measurements on the coordinates of a protein complex.

Every function takes Biopython objects and returns pandas tables, numpy arrays or small
dataclasses. Nothing here opens a file; ``lifbook.data`` does that. Biopython
(10.1093/bioinformatics/btp163; its structure part 10.1093/bioinformatics/btg299) searches
neighbours, computes surfaces, superimposes and aligns; this module asks it the questions
of the chapter and hands back answers in residues and ångströms.

Conventions
-----------
- Residue numbers are the entry's own. ``residue_table(chain, offset)`` adds UniProt's.
- Only amino acids count as the chain; sugars and water in it are passed over. Hydrogen
  atoms are left out everywhere. Of alternative positions Biopython's choice (the one of
  highest occupancy) is used.
- Lengths are in Å, areas in Å², angles in degrees, curvatures in 1/Å.
- Distances are rounded to 0.001 Å, the precision of a PDB file, before they are compared
  with a cut-off, so that rounding in the computer cannot change a count.
- Bad input raises :class:`lifbook.errors.LifbookError`.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from Bio.Align import PairwiseAligner, substitution_matrices
from Bio.Data.PDBData import protein_letters_3to1_extended
from Bio.PDB import NeighborSearch, PPBuilder, calc_dihedral
from Bio.PDB.Atom import Atom
from Bio.PDB.ccealign import run_cealign
from Bio.PDB.Chain import Chain
from Bio.PDB.Entity import Entity
from Bio.PDB.Model import Model
from Bio.PDB.Polypeptide import is_aa
from Bio.PDB.Residue import Residue
from Bio.PDB.SASA import ShrakeRupley
from Bio.PDB.Structure import Structure
from Bio.SVDSuperimposer import SVDSuperimposer
from scipy.linalg import eigh
from scipy.optimize import lsq_linear
from scipy.spatial import KDTree
from scipy.spatial.distance import cdist

from lifbook.errors import LifbookError
from lifbook.rounding import rounded, whole

AMINO_ACIDS = "ACDEFGHIKLMNPQRSTVWYX"  # X: not known which
MAX_CUTOFF = 20.0  # Å; farther apart nothing is in contact, and a search would take long
MAX_DISULFIDE = 2.5  # Å between the SG atoms; the bond is 2.05 Å long
MAX_BOND = 1.7  # Å; C-N and C-O bonds are 1.4 to 1.5 Å, the next atom is 2.2 Å away
CIS_WIDTH = 30.0  # degrees of omega about 0: what the PDB format calls a cis peptide (CISPEP)
HELIX_PHI, HELIX_PSI = -57.0, -47.0  # degrees, the ideal alpha helix
HELIX_WIDTH = 55.0  # degrees about it on either side, see `helices`
HELIX_TURN = 4  # residues in about one turn
MIN_AXIS = 2 * HELIX_TURN  # residues; below two turns an axis is not well defined
CE_WINDOW = 8  # residues, the fragments of combinatorial extension; the authors' value
CE_MAX_GAP = 30  # residues, as the authors
MIN_ALIGNED = 2 * CE_WINDOW  # residues of a chain; two fragments make the shortest path
PAIR_CUTOFF = 4.0  # Å between the CA atoms of residues that correspond; neighbours are 3.8 apart
GAP = 0.6  # what a gap costs, in pairs that lie exactly on each other; as in TM-align
LEAST_TM = 0.3  # below it, chains of any two folds are as much alike, see `align_structures`
MAX_ROUNDS = 50  # of fitting and pairing; three to seven are enough for the book's structures
CLASH = 3.0  # Å
FLAT = 0.005  # 1/Å; a radius of 200 Å, which over 15 Å leaves a plane by less than 0.6 Å

_BACKBONE = frozenset({"N", "CA", "C", "O", "OXT"})
_POLAR = frozenset({"N", "O"})  # atoms that can lie 2.5 to 3 Å apart in a hydrogen bond

Pairs = Iterable[tuple[int, int]]


# --- Chains and residues -----------------------------------------------------------------


def get_chain(structure: Structure | Model, chain_id: str) -> Chain:
    """Chain of the first model.

    Raises
    ------
    LifbookError
        No such chain; the message lists those that exist.
    """
    model = next(iter(structure), Model(0)) if isinstance(structure, Structure) else structure
    if chain_id not in model:
        chains = ", ".join(chain.id for chain in model) or "another entry: it has no chains"
        raise LifbookError(
            f"no chain {chain_id!r} in {structure.id!r}", remedy=f"use one of {chains}"
        )
    return model[chain_id]


def get_residue(chain: Chain, number: int) -> Residue:
    """Amino-acid residue with the entry's ``number``.

    Raises
    ------
    LifbookError
        No such residue; the message gives the stretches that exist.
    """
    for residue in _residues(chain):
        if residue.id[1] == number:
            return residue
    raise LifbookError(
        f"no residue {number!r} in chain {chain.id!r}",
        remedy=f"use a number in {_stretches(chain)} (the entry's numbers, not UniProt's)",
    )


def slice_chain(chain: Chain, first: int, last: int) -> Chain:
    """Part of a chain, from residue ``first`` to ``last``, both included, as a chain of its own.

    A copy: changing it does not change the whole chain.

    Raises
    ------
    LifbookError
        ``first`` after ``last``, or no residue in between.
    """
    if first > last:
        raise LifbookError(
            f"the stretch {first} to {last} runs backwards",
            remedy="give the smaller number first",
        )
    part = Chain(chain.id)
    for residue in _residues(chain):
        if first <= residue.id[1] <= last:
            part.add(residue.copy())
    if not len(part):
        raise LifbookError(
            f"no residue from {first} to {last} in chain {chain.id!r}",
            remedy=f"use numbers in {_stretches(chain)}",
        )
    return part


def label(residue: Residue) -> str:
    """Name and the entry's number in one word: ``"Phe156"``."""
    return f"{residue.resname.capitalize()}{residue.id[1]}"


def sequence(chain: Chain) -> str:
    """One-letter sequence of the residues that have coordinates.

    Modified amino acids get the letter of the one they come from (MSE: M). Residues that
    the crystal did not show are missing from it without a mark.
    """
    return "".join(_letter(residue) for residue in _residues(chain))


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
    """
    residues = _residues(chain)
    b_factors = [np.mean([atom.bfactor for atom in _heavy(residue)]) for residue in residues]
    return pd.DataFrame(
        {
            "number": [residue.id[1] for residue in residues],
            "uniprot": [residue.id[1] + offset for residue in residues],
            "name": [residue.resname.capitalize() for residue in residues],
            "letter": [_letter(residue) for residue in residues],
            "label": [label(residue) for residue in residues],
            "b_factor": b_factors if any(b_factors) else np.nan,
        }
    )


def _residues(chain: Chain) -> list[Residue]:
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


def _letter(residue: Residue) -> str:
    return protein_letters_3to1_extended[f"{residue.resname:<3}"]


def _stretches(chain: Chain) -> str:
    """Numbers that exist, as ``"12-48, 52-180"``."""
    numbers = [residue.id[1] for residue in _residues(chain)]
    runs = itertools.groupby(enumerate(numbers), key=lambda pair: pair[1] - pair[0])
    ends = [[number for _, number in run] for _, run in runs]
    return ", ".join(f"{run[0]}-{run[-1]}" if len(run) > 1 else f"{run[0]}" for run in ends)


def _heavy(residue: Residue) -> list[Atom]:
    """Atoms that are not hydrogen; refuses coordinates that are not numbers."""
    atoms = [atom for atom in residue if atom.element not in ("H", "D")]
    for atom in atoms:
        if not np.isfinite(atom.coord).all():
            raise LifbookError(
                f"atom {atom.id} of {label(residue)} has a coordinate that is not a number",
                remedy="read the entry again, or leave this atom out",
            )
    return atoms


def _atoms(chain: Chain) -> list[Atom]:
    return [atom for residue in _residues(chain) for atom in _heavy(residue)]


def _coordinates(atoms: Sequence[Atom]) -> np.ndarray:
    return np.array([atom.coord for atom in atoms], dtype=float).reshape(-1, 3)


def _distance(one: Atom, other: Atom) -> float:
    """Distance in Å with three places, as many as the files have.

    Biopython keeps coordinates in single precision; differences of these are taken in
    double precision, since the last digit would hang on the processor otherwise.
    """
    first, second = _coordinates([one, other])
    return rounded(float(np.linalg.norm(first - second)), 3)


def _ca(residue: Residue) -> np.ndarray:
    if "CA" not in residue:
        raise LifbookError(
            f"{label(residue)} has no CA atom", remedy="leave this residue out of the range"
        )
    return _coordinates([atom for atom in _heavy(residue) if atom.id == "CA"])[0]


def _need_side_chains(chain: Chain, purpose: str) -> None:
    """A chain with backbone atoms only would give numbers, but wrong ones."""
    rest = [residue for residue in _residues(chain) if residue.resname != "GLY"]
    if rest and all(atom.id in _BACKBONE for residue in rest for atom in _heavy(residue)):
        raise LifbookError(
            f"chain {chain.id!r} has backbone atoms only (N, CA, C, O): {purpose} needs "
            "the side chains",
            remedy="use an entry with side chains, such as 2Q7N or 1PVH",
        )


# --- Sequence ----------------------------------------------------------------------------


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
    A sequon is needed for N-glycosylation, not enough for it: about a third of them carry
    no sugar (Gavel and von Heijne 1990, 10.1093/protein/3.5.433).

    Raises
    ------
    LifbookError
        A letter that stands for no amino acid.
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
        Positions (from 0) that stand opposite each other, gaps left out.
    identical
        How many of them hold the same letter.
    text
        The alignment for printing.
    """

    pairs: tuple[tuple[int, int], ...]
    identical: int
    text: str

    @property
    def identity(self) -> float:
        """Identical pairs as a fraction of all pairs (0 to 1); gaps do not count."""
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
        An empty sequence, a letter that stands for no amino acid, or nothing to pair.
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
    """
    alignment = align_sequences(sequence(chain_a), sequence(chain_b))
    numbers_a = [residue.id[1] for residue in _residues(chain_a)]
    numbers_b = [residue.id[1] for residue in _residues(chain_b)]
    return [(numbers_a[i], numbers_b[j]) for i, j in alignment.pairs]


def _check_letters(sequence: str) -> None:
    for position, letter in enumerate(sequence, start=1):
        if letter not in AMINO_ACIDS:
            raise LifbookError(
                f"{letter!r} at position {position} of the sequence stands for no amino acid",
                remedy=f"use the one-letter codes {AMINO_ACIDS}, in capitals, without gaps",
            )


# --- Covalent features -------------------------------------------------------------------


def disulfides(chain: Chain) -> pd.DataFrame:
    """Disulfide bonds within the chain, found from the distance of the SG atoms (≤ 2.5 Å).

    Returns
    -------
    DataFrame
        ``first``, ``second`` (residue numbers), ``distance`` (Å); ordered.
    """
    _need_side_chains(chain, "finding disulfides")
    sulphurs = [atom for atom in _atoms(chain) if atom.id == "SG"]
    rows = []
    for one, other in itertools.combinations(sulphurs, 2):
        distance = _distance(one, other)
        if distance <= MAX_DISULFIDE:
            rows.append((one.parent.id[1], other.parent.id[1], distance))
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
        ``occupancy_min``, ``occupancy_max`` (of the sugar atoms) and ``distance`` (ND2-C1, Å).
    """
    chain = get_chain(structure, chain_id)
    _need_side_chains(chain, "finding glycans")
    sugars = [
        residue
        for residue in chain.parent.get_residues()
        if not is_aa(residue, standard=False) and residue.id[0] != "W"
    ]
    columns = ["residue", "label", "sugars", "names", "members"]
    columns += ["occupancy_min", "occupancy_max", "distance"]
    sugar_atoms = [atom for sugar in sugars for atom in _heavy(sugar)]
    if not sugar_atoms:
        return pd.DataFrame(columns=columns)
    search = NeighborSearch(sugar_atoms)
    rows = []
    for nd2 in (atom for atom in _atoms(chain) if atom.id == "ND2"):
        for c1 in (atom for atom in search.search(nd2.coord, MAX_BOND) if atom.id == "C1"):
            tree = _linked(c1.parent, search)
            occupancies = [atom.occupancy for sugar in tree for atom in _heavy(sugar)]
            rows.append(
                {
                    "residue": nd2.parent.id[1],
                    "label": label(nd2.parent),
                    "sugars": len(tree),
                    "names": " ".join(sugar.resname for sugar in tree),
                    "members": " ".join(f"{sugar.parent.id}{sugar.id[1]}" for sugar in tree),
                    "occupancy_min": min(occupancies),
                    "occupancy_max": max(occupancies),
                    "distance": _distance(nd2, c1),
                }
            )
    return pd.DataFrame(rows, columns=columns)


def _linked(root: Residue, search: NeighborSearch) -> list[Residue]:
    """The root sugar and all that hang on it, in the order in which they are reached."""
    tree = [root]
    for sugar in tree:  # grows while we walk along it
        for atom in _heavy(sugar):
            found = search.search(atom.coord, MAX_BOND, level="R")
            tree += [other for other in sorted(found) if other not in tree]
    return tree


# --- Backbone and helices ----------------------------------------------------------------


def torsions(chain: Chain) -> pd.DataFrame:
    """Backbone torsion angles.

    Returns
    -------
    DataFrame
        ``number``, ``phi``, ``psi``, ``omega`` in degrees (-180 to 180). ``omega`` is the
        peptide bond *before* the residue. NaN at the ends, beside a break of the chain (C and
        N more than 1.8 Å apart) and where a backbone atom is missing.
    """
    angles: dict[int, dict[str, float | None]] = {r.id[1]: {} for r in _residues(chain)}
    _atoms(chain)  # refuses coordinates that are not numbers
    for peptide in PPBuilder().build_peptides(chain, aa_only=False):
        for residue, (phi, psi) in zip(peptide, peptide.get_phi_psi_list(), strict=True):
            if residue.id[1] in angles:
                angles[residue.id[1]] |= {"phi": phi, "psi": psi}
        for before, residue in itertools.pairwise(peptide):
            four = [(before, "CA"), (before, "C"), (residue, "N"), (residue, "CA")]
            if residue.id[1] in angles and all(name in owner for owner, name in four):
                vectors = [owner[name].get_vector() for owner, name in four]
                angles[residue.id[1]]["omega"] = calc_dihedral(*vectors)
    table = pd.DataFrame.from_dict(
        angles, orient="index", columns=["phi", "psi", "omega"], dtype=float
    )
    return np.degrees(table).rename_axis("number").reset_index()


def cis_peptides(chain: Chain) -> pd.DataFrame:
    """Peptide bonds with omega within 30° of 0, the PDB format's definition (CISPEP).

    Returns
    -------
    DataFrame
        ``first``, ``second`` (residue numbers), ``label`` (Glu50-Pro51), ``omega`` (degrees).
    """
    table = torsions(chain)
    rows = []
    for before, (number, omega) in itertools.pairwise(
        table[["number", "omega"]].itertuples(index=False, name=None)
    ):
        if abs(omega) <= CIS_WIDTH:  # False for NaN
            pair = [get_residue(chain, before[0]), get_residue(chain, number)]
            rows.append((before[0], number, "-".join(map(label, pair)), omega))
    return pd.DataFrame(rows, columns=["first", "second", "label", "omega"])


def helices(chain: Chain, min_length: int = MIN_AXIS) -> pd.DataFrame:
    """Alpha helices from phi and psi.

    A residue is helical when phi and psi each lie within 55° of the ideal alpha helix
    (-57°, -47°: IUPAC-IUB 1970, 10.1021/bi00820a001). One residue that is not, with four
    helical ones (about a turn) on either side, does not end a helix. A helix is a run of at
    least ``min_length`` residues.

    Returns
    -------
    DataFrame
        ``start``, ``end`` (residue numbers), ``length`` (residues) and ``outliers``, the
        numbers of the residues inside that were let pass.

    Notes
    -----
    The window is wide on purpose: torsion angles are noisy at 4 Å. The four long helices of
    LIF in 2Q7N, 1PVH and 1LKI are whole from a half-width of 50° on; at 40° helix C of 2Q7N
    falls in two. Their ends shift by one to three residues with the window, and differ as
    much from HELIX records and from programs that look at hydrogen bonds (DSSP,
    10.1002/bip.360221211) or at CA atoms alone (P-SEA, 10.1093/bioinformatics/13.3.291):
    where a helix ends is a convention.

    Raises
    ------
    LifbookError
        ``min_length`` below one turn (4).
    """
    if min_length < HELIX_TURN:
        raise LifbookError(
            f"a helix of {min_length} residues is less than one turn",
            remedy=f"ask for a min_length of {HELIX_TURN} or more",
        )
    table = torsions(chain)
    near = ((table.phi - HELIX_PHI).abs() <= HELIX_WIDTH) & (
        (table.psi - HELIX_PSI).abs() <= HELIX_WIDTH
    )
    helical = near.to_numpy()
    passed = helical.copy()
    for i in range(HELIX_TURN, len(helical) - HELIX_TURN):
        before, after = helical[i - HELIX_TURN : i], helical[i + 1 : i + 1 + HELIX_TURN]
        passed[i] |= before.all() and after.all()
    rows = []
    for inside, run in itertools.groupby(range(len(passed)), key=passed.__getitem__):
        indices = list(run)
        if inside and len(indices) >= min_length:
            numbers = table.number.to_numpy()[indices]
            outliers = tuple(int(n) for n in numbers[~helical[indices]])
            rows.append((int(numbers[0]), int(numbers[-1]), len(indices), outliers))
    return pd.DataFrame(rows, columns=["start", "end", "length", "outliers"])


@dataclass(frozen=True, eq=False)
class Axis:
    """Axis of a helix: a piece of a straight line.

    Attributes
    ----------
    centre
        Its middle, shape (3,), Å.
    direction
        Unit vector from the N- to the C-terminal end, shape (3,).
    length
        Å from the first CA atom to the last one, measured along the axis.
    """

    centre: np.ndarray
    direction: np.ndarray
    length: float

    @property
    def ends(self) -> np.ndarray:
        """Both ends, N-terminal first, shape (2, 3), Å."""
        half = self.direction * self.length / 2
        return np.array([self.centre - half, self.centre + half])


def helix_axis(chain: Chain, start: int, end: int) -> Axis:
    """Axis of the helix from residue ``start`` to ``end``, both included.

    The line of best fit through the means of every four CA atoms in a row. Four make about
    one turn, so that the winding cancels out. On an ideal helix of eight or more residues
    the direction is then right within 1.7°, from 12 residues on within 0.7°; a line through
    the CA atoms themselves can be 10° and 4° off.

    Raises
    ------
    LifbookError
        ``start`` after ``end``, a residue that does not exist, fewer than eight residues.
    """
    if start > end:
        raise LifbookError(
            f"the helix starts at {start}, after its end at {end}",
            remedy="give the smaller number first",
        )
    if end - start + 1 < MIN_AXIS:
        raise LifbookError(
            f"a helix of {end - start + 1} residues ({start}-{end}) is too short for an axis",
            remedy=f"give at least {MIN_AXIS} residues, two turns",
        )
    atoms = np.array([_ca(get_residue(chain, number)) for number in range(start, end + 1)])
    means = np.lib.stride_tricks.sliding_window_view(atoms, HELIX_TURN, axis=0).mean(axis=-1)
    middle = means.mean(axis=0)
    direction = np.linalg.svd(means - middle)[2][0]
    direction = direction * np.sign(direction @ (means[-1] - means[0]))
    along = (atoms[[0, -1]] - middle) @ direction
    return Axis(middle + along.mean() * direction, direction, float(along[1] - along[0]))


def crossing_angle(a: Axis, b: Axis) -> float:
    """Angle between two axes in degrees: 0 parallel, 180 antiparallel.

    It is the plain angle of the two directions, without the sign that Chothia, Levitt and
    Richardson (1981, 10.1016/0022-2836(81)90341-7) give to the packing angle.
    """
    return float(np.degrees(np.arccos(np.clip(a.direction @ b.direction, -1.0, 1.0))))


def crossing_angles(axes: dict[str, Axis]) -> pd.DataFrame:
    """All `crossing_angle` values as a square table with the names on both sides."""
    return pd.DataFrame(
        [[crossing_angle(a, b) for b in axes.values()] for a in axes.values()],
        index=list(axes),
        columns=list(axes),
    )


def axis_distance(a: Axis, b: Axis) -> float:
    """Closest approach of two axes in Å, within their lengths."""
    # Least squares for the places s and t along the two pieces of line.
    matrix = np.column_stack([a.direction, -b.direction])
    reach = np.array([a.length, b.length]) / 2
    places = lsq_linear(matrix, b.centre - a.centre, bounds=(-reach, reach), method="bvls").x
    return float(np.linalg.norm(matrix @ places - (b.centre - a.centre)))


# --- Interface ---------------------------------------------------------------------------


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
    limits = [_check_cutoff(cutoff) for cutoff in cutoffs]
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
        return _coordinates([p[0] for p in pairs]) / 2 + _coordinates([p[1] for p in pairs]) / 2
    side = 0 if of == "first" else 1
    return _coordinates(list({id(pair[side]): pair[side] for pair in pairs}.values()))


#: Surfaces measured before, by all that they hang on: a chapter asks for one complex several times,
#: and a measurement takes more than a second.
_MEASURED: dict[tuple[object, ...], tuple[np.ndarray, np.ndarray]] = {}
_MEASUREMENTS_KEPT = 16


def _areas(
    copies: list[Chain], complex_: Model, probe: float, points: int
) -> tuple[np.ndarray, np.ndarray]:
    """Surface of each residue of two chains, alone and in the complex of both."""
    atoms = [[atom for residue in copy for atom in residue] for copy in copies]
    key = (probe, points, *(
        (_coordinates(part).tobytes(), tuple((atom.element, atom.parent.id) for atom in part))
        for part in atoms))
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
    owners = [(chain, residue) for chain in (chain_a, chain_b) for residue in _residues(chain)]
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
    atoms_a, atoms_b = _atoms(chain_a), _atoms(chain_b)
    distances, nearest = KDTree(_coordinates(atoms_b)).query(_coordinates(atoms_a))
    at = int(np.argmin(distances))
    one, other = atoms_a[at], atoms_b[int(nearest[at])]
    return Approach(
        rounded(float(distances[at]), 3), one.parent.id[1], other.parent.id[1],
        label(one.parent), label(other.parent), one.id, other.id, _coordinates([one, other]),
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
        (one.parent.id[1], other.parent.id[1], label(one.parent), label(other.parent), 1,
         int(not {one.element, other.element} <= _POLAR), distance)
        for one, other, distance in _atom_pairs(chain_a, chain_b, limit)
    ]
    table = pd.DataFrame(rows, columns=columns)
    return table.groupby(columns[:4], as_index=False).agg(
        {"atom_pairs": "sum", "not_polar": "sum", "distance": "min"}
    )


def centre(chain: Chain, numbers: Iterable[int] | None = None) -> np.ndarray:
    """Mean of the CA atoms of some residues, such as those of a binding site; shape (3,), Å.

    Parameters
    ----------
    numbers
        Residue numbers, each counted once; all residues by default.

    Raises
    ------
    LifbookError
        No number, an unknown residue, a residue without CA.
    """
    if numbers is None:
        residues = _residues(chain)
    else:
        residues = [get_residue(chain, number) for number in dict.fromkeys(numbers)]
    if not residues:
        raise LifbookError(
            f"no residue of chain {chain.id!r} to take the middle of",
            remedy="give at least one residue number",
        )
    return np.mean([_ca(residue) for residue in residues], axis=0)


def _atom_pairs(chain_a: Chain, chain_b: Chain, cutoff: float) -> list[tuple[Atom, Atom, float]]:
    limit = _check_cutoff(cutoff)
    _check_pair(chain_a, chain_b, "finding contacts")
    search = NeighborSearch(_atoms(chain_b))
    pairs = []
    for atom in _atoms(chain_a):
        near = search.search(atom.coord, limit + 0.001)  # a little more, then round
        distances = whole(1000 * np.linalg.norm(_coordinates(near) - atom.coord, axis=1)) / 1000
        pairs += [
            (atom, other, float(distance))
            for other, distance in zip(near, distances, strict=True)
            if distance <= limit
        ]
    return pairs


def _check_cutoff(cutoff: float) -> float:
    try:
        limit = round(float(cutoff), 3)
    except (TypeError, ValueError):
        limit = np.nan
    if not 0 < limit <= MAX_CUTOFF:  # also refuses NaN
        raise LifbookError(
            f"a cut-off of {cutoff} Å cannot be used",
            remedy=f"use a number above 0 and up to {MAX_CUTOFF:g} Å; contacts lie near 4",
        )
    return limit


def _check_pair(chain_a: Chain, chain_b: Chain, purpose: str) -> None:
    for chain in (chain_a, chain_b):
        _need_side_chains(chain, purpose)
    # A chain read twice, or a slice of it, is another object with the same coordinates.
    places = [set(map(tuple, _coordinates(_atoms(chain)))) for chain in (chain_a, chain_b)]
    if not places[0].isdisjoint(places[1]):
        raise LifbookError(
            f"chain {chain_a.id!r} was given against itself, or against a part of itself",
            remedy="give two different chains of the complex",
        )


def _bare_copy(chain: Chain, chain_id: str) -> Chain:
    copy = Chain(chain_id)
    for residue in _residues(chain):
        bare = Residue(residue.id, residue.resname, residue.segid)
        for atom in _heavy(residue):
            bare.add(atom.copy())
        copy.add(bare)
    return copy


# --- Superposition -----------------------------------------------------------------------


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
    moving = np.array([_ca(one) for one, _ in residues])
    fixed = np.array([_ca(other) for _, other in residues])
    for atoms in (moving, fixed):
        _check_points(atoms, 3, "superposition")
    rotation, translation = _fit(moving, fixed)
    table = _deviation_table(residues, moving @ rotation + translation, fixed)
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
    places = [np.array([_ca(residue) for residue in side]) for side in zip(*residues, strict=True)]
    return _deviation_table(residues, *places)


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
    """
    for column in ("start", "end"):
        if column not in spans:
            raise LifbookError(
                f"the table of stretches has no column '{column}'", column=column,
                remedy="give one with start and end, such as that of helices()",
            )
    ends = list(spans[["start", "end"]].itertuples(index=False, name=None))
    numbers = [r.id[1] for r in _residues(chain) if any(a <= r.id[1] <= b for a, b in ends)]
    if not numbers:
        raise LifbookError(
            f"no residue of chain {chain.id!r} lies in the stretches given",
            remedy=f"use numbers in {_stretches(chain)}",
        )
    return numbers


def _paired(mobile: Chain, target: Chain, pairs: Pairs | None) -> list[tuple[Residue, Residue]]:
    """Residues of both chains with the numbers given, or with those that they share."""
    if pairs is None:
        have = [{r.id[1] for r in _residues(chain) if "CA" in r} for chain in (mobile, target)]
        pairs = [(number, number) for number in sorted(have[0] & have[1])]
    pairs = list(pairs)
    if len(pairs) < 3:
        raise LifbookError(
            f"{len(pairs)} residues to superimpose chain {mobile.id!r} on {target.id!r}",
            remedy="give at least three pairs; pair_residues finds them when the chains "
            "share no numbers",
        )
    return [(get_residue(mobile, a), get_residue(target, b)) for a, b in pairs]


def _deviation_table(
    residues: list[tuple[Residue, Residue]], moved: np.ndarray, fixed: np.ndarray
) -> pd.DataFrame:
    numbers = [(one.id[1], other.id[1]) for one, other in residues]
    table = pd.DataFrame(numbers, columns=["mobile", "target"])
    table["label"] = [label(other) for _, other in residues]
    table["deviation"] = np.linalg.norm(moved - fixed, axis=1)
    return table


def _fit(moving: np.ndarray, fixed: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    superimposer = SVDSuperimposer()
    superimposer.set(fixed, moving)
    superimposer.run()
    return superimposer.get_rotran()


# --- Same fold: correspondence found by structure ------------------------------------------


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
    mobile: Chain, target: Chain, *, spans: pd.DataFrame | None = None,
    cutoff: float = PAIR_CUTOFF,
) -> StructuralAlignment:
    """Find by shape alone which residues of two chains correspond, and lay them on each other.

    Needs CA atoms only, knows nothing of numbers or amino acids, and gets over breaks of the
    chain.

    Parameters
    ----------
    spans
        Stretches of the target, such as `helices` of it, to fit by. Residues outside are paired
        too, but do not pull. By default all pairs are fitted.
    cutoff
        Å; CA atoms farther apart after the move do not correspond.

    Notes
    -----
    Starts: combinatorial extension (Shindyalov and Bourne 1998, 10.1093/protein/11.9.739), from
    Biopython's Bio.PDB.ccealign, which proposes up to 20 ways to chain fragments of eight
    residues whose inner distances agree. Each is refined by turns: move (Kabsch), then pair
    anew by dynamic programming (Needleman and Wunsch 1970, 10.1016/0022-2836(70)90057-4) so
    that the sum of 1 - (distance / cutoff)² over the pairs, less 0.6 for each gap, is largest;
    until no pair changes. The start that ends with the largest sum is kept. Refining by turns
    is from Gerstein and Levitt (1998, 10.1002/pro.5560070226), the cost of a gap from TM-align
    (Zhang and Skolnick 2005, 10.1093/nar/gki524).

    The TM-score (Zhang and Skolnick 2004, 10.1002/prot.20264) sums 1 / (1 + (distance / d0)²)
    with d0 = 1.24 (L - 15)^(1/3) - 1.8 Å over the pairs and divides by L, the length of the
    shorter chain. Two chains of any fold reach up to about 0.3; from 0.5 on they mostly share one
    (Xu and Zhang 2010, 10.1093/bioinformatics/btq066). Ours is that of the least-squares fit, a
    little below the largest that could be had.

    Raises
    ------
    LifbookError
        A chain of fewer than 16 residues with CA, atoms on a straight line, an unusable cut-off,
        no residue in the spans, nothing that corresponds (TM-score below 0.3).
    """
    limit = _check_cutoff(cutoff)
    chains = [[r for r in _residues(chain) if "CA" in r] for chain in (mobile, target)]
    for chain, residues in zip((mobile, target), chains, strict=True):
        if len(residues) < MIN_ALIGNED:
            raise LifbookError(
                f"chain {chain.id!r} has {len(residues)} residues with a CA atom, too few to "
                "compare folds",
                remedy=f"give a chain of at least {MIN_ALIGNED} residues",
            )
    numbers = [[residue.id[1] for residue in residues] for residues in chains]
    places = [np.array([_ca(residue) for residue in residues]) for residues in chains]
    for points in places:
        _check_points(points, 3, "comparing folds")
    wanted = set(numbers[1] if spans is None else within(target, spans))
    inside = np.array([number in wanted for number in numbers[1]])
    starts = [path.path[::-1] for path in run_cealign(
        *(points.tolist() for points in reversed(places)), CE_WINDOW, CE_MAX_GAP)]
    found = [refined for start in starts
             if (refined := _refine(*places, np.array(start).T, inside, limit)) is not None]
    score, pairs = max(found, key=lambda one: one[0], default=(0.0, np.empty((0, 2), int)))
    shorter = min(map(len, chains))
    if score > 0:
        fitted = inside[pairs[:, 1]]
        named = [(numbers[0][i], numbers[1][j]) for i, j in pairs]
        move = superimpose(
            mobile, target, [pair for pair, use in zip(named, fitted, strict=True) if use]
        )
        residues = [(chains[0][i], chains[1][j]) for i, j in pairs]
        table = _deviation_table(residues, move.apply(places[0][pairs[:, 0]]), places[1][pairs[:, 1]])
        d0 = max(0.5, 1.24 * np.cbrt(shorter - 15) - 1.8)  # 0.5 Å at least, as in the TM programs
        tm_score = float((1 / (1 + (table["deviation"] / d0) ** 2)).sum() / shorter)
    if not score > 0 or tm_score < LEAST_TM:
        raise LifbookError(
            f"chains {mobile.id!r} and {target.id!r} have no fold in common"
            + (f" (TM-score {tm_score:.2f})" if score > 0 else ""),
            remedy="compare proteins of one fold, or single domains of them",
        )
    table.insert(3, "mobile_label", [label(one) for one, _ in residues])
    table.insert(4, "identical", [_letter(one) == _letter(other) for one, other in residues])
    table.insert(5, "fitted", fitted)
    columns = _columns(pairs, *map(len, chains))
    letters = tuple(
        "".join("-" if at is None else _letter(side[at]) for at in places_)
        for side, places_ in zip(chains, zip(*columns, strict=True), strict=True)
    )
    return StructuralAlignment(
        tuple((None if i is None else numbers[0][i], None if j is None else numbers[1][j])
              for i, j in columns),
        letters, move, table, tm_score,
    )


def _refine(
    moving: np.ndarray, fixed: np.ndarray, pairs: np.ndarray, inside: np.ndarray, cutoff: float
) -> tuple[float, np.ndarray] | None:
    """Score and pairs (n, 2) when fitting and pairing no longer change anything.

    None where fewer than three pairs are left to fit by.
    """
    best = None
    for _ in range(MAX_ROUNDS):
        used = pairs[inside[pairs[:, 1]]]
        if len(used) < 3:
            return None
        rotation, translation = _fit(moving[used[:, 0]], fixed[used[:, 1]])
        similarity = 1 - (cdist(moving @ rotation + translation, fixed) / cutoff) ** 2
        score, pairs = _best_path(np.clip(similarity, 0, None))
        if best is not None and np.array_equal(pairs, best[1]):
            break
        best = score, pairs
    return best


def _best_path(weights: np.ndarray) -> tuple[float, np.ndarray]:
    """Pairs (n, 2), both indices rising, with the largest sum of weights less the gaps' cost.

    Pairs of weight 0 count as none, so that two places too far apart do not open a gap.
    """
    rows, columns = weights.shape
    # Best sums that end with a pair, and with a gap; each gap costs once, those at the ends nothing.
    paired = np.full((rows + 1, columns + 1), -np.inf)
    gapped = np.zeros((rows + 1, columns + 1))
    for i in range(1, rows + 1):
        paired[i, 1:] = weights[i - 1] + np.maximum(paired[i - 1, :-1], gapped[i - 1, :-1])
        opened = np.maximum(gapped[i - 1], paired[i - 1] - GAP)
        opened[1:] = np.maximum(opened[1:], paired[i, :-1] - GAP)
        gapped[i] = np.maximum.accumulate(opened)
    i, j = np.unravel_index(np.argmax(paired), paired.shape)
    score, pairs, pairing = float(paired[i, j]), [], True
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
    pairs: np.ndarray, rows: int, columns: int
) -> list[tuple[int | None, int | None]]:
    """Pairs of indices with all that lies between them, first the mobile's, then the target's."""
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
        Name -> alignment whose target is ``target``.
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
        No alignment, a stretch without residues, an alignment with another target.
    """
    if not alignments:
        raise LifbookError("no alignment was given", remedy="give one from align_structures")
    part = residue_table(slice_chain(target, first, last))
    table = pd.DataFrame({"target": part["number"], "letter": part["letter"],
                          "label": part["label"]})
    for name, alignment in alignments.items():
        partners = [alignment.partner(number) for number in table["target"]]
        letters = {b: pair for (_, b), pair in zip(
            alignment.columns, zip(*alignment.letters, strict=True), strict=True)}
        if any(letters[n][1] != letter for n, letter in zip(table["target"], table["letter"],
                                                            strict=True)):
            raise LifbookError(
                f"the alignment {name!r} was made with another target",
                remedy=f"align to chain {target.id!r} of the same entry",
            )
        labels = alignment.table.set_index("target")["mobile_label"]
        table[name] = [letters[number][0] for number in table["target"]]
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
    """
    if len(chains) < 2:
        raise LifbookError(
            f"{len(chains)} chains cannot be compared", remedy="give two or more, with names"
        )
    rows = []
    for (one, first), (other, second) in itertools.combinations(chains.items(), 2):
        found = align_structures(second, first, cutoff=cutoff)
        rows.append((one, other, found.n, found.rmsd, found.identity, found.tm_score))
    return pd.DataFrame(
        rows, columns=["first", "second", "pairs", "rmsd", "identity", "tm_score"]
    )


# --- Shape of the interface --------------------------------------------------------------


def principal_axes(coordinates: np.ndarray) -> np.ndarray:
    """Directions in which the points (n, 3) spread most, next and least.

    Returns
    -------
    ndarray
        Shape (3, 3), a unit vector in each row, right-handed. The largest component of each
        of the first two is positive, so that the same points always give the same axes.

    Raises
    ------
    LifbookError
        Fewer than three points, points on a straight line, values that are not numbers.
    """
    points = _check_points(coordinates, 3, "principal axes")
    first, second, _ = np.linalg.svd(points - points.mean(axis=0), full_matrices=False)[2]
    first, second = (v * np.sign(v[np.argmax(np.abs(v))]) for v in (first, second))
    return np.array([first, second, np.cross(first, second)])


@dataclass(frozen=True, eq=False)
class QuadricFit:
    """A quadratic surface through points, in a frame of its own.

    z = a x² + b xy + c y² + d x + e y + f, with x and y along the two directions in which
    the points spread most, and the origin in their middle.

    Attributes
    ----------
    coefficients
        a to f, shape (6,).
    curvatures
        Principal curvatures (smaller, larger) in the middle, 1/Å. Positive bends towards
        +z. Their inverses are radii in Å.
    rms, plane_rms
        Root mean square distance along z of the points from the surface, and from the plane
        z = 0, Å. The surface has six free numbers, the plane three: some of the gain is
        theirs.
    frame
        Rows x, y, z, shape (3, 3).
    centre
        Mean of the points, shape (3,), Å.
    """

    coefficients: np.ndarray
    curvatures: tuple[float, float]
    rms: float
    plane_rms: float
    frame: np.ndarray
    centre: np.ndarray

    @property
    def kind(self) -> Literal["saddle", "bowl", "trough", "plane"]:
        """Shape by the two curvatures; below 0.005 per Å (radius 200 Å) one counts as flat.

        Opposite signs make a saddle, equal signs a bowl (or, seen from the other side, a
        dome), one flat direction a trough, two a plane.
        """
        flat = sum(abs(k) < FLAT for k in self.curvatures)
        if flat:
            return "plane" if flat == 2 else "trough"
        return "saddle" if self.curvatures[0] * self.curvatures[1] < 0 else "bowl"

    def height(self, x: np.ndarray | float, y: np.ndarray | float) -> np.ndarray:
        """z of the surface at x and y of its own frame, Å."""
        x, y = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
        return np.tensordot(self.coefficients, _terms(x, y), axes=1)

    def local(self, points: np.ndarray) -> np.ndarray:
        """Points of the entry's frame in that of the surface, shape (n, 3) or (3,)."""
        return (np.asarray(points, dtype=float) - self.centre) @ self.frame.T

    def world(self, points: np.ndarray) -> np.ndarray:
        """Points of the surface's frame back in that of the entry."""
        return np.asarray(points, dtype=float) @ self.frame + self.centre


def fit_quadric(points: np.ndarray, towards: np.ndarray | None = None) -> QuadricFit:
    """Fit a quadratic surface to points and measure how it bends.

    Parameters
    ----------
    points
        Shape (n, 3), n at least 6, Å.
    towards
        A point, shape (3,), that shall lie on the +z side, such as the middle of the
        partner. By default z points to where the stronger of the two bends opens, so that
        the curvatures do not depend on how the entry lies in space.

    Notes
    -----
    Least squares along z, the direction in which the points spread least. The curvatures
    are those of differential geometry, the eigenvalues of the second fundamental form
    relative to the first at x = y = 0, so that a slope there does not distort them.

    Raises
    ------
    LifbookError
        Fewer than six points, points that leave the surface undetermined (on a line or a
        conic), values that are not numbers.
    """
    points = _check_points(points, 6, "a quadratic surface")
    centre, frame = points.mean(axis=0), principal_axes(points)
    turn = np.array([[1], [-1], [-1]])  # half a turn about x: z to the other side
    if towards is not None:
        towards = np.asarray(towards, dtype=float)
        if towards.shape != (3,) or not np.isfinite(towards).all():
            raise LifbookError(
                "'towards' is not a point", remedy="give three numbers, in Å", column="towards"
            )
        frame = frame if (towards - centre) @ frame[2] >= 0 else frame * turn
    fit = _fit_in_frame(points, centre, frame)
    if towards is None and sum(fit.curvatures) < 0:
        fit = _fit_in_frame(points, centre, frame * turn)
    return fit


def _fit_in_frame(points: np.ndarray, centre: np.ndarray, frame: np.ndarray) -> QuadricFit:
    x, y, z = ((points - centre) @ frame.T).T
    terms = _terms(x, y)
    coefficients, _, rank, _ = np.linalg.lstsq(terms.T, z, rcond=1e-9)
    if rank < 6:
        raise LifbookError(
            "the points lie on a line or a conic and leave the surface undetermined",
            remedy="give points that cover an area, for instance at a larger cut-off",
        )
    a, b, c, d, e, _ = coefficients
    first_form = np.array([[1 + d * d, d * e], [d * e, 1 + e * e]])
    second_form = np.array([[2 * a, b], [b, 2 * c]]) / np.sqrt(1 + d * d + e * e)
    low, high = eigh(second_form, first_form, eigvals_only=True)
    rms, plane_rms = (float(np.sqrt(np.mean(r**2))) for r in (coefficients @ terms - z, z))
    return QuadricFit(coefficients, (float(low), float(high)), rms, plane_rms, frame, centre)


def _terms(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    return np.array([x * x, x * y, y * y, x, y, np.ones_like(x * y)])


def _check_points(points: np.ndarray, least: int, purpose: str) -> np.ndarray:
    try:
        points = np.asarray(points, dtype=float)
    except (TypeError, ValueError):
        points = np.empty(0)
    if points.ndim != 2 or points.shape[1] != 3:
        raise LifbookError(
            f"points of shape {points.shape} for {purpose}",
            remedy="give an array of numbers of shape (n, 3)",
        )
    if len(points) < least:
        raise LifbookError(
            f"{len(points)} points are too few for {purpose}",
            remedy=f"give at least {least}, for instance at a larger cut-off",
        )
    if not np.isfinite(points).all():
        row = int(np.argmin(np.isfinite(points).all(axis=1)))
        raise LifbookError(
            f"point {row} for {purpose} has a coordinate that is not a number",
            remedy="leave out points without coordinates",
        )
    spread = np.linalg.svd(points - points.mean(axis=0), compute_uv=False)
    if spread[1] < 0.001 * np.sqrt(len(points)):  # rms of 0.001 Å off the line
        raise LifbookError(
            f"the points for {purpose} lie on a straight line",
            remedy="give points that are not collinear",
        )
    return points


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
    """
    _need_side_chains(chain, "a distance between residues")
    middle = _coordinates(_heavy(get_residue(chain, number)))
    rows = [
        (residue.id[1], label(residue), float(cdist(middle, _coordinates(_heavy(residue))).min()))
        for residue in _residues(chain) if residue.id[1] != number
    ]
    return pd.DataFrame(rows, columns=["number", "label", "distance"])
