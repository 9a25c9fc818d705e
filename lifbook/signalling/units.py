"""Units of concentration: the mass of LIF, ng/ml and nM, receptors on cells."""

from __future__ import annotations

import functools
from pathlib import Path

from Bio.SeqUtils import molecular_weight
from numpy.typing import ArrayLike
from scipy.constants import Avogadro

from lifbook import data
from lifbook.quantities import Value, check_number, check_numbers, plain

_DISULFIDES = 3  # of LIF: 12-134, 18-131, 60-163
_HYDROGEN = 1.00794  # Da


@functools.lru_cache(maxsize=4)
def lif_mass(*, folder: Path | str | None = None) -> float:
    """Mass of human LIF in kDa, from its sequence: 180 residues, three disulfides, no sugars.

    LIF made by mammalian cells carries sugars and is heavier; LIF made in bacteria carries none.

    Parameters
    ----------
    folder
        Data package to read from; the book's own if not given.

    Raises
    ------
    LifbookError
        If the sequence (UniProt P15018) or the numbering of 2Q7N is missing or altered.

    Examples
    --------
    >>> round(lif_mass(), 2)
    19.71
    """
    signal = data.numbering("2Q7N", "B", folder=folder).offset
    mature = data.read_sequence("P15018", folder=folder)[signal:]
    reduced = molecular_weight(mature, "protein")
    return float(reduced - 2 * _DISULFIDES * _HYDROGEN) / 1000


def nanomolar(ng_per_ml: ArrayLike, mass: float | None = None) -> Value:
    """Convert a concentration in ng/ml to nM.

    Parameters
    ----------
    ng_per_ml
        One value or an array, in ng/ml.
    mass
        Mass of the molecule in kDa; that of LIF without sugars if not given.

    Returns
    -------
    float or numpy.ndarray
        nM, of the shape of `ng_per_ml`.

    Raises
    ------
    LifbookError
        A negative concentration, or a mass that is not above 0.

    Examples
    --------
    >>> round(nanomolar(10), 2)
    0.51
    """
    kda = lif_mass() if mass is None else check_number(mass, "mass", "kDa", positive=True)
    return plain(check_numbers(ng_per_ml, "ng_per_ml", "ng/ml") / kda)


def ng_per_ml(nanomolar: ArrayLike, mass: float | None = None) -> Value:
    """Convert a concentration in nM to ng/ml: the inverse of :func:`nanomolar`.

    Parameters
    ----------
    nanomolar
        One value or an array, in nM.
    mass
        Mass of the molecule in kDa; that of LIF without sugars if not given.

    Returns
    -------
    float or numpy.ndarray
        ng/ml, of the shape of `nanomolar`.

    Raises
    ------
    LifbookError
        A negative concentration, or a mass that is not above 0.

    Examples
    --------
    >>> ng_per_ml([0, 0.1, 1]).round(1)
    array([ 0. ,  2. , 19.7])
    """
    kda = lif_mass() if mass is None else check_number(mass, "mass", "kDa", positive=True)
    return plain(check_numbers(nanomolar, "nanomolar", "nM") * kda)


def receptors_nM(per_cell: ArrayLike, cells_per_ml: ArrayLike) -> Value:
    """Concentration in nM of receptors on suspended cells, spread over the whole volume.

    It tells how much ligand the receptors can take away.

    Parameters
    ----------
    per_cell
        Receptors on each cell, one value or an array.
    cells_per_ml
        Cells in 1 ml, one value or an array.

    Returns
    -------
    float or numpy.ndarray
        nM, of the shape to which the arguments broadcast.

    Raises
    ------
    LifbookError
        A negative number.

    Examples
    --------
    1,000 receptors on each of a million cells per ml:

    >>> round(receptors_nM(1000, 1e6), 4)
    0.0017
    """
    sites = check_numbers(per_cell, "per_cell", "receptors")
    cells = check_numbers(cells_per_ml, "cells_per_ml", "cells/ml")
    return plain(sites * cells * 1000 / Avogadro * 1e9)
