"""Readers of all kinds: keyboard, phone, dark mode, no WebGL, no JavaScript, paper, screen reader, slow line."""

from __future__ import annotations

import json
import re
from pathlib import Path

import bench
import browser as browser_tools
import posters
import pytest
from site_tools import PHONE, SITE, STRUCTURE, Reader, pages, until

AXE = Path(__file__).parents[2] / "book" / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
CHAPTERS = [f"{page}.html" for page in posters.pages()]
BEFORE_SCROLL, IN_ALL = 350_000, 1_200_000
SLOTS = json.loads((Path(__file__).parents[2] / "book" / "posters" / "slots.json").read_text("utf-8"))


@pytest.fixture(scope="session")
def no_webgl() -> dict:
    """Launch options of a Chromium without 3D; asked for before any browser runs."""
    return browser_tools.options(webgl=False)


def focused(reader: Reader) -> str:
    """The element that has the focus, in a few words."""
    return reader.page.evaluate(
        "(() => { const a = document.activeElement; return `${a.tagName} ${a.className} ${a.textContent.slice(0, 40)}`; })()")


# --- keyboard ------------------------------------------------------------------------------------


def test_the_skip_link_leads_to_the_text(read):
    reader = read(STRUCTURE)
    reader.page.keyboard.press("Tab")
    assert "Skip to main content" in focused(reader)
    reader.page.keyboard.press("Enter")
    assert reader.page.evaluate("location.hash") == "#main-content"


def test_a_view_can_be_used_by_keyboard_alone(read):
    reader = read("chapters/overview.html")
    viewer = reader.viewer("first-look")
    viewer.stage.focus()
    for key in ("ArrowLeft", "ArrowUp", "+", "-"):
        before = viewer.picture()
        reader.page.keyboard.press(key)
        viewer.wait_changed(before)
    home = viewer.picture()
    reader.page.keyboard.press("r")
    viewer.wait_changed(home)
    reader.page.keyboard.press("Tab")  # out of the stage: no trap
    assert reader.page.evaluate("document.activeElement.dataset.scene") == "complex"
    ring = "(() => { const s = getComputedStyle(document.activeElement); return s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2; })()"
    assert reader.page.evaluate(ring), "the focus cannot be seen"
    reader.page.keyboard.press("Tab")
    reader.page.keyboard.press("Enter")
    assert viewer.root.get_attribute("data-scene") == "domains"
    for _ in range(12):
        reader.page.keyboard.press("Tab")
    assert not reader.page.evaluate("document.activeElement.closest('#first-look')"), "the focus is trapped"


def test_letters_rows_and_quiz_by_keyboard(read):
    reader = read(STRUCTURE)
    strip = reader.wake("sequence")
    letters = strip.locator(".lif-seq__letter")
    assert strip.locator(".lif-seq__letter[tabindex='0']").count() == 1
    letters.first.focus()
    for key in ("End", "ArrowLeft", "Enter"):
        reader.page.keyboard.press(key)
    assert letters.nth(200).get_attribute("aria-pressed") == "true"
    table = reader.wake("buried")
    head = table.locator("thead button").nth(1)
    head.focus()
    reader.page.keyboard.press("Enter")
    assert table.locator("thead th").nth(1).get_attribute("aria-sort") == "descending"
    row = table.locator("tbody button").first
    row.focus()
    reader.page.keyboard.press("Space")
    assert row.get_attribute("aria-pressed") == "true"
    question = reader.page.locator(".lif-quiz .Quiz").first
    choice = question.locator("input").first
    choice.focus()
    reader.page.keyboard.press("Space")
    until(reader.page, lambda: question.inner_text().count("\n") > 5, "no feedback")


# --- phone ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", [p for p in pages() if p not in {"genindex.html"}])
def test_no_page_scrolls_sideways_on_a_phone(read, path):
    reader = read(path, **PHONE)
    reader.wake_all()
    assert reader.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_on_a_phone_a_finger_scrolls_until_a_tap(read):
    reader = read("chapters/overview.html", **PHONE)
    viewer = reader.viewer("first-look")
    overlay = viewer.slot.locator(".lif-viewer__touch")
    assert overlay.is_visible() and "Tap to turn" in overlay.inner_text()
    box = viewer.stage.bounding_box()
    assert box["width"] <= 390
    on_top = "([x, y]) => document.elementFromPoint(x, y).className"
    middle = list(viewer.middle())
    assert "touch" in reader.page.evaluate(on_top, middle)
    overlay.tap()
    assert not overlay.is_visible()
    assert "touch" not in reader.page.evaluate(on_top, middle)


