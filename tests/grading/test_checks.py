"""The checks: what passes, what is said, and that nothing passes by claiming to be equal."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import grading
from grading import CheckError
from grading.judge.marking import Judge, Remote, bound_names
from grading.transfer import TransferError, decode, encode


class Claims(float):
    """A number that equals everything and stands in every order."""

    def __eq__(self, other: object) -> bool:
        return True

    __le__ = __lt__ = __ge__ = __gt__ = __eq__
    __hash__ = float.__hash__


class ClaimsText(str):
    def __eq__(self, other: object) -> bool:
        return True

    __hash__ = str.__hash__


@pytest.mark.parametrize(("check", "value", "expected", "more"), [
    ("number", 3, 3, {}), ("number", np.int64(3), 3, {}), ("number", 3.04, 3, {"tol": 0.05}),
    ("number", 2.0, 2.0, {}), ("number", np.float32(0.5), 0.5, {}),
    ("number", float("nan"), float("nan"), {}), ("number", 101.0, 100.0, {"rel": 0.02}),
    ("true", True, True, {}), ("true", np.bool_(False), False, {}),
    ("text", " phe 156", "Phe156", {}), ("text", "Phe156", ["Leu1", "Phe156"], {"exact": True}),
    ("list", (1, 2.0), [1, 2], {}), ("list", pd.Series([2, 1]), [1, 2], {"ordered": False}),
    ("list", np.array([1.0, 2.05]), [1, 2], {"tol": 0.1}), ("set", {1, 2}, [2, 1], {}),
    ("dict", {"a": 1.0}, {"a": 1}, {}), ("array", np.eye(2), [[1, 0], [0, 1]], {}),
    ("table", pd.DataFrame({"a": [1], "b": ["x"]}), pd.DataFrame({"a": [1]}), {}),
    ("table", pd.DataFrame({"a": [2, 1]}), pd.DataFrame({"a": [1, 2]}), {"ordered": False}),
    ("function", lambda x: 2 * x, [((2,), 4), (([1],), [1, 1])], {}),
])
def test_what_is_right_passes(check: str, value: Any, expected: Any, more: dict) -> None:
    getattr(grading, f"check_{check}")(value, expected, **more)


@pytest.mark.parametrize(("check", "value", "expected", "more", "said"), [
    ("number", Claims(3), 3.0, {}, "not a value of type Claims"),
    ("number", True, 1, {}, "whole number"), ("number", 3.0, 3, {}, "whole number"),
    ("number", "3", 3.0, {}, "must be a number"), ("number", None, 3, {}, "None (nothing)"),
    ("number", ..., 3, {}, "not answered yet"), ("number", 4, 3, {}, "too large"),
    ("number", float("nan"), 1.0, {}, "nan"), ("number", 10**400, 1.0, {"tol": 1}, "too large"),
    ("true", 1, True, {}, "must be True or False"), ("true", False, True, {}, "is False"),
    ("text", ClaimsText("x"), "y", {}, "not a value of type ClaimsText"),
    ("text", "x", "y", {}, "'x'"), ("list", [1], [1, 2], {}, "too few"),
    ("list", [Claims(1)], [1], {}, "element 0"), ("list", {1}, [1], {}, "must be a list"),
    ("list", np.eye(2), [1, 0], {}, "one dimension"),
    ("list", [object(), 1], [1, 2], {"ordered": False}, "put in order"),
    ("set", {1, 3}, {1, 2}, {}, "lacks 1"), ("set", [1], {1}, {}, "must be a set"),
    ("set", {Claims(1)}, {1}, {}, "lacks 1"), ("dict", {"b": 1}, {"a": 1}, {}, "keys"),
    ("dict", {"a": Claims(1)}, {"a": 1}, {}, "for 'a'"), ("dict", [], {}, {}, "must be a dict"),
    ("dict", {ClaimsText("z"): 1}, {"a": 1}, {}, "keys"),
    ("array", [[1, 2], [3]], [[1, 2], [3, 4]], {}, "equal length"),
    ("array", np.zeros(3), np.zeros(2), {}, "shape"), ("array", ["a"], [1], {}, "numbers only"),
    ("array", np.array([1.0, 9.0]), [1, 2], {}, "1 of 2 places"),
    ("array", [Claims(1)], [1.0], {}, "numbers only"),
    ("table", [], pd.DataFrame({"a": [1]}), {}, "must be a table"),
    ("table", pd.DataFrame({"b": [1]}), pd.DataFrame({"a": [1]}), {}, "no column 'a'"),
    ("table", pd.DataFrame({"a": [1, 2]}), pd.DataFrame({"a": [1]}), {}, "too many"),
    ("table", pd.DataFrame({"a": [Claims(1)]}, dtype=object), pd.DataFrame({"a": [1]}), {}, "row 0"),
    ("function", 3, [((1,), 1)], {}, "must be a function"),
    ("function", lambda: 1, [((1,), 1)], {}, "stopped with TypeError"),
    ("function", lambda x: Claims(), [((1,), 1)], {}, "not a value of type Claims"),
    ("function", lambda x: 1, [((1,), None)], {}, "must be None"),
])
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
        (strict, "ValueError", "but raised KeyError"), (abs, "ValueError", "returned 1"),
        (None, "ValueError", "must be a function"),
    ):
        with pytest.raises(CheckError, match=said):
            grading.check_error(function, 1, error=error)


PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary()
    | st.complex_numbers(),
    lambda inner: st.lists(inner) | st.lists(inner).map(tuple)
    | st.dictionaries(st.text() | st.integers(), inner) | st.frozensets(st.integers(), max_size=1),
    max_leaves=12,
)


@settings(max_examples=150, deadline=None)
@given(PLAIN)
def test_a_plain_value_crosses_unchanged(value: Any) -> None:
    crossed = decode(json.loads(json.dumps(encode(value))), None)
    assert repr(crossed) == repr(value) and type(crossed) is type(value)


@pytest.mark.parametrize("value", [
    np.arange(6).reshape(2, 3), np.float32(1.5), np.array(["a", "bc"]), np.array([1, "a"], object),
    pd.DataFrame({"a": [1, 2], "b": ["x", None]}, index=["p", "q"]), pd.Series([1.5], name="s"),
    pd.Index([1, 2]), pd.DataFrame({"t": pd.to_datetime(["2020-01-01"])}), pd.DataFrame(),
])
def test_an_array_or_table_crosses_unchanged(value: Any) -> None:
    crossed = decode(json.loads(json.dumps(encode(value))), None)
    assert type(crossed) is type(value) or type(value) is pd.RangeIndex
    assert str(crossed) == str(value)


@settings(max_examples=150, deadline=None)
@given(st.recursive(
    st.none() | st.integers() | st.text() | st.sampled_from(["array", "list", "int", "table"]),
    lambda inner: st.lists(inner), max_leaves=20,
))
def test_nonsense_is_refused_or_read_but_never_run(node: Any) -> None:
    try:
        value = decode(node, lambda *told: "opaque")
    except TransferError:
        return
    assert encode(value)[0] != "opaque"


def test_what_is_not_plain_crosses_as_a_note() -> None:
    for value in (Claims(1), [Claims(1)], lambda: 1, object()):
        assert "opaque" in json.dumps(encode(value))


class Here:
    """A line to answers in this process, through the same encoding as to a kernel."""

    def __init__(self, **names: Any) -> None:
        self.names = names

    def ask(self, path: list[str], arguments: bytes | None) -> Any:
        import pickle

        value = self.names[path[0]]  # KeyError: missing, as from a kernel
        for name in path[1:]:
            value = getattr(value, name)
        if arguments is not None:
            given_, named = pickle.loads(arguments)
            value = value(*given_, **named)

        def opaque(kind: str, can_call: bool, bases: list[str]) -> Remote:
            return Remote(self, path if arguments is None else None, kind, can_call)

        return decode(json.loads(json.dumps(encode(value))), opaque)


def test_the_judge_takes_answers_and_keeps_its_own_names() -> None:
    judge = Judge({"n", "CUT", "f"}, Here(n=3, CUT=99, f=lambda x: x + 1))
    judge.set_up("CUT = 4\nfrom grading import check_number, check_function")
    assert judge.mark("check_number(n, 3)\ncheck_number(CUT, 4)\ncheck_function(f, [((1,), 2)])") == []
    (wrong,) = judge.mark("check_number(n, 5)  # hidden_word")
    assert wrong.output_type == "error" and "too small" in wrong.evalue
    assert "hidden_word" not in json.dumps(wrong)
    (part,) = judge.mark("print('told')\n0.5 * n")[1:]
    assert part.data["text/plain"] == "1.5"


def test_the_judge_says_what_is_missing() -> None:
    judge = Judge({"n", "thing"}, Here(thing=Claims(1)))
    assert "'n' is not defined" in judge.mark("n + 1")[0].evalue
    assert "TypeError" in judge.mark("thing + 1")[0].evalue
    assert judge.mark("assert thing != 1 and not thing == 2") == []


def test_a_set_that_fails_by_itself_marks_nobody() -> None:
    judge = Judge({"n"}, Here())
    judge.set_up("twice = 2 * n")  # the answer is missing: no fault of the set
    with pytest.raises(RuntimeError, match="a cell of the problem set fails"):
        judge.set_up("import no_such_module")


def test_names_that_a_cell_binds() -> None:
    source = "import a.b, c as d\n%magic\nx, (y, *z) = 1, (2, 3)\nfor i in x: j = 1\n" \
             "def f(inner): local = 1\nclass K: inside = 1\n[q for q in x]\nwith o as w: pass"
    assert bound_names(source) == {"a", "d", "x", "y", "z", "i", "j", "f", "K", "w"}
