"""Cytokines of the family laid onto LIF by structure, and the places of a motif."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
import py3Dmol
from Bio.PDB.Chain import Chain

from lifbook import structure
from lifbook.errors import LifbookError
from lifbook.page.scenes import PALE, add_label, bundle_orientation, ca, ca_of, laid_on_lif, xyz
from lifbook.page.viewer import Entry, Scene, StructureViewer, orientation
from lifbook.palette import COLOURS

#: Scene, and word of the captions for the colour, of each cytokine that is laid onto LIF.
FOLDS = {
    "OSM": ("lif-osm", "olive"),
    "IL-6": ("lif-il6", "purple"),
    "viral IL-6": ("lif-vil6", "pink"),
}
Alignments = Mapping[str, structure.StructuralAlignment]


def fold_viewer(
    target: Chain,
    helices: pd.DataFrame,
    alignments: Alignments,
    entries: Mapping[str, tuple[str, str]],
    motif: Sequence[int],
    name: str = "folds",
) -> StructureViewer:
    """Cytokines laid onto LIF of 2Q7N by structure: all, each one, and the motif's places.

    Parameters
    ----------
    target
        LIF in 2Q7N.
    helices
        Its helices, with ``start`` and ``end``.
    alignments
        Name (OSM, IL-6, viral IL-6) -> alignment onto the target.
    entries
        Name -> PDB entry and chain.
    motif
        Numbers of the target whose counterparts the scene "motif" marks.

    Raises
    ------
    LifbookError
        No or an unknown cytokine, one without an entry, a motif residue that does not exist.
    """
    _check(alignments, entries, motif)
    frame: dict[str, Any] = {
        "focus": {"model": 0},
        "orientation": bundle_orientation(target, helices),
        "zoom": 1.3,
        "group": "Superposed",
    }
    colours = {at: COLOURS[cytokine] for at, cytokine in enumerate(alignments, start=1)}
    words = [f"{cytokine} {FOLDS[cytokine][1]}" for cytokine in alignments]
    scenes = [
        Scene(
            "all",
            "All on LIF",
            f"LIF orange, {', '.join(words)}, laid on LIF by the CA atoms that "
            "correspond. Helices run alike; loops differ. Not every helix is in every file.",
            laid_on_lif(colours),
            **frame,
        )
    ]
    shown = [Entry("2Q7N", (target.id,))]
    for at, (cytokine, found) in enumerate(alignments.items(), start=1):
        pdb, chain = entries[cytokine]
        scene, word = FOLDS[cytokine]
        fitted = found.superposition
        scenes.append(
            Scene(
                scene,
                f"{cytokine} on LIF",
                f"{cytokine} ({pdb}, {word}) on LIF (orange): "
                f"{len(fitted.table)} CA atoms fitted, rmsd {fitted.rmsd:.1f} Å; {found.n} pairs, "
                f"{found.identity:.0%} of them the same amino acid.",
                laid_on_lif({at: colours[at]}),
                **frame,
            )
        )
        shown.append(Entry(pdb, (chain,), moved_by=fitted, slim=True))
    scenes.append(_motif_scene(target, alignments, motif))
    return StructureViewer(
        name, shown, scenes, label=f"LIF with {', '.join(alignments)} laid onto it"
    )


def _check(
    alignments: Alignments, entries: Mapping[str, tuple[str, str]], motif: Sequence[int]
) -> None:
    """Refuse what cannot be shown."""
    for cytokine in alignments:
        if cytokine not in FOLDS:
            raise LifbookError.unknown(
                "cytokine with a colour", cytokine, FOLDS, argument="alignments"
            )
        if cytokine not in entries:
            raise LifbookError(
                f"the cytokine '{cytokine}' has no entry",
                argument="entries",
                remedy=f"name the entry and chain of each of {', '.join(alignments)}",
            )
    if not alignments or not motif:
        raise LifbookError(
            "nothing to lay onto LIF, or no motif to mark",
            remedy="give at least one alignment and one residue number",
        )


# --- the motif --------------------------------------------------------------------------


@dataclass(frozen=True)
class _Marked:
    """One protein about the motif: its stretch, what stands at the motif's places, and names."""

    name: str
    model: int
    stretch: list[int]
    marked: list[int | None]
    texts: Mapping[int, str]


def _marked(
    target: Chain, alignments: Alignments, motif: Sequence[int], stretch: list[int]
) -> list[_Marked]:
    """LIF and the cytokines laid onto it, about the motif."""
    texts = {number: structure.label(structure.get_residue(target, number)) for number in motif}
    found = [_Marked("LIF", 0, stretch, list(motif), texts)]
    for model, (cytokine, alignment) in enumerate(alignments.items(), start=1):
        table = alignment.table
        found.append(
            _Marked(
                cytokine,
                model,
                table.loc[table["target"].isin(stretch), "mobile"].tolist(),
                [alignment.partner(number) for number in motif],
                dict(zip(table["mobile"], table["mobile_label"], strict=True)),
            )
        )
    return found


def _mark(view: py3Dmol.view, protein: _Marked, places: list[list[float]], rank: int) -> None:
    """The stretch of one protein, with a ball and a name at each of the motif's places."""
    one, colour = {"model": protein.model}, COLOURS[protein.name]
    if protein.stretch:
        view.setStyle(
            {**one, "resi": protein.stretch},
            {"cartoon": {"color": colour, "style": "trace", "thickness": 0.4}},
        )
    for place, (number, middle) in enumerate(zip(protein.marked, places, strict=True)):
        if number is None:
            continue
        view.addStyle(
            {**one, "resi": number, "atom": "CA"}, {"sphere": {"color": colour, "radius": 1.0}}
        )
        # Names stand in a column beside LIF's atom, as the atoms all but coincide: above
        # it to the left, then below it.
        left = place % 2 == 0
        offset = {"x": -20, "y": 24 + 30 * rank} if left else {"x": 10, "y": 30 * rank - 115}
        add_label(
            view,
            f"{protein.name} {protein.texts[number]}",
            None,
            colour,
            position=xyz(middle),
            screenOffset=offset,
            alignment="centerRight" if left else "centerLeft",
        )


def _motif_scene(target: Chain, alignments: Alignments, motif: Sequence[int]) -> Scene:
    """What stands in each protein where LIF has the motif."""
    lif = {"model": 0}
    places = ca_of(target, motif)
    first, last = min(motif) - 6, max(motif) + 12
    numbers = {residue.id[1] for residue in target}
    stretch = [number for number in range(first, last + 1) if number in numbers]
    proteins = _marked(target, alignments, motif, stretch)

    def draw(view: py3Dmol.view) -> None:
        thin = {"color": PALE["grey"], "style": "trace", "thickness": 0.25}
        view.setStyle(lif, {"cartoon": thin})
        rank = sum(any(protein.marked) for protein in proteins[1:])
        for protein in proteins:
            _mark(view, protein, places.tolist(), rank)
            rank -= any(protein.marked)

    labels = [proteins[0].texts[number] for number in motif]
    none = [
        protein.name for protein in proteins if all(number is None for number in protein.marked)
    ]
    return Scene(
        "motif",
        "Motif",
        f"Spheres: CA atoms where LIF has {' and '.join(labels)}, and of what "
        "stands there in the others. These files hold no side chains."
        + (f" {' and '.join(none)}: not in the file." if none else ""),
        draw,
        focus={**lif, "resi": stretch},
        zoom=0.9,
        group="Motif",
        orientation=orientation(
            ca(target, first, last), right=ca(target, first, max(motif)), front=places
        ),
    )
