"""Every page of the built site in Firefox and WebKitGTK: it loads, each widget is used once, 3D is drawn or excused.

Chromium has tests of each detail. Here is asked what only another engine can answer: does it work there at all?
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import pytest
from drivers import Engine, Trouble
from PIL import Image, ImageChops
from posters import STATE
from serving import FLAT, Watched
from support.serving import ROOT, SITE, served

T = TypeVar("T")
#: index.html only leads on to intro.html.
PAGES = sorted(
    str(path.relative_to(SITE)) for path in SITE.rglob("*.html") if path != SITE / "index.html"
)
SORRY = "cannot draw in 3D"


@dataclass(frozen=True)
class Use:
    """How a kind of widget is used once.

    Parameters
    ----------
    controls
        CSS selectors, to be used in this order; of each the first that is shown and not disabled. A slider
        gets the focus and a key, everything else a click.
    says
        CSS selector of what must read differently afterwards.
    """

    controls: tuple[str, ...]
    says: str


SLIDER = "input[type=range]"
USES = {
    "BindingExplorer": Use((SLIDER,), ".lif-says"),
    "BoundExplorer": Use((SLIDER,), ".lif-says"),
    "CompetitionExplorer": Use((SLIDER,), ".lif-says"),
    "ContactExplorer": Use((SLIDER,), ".lif-contacts__counts"),
    "EvidenceExplorer": Use((".lif-table__pick",), ".lif-detail"),
    "FamilyExplorer": Use((".lif-table__pick[aria-pressed=false]",), ".lif-says"),
    "KnockoutPuzzle": Use(("input[type=radio]",), ".lif-says"),
    "PathwayMap": Use((".lif-node",), ".lif-says"),
    "PowerExplorer": Use((SLIDER,), ".lif-says"),
    "Prediction": Use(("input[type=radio]", "button"), ".lif-says"),
    "RankStudies": Use(("button[aria-label$=': down']",), ".lif-says"),
    "ResidueTable": Use((".lif-table__pick",), "tr[data-picked]"),
    "SequenceStrip": Use((".lif-seq__letter[data-id]",), ".lif-seq__info"),
    "SignalExplorer": Use((f"{SLIDER}, button[data-option][aria-pressed=false]",), ".lif-says"),
    "StructureViewer": Use(("button[data-scene][aria-pressed=false]",), ".lif-viewer__caption"),
}


VIEW = "application/vnd.jupyter.widget-view+json"


def stored_widgets() -> dict[str, dict[str, str]]:
    """Page -> widgets that the notebook shows, in their order: name -> kind, from the state that it stores.

    Quizzes are not among them: they have no slot, are awake from the start and are tried by `quiz_answers`.
    """
    found: dict[str, dict[str, str]] = {}
    for path in sorted((ROOT / "chapters").glob("*.ipynb")):
        notebook = json.loads(path.read_text("utf-8"))
        models = notebook["metadata"]["widgets"][STATE]["state"]
        shown = [
            models[output["data"][VIEW]["model_id"]]["state"]
            for cell in notebook["cells"]
            for output in cell.get("outputs", [])
            if VIEW in output.get("data", {})
        ]
        found[f"chapters/{path.stem}.html"] = {
            state["name"]: state.get("_anywidget_id", state["_model_name"]).rpartition(".")[2]
            for state in shown
            if not state.get("_anywidget_id", "").endswith(".Quiz")
        }
    return found


WIDGETS = stored_widgets()


def loads(engine: Engine) -> None:
    """Title, heading and pictures are there."""
    wrong = engine.ask("""
      const broken = [];
      for (const image of document.images) {
        image.loading = "eager";
        await image.decode().catch(() => broken.push(image.src));
      }
      const headings = [...document.querySelectorAll("h1")].filter(watch.shown).length;
      return [...broken, ...(headings === 1 ? [] : [`${headings} headings`]), ...(document.title ? [] : ["no title"])];
    """)
    if wrong:
        raise Trouble(f"the page lacks something: {', '.join(wrong)}")


def wake(engine: Engine, name: str, kind: str) -> str:
    """Scroll to a widget and wait until it is alive; a view's state when it has drawn or given up, else ``live``."""
    return engine.ask(
        """
      const slot = document.getElementById(name);
      if (!slot) throw new Error(`${name}: not in the page`);
      slot.scrollIntoView({ block: "start", behavior: "instant" });
      await watch.until(`${name} alive`, () => slot.dataset.state);
      const note = slot.querySelector(".lif-slot__note").textContent;
      if (slot.dataset.state !== "live") throw new Error(`${name}: ${note}`);
      if (kind !== "StructureViewer") return "live";
      return watch.until(`${name} drawn, or a sentence why not`,
        () => slot.querySelector(".lif-viewer")?.dataset.state);
    """,
        name=name,
        kind=kind,
    )


