"""A py3Dmol view of real coordinates that is alive with and without a kernel.

A scene is drawn with ordinary py3Dmol calls. They are kept as data, travel with the
widget's state, and are replayed by 3Dmol.js in the page. So the same object works in a
static page, where nothing runs but the browser, and in Jupyter, where Python can set
``viewer.scene`` and watch ``viewer.picked``.

References
----------
Rego N, Koes D (2015) 3Dmol.js: molecular visualization with WebGL. Bioinformatics
31:1322-1324. doi:10.1093/bioinformatics/btu829
"""

from __future__ import annotations

import gzip
import hashlib
import inspect
import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import anywidget
import numpy as np
import py3Dmol
import traitlets
from scipy.spatial.transform import Rotation

from lifbook import data
from lifbook.errors import LifbookError
from lifbook.page.widget import PickingWidget
from lifbook.palette import COLOURS, MUTED, PICK
from lifbook.rounding import rounded
from lifbook.structure import Superposition, principal_axes

#: Where py3Dmol itself takes 3Dmol.js from; only used in Jupyter, the site serves its own copy.
LIBRARY: str = inspect.signature(py3Dmol.view.__init__).parameters["js"].default

Call = list[Any]
Draw = Callable[[py3Dmol.view], object]


class RecordedView(py3Dmol.view):  # type: ignore[misc]  # py3Dmol has no types
    """A py3Dmol view that keeps its calls as ``[method, *arguments]`` instead of HTML."""

    def __init__(self) -> None:
        super().__init__()
        self.calls: list[Call] = []

    def __getattr__(self, method: str) -> Callable[..., RecordedView]:
        if method.startswith("_"):
            raise AttributeError(method)

        def record(*arguments: Any) -> RecordedView:
            try:  # the same conversion as py3Dmol's, so that the page gets what it would get
                plain = [json.loads(py3Dmol.tostr(argument)) for argument in arguments]
            except (TypeError, AttributeError):
                raise LifbookError(
                    f"'{method}' was given something that is not plain data",
                    remedy="give text, numbers, lists and dicts; NumPy's as .item() or .tolist()",
                ) from None
            self.calls.append([method, *plain])
            return self

        return record

    def getModel(self, *_: Any) -> None:
        """Calls on a model would get lost; a selection such as ``{"model": 0}`` does the same."""
        raise LifbookError(
            "a scene cannot call getModel", remedy='select the model instead: {"model": 0}'
        )


def recorded(draw: Draw) -> list[Call]:
    """The 3Dmol.js calls that `draw` makes on a py3Dmol view."""
    view = RecordedView()
    draw(view)
    return view.calls


def orientation(
    coordinates: np.ndarray,
    *,
    right: np.ndarray | None = None,
    top: np.ndarray | None = None,
    front: np.ndarray | None = None,
    edge_on: bool = False,
) -> tuple[float, float, float, float]:
    """Rotation that lays the longest axis of a molecule across the screen.

    Parameters
    ----------
    coordinates
        (n, 3) positions in Å, n >= 3.
    right, top, front
        (m, 3) positions that shall come to lie in the right, upper or near half; of `right`
        and `front` only one can be had, and `front` wins.
    edge_on
        Put the direction of least spread upwards, to look along a flat thing such as an
        interface; by default it points to the viewer.

    Returns
    -------
    Quaternion (x, y, z, w), rounded to five places.
    """
    points = np.asarray(coordinates, dtype=float)
    centre = points.mean(axis=0)
    axes = principal_axes(points)[[0, 2, 1] if edge_on else [0, 1, 2]]
    for row, side in ((0, right), (1, top)):
        if side is not None and axes[row] @ (np.mean(side, axis=0) - centre) < 0:
            axes[row] = -axes[row]
    axes[2] = np.cross(axes[0], axes[1])
    if front is not None and axes[2] @ (np.mean(front, axis=0) - centre) < 0:
        axes[[0, 2]] = -axes[[0, 2]]
    quaternion = Rotation.from_matrix(axes).as_quat(canonical=True)
    x, y, z, w = (rounded(float(value), 5) for value in quaternion)
    return x, y, z, w


