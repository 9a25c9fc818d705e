"""The cut-off slider against the Python function, at each of its positions; table and quiz."""

from __future__ import annotations

import re

import numpy as np
import pytest
from site_tools import Reader, until

from lifbook import data
from lifbook import structure as functions

POSITIONS = [round(3 + step / 10, 1) for step in range(31)]


@pytest.fixture(scope="module")
def chains():
    entry = data.read_structure("2Q7N")
    return functions.get_chain(entry, "B"), functions.get_chain(entry, "A")


def shown(reader: Reader) -> dict:
    """What the explorer says: value, the three counts, the chips of both sides, its status line."""
    return reader.slot("contacts").evaluate(
        """slot => ({
          value: slot.querySelector("input[type=range]").value,
          spoken: slot.querySelector("input[type=range]").getAttribute("aria-valuetext"),
          output: slot.querySelector("output").textContent,
          counts: [...slot.querySelectorAll("[data-count]")].map(n => Number(n.textContent)),
          chips: [...slot.querySelectorAll(".lif-contacts__chips")].map(
            list => [...list.querySelectorAll("button:not([hidden])")].map(b => b.textContent)),
          visible: [...slot.querySelectorAll(".lif-contacts__chips button:not([hidden])")]
            .every(b => b.checkVisibility()),
          title: slot.querySelector("svg title").textContent,
        })"""
    )


def test_slider_says_what_python_counts_at_each_position(structure: Reader, chains):
    reader = structure
    lif, lifr = chains
    expected = functions.contact_counts(lif, lifr, POSITIONS).set_index("cutoff")
    slider = reader.wake("contacts").locator("input[type=range]")
    assert slider.evaluate("s => [s.min, s.max, s.step].map(Number)") == [3.0, 6.0, 0.1]
    slider.press("Home")
    for position in POSITIONS:
        now = shown(reader)
        assert float(now["value"]) == position
        assert now["output"] == f"{position:.1f} Å"
        assert now["spoken"] == f"{position:.1f} ångström"
        row = expected.loc[position]
        assert now["counts"] == [row["a"], row["b"], row["pairs"]], position
        pairs = functions.contacts(lif, lifr, position)
        for chain, column, chips in zip((lif, lifr), "ab", now["chips"], strict=True):
            names = [
                functions.label(functions.get_residue(chain, number))
                for number in sorted(pairs[column].unique())
            ]
            assert chips == names, position
        assert now["visible"]
        assert f"at {position:.1f} Å {row['a']} LIF and {row['b']} LIFR" in now["title"]
        slider.press("ArrowRight")
    assert float(shown(reader)["value"]) == 6.0


def test_the_view_follows_the_slider(structure: Reader):
    reader = structure
    slider = reader.wake("contacts").locator("input[type=range]")
    slider.press("Home")
    viewer = reader.viewer("site")
    viewer.home()
    seen = []
    for key in ("Home", "End", "PageDown", "Home"):
        before = viewer.picture()
        slider.press(key)
        if seen:
            viewer.wait_changed(before)
        seen.append(viewer.picture())
    assert seen[0] == seen[-1], "the same cut-off, another picture"
    # a scene of one residue shows them too, one of the buried surface does not
    slider.press("End")
    viewer.scene_button("buried").click()
    before = viewer.picture()
    slider.press("Home")
    viewer.settle()
    assert viewer.changed(before) == 0


def test_slider_with_the_mouse(structure: Reader):
    reader = structure
    slider = reader.wake("contacts").locator("input[type=range]")
    slider.press("Home")
    box = slider.bounding_box()
    reader.page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    until(
        reader.page,
        lambda: abs(float(shown(reader)["value"]) - 4.5) <= 0.2,
        "the slider did not move",
    )


def test_table_is_python_s_and_sorts(structure: Reader, chains):
    lif, lifr = chains
    buried = functions.buried_surface(lif, lifr)
    on_lif = buried[(buried["chain"] == "B") & (buried["buried"] >= 1)]
    table = structure.wake("buried").locator("table")

    def column(at: int) -> list[str]:
        cells = table.locator(f"tbody tr > :nth-child({at})").all_inner_texts()
        return [cell.strip() for cell in cells]

    assert sorted(column(1)) == sorted(on_lif["label"])
    numbers = dict(zip(column(1), map(int, column(4)), strict=True))
    for row in on_lif.itertuples():
        assert abs(numbers[row.label] - row.buried) <= 0.5 + 1e-6, row.label

    head = table.locator("thead th")
    for at in (2, 3, 4):
        button = head.nth(at - 1).locator("button")
        for way in ("descending", "ascending"):
            button.click()
            assert head.nth(at - 1).get_attribute("aria-sort") == way
            values = [float(value.replace("–", "-inf")) for value in column(at)]
            steps = np.diff(values)
            assert (steps <= 0).all() if way == "descending" else (steps >= 0).all()
        others = [head.nth(i).get_attribute("aria-sort") for i in range(4) if i != at - 1]
        assert others == ["none"] * 3
    head.nth(0).locator("button").click()
    first = column(1)
    assert len(set(first)) == len(on_lif)


def test_marks_of_the_sequence_can_be_switched(structure: Reader):
    strip = structure.wake("sequence")
    letters = strip.locator(".lif-seq__letter")
    precursor = data.read_sequence("P15018")
    assert "".join(letters.all_inner_texts()) == precursor
    marked = strip.locator(".lif-seq__letter[data-marked]")
    button = strip.locator("button[data-kind='signal peptide']")
    with_all = marked.count()
    assert button.get_attribute("aria-pressed") == "true"
    button.click()
    assert button.get_attribute("aria-pressed") == "false"
    assert with_all - marked.count() == 22
    button.click()
    assert marked.count() == with_all
    # names say both numbers and what a letter is marked as, not by colour alone
    name = letters.nth(22).get_attribute("aria-label")
    assert re.fullmatch(r"Ser1 \(UniProt 23\), .+", name), name
