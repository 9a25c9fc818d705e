"""Tables, claims, questions and terms of the Function chapter: complete, sourced, coherent."""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path

import jsonschema
import numpy as np
import pandas as pd
import pytest
from Bio.SeqUtils import molecular_weight

from lifbook import data, questions, signalling
from lifbook.page import widgets

PROJECT = Path(__file__).resolve().parents[2]
TABLES = ["affinities", "pathway_nodes", "pathway_edges", "gp130_ligands", "experiments"]
REVIEWS = {"Hirai2011", "West2019", "Simpson1997", "Zhang2021", "Zhang2008", "Tomida2000"}
PICOMOLAR = {"nM": 1000.0, "pM": 1.0}


def cited(cells: pd.Series) -> set[str]:
    return {key for cell in cells for key in cell.split(";") if key}


# --- claims -----------------------------------------------------------------------------


def function_claims() -> pd.DataFrame:
    claims = data.read_table("claims")
    return claims[claims["section"] == "Function"].set_index("id")


def test_all_claims_of_the_section_are_there():
    claims = function_claims()
    assert list(claims.index) == [f"F{n}" for n in range(1, len(claims) + 1)]
    assert len(claims) >= 23
    assert set(claims["chapter"]) == {"chapters/function"}
    assert all(text.endswith(".") for text in claims["claim"])
    assert all(text.endswith(".") for text in claims["correction"])


def test_a_claim_stands_alone():
    for text in function_claims()["claim"]:
        assert re.match(
            r"(LIF|gp130|In healthy human cells, LIF|The (MAH|JAK|growth|cholin|phos))", text
        ), text
        assert not re.search(r"\b(it|they|this|these)\b", text.split(",")[0].lower()), text


def test_verdicts_that_were_put_right():
    verdicts = function_claims()["verdict"].head(23)  # of the article
    assert set(verdicts[verdicts == "wrong"].index) == {"F18", "F20"}
    # nothing on LIF in MAH cells could be read: no verdict but doubtful
    assert set(verdicts[verdicts == "doubtful"].index) == {"F12", "F13", "F14", "F15"}
    assert {"F2", "F16", "F19", "F22"} <= set(verdicts[verdicts == "imprecise"].index)


def test_a_doubtful_claim_is_not_supported_by_the_paper_that_could_not_be_read():
    claims = function_claims()
    doubtful = claims[claims["verdict"] == "doubtful"]
    assert "Ip1992" not in cited(doubtful["citations"])
    assert all("could be checked" in text for text in doubtful["correction"])
    # where it is cited as evidence, its title is all that is used
    used = claims[claims["citations"].str.contains("Ip1992")]
    assert list(used.index) == ["F18"] and "title" in used["correction"]["F18"]


def test_a_review_alone_is_called_a_review():
    for row in function_claims().itertuples():
        only_reviews = set(row.citations.split(";")) <= REVIEWS
        assert only_reviews == (row.evidence == "review"), row.Index


# --- tables -----------------------------------------------------------------------------


@pytest.mark.parametrize("name", TABLES)
def test_a_table_is_read_and_every_row_has_a_source(name):
    table = data.read_table(name)
    if name != "pathway_nodes":
        assert all(table["citations"])
        assert cited(table["citations"]) <= data.citation_keys()


def test_the_chapter_rests_on_many_references():
    keys = cited(function_claims()["citations"])
    for name in TABLES:
        if name != "pathway_nodes":
            keys |= cited(data.read_table(name)["citations"])
    assert keys <= data.citation_keys()
    assert len(keys - REVIEWS) >= 40


def test_affinities_are_numbers_exactly_where_a_kd_was_given():
    table = data.read_table("affinities")
    for row in table.itertuples():
        given = [not np.isnan(row.kd_low), not np.isnan(row.kd_high), row.unit != ""]
        assert all(given) if row.kind == "Kd" else not any(given), row.id
        if row.kind == "Kd":
            assert 0 < row.kd_low <= row.kd_high


