"""lifbook.page.widgets: what they show is what lifbook.structure computes, and they link up."""

from __future__ import annotations

import json

import ipywidgets
import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as hs

from lifbook import data
from lifbook import structure as st
from lifbook.chapters import structure as in_structure
from lifbook.errors import LifbookError
from lifbook.page import widgets
from lifbook.page.viewer import Entry, Scene, StructureViewer
from lifbook.page.widgets import ContactExplorer, ResidueTable, SequenceStrip
from lifbook.palette import COLOURS, GLYCAN, HELIX_COLOURS, MUTED

AMINO_ACIDS = "ACDEFGHIKLMNPQRSTVWY"


@pytest.fixture(scope="module")
def entry():
    return data.read_structure("2Q7N")


@pytest.fixture(scope="module")
def lif(entry):
    return st.get_chain(entry, "B")


@pytest.fixture(scope="module")
def lifr(entry):
    return st.get_chain(entry, "A")


@pytest.fixture(scope="module")
def precursor():
    return data.read_sequence("P15018")


@pytest.fixture(scope="module")
def helices(lif):
    return st.helices(lif).assign(name=list("ABCD"))


@pytest.fixture(scope="module")
def strip(precursor, lif, helices):
    return in_structure.lif_sequence(precursor, lif, helices, offset=22)


@pytest.fixture(scope="module")
def explorer(lif, lifr):
    return in_structure.lif_contacts(lif, lifr, reported=(22, 25))


@pytest.fixture(scope="module")
def buried(lif, lifr):
    table = st.buried_surface(lif, lifr)
    table = table[(table["chain"] == "B") & (table["buried"] >= 1)]
    return table.sort_values("buried", ascending=False)


# --- Sequence ----------------------------------------------------------------------------


def test_the_strip_holds_both_numberings(strip, precursor, lif):
    assert "".join(letter["letter"] for letter in strip.letters) == precursor
    assert [letter["uniprot"] for letter in strip.letters] == list(range(1, 203))
    mature = [letter for letter in strip.letters if letter["id"]]
    table = st.residue_table(lif, 22)
    assert [letter["id"] for letter in mature] == [f"2Q7N:B:{n}" for n in table["number"]]
    assert [letter["uniprot"] for letter in mature] == table["uniprot"].tolist()
    assert [letter["name"] for letter in mature] == [
        f"{row.label} (UniProt {row.uniprot})" for row in table.itertuples()
    ]
    assert strip.letters[0]["name"] == "Met (UniProt 1)"
    assert all(not letter["id"] for letter in strip.letters[:22])


def test_the_strip_marks_what_the_structure_says(strip, precursor, lif, helices):
    marked = {
        kind["kind"]: [
            letter["uniprot"] for letter in strip.letters if kind["kind"] in letter["kinds"]
        ]
        for kind in strip.kinds
    }
    bonds = st.disulfides(lif)
    expected = {"signal peptide": list(range(1, 23))}
    expected |= {
        f"helix {row.name}": list(range(row.start + 22, row.end + 23))
        for row in helices.itertuples()
    }
    expected["cysteine in a disulfide"] = sorted([*(bonds["first"] + 22), *(bonds["second"] + 22)])
    expected["asparagine of a sequon"] = st.sequons(precursor)
    assert marked == expected
    colours = {kind["kind"]: kind["colour"] for kind in strip.kinds}
    assert colours["signal peptide"] == MUTED and colours["asparagine of a sequon"] == GLYCAN
    assert all(colours[f"helix {name}"] == HELIX_COLOURS[name] for name in "ABCD")
    letters = {letter["uniprot"]: letter["letter"] for letter in strip.letters}
    assert {letters[n] for n in marked["cysteine in a disulfide"]} == {"C"}
    assert {letters[n] for n in marked["asparagine of a sequon"]} == {"N"}


