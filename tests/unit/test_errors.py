"""LifbookError: one exception that says what is wrong, where, and what to do."""

from __future__ import annotations

import ast
import doctest
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as hs

import lifbook
from lifbook import errors
from lifbook.errors import LifbookError

PACKAGE = Path(lifbook.__file__).parent
every_module = pytest.mark.parametrize(
    "path", sorted(PACKAGE.rglob("*.py")), ids=lambda path: path.relative_to(PACKAGE).as_posix()
)


def test_the_message_says_what_where_and_what_to_do():
    error = LifbookError(
        "'x' is not a number", file="data/a.csv", row=3, column="start", remedy="write a number"
    )
    assert str(error) == (
        "data/a.csv, row 3, column 'start': 'x' is not a number. What to do: write a number."
    )


def test_places_are_left_out_where_there_are_none():
    assert str(LifbookError("odd", remedy="try again")) == "odd. What to do: try again."
    assert str(LifbookError("odd", remedy="r", column="cut")) == "column 'cut': odd. What to do: r."
    assert str(LifbookError("odd", remedy="r", argument="x")) == "argument 'x': odd. What to do: r."
    assert str(LifbookError("odd", remedy="r", row=0)).startswith("row 0: ")


@settings(deadline=None)
@given(hs.text(), hs.text(), *[hs.none() | hs.text(min_size=1)] * 4)
def test_every_part_can_be_had_from_the_exception(problem, remedy, file, argument, row, column):
    error = LifbookError(
        problem, remedy=remedy, file=file, argument=argument, row=row, column=column
    )
    assert (error.problem, error.remedy) == (problem, remedy)
    assert (error.file, error.row, error.column) == (file, row, column)
    assert error.argument == argument
    for part in (problem, remedy, file, argument, row, column):
        assert part is None or part in str(error)


def test_an_unknown_name_is_answered_with_those_there_are():
    error = LifbookError.unknown("step", "x", ["a", 2], file="f", argument="g", row=3, column="h")
    assert (error.problem, error.remedy) == ("no step is called 'x'", "use one of a, 2")
    assert (error.file, error.argument, error.row, error.column) == ("f", "g", 3, "h")
    none = LifbookError.unknown("step", "x", (name for name in ()))
    assert str(none) == "no step is called 'x'. What to do: there is none to choose from."


def test_an_unknown_name_raises_the_exception_it_was_asked_of():
    class Own(LifbookError):
        pass

    assert type(Own.unknown("step", "x", ["a"])) is Own


def test_one_except_is_enough():
    assert issubclass(LifbookError, ValueError)
    assert lifbook.LifbookError is LifbookError
    with pytest.raises(ValueError, match="odd"):
        raise LifbookError("odd", remedy="try again")


def test_a_remedy_cannot_be_left_out():
    with pytest.raises(TypeError, match="remedy"):
        LifbookError("odd")


def test_its_examples_are_right():
    assert doctest.testmod(errors).attempted == 5
    assert doctest.testmod(errors).failed == 0


def raised(path: Path) -> list[ast.Call]:
    """Calls of LifbookError in a module."""
    return [
        node
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "LifbookError"
    ]


@every_module
def test_problems_and_remedies_are_written_without_a_full_stop(path):
    """The exception puts the stops; nowhere may there be two."""
    for call in raised(path):
        given_ = [*call.args, *(word.value for word in call.keywords if word.arg == "remedy")]
        for text in given_:
            last = text.values[-1] if isinstance(text, ast.JoinedStr) else text
            if isinstance(last, ast.Constant) and isinstance(last.value, str):
                assert not last.value.endswith("."), (path.name, call.lineno)


@every_module
def test_no_other_exception_is_raised_for_bad_input(path):
    """In all of lifbook; AttributeError is what Python itself asks __getattr__ for.

    A function may raise ValueError for another of its module that turns it into LifbookError.
    """
    tree = ast.parse(path.read_text("utf-8"))
    allowed = {"LifbookError", "unknown", "AttributeError"}
    allowed |= {  # functions of the module that make the exception
        node.name
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef) and getattr(node.returns, "id", "") == "LifbookError"
    }
    for handler in (node for node in ast.walk(tree) if isinstance(node, ast.ExceptHandler)):
        inside = [node for part in handler.body for node in ast.walk(part)]
        if any(getattr(getattr(node, "func", None), "id", "") == "LifbookError" for node in inside):
            names = ast.walk(handler.type) if handler.type else []
            allowed |= {node.id for node in names if isinstance(node, ast.Name)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
            name = getattr(node.exc.func, "id", getattr(node.exc.func, "attr", ""))
            assert name in allowed, (path.name, node.lineno, name)