def test_gp130_makes_the_binding_of_lif_tighter_in_every_pair_of_rows():
    table = data.read_table("affinities").query("kind == 'Kd'")
    scale = table["unit"].map(PICOMOLAR)
    table = table.assign(low=table["kd_low"] * scale, high=table["kd_high"] * scale)
    for ligand in ("LIF", "OSM"):
        rows = table[table["ligand"] == ligand]
        with_, without = (rows[rows["gp130"] == word] for word in ("with", "without"))
        assert with_["high"].max() < without["low"].min()
    assert table.set_index("id").loc["osm-low", "low"] == 13000


def test_which_cytokines_use_gp130():
    table = data.read_table("gp130_ligands").set_index("cytokine")
    family = {"LIF", "CNTF", "CT-1", "CLCF1", "OSM", "IL-6", "IL-11", "IL-27"}
    assert set(table.index[table["uses_gp130"]]) == family
    assert all("gp130" in chains for chains in table.loc[list(family), "chains"])
    assert not any("gp130" in chains for chains in table[~table["uses_gp130"]]["chains"])
    # F18: not specific to LIF; F19: EGF depends on the cell
    shown = set(table.index[table["gp130_phosphorylated"] == "yes"])
    assert shown == {"LIF", "CNTF", "CT-1", "IL-6"}
    assert table.loc["EGF", "gp130_phosphorylated"] == "in some cells"
    assert "breast cancer" in table.loc["EGF", "system"]


def test_experiments_say_what_follows_and_what_does_not():
    table = data.read_table("experiments")
    assert {"MAH cells", "M1 leukaemia cells", "embryonic stem cells"} <= set(table["cells"])
    stem = table[table["cells"] == "embryonic stem cells"]
    assert {"mouse", "human"} == set(stem["species"])
    assert not (table["follows"] == table["does_not_follow"]).any()
    # no text on LIF in MAH cells was found
    assert not table[table["cells"] == "MAH cells"]["stimulus"].str.contains("LIF").any()


# --- the map ----------------------------------------------------------------------------


def reached(out: set[str] = frozenset()) -> set[str]:
    """Nodes that activating edges connect to LIF when `out` is taken away."""
    edges = data.read_table("pathway_edges").query("sign == 'activates'")
    targets = defaultdict(set)
    for row in edges.itertuples():
        targets[row.source].add(row.target)
    found, new = set(), {"lif"} - set(out)
    while new:
        found |= new
        new = set().union(*(targets[node] for node in new)) - found - set(out)
    return found


def test_every_node_is_reached_and_has_evidence():
    nodes = set(data.read_table("pathway_nodes")["id"])
    edges = data.read_table("pathway_edges")
    assert set(edges["source"]) | set(edges["target"]) == nodes
    assert set(edges["needs"]) - {""} <= nodes
    assert reached() == nodes
    assert not any(text.endswith(".") for text in edges["shown"])
    for row in edges.itertuples():
        only_reviews = set(row.citations.split(";")) <= REVIEWS
        assert only_reviews == (row.evidence == "review"), (row.source, row.target)
        assert re.search(r"human|mouse|mice|rat\b|IL-6", row.system), (row.source, row.target)


@pytest.mark.parametrize(
    ("out", "lost", "kept"),
    [
        ("jak1", {"stat3", "erk", "akt", "socs3"}, {"gp130"}),
        ("gp130", {"jak1", "stat1", "shp2"}, {"lifr"}),
        ("y759", {"shp2", "ras", "erk", "pi3k", "akt"}, {"stat3", "socs3", "es_renewal"}),
        ("yxxq", {"stat1", "stat3", "socs3", "implantation"}, {"erk", "akt"}),
        ("stat3", {"es_renewal", "m1", "early_genes"}, {"socs3_gene", "erk"}),
        ("ras", {"erk", "division"}, {"akt", "stat3"}),
        ("pi3k", {"akt", "mtor"}, {"erk", "stat3"}),
    ],
)
def test_what_is_lost_without_a_node(out, lost, kept):
    left = reached({out})
    assert not lost & left
    assert kept <= left


