"""lifbook.page.viewer, driven as a reader and as the page drive it, on the real coordinates."""

from __future__ import annotations

import contextlib
import gzip
import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import py3Dmol
import pytest
from Bio.PDB.PDBParser import PDBParser
from hypothesis import assume, example, given, settings
from hypothesis import strategies as hs
from ipywidgets import Widget
from javascript import node
from scipy.spatial.transform import Rotation

from lifbook import data
from lifbook import structure as st
from lifbook.chapters import structure as in_structure
from lifbook.errors import LifbookError
from lifbook.page import viewer
from lifbook.page.viewer import Entry, Scene, StructureViewer, orientation, recorded
from lifbook.palette import COLOURS

SHARED = Path(viewer.__file__).parent / "shared"

# --- Material ----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def entry():
    return data.read_structure("2Q7N")


@pytest.fixture(scope="module")
def lif(entry):
    return st.get_chain(entry, "B")


@pytest.fixture(scope="module")
def known(entry):
    """All scenes of the complex."""
    return in_structure.complex_scenes(entry, data.read_table("domains"), [51, 153, 156, 159])


@pytest.fixture(scope="module")
def moves(lif):
    others = {"human": ("1PVH", "B"), "mouse": ("1LKI", "A")}
    return {
        name: st.superimpose(st.get_chain(data.read_structure(pdb), chain), lif)
        for name, (pdb, chain) in others.items()
    }


@pytest.fixture(scope="module")
def laid(lif, moves):
    """Three crystals on each other: two of the entries are moved, and slim."""
    helices = st.helices(lif).assign(name=list("ABCD"))
    return in_structure.superposed_viewer(lif, helices, moves, [("1PVH", "B"), ("1LKI", "A")])


def plain(name: str = "plain", **more) -> Scene:
    """A scene that draws something and says so."""
    return Scene(
        name,
        name.title(),
        f"A scene called {name}, for a test.",
        lambda view: view.setStyle({"chain": "B"}, {"cartoon": {"color": "#123456"}}),
        **more,
    )


def make(*entries: Entry, name: str = "test", shown=None) -> StructureViewer:
    return StructureViewer(
        name, entries or [Entry("2Q7N")], shown or [plain("one"), plain("two")], label="A test"
    )


def from_page(widget: Widget, **state) -> None:
    """A message of the page to the widget, by the way it comes in a live kernel."""
    widget.comm.handle_msg(
        {
            "header": {"msg_id": "from-the-page"},
            "parent_header": {},
            "metadata": {},
            "buffers": [],
            "content": {"data": {"method": "update", "state": state, "buffer_paths": []}},
        }
    )


def coordinates_of(item: Entry) -> viewer.Coordinates:
    return viewer.coordinates(item.entry, item.chains if item.slim else ())


def atoms_of(text: str, chains=()) -> list[tuple]:
    """(chain, residue id, atom, coordinates) of every atom that Biopython reads."""
    structure = PDBParser(QUIET=True).get_structure("x", io.StringIO(text))
    return [
        (chain.id, residue.id, atom.id, tuple(np.round(atom.coord.astype(float), 3)))
        for chain in structure[0]
        if not chains or chain.id in chains
        for residue in chain
        for atom in residue
    ]


# --- Scenes and errors -------------------------------------------------------------------


def test_the_first_scene_is_shown_and_others_can_be_chosen():
    view = make()
    assert view.scene == "one"
    assert view.scene_names == ["one", "two"]
    view.scene = "two"
    assert view.scene == "two"


def test_an_unknown_scene_is_refused_and_the_known_ones_named():
    view = make()
    with pytest.raises(
        LifbookError, match="no scene of the viewer 'test' is called 'three'"
    ) as caught:
        view.scene = "three"
    assert caught.value.remedy == "use one of one, two"
    assert view.scene == "one"
    with pytest.raises(LifbookError, match="use one of one, two"):
        view.as_py3dmol("three")


def test_a_viewer_needs_a_scene_and_no_scene_twice():
    with pytest.raises(LifbookError, match="'test' has no scene"):
        StructureViewer("test", [Entry("2Q7N")], [], label="x")
    with pytest.raises(LifbookError, match="two scenes 'one'"):
        make(shown=[plain("one"), plain("one")])


