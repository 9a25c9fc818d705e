"""Tables, claims, questions and terms of the Clinical Significance chapter.

Nothing that can be derived is taken on trust: strength and verdict of a study, printed numbers,
percentages and P values are worked out again here.
"""

from __future__ import annotations

import csv
import json
import math
import re
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import jsonschema
import numpy as np
import pandas as pd
import pytest
from pybtex.database import parse_file
from scipy.stats import fisher_exact

from lifbook import data, questions, statistics

PROJECT = Path(__file__).resolve().parents[2]
CHAPTER = "clinical_significance"
TABLES = [
    "cancers",
    "gastric",
    "knockout",
    "endometrium",
    "variants",
    "receptor_loss",
    "immunity",
    "trials",
    "printed_numbers",
]
REVIEWS = {
    "Aghajanova2010",
    "Jorgensen2022",
    "Mikelonis2014",
    "Park2025",
    "Seeneevassen2022",
    "Zhang2021",
}
RUNGS = [
    "cells",
    "animals",
    "patient_tissue",
    "patient_outcome",
    "adjusted_outcome",
    "intervention",
]
OPPOSITE = {"promotes": "suppresses", "suppresses": "promotes"}
ONE_GROUP = {"percent", "ratio"}


def table(name: str) -> pd.DataFrame:
    return data.read_table(name)


def keys(cell: str) -> list[str]:
    return cell.split(";")


@cache
def bibliography():
    return parse_file(PROJECT / "data" / data.resource("references")["path"]).entries


# --- all tables -------------------------------------------------------------------------


@pytest.mark.parametrize("name", TABLES)
def test_every_row_has_a_primary_source_and_the_date_of_the_last_look(name):
    rows, entries = table(name), bibliography()
    assert rows["id"].is_unique
    for row in rows.itertuples():
        cited = keys(row.citations)
        assert len(set(cited)) == len(cited)
        assert set(cited) <= data.citation_keys()
        if getattr(row, "kind", "") != "review":
            assert cited[0] not in REVIEWS, row.id
        last = date.fromisoformat(row.checked)
        years = [int(entries[key].fields["year"]) for key in cited if "year" in entries[key].fields]
        assert years or row.id == "emfilermin-pilot", row.id  # a record in a register has no year
        assert last.year >= max(years, default=2026), row.id
        # no day that is still to come, in any time zone
        assert date(2026, 1, 1) <= last <= date.today() + timedelta(days=1), row.id


@pytest.mark.parametrize("name", TABLES)
def test_no_row_stands_on_a_review_alone_unless_it_is_called_one(name):
    for row in table(name).itertuples():
        alone = set(keys(row.citations)) <= REVIEWS
        assert alone == (getattr(row, "kind", "") == "review"), row.id


@pytest.mark.parametrize("name", TABLES)
def test_species_are_named(name):
    rows = table(name)
    named = {"cancers": "species_material", "gastric": "material"}.get(name, "species")
    for row in rows.itertuples():
        text = getattr(row, named)
        if getattr(row, "kind", "") == "review" or text == "not stated":
            continue
        words = r"human|mouse|mice|women|patient"
        assert re.search(words, text), (row.id, text)


@pytest.mark.parametrize("name", TABLES)
def test_sentences_are_plain_text_in_british_spelling(name):
    with (PROJECT / "data" / f"{name}.csv").open(newline="", encoding="utf-8") as stream:
        for row in csv.DictReader(stream):
            for text in row.values():
                assert text == text.strip() and "  " not in text
                assert not re.search(r"\b(tumor|leukemic|estrogen|randomized|signaling)", text)
                assert not re.search(r"https?://", text)


def test_the_references_of_the_chapter_lead_somewhere():
    cited = {key for name in TABLES for cell in table(name)["citations"] for key in keys(cell)}
    cited |= {key for cell in clinical_claims()["citations"] for key in keys(cell)}
    assert len(cited) >= 45
    entries = bibliography()
    places = {"doi", "pubmed", "url"}
    nowhere = {key for key in cited if not places & set(entries[key].fields)}
    # title and journal of these four were seen, a DOI was not
    assert nowhere == {"Xu2019", "Jiang2021", "Seeneevassen2022", "Hambartsoumian1998"}


