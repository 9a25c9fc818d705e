"""Readers who lack something: WebGL, JavaScript, a screen (paper), a file that did not arrive."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import browser as browser_tools
import posters
import pytest
from playwright.sync_api import Browser, Page
from site_tools import OVERVIEW, SMALL, STRUCTURE, WATCH_CONTEXTS, Reader, pages, states, until

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
        assert (
            "cannot draw in 3D (WebGL is off or missing)" in slot.get_by_role("status").inner_text()
        )
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
    until(
        flat.page, lambda: "glycans" in caption.inner_text(), "the link does not change the caption"
    )

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


# --- WebGL that does not come, or breaks --------------------------------------------------------

#: Takes WebGL from one kind of canvas, as WebKitGTK does (and Safari 16).
NO_CONTEXT = """
{
  const before = %s.prototype.getContext;
  %s.prototype.getContext = function (kind, ...more) {
    return /webgl/.test(kind) ? null : before.call(this, kind, ...more);
  };
}
"""
NOT_HIDDEN, NOT_SHOWN = (
    NO_CONTEXT % (kind, kind) for kind in ("OffscreenCanvas", "HTMLCanvasElement")
)
#: Changes what 3Dmol.js gives to the page. `made` is what createViewer does with the view it made.
CHANGED = """
{
  let library;
  Object.defineProperty(globalThis, "$3Dmol", { get: () => library, set: (value) => {
    library = new Proxy(value, { get: (target, key) => key !== "createViewer" ? target[key] : (...given) => {
      const view = (globalThis.view = target.createViewer(...given));
      %s
      return view;
    } });
  } });
}
"""


@pytest.fixture
def odd(browser: Browser, base: str) -> Iterator[Callable[..., Reader]]:
    """Opens the Overview page in a browser that a script has changed; its log is the test's to look at."""
    readers: list[Reader] = []

    def opened(*scripts: str) -> Reader:
        readers.append(Reader(browser, base, viewport=SMALL))
        for script in scripts:
            readers[-1].page.add_init_script(script)
        readers[-1].open(OVERVIEW)
        readers[-1].slot("first-look").scroll_into_view_if_needed()
        return readers[-1]

    yield opened
    for reader in readers:
        reader.close()


def still_useful(reader: Reader, why: str) -> None:
    """The picture and the reason are there, nothing is dead, captions follow buttons and links."""
    slot = reader.slot("first-look")
    slot.locator(".lif-viewer[data-state=failed]").wait_for()
    said = slot.get_by_role("status").inner_text()
    assert why in said and "undefined" not in said, said
    [state] = [state for state in states(OVERVIEW) if state["name"] == "first-look"]
    assert said.endswith(f"The picture above shows “{state['scenes'][0]['label']}”."), said
    picture = slot.locator(".lif-slot__poster")
    picture.evaluate("image => image.decode()")
    top, frame = picture.bounding_box(), slot.locator(".lif-viewer").bounding_box()
    assert (
        picture.is_visible() and top["height"] > 200 and top["y"] + top["height"] <= frame["y"] + 1
    )
    assert slot.locator(".lif-viewer__frame").bounding_box()["height"] < 120, "an empty box"
    assert not slot.locator("canvas, .lif-viewer__stage, .lif-viewer__touch").count()
    names = slot.locator("button:visible").evaluate_all(
        "list => list.map(one => one.dataset.scene ?? one.textContent)"
    )
    captions = {scene["name"]: scene["caption"] for scene in state["scenes"]}
    assert sorted(names) == sorted(captions), "a button that does nothing"
    caption = slot.locator(".lif-viewer__caption")
    for name in captions:
        slot.locator(f"button[data-scene={name}]").click()
        assert caption.inner_text() == captions[name]
    link = reader.page.locator("a.lif-scene[data-viewer=first-look]").first
    link.click()
    until(
        reader.page,
        lambda: caption.inner_text() == captions[link.get_attribute("data-scene")],
        "the link does not change the caption",
    )
    assert not [trouble for trouble in reader.log.troubles if "page error" in trouble]