def words_fit(engine: Engine, name: str) -> None:
    """No text of a widget is wider or taller than the button, label or paragraph that holds it."""
    wrong = engine.ask(
        """
      const fits = (node) => !node.clientWidth // in a line of text: has no size of its own
        || (node.scrollWidth <= node.clientWidth + 1 && node.scrollHeight <= node.clientHeight + 1);
      return [...document.getElementById(name).querySelectorAll("button, label, legend, p")]
        .filter((node) => watch.shown(node) && !fits(node)).map((node) => node.textContent.trim());
    """,
        name=name,
    )
    if wrong:
        raise Trouble(f"{name}: words do not fit: {', '.join(wrong)}")


def use(engine: Engine, name: str, kind: str) -> None:
    """Use a widget with mouse or keys; what it says must change."""
    way = USES[kind]
    read = "[...document.getElementById(name).querySelectorAll(says)].map((node) => node.textContent).join()"
    before = engine.ask(f"return {read}", name=name, says=way.says)
    for control in way.controls:
        spot = engine.ask(
            """
          const found = [...document.getElementById(name).querySelectorAll(control)];
          const node = await watch.until(`${name}: a control that can be used (${control})`,
            () => found.find((node) => !node.disabled && watch.shown(node)));
          const [x, y] = await watch.middle(node, `${name}: ${control}`);
          if (node.type !== "range") return { x, y };
          node.focus();
          return { key: node.value === node.max ? "Home" : "End" };
        """,
            name=name,
            control=control,
        )
        if "key" in spot:
            engine.press(spot["key"])
        else:
            engine.click(spot["x"], spot["y"])
    engine.ask(
        f"""
      await watch.until(`${{name}} says something else than "${{before}}"`, () => {read} !== before, 20);
      if (!{read}.trim() && before) throw new Error(`${{name}} says nothing any more`);
    """,
        name=name,
        says=way.says,
        before=before,
    )


def look(engine: Engine, name: str) -> Image.Image:
    """What the window shows of a view, whose canvas must be in sight, and the picture that stood in for it gone."""
    box = engine.ask(
        """
      const slot = document.getElementById(name);
      const canvas = slot.querySelector("canvas");
      await watch.middle(slot.querySelector(".lif-viewer__stage"), `${name}: the view`);
      const poster = slot.querySelector(".lif-slot__poster");
      await watch.until(`${name}: the picture gone that stood in for the view`,
        () => !poster || !watch.shown(poster));
      await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
      const { left, top, right, bottom } = canvas.getBoundingClientRect();
      return { left, top, right, bottom };
    """,
        name=name,
    )
    return engine.picture(**box)


def share(picture: Image.Image, other: Image.Image) -> float:
    """Share of the pixels in which two pictures clearly differ."""
    difference = (
        ImageChops.difference(picture, other).convert("L").point(lambda value: 255 * (value > 24))
    )
    return difference.histogram()[255] / (picture.width * picture.height)


def empty(picture: Image.Image) -> Image.Image:
    """A picture of the same size with nothing but the colour of the corner."""
    return Image.new("RGB", picture.size, picture.getpixel((3, 3)))


def view_works(engine: Engine, name: str, state: str) -> None:
    """A view draws, and another scene looks different; or it says that it cannot, and the scenes still speak."""
    if state == "drawn":
        before = look(engine, name)
        if share(before, empty(before)) < 0.01:
            raise Trouble(f"{name}: the view is empty")
        use(engine, name, "StructureViewer")
        deadline = time.monotonic() + 20
        while share(before, look(engine, name)) < 0.001:
            if time.monotonic() > deadline:
                raise Trouble(f"{name}: another scene looks the same")
        return
    engine.ask(
        """
      const view = document.getElementById(name).querySelector(".lif-viewer");
      const poster = document.getElementById(name).querySelector(".lif-slot__poster");
      const notes = [...view.querySelectorAll("[role=status]")].filter(watch.shown);
      const said = notes.map((node) => node.textContent).join();
      if (!said.includes(sorry)) throw new Error(`${name}: is ${view.dataset.state}, and says "${said}"`);
      if (!watch.shown(poster)) throw new Error(`${name}: no picture`);
      if (view.querySelector("canvas")) throw new Error(`${name}: an empty canvas`);
      const able = [document.createElement("canvas"), new OffscreenCanvas(1, 1)]
        .some((canvas) => canvas.getContext("webgl2"));
      if (able) throw new Error(`${name}: says that 3D cannot be drawn, but it can`);
    """,
        name=name,
        sorry=SORRY,
    )
    use(engine, name, "StructureViewer")


