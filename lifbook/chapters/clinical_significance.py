"""Figures, the 3D view and the puzzle of the Clinical Significance chapter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import matplotlib as mpl
import numpy as np
import pandas as pd
import py3Dmol
from Bio.PDB.Chain import Chain
from matplotlib.axes import Axes

from lifbook import data, structure
from lifbook.data import check_columns, records
from lifbook.errors import LifbookError
from lifbook.page.figures import Figure, draw
from lifbook.page.scenes import LIF, PALE, Selection, add_label, ca, ca_of, span
from lifbook.page.viewer import Draw, Entry, Scene, StructureViewer, orientation
from lifbook.page.widgets.knockout import KnockoutPuzzle
from lifbook.palette import COLOURS, MUTED, PICK


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
        for at, row in enumerate(records(studies)):
            low = row.low if row.low > 0 else left
            if np.isinf(row.high):
                axes.annotate(
                    "",
                    xy=(right, at),
                    xytext=(low, at),
                    arrowprops={
                        "arrowstyle": "-|>",
                        "color": COLOURS["LIF"],
                        "linewidth": 2,
                        "shrinkA": 0,
                        "shrinkB": 0,
                    },
                )
            else:
                axes.plot([low, row.high], [at, at], color=COLOURS["LIF"], linewidth=2)
            axes.plot([row.low] * 2, [at - 0.16, at + 0.16], color=COLOURS["LIF"], linewidth=2)
            if np.isfinite(row.odds_ratio) and row.odds_ratio > 0:
                axes.plot(row.odds_ratio, at, "o", color=COLOURS["LIF"], markersize=7)
            axes.plot(
                row.corrected,
                at + 0.28,
                "D",
                markerfacecolor="none",
                markeredgecolor=MUTED,
                markersize=5,
            )
        axes.set_yticks(range(len(studies)), studies["label"])
        axes.set(
            xscale="log",
            xlim=(left, right),
            ylim=(len(studies) - 0.4, -0.6),
            xlabel="odds ratio, logarithmic; diamonds: 0.5 added to each cell",
        )
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
    check_columns(
        trials, "agent", "phase", "start", "end", "n", "n_kind", "controlled", "responders"
    )

    def year(text: Any) -> float:
        if pd.isna(text) or not str(text):
            return np.nan
        whole, _dash, month = str(text).partition("-")
        return int(whole) + ((int(month) - 0.5) / 12 if month else 0.5)

    starts = [year(value) for value in trials["start"]]
    ends = [year(value) for value in trials["end"]]
    first = np.floor(np.nanmin([*starts, *ends])) - 1

    def paint(axes: Axes) -> None:
        for at, (row, start, end) in enumerate(zip(records(trials), starts, ends, strict=True)):
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
                axes.barh(
                    at + 0.12,
                    end - start,
                    left=start,
                    height=0.3,
                    color=COLOURS["LIF"] if row.controlled else "none",
                    edgecolor=COLOURS["LIF"],
                    linewidth=1.8,
                )
            else:
                axes.plot(
                    end,
                    at + 0.12,
                    "D",
                    markerfacecolor="none",
                    markeredgecolor=COLOURS["LIFR"],
                    markersize=7,
                )
        axes.set_yticks([])
        axes.spines["left"].set_visible(False)
        axes.set(ylim=(len(trials) - 0.3, -0.8), xlabel="year", xlim=(first, np.nanmax(ends) + 1.5))
        axes.xaxis.set_major_locator(mpl.ticker.MaxNLocator(integer=True))

    return draw("trials", title, description, paint, size=(7.2, 0.8 + 0.5 * len(trials)))


def _loop_in_both(number: int, text: str) -> Draw:
    """The loop about a residue in 2Q7N (model 0) and in 1PVH (model 1); all else is thin."""
    crystals = ((0, "2Q7N", LIF), (1, "1PVH", COLOURS["gp130"]))

    def draw_loops(view: py3Dmol.view) -> None:
        for model, _entry, colour in crystals:
            whole: Selection = {"model": model}
            thin = {"color": PALE["grey"], "style": "trace", "thickness": 0.15}
            view.setStyle(whole, {"cartoon": thin})
            loop = span(max(number - 8, 1), number + 8)
            view.setStyle({**whole, "resi": loop}, {"cartoon": {"color": colour}})
            view.addStyle({**whole, "resi": number}, {"stick": {"color": PICK, "radius": 0.35}})
        for model, entry, colour in crystals:
            one = {"model": model, "resi": number, "atom": "CA"}
            add_label(view, f"{text}, {entry}", one, colour)

    return draw_loops


def _neighbours(number: int, text: str, near: pd.DataFrame) -> Draw:
    """A residue of 2Q7N and what lies near it (``number``, ``label``), as sticks with names."""
    whole: Selection = {"model": 0}

    def draw_neighbours(view: py3Dmol.view) -> None:
        thin = {"color": PALE["LIF"], "style": "trace", "thickness": 0.3}
        view.setStyle(whole, {"cartoon": thin})
        for row in records(near):
            one = {**whole, "resi": int(row.number)}
            view.addStyle(one, {"stick": {"color": LIF, "radius": 0.22}})
            add_label(view, row.label, {**one, "atom": "CA"}, LIF)
        one = {**whole, "resi": number}
        view.addStyle(one, {"stick": {"color": PICK, "radius": 0.35}})
        add_label(view, text, {**one, "atom": "CA"}, PICK)

    return draw_neighbours


def _place_scene(
    lif: Chain, number: int, sites: Mapping[str, Sequence[int]], gaps: pd.Series
) -> Scene:
    """A residue of 2Q7N and the receptors' sites; `gaps`: residue -> how far it is from it (Å)."""
    whole: Selection = {"model": 0}
    text = structure.label(structure.get_residue(lif, number))
    uniprot = data.numbering("2Q7N", lif.id).to_uniprot(number)
    nearest = {
        molecule: min(gaps[at] for at in numbers if at != number)
        for molecule, numbers in sites.items()
    }

    def draw_place(view: py3Dmol.view) -> None:
        view.setStyle(whole, {"cartoon": {"color": PALE["LIF"]}})
        for molecule, numbers in sites.items():
            view.addStyle(
                {**whole, "resi": [int(at) for at in numbers]},
                {"stick": {"color": COLOURS[molecule], "radius": 0.25}},
            )
        view.addStyle({**whole, "resi": number}, {"sphere": {"color": PICK}})
        add_label(view, text, {**whole, "resi": number, "atom": "CA"}, PICK)

    return Scene(
        "place",
        f"Where {text} lies",
        f"{text} (UniProt {uniprot}; spheres) in LIF of 2Q7N, "
        f"{nearest['LIFR']:.0f} Å from the nearest residue that touches LIFR (blue), "
        f"{nearest['gp130']:.0f} Å from gp130's (green).",
        draw_place,
        focus=whole,
        orientation=orientation(
            ca(lif), top=ca_of(lif, sites["LIFR"]), front=ca(lif, number, number)
        ),
        zoom=1.15,
        group="Variant",
    )


