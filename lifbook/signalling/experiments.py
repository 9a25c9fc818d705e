"""The measurements of Sobotta et al. 2017, and the model under the same conditions.

IL-6 in primary mouse hepatocytes (10.3389/fphys.2017.00775), not LIF.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from lifbook import data
from lifbook.errors import LifbookError
from lifbook.signalling.observables import observe
from lifbook.signalling.responses import find_peak
from lifbook.signalling.simulation import simulate


def measurements(*, folder: Path | str | None = None) -> pd.DataFrame:
    """The 254 measurements: IL-6 in primary mouse hepatocytes, Sobotta et al. 2017.

    Parameters
    ----------
    folder
        Data package to read from; the book's own if not given.

    Returns
    -------
    pandas.DataFrame
        ``experiment``, ``il6_ng_per_ml``, ``actinomycin_d``, ``observable``, ``time_min``,
        ``value_arbitrary_units``; replicates are kept, each series is relative to its maximum.

    Raises
    ------
    LifbookError
        If the table is missing or altered.

    Examples
    --------
    >>> table = measurements()
    >>> table["experiment"].value_counts(sort=False).to_dict()
    {'il6_40_step': 95, 'il6_40_qpcr': 27, 'il6_80_actd': 132}
    """
    return data.read_table("timecourses_sobotta2017", folder=folder)


def simulate_experiment(
    experiment: str, times: ArrayLike | None = None, **options: Any
) -> pd.DataFrame:
    """The model under the conditions of one of the measured experiments.

    Parameters
    ----------
    experiment
        ``il6_40_step``, ``il6_40_qpcr`` or ``il6_80_actd`` (with and without actinomycin D,
        which is added 10 min before IL-6).
    times
        As in :func:`simulate`; by default a grid with every time of the experiment on it.
    **options
        Passed on to :func:`simulate`, for example ``changes``.

    Returns
    -------
    pandas.DataFrame
        As :func:`simulate`, with one run for each condition of the experiment.

    Raises
    ------
    LifbookError
        An unknown experiment; otherwise as :func:`simulate`.

    Examples
    --------
    >>> run = simulate_experiment("il6_80_actd", times=[0, 60])
    >>> run[run["time_min"] == 60].set_index("actinomycin_d")["pSTAT3_nM"].round(1).to_dict()
    {False: 4.9, True: 17.7}
    """
    table = measurements()
    rows = table[table["experiment"] == experiment]
    if rows.empty:
        known = table["experiment"].unique()
        raise LifbookError.unknown("experiment", experiment, known, argument="experiment")
    if times is None:
        last = rows["time_min"].max()
        times = np.union1d(np.arange(0.0, last + 0.5, 0.5), rows["time_min"])
    runs = [
        simulate(dose, times, actinomycin_d=-10.0 if blocked else None, **options)
        for dose, blocked in rows[["il6_ng_per_ml", "actinomycin_d"]].drop_duplicates().to_numpy()
    ]
    frame = pd.concat(runs, ignore_index=True)
    frame.attrs = runs[0].attrs
    return frame


def compare_peaks() -> pd.DataFrame:
    """Peak times at 40 ng/ml IL-6, measured and in the model.

    Measured: the time with the highest mean of the replicates, which is one of the times
    sampled. Model: the peak as :func:`lifbook.signalling.peaks` defines it.

    Returns
    -------
    pandas.DataFrame
        ``observable``, ``measured_min``, ``model_min``; both in minutes.

    Examples
    --------
    >>> compare_peaks().set_index("observable").loc["pSTAT3"].round(1).to_dict()
    {'measured_min': 12.0, 'model_min': 16.2}
    """
    table = measurements()
    rows = []
    for experiment in ("il6_40_step", "il6_40_qpcr"):
        run = simulate_experiment(experiment)
        times = run["time_min"].to_numpy()
        measured = table[table["experiment"] == experiment]
        for observable in measured["observable"].unique():
            series = measured[measured["observable"] == observable]
            means = series.groupby("time_min")["value_arbitrary_units"].mean()
            highest = float(means.index[int(means.to_numpy().argmax())])
            model, _ = find_peak(times, observe(run, observable).to_numpy())
            rows.append((observable, highest, model))
    return pd.DataFrame(rows, columns=["observable", "measured_min", "model_min"])