@pytest.mark.parametrize("path", CHAPTERS)
def test_targets_are_large_enough_for_a_finger(read, path):
    reader = read(path, **PHONE)
    for name in reader.wake_all():
        small = reader.slot(name).evaluate(
            """slot => [...slot.querySelectorAll("button, input")].filter(n => n.checkVisibility())
              .map(n => [n.getBoundingClientRect(), n.textContent || n.type, n.type])
              .filter(([box, , kind]) => kind !== "radio" && (box.width < 24 || box.height < 24))
              .map(([box, text]) => `${text} ${box.width}x${box.height}`)""")
        assert not small, (name, small[:5])


# --- light and dark, screen readers --------------------------------------------------------------


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize("path", pages())
def test_axe_finds_nothing_serious(read, path, mode):
    if not AXE.exists():
        pytest.fail("axe-core is missing: run `make assets`", pytrace=False)
    reader = read(path, color_scheme=mode, viewport={"width": 1000, "height": 700})
    reader.wake_all()
    for question in reader.page.locator(".lif-quiz .Quiz").all()[:2]:
        question.locator("label").first.click()
    fold = reader.page.locator("button.toggle-button")
    if fold.count():
        fold.first.click()
    reader.page.evaluate(AXE.read_text("utf-8"))
    found = reader.page.evaluate("axe.run({ resultTypes: ['violations'] })")
    serious = [
        f"{violation['id']} ({violation['impact']}): {node['html'][:160]} {node['failureSummary'][:200]}"
        for violation in found["violations"] if violation["impact"] in {"serious", "critical"}
        for node in violation["nodes"]
    ]
    assert not serious, "\n".join(serious[:8])


def test_dark_follows_the_reader(read):
    for mode, dark in (("light", False), ("dark", True)):
        reader = read(STRUCTURE, color_scheme=mode)
        reader.wake("sequence")
        brightness = reader.page.evaluate(
            "getComputedStyle(document.body).backgroundColor.match(/\\d+/g).map(Number)[0]")
        assert (brightness < 100) is dark
        ink = reader.page.evaluate(
            "getComputedStyle(document.querySelector('.lif-figure svg text')).fill.match(/\\d+/g).map(Number)[0]")
        assert (ink > 150) is dark


# --- without WebGL, without JavaScript, on paper -------------------------------------------------


def test_without_webgl_the_picture_stays_and_the_rest_works(browser, no_webgl, base):
    plain = browser.browser_type.launch(**no_webgl)
    try:
        reader = Reader(plain, base)
        reader.open(STRUCTURE)
        slot = reader.slot("lif")
        slot.scroll_into_view_if_needed()
        slot.locator("[data-state=failed]").wait_for()
        assert "cannot draw in 3D (WebGL is off or missing)" in slot.inner_text()
        picture = slot.locator(".lif-slot__poster")
        assert picture.is_visible()
        until(reader.page, lambda: picture.evaluate("n => n.complete && n.naturalWidth > 100"), "no picture")
        contacts = reader.slot("contacts")
        contacts.scroll_into_view_if_needed()
        slider = contacts.locator("input[type=range]")
        slider.wait_for()
        slider.press("Home")
        assert contacts.locator("[data-count=first]").inner_text() == "6"
        letter = reader.slot("sequence").locator(".lif-seq__letter").nth(177)
        letter.scroll_into_view_if_needed()
        letter.click()
        assert "Phe156 (UniProt 178)" in reader.slot("sequence").locator(".lif-seq__info").inner_text()
        assert not reader.log.troubles
        reader.close()
    finally:
        plain.close()


