"""Widgets take NumPy's numbers as well as Python's, whatever the version of traitlets."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest
import traitlets

from lifbook.errors import LifbookError
from lifbook.page.widget import NamedWidget, plain
from lifbook.page.widgets import BoundExplorer, KnockoutPuzzle, PowerExplorer, Prediction


class Numbers(NamedWidget):
    """One trait of each kind."""

    _esm = "export default {};"
    whole = traitlets.Int(0).tag(sync=True)
    real = traitlets.Float(0.0).tag(sync=True)
    true = traitlets.Bool(False).tag(sync=True)
    text = traitlets.Unicode("").tag(sync=True)
    wholes = traitlets.List(traitlets.Int()).tag(sync=True)
    rows = traitlets.List().tag(sync=True)
    table = traitlets.Dict().tag(sync=True)


GIVEN = {
    "whole": np.int64(3),
    "real": np.float32(2.5),
    "true": np.bool_(True),
    "text": np.str_("Å"),
    "wholes": [np.int32(1), 2, np.uint8(3)],
    "rows": [{"n": np.int64(5), "values": (np.float64(0.5), None, [np.bool_(False)])}],
    "table": {np.int64(1): np.int64(2)},
}
KEPT = {
    "whole": 3,
    "real": 2.5,
    "true": True,
    "text": "Å",
    "wholes": [1, 2, 3],
    "rows": [{"n": 5, "values": (0.5, None, [False])}],
    "table": {1: 2},
}


def kinds(value: object) -> list[type]:
    """Types of all leaves of a value."""
    if isinstance(value, dict):
        return [kind for pair in value.items() for part in pair for kind in kinds(part)]
    if isinstance(value, list | tuple):
        return [kind for part in value for kind in kinds(part)]
    return [type(value)]


@pytest.mark.parametrize("name", GIVEN)
@pytest.mark.parametrize("when", ["made", "set"])
def test_a_trait_keeps_pythons_own(name: str, when: str) -> None:
    if when == "made":
        widget = Numbers(name="a", label="A", **{name: GIVEN[name]})
    else:
        widget = Numbers(name="a", label="A")
        setattr(widget, name, GIVEN[name])
    value = getattr(widget, name)
    assert value == KEPT[name]
    assert kinds(value) == kinds(KEPT[name])
    json.dumps(widget.get_state([name]))


def test_what_is_not_a_trait_is_kept_as_it_is() -> None:
    widget = Numbers(name="a", label="A")
    widget.cache = array = np.arange(3)
    widget.last = np.int64(7)
    assert widget.cache is array
    assert type(widget.last) is np.int64


def test_a_wrong_kind_is_still_refused() -> None:
    with pytest.raises(traitlets.TraitError):
        Numbers(name="a", label="A", whole=np.float64(1.5))


def test_others_are_not_touched() -> None:
    stamp, named = pd.Timestamp("2026-01-01"), Point(np.int64(1))
    assert plain(stamp) is stamp
    assert plain(named) is named


class Point(tuple):
    """A tuple of its own kind."""

    def __new__(cls, *values: object) -> Point:
        return super().__new__(cls, values)


def test_the_explorers_take_what_a_table_gives() -> None:
    studies = pd.DataFrame({"cases": [176], "controls": [75], "carriers": [5], "share": [0.03]})
    row = studies.iloc[0]
    cases, controls = studies["cases"].iloc[0], studies["controls"].iloc[0]
    assert isinstance(cases, np.integer)
    power = PowerExplorer(
        presets={"published": (cases, controls)},
        cases=cases,
        controls=controls,
        case_frequency=row["share"],
    )
    assert (power.cases, power.controls, power.case_frequency) == (176, 75, 0.03)
    power.cases = np.int64(200)
    assert type(power.cases) is int
    bound = BoundExplorer(count=studies["carriers"].iloc[0], total=controls)
    assert (bound.count, bound.total) == (5, 75)
    puzzle = KnockoutPuzzle("puzzle", ["a", "b"], ["c", "d"], {}, label="Which?")
    puzzle.guesses = list(np.array([1, 0, -1, 1]))
    assert puzzle.guesses == [1, 0, -1, 1]
    guess = Prediction("guess", "Which?", ["one", "two"], after="Now look.")
    guess.chosen = np.argmax([0.1, 0.9])
    assert guess.chosen == 1


def test_a_numpy_number_outside_the_slider_is_refused_in_words() -> None:
    with pytest.raises(LifbookError, match="2000 is outside the slider"):
        PowerExplorer(cases=np.int64(2000))
