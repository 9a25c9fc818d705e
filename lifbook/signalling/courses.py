"""Time courses packed small for a page without a kernel."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from lifbook.errors import LifbookError
from lifbook.quantities import Array
from lifbook.rounding import TIE, significant, whole
from lifbook.signalling.observables import negligible, quantity_of
from lifbook.signalling.responses import GRID, find_peak
from lifbook.signalling.simulation import report_times, simulate


@dataclass(frozen=True)
class TimeCourses:
    """Runs for every combination of some choices, packed small for a page without a kernel.

    Parameters
    ----------
    axes
        Name -> labels of its options.
    columns
        Quantities, in order.
    times
        (times,) in minutes.
    most
        (columns,): the highest value of each quantity over all runs, in its unit, rounded up by
        a thousandth at most.
    values
        (states, columns, times) of uint8 or uint16: ``value = packed / largest * most``, with
        `largest` 255 or 65,535. States are in the order of the axes, the last axis fastest.
    peak_times, peak_values
        (states, columns): when and how high each curve peaks, as :func:`peaks` finds it from
        the curves before packing, every half minute. Near a flat peak many packed values are
        equal: do not read the time from them.

    Examples
    --------
    >>> packed = time_courses({"dose": {"40 ng/ml": {"dose": 40}}}, ["pSTAT3_nM"], [0, 15, 60])
    >>> packed.values.tolist(), packed.most.round(2).tolist()
    ([[[14, 255, 83]]], [15.04])
    """

    axes: dict[str, list[str]]
    columns: list[str]
    times: Array
    most: Array
    values: NDArray[np.unsignedinteger]
    peak_times: Array
    peak_values: Array

    @property
    def largest(self) -> int:
        """Packed value that stands for `most`."""
        return int(np.iinfo(self.values.dtype).max)

    @property
    def error(self) -> Array:
        """(columns,): the largest difference that packing can make, in the quantity's unit."""
        return self.most / self.largest * (0.5 + TIE)

    def to_bytes(self) -> bytes:
        """All values in order, the lower byte first.

        Examples
        --------
        >>> packed = time_courses({"dose": {"40": {"dose": 40}}}, ["pSTAT3_nM"], [0, 15, 60])
        >>> list(packed.to_bytes())
        [14, 255, 83]
        """
        return self.values.astype(self.values.dtype.newbyteorder("<")).tobytes()

    def state(self, choices: Mapping[str, str]) -> int:
        """Index of a combination in :attr:`values`.

        Parameters
        ----------
        choices
            Name of each axis -> label of the option.

        Raises
        ------
        LifbookError
            If an axis is missing, or an option is unknown.

        Examples
        --------
        >>> packed = time_courses(
        ...     {"dose": {"low": {"dose": 1}, "high": {"dose": 40}}}, ["pSTAT3_nM"], [0, 15, 60]
        ... )
        >>> packed.state({"dose": "high"})
        1
        """
        index = 0
        for name, options in self.axes.items():
            if choices.get(name) not in options:
                given = choices.get(name)
                raise LifbookError.unknown(
                    f"option of '{name}'", given, options, argument="choices"
                )
            index = index * len(options) + options.index(choices[name])
        return index

    def unpack(self, choices: Mapping[str, str]) -> pd.DataFrame:
        """One run as a page would draw it.

        Parameters
        ----------
        choices
            As in :meth:`state`.

        Returns
        -------
        pandas.DataFrame
            ``time_min`` and the quantities, which differ by :attr:`error` at most.

        Raises
        ------
        LifbookError
            As :meth:`state`.

        Examples
        --------
        >>> packed = time_courses({"dose": {"40": {"dose": 40}}}, ["pSTAT3_nM"], [0, 15, 60])
        >>> packed.unpack({"dose": "40"})["pSTAT3_nM"].round(1).tolist()
        [0.8, 15.0, 4.9]
        """
        packed = self.values[self.state(choices)]
        curves = packed / self.largest * self.most[:, None]
        return pd.DataFrame({"time_min": self.times} | dict(zip(self.columns, curves, strict=True)))


