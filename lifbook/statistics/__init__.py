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

from lifbook.statistics.odds import (
    OddsRatio,
    adjust,
    compare,
    corrected_odds_ratio,
    fisher,
    number,
    odds_ratio,
)
from lifbook.statistics.samples import TIES, power, sample_size
from lifbook.statistics.shares import (
    SIDES,
    Interval,
    binomial_interval,
    chance_to_see,
    rule_of_three,
    size_to_see,
    totals_that_fit,
)

__all__ = [
    "SIDES",
    "TIES",
    "Interval",
    "OddsRatio",
    "adjust",
    "binomial_interval",
    "chance_to_see",
    "compare",
    "corrected_odds_ratio",
    "fisher",
    "number",
    "odds_ratio",
    "power",
    "rule_of_three",
    "sample_size",
    "size_to_see",
    "totals_that_fit",
]
