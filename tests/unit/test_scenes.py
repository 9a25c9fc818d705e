"""The book's scenes: each shows something, and says in its caption what the numbers say."""

from __future__ import annotations

import colorsys
import itertools
import re

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as hs
from scipy.spatial.transform import Rotation

from lifbook import data
from lifbook import structure as st
from lifbook.chapters import clinical_significance as in_clinical
from lifbook.chapters import interactions as in_interactions
from lifbook.chapters import structure as in_structure
from lifbook.chapters.interactions.scenes import FOLDS
from lifbook.errors import LifbookError
from lifbook.page import scenes
from lifbook.palette import COLOURS, DOMAIN_COLOURS, GLYCAN, HELIX_COLOURS, PICK

KEY_RESIDUES = [51, 153, 156, 159]


@pytest.fixture(scope="module")
def entry():
    return data.read_structure("2Q7N")


@pytest.fixture(scope="module")
def lif(entry):
    return st.get_chain(entry, "B")


@pytest.fixture(scope="module")
def lifr(entry):
    return st.get_chain(entry, "A")


@pytest.fixture(scope="module")
def helices(lif):
    return st.helices(lif).assign(name=list("ABCD"))


@pytest.fixture(scope="module")
def domains():
    return data.read_table("domains")


@pytest.fixture(scope="module")
def alone(entry, helices):
    return in_structure.lif_viewer(entry, helices)


@pytest.fixture(scope="module")
def pair(entry, domains):
    return in_structure.complex_viewer(entry, domains, KEY_RESIDUES)


@pytest.fixture(scope="module")
def moves(lif):
    return {
        "human": st.superimpose(st.get_chain(data.read_structure("1PVH"), "B"), lif),
        "mouse": st.superimpose(st.get_chain(data.read_structure("1LKI"), "A"), lif),
    }


@pytest.fixture(scope="module")
def laid(lif, helices, moves):
    return in_structure.superposed_viewer(lif, helices, moves, [("1PVH", "B"), ("1LKI", "A")])


@pytest.fixture(scope="module")
def sites(entry, lif):
    pvh = data.read_structure("1PVH")
    return {
        "gp130": st.contacts(st.get_chain(pvh, "B"), st.get_chain(pvh, "A"), 4.0)["a"].unique(),
        "LIFR": st.contacts(lif, st.get_chain(entry, "A"), 4.0)["a"].unique(),
    }


@pytest.fixture(scope="module")
def with_gp130():
    return data.read_structure("1PVH")


@pytest.fixture(scope="module")
def ternary(entry, with_gp130, moves):
    return in_interactions.ternary_viewer(entry, with_gp130, moves["human"], [156, 159])


ENTRIES = {"OSM": ("1EVS", "A"), "IL-6": ("1ALU", "A"), "viral IL-6": ("1I1R", "B")}


@pytest.fixture(scope="module")
def alignments(lif, helices):
    return {
        name: st.align_structures(st.get_chain(data.read_structure(pdb), chain), lif, spans=helices)
        for name, (pdb, chain) in ENTRIES.items()
    }


@pytest.fixture(scope="module")
def variant(lif, moves, sites):
    other = st.get_chain(data.read_structure("1PVH"), "B")
    return in_clinical.variant_viewer(lif, other, moves["human"], sites)


@pytest.fixture(scope="module")
def folds(lif, helices, alignments):
    return in_interactions.fold_viewer(lif, helices, alignments, ENTRIES, [156, 159])


@pytest.fixture(scope="module")
def viewers(alone, pair, laid, ternary, folds, variant):
    return [alone, pair, laid, ternary, folds, variant]


def captions(viewer) -> dict[str, str]:
    return {scene["name"]: scene["caption"] for scene in viewer.scenes}


def calls(viewer, name: str, method: str) -> list[list]:
    scene = next(item for item in viewer.scenes if item["name"] == name)
    return [arguments for called, *arguments in scene["calls"] if called == method]


# --- Selections --------------------------------------------------------------------------


def atoms_of(viewer) -> list[dict]:
    """Every atom that the page gets, with what 3Dmol's PDB parser knows of it."""
    found = []
    for model, item in enumerate(viewer._entries):
        for atom in data.read_structure(item.entry)[0].get_atoms():
            residue = atom.parent
            if not item.chains or residue.parent.id in item.chains:
                found.append(
                    {
                        "model": model,
                        "chain": residue.parent.id,
                        "resi": residue.id[1],
                        "atom": atom.id,
                        "hetflag": residue.id[0] != " ",
                    }
                )
    return found


