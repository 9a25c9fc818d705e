"""Figures of the book: matplotlib drawings as SVG that belong to the page.

The SVG stands in the page itself, so its text is text, its colours follow light and dark,
and screen readers get the title and a description of what is to be seen.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure as MplFigure

from lifbook.errors import LifbookError
from lifbook.palette import COLOURS, DOMAIN_COLOURS, HELIX_COLOURS, MUTED, PICK
from lifbook.rounding import rounded
from lifbook.signalling import ObservableFit, observe
from lifbook.structure import QuadricFit

#: Stand-ins for the page's text and page colours, replaced in the SVG.
INK, PAGE = "#010203", "#fdfcfb"
STYLE = {
    "svg.fonttype": "none",  # text stays text
    "font.family": "sans-serif",
    "font.size": 11,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": INK,
    "axes.labelcolor": INK,
    "axes.titlecolor": INK,
    "axes.facecolor": "none",
    "figure.facecolor": "none",
    "xtick.color": INK,
    "ytick.color": INK,
    "text.color": INK,
    "legend.frameon": False,
    "axes.grid": False,
}


@dataclass(frozen=True)
class Figure:
    """A figure with its finding as the title and a text alternative.

    Attributes
    ----------
    title
        The finding, in a sentence.
    description
        What is to be seen, for those who do not see it.
    svg
        The drawing.
    """

    title: str
    description: str
    svg: str

    def _repr_html_(self) -> str:
        return (
            f'<figure class="lif-figure"><figcaption>{escape(self.title)}</figcaption>'
            f'<div class="lif-figure__box" tabindex="0">{self.svg}</div></figure>'
        )

    def __repr__(self) -> str:
        return f"Figure: {self.title}"


def draw(
    name: str, title: str, description: str, paint: Callable[[Any], None],
    *, size: tuple[float, float] = (7.2, 3.4), columns: int = 1, rows: int = 1,
    share_y: bool = True,
) -> Figure:
    """Draw one panel or several beside each other.

    Parameters
    ----------
    name
        Short id, unique in the page: it keeps the SVG's ids apart and the same in each run.
    title, description
        See `Figure`.
    paint
        Function that draws on matplotlib axes; with several columns or rows on an array of
        them.
    share_y
        Whether the panels have one y axis.
    size
        Width and height in inches; the page scales the drawing down to its own width.
    """
    with mpl.rc_context(STYLE):
        figure = MplFigure(figsize=size, layout="constrained")
        paint(figure.subplots(nrows=rows, ncols=columns, sharey=share_y))
        buffer = io.StringIO()
        figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None}, transparent=True)
    svg = _tidy(buffer.getvalue(), name)
    head = f'<svg role="img" style="stroke-linejoin:round" aria-labelledby="{name}-title {name}-desc"'
    named = (
        f'<title id="{name}-title">{escape(title)}</title>'
        f'<desc id="{name}-desc">{escape(description)}</desc>'
    )
    svg = svg.replace("<svg", head, 1)
    end = svg.index(">", svg.index("<svg")) + 1
    return Figure(title, description, svg[:end] + named + svg[end:].strip())


def _two_places(number: re.Match[str]) -> str:
    return f"{rounded(float(number[0]), 2):.2f}".rstrip("0").rstrip(".")


def _tidy(svg: str, name: str) -> str:
    """Matplotlib's SVG as a part of a page: page colours, ids of its own, no false precision."""
    svg = re.sub(r"<metadata>.*?</metadata>", "", svg[svg.index("<svg"):], flags=re.S)
    svg = svg.replace(INK, "currentColor").replace(PAGE, "var(--pst-color-background, #fff)")
    svg = re.sub(r' (?:width|height)="[\d.]+pt"', "", svg, count=2)
    # A style of matplotlib's own would hold for the whole page.
    svg = re.sub(r"<defs>\s*<style[^>]*>[^<]*</style>\s*</defs>", "", svg)
    # A hundredth of a point is more than any screen shows, and keeps rounding errors of another
    # processor out of the stored notebook. In tags only: what is written in words stays.
    svg = re.sub(r"<[^>]*>", lambda tag: re.sub(r"-?\d+\.\d{3,}", _two_places, tag[0]), svg)
    return re.sub(r">\s+<", ">\n<", re.sub(r"[ \t]*\n[ \t]*", " ", _own_ids(svg, name))).strip()


