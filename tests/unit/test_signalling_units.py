"""lifbook.signalling.units: the mass of LIF, ng/ml and nM."""

from __future__ import annotations

import numpy as np
import pytest
from Bio.SeqUtils import molecular_weight

from lifbook import data
from lifbook import signalling as sg
from lifbook.errors import LifbookError


def test_mass_of_lif_is_that_of_the_mature_sequence_with_three_disulfides():
    mature = data.read_sequence("P15018")[22:]
    assert len(mature) == 180
    assert mature.count("C") == 6
    assert sg.lif_mass() == pytest.approx(19.71, abs=0.005)
    reduced = molecular_weight(mature, "protein") / 1000
    assert reduced - sg.lif_mass() == pytest.approx(6 * 1.008e-3, rel=1e-3)


def test_units_of_concentration():
    assert sg.nanomolar(10) == pytest.approx(0.51, abs=0.005)
    assert sg.nanomolar(20.0, mass=20.0) == 1.0
    doses = np.array([0.0, 1.0, 10.0])
    assert sg.ng_per_ml(sg.nanomolar(doses)) == pytest.approx(doses)
    assert isinstance(sg.nanomolar(1), float)
    # 1,000 receptors on each of a million cells in a ml: 1e12 in a litre.
    assert sg.receptors_nM(1000, 1e6) == pytest.approx(1e12 / 6.02214076e23 * 1e9)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: sg.nanomolar(-1), "-1 ng/ml is not possible"),
        (lambda: sg.nanomolar(1, mass=0), "argument 'mass': 0 kDa is not possible"),
        (lambda: sg.nanomolar(1, mass=[1, 2]), "2 values where one is expected"),
        (lambda: sg.receptors_nM(1, -1), "argument 'cells_per_ml'"),
    ],
)
def test_units_refuse(call, words):
    with pytest.raises(LifbookError, match=f"(?s){words}"):
        call()