def is_number_in(number: int, wanted) -> bool:
    """3Dmol's rule for ``resi``: a number, "first-last", or a list of these."""
    if isinstance(wanted, list):
        return any(is_number_in(number, one) for one in wanted)
    if isinstance(wanted, str):
        first, last = map(int, re.fullmatch(r"(\d+)-(\d+)", wanted).groups())
        return first <= number <= last
    return number == wanted


def matches(atom: dict, selection: dict) -> bool:
    """3Dmol's rule for the parts of a selection that the book uses; another is an error."""
    for key, wanted in selection.items():
        if key == "or":
            good = any(matches(atom, one) for one in wanted)
        elif key == "not":
            good = not matches(atom, wanted)
        elif key == "resi":
            good = is_number_in(atom["resi"], wanted)
        else:
            good = atom[key] in wanted if isinstance(wanted, list) else atom[key] == wanted
        if not good:
            return False
    return True


def selections(scene: dict):
    """(what for, selection) of each call of a scene."""
    for method, *arguments in [*scene["calls"], *scene["camera"]]:
        if method in ("setStyle", "addStyle", "zoomTo"):
            yield method, arguments[0]
        elif method == "addLabel" and len(arguments) == 3:
            yield method, arguments[2]
        elif method == "addLabel":  # at a point
            assert set(arguments[1]["position"]) == set("xyz")
        else:
            assert method in ("setView", "zoom", "addCylinder", "addSphere"), (
                f"{method} is not known to this test"
            )


@pytest.mark.parametrize(
    "which", range(6), ids=["lif", "complex", "laid", "ternary", "folds", "variant"]
)
def test_every_selection_finds_atoms(viewers, which):
    viewer = viewers[which]
    atoms = atoms_of(viewer)
    checked = 0
    for scene in viewer.scenes:
        for method, selection in selections(scene):
            found = sum(matches(atom, selection) for atom in atoms)
            assert found, (scene["name"], method, selection)
            if method == "addLabel":  # a label stands at one atom, not in the middle of several
                assert found == 1, (scene["name"], selection)
            checked += 1
    assert checked >= 3 * len(viewer.scenes)


def test_the_check_of_selections_refuses_what_is_not_there():
    atom = {"model": 0, "chain": "B", "resi": 5, "atom": "CA", "hetflag": False}
    assert matches(atom, {"chain": ["A", "B"], "resi": [1, "4-6"], "not": {"atom": ["N", "C"]}})
    assert not matches(atom, {"chain": "B", "resi": "6-9"})
    assert not matches(atom, {"or": [{"chain": "A"}, {"resi": 4}]})
    with pytest.raises(KeyError):
        matches(atom, {"residue": 5})


def test_names_make_links_and_labels_make_buttons(viewers):
    for viewer in viewers:
        assert re.fullmatch("[a-z0-9-]+", viewer.name)
        assert len(set(viewer.scene_names)) == len(viewer.scene_names)
        labels = [scene["label"] for scene in viewer.scenes]
        assert len(set(labels)) == len(labels)
        assert len(viewer.label) > 15
        for scene in viewer.scenes:
            assert re.fullmatch("[a-z0-9-]+", scene["name"])
            assert 2 <= len(scene["label"]) <= 22
            assert 30 <= len(scene["caption"]) <= 200
            assert scene["caption"].endswith(".")
            assert scene["group"]


def test_everything_is_drawn_in_the_opening_scene(alone, pair, laid, ternary, folds):
    """No atom of the protein is left out of the first picture."""
    for viewer in (alone, pair, laid, ternary, folds):
        styles = [
            selection for method, selection in selections(viewer.scenes[0]) if method == "setStyle"
        ]
        polymer = [
            atom
            for atom in atoms_of(viewer)
            if not atom["hetflag"]
            and (atom["chain"] == "B" or viewer is not alone)
            and not (viewer is ternary and atom["model"] == 1)
        ]  # the moved copy waits
        assert all(any(matches(atom, one) for one in styles) for atom in polymer)


# --- Captions ----------------------------------------------------------------------------


