"""What of the input is refused by more than one room: cut-offs and points."""

from __future__ import annotations

import numpy as np

from lifbook.errors import LifbookError

MAX_CUTOFF = 20.0  # Å; farther apart nothing is in contact, and a search would take long


def check_cutoff(cutoff: float) -> float:
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


def check_points(points: np.ndarray, least: int, purpose: str) -> np.ndarray:
    try:
        points = np.asarray(points, dtype=float)
    except (TypeError, ValueError):
        points = np.empty(0)
    if points.ndim != 2 or points.shape[1] != 3:
        raise LifbookError(
            f"points of shape {points.shape} for {purpose}",
            remedy="give an array of numbers of shape (n, 3)",
        )
    if len(points) < least:
        raise LifbookError(
            f"{len(points)} points are too few for {purpose}",
            remedy=f"give at least {least}, for instance at a larger cut-off",
        )
    if not np.isfinite(points).all():
        row = int(np.argmin(np.isfinite(points).all(axis=1)))
        raise LifbookError(
            f"point {row} for {purpose} has a coordinate that is not a number",
            remedy="leave out points without coordinates",
        )
    spread = np.linalg.svd(points - points.mean(axis=0), compute_uv=False)
    if spread[1] < 0.001 * np.sqrt(len(points)):  # rms of 0.001 Å off the line
        raise LifbookError(
            f"the points for {purpose} lie on a straight line",
            remedy="give points that are not collinear",
        )
    return points
