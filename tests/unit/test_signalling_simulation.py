"""lifbook.signalling.simulation: the curves are the authors'; doses, pulses, bad input.

The check values come from the authors' own computation: their simulations, to many digits
(Sobotta et al. 2017, 10.3389/fphys.2017.00775, published model and fit). They are independent of
this package's equations, parameters, integration and fitting.
"""

from __future__ import annotations

import numpy as np
import pytest
from sobotta import TOTAL_STAT3

from lifbook import signalling as sg
from lifbook.errors import LifbookError

#: Arguments of simulate, column, offset and scale (per unit of the column), time -> log10 of the
#: observable as the authors computed it.
AUTHORS = {
    "pJAK1, 40 ng/ml": (
        {"dose": 40},
        "pJAK1",
        0.244949952231977,
        2.2220391874233,
        {
            0: -0.596713883183214,
            1.5: -0.481183733645137,
            6: -0.310333140604415,
            20: -0.19011587766059,
            40: -0.345684364786114,
            90: -0.461867336048321,
        },
    ),
    "pSTAT3, 40 ng/ml": (
        {"dose": 40},
        "pSTAT3",
        0.175114380469225,
        31.4608068839576 / TOTAL_STAT3,
        {
            0: -0.680512839826383,
            3: -0.511759888402418,
            16.5: -0.10606276453895,
            30: -0.225677831744511,
            55: -0.431019273160138,
            90: -0.385403474437925,
        },
    ),
    "SOCS3 mRNA, 40 ng/ml": (
        {"dose": 40},
        "SOCS3 mRNA",
        0.043607748529117,
        51.4543343227864,
        {
            0: -1.30668803821696,
            10: -1.27211198223351,
            20: -0.641884394242516,
            30: -0.229050911235762,
            40: -0.177737555168505,
            50: -0.323680789680174,
        },
    ),
    "SOCS3, 80 ng/ml": (
        {"dose": 80},
        "SOCS3",
        0.106893641660677,
        0.101436469741622,
        {
            0: -0.960623871825013,
            20: -0.692388398701507,
            40: -0.32678086481644,
            60: -0.624217933603274,
            100: -0.717217251998093,
        },
    ),
    "pSTAT3, 40 ng/ml for 5 min": (
        {"dose": 40, "duration": 5},
        "pSTAT3",
        0.0,
        69.9257756706939 / TOTAL_STAT3,
        {
            0: -1.12721234369682,
            4: -0.334190266708837,
            14: -0.082452695261068,
            30: -0.653915532945415,
            60: -1.24212562051273,
        },
    ),
    "pgp130, 80 ng/ml, actinomycin D": (
        {"dose": 80, "actinomycin_d": -10},
        "pgp130",
        0.43495960400062,
        0.933600683522552,
        {0: -0.358629434007807, 20: -0.191955981164877, 100: -0.225213867614654},
    ),
    "pSTAT3, 80 ng/ml, actinomycin D": (
        {"dose": 80, "actinomycin_d": -10},
        "pSTAT3",
        0.030460231767744,
        16.6339694913076 / TOTAL_STAT3,
        {
            0: -1.31775678609699,
            5: -0.587735211988913,
            25: -0.375540445064319,
            60: -0.389160046148758,
            100: -0.409747841479235,
        },
    ),
    "SOCS3, 80 ng/ml, actinomycin D": (
        {"dose": 80, "actinomycin_d": -10},
        "SOCS3",
        0.106893641660677,
        0.101436469741622,
        {0: -0.961082376764264, 10: -0.965347722994719, 100: -0.971048605040685},
    ),
    "SOCS3 mRNA, 10 ng/ml, ruxolitinib": (
        {"dose": 10, "inhibitor_nM": 500},
        "SOCS3 mRNA",
        0.015939161149734,
        179.567168771466,
        {60: -0.750090428530677},
    ),
    "SOCS3 mRNA, 500 ng/ml, ruxolitinib": (
        {"dose": 500, "inhibitor_nM": 500},
        "SOCS3 mRNA",
        0.015939161149734,
        179.567168771466,
        {60: -0.031521069428504},
    ),
    "SOCS3 mRNA, 2.5 ng/ml": (
        {"dose": 2.5},
        "SOCS3 mRNA",
        0.015939161149734,
        179.567168771466,
        {60: -0.574489640041592},
    ),
}


