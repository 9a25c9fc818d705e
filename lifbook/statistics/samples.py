"""How large two samples have to be: the power of Fisher's test."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from scipy import special, stats

from lifbook.errors import LifbookError
from lifbook.statistics.checks import (
    ALTERNATIVES,
    Alternative,
    check_between,
    check_choice,
    check_part,
)

#: Two tables count as equally likely when their probabilities differ by less than this share:
#: they are computed through logarithms of factorials. R's ``fisher.test`` allows the same.
TIES = 1e-7


def _log_choose(total: int, part: NDArray[np.int64]) -> NDArray[np.float64]:
    """Logarithm of the number of ways to choose `part` of `total`."""
    ways: NDArray[np.float64] = (
        special.gammaln(total + 1) - special.gammaln(part + 1) - special.gammaln(total - part + 1)
    )
    return ways


def _p_values(
    together: int, cases: int, controls: int, alternative: Alternative
) -> tuple[int, NDArray[np.float64]]:
    """Fisher's P value of each table with this number of carriers in all.

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
    cases: int,
    controls: int,
    case_frequency: float,
    control_frequency: float,
    *,
    alpha: float = 0.05,
    alternative: str = "two-sided",
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
        Impossible sizes or shares, or an unknown alternative.

    Examples
    --------
    >>> round(power(95, 105, 0.05, 0.01), 3)
    0.34

    References
    ----------
    Casagrande JT, Pike MC, Smith PG (1978) The power function of the "exact" test for comparing
    two binomial distributions. Appl Stat 27:176-180. doi:10.2307/2346945
    """
    _none, cases = check_part(0, cases, ("carriers", "cases"))
    _none, controls = check_part(0, controls, ("control_carriers", "controls"))
    frequencies = [
        check_between(case_frequency, "case_frequency", ends=True),
        check_between(control_frequency, "control_frequency", ends=True),
    ]
    alpha = check_between(alpha, "alpha")
    side = check_choice(alternative, ALTERNATIVES, "alternative")
    chances = [
        stats.binom.pmf(np.arange(size + 1), size, share)
        for size, share in zip((cases, controls), frequencies, strict=True)
    ]
    # Counts that together have a chance of less than 1e-13 are left out.
    kept = [np.flatnonzero(chance > 1e-17) for chance in chances]
    ends = [(int(part[0]), int(part[-1])) for part in kept]
    total = 0.0
    for together in range(ends[0][0] + ends[1][0], ends[0][1] + ends[1][1] + 1):
        first, p_values = _p_values(together, cases, controls, side)
        part = np.arange(first, first + p_values.size)[p_values <= alpha * (1 + TIES)]
        part = part[
            (part >= ends[0][0])
            & (part <= ends[0][1])
            & (together - part >= ends[1][0])
            & (together - part <= ends[1][1])
        ]
        total += float(chances[0][part] @ chances[1][together - part])
    return min(1.0, total)


def sample_size(
    case_frequency: float,
    control_frequency: float,
    *,
    power_wanted: float = 0.8,
    controls_per_case: float = 1.0,
    alpha: float = 0.05,
    largest: int = 5000,
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

    Examples
    --------
    >>> sample_size(0.5, 0.1)
    23
    """
    case_frequency = check_between(case_frequency, "case_frequency", ends=True)
    control_frequency = check_between(control_frequency, "control_frequency", ends=True)
    power_wanted = check_between(power_wanted, "power_wanted")
    controls_per_case = check_between(controls_per_case, "controls_per_case", 0, 1000)
    if case_frequency == control_frequency:
        raise LifbookError(
            "two equal frequencies cannot be told apart by any sample",
            argument="control_frequency",
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
                f"more than {largest} cases would be needed",
                argument="largest",
                remedy="choose frequencies that differ more, a lower power, or a larger limit",
            )
    step = max(1, cases // 64)
    while cases > step and reached(cases - step) >= power_wanted + spare:
        cases -= step
    while cases > 1 and reached(cases - 1) >= power_wanted:
        cases -= 1
    if cases > largest:
        raise LifbookError(
            f"{cases} cases would be needed, more than {largest}",
            argument="largest",
            remedy="choose frequencies that differ more, a lower power, or a larger limit",
        )
    return cases
