"""Cytokines on one pool of gp130: the model, its limits, and the page that solves it itself."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import datapackage
import numpy as np
import pytest
from javascript import in_node

from lifbook import competition as co
from lifbook import data, signalling
from lifbook.chapters import interactions as in_interactions
from lifbook.errors import LifbookError
from lifbook.page import widgets

SHARED = Path(co.__file__).parent / "page" / "shared"


# --- The model --------------------------------------------------------------------------------


def test_all_gp130_is_somewhere_and_none_is_counted_twice():
    rng = np.random.default_rng(4)
    doses = {name: 10 ** rng.uniform(-4, 3, 300) for name in co.SIGNALS}
    found = co.competition(doses, 10 ** rng.uniform(0, 5, 300))
    parts = found[["gp130_free", "gp130_with_LIF", "gp130_with_IL-6", "gp130_with_OSM"]]
    assert parts.sum(axis=1).to_numpy() == pytest.approx(1, rel=1e-9)
    assert (parts.to_numpy() >= 0).all()
    # A signalling complex of IL-6 takes two gp130, the others one each.
    for name, each in (("LIF", 1), ("IL-6", 2), ("OSM", 1)):
        needed = each * found[f"{name}_complexes"]
        assert (needed <= found[f"gp130_with_{name}"] * found["gp130_per_cell"] * (1 + 1e-9)).all()


def test_the_law_of_mass_action_holds_at_every_step():
    one = signalling.receptors_nM(1, co.CELLS_PER_ML)
    steps = co._steps({name: item.value for name, item in co.constants().kds.items()}, one)
    totals = {
        "LIF": 0.5,
        "IL-6": 2.0,
        "OSM": 1.0,
        "LIFR": 1000 * one,
        "IL-6R": 800 * one,
        "gp130": 700 * one,
    }
    row = signalling.equilibrium(totals, steps).iloc[0]

    def there(name: str) -> float:
        return row[f"{name}_free_nM"] if f"{name}_free_nM" in row else row[f"{name}_nM"]

    for first, second, kd in steps:
        assert there(first) * there(second) / there(f"{first}:{second}") == pytest.approx(kd)


def test_without_rivals_it_is_the_two_step_binding_of_lif():
    one = signalling.receptors_nM(1, co.CELLS_PER_ML)
    doses = np.geomspace(1e-3, 100, 20)
    found = co.competition({"LIF": doses}, gp130=400)
    kd = co.constants().kds["LIF:LIFR:gp130"].value * one
    alone = signalling.bind(doses, 1000 * one, 400 * one, co.constants().kds["LIF:LIFR"].value, kd)
    assert found["LIF_complexes"].to_numpy() == pytest.approx(alone.ternary / one, rel=1e-8)
    assert (found[["IL-6_complexes", "OSM_complexes"]] == 0).all(axis=None)


@pytest.mark.parametrize("rival", ["IL-6", "OSM"])
@pytest.mark.parametrize("gp130", [50, 500, 5000])
def test_a_rival_only_ever_takes_away(rival, gp130):
    found = co.competition({"LIF": 0.5, rival: [0, *np.geomspace(1e-3, 100, 30)]}, gp130)
    assert found["LIF_complexes"].is_monotonic_decreasing
    assert found[f"{rival}_complexes"].is_monotonic_increasing
    assert found["gp130_free"].is_monotonic_decreasing


def test_a_scarce_pool_is_fought_over_and_a_plentiful_one_is_not():
    kept = {}
    for gp130 in (200, 20_000):
        found = co.competition({"LIF": 0.5, "IL-6": [0, 10]}, gp130)["LIF_complexes"]
        kept[gp130] = found[1] / found[0]
    assert kept[200] < 0.3
    assert kept[20_000] > 0.99


def test_a_cell_without_the_receptor_is_deaf_to_the_rival():
    found = co.competition({"LIF": 0.5, "IL-6": [0, 100]}, 200, receptors={"IL-6R": 0})
    assert found["LIF_complexes"][1] == pytest.approx(found["LIF_complexes"][0])
    # OSM uses LIFR as LIF does, so it competes even where gp130 is plenty.
    osm = co.competition({"LIF": 0.5, "OSM": [0, 10]}, 50_000)["LIF_complexes"]
    assert osm[1] < 0.5 * osm[0]


def test_a_cell_without_gp130_has_no_complexes_and_no_shares():
    found = co.competition({"LIF": 1, "IL-6": 1}, gp130=0)
    assert found["LIF_complexes"][0] == 0
    assert found[["gp130_free", "gp130_with_LIF"]].isna().all(axis=None)


def test_the_numbers_of_the_model_stand_in_a_table():
    known = co.constants()
    assert {name: (item.value, item.unit) for name, item in known.receptors.items()} == {
        "LIFR": (1000.0, "per cell"),
        "IL-6R": (1000.0, "per cell"),
    }
    assert set(known.kds) == {made for _first, _second, made in co._STEPS}
    assert {item.value for item in known.kds.values() if item.unit == "nM"} == {2.0}
    assert {item.value for item in known.kds.values() if item.unit == "per cell"} == {100.0}
    assert known.kds["LIF:LIFR"].citations == "Gearing1992"
    assert known.receptors["LIFR"].citations == "Hilton1988;Hilton1991"


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("step,OSM:gp130,", "the step 'OSM:gp130' is missing.*add its row"),
        ("receptor,IL-6R,", "the receptor 'IL-6R' is missing.*add its row"),
    ],
)
def test_a_table_without_a_number_that_is_needed_is_refused(tmp_path, row, words):
    folder = Path(shutil.copytree(data.DATA, tmp_path / "data"))
    table = folder / "competition_model.csv"
    lines = table.read_text("utf-8").splitlines(keepends=True)
    table.write_text("".join(line for line in lines if not line.startswith(row)), "utf-8")
    assert datapackage.main(["--data", str(folder)]) == 0
    with pytest.raises(LifbookError, match=f"(?s)data/competition_model.csv.*{words}"):
        co.constants(folder=folder)


def test_the_assumptions_say_where_they_come_from():
    table = co.assumptions(receptors={"LIFR": 300})
    assert len(table) == len(co.constants().kds) + len(co.constants().receptors)
    assert table.set_index("name").loc["LIFR a cell", "basis"] == "chosen by you"
    for row in table.itertuples():
        assert row.citations or "assumed" in row.basis or "chosen" in row.basis
        assert data.citation_keys().issuperset(filter(None, row.citations.split(";")))


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: co.competition({"LIF": -1}), "argument 'LIF': -1 nM is not possible"),
        (lambda: co.competition({"IL-6": np.nan}), "nan nM is not possible"),
        (lambda: co.competition({"IL-4": 1}), "no cytokine is called 'IL-4'.*use one of LIF, IL-6"),
        (
            lambda: co.competition({"LIF": 1}, gp130=-5),
            "argument 'gp130': -5 per cell is not possible",
        ),
        (lambda: co.competition({"LIF": 1}, kds={"LIF:LIFR": 0}), "0 nM is not possible.*above 0"),
        (
            lambda: co.competition({"LIF": 1}, kds={"IL-6 hexamer": -2}),
            "-2 per cell is not possible",
        ),
        (lambda: co.competition({"LIF": 1}, kds={"LIF": 1}), "no step is called 'LIF'"),
        (lambda: co.competition({"LIF": 1}, receptors={"OSMR": 1}), "no receptor is called 'OSMR'"),
        (lambda: co.competition({"LIF": 1}, receptors={"LIFR": -1}), "-1 per cell is not possible"),
        (lambda: co.competition({"LIF": 1}, cells_per_ml=0), "argument 'cells_per_ml'"),
        (lambda: co.competition({"LIF": [1, 2], "IL-6": [1, 2, 3]}), "different lengths"),
        (
            lambda: in_interactions.competition_explorer(lif=500),
            "argument 'lif': 500 nM is outside.*or 0 for none",
        ),
        (
            lambda: in_interactions.competition_explorer(gp130=0),
            "argument 'gp130': 0 per cell is outside",
        ),
        (lambda: widgets.CompetitionExplorer(kds={"OSM:gp130": 0}), "0 nM is not possible"),
    ],
)
def test_competition_refuses(call, words):
    with pytest.raises(LifbookError, match=f"(?s){words}"):
        call()


# --- The page ---------------------------------------------------------------------------------

SOLVE = f"""
  const {{ equilibrium }} = await import({json.dumps((SHARED / "equilibrium.js").as_uri())});
  const [system, rows] = input;
  give(rows.map(({{ totals, logK }}) => {{
    const {{ free, bound }} = equilibrium(totals, logK ?? system.log_k, system.counts);
    return [...free, ...bound];
  }}));