def make_strip(precursor="MKTAYIAK", cut=2, marks=None):
    return SequenceStrip("s", precursor, cut=cut, chain_id="2Q7N:B", marks=marks or {}, label="x")


@settings(deadline=None)
@given(hs.data(), hs.text(alphabet=AMINO_ACIDS, min_size=1, max_size=60))
def test_any_sequence_keeps_its_letters(draw, sequence):
    cut = draw.draw(hs.integers(0, len(sequence) - 1))
    numbers = draw.draw(hs.lists(hs.integers(1, len(sequence)), max_size=5))
    strip = make_strip(sequence, cut, {"first": ("#111111", numbers), "second": ("#222222", [1])})
    assert "".join(letter["letter"] for letter in strip.letters) == sequence
    ids = [letter["id"] for letter in strip.letters]
    assert ids == [""] * cut + [f"2Q7N:B:{n}" for n in range(1, len(sequence) - cut + 1)]
    for letter in strip.letters:
        assert ("first" in letter["kinds"]) == (letter["uniprot"] in numbers)
        assert letter["kinds"] == sorted(letter["kinds"])  # the order of the legend
    json.dumps([strip.letters, strip.kinds], allow_nan=False)


@pytest.mark.parametrize(
    ("arguments", "argument", "remedy"),
    [
        ({"cut": 8}, "cut", "from 0 to 7"),
        ({"cut": -1}, "cut", "from 0 to 7"),
        ({"precursor": "MKXA"}, "precursor", "ACDEFGHIKLMNPQRSTVWY"),
        ({"precursor": "mkta"}, "precursor", "ACDEFGHIKLMNPQRSTVWY"),
        ({"marks": {"odd": ("#111111", [3, 9])}}, "marks", "from 1 to 8"),
        ({"marks": {"odd": ("#111111", [0])}}, "marks", "from 1 to 8"),
    ],
)
def test_a_strip_refuses_what_does_not_fit(arguments, argument, remedy):
    with pytest.raises(LifbookError) as caught:
        make_strip(**arguments)
    assert caught.value.argument == argument
    assert remedy in caught.value.remedy


# --- Table -------------------------------------------------------------------------------


def test_the_table_of_buried_surface(buried):
    table = in_structure.lif_buried(buried, offset=22)
    assert [column["label"] for column in table.columns] == [
        "Residue (mature)",
        "UniProt",
        "Alone (Å²)",
        "Buried (Å²)",
    ]
    assert [row["id"] for row in table.rows] == [f"2Q7N:B:{n}" for n in buried["number"]]
    for row, source in zip(table.rows, buried.itertuples(), strict=True):
        assert row["values"][0] == source.label
        assert row["values"][1] == source.number + 22
        np.testing.assert_allclose(row["values"][2:], [source.free, source.buried], atol=5e-4)
    assert [column["numeric"] for column in table.columns] == [False, True, True, True]
    assert repr(table) == f"ResidueTable('buried', {len(buried)} rows)"
    json.dumps([table.columns, table.rows], allow_nan=False)


def test_the_first_column_sorts_by_residue(buried):
    """By number: not in the order of the rows, not by letters."""
    table = in_structure.lif_buried(buried, offset=22)
    ordered = sorted(table.rows, key=lambda row: row["order"])
    assert [row["id"] for row in ordered] == [f"2Q7N:B:{n}" for n in sorted(buried["number"])]


def test_a_table_keeps_gaps_and_decimals():
    frame = pd.DataFrame(
        {
            "id": ["2Q7N:B:1", "2Q7N:B:2"],
            "what": ["a", None],
            "much": [1.23456, np.nan],
            "many": [3, 4],
        }
    )
    table = ResidueTable(
        "t", frame, {"what": "What", "much": "Much (Å)", "many": "Many"}, label="x", decimals=2
    )
    assert [row["values"] for row in table.rows] == [["a", 1.235, 3.0], [None, None, 4.0]]
    assert table.columns[1]["decimals"] == 2
    assert table.columns[2]["decimals"] == 0  # whole numbers have no places


