"""The backbone: torsion angles, cis peptides, helices, and how helices lie to each other."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from Bio.PDB.Chain import Chain
from Bio.PDB.Polypeptide import PPBuilder
from Bio.PDB.vectors import calc_dihedral
from numpy.typing import NDArray
from scipy.optimize import lsq_linear

from lifbook.errors import LifbookError
from lifbook.structure.atoms import amino_acids, ca_position, chain_atoms, label
from lifbook.structure.chains import get_residue

CIS_WIDTH = 30.0  # degrees of omega about 0: what the PDB format calls a cis peptide (CISPEP)
HELIX_PHI, HELIX_PSI = -57.0, -47.0  # degrees, the ideal alpha helix
HELIX_WIDTH = 55.0  # degrees about it on either side, see `helices`
HELIX_TURN = 4  # residues in about one turn
MIN_AXIS = 2 * HELIX_TURN  # residues; below two turns an axis is not well defined


def torsions(chain: Chain) -> pd.DataFrame:
    """Backbone torsion angles.

    Returns
    -------
    DataFrame
        ``number``, ``phi``, ``psi``, ``omega`` in degrees (-180 to 180). ``omega`` is the
        peptide bond *before* the residue. NaN at the ends, beside a break of the chain (C and
        N more than 1.8 Å apart) and where a backbone atom is missing.

    Raises
    ------
    LifbookError
        A coordinate that is not a number.

    Examples
    --------
    >>> from lifbook import data, structure
    >>> lif = structure.get_chain(data.read_structure("2Q7N"), "B")
    >>> structure.torsions(lif).iloc[49:52].round(1)
        number   phi    psi  omega
    49      50 -70.5  149.9  171.1
    50      51 -98.7   44.2    1.8
    51      52 -65.4  -30.5 -176.9
    """
    angles: dict[int, dict[str, float | None]] = {r.id[1]: {} for r in amino_acids(chain)}
    chain_atoms(chain)  # refuses coordinates that are not numbers
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
    degrees = table.apply(np.degrees)
    return degrees.rename_axis("number").reset_index()


def cis_peptides(chain: Chain) -> pd.DataFrame:
    """Peptide bonds with omega within 30° of 0, the PDB format's definition (CISPEP).

    Returns
    -------
    DataFrame
        ``first``, ``second`` (residue numbers), ``label`` (Glu50-Pro51), ``omega`` (degrees).

    Examples
    --------
    >>> from lifbook import data, structure
    >>> lif = structure.get_chain(data.read_structure("2Q7N"), "B")
    >>> structure.cis_peptides(lif).round(1)
       first  second        label  omega
    0     50      51  Glu50-Pro51    1.8
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
    (-57°, -47°: IUPAC-IUB 1970, 10.1021/bi00820a001). One residue that is not helical, with
    four helical ones (about a turn) on either side, does not end a helix. A helix is a run of
    at least ``min_length`` residues.

    Returns
    -------
    DataFrame
        ``start``, ``end`` (residue numbers), ``length`` (residues) and ``outliers``, the
        numbers of residues inside that are not helical themselves.

    Notes
    -----
    The window is wide on purpose: torsion angles are noisy at 4 Å. The four long helices of
    LIF in 2Q7N, 1PVH and 1LKI are whole from a half-width of 50° on; at 40° helix C of 2Q7N
    falls into two. Their ends shift by one to three residues with the window, and differ by as
    much from HELIX records and from programs that look at hydrogen bonds (DSSP,
    10.1002/bip.360221211) or at CA atoms alone (P-SEA, 10.1093/bioinformatics/13.3.291):
    where a helix ends is a convention.

    Raises
    ------
    LifbookError
        ``min_length`` below one turn (4).

    Examples
    --------
    >>> from lifbook import data, structure
    >>> lif = structure.get_chain(data.read_structure("2Q7N"), "B")
    >>> structure.helices(lif)
       start  end  length outliers
    0     23   48      26       ()
    1     76  102      27       ()
    2    109  132      24       ()
    3    155  179      25       ()
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
    """Axis of a helix: a segment of a straight line.

    Attributes
    ----------
    centre
        Its middle, shape (3,), Å.
    direction
        Unit vector from the N- to the C-terminal end, shape (3,).
    length
        Å from the first CA atom to the last one, measured along the axis.

    Examples
    --------
    >>> from lifbook import data, structure
    >>> lif = structure.get_chain(data.read_structure("2Q7N"), "B")
    >>> axis = structure.helix_axis(lif, 23, 48)
    >>> axis.ends.round(1).tolist()
    [[-9.5, 74.9, -5.2], [25.3, 78.9, 5.6]]
    """

    centre: NDArray[np.float64]
    direction: NDArray[np.float64]
    length: float

    @property
    def ends(self) -> NDArray[np.float64]:
        """Both ends, N-terminal first, shape (2, 3), Å."""
        half = self.direction * self.length / 2
        return np.array([self.centre - half, self.centre + half])


