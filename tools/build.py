"""Build the book with warnings as errors, saying what is done while it is done.

Jupyter Book prints its whole configuration and advice for another shell; this keeps what a
reader of the terminal wants to see, and the exit code.

Usage: python tools/build.py [FOLDER]     the site into FOLDER/_build/html; by default here
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
#: Colours of the terminal, and lines that say nothing about this build.
COLOUR = re.compile(r"\x1b\[[0-9;]*m")
NOISE = re.compile(
    r"^(myst v|myst-nb v|Running |Source Folder|Config Path|Output Path|loading pickled|\[autosummary|=+$"
    r"|Finished generating|Your book's HTML|You can look at|Or paste this|\s*file://|\s*_build/html"
    r"|Using sphinx|The HTML pages are in|\s*$)"
)


def main(folder: str = "") -> int:
    """Run Jupyter Book; returns its exit code."""
    output = Path(folder).resolve() if folder else ROOT
    program = Path(sys.executable).with_name("jupyter-book")
    command = [str(program), "build", ".", "-W", "-n", "--keep-going"]
    if output != ROOT:
        output.mkdir(parents=True, exist_ok=True)
        command += ["--path-output", str(output)]
    built = output / "_build" / "html" / ".buildinfo"
    side = [path for path in (ROOT / "book").rglob("*") if "node_modules" not in path.parts]
    if built.exists() and any(
        p.is_file() and p.stat().st_mtime > built.stat().st_mtime for p in side
    ):
        command.append("--all")  # Sphinx does not see that an extension or a template changed
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        for line in process.stdout:
            plain = COLOUR.sub("", line).rstrip().split("\r")[-1]
            if not NOISE.match(plain):
                print(f"   {plain}", flush=True)
    if process.returncode:
        # Pages that were read are not read again, so their warnings would be silent next time.
        shutil.rmtree(output / "_build" / ".doctrees", ignore_errors=True)
    return process.returncode


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:2]))
