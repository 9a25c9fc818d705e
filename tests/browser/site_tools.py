"""What the tests of the built site share: servers, a page that keeps a log, pictures."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Locator,
    Page,
    Request,
    Route,
)
from support.measuring import DESKTOP, live
from support.serving import HOST, ROOT, SITE

STRUCTURE = "chapters/structure.html"
OVERVIEW = "chapters/overview.html"
#: A small window: the views are small in it, and quickly drawn without a graphics card.
SMALL = {"width": 1000, "height": 560}
#: How far from the window a widget wakes, in px: rootMargin in live.js.
NEAR = 500
PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}
#: Chromium on graphics drawn by the processor complains about reading pixels back, which is what
#: "save picture" and these tests do.
DRIVER = re.compile(r"GPU stall due to ReadPixels|software WebGL|SwiftShader")
#: Heights of the widgets' places, as the pages reserve them.
SLOTS: dict[str, dict[str, dict[str, Any]]] = json.loads(
    (ROOT / "book" / "posters" / "slots.json").read_text("utf-8")
)


def states(path: str) -> list[dict[str, Any]]:
    """State of each named widget of a page, as it is published, in the order of its creation."""
    stem = path.removesuffix(".html").replace("/", "-")
    files = [
        file
        for file in (SITE / "_lif").glob(f"{stem}-*.json")
        if re.fullmatch(re.escape(stem) + r"-[0-9a-f]{10}\.json", file.name)
    ]
    assert len(files) <= 1, files
    models = json.loads(files[0].read_text("utf-8"))["state"] if files else {}
    return [
        state
        for _key, model in sorted(models.items())
        for state in [model["state"]]
        if state.get("name") and "_esm" in state
    ]


def pages() -> list[str]:
    """All pages of the site that a reader can open, e.g. ``chapters/structure.html``."""
    return sorted(str(path.relative_to(SITE)) for path in SITE.rglob("*.html"))


#: Keeps every graphics context that the page makes, in the order of their making.
WATCH_CONTEXTS = """
globalThis.contexts = [];
for (const kind of [HTMLCanvasElement, OffscreenCanvas]) {
  const original = kind.prototype.getContext;
  kind.prototype.getContext = function (name, ...rest) {
    const made = original.call(this, name, ...rest);
    if (made && name.includes("webgl") && !contexts.includes(made)) contexts.push(made);
    return made;
  };
}
"""


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
        page.on(
            "response",
            lambda response: (
                response.status >= 400
                and self.troubles.append(f"{response.status} for {response.url}")
            ),
        )

    def _said(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning", "assert"} and not DRIVER.search(message.text):
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


#: Without a graphics card each picture is drawn by the processor; four samples a pixel make that
#: half as long again, and no test looks at edges that closely.
ONE_SAMPLE = """
for (const kind of [HTMLCanvasElement, OffscreenCanvas]) {
  const original = kind.prototype.getContext;
  kind.prototype.getContext = function (name, options, ...rest) {
    const plain = name.includes("webgl") ? { ...options, antialias: false } : options;
    return original.call(this, name, plain, ...rest);
  };
}
"""


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
        self.context.add_init_script(ONE_SAMPLE)
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
        return live(self.slot(name))

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


#: Functions in the page: take and keep pictures of a canvas, compare it with one that was kept.
LOOKING = """
globalThis.looking ??= (() => {
  const [width, height] = [192, 132];
  const small = Object.assign(document.createElement("canvas"), { width, height });
  const context = small.getContext("2d", { willReadFrequently: true });
  const kept = [];
  const look = (canvas) => {
    context.clearRect(0, 0, width, height);
    context.drawImage(canvas, 0, 0, width, height);
    return context.getImageData(0, 0, width, height).data;
  };
  return {
    keep(canvas) {
      const data = look(canvas);
      let hash = 0x811c9dc5;
      for (const value of data) hash = Math.imul(hash ^ value, 0x01000193) >>> 0;
      return [kept.push(data) - 1, hash];
    },
    drawn: (canvas) => look(canvas).filter((value, i) => i % 4 === 3 && value > 8).length / (width * height),
    changed(canvas, number) {
      const [data, before] = [look(canvas), kept[number]];
      let changed = 0;
      for (let i = 0; i < data.length; i += 4) {
        changed += [0, 1, 2, 3].some((at) => Math.abs(data[i + at] - before[i + at]) > 24);
      }
      return changed / (width * height);
    },
    solid(canvas) {
      const data = look(canvas);
      const full = (x, y) => data[4 * (y * width + x) + 3] > 200;
      const found = [];
      for (let y = 1; y < height - 1; y += 1) {
        for (let x = 1; x < width - 1; x += 1) {
          if ([-1, 0, 1].every((dy) => [-1, 0, 1].every((dx) => full(x + dx, y + dy)))) {
            found.push([(x + 0.5) / width, (y + 0.5) / height]);
          }
        }
      }
      return found;
    },
  };
})()
"""


@dataclass(frozen=True)
class Picture:
    """A picture of a canvas that the page has kept; equal to one that shows exactly the same."""

    number: int = field(compare=False)
    hash: int


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

    def home(self) -> None:
        """Back to the first scene, nothing picked, not turned, in the window."""
        if self.page.evaluate("Boolean(document.fullscreenElement)"):
            self.page.evaluate("document.exitFullscreen()")
        self.scene_button(self.scenes()[0]).click()
        self.button("Reset").click()
        self.page.mouse.move(1, 1)
        self.stage.scroll_into_view_if_needed()
        self.settle()

    def middle(self) -> tuple[float, float]:
        """The middle of the view, in the window's pixels."""
        box = self.stage.bounding_box()
        return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2

    def _ask(self, question: str, *more: float) -> Any:
        return self.page.evaluate(
            f"([canvas, ...more]) => ({LOOKING}).{question}(canvas, ...more)",
            [self.canvas.element_handle(), *more],
        )

    def picture(self) -> Picture:
        """What the canvas shows now."""
        self.settle()
        return self.look()

    def look(self) -> Picture:
        """The same, without waiting for a paint that is due."""
        return Picture(*self._ask("keep"))

    def drawn(self) -> float:
        """Share of the canvas that is not empty."""
        return self._ask("drawn")

    def changed(self, before: Picture) -> float:
        """Share of the canvas that looks different from a picture."""
        return self._ask("changed", before.number)

    def wait_changed(self, before: Picture, *, by: float = 0.0002) -> None:
        """Wait until the canvas differs from a picture."""
        self._wait(before, f"> {by}")

    def wait_same(self, before: Picture, *, within: float = 0.02) -> None:
        """Wait until the canvas shows a picture again."""
        self._wait(before, f"<= {within}")

    def _wait(self, before: Picture, condition: str) -> None:
        self.page.wait_for_function(
            f"([canvas, number]) => ({LOOKING}).changed(canvas, number) {condition}",
            arg=[self.canvas.element_handle(), before.number],
        )

    def settle(self) -> None:
        """Wait for the paint that is due in the next animation frame."""
        frames(self.page, 3)

    def spots(self, count: int = 30) -> list[tuple[float, float]]:
        """Places where something is drawn, in the middle of the view (the window's pixels)."""
        box = self.stage.bounding_box()
        places = [
            (box["x"] + x * box["width"], box["y"] + y * box["height"])
            for x, y in self._ask("solid")
            if max(abs(x - 0.5), abs(y - 0.5)) < 0.3
        ]
        return places[:: max(1, len(places) // count)]


@dataclass(frozen=True)
class Spoken:
    """One node of the accessibility tree, as a screen reader is given it."""

    role: str
    name: str
    focusable: bool
    tag: str
    attributes: dict[str, str]


#: Roles of what can be used. A <select> holds a list of its own (MenuListPopup), which is not a control of the page.
CONTROLS = {
    "application",
    "button",
    "checkbox",
    "combobox",
    "DisclosureTriangle",
    "link",
    "listbox",
    "menuitem",
    "option",
    "radio",
    "searchbox",
    "slider",
    "spinbutton",
    "switch",
    "tab",
    "textbox",
    "treeitem",
}


def spoken(page: Page) -> list[Spoken]:
    """Chromium's accessibility tree of a page, without what it leaves out."""
    session = page.context.new_cdp_session(page)
    elements: dict[int, dict[str, Any]] = {}

    def walk(node: dict[str, Any]) -> None:
        elements[node["backendNodeId"]] = node
        for child in [*node.get("children", []), *node.get("shadowRoots", [])]:
            walk(child)

    walk(session.send("DOM.getDocument", {"depth": -1, "pierce": True})["root"])
    found = []
    for node in session.send("Accessibility.getFullAXTree")["nodes"]:
        if node["ignored"]:
            continue
        kept = {item["name"]: item["value"].get("value") for item in node.get("properties", [])}
        element = elements.get(node.get("backendDOMNodeId", -1), {})
        pairs = element.get("attributes", [])
        found.append(
            Spoken(
                **{key: str(node.get(key, {}).get("value", "")) for key in ("role", "name")},
                focusable=bool(kept.get("focusable")),
                tag=element.get("localName", ""),
                attributes=dict(zip(pairs[::2], pairs[1::2], strict=True)),
            )
        )
    session.detach()
    return found


#: Brings what slides or fades once to its end: what is asked is how the page looks then.
STILL = """
for (const one of document.getAnimations()) if (one.effect.getTiming().iterations === 1) one.finish();
"""
AXE = ROOT / "book" / "frontend" / "node_modules" / "axe-core" / "axe.min.js"


def violations(page: Page, include: str = "html") -> list[dict[str, Any]]:
    """What axe-core finds wrong in a part of the page; it must have found something to look at."""
    assert AXE.exists(), "axe-core is missing: run `make book`"
    if not page.evaluate("'axe' in globalThis"):
        page.evaluate(AXE.read_text("utf-8"))
    report = page.evaluate(
        "include => axe.run({ include }, { resultTypes: ['violations'] })", include
    )
    assert report["passes"], "axe-core looked at nothing"
    return report["violations"]


def jumps(reader: Reader, width: str) -> list[str]:
    """Widgets that do not fill their place, and all jumps if their sum is 0.1 or more."""
    reserved = SLOTS.get(urlsplit(reader.page.url).path.strip("/").removesuffix(".html"), {})
    found = []
    for name in [slot.get_attribute("id") for slot in reader.page.locator(".lif-slot").all()]:
        height = reader.slot(name).locator(".lif-slot__live").bounding_box()["height"]
        if abs(height - reserved[name][width]) > 10:
            found.append(
                f"{name}: {height:.0f} px, not {reserved[name][width]}. Run `make posters`."
            )
    shifts = reader.page.evaluate("shifts")
    if sum(value for value, _nodes in shifts) >= 0.1:
        found += [f"jumped by {value:.3f}: {nodes}" for value, nodes in shifts]
    return found


def frames(page: Page, count: int = 2) -> None:
    """Let the page draw some animation frames."""
    page.evaluate(
        "count => new Promise(done => { const step = () => count-- ? requestAnimationFrame(step)"
        " : done(); step(); })",
        count,
    )


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