def test_an_unknown_entry_or_chain_is_refused_and_the_known_ones_named():
    with pytest.raises(LifbookError, match="9XYZ") as caught:
        make(Entry("9XYZ"))
    assert "2Q7N" in caught.value.remedy
    with pytest.raises(LifbookError, match="no chain of 2Q7N is called 'Z'") as caught:
        make(Entry("2Q7N", ("B", "Z")))
    assert caught.value.remedy.startswith("use one of A, B")


@pytest.mark.parametrize(
    ("wrong", "problem", "remedy"),
    [
        ("156", "does not name a residue", "2Q7N:A:7"),
        ("1PVH:B:20", "does not name a residue", "2Q7N:A:7"),
        ("2Q7N:B:x", "does not name a residue", "entry:chain:number"),
        ("2Q7N:B:-1", "does not name a residue", "entry:chain:number"),
        ("2Q7N:B:١٥٦", "does not name a residue", "entry:chain:number"),
        ("2Q7N:B:156:CA", "does not name a residue", "entry:chain:number"),
        ("2Q7N:Z:156", "no chain of 2Q7N in the viewer 'test' is called 'Z'", "use one of A, B"),
        ("B:181", "no residue 181", "from 1 to 180"),
        ("A:6", "no residue 6", "from 7 to 486"),
        ("A:601", "no residue 601", "from 7 to 486"),  # a sugar that bears the chain's letter
    ],
)
def test_a_wrong_residue_is_refused(wrong, problem, remedy):
    view = make()
    for change in (
        lambda: setattr(view, "picked", wrong),
        lambda: setattr(view, "highlight", ["B:1", wrong]),
    ):
        with pytest.raises(LifbookError, match=problem) as caught:
            change()
        assert remedy in caught.value.remedy
    assert (view.picked, view.highlight) == ("", [])


def test_a_chain_that_is_not_shown_cannot_be_picked():
    view = make(Entry("2Q7N", ("B",)))
    with pytest.raises(
        LifbookError, match="no chain of 2Q7N in the viewer 'test' is called 'A'"
    ) as caught:
        view.picked = "A:7"
    assert caught.value.remedy == "use one of B"


def test_short_names_become_full_ones():
    view = make()
    view.picked = "B:156"
    assert view.picked == "2Q7N:B:156"
    view.picked = "2Q7N:B:0051"
    assert view.picked == "2Q7N:B:51"
    view.highlight = ["B:1", "2Q7N:A:7"]
    assert view.highlight == ["2Q7N:B:1", "2Q7N:A:7"]
    view.picked = ""
    assert view.picked == ""


def test_short_names_need_a_single_entry(laid):
    with pytest.raises(LifbookError, match="'B:156' does not name a residue"):
        laid.picked = "B:156"


def test_a_pick_fires_and_a_click_in_the_page_arrives():
    view = make()
    seen = []
    view.observe(lambda change: seen.append((change.old, change.new)), "picked")
    view.picked = "B:156"
    from_page(view, picked="2Q7N:B:51")
    from_page(view, picked="2Q7N:B:51")
    assert seen == [("", "2Q7N:B:156"), ("2Q7N:B:156", "2Q7N:B:51")]
    from_page(view, scene="two", spin=True)
    assert (view.scene, view.spin) == ("two", True)


def test_the_view_says_what_it_is_and_does_not_spin_by_itself():
    view = make()
    assert repr(view) == "StructureViewer('test', 2Q7N, scene='one')"
    assert view.spin is False


# --- What travels to the page ------------------------------------------------------------


def test_viewers_share_one_copy_of_an_entry():
    first, second = make(name="first"), make(Entry("2Q7N", ("B",)), name="second")
    ids = {item["coordinates"] for view in (first, second) for item in view.entries}
    assert ids == {f"IPY_MODEL_{viewer.coordinates('2Q7N').model_id}"}


def test_a_slim_entry_is_a_copy_of_its_own():
    whole, slim = Entry("2Q7N", ("B",)).state(), Entry("2Q7N", ("B",), slim=True).state()
    assert whole["coordinates"] != slim["coordinates"]
    assert whole["chains"] == slim["chains"] == ["B"]


@pytest.mark.parametrize(
    "item",
    [
        Entry("2Q7N"),
        Entry("1PVH", ("B",), slim=True),
        Entry("1PVH", ("A",), slim=True),
        Entry("1LKI", ("A",), slim=True),
    ],
    ids=str,
)
def test_the_shipped_text_holds_the_same_atoms(item):
    copy = coordinates_of(item)
    assert item.state()["coordinates"] == f"IPY_MODEL_{copy.model_id}"
    shipped = gzip.decompress(copy.data).decode()
    expected = atoms_of(data.read_pdb_text(item.entry), item.chains)
    assert len(expected) > 600
    assert atoms_of(shipped) == expected
    assert shipped.splitlines()[-1].strip() == "END"