@dataclass(frozen=True)
class Scene:
    """One named picture of the coordinates.

    Parameters
    ----------
    name
        Short id, used in links such as ``[the interface](#complex:interface)``.
    label
        Text of the button.
    caption
        What is to be seen: shown under the view and read out by screen readers.
    draw
        Function that styles a py3Dmol view.
    focus
        3Dmol selection that fills the view; everything by default.
    orientation
        Quaternion (x, y, z, w), see :func:`orientation`; None keeps 3Dmol's own.
    group
        Heading under which the button stands.
    zoom
        Factor applied after the selection fills the view.
    shows_highlight
        Whether the viewer's highlighted residues are drawn in this scene.
    """

    name: str
    label: str
    caption: str
    draw: Draw
    focus: Mapping[str, Any] = field(default_factory=dict)
    orientation: Sequence[float] | None = None
    group: str = "Scene"
    zoom: float = 1.0
    shows_highlight: bool = False

    def state(self) -> dict[str, Any]:
        """The scene as plain data, as it travels to the page."""
        camera: list[Call] = []
        if self.orientation is not None:
            camera.append(["setView", [0, 0, 0, 0, *self.orientation]])
        camera.append(["zoomTo", dict(self.focus)])
        if self.zoom != 1:
            camera.append(["zoom", self.zoom])
        return {
            "name": self.name,
            "label": self.label,
            "group": self.group,
            "caption": self.caption,
            "calls": recorded(self.draw),
            "camera": camera,
            "highlight": self.shows_highlight,
        }


class Coordinates(anywidget.AnyWidget):
    """The coordinates of one entry, compressed; every viewer of a notebook shares one copy.

    Attributes
    ----------
    entry, chains
        PDB id, and the chains to which it is cut; none means all.
    digest
        Of the text. A stored notebook holds it in place of the coordinates.
    data
        The text in PDB format, compressed by gzip.
    """

    _esm = "export default {};"
    entry = traitlets.Unicode().tag(sync=True)
    chains = traitlets.List(traitlets.Unicode()).tag(sync=True)
    digest = traitlets.Unicode().tag(sync=True)
    data = traitlets.Bytes().tag(sync=True)

    def __repr__(self) -> str:
        return f"Coordinates('{self.entry}', {len(self.data)} bytes)"


def _pdb_text(entry: str, chains: tuple[str, ...]) -> str:
    """PDB text of an entry, with the atoms of some chains only; no chains means all."""
    text = data.read_pdb_text(entry)
    if not chains:
        return text
    return "".join(
        line
        for line in text.splitlines(keepends=True)
        if not line.startswith(("ATOM", "HETATM", "TER")) or line[21] in chains
    )


def coordinates(entry: str, chains: Sequence[str] = ()) -> Coordinates:
    """The coordinates of an entry, or of some of its chains, as all viewers share them.

    Raises
    ------
    LifbookError
        There are no coordinates of the entry, or it has no such chain.
    """
    known = _residues(entry)
    for chain in chains:
        if chain not in known:
            raise LifbookError.unknown(f"chain of {entry}", chain, known, argument="chains")
    return _packed(entry, tuple(chains))


@cache
def _packed(entry: str, chains: tuple[str, ...]) -> Coordinates:
    text = _pdb_text(entry, chains).encode()
    # mtime=0 and a fixed level keep the built page the same from run to run.
    packed = gzip.compress(text, compresslevel=9, mtime=0)
    # The tenth byte names the operating system. Python 3.13 writes "unknown" there and earlier ones
    # what zlib does; the same outcome under all of them needs one of the two: 3, Unix.
    return Coordinates(
        entry=entry,
        chains=list(chains),
        digest=hashlib.sha256(text).hexdigest()[:16],
        data=packed[:9] + b"\x03" + packed[10:],
    )


@cache
def _residues(entry: str) -> dict[str, frozenset[int]]:
    structure = data.read_structure(entry)
    return {
        chain.id: frozenset(residue.id[1] for residue in chain if residue.id[0] == " ")
        for chain in structure[0]
    }


