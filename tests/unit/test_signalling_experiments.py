"""lifbook.signalling.experiments: the measurements, and the model under their conditions."""

from __future__ import annotations

import pytest

from lifbook import signalling as sg
from lifbook.errors import LifbookError


def test_the_measurements_are_all_there():
    table = sg.measurements()
    assert len(table) == 254
    assert table.groupby(["experiment", "observable"]).size().to_dict() == {
        ("il6_40_qpcr", "SOCS3 mRNA"): 27,
        ("il6_40_step", "pJAK1"): 32,
        ("il6_40_step", "pSTAT3"): 32,
        ("il6_40_step", "pgp130"): 31,
        ("il6_80_actd", "SOCS3"): 24,
        ("il6_80_actd", "nuclear pSTAT3"): 37,
        ("il6_80_actd", "pSTAT3"): 48,
        ("il6_80_actd", "pgp130"): 23,
    }
    assert set(table["observable"]) == set(sg.OBSERVABLES)
    assert table.groupby("experiment")["il6_ng_per_ml"].first().to_dict() == {
        "il6_40_qpcr": 40,
        "il6_40_step": 40,
        "il6_80_actd": 80,
    }


def test_peaks_measured_and_modelled_side_by_side():
    table = sg.compare_peaks().set_index("observable")
    assert table["measured_min"].to_dict() == {
        "pJAK1": 23,
        "pgp130": 15,
        "pSTAT3": 12,
        "SOCS3 mRNA": 40,
    }
    assert table["model_min"].round(1).to_dict() == {
        "pJAK1": 20.0,
        "pgp130": 20.7,
        "pSTAT3": 16.2,
        "SOCS3 mRNA": 36.8,
    }


def test_an_unknown_experiment_is_refused():
    with pytest.raises(LifbookError, match=r"no experiment is called 'il6_20'.*il6_40_step"):
        sg.simulate_experiment("il6_20")
