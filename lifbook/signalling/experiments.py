"""The measurements of Sobotta et al. 2017, and the model under their conditions."""

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

    Columns ``experiment``, ``il6_ng_per_ml``, ``actinomycin_d``, ``observable``, ``time_min``,
    ``value_arbitrary_units``; replicates are kept, each series is relative to its maximum.
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
    """
    table = measurements()
    rows = table[table["experiment"] == experiment]
    if rows.empty:
        raise LifbookError(
            f"no experiment is called '{experiment}'", column="experiment",
            remedy=f"use one of {', '.join(table['experiment'].unique())}",
        )
    if times is None:
        last = rows["time_min"].max()
        times = np.union1d(np.arange(0.0, last + 0.5, 0.5), rows["time_min"])
    runs = [
        simulate(
            dose, times, actinomycin_d=-10.0 if blocked else None, **options
        )
        for dose, blocked in rows[["il6_ng_per_ml", "actinomycin_d"]].drop_duplicates().to_numpy()
    ]
    frame = pd.concat(runs, ignore_index=True)
    frame.attrs = runs[0].attrs
    return frame


def compare_peaks() -> pd.DataFrame:
    """Peak times at 40 ng/ml IL-6, measured and in the model.

    Measured: the time with the highest mean of the replicates, so it is one of the times
    sampled. Model: :func:`peaks`.

    Returns
    -------
    pandas.DataFrame
        ``observable``, ``measured_min``, ``model_min``.
    """
    table = measurements()
    rows = []
    for experiment in ("il6_40_step", "il6_40_qpcr"):
        run = simulate_experiment(experiment)
        for observable, series in table[table["experiment"] == experiment].groupby(
            "observable", sort=False
        ):
            means = series.groupby("time_min")["value_arbitrary_units"].mean()
            model, _ = find_peak(run["time_min"].to_numpy(), observe(run, observable).to_numpy())
            rows.append((observable, float(means.idxmax()), model))
    return pd.DataFrame(rows, columns=["observable", "measured_min", "model_min"])
