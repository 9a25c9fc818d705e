"""The Interactions chapter: family filters, brakes, competition and the model of the complex in the page."""

from __future__ import annotations

import re

import pytest
from conftest import calm
from site_tools import Reader

from lifbook import competition, family, signalling

INTERACTIONS = "chapters/interactions.html"


@pytest.fixture
def interactions(kept):
    """The Interactions page, as earlier tests of the file left it."""
    yield from calm(kept(INTERACTIONS))


def rows_shown(widget) -> list[str]:
    return [
        name.strip() for name in widget.locator(".lif-matrix tbody tr:visible th").all_inner_texts()
    ]


def test_filters_leave_what_python_finds(interactions: Reader):
    widget = interactions.wake("family")
    assert rows_shown(widget) == family.cytokines()
    for chains in (["gp130"], ["gp130", "LIFR"], ["OSMR"]):
        for chain in chains:
            widget.get_by_label(chain, exact=True).check()
        assert rows_shown(widget) == family.users(*chains)
        for chain in chains:
            widget.get_by_label(chain, exact=True).uncheck()


def test_an_empty_filter_is_said_in_words(interactions: Reader):
    widget = interactions.wake("family")
    for chain in ("LIFR", "OSMR"):
        widget.get_by_label(chain, exact=True).check()
    assert family.users("LIFR", "OSMR") == [] and rows_shown(widget) == []
    assert re.search(r"No cytokine|no cytokine", widget.inner_text())
    for chain in ("LIFR", "OSMR"):
        widget.get_by_label(chain, exact=True).uncheck()
    assert rows_shown(widget) == family.cytokines()


@pytest.mark.parametrize("view", ["Matrix", "Network"])
def test_a_cytokine_is_picked_by_mouse_and_by_keyboard(interactions: Reader, view: str):
    widget = interactions.wake("family")
    widget.get_by_role("button", name=view, exact=True).click()
    button = widget.locator('button[data-id="CNTF"]:visible')
    button.click()
    assert family.shared_sentence("CNTF") in widget.inner_text()
    assert "Davis 1993" in widget.inner_text()
    button.press("ArrowDown")
    focused = interactions.page.evaluate("document.activeElement.dataset.id")
    assert focused in family.cytokines() and focused != "CNTF"
    assert family.shared_sentence(focused).split(".")[0] in widget.inner_text()
    widget.get_by_role("button", name="Matrix", exact=True).click()


def test_the_brakes_show_what_python_computes(interactions: Reader):
    widget = interactions.wake("brakes")
    table = signalling.response_table().set_index("variant")
    for label, variant in (
        ("SOCS3 knock-out", "SOCS3 knock-out"),
        ("SOCS1-like inhibitor", "SOCS1-like inhibitor"),
        ("Wild type", "wild type"),
    ):
        widget.get_by_role("button", name=label, exact=True).click()
        cells = widget.locator("table tbody tr").last.locator("td").all_inner_texts()
        assert float(cells[0]) == pytest.approx(table.loc[variant, "peak"], rel=5e-3)
        assert float(cells[3]) == pytest.approx(table.loc[variant, "steady"], rel=5e-3)
    assert "it is not a model of LIF" in widget.inner_text()


def test_competition_opens_after_a_prediction_and_agrees_with_python(interactions: Reader):
    widget = interactions.wake("competition")
    sliders = widget.locator("input[type=range]")
    assert all(slider.is_disabled() for slider in sliders.all())
    guess = interactions.wake("predict-competition")
    guess.get_by_label("they fall").check()
    guess.get_by_role("button", name="This is my prediction").click()
    assert all(slider.is_enabled() for slider in sliders.all())
    for button, pool in (("gp130 scarce", None), ("gp130 plentiful", None)):
        widget.get_by_role("button", name=button).click()
        text = widget.inner_text()
        pool = float(re.search(r"gp130\s+([\d,]+) per cell", text)[1].replace(",", ""))
        doses = {
            name: float(re.search(rf"{name}, ([\d.]+) nM", text)[1]) for name in ("IL-6", "LIF")
        }
        found = competition.competition(doses, pool).iloc[0]
        for name in doses:
            row = widget.locator("tr", has_text=f"{name}, ").first.locator("td").all_inner_texts()
            assert float(row[0].replace(",", "")) == pytest.approx(
                found[f"{name}_complexes"], abs=0.6
            )


def test_the_complex_is_put_together_from_the_text(interactions: Reader):
    viewer = interactions.viewer("ternary")
    assert viewer.root.get_attribute("data-scene") == "apart"
    interactions.page.locator("a.lif-scene", has_text="laid on by LIF").click()
    interactions.page.wait_for_selector(
        '#ternary .lif-viewer[data-scene="by-lif"][data-state="drawn"]'
    )
    assert "rmsd 1.45 Å over 169 CA atoms" in viewer.caption.inner_text()
