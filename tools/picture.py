"""Draw the house: which room uses which, read from the imports, into CONTRIBUTING.md.

A room stands above all that it uses. A use that follows from others is left out: who uses page/
uses the models as well. Nothing that a room uses may stand above it.

Usage: python tools/picture.py [--check]     with --check nothing is written, and the exit code
                                             is 1 if the picture is no longer true
"""

from __future__ import annotations

import subprocess
import sys
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

import quick
from support.imports import package, said

ROOT = Path(__file__).resolve().parent.parent
PAGE = "CONTRIBUTING.md"
BEGIN, END = "<!-- picture: drawn by `make picture` -->\n", "<!-- end of the picture -->\n"
#: Folders of notebooks, which import as modules do.
NOTEBOOKS = {"chapters/": "chapters/*.ipynb", "assignments/source/": "assignments/source/"}


def room(path: str) -> str | None:
    """The room of a file, or ``None`` if it belongs to none."""
    for folder, name in NOTEBOOKS.items():
        if path.startswith(folder) and path.endswith(".ipynb"):
            return name
    parts = path.split("/")
    if not path.endswith(".py"):
        return None
    if parts[0] == "lifbook" and len(parts) > 1:
        first = parts[1].removesuffix(".py")
        if first == "__init__":
            return None
        return f"lifbook/{first}" + ("/" if len(parts) > 2 else "")
    if parts[0] in ("grading", "tools"):
        return f"{parts[0]}/"
    return "book/ext/" if path.startswith("book/ext/") else None


def uses(root: Path) -> dict[str, set[str]]:
    """Room -> the rooms whose modules it imports."""
    listed = subprocess.run(
        ["git", "-C", str(root), "ls-files", "--cached", "--others", "--exclude-standard"],
        capture_output=True, text=True, check=True,
    ).stdout.splitlines()  # fmt: skip
    files = [path for path in listed if room(path) and (root / path).is_file()]
    graph = quick.Graph(root, files)
    found: dict[str, set[str]] = {str(room(path)): set() for path in files}
    for path in files:
        told = said(root / path, package(path))
        full = {*told.names, *(f"{name}.*" for name in told.passed.values())}
        for file in {file for name in full for file in graph.meant(name)}:
            if (other := room(file)) and other != room(path):
                found[str(room(path))].add(other)
    return found


def beyond(name: str, rooms: Mapping[str, set[str]]) -> set[str]:
    """All that a room uses, also by way of others."""
    found: set[str] = set()
    waiting = [*rooms[name]]
    while waiting:
        one = waiting.pop()
        if one == name:
            raise ValueError(f"{name} uses itself by way of others")
        if one not in found:
            found.add(one)
            waiting += rooms[one]
    return found


def drawn(rooms: Mapping[str, set[str]]) -> str:
    """The picture, floor by floor, as lines of text."""
    below = {name: beyond(name, rooms) for name in rooms}
    floor: dict[str, int] = {}
    for name in sorted(
        rooms, key=lambda one: len(below[one])
    ):  # what is used comes before its users
        floor[name] = 1 + max((floor[other] for other in rooms[name]), default=-1)
    floors: dict[int, list[str]] = defaultdict(list)
    for name in sorted(rooms):
        floors[floor[name]].append(name)
    wide = max(map(len, rooms))
    lines = []
    for number in sorted(floors, reverse=True):
        for name in floors[number]:
            told = {
                other
                for other in rooms[name]
                if not any(other in below[third] for third in rooms[name])
            }
            lines.append(
                f"{name:<{wide}}  {'─▶ ' if told else ''}{', '.join(sorted(told))}".rstrip()
            )
        lines.append("─" * 80)
    return "\n".join(lines[:-1]) + "\n"


def filled(text: str, picture: str) -> str:
    """A page with the picture in its place."""
    before, begin, rest = text.partition(BEGIN)
    _old, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"{PAGE} has no place for the picture: {BEGIN.strip()} … {END.strip()}")
    return f"{before}{begin}```text\n{picture}```\n{end}{after}"


def main(options: list[str]) -> int:
    """Draw the picture; returns the exit code."""
    page = ROOT / PAGE
    old = page.read_text("utf-8")
    new = filled(old, drawn(uses(ROOT)))
    if "--check" in options:
        if new != old:
            print(
                f"make: the picture in {PAGE} is no longer true. Run: make picture", file=sys.stderr
            )
        return int(new != old)
    page.write_text(new, "utf-8")
    print(f"  {PAGE}: {'drawn anew' if new != old else 'still true'}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