def test_registered_trials_are_cited_by_their_number():
    for row in table("trials").itertuples():
        assert bool(row.trial) == (row.phase != "preclinical")
        if row.trial:
            assert row.trial in keys(row.citations)
            assert row.trial in bibliography()[row.trial].fields["url"]


# --- cancers ----------------------------------------------------------------------------


def test_strength_is_the_highest_rung_of_the_design():
    for row in table("cancers").itertuples():
        on = [number for number, rung in enumerate(RUNGS, start=1) if getattr(row, rung)]
        assert on and row.strength == max(on), row.id
        # an adjusted outcome is an outcome
        assert row.patient_outcome or not row.adjusted_outcome, row.id


def test_the_verdict_follows_from_the_other_rows():
    rows = table("cancers")
    for row in rows.itertuples():
        others = rows[(rows["cancer"] == row.cancer) & (rows["molecule"] == row.molecule)]
        if row.self_contradiction:
            expected = "self-contradictory"
        elif row.effect == "not shown":
            expected = "not shown"
        else:
            against = (others["effect"] == OPPOSITE[row.effect]).any()
            expected = "contested" if against else "unopposed"
        assert row.verdict == expected, row.id
    assert set(rows["verdict"]) == {"unopposed", "contested", "self-contradictory", "not shown"}


def test_every_cancer_that_the_article_names_is_there():
    rows = table("cancers")
    named = {"breast", "pancreas", "prostate", "stomach"}
    asked = {"colorectum", "nasopharynx", "glioma", "leukaemia", "cachexia"}
    assert named | asked <= set(rows["cancer"])
    for cancer, word in {
        "breast": "breast",
        "pancreas": "pancreatic",
        "prostate": "prostate",
        "stomach": "gastric",
    }.items():
        assert (
            table("claims")
            .query("section == 'Clinical Significance'")["claim"]
            .str.contains(word)
            .any()
        ), cancer


def test_ids_say_cancer_molecule_and_study():
    short = {"advanced solid tumours": "solid"}
    for row in table("cancers").itertuples():
        cancer, molecule, study = row.id.split("-")
        assert cancer == short.get(row.cancer, row.cancer)
        assert molecule == row.molecule.lower()
        if row.cancer != "leukaemia":
            first = keys(row.citations)[0].lower()
            assert study == first, row.id


def test_ligand_and_receptor_and_yap_point_in_opposite_directions():
    rows = table("cancers")

    def effects(cancer: str, molecule: str) -> set[str]:
        return set(rows.query("cancer == @cancer and molecule == @molecule")["effect"])

    assert effects("breast", "LIF") == {"promotes"}
    assert "suppresses" in effects("breast", "LIFR")
    assert effects("pancreas", "LIF") == {"promotes"}
    assert effects("pancreas", "LIFR") == {"suppresses"}
    yap = rows[rows["yap"] != ""].set_index("id")["yap"]
    assert yap["breast-lifr-chen2012"] == "less active"
    assert yap["stomach-lif-bian2021"] == "more active"
    assert yap["stomach-lif-seeneevassen2020"] == "less active"
    # YAP drives growth: what makes it more active is said to promote the tumour
    effect = rows.set_index("id")["effect"][yap.index]
    assert dict(zip(yap, effect, strict=True)) == {
        "less active": "suppresses",
        "more active": "promotes",
    }
    assert (yap.map({"less active": "suppresses", "more active": "promotes"}) == effect).all()


def test_sizes_agree_with_their_words():
    for row in table("cancers").itertuples():
        in_words = re.search(r"\d[\d,]*", row.size_text)
        if pd.isna(row.size):
            assert not in_words, row.id
        else:
            assert int(in_words[0].replace(",", "")) == row.size, row.id


# --- gastric cancer ---------------------------------------------------------------------


def test_the_abstract_that_contradicts_itself():
    rows = table("gastric").set_index("id")
    xu = rows.loc["xu2019"]
    assert (xu["count"], xu["n"]) == (56, 80)
    assert xu["months_high"] < xu["months_low"]
    # so by the numbers high LIF is the worse one, against "suppresses"
    assert xu["lif_effect"] == "suppresses"
    only = table("cancers").query("self_contradiction")
    assert list(only["citations"]) == ["Xu2019"]
    assert "56 of 80" in xu["sentence"]
    assert "26 months for high and 43 months for low" in xu["sentence"]
    assert rows.drop(index="xu2019")[["count", "months_high", "months_low"]].isna().all(axis=None)


