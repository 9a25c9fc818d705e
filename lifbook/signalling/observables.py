"""What can be read from a simulation: its columns, its runs, what the paper measured."""

from __future__ import annotations

import pandas as pd

from lifbook.errors import LifbookError
from lifbook.rounding import NOISE
from lifbook.signalling.network import Model, read_model

#: What each measured series is in the model: the sum of these columns. The paper divides
#: pSTAT3 by total STAT3, and takes for nuclear pSTAT3 its import, which is proportional to
#: pSTAT3. Total STAT3 is constant, so both differ from pSTAT3 by a factor only, and the fitted
#: scale absorbs it.
OBSERVABLES: dict[str, tuple[str, ...]] = {
    "pJAK1": ("receptor_pJAK1_nM", "receptor_active_nM"),
    "pgp130": ("receptor_active_nM",),
    "pSTAT3": ("pSTAT3_nM",),
    "nuclear pSTAT3": ("pSTAT3_nM",),
    "SOCS3 mRNA": ("SOCS3_mRNA_au",),
    "SOCS3": ("SOCS3_nM",),
}
CONDITION = ["dose_ng_per_ml", "actinomycin_d"]


def column_of(simulation: pd.DataFrame, name: str) -> pd.Series:
    if name not in simulation.columns:
        raise LifbookError(
            f"there is no column '{name}'",
            remedy=f"use one of {', '.join(map(str, simulation.columns))}",
        )
    return simulation[name]


def runs_by_condition(simulation: pd.DataFrame) -> dict[tuple[float, bool], pd.DataFrame]:
    """The runs of a simulation by their conditions."""
    for name in (*CONDITION, "time_min"):
        column_of(simulation, name)
    return dict(iter(simulation.groupby(CONDITION, sort=False)))


def observe(simulation: pd.DataFrame, observable: str) -> pd.Series:
    """What an observable is in the model, in the model's units: see ``OBSERVABLES``."""
    if observable not in OBSERVABLES:
        raise LifbookError(
            f"no observable is called '{observable}'", column="observable",
            remedy=f"use one of {', '.join(OBSERVABLES)}",
        )
    return sum(column_of(simulation, name) for name in OBSERVABLES[observable])


def quantity_of(simulation: pd.DataFrame, name: str) -> pd.Series:
    """An observable of the paper or a column of the simulation."""
    if name in OBSERVABLES:
        return observe(simulation, name)
    if name not in simulation.columns:
        raise LifbookError(
            f"there is no column '{name}', nor is it an observable",
            remedy=f"use one of {', '.join([*OBSERVABLES, *map(str, simulation.columns)])}",
        )
    return simulation[name]


def negligible(quantity: str, model: Model | None = None) -> float:
    """Below this a quantity of the model is absent: what the solver calls equal to zero."""
    model = model or read_model()
    scales = dict(zip(model.columns, model.scales(), strict=True))
    return NOISE * max(scales.get(name, 1.0) for name in OBSERVABLES.get(quantity, (quantity,)))