"""


def test_the_page_solves_what_python_solves():
    rng = np.random.default_rng(130)
    names = [*co.SIGNALS, *co.constants().receptors, "gp130"]
    totals = 10 ** np.concatenate(
        [
            rng.uniform(-5, 3, (1500, 6)),  # everything
            rng.uniform(-3, 0, (500, 6)),  # close to each other
        ]
    )
    totals[rng.random(totals.shape) < 0.1] = 0.0  # some of them absent
    kds = 10 ** rng.uniform(-4, 2, (len(totals), len(co.constants().kds)))
    rows = []
    for total, constants in zip(totals, kds, strict=True):
        steps = [(a, b, kd) for (a, b, _), kd in zip(co._STEPS, constants, strict=True)]
        _counts, log_k, _names = co._matrix(steps)
        rows.append({"totals": total.tolist(), "logK": log_k})
    counts, _log_k, complexes = co._matrix([(a, b, 1.0) for a, b, _ in co._STEPS])
    found = np.array(in_node(SOLVE, [{"counts": counts}, rows]))
    expected = signalling.equilibrium(
        dict(zip(names, totals.T, strict=True)),
        [(a, b, kd) for (a, b, _), kd in zip(co._STEPS, kds.T, strict=True)],
    )
    columns = [f"{name}_free_nM" for name in names] + [f"{name}_nM" for name in complexes]
    assert found == pytest.approx(expected[columns].to_numpy(), rel=1e-7, abs=1e-300)


def test_the_widget_carries_the_system_that_python_solves():
    widget = in_interactions.competition_explorer(lif=0.3, il6=2.0, gp130=250.0)
    system = widget.system
    one, numbers = system["one"], system["receptors"]
    doses = {"LIF": 0.3, "IL-6": 2.0, "OSM": 0.0}
    totals = [
        doses[name] if name in doses else one * numbers.get(name, 250.0)
        for name in system["components"]
    ]
    free_and_bound = in_node(SOLVE, [system, [{"totals": totals}]])[0]
    expected = co.competition(doses, 250.0).iloc[0]
    bound = free_and_bound[len(totals) :]
    for name, at in system["signals"].items():
        assert bound[at] / one == pytest.approx(expected[f"{name}_complexes"], rel=1e-8)
    assert free_and_bound[5] / totals[5] == pytest.approx(expected["gp130_free"], rel=1e-8)
    # What it assumes stands in the widget, with the paper where there is one.
    assert len(widget.numbers) == len(co.constants().kds) + len(co.constants().receptors)
    assert any("Gearing 1992" in row[3] for row in widget.numbers)


def test_the_widget_is_locked_until_a_prediction_is_made():
    widget = in_interactions.competition_explorer(locked="Predict first.")
    assert widget.locked == "Predict first."
    widget.gp130 = 20_000.0
    assert "gp130 20000 per cell" in repr(widget)
