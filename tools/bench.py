"""Measure times and bytes, and print them as tables. Nothing is asserted here.

- clean and second build, of a scratch copy of the repository,
- bytes that each page transfers, before the first scroll and when everything has been used,
- size of the notebooks,
- time from the address to the first drawn viewer,
- times of the functions that the Structure chapter calls.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import bench_signalling
from browser import chromium
from support.measuring import DESKTOP, transferred
from support.serving import ROOT, SITE, Packing, served


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
        return [
            (
                "Structure page, viewer drawn (no graphics card)",
                f"{time.perf_counter() - begin:.1f} s",
            )
        ]


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
