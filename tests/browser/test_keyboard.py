"""The book without a mouse."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from site_tools import NEAR, OVERVIEW, SMALL, STILL, STRUCTURE, Reader, Viewer, frames, pages, until

Read = Callable[..., Reader]

#: What has the focus: a name for the report, whether it shows it, whether it is in the window and
#: not covered, and what it is part of.
FOCUSED = (
    """
(NEAR) => {
  const node = document.activeElement;
  if (!node || node === document.body) return null;
"""
    + STILL
    + """
  if (!globalThis.numbers) globalThis.numbers = new WeakMap();
  if (!numbers.has(node)) numbers.set(node, globalThis.count = (globalThis.count ?? 0) + 1);
  const style = getComputedStyle(node);
  const ring = (style) => (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0)
    || style.boxShadow !== "none";
  const label = node.closest("label");
  const around = node.closest("label, form, .sd-card");
  const shows = ring(style) || (around && ring(getComputedStyle(around)));
  const box = (label ?? node).getBoundingClientRect();
  const line = node.getClientRects()[0] ?? box;
  const spots = [];
  for (const rect of [box, line]) {
    for (const x of [0.1, 0.5, 0.9]) for (const y of [0.1, 0.5, 0.9]) {
      spots.push([rect.left + x * rect.width, rect.top + y * rect.height]);
    }
  }
  const seen = spots.some(([x, y]) => {
    const top = document.elementFromPoint(x, y);
    return top && (node.contains(top) || top.contains(node) && top !== document.documentElement
      && top !== document.body && top.tagName !== "MAIN" && top.tagName !== "ARTICLE" || label?.contains(top));
  });
  return {
    number: numbers.get(node),
    name: `${node.tagName.toLowerCase()}.${node.className?.baseVal ?? node.className} `
      + `${(node.getAttribute("aria-label") ?? node.innerText ?? node.name ?? "").slice(0, 40)}`,
    shows: Boolean(shows), seen,
    slot: node.closest(".lif-slot")?.id ?? null,
    waking: [...document.querySelectorAll(".lif-slot:not([data-state])")].filter((one) => {
      const box = one.getBoundingClientRect();
      return box.top < innerHeight + NEAR && box.bottom > -NEAR;
    }).map((one) => one.id),
    kind: node.matches("button[data-scene]") ? "scene" : node.matches(".lif-viewer__stage") ? "stage"
      : node.matches(".lif-viewer__tools button") ? "tool" : node.matches(".lif-seq__letter") ? "letter"
      : node.matches("input[type=range]") ? "slider" : node.matches(".lif-contacts__chips button") ? "chip"
      : node.matches("thead button") ? "sort" : node.matches(".lif-table__pick") ? "row"
      : node.closest(".lif-quiz") ? "quiz" : node.matches(".toggle-button") ? "solution"
      : node.matches("a.lif-scene") ? "link" : node.closest("#pst-skip-link") ? "skip" : "other",
  };
}
"""
)


def stop(reader: Reader) -> dict | None:
    """The element that has the focus."""
    return reader.page.evaluate(FOCUSED, NEAR)


@pytest.mark.parametrize("path", [path for path in pages() if path != "index.html"])
def test_tab_goes_through_the_whole_page(read: Read, path: str):
    """Every control once, in order, always to be seen, and out at the end; widgets wake on the way."""
    reader = read(path, viewport=SMALL)
    page = reader.page
    page.wait_for_load_state("networkidle")
    stops: list[dict] = []
    for _ in range(1500):
        page.keyboard.press("Tab")
        now = stop(reader)
        if now is None or (stops and now["number"] == stops[0]["number"]):
            break  # the browser's own controls, or round again
        for name in now[
            "waking"
        ]:  # a reader is not as fast as this test: what comes near is awake in time
            reader.slot(name).and_(page.locator("[data-state]")).wait_for()
        stops.append(now)
    else:
        pytest.fail(f"no end; last were {[s['name'] for s in stops[-6:]]}")

    numbers = [one["number"] for one in stops]
    assert len(numbers) > 5
    assert len(numbers) == len(set(numbers)), "the focus came back to where it had been"
    assert not [one["name"] for one in stops if not one["shows"]], (
        "the focus cannot be seen on these"
    )
    assert not [one["name"] for one in stops if not one["seen"]], (
        "these are covered or out of the window"
    )

    assert stops[0]["kind"] == "skip"
    kinds = {(one["slot"], one["kind"]) for one in stops}
    for slot in page.locator(".lif-slot").all():
        name = slot.get_attribute("id")
        if not slot.locator(
            "a[href], button:enabled, input:enabled, select:enabled, summary"
        ).count():
            assert "Closed until" in slot.inner_text(), (
                f"nothing to use in {name}"
            )  # a prediction first
            continue
        assert any(place == name for place, _kind in kinds), f"no key leads into {name}"
        if slot.get_attribute("data-kind") == "StructureViewer":
            assert {(name, "stage"), (name, "scene"), (name, "tool")} <= kinds
    for kind, selector in (
        ("quiz", ".lif-quiz .lif-quiz__card"),
        ("solution", ".solution"),
        ("link", "a.lif-scene"),
    ):
        assert ((None, kind) in kinds) == bool(page.locator(selector).count()), kind
    if path == STRUCTURE:
        assert {
            ("contacts", "slider"),
            ("contacts", "chip"),
            ("buried", "sort"),
            ("buried", "row"),
        } <= kinds
        assert sum(one["kind"] == "letter" for one in stops) == 1, (
            "the letters are one stop, then arrow keys"
        )


def test_skip_link_leads_past_the_navigation(read: Read):
    reader = read(STRUCTURE)
    page = reader.page
    page.wait_for_load_state("networkidle")
    page.keyboard.press("Tab")
    assert page.locator("#pst-skip-link a").is_visible()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")


def test_scene_buttons(first: Viewer):
    before = first.picture()
    first.scene_button("complex").focus()
    first.page.keyboard.press("Tab")
    first.page.keyboard.press("Enter")
    first.wait_changed(before)
    assert first.root.get_attribute("data-scene") == "domains"
    first.page.keyboard.press("Tab")
    first.page.keyboard.press("Space")
    assert first.root.get_attribute("data-scene") == "interface"


@pytest.mark.parametrize("key", ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "+", "-"])
def test_keys_in_the_view(first: Viewer, key: str):
    before = first.picture()
    start = first.page.evaluate("scrollY")
    first.stage.focus()
    for _ in range(3):
        first.page.keyboard.press(key)
    first.wait_changed(before, by=0.005)
    assert first.page.evaluate("scrollY") == start, "the page moved too"
    first.page.keyboard.press("r")
    first.wait_same(before)


def test_the_view_says_its_keys_and_lets_go(first: Viewer):
    name = first.stage.get_attribute("aria-label")
    assert re.search("Arrow keys turn the model.*R resets.*Escape", name)
    first.stage.focus()
    first.page.keyboard.press("Escape")
    assert first.page.evaluate("document.activeElement === document.body")
    first.page.keyboard.press("Tab")  # on from there, not from the top of the page
    assert first.page.evaluate("document.activeElement.closest('.lif-viewer') !== null")
    # what is the browser's stays the browser's
    first.stage.focus()
    before = first.picture()
    first.page.keyboard.press("Alt+ArrowUp")
    first.page.keyboard.press("Control+ArrowDown")
    first.settle()
    assert first.changed(before) == 0


def test_full_screen_by_keyboard(first: Viewer):
    first.button("Full screen").focus()
    first.page.keyboard.press("Enter")
    first.page.wait_for_function("document.fullscreenElement !== null")
    first.page.keyboard.press("Enter")  # the same button leaves
    first.page.wait_for_function("document.fullscreenElement === null")


def test_a_link_in_the_text_and_back(read: Read):
    reader = read(STRUCTURE, viewport=SMALL)
    page = reader.page
    link = page.locator("a.lif-scene[data-viewer=complex][data-scene=d3]").first
    link.focus()
    page.keyboard.press("Enter")
    reader.slot("complex").and_(page.locator("[data-drawn]")).wait_for()
    page.locator("#complex .lif-viewer[data-scene=d3]").wait_for()
    back = page.get_by_role("button", name="Back to the text")
    until(
        page,
        lambda: back.evaluate("b => b === document.activeElement"),
        "the way back has no focus",
    )
    page.keyboard.press("Enter")
    assert link.evaluate("a => a === document.activeElement")


def test_letters(structure: Reader):
    page = structure.page
    strip = structure.wake("sequence")
    viewer = structure.viewer("lif")
    letters = strip.locator(".lif-seq__letter")

    def here() -> int:
        return letters.evaluate_all("all => all.indexOf(document.activeElement)")

    strip.locator("[data-kind]").last.focus()
    page.keyboard.press("Tab")
    assert here() == 0
    moves = [
        ("ArrowRight", 1),
        ("ArrowDown", 11),
        ("ArrowDown", 21),
        ("ArrowRight", 22),
        ("ArrowUp", 12),
        ("ArrowLeft", 11),
        ("End", 201),
        ("ArrowRight", 201),
        ("Home", 0),
    ]
    for key, place in moves:
        page.keyboard.press(key)
        assert here() == place, key
    for key in ("ArrowDown",) * 4 + ("ArrowRight",) * 9:
        page.keyboard.press(key)
    before = viewer.picture()
    page.keyboard.press("Enter")  # letter 50, residue 28
    viewer.wait_changed(before)
    assert "Picked: Ser28 (UniProt 50)" in viewer.hover.inner_text()
    assert "Ser28 (UniProt 50)" in strip.locator(".lif-seq__info").inner_text()
    assert here() == 49
    page.keyboard.press("Tab")
    assert here() == -1
    page.keyboard.press("Shift+Tab")
    assert here() == 49, "back to the letter, not to the first"
    page.keyboard.press("Space")
    assert strip.locator("[aria-pressed=true].lif-seq__letter").count() == 0


def test_slider_and_chips(structure: Reader):
    page = structure.page
    slot = structure.wake("contacts")
    viewer = structure.viewer("site")
    viewer.home()
    slider = slot.locator("input[type=range]")
    slider.focus()
    page.keyboard.press("Home")
    before = viewer.picture()
    for _ in range(10):
        page.keyboard.press("ArrowRight")
    assert float(slider.input_value()) == 4.0
    viewer.wait_changed(before)
    page.keyboard.press("Tab")
    chip = page.locator(".lif-contacts__chips button:focus")
    assert chip.count() == 1
    page.keyboard.press("Enter")
    until(
        page,
        lambda: viewer.hover.inner_text().startswith(f"Picked: {chip.inner_text()}"),
        "not picked",
    )
    # a chip that the slider takes away does not take the focus to nowhere
    page.keyboard.press("Enter")


def test_table(structure: Reader):
    page = structure.page
    slot = structure.wake("buried")
    viewer = structure.viewer("site")
    viewer.home()
    region = slot.get_by_role("region")
    region.focus()
    start = region.evaluate("r => r.scrollTop")
    page.keyboard.press("PageDown")
    until(
        page,
        lambda: region.evaluate("r => r.scrollTop") > start,
        "the table does not scroll by key",
    )
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert slot.locator("th[aria-sort=descending]").inner_text().strip().startswith("UniProt")
    first = slot.locator("tbody tr").first.get_attribute("data-id")
    for _ in range(3):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert slot.locator("tr[data-picked]").get_attribute("data-id") == first
    number = first.split(":")[2]
    until(
        page,
        lambda: re.search(rf"Picked: \w+{number} ", viewer.hover.inner_text()) is not None,
        "the view does not show it",
    )


def test_quiz_answers_get_feedback(structure: Reader):
    """One question of each kind, wrong and right."""
    page = structure.page
    kinds = {}
    for question in page.locator(".lif-quiz .lif-quiz__card").all():
        kinds.setdefault(question.locator("input").first.get_attribute("type"), question)
    assert set(kinds) == {"radio", "checkbox", "text"}

    for kind in ("radio", "checkbox"):
        question = kinds[kind]
        feedback = question.locator(".lif-quiz__said")
        assert question.locator("[aria-live]").count()
        question.locator("input").first.focus()
        said = []
        if kind == "radio":
            page.keyboard.press("Space")
            said.append(feedback.inner_text())
            for _ in range(question.locator("input").count() - 1):
                page.keyboard.press("ArrowDown")
                page.keyboard.press("Space")
                said.append(feedback.inner_text())
        else:
            for at in range(question.locator("input").count()):
                if at:
                    page.keyboard.press("Tab")
                page.keyboard.press("Space")
                said.append(feedback.inner_text())
        assert all(len(text) > 15 for text in said), said
        assert len(set(said)) == len(said), "two answers, one feedback"
    question = kinds["text"]
    field = question.locator("input")
    field.focus()
    page.keyboard.type("123456")
    page.keyboard.press("Enter")
    until(page, lambda: len(question.locator(".lif-quiz__said").inner_text()) > 15, "no feedback")


def test_solutions_open(structure: Reader):
    page = structure.page
    button = page.locator("button.toggle-button").first
    folded = page.locator(".solution.toggle-hidden")
    count = page.locator(".solution").count()
    assert count == folded.count() >= 6
    assert button.get_attribute("aria-expanded") == "false"
    button.focus()
    page.keyboard.press("Enter")
    assert button.get_attribute("aria-expanded") == "true"
    assert page.locator(".solution:not(.toggle-hidden)").count() == 1
    assert page.locator(".solution:not(.toggle-hidden) section").first.is_visible()
    assert folded.count() == count - 1
    page.keyboard.press("Space")
    assert button.get_attribute("aria-expanded") == "false"
    assert folded.count() == count
    frames(page)


def test_overview_is_named(first: Viewer):
    assert first.reader.page.url.endswith(OVERVIEW)
    assert first.slot.get_by_role("application").count() == 1
    assert {
        group.get_attribute("aria-label") for group in first.slot.get_by_role("group").all()
    } >= {"View"}
