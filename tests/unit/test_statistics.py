"""lifbook.statistics: published values, brute force in fractions, refusals; the page's copy too."""

from __future__ import annotations

import itertools
import json
import math
from fractions import Fraction
from math import comb
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as hs
from javascript import in_node
from scipy import stats

from lifbook import statistics as st
from lifbook.errors import LifbookError

SHARED = Path(st.__file__).parents[1] / "page" / "shared"


# --- Published values --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("count", "total", "low", "high"),
    [
        # Newcombe RG (1998) Stat Med 17:857-872, Table I, method 5 (Clopper-Pearson).
        (81, 263, 0.2527, 0.3676),
        (15, 148, 0.0578, 0.1617),
        (0, 20, 0.0, 0.1684),
        (1, 29, 0.0009, 0.1776),
    ],
)
def test_intervals_are_those_of_newcombes_table(count, total, low, high):
    found = st.binomial_interval(count, total)
    assert (round(found.low, 4), round(found.high, 4)) == (low, high)
    assert found.estimate == count / total and found.level == 0.95


def test_the_lady_tasting_tea():
    """Fisher 1935; Agresti (2007) Introduction to Categorical Data Analysis, section 2.6: P 0.243 one-sided,
    0.486 two-sided; conditional estimate 6.4, one-sided 95 % limit 0.31 (R's help of fisher.test)."""
    assert st.fisher(3, 4, 1, 4, alternative="greater") == pytest.approx(17 / 70)
    assert st.fisher(3, 4, 1, 4) == pytest.approx(34 / 70)
    found = st.odds_ratio(3, 4, 1, 4)
    assert found.estimate == pytest.approx(6.408, abs=5e-4)
    assert st.odds_ratio(3, 4, 1, 4, level=0.90).low == pytest.approx(0.3136, abs=5e-5)
    assert str(found) == "6.4 (0.21 to 630)"


def test_fishers_twins():
    """Criminal twins: Fisher (1970) Statistical Methods for Research Workers; example of R's help of fisher.test,
    which prints P 0.0005367, 0.0004652 one-sided, estimate 0.04694, limits 0.0033 and 0.3632."""
    assert st.fisher(2, 17, 10, 13) == pytest.approx(0.0005367, abs=5e-8)
    assert st.fisher(2, 17, 10, 13, alternative="less") == pytest.approx(0.0004652, abs=5e-8)
    found = st.odds_ratio(2, 17, 10, 13)
    assert found.estimate == pytest.approx(0.04694, abs=5e-6)
    assert found.low == pytest.approx(0.0033, abs=5e-5) and found.high == pytest.approx(
        0.3632, abs=5e-5
    )


def test_power_is_that_of_other_programs():
    """R package Exact, power.exact.test(method = "fisher"), one-sided 0.025, 10 and 40 people; and
    Mathews P, Sample Size Calculations (2010), section 4.3.2.1: 0.01 and 0.05, 80 and 80 people, 0.211135."""
    for share, known in ((0.5, 0.3288391), (0.6, 0.5474891), (0.7, 0.7619361), (0.8, 0.9172846)):
        found = st.power(10, 40, share, 0.2, alpha=0.025, alternative="greater")
        assert found == pytest.approx(known, abs=5e-8)
    assert st.power(80, 80, 0.05, 0.01, alternative="greater") == pytest.approx(0.211135, abs=5e-7)


def test_holm_steps_down():
    """Example of Holm's procedure with four P values (0.01, 0.04, 0.03, 0.005): two are rejected at 0.05."""
    assert st.adjust([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])


def test_rule_of_three_is_near_the_exact_bound():
    """Hanley and Lippman-Hand 1983: 3/n; good from n = 30 on, too high below."""
    for total in (30, 41, 100, 1000):
        exact = st.binomial_interval(0, total, sides="upper").high
        assert exact == pytest.approx(1 - 0.05 ** (1 / total))
        assert 1 < st.rule_of_three(total) / exact < 1.06
    assert st.rule_of_three(2) == 1.0


# --- Brute force -------------------------------------------------------------------------


def binomial(total: int, share: Fraction) -> list[Fraction]:
    return [comb(total, k) * share**k * (1 - share) ** (total - k) for k in range(total + 1)]


def exact_p(a: int, n: int, b: int, m: int) -> Fraction:
    """Fisher's two-sided P value in whole numbers."""
    weights = {
        x: comb(n, x) * comb(m, a + b - x) for x in range(max(0, a + b - m), min(a + b, n) + 1)
    }
    return Fraction(sum(w for w in weights.values() if w <= weights[a]), sum(weights.values()))