def _own_ids(svg: str, name: str) -> str:
    """Ids that start with the figure's name, so that they are unique in the page.

    Matplotlib calls clips, markers and gradients by a hash of their numbers *before* these are
    rounded, with a salt that is another one in each run. They are numbered here in the order in
    which they stand in the drawing; clips that are the same once they are rounded become one.
    """
    boxes: dict[str, str] = {}
    for clip in re.finditer(r'<clipPath id="([^"]+)">(.*?)</clipPath>', svg, re.S):
        first = boxes.setdefault(re.sub(r"\s+", " ", clip[2]), clip[1])
        if first != clip[1]:
            svg = svg.replace(clip[0], "").replace(f"#{clip[1]})", f"#{first})")
    for place, found in enumerate(dict.fromkeys(re.findall(r' id="([^"]+)"', svg)), start=1):
        own = f"{name}-{place}" if re.search(r"[0-9a-f]{10}$", found) else f"{name}-{found}"
        svg = svg.replace(f' id="{found}"', f' id="{own}"')
        svg = svg.replace(f"#{found})", f"#{own})").replace(f'"#{found}"', f'"#{own}"')
    return svg


def bands(axes: Axes, spans: Sequence[tuple[str, float, float, str]]) -> None:
    """Shade and name stretches along x: (name, start, end, colour)."""
    for name, start, end, colour in spans:
        axes.axvspan(start - 0.5, end + 0.5, color=colour, alpha=0.16, linewidth=0)
        axes.text((start + end) / 2, 1.01, name, transform=axes.get_xaxis_transform(),
                  ha="center", va="bottom", fontsize=10)


def helix_bands(helices: pd.DataFrame) -> list[tuple[str, float, float, str]]:
    """Bands of helices; table with ``name``, ``start``, ``end``."""
    return [(row.name_, row.start, row.end, HELIX_COLOURS[row.name_])
            for row in helices.rename(columns={"name": "name_"}).itertuples()]


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
    for row in helices.itertuples():
        inside |= known["number"].between(row.start, row.end).to_numpy()

    def paint(axes: Axes) -> None:
        axes.add_patch(mpl.patches.Rectangle(
            (-57 - window, -47 - window), 2 * window, 2 * window, fill=False,
            edgecolor=INK, linestyle="--", linewidth=1))
        axes.scatter(known.loc[~inside, "phi"], known.loc[~inside, "psi"], s=22,
                     facecolors="none", edgecolors=MUTED, clip_on=False, label="other residues")
        axes.scatter(known.loc[inside, "phi"], known.loc[inside, "psi"], s=22,
                     color=COLOURS["LIF"], clip_on=False, label="in a helix A to D")
        axes.set(xlim=(-180, 180), ylim=(-180, 180), xlabel="phi (degrees)", ylabel="psi (degrees)")
        axes.set_xticks(range(-180, 181, 60))
        axes.set_yticks(range(-180, 181, 60))
        axes.legend(loc="lower left", bbox_to_anchor=(-0.02, 1.0), ncols=2)

    share = (inside.sum()) / len(known)
    left = (known.loc[~inside, "phi"] < 0).sum()
    return draw(
        "torsions", f"{share:.0%} of LIF's residues lie in four helices, in one corner of the plot",
        f"Each dot is a residue of LIF in 2Q7N: phi across, psi upwards. The {inside.sum()} residues "
        f"of the four helices crowd around phi -57, psi -47 degrees, inside the dashed square. The "
        f"others are scattered: {left} over the left half, {(~inside).sum() - left} over the right.",
        paint, size=(5.4, 4.2),
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
        axes.set(xlabel="residue of LIF (mature number)", ylabel="distance of CA atoms (Å)",
                 xlim=(0, 181), ylim=(0, None))
        axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.2), ncols=2)

    return draw("deviation", title, description, paint, size=(7.2, 3.6))


