"""What a page costs its reader, in bytes; and that its pictures are those of its scenes."""

from __future__ import annotations

import posters
import pytest
from playwright.sync_api import Browser
from site_tools import NEAR, ONE_SAMPLE, SITE, SLOTS, SMALL, Reader, pages
from support.measuring import DESKTOP, Meter, use_everything

CHAPTERS = [f"{page}.html" for page in posters.pages()]
BEFORE_SCROLL, IN_ALL = 350_000, 1_200_000


@pytest.mark.parametrize("path", pages())
def test_bytes_of_a_page(browser: Browser, packed: str, path: str):
    page = browser.new_page(viewport=DESKTOP, reduced_motion="reduce")
    page.add_init_script(ONE_SAMPLE)
    meter = Meter(page)
    page.goto(packed + path, wait_until="networkidle")
    start = meter.total
    # A widget that stands in or near the first screen has to come at once, and no other.
    slots = page.locator(".lif-slot")
    awake = slots.and_(page.locator("[data-state]")).evaluate_all("all => all.map(slot => slot.id)")
    first = slots.evaluate_all(
        "(all, near) => all.filter(s => s.getBoundingClientRect().top < innerHeight + near).map(s => s.id)",
        NEAR,
    )
    assert awake == first
    assert start <= (IN_ALL if first else BEFORE_SCROLL), f"{start:,} bytes\n{meter.table()}"
    page.set_viewport_size(SMALL)  # from here on only bytes count, and small views are drawn sooner
    use_everything(page)
    page.close()
    assert meter.total <= IN_ALL, f"{meter.total:,} bytes\n{meter.table()}"


@pytest.mark.parametrize("path", CHAPTERS)
def test_pictures_show_the_first_scene_as_it_is_now(path: str):
    page = path.removesuffix(".html")
    stored = {name: slot["shows"] for name, slot in SLOTS[page].items() if "shows" in slot}
    assert stored == posters.digests(page), "a scene has changed: run `make posters`"
    for name in stored:
        assert (SITE / "_lif" / "posters" / f"{name}.webp").stat().st_size > 5_000


def test_all_places_are_measured(base: str, browser: Browser):
    reader = Reader(browser, base)
    for path in CHAPTERS:
        reader.open(path)
        names = {slot.get_attribute("id") for slot in reader.page.locator(".lif-slot").all()}
        assert set(SLOTS[path.removesuffix(".html")]) == names, "run `make posters`"
    reader.close()
