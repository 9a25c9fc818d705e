"""Cytokines that draw on one pool of gp130: how many complexes each gets at equilibrium.

LIF, IL-6 and oncostatin M (OSM) meet a cell that has LIFR, the IL-6 receptor and gp130. Each
complex takes gp130 out of the common pool, and all mass balances are solved together
(`signalling.equilibrium`). Nothing here is a measurement: the affinities and numbers of receptors
stand in the table ``competition_model`` of ``data/`` with where they come from: `constants` reads
them, `assumptions` shows them.

The complexes
-------------
LIF
    LIF binds LIFR, then gp130: one of each.
IL-6
    IL-6 binds its receptor, then gp130; two such trimers come together to the hexamer that
    signals, two of each (Boulanger 2003, 10.1126/science.1083901). A hexamer costs two gp130.
OSM
    OSM binds gp130 first, then LIFR (Gearing 1992, 10.1126/science.1542794): the type I complex.
    The cell of this model has no OSMR, with which OSM makes its type II complex.

Units
-----
Doses and affinities for what is dissolved are in nM. Receptors meet each other in two dimensions:
the affinity of such a step is the number of partners per cell at which half is bound.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from lifbook import data, signalling
from lifbook.errors import LifbookError
from lifbook.quantities import check_number, check_numbers
from lifbook.rounding import rounded

#: What `Assumption.unit` of a membrane step is.
PER_CELL = "per cell"


@dataclass(frozen=True)
class Assumption:
    """A number that the model needs, and where it comes from.

    Parameters
    ----------
    name
        The complex whose dissociation constant it is, or the receptor whose number.
    value, unit
        In nM, or per cell.
    basis
        Why this value: a paper's range, or "assumed" and for what reason.
    citations
        Keys of ``data/references.bib``, joined by ``;``; empty where it is assumed.
    """

    name: str
    value: float
    unit: str
    basis: str
    citations: str = ""


@dataclass(frozen=True)
class Constants:
    """The numbers that the model needs.

    Attributes
    ----------
    receptors
        Receptor besides gp130 -> its number per cell.
    kds
        Complex -> dissociation constant of the step that makes it.
    """

    receptors: Mapping[str, Assumption]
    kds: Mapping[str, Assumption]


#: Cells in a millilitre: they decide how much of a cytokine the receptors can take away.
CELLS_PER_ML = 1e6
#: Steps in the order in which `signalling.equilibrium` takes them: partners, name of the constant.
_TRIMER = "IL-6:IL-6R:gp130"
_STEPS: tuple[tuple[str, str, str], ...] = (
    ("LIF", "LIFR", "LIF:LIFR"),
    ("LIF:LIFR", "gp130", "LIF:LIFR:gp130"),
    ("IL-6", "IL-6R", "IL-6:IL-6R"),
    ("IL-6:IL-6R", "gp130", _TRIMER),
    (_TRIMER, _TRIMER, "IL-6 hexamer"),
    ("OSM", "gp130", "OSM:gp130"),
    ("OSM:gp130", "LIFR", "OSM:gp130:LIFR"),
)
#: Cytokine -> the complex that signals.
SIGNALS = {"LIF": "LIF:LIFR:gp130", "IL-6": f"{_TRIMER}:{_TRIMER}", "OSM": "OSM:gp130:LIFR"}


@lru_cache(maxsize=4)
def constants(*, folder: Path | str | None = None) -> Constants:
    """The numbers of the model, from the table ``competition_model``.

    Parameters
    ----------
    folder
        Data folder, see `lifbook.data`.

    Raises
    ------
    LifbookError
        If the table is missing or altered, or lacks a receptor or step of the model.

    Examples
    --------
    >>> constants().kds["LIF:LIFR"].value, constants().receptors["LIFR"].unit
    (2.0, 'per cell')
    """
    name = "competition_model"
    table = data.read_table(name, folder=folder)
    found: dict[str, dict[str, Assumption]] = {"receptor": {}, "step": {}}
    for kind, *row in table.itertuples(index=False, name=None):
        item = Assumption(*row)
        found[kind][item.name] = item
    needed = [("receptor", "LIFR"), ("receptor", "IL-6R"), *(("step", made) for *_, made in _STEPS)]
    for kind, missing in needed:
        if missing not in found[kind]:
            raise LifbookError(
                f"the {kind} '{missing}' is missing",
                file=f"data/{name}.csv",
                column="name",
                remedy="add its row",
            )
    return Constants(found["receptor"], found["step"])


def _check_names(
    given: Mapping[str, object], known: Mapping[str, object], what: str, argument: str
) -> None:
    for name in given:
        if name not in known:
            raise LifbookError.unknown(what, name, known, argument=argument)


def assumptions(
    receptors: Mapping[str, float] | None = None, kds: Mapping[str, float] | None = None
) -> pd.DataFrame:
    """The numbers that the model needs, for a table: ``name``, ``value``, ``unit``, ``basis``.

    Parameters
    ----------
    receptors, kds
        Values of your own, by the names in `constants`.

    Raises
    ------
    LifbookError
        An unknown name, a negative number of receptors, or a constant that is not above 0.

    Examples
    --------
    >>> assumptions(receptors={"LIFR": 300}).loc[0, ["name", "basis"]].tolist()
    ['LIFR a cell', 'chosen by you']
    """
    known = constants()
    numbers, own_kds = _values(receptors or {}, kds or {})
    named = [(f"{name} a cell", item, numbers[name]) for name, item in known.receptors.items()]
    named += [(f"Kd of {name}", item, own_kds[name]) for name, item in known.kds.items()]
    rows = [
        (name, value, item.unit, item.basis, item.citations)
        if value == item.value
        else (name, value, item.unit, "chosen by you", "")
        for name, item, value in named
    ]
    return pd.DataFrame(rows, columns=["name", "value", "unit", "basis", "citations"])


def _values(
    receptors: Mapping[str, float], kds: Mapping[str, float]
) -> tuple[dict[str, float], dict[str, float]]:
    """Numbers of receptors and dissociation constants: the caller's, else the table's."""
    known = constants()
    _check_names(receptors, known.receptors, "receptor", "receptors")
    _check_names(kds, known.kds, "step", "kds")
    numbers = {
        name: check_number(receptors.get(name, item.value), name, PER_CELL)
        for name, item in known.receptors.items()
    }
    own_kds = {
        name: check_number(kds.get(name, item.value), f"Kd of {name}", item.unit, positive=True)
        for name, item in known.kds.items()
    }
    return numbers, own_kds


def _steps(kds: Mapping[str, float], one: float) -> list[tuple[str, str, float]]:
    """Steps for `signalling.equilibrium`; `one` is one molecule per cell as a concentration, nM."""
    known = constants().kds
    return [
        (first, second, kds[name] * (one if known[name].unit == PER_CELL else 1.0))
        for first, second, name in _STEPS
    ]


def competition(
    doses: Mapping[str, ArrayLike],
    gp130: ArrayLike = 500.0,
    *,
    receptors: Mapping[str, float] | None = None,
    kds: Mapping[str, float] | None = None,
    cells_per_ml: float = CELLS_PER_ML,
) -> pd.DataFrame:
    """Complexes on a cell that gets several cytokines at once, at equilibrium.

    Parameters
    ----------
    doses
        Cytokine (LIF, IL-6 or OSM) -> total in nM; those not named are absent. Arrays are
        broadcast, together with `gp130`, to one row each.
    gp130
        Molecules per cell.
    receptors
        Numbers per cell of LIFR and IL-6R, in place of those in `constants`.
    kds
        Dissociation constants in place of those in `constants`, in the unit given there.
    cells_per_ml
        Cells in a millilitre.

    Returns
    -------
    pandas.DataFrame
        One row per condition. ``LIF_nM``, ``IL-6_nM``, ``OSM_nM`` (totals), ``gp130_per_cell``;
        complexes that signal, ``LIF_complexes``, ``IL-6_complexes`` (hexamers, with two
        gp130 each), ``OSM_complexes``, per cell; ``gp130_free`` and
        ``gp130_with_LIF``, ``gp130_with_IL-6``, ``gp130_with_OSM``: shares of gp130 (NaN where
        there is none).

    Raises
    ------
    LifbookError
        A negative dose or number, an unknown cytokine, receptor or step, a dissociation
        constant or a number of cells that is not above 0, arrays that do not fit together.

    Examples
    --------
    >>> few = competition({"LIF": 0.5, "IL-6": [0, 1, 10]}, gp130=200)
    >>> few["LIF_complexes"].round().astype(int).tolist()
    [127, 41, 20]
    """
    _check_names(doses, SIGNALS, "cytokine", "doses")
    numbers, own_kds = _values(receptors or {}, kds or {})
    cells = check_number(cells_per_ml, "cells_per_ml", "cells/ml", positive=True)
    one = float(signalling.receptors_nM(1, cells))
    pool = check_numbers(gp130, "gp130", PER_CELL)
    totals: dict[str, ArrayLike] = {name: doses.get(name, 0.0) for name in SIGNALS}
    totals |= {name: number * one for name, number in numbers.items()}
    totals["gp130"] = pool * one
    found = signalling.equilibrium(totals, _steps(own_kds, one))
    result = pd.DataFrame({f"{name}_nM": found[f"{name}_total_nM"] for name in SIGNALS})
    result["gp130_per_cell"] = found["gp130_total_nM"] / one
    for name, complex_ in SIGNALS.items():
        result[f"{name}_complexes"] = found[f"{complex_}_nM"] / one
    whole = found["gp130_total_nM"].where(found["gp130_total_nM"] > 0)
    result["gp130_free"] = found["gp130_free_nM"] / whole
    for name in SIGNALS:
        holding = [
            column for column in map(str, found) if ":" in column and name in column.split(":")
        ]
        held = sum(found[column] * column.count("gp130") for column in holding)
        result[f"gp130_with_{name}"] = held / whole
    return result


def masses() -> dict[str, float]:
    """Masses in kDa of the cytokines whose sequence is in ``data/``, without sugars.

    Raises
    ------
    LifbookError
        If the sequence is missing or altered.

    Examples
    --------
    >>> masses()
    {'LIF': 19.709589}
    """
    # Biopython adds up with `sum`, whose last digit is another one since Python 3.12.
    return {"LIF": rounded(signalling.lif_mass(), 6)}


def _components() -> list[str]:
    return [*SIGNALS, *constants().receptors, "gp130"]


def _matrix(steps: list[tuple[str, str, float]]) -> tuple[list[list[int]], list[float], list[str]]:
    """Composition and logarithm of the constant of each complex, and its name."""
    components = _components()
    made = {name: (np.eye(len(components), dtype=int)[i], 0.0) for i, name in enumerate(components)}
    for first, second, kd in steps:
        (count_a, log_a), (count_b, log_b) = made[first], made[second]
        made[f"{first}:{second}"] = (count_a + count_b, log_a + log_b - float(np.log(kd)))
    complexes = list(made)[len(components) :]
    return (
        [made[name][0].tolist() for name in complexes],
        # Nine places: the logarithm's last digits differ between processors.
        [rounded(made[name][1], 9) for name in complexes],
        complexes,
    )


@dataclass(frozen=True)
class Network:
    """The binding network as the page solves it.

    Attributes
    ----------
    components
        Names of what binds: cytokines, receptors and gp130.
    complexes
        Names of what forms.
    counts
        For each complex, how many of each component it holds.
    log_k
        Natural logarithm of each complex's overall constant (concentrations in nM).
    one
        Concentration in nM of one molecule per cell.
    receptors
        Molecules per cell of each receptor; that of gp130 is chosen on the page.
    """

    components: list[str]
    complexes: list[str]
    counts: list[list[int]]
    log_k: list[float]
    one: float
    receptors: dict[str, float]


def network(
    receptors: Mapping[str, float] | None = None,
    kds: Mapping[str, float] | None = None,
    cells_per_ml: float = CELLS_PER_ML,
) -> Network:
    """The network that `competition` solves; arguments and errors as there.

    Examples
    --------
    >>> found = network()
    >>> found.components
    ['LIF', 'IL-6', 'OSM', 'LIFR', 'IL-6R', 'gp130']
    >>> hexamer = found.complexes.index(SIGNALS["IL-6"])
    >>> found.counts[hexamer]  # two each of IL-6, its receptor and gp130
    [0, 2, 0, 0, 2, 2]
    >>> found.receptors
    {'LIFR': 1000.0, 'IL-6R': 1000.0}
    """
    numbers, own_kds = _values(receptors or {}, kds or {})
    cells = check_number(cells_per_ml, "cells_per_ml", "cells/ml", positive=True)
    one = float(signalling.receptors_nM(1, cells))
    counts, log_k, names = _matrix(_steps(own_kds, one))
    return Network(_components(), names, counts, log_k, one, numbers)
