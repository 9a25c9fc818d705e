"""A small book of a test, built by Sphinx in this process."""

from __future__ import annotations

import contextlib
import io
import re
from pathlib import Path

from sphinx.cmd.build import build_main


def sphinx_build(
    source: Path, out: Path, *options: str, builder: str = "html"
) -> tuple[int, str, str]:
    """Build as `make book` does (-W -n --keep-going): exit code, warnings and what else was said."""
    said, warned = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(warned):
        strict = ["-b", builder, "-W", "-n", "--keep-going", "--no-color"]
        code = build_main([*strict, *options, str(source), str(out)])
    return code, re.sub(r"\x1b\[[\d;]*m", "", warned.getvalue()), said.getvalue()
