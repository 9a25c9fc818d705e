"""lifbook.signalling.courses: time courses packed for the page."""

from __future__ import annotations

import numpy as np
import pytest

from lifbook import signalling as sg
from lifbook.errors import LifbookError

AXES = {
    "dose": {"10 ng/ml": {"dose": 10}, "40 ng/ml": {"dose": 40}},
    "time": {"5 min": {"duration": 5}, "kept": {}},
    "SOCS3": {"there": {}, "removed": {"changes": sg.VARIANTS["SOCS3 removed"]}},
}
COLUMNS = ["pSTAT3_nM", "SOCS3_nM"]


@pytest.mark.parametrize("bits", [8, 16])
def test_packed_time_courses(bits):
    times = np.arange(0, 121, 2.0)
    packed = sg.time_courses(AXES, COLUMNS, times, bits=bits)
    assert packed.values.shape == (8, 2, 61)
    assert len(packed.to_bytes()) == 8 * 2 * 61 * bits // 8
    assert packed.error == pytest.approx(packed.most / (2**bits - 1) / 2, rel=0.003)
    assert [float(f"{most:.4g}") for most in packed.most] == packed.most.tolist()
    choices = {"dose": "40 ng/ml", "time": "kept", "SOCS3": "removed"}
    assert packed.state(choices) == 7
    exact = sg.simulate(40, times, changes=sg.VARIANTS["SOCS3 removed"])
    for column, error in zip(COLUMNS, packed.error, strict=True):
        difference = packed.unpack(choices)[column].to_numpy() - exact[column].to_numpy()
        assert np.abs(difference).max() <= error * (1 + 1e-9)
        assert exact[column].max() <= packed.most[COLUMNS.index(column)]
    # As a page reads it: row-major, the lower byte first.
    raw = np.frombuffer(packed.to_bytes(), dtype=f"<u{bits // 8}").reshape(8, 2, 61)
    assert (raw[5] == packed.values[5]).all()
    normal = packed.state({"dose": "40 ng/ml", "time": "kept", "SOCS3": "there"})
    assert packed.peak_times[normal] == pytest.approx([16.2, 39.2], abs=0.1)
    assert packed.peak_values[normal, 0] == pytest.approx(15.08, abs=0.01)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (({"a": {"x": {"dose": 1}}, "b": {"y": {"dose": 2}}}, COLUMNS), "two axes set dose"),
        (
            (
                {
                    "a": {"x": {"dose": 1, "changes": {"socs3_pro": 0}}},
                    "b": {"y": {"changes": {"socs3_pro": 2}}},
                },
                COLUMNS,
            ),
            "two axes set socs3_pro",
        ),
        (({"a": {"x": {"dose": [1, 2]}}}, COLUMNS), "an option has several doses"),
        (({"a": {"x": {"dose": 1}}}, []), "no columns are chosen"),
        (({"a": {"x": {"dose": 1}}}, ["LIF"]), "no observable or column is called 'LIF'"),
    ],
)
def test_time_courses_refuse(arguments, words):
    with pytest.raises(LifbookError, match=words):
        sg.time_courses(*arguments, times=[0, 1])


def test_packing_refuses_other_bits_and_unknown_options():
    with pytest.raises(LifbookError, match=r"12 bits.*use 8 or 16"):
        sg.time_courses(AXES, COLUMNS, [0, 1], bits=12)
    packed = sg.time_courses({"dose": {"low": {"dose": 1}}}, COLUMNS, [0, 1])
    with pytest.raises(LifbookError, match=r"no option of 'dose' is called 'high'.*low"):
        packed.state({"dose": "high"})
