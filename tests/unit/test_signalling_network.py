"""lifbook.signalling.network: the model is the paper's, and what its tables say is what runs."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import datapackage
import numpy as np
import pandas as pd
import pytest
from sobotta import TOTAL_STAT3

from lifbook import signalling as sg
from lifbook.errors import LifbookError

PROJECT = Path(__file__).resolve().parents[2]


def test_the_model_is_the_papers():
    model = sg.read_model()
    assert len(model.reactions) == 25  # 24 of the paper, and the breakdown of the inhibitor
    assert len(model.species) == 14  # 13 of the paper, and the inhibitor
    assert len(model.parameters) == 24
    assert model.columns[:5] == [
        "receptor_nM",
        "receptor_pJAK1_nM",
        "receptor_active_nM",
        "STAT3_nM",
        "pSTAT3_nM",
    ]
    assert "SOCS3_mRNA_au" in model.columns


def test_the_published_initial_state_is_steady():
    model = sg.read_model()
    rates = model.rates().to_numpy()
    change = model.flows(model.parameters) @ rates
    assert np.abs(change / model.scales()).max() < 1e-8
    assert model.steady_state() == model.initial
    # A neighbour of the model settles next to it: the state is found, not only copied.
    near = model.steady_state({"socs3_pro": 1 + 1e-9})
    assert list(near.values()) == pytest.approx(list(model.initial.values()), rel=1e-6)


def test_total_stat3_of_the_initial_state_is_the_published_parameter():
    start = sg.read_model().initial
    ratio = 12.67 / 0.5
    total = ratio * (start["STAT3"] + start["pSTAT3"]) + start["nuclear_STAT3"]
    assert total == pytest.approx(TOTAL_STAT3, rel=1e-8)


def test_rates_follow_the_paper():
    """Each kind of rate law once, written out by hand from the paper's equations."""
    model = sg.read_model()
    p, s = model.parameters, model.initial
    state = {"ruxolitinib": 166.0, "SOCS3": 2.0, "receptor_active": 0.1}
    rates = model.rates(state, il6=40.0)
    brake = 1 + p["jak1_inh_ruxolitinib"] * 166.0
    assert brake == pytest.approx(2.0, abs=0.001)
    per_minute = (p["jak1_act_basal"] + 40 * p["jak1_act_il6"]) / 7.91981957
    assert rates["v5"] == pytest.approx(s["receptor"] * per_minute / brake, rel=1e-8)
    assert rates["v6"] == pytest.approx(p["gp130_act_jak1"] * s["receptor_pJAK1"] / brake)
    assert rates["v11"] == pytest.approx(p["socs3_assoc"] * 2.0 * 0.1)
    assert rates["v14"] == pytest.approx(
        p["stat3_act_gp130"] * 7.91981957 * 0.1 * s["STAT3"] / (1 + p["stat3_inh_socs3"] * 2.0),
        rel=1e-8,
    )
    flux = 25.34 * p["stat3_imp"] * (1 + p["f_pstat3_imp"]) * s["pSTAT3"]
    assert rates["v16"] == pytest.approx(
        p["socs3rna_pro"] * flux ** p["socs3rna_hill"] / 62.05324959, rel=1e-8
    )
    assert rates["v23"] == pytest.approx(p["socs3_pro"] * 62.05324959 * s["SOCS3_mRNA"], rel=1e-8)
    stopped = model.rates(state, il6=40.0, actinomycin_d=True)
    changed = rates.index[stopped != rates].tolist()
    assert changed == ["v1", "v16"] and (stopped[changed] == 0).all()


def test_molecules_that_cross_between_compartments_are_conserved():
    model = sg.read_model()
    flows = pd.DataFrame(
        model.flows(model.parameters), index=model.species, columns=[r.id for r in model.reactions]
    )
    amounts = flows.mul(
        [{"cyt": 12.67, "nuc": 0.5, "medium": 1.0}[model.compartments[s]] for s in model.species],
        axis=0,
    )
    for reaction in ("v12", "v13", "v14", "v15"):
        assert amounts.loc[["STAT3", "pSTAT3", "nuclear_STAT3"], reaction].sum() == pytest.approx(0)
    assert amounts.loc[["SOCS3_delay_5", "SOCS3_mRNA"], "v21"].sum() == pytest.approx(0)
    assert flows.loc["SOCS3", ["v9", "v10", "v11"]].tolist() == [-1, -1, -1]


