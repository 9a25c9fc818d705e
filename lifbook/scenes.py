"""The scenes of the book: LIF alone, with LIFR, the interface, LIF in several crystals, the model
of LIF with both receptors, LIF among cytokines of the same fold.

Each function returns the scenes of one picture, keyed by name, so that a chapter picks
those that it talks about and their names are the same in the whole book.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import pandas as pd
import py3Dmol
from Bio.PDB.Chain import Chain
from Bio.PDB.Structure import Structure
from scipy.spatial.transform import Rotation

from lifbook import data
from lifbook import structure as st
from lifbook.errors import LifbookError
from lifbook.palette import COLOURS, DOMAIN_COLOURS, GLYCAN, HELIX_COLOURS, MUTED, PICK
from lifbook.rounding import NOISE, rounded
from lifbook.viewer import Draw, Entry, Scene, StructureViewer, orientation

LIF, LIFR, GP130 = COLOURS["LIF"], COLOURS["LIFR"], COLOURS["gp130"]
#: Paler ribbons, behind what a scene is about.
PALE = {"LIF": "#dfb07a", "LIFR": "#9fbfdc", "gp130": "#97cbb9", "grey": "#b9bdc4"}
#: Colours of entries laid onto LIF of 2Q7N, with the words that captions use for them.
LAID = {"violet": COLOURS["STAT"], "green": GP130, "blue": LIFR, "red": PICK}
SULPHUR = "#8c783b"
#: Five steps from low to high, blue to orange, legible on light and dark pages.
STEPS = ("#2f6db3", "#6f94bd", "#a5a7a4", "#cfa45c", "#d9730d")


def _range(start: int, end: int) -> str:
    return f"{start}-{end}"


def _ca(chain: Chain, start: int | None = None, end: int | None = None) -> np.ndarray:
    """CA positions of a stretch of a chain, (n, 3) in Å."""
    # Biopython's coordinates are in single precision, whose sums differ between processors.
    return np.array([
        residue["CA"].coord
        for residue in chain
        if "CA" in residue and (start is None or start <= residue.id[1] <= end)
    ], dtype=float)


def _ca_of(chain: Chain, numbers: Iterable[int]) -> np.ndarray:
    """CA positions of some residues of a chain, (n, 3) in Å."""
    return np.array([st.get_residue(chain, number)["CA"].coord for number in numbers], dtype=float)


def _label(
    view: py3Dmol.view, text: str, selection: dict | None, colour: str, **options: object
) -> None:
    """A label at an atom, or with ``position`` among the options at a point."""
    style = {"fontSize": 13, "fontColor": "white", "backgroundColor": "#20242b",
             "backgroundOpacity": 0.9, "borderColor": colour, "borderThickness": 2,
             "inFront": True, **options}
    view.addLabel(text, style, *([] if selection is None else [selection]))


def steps(values: pd.Series, edges: Sequence[float]) -> list[list[int]]:
    """Residue numbers in each of five classes; `values` is indexed by residue number."""
    # A mean that lies on an edge, but for its last digits, belongs to the class above.
    numbers = values.to_numpy()
    classes = np.digitize(numbers + NOISE * np.abs(numbers), edges)
    return [values.index[classes == step].tolist() for step in range(len(edges) + 1)]


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
    start, end = spans["A"]
    view_from = orientation(
        _ca(chain), right=_ca(chain, end - 4, end), top=_ca(chain, *spans["C"])
    )
    bonds = st.disulfides(chain)
    sites = st.sequons(st.sequence(chain))
    frame = {"focus": lif, "orientation": view_from, "zoom": 1.15}

    def base(view: py3Dmol.view) -> None:
        view.setStyle(lif, {"cartoon": {"color": MUTED}})

    def fold(view: py3Dmol.view) -> None:
        base(view)
        for name, (first, last) in spans.items():
            part = {**lif, "resi": _range(first, last)}
            view.setStyle(part, {"cartoon": {"color": HELIX_COLOURS[name]}})
            _label(view, name, {**lif, "resi": (first + last) // 2, "atom": "CA"},
                   HELIX_COLOURS[name])

    def course(view: py3Dmol.view) -> None:
        view.setStyle(lif, {"cartoon": {"color": "spectrum"}})
        numbers = [residue.id[1] for residue in chain]
        for number, text in ((numbers[0], "N-terminus"), (numbers[-1], "C-terminus")):
            _label(view, text, {**lif, "resi": number, "atom": "CA"}, "#444444")

    def disulfides(view: py3Dmol.view) -> None:
        view.setStyle(lif, {"cartoon": {"color": PALE["LIF"]}})
        for bond in bonds.itertuples():
            pair = {**lif, "resi": [bond.first, bond.second]}
            view.addStyle(pair, {"stick": {"color": SULPHUR, "radius": 0.35}})
            _label(view, f"Cys{bond.first}-Cys{bond.second}",
                   {**lif, "resi": bond.first, "atom": "SG"}, SULPHUR)

    def sequons(view: py3Dmol.view) -> None:
        view.setStyle(lif, {"cartoon": {"color": PALE["LIF"]}})
        for number in sites:
            one = {**lif, "resi": number}
            view.addStyle(one, {"stick": {"color": GLYCAN, "radius": 0.35}})
            _label(view, f"Asn{number}", {**one, "atom": "ND2"}, GLYCAN)

    scenes = [
        Scene("fold", "Four helices", "LIF is a bundle of four long helices, A, B, C and D, "
              "drawn as ribbons in four colours. Grey loops join them.", fold,
              group="LIF", **frame),
        Scene("course", "Course of the chain", "The chain from blue (N-terminus) to red "
              "(C-terminus). Follow it: A and B run one way, C and D the other.", course,
              group="LIF", **frame),
        Scene("disulfides", "Disulfides", f"{len(bonds)} disulfide bonds (sticks) tie loops and "
              "the N-terminal stretch to the bundle.", disulfides, group="LIF", **frame),
        Scene("sequons", "Sequons", f"The {len(sites)} asparagines of LIF's sequons (sticks) lie "
              "on the surface. No sugar stands on LIF in this crystal.", sequons,
              group="LIF", **frame),
    ]
    for name, (first, last) in spans.items():
        def one(view: py3Dmol.view, name: str = name, first: int = first, last: int = last) -> None:
            view.setStyle(lif, {"cartoon": {"color": PALE["grey"]}})
            view.setStyle({**lif, "resi": _range(first, last)},
                          {"cartoon": {"color": HELIX_COLOURS[name]}})
            for number in (first, last):
                residue = st.get_residue(chain, number)
                _label(view, st.label(residue), {**lif, "resi": number, "atom": "CA"},
                       HELIX_COLOURS[name])

        scenes.append(
            Scene(f"helix-{name.lower()}", f"Helix {name}",
                  f"Helix {name}: residues {first} to {last} of the mature protein "
                  f"({last - first + 1} residues).", one, group="Helices", **frame)
        )
    return {scene.name: scene for scene in scenes}


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
    lifr, lif = st.get_chain(entry, "A"), st.get_chain(entry, "B")
    receptor, ligand = {"chain": lifr.id}, {"chain": lif.id}
    sugars = {"hetflag": True}
    view_from = orientation(
        np.vstack([_ca(lifr), _ca(lif)]), right=_ca(lifr, 400, 486), top=_ca(lif)
    )
    whole = {"chain": [lifr.id, lif.id]}
    glycans = st.glycans(entry, lifr.id)
    pairs = st.contacts(lif, lifr, 4.0)
    touching = sorted(pairs["a"].unique().tolist()), sorted(pairs["b"].unique().tolist())

    def both(view: py3Dmol.view) -> None:
        view.setStyle(receptor, {"cartoon": {"color": LIFR}})
        view.setStyle(ligand, {"cartoon": {"color": LIF}})

    def complete(view: py3Dmol.view) -> None:
        both(view)
        view.setStyle(sugars, {"stick": {"color": GLYCAN, "radius": 0.2}})
        _label(view, "LIF (human)", {**ligand, "resi": 118, "atom": "CA"}, LIF)
        _label(view, "LIFR (mouse)", {**receptor, "resi": 130, "atom": "CA"}, LIFR)

    def in_domains(view: py3Dmol.view) -> None:
        view.setStyle(ligand, {"cartoon": {"color": LIF}})
        for row in domains.itertuples():
            part = {**receptor, "resi": _range(row.start, row.end)}
            view.setStyle(part, {"cartoon": {"color": DOMAIN_COLOURS[row.domain[:2]]}})
            _label(view, row.domain,
                   {**receptor, "resi": (row.start + row.end) // 2, "atom": "CA"},
                   DOMAIN_COLOURS[row.domain[:2]])

    def with_glycans(view: py3Dmol.view) -> None:
        view.setStyle(receptor, {"cartoon": {"color": PALE["LIFR"]}})
        view.setStyle(ligand, {"cartoon": {"color": PALE["LIF"]}})
        view.setStyle(sugars, {"stick": {"color": GLYCAN, "radius": 0.4}})
        for row in glycans.itertuples():
            one = {**receptor, "resi": row.residue}
            view.addStyle(one, {"stick": {"color": GLYCAN, "radius": 0.3}})
            _label(view, row.label, {**one, "atom": "CA"}, GLYCAN)

    b_edges = [90, 100, 110, 120]
    lost = st.buried_surface(lif, lifr).query("chain == @lif.id").set_index("number")["buried"]
    lost_edges = [1, 20, 40, 60]

    def by_b_factor(view: py3Dmol.view) -> None:
        for chain in (lifr, lif):
            table = st.residue_table(chain).set_index("number")["b_factor"]
            for colour, numbers in zip(STEPS, steps(table, b_edges), strict=True):
                if numbers:
                    view.setStyle({"chain": chain.id, "resi": numbers},
                                  {"cartoon": {"color": colour}})

    def thin(view: py3Dmol.view) -> None:
        # A thin trace in place of the ribbon: the side chains are what is to be seen.
        for part, colour in ((receptor, PALE["LIFR"]), (ligand, PALE["LIF"])):
            view.setStyle(part, {"cartoon": {"color": colour, "style": "trace", "thickness": 0.3}})

    def by_buried_surface(view: py3Dmol.view) -> None:
        for colour, numbers in zip(("#b9bdc4", *STEPS[1:]), steps(lost, lost_edges), strict=True):
            if numbers:
                view.setStyle({**ligand, "resi": numbers}, {"sphere": {"color": colour}})

    site = {"or": [{**ligand, "resi": touching[0]}, {**receptor, "resi": touching[1]}]}
    contact_points = np.vstack([
        _ca_of(chain, numbers)
        for chain, numbers in ((lif, touching[0]), (lifr, touching[1]))
    ])
    near_from = orientation(contact_points, top=_ca(lif), edge_on=True)
    from_below = orientation(contact_points, front=_ca(lifr, 203, 293))
    # 3Dmol leaves room for turning the model; the complex is long and flat, so less will do.
    frame = {"focus": whole, "orientation": view_from, "zoom": 1.3}
    scenes = [
        Scene("complex", "Whole complex", "Human LIF (orange) sits in the bend of the mouse "
              "receptor LIFR (blue), domains D1 to D5. Green sticks are sugars.", complete,
              group="Complex", **frame),
        Scene("domains", "Domains", "The five domains of LIFR in the crystal, from D1 (N-terminal) "
              "to D5. LIF lies on D3, the one in the middle.", in_domains,
              group="Complex", **frame),
        Scene("glycans", "Glycans", f"{len(glycans)} N-glycans stand on LIFR (green sticks, named "
              "by their asparagine). None lies between LIF and its receptor.", with_glycans,
              group="Complex", **frame),
        Scene("b-factors", "B factors", f"Mean B factor of each residue: blue below {b_edges[0]} Å², "
              f"grey around {b_edges[1]}, orange from {b_edges[-1]} Å² on. High values tell where "
              "the model is least certain.", by_b_factor,
              group="Complex", **frame),
        Scene("interface", "Side chains", "LIF (orange) above, LIFR (blue) below. Sticks are the "
              f"side chains of residues in contact; at 4.0 Å they are {len(touching[0])} of LIF "
              f"and {len(touching[1])} of LIFR.", thin, focus=site, orientation=near_from,
              group="Interface", shows_highlight=True),
        Scene("buried", "Buried surface", "LIF as spheres, seen from where LIFR sits (taken away). "
              f"Grey loses no surface to LIFR, blue a little, orange {lost_edges[-1]} Å² and more in a residue.",
              by_buried_surface, focus=ligand, orientation=from_below, group="Interface"),
    ]
    for row in domains.itertuples():
        def domain(view: py3Dmol.view, row: tuple = row) -> None:
            view.setStyle(receptor, {"cartoon": {"color": PALE["grey"]}})
            view.setStyle(ligand, {"cartoon": {"color": PALE["LIF"]}})
            view.setStyle({**receptor, "resi": _range(row.start, row.end)},
                          {"cartoon": {"color": LIFR}})

        touches = sum(row.start <= number <= row.end for number in touching[1])
        scenes.append(
            Scene(row.domain.lower(), row.domain, f"{row.domain}, residues {row.start} to "
                  f"{row.end}: {row.kind}. "
                  + (f"{touches} of its residues lie within 4.0 Å of LIF." if touches
                     else "It does not touch LIF (no atom within 4.0 Å)."),
                  domain, group="Domains", **frame)
        )
    uniprot = data.numbering("2Q7N", lif.id).to_uniprot
    for number in key_residues:
        residue = st.get_residue(lif, number)
        name = st.label(residue)
        partners = sorted(pairs.loc[pairs["a"] == number, "b"])
        near = [st.label(st.get_residue(lifr, partner)) for partner in partners]

        def close_up(
            view: py3Dmol.view, number: int = number, name: str = name,
            partners: list[int] = partners, near: list[str] = near,
        ) -> None:
            thin(view)
            one = {**ligand, "resi": number}
            view.addStyle(one, {"stick": {"color": PICK, "radius": 0.35}})
            _label(view, name, {**one, "atom": "CA"}, PICK)
            for partner, text in zip(partners, near, strict=True):
                other = {**receptor, "resi": partner}
                view.addStyle({**other, "not": {"atom": ["N", "C", "O"]}},
                              {"stick": {"color": LIFR, "radius": 0.25}})
                _label(view, text, {**other, "atom": "CA"}, LIFR)

        scenes.append(
            Scene(name.lower(), name, f"{name} of LIF (UniProt {uniprot(number)}). "
                  + (f"Within 4.0 Å of it: {', '.join(near)} of LIFR." if near
                     else "No atom of LIFR lies within 4.0 Å of it."),
                  close_up, focus={**ligand, "resi": [number - 1, number, number + 1]},
                  orientation=near_from, group="Residues", zoom=0.5,
                  shows_highlight=True)
        )
    return {scene.name: scene for scene in scenes}


def lif_viewer(entry: Structure, helices: pd.DataFrame, name: str = "lif") -> StructureViewer:
    """LIF of 2Q7N alone, with the scenes of `lif_scenes`."""
    scenes = lif_scenes(st.get_chain(entry, "B"), helices)
    return StructureViewer(name, [Entry("2Q7N", ("B",))], scenes.values(),
                           label="Human LIF, from PDB entry 2Q7N")


def complex_viewer(
    entry: Structure, domains: pd.DataFrame, key_residues: Iterable[int] = (),
    scenes: Iterable[str] = (), name: str = "complex",
) -> StructureViewer:
    """LIF with LIFR of 2Q7N; `scenes` picks some of `complex_scenes`, by name and in order."""
    known = complex_scenes(entry, domains, key_residues)
    scenes = list(scenes)
    for key in scenes:
        if key not in known:
            raise LifbookError(
                f"no scene of the complex is called '{key}'", column="scenes",
                remedy=f"use some of {', '.join(known)}",
            )
    chosen = [known[key] for key in scenes] if scenes else list(known.values())
    viewer = StructureViewer(name, [Entry("2Q7N")], chosen,
                             label="Human LIF with mouse LIFR, PDB entry 2Q7N")
    near = st.contacts(st.get_chain(entry, "B"), st.get_chain(entry, "A"), 4.0)
    viewer.highlight = [f"B:{number}" for number in sorted(near["a"].unique())] + [
        f"A:{number}" for number in sorted(near["b"].unique())
    ]
    return viewer


def interface_viewer(
    entry: Structure, domains: pd.DataFrame, key_residues: Sequence[int], name: str = "site"
) -> StructureViewer:
    """The place where LIF and LIFR meet: side chains, buried surface, single residues."""
    lif = st.get_chain(entry, "B")
    close_ups = [st.label(st.get_residue(lif, number)).lower() for number in key_residues]
    return complex_viewer(
        entry, domains, key_residues, ["interface", "buried", *close_ups], name
    )


def superposed_viewer(
    target: Chain, helices: pd.DataFrame, moves: Mapping[str, st.Superposition],
    entries: Sequence[tuple[str, str]], name: str = "laid",
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
            f"{len(moves)} superpositions and {len(entries)} entries to be shown",
            remedy=f"give one for each entry, up to {len(LAID)} that colours can tell apart",
        )
    words = list(LAID)[: len(moves)]
    view_from = orientation(
        _ca(target), right=_ca(target, helices["end"].iloc[0] - 4, helices["end"].iloc[0]),
        top=_ca(target, helices["start"].iloc[2], helices["end"].iloc[2]),
    )
    frame = {"focus": lif, "orientation": view_from, "zoom": 1.15, "group": "Superposed"}

    def shown(which: Sequence[int]) -> Draw:
        def draw(view: py3Dmol.view) -> None:
            view.setStyle(lif, {"cartoon": {"color": LIF}})
            for at in which:
                view.setStyle({"model": at + 1}, {"cartoon": {"color": LAID[words[at]]}})
        return draw

    names = list(moves)
    count = ("two", "three", "four", "five")[len(names) - 1]
    laid = [f"{pdb} {word}" for (pdb, _chain), word in zip(entries, words, strict=True)]
    scenes = [Scene("all", f"All {count}" if len(names) > 1 else "Both",
                    f"LIF from {count} crystals: 2Q7N orange, {', '.join(laid)}. The four helices "
                    "lie on each other; loops and the N-terminal end spread.",
                    shown(range(len(names))), **frame)]
    for at, (pdb, _chain) in enumerate(entries):
        move = moves[names[at]]
        worst = move.table.loc[move.table["deviation"].idxmax()]
        scenes.append(Scene(
            pdb.lower(), f"{pdb} on 2Q7N", f"{names[at]} on LIF of 2Q7N (orange): rmsd "
            f"{move.rmsd:.2f} Å over {len(move.table)} CA atoms, farthest apart at "
            f"{worst['label']} ({worst['deviation']:.1f} Å).", shown([at]), **frame,
        ))
    shown_entries = [Entry("2Q7N", (target.id,))] + [
        Entry(pdb, (chain,), moved_by=move, slim=True)
        for (pdb, chain), move in zip(entries, moves.values(), strict=True)
    ]
    return StructureViewer(name, shown_entries, scenes, label=f"LIF from {count} crystal structures")


# --- LIF with both receptors: a model ------------------------------------------------------


def _place(point: np.ndarray) -> dict[str, float]:
    """A point as 3Dmol takes it, with as many places as are seen."""
    return dict(zip("xyz", (rounded(x, 2) for x in point), strict=True))


def _dashes(
    view: py3Dmol.view, ends: np.ndarray, text: str, colour: str, **options: object
) -> None:
    """A dashed line between two points (2, 3), with a label at its middle."""
    start, end, middle = map(_place, (*ends, ends.mean(axis=0)))
    view.addCylinder({"start": start, "end": end, "radius": 0.35, "dashed": True,
                      "dashLength": 1.2, "gapLength": 0.8, "color": colour,
                      "fromCap": "round", "toCap": "round"})
    _label(view, text, None, colour, position=middle, **options)


def _turned(points: np.ndarray, turn: Sequence[float]) -> np.ndarray:
    """Points (n, 3) as a camera sees them: x to the right, y up, z to the viewer."""
    return Rotation.from_quat(turn).apply(points)


def _outermost(chain: Chain, turn: Sequence[float], towards: tuple[float, float]) -> int:
    """Number of the residue that lies farthest out in a direction of the screen."""
    numbers = [residue.id[1] for residue in chain if "CA" in residue]
    return numbers[int(np.argmax(_turned(_ca(chain), turn)[:, :2] @ towards))]


def _spread(
    pairs: pd.DataFrame, chains: tuple[Chain, Chain], turn: Sequence[float], by: list[str],
    count: int = 3, apart: float = 7.0,
) -> list[tuple[int, int]]:
    """The first pairs by some columns whose names have room beside each other on the screen (Å)."""
    chosen: list[tuple[int, int]] = []
    taken: list[np.ndarray] = []
    for row in pairs.sort_values(by).itertuples():
        both = [_ca_of(chain, [number]) for chain, number in zip(chains, (row.a, row.b), strict=True)]
        across = _turned(np.vstack(both), turn)[:, 0]
        if all((np.abs(across - other) >= apart).all() for other in taken):
            chosen.append((int(row.a), int(row.b)))
            taken.append(across)
    return chosen[:count]


def ternary_scenes(
    with_lifr: Structure, with_gp130: Structure, move: st.Superposition,
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
    lifr, lif = st.get_chain(with_lifr, "A"), st.get_chain(with_lifr, "B")
    gp130, other = (move.moved(st.get_chain(with_gp130, chain)) for chain in "AB")
    receptor, ligand = {"model": 0, "chain": "A"}, {"model": 0, "chain": "B"}
    second, copy = {"model": 1, "chain": "A"}, {"model": 1, "chain": "B"}
    second_apart, copy_apart = {"model": 2, "chain": "A"}, {"model": 2, "chain": "B"}
    site_2, site_3 = st.contacts(other, gp130, 4.0), st.contacts(lif, lifr, 4.0)
    near = st.closest_approach(gp130, lifr)
    clashes = st.clashes(lif, gp130)
    # The LIF residues of both sites in one chain: the crystal of LIFR shows them all.
    on_lif = [sorted(int(n) for n in site["a"].unique()) for site in (site_2, site_3)]
    centres = np.array([st.centre(lif, numbers) for numbers in on_lif])
    between = float(np.linalg.norm(centres[1] - centres[0]))

    view_from = orientation(np.vstack([_ca(lifr), _ca(lif), _ca(gp130)]),
                            right=_ca(gp130), top=_ca(lif))
    apart_from = orientation(
        np.vstack([_ca(chain) for entry in (with_lifr, with_gp130)
                   for chain in (st.get_chain(entry, "A"), st.get_chain(entry, "B"))]),
        right=_ca(st.get_chain(with_gp130, "A")), top=_ca(lif),
    )
    whole = {"focus": {"model": [0, 1], "chain": ["A", "B"]}, "orientation": view_from,
             "zoom": 1.6, "group": "Model"}

    def ribbons(view: py3Dmol.view, *parts: tuple[dict, str]) -> None:
        for selection, colour in parts:
            view.setStyle(selection, {"cartoon": {"color": colour}})

    def trace(view: py3Dmol.view, *parts: tuple[dict, str]) -> None:
        for selection, colour in parts:
            view.setStyle(selection, {"cartoon": {"color": colour, "style": "trace",
                                                  "thickness": 0.3}})

    def sticks(view: py3Dmol.view, selection: dict, numbers: Iterable[int], colour: str) -> None:
        view.addStyle({**selection, "resi": [int(n) for n in numbers],
                       "not": {"atom": ["N", "C", "O"]}},
                      {"stick": {"color": colour, "radius": 0.28}})

    def name(view: py3Dmol.view, text: str, part: dict, chain: Chain, colour: str,
             turn: Sequence[float], towards: tuple[float, float], side: str) -> None:
        at = {**part, "resi": _outermost(chain, turn, towards), "atom": "CA"}
        _label(view, text, at, colour, alignment=side)

    up, down, right = (0, 1), (0, -1), (1, 0)
    lif_apart, gp130_apart = (st.get_chain(with_gp130, chain) for chain in "BA")

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
            place = _place(middle)
            view.addSphere({"center": place, "radius": 2, "color": colour})
            _label(view, text, None, colour, position=place, alignment="topCenter",
                   screenOffset={"x": 0, "y": -24})
        _dashes(view, centres, f"{between:.0f} Å", PICK, alignment="bottomCenter",
                screenOffset={"x": 0, "y": 20})

    def contact_site(
        pairs: pd.DataFrame, ligand: dict, lif: Chain, partner: dict, chain: Chain, name: str,
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
                    _label(view, st.label(st.get_residue(owner, number)),
                           {**part, "resi": number, "atom": "CA"}, colour, alignment=side,
                           screenOffset={"x": 0, "y": lift})
        return draw

    def gap(view: py3Dmol.view) -> None:
        ribbons(view, (receptor, PALE["LIFR"]), (ligand, PALE["LIF"]), (second, PALE["gp130"]))
        for selection, number, text, colour in (
            (second, near.a, f"{near.label_a} of gp130", GP130),
            (receptor, near.b, f"{near.label_b} of LIFR", LIFR),
        ):
            one = {**selection, "resi": number}
            view.addStyle(one, {"stick": {"color": colour, "radius": 0.35}})
            _label(view, text, {**one, "atom": "CA"}, colour)
        _dashes(view, near.ends, f"{near.distance:.1f} Å", PICK)

    def site_frame(
        sides: list[list[int]], model: int, lif: Chain, partner: Chain, zoom: float = 0.9
    ) -> dict:
        points = np.vstack([_ca_of(chain, numbers)
                            for chain, numbers in zip((lif, partner), sides, strict=True)])
        focus = {"model": model, "or": [{"chain": "B", "resi": sides[0]},
                                        {"chain": "A", "resi": sides[1]}]}
        return {"focus": focus, "zoom": zoom, "group": "Sites",
                "orientation": orientation(points, top=_ca(lif), edge_on=True)}

    def numbers_of(pairs: pd.DataFrame) -> list[list[int]]:
        return [sorted(int(n) for n in pairs[key].unique()) for key in "ab"]

    frame_2 = site_frame(numbers_of(site_2), 1, other, gp130)
    frame_3 = site_frame(numbers_of(site_3), 0, lif, lifr)
    named_2, named_3 = (
        _spread(site.assign(other=~site["a"].isin(list(key_residues))), chains,
                frame["orientation"], ["other", "distance"])
        for site, chains, frame in ((site_2, (other, gp130), frame_2),
                                    (site_3, (lif, lifr), frame_3))
    )

    # The stretch of LIF that clashes most: it and what it runs into fill the view.
    worst = clashes.groupby("a")["atom_pairs"].sum().nlargest(3).index.tolist()
    first, last = int(min(worst)), int(max(worst))
    heart = clashes[clashes["a"].between(first, last)]
    frame_clash = site_frame(numbers_of(heart), 1, other, gp130, 0.6) | {
        "orientation": site_frame(numbers_of(clashes), 1, other, gp130)["orientation"]}
    named_clash = _spread(heart.assign(few=-heart["atom_pairs"]), (lif, gp130),
                          frame_clash["orientation"], ["few"], count=2, apart=4.0)

    def clash(view: py3Dmol.view) -> None:
        contact_site(clashes, ligand, lif, second, gp130, "gp130", named_clash)(view)
        trace(view, (copy, PALE["grey"]))

    counts = [(site["a"].nunique(), site["b"].nunique()) for site in (site_2, site_3)]
    # What of LIFR lies around the gap: a selection cannot name residues of two models.
    around = [r.id[1] for r in lifr if "CA" in r
              and np.linalg.norm(r["CA"].coord - near.ends.mean(axis=0)) < 25]
    scenes = [
        Scene("apart", "Two crystals", "2Q7N (LIF with mouse LIFR) and 1PVH (LIF with gp130), each "
              "where its own crystal's frame puts it. How they lie to each other means nothing.",
              apart, focus={"model": [0, 2], "chain": ["A", "B"]}, orientation=apart_from,
              zoom=1.5, group="Model"),
        Scene("by-lif", "Laid by LIF", "1PVH moved as one body until its LIF (pale orange) lies on "
              f"LIF of 2Q7N (orange): rmsd {move.rmsd:.2f} Å over {len(move.table)} CA atoms. gp130 "
              "(green) comes along.", by_lif, **whole),
        Scene("sites", "Two sites of LIF", "LIF residues within 4.0 Å of gp130 (site II, green) and "
              f"of LIFR (site III, blue), as sticks. The balls mark their middles, {between:.0f} Å "
              "apart.", sites, focus=ligand, orientation=view_from, zoom=0.8, group="Model"),
        Scene("gap", "Gap", "The nearest atoms of gp130 and LIFR in the model are "
              f"{near.distance:.1f} Å apart ({near.label_a} of gp130, {near.label_b} of LIFR): the "
              "receptors' shown parts do not touch.", gap,
              focus={**receptor, "resi": around}, orientation=view_from, zoom=0.7, group="Model"),
        Scene("site-2", "Site II", "LIF (orange) above, gp130 (green) below, as in crystal 1PVH. "
              f"Sticks: {counts[0][0]} LIF and {counts[0][1]} gp130 residues within 4.0 Å; some of "
              "the nearest pairs have names.",
              contact_site(site_2, copy, other, second, gp130, "gp130", named_2), **frame_2),
        Scene("site-3", "Site III", "LIF (orange) above, mouse LIFR (blue) below, as in 2Q7N. "
              f"Sticks: {counts[1][0]} LIF and {counts[1][1]} LIFR residues within 4.0 Å; some of "
              "the nearest pairs have names.",
              contact_site(site_3, ligand, lif, receptor, lifr, "LIFR", named_3), **frame_3),
        Scene("clash", "Clashes", f"LIF of 2Q7N (orange) and gp130 (green): {len(clashes)} residue "
              f"pairs come within {st.CLASH:.1f} Å, most at LIF {first} to {last}. Grey: LIF of "
              "1PVH, which runs clear.", clash, **frame_clash),
    ]
    return {scene.name: scene for scene in scenes}


def ternary_viewer(
    with_lifr: Structure, with_gp130: Structure, move: st.Superposition,
    key_residues: Sequence[int] = (), name: str = "ternary",
) -> StructureViewer:
    """The model of LIF with LIFR and gp130, with the scenes of `ternary_scenes`."""
    scenes = ternary_scenes(with_lifr, with_gp130, move, key_residues)
    entries = [Entry("2Q7N"), Entry("1PVH", ("A", "B"), moved_by=move), Entry("1PVH", ("A", "B"))]
    return StructureViewer(
        name, entries, scenes.values(),
        label="Model of human LIF with mouse LIFR (2Q7N) and human gp130 (1PVH)",
    )


# --- One fold, several cytokines -----------------------------------------------------------

#: Scene, and word of the captions for the colour, of each cytokine that is laid onto LIF.
FOLDS = {"OSM": ("lif-osm", "olive"), "IL-6": ("lif-il6", "purple"),
         "viral IL-6": ("lif-vil6", "pink")}


def fold_viewer(
    target: Chain, helices: pd.DataFrame, alignments: Mapping[str, st.StructuralAlignment],
    entries: Mapping[str, tuple[str, str]], motif: Sequence[int], name: str = "folds",
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
        if cytokine not in FOLDS or cytokine not in entries:
            raise LifbookError(
                f"no colour or no entry for the cytokine {cytokine!r}",
                remedy=f"use some of {', '.join(FOLDS)} and name the entry of each",
            )
    if not alignments or not motif:
        raise LifbookError("nothing to lay onto LIF, or no motif to mark",
                           remedy="give at least one alignment and one residue number")
    lif = {"model": 0}
    names = list(alignments)
    view_from = orientation(
        _ca(target), right=_ca(target, helices["end"].iloc[0] - 4, helices["end"].iloc[0]),
        top=_ca(target, helices["start"].iloc[2], helices["end"].iloc[2]),
    )
    frame = {"focus": lif, "orientation": view_from, "zoom": 1.3, "group": "Superposed"}

    def shown(which: Sequence[int]) -> Draw:
        def draw(view: py3Dmol.view) -> None:
            view.setStyle(lif, {"cartoon": {"color": LIF}})
            for at in which:
                view.setStyle({"model": at + 1}, {"cartoon": {"color": COLOURS[names[at]]}})
        return draw

    places = _ca_of(target, motif)
    partners = {key: [found.partner(number) for number in motif]
                for key, found in alignments.items()}

    first, last = min(motif) - 6, max(motif) + 12
    stretch = [number for number in range(first, last + 1)
               if any(r.id[1] == number for r in target)]

    def marks(view: py3Dmol.view) -> None:
        view.setStyle(lif, {"cartoon": {"color": PALE["grey"], "style": "trace",
                                        "thickness": 0.25}})
        rank = sum(any(partners[key]) for key in names)
        for at, key in enumerate(("LIF", *names)):
            one, colour = {"model": at}, COLOURS[key]
            if key == "LIF":
                near, marked = stretch, list(motif)
                texts = {n: st.label(st.get_residue(target, n)) for n in motif}
            else:
                table = alignments[key].table
                near = table.loc[table["target"].isin(stretch), "mobile"].tolist()
                marked = partners[key]
                texts = table.set_index("mobile")["mobile_label"]
            if near:
                view.setStyle({**one, "resi": near}, {"cartoon": {
                    "color": colour, "style": "trace", "thickness": 0.4}})
            for place, (number, middle) in enumerate(zip(marked, places.tolist(), strict=True)):
                if number is None:
                    continue
                view.addStyle({**one, "resi": number, "atom": "CA"},
                              {"sphere": {"color": colour, "radius": 1.0}})
                # Names stand in a column beside LIF's atom, as the atoms all but coincide: above
                # it to the left, then below it.
                left = place % 2 == 0
                offset = {"x": -20, "y": 24 + 30 * rank} if left else {"x": 10, "y": 30 * rank - 115}
                _label(view, f"{key} {texts[number]}", None, colour,
                       position=_place(middle),
                       screenOffset=offset, alignment="centerRight" if left else "centerLeft")
            rank -= any(marked)

    none = [key for key in names if all(number is None for number in partners[key])]
    words = [f"{key} {FOLDS[key][1]}" for key in names]
    labels = [st.label(st.get_residue(target, number)) for number in motif]
    scenes = [Scene(
        "all", "All on LIF", f"LIF orange, {', '.join(words)}, laid on LIF by the CA atoms that "
        "correspond. Helices run alike; loops differ. Not every helix is in every file.",
        shown(range(len(names))), **frame,
    )]
    for at, key in enumerate(names):
        found, word = alignments[key], FOLDS[key][1]
        fitted = found.superposition
        scenes.append(Scene(
            FOLDS[key][0], f"{key} on LIF", f"{key} ({entries[key][0]}, {word}) on LIF (orange): "
            f"{len(fitted.table)} CA atoms fitted, rmsd {fitted.rmsd:.1f} Å; {found.n} pairs, "
            f"{found.identity:.0%} of them the same amino acid.", shown([at]), **frame,
        ))
    scenes.append(Scene(
        "motif", "Motif", f"Spheres: CA atoms where LIF has {' and '.join(labels)}, and of what "
        "stands there in the others. These files hold no side chains."
        + (f" {' and '.join(none)}: not in the file." if none else ""),
        marks, focus={**lif, "resi": stretch}, zoom=0.9, group="Motif",
        orientation=orientation(_ca(target, first, last), right=_ca(target, first, max(motif)),
                                front=places),
    ))
    shown_entries = [Entry("2Q7N", (target.id,))] + [
        Entry(*_entry(entries[key]), moved_by=alignments[key].superposition, slim=True)
        for key in names
    ]
    return StructureViewer(name, shown_entries, scenes,
                           label=f"LIF with {', '.join(names)} laid onto it")


def _entry(place: tuple[str, str]) -> tuple[str, tuple[str]]:
    pdb, chain = place
    return pdb, (chain,)


def variant_viewer(
    lif: Chain, other: Chain, move: st.Superposition, sites: Mapping[str, Sequence[int]], *,
    number: int = 64, cutoff: float = 4.5, name: str = "v64m",
) -> StructureViewer:
    """A residue of LIF in two crystals: how far from the receptors' sites, and what lies near it.

    Parameters
    ----------
    lif
        LIF in 2Q7N (chain B), human.
    other
        LIF in 1PVH (chain B), human.
    move
        Superposition of the second onto the first.
    sites
        ``"gp130"`` and ``"LIFR"`` -> numbers of the LIF residues in contact with it.
    number
        The residue, in mature numbers.
    cutoff
        Å, up to which residues count as near.
    """
    for molecule in ("gp130", "LIFR"):
        if not len(sites.get(molecule, ())):
            raise LifbookError(
                f"no residues of LIF are given that touch {molecule}", column="sites",
                remedy="give the residue numbers of both sites, for instance from contacts",
            )
    here, there = {"model": 0}, {"model": 1}
    text = st.label(st.get_residue(lif, number))
    here_all, there_all = (st.distances_from(chain, number) for chain in (lif, other))
    near, near_there = (table[table["distance"] <= cutoff] for table in (here_all, there_all))
    gaps = here_all.set_index("number")["distance"]
    site_ca = _ca_of(lif, sites["LIFR"])
    whole = orientation(_ca(lif), top=site_ca, front=_ca(lif, number, number))
    # Seen from outside: a point beyond the residue, away from the middle of LIF, comes to the front.
    outside = 2 * _ca(lif, number, number) - _ca(lif).mean(axis=0)
    close = orientation(_ca(lif, number - 4, number + 4), front=outside)
    loop = _range(max(number - 8, 1), number + 8)

    def marked(view: py3Dmol.view, model: dict, chain: Chain) -> None:
        one = {**model, "resi": number}
        view.addStyle(one, {"stick": {"color": PICK, "radius": 0.35}})
        _label(view, st.label(st.get_residue(chain, number)), {**one, "atom": "CA"}, PICK)

    def place(view: py3Dmol.view) -> None:
        view.setStyle(here, {"cartoon": {"color": PALE["LIF"]}})
        for molecule, numbers in sites.items():
            view.addStyle({**here, "resi": [int(at) for at in numbers]},
                          {"stick": {"color": COLOURS[molecule], "radius": 0.25}})
        view.addStyle({**here, "resi": number}, {"sphere": {"color": PICK}})
        _label(view, text, {**here, "resi": number, "atom": "CA"}, PICK)

    def around(view: py3Dmol.view) -> None:
        view.setStyle(here, {"cartoon": {"color": PALE["LIF"], "style": "trace", "thickness": 0.3}})
        for row in near.itertuples():
            one = {**here, "resi": int(row.number)}
            view.addStyle(one, {"stick": {"color": LIF, "radius": 0.22}})
            _label(view, row.label, {**one, "atom": "CA"}, LIF)
        marked(view, here, lif)

    def both(view: py3Dmol.view) -> None:
        for model, colour in ((here, LIF), (there, COLOURS["gp130"])):
            thin = {"color": PALE["grey"], "style": "trace", "thickness": 0.15}
            view.setStyle(model, {"cartoon": thin})
            view.setStyle({**model, "resi": loop}, {"cartoon": {"color": colour}})
            view.addStyle({**model, "resi": number}, {"stick": {"color": PICK, "radius": 0.35}})
        _label(view, f"{text}, 2Q7N", {**here, "resi": number, "atom": "CA"}, LIF)
        _label(view, f"{text}, 1PVH", {**there, "resi": number, "atom": "CA"}, COLOURS["gp130"])

    nearest = {molecule: min(gaps[at] for at in numbers if at != number)
               for molecule, numbers in sites.items()}
    focus = {**here, "resi": [int(at) for at in (*near["number"], number)]}
    scenes = [
        Scene("place", f"Where {text} lies",
              f"{text} (UniProt {number + 22}; spheres) in LIF of 2Q7N, "
              f"{nearest['LIFR']:.0f} Å from the nearest residue that touches LIFR (blue), "
              f"{nearest['gp130']:.0f} Å from gp130's (green).", place, focus=here,
              orientation=whole, zoom=1.15, group="Variant"),
        Scene("around", "What lies near it",
              f"{len(near)} residues of LIF within {cutoff} Å of {text} in 2Q7N (4.0 Å resolution). {len(near_there)} do in 1PVH. No sugar of LIF was seen.",
              around, focus=focus, orientation=close, zoom=0.8, group="Variant"),
        Scene("crystals", "In two crystals",
              f"The loop of {text} in LIF of 2Q7N (orange) and in LIF of 1PVH laid onto it "
              f"(green) takes two courses; all else is grey. Neither crystal holds the variant.",
              both, focus=focus, orientation=close, zoom=0.7, group="Variant"),
    ]
    return StructureViewer(
        name,
        [Entry("2Q7N", (lif.id,), slim=True),
         Entry("1PVH", (other.id,), moved_by=move, slim=True)],
        scenes, label=f"{text} of human LIF, PDB entries 2Q7N and 1PVH")
