"""Checks that the tests of a problem set call: by type and by value.

Each check takes the student's value first, then the expected one. It passes silently or raises
:class:`CheckError` with a sentence that says what is wrong. Two rules hold for all of them:

- The type is compared with ``type(value) is ...``, never with ``isinstance`` or ``==``: an object
  of a class of its own that claims to equal everything earns nothing.
- The message shows the student's value and never the expected one, so that the feedback on a
  hidden test does not give the answer away.

``hint`` is a sentence that is added to the message: what usually causes this mistake.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from grading.plain import (
    LISTS,
    REAL,
    SETS,
    TRUTH,
    WHOLE,
    few_or_many,
    is_nan,
    kind_of,
    near,
    numbers_only,
    same,
    shown,
    told_error,
)


class CheckError(AssertionError):
    """The student's value is not what the problem asks for."""


def check_number(
    value: Any,
    expected: float,
    tol: float | None = None,
    *,
    rel: float | None = None,
    name: str = "the result",
    unit: str = "",
    hint: str = "",
) -> None:
    """Check one number.

    Parameters
    ----------
    value
        The student's value. If `expected` is an ``int`` and no tolerance is given, it must be a
        whole number by type (``int`` or numpy's), else any real number. ``bool`` is not a number.
    expected
        The right value.
    tol, rel
        Largest allowed difference, absolute or as a share of `expected`. If neither is given, a
        whole number must be equal and a real number may differ by 1e-9 of `expected`.
    name, unit, hint
        What the value is, its unit, and what usually causes the mistake.

    Raises
    ------
    CheckError
        If type or value is wrong.
    """
    exact = tol is None and rel is None
    if exact and type(expected) in WHOLE:
        if type(value) not in WHOLE:
            _fail(name, f"must be a whole number (int), not {kind_of(value)}", hint)
    elif type(value) not in WHOLE + REAL:
        _fail(name, f"must be a number, not {kind_of(value)}", hint)
    allowed = max(tol or 0.0, abs(expected) * (1e-9 if exact else rel or 0.0))
    if exact and type(expected) in WHOLE:
        allowed = 0.0
    if not near(value, expected, allowed):
        what = f"{shown(value)}{' ' + unit if unit else ''}"
        if is_nan(value) or is_nan(expected):
            _fail(name, f"is {what}, which is not right", hint)
        _fail(name, f"is {what}, which is too {'large' if value > expected else 'small'}", hint)


def check_true(
    value: Any, expected: bool = True, *, name: str = "the result", hint: str = ""
) -> None:
    """Check ``True`` or ``False``; the number 1 is not ``True``.

    Raises
    ------
    CheckError
        If type or value is wrong.
    """
    if type(value) not in TRUTH:
        _fail(name, f"must be True or False, not {kind_of(value)}", hint)
    if bool(value) is not bool(expected):
        _fail(name, f"is {bool(value)}, which is not right", hint)


def check_text(
    value: Any,
    expected: str | Iterable[str],
    *,
    exact: bool = False,
    name: str = "the result",
    hint: str = "",
) -> None:
    """Check a text against one right answer or several.

    Parameters
    ----------
    exact
        Compare every character. Without it, case and spaces are ignored.

    Raises
    ------
    CheckError
        If type or value is wrong.
    """
    if type(value) is not str and type(value) is not np.str_:
        _fail(name, f"must be a text (str), not {kind_of(value)}", hint)
    right = [expected] if isinstance(expected, str) else list(expected)
    bare = str if exact else lambda text: "".join(str(text).casefold().split())
    if bare(value) not in {bare(text) for text in right}:
        _fail(name, f"is {shown(str(value))}, which is not right", hint)