@pytest.mark.parametrize("path", CHAPTERS)
def test_without_javascript_everything_can_be_read(browser, base, path):
    reader = Reader(browser, base, java_script_enabled=False)
    page = reader.open(path)
    for slot in page.locator(".lif-slot").all():
        assert "comes alive with JavaScript" in slot.inner_text()
        if slot.get_attribute("data-kind") == "StructureViewer":
            slot.scroll_into_view_if_needed()
            picture = slot.locator(".lif-slot__poster")
            assert picture.is_visible() and len(picture.get_attribute("alt")) > 40
    for solution in page.locator(".solution").all():
        assert solution.locator("p").nth(1).is_visible()
    assert page.locator("figure.lif-figure svg").count() == page.locator("figure.lif-figure").count()
    reader.close()


def test_on_paper_pictures_stand_for_the_views(read):
    reader = read("chapters/overview.html")
    viewer = reader.viewer("first-look")
    reader.page.emulate_media(media="print")
    assert viewer.slot.locator(".lif-slot__poster").is_visible()
    assert not viewer.canvas.is_visible()
    pdf = reader.page.pdf(format="A4")
    assert pdf.startswith(b"%PDF") and 2 <= len(re.findall(rb"/Type\s*/Page\b", pdf)) <= 20


# --- bytes, and nothing that jumps ---------------------------------------------------------------


@pytest.mark.parametrize("path", CHAPTERS)
def test_bytes_of_a_chapter(browser, packed, path):
    # The Overview opens with a view in the first screen, whose code has to come at once.
    early = path == "chapters/overview.html"
    for used, limit in ((False, IN_ALL if early else BEFORE_SCROLL), (True, IN_ALL)):
        page = browser.new_page(viewport=bench.DESKTOP, reduced_motion="reduce")
        meter = bench.transferred(page, packed + path, used=used)
        page.close()
        print(f"{path} {'used' if used else 'before the first scroll'}: {meter.total:,} bytes")
        assert meter.total <= limit, f"{meter.total:,} bytes\n{meter.table()}"


@pytest.mark.parametrize("path", [p for p in pages() if p not in CHAPTERS])
def test_bytes_of_a_text_page(browser, packed, path):
    page = browser.new_page(viewport=bench.DESKTOP)
    meter = bench.transferred(page, packed + path, used=False)
    page.close()
    assert meter.total <= BEFORE_SCROLL, f"{meter.total:,} bytes\n{meter.table()}"


@pytest.mark.parametrize("width", ["wide", "narrow"])
@pytest.mark.parametrize("path", CHAPTERS)
def test_nothing_jumps_when_widgets_come_alive(read, path, width):
    reader = read(path, **posters.READERS[width])
    measured = SLOTS[path.removesuffix(".html")]
    for name in reader.wake_all():
        height = reader.slot(name).locator(".lif-slot__live").bounding_box()["height"]
        assert abs(height - measured[name][width]) <= 12, f"{name}: {height} px. Run `make posters`."


@pytest.mark.parametrize("path", CHAPTERS)
def test_the_pictures_show_the_first_scene_as_it_is_now(path):
    page = path.removesuffix(".html")
    fresh = posters.digests(page)
    stored = {name: slot["shows"] for name, slot in SLOTS[page].items() if "shows" in slot}
    assert stored == fresh, "a scene has changed: run `make posters`"
    for name in fresh:
        assert (SITE / "_lif" / "posters" / f"{name}.webp").stat().st_size > 5_000


# --- what fails ----------------------------------------------------------------------------------


def test_a_lost_state_file_is_said_and_the_page_goes_on(browser, base):
    reader = Reader(browser, base)
    reader.context.route(re.compile(r"_lif/chapters-.*\.json"), lambda route: route.abort())
    page = reader.open("chapters/overview.html")
    slot = reader.slot("first-look")
    slot.scroll_into_view_if_needed()
    until(page, lambda: "could not start" in slot.inner_text(), "nothing is said")
    assert "Reload the page" in slot.inner_text()
    assert slot.locator(".lif-slot__poster").is_visible()
    page.locator(".lif-quiz label").first.click()
    reader.close()


def test_a_lost_3dmol_is_said_and_the_picture_stays(browser, base):
    reader = Reader(browser, base)
    reader.context.route(re.compile(r"_lif/3Dmol"), lambda route: route.abort())
    reader.open("chapters/overview.html")
    slot = reader.slot("first-look")
    slot.scroll_into_view_if_needed()
    slot.locator("[data-state=failed]").wait_for()
    assert "could not start" in slot.inner_text()
    assert slot.locator(".lif-slot__poster").is_visible()
    reader.close()