def test_captions_of_lif_alone(alone, entry, lif, helices):
    text = captions(alone)
    assert alone.scene_names[:4] == ["fold", "course", "disulfides", "sequons"]
    assert text["disulfides"].startswith(f"{len(st.disulfides(lif))} disulfide bonds")
    assert f"{len(st.sequons(st.sequence(lif)))} asparagines" in text["sequons"]
    assert st.glycans(entry, "B").empty  # "No sugar stands on LIF in this crystal."
    for row in helices.itertuples():
        assert text[f"helix-{row.name.lower()}"] == (
            f"Helix {row.name}: residues {row.start} to {row.end} of the mature protein "
            f"({row.length} residues)."
        )
    axes = {row.name: st.helix_axis(lif, row.start, row.end) for row in helices.itertuples()}
    angles = st.crossing_angles(axes)
    assert text["course"].endswith("A and B run one way, C and D the other.")
    assert angles.loc["A", "B"] < 60 and angles.loc["C", "D"] < 60
    assert (angles.loc[["A", "B"], ["C", "D"]] > 120).all(axis=None)


def test_labels_of_the_disulfides_and_sequons(alone, lif):
    bonds = st.disulfides(lif)
    labels = [text for text, *_ in calls(alone, "disulfides", "addLabel")]
    assert labels == [f"Cys{row.first}-Cys{row.second}" for row in bonds.itertuples()]
    labels = [text for text, *_ in calls(alone, "sequons", "addLabel")]
    assert labels == [f"Asn{number}" for number in st.sequons(st.sequence(lif))]


def test_captions_of_the_complex(pair, entry, lif, lifr, domains):
    text = captions(pair)
    near = st.contacts(lif, lifr, 4.0)
    assert (
        f"at 4.0 Å they are {near['a'].nunique()} of LIF and {near['b'].nunique()} of LIFR"
        in text["interface"]
    )
    assert text["glycans"].startswith(f"{len(st.glycans(entry, lifr.id))} N-glycans")
    sugars = np.array(
        [
            atom.coord
            for chain in entry[0]
            for residue in chain
            if residue.id[0] != " "
            for atom in residue
        ]
    )
    ligand = np.array([atom.coord for atom in lif.get_atoms()])
    nearest = np.linalg.norm(sugars[:, None] - ligand[None], axis=2).min()
    assert nearest > 6  # "None lies between LIF and its receptor."
    for row in domains.itertuples():
        touching = near.loc[near["b"].between(row.start, row.end), "b"].nunique()
        caption = text[row.domain.lower()]
        assert caption.startswith(f"{row.domain}, residues {row.start} to {row.end}: {row.kind}. ")
        if touching:
            assert caption.endswith(f"{touching} of its residues lie within 4.0 Å of LIF.")
        else:
            assert caption.endswith("It does not touch LIF (no atom within 4.0 Å).")
    most = max(domains.itertuples(), key=lambda d: near["b"].between(d.start, d.end).sum())
    assert most.domain == "D3" and "LIF lies on D3" in text["domains"]


def test_captions_of_the_key_residues(pair, lif, lifr):
    text = captions(pair)
    near = st.contacts(lif, lifr, 4.0)
    for number in KEY_RESIDUES:
        name = st.label(st.get_residue(lif, number))
        caption = text[name.lower()]
        uniprot = data.numbering("2Q7N", "B").to_uniprot(number)
        assert caption.startswith(f"{name} of LIF (UniProt {uniprot}). ")
        partners = [st.label(st.get_residue(lifr, n)) for n in near.loc[near["a"] == number, "b"]]
        if partners:
            assert caption.endswith(f"Within 4.0 Å of it: {', '.join(partners)} of LIFR.")
        else:
            assert caption.endswith("No atom of LIFR lies within 4.0 Å of it.")
        drawn = [label for label, *_ in calls(pair, name.lower(), "addLabel")]
        assert drawn == [name, *partners]


def coloured(pair, scene: str, kind: str) -> dict[tuple[str, int], str]:
    """(chain, residue) -> colour, as the scene's calls leave it."""
    found = {}
    for selection, style in calls(pair, scene, "setStyle"):
        if kind in style and isinstance(selection.get("resi"), list):
            found |= {(selection["chain"], n): style[kind]["color"] for n in selection["resi"]}
    return found


