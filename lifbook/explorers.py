"""Widgets of the Function chapter: binding curves, time courses, a map of the pathways.

What is small enough is computed in the page (binding), what is not is computed here and
shipped (time courses), so that everything works without a kernel. Python can set every
trait, too.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import traitlets

from lifbook import signalling
from lifbook.base import NamedWidget, PickingWidget, module
from lifbook.errors import LifbookError
from lifbook.palette import COLOURS, MUTED
from lifbook.rounding import rounded, significant
from lifbook.signalling import TimeCourses


class BindingExplorer(NamedWidget):
    """Two-step binding of LIF to LIFR and gp130 with a slider for each quantity.

    All concentrations and dissociation constants are in nM. The page solves the mass
    balances itself (``static/binding.js``), as `signalling.bind` does here.

    Parameters
    ----------
    name
        Name of the widget in the page.
    locked
        Text that asks for a prediction; the sliders stay closed while it is not empty.

    Attributes
    ----------
    ligand, lifr, gp130, kd_lifr, kd_gp130 : float
        Total LIF, total LIFR, total gp130, Kd of LIF for LIFR, Kd of gp130 for LIF on LIFR.
    half_with, half_without : float
        Total LIF at which half of what can be reached is reached, with and without gp130;
        computed in the page.

    Raises
    ------
    LifbookError
        A value outside its slider.
    """

    RANGES = {
        "ligand": ("LIF", 1e-4, 100.0, COLOURS["LIF"]),
        "lifr": ("LIFR", 1e-4, 1.0, COLOURS["LIFR"]),
        "gp130": ("gp130", 1e-4, 100.0, COLOURS["gp130"]),
        "kd_lifr": ("Kd of LIF and LIFR", 0.01, 100.0, COLOURS["LIFR"]),
        "kd_gp130": ("Kd of gp130 and LIF on LIFR", 0.001, 100.0, COLOURS["gp130"]),
    }

    _esm = module("chart.js", "binding.js", "binding_explorer.js")
    sliders = traitlets.List().tag(sync=True)
    colours = traitlets.List().tag(sync=True)
    locked = traitlets.Unicode("").tag(sync=True)
    ligand = traitlets.Float(0.1).tag(sync=True)
    lifr = traitlets.Float(0.01).tag(sync=True)
    gp130 = traitlets.Float(1.0).tag(sync=True)
    kd_lifr = traitlets.Float(1.0).tag(sync=True)
    kd_gp130 = traitlets.Float(0.05).tag(sync=True)
    half_with = traitlets.Float(0.0).tag(sync=True)
    half_without = traitlets.Float(0.0).tag(sync=True)

    def __init__(self, name: str = "binding", *, locked: str = "", **values: float) -> None:
        super().__init__(
            name=name,
            locked=locked,
            label="Binding of LIF to LIFR and gp130, with sliders",
            sliders=[
                {"trait": trait, "label": label, "min": low, "max": high, "colour": colour}
                for trait, (label, low, high, colour) in self.RANGES.items()
            ],
            colours=[COLOURS["LIF"], COLOURS["LIFR"], COLOURS["gp130"]],
            **values,
        )

    @traitlets.validate("ligand", "lifr", "gp130", "kd_lifr", "kd_gp130")
    def _in_range(self, proposal: traitlets.Bunch) -> float:
        _label, low, high, _colour = self.RANGES[proposal.trait.name]
        if not low <= proposal.value <= high:
            raise LifbookError(
                f"{proposal.value} nM is outside the slider", column=proposal.trait.name,
                remedy=f"use a value from {low} to {high} nM",
            )
        return proposal.value

    def __repr__(self) -> str:
        return f"BindingExplorer('{self.name}', LIF {self.ligand} nM)"


class SignalExplorer(NamedWidget):
    """Model curves for each combination of up to three choices, computed before and shipped.

    Parameters
    ----------
    name
        Name of the widget in the page.
    courses
        From `signalling.time_courses`, packed in 8 bits: an error of at most 0.2 % of the
        largest value, less than the width of a line.
    series
        Column of the courses -> (label, colour, dash pattern).
    source
        What the curves are: model, system, citation. Printed under the chart.
    sliders
        Names of the choices that are ordered, shown as sliders; the others are buttons.
    time_label
        Label of the time axis.
    panels
        A chart for each series, with axes of its own, in place of one chart for all.
    presets
        Label of a button -> choice -> option: combinations to begin from.
    reference
        What to call the start, which stays in sight as a thin line: ``"the start"``, or for
        example ``"wild type"``.
    measures
        What is measured, and for each state (in the order of the courses) one text for each column
        of `measured`: a small table compares the choice with the start.
    measured
        Headings of `measures`.

    Attributes
    ----------
    choice_1, choice_2, choice_3 : int
        Option of each choice, counted from 0; an unknown one raises LifbookError.
    """

    _esm = module("chart.js", "signal.js")
    axes = traitlets.List().tag(sync=True)
    series = traitlets.List().tag(sync=True)
    times = traitlets.List().tag(sync=True)
    peaks = traitlets.List().tag(sync=True)
    curves = traitlets.Bytes().tag(sync=True)
    source = traitlets.Unicode().tag(sync=True)
    time_label = traitlets.Unicode().tag(sync=True)
    panels = traitlets.Bool(False).tag(sync=True)
    presets = traitlets.List().tag(sync=True)
    reference = traitlets.Unicode().tag(sync=True)
    measures = traitlets.Dict().tag(sync=True)
    choice_1 = traitlets.Int(0).tag(sync=True)
    choice_2 = traitlets.Int(0).tag(sync=True)
    choice_3 = traitlets.Int(0).tag(sync=True)

    def __init__(
        self, name: str, courses: TimeCourses, series: Mapping[str, tuple[str, str, str]], *,
        source: str, sliders: Sequence[str] = (), time_label: str = "minutes after IL-6",
        panels: bool = False, presets: Mapping[str, Mapping[str, str]] | None = None,
        reference: str = "the start", measures: tuple[str, Sequence[Sequence[str]]] | None = None,
        measured: Sequence[str] = (), **start: int,
    ) -> None:
        if len(courses.axes) > 3 or courses.largest != 255:
            raise LifbookError(
                f"{len(courses.axes)} choices in steps of 1/{courses.largest} do not fit the widget",
                column="courses", remedy="give at most three choices, packed with bits=8",
            )
        traits = {label: f"choice_{at}" for at, label in enumerate(courses.axes, start=1)}
        buttons = [
            {"label": label, "state": courses.state(choices), "choices": {
                traits[axis]: courses.axes[axis].index(option) for axis, option in choices.items()
            }}
            for label, choices in (presets or {}).items()
        ]
        states = len(courses.values)
        what, rows = measures or ("", [])
        if measures and {len(row) for row in rows} | {len(rows) - states} != {len(measured), 0}:
            raise LifbookError(
                f"the measures do not fit {states} states with {len(measured)} columns",
                column="measures", remedy="give one row for each state, with one text a column",
            )
        super().__init__(
            name=name,
            label="Curves of a model, with choices",
            axes=[
                {"trait": traits[label], "label": label, "options": options, "slider": label in sliders}
                for label, options in courses.axes.items()
            ],
            panels=panels,
            presets=buttons,
            reference=reference,
            measures={"what": what, "columns": list(measured), "rows": [list(row) for row in rows]}
                     if measures else {},
            series=[
                {"label": label, "colour": colour, "dash": dash,
                 "most": float(courses.most[courses.columns.index(column)])}
                for column, (label, colour, dash) in series.items()
            ],
            times=[float(time) for time in courses.times],
            peaks=[
                [[None if math.isnan(time) else int(rounded(time)), significant(value, 5)]
                 for time, value in zip(*row, strict=True)]
                for row in zip(courses.peak_times, courses.peak_values, strict=True)
            ],
            curves=courses.to_bytes(),
            source=source,
            time_label=time_label,
            **start,
        )

    @traitlets.validate("choice_1", "choice_2", "choice_3")
    def _known_option(self, proposal: traitlets.Bunch) -> int:
        for axis in self.axes:
            if axis["trait"] == proposal.trait.name and not 0 <= proposal.value < len(axis["options"]):
                raise LifbookError(
                    f"'{axis['label']}' has no option {proposal.value}", column=proposal.trait.name,
                    remedy=f"use 0 to {len(axis['options']) - 1}: {', '.join(axis['options'])}",
                )
        return proposal.value

    def __repr__(self) -> str:
        return f"SignalExplorer('{self.name}', {len(self.curves)} bytes of curves)"


def brakes_explorer(name: str = "brakes", *, dose: float = 40.0) -> SignalExplorer:
    """The brakes of the model, to be loosened and tightened: SOCS3, its docking, and SOCS1.

    The model of Sobotta et al. 2017: IL-6 in primary mouse hepatocytes, not LIF. What the
    choices change is written in `signalling.brakes`, what the table shows in
    `signalling.response_table`.

    Parameters
    ----------
    name
        Name of the widget in the page.
    dose
        IL-6 in ng/ml, which stays.
    """
    socs3, docking, socs1 = "SOCS3 made from its mRNA", "SOCS3 on gp130", "SOCS1-like inhibitor of JAK"
    axes = {
        socs3: {"none": 0.0, "1/4 of normal": 0.25, "half of normal": 0.5, "normal": 1.0,
                "twice normal": 2.0, "4 times normal": 4.0},
        docking: {"can dock": 1.0, "cannot dock: no Tyr759 (mouse 757)": 0.0},
        socs1: {"none": 0.0, "JAK at half": 1.0, "JAK at a quarter": 3.0, "JAK at an eighth": 7.0},
    }
    changes = {
        axis: {label: {"changes": signalling.brakes(**{key: value})} for label, value in options.items()}
        for (axis, options), key in zip(axes.items(), ("socs3", "docking", "socs1"), strict=True)
    }
    for option in changes[socs3].values():
        option["dose"] = dose
    series = {
        "pJAK1": ("phosphorylated JAK1", COLOURS["JAK"], ""),
        "pgp130": ("phosphorylated gp130", COLOURS["gp130"], ""),
        "pSTAT3": ("pSTAT3", COLOURS["STAT"], ""),
        "SOCS3": ("SOCS3", COLOURS["SOCS"], ""),
    }
    courses = signalling.time_courses(
        changes, list(series), times=[*range(0, 60, 2), *range(60, 241, 6)]
    )
    table = signalling.response_table(
        {
            " / ".join(labels): signalling.brakes(*values)
            for chosen in itertools.product(*(options.items() for options in axes.values()))
            for labels, values in [zip(*chosen, strict=True)]
        },
        dose,
    )
    normal = {socs3: "normal", docking: "can dock", socs1: "none"}
    return SignalExplorer(
        name, courses, series, sliders=[socs3, socs1], panels=True, reference="wild type",
        presets={
            "Wild type": normal,
            "SOCS3 knock-out": normal | {socs3: "none"},
            "SOCS3 blind to gp130": normal | {docking: list(axes[docking])[1]},
            "SOCS1-like inhibitor": normal | {socs1: "JAK at a quarter"},
        },
        measures=("pSTAT3", [_measured(row) for row in table.itertuples()]),
        measured=["Peak (nM)", "Time of peak (min)", "Above half of it (min)", "Steady state (nM)"],
        source=f"Model, not data (Sobotta et al. 2017), at {dose:g} ng/ml IL-6 that stays: fitted to "
               "IL-6 in primary mouse hepatocytes; it is not a model of LIF. "
               + signalling.SOCS1_ASSUMPTION,
        choice_1=3,
    )


def _measured(row: Any) -> list[str]:
    """One row of `signalling.response_table` as it is read."""
    return [
        f"{significant(row.peak, 3):g}",
        "none: a plateau" if pd.isna(row.time_of_peak) else f"{rounded(row.time_of_peak):.0f}",
        "–" if pd.isna(row.half_duration)
        else f"{rounded(row.half_duration):.0f}" if math.isfinite(row.half_duration) else "without end",
        f"{significant(row.steady, 3):g}",
    ]


class Prediction(NamedWidget):
    """A question that must be answered before something else opens; it is not marked.

    Link its trait ``locked`` to that of what shall stay closed until then.

    Parameters
    ----------
    name
        Name of the widget in the page.
    question, options
        What is asked, and what can be chosen.
    locked
        What stands at the closed sliders.
    after
        What to do once the prediction is made.
    """

    _esm = module("predict.js")
    question = traitlets.Unicode().tag(sync=True)
    options = traitlets.List(traitlets.Unicode()).tag(sync=True)
    after = traitlets.Unicode().tag(sync=True)
    locked = traitlets.Unicode().tag(sync=True)
    chosen = traitlets.Int(-1).tag(sync=True)

    def __init__(
        self, name: str, question: str, options: Sequence[str], *, after: str,
        locked: str = "Closed until you have made your prediction above.",
    ) -> None:
        super().__init__(
            name=name, label="A prediction to make first", question=question,
            options=list(options), after=after, locked=locked,
        )

    def __repr__(self) -> str:
        return f"Prediction('{self.name}', {len(self.options)} options)"


class PathwayMap(PickingWidget):
    """A map of signalling whose nodes can be picked and knocked out.

    Parameters
    ----------
    name
        Name of the widget in the page.
    nodes
        Table with ``id``, ``label``, ``kind``, ``arm``, ``x``, ``y`` (0 to 100, y downwards).
    edges
        Table with ``source``, ``target``, ``sign``, ``arm``, ``shown``, ``stimulus``,
        ``system``, ``needs`` (a node without which the arrow does not work, or ""), and
        ``citation`` and ``url`` as from `data.citations`.
    label
        What the map shows, for screen readers.

    Attributes
    ----------
    picked : str
        Id of the node whose evidence is shown.
    knocked_out : list of str
        Ids of the nodes that are taken away.
    """

    _esm = module("chart.js", "pathway.js")
    nodes = traitlets.List().tag(sync=True)
    edges = traitlets.List().tag(sync=True)
    knocked_out = traitlets.List(traitlets.Unicode()).tag(sync=True)

    ARMS = {"JAK/STAT": COLOURS["STAT"], "MAPK": COLOURS["LIFR"], "PI3K/Akt": COLOURS["JAK"],
            "brake": COLOURS["SOCS"], "receptor": COLOURS["gp130"], "ligand": COLOURS["LIF"]}

    def __init__(self, name: str, nodes: pd.DataFrame, edges: pd.DataFrame, *, label: str) -> None:
        known = set(nodes["id"])
        for row, edge in enumerate(edges.itertuples(), start=1):
            for end in (edge.source, edge.target):
                if end not in known:
                    raise LifbookError(
                        f"an edge names the node '{end}'", row=row, column="source, target",
                        remedy=f"use one of {', '.join(sorted(known))}",
                    )
        colours = nodes["arm"].map(self.ARMS).fillna(MUTED)
        super().__init__(
            name=name, label=label,
            nodes=nodes.assign(colour=colours)[
                ["id", "label", "kind", "arm", "colour", "x", "y"]
            ].to_dict("records"),
            edges=edges[
                ["source", "target", "sign", "arm", "shown", "stimulus", "system", "needs",
                 "citation", "url"]
            ].to_dict("records"),
        )

    @traitlets.validate("picked", "knocked_out")
    def _known_node(self, proposal: traitlets.Bunch) -> object:
        known = [node["id"] for node in self.nodes]
        names = [proposal.value] if isinstance(proposal.value, str) else proposal.value
        for name in names:
            if name and known and name not in known:
                raise LifbookError(
                    f"the map has no node '{name}'", column=proposal.trait.name,
                    remedy=f"use one of {', '.join(known)}",
                )
        return proposal.value

    def __repr__(self) -> str:
        return f"PathwayMap('{self.name}', {len(self.nodes)} nodes, {len(self.edges)} edges)"
