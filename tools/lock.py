"""Pin requirements.in, binder/requirements.in and pyproject.toml, with all that these need.

Pins that still fit stay as they are; --upgrade takes the newest of everything. The list of
binder/ leaves out what Binder's base image has already, and gets the versions of
requirements.txt for the rest. tests/lab/oldest.txt holds the oldest versions that pyproject.toml
allows, for the tests.
Usage: python tools/lock.py [--upgrade]
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterable
from pathlib import Path

import binder_base
from binder_base import plain

ROOT = Path(__file__).resolve().parent.parent
WHOLE, LEAN, OLDEST = "requirements.txt", "binder/requirements.txt", "tests/lab/oldest.txt"
#: First line of each file.
HEADERS = {
    WHOLE: "# Pinned by `make lock` from requirements.in, for Python 3.11 and newer.",
    LEAN: "# Pinned by `make lock` from requirements.in here, without what Binder's base has.",
    OLDEST: "# Pinned by `make lock`: the oldest that pyproject.toml allows, and oldest.in.",
}


def name(line: str) -> str:
    """The package that a line of a requirements file is about, as registries compare it."""
    return plain(re.split(r"[\[=<>~! ;]", line)[0])


def pins(text: str) -> list[str]:
    """Lines of a file of pins that pin something."""
    return [line for line in text.splitlines() if "==" in line and not line.startswith("#")]


def pin(uv: str, out: str, sources: Iterable[str], *options: str, known: Iterable[str] = ()) -> int:
    """Write one file of pins; returns uv's exit code.

    Parameters
    ----------
    uv
        Path of the uv program.
    out
        The file of pins.
    sources
        Files that say what is asked for.
    options
        More options for uv.
    known
        Pins that hold wherever a package is needed.
    """
    with tempfile.TemporaryDirectory() as folder:
        constraints = Path(folder, "known.txt")
        constraints.write_text("".join(f"{line}\n" for line in known), "utf-8")
        command = [
            uv,
            "pip",
            "compile",
            "--quiet",
            "--universal",
            "--python-version",
            "3.11",
            "--no-annotate",
            "--no-header",
            "--output-file",
            out,
            *options,
            "--constraint",
            str(constraints),
            *sources,
        ]
        code = subprocess.run(command, cwd=ROOT, stdout=subprocess.DEVNULL, check=False).returncode
    if code == 0:
        path = ROOT / out
        text = f"{HEADERS[out]}\n{path.read_text('utf-8')}"
        path.write_text(text, "utf-8")
        print(f"  {out}  {text.count('==')} packages")
    return code


def base() -> dict[str, str]:
    """What Binder's base has, for the Python of binder/runtime.txt: name -> version."""
    return binder_base.packages(binder_base.runtime())


def main(options: list[str]) -> int:
    """Pin all files; returns the exit code."""
    if set(options) - {"--upgrade"}:
        print(__doc__.splitlines()[-1], file=sys.stderr)
        return 2
    uv = shutil.which("uv", path=str(Path(sys.executable).parent)) or shutil.which("uv")
    if uv is None:
        print("make: uv is missing. Install it: python -m pip install uv", file=sys.stderr)
        return 1
    if code := pin(uv, WHOLE, ["requirements.in"], *options):
        return code
    whole = pins((ROOT / WHOLE).read_text("utf-8"))
    # What the lean list asks for itself is not left to the base; a bound there goes before all pins.
    lean = (ROOT / LEAN).with_suffix(".in").read_text("utf-8").splitlines()
    asked = {name(line): line for line in lean if line and not line.startswith("#")}
    bound = {package for package, line in asked.items() if package != plain(line)}
    there = {package: version for package, version in base().items() if package not in asked}
    known = [f"{package}=={version}" for package, version in there.items()]
    known += [line for line in whole if name(line) not in {*there, *bound}]
    without = [f"--no-emit-package={package}" for package in sorted(there)]
    if code := pin(uv, LEAN, ["binder/requirements.in"], *options, *without, known=known):
        return code
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    own = {name(line) for line in project["dependencies"]}
    # A bound that was lowered is to be followed, although the earlier pin still fits.
    again = [f"--upgrade-package={package}" for package in sorted(own)]
    return pin(
        uv,
        OLDEST,
        ["pyproject.toml", "tests/lab/oldest.in"],
        *options,
        *again,
        "--resolution",
        "lowest-direct",
        known=[line for line in whole if name(line) not in own],
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
