"""LIF with LIFR as in 2Q7N, and the place where they meet."""

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

from lifbook import data, structure
from lifbook.data import records
from lifbook.errors import LifbookError
from lifbook.page.scenes import LIF, LIFR, PALE, STEPS, Selection, add_label, ca, ca_of, span, steps
from lifbook.page.viewer import Entry, Scene, StructureViewer, orientation
from lifbook.palette import DOMAIN_COLOURS, GLYCAN, PICK

#: Atoms of sugars, as 3Dmol.js selects them.
SUGARS: Selection = {"hetflag": True}
#: Å², from which a residue's mean B factor takes the next of the five colours.
B_EDGES = (90, 100, 110, 120)
#: Å² of surface that a residue of LIF loses to LIFR, likewise.
LOST_EDGES = (1, 20, 40, 60)


@dataclass(frozen=True)
class _Complex:
    """The two chains of 2Q7N, where they touch, and the cameras that several scenes share."""

    entry: Structure
    lifr: Chain
    lif: Chain

    @property
    def receptor(self) -> Selection:
        return {"chain": self.lifr.id}

    @property
    def ligand(self) -> Selection:
        return {"chain": self.lif.id}

    @cached_property
    def pairs(self) -> pd.DataFrame:
        """Residues of LIF (``a``) and of LIFR (``b``) within 4.0 Å."""
        return structure.contacts(self.lif, self.lifr, 4.0)

    @cached_property
    def touching(self) -> tuple[list[int], list[int]]:
        """Numbers of the residues of LIF, and of LIFR, that touch the other."""
        lif, lifr = (sorted(self.pairs[key].unique().tolist()) for key in "ab")
        return lif, lifr

    @cached_property
    def contact_points(self) -> np.ndarray:
        """CA positions of what touches, (n, 3) in Å."""
        return np.vstack([ca_of(self.lif, self.touching[0]), ca_of(self.lifr, self.touching[1])])

    @cached_property
    def from_the_side(self) -> tuple[float, float, float, float]:
        """Orientation that looks along the interface, LIF above."""
        return orientation(self.contact_points, top=ca(self.lif), edge_on=True)

    @cached_property
    def whole(self) -> dict[str, Any]:
        """What a scene of the whole complex has of the camera."""
        points = np.vstack([ca(self.lifr), ca(self.lif)])
        return {
            "focus": {"chain": [self.lifr.id, self.lif.id]},
            "orientation": orientation(points, right=ca(self.lifr, 400, 486), top=ca(self.lif)),
            # 3Dmol leaves room for turning the model; the complex is long and flat, so less
            # will do.
            "zoom": 1.3,
        }

    def thin(self, view: py3Dmol.view) -> None:
        """A thin trace in place of the ribbon: the side chains are what is to be seen."""
        for part, colour in ((self.receptor, PALE["LIFR"]), (self.ligand, PALE["LIF"])):
            view.setStyle(part, {"cartoon": {"color": colour, "style": "trace", "thickness": 0.3}})


def complex_scenes(
    entry: Structure, domains: pd.DataFrame, key_residues: Iterable[int] = ()
) -> dict[str, Scene]:
    """LIF with LIFR as in 2Q7N: whole, domains, glycans, B factors, interface, key residues.

    Parameters
    ----------
    entry
        2Q7N.
    domains
        Table with ``domain``, ``start``, ``end`` and ``kind`` of LIFR, numbers of the entry.
    key_residues
        LIF residues that get a scene each.
    """
    both = _Complex(entry, structure.get_chain(entry, "A"), structure.get_chain(entry, "B"))
    uniprot = data.numbering("2Q7N", both.lif.id).to_uniprot
    scenes = [
        _whole_scene(both),
        _domains_scene(both, domains),
        _glycans_scene(both),
        _b_factor_scene(both),
        _interface_scene(both),
        _buried_scene(both),
        *(_domain_scene(both, row) for row in records(domains)),
        *(_residue_scene(both, number, uniprot(number)) for number in key_residues),
    ]
    return {scene.name: scene for scene in scenes}