def exact_power(n: int, m: int, p: Fraction, q: Fraction, alpha: Fraction) -> Fraction:
    one, two = binomial(n, p), binomial(m, q)
    return sum(
        (
            one[a] * two[b]
            for a, b in itertools.product(range(n + 1), range(m + 1))
            if exact_p(a, n, b, m) <= alpha
        ),
        Fraction(0),
    )


@pytest.mark.parametrize(
    ("n", "m", "p", "q"),
    [
        (8, 8, "3/4", "1/4"),
        (12, 7, "1/2", "1/10"),
        (20, 15, "2/5", "1/20"),
        (9, 14, "0", "1/3"),
        (6, 6, "1", "1/5"),
    ],
)
def test_power_is_the_sum_over_all_tables(n, m, p, q):
    wanted = exact_power(n, m, Fraction(p), Fraction(q), Fraction(1, 20))
    assert st.power(n, m, float(Fraction(p)), float(Fraction(q))) == pytest.approx(
        float(wanted), abs=1e-12
    )


def test_power_uses_scipys_p_values():
    one, two = stats.binom.pmf(np.arange(31), 30, 0.3), stats.binom.pmf(np.arange(26), 25, 0.05)
    wanted = sum(
        one[a] * two[b]
        for a in range(31)
        for b in range(26)
        if stats.fisher_exact([[a, b], [30 - a, 25 - b]]).pvalue <= 0.05
    )
    assert st.power(30, 25, 0.3, 0.05) == pytest.approx(wanted, abs=1e-12)


counts = (
    hs.tuples(hs.integers(1, 40), hs.integers(1, 40))
    .flatmap(
        lambda sizes: hs.tuples(
            hs.integers(0, sizes[0]), hs.just(sizes[0]), hs.integers(0, sizes[1]), hs.just(sizes[1])
        )
    )
    .filter(lambda t: 0 < t[0] + t[2] < t[1] + t[3])
)


def tails(table: tuple[int, int, int, int], ratio: float) -> tuple[float, float]:
    """Chances of at least and at most this many carriers among the cases, at an odds ratio."""
    a, n, b, m = table
    low = max(0, a + b - m)
    weights = [
        math.log(comb(n, x) * comb(m, a + b - x)) + x * math.log(ratio)
        for x in range(low, min(a + b, n) + 1)
    ]
    shares = np.exp(np.array(weights) - max(weights))
    shares /= shares.sum()
    return float(shares[a - low :].sum()), float(shares[: a - low + 1].sum())


@settings(deadline=None, max_examples=150)
@given(counts, hs.sampled_from([0.8, 0.95, 0.99]))
def test_limits_of_the_odds_ratio_are_where_the_tails_say(table, level):
    found = st.odds_ratio(*table, level=level)
    assert found.low <= found.estimate <= found.high
    if found.low > 0:
        assert tails(table, found.low)[0] == pytest.approx((1 - level) / 2, rel=1e-6)
    if not math.isinf(found.high):
        assert tails(table, found.high)[1] == pytest.approx((1 - level) / 2, rel=1e-6)
    a, n, b, m = table
    assert (found.low == 0) == (a == max(0, a + b - m))
    assert math.isinf(found.high) == (a == min(a + b, n))


@settings(deadline=None, max_examples=150)
@given(counts)
def test_fisher_is_exact(table):
    assert st.fisher(*table) == pytest.approx(float(exact_p(*table)), rel=1e-9)


@settings(deadline=None, max_examples=100)
@given(hs.integers(1, 60).flatmap(lambda n: hs.tuples(hs.integers(0, n), hs.just(n))))
def test_intervals_are_where_the_tails_say(pair):
    count, total = pair
    both = st.binomial_interval(count, total)
    upper = st.binomial_interval(count, total, sides="upper")
    lower = st.binomial_interval(count, total, sides="lower")
    assert both.low <= lower.low <= both.estimate <= upper.high <= both.high
    assert lower.high == 1 and upper.low == 0
    if count:
        assert stats.binom.sf(count - 1, total, both.low) == pytest.approx(0.025)
        assert stats.binom.sf(count - 1, total, lower.low) == pytest.approx(0.05)
    if count < total:
        assert stats.binom.cdf(count, total, both.high) == pytest.approx(0.025)
        assert stats.binom.cdf(count, total, upper.high) == pytest.approx(0.05)


