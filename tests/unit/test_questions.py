"""Questions: their files, what is refused, and how numbers come into them."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import numpy as np
import pytest
import refresh
from quiz_answers import hit

from lifbook import data, questions, structure
from lifbook.errors import LifbookError

CHAPTERS = [path.stem for path in refresh.chapters()]
SECTIONS = [(chapter, section) for chapter in CHAPTERS for section in questions.sections(chapter)]
QUESTIONS = [item for chapter in CHAPTERS for item in questions.items(chapter)]


# --- question files ---------------------------------------------------------------------


def schema() -> dict[str, Any]:
    return data.read_json("questions-schema")


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_file_keeps_to_the_schema(chapter: str) -> None:
    jsonschema.Draft202012Validator.check_schema(schema())
    contents = data.read_json(f"questions-{chapter}")
    errors = jsonschema.Draft202012Validator(schema()).iter_errors(contents)
    assert [f"{list(error.path)}: {error.message}" for error in errors] == []
    assert contents["chapter"] == chapter


def _drop(key: str) -> Callable[[dict], None]:
    return lambda item: item.pop(key)


@pytest.mark.parametrize(
    "spoil",
    [
        _drop("objective"),
        lambda item: item["answers"][0].pop("feedback"),
        lambda item: item["answers"][0].update(feedback="Wrong."),
        lambda item: [answer.update(correct=False) for answer in item["answers"]],
        lambda item: [answer.update(correct=True) for answer in item["answers"]],
        lambda item: item.update(type="essay"),
        lambda item: item.update(question="What is <b>this</b> good for, do you think?"),
        lambda item: item.update(question="What does $x$ mean in this connection?"),
        lambda item: item.update(claims=["first"]),
        lambda item: item.update(unit="Å"),
        lambda item: item.update(points=3),
    ],
)
def test_schema_refuses(spoil: Callable[[dict], Any]) -> None:
    contents = json.loads(json.dumps(data.read_json("questions-overview")))
    validator = jsonschema.Draft202012Validator(schema())
    assert validator.is_valid(contents)
    spoil(contents["questions"][0])
    assert not validator.is_valid(contents)


def test_there_are_enough_questions() -> None:
    assert sorted(questions.chapters()) == sorted(CHAPTERS)
    assert list(questions.sections("structure")) == [
        "protein",
        "bundle",
        "resolution",
        "receptor",
        "interface",
    ]
    assert len(questions.items("structure")) >= 12
    assert len(questions.items("overview", "overview")) >= 3
    assert all(len(questions.items(*place)) >= 3 for place in SECTIONS)


def test_ids_are_unique_and_say_where_the_question_belongs() -> None:
    ids = [item["id"] for item in QUESTIONS]
    assert len(set(ids)) == len(ids)
    for chapter in CHAPTERS:
        for item in questions.items(chapter):
            assert item["id"].startswith(f"{chapter}-{item['section']}-")


def test_every_choice_has_a_feedback_of_its_own() -> None:
    for item in QUESTIONS:
        feedback = [answer["feedback"] for answer in item["answers"]]
        assert all(len(text) >= 40 for text in feedback), item["id"]
        assert len(set(feedback)) == len(feedback), item["id"]
        # the page says Right or Not quite by itself; the feedback gives the reason
        assert not any(re.match(r"(?i)(wrong|right|correct|yes|no)\b[.,!]", f) for f in feedback)


def test_position_and_length_do_not_give_the_answer_away() -> None:
    single = [item for item in QUESTIONS if item["type"] == "multiple_choice"]
    places = [[answer["correct"] for answer in item["answers"]].index(True) for item in single]
    counts = np.bincount(places, minlength=4)
    assert counts.max() <= len(single) / 2 and counts.min() >= 1
    longest = [
        max(item["answers"], key=lambda answer: len(answer["answer"]))["correct"] for item in single
    ]
    assert np.mean(longest) < 0.75


def test_claims_are_claims_of_the_chapter() -> None:
    claims = data.read_table("claims").set_index("id")["chapter"]
    for chapter in CHAPTERS:
        for item in questions.items(chapter):
            for claim in item.get("claims", []):
                assert claims[claim] == f"chapters/{chapter}", item["id"]


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_placeholders_are_documented_and_used(chapter: str) -> None:
    documented = data.read_json(f"questions-{chapter}")["placeholders"]
    used = {}
    for section in questions.sections(chapter):
        needed = questions.placeholders(chapter, section)
        used |= needed
        assert list(questions.examples(chapter, section)) == list(needed)
    assert set(used) == set(documented)
    for name, description in used.items():
        assert description.startswith(documented[name]["description"])
        assert documented[name].get("unit", "") in description


@pytest.mark.parametrize(("chapter", "section"), SECTIONS)
def test_nothing_is_left_to_fill(chapter: str, section: str) -> None:
    shown = questions.filled(chapter, section, questions.examples(chapter, section))
    assert [item["id"] for item in shown] == [i["id"] for i in questions.items(chapter, section)]
    text = json.dumps(shown)
    assert not re.search(r"\{[a-z][a-z0-9_]*[:}]", text)
    for item in shown:
        assert set(item) <= {"id", "type", "question", "unit", "answers"}
        for answer in item["answers"]:
            assert all(isinstance(end, int | float) for end in answer.get("range", []))
            assert isinstance(answer.get("value", 0), int)


def test_numeric_examples_lead_to_the_right_answer() -> None:
    """The first answer that takes the right number is the correct one."""
    checked = 0
    for chapter, section in SECTIONS:
        for item in questions.filled(chapter, section, questions.examples(chapter, section)):
            if item["type"] != "numeric":
                continue
            right = next(answer for answer in item["answers"] if answer.get("correct"))
            number = np.mean(right["range"]) if "range" in right else right["value"]
            assert hit(item, number) is right
            checked += 1
    assert checked >= 3


def test_examples_are_what_the_data_give() -> None:
    """The numbers behind the questions, computed anew."""
    entry = data.read_structure("2Q7N")
    lifr, lif = structure.get_chain(entry, "A"), structure.get_chain(entry, "B")
    numbers = data.numbering("2Q7N", "B")
    precursor, mature = data.read_sequence("P15018"), structure.sequence(lif)
    found: dict[str, float] = {
        "precursor_length": len(precursor),
        "mature_length": len(mature),
        "signal_length": len(precursor) - len(mature),
        "phe156_uniprot": numbers.to_uniprot(156),
        "phe156_subtracted": 156 - numbers.offset,
        "sequons": len(structure.sequons(mature)),
        "sequons_with_proline": len(re.findall("(?=N.[ST])", mature)),
        "asparagines": mature.count("N"),
    }
    assert precursor.endswith(mature) and mature[104:107] == "NPS" and mature[133] == "C"
    sulfur = structure.disulfides(lif)
    assert list(zip(sulfur["first"], sulfur["second"], strict=True)) == [
        (12, 134),
        (18, 131),
        (60, 163),
    ]
    found["disulfide_shortest"] = sulfur["distance"].min()
    found["disulfide_longest"] = sulfur["distance"].max()

    helices = structure.helices(lif)
    assert len(helices) == 4
    axes = {
        name: structure.helix_axis(lif, row.start, row.end)
        for name, row in zip("ABCD", helices.itertuples(), strict=True)
    }
    angles = structure.crossing_angles(axes)
    found |= {
        f"angle_{a.lower()}{b.lower()}": angles.loc[a, b] for a, b in ["AB", "AC", "AD", "CD"]
    }
    starts, ends = helices["start"].to_numpy(), helices["end"].to_numpy()
    loops = starts[1:] - ends[:-1] - 1
    found |= dict(zip(("loop_ab", "loop_bc", "loop_cd"), loops, strict=True))
    found["helix_shortest"], found["helix_longest"] = helices["length"].agg(["min", "max"])
    assert starts[0] > 18 and ends[2] - 4 <= 131 <= 134 <= ends[2] + 2
    mouse = next(data.read_structure("1LKI").get_chains())
    fit = structure.superimpose(lif, mouse)
    found["rmsd_1lki"], found["pairs_1lki"] = fit.rmsd, len(fit.table)
    found["identity_1lki"] = 100 * structure.identity(mature[8:], structure.sequence(mouse))

    refinement = data.read_table("refinement").set_index("entry").loc["2Q7N"]
    found |= {key: refinement[key] for key in ("resolution", "r_work", "r_free")}
    found["r_gap"] = refinement["r_free"] - refinement["r_work"]
    found["b_mean"] = refinement["mean_b"]
    atoms = [a for chain in (lifr, lif) for r in chain if r.id[0] == " " for a in r]
    assert np.mean([atom.bfactor for atom in atoms]) == pytest.approx(found["b_mean"], abs=2)

    table = data.read_table("domains")
    domains = table[table["molecule"] == "LIFR"].set_index("domain")
    found |= {
        "d2_last": domains.loc["D2", "end"],
        "d3_first": domains.loc["D3", "start"],
        "d3_last": domains.loc["D3", "end"],
        "ser262_uniprot": data.numbering("2Q7N", "A").to_uniprot(262),
    }
    wrong_domain = domains.loc["D4"]
    assert wrong_domain["start"] <= found["ser262_uniprot"] <= wrong_domain["end"]
    sugars = structure.glycans(entry, "A")
    found["glycans"], found["occupancy_low"] = len(sugars), sugars["occupancy_min"].min()

    wide = structure.contacts(lif, lifr, 6.0).rename(columns={"a": "lif", "b": "lifr"})
    counts = structure.contact_counts(lif, lifr, np.arange(30, 61) / 10).set_index("cutoff")
    found |= {
        "lif_40": counts.loc[4.0, "a"],
        "lif_50": counts.loc[5.0, "a"],
        "lifr_40": counts.loc[4.0, "b"],
        "cutoff_lif_22": counts.index[counts["a"] == 22][0],
        "cutoff_lifr_25": counts.index[counts["b"] == 25][0],
    }
    near = wide[wide["distance"] <= 4.0]["lifr"].drop_duplicates()
    found["outside_d3_40"] = (~near.between(found["d3_first"], found["d3_last"])).sum()
    nearest = wide.sort_values("distance").drop_duplicates("lif").set_index("lif")
    for name in ("pro51", "lys153", "lys159"):
        found[f"{name}_distance"] = nearest.loc[int(name[3:]), "distance"]
    assert nearest.loc[159, "lifr"] == 262

    buried = structure.buried_surface(lifr, lif)
    side = {chain: part.set_index("number")["buried"] for chain, part in buried.groupby("chain")}
    found["buried_total"] = buried["buried"].sum()
    found["buried_half"] = found["buried_total"] / 2
    for name in ("lys153", "val155", "phe156"):
        found[f"{name}_buried"] = side["B"][int(name[3:])]
    assert side["B"].idxmax() == 156
    d3 = side["A"].loc[found["d3_first"] : found["d3_last"]].sum()
    found["d3_share"] = 100 * d3 / side["A"].sum()
    surface = structure.fit_quadric(structure.interface_points(lif, lifr, 4.5))
    found["curvature_1"], found["curvature_2"] = sorted(surface.curvatures)
    assert surface.kind == "saddle"
    found["pro51_omega"] = abs(structure.torsions(lif).set_index("number").loc[51, "omega"])

    documented = data.read_json("questions-structure")["placeholders"]
    assert set(found) == set(documented)
    for name, value in found.items():
        example = documented[name]["example"]
        places = len(str(example).partition(".")[2]) if isinstance(example, float) else 0
        # angles and curvatures depend a little on how axis and frame are defined
        slack = 1.0 if name.startswith("angle_") else 0.004 if name.startswith("curv") else 0.0
        assert value == pytest.approx(example, abs=0.5001 * 10**-places + slack), name


# --- errors -----------------------------------------------------------------------------


@pytest.fixture
def scratch(tmp_path: Path) -> Callable[[Callable[[dict], Any]], Path]:
    """A data folder whose one question file has been changed."""

    def make(change: Callable[[dict], Any]) -> Path:
        contents = json.loads(json.dumps(data.read_json("questions-structure")))
        change(contents)
        raw = json.dumps(contents).encode()
        (tmp_path / "questions").mkdir()
        (tmp_path / "questions" / "structure.json").write_bytes(raw)
        listed = {
            "name": "questions-structure",
            "path": "questions/structure.json",
            "bytes": len(raw),
            "hash": "sha256:" + hashlib.sha256(raw).hexdigest(),
        }
        manifest = json.dumps({"resources": [listed]})
        (tmp_path / "datapackage.json").write_text(manifest, encoding="utf-8")
        return tmp_path

    return make


def first(change: Callable[[dict], Any]) -> Callable[[dict], Any]:
    return lambda contents: change(contents["questions"][0])


@pytest.mark.parametrize(
    ("change", "problem", "column"),
    [
        (first(lambda q: q["answers"][1].pop("feedback")), "answer 2 has no feedback", "answers"),
        (first(lambda q: q["answers"][1].update(feedback=" ")), "answer 2 has no", "answers"),
        (
            first(lambda q: [a.update(correct=False) for a in q["answers"]]),
            "no answer is correct",
            "answers",
        ),
        (
            first(lambda q: [a.update(correct=True) for a in q["answers"]]),
            "4 answers are correct",
            "type",
        ),
        (first(lambda q: q.update(type="many_choice")), "only one answer is correct", "type"),
        (first(lambda q: q.update(type="essay")), "no type is called 'essay'", "type"),
        (first(lambda q: q.update(section="loops")), "no section is called 'loops'", "section"),
        (
            first(lambda q: q.update(question="Is {odd} odd?")),
            "'odd' is not documented",
            "placeholders",
        ),
        (first(_drop("objective")), "the question has no 'objective'", "objective"),
        (first(_drop("id")), "the question has no 'id'", "id"),
        (lambda c: c["questions"][1]["answers"].pop(), "not foreseen get no feedback", "answers"),
        (
            lambda c: c["questions"][1].update(id="structure-protein-1"),
            "two questions have this id",
            None,
        ),
    ],
)
def test_bad_question_is_refused(
    scratch: Callable, change: Callable[[dict], Any], problem: str, column: str | None
) -> None:
    folder = scratch(change)
    with pytest.raises(LifbookError, match=problem) as caught:
        questions.items("structure", folder=folder)
    assert caught.value.file == "data/questions/structure.json"
    assert caught.value.column == column
    assert caught.value.row in {"structure-protein-1", "structure-protein-2", "without an id"}


def test_unknown_chapter_and_section_name_what_exists() -> None:
    with pytest.raises(LifbookError, match="use one of overview, structure") as caught:
        questions.filled("genetics", "protein")
    assert caught.value.argument == "chapter"
    with pytest.raises(LifbookError, match="use one of protein, bundle, resolution, receptor"):
        questions.items("structure", "glycans")
    with pytest.raises(LifbookError, match="no section .* is called 'glycans'") as caught:
        questions.placeholders("structure", "glycans")
    assert caught.value.argument == "section"


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (lambda v: v.pop("sequons"), "no value for sequons"),
        (lambda v: v.clear(), "no value for precursor_length, mature_length"),
        (lambda v: v.update(helices=4), "no question of the section uses helices"),
        (lambda v: v.update(sequons=None), "sequons is None"),
        (lambda v: v.update(sequons=True), "sequons is True"),
        (lambda v: v.update(sequons=float("nan")), "sequons is nan"),
        (lambda v: v.update(sequons="six"), "sequons = 'six' is not a number"),
        (lambda v: v.update(sequons=6.5), "needs a tolerance"),
        (lambda v: v.update(disulfide_longest="long"), "cannot be written as '.2f'"),
    ],
)
def test_wrong_values_are_refused(change: Callable[[dict], Any], problem: str) -> None:
    values = questions.examples("structure", "protein")
    change(values)
    with pytest.raises(LifbookError, match=re.escape(problem)) as caught:
        questions.filled("structure", "protein", values)
    assert caught.value.file == "data/questions/structure.json"


def test_a_section_without_numbers_takes_none() -> None:
    assert questions.placeholders("overview", "overview") == {}
    with pytest.raises(LifbookError, match="no values at all"):
        questions.filled("overview", "overview", {"sequons": 6})


def test_broken_number_in_a_question_is_refused(scratch: Callable) -> None:
    folder = scratch(lambda c: c["questions"][1]["answers"][0].update(value="{signal_length}+1"))
    with pytest.raises(LifbookError, match="neither a number nor one placeholder"):
        values = questions.examples("structure", "protein")
        questions.filled("structure", "protein", values, folder=folder)


# --- filling and showing ----------------------------------------------------------------


def test_numbers_are_written_as_asked() -> None:
    values = questions.examples("structure", "interface")
    values |= {"curvature_1": np.float64(-0.03078), "lif_40": np.int64(18), "buried_total": 1917.44}
    shown = {item["id"][-1]: item for item in questions.filled("structure", "interface", values)}
    assert "curvatures −0.031 and +0.035 per Å" in shown["6"]["question"]
    assert shown["2"]["question"].startswith("18 residues")
    assert "1,917 Å²" in shown["3"]["question"]
    assert hit(shown["1"], 4.7)["correct"] and not hit(shown["1"], 4.8)["correct"]
    assert "LIFR reaches 25" in hit(shown["1"], 4.4)["feedback"]
    assert hit(shown["3"], 958.7)["correct"] and "sum" in hit(shown["3"], 1917.4)["feedback"]
    json.dumps(shown)


def test_texts_stay_plain() -> None:
    """Nothing is escaped here: the page and the exports do that, each in its own way."""
    values = questions.examples("structure", "resolution") | {"r_work": 0.237}
    values["b_mean"] = 102.5
    assert "&lt;" not in json.dumps(questions.filled("structure", "resolution", values))
    assert questions._fill_text("{a} < b & c", {"a": "<script>"}) == "<script> < b & c"