def test_b_factors_are_coloured_as_the_caption_says(pair, lif, lifr):
    colours = coloured(pair, "b-factors", "cartoon")
    low, *_, high = scenes.STEPS
    assert "blue below 90 Å², grey around 100, orange from 120 Å² on" in captions(pair)["b-factors"]
    for chain in (lif, lifr):
        for row in st.residue_table(chain).itertuples():
            colour = colours.pop((chain.id, row.number))
            assert (colour == low) == (row.b_factor < 90)
            assert (colour == high) == (row.b_factor >= 120)
            assert (colour == scenes.STEPS[2]) == (100 <= row.b_factor < 110)
    assert not colours


def test_buried_surface_is_coloured_as_the_caption_says(pair, lif, lifr):
    colours = coloured(pair, "buried", "sphere")
    lost = st.buried_surface(lif, lifr).query("chain == 'B'").set_index("number")["buried"]
    assert "orange 60 Å² and more" in captions(pair)["buried"]
    assert {number for _chain, number in colours} == set(lost.index)
    for number, value in lost.items():
        colour = colours["B", number]
        assert (colour == "#b9bdc4") == (value < 1)  # "Grey loses no surface"
        assert (colour == scenes.STEPS[-1]) == (value >= 60)


def test_captions_of_the_superposed_entries(laid, moves):
    text = captions(laid)
    for (name, move), scene in zip(moves.items(), ("1pvh", "1lki"), strict=True):
        worst = move.table.loc[move.table["deviation"].idxmax()]
        assert text[scene] == (
            f"{name} on LIF of 2Q7N (orange): rmsd {move.rmsd:.2f} Å over {len(move.table)} CA "
            f"atoms, farthest apart at {worst['label']} ({worst['deviation']:.1f} Å)."
        )


def test_captions_of_the_model(ternary, entry, with_gp130, lif, lifr, moves):
    text = captions(ternary)
    assert ternary.scene_names == ["apart", "by-lif", "sites", "gap", "site-2", "site-3", "clash"]
    move = moves["human"]
    gp130, other = (st.get_chain(with_gp130, chain) for chain in "AB")
    laid = move.moved(gp130)
    assert f"rmsd {move.rmsd:.2f} Å over {len(move.table)} CA atoms" in text["by-lif"]
    near = st.closest_approach(laid, lifr)
    assert f"{near.distance:.1f} Å apart ({near.label_a} of gp130, {near.label_b} of" in text["gap"]
    sites = st.contacts(other, gp130, 4.0), st.contacts(lif, lifr, 4.0)
    for scene, site, name in zip(("site-2", "site-3"), sites, ("gp130", "LIFR"), strict=True):
        assert (
            f"Sticks: {site['a'].nunique()} LIF and {site['b'].nunique()} {name} residues"
            in text[scene]
        )
    middles = [st.centre(lif, site["a"]) for site in sites]
    assert f"{np.linalg.norm(middles[0] - middles[1]):.0f} Å apart" in text["sites"]
    clashes = st.clashes(lif, laid)
    counts = clashes.groupby("a")["atom_pairs"].sum()
    first, last = map(int, re.search(r"LIF (\d+) to (\d+)", text["clash"]).groups())
    assert f"{len(clashes)} residue pairs come within 3.0 Å" in text["clash"]
    assert counts[counts.index.to_series().between(first, last)].sum() > counts.sum() / 2
    # "Grey: LIF of 1PVH, which runs clear": in its own crystal nothing comes within 3 Å but
    # hydrogen bonds.
    assert st.clashes(other, gp130)["not_polar"].sum() == 0


def test_the_gap_is_drawn_between_the_nearest_atoms(ternary, with_gp130, lifr, moves):
    near = st.closest_approach(moves["human"].moved(st.get_chain(with_gp130, "A")), lifr)
    ((line,),) = calls(ternary, "gap", "addCylinder")
    drawn = np.array([[line[end][axis] for axis in "xyz"] for end in ("start", "end")])
    assert drawn == pytest.approx(near.ends, abs=0.006) and line["dashed"]
    at_points = [args for args in calls(ternary, "gap", "addLabel") if len(args) == 2]
    assert [args[0] for args in at_points] == [f"{near.distance:.1f} Å"]
    ((line,),) = calls(ternary, "sites", "addCylinder")
    length = np.linalg.norm([line["start"][k] - line["end"][k] for k in "xyz"])
    assert [args[0] for args in calls(ternary, "sites", "addLabel")][-1] == f"{length:.0f} Å"


