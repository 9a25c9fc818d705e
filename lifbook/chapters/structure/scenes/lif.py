"""LIF alone, and LIF of three crystals laid on each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import py3Dmol
from Bio.PDB.Chain import Chain
from Bio.PDB.Structure import Structure

from lifbook import structure
from lifbook.data import records
from lifbook.errors import LifbookError
from lifbook.page.scenes import (
    LAID,
    PALE,
    SULPHUR,
    Selection,
    add_label,
    bundle_orientation,
    ca,
    laid_on_lif,
    span,
)
from lifbook.page.viewer import Entry, Scene, StructureViewer, orientation
from lifbook.palette import GLYCAN, HELIX_COLOURS, MUTED

#: Name of a helix -> its first and last residue.
Spans = Mapping[str, tuple[int, int]]


def lif_scenes(chain: Chain, helices: pd.DataFrame) -> dict[str, Scene]:
    """LIF alone: fold, course of the chain, disulfides, sequons, and each helix.

    Parameters
    ----------
    chain
        LIF in 2Q7N (chain B).
    helices
        Table with ``name`` (A to D), ``start`` and ``end``.
    """
    spans = {row["name"]: (row["start"], row["end"]) for row in helices.to_dict("records")}
    _start, end = spans["A"]
    frame: dict[str, Any] = {
        "focus": {"chain": chain.id},
        "orientation": orientation(
            ca(chain), right=ca(chain, end - 4, end), top=ca(chain, *spans["C"])
        ),
        "zoom": 1.15,
    }
    scenes = [
        _fold_scene(chain, spans, frame),
        _course_scene(chain, frame),
        _disulfides_scene(chain, frame),
        _sequons_scene(chain, frame),
        *(_helix_scene(chain, name, *ends, frame) for name, ends in spans.items()),
    ]
    return {scene.name: scene for scene in scenes}


def _fold_scene(chain: Chain, spans: Spans, frame: dict[str, Any]) -> Scene:
    """Each helix in its colour, with its name at its middle."""
    lif: Selection = {"chain": chain.id}

    def draw(view: py3Dmol.view) -> None:
        view.setStyle(lif, {"cartoon": {"color": MUTED}})
        for name, (first, last) in spans.items():
            part = {**lif, "resi": span(first, last)}
            view.setStyle(part, {"cartoon": {"color": HELIX_COLOURS[name]}})
            middle = {**lif, "resi": (first + last) // 2, "atom": "CA"}
            add_label(view, name, middle, HELIX_COLOURS[name])

    return Scene(
        "fold",
        "Four helices",
        "LIF is a bundle of four long helices, A, B, C and D, "
        "drawn as ribbons in four colours. Grey loops join them.",
        draw,
        group="LIF",
        **frame,
    )


def _course_scene(chain: Chain, frame: dict[str, Any]) -> Scene:
    """The chain in a spectrum of colours, with the names of its ends."""
    lif: Selection = {"chain": chain.id}

    def draw(view: py3Dmol.view) -> None:
        view.setStyle(lif, {"cartoon": {"color": "spectrum"}})
        numbers = [residue.id[1] for residue in chain]
        for number, text in ((numbers[0], "N-terminus"), (numbers[-1], "C-terminus")):
            add_label(view, text, {**lif, "resi": number, "atom": "CA"}, "#444444")

    return Scene(
        "course",
        "Course of the chain",
        "The chain from blue (N-terminus) to red "
        "(C-terminus). Follow it: A and B run one way, C and D the other.",
        draw,
        group="LIF",
        **frame,
    )


def _disulfides_scene(chain: Chain, frame: dict[str, Any]) -> Scene:
    """The disulfide bonds as sticks."""
    lif: Selection = {"chain": chain.id}
    bonds = structure.disulfides(chain)

    def draw(view: py3Dmol.view) -> None:
        view.setStyle(lif, {"cartoon": {"color": PALE["LIF"]}})
        for bond in records(bonds):
            pair = {**lif, "resi": [bond.first, bond.second]}
            view.addStyle(pair, {"stick": {"color": SULPHUR, "radius": 0.35}})
            text = f"Cys{bond.first}-Cys{bond.second}"
            add_label(view, text, {**lif, "resi": bond.first, "atom": "SG"}, SULPHUR)

    return Scene(
        "disulfides",
        "Disulfides",
        f"{len(bonds)} disulfide bonds (sticks) tie loops and "
        "the N-terminal stretch to the bundle.",
        draw,
        group="LIF",
        **frame,
    )


def _sequons_scene(chain: Chain, frame: dict[str, Any]) -> Scene:
    """The asparagines of the sequons as sticks."""
    lif: Selection = {"chain": chain.id}
    sites = structure.sequons(structure.sequence(chain))

    def draw(view: py3Dmol.view) -> None:
        view.setStyle(lif, {"cartoon": {"color": PALE["LIF"]}})
        for number in sites:
            one = {**lif, "resi": number}
            view.addStyle(one, {"stick": {"color": GLYCAN, "radius": 0.35}})
            add_label(view, f"Asn{number}", {**one, "atom": "ND2"}, GLYCAN)

    return Scene(
        "sequons",
        "Sequons",
        f"The {len(sites)} asparagines of LIF's sequons (sticks) lie "
        "on the surface. No sugar stands on LIF in this crystal.",
        draw,
        group="LIF",
        **frame,
    )


def _helix_scene(chain: Chain, name: str, first: int, last: int, frame: dict[str, Any]) -> Scene:
    """One helix of LIF in its colour, with the names of its ends."""
    lif: Selection = {"chain": chain.id}
    colour = HELIX_COLOURS[name]

    def draw(view: py3Dmol.view) -> None:
        view.setStyle(lif, {"cartoon": {"color": PALE["grey"]}})
        view.setStyle({**lif, "resi": span(first, last)}, {"cartoon": {"color": colour}})
        for number in (first, last):
            text = structure.label(structure.get_residue(chain, number))
            add_label(view, text, {**lif, "resi": number, "atom": "CA"}, colour)

    return Scene(
        f"helix-{name.lower()}",
        f"Helix {name}",
        f"Helix {name}: residues {first} to {last} of the mature protein "
        f"({last - first + 1} residues).",
        draw,
        group="Helices",
        **frame,
    )


def lif_viewer(entry: Structure, helices: pd.DataFrame, name: str = "lif") -> StructureViewer:
    """LIF of 2Q7N alone, with the scenes of `lif_scenes`."""
    scenes = lif_scenes(structure.get_chain(entry, "B"), helices)
    return StructureViewer(
        name, [Entry("2Q7N", ("B",))], scenes.values(), label="Human LIF, from PDB entry 2Q7N"
    )


def superposed_viewer(
    target: Chain,
    helices: pd.DataFrame,
    moves: Mapping[str, structure.Superposition],
    entries: Sequence[tuple[str, str]],
    name: str = "laid",
) -> StructureViewer:
    """LIF of 2Q7N with LIF of other entries laid onto it.

    Parameters
    ----------
    target
        LIF in 2Q7N.
    helices
        Its helices, with ``start`` and ``end``.
    moves
        Name -> superposition onto the target.
    entries
        Entry and chain of each, in the same order.
    """
    if not 1 <= len(moves) <= len(LAID) or len(moves) != len(entries):
        raise LifbookError(
            f"{len(moves)} superpositions and {len(entries)} entries do not go together",
            remedy=f"give one for each entry, up to {len(LAID)} that colours can tell apart",
        )
    frame: dict[str, Any] = {
        "focus": {"model": 0},
        "orientation": bundle_orientation(target, helices),
        "zoom": 1.15,
        "group": "Superposed",
    }
    words = list(LAID)[: len(moves)]
    colours = {at: LAID[word] for at, word in enumerate(words, start=1)}
    count = ("two", "three", "four", "five")[len(moves) - 1]
    laid = [f"{pdb} {word}" for (pdb, _chain), word in zip(entries, words, strict=True)]
    scenes = [
        Scene(
            "all",
            f"All {count}" if len(moves) > 1 else "Both",
            f"LIF from {count} crystals: 2Q7N orange, {', '.join(laid)}. The four helices "
            "lie on each other; loops and the N-terminal end spread.",
            laid_on_lif(colours),
            **frame,
        )
    ]
    shown = [Entry("2Q7N", (target.id,))]
    for at, ((pdb, chain), (title, move)) in enumerate(
        zip(entries, moves.items(), strict=True), start=1
    ):
        scenes.append(_crystal_scene(pdb, title, move, {at: colours[at]}, frame))
        shown.append(Entry(pdb, (chain,), moved_by=move, slim=True))
    return StructureViewer(name, shown, scenes, label=f"LIF from {count} crystal structures")


def _crystal_scene(
    pdb: str,
    title: str,
    move: structure.Superposition,
    colour: Mapping[int, str],
    frame: dict[str, Any],
) -> Scene:
    """LIF of one other entry on LIF of 2Q7N; `colour` as in `laid_on_lif`."""
    worst = move.table.iloc[int(move.table["deviation"].to_numpy().argmax())]
    return Scene(
        pdb.lower(),
        f"{pdb} on 2Q7N",
        f"{title} on LIF of 2Q7N (orange): rmsd "
        f"{move.rmsd:.2f} Å over {len(move.table)} CA atoms, farthest apart at "
        f"{worst['label']} ({worst['deviation']:.1f} Å).",
        laid_on_lif(colour),
        **frame,
    )
