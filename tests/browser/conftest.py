"""Servers, browsers and readers for the tests of the built site."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import browser as browser_tools
import pytest

sys.path.insert(0, str(Path(__file__).parent))  # for site_tools, whatever pytest's import mode

from playwright.sync_api import Browser
from site_tools import OVERVIEW, PHONE, SITE, SMALL, STRUCTURE, Reader, Viewer, pages
from support.serving import Packing, served

#: Files that take longest, which are begun first: of two processes none then ends long before the other.
LONG = ("test_truth", "test_views", "test_keyboard", "test_bytes", "test_desk", "test_quizzes")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder drives a browser."""
    for item in items:
        if "tests/browser" in item.path.as_posix():
            item.add_marker(pytest.mark.browser)
    items.sort(key=lambda item: LONG.index(item.path.stem) if item.path.stem in LONG else len(LONG))


@pytest.fixture(scope="session")
def base() -> Iterator[str]:
    """Address of the built site."""
    if not (SITE / "index.html").exists():
        pytest.fail("the site is not built: run `make book`", pytrace=False)
    with served() as address:
        yield address


@pytest.fixture(scope="session")
def packed() -> Iterator[str]:
    """Address of the built site, compressed as a public host does it."""
    with served(Packing) as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A Chromium that draws in 3D; a new one for each file, so that none grows old."""
    with browser_tools.chromium() as running:
        yield running


@pytest.fixture
def read(browser: Browser, base: str) -> Iterator[Callable[..., Reader]]:
    """Makes readers, and sends them away after the test. Nothing may have gone wrong in a page."""
    readers: list[Reader] = []

    def reader(path: str = "", **options: Any) -> Reader:
        readers.append(Reader(browser, base, **options))
        if path:
            readers[-1].open(path)
        return readers[-1]

    yield reader
    troubles = [trouble for one in readers for trouble in one.log.troubles]
    for one in readers:
        one.close()
    assert not troubles, "\n".join(troubles)


@pytest.fixture(scope="module")
def kept(browser: Browser, base: str) -> Iterator[Callable[[str], Reader]]:
    """Readers of a small window who keep their page open through the tests of a file."""
    readers: dict[str, Reader] = {}

    def reader(path: str) -> Reader:
        if path not in readers:
            readers[path] = Reader(browser, base, viewport=SMALL)
            readers[path].open(path)
        return readers[path]

    yield reader
    for one in readers.values():
        one.close()


def calm(reader: Reader) -> Iterator[Reader]:
    """The reader, whose page must have gone without trouble in this test."""
    reader.log.troubles.clear()
    yield reader
    assert not reader.log.troubles, "\n".join(reader.log.troubles)


@pytest.fixture
def page_of(kept: Callable[[str], Reader]) -> Iterator[Callable[[str], Reader]]:
    """Any page, as earlier tests of the file left it; it must go without trouble in this test."""
    used: list[Reader] = []

    def reader(path: str) -> Reader:
        used.append(kept(path))
        used[-1].log.troubles.clear()
        return used[-1]

    yield reader
    troubles = [trouble for one in used for trouble in one.log.troubles]
    assert not troubles, "\n".join(troubles)


@pytest.fixture
def structure(kept: Callable[[str], Reader]) -> Iterator[Reader]:
    """The Structure page, as earlier tests of the file left it."""
    yield from calm(kept(STRUCTURE))


@pytest.fixture
def overview(kept: Callable[[str], Reader]) -> Iterator[Reader]:
    """The Overview page, as earlier tests of the file left it."""
    yield from calm(kept(OVERVIEW))


@pytest.fixture
def first(overview: Reader) -> Viewer:
    """The viewer of the Overview page, awake, in its first scene and as it was drawn at first."""
    viewer = overview.viewer("first-look")
    viewer.home()
    return viewer


#: Adds up how far things jump while the page is read, as browsers do (0.1 is the limit of "good").
SHIFTS = """
globalThis.shifts = [];
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) {
    if (!entry.hadRecentInput) shifts.push([entry.value, entry.sources.map((one) => one.node?.className)]);
  }
}).observe({ type: "layout-shift", buffered: true });
"""


def all_awake(browser: Browser, base: str, path: str, **options: Any) -> Iterator[Reader]:
    """A page that was read from top to bottom, so that all its widgets are awake."""
    reader = Reader(browser, base, **options)
    reader.page.add_init_script(SHIFTS)
    reader.open(path)
    reader.wake_all()
    yield reader
    reader.close()
    assert not reader.log.troubles, "\n".join(reader.log.troubles)


#: index.html only leads on to intro.html: a page that is leaving cannot be examined.
PAGES = [path for path in pages() if path != "index.html"]


@pytest.fixture(scope="module", params=PAGES)
def desk(browser: Browser, base: str, request: pytest.FixtureRequest) -> Iterator[Reader]:
    """Each page in turn on a wide screen, all widgets awake."""
    yield from all_awake(browser, base, request.param)


@pytest.fixture(scope="module", params=PAGES)
def phone(browser: Browser, base: str, request: pytest.FixtureRequest) -> Iterator[Reader]:
    """Each page in turn on a phone, all widgets awake."""
    yield from all_awake(browser, base, request.param, **PHONE)
