"""lifbook.signalling.binding: closed forms of the limits, ligands on one pool, bad input."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import brentq

from lifbook import signalling as sg
from lifbook.errors import LifbookError

LIGAND = np.logspace(-6, 6, 121)


def test_without_gp130_it_is_the_quadratic_of_one_receptor():
    lifr, kd = 2.0, 0.3
    b = LIGAND + lifr + kd
    root = np.sqrt((LIGAND - lifr) ** 2 + kd * (2 * LIGAND + 2 * lifr + kd))
    pairs = 2 * LIGAND * lifr / (b + root)
    result = sg.bind(LIGAND, lifr, 0.0, kd, 1.0)
    assert result.binary == pytest.approx(pairs, rel=1e-12)
    assert (result.ternary == 0).all()
    # and the textbook form of the same, where it does not cancel
    one = sg.bind(1.0, 1.0, 0.0, 1.0, 1.0)
    assert one.binary == pytest.approx((3 - np.sqrt(5)) / 2, rel=1e-14)


def test_without_depletion_it_is_a_hyperbola():
    result = sg.bind(LIGAND, 1e-12, 0.0, 0.3, 1.0)
    assert result.occupied == pytest.approx(LIGAND / (LIGAND + 0.3), rel=1e-9)


@pytest.mark.parametrize("excess", [1e3, 1e6])
def test_gp130_in_excess_converts_the_affinity(excess):
    kd1, kd2, lifr = 2.0, 0.05, 1e-9
    gp130 = excess * lifr
    for ratio in (0.1, 1.0, 100.0):
        kd = sg.apparent_kd(gp130, kd1, gp130 / ratio)
        assert kd == pytest.approx(kd1 / (1 + ratio), rel=1e-12)
        result = sg.bind(LIGAND, lifr, gp130, kd1, gp130 / ratio)
        near = {"rel": 2 / excess}
        assert result.occupied == pytest.approx(LIGAND / (LIGAND + kd), **near)
        assert result.signalling == pytest.approx(result.occupied * ratio / (1 + ratio), **near)
    assert sg.apparent_kd(0.0, kd1, kd2) == kd1


def test_scarce_gp130_limits_the_signalling_complexes():
    result = sg.bind(1e6, 1.0, 0.2, 1.0, 1e-6)
    assert result.ternary == pytest.approx(0.2, rel=1e-5)
    assert result.binary == pytest.approx(0.8, rel=1e-5)


def test_bind_against_an_independent_solution():
    """All mass balances in one unknown, free LIF on a logarithmic scale, by Brent's method."""
    rng = np.random.default_rng(7)
    for ligand, lifr, gp130, kd1, kd2 in 10 ** rng.uniform(-3, 3, (40, 5)):

        def lifr_left(free, lifr=lifr, gp130=gp130, kd1=kd1, kd2=kd2):
            # binary x = free * r / kd1; gp130 left = gp130 / (1 + x / kd2); quadratic in r
            a, c = free / kd1, free / kd1 / kd2
            p = (1 + a) * a / kd2
            q = 1 + a + c * gp130 - lifr * a / kd2
            return 2 * lifr / (q + np.sqrt(q * q + 4 * p * lifr))

        def too_much(log_free, lifr_left=lifr_left, ligand=ligand, lifr=lifr):
            return np.exp(log_free) + (lifr - lifr_left(np.exp(log_free))) - ligand

        free = np.exp(brentq(too_much, np.log(ligand) - 60, np.log(ligand), xtol=1e-14, rtol=1e-14))
        result = sg.bind(ligand, lifr, gp130, kd1, kd2)
        assert result.free_ligand == pytest.approx(free, rel=1e-8)
        assert result.free_lifr == pytest.approx(lifr_left(free), rel=1e-8)


