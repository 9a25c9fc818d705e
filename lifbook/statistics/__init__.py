"""Small-sample statistics: exact intervals, odds ratios with zero cells, power of Fisher's test.

Thin layers over scipy that say what is wrong with a count and never hide an infinite limit.
A 2x2 table is given as four counts, in the order in which papers print them: carriers among
the cases, number of cases, carriers among the controls, number of controls.

References
----------
Clopper CJ, Pearson ES (1934) The use of confidence or fiducial limits illustrated in the case
of the binomial. Biometrika 26:404-413. doi:10.1093/biomet/26.4.404
Fisher RA (1935) The logic of inductive inference. J R Stat Soc 98:39-82. doi:10.2307/2342435
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from numbers import Integral, Real
from typing import Any

import numpy as np
import pandas as pd
from scipy import special, stats
from scipy.stats import contingency

from lifbook.errors import LifbookError

SIDES = ("two-sided", "lower", "upper")
#: Two tables count as equally likely when their probabilities differ by less than this share:
#: they are computed through logarithms of factorials. R's ``fisher.test`` allows the same.
TIES = 1e-7


@dataclass(frozen=True)
class Interval:
    """An estimate with its confidence interval.

    Attributes
    ----------
    estimate
        Observed share.
    low, high
        Limits; a one-sided interval has 0 or 1 as its other end.
    level
        Confidence level.
    """

    estimate: float
    low: float
    high: float
    level: float

    def __str__(self) -> str:
        return f"{self.estimate:.1%} ({self.low:.1%} to {self.high:.1%})"


@dataclass(frozen=True)
class OddsRatio:
    """An odds ratio with its confidence interval.

    Attributes
    ----------
    estimate, low, high
        May be 0 or infinite: with a zero cell one side stays open.
    level
        Confidence level.
    method
        How it was found, in words for the reader.
    """

    estimate: float
    low: float
    high: float
    level: float
    method: str

    def __str__(self) -> str:
        return f"{number(self.estimate)} ({number(self.low)} to {number(self.high)})"


def number(value: float) -> str:
    """A ratio with two significant digits, ``∞`` where it has no limit.

    Examples
    --------
    >>> number(0.2117), number(626.2), number(math.inf)
    ('0.21', '630', '∞')
    """
    if math.isinf(value):
        return "∞"
    if value == 0:
        return "0"
    places = max(0, 1 - math.floor(math.log10(abs(float(f"{value:.1e}")))))
    return f"{float(f'{value:.1e}'):.{places}f}"


# --- What is refused ---------------------------------------------------------------------


def _count(value: Any, column: str) -> int:
    whole = isinstance(value, Integral) or (isinstance(value, Real) and float(value).is_integer())
    if isinstance(value, bool | np.bool_) or not whole or value < 0:
        raise LifbookError(
            f"{value} cannot be a number of people or events", column=column,
            remedy="give a whole number from 0 on, the count itself and not a percentage",
        )
    return int(value)


def _of(part: Any, whole: Any, names: tuple[str, str]) -> tuple[int, int]:
    """A count and the number it is part of, checked."""
    part, whole = _count(part, names[0]), _count(whole, names[1])
    if whole == 0:
        raise LifbookError(
            "a group of nobody has no share", column=names[1], remedy="give a group of at least one"
        )
    if part > whole:
        raise LifbookError(
            f"{part} of {whole} is more than all of them", column=names[0],
            remedy=f"give a count from 0 to {whole}, or exchange the two numbers",
        )
    return part, whole


def _between(
    value: Any, column: str, low: float = 0.0, high: float = 1.0, *, ends: bool = False
) -> float:
    inside = isinstance(value, Real) and (low <= value <= high if ends else low < value < high)
    if not inside:
        words = f"from {low:g} to {high:g}" if ends else f"between {low:g} and {high:g}"
        raise LifbookError(
            f"{value} is not {words}",
            column=column,
            remedy=f"use a number {words}"
                   + (", such as 0.05; not a percentage" if high == 1 else ""),
        )
    return float(value)


def _sides(value: str, known: Sequence[str], column: str) -> str:
    if value not in known:
        raise LifbookError(
            f"'{value}' is no kind of {column}", column=column,
            remedy=f"use one of {', '.join(known)}",
        )
    return value


def _table(
    carriers: Any, cases: Any, control_carriers: Any, controls: Any
) -> list[list[int]]:
    """Four counts as a 2x2 table, rows carriers and others; an empty margin is refused."""
    a, n = _of(carriers, cases, ("carriers", "cases"))
    b, m = _of(control_carriers, controls, ("control_carriers", "controls"))
    for all_of, who in ((0, "nobody is a carrier"), (n + m, "everybody is a carrier")):
        if a + b == all_of:
            raise LifbookError(
                f"{who}: the table has an empty margin, and there is nothing to compare",
                column="carriers, control_carriers",
                remedy="report a bound of each share with binomial_interval instead",
            )
    return [[a, b], [n - a, m - b]]


# --- One share ---------------------------------------------------------------------------


def binomial_interval(
    count: int, total: int, *, level: float = 0.95, sides: str = "two-sided"
) -> Interval:
    """Exact (Clopper-Pearson) confidence interval of a share.

    Parameters
    ----------
    count, total
        So many of so many.
    level
        Confidence level, between 0 and 1.
    sides
        ``"two-sided"``; ``"upper"`` for a bound above only (nothing was seen: how much can
        there be?), ``"lower"`` for one below only.

    Examples
    --------
    >>> print(binomial_interval(0, 41, sides="upper"))
    0.0% (0.0% to 7.0%)

    Raises
    ------
    LifbookError
        Counts that are negative, not whole, or more than the total; a level outside 0 to 1.
    """
    count, total = _of(count, total, ("count", "total"))
    level = _between(level, "level")
    alternative = {"two-sided": "two-sided", "upper": "less", "lower": "greater"}[
        _sides(sides, SIDES, "sides")
    ]
    test = stats.binomtest(count, total, alternative=alternative)
    found = test.proportion_ci(level, method="exact")
    return Interval(count / total, float(found.low), float(found.high), level)


def rule_of_three(total: int) -> float:
    """Upper 95 % bound of a share of which none was seen, by the rule of thumb 3/n.

    Near enough to the exact one-sided bound for n of 30 and more.

    References
    ----------
    Hanley JA, Lippman-Hand A (1983) If nothing goes wrong, is everything all right?
    JAMA 249:1743-1745. doi:10.1001/jama.1983.03330370053031
    """
    _none, total = _of(0, total, ("count", "total"))
    return min(1.0, 3 / total)


def chance_to_see(total: int, frequency: float, *, at_least: int = 1) -> float:
    """Chance that a sample holds at least so many carriers of a variant of a frequency.

    Parameters
    ----------
    total
        People in the sample.
    frequency
        Share of carriers in the population, 0 to 1.
    """
    _none, total = _of(0, total, ("count", "total"))
    frequency = _between(frequency, "frequency", ends=True)
    return float(stats.binom.sf(_count(at_least, "at_least") - 1, total, frequency))


def size_to_see(frequency: float, *, chance: float = 0.95) -> int:
    """People to be looked at to see at least one carrier with a given chance."""
    frequency = _between(frequency, "frequency")
    chance = _between(chance, "chance")
    return max(1, math.ceil(math.log1p(-chance) / math.log1p(-frequency) - 1e-9))


def totals_that_fit(percentages: Sequence[float], most: int, *, decimals: int = 1) -> list[int]:
    """Numbers of people of which all these printed percentages can be percentages.

    Parameters
    ----------
    percentages
        As printed, rounded to `decimals` places; each of a whole number of people.
    most
        Largest number of people to try.

    Examples
    --------
    >>> totals_that_fit([23.7, 34.2], 41)
    [38]
    """
    _none, most = _of(0, most, ("count", "most"))
    values = [_between(value, "percentages", 0, 100, ends=True) for value in percentages]
    if not values:
        raise LifbookError(
            "no percentage was given", column="percentages", remedy="give at least one"
        )
    half = 0.5 * 10.0**-decimals + 1e-9  # whichever way the authors rounded a half
    return [
        total for total in range(1, most + 1)
        if all(any(abs(100 * part / total - value) <= half for part in range(total + 1))
               for value in values)
    ]


# --- Two shares --------------------------------------------------------------------------


def odds_ratio(
    carriers: int, cases: int, control_carriers: int, controls: int, *, level: float = 0.95
) -> OddsRatio:
    """Odds ratio with its exact conditional confidence interval.

    The estimate is the conditional maximum-likelihood one, the limits are Fisher's: those
    odds ratios under which the observed table, or one further out, would have a probability of
    (1 - level) / 2. A zero among the controls gives an infinite estimate and an infinite upper
    limit; the lower limit stays a number, and it is what the data say.

    Parameters
    ----------
    carriers, cases
        Carriers among the cases, and the number of cases.
    control_carriers, controls
        The same for the controls.

    Examples
    --------
    >>> print(odds_ratio(3, 4, 1, 4))  # Fisher's lady tasting tea
    6.4 (0.21 to 630)

    Raises
    ------
    LifbookError
        Counts that cannot be, or an empty margin: nobody or everybody is a carrier.
    """
    table = _table(carriers, cases, control_carriers, controls)
    level = _between(level, "level")
    found = contingency.odds_ratio(table, kind="conditional")
    limits = found.confidence_interval(level)
    return OddsRatio(
        float(found.statistic), float(limits.low), float(limits.high), level, "exact, conditional"
    )


def corrected_odds_ratio(
    carriers: int, cases: int, control_carriers: int, controls: int, *, level: float = 0.95
) -> OddsRatio:
    """Odds ratio after half a person is added to each cell: an approximation, not an exact one.

    The Haldane-Anscombe correction makes every estimate finite. How far depends on the half
    that was added: with a zero cell the limits are those of the correction as much as of the data.

    References
    ----------
    Haldane JBS (1956) Ann Hum Genet 20:309-311. doi:10.1111/j.1469-1809.1955.tb01285.x
    Anscombe FJ (1956) Biometrika 43:461-464. doi:10.1093/biomet/43.3-4.461
    """
    (a, b), (c, d) = np.array(_table(carriers, cases, control_carriers, controls)) + 0.5
    level = _between(level, "level")
    middle = math.log(a * d / (b * c))
    reach = stats.norm.isf((1 - level) / 2) * math.sqrt(1 / a + 1 / b + 1 / c + 1 / d)
    return OddsRatio(
        math.exp(middle), math.exp(middle - reach), math.exp(middle + reach), level,
        "0.5 added to each cell, normal approximation",
    )


def fisher(
    carriers: int, cases: int, control_carriers: int, controls: int, *,
    alternative: str = "two-sided",
) -> float:
    """P value of Fisher's exact test; the two-sided one adds up all tables that are no likelier.

    Raises
    ------
    LifbookError
        As `odds_ratio`.
    """
    table = _table(carriers, cases, control_carriers, controls)
    known = ("two-sided", "greater", "less")
    alternative = _sides(alternative, known, "alternative")
    return float(stats.fisher_exact(table, alternative=alternative).pvalue)


def adjust(p_values: Sequence[float], *, method: str = "holm") -> np.ndarray:
    """P values adjusted for the number of tests.

    Parameters
    ----------
    p_values
        (n,) P values of the tests that were made, all of them.
    method
        ``"holm"``: the chance of even one false alarm stays below the level [1]_.
        ``"bh"``: the expected share of false alarms does (Benjamini and Hochberg) [2]_.

    References
    ----------
    .. [1] Holm S (1979) Scand J Stat 6:65-70.
    .. [2] Benjamini Y, Hochberg Y (1995) J R Stat Soc B 57:289-300.
       doi:10.1111/j.2517-6161.1995.tb02031.x
    """
    values = np.array([
        _between(value, "p_values", ends=True) for value in np.ravel(np.asarray(p_values)).tolist()
    ])
    if not values.size:
        raise LifbookError(
            "there is no P value to adjust", column="p_values", remedy="give at least one"
        )
    if _sides(method, ("holm", "bh"), "method") == "bh":
        return stats.false_discovery_control(values, method="bh")
    order = np.argsort(values, kind="stable")
    stepped = np.maximum.accumulate(values[order] * np.arange(values.size, 0, -1))
    adjusted = np.empty_like(values)
    adjusted[order] = np.minimum(stepped, 1)
    return adjusted


def compare(
    studies: pd.DataFrame, *, level: float = 0.95,
    columns: Sequence[str] = ("carriers", "cases", "control_carriers", "controls"),
) -> pd.DataFrame:
    """The table of studies with odds ratio, exact interval and P values added.

    Parameters
    ----------
    studies
        One study a row.
    columns
        Names of the four columns of counts.

    Returns
    -------
    The same rows with ``odds_ratio``, ``low``, ``high`` (may be infinite), ``p_value``
    (Fisher, two-sided) and ``p_holm`` (for all rows together).

    Raises
    ------
    LifbookError
        A missing column, or counts that cannot be, with the row.
    """
    for column in columns:
        if column not in studies:
            raise LifbookError(
                f"the table has no column '{column}'", column=column,
                remedy=f"use some of {', '.join(map(str, studies.columns))}",
            )
    if studies.empty:
        raise LifbookError("the table has no rows", remedy="give at least one study")
    rows = []
    for at, counts in enumerate(studies[list(columns)].itertuples(index=False), start=1):
        try:
            ratio = odds_ratio(*counts, level=level)
            rows.append((ratio.estimate, ratio.low, ratio.high, fisher(*counts)))
        except LifbookError as error:
            raise LifbookError(
                error.problem, remedy=error.remedy, row=at, column=error.column
            ) from None
    names = ["odds_ratio", "low", "high", "p_value"]
    added = pd.DataFrame(rows, columns=names, index=studies.index)
    added["p_holm"] = adjust(added["p_value"].to_list())
    return studies.join(added)


# --- Power -------------------------------------------------------------------------------


def _log_choose(total: int, part: np.ndarray) -> np.ndarray:
    return (special.gammaln(total + 1) - special.gammaln(part + 1)
            - special.gammaln(total - part + 1))


def _p_values(together: int, cases: int, controls: int, alternative: str) -> tuple[int, np.ndarray]:
    """Fisher's P value of each table with so many carriers in all.

    Returns the smallest possible number of carriers among the cases, and the P values from
    there on.
    """
    first, last = max(0, together - controls), min(together, cases)
    part = np.arange(first, last + 1)
    logs = _log_choose(cases, part) + _log_choose(controls, together - part)
    chance = np.exp(logs - special.logsumexp(logs))
    if alternative == "greater":
        return first, chance[::-1].cumsum()[::-1]
    if alternative == "less":
        return first, chance.cumsum()
    order = np.argsort(chance, kind="stable")
    sums = np.concatenate([[0.0], chance[order].cumsum()])
    return first, sums[np.searchsorted(chance[order], chance * (1 + TIES), side="right")]


def power(
    cases: int, controls: int, case_frequency: float, control_frequency: float, *,
    alpha: float = 0.05, alternative: str = "two-sided",
) -> float:
    """Power of Fisher's exact test, by going through every table that two samples can give.

    Each pair of counts has its probability from two binomial distributions; the power is the
    sum over those pairs whose P value is at most `alpha`. No approximation, no simulation.

    Parameters
    ----------
    cases, controls
        Sizes of the two samples.
    case_frequency, control_frequency
        Shares of carriers in the two populations, 0 to 1. If they are equal, the result is
        the test's true rate of false alarms, which lies below `alpha`.
    alternative
        ``"two-sided"``, or ``"greater"`` (more carriers among the cases) or ``"less"``.

    Raises
    ------
    LifbookError
        Sizes or shares that cannot be.

    References
    ----------
    Casagrande JT, Pike MC, Smith PG (1978) The power function of the "exact" test for comparing
    two binomial distributions. Appl Stat 27:176-180. doi:10.2307/2346945
    """
    _none, cases = _of(0, cases, ("carriers", "cases"))
    _none, controls = _of(0, controls, ("control_carriers", "controls"))
    frequencies = [
        _between(case_frequency, "case_frequency", ends=True),
        _between(control_frequency, "control_frequency", ends=True),
    ]
    alpha = _between(alpha, "alpha")
    _sides(alternative, ("two-sided", "greater", "less"), "alternative")
    chances = [
        stats.binom.pmf(np.arange(size + 1), size, share)
        for size, share in zip((cases, controls), frequencies, strict=True)
    ]
    # Counts that together have a chance of less than 1e-13 are left out.
    kept = [np.flatnonzero(chance > 1e-17) for chance in chances]
    ends = [(int(part[0]), int(part[-1])) for part in kept]
    total = 0.0
    for together in range(ends[0][0] + ends[1][0], ends[0][1] + ends[1][1] + 1):
        first, p_values = _p_values(together, cases, controls, alternative)
        part = np.arange(first, first + p_values.size)[p_values <= alpha * (1 + TIES)]
        part = part[(part >= ends[0][0]) & (part <= ends[0][1])
                    & (together - part >= ends[1][0]) & (together - part <= ends[1][1])]
        total += float(chances[0][part] @ chances[1][together - part])
    return min(1.0, total)


def sample_size(
    case_frequency: float, control_frequency: float, *, power_wanted: float = 0.8,
    controls_per_case: float = 1.0, alpha: float = 0.05, largest: int = 5000,
) -> int:
    """Cases needed for Fisher's test (two-sided) to reach a power, and to keep it with more cases.

    The power of an exact test goes up in a saw-tooth: one case more can lower it. The answer is
    the size from which on no larger one that was tried falls below the wanted power.

    Parameters
    ----------
    case_frequency, control_frequency
        As in `power`; they must differ.
    controls_per_case
        Controls for each case, rounded up to a whole number of people.
    largest
        Where the search ends.

    Raises
    ------
    LifbookError
        Equal frequencies, or more than `largest` cases needed.
    """
    case_frequency = _between(case_frequency, "case_frequency", ends=True)
    control_frequency = _between(control_frequency, "control_frequency", ends=True)
    power_wanted = _between(power_wanted, "power_wanted")
    controls_per_case = _between(controls_per_case, "controls_per_case", 0, 1000)
    if case_frequency == control_frequency:
        raise LifbookError(
            "two equal frequencies cannot be told apart by any sample", column="control_frequency",
            remedy="give two different frequencies",
        )

    def reached(cases: int) -> float:
        controls = math.ceil(controls_per_case * cases - 1e-9)
        return power(cases, controls, case_frequency, control_frequency, alpha=alpha)

    # Double until well above the goal, higher than any tooth, then walk down.
    spare = (1 - power_wanted) / 3
    cases = 2
    while reached(cases) < power_wanted + spare:
        cases *= 2
        if cases > 2 * largest:
            raise LifbookError(
                f"more than {largest} cases would be needed", column="largest",
                remedy="choose frequencies that differ more, a lower power, or a larger limit",
            )
    step = max(1, cases // 64)
    while cases > step and reached(cases - step) >= power_wanted + spare:
        cases -= step
    while cases > 1 and reached(cases - 1) >= power_wanted:
        cases -= 1
    if cases > largest:
        raise LifbookError(
            f"{cases} cases would be needed, more than {largest}", column="largest",
            remedy="choose frequencies that differ more, a lower power, or a larger limit",
        )
    return cases
