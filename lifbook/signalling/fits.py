"""Fits of a model curve to measurements in arbitrary units, by an offset and a scale."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.optimize import minimize_scalar

from lifbook.errors import LifbookError
from lifbook.quantities import Array, check_numbers
from lifbook.signalling.observables import CONDITION, observe, runs_by_condition


@dataclass(frozen=True)
class ObservableFit:
    """A model curve laid onto measurements by an offset and a scale.

    Parameters
    ----------
    observable
        Name of the series.
    offset, scale
        Measured value = offset + scale x model quantity. The offset is in the arbitrary
        units of the measurement, the scale in these per nM (or per unit of mRNA).
    table
        One row per measurement: ``dose_ng_per_ml``, ``actinomycin_d``, ``time_min``,
        ``measured``, ``model``, ``residual_log10`` (log10 of measured over model).

    Examples
    --------
    >>> from lifbook.signalling import measurements, simulate_experiment
    >>> series = measurements().query("experiment == 'il6_40_step' and observable == 'pSTAT3'")
    >>> fit = fit_observable(series, simulate_experiment("il6_40_step"))
    >>> round(fit.rms, 3)
    0.104
    """

    observable: str
    offset: float
    scale: float
    table: pd.DataFrame

    @property
    def rms(self) -> float:
        """Root mean square of the residuals, on the log10 scale."""
        return float(np.sqrt(np.mean(np.square(self.table["residual_log10"]))))

    def curve(self, simulation: pd.DataFrame) -> pd.DataFrame:
        """The model in the units of the measurement, for the same or another simulation.

        Parameters
        ----------
        simulation
            As :func:`lifbook.signalling.simulate` returns it.

        Returns
        -------
        pandas.DataFrame
            ``dose_ng_per_ml``, ``actinomycin_d``, ``time_min``, ``value``.

        Raises
        ------
        LifbookError
            If the simulation lacks the columns of the observable.

        Examples
        --------
        >>> from lifbook.signalling import simulate
        >>> fit = ObservableFit("pSTAT3", offset=0.2, scale=0.04, table=pd.DataFrame())
        >>> fit.curve(simulate(40, times=[0, 15]))["value"].round(2).tolist()
        [0.23, 0.8]
        """
        curve = simulation[[*CONDITION, "time_min"]].copy()
        curve["value"] = self.offset + self.scale * observe(simulation, self.observable)
        return curve

    def residuals(self, series: pd.DataFrame, simulation: pd.DataFrame) -> pd.DataFrame:
        """Measurements against this curve without fitting again, as in ``table``.

        With the fit to one condition and the measurements of another, this tests a prediction.

        Parameters
        ----------
        series, simulation
            As in :func:`fit_observable`.

        Raises
        ------
        LifbookError
            As :func:`fit_observable`, for the measurements and the simulation.

        Examples
        --------
        The fit without actinomycin D, and the measurements with it:

        >>> from lifbook.signalling import measurements, simulate_experiment
        >>> run = simulate_experiment("il6_80_actd")
        >>> series = measurements().query("experiment == 'il6_80_actd' and observable == 'pSTAT3'")
        >>> fit = fit_observable(series[~series["actinomycin_d"]], run)
        >>> predicted = fit.residuals(series[series["actinomycin_d"]], run)
        >>> len(predicted), round(float((predicted["residual_log10"] ** 2).mean() ** 0.5), 2)
        (24, 0.24)
        """
        measured, quantity = _matched(series, simulation, self.observable)
        return _residuals(measured, self.offset + self.scale * quantity)


def _matched(
    series: pd.DataFrame, simulation: pd.DataFrame, observable: str
) -> tuple[pd.DataFrame, Array]:
    """Measurements, and the model's quantity at the condition and time of each."""
    needed = ["il6_ng_per_ml", "actinomycin_d", "time_min", "value_arbitrary_units"]
    for name in needed:
        if name not in series.columns:
            raise LifbookError(
                f"the measurements have no column '{name}'",
                remedy="give rows of measurements(), or a table with the same columns",
            )
    measured = series[needed].set_axis([*CONDITION, "time_min", "measured"], axis=1)
    measured = measured.reset_index(drop=True)
    check_numbers(measured["measured"], "series['value_arbitrary_units']", "a.u.", positive=True)
    quantity = np.empty(len(measured))
    runs = runs_by_condition(simulation)
    for (dose, blocked), rows in runs_by_condition(measured).items():
        run, times = runs.get((dose, blocked)), rows["time_min"].to_numpy()
        if (
            run is None
            or times.min() < run["time_min"].min()
            or run["time_min"].max() < times.max()
        ):
            raise LifbookError(
                f"the simulation does not cover {dose:g} ng/ml "
                f"{'with' if blocked else 'without'} actinomycin D "
                f"from {times.min():g} to {times.max():g} min",
                remedy="simulate it, or use simulate_experiment()",
            )
        quantity[rows.index] = np.interp(times, run["time_min"], observe(run, observable))
    return measured, quantity