def test_slim_is_smaller():
    whole = viewer.coordinates("1PVH")
    slim = viewer.coordinates("1PVH", ("B",))
    assert len(slim.data) < 0.6 * len(whole.data)


def test_the_matrix_moves_as_the_superposition_does(laid, moves):
    assert laid.entries[0]["matrix"] == []
    for item, shown, move in zip(laid._entries[1:], laid.entries[1:], moves.values(), strict=True):
        chain = st.get_chain(data.read_structure(item.entry), item.chains[0])
        before = np.array([atom.coord for atom in chain.get_atoms()], dtype=float)
        rows = np.array(shown["matrix"]).reshape(3, 4)
        after = before @ rows[:, :3].T + rows[:, 3]  # as addEntry in viewer.js does
        # Five places in the matrix, coordinates up to 100 Å.
        assert np.abs(after - move.apply(before)).max() < 2e-3
        assert np.abs(after - before).max() > 1


def test_numbering_and_colours_go_along(laid):
    named = make().entries[0]["numbering"]
    assert named == {
        "A": {"molecule": "mouse LIFR", "offset": 43, "colour": COLOURS["LIFR"]},
        "B": {"molecule": "human LIF", "offset": 22, "colour": COLOURS["LIF"]},
    }
    assert [list(item["numbering"]) for item in laid.entries] == [["B"], ["B"], ["A"]]
    assert laid.entries[2]["numbering"]["A"]["molecule"] == "mouse LIF"


def test_the_state_is_plain_json(laid):
    for view in (make(), laid):
        for trait in ("entries", "scenes", "highlight"):
            value = getattr(view, trait)
            assert json.loads(json.dumps(value, allow_nan=False)) == value


SAME = """
import hashlib, json
from lifbook import data, structure as st
from lifbook.chapters import interactions as in_interactions, structure as in_structure
from lifbook.page import viewer
entry = data.read_structure("2Q7N")
lif, lifr = st.get_chain(entry, "B"), st.get_chain(entry, "A")
helices = st.helices(lif).assign(name=list("ABCD"))
others = [("1PVH", "B"), ("1LKI", "A")]
moves = {pdb: st.superimpose(st.get_chain(data.read_structure(pdb), c), lif) for pdb, c in others}
shown = [
    in_structure.lif_viewer(entry, helices),
    in_structure.superposed_viewer(lif, helices, moves, others),
    in_structure.lif_sequence(data.read_sequence("P15018"), lif, helices, offset=22),
    in_structure.lif_contacts(lif, lifr, reported=(22, 25)),
    in_interactions.ternary_viewer(entry, data.read_structure("1PVH"), moves["1PVH"], [156]),
    viewer.coordinates("2Q7N"),
    viewer.coordinates("1PVH"),
]
for widget in shown:
    state = {k: v for k, v in widget.get_state().items() if k not in ("layout", "tabbable")}
    text = json.dumps(state, default=lambda b: b.hex(), sort_keys=False)
    for number, one in enumerate(shown):
        text = text.replace(one.model_id, f"model {number}")
    for pdb, chain in others:
        text = text.replace(viewer.coordinates(pdb, (chain,)).model_id, "slim " + pdb)
    print(getattr(widget, "name", "coordinates"), hashlib.sha256(text.encode()).hexdigest())
"""


