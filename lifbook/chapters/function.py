"""Figures of the Function chapter."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from lifbook.page.figures import INK, Figure, draw
from lifbook.signalling import ObservableFit, observe


def course_plot(
    fits: Sequence[ObservableFit],
    runs: Sequence[pd.DataFrame],
    colours: Sequence[str],
    title: str,
    description: str,
    name: str = "courses",
) -> Figure:
    """Measured points with the model's curve above, residuals below; a column a series.

    Parameters
    ----------
    fits
        From `signalling.fit_observable`: only offset and scale are fitted.
    runs
        The simulation behind each fit, which gives the curve between the measured times.
    colours
        One for each fit.
    """

    def paint(axes: np.ndarray) -> None:
        grid = axes.reshape(2, -1)
        for fit, run, colour, (upper, lower) in zip(fits, runs, colours, grid.T, strict=True):
            table = fit.table
            groups = list(table.groupby("actinomycin_d"))
            for (blocked, part), style in zip(groups, ("-", "--"), strict=False):
                same = run[
                    (run["actinomycin_d"] == blocked) & (run["time_min"] <= table["time_min"].max())
                ]
                curve = fit.offset + fit.scale * observe(same, fit.observable)
                filled = "none" if blocked else colour
                label = "with actinomycin D" if blocked else "without"
                upper.plot(
                    same["time_min"],
                    curve,
                    color=colour,
                    linestyle=style,
                    linewidth=1.8,
                    label=label if len(groups) > 1 else None,
                )
                for panel, column in ((upper, "measured"), (lower, "residual_log10")):
                    panel.scatter(
                        part["time_min"],
                        part[column],
                        s=16,
                        facecolors=filled,
                        edgecolors=colour,
                        linewidths=1,
                        clip_on=False,
                    )
            upper.set_title(fit.observable, fontsize=11)
            upper.set_ylim(0, None)
            lower.axhline(0, color=INK, linewidth=0.8)
            reach = max(0.1, table["residual_log10"].abs().max()) * 1.1
            lower.set_ylim(-reach, reach)
            lower.set_xlabel("time (min)")
        grid[0, 0].set_ylabel("signal (arbitrary units)")
        grid[1, 0].set_ylabel("log10(measured / model)")
        if len(fits) and fits[0].table["actinomycin_d"].nunique() > 1:
            grid[0, 0].legend(fontsize=8, loc="lower right")

    return draw(
        name, title, description, paint, size=(7.2, 4.6), columns=len(fits), rows=2, share_y=False
    )
