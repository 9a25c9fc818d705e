"""TITLE: what it shows, in one line."""

from __future__ import annotations

import traitlets

from lifbook.page.widget import NamedWidget


class CLASS(NamedWidget):
    """What the reader can do with it.

    Parameters
    ----------
    name
        Name of the widget in the page.
    steps
        How far the slider goes, at least 1.
    label
        What it shows, for screen readers.

    Attributes
    ----------
    value : int
        Where the slider stands, from 0 to ``steps``.
    """

    steps = traitlets.Int(min=1).tag(sync=True)
    value = traitlets.Int(0).tag(sync=True)

    def __init__(self, name: str, steps: int, *, label: str) -> None:
        super().__init__(name=name, label=label, steps=steps)

    def __repr__(self) -> str:
        return f"CLASS('{self.name}', {self.steps} steps)"
