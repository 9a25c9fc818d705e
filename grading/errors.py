"""The one exception of the pipeline for what an instructor can put right."""

from __future__ import annotations

from lifbook import LifbookError


class GradingError(LifbookError):
    """Bad input to ``make assignments`` or ``make grade``: what, where, and what to do."""
