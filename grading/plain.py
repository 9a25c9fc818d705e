"""Plain values: what they are by exact type, whether two are the same, and how they are shown."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd

#: Values are shown up to this many characters.
_SHOWN = 80
WHOLE = (int, np.int8, np.int16, np.int32, np.int64, np.uint8, np.uint16, np.uint32, np.uint64)
REAL = (float, np.float16, np.float32, np.float64)
TRUTH = (bool, np.bool_)
LISTS = (list, tuple, np.ndarray, pd.Series, pd.Index, pd.RangeIndex)
SETS = (set, frozenset)


def same(value: Any, expected: Any, tol: float) -> bool:
    """Whether two plain values are the same, by type and value."""
    if type(expected) in TRUTH:
        return type(value) in TRUTH and bool(value) is bool(expected)
    if type(expected) in WHOLE + REAL:
        return type(value) in WHOLE + REAL and near(value, expected, tol)
    if type(expected) in (str, np.str_):
        return type(value) in (str, np.str_) and str(value) == str(expected)
    if type(expected) in LISTS:
        if type(value) not in LISTS or len(value) != len(expected):
            return False
        return all(same(a, b, tol) for a, b in zip(value, expected, strict=True))
    if type(expected) in SETS:
        return (
            type(value) in SETS
            and len(value) == len(expected)
            and all(any(same(a, b, tol) for a in value) for b in expected)
        )
    if type(expected) is dict:
        return (
            type(value) is dict
            and len(value) == len(expected)
            and all(type(k) in _HASHED for k in value)
            and all(k in value and same(value[k], v, tol) for k, v in expected.items())
        )
    if expected is None or expected is pd.NA or expected is pd.NaT:
        return value is expected
    raise TypeError(f"no check for an expected value of type {type(expected).__name__}")


#: What a key may be: the equality of these is Python's own.
_HASHED = (*WHOLE, *REAL, *TRUTH, str, np.str_, bytes, tuple, type(None))


def numbers_only(value: Any) -> bool:
    """Whether nested lists hold only numbers, by exact type."""
    if type(value) in LISTS:
        return all(numbers_only(one) for one in value)
    return type(value) in WHOLE + REAL + TRUTH


def near(value: Any, expected: float, allowed: float) -> bool:
    """Whether two numbers agree; nan agrees with nan, infinity with itself."""
    if is_nan(value) or is_nan(expected):
        return is_nan(value) and is_nan(expected)
    if type(value) in WHOLE and type(expected) in WHOLE and not allowed:
        return int(value) == int(expected)
    try:
        value, expected = float(value), float(expected)
    except OverflowError:
        return False
    if math.isinf(value) or math.isinf(expected):
        return bool(value == expected)
    return bool(abs(value - expected) <= allowed)


def is_nan(value: Any) -> bool:
    return type(value) in REAL and bool(np.isnan(value))


def few_or_many(mine: Any, right: Any) -> str:
    return "many" if len(mine) > len(right) else "few"


def kind_of(value: Any) -> str:
    """What a value is, in words that a student knows."""
    if value is None:
        return "None (nothing)"
    if value is Ellipsis:
        return "... (not answered yet)"
    told = getattr(type(value), "_told", None)  # a stand-in made by the judge
    return told(value) if told else f"a value of type {type(value).__name__}"


def shown(value: Any) -> str:
    """A value, short."""
    if type(value) in REAL:
        return f"{float(value):.6g}"
    if type(value) in WHOLE + TRUTH:
        return str(value)[:_SHOWN]
    if type(value) in (str, np.str_, list, tuple, dict, set, frozenset, type(None)):
        text = repr(value)
        return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
    return kind_of(value)


def told_error(error: BaseException) -> str:
    """An exception in a few words."""
    text = str(error).strip().splitlines()
    label = getattr(error, "remote_name", type(error).__name__)
    return f"{label}: {text[0][:200]}" if text else label