def variant_viewer(
    lif: Chain,
    other: Chain,
    move: structure.Superposition,
    sites: Mapping[str, Sequence[int]],
    *,
    number: int = 64,
    cutoff: float = 4.5,
    name: str = "v64m",
) -> StructureViewer:
    """A residue of LIF in two crystals: how far from the receptors' sites, and what lies near it.

    Parameters
    ----------
    lif
        LIF in 2Q7N (chain B), human.
    other
        LIF in 1PVH (chain B), human.
    move
        Superposition of the second onto the first.
    sites
        ``"gp130"`` and ``"LIFR"`` -> numbers of the LIF residues in contact with it.
    number
        The residue, in mature numbers.
    cutoff
        Å, up to which residues count as near.
    """
    for molecule in ("gp130", "LIFR"):
        if not len(sites.get(molecule, ())):
            raise LifbookError(
                f"no residues of LIF are given that touch {molecule}",
                argument="sites",
                remedy="give the residue numbers of both sites, for instance from contacts",
            )
    text = structure.label(structure.get_residue(lif, number))
    here, there = (structure.distances_from(chain, number) for chain in (lif, other))
    near, near_there = (table[table["distance"] <= cutoff] for table in (here, there))
    # Seen from outside: a point beyond the residue, away from the middle of LIF, comes to the front.
    outside = 2 * ca(lif, number, number) - ca(lif).mean(axis=0)
    camera: dict[str, Any] = {
        "focus": {"model": 0, "resi": [int(at) for at in (*near["number"], number)]},
        "orientation": orientation(ca(lif, number - 4, number + 4), front=outside),
        "group": "Variant",
    }
    scenes = [
        _place_scene(lif, number, sites, here.set_index("number")["distance"]),
        Scene(
            "around",
            "What lies near it",
            f"{len(near)} residues of LIF within {cutoff} Å of {text} in 2Q7N (4.0 Å "
            f"resolution). {len(near_there)} do in 1PVH. No sugar of LIF was seen.",
            _neighbours(number, text, near),
            zoom=0.8,
            **camera,
        ),
        Scene(
            "crystals",
            "In two crystals",
            f"The loop of {text} in LIF of 2Q7N (orange) and in LIF of 1PVH laid onto it "
            f"(green) takes two courses; all else is grey. Neither crystal holds the variant.",
            _loop_in_both(number, text),
            zoom=0.7,
            **camera,
        ),
    ]
    return StructureViewer(
        name,
        [Entry("2Q7N", (lif.id,), slim=True), Entry("1PVH", (other.id,), moved_by=move, slim=True)],
        scenes,
        label=f"{text} of human LIF, PDB entries 2Q7N and 1PVH",
    )


def stewart_puzzle(knockout: pd.DataFrame, name: str = "knockout") -> KnockoutPuzzle:
    """The foster-mother experiment in mice without LIF, from the table ``knockout``."""
    check_columns(
        knockout,
        "gene",
        "female_genotype",
        "embryo_genotype",
        "transfer",
        "implants",
        "finding",
        "citations",
    )
    found = {}
    for row in records(knockout[knockout["gene"] == "Lif"]):
        place = (int(row.female_genotype != "+/+"), int(row.embryo_genotype != "+/+"))
        found[place] = (row.implants == "yes", row.finding, row.citations)
    return KnockoutPuzzle(
        name,
        ["a uterus with LIF", "a uterus without LIF"],
        ["Embryo of a mother with LIF", "Embryo of a mother without LIF"],
        found,
        label="Implantation in mice: which combinations of uterus and embryo work?",
    )
