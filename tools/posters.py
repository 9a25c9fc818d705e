"""Draw the pictures that stand in for the 3D views, and measure how tall each widget is.

Opens the built book in Chromium, wakes every widget, and writes to book/posters/:
``<viewer>.webp`` (the first scene, transparent, so that it suits light and dark pages) and
``slots.json`` (heights in px at desktop and phone width, so that nothing jumps when a widget
comes alive, and a digest of what each picture shows, so that a test can tell when it is old).
"""

from __future__ import annotations

import base64
import hashlib
import io
import json
import sys
from pathlib import Path
from typing import Any

import nbformat
from browser import chromium
from PIL import Image
from playwright.sync_api import Locator, Page
from support.serving import ROOT, SITE, served

OUT = ROOT / "book" / "posters"
#: Two readers; on a phone buttons are taller, since a finger is broad.
READERS: dict[str, dict[str, Any]] = {
    "wide": {"viewport": {"width": 1280, "height": 900}},
    "narrow": {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True},
}
STATE = "application/vnd.jupyter.widget-state+json"


def digests(page: str) -> dict[str, str]:
    """Viewer -> digest of the scene that its picture shows, from the notebook's widget state."""
    notebook = nbformat.read(ROOT / f"{page}.ipynb", as_version=4)
    models = notebook.metadata["widgets"][STATE]["state"]
    found = {}
    for model in models.values():
        state = model["state"]
        if "entries" not in state:  # a StructureViewer
            continue
        scene = next(item for item in state["scenes"] if item["name"] == state["scene"])
        sources = [
            models[item["coordinates"].removeprefix("IPY_MODEL_")] for item in state["entries"]
        ]
        shown = [scene["calls"], scene["camera"], [source["state"]["digest"] for source in sources]]
        if scene["highlight"]:
            shown.append(state["highlight"])
        found[state["name"]] = hashlib.sha256(json.dumps(shown).encode()).hexdigest()[:16]
    return found


def pages() -> list[str]:
    """Pages of the site that hold widgets."""
    return sorted(
        str(path.relative_to(SITE).with_suffix(""))
        for path in SITE.rglob("*.html")
        if 'id="lif-assets"' in path.read_text("utf-8")
    )


def save_picture(canvas: Locator, path: Path) -> list[int]:
    """Save what a canvas shows, at the size at which it is shown; returns width and height."""
    data = canvas.evaluate("node => node.toDataURL('image/png')")
    size = canvas.bounding_box()
    shown = (round(size["width"]), round(size["height"]))
    picture = Image.open(io.BytesIO(base64.b64decode(data.split(",")[1])))
    picture.resize(shown, Image.Resampling.LANCZOS).save(
        path, quality=72, alpha_quality=50, method=6
    )
    return list(shown)


def readme_picture(tab: Page) -> None:
    """The README's picture: the interface view with the contact explorer below it."""
    tab.add_style_tag(content=".bd-header-article, #pst-skip-link { display: none !important }")
    tab.locator("#site").scroll_into_view_if_needed()
    top, below = (tab.locator(slot).bounding_box() for slot in ("#site", "#contacts"))
    offset = tab.evaluate("scrollY")
    shot = tab.screenshot(
        full_page=True,
        clip={
            "x": top["x"] - 16,
            "y": top["y"] + offset - 8,
            "width": top["width"] + 32,
            "height": below["y"] + 260 - top["y"],
        },
    )
    Image.open(io.BytesIO(shot)).save(OUT / "readme.webp", quality=80, method=6)


def slots_of(tab: Page, reader: str, fresh: dict[str, str]) -> dict[str, dict[str, Any]]:
    """Slot -> what is known of it, when one reader's page was read from top to bottom.

    Parameters
    ----------
    tab
        The page.
    reader
        Of `READERS`; pictures are taken of the wide one's.
    fresh
        Viewer -> digest of the scene that it shows.
    """
    found: dict[str, dict[str, Any]] = {}
    for slot in tab.locator(".lif-slot").all():
        key = slot.get_attribute("id")
        slot.scroll_into_view_if_needed()
        slot.and_(tab.locator("[data-state=live]")).wait_for(timeout=60_000)
        entry = found.setdefault(key, {})
        if slot.get_attribute("data-kind") == "StructureViewer":
            slot.and_(tab.locator("[data-drawn]")).wait_for(timeout=60_000)
            tab.wait_for_timeout(500)
            if reader == "wide":
                entry["poster"] = save_picture(slot.locator("canvas"), OUT / f"{key}.webp")
                entry["shows"] = fresh[key]
        live = slot.locator(".lif-slot__live")
        entry[reader] = round(live.bounding_box()["height"])
    return found


def main() -> int:
    """Write all pictures and heights."""
    OUT.mkdir(exist_ok=True)
    result: dict[str, dict[str, Any]] = {}
    with chromium() as browser, served() as base:
        for page in pages():
            slots: dict[str, Any] = {}
            fresh = digests(page)
            for name, reader in READERS.items():
                tab = browser.new_page(**reader)
                tab.emulate_media(reduced_motion="reduce")
                tab.goto(f"{base}{page}.html")
                for key, entry in slots_of(tab, name, fresh).items():
                    slots.setdefault(key, {}).update(entry)
                if name == "wide" and page == "chapters/structure":
                    readme_picture(tab)
                tab.close()
            result[page] = slots
            print(f"  {page}: {', '.join(slots)}")
    (OUT / "slots.json").write_text(json.dumps(result, indent=1) + "\n", "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