@settings(deadline=None, max_examples=100)
@given(hs.lists(hs.floats(0, 1), min_size=1, max_size=6))
def test_holm_is_the_closure_of_bonferroni(values):
    """A hypothesis is rejected if every group that holds it is, by its smallest P value times its size."""
    wanted = [
        max(
            min(1, min(values[i] for i in group) * len(group))
            for size in range(1, len(values) + 1)
            for group in itertools.combinations(range(len(values)), size)
            if at in group
        )
        for at in range(len(values))
    ]
    assert st.adjust(values) == pytest.approx(wanted)
    assert (st.adjust(values, method="bh") <= st.adjust(values) + 1e-12).all()


def test_the_false_alarm_rate_stays_below_alpha():
    for share in (0.01, 0.05, 0.3):
        assert 0 < st.power(60, 40, share, share) < 0.05
    assert st.power(60, 40, 0.0, 0.0) == 0
    assert st.power(60, 40, 1.0, 0.0) == pytest.approx(1)


def test_sample_size_reaches_the_power_and_keeps_it():
    cases = st.sample_size(0.5, 0.2)
    assert st.power(cases, cases, 0.5, 0.2) >= 0.8 > st.power(cases - 1, cases - 1, 0.5, 0.2)
    assert all(st.power(n, n, 0.5, 0.2) >= 0.8 for n in range(cases, 2 * cases))
    more = st.sample_size(0.5, 0.2, controls_per_case=3)
    assert more < cases
    assert st.power(more, 3 * more, 0.5, 0.2) >= 0.8


def test_seeing_a_carrier():
    assert st.chance_to_see(10, 0.1) == pytest.approx(1 - 0.9**10)
    assert st.chance_to_see(10, 0.1, at_least=2) == pytest.approx(1 - 0.9**10 - 10 * 0.1 * 0.9**9)
    assert st.chance_to_see(10, 0.0) == 0 and st.chance_to_see(10, 0.0, at_least=0) == 1
    size = st.size_to_see(0.03)
    assert st.chance_to_see(size, 0.03) >= 0.95 > st.chance_to_see(size - 1, 0.03)
    assert st.size_to_see(0.5, chance=0.5) == 1


def test_percentages_give_their_totals_away():
    assert st.totals_that_fit([23.7, 34.2], 41) == [38]
    assert st.totals_that_fit([50], 5) == [2, 4] and st.totals_that_fit([33.0], 40) == []
    wanted = [
        n for n in range(1, 200) if any(round(Fraction(1000 * k, n)) == 122 for k in range(n + 1))
    ]
    assert set(wanted) <= set(st.totals_that_fit([12.2], 199))
    assert all(
        min(abs(100 * k / n - 12.2) for k in range(n + 1)) < 0.0501
        for n in st.totals_that_fit([12.2], 199)
    )


# --- Zero cells, several studies, words --------------------------------------------------


def test_a_zero_cell_leaves_one_side_open():
    found = st.odds_ratio(6, 176, 0, 75)
    assert math.isinf(found.estimate) and math.isinf(found.high) and 0 < found.low < 1
    assert str(found).startswith("∞ (0.") and str(found).endswith("to ∞)")
    turned = st.odds_ratio(0, 75, 6, 176)
    assert turned.estimate == turned.low == 0 and turned.high == pytest.approx(1 / found.low)
    corrected = st.corrected_odds_ratio(6, 176, 0, 75)
    assert corrected.estimate == pytest.approx(6.5 * 75.5 / (0.5 * 170.5))
    error = math.sqrt(1 / 6.5 + 1 / 0.5 + 1 / 170.5 + 1 / 75.5)
    assert math.log(corrected.high / corrected.estimate) == pytest.approx(
        1.959964 * error, rel=1e-6
    )
    assert "0.5 added" in corrected.method and found.method == "exact, conditional"


