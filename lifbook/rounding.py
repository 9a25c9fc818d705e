"""Numbers as they are stored and shown, and decisions, alike on every processor.

Linear algebra and integration give results that differ between processors at about 1 part in
10¹¹. What reaches an output, a drawing or a widget's state is rounded by the functions here, to
what a reader can see; what is counted or compared is decided with a stated tolerance. So the
last digits of a processor decide nothing.

A number that lies exactly between two rounded ones would still be decided by those digits, and
such numbers are common (half of a maximum, an axis at 43.875). So every rounding here goes up from
a little below the half: from `TIE` of a unit of the last place that is kept.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

#: Share of a unit in the last place by which a number may lie below the half and still goes up.
TIE = 1e-3
#: Results whose relative difference is below this are equal: rounding errors are a
#: thousandth of it, and nothing that is measured or drawn is as sharp.
NOISE = 1e-7


def rounded(value: float, places: int = 0) -> float:
    """A number with a given number of places after the point; halves go up, on every processor.

    Parameters
    ----------
    value
        A number; NaN and infinity stay what they are.
    places
        Places after the point; negative ones round to tens, hundreds and so on.

    Examples
    --------
    >>> rounded(43.875, 2), rounded(43.875 - 1e-12, 2), rounded(1917.4, -1)
    (43.88, 43.88, 1920.0)
    """
    if not math.isfinite(value):
        return float(value)
    # Powers of ten that are whole numbers: 10.0**-2 is not a hundredth, to the last digit.
    ten = 10 ** abs(places)
    units = math.floor((value * ten if places >= 0 else value / ten) + 0.5 + TIE)
    return float(units / ten if places >= 0 else units * ten)


def significant(value: float, digits: int = 4) -> float:
    """A number with a given number of significant digits; halves go up, on every processor.

    Parameters
    ----------
    value
        A number; NaN and infinity stay what they are.
    digits
        Significant digits, 1 or more.

    Examples
    --------
    >>> significant(0.3200589742423568), significant(20.1188, 3), significant(0)
    (0.3201, 20.1, 0.0)
    """
    if not value or not math.isfinite(value):
        return float(value)
    plain = float(f"{value:.{digits - 1}e}")
    # Of the number that was rounded already: 9.9996 has four digits before and after the point.
    size = math.floor(math.log10(abs(plain)))
    return rounded(value, digits - 1 - size) if size > -280 else plain


def whole(values: ArrayLike) -> NDArray[np.int64]:
    """The nearest whole numbers of an array; halves go up, on every processor.

    `numpy.rint` rounds halves to even numbers, and sees a half only where nothing is lost
    before: of two machines one gets 127 and the other 128.

    Parameters
    ----------
    values
        Finite numbers, of any shape.

    Returns
    -------
    numpy.ndarray
        Of the same shape.

    Examples
    --------
    >>> whole([126.5, 127.5, 127.5 - 1e-11, 127.4]).tolist()
    [127, 128, 128, 127]
    """
    return np.floor(np.asarray(values, dtype=float) + 0.5 + TIE).astype(np.int64)
