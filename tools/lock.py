"""Pin what requirements.in and binder/requirements.in ask for, with all that these need.

Pins that still fit stay as they are; --upgrade takes the newest of everything. The lean
environment of binder/ gets the versions of requirements.txt wherever both have a package.
Usage: python tools/lock.py [--upgrade]
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
WHOLE, LEAN = "requirements.txt", "binder/requirements.txt"
#: First line of each file.
HEADERS = {
    WHOLE: "# Pinned by `make lock` from requirements.in, for Python 3.11 and newer.",
    LEAN: "# Pinned by `make lock` from requirements.in here, at the versions of the whole.",
}


def pin(uv: str, out: str, *options: str) -> int:
    """Write one file of pins; returns uv's exit code.

    Parameters
    ----------
    uv
        Path of the uv program.
    out
        The file of pins; what it asks for stands beside it, with the ending ``.in``.
    options
        More options for uv.
    """
    command = [
        uv, "pip", "compile", "--quiet", "--universal", "--python-version", "3.11",
        "--no-annotate", "--no-header", "--output-file", out, *options,
        str(Path(out).with_suffix(".in")),
    ]
    code = subprocess.run(command, cwd=ROOT, stdout=subprocess.DEVNULL, check=False).returncode
    if code == 0:
        path = ROOT / out
        text = f"{HEADERS[out]}\n{path.read_text('utf-8')}"
        path.write_text(text, "utf-8")
        print(f"  {out}  {text.count('==')} packages")
    return code


def main(options: list[str]) -> int:
    """Pin both files; returns the exit code."""
    if set(options) - {"--upgrade"}:
        print(__doc__.splitlines()[-1], file=sys.stderr)
        return 2
    uv = shutil.which("uv", path=str(Path(sys.executable).parent)) or shutil.which("uv")
    if uv is None:
        print("make: uv is missing. Install it: python -m pip install uv", file=sys.stderr)
        return 1
    return pin(uv, WHOLE, *options) or pin(uv, LEAN, "--constraint", WHOLE, *options)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
