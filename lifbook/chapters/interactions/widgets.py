"""Widgets of the Interactions chapter, filled with the book's tables and model."""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping
from typing import Any

import pandas as pd

from lifbook import signalling
from lifbook.data import records
from lifbook.page.widgets.competition import CompetitionExplorer
from lifbook.page.widgets.family import FamilyExplorer
from lifbook.page.widgets.signal import SignalExplorer
from lifbook.palette import COLOURS
from lifbook.rounding import rounded, significant

#: Label of each choice -> argument of `signalling.brakes`, and its options with their values.
BRAKES: dict[str, tuple[str, dict[str, float]]] = {
    "SOCS3 made from its mRNA": (
        "socs3",
        {
            "none": 0.0,
            "1/4 of normal": 0.25,
            "half of normal": 0.5,
            "normal": 1.0,
            "twice normal": 2.0,
            "4 times normal": 4.0,
        },
    ),
    "SOCS3 on gp130": ("docking", {"can dock": 1.0, "cannot dock: no Tyr759 (mouse 757)": 0.0}),
    "SOCS1-like inhibitor of JAK": (
        "socs1",
        {"none": 0.0, "JAK at half": 1.0, "JAK at a quarter": 3.0, "JAK at an eighth": 7.0},
    ),
}
#: Column of the courses -> label, colour and dash pattern of its curve.
BRAKE_SERIES = {
    "pJAK1": ("phosphorylated JAK1", COLOURS["JAK"], ""),
    "pgp130": ("phosphorylated gp130", COLOURS["gp130"], ""),
    "pSTAT3": ("pSTAT3", COLOURS["STAT"], ""),
    "SOCS3": ("SOCS3", COLOURS["SOCS"], ""),
}


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
    socs3, docking, socs1 = BRAKES
    options = {label: values for label, (_argument, values) in BRAKES.items()}
    changes: dict[str, dict[str, dict[str, Any]]] = {
        label: {
            option: {"changes": signalling.brakes(**{argument: value})}
            for option, value in values.items()
        }
        for label, (argument, values) in BRAKES.items()
    }
    for option in changes[socs3].values():
        option["dose"] = dose
    courses = signalling.time_courses(
        changes, list(BRAKE_SERIES), times=[*range(0, 60, 2), *range(60, 241, 6)]
    )
    table = signalling.response_table(
        {
            " / ".join(label for label, _value in chosen): signalling.brakes(
                *(value for _label, value in chosen)
            )
            for chosen in itertools.product(*(choice.items() for choice in options.values()))
        },
        dose,
    )
    normal = {socs3: "normal", docking: "can dock", socs1: "none"}
    return SignalExplorer(
        name,
        courses,
        BRAKE_SERIES,
        sliders=[socs3, socs1],
        panels=True,
        reference="wild type",
        presets={
            "Wild type": normal,
            "SOCS3 knock-out": normal | {socs3: "none"},
            "SOCS3 blind to gp130": normal | {docking: list(options[docking])[1]},
            "SOCS1-like inhibitor": normal | {socs1: "JAK at a quarter"},
        },
        measures=("pSTAT3", [_measured(row) for row in records(table)]),
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
        "–"
        if pd.isna(row.half_duration)
        else f"{rounded(row.half_duration):.0f}"
        if math.isfinite(row.half_duration)
        else "without end",
        f"{significant(row.steady, 3):g}",
    ]


def family_explorer(
    name: str = "family", *, scenes: Mapping[str, str] | None = None
) -> FamilyExplorer:
    """The widget with the book's tables; `scenes` as in `FamilyExplorer`."""
    return FamilyExplorer(name, scenes=scenes)


def competition_explorer(
    name: str = "competition", *, locked: str = "", **values: Any
) -> CompetitionExplorer:
    """The widget with the book's assumptions; `values` set its sliders."""
    return CompetitionExplorer(name, locked=locked, **values)
