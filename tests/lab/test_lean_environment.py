"""With what binder/ installs and nothing else, every chapter runs and gives what is stored."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import nbformat
import pytest
import refresh
from lab_tools import PINS, Lean

PIN = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)==(?P<version>[^ ;]+)")


def plain(name: str) -> str:
    """Name of a package as registries compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def outcome(notebook: nbformat.NotebookNode) -> dict[str, Any]:
    """What a run leaves behind: outputs of each cell, and the state of the widgets."""
    cells = {
        f"cell {number}: {cell.source.splitlines()[0]}": cell.outputs
        for number, cell in enumerate(notebook.cells) if cell.cell_type == "code"
    }
    state = notebook.metadata.get("widgets", {}).get(refresh.WIDGETS, {}).get("state", {})
    return cells | {f"widget {key} ({item['state'].get('name', item['model_name'])})": item
                    for key, item in state.items()}


def test_it_holds_the_pinned_packages_and_lifbook_only(lean: Lean) -> None:
    listed = lean.run(lean.python, "-m", "pip", "list", "--format", "json")
    installed = {plain(item["name"]): item["version"] for item in json.loads(listed.stdout)}
    pinned: dict[str, set[str]] = {}
    for line in PINS.read_text("utf-8").splitlines():
        if match := PIN.match(line):
            pinned.setdefault(plain(match["name"]), set()).add(match["version"])
    wrong = {
        name: version for name, version in installed.items()
        if name not in {"pip", "lifbook"} and version not in pinned.get(name, set())
    }
    assert not wrong, f"not what binder/requirements.txt pins: {wrong}"
    assert "lifbook" in installed
    assert not {"sphinx", "jupyter-book", "pytest", "nbval", "playwright"} & set(installed)


def test_lifbook_comes_from_the_folder_of_the_repository(lean: Lean) -> None:
    # From elsewhere than the repository, so that it is the installation that is found.
    found = lean.run(
        lean.python, "-I", "-c",
        "import os; os.chdir('/'); import lifbook.data as d; print(d.__file__); print(d.DATA)",
    )
    assert found.returncode == 0, found.stderr
    module, data = found.stdout.split()
    assert Path(module) == lean.repository / "lifbook" / "data.py"
    assert Path(data) == lean.repository / "data"


@pytest.mark.parametrize("chapter", refresh.chapters(), ids=lambda path: path.stem)
def test_a_chapter_runs_from_top_to_bottom_with_the_stored_outcome(
    lean: Lean, chapter: Path
) -> None:
    stored = nbformat.read(chapter, as_version=4)
    bare = nbformat.read(chapter, as_version=4)
    bare.metadata.pop("widgets")
    for cell in bare.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    again = lean.repository / "chapters" / f"{chapter.stem}-again.ipynb"
    nbformat.write(bare, again)

    # refresh.py needs nbclient and PyYAML only, which JupyterLab brings along.
    done = lean.run(lean.python, "tools/refresh.py", str(again))
    assert done.returncode == 0, done.stderr[-3000:]

    before, after = outcome(stored), outcome(nbformat.read(again, as_version=4))
    assert any(key.startswith("widget") for key in before)
    assert list(after) == list(before)
    different = [key for key in before if before[key] != after[key]]
    assert not different, f"{chapter.name} has another outcome here: {different}"
