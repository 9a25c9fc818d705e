"""Widgets of the Structure chapter, filled with LIF and 2Q7N."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
from Bio.PDB.Chain import Chain

from lifbook import data, structure
from lifbook.data import records
from lifbook.page.widgets.contacts import ContactExplorer
from lifbook.page.widgets.sequence import SequenceStrip
from lifbook.page.widgets.table import ResidueTable
from lifbook.palette import COLOURS, GLYCAN, HELIX_COLOURS, MUTED


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
    for row in records(helices):
        marks[f"helix {row.name}"] = (
            HELIX_COLOURS[row.name],
            range(row.start + offset, row.end + offset + 1),
        )
    marks["cysteine in a disulfide"] = (COLOURS["LIFR"], [number + offset for number in bonded])
    marks["asparagine of a sequon"] = (GLYCAN, structure.sequons(precursor))
    return SequenceStrip(
        name,
        precursor,
        cut=offset,
        chain_id="2Q7N:B",
        marks=marks,
        label="Sequence of the human LIF precursor, UniProt numbers",
    )


def lif_contacts(
    lif: Chain, lifr: Chain, *, reported: Sequence[int] = (), name: str = "contacts"
) -> ContactExplorer:
    """Contacts of LIF (chain B) with LIFR (chain A) in 2Q7N; `reported` counts are drawn too."""
    return ContactExplorer(
        name,
        lif,
        lifr,
        reported=reported,
        labels=(("LIF", f"2Q7N:{lif.id}"), ("LIFR", f"2Q7N:{lifr.id}")),
        offsets=(data.numbering("2Q7N", lif.id).offset, data.numbering("2Q7N", lifr.id).offset),
    )


def lif_buried(frame: pd.DataFrame, *, offset: int, name: str = "buried") -> ResidueTable:
    """Table of the surface that residues of LIF lose, from `structure.buried_surface`."""
    rows = frame.assign(
        uniprot=frame["number"] + offset, id=[f"2Q7N:B:{number}" for number in frame["number"]]
    )
    headings = {
        "label": "Residue (mature)",
        "uniprot": "UniProt",
        "free": "Alone (Å²)",
        "buried": "Buried (Å²)",
    }
    return ResidueTable(
        name,
        rows,
        headings,
        label="Surface of LIF that LIFR buries. Pick a row to see the residue in 3D.",
    )