@pytest.mark.parametrize("case", AUTHORS)
def test_simulation_is_that_of_the_authors(case):
    """Doses, a pulse, actinomycin D and the inhibitor, to a relative 5e-5."""
    arguments, observable, offset, scale, expected = AUTHORS[case]
    times = list(expected)
    run = sg.simulate(times=times, **arguments)
    found = np.log10(offset + scale * sg.observe(run, observable))
    assert found.to_numpy() == pytest.approx(list(expected.values()), abs=2e-5)


def test_output_is_a_table_with_units():
    run = sg.simulate(40)
    assert list(run.columns[:6]) == [
        "dose_ng_per_ml",
        "actinomycin_d",
        "time_min",
        "IL6_ng_per_ml",
        "receptor_nM",
        "receptor_pJAK1_nM",
    ]
    assert run["time_min"].tolist() == list(range(121))
    assert run.attrs["units"]["pSTAT3_nM"] == "nM"
    assert run.attrs["units"]["SOCS3_mRNA_au"] == "a.u."
    assert "IL-6" in run.attrs["source"] and "not a model of LIF" in run.attrs["source"]


def test_an_array_of_doses_gives_one_run_each():
    doses = np.array([0.0, 1.0, 40.0])
    runs = sg.simulate(doses, times=[0, 10, 20])
    assert runs["dose_ng_per_ml"].tolist() == [0, 0, 0, 1, 1, 1, 40, 40, 40]
    alone = sg.simulate(40, times=[0, 10, 20])
    assert runs.iloc[6:].reset_index(drop=True).equals(alone)
    at_10 = runs[runs["time_min"] == 10]["pSTAT3_nM"]
    assert at_10.is_monotonic_increasing


def test_without_ligand_nothing_changes():
    run = sg.simulate(0, times=[0, 60, 600])
    start = sg.read_model().initial
    last = run.iloc[-1][sg.read_model().columns].astype(float)
    assert last.to_numpy() == pytest.approx(list(start.values()), rel=1e-6)


def test_a_pulse_ends():
    times = np.arange(0, 61)
    pulse = sg.simulate(40, times, duration=5)
    kept = sg.simulate(40, times)
    assert pulse["IL6_ng_per_ml"].tolist() == [40.0] * 5 + [0.0] * 56
    columns = sg.read_model().columns
    assert pulse[columns].iloc[:6].to_numpy() == pytest.approx(kept[columns].iloc[:6].to_numpy())
    assert pulse["pSTAT3_nM"].iloc[-1] < 0.2 * kept["pSTAT3_nM"].iloc[-1]


def test_pulses_may_follow_each_other_and_start_late():
    times = [0, 5, 9, 10, 15, 30, 40]
    whole = sg.simulate(pulses=[(10, 30, 40)], times=times)
    parts = sg.simulate(pulses=[(20, 30, 40), (10, 20, 40)], times=times)
    columns = sg.read_model().columns
    assert parts[columns].to_numpy() == pytest.approx(whole[columns].to_numpy(), rel=1e-6)
    later = sg.simulate(40, [0, 5, 20], duration=20)
    assert whole["pSTAT3_nM"].iloc[[3, 4, 5]].tolist() == pytest.approx(
        later["pSTAT3_nM"].tolist(), rel=1e-6
    )
    assert sg.simulate(pulses=[], times=[0, 10])["IL6_ng_per_ml"].tolist() == [0, 0]


def test_actinomycin_d_stops_new_mrna():
    blocked = sg.simulate(40, actinomycin_d=-10)
    assert blocked["actinomycin_d"].all()
    assert blocked["SOCS3_mRNA_au"].is_monotonic_decreasing
    late = sg.simulate(40, actinomycin_d=20)
    free = sg.simulate(40)
    before = late["time_min"] <= 20
    assert late["SOCS3_mRNA_au"][before].to_numpy() == pytest.approx(
        free["SOCS3_mRNA_au"][before].to_numpy()
    )
    # What was begun still arrives; then it ends.
    assert late["SOCS3_mRNA_au"].max() > late["SOCS3_mRNA_au"][20]
    assert late["SOCS3_mRNA_au"].iloc[-1] < 1e-3 * late["SOCS3_mRNA_au"].max()
    assert late["pSTAT3_nM"].iloc[-1] > 1.5 * free["pSTAT3_nM"].iloc[-1]


