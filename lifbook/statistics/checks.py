"""What the functions of this package refuse, alike in all of them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from numbers import Integral, Real
from typing import Any, Literal, TypeVar

import numpy as np
from numpy.typing import NDArray

from lifbook.errors import LifbookError

Choice = TypeVar("Choice", bound=str)
#: Which tables count as further out, in scipy's words.
Alternative = Literal["two-sided", "greater", "less"]
ALTERNATIVES: tuple[Alternative, ...] = ("two-sided", "greater", "less")


def check_count(value: Any, argument: str) -> int:
    """A count of people or events as a plain int.

    Raises
    ------
    LifbookError
        If it is negative or not a whole number.

    Examples
    --------
    >>> check_count(3.0, "count")
    3
    """
    whole = isinstance(value, Integral) or (isinstance(value, Real) and float(value).is_integer())
    if isinstance(value, bool | np.bool_) or not whole or value < 0:
        raise LifbookError(
            f"{value} cannot be a number of people or events",
            argument=argument,
            remedy="give a whole number from 0 on, the count itself and not a percentage",
        )
    return int(value)


def check_part(part: Any, whole: Any, names: tuple[str, str]) -> tuple[int, int]:
    """A count and the number that it is part of; `names` are those of the arguments.

    Raises
    ------
    LifbookError
        If one of them is not a count, the whole is 0, or the part is more than the whole.

    Examples
    --------
    >>> check_part(3, 10, ("count", "total"))
    (3, 10)
    """
    part, whole = check_count(part, names[0]), check_count(whole, names[1])
    if whole == 0:
        raise LifbookError(
            "a group of nobody has no share",
            argument=names[1],
            remedy="give a group of at least one",
        )
    if part > whole:
        raise LifbookError(
            f"{part} of {whole} is more than all of them",
            argument=names[0],
            remedy=f"give a count from 0 to {whole}, or exchange the two numbers",
        )
    return part, whole


def check_between(
    value: Any, argument: str, low: float = 0.0, high: float = 1.0, *, ends: bool = False
) -> float:
    """A number between two limits, or with `ends` one of them.

    Raises
    ------
    LifbookError
        If it is outside or not a number.

    Examples
    --------
    >>> check_between(0.95, "level")
    0.95
    """
    number = float(value) if isinstance(value, Real) else math.nan  # nan is in no range
    if not (low <= number <= high if ends else low < number < high):
        words = f"from {low:g} to {high:g}" if ends else f"between {low:g} and {high:g}"
        raise LifbookError(
            f"{value} is not {words}",
            argument=argument,
            remedy=f"use a number {words}"
            + (", such as 0.05; not a percentage" if high == 1 else ""),
        )
    return number


def check_choice(value: str, known: Sequence[Choice], argument: str) -> Choice:
    """One of the words that an argument may be.

    Raises
    ------
    LifbookError
        If it is not one of them.

    Examples
    --------
    >>> check_choice("less", ALTERNATIVES, "alternative")
    'less'
    """
    for choice in known:
        if value == choice:
            return choice
    raise LifbookError.unknown("choice", value, known, argument=argument)


def check_table(
    carriers: Any, cases: Any, control_carriers: Any, controls: Any
) -> NDArray[np.int64]:
    """Four counts as a 2x2 table: carriers and others in rows, cases and controls in columns.

    Raises
    ------
    LifbookError
        If a count is impossible, or a margin empty: nobody or everybody is a carrier.

    Examples
    --------
    >>> check_table(3, 4, 1, 4).tolist()
    [[3, 1], [1, 3]]
    """
    a, n = check_part(carriers, cases, ("carriers", "cases"))
    b, m = check_part(control_carriers, controls, ("control_carriers", "controls"))
    for all_of, who in ((0, "nobody is a carrier"), (n + m, "everybody is a carrier")):
        if a + b == all_of:
            raise LifbookError(
                f"{who}: the table has an empty margin, and there is nothing to compare",
                argument="carriers, control_carriers",
                remedy="report a bound of each share with binomial_interval instead",
            )
    return np.array([[a, b], [n - a, m - b]], dtype=np.int64)
