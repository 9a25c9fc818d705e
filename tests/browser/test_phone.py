"""Each page on a phone: a narrow screen, and a finger in place of a mouse."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from site_tools import OVERVIEW, PHONE, SLOTS, Reader, Viewer, frames, jumps, until

Read = Callable[..., Reader]
SCENES_OF_A_WHOLE = {
    "first-look": ("complex", "domains"),
    "lif": ("fold", "course"),
    "laid": ("all",),
    "complex": ("complex", "domains", "d5"),
}


def test_nothing_jumps_when_widgets_come_alive(phone: Reader):
    assert not jumps(phone, "narrow")


def test_no_page_scrolls_sideways(phone: Reader):
    wide = phone.page.evaluate(
        """() => document.documentElement.scrollWidth <= innerWidth ? [] :
          [...document.querySelectorAll("article *")]
            .filter((node) => node.getBoundingClientRect().right > innerWidth + 1)
            .map((node) => node.outerHTML.slice(0, 100))"""
    )
    assert not wide, wide[:3]
    assert phone.page.evaluate(
        "[document.documentElement.scrollWidth <= innerWidth, innerWidth]"
    ) == [True, 390], "the page is laid out wider than the phone"


def test_targets_are_large_enough_for_a_finger(phone: Reader):
    """24 by 24 CSS px at least (WCAG 2.5.8), in all that is ours; a label counts for its field."""
    small = phone.page.evaluate(
        """() => [...document.querySelectorAll(".lif button, .lif input, .lif select, .lif label:has(input),"
            + ".lif-quiz label, .lif-quiz input, button.toggle-button, .claims-filter button")]
          .filter((node) => node.checkVisibility() && !(node.tagName === "INPUT" && node.closest("label")))
          .map((node) => [node.getBoundingClientRect(), node])
          .filter(([box]) => box.width && (box.width < 24 || box.height < 24))
          .map(([box, node]) => `${node.textContent || node.type} ${box.width}x${box.height}`)"""
    )
    assert not small, small[:5]


def test_words_are_not_too_small(phone: Reader):
    tiny = phone.page.evaluate(
        """() => [...document.querySelectorAll(".lif *, .lif-quiz *")].filter((node) => node.checkVisibility()
          && [...node.childNodes].some((child) => child.nodeType === 3 && child.data.trim())
          && !node.closest("svg") && parseFloat(getComputedStyle(node).fontSize) < 10.5)
          .map((node) => node.textContent)"""
    )
    assert not tiny, tiny[:5]


def test_the_whole_molecule_is_in_the_view(phone: Reader):
    """3Dmol fits a model to the height of the view; on a phone its ends must not be cut off."""
    assert SCENES_OF_A_WHOLE.keys() <= {name for page in SLOTS.values() for name in page}
    for name, scenes in SCENES_OF_A_WHOLE.items():
        if not phone.slot(name).count():
            continue
        viewer = phone.viewer(name)
        box = viewer.root.bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 390
        for scene in scenes:
            viewer.scene_button(scene).click()
            viewer.settle()
            edges = viewer.canvas.evaluate(
                """canvas => {
                  const small = Object.assign(document.createElement("canvas"), { width: 120, height: 120 });
                  const context = small.getContext("2d", { willReadFrequently: true });
                  context.drawImage(canvas, 0, 0, 120, 120);
                  return [0, 119].map((x) => context.getImageData(x, 0, 1, 120).data
                    .filter((value, i) => i % 4 === 3 && value > 40).length);
                }"""
            )
            assert edges == [0, 0], f"{name}, {scene}: cut off on the left or right"


@pytest.fixture
def touched(read: Read) -> tuple[Viewer, Callable[[int], None]]:
    """A viewer on a phone, and a finger that strokes over it by a number of px."""
    reader = read(OVERVIEW, **PHONE)
    viewer = reader.viewer("first-look")
    session = reader.context.new_cdp_session(reader.page)

    def touch(kind: str, *points: tuple[float, float]) -> None:
        session.send(
            "Input.dispatchTouchEvent",
            {"type": kind, "touchPoints": [{"x": x, "y": y} for x, y in points]},
        )

    def stroke(distance: int) -> None:
        x, y = viewer.middle()
        touch("touchStart", (x, y))
        for step in range(1, 11):
            touch("touchMove", (x, y + distance * step / 10))
            frames(reader.page, 1)
        touch("touchEnd")
        frames(reader.page, 3)

    return viewer, stroke


def test_a_finger_scrolls_the_page_until_a_tap(touched: tuple[Viewer, Callable[[int], None]]):
    viewer, stroke = touched
    page = viewer.page
    overlay = viewer.slot.locator(".lif-viewer__touch")
    assert overlay.is_visible()
    assert "Tap to turn" in overlay.inner_text()
    before, start = viewer.picture(), page.evaluate("scrollY")
    stroke(-120)
    assert page.evaluate("scrollY") >= start + 60, "the page did not scroll"
    assert viewer.changed(before) == 0, "the model turned"

    overlay.tap()
    assert not overlay.is_visible()
    start = page.evaluate("scrollY")
    stroke(-120)
    viewer.wait_changed(before, by=0.01)
    assert page.evaluate("scrollY") == start, "the page scrolled as well"

    # out of sight, it is the page's again
    page.evaluate("scrollTo({ top: document.body.scrollHeight, behavior: 'instant' })")
    until(page, lambda: overlay.evaluate("node => !node.hidden"), "the view kept the finger")


def test_a_tap_on_an_atom_picks_it(touched: tuple[Viewer, Callable[[int], None]]):
    viewer, _stroke = touched
    viewer.slot.locator(".lif-viewer__touch").tap()
    for x, y in viewer.spots():
        viewer.page.touchscreen.tap(x, y)
        frames(viewer.page, 3)
        if viewer.hover.inner_text().startswith("Picked: "):
            return
    pytest.fail("no tap picked an atom")
