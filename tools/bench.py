"""Measure times and bytes, and print them as tables. Nothing is asserted here.

- clean and second build, of a scratch copy of the repository,
- bytes that each page transfers, before the first scroll and when everything has been used,
- size of the notebooks,
- time from the address to the first drawn viewer,
- times of the functions that the Structure chapter calls.

The tests use the measuring half of this file (`Packing`, `Meter`, `use_everything`).
"""

from __future__ import annotations

import functools
import gzip
import http.server
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import bench_signalling
from browser import chromium
from playwright.sync_api import Locator, Page
from posters import ROOT, SITE, Quiet

HOST = "127.0.0.1"
DESKTOP = {"width": 1280, "height": 900}
#: What a public host compresses.
PACKED = {".html", ".js", ".css", ".json", ".svg", ".txt", ".xml"}


class Packing(Quiet):
    """Serves files as a public host does: text is compressed."""

    def do_GET(self) -> None:
        """Answer with the file, compressed if it is text."""
        path = Path(self.translate_path(self.path))
        if path.suffix not in PACKED or not path.is_file():
            super().do_GET()
            return
        body = gzip.compress(path.read_bytes(), compresslevel=6, mtime=0)
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(str(path)))
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@contextmanager
def served(handler: type[Quiet] = Quiet, folder: Path = SITE) -> Iterator[str]:
    """Address of a server of the site, e.g. ``http://127.0.0.1:4711/``."""
    made = functools.partial(handler, directory=str(folder))
    server = http.server.ThreadingHTTPServer((HOST, 0), made)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://{HOST}:{server.server_port}/"
    server.shutdown()
    server.server_close()


class Meter:
    """Bytes that a page transfers, headers included, with an empty cache."""

    def __init__(self, page: Page) -> None:
        self.files: Counter[str] = Counter()
        self._names: dict[str, str] = {}
        session = page.context.new_cdp_session(page)
        session.send("Network.enable")
        session.send("Network.setCacheDisabled", {"cacheDisabled": True})
        session.on("Network.responseReceived", self._named)
        session.on("Network.loadingFinished", self._finished)

    def _named(self, event: dict) -> None:
        self._names[event["requestId"]] = event["response"]["url"]

    def _finished(self, event: dict) -> None:
        parts = urlsplit(self._names.get(event["requestId"], ""))
        if parts.scheme in {"http", "https"}:
            self.files[parts.path.lstrip("/")] += round(event["encodedDataLength"])

    @property
    def total(self) -> int:
        """All bytes so far."""
        return self.files.total()

    def table(self, count: int = 15) -> str:
        """The largest files, one a line."""
        return "\n".join(f"{size:>9,}  {name}" for name, size in self.files.most_common(count))


def live(slot: Locator) -> Locator:
    """Scroll to a slot and wait until its widget is there and, if a viewer, has drawn."""
    slot.scroll_into_view_if_needed()
    slot.and_(slot.page.locator("[data-state=live]")).wait_for()
    if slot.get_attribute("data-kind") == "StructureViewer":
        slot.and_(slot.page.locator("[data-drawn]")).wait_for()
    return slot


def use_everything(page: Page) -> None:
    """Scroll through a page, wake and use every widget, answer every quiz, open what is folded."""
    for slot in page.locator(".lif-slot").all():
        live(slot)
        for button in slot.locator("button[data-scene]").all():
            button.click()
        for slider in slot.locator("input[type=range]:enabled").all():
            for key in ("End", "Home"):
                slider.press(key)
    for question in page.locator(".lif-quiz .lif-quiz__card").all():
        field = question.locator("input").first
        if field.get_attribute("type") == "text":
            field.fill("1")
            field.press("Enter")
        else:
            question.locator("label").first.click()
    for fold in page.locator("button.toggle-button").all():
        if fold.get_attribute("aria-expanded") == "false":
            fold.click()
    page.mouse.wheel(0, 1_000_000)
    page.wait_for_load_state("networkidle")


def transferred(page: Page, address: str, *, used: bool) -> Meter:
    """Bytes of a page before the first scroll, or when everything on it has been used."""
    meter = Meter(page)
    page.goto(address, wait_until="networkidle")
    if used:
        use_everything(page)
    return meter