def test_the_studies_disagree_on_both_molecules():
    rows = table("gastric").query("kind == 'primary'")
    assert {"promotes", "suppresses"} <= set(rows["lif_effect"])
    assert {"promotes", "suppresses"} <= set(rows["lifr_effect"])
    assert list(rows["year"]) == sorted(rows["year"])


def test_the_two_tables_on_gastric_cancer_say_the_same():
    cancers = table("cancers").query("cancer == 'stomach'")
    for row in table("gastric").query("kind == 'primary'").itertuples():
        mine = cancers[cancers["id"].str.endswith(row.id)].set_index("molecule")
        for molecule, effect in {"LIF": row.lif_effect, "LIFR": row.lifr_effect}.items():
            if effect == "not tested":
                assert molecule not in mine.index
            else:
                assert mine.loc[molecule, "effect"] == effect
        sizes = set(mine["size"].dropna())
        assert sizes == (set() if pd.isna(row.n) else {row.n})
        assert {yap for yap in mine["yap"] if yap} == ({row.yap} if row.yap else set())


# --- implantation -----------------------------------------------------------------------


def test_the_foster_mother_decides():
    rows = table("knockout").set_index("id")
    same, moved = rows.loc["lif-null"], rows.loc["lif-null-foster"]
    assert same["embryo_genotype"] == moved["embryo_genotype"]
    assert (same["implants"], moved["implants"]) == ("no", "yes")
    assert not same["transfer"] and moved["transfer"]
    assert rows.loc["gp130-dstat", "implants"] == "no"
    assert rows.loc["lifr-null", "implants"] == "yes"
    # what no paper reports is not made up
    assert not ((rows["female"] == "without LIF") & (rows["embryo_genotype"] == "+/+")).any()


def test_counts_fit_into_their_totals():
    rows = table("variants")
    assert (rows["cases_carriers"] <= rows["cases_n"]).all()
    assert (rows["controls_carriers"] <= rows["controls_n"]).all()
    gastric = table("gastric").dropna(subset=["count"])
    assert (gastric["count"] <= gastric["n"]).all()
    loss = table("receptor_loss").dropna(subset=["of"])
    assert len(loss) == 1 and (loss["count"] <= loss["of"]).all()
    trials = table("trials").dropna(subset=["responders"])
    assert (trials["responders"] <= trials["n"]).all()


def test_studies_of_variants_are_those_of_the_abstracts():
    rows = table("variants").set_index("id")
    counts = ["cases_carriers", "cases_n", "controls_carriers", "controls_n"]
    main = rows.query("role == 'main'")
    assert {key: tuple(row) for key, row in main[counts].iterrows()} == {
        "giess1999": (3, 74, 0, 75),
        "steck2004": (1, 95, 0, 105),
        "kralickova2006": (6, 176, 0, 75),
        "kralickova2007": (12, 399, 0, 202),
    }
    parts = rows.query("role == 'subgroup'")[["cases_carriers", "cases_n"]].sum()
    assert tuple(parts) == tuple(main.loc["kralickova2006", ["cases_carriers", "cases_n"]])
    assert main["citations"].is_unique
    assert set(rows["citations"]) == set(main["citations"])


def test_the_variant_has_both_numbers():
    lif = data.numbering("2Q7N", "B")
    precursor = data.read_sequence(lif.uniprot)
    named = table("variants").query("mature != ''")
    assert set(named["variant"]) == {"V64M"}
    for row in named.itertuples():
        mature, uniprot = (re.fullmatch(r"Val(\d+)Met", text) for text in (row.mature, row.uniprot))
        assert lif.to_uniprot(int(mature[1])) == int(uniprot[1])
        assert precursor[int(uniprot[1]) - 1] == "V"


def test_shares_that_the_results_print_come_from_whole_women():
    rows = table("endometrium").set_index("id")
    tawfeek, kamal = rows.loc["tawfeek2012"], rows.loc["kamal2014"]
    assert round(100 * 22 / tawfeek["cases_n"]) == 88
    fitting = [
        k for k in range(kamal["cases_n"] + 1) if round(100 * k / kamal["cases_n"], 1) == 34.6
    ]
    assert fitting == []
    assert "34.6%" in kamal["result"]


# --- printed numbers --------------------------------------------------------------------


