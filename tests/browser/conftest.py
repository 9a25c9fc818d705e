"""Servers, browsers and readers for the tests of the built site."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import browser as browser_tools
import pytest
from bench import Packing, served
from playwright.sync_api import Browser
from site_tools import SITE, Reader


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
