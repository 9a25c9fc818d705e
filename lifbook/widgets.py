"""Widgets beside the 3D view: the sequence, a table of residues, contacts at any cut-off.

Each has a trait ``picked`` in the form of the viewer's (``"2Q7N:B:156"``), so that
``link_picks`` makes a letter, a row and an atom show the same residue. They work in the
static page and in Jupyter alike.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import ipywidgets
import pandas as pd
import traitlets
from Bio.PDB.Chain import Chain

from lifbook import data, structure
from lifbook.base import PickingWidget, module
from lifbook.errors import LifbookError
from lifbook.palette import COLOURS, GLYCAN, HELIX_COLOURS, MUTED
from lifbook.rounding import rounded

#: Three-letter names by one-letter code.
THREE = dict(zip(
    "ACDEFGHIKLMNPQRSTVWY",
    "Ala Cys Asp Glu Phe Gly His Ile Lys Leu Met Asn Pro Gln Arg Ser Thr Val Trp Tyr".split(),
    strict=True,
))


def link(first: ipywidgets.Widget, second: ipywidgets.Widget, trait: str) -> None:
    """Keep one trait of two widgets the same, in the page itself, with or without a kernel."""
    ipywidgets.jslink((first, trait), (second, trait))


def link_picks(*widgets: ipywidgets.Widget) -> None:
    """Make widgets share the picked residue, in the page itself, with or without a kernel."""
    first, *others = widgets
    for other in others:
        link(first, other, "picked")


class SequenceStrip(PickingWidget):
    """A protein sequence whose letters can be picked.

    Parameters
    ----------
    name
        Name of the widget in the page.
    precursor
        The whole sequence in one-letter codes.
    cut
        Length of the signal peptide, which the mature protein lacks.
    chain_id
        Prefix of the mature residues' ids, e.g. ``"2Q7N:B"``.
    marks
        Label -> (colour, UniProt numbers): what is marked. A later mark is drawn over an
        earlier one.
    label
        What the strip shows, for screen readers.
    """

    _esm = module("sequence.js")
    letters = traitlets.List().tag(sync=True)
    kinds = traitlets.List().tag(sync=True)

    def __init__(
        self, name: str, precursor: str, *, cut: int, chain_id: str,
        marks: Mapping[str, tuple[str, Sequence[int]]], label: str,
    ) -> None:
        if not 0 <= cut < len(precursor):
            raise LifbookError(
                f"a signal peptide of {cut} residues does not fit a precursor of {len(precursor)}",
                column="cut", remedy=f"give a number from 0 to {len(precursor) - 1}",
            )
        strange = [letter for letter in precursor if letter not in THREE]
        if strange:
            raise LifbookError(
                f"'{strange[0]}' is not one of the twenty amino acids", column="precursor",
                remedy=f"use the letters {''.join(THREE)}",
            )
        for mark, (_colour, numbers) in marks.items():
            outside = [number for number in numbers if not 1 <= number <= len(precursor)]
            if outside:
                raise LifbookError(
                    f"mark '{mark}' names residue {outside[0]}", column="marks",
                    remedy=f"use UniProt numbers from 1 to {len(precursor)}",
                )
        sets = {mark: set(numbers) for mark, (_colour, numbers) in marks.items()}
        letters = []
        for uniprot, letter in enumerate(precursor, start=1):
            mature = uniprot - cut
            residue = THREE[letter]
            letters.append({
                "letter": letter,
                "uniprot": uniprot,
                "id": f"{chain_id}:{mature}" if mature > 0 else "",
                "name": f"{residue}{mature} (UniProt {uniprot})" if mature > 0
                        else f"{residue} (UniProt {uniprot})",
                "kinds": [mark for mark, numbers in sets.items() if uniprot in numbers],
            })
        super().__init__(
            name=name, label=label, letters=letters,
            kinds=[{"kind": mark, "colour": colour} for mark, (colour, _numbers) in marks.items()],
        )

    def __repr__(self) -> str:
        return f"SequenceStrip('{self.name}', {len(self.letters)} residues)"


def lif_sequence(
    precursor: str, chain: Chain, helices: pd.DataFrame, offset: int, name: str = "sequence"
) -> SequenceStrip:
    """The LIF precursor with signal peptide, helices, cysteines and sequons marked.

    Parameters
    ----------
    precursor
        UniProt P15018, 202 letters.
    chain
        LIF in 2Q7N, for the disulfides.
    helices
        Table with ``name``, ``start``, ``end`` in mature numbers.
    offset
        UniProt number minus mature number.
    """
    bonds = structure.disulfides(chain)
    bonded = [*bonds["first"], *bonds["second"]]
    marks: dict[str, tuple[str, Sequence[int]]] = {"signal peptide": (MUTED, range(1, offset + 1))}
    for row in helices.itertuples():
        marks[f"helix {row.name}"] = (
            HELIX_COLOURS[row.name], range(row.start + offset, row.end + offset + 1)
        )
    marks["cysteine in a disulfide"] = (COLOURS["LIFR"], [number + offset for number in bonded])
    marks["asparagine of a sequon"] = (GLYCAN, structure.sequons(precursor))
    return SequenceStrip(
        name, precursor, cut=offset, chain_id="2Q7N:B", marks=marks,
        label="Sequence of the human LIF precursor, UniProt numbers",
    )


class ResidueTable(PickingWidget):
    """A table of residues whose rows can be sorted and picked.

    Parameters
    ----------
    name
        Name of the widget in the page.
    frame
        One row for each residue. Column ``id`` holds the residue's id; the first of the
        other columns heads the row.
    headings
        Column of the frame -> heading, with the unit; in this order.
    decimals
        Places after the point of numbers.
    label
        What the table shows: its caption.

    Raises
    ------
    LifbookError
        A column is missing from the frame, the frame is empty, or an id names no residue.
    """

    _esm = module("table.js")
    columns = traitlets.List().tag(sync=True)
    rows = traitlets.List().tag(sync=True)

    def __init__(
        self, name: str, frame: pd.DataFrame, headings: Mapping[str, str], *, label: str,
        decimals: int = 0,
    ) -> None:
        for column in ("id", *headings):
            if column not in frame:
                raise LifbookError(
                    f"the table '{name}' has no column '{column}'", column=column,
                    remedy=f"use some of {', '.join(map(str, frame.columns))}",
                )
        if frame.empty:
            raise LifbookError(f"the table '{name}' has no rows", remedy="widen the selection")
        numeric = {key: pd.api.types.is_numeric_dtype(frame[key]) for key in headings}

        def plain(value: Any, key: str) -> Any:
            if pd.isna(value):
                return None
            return rounded(float(value), 3) if numeric[key] else str(value)

        def place(residue: str) -> tuple[str, int]:
            chain, _colon, number = str(residue).rpartition(":")
            if not number.isdecimal():
                raise LifbookError(
                    f"'{residue}' does not name a residue", column="id",
                    remedy="write entry:chain:number, for instance 2Q7N:B:156",
                )
            return chain, int(number)

        # The first column sorts by residue, whatever the order of the rows.
        order = {residue: at for at, residue in enumerate(sorted(frame["id"], key=place))}
        super().__init__(
            name=name,
            label=label,
            columns=[
                {"label": text, "numeric": numeric[key],
                 "decimals": 0 if pd.api.types.is_integer_dtype(frame[key]) else decimals}
                for key, text in headings.items()
            ],
            rows=[
                {"id": record["id"], "order": order[record["id"]],
                 "values": [plain(record[key], key) for key in headings]}
                for record in frame.to_dict("records")
            ],
        )

    def __repr__(self) -> str:
        return f"ResidueTable('{self.name}', {len(self.rows)} rows)"


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

    _esm = module("chart.js", "contacts.js")
    pairs = traitlets.List().tag(sync=True)
    sides = traitlets.List().tag(sync=True)
    range = traitlets.List().tag(sync=True)
    reported = traitlets.List().tag(sync=True)
    cutoff = traitlets.Float(4.0).tag(sync=True)
    highlight = traitlets.List(traitlets.Unicode()).tag(sync=True)

    def __init__(
        self, name: str, first: Chain, second: Chain, *,
        labels: tuple[tuple[str, str], tuple[str, str]], offsets: tuple[int, int],
        low: float = 3.0, high: float = 6.0, step: float = 0.1,
        reported: Sequence[int] = (), cutoff: float = 4.0,
    ) -> None:
        if not (0 < low < high and step > 0):
            raise LifbookError(
                f"a slider from {low} to {high} Å in steps of {step} Å cannot be drawn",
                column="range", remedy="give 0 < low < high and a step above 0",
            )
        for molecule, _prefix in labels:
            if molecule not in COLOURS:
                raise LifbookError(
                    f"no molecule is called '{molecule}'", column="labels",
                    remedy=f"use some of {', '.join(COLOURS)}",
                )
        found = structure.contacts(first, second, high).sort_values("distance", kind="stable")
        sides, places = [], []
        for chain, column, (molecule, prefix), offset in zip(
            (first, second), ("a", "b"), labels, offsets, strict=True
        ):
            numbers = sorted(found[column].unique().tolist())
            places.append({number: place for place, number in enumerate(numbers)})
            residues = [
                {"id": f"{prefix}:{number}", "label": text,
                 "text": f"{text} (UniProt {number + offset}) of {molecule}"}
                for number in numbers
                for text in [structure.label(structure.get_residue(chain, number))]
            ]
            sides.append({"name": molecule, "colour": COLOURS[molecule], "residues": residues})
        super().__init__(
            name=name,
            label=f"Residues of {labels[0][0]} and {labels[1][0]} in contact at a cut-off",
            pairs=[
                [places[0][row.a], places[1][row.b], row.distance]
                for row in found.itertuples()
            ],
            sides=sides, range=[low, high, step], reported=list(reported), cutoff=cutoff,
        )

    @traitlets.validate("cutoff")
    def _in_range(self, proposal: traitlets.Bunch) -> float:
        if self.range and not self.range[0] <= proposal.value <= self.range[1]:
            raise LifbookError(
                f"a cut-off of {proposal.value} Å is outside the slider", column="cutoff",
                remedy=f"use a value from {self.range[0]} to {self.range[1]} Å",
            )
        return proposal.value

    def __repr__(self) -> str:
        return f"ContactExplorer('{self.name}', cutoff={self.cutoff} Å)"


def lif_contacts(
    lif: Chain, lifr: Chain, *, reported: Sequence[int] = (), name: str = "contacts"
) -> ContactExplorer:
    """Contacts of LIF (chain B) with LIFR (chain A) in 2Q7N; `reported` counts are drawn too."""
    sides = (("LIF", lif), ("LIFR", lifr))
    return ContactExplorer(
        name, lif, lifr, reported=reported,
        labels=tuple((molecule, f"2Q7N:{chain.id}") for molecule, chain in sides),
        offsets=tuple(data.numbering("2Q7N", chain.id).offset for _molecule, chain in sides),
    )


def lif_buried(frame: pd.DataFrame, *, offset: int, name: str = "buried") -> ResidueTable:
    """Table of the surface that residues of LIF lose, from `structure.buried_surface`."""
    rows = frame.assign(
        uniprot=frame["number"] + offset, id=[f"2Q7N:B:{number}" for number in frame["number"]]
    )
    headings = {
        "label": "Residue (mature)", "uniprot": "UniProt", "free": "Alone (Å²)",
        "buried": "Buried (Å²)",
    }
    return ResidueTable(
        name, rows, headings,
        label="Surface of LIF that LIFR buries. Pick a row to see the residue in 3D.",
    )
