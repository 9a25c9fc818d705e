"""The one exception of the pipeline for what an instructor can put right."""

from __future__ import annotations

from lifbook import LifbookError


class GradingError(LifbookError):
    """Bad input to ``make assignments`` or ``make grade``: what, where, and what to do.

    Parameters
    ----------
    problem, remedy, file, row, column
        As in :class:`lifbook.LifbookError`.
    setting
        Name of a setting of the command, or of a parameter of a problem set.

    Examples
    --------
    >>> print(GradingError("there is no folder 'week 1'", setting="SUBMISSIONS",
    ...                    remedy="name the folder with the notebooks"))
    SUBMISSIONS: there is no folder 'week 1'. What to do: name the folder with the notebooks.
    """

    def __init__(
        self,
        problem: str,
        *,
        remedy: str,
        file: str | None = None,
        row: int | str | None = None,
        column: str | None = None,
        setting: str | None = None,
    ) -> None:
        self.setting = setting
        place = ", ".join(one for one in (file, setting) if one)
        super().__init__(problem, remedy=remedy, file=place or None, row=row, column=column)
