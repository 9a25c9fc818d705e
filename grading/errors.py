"""The one exception of the pipeline for what an instructor can put right."""

from __future__ import annotations

from lifbook import LifbookError


class GradingError(LifbookError):
    """Bad input to ``make assignments`` or ``make grade``: what, where, and what to do.

    Examples
    --------
    >>> print(GradingError.unknown("problem set", "x", ["y"], argument="ASSIGNMENT"))
    argument 'ASSIGNMENT': no problem set is called 'x'. What to do: use one of y.
    """
