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
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure as MplFigure

from lifbook.data import check_columns, records
from lifbook.errors import LifbookError
from lifbook.palette import COLOURS, HELIX_COLOURS, PICK
from lifbook.rounding import rounded

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
    name: str,
    title: str,
    description: str,
    paint: Callable[[Any], None],
    *,
    size: tuple[float, float] = (7.2, 3.4),
    columns: int = 1,
    rows: int = 1,
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
    with mpl.rc_context(STYLE):  # type: ignore[arg-type]  # each key has a type of its own
        figure = MplFigure(figsize=size, layout="constrained")
        paint(figure.subplots(nrows=rows, ncols=columns, sharey=share_y))
        buffer = io.StringIO()
        figure.savefig(
            buffer, format="svg", metadata={"Date": None, "Creator": None}, transparent=True
        )
    svg = _tidy(buffer.getvalue(), name)
    head = (
        f'<svg role="img" style="stroke-linejoin:round" aria-labelledby="{name}-title {name}-desc"'
    )
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
    svg = re.sub(r"<metadata>.*?</metadata>", "", svg[svg.index("<svg") :], flags=re.S)
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
        axes.text(
            (start + end) / 2,
            1.01,
            name,
            transform=axes.get_xaxis_transform(),
            ha="center",
            va="bottom",
            fontsize=10,
        )


def helix_bands(helices: pd.DataFrame) -> list[tuple[str, float, float, str]]:
    """Bands of helices; table with ``name``, ``start``, ``end``."""
    return [
        (row.name_, row.start, row.end, HELIX_COLOURS[row.name_])
        for row in records(helices.rename(columns={"name": "name_"}))
    ]


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
                + (
                    f'<span style="{_UNSEEN}"> same as {escape(next(iter(self.rows)))}</span>'
                    if at and letter == lead
                    else ""
                )
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
    others = [
        column
        for column in map(str, stacked)
        if column not in ("target", "letter", "label")
        and not column.endswith((" number", " label"))
    ]
    if not others or stacked.empty:
        raise LifbookError("there is nothing to align", remedy="give one from stack_alignments")
    numbers = tuple(int(number) for number in stacked["target"])
    for number in marked:
        if number not in numbers:
            raise LifbookError(
                f"residue {number} is not in the alignment",
                argument="marked",
                remedy=f"mark numbers from {min(numbers)} to {max(numbers)}",
            )
    rows = {name: "".join(stacked["letter"])} | {
        column: "".join(stacked[column]) for column in others
    }
    return AlignmentTable(title, numbers, rows, frozenset(marked))
