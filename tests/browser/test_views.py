"""The 3D views of the built site, used with a mouse."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator

import posters
import pytest
from PIL import Image
from playwright.sync_api import Browser, TimeoutError
from site_tools import OVERVIEW, SMALL, STRUCTURE, WATCH_CONTEXTS, Reader, Viewer, frames, until

Read = Callable[..., Reader]
Kept = Callable[[str], Reader]
#: All views of the book: (page, name).
VIEWERS = [(f"{page}.html", name) for page in posters.pages() for name in posters.digests(page)]
CODE = r"widgets-\w+\.(js|css)$|3Dmol-\w+\.js$|_lif/chapters-\w+-\w+\.json$"
NUMBERS = re.compile(
    r"[A-Z][a-z]{2}(\d+) \(UniProt (\d+)\), (human|mouse) (LIF|LIFR), chain [AB] of 2Q7N"
)


def test_nothing_is_loaded_before_it_comes_near(read: Read):
    reader = read(STRUCTURE)
    reader.page.wait_for_load_state("networkidle")
    slots = reader.page.locator(".lif-slot")
    nearest = slots.evaluate_all("all => Math.min(...all.map(s => s.getBoundingClientRect().top))")
    assert nearest > 900 + 500, "a slot is near the top: choose another page for this test"
    assert not reader.log.asked_for(CODE)
    assert not reader.log.asked_for(r"posters/")
    assert reader.page.locator(".lif-slot[data-state]").count() == 0

    reader.wake(slots.first.get_attribute("id"))
    assert reader.log.asked_for(r"widgets-\w+\.js$") and reader.log.asked_for(r"\.json$")
    assert all(reader.log.requests.count(path) == 1 for path in reader.log.asked_for(CODE))


@pytest.fixture(scope="module")
def counted(browser: Browser, base: str) -> Iterator[Reader]:
    """A page with four views, all awake, which counts its graphics contexts."""
    reader = Reader(browser, base, viewport=SMALL)
    reader.page.add_init_script(WATCH_CONTEXTS)
    reader.open(STRUCTURE)
    reader.wake_all()
    yield reader
    reader.close()
    assert not reader.log.troubles, "\n".join(reader.log.troubles)


def test_code_and_coordinates_are_fetched_once_for_all_viewers(counted: Reader):
    asked = counted.log.asked_for(CODE)
    assert len(asked) == len(set(asked)) == 4


def test_a_picture_stands_there_before(read: Read):
    reader = read("", viewport=SMALL)
    reader.page.route("**/3Dmol-*.js", lambda route: None)  # it never arrives
    reader.open(STRUCTURE)
    slot = reader.slot("complex")
    slot.scroll_into_view_if_needed()
    slot.and_(reader.page.locator("[data-state=live]")).wait_for()
    picture = slot.locator("img.lif-slot__poster")
    assert picture.is_visible()
    assert picture.evaluate("i => i.decode().then(() => i.naturalWidth)") > 300
    assert len(picture.get_attribute("alt")) > 30
    reader.page.unroute_all()


@pytest.mark.parametrize(("path", "name"), VIEWERS)
def test_every_scene_is_drawn(page_of: Kept, path: str, name: str):
    viewer = page_of(path).viewer(name)
    assert not viewer.slot.locator("img.lif-slot__poster").is_visible()
    captions, pictures = [], []
    scenes = viewer.scenes()
    assert len(scenes) >= 2
    for scene in [*scenes[1:], scenes[0]]:
        before = viewer.picture()
        viewer.scene_button(scene).click()
        viewer.wait_changed(before)
        assert viewer.root.get_attribute("data-scene") == scene
        pressed = viewer.slot.locator("button[data-scene][aria-pressed=true]")
        assert [b.get_attribute("data-scene") for b in pressed.all()] == [scene]
        assert viewer.drawn() > 0.01, f"{scene}: the canvas is empty"
        captions.append(viewer.caption.inner_text())
        pictures.append(viewer.picture())
    assert all(captions) and len(set(captions)) == len(scenes)
    assert viewer.caption.get_attribute("aria-live") == "polite"
    assert len(set(pictures)) == len(scenes), "two scenes look the same"


@pytest.mark.parametrize("path", sorted({path for path, _name in VIEWERS}))
def test_links_in_the_text_name_scenes_that_exist(page_of: Kept, path: str):
    reader = page_of(path)
    reader.wake_all()
    links = reader.page.locator("a.lif-scene").all()
    assert links
    for link in links:
        viewer, scene = link.get_attribute("data-viewer"), link.get_attribute("data-scene")
        assert link.get_attribute("href") == f"#{viewer}"
        button = reader.slot(viewer).locator(f"button[data-scene='{scene}']")
        assert button.count() == 1, f"#{viewer}:{scene}"


def test_a_link_in_the_text_wakes_its_viewer_and_leaves_a_way_back(read: Read):
    reader = read(STRUCTURE, viewport=SMALL)
    page = reader.page
    reader.page.wait_for_load_state("networkidle")
    link = page.locator("a.lif-scene[data-viewer=site][data-scene=phe156]").first
    link.evaluate(
        "link => link.click()"
    )  # from the top of the page, the viewer far away and asleep
    slot = reader.slot("site")
    slot.and_(page.locator("[data-drawn]")).wait_for()
    page.locator("#site .lif-viewer[data-scene=phe156]").wait_for()
    assert "Phe156" in slot.locator(".lif-viewer__caption").inner_text()
    until(
        page,
        lambda: -1 <= slot.bounding_box()["y"] <= SMALL["height"] * 0.5,
        "the viewer did not come into the window",
    )
    assert link.get_attribute("aria-current") == "true"

    back = page.get_by_role("button", name="Back to the text")
    assert back.count() == 1
    assert back.evaluate("b => b === document.activeElement")
    back.click()
    assert link.evaluate("a => a === document.activeElement")
    until(
        page,
        lambda: 0 <= link.bounding_box()["y"] <= SMALL["height"],
        "the link is not in the window",
    )
    assert back.count() == 0


def test_a_link_beside_its_viewer_changes_the_picture(first: Viewer):
    viewer = first
    link = viewer.page.locator("a.lif-scene[data-scene=domains]").first
    before, caption = viewer.picture(), viewer.caption.inner_text()
    link.click()
    viewer.wait_changed(before)
    assert viewer.root.get_attribute("data-scene") == "domains"
    assert viewer.caption.inner_text() != caption


def test_only_one_way_back_at_a_time(read: Read):
    reader = read(STRUCTURE, viewport=SMALL)
    for name in ("lif", "complex"):
        reader.page.locator(f"a.lif-scene[data-viewer={name}]").first.evaluate(
            "link => link.click()"
        )
        reader.slot(name).and_(reader.page.locator("[data-drawn]")).wait_for()
        assert reader.page.locator(".lif-slot__back").count() == 1


@pytest.mark.parametrize("motion", ["no-preference", "reduce"])
def test_the_camera_flies_unless_motion_is_reduced(read: Read, motion: str):
    """With motion the view is under way for 0.6 s; without, it jumps."""
    reader = read(OVERVIEW, viewport=SMALL, reduced_motion=motion)
    viewer = reader.viewer("first-look")
    clock = reader.page.clock  # time passes only as this test says
    clock.install()
    clock.pause_at(reader.page.evaluate("Date.now()") + 10_000)
    viewer.scene_button("interface").click()
    looks = []
    for pause in (100, 200, 600, 200):
        clock.run_for(pause)
        looks.append(viewer.look())
    early, under_way, there, later = looks
    assert there == later, "the view is still moving"
    if motion == "reduce":
        assert early == under_way == there
    else:
        assert len({early, under_way, there}) == 3


def test_hovering_names_the_residue_with_both_numbers(structure: Reader):
    viewer = structure.viewer("lif")
    viewer.home()
    viewer.scene_button("course").click()
    for x, y in viewer.spots():
        viewer.page.mouse.move(x, y)
        viewer.page.mouse.move(x + 1, y)
        try:
            viewer.page.wait_for_function(
                "hover => hover.textContent", arg=viewer.hover.element_handle(), timeout=1500
            )
        except TimeoutError:
            continue
        break
    said = NUMBERS.fullmatch(viewer.hover.inner_text())
    assert said, viewer.hover.inner_text()
    assert int(said[2]) - int(said[1]) == 22
    viewer.page.mouse.move(2, 2)
    until(
        viewer.page,
        lambda: viewer.hover.inner_text() == "",
        "the name stayed when the mouse had left",
    )


def click_an_atom(reader: Reader, name: str, scene: str) -> tuple[str, str]:
    """Click on what a viewer shows until a residue is picked; its molecule and number."""
    viewer = reader.viewer(name)
    viewer.home()
    viewer.scene_button(scene).click()
    viewer.stage.scroll_into_view_if_needed()
    for x, y in viewer.spots():
        viewer.page.mouse.click(x, y)
        viewer.page.mouse.move(1, 1)  # or it says what the mouse is over
        frames(viewer.page, 3)
        said = re.fullmatch(f"Picked: {NUMBERS.pattern}", viewer.hover.inner_text())
        if said:
            return said[4], said[1]
    raise AssertionError("no click picked an atom")


def test_a_clicked_atom_is_shown_by_the_sequence_and_back(structure: Reader):
    reader = structure
    strip = reader.wake("sequence")
    molecule, number = click_an_atom(reader, "lif", "fold")
    assert molecule == "LIF"
    pressed = strip.locator(".lif-seq__letter[aria-pressed=true]")
    assert pressed.get_attribute("data-id") == f"2Q7N:B:{number}"
    assert f"(UniProt {int(number) + 22})" in strip.locator(".lif-seq__info").inner_text()

    viewer = reader.viewer("lif")
    before = viewer.picture()
    letter = strip.locator("[data-id='2Q7N:B:100']")
    letter.click()
    viewer.wait_changed(before)
    assert viewer.hover.inner_text().startswith("Picked: Asp100 (UniProt 122), human LIF")
    # picked once more, it is let go
    letter.click()
    until(reader.page, lambda: viewer.hover.inner_text() == "", "still picked")
    assert strip.locator(".lif-seq__letter[aria-pressed=true]").count() == 0


def test_a_letter_that_was_cut_off_says_so(structure: Reader):
    strip = structure.wake("sequence")
    strip.locator(".lif-seq__letter").first.click()
    assert "not in the structure" in strip.locator(".lif-seq__info").inner_text()
    assert strip.locator(".lif-seq__letter[aria-pressed=true]").count() == 0


def test_a_clicked_atom_is_shown_by_table_and_chips_and_back(structure: Reader):
    reader = structure
    chips, table = reader.wake("contacts"), reader.wake("buried")
    viewer = reader.viewer("site")

    # a row shows it in 3D, and its chip is pressed too
    before = viewer.picture()
    table.locator("tr[data-id='2Q7N:B:156'] button").click()
    viewer.wait_changed(before)
    assert viewer.hover.inner_text().startswith("Picked: Phe156 (UniProt 178), human LIF")
    chip = chips.locator("button[aria-pressed=true]")
    assert chip.inner_text() == "Phe156"
    assert table.locator("tr[data-picked]").get_attribute("data-id") == "2Q7N:B:156"

    # a chip moves it elsewhere
    before = viewer.picture()
    chips.get_by_role("button", name=re.compile("^Lys159 ")).click()
    viewer.wait_changed(before)
    assert viewer.hover.inner_text().startswith("Picked: Lys159 (UniProt 181)")
    assert table.locator("tr[data-picked]").get_attribute("data-id") == "2Q7N:B:159"

    # an atom shows its row and its chip, where it has one
    molecule, number = click_an_atom(reader, "site", "buried")
    if molecule == "LIF":
        row = table.locator(f"tr[data-id='2Q7N:B:{number}']")
        assert row.count() == 0 or row.get_attribute("data-picked") is not None
    assert table.locator("tr[data-picked]").count() <= 1

    viewer.button("Reset").click()
    until(reader.page, lambda: viewer.hover.inner_text() == "", "reset left something picked")
    assert table.locator("tr[data-picked]").count() == 0
    assert chips.locator("button[aria-pressed=true]").count() == 0


def test_turning_with_the_mouse_and_reset(first: Viewer):
    viewer = first
    before = viewer.picture()
    x, y = viewer.middle()
    viewer.page.mouse.move(x, y)
    viewer.page.mouse.down()
    viewer.page.mouse.move(x + 90, y + 40, steps=4)
    viewer.page.mouse.up()
    viewer.wait_changed(before, by=0.02)
    viewer.button("Reset").click()
    viewer.wait_same(before)


def test_it_spins_only_when_asked(first: Viewer):
    viewer = first
    spin = viewer.button("Spin")
    assert spin.get_attribute("aria-pressed") == "false"
    before = viewer.picture()
    frames(viewer.page, 20)
    assert viewer.changed(before) == 0
    spin.click()
    assert spin.get_attribute("aria-pressed") == "true"
    viewer.wait_changed(before, by=0.01)
    spin.click()
    assert spin.get_attribute("aria-pressed") == "false"
    now = viewer.picture()
    frames(viewer.page, 20)
    assert viewer.changed(now) == 0


def test_it_stops_spinning_out_of_sight(first: Viewer):
    viewer = first
    viewer.button("Spin").click()
    viewer.page.mouse.move(500, 20)
    viewer.page.evaluate("scrollTo({ top: 0, behavior: 'instant' })")
    viewer.page.wait_for_function(
        "button => button.getAttribute('aria-pressed') === 'false'",
        arg=viewer.button("Spin").element_handle(),
    )


def test_full_screen(first: Viewer):
    viewer = first
    page = viewer.page
    height = viewer.stage.bounding_box()["height"]
    viewer.button("Full screen").click()
    page.wait_for_function("document.fullscreenElement?.matches('.lif-viewer')")
    leave = viewer.slot.get_by_role("button", name="Leave full screen")
    leave.wait_for()
    assert viewer.stage.bounding_box()["height"] > height
    until(page, lambda: viewer.canvas.bounding_box()["height"] > height, "the canvas stayed small")
    assert viewer.drawn() > 0.01
    # scenes and caption are there too, and within the screen
    for part in (viewer.caption, viewer.scene_button("domains"), leave):
        box = part.bounding_box()
        assert box["y"] >= 0
        assert box["y"] + box["height"] <= page.evaluate("innerHeight") + 1
    leave.click()
    page.wait_for_function("!document.fullscreenElement")
    viewer.button("Full screen").wait_for()
    until(page, lambda: abs(viewer.stage.bounding_box()["height"] - height) < 2, "it stayed large")


def test_the_saved_picture_is_not_blank(first: Viewer):
    viewer = first
    viewer.scene_button("domains").click()
    viewer.settle()
    with viewer.page.expect_download() as download:
        viewer.button("Save picture").click()
    assert download.value.suggested_filename == "first-look-domains.png"
    picture = Image.open(io.BytesIO(download.value.path().read_bytes()))
    assert picture.format == "PNG"
    box = viewer.stage.bounding_box()
    assert picture.width >= box["width"] - 2
    assert picture.height >= box["height"] - 2
    alpha = picture.convert("RGBA").getchannel("A")
    drawn = sum(alpha.histogram()[9:]) / (picture.width * picture.height)
    assert drawn > 0.01
    assert len(picture.convert("RGB").getcolors(maxcolors=1 << 24)) > 50


def test_the_wheel_scrolls_the_page_until_the_view_has_the_focus(first: Viewer):
    viewer = first
    page = viewer.page
    before = viewer.picture()
    x, y = viewer.middle()
    start = page.evaluate("scrollY")
    page.mouse.move(x, y)
    page.mouse.wheel(0, 60)
    page.wait_for_function("start => scrollY !== start", arg=start)
    assert viewer.changed(before) == 0, "the passing wheel zoomed the model"

    viewer.stage.scroll_into_view_if_needed()
    viewer.stage.focus()
    page.mouse.move(*viewer.middle())
    start = page.evaluate("scrollY")
    page.mouse.wheel(0, 120)
    viewer.wait_changed(before, by=0.01)
    assert page.evaluate("scrollY") == start, "the page scrolled as well"


def test_the_views_of_a_page_take_one_graphics_context(counted: Reader):
    """A browser gives a page few of them (Chromium on a phone eight), then takes the oldest away."""
    assert counted.page.locator(".lif-slot[data-drawn]").count() == 4
    assert counted.page.evaluate("contexts.filter(gl => !gl.isContextLost()).length") == 1


def test_the_picture_comes_back_when_the_graphics_were_lost(read: Read):
    """A phone takes the graphics away from a page in the background."""
    reader = read("", viewport=SMALL)
    page = reader.page
    page.add_init_script(WATCH_CONTEXTS)
    reader.open(OVERVIEW)
    viewer = reader.viewer("first-look")
    viewer.scene_button("domains").click()
    before = viewer.picture()
    for _ in range(2):
        page.evaluate(
            "contexts.filter(gl => !gl.isContextLost())"
            ".forEach(gl => gl.getExtension('WEBGL_lose_context').loseContext())"
        )
        page.wait_for_function("contexts.some(gl => !gl.isContextLost())")
        viewer.wait_same(before)
        assert viewer.canvas.get_attribute("aria-hidden") == "true"
    viewer.scene_button("interface").click()
    viewer.wait_changed(before, by=0.02)
    assert viewer.drawn() > 0.01