def test_numbers_arrays_and_tables():
    one = sg.bind(1, 1, 1, 1, 1)
    assert isinstance(one.ternary, float)
    grid = sg.bind(np.array([[0.1], [1.0]]), 1.0, np.array([0.0, 1.0, 2.0]), 1.0, 1.0)
    assert grid.ternary.shape == (2, 3)
    assert sg.bind(1.0, 1.0, [0.0, 1.0], 1.0, 1.0).ternary[1] == pytest.approx(one.ternary)
    table = sg.bind(pd.Series([0.1, 1.0]), 1.0, 1.0, 1.0, 1.0).table()
    assert list(table.columns) == [
        "LIF_total_nM",
        "LIF_free_nM",
        "LIFR_free_nM",
        "gp130_free_nM",
        "LIF_LIFR_nM",
        "LIF_LIFR_gp130_nM",
        "LIFR_occupied",
        "LIFR_signalling",
    ]
    assert table["LIF_total_nM"].tolist() == [0.1, 1.0]
    assert set(table.attrs["units"]) == set(table.columns)
    assert np.isnan(sg.bind(1, 0, 1, 1, 1).signalling)


def test_nothing_in_nothing_out():
    nothing = sg.bind(0, 0, 0, 1, 1)
    assert (nothing.free_ligand, nothing.binary, nothing.ternary) == (0, 0, 0)
    result = sg.bind(0.0, 1.0, 2.0, 1.0, 1.0)
    assert (result.free_lifr, result.free_gp130, result.ternary) == (1.0, 2.0, 0.0)


def test_half_saturation_without_gp130_is_kd_and_half_the_receptors():
    assert sg.half_saturation(2.0, 0.0, 0.3, 1.0, of="occupied") == pytest.approx(0.3 + 1.0)
    converted = sg.half_saturation(1e-9, 1.0, 2.0, 0.1, of="occupied")
    assert converted == pytest.approx(sg.apparent_kd(1.0, 2.0, 0.1), rel=1e-7)
    # There the two kinds of half are one: the share with gp130 is the same at every dose.
    assert sg.half_saturation(1e-9, 1.0, 2.0, 0.1) == pytest.approx(converted, rel=1e-7)


POOLS = {"LIF": 1.0, "IL-6": 1.0, "LIFR": 0.1, "IL-6R": 0.1, "gp130": 0.05}
STEPS = [
    ("LIF", "LIFR", 1.0),
    ("LIF:LIFR", "gp130", 0.01),
    ("IL-6", "IL-6R", 1.0),
    ("IL-6:IL-6R", "gp130", 0.01),
]


def test_equilibrium_of_one_ligand_is_bind():
    steps = STEPS[:2]
    table = sg.equilibrium({"LIF": LIGAND, "LIFR": 0.1, "gp130": 0.05}, steps)
    result = sg.bind(LIGAND, 0.1, 0.05, 1.0, 0.01)
    assert table["LIF:LIFR:gp130_nM"].to_numpy() == pytest.approx(result.ternary, rel=1e-12)
    assert table["gp130_free_nM"].to_numpy() == pytest.approx(result.free_gp130, rel=1e-12)
    assert set(table.attrs["units"].values()) == {"nM"}


def test_equal_ligands_share_the_pool_equally_and_compete():
    both = sg.equilibrium(POOLS, STEPS).iloc[0]
    assert both["LIF:LIFR:gp130_nM"] == pytest.approx(both["IL-6:IL-6R:gp130_nM"], rel=1e-12)
    alone = sg.equilibrium({**POOLS, "IL-6": 0.0}, STEPS).iloc[0]
    assert both["LIF:LIFR:gp130_nM"] < 0.7 * alone["LIF:LIFR:gp130_nM"]
    assert alone["IL-6:IL-6R:gp130_nM"] == 0
    # With two equal ligands the sum is that of one with twice as much receptor and ligand.
    merged = sg.bind(2.0, 0.2, 0.05, 1.0, 0.01)
    # (LIF and LIFR pair only among themselves, so their totals do not simply add: compare
    # through the free gp130, which both have in common.)
    again = sg.bind(1.0, 0.1, both["gp130_free_nM"] + both["LIF:LIFR:gp130_nM"], 1.0, 0.01)
    assert again.ternary == pytest.approx(both["LIF:LIFR:gp130_nM"], rel=1e-10)
    assert merged.ternary != pytest.approx(2 * both["LIF:LIFR:gp130_nM"], rel=1e-6)