def check_list(
    value: Any,
    expected: Sequence[Any],
    tol: float = 0.0,
    *,
    ordered: bool = True,
    name: str = "the result",
    hint: str = "",
) -> None:
    """Check a list, tuple, one-dimensional array, Series or Index.

    Parameters
    ----------
    expected
        Right elements: numbers, texts, truth values, or lists of these.
    tol
        Largest absolute difference of a number.
    ordered
        Whether the order counts.

    Raises
    ------
    CheckError
        If type, length or an element is wrong.
    """
    if type(value) not in LISTS:
        _fail(name, f"must be a list, not {kind_of(value)}", hint)
    if isinstance(value, np.ndarray) and value.ndim != 1:
        _fail(name, f"must have one dimension, not {value.ndim}", hint)
    mine, right = list(value), list(expected)
    if len(mine) != len(right):
        _fail(name, f"has {len(mine)} elements, which is too {few_or_many(mine, right)}", hint)
    if not ordered:
        try:
            mine, right = sorted(mine), sorted(right)
        except Exception:  # a comparison that the student's own class refuses
            _fail(name, "has elements that cannot be put in order", hint)
    for place, (one, other) in enumerate(zip(mine, right, strict=True)):
        if not same(one, other, tol):
            where = f"element {place}" if ordered else "an element"
            _fail(name, f"has {shown(one)} as {where}, which is not right", hint)


def check_set(
    value: Any, expected: Iterable[Any], *, name: str = "the result", hint: str = ""
) -> None:
    """Check a set: says how many elements are missing or should not be there.

    Raises
    ------
    CheckError
        If type or elements are wrong.
    """
    if type(value) not in SETS:
        _fail(name, f"must be a set, not {kind_of(value)}", hint)
    mine, right = list(value), list(expected)
    extra = [one for one in mine if not any(same(one, other, 0.0) for other in right)]
    missing = [other for other in right if not any(same(one, other, 0.0) for one in mine)]
    if extra or missing:
        _fail(
            name,
            f"lacks {len(missing)} of its elements and has {len(extra)} that do not belong"
            + (f", such as {shown(extra[0])}" if extra else ""),
            hint,
        )


def check_dict(
    value: Any,
    expected: Mapping[Any, Any],
    tol: float = 0.0,
    *,
    name: str = "the result",
    hint: str = "",
) -> None:
    """Check a dict: keys, then values.

    Raises
    ------
    CheckError
        If type, a key or a value is wrong.
    """
    if type(value) is not dict:
        _fail(name, f"must be a dict, not {kind_of(value)}", hint)
    check_set(set(value), set(expected), name=f"the keys of {name}", hint=hint)
    for key, right in expected.items():
        if not same(value[key], right, tol):
            _fail(name, f"has {shown(value[key])} for {key!r}, which is not right", hint)


def check_array(
    value: Any, expected: Any, tol: float = 0.0, *, name: str = "the result", hint: str = ""
) -> None:
    """Check a numpy array of numbers: shape, then values.

    Parameters
    ----------
    value
        The student's array; a Series or a list of numbers of the same shape will do.
    expected
        What ``numpy.asarray`` takes.
    tol
        Largest absolute difference.

    Raises
    ------
    CheckError
        If type, shape or a value is wrong.
    """
    if type(value) not in LISTS:
        _fail(name, f"must be a numpy array, not {kind_of(value)}", hint)
    if type(value) in (list, tuple) and not numbers_only(value):
        _fail(name, "must hold numbers only", hint)
    try:
        mine = np.asarray(value)
    except ValueError:
        _fail(name, "must hold rows of equal length", hint)
    right = np.asarray(expected)
    if mine.dtype.kind not in "iuf":
        _fail(name, f"must hold numbers, not {mine.dtype}", hint)
    if mine.shape != right.shape:
        _fail(name, f"has the shape {mine.shape}, which is not right", hint)
    wrong = ~np.isclose(mine, right, rtol=1e-12, atol=tol, equal_nan=True)
    if wrong.any():
        first = tuple(int(i) for i in np.argwhere(wrong)[0])
        _fail(
            name,
            f"is wrong in {int(wrong.sum())} of {mine.size} places, first at {first}, "
            f"where it is {shown(mine[first])}",
            hint,
        )


