"""3D views of the Structure chapter: LIF, its complex with LIFR, the interface, three crystals."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
import py3Dmol
from Bio.PDB.Chain import Chain
from Bio.PDB.Structure import Structure

from lifbook import data, structure
from lifbook.data import records
from lifbook.errors import LifbookError
from lifbook.page.scenes import (
    LAID,
    LIF,
    LIFR,
    PALE,
    STEPS,
    SULPHUR,
    add_label,
    ca,
    ca_of,
    span,
    steps,
)
from lifbook.page.viewer import Draw, Entry, Scene, StructureViewer, orientation
from lifbook.palette import DOMAIN_COLOURS, GLYCAN, HELIX_COLOURS, MUTED, PICK


def lif_scenes(chain: Chain, helices: pd.DataFrame) -> dict[str, Scene]:
    """LIF alone: fold, course of the chain, disulfides, sequons, and each helix.

    Parameters
    ----------
    chain
        LIF in 2Q7N (chain B).
    helices
        Table with ``name`` (A to D), ``start`` and ``end``.
    """
    lif = {"chain": chain.id}
    spans = {row["name"]: (row["start"], row["end"]) for row in helices.to_dict("records")}
    _start, end = spans["A"]
    view_from = orientation(ca(chain), right=ca(chain, end - 4, end), top=ca(chain, *spans["C"]))
    bonds = structure.disulfides(chain)
    sites = structure.sequons(structure.sequence(chain))
    frame: dict[str, Any] = {"focus": lif, "orientation": view_from, "zoom": 1.15}

    def base(view: py3Dmol.view) -> None:
        view.setStyle(lif, {"cartoon": {"color": MUTED}})

    def fold(view: py3Dmol.view) -> None:
        base(view)
        for name, (first, last) in spans.items():
            part = {**lif, "resi": span(first, last)}
            view.setStyle(part, {"cartoon": {"color": HELIX_COLOURS[name]}})
            add_label(
                view, name, {**lif, "resi": (first + last) // 2, "atom": "CA"}, HELIX_COLOURS[name]
            )

    def course(view: py3Dmol.view) -> None:
        view.setStyle(lif, {"cartoon": {"color": "spectrum"}})
        numbers = [residue.id[1] for residue in chain]
        for number, text in ((numbers[0], "N-terminus"), (numbers[-1], "C-terminus")):
            add_label(view, text, {**lif, "resi": number, "atom": "CA"}, "#444444")

    def disulfides(view: py3Dmol.view) -> None:
        view.setStyle(lif, {"cartoon": {"color": PALE["LIF"]}})
        for bond in records(bonds):
            pair = {**lif, "resi": [bond.first, bond.second]}
            view.addStyle(pair, {"stick": {"color": SULPHUR, "radius": 0.35}})
            add_label(
                view,
                f"Cys{bond.first}-Cys{bond.second}",
                {**lif, "resi": bond.first, "atom": "SG"},
                SULPHUR,
            )

    def sequons(view: py3Dmol.view) -> None:
        view.setStyle(lif, {"cartoon": {"color": PALE["LIF"]}})
        for number in sites:
            one = {**lif, "resi": number}
            view.addStyle(one, {"stick": {"color": GLYCAN, "radius": 0.35}})
            add_label(view, f"Asn{number}", {**one, "atom": "ND2"}, GLYCAN)

    scenes = [
        Scene(
            "fold",
            "Four helices",
            "LIF is a bundle of four long helices, A, B, C and D, "
            "drawn as ribbons in four colours. Grey loops join them.",
            fold,
            group="LIF",
            **frame,
        ),
        Scene(
            "course",
            "Course of the chain",
            "The chain from blue (N-terminus) to red "
            "(C-terminus). Follow it: A and B run one way, C and D the other.",
            course,
            group="LIF",
            **frame,
        ),
        Scene(
            "disulfides",
            "Disulfides",
            f"{len(bonds)} disulfide bonds (sticks) tie loops and "
            "the N-terminal stretch to the bundle.",
            disulfides,
            group="LIF",
            **frame,
        ),
        Scene(
            "sequons",
            "Sequons",
            f"The {len(sites)} asparagines of LIF's sequons (sticks) lie "
            "on the surface. No sugar stands on LIF in this crystal.",
            sequons,
            group="LIF",
            **frame,
        ),
    ]
    scenes += [_helix_scene(chain, name, *ends, frame) for name, ends in spans.items()]
    return {scene.name: scene for scene in scenes}


def _helix_scene(chain: Chain, name: str, first: int, last: int, frame: dict[str, Any]) -> Scene:
    """One helix of LIF in its colour, with the names of its ends."""
    lif = {"chain": chain.id}

    def draw(view: py3Dmol.view) -> None:
        view.setStyle(lif, {"cartoon": {"color": PALE["grey"]}})
        view.setStyle(
            {**lif, "resi": span(first, last)}, {"cartoon": {"color": HELIX_COLOURS[name]}}
        )
        for number in (first, last):
            residue = structure.get_residue(chain, number)
            add_label(
                view,
                structure.label(residue),
                {**lif, "resi": number, "atom": "CA"},
                HELIX_COLOURS[name],
            )

    return Scene(
        f"helix-{name.lower()}",
        f"Helix {name}",
        f"Helix {name}: residues {first} to {last} of the mature protein "
        f"({last - first + 1} residues).",
        draw,
        group="Helices",
        **frame,
    )


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
    lifr, lif = structure.get_chain(entry, "A"), structure.get_chain(entry, "B")
    receptor, ligand = {"chain": lifr.id}, {"chain": lif.id}
    sugars = {"hetflag": True}
    view_from = orientation(np.vstack([ca(lifr), ca(lif)]), right=ca(lifr, 400, 486), top=ca(lif))
    whole = {"chain": [lifr.id, lif.id]}
    glycans = structure.glycans(entry, lifr.id)
    pairs = structure.contacts(lif, lifr, 4.0)
    touching = sorted(pairs["a"].unique().tolist()), sorted(pairs["b"].unique().tolist())

    def both(view: py3Dmol.view) -> None:
        view.setStyle(receptor, {"cartoon": {"color": LIFR}})
        view.setStyle(ligand, {"cartoon": {"color": LIF}})

    def complete(view: py3Dmol.view) -> None:
        both(view)
        view.setStyle(sugars, {"stick": {"color": GLYCAN, "radius": 0.2}})
        add_label(view, "LIF (human)", {**ligand, "resi": 118, "atom": "CA"}, LIF)
        add_label(view, "LIFR (mouse)", {**receptor, "resi": 130, "atom": "CA"}, LIFR)

    def in_domains(view: py3Dmol.view) -> None:
        view.setStyle(ligand, {"cartoon": {"color": LIF}})
        for row in records(domains):
            part = {**receptor, "resi": span(row.start, row.end)}
            view.setStyle(part, {"cartoon": {"color": DOMAIN_COLOURS[row.domain[:2]]}})
            add_label(
                view,
                row.domain,
                {**receptor, "resi": (row.start + row.end) // 2, "atom": "CA"},
                DOMAIN_COLOURS[row.domain[:2]],
            )

    def with_glycans(view: py3Dmol.view) -> None:
        view.setStyle(receptor, {"cartoon": {"color": PALE["LIFR"]}})
        view.setStyle(ligand, {"cartoon": {"color": PALE["LIF"]}})
        view.setStyle(sugars, {"stick": {"color": GLYCAN, "radius": 0.4}})
        for row in records(glycans):
            one = {**receptor, "resi": row.residue}
            view.addStyle(one, {"stick": {"color": GLYCAN, "radius": 0.3}})
            add_label(view, row.label, {**one, "atom": "CA"}, GLYCAN)

    b_edges = [90, 100, 110, 120]
    lost = (
        structure.buried_surface(lif, lifr).query("chain == @lif.id").set_index("number")["buried"]
    )
    lost_edges = [1, 20, 40, 60]

    def by_b_factor(view: py3Dmol.view) -> None:
        for chain in (lifr, lif):
            table = structure.residue_table(chain).set_index("number")["b_factor"]
            for colour, numbers in zip(STEPS, steps(table, b_edges), strict=True):
                if numbers:
                    view.setStyle(
                        {"chain": chain.id, "resi": numbers}, {"cartoon": {"color": colour}}
                    )

    def thin(view: py3Dmol.view) -> None:
        # A thin trace in place of the ribbon: the side chains are what is to be seen.
        for part, colour in ((receptor, PALE["LIFR"]), (ligand, PALE["LIF"])):
            view.setStyle(part, {"cartoon": {"color": colour, "style": "trace", "thickness": 0.3}})

    def by_buried_surface(view: py3Dmol.view) -> None:
        for colour, numbers in zip(("#b9bdc4", *STEPS[1:]), steps(lost, lost_edges), strict=True):
            if numbers:
                view.setStyle({**ligand, "resi": numbers}, {"sphere": {"color": colour}})

    site = {"or": [{**ligand, "resi": touching[0]}, {**receptor, "resi": touching[1]}]}
    contact_points = np.vstack(
        [ca_of(chain, numbers) for chain, numbers in ((lif, touching[0]), (lifr, touching[1]))]
    )
    near_from = orientation(contact_points, top=ca(lif), edge_on=True)
    from_below = orientation(contact_points, front=ca(lifr, 203, 293))
    # 3Dmol leaves room for turning the model; the complex is long and flat, so less will do.
    frame: dict[str, Any] = {"focus": whole, "orientation": view_from, "zoom": 1.3}
    scenes = [
        Scene(
            "complex",
            "Whole complex",
            "Human LIF (orange) sits in the bend of the mouse "
            "receptor LIFR (blue), domains D1 to D5. Green sticks are sugars.",
            complete,
            group="Complex",
            **frame,
        ),
        Scene(
            "domains",
            "Domains",
            "The five domains of LIFR in the crystal, from D1 (N-terminal) "
            "to D5. LIF lies on D3, the one in the middle.",
            in_domains,
            group="Complex",
            **frame,
        ),
        Scene(
            "glycans",
            "Glycans",
            f"{len(glycans)} N-glycans stand on LIFR (green sticks, named "
            "by their asparagine). None lies between LIF and its receptor.",
            with_glycans,
            group="Complex",
            **frame,
        ),
        Scene(
            "b-factors",
            "B factors",
            f"Mean B factor of each residue: blue below {b_edges[0]} Å², "
            f"grey around {b_edges[1]}, orange from {b_edges[-1]} Å² on. High values tell where "
            "the model is least certain.",
            by_b_factor,
            group="Complex",
            **frame,
        ),
        Scene(
            "interface",
            "Side chains",
            "LIF (orange) above, LIFR (blue) below. Sticks are the "
            f"side chains of residues in contact; at 4.0 Å they are {len(touching[0])} of LIF "
            f"and {len(touching[1])} of LIFR.",
            thin,
            focus=site,
            orientation=near_from,
            group="Interface",
            shows_highlight=True,
        ),
        Scene(
            "buried",
            "Buried surface",
            "LIF as spheres, seen from where LIFR sits (taken away). "
            f"Grey loses no surface to LIFR, blue a little, orange {lost_edges[-1]} Å² and more in a residue.",
            by_buried_surface,
            focus=ligand,
            orientation=from_below,
            group="Interface",
        ),
    ]
    for row in records(domains):

        def domain(view: py3Dmol.view, row: Any = row) -> None:
            view.setStyle(receptor, {"cartoon": {"color": PALE["grey"]}})
            view.setStyle(ligand, {"cartoon": {"color": PALE["LIF"]}})
            view.setStyle(
                {**receptor, "resi": span(row.start, row.end)}, {"cartoon": {"color": LIFR}}
            )

        touches = sum(row.start <= number <= row.end for number in touching[1])
        scenes.append(
            Scene(
                row.domain.lower(),
                row.domain,
                f"{row.domain}, residues {row.start} to "
                f"{row.end}: {row.kind}. "
                + (
                    f"{touches} of its residues lie within 4.0 Å of LIF."
                    if touches
                    else "It does not touch LIF (no atom within 4.0 Å)."
                ),
                domain,
                group="Domains",
                **frame,
            )
        )
    uniprot = data.numbering("2Q7N", lif.id).to_uniprot
    for number in key_residues:
        residue = structure.get_residue(lif, number)
        name = structure.label(residue)
        partners = sorted(pairs.loc[pairs["a"] == number, "b"])
        near = [structure.label(structure.get_residue(lifr, partner)) for partner in partners]

        def close_up(
            view: py3Dmol.view,
            number: int = number,
            name: str = name,
            partners: list[int] = partners,
            near: list[str] = near,
        ) -> None:
            thin(view)
            one = {**ligand, "resi": number}
            view.addStyle(one, {"stick": {"color": PICK, "radius": 0.35}})
            add_label(view, name, {**one, "atom": "CA"}, PICK)
            for partner, text in zip(partners, near, strict=True):
                other = {**receptor, "resi": partner}
                view.addStyle(
                    {**other, "not": {"atom": ["N", "C", "O"]}},
                    {"stick": {"color": LIFR, "radius": 0.25}},
                )
                add_label(view, text, {**other, "atom": "CA"}, LIFR)

        scenes.append(
            Scene(
                name.lower(),
                name,
                f"{name} of LIF (UniProt {uniprot(number)}). "
                + (
                    f"Within 4.0 Å of it: {', '.join(near)} of LIFR."
                    if near
                    else "No atom of LIFR lies within 4.0 Å of it."
                ),
                close_up,
                focus={**ligand, "resi": [number - 1, number, number + 1]},
                orientation=near_from,
                group="Residues",
                zoom=0.5,
                shows_highlight=True,
            )
        )
    return {scene.name: scene for scene in scenes}


def lif_viewer(entry: Structure, helices: pd.DataFrame, name: str = "lif") -> StructureViewer:
    """LIF of 2Q7N alone, with the scenes of `lif_scenes`."""
    scenes = lif_scenes(structure.get_chain(entry, "B"), helices)
    return StructureViewer(
        name, [Entry("2Q7N", ("B",))], scenes.values(), label="Human LIF, from PDB entry 2Q7N"
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
    lif = {"model": 0}
    if not 1 <= len(moves) <= len(LAID) or len(moves) != len(entries):
        raise LifbookError(
            f"{len(moves)} superpositions and {len(entries)} entries do not go together",
            remedy=f"give one for each entry, up to {len(LAID)} that colours can tell apart",
        )
    words = list(LAID)[: len(moves)]
    view_from = orientation(
        ca(target),
        right=ca(target, helices["end"].iloc[0] - 4, helices["end"].iloc[0]),
        top=ca(target, helices["start"].iloc[2], helices["end"].iloc[2]),
    )
    frame: dict[str, Any] = {
        "focus": lif,
        "orientation": view_from,
        "zoom": 1.15,
        "group": "Superposed",
    }

    def shown(which: Sequence[int]) -> Draw:
        def draw(view: py3Dmol.view) -> None:
            view.setStyle(lif, {"cartoon": {"color": LIF}})
            for at in which:
                view.setStyle({"model": at + 1}, {"cartoon": {"color": LAID[words[at]]}})

        return draw

    names = list(moves)
    count = ("two", "three", "four", "five")[len(names) - 1]
    laid = [f"{pdb} {word}" for (pdb, _chain), word in zip(entries, words, strict=True)]
    scenes = [
        Scene(
            "all",
            f"All {count}" if len(names) > 1 else "Both",
            f"LIF from {count} crystals: 2Q7N orange, {', '.join(laid)}. The four helices "
            "lie on each other; loops and the N-terminal end spread.",
            shown(range(len(names))),
            **frame,
        )
    ]
    for at, (pdb, _chain) in enumerate(entries):
        move = moves[names[at]]
        worst = move.table.iloc[int(move.table["deviation"].to_numpy().argmax())]
        scenes.append(
            Scene(
                pdb.lower(),
                f"{pdb} on 2Q7N",
                f"{names[at]} on LIF of 2Q7N (orange): rmsd "
                f"{move.rmsd:.2f} Å over {len(move.table)} CA atoms, farthest apart at "
                f"{worst['label']} ({worst['deviation']:.1f} Å).",
                shown([at]),
                **frame,
            )
        )
    shown_entries = [Entry("2Q7N", (target.id,))] + [
        Entry(pdb, (chain,), moved_by=move, slim=True)
        for (pdb, chain), move in zip(entries, moves.values(), strict=True)
    ]
    return StructureViewer(
        name, shown_entries, scenes, label=f"LIF from {count} crystal structures"
    )
