"""Properties that binding and the signalling model must have for any input (hypothesis)."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as hs

from lifbook import signalling as sg

few = settings(deadline=None, max_examples=200)
runs = settings(deadline=None, max_examples=25)

amount = hs.one_of(hs.just(0.0), hs.floats(-6, 6).map(lambda x: 10**x))
present = hs.floats(-6, 6).map(lambda x: 10**x)
shared = {"rel": 1e-9, "abs": 0}


# --- Binding ------------------------------------------------------------------------------


@few
@given(amount, amount, amount, present, present)
def test_every_molecule_is_conserved_and_at_equilibrium(ligand, lifr, gp130, kd1, kd2):
    """Over twelve orders of magnitude in each of five numbers."""
    b = sg.bind(ligand, lifr, gp130, kd1, kd2)
    assert b.free_ligand + b.binary + b.ternary == pytest.approx(ligand, **shared)
    assert b.free_lifr + b.binary + b.ternary == pytest.approx(lifr, **shared)
    assert b.free_gp130 + b.ternary == pytest.approx(gp130, **shared)
    assert min(b.free_ligand, b.free_lifr, b.free_gp130, b.binary, b.ternary) >= 0
    assert b.free_ligand * b.free_lifr == pytest.approx(kd1 * b.binary, **shared)
    assert b.binary * b.free_gp130 == pytest.approx(kd2 * b.ternary, **shared)


@few
@given(present, present, present, present, present, hs.floats(1.01, 100))
def test_more_of_anything_makes_more_signalling_complexes(ligand, lifr, gp130, kd1, kd2, factor):
    base = sg.bind(ligand, lifr, gp130, kd1, kd2).ternary
    least = base * (1 - 1e-12)
    assert sg.bind(ligand * factor, lifr, gp130, kd1, kd2).ternary >= least
    assert sg.bind(ligand, lifr * factor, gp130, kd1, kd2).ternary >= least
    assert sg.bind(ligand, lifr, gp130 * factor, kd1, kd2).ternary >= least
    assert sg.bind(ligand, lifr, gp130, kd1 * factor, kd2).ternary <= base * (1 + 1e-12)
    assert sg.bind(ligand, lifr, gp130, kd1, kd2 * factor).ternary <= base * (1 + 1e-12)


@few
@given(present, present, present, present, present, hs.floats(-6, 6).map(lambda x: 10**x))
def test_only_ratios_matter(ligand, lifr, gp130, kd1, kd2, unit):
    """A change of the unit of concentration changes nothing."""
    one = sg.bind(ligand, lifr, gp130, kd1, kd2)
    other = sg.bind(*(unit * value for value in (ligand, lifr, gp130, kd1, kd2)))
    # Where all three run out together, what is left depends on the last digits of the totals.
    near = {"rel": 1e-9, "abs": 1e-13 * unit * min(lifr, gp130, ligand)}
    assert other.ternary == pytest.approx(unit * one.ternary, **near)
    assert other.binary == pytest.approx(unit * one.binary, **near)


@few
@given(present, present, present, present)
def test_half_saturation_is_half(lifr, gp130, kd1, kd2):
    half = sg.half_saturation(lifr, gp130, kd1, kd2)
    most = sg.bind(1e12 * max(lifr, kd1), lifr, gp130, kd1, kd2).ternary
    assert sg.bind(half, lifr, gp130, kd1, kd2).ternary == pytest.approx(most / 2, rel=1e-8)
    occupied = sg.half_saturation(lifr, gp130, kd1, kd2, of="occupied")
    assert sg.bind(occupied, lifr, gp130, kd1, kd2).occupied == pytest.approx(0.5, rel=1e-8)


pools = hs.tuples(amount, amount, amount, present, present, present)
affinities = hs.tuples(*[present] * 6)


@few
@given(pools, affinities)
def test_competitors_share_one_pool(pools, kds):
    """LIF, IL-6 and oncostatin M at once: conserved, at equilibrium, each the other's rival."""
    names = ["LIF", "IL-6", "OSM", "LIFR", "IL-6R", "gp130"]
    totals = dict(zip(names, pools, strict=True))
    steps = [
        ("LIF", "LIFR", kds[0]),
        ("LIF:LIFR", "gp130", kds[1]),
        ("IL-6", "IL-6R", kds[2]),
        ("IL-6:IL-6R", "gp130", kds[3]),
        ("OSM", "gp130", kds[4]),
        ("OSM:gp130", "LIFR", kds[5]),
    ]
    row = sg.equilibrium(totals, steps).iloc[0]
    complexes = [f"{a}:{b}" for a, b, _ in steps]
    for name in names:
        held = sum(row[f"{c}_nM"] for c in complexes if name in c.split(":"))
        assert row[f"{name}_free_nM"] + held == pytest.approx(totals[name], **shared)
    for (first, second, kd), made in zip(steps, complexes, strict=True):
        parts = [
            row[f"{part}_nM"] if ":" in part else row[f"{part}_free_nM"] for part in (first, second)
        ]
        assert parts[0] * parts[1] == pytest.approx(kd * row[f"{made}_nM"], **shared)
    # Taking IL-6 away frees gp130 and, for LIF, can only help.
    without = sg.equilibrium({**totals, "IL-6": 0.0}, steps).iloc[0]
    assert without["gp130_free_nM"] >= row["gp130_free_nM"] * (1 - 1e-9)


