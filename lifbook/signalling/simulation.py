"""Receptor, STAT3 and SOCS3 in time after IL-6: the model of Sobotta et al. 2017.

**It was fitted to IL-6 in primary mouse hepatocytes (10.3389/fphys.2017.00775), not to LIF.**
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from lifbook.errors import LifbookError
from lifbook.quantities import Array, check_number, check_numbers
from lifbook.signalling.network import Model, read_model

#: Time from which IL-6 acts, its end, and its concentration in ng/ml.
Pulse = tuple[float, float, float]
#: What to call the model wherever one of its curves is drawn.
SOURCE = (
    "Model of Sobotta et al. 2017 (10.3389/fphys.2017.00775), fitted to IL-6 in primary mouse "
    "hepatocytes. It is not a model of LIF."
)
_ONE_HOUR_BEFORE = -60.0


def _pulses(
    dose: float | None, duration: float | None, pulses: Iterable[Pulse] | None
) -> list[Pulse]:
    """When IL-6 is present, from either way of saying so; checked and in order."""
    if (dose is None) == (pulses is None):
        raise LifbookError(
            "the ligand is given twice" if pulses is not None else "no ligand is given",
            remedy="give either dose (with or without duration) or pulses; dose=0 for none",
        )
    if pulses is None:
        end = np.inf
        if duration is not None:
            end = check_number(duration, "duration", "min", positive=True)
        return [(0.0, end, check_number(dose, "dose", "ng/ml"))]
    if duration is not None:
        raise LifbookError(
            "pulses have a start and a stop already",
            argument="duration",
            remedy="give duration together with dose only",
        )
    found: list[Pulse] = []
    for number, pulse in enumerate(pulses, start=1):
        try:
            start, stop, height = pulse
        except (TypeError, ValueError):
            raise LifbookError(
                f"pulse {number} is {pulse!r}",
                argument="pulses",
                remedy="write each as (start, stop, dose), in min, min and ng/ml",
            ) from None
        start = check_number(start, f"start of pulse {number}", "min")
        stop = check_number(stop, f"stop of pulse {number}", "min")
        if stop <= start:
            raise LifbookError(
                f"pulse {number} stops at {stop:g} min and starts at {start:g} min",
                argument="pulses",
                remedy="let it stop after it starts",
            )
        found.append((start, stop, check_number(height, f"dose of pulse {number}", "ng/ml")))
    found.sort()
    for (_, stop, _), (start, _, _) in itertools.pairwise(found):
        if start < stop:
            raise LifbookError(
                f"a pulse starts at {start:g} min, before the one before it stops at {stop:g} min",
                argument="pulses",
                remedy="let pulses follow each other, or add their doses up",
            )
    return found


def report_times(times: ArrayLike | None) -> Array:
    """Minutes at which a simulation is reported.

    Parameters
    ----------
    times
        As in :func:`simulate`; None for 0, 1, ..., 120.

    Returns
    -------
    numpy.ndarray
        (times,) in minutes, each later than the one before.

    Raises
    ------
    LifbookError
        No times, times that are negative, or times that are not in order.

    Examples
    --------
    >>> report_times([0, 5, 10]).tolist(), report_times(None)[-1].item()
    ([0.0, 5.0, 10.0], 120.0)
    """
    if times is None:
        return np.linspace(0.0, 120.0, 121)
    values = np.atleast_1d(check_numbers(times, "times", "min"))
    if values.ndim != 1 or not len(values) or (np.diff(values) <= 0).any():
        raise LifbookError(
            "the times do not go up one after the other",
            argument="times",
            remedy="give at least one time, in order and each once: numpy.unique(times) does so",
        )
    return values


def _moment(value: Any, name: str) -> float:
    """A time, which may lie before 0; True and False are not times."""
    try:
        time = np.nan if isinstance(value, (bool, np.bool_)) else float(value)
    except (TypeError, ValueError):
        time = np.nan
    if not np.isfinite(time):
        raise LifbookError(
            f"{value!r} is not a time",
            argument=name,
            remedy="give the minute at which it is added, for example -10",
        )
    return time


def simulate(
    dose: ArrayLike | None = None,
    times: ArrayLike | None = None,
    *,
    duration: float | None = None,
    pulses: Iterable[Pulse] | None = None,
    actinomycin_d: float | None = None,
    inhibitor_nM: float = 0.0,
    inhibitor_from: float = _ONE_HOUR_BEFORE,
    changes: Mapping[str, float] | None = None,
    model: Model | None = None,
) -> pd.DataFrame:
    """Receptor, STAT3 and SOCS3 in time after IL-6: the model of Sobotta et al. 2017.

    Fitted to IL-6 in primary mouse hepatocytes (10.3389/fphys.2017.00775); not to LIF.

    A run starts in the steady state without ligand. Where ligand, actinomycin D or the
    inhibitor is added or taken away, the integration (LSODA, relative tolerance 1e-9)
    starts anew.

    Parameters
    ----------
    dose
        IL-6 in ng/ml from time 0 on: one dose, or several, which gives one run each. The paper
        used 0.0005 to 500 ng/ml.
    times
        Minutes at which to report, in order, 0 or later; by default 0, 1, ..., 120.
    duration
        Minutes after which the ligand is taken away again; by default it stays.
    pulses
        In place of `dose`: ``(start, stop, dose)`` in min, min, ng/ml. They may not overlap.
    actinomycin_d
        Minute from which actinomycin D blocks transcription, or None for none. In the model
        no new SOCS3 mRNA is begun and no new receptor is made. In the paper's experiment it
        was added at -10.
    inhibitor_nM
        Ruxolitinib (JAK inhibitor) in nM when it is added. It divides the phosphorylation of
        JAK1 and of gp130 by ``1 + inhibitor / 166 nM`` and is broken down by the cells (half
        in 12 h).
    inhibitor_from
        Minute at which it is added; one hour before the ligand, as in the paper.
    changes
        Parameter -> factor, for example ``{"socs3_pro": 0}``: see ``VARIANTS``. A run with
        changes starts in the changed model's own steady state, as in cells that have never
        been otherwise.
    model
        Another model than ``read_model()``.

    Returns
    -------
    pandas.DataFrame
        One row per run and time: ``dose_ng_per_ml`` (the highest of the run),
        ``actinomycin_d`` (whether any was added), ``time_min``, ``IL6_ng_per_ml`` (at this
        time), then every species with its unit: ``receptor_nM``, ``receptor_pJAK1_nM``,
        ``receptor_active_nM``, ``STAT3_nM``, ``pSTAT3_nM``, ``nuclear_STAT3_nM``,
        ``SOCS3_delay_1_au`` to ``_5_au``, ``SOCS3_mRNA_au``, ``SOCS3_nM``,
        ``ruxolitinib_nM``. ``attrs["source"]`` says what model it is.

    Raises
    ------
    LifbookError
        A negative dose, an unknown parameter, times out of order or negative, pulses that
        overlap, or a run that does not converge.

    Examples
    --------
    >>> run = simulate(40, times=[0, 15, 60])
    >>> run["pSTAT3_nM"].round(2).tolist()
    [0.83, 15.03, 4.91]
    """
    model = model or read_model()
    reported = report_times(times)
    doses: list[float | None] = [None]
    if dose is not None:
        given = np.atleast_1d(check_numbers(dose, "dose", "ng/ml"))
        if given.ndim > 1 or not given.size:
            raise LifbookError(
                f"the doses are an array of shape {given.shape}",
                argument="dose",
                remedy="give one dose or a list of doses",
            )
        doses = given.tolist()
    added = check_number(inhibitor_nM, "inhibitor_nM", "nM")
    moments = {
        "ActD": np.inf if actinomycin_d is None else _moment(actinomycin_d, "actinomycin_d"),
        "inhibitor": _moment(inhibitor_from, "inhibitor_from") if added else np.inf,
    }
    frames = [
        _run(model, _pulses(one, duration, pulses), reported, moments, added, changes)
        for one in doses
    ]
    frame = pd.concat(frames, ignore_index=True)
    frame.attrs = {
        "source": SOURCE,
        "units": {"dose_ng_per_ml": "ng/ml", "time_min": "min", "IL6_ng_per_ml": "ng/ml"}
        | dict(zip(model.columns, (model.units[name] for name in model.species), strict=True)),
    }
    return frame


def _run(
    model: Model,
    pulses: list[Pulse],
    times: Array,
    moments: Mapping[str, float],
    inhibitor: float,
    changes: Mapping[str, float] | None,
) -> pd.DataFrame:
    """One run, cut where an input changes."""
    parameters = model.changed(changes)
    state = model.settled(changes)
    begin = min(0.0, *moments.values())
    cuts = {time for start, stop, _ in pulses for time in (start, stop)} | set(moments.values())
    edges = [begin, *sorted(time for time in cuts if begin < time <= times[-1])]
    rows = np.empty((len(times), len(state)))
    for start, stop in itertools.zip_longest(edges, edges[1:], fillvalue=np.inf):
        if start == moments["inhibitor"]:
            state[model.species.index("ruxolitinib")] += inhibitor
        inside = (times >= start) & (times < stop)
        end = min(stop, times[-1])
        wanted = np.unique(np.concatenate([[start], times[inside], [end]]))
        if len(wanted) > 1:
            inputs = (_ligand(pulses, start), float(moments["ActD"] <= start))
            found = model.run(state, wanted, inputs, parameters)
        else:
            found = state[None, :]
        rows[inside] = found[np.searchsorted(wanted, times[inside])]
        state = found[-1].copy()
    frame = pd.DataFrame(rows, columns=model.columns)
    frame.insert(0, "dose_ng_per_ml", max((height for _, _, height in pulses), default=0.0))
    frame.insert(1, "actinomycin_d", bool(np.isfinite(moments["ActD"])))
    frame.insert(2, "time_min", times)
    frame.insert(3, "IL6_ng_per_ml", [_ligand(pulses, time) for time in times])
    return frame


def _ligand(pulses: list[Pulse], time: float) -> float:
    """IL-6 in ng/ml at a time."""
    return next((height for start, stop, height in pulses if start <= time < stop), 0.0)
