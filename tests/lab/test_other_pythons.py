"""Under every other Python of this machine, every chapter gives what is stored.

Left out are the Python that runs the tests, under which nbval tries the chapters, and Binder's
(binder/runtime.txt), under which test_lean_environment.py does.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import lab_tools
import pytest
import refresh
from pythons import Environment, Python

NONE = pytest.mark.skip(reason="not covered: this machine has no further Python, 3.11 or newer")


@pytest.mark.parametrize("chapter", refresh.chapters(), ids=lambda path: path.stem)
@pytest.mark.parametrize("python", lab_tools.others() or [pytest.param(None, marks=NONE)], ids=str)
def test_a_chapter_has_the_stored_outcome(
    of_python: Callable[[Python], Environment], python: Python, chapter: Path, tmp_path: Path
) -> None:
    different = lab_tools.run_chapter(of_python(python), chapter, tmp_path)
    assert not different, f"{chapter.name} under Python {python}:\n{different}"
