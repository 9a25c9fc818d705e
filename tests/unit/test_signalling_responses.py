"""lifbook.signalling.responses: when and how high the model's curves peak."""

from __future__ import annotations

import numpy as np
import pytest

from lifbook import signalling as sg
from lifbook.errors import LifbookError
from lifbook.signalling.responses import find_peak


def test_peak_times_at_40_ng_per_ml():
    found = sg.peaks(sg.simulate(40)).set_index("quantity")["time_min"]
    expected = {
        "receptor_active_nM": 20.7,
        "pSTAT3_nM": 16.2,
        "SOCS3_mRNA_au": 36.8,
        "SOCS3_nM": 39.2,
    }
    for name, time in expected.items():
        assert found[name] == pytest.approx(time, abs=0.1), name


def test_peaks_are_refined_between_the_times():
    coarse = sg.peaks(sg.simulate(40, range(0, 121, 2)))
    fine = sg.peaks(sg.simulate(40, np.arange(0, 120, 0.05)))
    assert coarse["time_min"].to_numpy() == pytest.approx(fine["time_min"].to_numpy(), abs=0.1)
    assert coarse["value"].to_numpy() == pytest.approx(fine["value"].to_numpy(), rel=1e-3)


def test_what_does_not_fall_again_has_no_peak():
    rising = sg.peaks(sg.simulate(40, [0, 1, 2, 3]), ["pSTAT3_nM"]).iloc[0]
    assert np.isnan(rising["time_min"])
    assert rising["value"] == pytest.approx(sg.simulate(40, [0, 3])["pSTAT3_nM"].iloc[-1])
    # Without SOCS3 pSTAT3 rises to a plateau, on which the highest value is a matter of chance.
    removed = sg.VARIANTS["SOCS3 removed"]
    plateau = sg.peaks(sg.simulate(40, changes=removed)).set_index("quantity")
    assert np.isnan(plateau.loc["pSTAT3_nM", "time_min"])
    assert plateau.loc["pSTAT3_nM", "value"] == pytest.approx(17.63, abs=0.01)
    # No SOCS3 protein at all: its curve of rounding errors has no peak either.
    assert np.isnan(plateau.loc["SOCS3_nM", "time_min"]) and plateau.loc["SOCS3_nM", "value"] == 0


def test_a_peak_is_decided_by_the_stated_tolerance():
    times = np.arange(5.0)
    curve = np.array([0.0, 1.0, 2.0, 2.0, 2.0])
    for fall, found in ((0.0, False), (0.9 * sg.PLATEAU, False), (1.1 * sg.PLATEAU, True)):
        curve[-1] = 2 * (1 - fall)
        assert np.isfinite(find_peak(times, curve)[0]) == found, fall
    # Of two equally high points the first, whatever their last digits say.
    twice = np.array([0.0, 1.0, 0.0, 1.0 + 1e-11, 0.0])
    assert find_peak(times, twice)[0] == find_peak(times, twice[::-1])[0] == 1.0


def test_tables_without_their_columns_are_refused():
    with pytest.raises(LifbookError, match="no column is called 'dose_ng_per_ml'"):
        sg.peaks(sg.simulate(40).drop(columns="dose_ng_per_ml"))
    with pytest.raises(LifbookError, match="no column is called 'pSTAT1_nM'"):
        sg.peaks(sg.simulate(40), ["pSTAT1_nM"])