def _whole_scene(both: _Complex) -> Scene:
    """Both chains and the sugars."""

    def draw(view: py3Dmol.view) -> None:
        view.setStyle(both.receptor, {"cartoon": {"color": LIFR}})
        view.setStyle(both.ligand, {"cartoon": {"color": LIF}})
        view.setStyle(SUGARS, {"stick": {"color": GLYCAN, "radius": 0.2}})
        add_label(view, "LIF (human)", {**both.ligand, "resi": 118, "atom": "CA"}, LIF)
        add_label(view, "LIFR (mouse)", {**both.receptor, "resi": 130, "atom": "CA"}, LIFR)

    return Scene(
        "complex",
        "Whole complex",
        "Human LIF (orange) sits in the bend of the mouse "
        "receptor LIFR (blue), domains D1 to D5. Green sticks are sugars.",
        draw,
        group="Complex",
        **both.whole,
    )


def _domains_scene(both: _Complex, domains: pd.DataFrame) -> Scene:
    """Each domain of LIFR in its colour."""

    def draw(view: py3Dmol.view) -> None:
        view.setStyle(both.ligand, {"cartoon": {"color": LIF}})
        for row in records(domains):
            colour = DOMAIN_COLOURS[row.domain[:2]]
            part = {**both.receptor, "resi": span(row.start, row.end)}
            view.setStyle(part, {"cartoon": {"color": colour}})
            middle = {**both.receptor, "resi": (row.start + row.end) // 2, "atom": "CA"}
            add_label(view, row.domain, middle, colour)

    return Scene(
        "domains",
        "Domains",
        "The five domains of LIFR in the crystal, from D1 (N-terminal) "
        "to D5. LIF lies on D3, the one in the middle.",
        draw,
        group="Complex",
        **both.whole,
    )


def _glycans_scene(both: _Complex) -> Scene:
    """The sugars, and the names of the asparagines on which they stand."""
    glycans = structure.glycans(both.entry, both.lifr.id)

    def draw(view: py3Dmol.view) -> None:
        view.setStyle(both.receptor, {"cartoon": {"color": PALE["LIFR"]}})
        view.setStyle(both.ligand, {"cartoon": {"color": PALE["LIF"]}})
        view.setStyle(SUGARS, {"stick": {"color": GLYCAN, "radius": 0.4}})
        for row in records(glycans):
            one = {**both.receptor, "resi": row.residue}
            view.addStyle(one, {"stick": {"color": GLYCAN, "radius": 0.3}})
            add_label(view, row.label, {**one, "atom": "CA"}, GLYCAN)

    return Scene(
        "glycans",
        "Glycans",
        f"{len(glycans)} N-glycans stand on LIFR (green sticks, named "
        "by their asparagine). None lies between LIF and its receptor.",
        draw,
        group="Complex",
        **both.whole,
    )


def _b_factor_scene(both: _Complex) -> Scene:
    """The residues of both chains by their mean B factor."""

    def draw(view: py3Dmol.view) -> None:
        for chain in (both.lifr, both.lif):
            table = structure.residue_table(chain).set_index("number")["b_factor"]
            for colour, numbers in zip(STEPS, steps(table, B_EDGES), strict=True):
                if numbers:
                    part = {"chain": chain.id, "resi": numbers}
                    view.setStyle(part, {"cartoon": {"color": colour}})

    return Scene(
        "b-factors",
        "B factors",
        f"Mean B factor of each residue: blue below {B_EDGES[0]} Å², "
        f"grey around {B_EDGES[1]}, orange from {B_EDGES[-1]} Å² on. High values tell where "
        "the model is least certain.",
        draw,
        group="Complex",
        **both.whole,
    )


def _interface_scene(both: _Complex) -> Scene:
    """Thin traces; the page draws the side chains of what is highlighted."""
    lif, lifr = both.touching
    return Scene(
        "interface",
        "Side chains",
        "LIF (orange) above, LIFR (blue) below. Sticks are the "
        f"side chains of residues in contact; at 4.0 Å they are {len(lif)} of LIF "
        f"and {len(lifr)} of LIFR.",
        both.thin,
        focus={"or": [{**both.ligand, "resi": lif}, {**both.receptor, "resi": lifr}]},
        orientation=both.from_the_side,
        group="Interface",
        shows_highlight=True,
    )


def _buried_scene(both: _Complex) -> Scene:
    """LIF as spheres, by the surface that each residue loses to LIFR."""
    table = structure.buried_surface(both.lif, both.lifr)
    lost = table[table["chain"] == both.lif.id].set_index("number")["buried"]

    def draw(view: py3Dmol.view) -> None:
        for colour, numbers in zip(
            (PALE["grey"], *STEPS[1:]), steps(lost, LOST_EDGES), strict=True
        ):
            if numbers:
                view.setStyle({**both.ligand, "resi": numbers}, {"sphere": {"color": colour}})

    return Scene(
        "buried",
        "Buried surface",
        "LIF as spheres, seen from where LIFR sits (taken away). "
        f"Grey loses no surface to LIFR, blue a little, orange {LOST_EDGES[-1]} Å² and more in "
        "a residue.",
        draw,
        focus=both.ligand,
        orientation=orientation(both.contact_points, front=ca(both.lifr, 203, 293)),
        group="Interface",
    )


def _domain_scene(both: _Complex, row: Any) -> Scene:
    """One domain of LIFR, a row of the table of domains."""

    def draw(view: py3Dmol.view) -> None:
        view.setStyle(both.receptor, {"cartoon": {"color": PALE["grey"]}})
        view.setStyle(both.ligand, {"cartoon": {"color": PALE["LIF"]}})
        part = {**both.receptor, "resi": span(row.start, row.end)}
        view.setStyle(part, {"cartoon": {"color": LIFR}})

    touches = sum(row.start <= number <= row.end for number in both.touching[1])
    return Scene(
        row.domain.lower(),
        row.domain,
        f"{row.domain}, residues {row.start} to "
        f"{row.end}: {row.kind}. "
        + (
            f"{touches} of its residues lie within 4.0 Å of LIF."
            if touches
            else "It does not touch LIF (no atom within 4.0 Å)."
        ),
        draw,
        group="Domains",
        **both.whole,
    )


def _residue_scene(both: _Complex, number: int, uniprot: int) -> Scene:
    """One residue of LIF and what of LIFR lies near it."""
    name = structure.label(structure.get_residue(both.lif, number))
    partners = sorted(both.pairs.loc[both.pairs["a"] == number, "b"])
    near = [structure.label(structure.get_residue(both.lifr, partner)) for partner in partners]

    def draw(view: py3Dmol.view) -> None:
        both.thin(view)
        one = {**both.ligand, "resi": number}
        view.addStyle(one, {"stick": {"color": PICK, "radius": 0.35}})
        add_label(view, name, {**one, "atom": "CA"}, PICK)
        for partner, text in zip(partners, near, strict=True):
            other = {**both.receptor, "resi": partner}
            side_chain = {**other, "not": {"atom": ["N", "C", "O"]}}
            view.addStyle(side_chain, {"stick": {"color": LIFR, "radius": 0.25}})
            add_label(view, text, {**other, "atom": "CA"}, LIFR)

    return Scene(
        name.lower(),
        name,
        f"{name} of LIF (UniProt {uniprot}). "
        + (
            f"Within 4.0 Å of it: {', '.join(near)} of LIFR."
            if near
            else "No atom of LIFR lies within 4.0 Å of it."
        ),
        draw,
        focus={**both.ligand, "resi": [number - 1, number, number + 1]},
        orientation=both.from_the_side,
        group="Residues",
        zoom=0.5,
        shows_highlight=True,
    )


def complex_viewer(
    entry: Structure,
    domains: pd.DataFrame,
    key_residues: Iterable[int] = (),
    scenes: Iterable[str] = (),
    name: str = "complex",
) -> StructureViewer:
    """LIF with LIFR of 2Q7N; `scenes` picks some of `complex_scenes`, by name and in order."""
    known = complex_scenes(entry, domains, key_residues)
    scenes = list(scenes)
    for key in scenes:
        if key not in known:
            raise LifbookError.unknown("scene of the complex", key, known, argument="scenes")
    chosen = [known[key] for key in scenes] if scenes else list(known.values())
    viewer = StructureViewer(
        name, [Entry("2Q7N")], chosen, label="Human LIF with mouse LIFR, PDB entry 2Q7N"
    )
    near = structure.contacts(structure.get_chain(entry, "B"), structure.get_chain(entry, "A"), 4.0)
    viewer.highlight = [f"B:{number}" for number in sorted(near["a"].unique())] + [
        f"A:{number}" for number in sorted(near["b"].unique())
    ]
    return viewer


def interface_viewer(
    entry: Structure, domains: pd.DataFrame, key_residues: Sequence[int], name: str = "site"
) -> StructureViewer:
    """The place where LIF and LIFR meet: side chains, buried surface, single residues."""
    lif = structure.get_chain(entry, "B")
    close_ups = [
        structure.label(structure.get_residue(lif, number)).lower() for number in key_residues
    ]
    return complex_viewer(entry, domains, key_residues, ["interface", "buried", *close_ups], name)