@dataclass(frozen=True)
class Entry:
    """Coordinates to be shown: a PDB entry, its chains, and where to move them.

    Parameters
    ----------
    entry
        PDB id, e.g. ``"2Q7N"``.
    chains
        Chains to keep; empty keeps all.
    moved_by
        Superposition that carries the coordinates to where they shall be shown.
    slim
        Ship the chosen chains only. Worth it for an entry of which no other viewer of the
        notebook shows more; otherwise all viewers share one copy of the whole entry.
    """

    entry: str
    chains: tuple[str, ...] = ()
    moved_by: Superposition | None = None
    slim: bool = False

    def pdb_text(self) -> str:
        """What is shown, in PDB format: the chosen chains, moved."""
        lines = _pdb_text(self.entry, self.chains).splitlines(keepends=True)
        if self.moved_by is not None:
            atoms = [at for at, line in enumerate(lines) if line.startswith(("ATOM", "HETATM"))]
            places = [[float(lines[at][i : i + 8]) for i in (30, 38, 46)] for at in atoms]
            for at, place in zip(atoms, self.moved_by.apply(np.array(places)), strict=True):
                fields = "".join(f"{value:8.3f}" for value in place)
                lines[at] = lines[at][:30] + fields + lines[at][54:]
        return "".join(lines)

    def state(self) -> dict[str, Any]:
        """The entry as plain data, as it travels to the page."""
        matrix: list[float] = []
        if self.moved_by is not None:
            # The superposition multiplies rows from the right, the page columns from the left.
            rotation, shift = self.moved_by.rotation.T, self.moved_by.translation[:, None]
            matrix = [rounded(value, 5) for value in np.hstack([rotation, shift]).ravel().tolist()]
        copy = coordinates(self.entry, self.chains if self.slim else ())
        named = {}
        for chain in self.chains or _residues(self.entry):
            try:
                row = data.numbering(self.entry, chain)
            except LifbookError:
                continue  # chains of sugars have no sequence numbering
            named[chain] = {
                "molecule": f"{row.species} {row.molecule}",
                "offset": row.offset,
                "colour": COLOURS.get(row.molecule, MUTED),
            }
        return {
            "entry": self.entry,
            "coordinates": f"IPY_MODEL_{copy.model_id}",
            "chains": list(self.chains),
            "matrix": matrix,
            "numbering": named,
        }


