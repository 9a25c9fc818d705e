"""A map of the pathways whose steps can be picked."""

from __future__ import annotations

from typing import Any, ClassVar

import pandas as pd
import traitlets

from lifbook.errors import LifbookError
from lifbook.page.widget import PickingWidget
from lifbook.palette import COLOURS, MUTED


class PathwayMap(PickingWidget):
    """A map of signalling whose nodes can be picked and knocked out.

    Parameters
    ----------
    name
        Name of the widget in the page.
    nodes
        Table with ``id``, ``label``, ``kind``, ``arm``, ``x``, ``y`` (0 to 100, y downwards).
    edges
        Table with ``source``, ``target``, ``sign``, ``arm``, ``shown``, ``stimulus``,
        ``system``, ``needs`` (a node without which the arrow does not work, or ""), and
        ``citation`` and ``url`` as from `data.citations`.
    label
        What the map shows, for screen readers.

    Attributes
    ----------
    picked : str
        Id of the node whose evidence is shown.
    knocked_out : list of str
        Ids of the nodes that are taken away.
    """

    nodes: traitlets.List[Any] = traitlets.List().tag(sync=True)
    edges: traitlets.List[Any] = traitlets.List().tag(sync=True)
    knocked_out = traitlets.List(traitlets.Unicode()).tag(sync=True)

    ARMS: ClassVar = {
        "JAK/STAT": COLOURS["STAT"],
        "MAPK": COLOURS["LIFR"],
        "PI3K/Akt": COLOURS["JAK"],
        "brake": COLOURS["SOCS"],
        "receptor": COLOURS["gp130"],
        "ligand": COLOURS["LIF"],
    }

    def __init__(self, name: str, nodes: pd.DataFrame, edges: pd.DataFrame, *, label: str) -> None:
        known = set(nodes["id"])
        for row, edge in enumerate(edges.itertuples(), start=1):
            for end in (edge.source, edge.target):
                if end not in known:
                    raise LifbookError.unknown(
                        "node of the map", end, sorted(known), row=row, column="source, target"
                    )
        colours = nodes["arm"].map(self.ARMS).fillna(MUTED)
        super().__init__(
            name=name,
            label=label,
            nodes=nodes.assign(colour=colours)[
                ["id", "label", "kind", "arm", "colour", "x", "y"]
            ].to_dict("records"),
            edges=edges[
                [
                    "source",
                    "target",
                    "sign",
                    "arm",
                    "shown",
                    "stimulus",
                    "system",
                    "needs",
                    "citation",
                    "url",
                ]
            ].to_dict("records"),
        )

    @traitlets.validate("picked", "knocked_out")
    def _known_node(self, proposal: traitlets.Bunch) -> object:
        known = [node["id"] for node in self.nodes]
        names = [proposal.value] if isinstance(proposal.value, str) else proposal.value
        for name in names:
            if name and known and name not in known:
                raise LifbookError.unknown(
                    "node of the map", name, known, argument=proposal.trait.name
                )
        return proposal.value

    def __repr__(self) -> str:
        return f"PathwayMap('{self.name}', {len(self.nodes)} nodes, {len(self.edges)} edges)"
