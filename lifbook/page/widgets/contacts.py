"""Contacts between two chains at a cut-off that a slider sets."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import traitlets
from Bio.PDB.Chain import Chain

from lifbook import structure
from lifbook.errors import LifbookError
from lifbook.page.widget import PickingWidget, check_slider
from lifbook.palette import COLOURS


class ContactExplorer(PickingWidget):
    """Contacts between two chains at a cut-off that a slider sets.

    Parameters
    ----------
    name
        Name of the widget in the page.
    first, second
        The two chains.
    labels
        Name and id prefix of each, e.g. ``("LIF", "2Q7N:B")``.
    offsets
        UniProt number minus number of the entry, of each.
    low, high, step
        Range of the slider in Å.
    reported
        Residue counts from the literature, drawn as dashed lines.

    Attributes
    ----------
    cutoff : float
        Å; outside the range it raises LifbookError.
    highlight : list of str
        Ids of the residues in contact; link it to a viewer's ``highlight``.
    picked : str
        The residue whose chip was clicked.
    """

    pairs: traitlets.List[Any] = traitlets.List().tag(sync=True)
    sides: traitlets.List[Any] = traitlets.List().tag(sync=True)
    range: traitlets.List[Any] = traitlets.List().tag(sync=True)
    reported: traitlets.List[Any] = traitlets.List().tag(sync=True)
    cutoff = traitlets.Float(4.0).tag(sync=True)
    highlight = traitlets.List(traitlets.Unicode()).tag(sync=True)

    def __init__(
        self,
        name: str,
        first: Chain,
        second: Chain,
        *,
        labels: tuple[tuple[str, str], tuple[str, str]],
        offsets: tuple[int, int],
        low: float = 3.0,
        high: float = 6.0,
        step: float = 0.1,
        reported: Sequence[int] = (),
        cutoff: float = 4.0,
    ) -> None:
        if not (0 < low < high and step > 0):
            raise LifbookError(
                f"a slider from {low} to {high} Å in steps of {step} Å cannot be drawn",
                argument="range",
                remedy="give 0 < low < high and a step above 0",
            )
        for molecule, _prefix in labels:
            if molecule not in COLOURS:
                raise LifbookError.unknown("molecule", molecule, COLOURS, argument="labels")
        found = structure.contacts(first, second, high).sort_values("distance", kind="stable")
        sides, places = [], []
        for chain, column, (molecule, prefix), offset in zip(
            (first, second), ("a", "b"), labels, offsets, strict=True
        ):
            numbers = sorted(found[column].unique().tolist())
            places.append({number: place for place, number in enumerate(numbers)})
            residues = [
                {
                    "id": f"{prefix}:{number}",
                    "label": text,
                    "text": f"{text} (UniProt {number + offset}) of {molecule}",
                }
                for number in numbers
                for text in [structure.label(structure.get_residue(chain, number))]
            ]
            sides.append({"name": molecule, "colour": COLOURS[molecule], "residues": residues})
        super().__init__(
            name=name,
            label=f"Residues of {labels[0][0]} and {labels[1][0]} in contact at a cut-off",
            pairs=[
                [places[0][row.a], places[1][row.b], row.distance] for row in found.itertuples()
            ],
            sides=sides,
            range=[low, high, step],
            reported=list(reported),
            cutoff=cutoff,
        )

    @traitlets.validate("cutoff")
    def _in_range(self, proposal: traitlets.Bunch) -> float:
        if self.range:
            value, (low, high, _step) = proposal.value, self.range
            shown = f"a cut-off of {value} Å"
            check_slider(low <= value <= high, shown, low, high, argument="cutoff", unit="Å")
        return proposal.value

    def __repr__(self) -> str:
        return f"ContactExplorer('{self.name}', cutoff={self.cutoff} Å)"