@pytest.mark.parametrize("row", list(table("printed_numbers").itertuples()), ids=lambda row: row.id)
def test_a_printed_number_is_worked_out_again(row):
    assert pd.isna(row.x2) == pd.isna(row.n2) == (row.kind in ONE_GROUP)
    if row.kind in ONE_GROUP:
        value = row.x1 / row.n1 * (100 if row.kind == "percent" else 1)
        agrees = round(value, row.decimals) == row.printed
    else:
        p = fisher_exact([[row.x1, row.n1 - row.x1], [row.x2, row.n2 - row.x2]]).pvalue
        agrees = (
            p < row.printed
            if row.kind == "fisher below"
            else (round(p, row.decimals) == row.printed)
        )
    assert agrees == row.agrees


def test_where_a_share_does_not_agree_no_whole_number_does():
    for row in table("printed_numbers").query("kind == 'percent'").itertuples():
        shares = [round(100 * k / row.n1, row.decimals) for k in range(row.n1 + 1)]
        fitting = [k for k, share in enumerate(shares) if share == row.printed]
        assert bool(fitting) == row.agrees
        if fitting:
            assert fitting == [row.x1]
        else:
            nearest = min(range(row.n1 + 1), key=lambda k: abs(100 * k / row.n1 - row.printed))
            assert nearest == row.x1


def test_printed_numbers_are_those_of_the_other_tables():
    rows = table("printed_numbers").set_index("id")
    variants = table("variants").set_index("id")
    four = ["cases_carriers", "cases_n", "controls_carriers", "controls_n"]
    for study in ("kralickova2006", "kralickova2007"):
        counts = list(variants.loc[study, four])
        assert list(rows.loc[f"{study}-p", ["x1", "n1", "x2", "n2"]]) == counts
    xu = table("gastric").set_index("id").loc["xu2019"]
    assert tuple(rows.loc["xu-share", ["x1", "n1"]]) == (xu["count"], xu["n"])


# --- trials, receptor loss, immunity ----------------------------------------------------


def test_the_denominator_that_is_not_printed():
    trial = table("trials").set_index("id").loc["msc1"]
    assert (trial["n"], trial["responders"]) == (41, 0)
    assert pd.isna(trial["evaluable"])

    def totals(percent: float) -> set[int]:
        return {
            n
            for n in range(1, trial["n"] + 1)
            for k in range(n + 1)
            if round(100 * k / n, 1) == percent
        }

    assert totals(23.7) == {38} and totals(34.2) == {38}
    for words in ("9 of 38", "13 of 38", "23.7%", "34.2%"):
        assert words in trial["evaluable_note"]
    assert "23.7%" in trial["result"]


def test_only_one_trial_reports_responses_and_no_number_is_invented():
    rows = table("trials")
    assert list(rows.dropna(subset=["responders"])["id"]) == ["msc1"]
    planned = rows.query("n_kind == 'planned'")
    assert list(planned["trial"]) == ["NCT04999969"]
    assert planned["result"].str.contains("No results found").all()
    # who is counted is said wherever someone is counted
    assert ((rows["n_kind"] != "") == rows["n"].notna()).all()
    for row in rows.itertuples():
        assert row.end >= row.start
        assert row.randomised is False or row.controlled


def test_a_trial_of_the_cancer_table_is_one_of_the_trials():
    row = table("cancers").query("intervention").iloc[0]
    trial = table("trials").set_index("id").loc["msc1"]
    assert row["size"] == trial["n"] and row["citations"] in keys(trial["citations"])


def test_facts_of_receptor_loss():
    rows = table("receptor_loss").set_index("id")
    assert rows.loc["families", "count"] == 19
    assert tuple(rows.loc["mutations", ["count", "of"]]) == (12, 14)
    number = str(int(rows.loc["omim", "value"]))
    assert number in rows.loc["omim", "citations"] and number == "601559"
    # the number in the review differs by two digits that changed places
    other = re.search(r"review prints (\d{6})", rows.loc["omim", "finding"])[1]
    assert sorted(other) == sorted(number)
    assert sum(a != b for a, b in zip(other, number, strict=True)) == 2
    assert {"human", "mouse"} == set(rows["species"])


def test_experiments_on_immunity_say_what_they_cannot_show():
    rows = table("immunity")
    assert not (rows["shows"] == rows["cannot_show"]).any()
    assert set(rows["kind"]) == {"observation", "experiment", "trial"}
    assert (rows[rows["kind"] == "observation"]["intervention"] == "none").all()
    assert (rows[rows["kind"] != "observation"]["intervention"] != "none").all()