def check_table(
    value: Any,
    expected: pd.DataFrame,
    tol: float = 0.0,
    *,
    columns: Sequence[str] | None = None,
    ordered: bool = True,
    name: str = "the table",
    hint: str = "",
) -> None:
    """Check a table (``pandas.DataFrame``); the index does not count.

    Parameters
    ----------
    columns
        Columns that count, all of `expected` if not given. Others may be there.
    ordered
        Whether the order of the rows counts.

    Raises
    ------
    CheckError
        If type, a column, the number of rows or a value is wrong.
    """
    if type(value) is not pd.DataFrame:
        _fail(name, f"must be a table (DataFrame), not {kind_of(value)}", hint)
    wanted = list(expected.columns if columns is None else columns)
    lacking = [column for column in wanted if column not in value.columns]
    if lacking:
        _fail(name, f"has no column {lacking[0]!r}", hint)
    if len(value) != len(expected):
        _fail(name, f"has {len(value)} rows, which is too {few_or_many(value, expected)}", hint)
    mine, right = value[wanted], expected[wanted]
    if not ordered:
        try:
            mine, right = mine.sort_values(wanted), right.sort_values(wanted)
        except TypeError:
            _fail(name, "has values that cannot be put in order", hint)
    for column in wanted:
        for row, (one, other) in enumerate(zip(mine[column], right[column], strict=True)):
            if not same(one, other, tol):
                where = f" in row {row}" if ordered else ""
                _fail(
                    name, f"has {shown(one)}{where} of column {column!r}, which is not right", hint
                )


def check_function(
    function: Any,
    cases: Iterable[tuple[tuple[Any, ...], Any]],
    tol: float | None = None,
    *,
    rel: float | None = None,
    name: str = "",
    hint: str = "",
) -> None:
    """Call the student's function with each case's arguments and check what it returns.

    Parameters
    ----------
    cases
        Pairs of a tuple of arguments and the expected result: a number, text, truth value, list,
        tuple, set, dict, array or table. The check fits the expected result's type.
    tol, rel
        As in :func:`check_number`.

    Raises
    ------
    CheckError
        If it is not a function, raises, or returns something wrong.
    """
    if not callable(function):
        _fail("the answer", f"must be a function, not {kind_of(function)}", hint)
    name = name or f"what {getattr(function, '__name__', 'the function')}() returns"
    for arguments, expected in cases:
        try:
            value = function(*arguments)
        except CheckError:
            raise
        except Exception as error:
            _fail(name, f"cannot be checked: it stopped with {told_error(error)}", hint)
        _check_like(value, expected, tol, rel, name, hint)


def check_error(
    function: Callable[..., Any], *arguments: Any, error: str, name: str = "", hint: str = ""
) -> None:
    """Check that the student's function raises.

    Parameters
    ----------
    error
        Name of the exception's class, such as ``"ValueError"`` or ``"LifbookError"``.

    Raises
    ------
    CheckError
        If it returns, or raises another exception.
    """
    if not callable(function):
        _fail("the answer", f"must be a function, not {kind_of(function)}", hint)
    name = name or f"{getattr(function, '__name__', 'the function')}()"
    try:
        value = function(*arguments)
    except CheckError:
        raise
    except Exception as raised:
        found = getattr(raised, "remote_names", None) or [k.__name__ for k in type(raised).__mro__]
        if error not in found:
            _fail(name, f"must raise {error}, but raised {told_error(raised)}", hint)
        return
    _fail(name, f"must raise {error}, but returned {shown(value)}", hint)


# --- helpers ----------------------------------------------------------------------------
def _check_like(
    value: Any, expected: Any, tol: float | None, rel: float | None, name: str, hint: str
) -> None:
    """Check with the function that fits the expected value's type."""
    kind = type(expected)
    if kind in TRUTH:
        check_true(value, bool(expected), name=name, hint=hint)
    elif kind in WHOLE + REAL:
        check_number(value, expected, tol, rel=rel, name=name, hint=hint)
    elif kind is str:
        check_text(value, expected, exact=True, name=name, hint=hint)
    elif kind in SETS:
        check_set(value, expected, name=name, hint=hint)
    elif kind is dict:
        check_dict(value, expected, tol or 0.0, name=name, hint=hint)
    elif kind is np.ndarray:
        check_array(value, expected, tol or 0.0, name=name, hint=hint)
    elif kind is pd.DataFrame:
        check_table(value, expected, tol or 0.0, name=name, hint=hint)
    elif kind in LISTS:
        check_list(value, expected, tol or 0.0, name=name, hint=hint)
    elif expected is None:
        if value is not None:
            _fail(name, f"must be None, not {kind_of(value)}", hint)
    else:
        raise TypeError(f"no check for an expected value of type {kind.__name__}")


def _fail(name: str, problem: str, hint: str) -> None:
    text = f"{name} {problem}"
    end = "" if not hint else f". {hint}"
    raise CheckError(f"{text[0].upper()}{text[1:]}{end}")
