"""What all widgets of the book share: a name in the page, a label, a residue or node picked."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import anywidget
import numpy as np
import pandas as pd
import traitlets

from lifbook import data
from lifbook.errors import LifbookError

#: What `make bundles` makes of the scripts and styles that stand beside the widgets' Python.
BUNDLES = Path(__file__).with_name("bundles")
#: The styles of all widgets. One sheet for all keeps their order: in Jupyter each widget brings its
#: sheet when it is first shown, and rules that are shared must not come after a widget's own.
CSS = (BUNDLES / "lifbook.css").read_text(encoding="utf-8")


#: Follows the label of a widget where it is stored, until the notebook is run.
SENTENCE = ": run this notebook to use it, or open the page of the book."


def script(name: str) -> str:
    """The bundled script of the widget that has this name, an ES module.

    Raises
    ------
    LifbookError
        There is no bundle of this name.
    """
    file = BUNDLES / f"{name}.js"
    if not file.is_file():
        raise LifbookError(
            f"the widget '{name}' has no bundled script",
            argument="name",
            remedy=f"write {name}.js beside {name}.py and run `make bundles`",
        )
    return file.read_text(encoding="utf-8")


def plain(value: Any) -> Any:
    """A value with Python's own numbers, truth values and texts in place of NumPy's.

    traitlets before 5.15 refuses a NumPy integer for ``Int``, and not all of them can be
    written as JSON. Looks into lists, tuples and dictionaries, keys included.
    """
    if isinstance(value, np.generic):
        return value.item()
    if type(value) in (list, tuple):
        return type(value)(plain(item) for item in value)
    if type(value) is dict:
        return {plain(key): plain(item) for key, item in value.items()}
    return value


class NamedWidget(anywidget.AnyWidget):
    """A widget that has a place of its own in the page.

    A subclass runs the script that has the name of its module: ``table.py``, ``table.js``.

    Attributes
    ----------
    name : str
        Id of its place in the page, unique there; links such as ``#complex:interface`` use it.
    label : str
        What it shows, for screen readers.

    Raises
    ------
    LifbookError
        A name that cannot be an id, or an empty label.
    """

    _css = CSS
    name = traitlets.Unicode().tag(sync=True)
    label = traitlets.Unicode().tag(sync=True)

    def __init_subclass__(cls, **kwargs: Any) -> None:
        # A widget of its own, not a base for several (such as those here) nor a variant of one.
        if cls.__module__ != __name__ and not hasattr(cls, "_esm"):
            cls._esm = script(cls.__module__.rpartition(".")[2])
        super().__init_subclass__(**kwargs)

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]] | None:
        # JupyterLab shows the text of a notebook that was not run by its reader.
        bundle = super()._repr_mimebundle_(**kwargs)
        if bundle is not None:
            bundle[0]["text/plain"] = self.label.removesuffix(".") + SENTENCE
        return bundle

    def __setattr__(self, name: str, value: Any) -> None:
        # Values given to the constructor pass here too.
        super().__setattr__(name, plain(value) if self.has_trait(name) else value)

    @traitlets.validate("name")
    def _usable_name(self, proposal: traitlets.Bunch) -> str:
        if not re.fullmatch(r"[a-z][a-z0-9-]*", proposal.value):
            raise LifbookError(
                f"a widget cannot be called '{proposal.value}'",
                argument="name",
                remedy="use small letters, digits and hyphens, a letter first",
            )
        return proposal.value

    @traitlets.validate("label")
    def _label_that_says_something(self, proposal: traitlets.Bunch) -> str:
        if not proposal.value.strip():
            raise LifbookError(
                f"the widget '{self.name}' has no label",
                argument="label",
                remedy="say in a few words what it shows",
            )
        return proposal.value


class PickingWidget(NamedWidget):
    """A named widget in which one thing can be picked.

    Attributes
    ----------
    picked : str
        What is picked, or ``""``; for residues as in ``"2Q7N:B:156"``. `widgets.link_picks`
        makes widgets share it, so it may be something that this widget does not show.
    """

    picked = traitlets.Unicode("").tag(sync=True)


def cited(cells: pd.Series) -> pd.DataFrame:
    """Name and address of the paper in each cell, with the index of the cells."""
    return data.citations(cells).set_axis(cells.index)


def known_entry(widget: NamedWidget, value: str, known: Sequence[str], trait: str) -> str:
    """The value, if it is empty or known to the widget; LifbookError otherwise."""
    if value and known and value not in known:
        raise LifbookError.unknown(f"entry of '{widget.name}'", value, known, argument=trait)
    return value


def check_slider(
    inside: bool, shown: str, low: object, high: object, *, argument: str, unit: str = ""
) -> None:
    """Raise LifbookError for a value that a slider cannot show.

    Parameters
    ----------
    inside
        Whether it can.
    shown
        The value as it is read, with its unit.
    low, high
        The slider's ends, in `unit`.
    argument
        Trait or argument that was given.
    unit
        What follows the ends in the remedy.
    """
    if not inside:
        span = f"{low} to {high} {unit}".rstrip()
        raise LifbookError(
            f"{shown} is outside the slider", argument=argument, remedy=f"use a value from {span}"
        )
