"""Widgets of the Function chapter: binding curves, time courses, a map of the pathways.

What is small enough is computed in the page (binding), what is not is computed here and
shipped (time courses), so that everything works without a kernel. Python can set every
trait, too.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd
import traitlets

from lifbook.base import NamedWidget, PickingWidget, module
from lifbook.errors import LifbookError
from lifbook.palette import COLOURS, MUTED
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
    choice_1 = traitlets.Int(0).tag(sync=True)
    choice_2 = traitlets.Int(0).tag(sync=True)
    choice_3 = traitlets.Int(0).tag(sync=True)

    def __init__(
        self, name: str, courses: TimeCourses, series: Mapping[str, tuple[str, str, str]], *,
        source: str, sliders: Sequence[str] = (), time_label: str = "minutes after IL-6", **start: int,
    ) -> None:
        if len(courses.axes) > 3 or courses.largest != 255:
            raise LifbookError(
                f"{len(courses.axes)} choices in steps of 1/{courses.largest} do not fit the widget",
                column="courses", remedy="give at most three choices, packed with bits=8",
            )
        super().__init__(
            name=name,
            label="Curves of a model, with choices",
            axes=[
                {"trait": f"choice_{at}", "label": label, "options": options, "slider": label in sliders}
                for at, (label, options) in enumerate(courses.axes.items(), start=1)
            ],
            series=[
                {"label": label, "colour": colour, "dash": dash,
                 "most": float(courses.most[courses.columns.index(column)])}
                for column, (label, colour, dash) in series.items()
            ],
            times=[float(time) for time in courses.times],
            peaks=[
                [[round(float(time), 1), float(f"{value:.4g}")] for time, value in zip(*row, strict=True)]
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
