"""The model of LIF with both receptors: two crystals apart, laid together, what comes of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
import py3Dmol
from Bio.PDB.Chain import Chain
from Bio.PDB.Structure import Structure

from lifbook import structure
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

UP, DOWN, RIGHT = (0, 1), (0, -1), (1, 0)


@dataclass(frozen=True)
class _Part:
    """A chain where it is shown, and how 3Dmol.js selects it there."""

    molecule: str
    chain: Chain
    where: Selection

    @property
    def colour(self) -> str:
        return COLOURS[self.molecule]

    @property
    def pale(self) -> str:
        return PALE[self.molecule]


@dataclass(frozen=True)
class _Ternary:
    """2Q7N (model 0) with 1PVH as it is moved (model 1) and as deposited (model 2)."""

    move: structure.Superposition
    lifr: _Part
    lif: _Part
    gp130: _Part
    other: _Part
    gp130_apart: _Part
    other_apart: _Part

    @cached_property
    def orientation(self) -> tuple[float, float, float, float]:
        """The model across the screen, gp130 to the right, LIF above."""
        lif, gp130 = ca(self.lif.chain), ca(self.gp130.chain)
        return orientation(np.vstack([ca(self.lifr.chain), lif, gp130]), right=gp130, top=lif)

    @cached_property
    def site_2(self) -> pd.DataFrame:
        """Residues of LIF (``a``) and gp130 (``b``) within 4.0 Å, in 1PVH."""
        return structure.contacts(self.other.chain, self.gp130.chain, 4.0)

    @cached_property
    def site_3(self) -> pd.DataFrame:
        """Residues of LIF (``a``) and LIFR (``b``) within 4.0 Å, in 2Q7N."""
        return structure.contacts(self.lif.chain, self.lifr.chain, 4.0)


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
    gp130, other = (structure.get_chain(with_gp130, chain) for chain in "AB")
    model = _Ternary(
        move,
        _Part("LIFR", structure.get_chain(with_lifr, "A"), {"model": 0, "chain": "A"}),
        _Part("LIF", structure.get_chain(with_lifr, "B"), {"model": 0, "chain": "B"}),
        _Part("gp130", move.moved(gp130), {"model": 1, "chain": "A"}),
        _Part("LIF", move.moved(other), {"model": 1, "chain": "B"}),
        _Part("gp130", gp130, {"model": 2, "chain": "A"}),
        _Part("LIF", other, {"model": 2, "chain": "B"}),
    )
    scenes = [
        _apart_scene(model),
        _by_lif_scene(model),
        _sites_scene(model),
        _gap_scene(model),
        _site_2_scene(model, key_residues),
        _site_3_scene(model, key_residues),
        _clash_scene(model),
    ]
    return {scene.name: scene for scene in scenes}


# --- what scenes are drawn with ---------------------------------------------------------


def _ribbons(view: py3Dmol.view, *parts: tuple[_Part, str]) -> None:
    for part, colour in parts:
        view.setStyle(part.where, {"cartoon": {"color": colour}})


def _traces(view: py3Dmol.view, *parts: tuple[_Part, str]) -> None:
    for part, colour in parts:
        style = {"cartoon": {"color": colour, "style": "trace", "thickness": 0.3}}
        view.setStyle(part.where, style)


def _sticks(view: py3Dmol.view, part: _Part, numbers: Iterable[int], colour: str) -> None:
    """The side chains of some residues, with their CA atoms."""
    view.addStyle(
        {**part.where, "resi": [int(n) for n in numbers], "not": {"atom": ["N", "C", "O"]}},
        {"stick": {"color": colour, "radius": 0.28}},
    )


def _name(
    view: py3Dmol.view,
    text: str,
    part: _Part,
    turn: Sequence[float],
    towards: tuple[float, float],
    side: str,
) -> None:
    """A label at the residue that lies farthest out in a direction of the screen."""
    at = {**part.where, "resi": outermost(part.chain, turn, towards), "atom": "CA"}
    add_label(view, text, at, part.colour, alignment=side)


def _contact_site(
    pairs: pd.DataFrame, lif: _Part, partner: _Part, named: list[tuple[int, int]]
) -> Draw:
    """What touches, as sticks on thin traces, with the names of some pairs."""

    def draw(view: py3Dmol.view) -> None:
        _traces(view, (lif, lif.pale), (partner, partner.pale))
        _sticks(view, lif, pairs["a"].unique(), lif.colour)
        _sticks(view, partner, pairs["b"].unique(), partner.colour)
        for a, b in named:
            for part, number, side, lift in (
                (lif, a, "bottomCenter", 16),
                (partner, b, "topCenter", -16),
            ):
                add_label(
                    view,
                    structure.label(structure.get_residue(part.chain, number)),
                    {**part.where, "resi": number, "atom": "CA"},
                    part.colour,
                    alignment=side,
                    screenOffset={"x": 0, "y": lift},
                )

    return draw


def _site_frame(
    pairs: pd.DataFrame, lif: _Part, partner: _Part, zoom: float = 0.9
) -> dict[str, Any]:
    """Camera that looks along a contact of two parts of one model, LIF above."""
    sides = [sorted(int(n) for n in pairs[key].unique()) for key in "ab"]
    points = np.vstack([ca_of(lif.chain, sides[0]), ca_of(partner.chain, sides[1])])
    return {
        "focus": {
            "model": lif.where["model"],
            "or": [
                {"chain": part.where["chain"], "resi": numbers}
                for part, numbers in zip((lif, partner), sides, strict=True)
            ],
        },
        "zoom": zoom,
        "group": "Sites",
        "orientation": orientation(points, top=ca(lif.chain), edge_on=True),
    }


def _named_pairs(
    site: pd.DataFrame, lif: _Part, partner: _Part, turn: Sequence[float], first: Sequence[int]
) -> list[tuple[int, int]]:
    """Pairs to be named: those of some residues of LIF first, then the nearest."""
    return spread(
        site.assign(other=~site["a"].isin(list(first))),
        (lif.chain, partner.chain),
        turn,
        ["other", "distance"],
    )


# --- the scenes -------------------------------------------------------------------------


def _apart_scene(model: _Ternary) -> Scene:
    """Both crystals as deposited."""
    shown = (model.lifr, model.lif, model.gp130_apart, model.other_apart)
    turn = orientation(
        np.vstack([ca(part.chain) for part in shown]),
        right=ca(model.gp130_apart.chain),
        top=ca(model.lif.chain),
    )

    def draw(view: py3Dmol.view) -> None:
        _ribbons(view, *((part, part.colour) for part in shown))
        _name(view, "LIFR (mouse)", model.lifr, turn, DOWN, "topCenter")
        _name(view, "LIF in 2Q7N", model.lif, turn, UP, "bottomCenter")
        _name(view, "gp130", model.gp130_apart, turn, UP, "bottomCenter")
        _name(view, "LIF in 1PVH", model.other_apart, turn, DOWN, "topCenter")

    return Scene(
        "apart",
        "Two crystals",
        "2Q7N (LIF with mouse LIFR) and 1PVH (LIF with gp130), each "
        "where its own crystal's frame puts it. How they lie to each other means nothing.",
        draw,
        focus={"model": [0, 2], "chain": ["A", "B"]},
        orientation=turn,
        zoom=1.5,
        group="Model",
    )


def _by_lif_scene(model: _Ternary) -> Scene:
    """1PVH laid on 2Q7N."""
    turn, move = model.orientation, model.move

    def draw(view: py3Dmol.view) -> None:
        _ribbons(
            view,
            (model.lifr, LIFR),
            (model.lif, LIF),
            (model.gp130, GP130),
            (model.other, PALE["LIF"]),
        )
        _name(view, "LIFR (mouse)", model.lifr, turn, DOWN, "topCenter")
        _name(view, "LIF", model.lif, turn, UP, "bottomCenter")
        _name(view, "gp130", model.gp130, turn, RIGHT, "centerLeft")

    return Scene(
        "by-lif",
        "Laid by LIF",
        "1PVH moved as one body until its LIF (pale orange) lies on "
        f"LIF of 2Q7N (orange): rmsd {move.rmsd:.2f} Å over {len(move.table)} CA atoms. gp130 "
        "(green) comes along.",
        draw,
        focus={"model": [0, 1], "chain": ["A", "B"]},
        orientation=turn,
        zoom=1.6,
        group="Model",
    )


def _sites_scene(model: _Ternary) -> Scene:
    """Both sites of LIF in one chain, and how far apart their middles lie."""
    # The LIF residues of both sites in one chain: the crystal of LIFR shows them all.
    on_lif = [sorted(int(n) for n in site["a"].unique()) for site in (model.site_2, model.site_3)]
    centres = np.array([structure.centre(model.lif.chain, numbers) for numbers in on_lif])
    between = float(np.linalg.norm(centres[1] - centres[0]))

    def draw(view: py3Dmol.view) -> None:
        _traces(view, (model.lif, LIF), (model.lifr, PALE["LIFR"]), (model.gp130, PALE["gp130"]))
        for numbers, middle, colour, text in zip(
            on_lif, centres, (GP130, LIFR), ("site II", "site III"), strict=True
        ):
            _sticks(view, model.lif, numbers, colour)
            place = xyz(middle)
            view.addSphere({"center": place, "radius": 2, "color": colour})
            below: dict[str, Any] = {"alignment": "topCenter", "screenOffset": {"x": 0, "y": -24}}
            add_label(view, text, None, colour, position=place, **below)
        above: dict[str, Any] = {"alignment": "bottomCenter", "screenOffset": {"x": 0, "y": 20}}
        dashes(view, centres, f"{between:.0f} Å", PICK, **above)

    return Scene(
        "sites",
        "Two sites of LIF",
        "LIF residues within 4.0 Å of gp130 (site II, green) and "
        f"of LIFR (site III, blue), as sticks. The balls mark their middles, {between:.0f} Å "
        "apart.",
        draw,
        focus=model.lif.where,
        orientation=model.orientation,
        zoom=0.8,
        group="Model",
    )


def _gap_scene(model: _Ternary) -> Scene:
    """Where the two receptors come nearest to each other."""
    near = structure.closest_approach(model.gp130.chain, model.lifr.chain)
    # What of LIFR lies around the gap: a selection cannot name residues of two models.
    middle = near.ends.mean(axis=0)
    around = [
        residue.id[1]
        for residue in model.lifr.chain
        if "CA" in residue and np.linalg.norm(residue["CA"].coord - middle) < 25
    ]

    def draw(view: py3Dmol.view) -> None:
        _ribbons(view, *((part, part.pale) for part in (model.lifr, model.lif, model.gp130)))
        for part, number, text in (
            (model.gp130, near.a, f"{near.label_a} of gp130"),
            (model.lifr, near.b, f"{near.label_b} of LIFR"),
        ):
            one = {**part.where, "resi": number}
            view.addStyle(one, {"stick": {"color": part.colour, "radius": 0.35}})
            add_label(view, text, {**one, "atom": "CA"}, part.colour)
        dashes(view, near.ends, f"{near.distance:.1f} Å", PICK)

    return Scene(
        "gap",
        "Gap",
        "The nearest atoms of gp130 and LIFR in the model are "
        f"{near.distance:.1f} Å apart ({near.label_a} of gp130, {near.label_b} of LIFR): the "
        "receptors' shown parts do not touch.",
        draw,
        focus={**model.lifr.where, "resi": around},
        orientation=model.orientation,
        zoom=0.7,
        group="Model",
    )


def _site_2_scene(model: _Ternary, key_residues: Sequence[int]) -> Scene:
    """LIF and gp130 in 1PVH."""
    site, lif, gp130 = model.site_2, model.other, model.gp130
    frame = _site_frame(site, lif, gp130)
    named = _named_pairs(site, lif, gp130, frame["orientation"], key_residues)
    return Scene(
        "site-2",
        "Site II",
        "LIF (orange) above, gp130 (green) below, as in crystal 1PVH. "
        f"Sticks: {site['a'].nunique()} LIF and {site['b'].nunique()} gp130 residues within "
        "4.0 Å; some of the nearest pairs have names.",
        _contact_site(site, lif, gp130, named),
        **frame,
    )


def _site_3_scene(model: _Ternary, key_residues: Sequence[int]) -> Scene:
    """LIF and LIFR in 2Q7N."""
    site, lif, lifr = model.site_3, model.lif, model.lifr
    frame = _site_frame(site, lif, lifr)
    named = _named_pairs(site, lif, lifr, frame["orientation"], key_residues)
    return Scene(
        "site-3",
        "Site III",
        "LIF (orange) above, mouse LIFR (blue) below, as in 2Q7N. "
        f"Sticks: {site['a'].nunique()} LIF and {site['b'].nunique()} LIFR residues within "
        "4.0 Å; some of the nearest pairs have names.",
        _contact_site(site, lif, lifr, named),
        **frame,
    )


def _clash_scene(model: _Ternary) -> Scene:
    """LIF of 2Q7N and gp130 where they run into each other."""
    clashes = structure.clashes(model.lif.chain, model.gp130.chain)
    # The stretch of LIF that clashes most: it and what it runs into fill the view.
    worst = clashes.groupby("a")["atom_pairs"].sum().nlargest(3).index.tolist()
    first, last = int(min(worst)), int(max(worst))
    heart = clashes[clashes["a"].between(first, last)]
    frame = _site_frame(heart, model.other, model.gp130, 0.6)
    frame["orientation"] = _site_frame(clashes, model.other, model.gp130)["orientation"]
    named = spread(
        heart.assign(few=-heart["atom_pairs"]),
        (model.lif.chain, model.gp130.chain),
        frame["orientation"],
        ["few"],
        count=2,
        apart=4.0,
    )

    def draw(view: py3Dmol.view) -> None:
        _contact_site(clashes, model.lif, model.gp130, named)(view)
        _traces(view, (model.other, PALE["grey"]))

    return Scene(
        "clash",
        "Clashes",
        f"LIF of 2Q7N (orange) and gp130 (green): {len(clashes)} residue "
        f"pairs come within {structure.CLASH:.1f} Å, most at LIF {first} to {last}. Grey: LIF of "
        "1PVH, which runs clear.",
        draw,
        **frame,
    )


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
