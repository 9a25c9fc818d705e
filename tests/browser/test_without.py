"""Readers who lack something: WebGL, JavaScript, a screen (paper), a file that did not arrive."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import browser as browser_tools
import posters
import pytest
from playwright.sync_api import Browser, Page
from site_tools import OVERVIEW, STRUCTURE, Reader, pages, until

from lifbook import data, structure

Read = Callable[..., Reader]
CHAPTERS = [f"{page}.html" for page in posters.pages()]


# --- no WebGL ------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def no_webgl() -> dict:
    """Launch options of a Chromium without 3D; asked for before any browser runs."""
    return browser_tools.options(webgl=False)


@pytest.fixture(scope="module")
def flat(no_webgl: dict, browser: Browser, base: str) -> Iterator[Reader]:
    """The Structure page in a Chromium that cannot draw in 3D, all widgets awake."""
    plain = browser.browser_type.launch(**no_webgl)
    reader = Reader(plain, base)
    page = reader.open(STRUCTURE)
    for slot in page.locator(".lif-slot").all():
        slot.scroll_into_view_if_needed()
        slot.and_(page.locator("[data-state=live]")).wait_for()
        if slot.get_attribute("data-kind") == "StructureViewer":
            slot.locator(".lif-viewer[data-state=failed]").wait_for()
    yield reader
    plain.close()


def test_without_webgl_pictures_stay_and_a_sentence_says_why(flat: Reader):
    for name in ("lif", "laid", "complex", "site"):
        slot = flat.slot(name)
        slot.scroll_into_view_if_needed()
        picture = slot.locator(".lif-slot__poster")
        assert picture.is_visible()
        assert picture.evaluate("i => i.decode().then(() => i.naturalWidth)") > 300
        assert "cannot draw in 3D (WebGL is off or missing)" in slot.get_by_role("status").inner_text()
        assert slot.locator("canvas").count() == 0
        assert not slot.get_by_role("button", name="Save picture").count()
        # the picture covers neither the sentence nor the buttons
        box = picture.bounding_box()
        assert box["y"] + box["height"] <= slot.locator(".lif-viewer").bounding_box()["y"] + 1
    assert not flat.log.asked_for("3Dmol"), "half a megabyte for nothing"
    assert not flat.log.troubles


def test_without_webgl_captions_and_widgets_work(flat: Reader):
    viewer = flat.slot("complex")
    caption = viewer.locator(".lif-viewer__caption")
    said = caption.inner_text()
    viewer.locator("button[data-scene=d3]").click()
    assert caption.inner_text() != said
    flat.page.locator("a.lif-scene[data-viewer=complex][data-scene=glycans]").first.click()
    until(flat.page, lambda: "glycans" in caption.inner_text(), "the link does not change the caption")

    contacts = flat.slot("contacts")
    contacts.locator("input[type=range]").press("Home")
    entry = data.read_structure("2Q7N")
    lif, lifr = structure.get_chain(entry, "B"), structure.get_chain(entry, "A")
    expected = structure.contact_counts(lif, lifr, [3.0])[["a", "b", "pairs"]].iloc[0].tolist()
    assert [int(text) for text in contacts.locator("[data-count]").all_inner_texts()] == expected
    strip = flat.slot("sequence")
    strip.locator("[data-id='2Q7N:B:156']").click()
    assert "Phe156 (UniProt 178)" in strip.locator(".lif-seq__info").inner_text()
    table = flat.slot("buried")
    table.locator("tr[data-id='2Q7N:B:156'] button").click()
    assert table.locator("tr[data-picked]").get_attribute("data-id") == "2Q7N:B:156"
    assert not flat.log.troubles


# --- no JavaScript -------------------------------------------------------------------------------


@pytest.fixture
def scriptless(browser: Browser, base: str) -> Iterator[Callable[[str], Page]]:
    """Opens pages in a browser without JavaScript."""
    reader = Reader(browser, base, java_script_enabled=False)
    yield reader.open
    reader.close()
    assert not reader.log.troubles


@pytest.mark.parametrize("path", CHAPTERS)
def test_without_javascript_everything_can_be_read(scriptless: Callable[[str], Page], path: str):
    page = scriptless(path)
    for slot in page.locator(".lif-slot").all():
        slot.scroll_into_view_if_needed()
        assert "comes alive with JavaScript" in slot.locator(".lif-slot__note").inner_text()
        if slot.get_attribute("data-kind") == "StructureViewer":
            picture = slot.locator(".lif-slot__poster")
            assert picture.is_visible()
            assert len(picture.get_attribute("alt")) > 40
    for solution in page.locator(".solution").all():
        assert solution.locator("p").nth(1).is_visible(), "a solution cannot be opened"
    figures = page.locator("figure.lif-figure")
    assert figures.locator("svg").count() == figures.count()
    assert all(figure.is_visible() for figure in [*figures.all(), *page.locator("article table").all()])
    for quiz in page.locator(".lif-quiz").all():
        assert "JavaScript" in quiz.inner_text(), "an empty place where the questions would be"


@pytest.mark.parametrize("path", ["intro.html", STRUCTURE])
def test_without_javascript_the_page_has_its_colours(scriptless: Callable[[str], Page], path: str):
    page = scriptless(path)
    link = page.locator("article a.reference").first
    plain = page.locator("article p").first
    assert link.evaluate("a => getComputedStyle(a).color") != plain.evaluate("p => getComputedStyle(p).color")
    assert page.locator(".search-button-field:visible").count() == 0, "a button that does nothing"


# --- paper ---------------------------------------------------------------------------------------

CLIPPED = """
() => [...document.querySelectorAll("article *")].filter((node) => {
  if (!node.checkVisibility() || node.closest("svg")) return false;
  const style = getComputedStyle(node);
  if (style.position === "absolute" || style.clipPath !== "none") return false; // for screen readers only
  const cut = (kind) => /auto|scroll|hidden|clip/.test(kind);
  return (cut(style.overflowX) && node.scrollWidth > node.clientWidth + 2)
    || (cut(style.overflowY) && node.scrollHeight > node.clientHeight + 2)
    || node.getBoundingClientRect().right > innerWidth + 1;
}).map((node) => `${node.tagName}.${node.className} ${node.textContent.trim().slice(0, 60)}`)
"""


@pytest.mark.parametrize("path", [path for path in pages() if path.startswith("chapters/")])
def test_on_paper_nothing_is_cut_off(read: Read, path: str):
    reader = read(path, viewport={"width": 760, "height": 1000})  # A4 less its margins
    page = reader.page
    names = reader.wake_all()
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    for name in names:
        slot = reader.slot(name)
        if slot.get_attribute("data-kind") == "StructureViewer":
            assert slot.locator(".lif-slot__poster").is_visible()
            assert not slot.locator("canvas").is_visible()
            assert slot.locator(".lif-viewer__caption").is_visible()
            assert not slot.locator(".lif-viewer__tools").is_visible()
    clipped = page.evaluate(CLIPPED)
    assert not clipped, clipped[:6]
    for part in (".bd-sidebar-primary", ".bd-header-article", "#pst-search-dialog", ".prev-next-footer"):
        assert not page.locator(part).first.is_visible(), f"{part} is printed"
    page.emulate_media(media="screen")
    for canvas in page.locator(".lif-viewer canvas").all():
        canvas.wait_for(state="visible")


def test_the_chapter_prints(read: Read):
    """As it is opened, without a scroll: the pictures are on paper all the same."""
    page = read(STRUCTURE).page
    page.wait_for_load_state("networkidle")
    pdf = page.pdf(format="A4")
    assert pdf.startswith(b"%PDF")
    assert 15 <= len(re.findall(rb"/Type\s*/Page\b", pdf)) <= 50
    assert len(re.findall(rb"/Subtype\s*/Image", pdf)) >= 4, "the pictures of the views are missing"


def test_folded_solutions_are_printed_and_folded_again(read: Read):
    page = read(STRUCTURE).page
    folded = page.locator(".solution.toggle-hidden")
    count = folded.count()
    assert count >= 6
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    for solution in page.locator(".solution").all():
        assert solution.locator("p").nth(1).is_visible()
    page.emulate_media(media="screen")
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert folded.count() == count


# --- a file that did not arrive ------------------------------------------------------------------


@pytest.fixture
def lame(browser: Browser, base: str) -> Iterator[Callable[[str], Reader]]:
    """Opens the Overview page where some file does not arrive; nothing else may go wrong."""
    readers: list[Reader] = []

    def opened(missing: str) -> Reader:
        reader = Reader(browser, base)
        readers.append(reader)
        reader.context.route(re.compile(missing), lambda route: route.abort())
        reader.open(OVERVIEW)
        reader.slot("first-look").scroll_into_view_if_needed()
        return reader

    yield opened
    for reader in readers:
        reader.close()
        assert not [t for t in reader.log.troubles if not ("failed: " in t or "ERR_FAILED" in t)]


@pytest.mark.parametrize("missing", [r"_lif/chapters-.*\.json", r"_lif/widgets-.*\.js"])
def test_a_lost_file_of_the_widgets_is_said_and_the_page_goes_on(
    lame: Callable[[str], Reader], missing: str
):
    reader = lame(missing)
    page, slot = reader.page, reader.slot("first-look")
    page.locator("#first-look[data-state=failed]").wait_for()
    assert "could not start" in slot.inner_text()
    assert "Reload the page" in slot.inner_text()
    assert slot.locator(".lif-slot__poster").is_visible()
    page.locator("a.lif-scene").first.click()  # does not get far, and does no harm
    page.locator(".lif-quiz label").first.click()
    until(page, lambda: len(page.locator(".Feedback").first.inner_text()) > 15, "the quiz is dead too")


def test_a_lost_3dmol_is_said_and_the_picture_stays(lame: Callable[[str], Reader]):
    reader = lame(r"_lif/3Dmol")
    slot = reader.slot("first-look")
    slot.locator(".lif-viewer[data-state=failed]").wait_for()
    assert "could not start" in slot.inner_text()
    assert slot.locator(".lif-slot__poster").is_visible()
    caption = slot.locator(".lif-viewer__caption")
    said = caption.inner_text()
    slot.locator("button[data-scene=domains]").click()
    assert caption.inner_text() != said


def test_a_second_try_after_a_lost_file_succeeds(lame: Callable[[str], Reader]):
    """The line was down for a moment: the next widget, or a link in the text, tries again."""
    reader = lame(r"_lif/chapters-.*\.json")
    page = reader.page
    page.locator("#first-look[data-state=failed]").wait_for()
    reader.context.unroute_all()
    page.locator("a.lif-scene[data-scene=domains]").first.click()
    page.locator("#first-look[data-state=live][data-drawn]").wait_for()
    page.locator("#first-look .lif-viewer[data-scene=domains]").wait_for()