def test_studies_are_compared_row_by_row():
    table = pd.DataFrame(
        {
            "name": ["x", "y"],
            "carriers": [6, 1],
            "cases": [176, 95],
            "control_carriers": [0, 0],
            "controls": [75, 105],
        },
        index=[4, 9],
    )
    found = st.compare(table)
    assert list(found.index) == [4, 9] and list(found["name"]) == ["x", "y"]
    for row in found.itertuples():
        counts_ = (row.carriers, row.cases, row.control_carriers, row.controls)
        assert row.p_value == st.fisher(*counts_) and row.low == st.odds_ratio(*counts_).low
    assert list(found["p_holm"]) == list(st.adjust(found["p_value"]))
    table.loc[9, "carriers"] = 96
    with pytest.raises(LifbookError, match="row 2, column 'carriers': 96 of 95"):
        st.compare(table)
    # The columns are named as the table names them; the level is an argument, not one of them.
    renamed = table.rename(columns={"carriers": "with", "cases": "n"})
    with pytest.raises(LifbookError, match="row 2, column 'with': 96 of 95"):
        st.compare(renamed, columns=["with", "n", "control_carriers", "controls"])
    none = table.assign(carriers=0)
    with pytest.raises(LifbookError, match="row 1, column 'carriers, control_carriers': nobody"):
        st.compare(none)
    with pytest.raises(LifbookError, match="^argument 'level': 95 is not between"):
        st.compare(table, level=95)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (math.inf, "∞"),
        (0.0, "0"),
        (1.0, "1.0"),
        (9.96, "10"),
        (626.2, "630"),
        (0.0283, "0.028"),
        (12.4, "12"),
    ],
)
def test_ratios_are_written_with_two_digits(value, text):
    assert st.number(value) == text


# --- Refusals ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("call", "match"),
    [
        (
            lambda: st.binomial_interval(-1, 10),
            "argument 'count': -1 cannot be a number of people.*whole number from 0",
        ),
        (lambda: st.binomial_interval(1.5, 10), "argument 'count': 1.5 cannot be"),
        (lambda: st.binomial_interval("3", 10), "argument 'count': 3 cannot be"),
        (lambda: st.binomial_interval(True, 10), "argument 'count': True cannot be"),
        (lambda: st.binomial_interval(math.nan, 10), "argument 'count': nan cannot be"),
        (
            lambda: st.binomial_interval(11, 10),
            "argument 'count': 11 of 10 is more than all.*from 0 to 10",
        ),
        (lambda: st.binomial_interval(0, 0), "argument 'total': a group of nobody.*at least one"),
        (
            lambda: st.binomial_interval(1, 10, level=95),
            "argument 'level': 95 is not between 0 and 1.*not a percentage",
        ),
        (lambda: st.binomial_interval(1, 10, level=1.0), "argument 'level': 1.0 is not between"),
        (
            lambda: st.binomial_interval(1, 10, sides="both"),
            "argument 'sides': no choice is called 'both'.*two-sided, lower, upper",
        ),
        (lambda: st.rule_of_three(0), "a group of nobody"),
        (
            lambda: st.odds_ratio(0, 5, 0, 6),
            "nobody is a carrier: the table has an empty margin.*binomial_interval",
        ),
        (
            lambda: st.odds_ratio(5, 5, 6, 6),
            "everybody is a carrier: the table has an empty margin",
        ),
        (lambda: st.fisher(0, 5, 0, 6), "empty margin"),
        (lambda: st.corrected_odds_ratio(0, 5, 0, 6), "empty margin"),
        (lambda: st.odds_ratio(1, 0, 0, 6), "argument 'cases': a group of nobody"),
        (lambda: st.odds_ratio(1, 5, 7, 6), "argument 'control_carriers': 7 of 6"),
        (lambda: st.odds_ratio(1, 5, 2, 6, level=0), "argument 'level': 0 is not between"),
        (
            lambda: st.fisher(1, 5, 2, 6, alternative="more"),
            "argument 'alternative': no choice is called 'more'",
        ),
        (lambda: st.adjust([]), "no P value to adjust"),
        (lambda: st.adjust([0.1, 1.2]), "argument 'p_values': 1.2 is not from 0 to 1"),
        (lambda: st.adjust([0.1, math.nan]), "argument 'p_values': nan is not from"),
        (
            lambda: st.adjust([0.1], method="sidak"),
            "argument 'method': no choice is called 'sidak'.*holm, bh",
        ),
        (lambda: st.power(0, 5, 0.1, 0.2), "argument 'cases': a group of nobody"),
        (lambda: st.power(5, 5, 1.1, 0.2), "argument 'case_frequency': 1.1 is not from 0 to 1"),
        (lambda: st.power(5, 5, 0.1, -0.2), "argument 'control_frequency': -0.2"),
        (lambda: st.power(5, 5, 0.1, 0.2, alpha=0), "argument 'alpha': 0 is not between 0 and 1"),
        (
            lambda: st.power(5, 5, 0.1, 0.2, alternative="x"),
            "argument 'alternative': no choice is called 'x'",
        ),
        (lambda: st.sample_size(0.1, 0.1), "two equal frequencies"),
        (lambda: st.sample_size(0.1, 0.099, largest=50), "more than 50.*a larger limit"),
        (lambda: st.sample_size(0.03, 0.005, largest=300), "more than 300.*a larger limit"),
        (lambda: st.sample_size(0.1, 0.3, power_wanted=80), "argument 'power_wanted'"),
        (lambda: st.sample_size(0.1, 0.3, controls_per_case=0), "argument 'controls_per_case'"),
        (lambda: st.chance_to_see(5, 2), "argument 'frequency'"),
        (lambda: st.chance_to_see(5, 0.2, at_least=-1), "argument 'at_least'"),
        (lambda: st.size_to_see(0), "argument 'frequency'"),
        (lambda: st.size_to_see(0.1, chance=1), "argument 'chance'"),
        (lambda: st.totals_that_fit([], 41), "no percentage was given"),
        (lambda: st.totals_that_fit([101], 41), "argument 'percentages': 101 is not from 0 to 100"),
        (lambda: st.totals_that_fit([10], 0), "argument 'most': a group of nobody"),
        (
            lambda: st.compare(pd.DataFrame({"carriers": [1]})),
            "argument 'columns': no column of the studies is called 'cases'.*use one of carriers",
        ),
        (
            lambda: st.compare(
                pd.DataFrame(columns=["carriers", "cases", "control_carriers", "controls"])
            ),
            "no rows",
        ),
    ],
)
def test_bad_input_says_what_to_do(call, match):
    with pytest.raises(LifbookError, match=match) as caught:
        call()
    assert caught.value.remedy