def test_the_brake_acts_on_the_kinase_and_on_the_site_that_it_shares():
    edges = data.read_table("pathway_edges").set_index(["source", "target"])
    brake = edges[edges["sign"] == "inhibits"]
    assert set(brake.index) == {("socs3", "jak1"), ("socs3", "y759"), ("erk", "es_renewal")}
    assert edges.loc[("socs3", "jak1"), "needs"] == "y759"


@pytest.mark.parametrize(
    ("width", "letter", "padding", "height"), [(330, 6.3, 14, 27), (760, 9.0, 30, 40)]
)
def test_names_on_the_map_do_not_cover_each_other(width, letter, padding, height):
    """Boxes as wide as their names, on a phone and on a large page, in the widget's frame."""
    nodes = data.read_table("pathway_nodes")
    scale = width / 760
    x = (20 + 7.2 * nodes["x"]) * scale
    y = (24 + 5.84 * nodes["y"]) * scale
    half = (nodes["label"].str.len() * letter + padding) / 2
    assert (x - half).min() >= -4 and (x + half).max() <= width + 8
    for i in range(len(nodes)):
        for j in range(i):
            apart = abs(x[i] - x[j]) >= half[i] + half[j] or abs(y[i] - y[j]) >= height
            assert apart, (nodes["label"][i], nodes["label"][j])


def test_arrows_run_down_the_map_but_for_the_feedback():
    nodes = data.read_table("pathway_nodes").set_index("id")["y"]
    for row in data.read_table("pathway_edges").itertuples():
        if row.source not in ("socs3", "socs3_gene"):
            assert nodes[row.source] <= nodes[row.target]


# --- questions --------------------------------------------------------------------------


def test_questions_keep_to_the_schema_and_cover_the_sections():
    contents = data.read_json("questions-function")
    validator = jsonschema.Draft202012Validator(data.read_json("questions-schema"))
    assert [error.message for error in validator.iter_errors(contents)] == []
    sections = ["where", "binding", "time", "arms", "specific", "experiments"]
    assert list(questions.sections("function")) == sections
    assert all(len(questions.items("function", section)) >= 3 for section in sections)
    claims = set(function_claims().index)
    treated = {claim for item in questions.items("function") for claim in item.get("claims", [])}
    assert treated <= claims
    assert {"F2", "F10", "F16", "F18", "F19", "F20", "F22"} <= treated


def test_placeholders_of_the_questions_are_documented_and_used():
    documented = data.read_json("questions-function")["placeholders"]
    used = set()
    for section in questions.sections("function"):
        used |= set(questions.placeholders("function", section))
        assert questions.filled("function", section, questions.examples("function", section))
    assert used == set(documented)


def test_feedback_is_given_for_every_choice_and_positions_do_not_give_it_away():
    items = questions.items("function")
    for item in items:
        feedback = [answer["feedback"] for answer in item["answers"]]
        assert len(set(feedback)) == len(feedback)
        assert all(len(text) >= 40 for text in feedback), item["id"]
    single = [item for item in items if item["type"] == "multiple_choice"]
    places = [[a["correct"] for a in item["answers"]].index(True) for item in single]
    counts = np.bincount(places, minlength=4)
    assert counts.max() <= len(single) / 2 and counts.min() >= 3
    longest = [max(i["answers"], key=lambda a: len(a["answer"]))["correct"] for i in single]
    assert np.mean(longest) < 0.6


def start(slider: str) -> float:
    """Value at which a slider of the binding explorer starts."""
    return getattr(widgets.BindingExplorer, slider).default_value


