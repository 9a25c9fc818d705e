"""The brakes of the model: SOCS3, its docking on gp130, and a SOCS1-like inhibitor of JAK."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from lifbook import signalling as sg
from lifbook.chapters import interactions as in_interactions
from lifbook.errors import LifbookError
from lifbook.page import widgets


@pytest.fixture(scope="module")
def table() -> pd.DataFrame:
    return sg.response_table().set_index("variant")


def test_brakes_are_the_variants_of_the_function_chapter():
    assert sg.brakes() == {}
    assert sg.brakes(socs3=0) == sg.VARIANTS["SOCS3 removed"]
    assert sg.brakes(docking=0) == sg.VARIANTS["SOCS3 blind to gp130"]
    slowed = sg.brakes(socs1=3)
    assert set(slowed) == {"jak1_act_basal", "jak1_act_il6", "gp130_act_jak1"}
    assert set(slowed.values()) == {0.25}


def test_the_brake_and_its_two_actions():
    runs = {name: sg.simulate(40, changes=changes) for name, changes in sg.VARIANTS.items()}
    normal = sg.simulate(40)
    removed, blind = runs["SOCS3 removed"], runs["SOCS3 blind to gp130"]
    assert (removed["SOCS3_nM"] == 0).all()
    assert blind["SOCS3_nM"].iloc[-1] > normal["SOCS3_nM"].max()
    # Without either action the receptor cannot tell whether SOCS3 is there.
    for column in ("receptor_active_nM", "pSTAT3_nM", "SOCS3_mRNA_au"):
        assert blind[column].to_numpy() == pytest.approx(removed[column].to_numpy(), rel=1e-5)
    # No brake: pSTAT3 stays up. One action alone takes back part of it.
    at_60 = {name: run["pSTAT3_nM"][60] for name, run in runs.items()}
    assert normal["pSTAT3_nM"][60] < at_60["SOCS3 spares STAT3"]
    assert at_60["SOCS3 spares STAT3"] < at_60["SOCS3 spares the receptor"]
    assert at_60["SOCS3 spares the receptor"] < at_60["SOCS3 removed"]
    assert removed["pSTAT3_nM"].iloc[-1] == pytest.approx(removed["pSTAT3_nM"].max(), rel=1e-6)
    receptors = ["receptor_nM", "receptor_pJAK1_nM", "receptor_active_nM"]
    assert removed[receptors].sum(axis=1).std() < 1e-8


def test_a_socs1_like_inhibitor_does_what_ruxolitinib_does_at_first():
    """Both divide the same two rates; the drug is broken down slowly, the brake is not."""
    times = [0, 5, 10, 20]
    constant = sg.read_model().parameters["jak1_inh_ruxolitinib"]
    drug = sg.simulate(40.0, times, inhibitor_nM=1 / constant, inhibitor_from=0.0)
    brake = sg.simulate(40.0, times, changes=sg.brakes(socs1=1))
    # The run with the brake starts in its own steady state, so only the rise is compared.
    rise = [
        run["receptor_pJAK1_nM"].iloc[-1] - run["receptor_pJAK1_nM"].iloc[0]
        for run in (drug, brake)
    ]
    assert rise[0] == pytest.approx(rise[1], rel=0.1)


def test_the_table_agrees_with_the_curves(table):
    run = sg.simulate(40.0, np.arange(0, 2001, 0.5))
    time, values = run["time_min"].to_numpy(), sg.observe(run, "pSTAT3").to_numpy()
    wild = table.loc["wild type"]
    assert wild["peak"] == pytest.approx(values.max(), rel=1e-4)
    assert wild["time_of_peak"] == pytest.approx(time[values.argmax()], abs=0.5)
    above = values >= values.max() / 2
    first = above.argmax()
    last = first + (~above[first:]).argmax()
    assert wild["half_duration"] == pytest.approx(time[last] - time[first], abs=1)
    assert wild["steady"] == pytest.approx(values[-1], rel=1e-3)


def test_a_late_brake_ends_the_signal_and_an_early_one_lowers_the_peak(table):
    wild, four = table.loc["wild type"], table.loc["SOCS3 × 4"]
    socs1, out = table.loc["SOCS1-like inhibitor"], table.loc["SOCS3 knock-out"]
    assert four["half_duration"] < wild["half_duration"] < socs1["half_duration"]
    assert socs1["peak"] < four["peak"] < wild["peak"] < out["peak"]
    assert out["steady"] > 2 * wild["steady"]
    assert np.isinf(out["half_duration"]) and np.isnan(out["time_of_peak"])


def test_without_docking_it_is_as_if_socs3_were_not_there(table):
    columns = ["peak", "steady"]
    assert table.loc["SOCS3 blind to gp130", columns].tolist() == pytest.approx(
        table.loc["SOCS3 knock-out", columns].tolist(), rel=1e-5
    )


def test_more_feedback_never_leaves_more_signal():
    strengths = [0, 0.25, 0.5, 1, 2, 4, 8]
    rows = sg.response_table({f"{k:g}": sg.brakes(socs3=k) for k in strengths})
    for column in ("peak", "half_duration", "steady"):
        assert rows[column].is_monotonic_decreasing, column
    rows = sg.response_table({f"{k:g}": sg.brakes(socs1=k) for k in (0, 1, 3, 7)})
    assert rows["peak"].is_monotonic_decreasing


def test_a_constant_ligand_leads_to_the_steady_state():
    model = sg.read_model()
    settled = model.steady_state(sg.brakes(socs3=2), il6=40.0)
    run = sg.simulate(40.0, [0, 20000], changes=sg.brakes(socs3=2))
    last = run.iloc[-1]
    for column, value in zip(model.columns, settled.values(), strict=True):
        assert last[column] == pytest.approx(value, rel=1e-4, abs=1e-9), column


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: sg.brakes(socs3=-1), "argument 'socs3': -1 as a factor is not possible"),
        (
            lambda: sg.brakes(docking=float("nan")),
            "argument 'docking': nan as a factor is not possible",
        ),
        (lambda: sg.brakes(socs1=-0.1), "argument 'socs1': -0.1 as a multiple is not possible"),
        (lambda: sg.response_table({}), "no variants are given.*at least one"),
        (lambda: sg.response_table(dose=0), "argument 'dose': 0 ng/ml is not possible.*above 0"),
        (lambda: sg.response_table({"x": {"moon": 2}}), "no parameter is called 'moon'.*socs3_pro"),
        (
            lambda: sg.response_table({"x": {}}, quantity="moon"),
            "no observable or column is called 'moon'",
        ),
    ],
)
def test_what_makes_no_sense_is_refused(call, words):
    with pytest.raises(LifbookError, match=words) as caught:
        call()
    assert caught.value.remedy


@pytest.fixture(scope="module")
def widget() -> widgets.SignalExplorer:
    """Every state of the brakes takes seconds: tests only read it."""
    return in_interactions.brakes_explorer()


def test_sentence_and_table_of_every_state_agree_on_the_peak(widget):
    """The sentence is made from the first four hours, the table from five days and the steady state."""
    which = [series["label"] for series in widget.series].index("pSTAT3")
    assert widget.measures["columns"][:2] == ["Peak (nM)", "Time of peak (min)"]
    plateaus = 0
    for state, (peaks, row) in enumerate(zip(widget.peaks, widget.measures["rows"], strict=True)):
        minute, value = peaks[which]
        assert row[1] == ("none: a plateau" if minute is None else str(minute)), state
        # A plateau may not have been reached after four hours.
        assert float(row[0]) == pytest.approx(value, rel=0.006 if minute is not None else 0.02), (
            state
        )
        plateaus += minute is None
    assert len(widget.peaks) == 48 and 0 < plateaus < 48


def test_the_widget_carries_what_the_model_computes(widget):
    sizes = [len(choice["options"]) for choice in widget.axes]
    rows = widget.measures["rows"]
    assert len(rows) == np.prod(sizes)
    wild = sg.response_table({"wild type": {}}).iloc[0]
    start = next(button for button in widget.presets if button["label"] == "Wild type")
    shown = rows[start["state"]]
    assert float(shown[0]) == pytest.approx(wild["peak"], rel=5e-3)
    assert float(shown[2]) == pytest.approx(wild["half_duration"], abs=0.6)
    assert "not a model of LIF" in widget.source and "assumption" in widget.source.lower()
