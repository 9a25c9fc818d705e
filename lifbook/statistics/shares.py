"""One share: its exact interval, and how many people it takes to see a rare thing."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from scipy import stats

from lifbook.errors import LifbookError
from lifbook.statistics.checks import (
    Alternative,
    check_between,
    check_choice,
    check_count,
    check_part,
)

#: On which sides an interval has a limit, and the test whose limits these are, in scipy's words.
SIDES: dict[str, Alternative] = {"two-sided": "two-sided", "lower": "greater", "upper": "less"}


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


def binomial_interval(
    count: int, total: int, *, level: float = 0.95, sides: str = "two-sided"
) -> Interval:
    """Exact (Clopper-Pearson) confidence interval of a share.

    Parameters
    ----------
    count, total
        Number of people or events counted, out of this total.
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
    count, total = check_part(count, total, ("count", "total"))
    level = check_between(level, "level")
    alternative = SIDES[check_choice(sides, list(SIDES), "sides")]
    test = stats.binomtest(count, total, alternative=alternative)
    found = test.proportion_ci(level, method="exact")
    return Interval(count / total, float(found.low), float(found.high), level)


def rule_of_three(total: int) -> float:
    """Upper 95 % bound of a share of which none was seen, by the rule of thumb 3/n.

    Near enough to the exact one-sided bound for n of 30 and more.

    Parameters
    ----------
    total
        People or events among which none was seen.

    Raises
    ------
    LifbookError
        If the total is not a whole number above 0.

    Examples
    --------
    >>> round(rule_of_three(41), 3), round(binomial_interval(0, 41, sides="upper").high, 3)
    (0.073, 0.07)

    References
    ----------
    Hanley JA, Lippman-Hand A (1983) If nothing goes wrong, is everything all right?
    JAMA 249:1743-1745. doi:10.1001/jama.1983.03330370053031
    """
    _none, total = check_part(0, total, ("count", "total"))
    return min(1.0, 3 / total)


def chance_to_see(total: int, frequency: float, *, at_least: int = 1) -> float:
    """Chance that a sample holds at least a given number of carriers of a variant.

    Parameters
    ----------
    total
        People in the sample.
    frequency
        Share of carriers in the population, 0 to 1.
    at_least
        Number of carriers to be seen.

    Raises
    ------
    LifbookError
        Impossible numbers of people, or a frequency outside 0 to 1.

    Examples
    --------
    >>> round(chance_to_see(176, 0.01), 3)
    0.829
    """
    _none, total = check_part(0, total, ("count", "total"))
    frequency = check_between(frequency, "frequency", ends=True)
    return float(stats.binom.sf(check_count(at_least, "at_least") - 1, total, frequency))


def size_to_see(frequency: float, *, chance: float = 0.95) -> int:
    """People to be looked at to see at least one carrier with a given chance.

    Parameters
    ----------
    frequency
        Share of carriers in the population, between 0 and 1.
    chance
        Wanted chance, between 0 and 1.

    Raises
    ------
    LifbookError
        A frequency or chance outside 0 to 1.

    Examples
    --------
    >>> size_to_see(0.01)
    299
    """
    frequency = check_between(frequency, "frequency")
    chance = check_between(chance, "chance")
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

    Raises
    ------
    LifbookError
        If there is no percentage, one outside 0 to 100, or `most` is not a number of people.
    """
    _none, most = check_part(0, most, ("count", "most"))
    values = [check_between(value, "percentages", 0, 100, ends=True) for value in percentages]
    if not values:
        raise LifbookError(
            "no percentage was given", argument="percentages", remedy="give at least one"
        )
    half = 0.5 * 10.0**-decimals + 1e-9  # whichever way the authors rounded a half
    return [
        total
        for total in range(1, most + 1)
        if all(
            any(abs(100 * part / total - value) <= half for part in range(total + 1))
            for value in values
        )
    ]