# --- The model in time ----------------------------------------------------------------------

factor = hs.floats(0.1, 10)
# What may be switched off altogether, and what not: without it something is made for ever.
optional = [
    "gp130_pro",
    "jak1_act_il6",
    "jak1_gp130_dea",
    "socs3_assoc",
    "stat3_act_gp130",
    "stat3_inh_socs3",
    "socs3rna_pro",
    "socs3_pro",
    "stat3_imp",
]
needed = ["socs3rna_delay", "socs3rna_des", "socs3_des", "gp130_deg"]
changes = hs.dictionaries(hs.sampled_from(optional + needed), factor, max_size=3).flatmap(
    lambda found: hs.sets(hs.sampled_from(optional), max_size=1).map(
        lambda off: {**found, **dict.fromkeys(off, 0.0)}
    )
)
doses = hs.one_of(hs.just(0.0), hs.floats(-3, 3).map(lambda x: 10**x))


@runs
@given(
    doses,
    hs.one_of(hs.none(), hs.floats(0.5, 100)),
    changes,
    hs.one_of(hs.none(), hs.floats(-30, 60)),
    hs.sampled_from([0.0, 10.0, 5000.0]),
)
def test_nothing_is_negative_and_stat3_is_conserved(dose, duration, changes, blocked, inhibitor):
    run = sg.simulate(
        dose,
        np.arange(0, 151, 5),
        duration=duration,
        changes=changes,
        actinomycin_d=blocked,
        inhibitor_nM=inhibitor,
    )
    assert (run.drop(columns="actinomycin_d") >= 0).all(axis=None)
    total = 25.34 * (run["STAT3_nM"] + run["pSTAT3_nM"]) + run["nuclear_STAT3_nM"]
    assert total.to_numpy() == pytest.approx(np.full(len(run), total[0]), rel=1e-9)
    # The start was reached by running the changed model for days: a little less exact.
    assert total[0] == pytest.approx(779.940698016358, rel=1e-8)
    # Receptor is made at one rate only and never from anything else.
    receptor = run[["receptor_nM", "receptor_pJAK1_nM", "receptor_active_nM"]].sum(axis=1)
    made = sg.read_model().changed(changes)["gp130_pro"]
    assert (np.diff(receptor) <= 5 * made + 1e-9).all()


@runs
@given(hs.lists(hs.tuples(hs.integers(1, 20), hs.integers(0, 20), doses), max_size=4))
def test_pulses_that_touch_are_one(parts):
    """Cutting a pulse in two where nothing changes does not change the course."""
    pulses, halves, time = [], [], 0.0
    for length, gap, dose in parts:
        pulses.append((time, time + length, dose))
        halves += [(time, time + length / 2, dose), (time + length / 2, time + length, dose)]
        time += length + gap
    times = np.arange(0, 121, 10)
    one = sg.simulate(pulses=pulses, times=times)
    two = sg.simulate(pulses=halves[::-1], times=times)
    model = sg.read_model()
    near = np.abs(one[model.columns] - two[model.columns]) / model.scales()
    assert near.max(axis=None) < 1e-4


@runs
@given(hs.floats(-2, 2), hs.floats(0.01, 1), hs.floats(0.001, 1))
def test_a_fit_is_the_best_and_does_not_depend_on_the_unit(seed, offset, scale):
    """Noisy made-up measurements: no neighbour fits better, and a factor goes into both."""
    run = sg.simulate(40, np.arange(0, 101, 5))
    rng = np.random.default_rng(int((seed + 2) * 1e6))
    quantity = sg.observe(run, "pSTAT3").to_numpy()
    series = run[["time_min", "actinomycin_d"]].assign(
        il6_ng_per_ml=40.0,
        observable="pSTAT3",
        value_arbitrary_units=(offset + scale * quantity) * np.exp(rng.normal(0, 0.2, len(run))),
    )
    fit = sg.fit_observable(series, run)
    measured = series["value_arbitrary_units"].to_numpy()

    def rms(offset, scale):
        return np.sqrt(np.mean(np.log10(measured / (offset + scale * quantity)) ** 2))

    assert fit.rms == pytest.approx(rms(fit.offset, fit.scale))
    for a, b in ((1.01, 1), (0.99, 1), (1, 1.01), (1, 0.99), (1.02, 0.99), (0.98, 1.01)):
        assert rms(a * fit.offset, b * fit.scale) >= fit.rms * (1 - 1e-9)
    thrice = sg.fit_observable(series.assign(value_arbitrary_units=3 * measured), run)
    assert thrice.rms == pytest.approx(fit.rms, rel=1e-6)
    assert thrice.offset + thrice.scale == pytest.approx(3 * (fit.offset + fit.scale), rel=1e-4)
