"""What seeing no case rules out, computed in the page."""

from __future__ import annotations

import traitlets

from lifbook.errors import LifbookError
from lifbook.page.widget import NamedWidget
from lifbook.palette import COLOURS


class BoundExplorer(NamedWidget):
    """How large the true share can be after a number of responses among patients, exactly.

    Parameters
    ----------
    name
        Name of the widget in the page.
    count, total
        Where the sliders stand at first.
    most
        Largest number of patients.

    Attributes
    ----------
    bound : float
        Upper 95 % bound, one-sided; computed in the page as `statistics.binomial_interval` does.

    Raises
    ------
    LifbookError
        More responses than patients, or more patients than `most`.
    """

    most = traitlets.Int(200).tag(sync=True)
    colour = traitlets.Unicode(COLOURS["LIF"]).tag(sync=True)
    count = traitlets.Int(0).tag(sync=True)
    total = traitlets.Int(41).tag(sync=True)
    bound = traitlets.Float(0.0).tag(sync=True)

    def __init__(
        self, name: str = "bound", *, count: int = 0, total: int = 41, most: int = 200
    ) -> None:
        if not (0 <= count <= total and 1 <= total <= most):
            raise LifbookError(
                f"{count} of {total} does not fit the sliders",
                argument="count, total",
                remedy=f"give 0 to {total} responses of 1 to {most} patients",
            )
        super().__init__(
            name=name,
            count=count,
            total=total,
            most=most,
            label="Upper bound of a share of which little or nothing was seen",
        )

    def __repr__(self) -> str:
        return f"BoundExplorer('{self.name}', {self.count} of {self.total})"
