"""lifbook.signalling.fits: the offsets, scales and standard deviations are those of the paper.

The check values come from the authors' own computation: their fit, to many digits
(Sobotta et al. 2017, 10.3389/fphys.2017.00775, published model and fit). They are independent of
this package's equations, parameters, integration and fitting.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from sobotta import TOTAL_STAT3

from lifbook import signalling as sg
from lifbook.errors import LifbookError

#: Experiment, observable -> the paper's offset, scale per nM (or unit of mRNA), standard deviation.
FITS = {
    ("il6_40_step", "pJAK1"): (0.244949952, 2.222039187, 0.117272673),
    ("il6_40_step", "pgp130"): (0.156998648, 3.933123335, 0.097502184),
    ("il6_40_step", "pSTAT3"): (0.175114380, 31.46080688 / TOTAL_STAT3, 0.108774188),
    ("il6_40_qpcr", "SOCS3 mRNA"): (0.043607749, 51.45433432, 0.203363318),
    ("il6_80_actd", "pgp130"): (0.434959604, 0.933600684, 0.127973742),
    ("il6_80_actd", "pSTAT3"): (0.030460232, 16.63396949 / TOTAL_STAT3, 0.235507252),
    ("il6_80_actd", "SOCS3"): (0.106893642, 0.101436470, 0.396033754),
    # The paper's quantity is the import, 25.34 x stat3_imp x (1 + f_pstat3_imp) x pSTAT3.
    ("il6_80_actd", "nuclear pSTAT3"): (
        0.095148322,
        2.696813102 / TOTAL_STAT3 * 25.34 * 0.0593625880454426 * 5.97118540995405,
        0.191217344,
    ),
}


def series_of(experiment: str, observable: str) -> pd.DataFrame:
    table = sg.measurements()
    return table[(table["experiment"] == experiment) & (table["observable"] == observable)]


@pytest.mark.parametrize(("experiment", "observable"), FITS)
def test_fits_are_those_of_the_paper(experiment, observable):
    offset, scale, deviation = FITS[experiment, observable]
    fit = sg.fit_observable(series_of(experiment, observable), sg.simulate_experiment(experiment))
    assert fit.offset == pytest.approx(offset, rel=5e-4)
    assert fit.scale == pytest.approx(scale, rel=5e-4)
    # The authors' deviations are larger by one factor for all series, 1.0416: their
    # correction for the number of parameters fitted.
    assert fit.rms * 1.0416 == pytest.approx(deviation, rel=1e-3)


def test_actinomycin_d_is_predicted_from_the_other_arm():
    """Fitted without it, the model foretells pSTAT3 with it better than 'no effect' does."""
    simulation = sg.simulate_experiment("il6_80_actd")
    series = series_of("il6_80_actd", "pSTAT3")
    blocked = series["actinomycin_d"]
    fit = sg.fit_observable(series[~blocked], simulation)
    predicted = fit.residuals(series[blocked], simulation)
    assert len(predicted) == 24
    no_effect = simulation[~simulation["actinomycin_d"]].assign(actinomycin_d=True)
    refuted = fit.residuals(series[blocked], no_effect)

    def rms(table):
        return np.sqrt((table["residual_log10"] ** 2).mean())

    assert rms(predicted) == pytest.approx(0.244, abs=0.005)
    assert rms(refuted) == pytest.approx(0.357, abs=0.005)
    curve = fit.curve(simulation)
    assert set(curve["actinomycin_d"]) == {True, False}
    at_60 = curve[curve["time_min"] == 60].set_index("actinomycin_d")["value"]
    assert at_60[True] > 2 * at_60[False]


def made_up(quantity: pd.Series, offset: float, scale: float) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "il6_ng_per_ml": 40.0,
            "actinomycin_d": False,
            "observable": "pSTAT3",
            "time_min": quantity.index,
            "value_arbitrary_units": offset + scale * quantity.to_numpy(),
        }
    )


def test_a_fit_finds_what_was_put_in():
    run = sg.simulate(40)
    quantity = run.set_index("time_min")["pSTAT3_nM"].iloc[::5]
    for offset, scale in ((0.2, 0.04), (1e-4, 0.04), (5.0, 0.01)):
        fit = sg.fit_observable(made_up(quantity, offset, scale), run)
        assert (fit.offset, fit.scale) == (
            pytest.approx(offset, rel=1e-4),
            pytest.approx(scale, rel=1e-4),
        )
        assert fit.rms < 1e-6
        assert list(fit.table.columns) == [
            "dose_ng_per_ml",
            "actinomycin_d",
            "time_min",
            "measured",
            "model",
            "residual_log10",
        ]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda s: s.assign(observable=["pSTAT3", "SOCS3"] * 5), "2 observables where one"),
        (lambda s: s.drop(columns="observable"), "0 observables where one"),
        (lambda s: s.drop(columns="time_min"), "no column 'time_min'"),
        (lambda s: s.assign(observable="pSTAT1"), "no observable is called 'pSTAT1'.*pSTAT3"),
        (lambda s: s.assign(il6_ng_per_ml=41.0), "does not cover 41 ng/ml without actinomycin D"),
        (lambda s: s.assign(actinomycin_d=True), "does not cover 40 ng/ml with actinomycin D"),
        (lambda s: s.assign(time_min=s["time_min"] + 100), "does not cover.*from 100 to 145 min"),
        (lambda s: s.assign(value_arbitrary_units=0.0), "0 a.u. is not possible.*above 0"),
        (lambda s: s.iloc[:2], "2 measurements do not fix"),
    ],
)
def test_fit_refuses(change, words):
    run = sg.simulate(40)
    series = made_up(run.set_index("time_min")["pSTAT3_nM"].iloc[:50:5], 0.1, 0.04)
    with pytest.raises(LifbookError, match=f"(?s){words}"):
        sg.fit_observable(change(series), run)


def test_fit_refuses_what_does_not_change():
    run = sg.simulate(40, changes=sg.VARIANTS["SOCS3 removed"])
    series = made_up(run.set_index("time_min")["pSTAT3_nM"].iloc[::10], 0.1, 0.04)
    with pytest.raises(LifbookError, match="the model's SOCS3 does not change"):
        sg.fit_observable(series.assign(observable="SOCS3"), run)
