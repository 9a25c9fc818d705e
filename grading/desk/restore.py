"""Giving a submission the cells of its problem set back."""

from __future__ import annotations

from typing import Any

from nbformat.notebooknode import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell
from nbgrader import utils
from nbgrader.preprocessors import NbGraderPreprocessor


class Restore(NbGraderPreprocessor):
    """Bring back what a student deleted or edited of the set's own cells.

    nbgrader overwrites locked cells and can add missing test cells, but only beside cells that
    are still there. Here every cell of the set gets its own metadata and place back first.
    """

    def __init__(self, release: NotebookNode, **more: Any) -> None:
        super().__init__(**more)
        self.release = release
        self.notes: list[str] = []

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        """Restore cells in place; `notes` says which."""
        official = {
            cell.metadata.nbgrader.grade_id: cell
            for cell in self.release.cells
            if "nbgrader" in cell.metadata
        }
        self.notes = []
        seen: dict[str, NotebookNode] = {}
        for cell in nb.cells:
            told = cell.metadata.pop("nbgrader", None)
            label = told.get("grade_id") if isinstance(told, dict) else None
            if not isinstance(label, str) or label not in official:
                continue
            mine = official[label]
            if label in seen:
                seen[label].metadata.pop("nbgrader", None)  # the last of several counts
            seen[label] = cell
            cell.metadata.nbgrader = dict(mine.metadata.nbgrader)
            locked = utils.is_locked(mine)
            if locked and mine.cell_type == "code" and cell.source.strip() != mine.source.strip():
                self.notes.append(f"cell '{label}' was edited; the original was used")
            if cell.cell_type != mine.cell_type:
                cell.update(_blank(mine.cell_type, cell.source))
                for key in {"outputs", "execution_count"} & set(cell):
                    if mine.cell_type == "markdown":
                        del cell[key]
        place = 0
        for label, mine in official.items():
            if label in seen:
                place = next(i for i, cell in enumerate(nb.cells) if cell is seen[label]) + 1
                continue
            if mine.cell_type == "code" or not utils.is_locked(mine):
                self.notes.append(f"cell '{label}' was deleted; the original was put back")
            cell = NotebookNode(_blank(mine.cell_type, mine.source))
            cell.metadata = NotebookNode({"nbgrader": dict(mine.metadata.nbgrader)})
            nb.cells.insert(place, cell)
            place += 1
        return nb, resources


def _blank(kind: str, source: str) -> NotebookNode:
    """A new cell."""
    made: NotebookNode = new_code_cell(source) if kind == "code" else new_markdown_cell(source)
    return made
