"""What is read from a simulation: its columns, its runs, and what the paper measured."""

from __future__ import annotations

from typing import cast

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
#: Columns by which the runs of a simulation are told apart.
CONDITION = ["dose_ng_per_ml", "actinomycin_d"]


def column_of(simulation: pd.DataFrame, name: str) -> pd.Series:
    """A column of a simulation.

    Parameters
    ----------
    simulation
        As :func:`lifbook.signalling.simulate` returns it.
    name
        Name of the column, with its unit.

    Raises
    ------
    LifbookError
        If there is no such column.

    Examples
    --------
    >>> from lifbook.signalling import simulate
    >>> column_of(simulate(40, times=[0, 15]), "pSTAT3_nM").round(2).tolist()
    [0.83, 15.03]
    """
    if name not in simulation.columns:
        raise LifbookError.unknown("column", name, simulation.columns)
    return simulation[name]


def runs_by_condition(simulation: pd.DataFrame) -> dict[tuple[float, bool], pd.DataFrame]:
    """The runs of a simulation by dose and actinomycin D.

    Parameters
    ----------
    simulation
        As :func:`lifbook.signalling.simulate` returns it.

    Returns
    -------
    dict
        (dose in ng/ml, whether actinomycin D was added) -> rows of the run.

    Raises
    ------
    LifbookError
        If a column that tells runs apart, or the time, is missing.

    Examples
    --------
    >>> from lifbook.signalling import simulate
    >>> [dose for dose, _ in runs_by_condition(simulate([10, 40], times=[0, 15]))]
    [10.0, 40.0]
    """
    for name in (*CONDITION, "time_min"):
        column_of(simulation, name)
    # The stubs know nothing of the columns: a key is a dose and a truth value.
    return {
        cast("tuple[float, bool]", key): run
        for key, run in simulation.groupby(CONDITION, sort=False)
    }


def observe(simulation: pd.DataFrame, observable: str) -> pd.Series:
    """What an observable of the paper is in the model.

    Parameters
    ----------
    simulation
        As :func:`lifbook.signalling.simulate` returns it.
    observable
        One of ``OBSERVABLES``.

    Returns
    -------
    pandas.Series
        One value for each row, in nM (SOCS3 mRNA: arbitrary units of the model).

    Raises
    ------
    LifbookError
        An unknown observable, or a simulation that lacks its columns.

    Examples
    --------
    >>> from lifbook.signalling import simulate
    >>> observe(simulate(40, times=[0, 15]), "pJAK1").round(3).tolist()
    [0.004, 0.172]
    """
    if observable not in OBSERVABLES:
        raise LifbookError.unknown("observable", observable, OBSERVABLES, argument="observable")
    # sum() starts from the number 0, and each observable has a column.
    return cast("pd.Series", sum(column_of(simulation, name) for name in OBSERVABLES[observable]))


def quantity_of(simulation: pd.DataFrame, name: str) -> pd.Series:
    """An observable of the paper or a column of the simulation.

    Parameters
    ----------
    simulation
        As :func:`lifbook.signalling.simulate` returns it.
    name
        One of ``OBSERVABLES``, or the name of a column.

    Returns
    -------
    pandas.Series
        One value for each row, in the unit of the quantity.

    Raises
    ------
    LifbookError
        If it is neither.

    Examples
    --------
    >>> from lifbook.signalling import simulate
    >>> run = simulate(40, times=[0, 15])
    >>> quantity_of(run, "pSTAT3").equals(quantity_of(run, "pSTAT3_nM"))
    True
    """
    if name in OBSERVABLES:
        return observe(simulation, name)
    if name not in simulation.columns:
        known = [*OBSERVABLES, *simulation.columns]
        raise LifbookError.unknown("observable or column", name, known)
    return simulation[name]


def negligible(quantity: str, model: Model | None = None) -> float:
    """The value below which a quantity counts as absent: what the solver cannot tell from zero.

    Parameters
    ----------
    quantity
        One of ``OBSERVABLES``, or a column of :func:`lifbook.signalling.simulate`.
    model
        Another model than ``read_model()``.

    Returns
    -------
    float
        In the unit of the quantity.

    Examples
    --------
    >>> 0 < negligible("pSTAT3") < 1e-6
    True
    """
    model = model or read_model()
    sizes: dict[str, float] = dict(zip(model.columns, model.scales().tolist(), strict=True))
    return NOISE * max(sizes.get(name, 1.0) for name in OBSERVABLES.get(quantity, (quantity,)))