def time_courses(
    axes: Mapping[str, Mapping[str, Mapping[str, Any]]],
    columns: Sequence[str],
    times: ArrayLike | None = None,
    *,
    bits: Literal[8, 16] = 8,
) -> TimeCourses:
    """Run every combination of some choices and pack the curves into whole numbers.

    Parameters
    ----------
    axes
        Name of a choice -> label of an option -> arguments of :func:`simulate`. The
        ``changes`` of several axes are joined.
    columns
        What to keep: columns of :func:`simulate`, or names of ``OBSERVABLES``.
    times
        As in :func:`simulate`.
    bits
        8: steps of 1/255 of the highest value, fine for drawing. 16: steps of 1/65,535.

    Returns
    -------
    TimeCourses
        One state for each combination.

    Raises
    ------
    LifbookError
        As :func:`simulate`; also an unknown quantity, no quantities, an option with several
        doses, or two axes that set the same argument or parameter.

    Examples
    --------
    >>> from lifbook.signalling import VARIANTS
    >>> packed = time_courses(
    ...     {
    ...         "dose": {"10 ng/ml": {"dose": 10}, "40 ng/ml": {"dose": 40}},
    ...         "SOCS3": {"there": {}, "removed": {"changes": VARIANTS["SOCS3 removed"]}},
    ...     },
    ...     ["pSTAT3_nM"],
    ...     times=range(0, 121, 2),
    ... )
    >>> packed.values.shape
    (4, 1, 61)
    """
    if bits not in (8, 16):
        raise LifbookError(f"{bits} bits are not offered", argument="bits", remedy="use 8 or 16")
    kept, reported = list(columns), report_times(times)
    if not kept:
        raise LifbookError("no columns are chosen", argument="columns", remedy="name at least one")
    # Peaks are looked for on the grid of `response_table`, however few points are reported: a
    # sentence and a table about one curve then name the same minute.
    fine = np.union1d(reported, GRID[(reported[0] <= GRID) & (reported[-1] >= GRID)])
    curves = []
    for chosen in itertools.product(*(options.values() for options in axes.values())):
        run = simulate(times=fine, **_merged(chosen))
        if len(run) != len(fine):
            raise LifbookError(
                "an option has several doses", remedy="give each dose an option of its own"
            )
        curves.append([quantity_of(run, name).to_numpy() for name in kept])
    whole_runs = np.array(curves)
    exact = whole_runs[:, :, np.searchsorted(fine, reported)]
    # Four digits, and not below the highest value: rounding takes away at most 0.0005 of it.
    most = np.array([significant(1.0005 * value) for value in exact.max(axis=(0, 2))])
    dtype = np.dtype(f"uint{bits}")
    steps = np.iinfo(dtype).max / np.where(most > 0, most, 1.0)
    floors = [negligible(name) for name in kept]
    tops = np.array(
        [
            [find_peak(fine, curve, floor) for curve, floor in zip(curves, floors, strict=True)]
            for curves in whole_runs
        ]
    )
    return TimeCourses(
        axes={name: list(options) for name, options in axes.items()},
        columns=kept,
        times=reported,
        most=most,
        values=whole(exact * steps[:, None]).astype(dtype),
        peak_times=tops[:, :, 0],
        peak_values=tops[:, :, 1],
    )


def _merged(parts: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Arguments of several options as one call; none may be set twice."""
    merged: dict[str, Any] = {}
    for part in parts:
        for name, value in part.items():
            if name == "changes" and merged.get(name) is not None:
                twice, joined = set(merged[name]) & set(value), {**merged[name], **value}
            else:
                twice, joined = {name} & set(merged), value
            if twice:
                raise LifbookError(
                    f"two axes set {', '.join(sorted(twice))}",
                    remedy="let each argument be set by one axis",
                )
            merged[name] = joined
    return merged
