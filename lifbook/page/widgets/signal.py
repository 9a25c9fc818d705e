"""Model curves for each combination of choices, computed beforehand and shipped."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import traitlets

from lifbook.errors import LifbookError
from lifbook.page.widget import NamedWidget
from lifbook.rounding import rounded, significant
from lifbook.signalling import TimeCourses


def _buttons(
    courses: TimeCourses, traits: Sequence[str], presets: Mapping[str, Mapping[str, str]]
) -> list[dict[str, Any]]:
    """Buttons as the page takes them; `traits`: those of the choices, in their order."""
    trait = dict(zip(courses.axes, traits, strict=True))
    return [
        {
            "label": label,
            "state": courses.state(choices),
            "choices": {
                trait[axis]: courses.axes[axis].index(option) for axis, option in choices.items()
            },
        }
        for label, choices in presets.items()
    ]


def _measures(
    measures: tuple[str, Sequence[Sequence[str]]] | None, headings: Sequence[str], states: int
) -> dict[str, Any]:
    """The small table of what is measured, checked; empty without one."""
    if not measures:
        return {}
    what, rows = measures
    if {len(row) for row in rows} | {len(rows) - states} != {len(headings), 0}:
        raise LifbookError(
            f"the measures do not fit {states} states with {len(headings)} columns",
            argument="measures",
            remedy="give one row for each state, with one text a column",
        )
    return {"what": what, "columns": list(headings), "rows": [list(row) for row in rows]}


def _peaks(courses: TimeCourses) -> list[list[list[float | None]]]:
    """Time (min, None without a peak) and value of each curve's peak, state by state."""
    return [
        [
            [None if math.isnan(time) else int(rounded(time)), significant(value, 5)]
            for time, value in zip(*row, strict=True)
        ]
        for row in zip(courses.peak_times, courses.peak_values, strict=True)
    ]


class SignalExplorer(NamedWidget):
    """Model curves for each combination of up to three choices, computed beforehand and shipped.

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

    axes: traitlets.List[Any] = traitlets.List().tag(sync=True)
    series: traitlets.List[Any] = traitlets.List().tag(sync=True)
    times: traitlets.List[Any] = traitlets.List().tag(sync=True)
    peaks: traitlets.List[Any] = traitlets.List().tag(sync=True)
    curves = traitlets.Bytes().tag(sync=True)
    source = traitlets.Unicode().tag(sync=True)
    time_label = traitlets.Unicode().tag(sync=True)
    panels = traitlets.Bool(False).tag(sync=True)
    presets: traitlets.List[Any] = traitlets.List().tag(sync=True)
    reference = traitlets.Unicode().tag(sync=True)
    measures: traitlets.Dict[str, Any] = traitlets.Dict().tag(sync=True)
    choice_1 = traitlets.Int(0).tag(sync=True)
    choice_2 = traitlets.Int(0).tag(sync=True)
    choice_3 = traitlets.Int(0).tag(sync=True)

    def __init__(
        self,
        name: str,
        courses: TimeCourses,
        series: Mapping[str, tuple[str, str, str]],
        *,
        source: str,
        sliders: Sequence[str] = (),
        time_label: str = "minutes after IL-6",
        panels: bool = False,
        presets: Mapping[str, Mapping[str, str]] | None = None,
        reference: str = "the start",
        measures: tuple[str, Sequence[Sequence[str]]] | None = None,
        measured: Sequence[str] = (),
        **start: int,
    ) -> None:
        if len(courses.axes) > 3 or courses.largest != 255:
            raise LifbookError(
                f"{len(courses.axes)} choices in steps of 1/{courses.largest} do not fit the widget",
                argument="courses",
                remedy="give at most three choices, packed with bits=8",
            )
        traits = [f"choice_{at}" for at in range(1, len(courses.axes) + 1)]
        super().__init__(
            name=name,
            label="Curves of a model, with choices",
            axes=[
                {"trait": trait, "label": label, "options": options, "slider": label in sliders}
                for trait, (label, options) in zip(traits, courses.axes.items(), strict=True)
            ],
            panels=panels,
            presets=_buttons(courses, traits, presets or {}),
            reference=reference,
            measures=_measures(measures, measured, len(courses.values)),
            series=[
                {
                    "label": label,
                    "colour": colour,
                    "dash": dash,
                    "most": float(courses.most[courses.columns.index(column)]),
                }
                for column, (label, colour, dash) in series.items()
            ],
            times=[float(time) for time in courses.times],
            peaks=_peaks(courses),
            curves=courses.to_bytes(),
            source=source,
            time_label=time_label,
            **start,
        )

    @traitlets.validate("choice_1", "choice_2", "choice_3")
    def _known_option(self, proposal: traitlets.Bunch) -> int:
        for axis in self.axes:
            if axis["trait"] == proposal.trait.name and not 0 <= proposal.value < len(
                axis["options"]
            ):
                raise LifbookError(
                    f"'{axis['label']}' has no option {proposal.value}",
                    argument=proposal.trait.name,
                    remedy=f"use 0 to {len(axis['options']) - 1}: {', '.join(axis['options'])}",
                )
        return proposal.value

    def __repr__(self) -> str:
        return f"SignalExplorer('{self.name}', {len(self.curves)} bytes of curves)"
