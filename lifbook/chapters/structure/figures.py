"""Figures of the Structure chapter."""

from __future__ import annotations

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from lifbook.data import check_columns, records
from lifbook.page.figures import INK, Figure, bands, draw, helix_bands
from lifbook.palette import COLOURS, DOMAIN_COLOURS, MUTED
from lifbook.structure import QuadricFit


def torsion_plot(torsions: pd.DataFrame, helices: pd.DataFrame, window: float = 55.0) -> Figure:
    """Phi against psi of each residue, those in helices filled.

    Parameters
    ----------
    torsions
        Table with ``number``, ``phi``, ``psi`` in degrees.
    helices
        Table with ``name``, ``start``, ``end``.
    window
        Half-width in degrees of the helical window around (-57°, -47°).
    """
    check_columns(torsions, "number", "phi", "psi")
    check_columns(helices, "name", "start", "end")
    known = torsions.dropna(subset=["phi", "psi"])
    inside = np.zeros(len(known), dtype=bool)
    for row in records(helices):
        inside |= known["number"].between(row.start, row.end).to_numpy()

    def paint(axes: Axes) -> None:
        axes.add_patch(
            mpl.patches.Rectangle(
                (-57 - window, -47 - window),
                2 * window,
                2 * window,
                fill=False,
                edgecolor=INK,
                linestyle="--",
                linewidth=1,
            )
        )
        axes.scatter(
            known.loc[~inside, "phi"],
            known.loc[~inside, "psi"],
            s=22,
            facecolors="none",
            edgecolors=MUTED,
            clip_on=False,
            label="other residues",
        )
        axes.scatter(
            known.loc[inside, "phi"],
            known.loc[inside, "psi"],
            s=22,
            color=COLOURS["LIF"],
            clip_on=False,
            label="in a helix A to D",
        )
        axes.set(xlim=(-180, 180), ylim=(-180, 180), xlabel="phi (degrees)", ylabel="psi (degrees)")
        axes.set_xticks(range(-180, 181, 60))
        axes.set_yticks(range(-180, 181, 60))
        axes.legend(loc="lower left", bbox_to_anchor=(-0.02, 1.0), ncols=2)

    share = (inside.sum()) / len(known)
    left = (known.loc[~inside, "phi"] < 0).sum()
    return draw(
        "torsions",
        f"{share:.0%} of LIF's residues lie in four helices, in one corner of the plot",
        f"Each dot is a residue of LIF in 2Q7N: phi across, psi upwards. The {inside.sum()} residues "
        f"of the four helices crowd around phi -57, psi -47 degrees, inside the dashed square. The "
        f"others are scattered: {left} over the left half, {(~inside).sum() - left} over the right.",
        paint,
        size=(5.4, 4.2),
    )


def deviation_plot(
    tables: dict[str, pd.DataFrame], helices: pd.DataFrame, title: str, description: str
) -> Figure:
    """CA deviation along the chain for several superpositions.

    Parameters
    ----------
    tables
        Name -> table with ``target`` (residue number) and ``deviation`` (Å).
    helices
        Table with ``name``, ``start``, ``end``, drawn as bands.
    """
    check_columns(helices, "name", "start", "end")
    for table in tables.values():
        check_columns(table, "target", "deviation")
    colours = (COLOURS["LIF"], COLOURS["STAT"], COLOURS["gp130"])

    def paint(axes: Axes) -> None:
        bands(axes, helix_bands(helices))
        for (name, table), colour, style in zip(
            tables.items(), colours, ("-", "--", ":"), strict=False
        ):
            # A gap in the numbers is a gap in the line.
            line = table.set_index("target")["deviation"]
            line = line.reindex(range(int(line.index.min()), int(line.index.max()) + 1))
            axes.plot(line.index, line, color=colour, linestyle=style, linewidth=1.6, label=name)
        axes.set(
            xlabel="residue of LIF (mature number)",
            ylabel="distance of CA atoms (Å)",
            xlim=(0, 181),
            ylim=(0, None),
        )
        axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.2), ncols=2)

    return draw("deviation", title, description, paint, size=(7.2, 3.6))