@pytest.fixture
def altered(tmp_path: Path):
    """A copy of the data in which text of a table can be replaced; checksums are renewed."""

    def change(table: str, before: str, after: str) -> Path:
        folder = Path(shutil.copytree(PROJECT / "data", tmp_path / "data"))
        file = folder / f"sobotta2017_{table}.csv"
        text = file.read_text(encoding="utf-8")
        assert before in text
        file.write_text(text.replace(before, after, 1), encoding="utf-8")
        package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
        datapackage.refresh(folder, package)
        (folder / "datapackage.json").write_text(json.dumps(package), encoding="utf-8")
        return folder

    return change


@pytest.mark.parametrize(
    ("table", "before", "after", "words"),
    [
        (
            "reactions",
            "gp130_deg * receptor,",
            "gp130_deg * receptr,",
            "sobotta2017_reactions.csv, row 2, column 'rate'.*'receptr' is neither a species nor",
        ),
        (
            "reactions",
            "gp130_deg * receptor,",
            "__import__('os').getcwd(),",
            "row 2.*is not arithmetic.*with [+] - [*] /",
        ),
        ("reactions", "gp130_deg * receptor,", "receptor.__class__,", "row 2.*is not arithmetic"),
        ("reactions", "gp130_deg * receptor,", "gp130_deg if 1 else 2,", "row 2.*not arithmetic"),
        ("reactions", "gp130_deg * receptor,", "gp130_deg * * receptor,", "row 2.*invalid syntax"),
        ("reactions", "gp130_deg * receptor,", "'a' * 3,", "row 2.*'a'.*not arithmetic"),
        ("reactions", "v2,receptor,,", "v2,receptors,,", "row 2: no species is called 'receptors'"),
        ("parameters", "gp130_deg,", "gp130_degr,", "'gp130_deg' is neither"),
        ("parameters", "gp130_deg,", "STAT3,", "'STAT3' is used twice"),
        ("parameters", "gp130_deg,", "lambda,", "'lambda' is used twice or cannot stand"),
        ("initial", "28.9259428355756", "-1", "column 'value': -1.0 is too small"),
    ],
)
def test_tables_that_contradict_each_other_are_refused(altered, table, before, after, words):
    folder = altered(table, before, after)
    with pytest.raises(LifbookError, match=f"(?s){words}"):
        sg.read_model(folder=folder)


def test_a_table_is_the_model(altered):
    """What is written in the table is what runs: half the import gives half the rate."""
    folder = altered("reactions", ",stat3_imp * STAT3,", ",stat3_imp * STAT3 / 2,")
    assert sg.read_model(folder=folder).rates()["v12"] == sg.read_model().rates()["v12"] / 2


def test_unknown_model():
    with pytest.raises(LifbookError, match=r"no model is called 'yamada2003'.*sobotta2017"):
        sg.read_model("yamada2003")


def test_a_changed_model_starts_in_its_own_steady_state():
    p = sg.read_model().parameters
    removed = sg.read_model().steady_state(sg.VARIANTS["SOCS3 removed"])
    receptors = removed["receptor"] + removed["receptor_pJAK1"] + removed["receptor_active"]
    assert receptors == pytest.approx(p["gp130_pro"] / p["gp130_deg"], rel=1e-6)
    # pJAK1 is made from receptor and lost in three ways: the balance in closed form.
    lost = p["gp130_act_jak1"] + p["jak1_gp130_dea"] + p["gp130_deg"]
    made = p["jak1_act_basal"] / p["scale_pgp130"] * removed["receptor"]
    assert removed["receptor_pJAK1"] == pytest.approx(made / lost, rel=1e-6)
    run = sg.simulate(0, [0, 500], changes=sg.VARIANTS["SOCS3 removed"])
    assert run["pSTAT3_nM"].iloc[1] == pytest.approx(run["pSTAT3_nM"].iloc[0], rel=1e-6)


def test_rates_refuse_what_is_not_a_state():
    with pytest.raises(LifbookError, match=r"no species is called 'SOCS1'.*SOCS3"):
        sg.read_model().rates({"SOCS1": 1.0})
