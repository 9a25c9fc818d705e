"""Two shares: odds ratios, Fisher's test, and many tests at once."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats
from scipy.stats import contingency

from lifbook.errors import LifbookError
from lifbook.statistics.checks import ALTERNATIVES, check_between, check_choice, check_table

#: The four counts of a study, in the order in which papers print them.
COUNTS = ("carriers", "cases", "control_carriers", "controls")


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
        Impossible counts, or an empty margin: nobody or everybody is a carrier.
    """
    table = check_table(carriers, cases, control_carriers, controls)
    level = check_between(level, "level")
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

    Raises
    ------
    LifbookError
        As `odds_ratio`.

    Examples
    --------
    >>> print(corrected_odds_ratio(6, 176, 0, 75))
    5.8 (0.32 to 100)

    References
    ----------
    Haldane JBS (1956) Ann Hum Genet 20:309-311. doi:10.1111/j.1469-1809.1955.tb01285.x
    Anscombe FJ (1956) Biometrika 43:461-464. doi:10.1093/biomet/43.3-4.461
    """
    (a, b), (c, d) = check_table(carriers, cases, control_carriers, controls) + 0.5
    level = check_between(level, "level")
    middle = math.log(a * d / (b * c))
    reach = stats.norm.isf((1 - level) / 2) * math.sqrt(1 / a + 1 / b + 1 / c + 1 / d)
    return OddsRatio(
        math.exp(middle),
        math.exp(middle - reach),
        math.exp(middle + reach),
        level,
        "0.5 added to each cell, normal approximation",
    )


def fisher(
    carriers: int,
    cases: int,
    control_carriers: int,
    controls: int,
    *,
    alternative: str = "two-sided",
) -> float:
    """P value of Fisher's exact test; the two-sided one adds up all tables that are no likelier.

    Parameters
    ----------
    carriers, cases, control_carriers, controls
        As in `odds_ratio`.
    alternative
        ``"two-sided"``, or ``"greater"`` (more carriers among the cases) or ``"less"``.

    Raises
    ------
    LifbookError
        As `odds_ratio`, or an unknown alternative.

    Examples
    --------
    >>> round(fisher(3, 4, 1, 4), 3)  # Fisher's lady tasting tea
    0.486
    """
    table = check_table(carriers, cases, control_carriers, controls)
    side = check_choice(alternative, ALTERNATIVES, "alternative")
    return float(stats.fisher_exact(table, alternative=side).pvalue)


def adjust(p_values: Sequence[float], *, method: str = "holm") -> NDArray[np.float64]:
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

    Raises
    ------
    LifbookError
        If there is no P value, one outside 0 to 1, or the method is unknown.

    Examples
    --------
    >>> adjust([0.01, 0.04, 0.03]).round(2).tolist()
    [0.03, 0.06, 0.06]
    """
    values = np.array(
        [
            check_between(value, "p_values", ends=True)
            for value in np.ravel(np.asarray(p_values)).tolist()
        ]
    )
    if not values.size:
        raise LifbookError(
            "there is no P value to adjust", argument="p_values", remedy="give at least one"
        )
    if check_choice(method, ("holm", "bh"), "method") == "bh":
        return np.asarray(stats.false_discovery_control(values, method="bh"), dtype=float)
    order = np.argsort(values, kind="stable")
    stepped = np.maximum.accumulate(values[order] * np.arange(values.size, 0, -1))
    adjusted = np.empty_like(values)
    adjusted[order] = np.minimum(stepped, 1)
    return adjusted


def compare(
    studies: pd.DataFrame, *, level: float = 0.95, columns: Sequence[str] = COUNTS
) -> pd.DataFrame:
    """The table of studies with odds ratio, exact interval and P values added.

    Parameters
    ----------
    studies
        One study a row.
    columns
        Names of the four columns of counts.

    level
        Confidence level of the intervals, between 0 and 1.

    Returns
    -------
    pandas.DataFrame
        The same rows with ``odds_ratio``, ``low``, ``high`` (may be infinite), ``p_value``
        (Fisher, two-sided) and ``p_holm`` (for all rows together).

    Raises
    ------
    LifbookError
        A missing column, or impossible counts, with the row.

    Examples
    --------
    >>> tea = pd.DataFrame([[3, 4, 1, 4]], columns=COUNTS)
    >>> compare(tea)[["odds_ratio", "p_value", "p_holm"]].round(2).iloc[0].tolist()
    [6.41, 0.49, 0.49]
    """
    for column in columns:
        if column not in studies:
            raise LifbookError.unknown(
                "column of the studies", column, studies.columns, argument="columns"
            )
    if studies.empty:
        raise LifbookError("the table has no rows", remedy="give at least one study")
    check_between(level, "level")
    columns_of = dict(zip(COUNTS, columns, strict=True))
    rows = []
    for at, counts in enumerate(studies[list(columns)].itertuples(index=False), start=1):
        try:
            ratio = odds_ratio(*counts, level=level)
            rows.append((ratio.estimate, ratio.low, ratio.high, fisher(*counts)))
        except LifbookError as error:  # an argument there is a column here
            wrong = [columns_of[name] for name in (error.argument or "").split(", ")]
            raise LifbookError(
                error.problem, remedy=error.remedy, row=at, column=", ".join(wrong)
            ) from None
    names = ["odds_ratio", "low", "high", "p_value"]
    added = pd.DataFrame(rows, columns=names, index=studies.index)
    added["p_holm"] = adjust(added["p_value"].to_list())
    return studies.join(added)