def b_factor_plot(
    receptor: pd.DataFrame,
    ligand: pd.DataFrame,
    domains: pd.DataFrame,
    title: str,
    description: str,
) -> Figure:
    """Mean B factor of each residue along LIFR, with that of LIF beside it.

    Parameters
    ----------
    receptor, ligand
        Tables with ``number`` and ``b_factor`` (Å²).
    domains
        Table with ``domain``, ``start``, ``end``.
    """
    for table in (receptor, ligand):
        check_columns(table, "number", "b_factor")
    check_columns(domains, "domain", "start", "end")
    shift = receptor["number"].max() + 25

    def paint(axes: Axes) -> None:
        bands(
            axes,
            [
                (row.domain, row.start, row.end, DOMAIN_COLOURS[row.domain[:2]])
                for row in records(domains)
            ],
        )
        bands(axes, [("LIF", shift + 1, shift + ligand["number"].max(), COLOURS["LIF"])])
        axes.plot(receptor["number"], receptor["b_factor"], color=COLOURS["LIFR"], linewidth=1.2)
        axes.plot(ligand["number"] + shift, ligand["b_factor"], color=COLOURS["LIF"], linewidth=1.2)
        ticks = [100, 200, 300, 400]
        axes.set_xticks(
            [*ticks, *(shift + number for number in (1, 90, 180))],
            [*map(str, ticks), "1", "90", "180"],
        )
        axes.set(
            xlabel="residue (number in the entry): LIFR, then LIF",
            ylabel="mean B factor (Å²)",
            xlim=(0, shift + 185),
            ylim=(0, None),
        )

    return draw("b-factors", title, description, paint)


def buried_plot(table: pd.DataFrame, title: str, description: str, colour: str) -> Figure:
    """Bars of buried surface; table with ``label`` and ``buried`` (Å²), largest first."""
    check_columns(table, "label", "buried")
    shown = table.iloc[::-1]

    def paint(axes: Axes) -> None:
        axes.barh(shown["label"], shown["buried"], color=colour)
        for at, value in enumerate(shown["buried"]):
            axes.text(value + 1.5, at, f"{value:.0f}", va="center", fontsize=9)
        axes.set_xlabel("surface buried in the interface (Å²)")
        axes.tick_params(axis="y", length=0)
        axes.set_xlim(0, shown["buried"].max() * 1.1)

    return draw("buried", title, description, paint, size=(6.4, 0.6 + 0.27 * len(shown)))


def shape_plot(fit: QuadricFit, points: np.ndarray, title: str, description: str) -> Figure:
    """Two profiles of a fitted surface, along its two directions of strongest bending.

    Parameters
    ----------
    fit
        From `structure.fit_quadric`.
    points
        (n, 3) in Å, the points of the fit. A profile shows all of them; those within 5 Å of
        the profile's line are filled.
    """
    a, b, c, *_rest = fit.coefficients
    # The fit's own x and y follow the spread of the points; turn them to the bends. A direction
    # and its opposite are equally good: the one whose larger component is positive is taken.
    turn = np.linalg.eigh(np.array([[2 * a, b], [b, 2 * c]]))[1]
    turn *= np.sign(turn[np.abs(turn).argmax(axis=0), [0, 1]])
    local = fit.local(points)
    along = local[:, :2] @ turn
    names = ("along one direction", "across it")

    def paint(axes: np.ndarray) -> None:
        for at, panel in enumerate(axes):
            order = 1 - at  # the upward bend first
            near = np.abs(along[:, 1 - order]) <= 5
            panel.scatter(
                along[~near, order],
                local[~near, 2],
                s=14,
                facecolors="none",
                edgecolors=MUTED,
                linewidths=0.7,
                clip_on=False,
            )
            panel.scatter(
                along[near, order], local[near, 2], s=16, color=COLOURS["LIF"], clip_on=False
            )
            line = np.linspace(along[:, order].min(), along[:, order].max(), 41)
            x, y = (line[:, None] * turn[:, order]).T
            panel.plot(line, fit.height(x, y), color=INK, linewidth=2)
            panel.axhline(0, color=MUTED, linewidth=0.7, linestyle=":")
            panel.set_title(f"{names[at]}: {fit.curvatures[order]:+.3f} per Å", fontsize=11)
            panel.set_xlabel("position (Å)")
        axes[0].set_ylabel("height (Å)")

    return draw("shape", title, description, paint, size=(7.2, 3.4), columns=2)