def superposition_plot(
    before: pd.DataFrame, after: pd.DataFrame, helices: pd.DataFrame, title: str,
    description: str,
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
        bands(axes[1], [("", start, end, colour) for _, start, end, colour
                        in helix_bands(helices)])
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
        for row in table.itertuples():
            one, other = sorted((place[row.first], place[row.second]))
            # The deeper the colour, the more alike; what it says is written in the field, too.
            for x, y, share, colour, text in (
                (other, one, 1 - row.rmsd / (far * 1.2), COLOURS["LIFR"],
                 f"{row.rmsd:.1f} Å\n{row.pairs} pairs"),
                (one, other, row.identity, COLOURS["LIF"], f"{row.identity:.0%}"),
            ):
                axes.add_patch(mpl.patches.Rectangle(
                    (x - 0.49, y - 0.48), 0.98, 0.96, facecolor=colour, linewidth=0,
                    alpha=round(0.1 + 0.4 * share, 2)))
                axes.text(x, y, text, ha="center", va="center", fontsize=10)
        for at in range(len(names)):
            axes.text(at, at, "–", ha="center", va="center", fontsize=10)
        axes.set(xlim=(-0.5, len(names) - 0.5), ylim=(len(names) - 0.5, -0.5))
        axes.set_xticks(range(len(names)), names)
        axes.set_yticks(range(len(names)), names)
        axes.tick_params(length=0, labeltop=True, labelbottom=False)
        for side in ("left", "bottom"):
            axes.spines[side].set_visible(False)

    return draw("folds", title, description, paint, size=(1.6 + 1.15 * len(names),
                                                          0.6 + 0.62 * len(names)))


#: Read out, not seen; where the page has no class for it, as in JupyterLab.
_UNSEEN = "position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)"


@dataclass(frozen=True)
class AlignmentTable:
    """Aligned sequences as an HTML table: the letters can be read out, selected and scrolled.

    A table and not a drawing: a drawing of twenty columns is too small to read on a phone, a
    table scrolls under its row names, and a screen reader tells row and column of a letter.

    Attributes
    ----------
    title
        The finding.
    numbers
        Residue numbers over the columns, of the first row's protein.
    rows
        Name -> letters, one for each column; ``-`` where a protein has no residue.
    marked
        Numbers of the columns to be pointed out.
    """

    title: str
    numbers: tuple[int, ...]
    rows: dict[str, str]
    marked: frozenset[int]

    def _repr_html_(self) -> str:
        first = next(iter(self.rows.values()))
        narrow = "padding:0.15rem 0.3rem;text-align:center"
        pointed = f"{narrow};border-bottom:3px solid {PICK}"
        same = f"font-weight:700;background:color-mix(in srgb, {COLOURS['LIF']} 28%, transparent)"

        def style(number: int) -> str:
            return pointed if number in self.marked else narrow

        head = "".join(
            f'<th scope="col" style="{style(number)}">{number}</th>' for number in self.numbers
        )
        lines = []
        for at, (name, letters) in enumerate(self.rows.items()):
            cells = "".join(
                f'<td style="{style(number)}{";" + same if at and letter == lead else ""}">'
                + letter
                + (f'<span style="{_UNSEEN}"> same as '
                   f"{escape(next(iter(self.rows)))}</span>" if at and letter == lead else "")
                + "</td>"
                for number, letter, lead in zip(self.numbers, letters, first, strict=True)
            )
            sticky = "position:sticky;left:0;background:var(--pst-color-background, #fff)"
            lines.append(f'<tr><th scope="row" style="{sticky}">{escape(name)}</th>{cells}</tr>')
        body = "\n".join(lines)
        table = (
            f'<table class="lif-plain"><caption>{escape(self.title)}</caption><thead><tr>'
            f'<th scope="col">{escape(next(iter(self.rows)))} number</th>{head}</tr></thead>\n'
            f"<tbody>\n{body}\n</tbody></table>"
        )
        return f'<div class="lif-plain-box" tabindex="0">{table}</div>'

    def __repr__(self) -> str:
        wide = max(map(len, self.rows))
        lines = [f"{name:<{wide}}  {letters}" for name, letters in self.rows.items()]
        return "\n".join([f"{self.title} ({self.numbers[0]} to {self.numbers[-1]})", *lines])


def alignment_table(
    stacked: pd.DataFrame, title: str, marked: Sequence[int] = (), name: str = "LIF"
) -> AlignmentTable:
    """Aligned sequences around a motif; letters equal to the first row's are tinted and bold.

    Parameters
    ----------
    stacked
        From `structure.stack_alignments`: ``target``, ``letter``, and a column of letters for
        each further protein.
    marked
        Numbers of the target to be underlined, such as those of a motif.
    name
        What the target is called.

    Raises
    ------
    LifbookError
        A missing column, nothing aligned, a marked number that is not in the table.
    """
    check_columns(stacked, "target", "letter")
    others = [column for column in stacked
              if column not in ("target", "letter", "label")
              and not column.endswith((" number", " label"))]
    if not others or stacked.empty:
        raise LifbookError("there is nothing to align", remedy="give one from stack_alignments")
    numbers = tuple(int(number) for number in stacked["target"])
    for number in marked:
        if number not in numbers:
            raise LifbookError(
                f"residue {number} is not in the alignment", column="marked",
                remedy=f"mark numbers from {min(numbers)} to {max(numbers)}",
            )
    rows = {name: "".join(stacked["letter"])} | {
        column: "".join(stacked[column]) for column in others
    }
    return AlignmentTable(title, numbers, rows, frozenset(marked))


def b_factor_plot(
    receptor: pd.DataFrame, ligand: pd.DataFrame, domains: pd.DataFrame, title: str,
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
        bands(axes, [(row.domain, row.start, row.end, DOMAIN_COLOURS[row.domain[:2]])
                     for row in domains.itertuples()])
        bands(axes, [("LIF", shift + 1, shift + ligand["number"].max(), COLOURS["LIF"])])
        axes.plot(receptor["number"], receptor["b_factor"], color=COLOURS["LIFR"], linewidth=1.2)
        axes.plot(ligand["number"] + shift, ligand["b_factor"], color=COLOURS["LIF"], linewidth=1.2)
        ticks = [100, 200, 300, 400]
        axes.set_xticks([*ticks, *(shift + number for number in (1, 90, 180))],
                        [*map(str, ticks), "1", "90", "180"])
        axes.set(xlabel="residue (number in the entry): LIFR, then LIF",
                 ylabel="mean B factor (Å²)", xlim=(0, shift + 185), ylim=(0, None))

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
            panel.scatter(along[~near, order], local[~near, 2], s=14, facecolors="none",
                          edgecolors=MUTED, linewidths=0.7, clip_on=False)
            panel.scatter(along[near, order], local[near, 2], s=16, color=COLOURS["LIF"],
                          clip_on=False)
            line = np.linspace(along[:, order].min(), along[:, order].max(), 41)
            x, y = (line[:, None] * turn[:, order]).T
            panel.plot(line, fit.height(x, y), color=INK, linewidth=2)
            panel.axhline(0, color=MUTED, linewidth=0.7, linestyle=":")
            panel.set_title(f"{names[at]}: {fit.curvatures[order]:+.3f} per Å", fontsize=11)
            panel.set_xlabel("position (Å)")
        axes[0].set_ylabel("height (Å)")

    return draw("shape", title, description, paint, size=(7.2, 3.4), columns=2)


def course_plot(
    fits: Sequence[ObservableFit], runs: Sequence[pd.DataFrame], colours: Sequence[str],
    title: str, description: str, name: str = "courses",
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
                same = run[(run["actinomycin_d"] == blocked)
                           & (run["time_min"] <= table["time_min"].max())]
                curve = fit.offset + fit.scale * observe(same, fit.observable)
                filled = "none" if blocked else colour
                label = "with actinomycin D" if blocked else "without"
                upper.plot(same["time_min"], curve, color=colour, linestyle=style, linewidth=1.8,
                           label=label if len(groups) > 1 else None)
                for panel, column in ((upper, "measured"), (lower, "residual_log10")):
                    panel.scatter(part["time_min"], part[column], s=16, facecolors=filled,
                                  edgecolors=colour, linewidths=1, clip_on=False)
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

    return draw(name, title, description, paint, size=(7.2, 4.6), columns=len(fits), rows=2,
                share_y=False)


def tails_plot(
    sites: pd.DataFrame, spans: pd.DataFrame, title: str, description: str
) -> Figure:
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
    colours = {"STAT": COLOURS["STAT"], "SOCS": COLOURS["SOCS"], "SHP2": INK}

    def paint(axes: np.ndarray) -> None:
        for panel, span in zip(axes, spans.itertuples(), strict=True):
            here = sites[sites["receptor"] == span.receptor]
            panel.barh(0, span.tail_last - span.tail_first + 1, 0.34, span.tail_first - 0.5,
                       color=COLOURS[span.receptor], alpha=0.35, linewidth=0)
            for box in here[here["kind"] == "Box 1"].itertuples():
                panel.barh(0, box.last - box.number + 1, 0.34, box.number - 0.5,
                           color=COLOURS["JAK"], linewidth=0)
                panel.text(box.number - 4, 0.3, "Box 1: JAK", ha="left", va="bottom", fontsize=9)
            tyrosines = here[here["kind"] == "tyrosine"].sort_values("number")
            for tyrosine in tyrosines.itertuples():
                docked = [] if pd.isna(tyrosine.binds) else [n for n in tyrosine.binds.split(";") if n]
                panel.plot([tyrosine.number] * 2, [-0.17, 0.17], color=INK, linewidth=2)
                if not docked:
                    continue
                close = (tyrosines["number"] - tyrosine.number).between(1, 14).any()
                crowded = (tyrosine.number - tyrosines["number"]).between(1, 14).any()
                side = "right" if close else "left" if crowded else "center"
                panel.text(tyrosine.number, -0.3, f"Y{tyrosine.number}\n{tyrosine.motif}", ha=side,
                           va="top", fontsize=9)
                for step, name in enumerate(docked):
                    colour = next(c for start, c in colours.items() if name.startswith(start))
                    panel.plot(tyrosine.number, 0.34 + 0.3 * step, "o", color=colour, markersize=5)
                    shift = {"center": 3, "left": 3, "right": -3}[side]
                    panel.text(tyrosine.number + shift, 0.34 + 0.3 * step, name, fontsize=9,
                               ha="right" if side == "right" else "left", va="center_baseline")
            panel.text(span.tail_first - 3, 0, "membrane", rotation=90, ha="right", va="center",
                       fontsize=8)
            panel.set(xlim=(span.tail_first - 14, span.tail_first + 292), ylim=(-1.1, 1.05), yticks=[],
                      xlabel=f"residue of human {span.receptor} (UniProt)")
            for edge in ("left", "right", "top"):
                panel.spines[edge].set_visible(False)

    return draw("tails", title, description, paint, size=(7.2, 4.0), rows=len(spans))


def check_columns(table: pd.DataFrame, *columns: str) -> None:
    """Raise LifbookError where a table lacks a column that a figure needs."""
    for column in columns:
        if column not in table:
            raise LifbookError(
                f"the table has no column '{column}'", column=column,
                remedy=f"use one with {', '.join(columns)}",
            )


# --- Clinical Significance ---------------------------------------------------------------


def odds_plot(studies: pd.DataFrame, title: str, description: str, *, name: str = "odds") -> Figure:
    """Odds ratios with exact intervals, one study a row; limits without end are arrows.

    Parameters
    ----------
    studies
        Table with ``label``, ``odds_ratio``, ``low``, ``high`` (may be infinite), and
        ``corrected``, the estimate after half a person was added to each cell.
    """
    check_columns(studies, "label", "odds_ratio", "low", "high", "corrected")
    if studies.empty:
        raise LifbookError("there is no study to draw", remedy="give at least one row")
    finite = studies[["low", "corrected"]].to_numpy().ravel()
    finite = finite[np.isfinite(finite) & (finite > 0)]
    left, right = min(0.01, finite.min() / 2), max(1000.0, finite.max() * 4)

    def paint(axes: Axes) -> None:
        axes.axvline(1, color=MUTED, linewidth=1, linestyle="--")
        for at, row in enumerate(studies.itertuples()):
            low = row.low if row.low > 0 else left
            if np.isinf(row.high):
                axes.annotate("", xy=(right, at), xytext=(low, at), arrowprops={
                    "arrowstyle": "-|>", "color": COLOURS["LIF"], "linewidth": 2,
                    "shrinkA": 0, "shrinkB": 0})
            else:
                axes.plot([low, row.high], [at, at], color=COLOURS["LIF"], linewidth=2)
            axes.plot([row.low] * 2, [at - 0.16, at + 0.16], color=COLOURS["LIF"], linewidth=2)
            if np.isfinite(row.odds_ratio) and row.odds_ratio > 0:
                axes.plot(row.odds_ratio, at, "o", color=COLOURS["LIF"], markersize=7)
            axes.plot(row.corrected, at + 0.28, "D", markerfacecolor="none",
                      markeredgecolor=MUTED, markersize=5)
        axes.set_yticks(range(len(studies)), studies["label"])
        axes.set(xscale="log", xlim=(left, right), ylim=(len(studies) - 0.4, -0.6),
                 xlabel="odds ratio, logarithmic; diamonds: 0.5 added to each cell")
        ticks = [10.0**power for power in range(-2, 4) if left <= 10.0**power <= right]
        axes.set_xticks(ticks, [f"{tick:g}" for tick in ticks])
        axes.minorticks_off()
        axes.tick_params(axis="y", length=0)

    return draw(name, title, description, paint, size=(7.2, 0.9 + 0.55 * len(studies)))


def trials_plot(trials: pd.DataFrame, title: str, description: str) -> Figure:
    """What was tried, in time: trials in people as bars, work before trials as open marks.

    Parameters
    ----------
    trials
        Table with ``agent``, ``phase``, ``start``, ``end`` (``YYYY`` or ``YYYY-MM``, may be
        empty), ``n``, ``n_kind``, ``controlled``, ``responders``. Without a date a row gets words in place of
        a bar.
    """
    check_columns(trials, "agent", "phase", "start", "end", "n", "n_kind", "controlled",
                  "responders")

    def year(text: object) -> float:
        if pd.isna(text) or not str(text):
            return np.nan
        whole, _dash, month = str(text).partition("-")
        return int(whole) + ((int(month) - 0.5) / 12 if month else 0.5)

    starts = [year(value) for value in trials["start"]]
    ends = [year(value) for value in trials["end"]]
    first = np.floor(np.nanmin([*starts, *ends])) - 1

    def paint(axes: Axes) -> None:
        for at, (row, start, end) in enumerate(zip(trials.itertuples(), starts, ends, strict=True)):
            people = row.phase != "preclinical"
            parts = [f"phase {row.phase}" if people else "before trials"]
            if pd.notna(row.n):
                parts.append(f"{row.n:.0f} {row.n_kind}")
            if people:
                parts.append("with a comparison group" if row.controlled else "no comparison group")
            if pd.notna(row.responders):
                parts.append(f"{row.responders:.0f} responses")
            if np.isnan(end):
                parts.append("dates not seen")
            axes.text(first, at - 0.3, f"{row.agent}: {', '.join(parts)}", va="center", fontsize=9)
            if np.isnan(end):
                continue
            if people:
                axes.barh(at + 0.12, end - start, left=start, height=0.3,
                          color=COLOURS["LIF"] if row.controlled else "none",
                          edgecolor=COLOURS["LIF"], linewidth=1.8)
            else:
                axes.plot(end, at + 0.12, "D", markerfacecolor="none",
                          markeredgecolor=COLOURS["LIFR"], markersize=7)
        axes.set_yticks([])
        axes.spines["left"].set_visible(False)
        axes.set(ylim=(len(trials) - 0.3, -0.8), xlabel="year", xlim=(first, np.nanmax(ends) + 1.5))
        axes.xaxis.set_major_locator(mpl.ticker.MaxNLocator(integer=True))

    return draw("trials", title, description, paint, size=(7.2, 0.8 + 0.5 * len(trials)))