def test_without_webgl_on_a_hidden_canvas_the_view_draws_on_the_page_s(odd: Callable[..., Reader]):
    reader = odd(NOT_HIDDEN, WATCH_CONTEXTS)
    viewer = reader.viewer("first-look")
    assert viewer.drawn() > 0.02
    assert viewer.canvas.get_attribute("aria-hidden") == "true"
    assert reader.page.evaluate("typeof OffscreenCanvas") == "function", (
        "taken from the other scripts of the page"
    )
    viewer.scene_button("domains").click()
    before = viewer.picture()
    viewer.scene_button("interface").click()
    viewer.wait_changed(before, by=0.02)
    before = viewer.picture()
    viewer.stage.focus()
    reader.page.keyboard.press("ArrowRight")
    viewer.wait_changed(before, by=0.01)
    with reader.page.expect_download() as saved:
        viewer.button("Save picture").click()
    assert saved.value.path().stat().st_size > 5000
    # another size, and the graphics lost: it goes on as it does on the hidden canvas
    reader.page.set_viewport_size({"width": 800, "height": 560})
    viewer.scene_button("domains").click()
    viewer.settle()
    before = viewer.picture()
    reader.page.evaluate(
        "contexts.filter(gl => !gl.isContextLost())"
        ".forEach(gl => gl.getExtension('WEBGL_lose_context').loseContext())"
    )
    reader.page.wait_for_function("contexts.some(gl => !gl.isContextLost())")
    viewer.wait_same(before)
    assert reader.page.evaluate("contexts.filter(gl => !gl.isContextLost()).length") == 1
    assert not reader.log.troubles, reader.log.troubles


def test_a_browser_without_hidden_canvases_draws_too(odd: Callable[..., Reader]):
    reader = odd("delete globalThis.OffscreenCanvas;")
    assert reader.viewer("first-look").drawn() > 0.02
    assert not reader.log.troubles, reader.log.troubles


def test_without_webgl_on_any_canvas_a_sentence_says_so(odd: Callable[..., Reader]):
    reader = odd(NOT_HIDDEN, NOT_SHOWN)
    still_useful(reader, "cannot draw in 3D (WebGL is off or missing)")
    assert not reader.log.asked_for("3Dmol") and not reader.log.troubles


@pytest.mark.parametrize(
    ("made", "why"),
    [
        (
            "throw 'error creating viewer: TypeError: null is not an object';",
            "null is not an object",
        ),
        ("view.setStyle = () => { throw new Error('no style today'); };", "no style today"),
        (
            "view.getView = () => { throw new Error('no camera.'); };",
            "could not start: no camera. Reload",
        ),
    ],
    ids=["createViewer", "first paint", "camera"],
)
def test_a_view_that_breaks_at_the_start_says_why_and_the_picture_stays(
    odd: Callable[..., Reader], made: str, why: str
):
    still_useful(odd(CHANGED % made), why)


def test_a_view_that_cannot_draw_anew_gives_the_picture_back(odd: Callable[..., Reader]):
    reader = odd(WATCH_CONTEXTS, CHANGED % "")
    viewer = reader.viewer("first-look")
    viewer.button("Spin").click()
    reader.page.evaluate("""() => {
      view.resize = () => { throw new Error("the graphics did not come back"); };
      contexts.at(-1).getExtension("WEBGL_lose_context").loseContext();
    }""")
    still_useful(reader, "the graphics did not come back")


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
    assert all(
        figure.is_visible() for figure in [*figures.all(), *page.locator("article table").all()]
    )
    for quiz in page.locator(".lif-quiz").all():
        assert "JavaScript" in quiz.inner_text(), "an empty place where the questions would be"


@pytest.mark.parametrize("path", ["intro.html", STRUCTURE])
def test_without_javascript_the_page_has_its_colours(scriptless: Callable[[str], Page], path: str):
    page = scriptless(path)
    link = page.locator("article a.reference").first
    plain = page.locator("article p").first
    assert link.evaluate("a => getComputedStyle(a).color") != plain.evaluate(
        "p => getComputedStyle(p).color"
    )
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
    for part in (
        ".bd-sidebar-primary",
        ".bd-header-article",
        "#pst-search-dialog",
        ".prev-next-footer",
    ):
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


@pytest.mark.parametrize(
    "missing",
    [
        r"_lif/chapters-.*\.json",
        r"_lif/widgets-.*\.js",
        r"_lif/viewer-.*\.js",
        r"_lif/shared-.*\.js",
    ],
)
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
    until(
        page,
        lambda: len(page.locator(".lif-quiz__said").first.inner_text()) > 15,
        "the quiz is dead too",
    )


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


@pytest.mark.parametrize("missing", [r"_lif/chapters-.*\.json", r"_lif/viewer-.*\.js"])
def test_a_second_try_after_a_lost_file_succeeds(lame: Callable[[str], Reader], missing: str):
    """The line was down for a moment: the next widget, or a link in the text, tries again."""
    reader = lame(missing)
    page = reader.page
    page.locator("#first-look[data-state=failed]").wait_for()
    reader.context.unroute_all()
    page.locator("a.lif-scene[data-scene=domains]").first.click()
    page.locator("#first-look[data-state=live][data-drawn]").wait_for()
    page.locator("#first-look .lif-viewer[data-scene=domains]").wait_for()