def test_a_table_refuses_missing_columns_and_no_rows(buried):
    with pytest.raises(LifbookError, match="no column of the table 't' is called 'id'") as caught:
        ResidueTable("t", buried, {"label": "Residue"}, label="x")
    assert "buried" in caught.value.remedy
    with pytest.raises(LifbookError, match="no column of the table 't' is called 'moon'"):
        ResidueTable("t", buried.assign(id="x"), {"moon": "Moon"}, label="x")
    with pytest.raises(LifbookError, match="has no rows"):
        in_structure.lif_buried(buried.head(0), offset=22)
    with pytest.raises(LifbookError, match="'Phe156' does not name a residue"):
        ResidueTable("t", buried.assign(id=buried["label"]), {"label": "Residue"}, label="x")


# --- Contacts ----------------------------------------------------------------------------


def counted(explorer: ContactExplorer, cutoff: float) -> tuple[int, int, int]:
    """The rule of contacts.js, line by line: pairs are in order, stop at the first too far."""
    first, second, count = set(), set(), 0
    for a, b, distance in explorer.pairs:
        if distance > cutoff:
            break
        first.add(a)
        second.add(b)
        count += 1
    return len(first), len(second), count


def positions(explorer: ContactExplorer) -> list[float]:
    """Positions of the slider as contacts.js makes them."""
    low, high, step = explorer.range
    return [round(low + i * step, 2) for i in range(round((high - low) / step) + 1)]


def test_the_page_counts_as_python_does_at_each_position(explorer, lif, lifr):
    places = positions(explorer)
    assert len(places) == 31 and (places[0], places[-1]) == (3.0, 6.0)
    table = st.contact_counts(lif, lifr, places)
    for cutoff, row in zip(places, table.itertuples(), strict=True):
        assert counted(explorer, cutoff) == (row.a, row.b, row.pairs), cutoff


@settings(max_examples=30, deadline=None)
@given(cutoff=hs.floats(3.0, 6.0, allow_subnormal=False))
@example(cutoff=4.0)
def test_the_page_counts_as_python_does_at_any_cutoff(explorer, lif, lifr, cutoff):
    cutoff = round(cutoff, 3)  # as coordinates, and so distances, have three places
    row = st.contact_counts(lif, lifr, [cutoff]).iloc[0]
    assert counted(explorer, cutoff) == (row.a, row.b, row.pairs)


def test_the_explorer_names_residues_with_both_numbers(explorer, lif, lifr):
    found = st.contacts(lif, lifr, 6.0)
    for side, chain, column, offset, molecule in zip(
        explorer.sides, (lif, lifr), ("a", "b"), (22, 43), ("LIF", "LIFR"), strict=True
    ):
        numbers = sorted(set(found[column]))
        assert [residue["id"] for residue in side["residues"]] == [
            f"2Q7N:{chain.id}:{n}" for n in numbers
        ]
        assert (side["name"], side["colour"]) == (molecule, COLOURS[molecule])
        for residue, number in zip(side["residues"], numbers, strict=True):
            name = st.label(st.get_residue(chain, number))
            assert residue["label"] == name
            assert residue["text"] == f"{name} (UniProt {number + offset}) of {molecule}"
    distances = [distance for *_pair, distance in explorer.pairs]
    assert distances == sorted(distances) and len(distances) == len(found)
    assert explorer.reported == [22, 25]
    json.dumps([explorer.pairs, explorer.sides], allow_nan=False)


def test_the_pairs_are_the_contacts(explorer, lif, lifr):
    first, second = ([r["id"] for r in side["residues"]] for side in explorer.sides)
    shipped = {(first[a], second[b]): distance for a, b, distance in explorer.pairs}
    found = st.contacts(lif, lifr, 6.0)
    expected = {(f"2Q7N:B:{r.a}", f"2Q7N:A:{r.b}"): r.distance for r in found.itertuples()}
    assert shipped.keys() == expected.keys()
    assert max(abs(shipped[pair] - expected[pair]) for pair in expected) < 1e-6


