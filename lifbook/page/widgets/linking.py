"""Links between widgets that hold in the page itself, with or without a kernel."""

from __future__ import annotations

import ipywidgets


def link(first: ipywidgets.Widget, second: ipywidgets.Widget, trait: str) -> None:
    """Keep one trait of two widgets the same, in the page itself, with or without a kernel."""
    ipywidgets.jslink((first, trait), (second, trait))


def link_picks(*widgets: ipywidgets.Widget) -> None:
    """Make widgets share the picked residue, in the page itself, with or without a kernel."""
    first, *others = widgets
    for other in others:
        link(first, other, "picked")
