"""Checks of numbers that have a unit, and the types of what is computed from them."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lifbook.errors import LifbookError

Array = NDArray[np.float64]
#: What functions of numbers or arrays return: a float for numbers, an array for arrays.
Value = float | Array


def check_numbers(value: ArrayLike, name: str, unit: str, *, positive: bool = False) -> Array:
    """Finite numbers, not below zero; `positive` also forbids zero."""
    try:
        numbers = np.asarray(value, dtype=float)
    except (TypeError, ValueError):
        raise LifbookError(
            f"{value!r} is not a number or an array of numbers", column=name,
            remedy=f"give {name} in {unit}",
        ) from None
    wrong = ~np.isfinite(numbers) | (numbers < 0) | (positive & (numbers == 0))
    if wrong.any():
        least = "above 0" if positive else "0 or more"
        raise LifbookError(
            f"{numbers[wrong].flat[0]:g} {unit} cannot be", column=name,
            remedy=f"give finite numbers, {least}",
        )
    return numbers


def check_number(value: Any, name: str, unit: str, *, positive: bool = False) -> float:
    numbers = check_numbers(value, name, unit, positive=positive)
    if numbers.ndim:
        raise LifbookError(
            f"{numbers.size} values where one is expected", column=name,
            remedy="call the function once for each value",
        )
    return float(numbers)


def plain(values: ArrayLike) -> Value:
    """A float for one value, an array for more."""
    values = np.asarray(values)
    return float(values) if values.ndim == 0 else values