def helix_axis(chain: Chain, start: int, end: int) -> Axis:
    """Axis of the helix from residue ``start`` to ``end``, both included.

    The line of best fit through the means of every four CA atoms in a row. Four make about
    one turn, so that the winding cancels out. On an ideal helix of eight or more residues
    the direction is then correct to within 1.7°, from 12 residues on to within 0.7°; a line
    through the CA atoms themselves can be 10° and 4° off.

    Raises
    ------
    LifbookError
        ``start`` after ``end``, a residue that does not exist or has no CA atom, fewer than
        eight residues.

    Examples
    --------
    >>> from lifbook import data, structure
    >>> lif = structure.get_chain(data.read_structure("2Q7N"), "B")
    >>> axis = structure.helix_axis(lif, 23, 48)
    >>> round(axis.length, 1), axis.direction.round(2).tolist()
    (36.7, [0.95, 0.11, 0.29])
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
    atoms = np.array([ca_position(get_residue(chain, number)) for number in range(start, end + 1)])
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

    Examples
    --------
    >>> from lifbook import data, structure
    >>> lif = structure.get_chain(data.read_structure("2Q7N"), "B")
    >>> a, d = structure.helix_axis(lif, 23, 48), structure.helix_axis(lif, 155, 179)
    >>> round(structure.crossing_angle(a, d), 1)
    149.5
    """
    return float(np.degrees(np.arccos(np.clip(a.direction @ b.direction, -1.0, 1.0))))


def crossing_angles(axes: Mapping[str, Axis]) -> pd.DataFrame:
    """All `crossing_angle` values as a square table with the names on both sides.

    Examples
    --------
    >>> from lifbook import data, structure
    >>> lif = structure.get_chain(data.read_structure("2Q7N"), "B")
    >>> axes = {
    ...     name: structure.helix_axis(lif, row.start, row.end)
    ...     for name, row in zip("ABCD", structure.helices(lif).itertuples())
    ... }
    >>> structure.crossing_angles(axes).round(1)
           A      B      C      D
    A    0.0   31.5  154.1  149.5
    B   31.5    0.0  153.1  151.3
    C  154.1  153.1    0.0   47.0
    D  149.5  151.3   47.0    0.0
    """
    return pd.DataFrame(
        [[crossing_angle(a, b) for b in axes.values()] for a in axes.values()],
        index=list(axes),
        columns=list(axes),
    )


def axis_distance(a: Axis, b: Axis) -> float:
    """Closest approach of two axes in Å, within their lengths.

    Examples
    --------
    >>> from lifbook import data, structure
    >>> lif = structure.get_chain(data.read_structure("2Q7N"), "B")
    >>> a, d = structure.helix_axis(lif, 23, 48), structure.helix_axis(lif, 155, 179)
    >>> round(structure.axis_distance(a, d), 1)
    8.6
    """
    # Least squares for the places s and t along the two segments.
    matrix = np.column_stack([a.direction, -b.direction])
    reach = np.array([a.length, b.length]) / 2
    places = lsq_linear(matrix, b.centre - a.centre, bounds=(-reach, reach), method="bvls").x
    return float(np.linalg.norm(matrix @ places - (b.centre - a.centre)))
