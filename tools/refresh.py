"""Execute the chapters and store outputs and widget state, the same from run to run.

Usage: python tools/refresh.py [NOTEBOOK ...]     all chapters of _toc.yml by default
"""

from __future__ import annotations

import itertools
import json
import os
import re
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import nbformat
import yaml
from nbclient import NotebookClient

from lifbook.page.references import with_references

ROOT = Path(__file__).resolve().parent.parent
WIDGETS = "application/vnd.jupyter.widget-state+json"
LIMIT = 1_000_000


def chapters() -> list[Path]:
    """The notebooks that are pages of the book, in reading order."""
    toc = yaml.safe_load((ROOT / "_toc.yml").read_text("utf-8"))
    pages = [entry["file"] for part in toc.get("parts", [toc]) for entry in part["chapters"]]
    return [path for page in pages if (path := ROOT / f"{page}.ipynb").exists()]


def executed(path: Path, environment: Mapping[str, str] | None = None) -> nbformat.NotebookNode:
    """The notebook with fresh outputs, and nothing in it that differs from run to run.

    `environment` adds variables to those of the kernel.
    """
    notebook = nbformat.read(path, as_version=4)
    NotebookClient(
        notebook,
        timeout=300,
        kernel_name="python3",
        store_widget_state=True,
        coalesce_streams=True,  # two prints are one output, also when the machine is slow
        resources={"metadata": {"path": str(path.parent)}},
    ).execute(env=os.environ | (environment or {}))
    return normalised(notebook)


def normalised(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """References in place of what the repository has, widgets numbered in the order of the page.

    Nothing of times, of the machine or of the version of Python is left.
    """
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
    notebook.metadata["kernelspec"] = {
        "display_name": "Python 3",
        "language": "python",
        "name": "python3",
    }
    notebook.metadata["language_info"] = {"name": "python"}
    states = notebook.metadata.get("widgets", {}).get(WIDGETS, {}).get("state", {})
    for model_id, model in states.items():
        states[model_id] = with_references(model)
    text = nbformat.writes(notebook)
    # The kernel gives random ids. Order of creation is the order in which they stand in the state.
    for number, model_id in enumerate(states):
        text = text.replace(model_id, f"{number:032x}")
    fresh = nbformat.reads(text, as_version=4)
    if states:
        stored = fresh.metadata["widgets"][WIDGETS]["state"]
        fresh.metadata["widgets"][WIDGETS]["state"] = dict(sorted(stored.items()))
    # Ids stay when they are there; an edit of the text need not change the others.
    new = [cell for cell in fresh.cells if re.fullmatch(r"[0-9a-f]{8}|", cell.get("id", ""))]
    taken = {cell["id"] for cell in fresh.cells if cell not in new}
    free = (name for number in itertools.count() if (name := f"cell-{number:03d}") not in taken)
    for cell in new:
        cell["id"] = next(free)
    return fresh


def written(notebook: nbformat.NotebookNode) -> str:
    """The notebook as text, without indentation: an eighth less, and a diff still has lines."""
    return json.dumps(json.loads(nbformat.writes(notebook)), indent=0, ensure_ascii=False) + "\n"


def main(names: list[str]) -> int:
    """Refresh the named notebooks; returns the exit code."""
    paths = [Path(name).resolve() for name in names] or chapters()
    for path in paths:
        begin = time.perf_counter()
        path.write_text(written(executed(path)), "utf-8")
        size = path.stat().st_size
        print(
            f"  {os.path.relpath(path, ROOT)}  {size / 1000:.0f} kB  {time.perf_counter() - begin:.1f} s"
        )
        if size > LIMIT:
            print(f"{path.name} is larger than {LIMIT} bytes: store less in it.", file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