def test_the_state_is_the_same_in_every_process():
    done = subprocess.run(
        [sys.executable, "-c", SAME],
        env=os.environ | {"PYTHONHASHSEED": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    here = io.StringIO()
    with contextlib.redirect_stdout(here):
        exec(SAME, {})
    assert len(done.stdout.splitlines()) == 7
    assert done.stdout == here.getvalue()


# --- The widget's JavaScript -------------------------------------------------------------


PURE = """
import {{ between, selection, describe }} from {path};
import {{ readFileSync }} from "node:fs";
const ask = JSON.parse(readFileSync(0, "utf-8"));
const seeing = (drawn) => ({{
  selectedAtoms: ({{ model }}) => [{{ style: {{}} }}, {{ style: drawn.includes(model) ? {{ cartoon: {{}} }} : {{}} }}],
}});
console.log(JSON.stringify({{
  between: ask.between.map((args) => between(...args)),
  selection: ask.ids.map((id) => selection(id, ask.entries, seeing([0, 1, 2]))),
  twice: ask.drawn.map((drawn) => selection(ask.ids[0], [...ask.entries, ask.entries[0]], seeing(drawn))?.model),
  describe: ask.atoms.map((atom) => describe(atom, ask.entries)),
}}));
"""


def test_the_pure_functions_of_the_module(laid, tmp_path):
    """Names of atoms, selections and camera paths: functions that need no page."""
    script = tmp_path / "pure.mjs"
    script.write_text(PURE.format(path=json.dumps((SHARED / "atoms.js").as_uri())), "utf-8")
    turn = [Rotation.from_euler("y", angle, degrees=True).as_quat().tolist() for angle in (10, 70)]
    start, end = [0, 0, 0, -100, *turn[0]], [4, 2, 0, -50, *turn[1]]
    other = [*end[:4], *(-value for value in end[4:])]  # the same rotation, written otherwise
    ask = {
        "between": [[start, end, t] for t in (0, 0.5, 1)] + [[start, other, 0.5]],
        "ids": ["2Q7N:B:156", "1LKI:A:20", "", "9XYZ:A:1"],
        "entries": laid.entries,
        "drawn": [[0, 3], [1, 3], []],
        "atoms": [
            {"model": 0, "chain": "B", "resn": "PHE", "resi": 156, "hetflag": False},
            {"model": 2, "chain": "A", "resn": "LYS", "resi": 20, "hetflag": False},
            {"model": 0, "chain": "E", "resn": "NAG", "resi": 1, "hetflag": True},
            {"model": 0, "chain": "Q", "resn": "ALA", "resi": 3, "hetflag": False},
        ],
    }
    done = node(str(script), given=json.dumps(ask))
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["selection"] == [
        {"model": 0, "chain": "B", "resi": 156},
        {"model": 2, "chain": "A", "resi": 20},
        None,
        None,
    ]
    # An entry that is there twice: the model that the scene draws, else the first.
    assert found["twice"] == [0, 3, 0]
    assert found["describe"] == [
        "Phe156 (UniProt 178), human LIF, chain B of 2Q7N",
        "Lys20 (UniProt 43), mouse LIF, chain A of 1LKI",
        "NAG1, a sugar of an N-glycan",
        "Ala3, chain Q of 2Q7N",
    ]
    np.testing.assert_allclose(found["between"][0], start, atol=1e-12)
    np.testing.assert_allclose(found["between"][2], end, atol=1e-12)
    half = found["between"][1]
    np.testing.assert_allclose(half[:4], [2, 1, 0, -75])
    middle = Rotation.from_euler("y", 40, degrees=True).as_quat()
    np.testing.assert_allclose(half[4:], middle, atol=1e-12)  # by symmetry the exact half-way
    # Not the long way round.
    np.testing.assert_allclose(found["between"][3][4:], middle, atol=1e-12)


def test_an_entry_can_be_shown_twice(laid):
    """Moved and as deposited; the residues of either copy may be named."""
    move = laid._entries[1].moved_by
    scene = viewer.Scene("a", "A scene", "What is to be seen in it.", lambda view: None)
    both = viewer.StructureViewer(
        "both",
        [viewer.Entry("1PVH", ("B",), moved_by=move), viewer.Entry("1PVH", ("A",))],
        [scene],
        label="LIF moved, gp130 as deposited",
    )
    assert len({item["coordinates"] for item in both.entries}) == 1  # one copy of the atoms
    for residue in ("1PVH:B:156", "1PVH:A:155"):
        both.picked = residue
        assert both.picked == residue
    with pytest.raises(LifbookError, match="has no residue 999"):
        both.picked = "1PVH:A:999"


# --- py3Dmol -----------------------------------------------------------------------------


def started(draw) -> str:
    """The JavaScript that a real py3Dmol view writes for the same calls."""
    view = py3Dmol.view()
    before = view.startjs
    draw(view)
    return view.startjs.removeprefix(before)


def as_javascript(calls: list[list]) -> str:
    return "".join(
        f"\tviewer_UNIQUEID.{method}({','.join(map(json.dumps, arguments))});\n"
        for method, *arguments in calls
    )


def busy(view) -> None:
    view.setStyle({"chain": ["A", "B"]}, {"cartoon": {"color": "spectrum"}})
    view.addStyle({"resi": "1-9", "not": {"atom": ("N", "C")}}, {"stick": {"radius": 0.25}})
    view.addLabel("Å “x”", {"inFront": True, "fontSize": 13}, {"resi": 5})
    view.zoomTo()
    view.setView(np.array([0, 0, 0, 0, 0.5, 0.5, 0.5, 0.5]))
    view.rotate(90, "y").zoom(1.2)


def test_calls_are_recorded_as_py3dmol_would_make_them():
    calls = recorded(busy)
    assert [call[0] for call in calls] == [
        "setStyle",
        "addStyle",
        "addLabel",
        "zoomTo",
        "setView",
        "rotate",
        "zoom",
    ]
    assert as_javascript(calls) == started(busy)
    assert json.loads(json.dumps(calls)) == calls


def test_every_scene_of_the_book_is_recorded_as_py3dmol_would_make_it(known, lif):
    helices = st.helices(lif).assign(name=list("ABCD"))
    drawn = [*in_structure.lif_scenes(lif, helices).values(), *known.values()]
    assert len(drawn) == 23
    for scene in drawn:
        assert as_javascript(scene.state()["calls"]) == started(scene.draw), scene.name


def test_what_cannot_be_kept_is_refused():
    with pytest.raises(LifbookError, match="getModel"):
        recorded(lambda view: view.getModel(0).setStyle({}, {"line": {}}))
    with pytest.raises(LifbookError, match="not plain data"):
        recorded(lambda view: view.setStyle({"resi": np.int64(3)}, {}))
    with pytest.raises(LifbookError, match="not plain data"):
        recorded(lambda view: view.setStyle({"resi": {1, 2}}, {}))


def models_in(view: py3Dmol.view) -> list[str]:
    """The PDB texts that a py3Dmol view's page adds."""
    found = re.findall(r'viewer_UNIQUEID\.addModel\(("(?:[^"\\]|\\.)*"),"pdb"\);', view.startjs)
    return [json.loads(text) for text in found]


def test_as_py3dmol_draws_the_scene(laid):
    view = make()
    html = view.as_py3dmol("two", width=321).write_html()
    assert "width: 321px" in html
    assert '.setStyle({"chain": "B"},{"cartoon": {"color": "#123456"}});' in html
    assert ".zoomTo({});" in html
    assert models_in(view.as_py3dmol()) == [data.read_pdb_text("2Q7N")]
    scene = next(item for item in laid.scenes if item["name"] == "1lki")
    script = laid.as_py3dmol("1lki").startjs
    places = [script.index(as_javascript([call])) for call in [*scene["calls"], *scene["camera"]]]
    assert places == sorted(places)
    assert laid.scene == "all"  # another scene can be had without showing it


def test_as_py3dmol_keeps_to_the_chains_and_moves_them(laid, lif, moves):
    texts = models_in(laid.as_py3dmol())
    assert len(texts) == 3
    whole = {item.entry: data.read_pdb_text(item.entry) for item in laid._entries}
    assert atoms_of(texts[0]) == atoms_of(whole["2Q7N"], ("B",))
    for text, item, move in zip(texts[1:], laid._entries[1:], moves.values(), strict=True):
        found, before = atoms_of(text), atoms_of(whole[item.entry], item.chains)
        assert [atom[:3] for atom in found] == [atom[:3] for atom in before]
        expected = move.apply(np.array([atom[3] for atom in before]))
        assert np.abs(np.array([atom[3] for atom in found]) - expected).max() < 6e-4
        # What is drawn on each other lies on each other.
        ca = {atom[1][1]: np.array(atom[3]) for atom in found if atom[2] == "CA"}
        gaps = [np.linalg.norm(ca[r.id[1]] - r["CA"].coord) for r in lif if r.id[1] in ca]
        assert np.sqrt(np.mean(np.square(gaps))) == pytest.approx(move.rmsd, abs=2e-3)


def test_as_py3dmol_draws_the_highlighted_side_chains():
    view = make(shown=[plain("with", shows_highlight=True), plain("without")])
    view.highlight = ["B:156", "A:262"]
    stick = (
        '\tviewer_UNIQUEID.addStyle({"model": 0, "chain": "B", "resi": 156, "not": '
        '{"atom": ["N", "C", "O"]}},{"stick": {"radius": 0.28, "color": '
        f'"{COLOURS["LIF"]}"}}}});\n'
    )
    assert view.as_py3dmol().startjs.count(stick) == 1
    assert '"resi": 262' in view.as_py3dmol().startjs
    assert "stick" not in view.as_py3dmol("without").startjs


# --- Cameras -----------------------------------------------------------------------------


def test_a_scene_says_where_the_camera_goes():
    state = plain(focus={"chain": "B"}, orientation=(0, 0, 0, 1), zoom=1.5).state()
    assert state["camera"] == [
        ["setView", [0, 0, 0, 0, 0, 0, 0, 1]],
        ["zoomTo", {"chain": "B"}],
        ["zoom", 1.5],
    ]
    assert plain().state()["camera"] == [["zoomTo", {}]]
    assert plain().state()["highlight"] is False


def cloud(seed: int, spread: tuple[float, float, float]) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=(60, 3)) * spread


seeds = hs.integers(0, 2**31)
spreads = hs.tuples(hs.floats(12, 30), hs.floats(5, 9), hs.floats(0.5, 3))


@settings(max_examples=150, deadline=None)
@given(seeds, seeds, spreads, hs.booleans(), hs.sampled_from(["", "right", "top", "front", "rt"]))
@example(0, 0, (20.0, 6.0, 1.0), False, "rt")
def test_orientation_lays_the_molecule_across_the_screen(seed, turn, spread, edge_on, side):
    rotation = Rotation.random(random_state=turn)
    points = rotation.apply(cloud(seed, spread)) + np.array([40, -20, 7])
    centred = points - points.mean(axis=0)
    axes = st.principal_axes(points)
    # A side to be turned to: some points far out along the axis in question.
    want = {
        "right": {"right": 0},
        "top": {"top": 2 if edge_on else 1},
        "front": {"front": 1 if edge_on else 2},
        "rt": {"right": 0, "top": 2 if edge_on else 1},
    }.get(side, {})
    sides = {}
    for name, axis in want.items():
        along = centred @ axes[axis] * (1 if turn % 2 else -1)
        sides[name] = points[along > np.quantile(along, 0.8)]
        assume(abs((sides[name].mean(axis=0) - points.mean(axis=0)) @ axes[axis]) > 1e-3)
    quaternion = orientation(points, edge_on=edge_on, **sides)
    assert len(quaternion) == 4
    assert np.linalg.norm(quaternion) == pytest.approx(1, abs=3e-5)
    assert all(value == round(value, 5) for value in quaternion)
    seen = Rotation.from_quat(quaternion)
    spread_seen = seen.apply(centred).std(axis=0)
    order = [0, 2, 1] if edge_on else [0, 1, 2]
    assert np.argsort(-spread_seen).tolist() == order  # longest across, least towards or upwards
    largest = np.linalg.eigvalsh(np.cov(points.T, ddof=0))[-1] ** 0.5
    assert spread_seen[0] == pytest.approx(largest, rel=1e-3)
    screen = {"right": 0, "top": 1, "front": 2}
    for name, some in sides.items():
        assert seen.apply(some - points.mean(axis=0)).mean(axis=0)[screen[name]] > 0, name


@settings(max_examples=60, deadline=None)
@given(seeds, seeds, spreads, hs.tuples(*[hs.floats(-200, 200)] * 3))
def test_orientation_is_the_same_picture_for_moved_coordinates(seed, turn, spread, shift):
    points = cloud(seed, spread)
    axes = st.principal_axes(points)
    along = (points - points.mean(axis=0)) @ axes[:2].T
    sides = [points[along[:, at] > np.quantile(along[:, at], 0.8)] for at in (0, 1)]
    rotation = Rotation.random(random_state=turn)

    def move(some):
        return rotation.apply(some) + shift

    before = Rotation.from_quat(orientation(points, right=sides[0], top=sides[1]))
    after = Rotation.from_quat(orientation(move(points), right=move(sides[0]), top=move(sides[1])))
    picture = before.apply(points - points.mean(axis=0))
    again = after.apply(move(points) - move(points).mean(axis=0))
    assert np.abs(picture - again).max() < 0.02  # Å; the quaternion has five places


def test_the_complex_lies_across_the_screen_with_lif_above(entry, lif, known):
    lifr = st.get_chain(entry, "A")
    seen = Rotation.from_quat(known["complex"].orientation)

    def ca(chain):
        return np.array([residue["CA"].coord for residue in chain if "CA" in residue])

    both = np.vstack([ca(lifr), ca(lif)])
    placed = seen.apply(both - both.mean(axis=0))
    assert placed[len(ca(lifr)) :, 1].mean() > placed[: len(ca(lifr)), 1].mean()
    assert np.ptp(placed[:, 0]) > np.ptp(placed[:, 1]) > np.ptp(placed[:, 2]) / 2
