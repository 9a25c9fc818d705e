"""What the tests of the built site share: servers, a page that keeps a log, pictures."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import bench
from bench import DESKTOP, HOST
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Locator, Page, Request, Route

SITE: Path = bench.SITE
STRUCTURE = "chapters/structure.html"
OVERVIEW = "chapters/overview.html"
PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}
#: The theme says which mode it is in, and two extensions that they are there.
CHATTER = re.compile(r"^\[(PST|togglebutton)\]")
#: Chromium on graphics drawn by the processor complains about reading pixels back, which is what
#: "save picture" and these tests do.
DRIVER = re.compile(r"GPU stall due to ReadPixels|software WebGL|SwiftShader")


def pages() -> list[str]:
    """All pages of the site that a reader can open, e.g. ``chapters/structure.html``."""
    return sorted(str(path.relative_to(SITE)) for path in SITE.rglob("*.html"))


@dataclass
class Log:
    """What went wrong in a page, and what it asked for."""

    troubles: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    def watch(self, page: Page) -> None:
        """Write down everything that this page does."""
        page.on("console", self._said)
        page.on("pageerror", lambda error: self.troubles.append(f"page error: {error}"))
        page.on("request", self._asked)
        page.on("requestfailed", self._failed)
        page.on("response", lambda response: response.status >= 400 and self.troubles.append(
            f"{response.status} for {response.url}"))

    def _said(self, message: ConsoleMessage) -> None:
        if not (CHATTER.match(message.text) or DRIVER.search(message.text)):
            self.troubles.append(f"console {message.type}: {message.text}")

    def _asked(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme in {"data", "blob"}:
            return
        if parts.hostname != HOST:
            self.troubles.append(f"asked another host: {request.url}")
        self.requests.append(parts.path.lstrip("/"))

    def _failed(self, request: Request) -> None:
        self.troubles.append(f"failed: {request.url} ({request.failure})")

    def asked_for(self, pattern: str) -> list[str]:
        """Requested paths in which a regular expression is found."""
        return [path for path in self.requests if re.search(pattern, path)]


def only_this_host(route: Route) -> None:
    """Let a request through only to the server of the test."""
    if urlsplit(route.request.url).hostname == HOST:
        route.fallback()
    else:
        route.abort()


class Reader:
    """A page of the book as one reader has it before them.

    Parameters
    ----------
    browser
        A running Chromium.
    base
        Address of the server.
    options
        Of ``Browser.new_context``; reduced motion and 1280x900 by default.
    """

    def __init__(self, browser: Browser, base: str, **options: Any) -> None:
        settings = {"viewport": DESKTOP, "reduced_motion": "reduce"} | options
        self.base = base
        self.context: BrowserContext = browser.new_context(**settings)
        self.context.set_default_timeout(30_000)
        self.context.route("**/*", only_this_host)
        self.page: Page = self.context.new_page()
        self.log = Log()
        self.log.watch(self.page)

    def open(self, path: str, **options: Any) -> Page:
        """Go to a page of the book."""
        self.page.goto(self.base + path, **options)
        return self.page

    def close(self) -> None:
        """Leave, and with it the page."""
        self.context.close()

    def slot(self, name: str) -> Locator:
        """The place of a widget or viewer in the page."""
        return self.page.locator(f"#{name}.lif-slot")

    def wake(self, name: str) -> Locator:
        """Scroll to a widget and wait until it is alive and, if a viewer, has drawn."""
        return bench.live(self.slot(name))

    def wake_all(self) -> list[str]:
        """Wake every widget of the page, from top to bottom; their names."""
        names = [slot.get_attribute("id") for slot in self.page.locator(".lif-slot").all()]
        for name in names:
            self.wake(name)
        return names

    def viewer(self, name: str) -> Viewer:
        """An awake viewer."""
        self.wake(name)
        return Viewer(self, name)


#: The picture of a canvas, small enough to be compared often: alpha-weighted grey values in a string.
PICTURE = """
canvas => {
  const small = document.createElement("canvas");
  [small.width, small.height] = [96, 66];
  const context = small.getContext("2d", { willReadFrequently: true });
  context.drawImage(canvas, 0, 0, 96, 66);
  return context.getImageData(0, 0, 96, 66).data;
}
"""
STATS = f"""
([canvas, before]) => {{
  const data = ({PICTURE})(canvas);
  let drawn = 0, changed = 0;
  for (let i = 0; i < data.length; i += 4) {{
    if (data[i + 3] > 8) drawn += 1;
    if (before && [0, 1, 2, 3].some((at) => Math.abs(data[i + at] - before[i + at]) > 24)) changed += 1;
  }}
  const all = data.length / 4;
  return {{ drawn: drawn / all, changed: changed / all, data: before ? null : Array.from(data) }};
}}
"""


class Viewer:
    """A 3D view that has drawn, as its reader uses it."""

    def __init__(self, reader: Reader, name: str) -> None:
        self.reader = reader
        self.page = reader.page
        self.slot = reader.slot(name)
        self.root = self.slot.locator(".lif-viewer")
        self.stage = self.slot.locator(".lif-viewer__stage")
        self.canvas = self.slot.locator("canvas").first
        self.caption = self.slot.locator(".lif-viewer__caption")
        self.hover = self.slot.locator(".lif-viewer__hover")

    def button(self, name: str) -> Locator:
        """One of the tools under the view."""
        return self.slot.locator(".lif-viewer__tools").get_by_role("button", name=name)

    def scene_button(self, scene: str) -> Locator:
        """Button of a scene."""
        return self.slot.locator(f"button[data-scene='{scene}']")

    def scenes(self) -> list[str]:
        """Names of all scenes, in the order of the buttons."""
        buttons = self.slot.locator("button[data-scene]").all()
        return [button.get_attribute("data-scene") for button in buttons]

    def picture(self) -> list[int]:
        """What the canvas shows now, as 96x66 RGBA values."""
        self.settle()
        return self.page.evaluate(STATS, [self.canvas.element_handle(), None])["data"]

    def drawn(self) -> float:
        """Share of the canvas that is not empty."""
        return self.page.evaluate(STATS, [self.canvas.element_handle(), None])["drawn"]

    def changed(self, before: list[int]) -> float:
        """Share of the canvas that looks different from a picture."""
        return self.page.evaluate(STATS, [self.canvas.element_handle(), before])["changed"]

    def wait_changed(self, before: list[int], *, by: float = 0.001) -> None:
        """Wait until the canvas differs from a picture."""
        self.page.wait_for_function(
            f"([canvas, before]) => ({STATS})([canvas, before]).changed > {by}",
            arg=[self.canvas.element_handle(), before],
        )

    def wait_same(self, before: list[int], *, within: float = 0.02) -> None:
        """Wait until the canvas shows a picture again."""
        self.page.wait_for_function(
            f"([canvas, before]) => ({STATS})([canvas, before]).changed <= {within}",
            arg=[self.canvas.element_handle(), before],
        )

    def settle(self) -> None:
        """Wait for the paint that is due in the next animation frame."""
        frames(self.page, 3)

    def spots(self, share: float = 0.55) -> list[tuple[float, float]]:
        """Places on the stage where something is drawn, from the middle outwards (page pixels)."""
        box = self.stage.bounding_box()
        data = self.picture()
        found = []
        for row in range(66):
            for column in range(96):
                if all(data[4 * ((row + dy) * 96 + column + dx) + 3] > 200
                       for dy in (-1, 0, 1) for dx in (-1, 0, 1)
                       if 0 <= row + dy < 66 and 0 <= column + dx < 96):
                    x, y = (column + 0.5) / 96, (row + 0.5) / 66
                    distance = max(abs(x - 0.5), abs(y - 0.5))
                    if distance < share / 2:
                        place = (box["x"] + x * box["width"], box["y"] + y * box["height"])
                        found.append((distance, place))
        return [place for _distance, place in sorted(found)]


def frames(page: Page, count: int = 2) -> None:
    """Let the page draw some animation frames."""
    page.evaluate(
        "count => new Promise(done => { const step = () => count-- ? requestAnimationFrame(step)"
        " : done(); step(); })", count)


def until(page: Page, condition: Callable[[], bool], what: str, tries: int = 120) -> None:
    """Let the page draw frames until a condition holds; fails with `what` if it never does."""
    for _ in range(tries):
        if condition():
            return
        frames(page, 2)
    raise AssertionError(what)


def repeated(items: list[str]) -> list[str]:
    """Those that occur more than once."""
    return sorted(item for item, count in Counter(items).items() if count > 1)
