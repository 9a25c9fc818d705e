"""The widgets of the Function chapter: what they ship, and what they refuse."""

from __future__ import annotations

import itertools
from pathlib import Path

import nbformat
import numpy as np
import pandas as pd
import pytest

from lifbook import data, signalling
from lifbook.errors import LifbookError
from lifbook.page import widgets
from lifbook.rounding import rounded, significant

NOTEBOOK = Path(__file__).parents[2] / "chapters" / "function.ipynb"
STATE = "application/vnd.jupyter.widget-state+json"
REMOVED = {"changes": signalling.VARIANTS["SOCS3 removed"]}
AXES = {
    "IL-6": {f"{dose:g} ng/ml": {"dose": dose} for dose in (0.3, 1, 3, 10, 40, 100)},
    "for": {
        "5 min": {"duration": 5},
        "15 min": {"duration": 15},
        "30 min": {"duration": 30},
        "left in": {},
    },
    "change": {
        "none": {},
        "no SOCS3": REMOVED,
        "actinomycin D": {"actinomycin_d": -10},
        "JAK inhibitor": {"inhibitor_nM": 500},
    },
}


def off_the_edge(curve: np.ndarray) -> bool:
    """Whether it falls by clearly more or clearly less than what makes a peak of a maximum."""
    fall = 1 - curve[curve.argmax() :].min() / curve.max() if curve.max() > 0 else 0.0
    return not signalling.PLATEAU / 2 < fall < 2 * signalling.PLATEAU


def stored(kind: str) -> tuple[dict, list[dict]]:
    """State and buffers of the widget of a class in the committed notebook."""
    models = nbformat.read(NOTEBOOK, as_version=4).metadata["widgets"][STATE]["state"]
    found = [m for m in models.values() if m["state"].get("_anywidget_id", "").endswith(f".{kind}")]
    assert len(found) == 1
    return found[0]["state"], found[0].get("buffers", [])


def test_the_committed_curves_are_those_of_the_model_in_every_state():
    import base64

    state, buffers = stored("SignalExplorer")
    assert [(axis["label"], axis["options"]) for axis in state["axes"]] == [
        (name, list(options)) for name, options in AXES.items()
    ]
    packed = np.frombuffer(base64.b64decode(buffers[0]["data"]), dtype=np.uint8)
    columns = ["receptor_active_nM", "pSTAT3_nM", "SOCS3_mRNA_au", "SOCS3_nM"]
    shape = (6 * 4 * 4, len(columns), len(state["times"]))
    curves = packed.reshape(shape) / 255 * np.array([s["most"] for s in state["series"]])[:, None]
    options = [list(axis.values()) for axis in AXES.values()]
    for at, choice in enumerate(itertools.product(*options)):
        arguments = {key: value for part in choice for key, value in part.items()}
        run = signalling.simulate(times=state["times"], **arguments)
        fine = signalling.simulate(times=np.arange(0, state["times"][-1] + 0.5, 0.5), **arguments)
        peaks = signalling.peaks(fine, columns).set_index("quantity")
        for which, column in enumerate(columns):
            most = state["series"][which]["most"]
            exact = run[column].to_numpy()
            assert np.abs(curves[at, which] - exact).max() <= most / 255 / 2 * 1.003
            peak = peaks.loc[column]
            minute, value = state["peaks"][at][which]
            assert minute == (None if np.isnan(peak["time_min"]) else rounded(peak["time_min"]))
            assert value == significant(peak["value"], 5)
            assert off_the_edge(exact), (choice, column)


def test_the_explorer_refuses_an_option_that_is_not_there():
    courses = signalling.time_courses(
        {"IL-6": {"10": {"dose": 10}}}, ["pSTAT3_nM"], times=[0, 10, 20]
    )
    widget = widgets.SignalExplorer(
        "s", courses, {"pSTAT3_nM": ("pSTAT3", "#7f70e6", "")}, source="model"
    )
    with pytest.raises(LifbookError, match="'IL-6' has no option 1.*use 0 to 0: 10"):
        widget.choice_1 = 1
    with pytest.raises(LifbookError, match="at most three choices"):
        widgets.SignalExplorer(
            "s",
            signalling.time_courses(
                {"IL-6": {"10": {"dose": 10}}}, ["pSTAT3_nM"], times=[0, 9], bits=16
            ),
            {"pSTAT3_nM": ("pSTAT3", "#7f70e6", "")},
            source="model",
        )


@pytest.mark.parametrize(("trait", "value"), [("ligand", -1.0), ("lifr", 5.0), ("kd_gp130", 0.0)])
def test_binding_refuses_values_outside_its_sliders(trait, value):
    widget = widgets.BindingExplorer()
    with pytest.raises(
        LifbookError, match=rf"argument '{trait}'.*outside the slider.*use a value from"
    ):
        setattr(widget, trait, value)


def test_a_prediction_opens_what_is_linked_to_it():
    prediction = widgets.Prediction("p", "How much?", ["a", "b"], after="Now look.")
    assert prediction.locked and prediction.chosen == -1
    binding = widgets.BindingExplorer(locked=prediction.locked)
    assert binding.locked == prediction.locked


def test_the_map_ships_every_edge_with_its_paper():
    state, _buffers = stored("PathwayMap")
    table = data.read_table("pathway_edges")
    assert [(e["source"], e["target"]) for e in state["edges"]] == list(
        zip(table["source"], table["target"], strict=True)
    )
    for edge in state["edges"]:
        assert edge["citation"] and edge["shown"] and edge["system"]


def test_the_map_refuses_unknown_nodes():
    nodes = pd.DataFrame(
        {"id": ["a"], "label": ["A"], "kind": ["ligand"], "arm": ["ligand"], "x": [1], "y": [1]}
    )
    edges = pd.DataFrame([{"source": "a", "target": "b"}])
    with pytest.raises(
        LifbookError,
        match="row 1, column 'source, target': no node of the map is called 'b'.*use one of a",
    ):
        widgets.PathwayMap("m", nodes, edges, label="x")
    table = data.read_table("pathway_edges")
    whole = widgets.PathwayMap(
        "m",
        data.read_table("pathway_nodes"),
        table.join(data.citations(table["citations"])),
        label="x",
    )
    with pytest.raises(LifbookError, match="no node of the map is called 'p53'"):
        whole.knocked_out = ["p53"]


def test_citations_name_papers_and_addresses():
    found = data.citations(["Ernst2001;Stewart1992"]).iloc[0]
    assert found["citation"] == "Ernst 2001; Stewart 1992"
    assert found["url"].startswith("https://doi.org/10.1084/")
    with pytest.raises(LifbookError, match="Nobody1900"):
        data.citations(["Nobody1900"])
