"""Peaks, durations and steady states of the model's curves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from lifbook.errors import LifbookError
from lifbook.quantities import Array, check_number
from lifbook.rounding import NOISE
from lifbook.signalling.network import Model, read_model
from lifbook.signalling.observables import (
    CONDITION,
    OBSERVABLES,
    column_of,
    negligible,
    quantity_of,
    runs_by_condition,
)
from lifbook.signalling.simulation import SOURCE, simulate
from lifbook.signalling.variants import BRAKES

#: A curve has a peak where it falls from its highest value by more than this share of it; one that
#: does not rises to a plateau. The scatter of replicate measurements is larger, rounding errors
#: are far smaller: of the model's curves in the book none falls by between 1e-8 and 0.02.
PLATEAU = 0.01
#: Minutes looked at for a response: fine at first, and long enough for a slow decline.
GRID = np.concatenate([np.arange(0.0, 240.0, 0.5), np.arange(240.0, 7201.0, 10.0)])


def peaks(simulation: pd.DataFrame, columns: Sequence[str] | None = None) -> pd.DataFrame:
    """When and how high each quantity peaks, for every run in a simulation.

    The highest point and its two neighbours are joined by a parabola, so that the time is
    better than the grid: with steps of 1 min, to about 0.05 min. A curve that does not fall
    again, by more than ``PLATEAU`` (1 %) of its highest value, has no peak.

    Parameters
    ----------
    simulation
        As :func:`simulate` returns it; runs are told apart by dose and actinomycin D.
    columns
        By default active receptor, pSTAT3, SOCS3 mRNA and SOCS3.

    Returns
    -------
    pandas.DataFrame
        ``dose_ng_per_ml``, ``actinomycin_d``, ``quantity``, ``time_min`` (missing where
        there is no peak), ``value`` (the highest, in the unit of the quantity).

    Raises
    ------
    LifbookError
        If a column is missing.

    Examples
    --------
    >>> from lifbook.signalling import simulate
    >>> found = peaks(simulate(40), ["pSTAT3_nM", "SOCS3_nM"])
    >>> found["time_min"].round(1).tolist()
    [16.2, 39.2]
    """
    chosen = columns or ("receptor_active_nM", "pSTAT3_nM", "SOCS3_mRNA_au", "SOCS3_nM")
    floors = {name: negligible(name) for name in chosen}
    rows = []
    for (dose, blocked), run in runs_by_condition(simulation).items():
        times = run["time_min"].to_numpy()
        for name, floor in floors.items():
            time, value = find_peak(times, column_of(run, name).to_numpy(), floor)
            rows.append((dose, blocked, name, time, value))
    return pd.DataFrame(rows, columns=[*CONDITION, "quantity", "time_min", "value"])


def find_peak(times: Array, values: Array, nothing: float = 0.0) -> tuple[float, float]:
    """Time and height of the highest point: the one definition of a peak in the book.

    Parameters
    ----------
    times
        (times,) in minutes, in order; the last may be infinite.
    values
        (times,): the curve.
    nothing
        The curve is absent where its highest value is not above this.

    Returns
    -------
    tuple
        Minute, missing (NaN) where the curve is absent or does not fall again by more than
        ``PLATEAU`` of its highest value; and the highest value, in the unit of `values`.

    Examples
    --------
    >>> find_peak(np.array([0.0, 1.0, 2.0]), np.array([0.0, 1.0, 0.0]))
    (1.0, 1.0)
    >>> find_peak(np.array([0.0, 1.0, 2.0]), np.array([0.0, 1.0, 1.0]))
    (nan, 1.0)
    """
    # Of equally high points the first: which of them is highest depends on their last digits.
    top = int(np.argmax(values >= values.max() * (1 - NOISE)))
    highest = float(values[top])
    if highest <= nothing or values[top:].min() >= highest * (1 - PLATEAU):
        return np.nan, max(highest, 0.0)
    near = slice(top - 1, top + 2)
    if 0 < top < len(values) - 1 and np.isfinite(times[near]).all():
        a, b, c = np.polyfit(times[near] - times[top], values[near], 2)
        if a < 0:
            return float(times[top] - b / (2 * a)), float(c - b * b / (4 * a))
    return float(times[top]), highest


def response_table(
    variants: Mapping[str, Mapping[str, float]] | None = None,
    dose: float = 40.0,
    quantity: str = "pSTAT3",
    *,
    model: Model | None = None,
) -> pd.DataFrame:
    """Peak, duration and steady state of a response to IL-6 that stays, for several variants.

    The model of Sobotta et al. 2017: IL-6 in primary mouse hepatocytes, not LIF.

    Parameters
    ----------
    variants
        Label -> changes of the model, as :func:`brakes` makes them; by default ``BRAKES``.
    dose
        IL-6 in ng/ml, from time 0 on.
    quantity
        One of ``OBSERVABLES``, or a column of :func:`simulate`.
    model
        Another model than ``read_model()``.

    Returns
    -------
    pandas.DataFrame
        One row per variant: ``variant``; ``peak``, the highest value, in the unit of the
        quantity; ``time_of_peak`` (min), missing where the curve has no peak but rises to a
        plateau (see :func:`peaks`); ``half_duration`` (min), from when the curve first reaches half
        of its highest value to when it first falls below that again, infinite where it never
        does, missing where there is nothing; ``steady``, the value under constant ligand.

    Raises
    ------
    LifbookError
        No variants, an unknown quantity or parameter, a dose that is not above 0 (there
        is no response then), or a variant without a steady state.

    Examples
    --------
    >>> from lifbook.signalling import brakes
    >>> table = response_table({f"SOCS3 × {k:g}": brakes(socs3=k) for k in (0, 1)})
    >>> table["half_duration"].round().tolist()
    [inf, 32.0]
    """
    model = model or read_model()
    chosen = BRAKES if variants is None else variants
    if not chosen:
        raise LifbookError(
            "no variants are given", argument="variants", remedy="give at least one, or None"
        )
    dose = check_number(dose, "dose", "ng/ml", positive=True)
    nothing = negligible(quantity, model)
    rows = []
    for label, changes in chosen.items():
        run = simulate(dose, GRID, changes=changes, model=model)
        values = quantity_of(run, quantity).to_numpy()
        settled = model.steady_state(changes, il6=dose)
        last = run.iloc[[-1]].assign(**dict(zip(model.columns, settled.values(), strict=True)))
        steady = float(quantity_of(last, quantity).iloc[0])
        rows.append((label, *_response(values, steady, nothing)))
    columns = ["variant", "peak", "time_of_peak", "half_duration", "steady"]
    frame = pd.DataFrame(rows, columns=columns)
    unit = run.attrs["units"].get(OBSERVABLES.get(quantity, (quantity,))[0], "")
    frame.attrs = {
        "source": SOURCE,
        "quantity": quantity,
        "units": dict(zip(columns, ["", unit, "min", "min", unit], strict=True)),
    }
    return frame


def _response(values: Array, steady: float, nothing: float) -> tuple[float, float, float, float]:
    """Peak, its time, minutes above half of it, steady value; for values at `GRID`."""
    # The steady state is where the curve ends, so it belongs to it.
    time, peak = find_peak(np.append(GRID, np.inf), np.append(values, steady), nothing)
    half = peak / 2
    above = values >= half * (1 - NOISE)
    if peak <= nothing or not above.any():  # nothing there, or it takes longer than five days
        return peak, time, np.nan, steady
    first = int(np.argmax(above))
    start = _crossing(first, values, half) if first else 0.0
    below = ~above[first:]
    if not below.any():
        return peak, time, np.inf, steady
    return peak, time, _crossing(first + int(np.argmax(below)), values, half) - start, steady


def _crossing(at: int, values: Array, level: float) -> float:
    """Time between two points, the second of which is number `at`, at which a level is passed."""
    before, after = values[at - 1 : at + 1]
    share = (level - before) / (after - before)
    return float(GRID[at - 1] + share * (GRID[at] - GRID[at - 1]))