def test_a_ligand_that_meets_gp130_first_and_a_dimer():
    """Oncostatin M binds gp130 first; a 2:2:2 complex of IL-6 is a step of two equal parts."""
    table = sg.equilibrium(
        {"OSM": 1.0, "gp130": 0.5, "LIFR": 0.2}, [("OSM", "gp130", 1.0), ("OSM:gp130", "LIFR", 0.1)]
    ).iloc[0]
    first = table["OSM_free_nM"] * table["gp130_free_nM"] / table["OSM:gp130_nM"]
    second = table["OSM:gp130_nM"] * table["LIFR_free_nM"] / table["OSM:gp130:LIFR_nM"]
    assert (first, second) == (pytest.approx(1.0, rel=1e-10), pytest.approx(0.1, rel=1e-10))
    pair = sg.equilibrium({"A": 3.0}, [("A", "A", 2.0)]).iloc[0]
    # A + 2 A²/2 = 3 with Kd = A²/AA = 2
    assert pair["A_free_nM"] == pytest.approx((np.sqrt(13) - 1) / 2, rel=1e-12)
    assert pair["A_free_nM"] + 2 * pair["A:A_nM"] == pytest.approx(3.0, rel=1e-12)


@pytest.mark.parametrize(
    ("totals", "steps", "words"),
    [
        (
            POOLS,
            [("LIF", "LIFRR", 1)],
            "binds 'LIFRR', which is neither given nor made.*LIF, IL-6, LIFR",
        ),
        (POOLS, [("LIF", "LIFR", 1), ("LIFR", "LIF", 1)], "are the same complex"),
        (POOLS, [("LIF", "LIFR", 0)], "kd of LIF:LIFR.*0 nM is not possible.*above 0"),
        ({"A": -1, "B": 1}, [("A", "B", 1)], "argument 'A': -1 nM is not possible"),
        ({"A": [1, 2], "B": [1, 2, 3]}, [("A", "B", 1)], "different lengths"),
    ],
)
def test_equilibrium_refuses(totals, steps, words):
    with pytest.raises(LifbookError, match=f"(?s){words}"):
        sg.equilibrium(totals, steps)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: sg.bind(-1, 1, 1, 1, 1), "argument 'ligand': -1 nM is not possible"),
        (lambda: sg.bind(1, 1, 1, 0, 1), "argument 'kd_lifr': 0 nM is not possible.*above 0"),
        (lambda: sg.bind(1, 1, np.inf, 1, 1), "argument 'gp130': inf nM is not possible"),
        (lambda: sg.bind(1, np.nan, 1, 1, 1), "argument 'lifr': nan"),
        (lambda: sg.bind("much", 1, 1, 1, 1), "'much' is not a number.*in nM"),
        (lambda: sg.bind([1, 2], [1, 2, 3], 1, 1, 1), r"ligand \(2,\), lifr \(3,\)"),
        (lambda: sg.half_saturation(1, 0, 1, 1), "argument 'gp130': 0 nM is not possible"),
        (lambda: sg.half_saturation(0, 1, 1, 1), "argument 'lifr': 0 nM is not possible"),
        (
            lambda: sg.half_saturation(1, 1, 1, 1, of="max"),
            "argument 'of': no kind of binding is called 'max'.*use one of signalling, occupied",
        ),
    ],
)
def test_binding_refuses(call, words):
    with pytest.raises(LifbookError, match=f"(?s){words}"):
        call()
