"""Figures of the Interactions chapter."""

from __future__ import annotations

from typing import Any

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from lifbook.data import check_columns, records
from lifbook.page.figures import INK, Figure, bands, draw, helix_bands
from lifbook.palette import COLOURS

#: How the name of a protein that docks on a tail begins -> its colour.
DOCKED_COLOURS = {"STAT": COLOURS["STAT"], "SOCS": COLOURS["SOCS"], "SHP2": INK}


def superposition_plot(
    before: pd.DataFrame, after: pd.DataFrame, helices: pd.DataFrame, title: str, description: str
) -> Figure:
    """CA deviation along LIF before (above) and after (below) a superposition.

    Two panels with scales of their own: between two crystal frames lie tens of ångströms,
    between two laid structures a few.

    Parameters
    ----------
    before, after
        Tables with ``target`` (residue number) and ``deviation`` (Å), from
        `structure.deviations` and `structure.superimpose`.
    helices
        Table with ``name``, ``start``, ``end``, drawn as bands.
    """
    check_columns(helices, "name", "start", "end")
    for table in (before, after):
        check_columns(table, "target", "deviation")

    def paint(axes: np.ndarray) -> None:
        for panel, table, name in zip(axes, (before, after), ("before", "after"), strict=True):
            panel.sharex(axes[0])
            line = table.set_index("target")["deviation"]
            line = line.reindex(range(int(line.index.min()), int(line.index.max()) + 1))
            mean = np.sqrt((table["deviation"] ** 2).mean())
            panel.plot(line.index, line, color=COLOURS["LIF"], linewidth=1.6)
            panel.axhline(mean, color=INK, linestyle="--", linewidth=1)
            panel.text(182, mean, f"rmsd {mean:.2f} Å", ha="left", va="center", fontsize=9)
            panel.set(ylabel=f"{name} (Å)", xlim=(0, 181), ylim=(0, None))
        bands(axes[0], helix_bands(helices))
        bands(axes[1], [("", start, end, colour) for _, start, end, colour in helix_bands(helices)])
        axes[0].tick_params(labelbottom=False)
        axes[1].set_xlabel("residue of LIF (mature number)")

    return draw("superposition", title, description, paint, size=(7.2, 4.2), rows=2, share_y=False)


def fold_matrix_plot(table: pd.DataFrame, title: str, description: str) -> Figure:
    """Every two proteins: rmsd with number of pairs (upper right), identity (lower left).

    Parameters
    ----------
    table
        From `structure.compare_folds`: ``first``, ``second``, ``pairs``, ``rmsd`` (Å) and
        ``identity`` (0 to 1), each two proteins once.
    """
    check_columns(table, "first", "second", "pairs", "rmsd", "identity")
    names = list(dict.fromkeys([*table["first"], *table["second"]]))
    place = {name: at for at, name in enumerate(names)}
    far = table["rmsd"].max()

    def paint(axes: Axes) -> None:
        for row in records(table):
            one, other = sorted((place[row.first], place[row.second]))
            # The deeper the colour, the more alike; what it says is written in the field, too.
            for x, y, share, colour, text in (
                (
                    other,
                    one,
                    1 - row.rmsd / (far * 1.2),
                    COLOURS["LIFR"],
                    f"{row.rmsd:.1f} Å\n{row.pairs} pairs",
                ),
                (one, other, row.identity, COLOURS["LIF"], f"{row.identity:.0%}"),
            ):
                axes.add_patch(
                    mpl.patches.Rectangle(
                        (x - 0.49, y - 0.48),
                        0.98,
                        0.96,
                        facecolor=colour,
                        linewidth=0,
                        alpha=round(0.1 + 0.4 * share, 2),
                    )
                )
                axes.text(x, y, text, ha="center", va="center", fontsize=10)
        for at in range(len(names)):
            axes.text(at, at, "–", ha="center", va="center", fontsize=10)
        axes.set(xlim=(-0.5, len(names) - 0.5), ylim=(len(names) - 0.5, -0.5))
        axes.set_xticks(range(len(names)), names)
        axes.set_yticks(range(len(names)), names)
        axes.tick_params(length=0, labeltop=True, labelbottom=False)
        for side in ("left", "bottom"):
            axes.spines[side].set_visible(False)

    return draw(
        "folds", title, description, paint, size=(1.6 + 1.15 * len(names), 0.6 + 0.62 * len(names))
    )