# --- claims -----------------------------------------------------------------------------


def clinical_claims() -> pd.DataFrame:
    claims = table("claims")
    return claims[claims["section"] == "Clinical Significance"].set_index("id")


def test_all_claims_of_the_section_are_there():
    claims = clinical_claims()
    assert list(claims.index) == [f"C{n}" for n in range(1, len(claims) + 1)]
    assert len(claims) >= 22
    assert set(claims["chapter"]) == {f"chapters/{CHAPTER}"}
    assert all(text.endswith(".") for column in ("claim", "correction") for text in claims[column])
    for text in claims["claim"]:
        assert not re.search(r"\b(it|they|this|these)\b", text.split(",")[0].lower()), text


def test_verdicts_that_were_put_right():
    verdicts = clinical_claims()["verdict"].head(22)  # of the article
    assert set(verdicts[verdicts == "doubtful"].index) == {"C3"}
    imprecise = {"C1", "C6", "C10", "C11", "C12", "C13", "C14", "C15"}
    assert set(verdicts[verdicts == "imprecise"].index) == imprecise
    for claim in ("C11", "C12"):
        assert clinical_claims().loc[claim, "correction"].startswith("Contested.")


def test_no_claim_rests_on_the_reviews_of_the_article():
    for row in clinical_claims().itertuples():
        assert set(keys(row.citations)) - REVIEWS, row.Index
        assert keys(row.citations)[0] not in REVIEWS


def test_numbers_in_the_claims_are_those_of_the_tables():
    claims = clinical_claims()["correction"]
    main = table("variants").query("role == 'main'")
    for row in main.itertuples():
        cases = f"{row.cases_carriers} of {row.cases_n}"
        controls = f"{row.controls_carriers} of {row.controls_n}"
        assert re.search(rf"{cases} [a-z ]*against {controls}", claims["C13"]), row.id
        assert f"({row.year})" in claims["C13"]
    p = [
        fisher_exact(
            [
                [r.cases_carriers, r.cases_n - r.cases_carriers],
                [r.controls_carriers, r.controls_n - r.controls_carriers],
            ]
        ).pvalue
        for r in main.sort_values("year").itertuples()
    ]
    assert [value < 0.05 for value in p] == [False, False, False, True]
    assert "only the last reaches P < 0.05" in claims["C13"]
    assert "56 of 80" in claims["C11"]
    assert "26 months for high and 43 months for low" in claims["C12"]
    assert "no objective response in 41 patients" in claims["C22"]


# --- questions --------------------------------------------------------------------------


def test_questions_keep_to_the_schema_and_cover_sections_and_claims():
    contents = data.read_json(f"questions-{CHAPTER}")
    jsonschema.Draft202012Validator(data.read_json("questions-schema")).validate(contents)
    sections = ["cancers", "contradiction", "implantation", "receptor", "immunity", "trials"]
    assert list(questions.sections(CHAPTER)) == sections
    assert all(len(questions.items(CHAPTER, section)) >= 3 for section in sections)
    items = questions.items(CHAPTER)
    assert len(items) >= 14
    assert {"multiple_choice", "many_choice", "numeric"} == {item["type"] for item in items}
    asked = {claim for item in items for claim in item.get("claims", [])}
    assert asked <= set(clinical_claims().index)
    # what was put right is asked
    assert {"C6", "C11", "C12", "C13", "C14", "C15"} <= asked
    assert sum("misconception" in item for item in items) >= 14


def test_every_choice_is_explained_and_positions_do_not_give_the_answer_away():
    items = questions.items(CHAPTER)
    for item in items:
        feedback = [answer["feedback"] for answer in item["answers"]]
        assert len(set(feedback)) == len(feedback)
        assert all(len(text) >= 40 for text in feedback), item["id"]
    single = [item for item in items if item["type"] == "multiple_choice"]
    places = [[answer["correct"] for answer in item["answers"]].index(True) for item in single]
    counts = np.bincount(places, minlength=4)
    assert counts.min() >= 2 and counts.max() <= len(single) / 2
    longest = [max(item["answers"], key=lambda a: len(a["answer"]))["correct"] for item in single]
    assert np.mean(longest) < 0.5


