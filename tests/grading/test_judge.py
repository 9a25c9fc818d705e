"""The way of a value to the judge, and the judge: nothing but plain values, and its own names."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from conftest import Claims
from hypothesis import given, settings
from hypothesis import strategies as st

import grading
from grading.judge.marking import Judge, bound_names
from grading.judge.remote import Remote
from grading.judge.sandbox import BESIDE
from grading.transfer import TransferError, decode, encode

PLAIN = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.binary()
    | st.complex_numbers(),
    lambda inner: (
        st.lists(inner)
        | st.lists(inner).map(tuple)
        | st.dictionaries(st.text() | st.integers(), inner)
        | st.frozensets(st.integers(), max_size=1)
    ),
    max_leaves=12,
)


@settings(max_examples=150, deadline=None)
@given(PLAIN)
def test_a_plain_value_crosses_unchanged(value: Any) -> None:
    crossed = decode(json.loads(json.dumps(encode(value))), None)
    assert repr(crossed) == repr(value) and type(crossed) is type(value)


@pytest.mark.parametrize(
    "value",
    [
        np.arange(6).reshape(2, 3),
        np.float32(1.5),
        np.array(["a", "bc"]),
        np.array([1, "a"], object),
        pd.DataFrame({"a": [1, 2], "b": ["x", None]}, index=["p", "q"]),
        pd.Series([1.5], name="s"),
        pd.Index([1, 2]),
        pd.DataFrame({"t": pd.to_datetime(["2020-01-01"])}),
        pd.DataFrame(),
    ],
)
def test_an_array_or_table_crosses_unchanged(value: Any) -> None:
    crossed = decode(json.loads(json.dumps(encode(value))), None)
    assert type(crossed) is type(value) or type(value) is pd.RangeIndex
    assert str(crossed) == str(value)


@settings(max_examples=150, deadline=None)
@given(
    st.recursive(
        st.none() | st.integers() | st.text() | st.sampled_from(["array", "list", "int", "table"]),
        lambda inner: st.lists(inner),
        max_leaves=20,
    )
)
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
    right = "check_number(n, 3)\ncheck_number(CUT, 4)\ncheck_function(f, [((1,), 2)])"
    assert judge.mark(right) == []
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
    source = (
        "import a.b, c as d\n%magic\nx, (y, *z) = 1, (2, 3)\nfor i in x: j = 1\n"
        "def f(inner): local = 1\nclass K: inside = 1\n[q for q in x]\nwith o as w: pass"
    )
    assert bound_names(source) == {"a", "d", "x", "y", "z", "i", "j", "f", "K", "w"}


def test_what_stands_beside_a_submission_needs_nothing_else_of_the_package(tmp_path: Path) -> None:
    """The sandbox shows no more than this: a module that is missing there would stop every call."""
    package = Path(grading.__file__).parent
    (tmp_path / "grading").mkdir()
    for name in BESIDE:
        if (package / name).is_dir():
            shutil.copytree(package / name, tmp_path / "grading" / name)
        elif (package / name).is_file():
            shutil.copy(package / name, tmp_path / "grading" / name)
    names = (
        f"grading.inside.{path.stem}"
        for path in (package / "inside").glob("*.py")
        if path.stem not in ("__init__", "launch")  # which is a program
    )
    code = f"""
import json, sys, grading, {", ".join(names)}
found = {{name: one.__file__ for name, one in sys.modules.items() if name.startswith("grading")}}
print(json.dumps(found))"""
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env={"PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    # what is not there would be found where the package is installed, which a sandbox does not show
    elsewhere = {
        name: file
        for name, file in json.loads(done.stdout).items()
        if not Path(file).is_relative_to(tmp_path)
    }
    assert not elsewhere