def test_names_of_a_site_are_contacts_and_have_room(ternary, lif, lifr):
    near = st.contacts(lif, lifr, 4.0)
    pairs = {
        (st.label(st.get_residue(lif, row.a)), st.label(st.get_residue(lifr, row.b)))
        for row in near.itertuples()
    }
    names = [args[0] for args in calls(ternary, "site-3", "addLabel")]
    named = (
        list(itertools.batched(names, 2))
        if hasattr(itertools, "batched")
        else list(zip(names[::2], names[1::2], strict=True))
    )
    assert len(named) >= 2 and set(named) <= pairs
    assert named[0][0] in {"Phe156", "Lys159"}  # the key residues come first
    for side, chain in enumerate((lif, lifr)):
        numbers = [int(pair[side][3:]) for pair in named]
        points = seen(ternary, "site-3", chain)
        order = [r.id[1] for r in chain if "CA" in r]
        across = [points[order.index(number)][0] for number in numbers]
        assert (
            np.abs(np.subtract.outer(across, across))[~np.eye(len(across), dtype=bool)].min() >= 7
        )


def test_the_model_ships_each_entry_once(ternary):
    first, moved, apart = ternary.entries
    assert moved["coordinates"] == apart["coordinates"] != first["coordinates"]
    assert len(moved["matrix"]) == 12 and not apart["matrix"] and not first["matrix"]
    assert ternary._full_id("1PVH:A:155") == "1PVH:A:155"  # there twice, and still one residue


def test_captions_of_the_folds(folds, alignments):
    text = captions(folds)
    assert folds.scene_names == ["all", "lif-osm", "lif-il6", "lif-vil6", "motif"]
    for (name, found), scene in zip(alignments.items(), folds.scene_names[1:], strict=False):
        fitted = found.superposition
        assert text[scene].startswith(f"{name} ({ENTRIES[name][0]}, ")
        assert (
            f"{len(fitted.table)} CA atoms fitted, rmsd {fitted.rmsd:.1f} Å; {found.n} pairs, "
            f"{found.identity:.0%} of them"
        ) in text[scene]
        styles = [style["cartoon"]["color"] for _, style in calls(folds, scene, "setStyle")]
        assert styles == [COLOURS["LIF"], COLOURS[name]]
    assert "no side chains" in text["motif"] and text["motif"].endswith("OSM: not in the file.")


def test_the_motif_marks_what_corresponds(folds, alignments, lif):
    marked = {(args[0]["model"], args[0]["resi"]) for args in calls(folds, "motif", "addStyle")}
    expected = {(0, 156), (0, 159)}
    for at, found in enumerate(alignments.values(), start=1):
        expected |= {(at, found.partner(n)) for n in (156, 159) if found.partner(n) is not None}
    assert marked == expected
    names = [args[0] for args in calls(folds, "motif", "addLabel")]
    assert sorted(names) == sorted(
        ["LIF Phe156", "LIF Lys159"]
        + [
            f"{name} {label}"
            for name, found in alignments.items()
            for label in found.table.query("target in (156, 159)")["mobile_label"]
        ]
    )


HUES = {
    "orange": (20, 45),
    "blue": (195, 225),
    "green": (140, 175),
    "violet": (245, 275),
    "olive": (45, 60),
    "purple": (260, 285),
    "pink": (330, 350),
}


def test_colours_have_the_names_that_the_captions_use():
    used = {
        "orange": [COLOURS["LIF"], scenes.STEPS[-1]],
        "blue": [COLOURS["LIFR"], scenes.STEPS[0]],
        "green": [COLOURS["gp130"], GLYCAN],
        "violet": [COLOURS["STAT"]],
    }
    used |= {word: [COLOURS[name]] for name, (_scene, word) in FOLDS.items()}
    used |= {word: [colour] for word, colour in scenes.LAID.items() if word in HUES}
    for name, colours in used.items():
        for colour in colours:
            red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
            hue, _lightness, saturation = colorsys.rgb_to_hls(red, green, blue)
            assert HUES[name][0] <= hue * 360 <= HUES[name][1], (name, colour)
            assert saturation > 0.3


