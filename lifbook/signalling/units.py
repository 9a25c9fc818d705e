"""Units of concentration: mass of LIF, ng/ml and nM, receptors on cells."""

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

    LIF that cells make carries sugars and is heavier; recombinant LIF from bacteria is not.
    """
    signal = data.numbering("2Q7N", "B", folder=folder).offset
    mature = data.read_sequence("P15018", folder=folder)[signal:]
    return (molecular_weight(mature, "protein") - 2 * _DISULFIDES * _HYDROGEN) / 1000


def nanomolar(ng_per_ml: ArrayLike, mass: float | None = None) -> Value:
    """Concentration in nM of so many ng/ml.

    Parameters
    ----------
    ng_per_ml
        One value or an array, in ng/ml.
    mass
        Mass of the molecule in kDa; LIF without sugars if not given.
    """
    kda = lif_mass() if mass is None else check_number(mass, "mass", "kDa", positive=True)
    return plain(check_numbers(ng_per_ml, "ng_per_ml", "ng/ml") / kda)


def ng_per_ml(nanomolar: ArrayLike, mass: float | None = None) -> Value:
    """Concentration in ng/ml of so many nM; the inverse of :func:`nanomolar`."""
    kda = lif_mass() if mass is None else check_number(mass, "mass", "kDa", positive=True)
    return plain(check_numbers(nanomolar, "nanomolar", "nM") * kda)


def receptors_nM(per_cell: ArrayLike, cells_per_ml: ArrayLike) -> Value:
    """Concentration in nM of receptors on cells in suspension, spread over the whole volume.

    Tells how much ligand they can take away: 1,000 receptors on each of a million cells per ml
    are 0.0017 nM.
    """
    sites = check_numbers(per_cell, "per_cell", "receptors")
    cells = check_numbers(cells_per_ml, "cells_per_ml", "cells/ml")
    return plain(sites * cells * 1000 / Avogadro * 1e9)
