"""3D views of the Interactions chapter: the model of the ternary complex, folds of the family."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
import py3Dmol
from Bio.PDB.Chain import Chain
from Bio.PDB.Structure import Structure

from lifbook import structure
from lifbook.errors import LifbookError
from lifbook.page.scenes import (
    GP130,
    LIF,
    LIFR,
    PALE,
    Selection,
    add_label,
    ca,
    ca_of,
    dashes,
    outermost,
    spread,
    xyz,
)
from lifbook.page.viewer import Draw, Entry, Scene, StructureViewer, orientation
from lifbook.palette import COLOURS, PICK


def ternary_scenes(
    with_lifr: Structure,
    with_gp130: Structure,
    move: structure.Superposition,
    key_residues: Sequence[int] = (),
) -> dict[str, Scene]:
    """LIF with LIFR and gp130: two crystals apart, laid together, both sites, the gap, clashes.

    Model 0 is 2Q7N, model 1 is 1PVH as the superposition moves it, model 2 1PVH as deposited.

    Parameters
    ----------
    with_lifr, with_gp130
        2Q7N and 1PVH, as deposited.
    move
        Superposition of LIF in 1PVH (chain B) onto LIF in 2Q7N (chain B).
    key_residues
        LIF residues to be named first, where they are in a site.
    """
    lifr, lif = structure.get_chain(with_lifr, "A"), structure.get_chain(with_lifr, "B")
    gp130, other = (move.moved(structure.get_chain(with_gp130, chain)) for chain in "AB")
    receptor, ligand = {"model": 0, "chain": "A"}, {"model": 0, "chain": "B"}
    second, copy = {"model": 1, "chain": "A"}, {"model": 1, "chain": "B"}
    second_apart, copy_apart = {"model": 2, "chain": "A"}, {"model": 2, "chain": "B"}
    site_2, site_3 = structure.contacts(other, gp130, 4.0), structure.contacts(lif, lifr, 4.0)
    near = structure.closest_approach(gp130, lifr)
    clashes = structure.clashes(lif, gp130)
    # The LIF residues of both sites in one chain: the crystal of LIFR shows them all.
    on_lif = [sorted(int(n) for n in site["a"].unique()) for site in (site_2, site_3)]
    centres = np.array([structure.centre(lif, numbers) for numbers in on_lif])
    between = float(np.linalg.norm(centres[1] - centres[0]))

    view_from = orientation(np.vstack([ca(lifr), ca(lif), ca(gp130)]), right=ca(gp130), top=ca(lif))
    apart_from = orientation(
        np.vstack(
            [
                ca(chain)
                for entry in (with_lifr, with_gp130)
                for chain in (structure.get_chain(entry, "A"), structure.get_chain(entry, "B"))
            ]
        ),
        right=ca(structure.get_chain(with_gp130, "A")),
        top=ca(lif),
    )
    whole: dict[str, Any] = {
        "focus": {"model": [0, 1], "chain": ["A", "B"]},
        "orientation": view_from,
        "zoom": 1.6,
        "group": "Model",
    }

    def ribbons(view: py3Dmol.view, *parts: tuple[Selection, str]) -> None:
        for selection, colour in parts:
            view.setStyle(selection, {"cartoon": {"color": colour}})

    def trace(view: py3Dmol.view, *parts: tuple[Selection, str]) -> None:
        for selection, colour in parts:
            view.setStyle(
                selection, {"cartoon": {"color": colour, "style": "trace", "thickness": 0.3}}
            )

    def sticks(
        view: py3Dmol.view, selection: Selection, numbers: Iterable[int], colour: str
    ) -> None:
        view.addStyle(
            {**selection, "resi": [int(n) for n in numbers], "not": {"atom": ["N", "C", "O"]}},
            {"stick": {"color": colour, "radius": 0.28}},
        )

    def name(
        view: py3Dmol.view,
        text: str,
        part: Selection,
        chain: Chain,
        colour: str,
        turn: Sequence[float],
        towards: tuple[float, float],
        side: str,
    ) -> None:
        at = {**part, "resi": outermost(chain, turn, towards), "atom": "CA"}
        add_label(view, text, at, colour, alignment=side)

    up, down, right = (0, 1), (0, -1), (1, 0)
    lif_apart, gp130_apart = (structure.get_chain(with_gp130, chain) for chain in "BA")

    def apart(view: py3Dmol.view) -> None:
        ribbons(view, (receptor, LIFR), (ligand, LIF), (second_apart, GP130), (copy_apart, LIF))
        name(view, "LIFR (mouse)", receptor, lifr, LIFR, apart_from, down, "topCenter")
        name(view, "LIF in 2Q7N", ligand, lif, LIF, apart_from, up, "bottomCenter")
        name(view, "gp130", second_apart, gp130_apart, GP130, apart_from, up, "bottomCenter")
        name(view, "LIF in 1PVH", copy_apart, lif_apart, LIF, apart_from, down, "topCenter")

    def by_lif(view: py3Dmol.view) -> None:
        ribbons(view, (receptor, LIFR), (ligand, LIF), (second, GP130), (copy, PALE["LIF"]))
        name(view, "LIFR (mouse)", receptor, lifr, LIFR, view_from, down, "topCenter")
        name(view, "LIF", ligand, lif, LIF, view_from, up, "bottomCenter")
        name(view, "gp130", second, gp130, GP130, view_from, right, "centerLeft")

    def sites(view: py3Dmol.view) -> None:
        trace(view, (ligand, LIF), (receptor, PALE["LIFR"]), (second, PALE["gp130"]))
        for numbers, middle, colour, text in zip(
            on_lif, centres, (GP130, LIFR), ("site II", "site III"), strict=True
        ):
            sticks(view, ligand, numbers, colour)
            place = xyz(middle)
            view.addSphere({"center": place, "radius": 2, "color": colour})
            add_label(
                view,
                text,
                None,
                colour,
                position=place,
                alignment="topCenter",
                screenOffset={"x": 0, "y": -24},
            )
        dashes(
            view,
            centres,
            f"{between:.0f} Å",
            PICK,
            alignment="bottomCenter",
            screenOffset={"x": 0, "y": 20},
        )

    def contact_site(
        pairs: pd.DataFrame,
        ligand: Selection,
        lif: Chain,
        partner: Selection,
        chain: Chain,
        name: str,
        named: list[tuple[int, int]],
    ) -> Draw:
        def draw(view: py3Dmol.view) -> None:
            trace(view, (ligand, PALE["LIF"]), (partner, PALE[name]))
            sticks(view, ligand, pairs["a"].unique(), LIF)
            sticks(view, partner, pairs["b"].unique(), COLOURS[name])
            for a, b in named:
                for owner, part, number, colour, side, lift in (
                    (lif, ligand, a, LIF, "bottomCenter", 16),
                    (chain, partner, b, COLOURS[name], "topCenter", -16),
                ):
                    add_label(
                        view,
                        structure.label(structure.get_residue(owner, number)),
                        {**part, "resi": number, "atom": "CA"},
                        colour,
                        alignment=side,
                        screenOffset={"x": 0, "y": lift},
                    )

        return draw

    def gap(view: py3Dmol.view) -> None:
        ribbons(view, (receptor, PALE["LIFR"]), (ligand, PALE["LIF"]), (second, PALE["gp130"]))
        for selection, number, text, colour in (
            (second, near.a, f"{near.label_a} of gp130", GP130),
            (receptor, near.b, f"{near.label_b} of LIFR", LIFR),
        ):
            one = {**selection, "resi": number}
            view.addStyle(one, {"stick": {"color": colour, "radius": 0.35}})
            add_label(view, text, {**one, "atom": "CA"}, colour)
        dashes(view, near.ends, f"{near.distance:.1f} Å", PICK)

    def site_frame(
        sides: list[list[int]], model: int, lif: Chain, partner: Chain, zoom: float = 0.9
    ) -> dict[str, Any]:
        points = np.vstack(
            [ca_of(chain, numbers) for chain, numbers in zip((lif, partner), sides, strict=True)]
        )
        focus = {
            "model": model,
            "or": [{"chain": "B", "resi": sides[0]}, {"chain": "A", "resi": sides[1]}],
        }
        return {
            "focus": focus,
            "zoom": zoom,
            "group": "Sites",
            "orientation": orientation(points, top=ca(lif), edge_on=True),
        }

    def numbers_of(pairs: pd.DataFrame) -> list[list[int]]:
        return [sorted(int(n) for n in pairs[key].unique()) for key in "ab"]

    frame_2 = site_frame(numbers_of(site_2), 1, other, gp130)
    frame_3 = site_frame(numbers_of(site_3), 0, lif, lifr)
    named_2, named_3 = (
        spread(
            site.assign(other=~site["a"].isin(list(key_residues))),
            chains,
            frame["orientation"],
            ["other", "distance"],
        )
        for site, chains, frame in (
            (site_2, (other, gp130), frame_2),
            (site_3, (lif, lifr), frame_3),
        )
    )

    # The stretch of LIF that clashes most: it and what it runs into fill the view.
    worst = clashes.groupby("a")["atom_pairs"].sum().nlargest(3).index.tolist()
    first, last = int(min(worst)), int(max(worst))
    heart = clashes[clashes["a"].between(first, last)]
    frame_clash = site_frame(numbers_of(heart), 1, other, gp130, 0.6) | {
        "orientation": site_frame(numbers_of(clashes), 1, other, gp130)["orientation"]
    }
    named_clash = spread(
        heart.assign(few=-heart["atom_pairs"]),
        (lif, gp130),
        frame_clash["orientation"],
        ["few"],
        count=2,
        apart=4.0,
    )

    def clash(view: py3Dmol.view) -> None:
        contact_site(clashes, ligand, lif, second, gp130, "gp130", named_clash)(view)
        trace(view, (copy, PALE["grey"]))

    counts = [(site["a"].nunique(), site["b"].nunique()) for site in (site_2, site_3)]
    # What of LIFR lies around the gap: a selection cannot name residues of two models.
    around = [
        r.id[1]
        for r in lifr
        if "CA" in r and np.linalg.norm(r["CA"].coord - near.ends.mean(axis=0)) < 25
    ]
    scenes = [
        Scene(
            "apart",
            "Two crystals",
            "2Q7N (LIF with mouse LIFR) and 1PVH (LIF with gp130), each "
            "where its own crystal's frame puts it. How they lie to each other means nothing.",
            apart,
            focus={"model": [0, 2], "chain": ["A", "B"]},
            orientation=apart_from,
            zoom=1.5,
            group="Model",
        ),
        Scene(
            "by-lif",
            "Laid by LIF",
            "1PVH moved as one body until its LIF (pale orange) lies on "
            f"LIF of 2Q7N (orange): rmsd {move.rmsd:.2f} Å over {len(move.table)} CA atoms. gp130 "
            "(green) comes along.",
            by_lif,
            **whole,
        ),
        Scene(
            "sites",
            "Two sites of LIF",
            "LIF residues within 4.0 Å of gp130 (site II, green) and "
            f"of LIFR (site III, blue), as sticks. The balls mark their middles, {between:.0f} Å "
            "apart.",
            sites,
            focus=ligand,
            orientation=view_from,
            zoom=0.8,
            group="Model",
        ),
        Scene(
            "gap",
            "Gap",
            "The nearest atoms of gp130 and LIFR in the model are "
            f"{near.distance:.1f} Å apart ({near.label_a} of gp130, {near.label_b} of LIFR): the "
            "receptors' shown parts do not touch.",
            gap,
            focus={**receptor, "resi": around},
            orientation=view_from,
            zoom=0.7,
            group="Model",
        ),
        Scene(
            "site-2",
            "Site II",
            "LIF (orange) above, gp130 (green) below, as in crystal 1PVH. "
            f"Sticks: {counts[0][0]} LIF and {counts[0][1]} gp130 residues within 4.0 Å; some of "
            "the nearest pairs have names.",
            contact_site(site_2, copy, other, second, gp130, "gp130", named_2),
            **frame_2,
        ),
        Scene(
            "site-3",
            "Site III",
            "LIF (orange) above, mouse LIFR (blue) below, as in 2Q7N. "
            f"Sticks: {counts[1][0]} LIF and {counts[1][1]} LIFR residues within 4.0 Å; some of "
            "the nearest pairs have names.",
            contact_site(site_3, ligand, lif, receptor, lifr, "LIFR", named_3),
            **frame_3,
        ),
        Scene(
            "clash",
            "Clashes",
            f"LIF of 2Q7N (orange) and gp130 (green): {len(clashes)} residue "
            f"pairs come within {structure.CLASH:.1f} Å, most at LIF {first} to {last}. Grey: LIF of "
            "1PVH, which runs clear.",
            clash,
            **frame_clash,
        ),
    ]
    return {scene.name: scene for scene in scenes}


def ternary_viewer(
    with_lifr: Structure,
    with_gp130: Structure,
    move: structure.Superposition,
    key_residues: Sequence[int] = (),
    name: str = "ternary",
) -> StructureViewer:
    """The model of LIF with LIFR and gp130, with the scenes of `ternary_scenes`."""
    scenes = ternary_scenes(with_lifr, with_gp130, move, key_residues)
    entries = [Entry("2Q7N"), Entry("1PVH", ("A", "B"), moved_by=move), Entry("1PVH", ("A", "B"))]
    return StructureViewer(
        name,
        entries,
        scenes.values(),
        label="Model of human LIF with mouse LIFR (2Q7N) and human gp130 (1PVH)",
    )


#: Scene, and word of the captions for the colour, of each cytokine that is laid onto LIF.
FOLDS = {
    "OSM": ("lif-osm", "olive"),
    "IL-6": ("lif-il6", "purple"),
    "viral IL-6": ("lif-vil6", "pink"),
}


def fold_viewer(
    target: Chain,
    helices: pd.DataFrame,
    alignments: Mapping[str, structure.StructuralAlignment],
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
    lif = {"model": 0}
    names = list(alignments)
    view_from = orientation(
        ca(target),
        right=ca(target, helices["end"].iloc[0] - 4, helices["end"].iloc[0]),
        top=ca(target, helices["start"].iloc[2], helices["end"].iloc[2]),
    )
    frame: dict[str, Any] = {
        "focus": lif,
        "orientation": view_from,
        "zoom": 1.3,
        "group": "Superposed",
    }

    def shown(which: Sequence[int]) -> Draw:
        def draw(view: py3Dmol.view) -> None:
            view.setStyle(lif, {"cartoon": {"color": LIF}})
            for at in which:
                view.setStyle({"model": at + 1}, {"cartoon": {"color": COLOURS[names[at]]}})

        return draw

    places = ca_of(target, motif)
    partners = {
        key: [found.partner(number) for number in motif] for key, found in alignments.items()
    }

    first, last = min(motif) - 6, max(motif) + 12
    stretch = [
        number for number in range(first, last + 1) if any(r.id[1] == number for r in target)
    ]

    def marks(view: py3Dmol.view) -> None:
        view.setStyle(
            lif, {"cartoon": {"color": PALE["grey"], "style": "trace", "thickness": 0.25}}
        )
        rank = sum(any(partners[key]) for key in names)
        for at, key in enumerate(("LIF", *names)):
            one, colour = {"model": at}, COLOURS[key]
            if key == "LIF":
                near, marked = stretch, list[int | None](motif)
                texts = {n: structure.label(structure.get_residue(target, n)) for n in motif}
            else:
                table = alignments[key].table
                near = table.loc[table["target"].isin(stretch), "mobile"].tolist()
                marked = partners[key]
                texts = dict(zip(table["mobile"], table["mobile_label"], strict=True))
            if near:
                view.setStyle(
                    {**one, "resi": near},
                    {"cartoon": {"color": colour, "style": "trace", "thickness": 0.4}},
                )
            for place, (number, middle) in enumerate(zip(marked, places.tolist(), strict=True)):
                if number is None:
                    continue
                view.addStyle(
                    {**one, "resi": number, "atom": "CA"},
                    {"sphere": {"color": colour, "radius": 1.0}},
                )
                # Names stand in a column beside LIF's atom, as the atoms all but coincide: above
                # it to the left, then below it.
                left = place % 2 == 0
                offset = (
                    {"x": -20, "y": 24 + 30 * rank} if left else {"x": 10, "y": 30 * rank - 115}
                )
                add_label(
                    view,
                    f"{key} {texts[number]}",
                    None,
                    colour,
                    position=xyz(middle),
                    screenOffset=offset,
                    alignment="centerRight" if left else "centerLeft",
                )
            rank -= any(marked)

    none = [key for key in names if all(number is None for number in partners[key])]
    words = [f"{key} {FOLDS[key][1]}" for key in names]
    labels = [structure.label(structure.get_residue(target, number)) for number in motif]
    scenes = [
        Scene(
            "all",
            "All on LIF",
            f"LIF orange, {', '.join(words)}, laid on LIF by the CA atoms that "
            "correspond. Helices run alike; loops differ. Not every helix is in every file.",
            shown(range(len(names))),
            **frame,
        )
    ]
    for at, key in enumerate(names):
        found, word = alignments[key], FOLDS[key][1]
        fitted = found.superposition
        scenes.append(
            Scene(
                FOLDS[key][0],
                f"{key} on LIF",
                f"{key} ({entries[key][0]}, {word}) on LIF (orange): "
                f"{len(fitted.table)} CA atoms fitted, rmsd {fitted.rmsd:.1f} Å; {found.n} pairs, "
                f"{found.identity:.0%} of them the same amino acid.",
                shown([at]),
                **frame,
            )
        )
    scenes.append(
        Scene(
            "motif",
            "Motif",
            f"Spheres: CA atoms where LIF has {' and '.join(labels)}, and of what "
            "stands there in the others. These files hold no side chains."
            + (f" {' and '.join(none)}: not in the file." if none else ""),
            marks,
            focus={**lif, "resi": stretch},
            zoom=0.9,
            group="Motif",
            orientation=orientation(
                ca(target, first, last), right=ca(target, first, max(motif)), front=places
            ),
        )
    )
    shown_entries = [Entry("2Q7N", (target.id,))] + [
        Entry(*_entry(entries[key]), moved_by=alignments[key].superposition, slim=True)
        for key in names
    ]
    return StructureViewer(
        name, shown_entries, scenes, label=f"LIF with {', '.join(names)} laid onto it"
    )


def _entry(place: tuple[str, str]) -> tuple[str, tuple[str]]:
    pdb, chain = place
    return pdb, (chain,)
