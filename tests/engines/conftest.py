"""A running browser of each engine, and the built site as these tests serve it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import browser as browser_tools
import pytest

sys.path.insert(
    0, str(Path(__file__).parent)
)  # for the modules here, whatever pytest's import mode

from drivers import Engine, running
from serving import Watched
from support.serving import SITE, served


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Each engine has a process of pytest to itself (``--dist loadgroup``)."""
    for item in items:
        if "tests/engines" in item.path.as_posix():
            item.add_marker(pytest.mark.engines)
            if "engine" in getattr(item, "fixturenames", ()):
                item.add_marker(pytest.mark.xdist_group(item.callspec.params["engine"]))


@pytest.fixture(scope="session", params=list(browser_tools.ENGINES))
def engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    """Each browser in turn, one page in it for all tests; skips where it cannot be had."""
    if reason := browser_tools.why_not(request.param):
        pytest.skip(reason)
    with running(request.param) as browser:
        yield browser


@pytest.fixture(scope="session")
def base() -> Iterator[str]:
    """Address of the built site, watched."""
    if not (SITE / "index.html").exists():
        pytest.fail("the site is not built: run `make book`", pytrace=False)
    with served(Watched) as address:
        yield address


@pytest.fixture
def refused() -> list[str]:
    """What the server did not have; nothing at the start of the test."""
    Watched.refused.clear()
    return Watched.refused
