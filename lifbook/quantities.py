"""Checks of numbers that have a unit, and types of what is computed from them."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lifbook.errors import LifbookError

Array = NDArray[np.float64]
#: What functions of numbers or arrays return: a float for numbers, an array for arrays.
Value = float | Array


def check_numbers(value: ArrayLike, name: str, unit: str, *, positive: bool = False) -> Array:
    """Numbers as an array, once it is certain that all are finite and none is negative.

    Parameters
    ----------
    value
        One number, or an array of any shape.
    name
        What the number is called in an error: the argument that was given, or a part of it.
    unit
        What is written after a number in an error, such as ``"nM"``; for a number without a
        unit a phrase that begins with "as", such as ``"as a factor"``.
    positive
        Whether 0 is refused too.

    Returns
    -------
    numpy.ndarray
        Of the shape of `value`, in its unit.

    Raises
    ------
    LifbookError
        Not a number, NaN or infinity, or a number that is too small.

    Examples
    --------
    >>> check_numbers([0, 0.5], "ligand", "nM").tolist()
    [0.0, 0.5]
    >>> check_numbers(-1, "ligand", "nM")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    lifbook.errors.LifbookError: ...-1 nM is not possible. What to do: give finite numbers...
    """
    try:
        numbers = np.asarray(value, dtype=float)
    except (TypeError, ValueError):
        how = unit if unit.startswith("as ") else f"in {unit}"
        raise LifbookError(
            f"{value!r} is not a number or an array of numbers",
            argument=name,
            remedy=f"give {name} {how}",
        ) from None
    wrong = ~np.isfinite(numbers) | (numbers < 0) | (positive & (numbers == 0))
    if wrong.any():
        least = "above 0" if positive else "0 or more"
        raise LifbookError(
            f"{numbers[wrong].flat[0]:g} {unit} is not possible",
            argument=name,
            remedy=f"give finite numbers, {least}",
        )
    return numbers


def check_number(value: Any, name: str, unit: str, *, positive: bool = False) -> float:
    """One number, once it is certain that it is finite and not negative.

    Parameters
    ----------
    value
        What was given for the number.
    name, unit, positive
        As in :func:`check_numbers`.

    Raises
    ------
    LifbookError
        As :func:`check_numbers`; also if there are several numbers.

    Examples
    --------
    >>> check_number(20, "mass", "kDa", positive=True)
    20.0
    """
    numbers = check_numbers(value, name, unit, positive=positive)
    if numbers.ndim:
        raise LifbookError(
            f"{numbers.size} values where one is expected",
            argument=name,
            remedy="call the function once for each value",
        )
    return float(numbers)


def plain(values: ArrayLike) -> Value:
    """A float for a single value, an array for more.

    Examples
    --------
    >>> plain(np.array(0.5)), plain([0.5])
    (0.5, array([0.5]))
    """
    array = np.asarray(values, dtype=float)
    return float(array) if array.ndim == 0 else array