def test_the_colours_are_the_books(alone, pair, helices, domains):
    def ribbons(viewer, scene):
        return {
            selection.get("resi"): style["cartoon"]["color"]
            for selection, style in calls(viewer, scene, "setStyle")
            if "cartoon" in style
        }

    for row in helices.itertuples():
        part = f"{row.start}-{row.end}"
        assert ribbons(alone, "fold")[part] == HELIX_COLOURS[row.name]
        assert ribbons(alone, f"helix-{row.name.lower()}")[part] == HELIX_COLOURS[row.name]
    together = ribbons(pair, "domains")
    parts = [f"{row.start}-{row.end}" for row in domains.itertuples()]
    assert [together[part] for part in parts] == [DOMAIN_COLOURS[d] for d in domains["domain"]]
    for one, other in itertools.pairwise(parts):  # a border shows
        assert together[one] != together[other]
    for part, name in zip(parts, domains["domain"], strict=True):
        alone_in_grey = ribbons(pair, name.lower())
        assert alone_in_grey[part] == COLOURS["LIFR"]
        assert alone_in_grey[part] not in (alone_in_grey[None], scenes.PALE["grey"])
    assert calls(pair, "phe156", "addStyle")[0][1]["stick"]["color"] == PICK


# --- Cameras -----------------------------------------------------------------------------


def seen(viewer, scene: str, chain) -> np.ndarray:
    """CA positions of a chain, as the scene's camera turns them."""
    found = next(item for item in viewer.scenes if item["name"] == scene)
    turn = next(args[0][4:] for method, *args in found["camera"] if method == "setView")
    return Rotation.from_quat(turn).apply([r["CA"].coord for r in chain if "CA" in r])


def test_cameras_look_as_the_captions_say(pair, lif, lifr):
    touching = st.contacts(lif, lifr, 4.0)
    near = set(touching["b"])
    receptor = [n for n, r in enumerate(r for r in lifr if "CA" in r) if r.id[1] in near]
    for scene in ("interface", "phe156"):  # "LIF (orange) above, LIFR (blue) below"
        above, below = seen(pair, scene, lif), seen(pair, scene, lifr)[receptor]
        assert above[:, 1].mean() > below[:, 1].mean() + 5
    # "seen from the receptor's side": the receptor's contacts lie nearer the viewer than LIF.
    near, far = seen(pair, "buried", lifr)[receptor], seen(pair, "buried", lif)
    assert near[:, 2].mean() > far[:, 2].mean()


# --- Functions ---------------------------------------------------------------------------


@settings(deadline=None)
@given(
    hs.dictionaries(hs.integers(1, 500), hs.floats(-50, 250), min_size=1),
    hs.lists(hs.floats(-40, 240), min_size=1, max_size=5, unique=True).map(sorted),
)
def test_steps_put_each_residue_into_one_class(values, edges):
    classes = scenes.steps(pd.Series(values), edges)
    assert len(classes) == len(edges) + 1
    assert sorted(number for numbers in classes for number in numbers) == sorted(values)
    for at, numbers in enumerate(classes):
        for number in numbers:
            noise = 1e-7 * abs(
                values[number]
            )  # a value on an edge, but for its last digits, is above it
            assert at == 0 or values[number] + noise >= edges[at - 1]
            assert at == len(edges) or values[number] + noise < edges[at]


def test_a_value_on_an_edge_is_above_it_whatever_its_last_digits():
    for edge in (100.0, -1.0, 0.25):
        values = pd.Series({1: edge, 2: edge * (1 - 1e-12), 3: edge * (1 + 1e-12), 4: edge - 0.001})
        assert scenes.steps(values, [edge]) == [[4], [1, 2, 3]]


def test_a_chapter_chooses_its_scenes(entry, domains, lif, lifr):
    chosen = in_structure.interface_viewer(entry, domains, [156, 51], name="few")
    assert chosen.scene_names == ["interface", "buried", "phe156", "pro51"]
    assert (chosen.name, chosen.scene) == ("few", "interface")
    near = st.contacts(lif, lifr, 4.0)
    assert chosen.highlight == [f"2Q7N:B:{n}" for n in sorted(set(near["a"]))] + [
        f"2Q7N:A:{n}" for n in sorted(set(near["b"]))
    ]