def test_a_cutoff_outside_the_slider_is_refused(lif, lifr):
    explorer = in_structure.lif_contacts(lif, lifr)
    assert explorer.cutoff == 4.0
    explorer.cutoff = 5.5
    for wrong in (2.9, 6.1, -1.0):
        with pytest.raises(LifbookError, match="outside the slider") as caught:
            explorer.cutoff = wrong
        assert caught.value.remedy == "use a value from 3.0 to 6.0 Å"
    assert explorer.cutoff == 5.5
    assert repr(explorer) == "ContactExplorer('contacts', cutoff=5.5 Å)"


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"cutoff": 9.0}, "outside the slider"),
        ({"low": 6.0, "high": 3.0}, "cannot be drawn"),
        ({"step": 0.0}, "cannot be drawn"),
        ({"low": 0.0}, "cannot be drawn"),
        ({"labels": (("LIF", "2Q7N:B"), ("LIFX", "2Q7N:A"))}, "no molecule is called 'LIFX'"),
    ],
)
def test_an_explorer_refuses_what_cannot_be(lif, lifr, change, problem):
    usual = {"labels": (("LIF", "2Q7N:B"), ("LIFR", "2Q7N:A")), "offsets": (22, 43)}
    with pytest.raises(LifbookError, match=problem):
        ContactExplorer("c", lif, lifr, **(usual | change))


# --- Links -------------------------------------------------------------------------------


@pytest.fixture
def made():
    """Collects the links that are made during a test."""
    before = set(ipywidgets.widgets.widget._instances)

    def links() -> list[ipywidgets.widgets.widget_link.Link]:
        fresh = [
            widget
            for key, widget in ipywidgets.widgets.widget._instances.items()
            if key not in before
        ]
        return [widget for widget in fresh if widget.get_state().get("_model_name") == "LinkModel"]

    return links


def view() -> StructureViewer:
    scene = Scene("one", "One", "Nothing but a test.", lambda view: view.setStyle({}, {}))
    return StructureViewer("v", [Entry("2Q7N")], [scene], label="x")


def ends(link) -> tuple:
    """(source model, trait, target model, trait) as the page gets it."""
    state = link.get_state()
    source, target = (
        ipywidgets.widget_serialization["to_json"](list(state[end]), None)
        if not isinstance(state[end][0], str)
        else state[end]
        for end in ("source", "target")
    )
    return (*source, *target)


def test_link_joins_one_trait(made, explorer):
    viewer = view()
    widgets.link(explorer, viewer, "highlight")
    (link,) = made()
    assert ends(link) == (
        f"IPY_MODEL_{explorer.model_id}",
        "highlight",
        f"IPY_MODEL_{viewer.model_id}",
        "highlight",
    )
    # Both ways: a jslink, not a jsdlink.
    assert link.get_state()["_model_name"] == "LinkModel"


def test_link_picks_joins_each_widget_with_the_first(made, explorer, strip, buried):
    viewer, table = view(), in_structure.lif_buried(buried, offset=22)
    widgets.link_picks(viewer, strip, explorer, table)
    assert [ends(link) for link in made()] == [
        (f"IPY_MODEL_{viewer.model_id}", "picked", f"IPY_MODEL_{other.model_id}", "picked")
        for other in (strip, explorer, table)
    ]


def test_ids_of_every_widget_are_residues_of_the_viewer(explorer, strip, buried):
    """What one widget can pick, the 3D view accepts."""
    viewer = view()
    table = in_structure.lif_buried(buried, offset=22)
    ids = [letter["id"] for letter in strip.letters if letter["id"]]
    ids += [residue["id"] for side in explorer.sides for residue in side["residues"]]
    ids += [row["id"] for row in table.rows]
    viewer.highlight = ids
    assert viewer.highlight == ids
