"""Servers, browsers and readers for the tests of the built site."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import browser as browser_tools
import pytest

sys.path.insert(0, str(Path(__file__).parent))  # for site_tools, whatever pytest's import mode

from bench import Packing, served
from playwright.sync_api import Browser
from site_tools import OVERVIEW, SITE, SMALL, STRUCTURE, Reader, Viewer


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder drives a browser."""
    for item in items:
        if "tests/browser" in item.path.as_posix():
            item.add_marker(pytest.mark.browser)


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
