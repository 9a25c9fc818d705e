"""Check how the sources are written: style, types, which room imports which, examples, scripts.

Each check is a program whose version is pinned and whose settings stand in pyproject.toml or
book/frontend. All are run, also after one that finds something.

Usage: python tools/lint.py [CHECK ...]     all checks by default
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import assets

ROOT = Path(__file__).resolve().parent.parent
FRONTEND = ROOT / "book" / "frontend"
#: Scripts of book/frontend/package.json that check something.
SCRIPTS = ("lint", "types", "test")
PYTHON = {
    "style": ["ruff", "check", "--quiet", "--output-format", "concise"],
    "format": ["ruff", "format", "--check", "--output-format", "concise"],
    "types": ["mypy", "--no-error-summary"],
    "rooms": ["lint-imports", "--cache-dir", "build/imports"],
    "examples": [
        "pytest", "-q", "--doctest-modules", "--numprocesses", "0", "-p", "no:cacheprovider",
        "-W", "error", "lifbook",
    ],
}  # fmt: skip


def scripts() -> list[str]:
    """Those of the front end's checks that its package.json has."""
    there = json.loads((FRONTEND / "package.json").read_text("utf-8")).get("scripts", {})
    return [name for name in SCRIPTS if name in there]


def checks() -> dict[str, tuple[list[str], Path]]:
    """Name of each check -> its command, and the folder in which it is run."""
    here = Path(sys.executable).parent
    found = {name: ([str(here / words[0]), *words[1:]], ROOT) for name, words in PYTHON.items()}
    npm = [*map(str, assets.node()), "run", "--silent"]
    for script in scripts():
        found[f"js-{script}"] = ([*npm, script], FRONTEND)
    return found


def main(names: list[str]) -> int:
    """Run the named checks, or all; returns 1 if one of them found something."""
    todo = checks()
    if unknown := sorted(set(names) - todo.keys()):
        print(
            f"make: '{unknown[0]}' is not a check. Use one of: {', '.join(todo)}", file=sys.stderr
        )
        return 2
    environment = os.environ | {
        "PATH": f"{assets.node()[0].parent}{os.pathsep}{os.environ['PATH']}"
    }
    failed = []
    if any(name.startswith("js-") for name in names or todo) and assets.with_tools():
        return 1
    for name in names or todo:
        command, folder = todo[name]
        began = time.monotonic()
        done = subprocess.run(command, cwd=folder, env=environment, check=False)
        print(
            f"   {name}: {'found something' if done.returncode else 'clean'}, "
            f"{time.monotonic() - began:.0f} s",
            flush=True,
        )
        if done.returncode:
            failed.append(name)
    if failed:
        print(
            f"make: not clean: {', '.join(failed)}. Only these again: "
            f"python tools/lint.py {' '.join(failed)}",
            file=sys.stderr,
        )
    return int(bool(failed))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
