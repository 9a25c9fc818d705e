"""Tables, claims, questions and terms of the Interactions chapter: complete, sourced, coherent."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import jsonschema
import numpy as np
import pandas as pd
import pytest

from lifbook import data, questions, signalling
from lifbook import structure as st

PROJECT = Path(__file__).resolve().parents[2]
TABLES = [
    "family",
    "family_chains",
    "family_receptors",
    "receptor_spans",
    "receptor_tails",
    "brakes",
    "competition_affinities",
]
REVIEWS = {"West2019", "Simpson1997", "Zhang2008", "Tomida2000", "Tanaka2018"}
SECTIONS = ["complex", "family", "fold", "nucleus", "brakes", "competition"]


def cited(cells: pd.Series) -> set[str]:
    return {key for cell in cells for key in cell.split(";") if key}


def interactions_claims() -> pd.DataFrame:
    claims = data.read_table("claims")
    return claims[claims["section"] == "Interactions"].set_index("id")


# --- claims -----------------------------------------------------------------------------


def test_all_claims_of_the_section_are_there():
    claims = interactions_claims()
    assert list(claims.index) == [f"I{n}" for n in range(1, len(claims) + 1)]
    assert len(claims) >= 15
    assert set(claims["chapter"]) == {"chapters/interactions"}
    assert all(text.endswith(".") for text in claims["claim"])
    assert all(text.endswith(".") for text in claims["correction"])
    for text in claims["claim"]:
        assert not re.search(r"\b(it|they|this|these)\b", text.lower()), text


def test_verdicts_that_were_put_right():
    claims = interactions_claims().head(15)  # of the article
    assert set(claims.index[claims["verdict"] == "imprecise"]) == {"I2", "I10", "I15"}
    assert set(claims["verdict"]) == {"correct", "imprecise"}
    # what is true of SOCS-3 was found after the paper that the article cites
    assert claims.loc["I15", "article_citation"] == "Nicholson1999"
    years = [int(key[-4:]) for key in claims.loc["I15", "citations"].split(";")]
    assert sorted(years) == [1999, 2000, 2000, 2012, 2013]
    assert "759" in claims.loc["I15", "correction"] and "757" in claims.loc["I15", "correction"]


def test_a_claim_is_not_supported_by_a_paper_that_came_before_the_finding():
    claims = interactions_claims()
    # Ip 1992 could not be read: its title is all that may be used
    assert set(claims.index[claims["citations"].str.contains("Ip1992")]) == {"I8"}
    assert not any("West2019" in cell for cell in claims["citations"])
    for row in claims.itertuples():
        assert not set(row.citations.split(";")) <= REVIEWS


def test_the_chapter_rests_on_many_references():
    keys = cited(interactions_claims()["citations"])
    for name in [*TABLES, "pdb_entries"]:
        keys |= cited(data.read_table(name)["citations"])
    assert keys <= data.citation_keys()
    assert len(keys - REVIEWS) >= 20


# --- family -----------------------------------------------------------------------------


def users(chain: str) -> set[str]:
    table = data.read_table("family_receptors")
    return set(table.loc[table["chain"] == chain, "cytokine"])


@pytest.mark.parametrize("name", TABLES)
def test_a_table_is_read_and_every_row_has_a_source(name):
    table = data.read_table(name)
    assert all(table["citations"])
    for row in table.itertuples():
        if hasattr(row, "evidence"):
            only_reviews = set(row.citations.split(";")) <= REVIEWS
            assert only_reviews == (row.evidence == "review"), row


def test_every_cytokine_has_receptors_and_every_chain_is_used():
    receptors = data.read_table("family_receptors")
    assert set(receptors["cytokine"]) == set(data.read_table("family")["cytokine"])
    assert set(receptors["chain"]) == set(data.read_table("family_chains")["chain"])


def test_the_family_agrees_with_the_table_of_the_function_chapter():
    ligands = data.read_table("gp130_ligands").set_index("cytokine")
    family = set(data.read_table("family")["cytokine"])
    for cytokine in family & set(ligands.index):
        uses = cytokine in users("gp130")
        assert uses == bool(ligands.loc[cytokine, "uses_gp130"]), cytokine
        assert ("LIFR" in ligands.loc[cytokine, "chains"]) == (cytokine in users("LIFR"))
    assert set(ligands.index[ligands["uses_gp130"]]) <= family
    # what is in the family and not there has come with this chapter
    assert family - set(ligands.index) == {"IL-35", "viral IL-6"}


def test_every_complex_signals_through_two_transducers():
    kind = data.read_table("family_chains").set_index("chain")["kind"]
    receptors = data.read_table("family_receptors")
    for place, rows in receptors.groupby(["cytokine", "complex"]):
        transducers = rows[rows["chain"].map(kind) == "signal transducer"]
        # one copy is the least of what the texts do not count
        assert transducers["copies"].fillna(1).sum() == 2, place


def test_what_the_family_shares():
    assert users("LIFR") == {"LIF", "OSM", "CNTF", "CLCF1", "CT-1"}
    assert users("LIFR") < users("gp130")
    assert users("OSMR") == {"OSM", "IL-31"}
    assert "IL-31" not in users("gp130")
    copies = data.read_table("family_receptors").query("chain == 'gp130'")
    two = set(copies.loc[copies["copies"] == 2, "cytokine"])
    assert two == {"IL-6", "IL-11", "viral IL-6", "IL-35"}
    several = data.read_table("family_receptors").groupby("cytokine")["complex"].unique()
    assert {name for name, found in several.items() if len(found) > 1} == {"OSM", "IL-35"}
    assert all(len(found) == 1 or "" not in found for found in several)


def test_only_what_is_contested_is_called_so():
    family = data.read_table("family").set_index("cytokine")
    assert set(family.index[family["status"] == "contested"]) == {"IL-35"}
    for row in family.itertuples():
        assert (row.gene.count("+") == row.composition.count("+")) or row.Index == "viral IL-6"
        assert not row.partner_note.endswith(".")
    assert family.loc["LIF", "uniprot"] == data.numbering("2Q7N", "B").uniprot
    assert family.loc["IL-6", "uniprot"] == data.numbering("1ALU", "A").uniprot
    assert family.loc["OSM", "uniprot"] == data.numbering("1EVS", "A").uniprot
    chains = data.read_table("family_chains").set_index("chain")["uniprot"]
    assert chains["gp130"] == data.numbering("1PVH", "A").uniprot


# --- tails ------------------------------------------------------------------------------


def tail(receptor: str) -> dict[int, str]:
    """UniProt number -> residue, where the sequence is confirmed."""
    segments = data.read_table("tail_segments").query("receptor == @receptor")
    return {
        number: letter
        for row in segments.itertuples()
        for number, letter in enumerate(row.sequence, start=row.first)
    }


@pytest.mark.parametrize(("receptor", "known"), [("gp130", 240), ("LIFR", 150)])
def test_segments_lie_in_the_tail_and_do_not_overlap(receptor, known):
    span = data.read_table("receptor_spans").set_index("receptor").loc[receptor]
    segments = data.read_table("tail_segments").query("receptor == @receptor")
    assert (segments["last"] - segments["first"] + 1 == segments["sequence"].str.len()).all()
    assert segments["first"].min() >= span["tail_first"]
    assert segments["last"].max() <= span["tail_last"]
    assert (segments["first"].to_numpy()[1:] > segments["last"].to_numpy()[:-1] + 1).all()
    assert set(segments["uniprot"]) == {span["uniprot"]}
    assert len(tail(receptor)) >= known


def test_spans_follow_from_the_lengths_in_the_papers():
    spans = data.read_table("receptor_spans").set_index("receptor")
    assert spans.loc["gp130", "tail_last"] - spans.loc["gp130", "tail_first"] + 1 == 277
    lifr = spans.loc["LIFR"]
    assert lifr["membrane_first"] == 44 + 789 + 1
    assert lifr["membrane_last"] - lifr["membrane_first"] + 1 == 26
    assert lifr["tail_last"] - lifr["tail_first"] + 1 == 238
    assert (spans["tail_first"] == spans["membrane_last"] + 1).all()
    assert (spans["tail_last"] == spans["length"]).all()


def test_sites_agree_with_the_sequence():
    for row in data.read_table("receptor_tails").itertuples():
        known = tail(row.receptor)
        found = "".join(known[n] for n in range(row.number, row.number + len(row.motif)))
        assert found == row.motif, row.id
        assert (row.residue == "Tyr") == (row.kind == "tyrosine")
        if row.kind == "tyrosine":
            assert row.motif[0] == "Y" and row.last == row.number
            assert row.id == f"{row.receptor.lower()}-y{row.number}"
        elif row.motif:
            assert row.last - row.number + 1 == len(row.motif)


def test_what_docks_follows_the_motif():
    sites = data.read_table("receptor_tails").query("kind == 'tyrosine'")
    for row in sites.itertuples():
        assert ("STAT3" in row.binds) == bool(re.fullmatch("Y..Q", row.motif)), row.id
        # LIFR's site reads so too, but no text read for the book says that STAT1 docks there
        stat1 = row.receptor == "gp130" and re.fullmatch("Y.PQ", row.motif)
        assert ("STAT1" in row.binds) == bool(stat1), row.id
    brake = sites[sites["binds"].str.contains("SOCS3")]
    assert list(brake["number"]) == [759] and "SHP2" in brake["binds"].iloc[0]
    assert brake["other_number"].iloc[0] == "757 in the mouse"


def test_all_tyrosines_of_the_known_stretches_of_gp130_are_listed():
    known = tail("gp130")
    sites = set(data.read_table("receptor_tails").query("receptor == 'gp130'")["number"])
    assert {number for number, letter in known.items() if letter == "Y"} <= sites
    # residues that a paper names by number: the numbering is that of the precursor
    named = {652: "W", 671: "P", 672: "P", 676: "F", 683: "Y", 759: "Y"}
    assert {number: known[number] for number in named} == named
    assert known[918] == "Q"


# --- brakes and affinities --------------------------------------------------------------


def test_the_brakes_are_told_in_the_order_of_their_years():
    brakes = data.read_table("brakes")
    assert brakes["year"].is_monotonic_increasing
    for row in brakes.itertuples():
        assert row.citations.endswith(str(row.year))
        assert row.shows != row.does_not_show
        assert not row.finding.endswith(".")
    first = brakes[brakes["year"] == 1999].set_index("brake")
    assert "nhibits the kinase activity" in first.loc["SOCS1", "finding"]
    assert "unable to inhibit" in first.loc["SOCS3", "finding"]
    later = brakes.set_index("year").loc[2012, "finding"]
    assert all(kinase in later for kinase in ("JAK1", "JAK2", "TYK2")) and "not of JAK3" in later


def test_affinities_are_numbers_exactly_where_a_kd_was_given():
    table = data.read_table("competition_affinities")
    for row in table.itertuples():
        given = [not np.isnan(row.kd_low), not np.isnan(row.kd_high)]
        assert all(given) if row.kind == "Kd" else not any(given), row.id
        if row.kind == "Kd":
            assert 0 < row.kd_low <= row.kd_high
    # LIF and OSM stand in the other table
    numbers = set(table.loc[table["kind"] == "Kd", "ligand"])
    assert not numbers & set(data.read_table("affinities")["ligand"])


# --- structures -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("entry", "chain", "first", "last", "long"),
    [("1ALU", "A", 63, 186, 3), ("1EVS", "A", 4, 134, 2), ("1I1R", "B", 6, 172, 4)],
)
def test_the_relatives_are_whole_stretches_of_backbone(entry, chain, first, last, long):
    residues = list(st.get_chain(data.read_structure(entry), chain))
    assert [residue.id[1] for residue in residues] == list(range(first, last + 1))
    assert all([atom.name for atom in residue] == ["N", "CA", "C", "O"] for residue in residues)
    for one, other in pairwise(residues):
        assert 1.2 < one["C"] - other["N"] < 1.5
    found = st.helices(st.get_chain(data.read_structure(entry), chain))
    # the helices of the bundle that the stretch holds; the others are what the title says
    assert (found["length"] >= 20).sum() == long
    title = data.resource(entry.lower())["title"]
    assert ("without helix" in title) == (entry != "1I1R")


def test_il6_is_numbered_as_the_table_says():
    numbers = data.numbering("1ALU", "A")
    sequence = st.sequence(st.get_chain(data.read_structure("1ALU"), "A"))
    precursor = data.read_sequence(numbers.uniprot)
    assert precursor[numbers.to_uniprot(numbers.first) - 1 :] == sequence
    assert numbers.to_uniprot(numbers.last) == len(precursor) == 212


def test_osm_is_numbered_as_the_mature_protein():
    osm = st.get_chain(data.read_structure("1EVS"), "A")
    assert st.get_residue(osm, 120).resname == "GLY"  # Deller 2000, 10.1016/S0969-2126(00)00176-3
    helices = st.helices(osm)
    assert any(row.start <= 120 <= row.end for row in helices.itertuples())
    # the motif that binds LIFR lies in the missing helix
    assert not re.search("F..K", st.sequence(osm))


def test_the_motif_occurs_outside_helix_d_where_it_binds_nothing():
    lif = st.get_chain(data.read_structure("1LKI"), "A")
    il6 = st.get_chain(data.read_structure("1ALU"), "A")
    assert [m.start() + 9 for m in re.finditer("F..K", st.sequence(lif))] == [156]
    assert [m.start() + 63 for m in re.finditer("F..K", st.sequence(il6))] == [127]
    third = st.helices(il6).iloc[1]
    assert third["start"] < 127 < third["end"]


# --- questions --------------------------------------------------------------------------


def test_questions_keep_to_the_schema_and_cover_sections_and_claims():
    contents = data.read_json("questions-interactions")
    validator = jsonschema.Draft202012Validator(data.read_json("questions-schema"))
    assert [error.message for error in validator.iter_errors(contents)] == []
    assert list(questions.sections("interactions")) == SECTIONS
    assert all(len(questions.items("interactions", section)) >= 3 for section in SECTIONS)
    for pair in zip(SECTIONS[::2], SECTIONS[1::2], strict=True):
        items = [item for section in pair for item in questions.items("interactions", section)]
        assert any(item["type"] == "numeric" for item in items), pair
    treated = {c for item in questions.items("interactions") for c in item.get("claims", [])}
    assert treated <= set(interactions_claims().index)
    assert {"I2", "I9", "I13", "I15"} <= treated


def test_feedback_is_given_for_every_choice_and_positions_do_not_give_it_away():
    items = questions.items("interactions")
    assert len(items) >= 14
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


def example(name: str) -> float:
    return data.read_json("questions-interactions")["placeholders"][name]["example"]


def test_examples_of_the_complex_are_what_the_structures_give():
    entry, other = data.read_structure("2Q7N"), data.read_structure("1PVH")
    lifr, lif = st.get_chain(entry, "A"), st.get_chain(entry, "B")
    gp130, lif_bound = st.get_chain(other, "A"), st.get_chain(other, "B")
    fit = st.superimpose(lif_bound, lif)
    assert fit.rmsd == pytest.approx(example("fit_all"), abs=0.005)
    assert len(fit.table) == example("n_fit")
    site2 = set(st.contacts(lif_bound, gp130, 4.5)["a"])
    site3 = set(st.contacts(lif, lifr, 4.5)["a"])
    assert not site2 & site3
    assert (len(site2), len(site3)) == (example("site2_lif"), example("site3_lif"))
    length = len(data.read_sequence("P15018")) - 22
    assert length == example("lif_length")
    share = 100 * (len(site2) + len(site3)) / length
    assert share == pytest.approx(example("contact_share"), abs=0.05)
    assert 100 * len(site3) / length == pytest.approx(example("site3_share"), abs=0.05)
    centres = [
        np.mean([st.get_residue(lif, n)["CA"].coord for n in site], axis=0)
        for site in (site2, site3)
    ]
    assert np.linalg.norm(centres[0] - centres[1]) == pytest.approx(
        example("site_distance"), abs=0.05
    )


def test_examples_of_the_family_are_what_the_table_gives():
    gp130, lifr = users("gp130"), users("LIFR")
    assert len(gp130) == example("family_gp130") and len(lifr) == example("family_lifr")
    assert len(gp130 - lifr) == example("family_gp130_only")
    assert len(gp130) + len(lifr) == example("family_both_added")


def test_examples_of_the_tail_are_what_the_tables_give():
    sites = data.read_table("receptor_tails").set_index("id")
    assert sites.loc["gp130-y759", "number"] == example("y759")
    offset = data.numbering("1PVH", "A").offset
    assert offset == example("gp130_offset")
    assert example("y759_mature") + offset == example("y759")
    assert example("y759_added") - offset == example("y759")


def test_examples_of_the_brakes_are_what_the_model_gives():
    shares = {}
    for name, changes in {
        "wild": signalling.brakes(),
        "no_socs3": signalling.brakes(socs3=0),
        "blind": signalling.brakes(docking=0),
    }.items():
        run = signalling.simulate(40.0, changes=changes).set_index("time_min")
        # all STAT3, in units of the cytoplasm: the nucleus is smaller
        total = run["STAT3_nM"] + run["pSTAT3_nM"] + run["nuclear_STAT3_nM"] * 0.5 / 12.67
        assert total.max() / total.min() < 1.001
        shares[name] = run["pSTAT3_nM"] / total
    assert shares["wild"].max() == pytest.approx(example("peak_wild"), abs=0.005)
    assert shares["no_socs3"].max() == pytest.approx(example("peak_no_socs3"), abs=0.0005)
    late = {name: share[60.0] for name, share in shares.items()}
    assert late["wild"] == pytest.approx(example("late_wild"), abs=0.005)
    assert late["no_socs3"] == pytest.approx(example("late_no_socs3"), abs=0.0005)
    assert late["blind"] == pytest.approx(example("late_blind"), abs=0.0005)
    ratio = late["no_socs3"] / late["wild"]
    assert ratio == pytest.approx(example("late_ratio"), abs=0.005)
    assert 1 / ratio == pytest.approx(example("late_ratio_inverse"), abs=0.005)
    peaks = shares["no_socs3"].max() / shares["wild"].max()
    assert peaks == pytest.approx(example("peak_ratio"), abs=0.005)


def test_examples_that_are_chosen_freely_are_coherent():
    assert example("left_gp130") == example("pool_gp130") - 2 * example("hexamers")
    assert example("left_one_each") == example("pool_gp130") - example("hexamers")
    assert example("il6_chance") == pytest.approx(0.06 * example("il6_pairs"), abs=0.05)


# --- glossary ---------------------------------------------------------------------------

TERMS = """alpha chain|Box 1|competition|cross-reactivity|docking|docking site|equivalent positions|
heterodimer|hexamer|identity|kinase inhibitory region|SH2 domain|signal transducer|SOCS1|STAT1|
steady state|tail|YxxQ motif"""


def test_terms_of_the_chapter_are_explained_in_order():
    text = (PROJECT / "chapters" / "glossary.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```\{glossary\}\n(.*?)```", text, re.S)
    terms = [re.findall(r"^(\S.*)\n  \S", block, re.M) for block in blocks]
    every = [term for block in terms for term in block]
    assert {term.strip() for term in TERMS.replace("\n", "").split("|")} <= set(every)
    assert all(block == sorted(block, key=str.lower) for block in terms)
    assert len(set(every)) == len(every)
    links = re.findall(r"\{term\}`(?:[^<`]*<)?([^<>`]+)>?`", text)
    assert links and {term.strip() for term in links} <= set(every)
