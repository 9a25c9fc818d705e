"""What a widget shows: its words by where they stand, its tables, what it draws, in the units of its axes.

`Reading` takes all of a widget at once. Words with a number in them that stand in none of the known places
are collected too (`loose`), so that a test which compares a reading with what it expects misses none.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Locator, Page

#: Collects what stands in a widget. Of each place only what can be seen, spaces as they are read.
READ = r"""
(root) => {
  const clean = (text) => text.replace(/\s+/g, " ").trim();
  const seen = (node) => node.checkVisibility();
  const all = (selector, scope = root) => [...scope.querySelectorAll(selector)].filter(seen);
  const words = (selector) => all(selector).map((node) => clean(node.textContent)).filter(Boolean);
  const name = (node) => clean(node.getAttribute("aria-label") ?? node.textContent);
  const places = {
    says: "[role=status], .lif-says, [aria-live=polite]",
    notes: ".lif-note:not(details), figcaption, .lif-keys > span, .lif-contacts__note, .lif-contacts__side, summary",
    legends: "legend",
    lists: "li",
  };
  const taken = Object.values(places).join() + ", table, svg, label, output, button, select, .lif-viewer__grouplabel";
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  const loose = [];
  while (walker.nextNode()) {
    const { parentElement, textContent } = walker.currentNode;
    if (/\d/.test(textContent) && seen(parentElement) && !parentElement.closest(taken)) loose.push(clean(textContent));
  }
  const part = (node) => ({ tag: node.localName, text: node.localName === "text" ? node.textContent : "",
    top: node.parentElement.localName === "svg",
    ...Object.fromEntries([...node.attributes].map(({ name, value }) => [name, value])) });
  return {
    ...Object.fromEntries(Object.entries(places).map(([place, selector]) => [place, words(selector)])),
    // what is folded can be opened
    lists: [...root.querySelectorAll("li")].filter((node) => seen(node) || node.closest("details"))
      .map((node) => clean(node.textContent)),
    loose,
    sliders: all("input[type=range]").map((node) => ({ name: clean(node.labels[0]?.textContent ?? ""),
      shown: clean(node.parentElement.querySelector("output").textContent), spoken: node.getAttribute("aria-valuetext"),
      low: Number(node.min), high: Number(node.max), at: Number(node.value), open: !node.disabled })),
    fields: all("input:not([type=range]), select").map((node) => ({ name: clean(node.getAttribute("aria-label") ??
        [...node.labels[0].childNodes].filter((part) => part !== node).map((part) => part.textContent).join("")),
      value: /radio|checkbox/.test(node.type) ? node.checked : node.value, open: !node.disabled })),
    buttons: all("button").map((node) => ({ name: name(node), pressed: node.getAttribute("aria-pressed") === "true",
      open: !node.disabled })),
    tables: all("table").map((table) => ({ caption: clean(table.caption?.textContent ?? ""),
      head: all("thead th", table).map((node) => clean(node.textContent)),
      rows: all("tbody tr", table).map((row) => [...row.cells].map((cell) => clean(cell.textContent))) })),
    drawings: all("svg").map((svg) => ({ title: svg.querySelector("title")?.textContent ?? null,
      parts: [...svg.querySelectorAll("path, line, circle, rect, polyline, text")]
        .filter((node) => !node.closest("defs")).map(part) })),
    links: all("a[href]").map((node) => [clean(node.textContent), node.href]),
  };
}
"""
#: Where the script of a widget hands out what it is.
TAPPED = re.compile(r"export\{(\w+) as default\};")
#: Gives every widget's model to the test, as `models[name]`; stands in place of `TAPPED`.
TAP = r"""
export default { render: (tapped) => {
  (globalThis.models ??= {})[tapped.model.get("name")] = tapped.model;
  return \1.render(tapped);
} };
"""
#: Keeps the 3D views, as `views[name]`.
VIEWS = """
{
  let library;
  Object.defineProperty(globalThis, "$3Dmol", { configurable: true, get: () => library, set: (value) => {
    library = new Proxy(value, { get: (target, key) => key !== "createViewer" ? target[key] : (stage, options) => {
      const view = target.createViewer(stage, options);
      (globalThis.views ??= {})[stage.closest("[data-viewer]").dataset.viewer] = view;
      return view;
    } });
  } });
}
"""


@dataclass(frozen=True)
class Scale:
    """From a number to its place along one axis of a drawing, as the marks of the axis tell it."""

    marks: tuple[tuple[float, float], ...]  # number, place
    log: bool = False

    def __call__(self, value: float) -> float:
        (first, start), (last, end) = self.marks[0], self.marks[-1]
        number = math.log10 if self.log else float
        return start + (number(value) - number(first)) / (number(last) - number(first)) * (
            end - start
        )

    def check(self) -> None:
        """All marks stand where a reader takes them to be."""
        assert len(self.marks) >= 2, self.marks
        for value, place in self.marks:
            assert abs(self(value) - place) < 0.06, (self.marks, value)


def number(text: str) -> float | None:
    """The number of a mark of an axis, in the unit of the axis: shares for per cent, nM for pM."""
    found = re.fullmatch(r"([\d,]*\.?\d+) ?(%|×|pM|nM|)", text)
    if not found:
        return None
    return float(found[1].replace(",", "")) * {"%": 0.01, "pM": 0.001}.get(found[2], 1)


@dataclass(frozen=True)
class Drawing:
    """An SVG of a widget."""

    title: str | None
    parts: list[dict[str, Any]]

    def marks(self, anchor: str, place: str, shift: float) -> tuple[tuple[float, float], ...]:
        """Numbers along an axis: the words that stand outside of what is drawn."""
        return tuple(
            (value, float(part[place]) - shift)
            for part in self.parts
            if part["tag"] == "text"
            and part["top"]
            and part.get("text-anchor") == anchor
            and (value := number(part["text"])) is not None
        )

    def scales(self, *, log: bool = False) -> tuple[Scale, Scale]:
        """Scales of both axes, checked."""
        across, up = Scale(self.marks("middle", "x", 0), log), Scale(self.marks("end", "y", 4))
        across.check()
        up.check()
        return across, up

    def drawn(self) -> list[dict[str, Any]]:
        """What is drawn between the axes, in its order."""
        return [
            part
            for part in self.parts
            if part.get("class") != "grid"
            and not (part["tag"] == "text" and part["top"] and part.get("class") != "name")
        ]


# What is expected in a drawing, in the units of its axes.


@dataclass(frozen=True)
class Curve:
    """A line through points; `slack` is what may be lost in y before it is drawn."""

    points: Sequence[tuple[float, float]]
    colour: str
    dash: str = ""
    slack: float = 0.0
    look: str | None = None


@dataclass(frozen=True)
class Across:
    """A horizontal line."""

    y: float
    colour: str | None = None


@dataclass(frozen=True)
class Upright:
    """A vertical line."""

    x: float


@dataclass(frozen=True)
class Dot:
    """A dot."""

    x: float
    y: float
    colour: str


@dataclass(frozen=True)
class Words:
    """Words at a height."""

    text: str
    y: float
    above: float  # px


@dataclass(frozen=True)
class Plot:
    """A drawing with axes."""

    title: str
    drawn: Sequence[Curve | Across | Upright | Dot | Words]
    log: bool = False


def points(part: dict[str, Any]) -> list[tuple[float, float]]:
    """Points of a path or polyline, in px."""
    numbers = [
        float(text)
        for text in re.findall(r"-?[\d.]+(?:e-?\d+)?", part.get("d") or part.get("points") or "")
    ]
    return list(zip(numbers[::2], numbers[1::2], strict=True))


#: px by which a place may be off: paths are written with one digit after the point.
PATH, EXACT = 0.0501, 0.0011


def compare(drawing: Drawing, plot: Plot, what: str) -> None:
    """The drawing shows the plot, to within its own rounding."""
    assert drawing.title == plot.title, what
    across, up = drawing.scales(log=plot.log)
    parts = drawing.drawn()
    assert len(parts) == len(plot.drawn), (
        what,
        [part["tag"] for part in parts],
        [type(one).__name__ for one in plot.drawn],
    )
    for part, wanted in zip(parts, plot.drawn, strict=True):
        where = (
            what,
            wanted if not isinstance(wanted, Curve) else (wanted.colour, wanted.dash),
            part,
        )
        match wanted:
            case Curve():
                loss = PATH if part["tag"] == "path" else EXACT
                assert part["tag"] in {"path", "polyline"} and part["stroke"] == wanted.colour, (
                    where
                )
                assert (part.get("stroke-dasharray") or "") == wanted.dash, where
                if wanted.look is not None:
                    assert part.get("class") == wanted.look, where
                found = points(part)
                assert len(found) == len(wanted.points), where
                unit = abs(up(1) - up(0))
                for (x, y), (a, b) in zip(found, wanted.points, strict=True):
                    assert abs(x - across(a)) <= loss, (where, a)
                    assert abs(y - up(b)) <= loss + wanted.slack * unit, (
                        where,
                        (a, b),
                        (x, y),
                        (across(a), up(b)),
                    )
            case Across():
                assert part["tag"] == "line" and part["y1"] == part["y2"], where
                assert abs(float(part["y1"]) - up(wanted.y)) <= EXACT, where
                assert wanted.colour in (None, part.get("stroke")), where
            case Upright():
                assert part["tag"] == "line" and part["x1"] == part["x2"], where
                assert abs(float(part["x1"]) - across(wanted.x)) <= EXACT, where
            case Dot():
                assert part["tag"] == "circle" and part["fill"] == wanted.colour, where
                assert abs(float(part["cx"]) - across(wanted.x)) <= EXACT, where
                assert abs(float(part["cy"]) - up(wanted.y)) <= EXACT, where
            case Words():
                assert part["tag"] == "text" and part["text"] == wanted.text, where
                assert abs(float(part["y"]) + wanted.above - up(wanted.y)) <= EXACT, where


@dataclass
class Shown:
    """Words and controls of a widget at one moment."""

    says: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    legends: list[str] = field(default_factory=list)
    lists: list[str] = field(default_factory=list)
    loose: list[str] = field(default_factory=list)
    fields: list[dict[str, Any]] = field(default_factory=list)
    buttons: list[dict[str, Any]] = field(default_factory=list)
    tables: list[dict[str, Any]] = field(default_factory=list)
    links: list[list[str]] = field(default_factory=list)


@dataclass
class Reading(Shown):
    """All that a widget shows at one moment."""

    sliders: list[dict[str, Any]] = field(default_factory=list)
    drawings: list[dict[str, Any]] = field(default_factory=list)

    @classmethod
    def of(cls, widget: Locator) -> Reading:
        """What the widget in this place shows now."""
        return cls(**widget.locator(".lif-slot__live").evaluate(READ))

    @property
    def charts(self) -> list[Drawing]:
        """What is drawn."""
        return [Drawing(one["title"], one["parts"]) for one in self.drawings]


def traits(page: Page, name: str, *wanted: str) -> list[Any]:
    """Traits of a widget's model in the page; the page must have been opened with `TAP`."""
    return page.evaluate(
        "([name, wanted]) => wanted.map((trait) => models[name].get(trait))", [name, list(wanted)]
    )


def set_traits(page: Page, name: str, **values: Any) -> None:
    """Set traits of a widget's model, as Python or a linked widget does."""
    page.evaluate(
        "([name, values]) => { for (const [trait, value] of Object.entries(values)) models[name].set(trait, value);"
        " models[name].save_changes(); }",
        [name, values],
    )