def _residuals(measured: pd.DataFrame, model: Array) -> pd.DataFrame:
    """Measurements with the model beside them, and log10 of their ratio."""
    return measured.assign(
        model=model, residual_log10=np.log10(measured["measured"].to_numpy() / model)
    )


def fit_observable(series: pd.DataFrame, simulation: pd.DataFrame) -> ObservableFit:
    """Fit offset and scale of one measured series to the model, and nothing else.

    As in the paper (10.3389/fphys.2017.00775): measured = offset + scale x model quantity, least
    squares on the log10 scale, one offset and one scale for all conditions in `series`. For a
    given ratio of the two the best scale is known, so the search is over that ratio alone.
    Neither is negative: the scale is 0 where the measurements fall as the model rises.

    Parameters
    ----------
    series
        Rows of :func:`lifbook.signalling.measurements` with one observable.
    simulation
        As :func:`lifbook.signalling.simulate_experiment` returns it. Conditions are matched by
        dose and actinomycin D; between its times it is interpolated.

    Raises
    ------
    LifbookError
        Several observables at once, fewer than three measurements, values that are not
        positive, a condition or time that the simulation lacks, or a model quantity that
        does not change.

    Examples
    --------
    >>> from lifbook.signalling import measurements, simulate_experiment
    >>> series = measurements().query("experiment == 'il6_40_step' and observable == 'pSTAT3'")
    >>> fit = fit_observable(series, simulate_experiment("il6_40_step"))
    >>> round(fit.offset, 3), round(fit.scale, 4)
    (0.175, 0.0403)
    """
    names = list(series["observable"].unique()) if "observable" in series.columns else []
    if len(names) != 1:
        raise LifbookError(
            f"{len(names)} observables where one is expected",
            column="observable",
            remedy="select the rows of one observable",
        )
    observable = str(names[0])
    measured, quantity = _matched(series, simulation, observable)
    if len(measured) < 3:
        raise LifbookError(
            f"{len(measured)} measurements do not fix an offset and a scale",
            remedy="give at least three",
        )
    top = quantity.max()
    if not np.ptp(quantity) > 1e-9 * top:
        raise LifbookError(
            f"the model's {observable} does not change, so no scale can be fitted to it",
            remedy="fit a condition in which it changes",
        )
    logs = np.log(measured["measured"].to_numpy())

    def spread(log_ratio: float) -> float:
        return float(np.var(logs - np.log(quantity + np.exp(log_ratio))))

    grid = np.log(top) + np.linspace(-25.0, 12.0, 149)
    best = int(np.argmin([spread(value) for value in grid]))
    if best == len(grid) - 1:  # the measurements do not follow the model at all
        offset, scale = float(np.exp(np.mean(logs))), 0.0
    elif best == 0:  # no offset is needed
        offset, scale = 0.0, float(np.exp(np.mean(logs - np.log(quantity))))
    else:
        found = minimize_scalar(
            spread, bounds=grid[[best - 1, best + 1]], method="bounded", options={"xatol": 1e-9}
        )
        ratio = float(np.exp(found.x))
        scale = float(np.exp(np.mean(logs - np.log(quantity + ratio))))
        offset = scale * ratio
    table = _residuals(measured, offset + scale * quantity)
    return ObservableFit(observable, offset, scale, table)