# --- The page's own copy -----------------------------------------------------------------


def exact(code: str) -> Any:
    """Value of an expression of exact.js, with ``"inf"`` where it is without end."""
    module = json.dumps((SHARED / "exact.js").as_uri())
    told = f"JSON.stringify({code}, (k, v) => v === Infinity ? 'inf' : v)"
    return in_node(f"import * as e from {module};\ngive(JSON.parse({told}));")


def as_number(value: float | str) -> float:
    return math.inf if value == "inf" else value


def test_the_page_has_the_same_power():
    rng = np.random.default_rng(74)
    asked = [
        (
            int(rng.integers(1, 500)),
            int(rng.integers(1, 500)),
            float(rng.uniform(0, 0.3)),
            float(rng.choice([0, rng.uniform(0, 0.3), 1])),
        )
        for _ in range(60)
    ]
    asked += [(399, 202, 0.03, 0.0), (1000, 1000, 0.03, 0.01), (1, 1, 1.0, 0.0)]
    found = exact(f"{json.dumps(asked)}.map((x) => e.power(...x))")
    for arguments, value in zip(asked, found, strict=True):
        assert value == pytest.approx(st.power(*arguments), abs=1e-9), arguments


def test_the_page_has_the_same_odds_ratios_and_p_values():
    rng = np.random.default_rng(176)
    asked = [
        (6, 176, 0, 75),
        (12, 399, 0, 202),
        (1, 95, 0, 105),
        (0, 75, 6, 176),
        (3, 4, 1, 4),
        (3, 3, 1, 2),
    ]
    while len(asked) < 80:
        n, m = (int(x) for x in rng.integers(1, 400, 2))
        a, b = int(rng.binomial(n, 0.1)), int(rng.binomial(m, 0.05))
        if 0 < a + b < n + m:
            asked.append((a, n, b, m))
    found = exact(f"{json.dumps(asked)}.map((x) => [e.fisher(...x), e.oddsRatio(...x)])")
    for table, (p_value, ratio) in zip(asked, found, strict=True):
        assert p_value == pytest.approx(st.fisher(*table), rel=1e-9), table
        wanted = st.odds_ratio(*table)
        for name in ("estimate", "low", "high"):
            assert as_number(ratio[name]) == pytest.approx(getattr(wanted, name), rel=1e-8), (
                table,
                name,
            )


def test_the_page_has_the_same_bounds():
    asked = [(k, n) for n in (1, 2, 14, 41, 200) for k in sorted({0, 1, n // 2, n})]
    found = exact(f"{json.dumps(asked)}.map((x) => e.binomialLimits(...x))")
    for (count, total), limits in zip(asked, found, strict=True):
        wanted = st.binomial_interval(count, total)
        assert limits["low"] == pytest.approx(wanted.low, abs=1e-12)
        assert limits["high"] == pytest.approx(wanted.high, abs=1e-12)
        bound = st.binomial_interval(count, total, sides="upper").high
        assert limits["bound"] == pytest.approx(bound, abs=1e-12)