def test_examples_are_what_sequence_model_and_data_give():
    example = {
        k: v["example"] for k, v in data.read_json("questions-function")["placeholders"].items()
    }
    mature = data.read_sequence("P15018")[22:]
    mass = molecular_weight(mature, seq_type="protein")
    assert mass / 1000 == pytest.approx(example["mass_kda"], abs=0.05)
    assert 10_000 / mass == pytest.approx(example["nm_10ng"], abs=0.005)
    assert 10_000_000 / mass == pytest.approx(example["pm_10ng"], abs=0.5)
    assert mass / 10_000 == pytest.approx(example["nm_10ng_inverse"], abs=0.005)
    kds = {"kd_lifr": start("kd_lifr"), "kd_gp130": start("kd_gp130")}
    alone = signalling.half_saturation(start("lifr"), 0.0, **kds, of="occupied")
    together = 1000 * signalling.half_saturation(start("lifr"), start("gp130"), **kds)
    assert alone == pytest.approx(example["half_no_gp130"], abs=0.0005)
    assert together == pytest.approx(example["half_with_gp130"], abs=0.05)
    gain = 1000 * alone / together
    assert gain == pytest.approx(example["affinity_gain"], abs=0.05)
    assert gain / 1000 == pytest.approx(example["affinity_gain_units"], abs=0.0005)
    for name, share in (("affinity_gain", 1.0), ("affinity_gain_units", 0.001)):
        assert example[f"{name}_slack"] == share
        # wide enough for a reader who works with the rounded numbers of the question
        rounded = float(f"{alone:.2g}") / round(together) * (1000 if share == 1.0 else 1)
        assert abs(rounded - example[name]) < example[f"{name}_slack"]
    assert example["kd_pm"] + example["receptor_pm"] / 2 == example["half_depleted_pm"]
    assert example["kd_pm"] + example["receptor_pm"] == example["kd_plus_all_pm"]

    peaks = signalling.peaks(signalling.simulate(40.0)).set_index("quantity")["time_min"]
    for name, quantity in (
        ("peak_pstat3_model", "pSTAT3_nM"),
        ("peak_socs3_mrna_model", "SOCS3_mRNA_au"),
        ("peak_socs3_model", "SOCS3_nM"),
    ):
        assert peaks[quantity] == pytest.approx(example[name], abs=0.05)

    measured = data.read_table("timecourses_sobotta2017")
    stat3 = measured[measured["observable"] == "pSTAT3"]
    step = stat3[stat3["experiment"] == "il6_40_step"]
    means = step.groupby("time_min")["value_arbitrary_units"].mean()
    assert means.idxmax() == example["peak_pstat3_data"]
    assert means[26] / means.max() == pytest.approx(example["pstat3_26"], abs=0.001)
    late = stat3[(stat3["experiment"] == "il6_80_actd") & (stat3["time_min"] == 60)]
    late = late.groupby("actinomycin_d")["value_arbitrary_units"].mean()
    assert late[True] == pytest.approx(example["pstat3_60_actd"], abs=0.001)
    assert late[False] == pytest.approx(example["pstat3_60"], abs=0.001)


# --- glossary ---------------------------------------------------------------------------

TERMS = """Akt|JAK|MAPK pathway|PI3K|SHP2|SOCS3|STAT3|actinomycin D|choline acetyltransferase|
embryonic stem cell|feedback|growth arrest|half-saturation|immediate-early gene|immunoblot|isoform|
knock-out|ligand depletion|phosphorylation|qPCR|residual|time course|tyrosine kinase"""


def test_terms_of_the_chapter_are_explained_in_order():
    text = (PROJECT / "chapters" / "glossary.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```\{glossary\}\n(.*?)```", text, re.S)
    terms = [re.findall(r"^(\S.*)\n  \S", block, re.M) for block in blocks]
    wanted = {term.strip() for term in TERMS.replace("\n", "").split("|")}
    for block in terms:
        if wanted & set(block):
            assert block == sorted(block, key=str.lower)
    every = [term for block in terms for term in block]
    assert len(set(every)) == len(every)
    assert wanted <= set(every)
    # a link between terms leads somewhere
    links = re.findall(r"\{term\}`(?:[^<`]*<)?([^<>`]+)>?`", text)
    assert links and set(links) <= set(every)