class StructureViewer(PickingWidget):
    """3D view of one or more PDB entries with named scenes.

    Parameters
    ----------
    name
        Name of the viewer in the page; links ``#name:scene`` switch its scene.
    entries
        What to show.
    scenes
        The scenes, the first of which is shown at the start.
    label
        What the view shows, for screen readers.

    Attributes
    ----------
    scene : str
        Name of the scene that is shown. Setting an unknown one raises LifbookError.
    picked : str
        The residue that was clicked, as ``"2Q7N:B:156"`` (entry, chain, number in the
        entry), or ``""``. Use ``viewer.observe(function, "picked")`` to be told.
    highlight : list of str
        Residues whose side chains are drawn as sticks, in scenes that show them.
    spin : bool
        Whether the model turns by itself.

    Raises
    ------
    LifbookError
        for an unknown entry, chain, scene or residue, or no scene at all.
    """

    entries: traitlets.List[Any] = traitlets.List().tag(sync=True)
    scenes: traitlets.List[Any] = traitlets.List().tag(sync=True)
    scene = traitlets.Unicode().tag(sync=True)
    highlight = traitlets.List(traitlets.Unicode()).tag(sync=True)
    spin = traitlets.Bool(False).tag(sync=True)
    library = traitlets.Unicode(LIBRARY).tag(sync=True)
    pick_colour = traitlets.Unicode(PICK).tag(sync=True)

    def __init__(
        self, name: str, entries: Iterable[Entry], scenes: Iterable[Scene], *, label: str
    ) -> None:
        self._entries = list(entries)
        named: dict[str, Scene] = {}
        for scene in scenes:
            if scene.name in named:
                raise LifbookError(
                    f"the viewer '{name}' has two scenes '{scene.name}'",
                    remedy="give each scene a name of its own",
                )
            named[scene.name] = scene
        if not named:
            raise LifbookError(
                f"the viewer '{name}' has no scene", remedy="give it at least one Scene"
            )
        for item in self._entries:
            known = _residues(item.entry)
            for chain in item.chains:
                if chain not in known:
                    raise LifbookError.unknown(f"chain of {item.entry}", chain, known)
        super().__init__(
            name=name,
            label=label,
            entries=[item.state() for item in self._entries],
            scenes=[scene.state() for scene in named.values()],
            scene=next(iter(named)),
        )

    @property
    def scene_names(self) -> list[str]:
        """Names of the scenes, in the order of the buttons."""
        return [scene["name"] for scene in self.scenes]

    @traitlets.validate("scene")
    def _known_scene(self, proposal: traitlets.Bunch) -> str:
        if self.scenes and proposal.value not in self.scene_names:
            raise LifbookError.unknown(
                f"scene of the viewer '{self.name}'", proposal.value, self.scene_names
            )
        return proposal.value

    @traitlets.validate("picked")
    def _known_residue(self, proposal: traitlets.Bunch) -> str:
        return self._full_id(proposal.value) if proposal.value else ""

    @traitlets.validate("highlight")
    def _known_residues(self, proposal: traitlets.Bunch) -> list[str]:
        return [self._full_id(name) for name in proposal.value]

    def _full_id(self, residue: str) -> str:
        """``"B:156"`` or ``"2Q7N:B:156"`` as the full form, or LifbookError."""
        parts = residue.split(":")
        if len(parts) == 2 and len(self._entries) == 1:
            parts.insert(0, self._entries[0].entry)
        shown: dict[str, set[str]] = {}  # an entry can be there twice, moved and as deposited
        for item in self._entries:
            shown.setdefault(item.entry, set()).update(item.chains or _residues(item.entry))
        if len(parts) != 3 or parts[0] not in shown or not re.fullmatch("[0-9]+", parts[2]):
            raise LifbookError(
                f"'{residue}' does not name a residue of the viewer '{self.name}'",
                remedy=f"write entry:chain:number, for instance {self._example()}",
            )
        entry, chain, number = parts
        chains = {
            key: numbers
            for key, numbers in _residues(entry).items()
            if numbers and key in shown[entry]
        }
        if chain not in chains:
            raise LifbookError.unknown(
                f"chain of {entry} in the viewer '{self.name}'", chain, chains
            )
        if int(number) not in chains[chain]:
            raise LifbookError(
                f"chain {chain} of {entry} has no residue {number}",
                remedy=f"use a number from {min(chains[chain])} to {max(chains[chain])} "
                "(numbers of the entry, for LIF those of the mature protein)",
            )
        return f"{entry}:{chain}:{int(number)}"

    def _example(self) -> str:
        item = self._entries[0]
        chain = (item.chains or tuple(_residues(item.entry)))[0]
        return f"{item.entry}:{chain}:{min(_residues(item.entry)[chain])}"

    def as_py3dmol(self, scene: str | None = None, **options: Any) -> py3Dmol.view:
        """The scene as an ordinary py3Dmol view, to change or to save with ``write_html``.

        Parameters
        ----------
        scene
            Name of a scene; the one that is shown by default.
        options
            Passed to ``py3Dmol.view``, e.g. ``width=800``.

        Raises
        ------
        LifbookError
            for an unknown scene.
        """
        name = self._known_scene(traitlets.Bunch(value=scene or self.scene))
        chosen = next(item for item in self.scenes if item["name"] == name)
        view = py3Dmol.view(**options)
        for item in self._entries:
            view.addModel(item.pdb_text(), "pdb")
        view.setStyle({}, {})
        for method, *arguments in chosen["calls"]:
            getattr(view, method)(*arguments)
        models = [item.entry for item in self._entries]
        for residue in self.highlight if chosen["highlight"] else []:
            entry, chain, number = residue.split(":")
            at = models.index(entry)
            side_chain = {
                "model": at,
                "chain": chain,
                "resi": int(number),
                "not": {"atom": ["N", "C", "O"]},
            }
            colour = self.entries[at]["numbering"][chain]["colour"]
            view.addStyle(side_chain, {"stick": {"radius": 0.28, "color": colour}})
        for method, *arguments in chosen["camera"]:
            getattr(view, method)(*arguments)
        return view

    def __repr__(self) -> str:
        shown = ", ".join(item.entry for item in self._entries)
        return f"StructureViewer('{self.name}', {shown}, scene='{self.scene}')"