def tails_plot(sites: pd.DataFrame, spans: pd.DataFrame, title: str, description: str) -> Figure:
    """The tails of receptors inside the cell, to scale, with what docks where.

    Parameters
    ----------
    sites
        Table ``receptor_tails``: ``receptor``, ``number``, ``last``, ``kind``, ``motif`` and
        ``binds`` (names joined by ";"). Tyrosines to which nothing is known to dock are drawn
        without a name.
    spans
        Table ``receptor_spans``: ``receptor``, ``tail_first``, ``tail_last`` (precursor numbers).
    """
    check_columns(sites, "receptor", "number", "last", "kind", "motif", "binds")
    check_columns(spans, "receptor", "tail_first", "tail_last")

    def paint(axes: np.ndarray) -> None:
        for panel, span in zip(axes, records(spans), strict=True):
            _paint_tail(panel, span, sites[sites["receptor"] == span.receptor])

    return draw("tails", title, description, paint, size=(7.2, 4.0), rows=len(spans))


def _paint_tail(panel: Axes, span: Any, sites: pd.DataFrame) -> None:
    """The tail of one receptor, a row of ``receptor_spans``, with its sites."""

    def box(first: int, last: int, colour: str, alpha: float | None = None) -> None:
        length, left = last - first + 1, first - 0.5
        panel.barh(0, length, 0.34, left, color=colour, alpha=alpha, linewidth=0)

    box(span.tail_first, span.tail_last, COLOURS[span.receptor], alpha=0.35)
    for found in records(sites[sites["kind"] == "Box 1"]):
        box(found.number, found.last, COLOURS["JAK"])
        panel.text(found.number - 4, 0.3, "Box 1: JAK", ha="left", va="bottom", fontsize=9)
    tyrosines = sites[sites["kind"] == "tyrosine"].sort_values("number")
    for tyrosine in records(tyrosines):
        _paint_tyrosine(panel, tyrosine, tyrosines["number"] - tyrosine.number)
    panel.text(span.tail_first - 3, 0, "membrane", rotation=90, ha="right", va="center", fontsize=8)
    panel.set(
        xlim=(span.tail_first - 14, span.tail_first + 292),
        ylim=(-1.1, 1.05),
        yticks=[],
        xlabel=f"residue of human {span.receptor} (UniProt)",
    )
    for edge in ("left", "right", "top"):
        panel.spines[edge].set_visible(False)


def _paint_tyrosine(panel: Axes, tyrosine: Any, others: pd.Series) -> None:
    """A tyrosine and what docks there; `others`: how many residues on the others of the tail lie."""
    panel.plot([tyrosine.number] * 2, [-0.17, 0.17], color=INK, linewidth=2)
    docked = [] if pd.isna(tyrosine.binds) else [n for n in tyrosine.binds.split(";") if n]
    if not docked:
        return
    # Texts of close neighbours lean away from each other.
    close, crowded = others.between(1, 14).any(), (-others).between(1, 14).any()
    side = "right" if close else "left" if crowded else "center"
    text = f"Y{tyrosine.number}\n{tyrosine.motif}"
    panel.text(tyrosine.number, -0.3, text, ha=side, va="top", fontsize=9)
    shift, lean = (-3, "right") if side == "right" else (3, "left")
    for step, name in enumerate(docked):
        colour = next(c for start, c in DOCKED_COLOURS.items() if name.startswith(start))
        height = 0.34 + 0.3 * step
        panel.plot(tyrosine.number, height, "o", color=colour, markersize=5)
        panel.text(tyrosine.number + shift, height, name, fontsize=9, ha=lean, va="center_baseline")
