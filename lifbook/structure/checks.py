"""Input that more than one module refuses: cut-offs and sets of points."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lifbook.errors import LifbookError

MAX_CUTOFF = 20.0  # Å; farther apart nothing is in contact, and a search would take long


def check_cutoff(cutoff: float) -> float:
    """A cut-off in Å with three decimal places, as many as the coordinates have.

    Raises
    ------
    LifbookError
        Not a number, not above 0, or above `MAX_CUTOFF`.

    Examples
    --------
    >>> check_cutoff(4.49999)
    4.5
    """
    try:
        limit = round(float(cutoff), 3)
    except (TypeError, ValueError):
        limit = np.nan
    if not 0 < limit <= MAX_CUTOFF:  # also refuses NaN
        raise LifbookError(
            f"a cut-off of {cutoff} Å cannot be used",
            remedy=f"use a number above 0 and up to {MAX_CUTOFF:g} Å; contacts lie near 4",
        )
    return limit


def check_points(points: ArrayLike, least: int, purpose: str) -> NDArray[np.float64]:
    """Points as an array of shape (n, 3), Å.

    Parameters
    ----------
    least
        How many points the purpose needs.
    purpose
        What the points are for, as the message names it.

    Raises
    ------
    LifbookError
        Another shape, too few points, points on a straight line, values that are not numbers.

    Examples
    --------
    >>> check_points([[0, 0, 0], [1, 0, 0], [0, 1, 0]], 3, "a plane").shape
    (3, 3)
    """
    try:
        array = np.asarray(points, dtype=float)
    except (TypeError, ValueError):
        array = np.empty(0)
    if array.ndim != 2 or array.shape[1] != 3:
        raise LifbookError(
            f"points of shape {array.shape} cannot be used for {purpose}",
            remedy="give an array of numbers of shape (n, 3)",
        )
    if len(array) < least:
        raise LifbookError(
            f"{len(array)} points are too few for {purpose}",
            remedy=f"give at least {least}, for instance at a larger cut-off",
        )
    if not np.isfinite(array).all():
        row = int(np.argmin(np.isfinite(array).all(axis=1)))
        raise LifbookError(
            f"point {row} for {purpose} has a coordinate that is not a number",
            remedy="leave out points without coordinates",
        )
    spread = np.linalg.svd(array - array.mean(axis=0), compute_uv=False)
    if spread[1] < 0.001 * np.sqrt(len(array)):  # rms of 0.001 Å off the line
        raise LifbookError(
            f"the points for {purpose} lie on a straight line",
            remedy="give points that are not collinear",
        )
    return array
