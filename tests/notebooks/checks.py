"""What the tests of the notebooks look at: each function returns faults, in words."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import refresh

VIEW = "application/vnd.jupyter.widget-view+json"
Notebook = nbformat.NotebookNode


def code_cells(notebook: Notebook) -> list[Notebook]:
    """Code cells that hold code."""
    return [c for c in notebook.cells if c.cell_type == "code" and c.source.strip()]


def tags(cell: Notebook) -> set[str]:
    return set(cell.metadata.get("tags", []))


def state_of(notebook: Notebook) -> dict[str, Any]:
    """Model id -> widget model, as stored."""
    return notebook.metadata.get("widgets", {}).get(refresh.WIDGETS, {}).get("state", {})


def outputs(notebook: Notebook, mime: str) -> Iterator[tuple[Notebook, str]]:
    """(cell, output) of every output of a kind."""
    for cell in code_cells(notebook):
        for output in cell.outputs:
            if mime in output.get("data", {}):
                yield cell, output.data[mime]


def not_executed(notebook: Notebook) -> list[str]:
    """Cells without a number, or with a number other than their place gives."""
    return [
        f"cell {cell.id}: execution_count is {cell.execution_count}, its place is {at}"
        for at, cell in enumerate(code_cells(notebook), 1)
        if cell.execution_count != at
    ]


def complaints(notebook: Notebook) -> list[str]:
    """Stored errors and what was written to stderr."""
    return [
        f"cell {cell.id}: {output.get('ename') or output.get('text', '')[:80]}"
        for cell in code_cells(notebook)
        for output in cell.outputs
        if output.output_type == "error" or output.get("name") == "stderr"
    ]


# --- Differences -------------------------------------------------------------------------


def _short(one: str, other: str) -> str:
    """Two texts, from a little before the place where they part."""
    start = next(
        (i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b),
        min(len(one), len(other)),
    )
    begin = max(0, start - 30)
    left, right = (f"{'…' if begin else ''}{text[begin : start + 30]}" for text in (one, other))
    return f"stored {left!r}, computed {right!r}"


def leaves(stored: Any, computed: Any, place: str) -> Iterator[str]:
    """Every leaf in which two trees of plain data differ, with its place."""
    if isinstance(stored, dict) and isinstance(computed, dict):
        for key in [*stored, *(key for key in computed if key not in stored)]:
            inside = f"{place}.{key}" if place else str(key)
            if key not in stored:
                yield f"{inside}: not stored"
            elif key not in computed:
                yield f"{inside}: stored, not computed"
            else:
                yield from leaves(stored[key], computed[key], inside)
    elif isinstance(stored, list) and isinstance(computed, list):
        if len(stored) != len(computed):
            yield f"{place}: {len(stored)} stored, {len(computed)} computed"
        for at, (one, other) in enumerate(zip(stored, computed, strict=False)):
            yield from leaves(one, other, f"{place}[{at}]")
    elif type(stored) is not type(computed) or stored != computed:
        yield f"{place}: {_short(str(stored), str(computed))}"


def differences(stored: Notebook, computed: Notebook) -> list[str]:
    """Where a stored notebook is not the computed one: which cell, or which widget's trait."""
    found: list[str] = []
    if len(stored.cells) != len(computed.cells):
        found.append(f"{len(stored.cells)} cells stored, {len(computed.cells)} computed")
    for one, other in zip(stored.cells, computed.cells, strict=False):
        found += leaves(one, other, f"cell {one.id}")
    models, fresh = state_of(stored), state_of(computed)
    for key in [*models, *(key for key in fresh if key not in models)]:
        model = models.get(key, fresh.get(key))
        name = model["state"].get("name") or model["state"].get("entry") or model["model_name"]
        place = f"widget '{name}' ({key.lstrip('0') or '0'})"
        if key not in models or key not in fresh:
            found.append(f"{place}: {'not stored' if key in fresh else 'stored, not computed'}")
        else:
            found += leaves(models[key], fresh[key], place)

    def rest(notebook: Notebook) -> dict[str, Any]:
        metadata = json.loads(json.dumps(notebook.metadata))
        metadata.get("widgets", {}).get(refresh.WIDGETS, {}).pop("state", None)
        return metadata

    return found + list(leaves(rest(stored), rest(computed), "notebook"))


# --- Texts -------------------------------------------------------------------------------


def glued(notebook: Notebook) -> list[str]:
    """Names under which values were stored, in order."""
    return [
        output.metadata["scrapbook"]["name"]
        for cell in code_cells(notebook)
        for output in cell.outputs
        if "scrapbook" in output.get("metadata", {})
    ]


def pasted(notebook: Notebook) -> set[str]:
    """Names that the text asks for: {glue:text}`name`, also with a format after a colon."""
    text = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    return {name.split(":")[0] for name in re.findall(r"\{glue:?\w*\}`([^`]+)`", text)}


def shown_code(notebook: Notebook) -> dict[str, int]:
    """Cell -> number of lines, of the code that a reader of the page sees at once."""
    return {
        cell.id: sum(bool(line.strip()) for line in cell.source.splitlines())
        for cell in code_cells(notebook)
        if not tags(cell) & {"remove-cell", "remove-input"}
    }


def questions(notebook: Notebook) -> list[str]:
    """Ids of the questions of the quizzes that the outputs show."""
    models = state_of(notebook)
    return [
        question["id"]
        for _cell, view in outputs(notebook, VIEW)
        for question in models.get(view["model_id"], {}).get("state", {}).get("questions", [])
    ]


def read(path: Path) -> Notebook:
    return nbformat.read(path, as_version=4)
