"""lifbook.rounding: the same number on every processor, also where it lies exactly between two."""

from __future__ import annotations

import math
from decimal import ROUND_HALF_UP, Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifbook.rounding import NOISE, TIE, rounded, significant, whole

finite = st.floats(-1e6, 1e6, allow_nan=False)


@given(st.integers(-(10**6), 10**6), st.integers(0, 5), st.floats(-1, 1))
def test_noise_does_not_decide_a_half(units, places, noise):
    """A number in the middle between two rounded ones, give or take what processors differ by."""
    ten = 10**places
    half = (2 * units + 1) / (2 * ten)
    assert rounded(half + noise * 1e-9 / ten, places) == (units + 1) / ten


@given(finite, st.integers(0, 5))
def test_away_from_the_halves_it_is_what_everybody_rounds_to(value, places):
    exact = Decimal(value)
    unit = Decimal(1).scaleb(-places)
    expected = exact.quantize(unit, ROUND_HALF_UP)
    if abs(abs(exact / unit % 1) - Decimal("0.5")) > Decimal(2 * TIE):
        assert rounded(value, places) == float(expected)


@given(finite, st.integers(1, 8))
def test_significant_digits(value, digits):
    found = significant(value, digits)
    assert found == float(f"{found:.{digits}g}"), "more digits than were asked for"
    assert found == pytest.approx(
        value, rel=(0.5 + TIE) * 10 ** (1 - digits) * (1 + 1e-9), abs=1e-300
    )


def test_significant_where_the_rounded_number_is_longer():
    assert significant(9.9996) == 10.0
    assert significant(0.00012345, 3) == 0.000123
    assert significant(123456, 2) == 120000.0
    assert significant(-20.1188, 3) == -20.1


def test_what_is_not_a_number_stays():
    for function in (rounded, significant):
        assert math.isnan(function(math.nan))
        assert function(-math.inf) == -math.inf
    assert math.copysign(1, rounded(-0.001, 2)) == 1, "no minus before a nought"


@given(st.lists(st.integers(-1000, 1000), min_size=1), st.floats(-1, 1))
def test_whole_numbers_of_an_array(units, noise):
    halves = np.array(units) + 0.5 + noise * 1e-8
    assert whole(halves).tolist() == [unit + 1 for unit in units]
    assert whole(np.array(units) + noise * 0.49).tolist() == units


def test_noise_is_far_above_rounding_errors_and_far_below_what_is_shown():
    assert 1e-11 * 1000 < NOISE < TIE * 1e-3