def test_moments_that_all_but_coincide():
    """Pieces too short for the solver to step are passed over."""
    run = sg.simulate(40, [0, 60], actinomycin_d=1e-200, duration=60 - 1e-12)
    same = sg.simulate(40, [0, 60], actinomycin_d=0)
    assert run["pSTAT3_nM"].tolist() == pytest.approx(same["pSTAT3_nM"].tolist(), rel=1e-6)


def test_the_inhibitor_fades_and_lowers_the_signal():
    run = sg.simulate(40, times=[0, 60], inhibitor_nM=500)
    rate = sg.read_model().parameters["rux_degrade"]
    expected = [500 * np.exp(-60 * rate), 500 * np.exp(-120 * rate)]
    assert run["ruxolitinib_nM"].tolist() == pytest.approx(expected, rel=1e-7)
    tops = [
        sg.simulate(40, inhibitor_nM=amount)["pSTAT3_nM"].max() for amount in (0, 50, 500, 5000)
    ]
    assert tops == sorted(tops, reverse=True) and tops[-1] < 0.1 * tops[0]
    steady = sg.simulate(
        40, [0, 600], inhibitor_nM=500, inhibitor_from=0, changes={"rux_degrade": 0}
    )
    assert steady["ruxolitinib_nM"].tolist() == [500, 500]
    at_the_end = sg.simulate(40, [0, 600], inhibitor_nM=500, inhibitor_from=600)
    assert at_the_end["ruxolitinib_nM"].tolist() == [0, 500]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"dose": -1}, "argument 'dose': -1 ng/ml is not possible"),
        ({"dose": [1, -2]}, "argument 'dose': -2 ng/ml"),
        ({"dose": np.nan}, "nan ng/ml is not possible"),
        ({"dose": []}, r"doses are an array of shape \(0,\).*give one dose or a list"),
        ({"dose": [[1, 2]]}, r"doses are an array of shape \(1, 2\).*give one dose or a list"),
        ({}, "no ligand is given.*dose=0 for none"),
        ({"dose": 1, "pulses": [(0, 1, 1)]}, "the ligand is given twice"),
        ({"dose": 1, "times": [3, 2]}, "do not go up.*numpy.unique"),
        ({"dose": 1, "times": [2, 2]}, "do not go up"),
        ({"dose": 1, "times": []}, "at least one time"),
        ({"dose": 1, "times": [-1, 2]}, "argument 'times': -1 min is not possible"),
        ({"dose": 1, "duration": 0}, "argument 'duration': 0 min is not possible.*above 0"),
        ({"pulses": [(0, 5, 1), (4, 6, 1)]}, "starts at 4 min, before the one before it stops"),
        ({"pulses": [(5, 5, 1)]}, "stops at 5 min and starts at 5"),
        ({"pulses": [(-5, 5, 1)]}, "start of pulse 1.*-5 min is not possible"),
        ({"pulses": [(0, 5, -1)]}, "dose of pulse 1.*-1 ng/ml"),
        ({"pulses": [(1, 2)]}, r"write each as \(start, stop, dose\)"),
        ({"pulses": [(0, 1, 1)], "duration": 1}, "pulses have a start and a stop"),
        ({"dose": 1, "changes": {"socs3_prod": 0}}, "no parameter is called 'socs3_prod'.*s3_pro,"),
        ({"dose": 1, "changes": {"socs3_pro": -1}}, "-1 as a factor is not possible"),
        ({"dose": 1, "changes": {"vol_nuc": 0}}, "a compartment has no volume"),
        ({"dose": 1, "changes": {"socs3rna_des": 0}}, "no steady state without ligand"),
        ({"dose": 1, "changes": {"socs3rna_hill": 50}}, "not converge between 0 and 10000 min"),
        # Far beyond what can be solved: at 1e12 it depends on the BLAS kernel whether it converges.
        ({"dose": 1, "changes": {"jak1_act_il6": 1e16}}, "not converge between 0 and 120 min"),
        ({"dose": 1, "actinomycin_d": True}, "True is not a time.*-10"),
        ({"dose": 1, "actinomycin_d": "early"}, "'early' is not a time"),
        ({"dose": 1, "inhibitor_nM": -1}, "argument 'inhibitor_nM': -1 nM"),
        ({"dose": 1, "inhibitor_nM": 1, "inhibitor_from": np.inf}, "inf is not a time"),
    ],
)
def test_simulate_refuses(arguments, words):
    with pytest.raises(LifbookError, match=f"(?s){words}"):
        sg.simulate(**arguments)