def timed(call: Callable[[], object], rounds: int = 3) -> float:
    """Shortest of a few runs, in seconds."""
    times = []
    for _ in range(rounds):
        begin = time.perf_counter()
        call()
        times.append(time.perf_counter() - begin)
    return min(times)


def builds() -> list[tuple[str, str]]:
    """Clean build, second build, and one after a change of a chapter, of a scratch copy."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "book"
        left = shutil.ignore_patterns(
            "_build", ".venv", ".git", "node_modules", "__pycache__", ".pytest_cache", ".hypothesis"
        )
        shutil.copytree(ROOT, copy, ignore=left)
        command = [sys.executable, str(copy / "tools" / "build.py")]

        def build() -> None:
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            if done.returncode:
                sys.exit(f"make: the scratch copy does not build:\n{done.stdout[-2000:]}")

        def changed() -> None:
            with (copy / "chapters" / "glossary.md").open("a", encoding="utf-8") as file:
                file.write("\n")
            build()

        return [
            ("clean build", f"{timed(build, 1):.1f} s"),
            ("second build, nothing changed", f"{timed(build, 1):.1f} s"),
            ("build after a change of one page", f"{timed(changed, 1):.1f} s"),
        ]


def page_bytes() -> list[tuple[str, str]]:
    """Bytes of each page."""
    rows = []
    with chromium() as browser, served(Packing) as base:
        for path in sorted(SITE.rglob("*.html")):
            name = str(path.relative_to(SITE))
            sizes = []
            for used in (False, True):
                page = browser.new_page(viewport=DESKTOP, reduced_motion="reduce")
                sizes.append(f"{transferred(page, base + name, used=used).total:>9,}")
                page.close()
            rows.append((name, "  ".join(sizes)))
    return rows


def first_view() -> list[tuple[str, str]]:
    """Seconds from the address to the drawn viewer, the page opened at the viewer."""
    with chromium() as browser, served(Packing) as base:
        page = browser.new_page(viewport=DESKTOP)
        begin = time.perf_counter()
        page.goto(f"{base}chapters/structure.html#lif")
        page.locator("#lif[data-drawn]").wait_for(timeout=120_000)
        return [("Structure page, viewer drawn (no graphics card)", f"{time.perf_counter() - begin:.1f} s")]


def functions() -> list[tuple[str, str]]:
    """Times of the functions of `lifbook.structure` on 2Q7N."""
    from lifbook import data, structure

    entry = data.read_structure("2Q7N")
    lif, lifr = structure.get_chain(entry, "B"), structure.get_chain(entry, "A")
    other = structure.get_chain(data.read_structure("1PVH"), "B")
    calls: dict[str, Callable[[], object]] = {
        'data.read_structure("2Q7N")': lambda: data.read_structure("2Q7N"),
        "contacts(lif, lifr, 6.0)": lambda: structure.contacts(lif, lifr, 6.0),
        "buried_surface(lif, lifr)": lambda: structure.buried_surface(lif, lifr),
        "superimpose(1PVH, 2Q7N)": lambda: structure.superimpose(other, lif),
        "helices(lif)": lambda: structure.helices(lif),
    }
    return [(name, f"{1000 * timed(call):.0f} ms") for name, call in calls.items()]


def notebooks() -> list[tuple[str, str]]:
    """Sizes of the committed notebooks."""
    return [
        (str(path.relative_to(ROOT)), f"{path.stat().st_size:>9,}")
        for path in sorted((ROOT / "chapters").glob("*.ipynb"))
    ]


def main() -> int:
    """Print all tables."""
    parts: dict[str, Callable[[], list[tuple[str, str]]]] = {
        "Builds": builds,
        "Notebooks (bytes)": notebooks,
        "Pages (bytes with gzip: before the first scroll, everything used)": page_bytes,
        "First view": first_view,
        "Functions": functions,
        **bench_signalling.rows(),
    }
    for title, measure in parts.items():
        print(f"\n{title}", flush=True)
        for name, value in measure():
            print(f"  {name:<50} {value}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
