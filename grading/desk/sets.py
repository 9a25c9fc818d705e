"""The problem sets: where their sources are, and the parameters of a term.

A set is a folder ``assignments/source/<set>`` with the notebook ``<set>.ipynb``, written for
nbgrader, and ``parameters.json``: a title and, for each parameter, its usual value, a label and
what it may be (``choices``, or a ``range`` of numbers). The values stand in the cell of the
notebook that is tagged ``parameters``, one ``NAME = value`` to a line.
"""

from __future__ import annotations

import ast
import copy
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
from nbformat.notebooknode import NotebookNode

from grading.errors import GradingError
from grading.judge.marking import bound_names

ROOT = Path(__file__).resolve().parents[2]
SOURCES = ROOT / "assignments" / "source"
TAG = "parameters"


@dataclass(frozen=True)
class ProblemSet:
    """One problem set.

    Parameters
    ----------
    name
        Name of its folder and notebook.
    title
        As students read it.
    notebook
        nbgrader's source, with solutions and hidden tests.
    parameters
        Name to ``{"value": …, "label": …, "choices" or "range": …}``.
    """

    name: str
    title: str
    notebook: NotebookNode
    parameters: dict[str, dict[str, Any]]

    @property
    def answers(self) -> frozenset[str]:
        """Names that a student is to define: what the solutions bind."""
        found: set[str] = set()
        for cell in self.notebook.cells:
            if cell.cell_type == "code" and _nbgrader(cell).get("solution"):
                found |= bound_names(cell.source)
        return frozenset(found)

    @property
    def problems(self) -> dict[str, str]:
        """Graded cell to the heading that it stands under."""
        heading, found = self.title, {}
        for cell in self.notebook.cells:
            if cell.cell_type == "markdown" and not _nbgrader(cell).get("solution"):
                for line in cell.source.split("\n"):
                    if line.startswith("#"):
                        heading = line.lstrip("#").strip()
            if _nbgrader(cell).get("grade") or _nbgrader(cell).get("task"):
                found[_nbgrader(cell)["grade_id"]] = heading
        return found

    def with_values(self, values: Mapping[str, Any]) -> NotebookNode:
        """The source notebook with a term's values.

        Parameters
        ----------
        values
            Parameter to value. Those not named keep the usual value.

        Raises
        ------
        GradingError
            If a parameter does not exist or may not have this value.
        """
        where = f"parameters of '{self.name}'"
        chosen = {name: one["value"] for name, one in self.parameters.items()}
        for name, value in values.items():
            if name not in self.parameters:
                raise GradingError.unknown("parameter", name, sorted(self.parameters), file=where)
            chosen[name] = _checked(name, value, self.parameters[name], where)
        made = copy.deepcopy(self.notebook)
        if self.parameters:
            _cell(made, self.name).source = "\n".join(
                f"{name} = {_written(value)}" for name, value in chosen.items()
            )
        return made


def names(folder: Path = SOURCES) -> list[str]:
    """Names of all problem sets."""
    if not folder.is_dir():
        return []
    return sorted(one.name for one in folder.iterdir() if (one / f"{one.name}.ipynb").is_file())


def read(name: str, folder: Path = SOURCES) -> ProblemSet:
    """Read one problem set.

    Raises
    ------
    GradingError
        If there is none of this name, or its files do not fit together.
    """
    path = folder / name / f"{name}.ipynb"
    if name not in names(folder):
        raise GradingError.unknown("problem set", name, names(folder), argument="ASSIGNMENT")
    notebook = nbformat.read(path, as_version=4)
    told = path.with_name("parameters.json")
    about: dict[str, Any] = {"title": name, "parameters": {}}
    if told.is_file():
        about |= read_json(told)
    made = ProblemSet(name, about["title"], notebook, about["parameters"])
    if made.parameters:
        cell = _cell(notebook, name)
        if bound_names(cell.source) != set(made.parameters):
            raise GradingError(
                f"the cell tagged '{TAG}' does not bind the same names as {told.name}",
                file=_shown(path),
                remedy="write the same parameters in both",
            )
    return made


def read_values(path: Path | None, name: str) -> dict[str, Any]:
    """A term's values for one set, from an instructor's JSON file.

    Parameters
    ----------
    path
        The file: parameter to value, or set to such a table. ``None`` for the usual values.
    name
        Name of the set.

    Raises
    ------
    GradingError
        If the file cannot be read or does not hold such a table.
    """
    if path is None:
        return {}
    values = read_json(path)
    if values and all(isinstance(one, dict) for one in values.values()):
        return dict(values.get(name, {}))
    return values


def read_json(path: Path) -> dict[str, Any]:
    """A JSON file that holds a table.

    Raises
    ------
    GradingError
        If it does not.
    """
    try:
        content = json.loads(path.read_text("utf-8"))
    except OSError as error:
        raise GradingError(
            f"cannot be read ({error.strerror})", file=_shown(path), remedy="correct the name"
        ) from None
    except ValueError as error:
        raise GradingError(
            f"is not JSON: {error}", file=_shown(path), remedy="correct it at this place"
        ) from None
    if not isinstance(content, dict):
        raise GradingError(
            "does not hold a table", file=_shown(path), remedy='write {"CUTOFF": 4.5} or the like'
        )
    return content


def _checked(name: str, value: Any, about: dict[str, Any], where: str) -> Any:
    """A value that a parameter may have, as the type of its usual value."""
    usual = about["value"]
    if type(usual) is float and type(value) is int:
        value = float(value)
    if type(value) is not type(usual):
        raise GradingError(
            f"{value!r} is not of type {type(usual).__name__}",
            file=where,
            argument=name,
            remedy=f"give a value like {usual!r}",
        )
    if "choices" in about and value not in about["choices"]:
        raise GradingError(
            f"{value!r} is not offered",
            file=where,
            argument=name,
            remedy=f"choose one of {', '.join(map(repr, about['choices']))}",
        )
    if "range" in about and not about["range"][0] <= value <= about["range"][1]:
        raise GradingError(
            f"{value!r} is out of range",
            file=where,
            argument=name,
            remedy=f"choose from {about['range'][0]} to {about['range'][1]}",
        )
    return value


def _written(value: Any) -> str:
    """A value as Python writes it, texts in double quotes."""
    text = json.dumps(value, ensure_ascii=False)
    return text if isinstance(value, str) and ast.literal_eval(text) == value else repr(value)


def _cell(notebook: NotebookNode, name: str) -> NotebookNode:
    found = [cell for cell in notebook.cells if TAG in cell.metadata.get("tags", [])]
    if len(found) != 1 or found[0].cell_type != "code":
        raise GradingError(
            f"{len(found)} cells are tagged '{TAG}'",
            file=f"{name}.ipynb",
            remedy="tag the one code cell that binds the parameters",
        )
    made: NotebookNode = found[0]
    return made


def _nbgrader(cell: NotebookNode) -> dict[str, Any]:
    told: dict[str, Any] = cell.metadata.get("nbgrader", {})
    return told


def _shown(path: Path) -> str:
    return str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else path.name