def test_nothing_gives_advice():
    text = json.dumps(data.read_json(f"questions-{CHAPTER}"))
    text += " ".join(clinical_claims()["correction"])
    assert not re.search(
        r"\b(you|your doctor|should take|we recommend|ask your)\b.{0,20}"
        r"(treatment|therapy|dose|doctor)",
        text,
        re.I,
    )


def test_examples_are_what_statistics_and_tables_give():
    gastric = table("gastric").set_index("id").loc["xu2019"]
    a, b = (carriers(study) for study in ("kralickova2006", "kralickova2007"))
    n = int(table("trials").set_index("id").loc["msc1", "n"])
    expected = {
        "tumours_down": gastric["count"],
        "tumours_all": gastric["n"],
        "months_high": gastric["months_high"],
        "months_low": gastric["months_low"],
        "p_2006": statistics.fisher(*a),
        "or_2006": statistics.corrected_odds_ratio(*a).estimate,
        "or_2006_low": statistics.odds_ratio(*a).low,
        "or_2007_low": statistics.odds_ratio(*b).low,
        "p_2007": statistics.fisher(*b),
        "power_2006": 100 * statistics.power(a[1], a[3], a[0] / a[1], 0.0),
        "upper_bound": 100 * (1 - 0.05 ** (1 / n)),
        "upper_bound_two_sided": 100 * (1 - 0.025 ** (1 / n)),
        "rule_of_three": 100 * 3 / n,
        "miss_5": 100 * 0.95**n,
        "evaluable": 38,
    }
    documented = data.read_json(f"questions-{CHAPTER}")["placeholders"]
    assert set(documented) == set(expected)
    for name, value in expected.items():
        assert documented[name]["example"] == pytest.approx(float(value), rel=2e-3), name
    assert not math.isinf(statistics.odds_ratio(*a).low)
    assert math.isinf(statistics.odds_ratio(*a).high)


def carriers(study: str) -> tuple[int, int, int, int]:
    """Carriers and women among cases, carriers and women among controls."""
    row = table("variants").set_index("id").loc[study]
    return tuple(
        int(row[key]) for key in ("cases_carriers", "cases_n", "controls_carriers", "controls_n")
    )


def test_words_around_the_numbers_hold():
    """What the feedback says of the numbers, beyond the numbers themselves."""
    said = " ".join(
        answer["feedback"] for item in questions.items(CHAPTER) for answer in item["answers"]
    )
    first, second = carriers("kralickova2006"), carriers("kralickova2007")
    assert "in about one of five or six cases" in said
    assert 1 / 6 < statistics.fisher(*first) < 1 / 5
    assert "is still below 0.05, barely" in said
    assert 0.04 < 4 * statistics.fisher(*second) < 0.05
    assert statistics.odds_ratio(*first).low < 1 < statistics.odds_ratio(*second).low
    treated = int(table("trials").set_index("id").loc["msc1", "n"])
    assert (
        f"Rates of a few percent fit with 0 of {treated}. A rate of a fifth or a quarter does not"
        in said
    )
    assert (1 - 1 / 5) ** treated < 0.001
    assert "A rate of one in thirty would also give zero responses quite often" in said
    assert (1 - 1 / 30) ** treated > 0.2
    shares = [round(100 * number / treated, 1) for number in (9, 10)]
    assert f"Of {treated}, 9 patients are {shares[0]}% and 10 are {shares[1]}%" in said


# --- glossary ---------------------------------------------------------------------------

TERMS = """blastocyst|cachexia|carrier|CXCL9|endometrium|heterozygous|Hippo pathway|implantation|
macrophage|metastasis|recessive|T cell|variant|xenograft|YAP|adjusted|association|
confidence interval|control group|Fisher's exact test|median survival|multiple testing|
objective response|odds ratio|P value|phase|placebo|power|progression-free survival|randomised|
rule of three|stable disease"""


def test_terms_of_the_chapter_are_explained_in_order():
    text = (PROJECT / "chapters" / "glossary.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```\{glossary\}\n(.*?)```", text, re.S)
    terms = [re.findall(r"^(\S.*)\n  \S", block, re.M) for block in blocks]
    wanted = {term.strip() for term in TERMS.replace("\n", "").split("|")}
    assert wanted <= {term for block in terms for term in block}
    for block in terms:
        if wanted & set(block):
            assert block == sorted(block, key=str.lower)