def test_an_unknown_scene_is_refused(entry, domains):
    with pytest.raises(LifbookError, match="no scene of the complex is called 'moon'") as caught:
        in_structure.complex_viewer(entry, domains, scenes=["complex", "moon"])
    assert "b-factors" in caught.value.remedy


def test_an_unknown_key_residue_is_refused(entry, domains):
    with pytest.raises(LifbookError, match="no residue 999 in chain 'B'"):
        in_structure.complex_viewer(entry, domains, [999])


def test_captions_of_the_variant(variant, lif, sites):
    text = captions(variant)
    assert variant.scene_names == ["place", "around", "crystals"]
    gaps = st.distances_from(lif, 64).set_index("number")["distance"]
    assert (
        f"{gaps[sites['LIFR']].min():.0f} Å from the nearest residue that touches LIFR"
        in text["place"]
    )
    assert f"{gaps[sites['gp130']].min():.0f} Å from gp130's" in text["place"]
    assert "Val64 (UniProt 86" in text["place"]
    assert text["around"].startswith(f"{(gaps <= 4.5).sum()} residues of LIF within 4.5 Å of Val64")


def test_a_variant_needs_both_sites(lif, moves, sites):
    other = st.get_chain(data.read_structure("1PVH"), "B")
    for touching in ({"LIFR": sites["LIFR"]}, {"gp130": [], "LIFR": sites["LIFR"]}):
        with pytest.raises(LifbookError, match="no residues of LIF are given that touch gp130"):
            in_clinical.variant_viewer(lif, other, moves["human"], touching)


def test_any_number_of_entries_can_be_laid_on_lif(lif, helices, moves):
    one = dict(list(moves.items())[:1])
    both = in_structure.superposed_viewer(lif, helices, one, [("1PVH", "B")])
    assert both.scene_names == ["all", "1pvh"]
    assert captions(both)["all"].startswith("LIF from two crystals: 2Q7N orange, 1PVH violet.")
    again = moves | {"human again": moves["human"], "mouse again": moves["mouse"]}
    entries = [("1PVH", "B"), ("1LKI", "A")]
    with pytest.raises(LifbookError, match="two scenes '1pvh'"):
        in_structure.superposed_viewer(lif, helices, again, entries * 2)
    for wrong in ({}, moves | {str(at): moves["human"] for at in range(3)}):
        with pytest.raises(LifbookError, match=f"{len(wrong)} superpositions and") as caught:
            in_structure.superposed_viewer(lif, helices, wrong, entries * 2)
        assert "up to 4" in caught.value.remedy
    with pytest.raises(LifbookError, match="2 superpositions and 1 entries"):
        in_structure.superposed_viewer(lif, helices, moves, entries[:1])


def test_unknown_cytokines_and_residues_are_refused(lif, helices, alignments):
    moon = {"moon": alignments["OSM"]}
    for laid, entries, words in (
        (moon, ENTRIES | {"moon": ("1EVS", "A")}, "no cytokine with a colour is called 'moon'"),
        (alignments, {}, "the cytokine '.*' has no entry"),
    ):
        with pytest.raises(LifbookError, match=words) as caught:
            in_interactions.fold_viewer(lif, helices, laid, entries, [156])
        assert "viral IL-6" in caught.value.remedy
    for laid, motif in (({}, [156]), (alignments, [])):
        with pytest.raises(LifbookError, match="nothing to lay onto LIF"):
            in_interactions.fold_viewer(lif, helices, laid, ENTRIES, motif)
    with pytest.raises(LifbookError, match="no residue 999"):
        in_interactions.fold_viewer(lif, helices, alignments, ENTRIES, [999])


def test_cameras_of_the_model_look_as_the_captions_say(ternary, with_gp130, lif, lifr, moves):
    gp130, other = (moves["human"].moved(st.get_chain(with_gp130, chain)) for chain in "AB")
    for scene, above, below in (
        ("site-2", other, gp130),
        ("site-3", lif, lifr),
        ("clash", lif, gp130),
    ):
        near = st.contacts(above, below, 4.0)["b"].unique()
        order = [r.id[1] for r in below if "CA" in r]
        touching = [order.index(number) for number in near]
        assert (
            seen(ternary, scene, above)[:, 1].mean()
            > seen(ternary, scene, below)[touching, 1].mean() + 5
        ), scene
