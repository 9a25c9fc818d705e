"""The checks: what passes, what is said, and that nothing passes by claiming to be equal."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from conftest import Claims

import grading
from grading import CheckError


class ClaimsText(str):
    def __eq__(self, other: object) -> bool:
        return True

    __hash__ = str.__hash__


@pytest.mark.parametrize(
    ("check", "value", "expected", "more"),
    [
        ("number", 3, 3, {}),
        ("number", np.int64(3), 3, {}),
        ("number", 3.04, 3, {"tol": 0.05}),
        ("number", 2.0, 2.0, {}),
        ("number", np.float32(0.5), 0.5, {}),
        ("number", float("nan"), float("nan"), {}),
        ("number", 101.0, 100.0, {"rel": 0.02}),
        ("true", True, True, {}),
        ("true", np.bool_(False), False, {}),
        ("text", " phe 156", "Phe156", {}),
        ("text", "Phe156", ["Leu1", "Phe156"], {"exact": True}),
        ("list", (1, 2.0), [1, 2], {}),
        ("list", pd.Series([2, 1]), [1, 2], {"ordered": False}),
        ("list", np.array([1.0, 2.05]), [1, 2], {"tol": 0.1}),
        ("set", {1, 2}, [2, 1], {}),
        ("dict", {"a": 1.0}, {"a": 1}, {}),
        ("array", np.eye(2), [[1, 0], [0, 1]], {}),
        ("table", pd.DataFrame({"a": [1], "b": ["x"]}), pd.DataFrame({"a": [1]}), {}),
        ("table", pd.DataFrame({"a": [2, 1]}), pd.DataFrame({"a": [1, 2]}), {"ordered": False}),
        ("function", lambda x: 2 * x, [((2,), 4), (([1],), [1, 1])], {}),
    ],
)
def test_what_is_right_passes(check: str, value: Any, expected: Any, more: dict) -> None:
    getattr(grading, f"check_{check}")(value, expected, **more)


@pytest.mark.parametrize(
    ("check", "value", "expected", "more", "said"),
    [
        ("number", Claims(3), 3.0, {}, "not a value of type Claims"),
        ("number", True, 1, {}, "whole number"),
        ("number", 3.0, 3, {}, "whole number"),
        ("number", "3", 3.0, {}, "must be a number"),
        ("number", None, 3, {}, "None (nothing)"),
        ("number", ..., 3, {}, "not answered yet"),
        ("number", 4, 3, {}, "too large"),
        ("number", float("nan"), 1.0, {}, "nan"),
        ("number", 10**400, 1.0, {"tol": 1}, "too large"),
        ("true", 1, True, {}, "must be True or False"),
        ("true", False, True, {}, "is False"),
        ("text", ClaimsText("x"), "y", {}, "not a value of type ClaimsText"),
        ("text", "x", "y", {}, "'x'"),
        ("list", [1], [1, 2], {}, "too few"),
        ("list", [Claims(1)], [1], {}, "element 0"),
        ("list", {1}, [1], {}, "must be a list"),
        ("list", np.eye(2), [1, 0], {}, "one dimension"),
        ("list", [object(), 1], [1, 2], {"ordered": False}, "put in order"),
        ("set", {1, 3}, {1, 2}, {}, "lacks 1"),
        ("set", [1], {1}, {}, "must be a set"),
        ("set", {Claims(1)}, {1}, {}, "lacks 1"),
        ("dict", {"b": 1}, {"a": 1}, {}, "keys"),
        ("dict", {"a": Claims(1)}, {"a": 1}, {}, "for 'a'"),
        ("dict", [], {}, {}, "must be a dict"),
        ("dict", {ClaimsText("z"): 1}, {"a": 1}, {}, "keys"),
        ("array", [[1, 2], [3]], [[1, 2], [3, 4]], {}, "equal length"),
        ("array", np.zeros(3), np.zeros(2), {}, "shape"),
        ("array", ["a"], [1], {}, "numbers only"),
        ("array", np.array([1.0, 9.0]), [1, 2], {}, "1 of 2 places"),
        ("array", [Claims(1)], [1.0], {}, "numbers only"),
        ("table", [], pd.DataFrame({"a": [1]}), {}, "must be a table"),
        ("table", pd.DataFrame({"b": [1]}), pd.DataFrame({"a": [1]}), {}, "no column 'a'"),
        ("table", pd.DataFrame({"a": [1, 2]}), pd.DataFrame({"a": [1]}), {}, "too many"),
        (
            "table",
            pd.DataFrame({"a": [Claims(1)]}, dtype=object),
            pd.DataFrame({"a": [1]}),
            {},
            "row 0",
        ),
        ("function", 3, [((1,), 1)], {}, "must be a function"),
        ("function", lambda: 1, [((1,), 1)], {}, "stopped with TypeError"),
        ("function", lambda x: Claims(), [((1,), 1)], {}, "not a value of type Claims"),
        ("function", lambda x: 1, [((1,), None)], {}, "must be None"),
    ],
)
def test_what_is_wrong_fails_and_says_why(
    check: str, value: Any, expected: Any, more: dict, said: str
) -> None:
    with pytest.raises(CheckError) as caught:
        getattr(grading, f"check_{check}")(value, expected, **more, hint="Count again")
    assert said in str(caught.value) and str(caught.value).endswith("Count again")


def test_a_message_never_shows_the_right_answer() -> None:
    with pytest.raises(CheckError) as caught:
        grading.check_number(1.0, 77.25)
    assert "77" not in str(caught.value)


def test_an_error_is_asked_for() -> None:
    def strict(x: int) -> int:
        raise KeyError(x)

    grading.check_error(strict, 1, error="KeyError")
    grading.check_error(strict, 1, error="LookupError")
    for function, error, said in (
        (strict, "ValueError", "but raised KeyError"),
        (abs, "ValueError", "returned 1"),
        (None, "ValueError", "must be a function"),
    ):
        with pytest.raises(CheckError, match=said):
            grading.check_error(function, 1, error=error)
