"""lifbook.signalling as a package: its names, and what chapters and problem sets use of it."""

from __future__ import annotations

import json
import re
from pathlib import Path

from lifbook import signalling

PROJECT = Path(__file__).resolve().parents[2]
NOTEBOOKS = [*PROJECT.glob("chapters/*.ipynb"), *PROJECT.glob("assignments/source/*/*.ipynb")]


def test_every_public_name_is_there():
    assert [name for name in signalling.__all__ if not hasattr(signalling, name)] == []
    assert len(set(signalling.__all__)) == len(signalling.__all__)


def test_what_notebooks_use_is_public():
    used = set()
    for path in NOTEBOOKS:
        for cell in json.loads(path.read_text("utf-8"))["cells"]:
            if cell["cell_type"] == "code":
                used |= set(re.findall(r"\bsignalling\.(\w+)", "".join(cell["source"])))
    assert {"bind", "simulate", "VARIANTS"} <= used
    assert used - set(signalling.__all__) == set()


def test_a_module_is_not_hidden_by_a_function_of_its_name():
    """``import lifbook.signalling.x as x`` would give the function."""
    folder = Path(signalling.__file__).parent
    assert {path.stem for path in folder.glob("*.py")} & set(signalling.__all__) == set()