def quiz_answers(engine: Engine) -> None:
    """The first question with answers to choose from says why an answer is right or wrong."""
    spot = engine.ask("""
      const label = document.querySelector(".lif-quiz .lif-quiz__card label");
      return label && watch.middle(label, "an answer of the quiz");
    """)
    if spot is None:
        raise Trouble("no question with answers to choose from")
    engine.click(*spot)
    engine.ask("""
      const card = document.querySelector(".lif-quiz .lif-quiz__card label").closest(".lif-quiz__card");
      const answer = card.querySelector(".lif-quiz__said");
      await watch.until("an explanation of the answer", () => answer.textContent.trim().length > 15, 20);
    """)


def test_each_kind_of_widget_is_known_here():
    kinds = {kind for widgets in WIDGETS.values() for kind in widgets.values()}
    assert len(kinds) > 10
    assert kinds == set(USES), "say in USES how each kind is used; take out those that are gone"


@pytest.mark.parametrize("path", PAGES)
def test_page_works(engine: Engine, base: str, refused: list[str], path: str):
    """All that is wrong with a page is told at once."""
    wrong: list[str] = []

    def check(part: Callable[..., T], *args: object) -> T | None:
        try:
            return part(engine, *args)
        except Trouble as trouble:
            wrong.append(str(trouble))
            return None

    engine.open(base + path)
    check(loads)
    for name, kind in WIDGETS.get(path, {}).items():
        state = check(wake, name, kind)
        if state is None:
            continue
        check(words_fit, name)
        if kind == "StructureViewer":
            check(view_works, name, state)
        else:
            check(use, name, kind)
    if 'class="lif-quiz"' in (SITE / path).read_text("utf-8"):
        check(quiz_answers)
    slots, troubles, asked = engine.ask("""
      return [
        [...document.querySelectorAll(".lif-slot")].map((slot) => slot.id),
        watch.troubles,
        performance.getEntriesByType("resource").map(({ name }) => name),
      ]
    """)
    assert slots == list(WIDGETS.get(path, {})), "the page shows other widgets than its notebook"
    others = [address for address in asked if not address.startswith((base, "data:", "blob:"))]
    wrong += troubles + refused + [f"asked another host: {address}" for address in others]
    assert not wrong, "\n".join(dict.fromkeys(wrong))


def test_where_there_is_no_3d_the_view_says_so(engine: Engine, base: str):
    page = "chapters/overview.html"
    engine.open(f"{base}{page}?{FLAT}")
    for name, kind in WIDGETS[page].items():
        assert wake(engine, name, kind) == "failed"
        view_works(engine, name, "failed")
    assert not engine.ask("return watch.troubles")


#: A page in which everything goes wrong that is watched for, and what is to be noted of each.
FAULTY = """<!DOCTYPE html><html><head><title>Faults</title></head><body><h1>Faults</h1><script>
  console.error("said so");
  console.warn("take care");
  Promise.reject(new Error("not kept"));
  setTimeout(() => { throw new Error("thrown late"); });
  fetch("http://localhost:1/elsewhere").catch(() => {});
</script><script src="lost.js"></script><script>for (</script><img src="lost.png"></body></html>"""
NOTED = (
    "said so",
    "take care",
    "not kept",
    "thrown late",
    "localhost:1/elsewhere",
    "lost.js",
    "lost.png",
    "SyntaxError",
)


def test_the_watch_sees_what_goes_wrong(engine: Engine, refused: list[str], tmp_path: Path):
    (tmp_path / "faulty.html").write_text(FAULTY, "utf-8")
    with served(Watched, tmp_path) as address:
        engine.open(f"{address}faulty.html")
        with suppress(Trouble):  # what is missing is told below
            engine.ask(
                """
              await watch.until("all", () => noted.every((word) => watch.troubles.join().includes(word)));
            """,
                noted=NOTED,
            )
        troubles = "\n".join(engine.ask("return watch.troubles"))
        assert not [word for word in NOTED if word not in troubles], troubles
        with pytest.raises(Trouble, match=r"lacks something.*lost\.png"):
            loads(engine)
    assert {"404 /lost.js", "404 /lost.png"} <= set(refused)
