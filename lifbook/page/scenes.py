"""What the scenes of several chapters are drawn with: colours, steps, labels, dashed lines."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
import py3Dmol
from Bio.PDB.Chain import Chain
from scipy.spatial.transform import Rotation

from lifbook import structure
from lifbook.data import records
from lifbook.page.viewer import Draw, orientation
from lifbook.palette import COLOURS, PICK
from lifbook.rounding import NOISE, rounded

#: Atoms as 3Dmol.js selects them, such as ``{"chain": "B", "resi": 156}``.
Selection = dict[str, Any]

LIF, LIFR, GP130 = COLOURS["LIF"], COLOURS["LIFR"], COLOURS["gp130"]
#: Paler ribbons, behind what a scene is about.
PALE = {"LIF": "#dfb07a", "LIFR": "#9fbfdc", "gp130": "#97cbb9", "grey": "#b9bdc4"}
#: Colours of entries laid onto LIF of 2Q7N, with the words that captions use for them.
LAID = {"violet": COLOURS["STAT"], "green": GP130, "blue": LIFR, "red": PICK}
SULPHUR = "#8c783b"
#: Five steps from low to high, blue to orange, legible on light and dark pages.
STEPS = ("#2f6db3", "#6f94bd", "#a5a7a4", "#cfa45c", "#d9730d")


def span(start: int, end: int) -> str:
    return f"{start}-{end}"


def ca(chain: Chain, start: int | None = None, end: int | None = None) -> np.ndarray:
    """CA positions of a stretch of a chain, (n, 3) in Å."""
    # Biopython's coordinates are in single precision, whose sums differ between processors.
    return np.array(
        [
            residue["CA"].coord
            for residue in chain
            if "CA" in residue and (start is None or start <= residue.id[1] <= end)
        ],
        dtype=float,
    )


def ca_of(chain: Chain, numbers: Iterable[int]) -> np.ndarray:
    """CA positions of some residues of a chain, (n, 3) in Å."""
    return np.array(
        [structure.get_residue(chain, number)["CA"].coord for number in numbers], dtype=float
    )


def add_label(
    view: py3Dmol.view, text: str, selection: Selection | None, colour: str, **options: object
) -> None:
    """A label at an atom, or with ``position`` among the options at a point."""
    style = {
        "fontSize": 13,
        "fontColor": "white",
        "backgroundColor": "#20242b",
        "backgroundOpacity": 0.9,
        "borderColor": colour,
        "borderThickness": 2,
        "inFront": True,
        **options,
    }
    view.addLabel(text, style, *([] if selection is None else [selection]))


def steps(values: pd.Series, edges: Sequence[float]) -> list[list[int]]:
    """Residue numbers in each of five classes; `values` is indexed by residue number."""
    # A mean that lies on an edge, but for its last digits, belongs to the class above.
    numbers = values.to_numpy()
    classes = np.digitize(numbers + NOISE * np.abs(numbers), edges)
    return [values.index[classes == step].tolist() for step in range(len(edges) + 1)]


def xyz(point: Iterable[float]) -> dict[str, float]:
    """A point as 3Dmol takes it, with as many places as are seen."""
    return dict(zip("xyz", (rounded(x, 2) for x in point), strict=True))


def dashes(view: py3Dmol.view, ends: np.ndarray, text: str, colour: str, **options: object) -> None:
    """A dashed line between two points (2, 3), with a label at its middle."""
    start, end, middle = map(xyz, (*ends, ends.mean(axis=0)))
    view.addCylinder(
        {
            "start": start,
            "end": end,
            "radius": 0.35,
            "dashed": True,
            "dashLength": 1.2,
            "gapLength": 0.8,
            "color": colour,
            "fromCap": "round",
            "toCap": "round",
        }
    )
    add_label(view, text, None, colour, position=middle, **options)


def turned(points: np.ndarray, turn: Sequence[float]) -> np.ndarray:
    """Points (n, 3) as a camera sees them: x to the right, y up, z to the viewer."""
    return Rotation.from_quat(turn).apply(points)


def outermost(chain: Chain, turn: Sequence[float], towards: tuple[float, float]) -> int:
    """Number of the residue that lies farthest out in a direction of the screen."""
    numbers = [int(residue.id[1]) for residue in chain if "CA" in residue]
    return numbers[int(np.argmax(turned(ca(chain), turn)[:, :2] @ towards))]


def spread(
    pairs: pd.DataFrame,
    chains: tuple[Chain, Chain],
    turn: Sequence[float],
    by: list[str],
    count: int = 3,
    apart: float = 7.0,
) -> list[tuple[int, int]]:
    """The first pairs by some columns whose names have room beside each other on the screen (Å)."""
    chosen: list[tuple[int, int]] = []
    taken: list[np.ndarray] = []
    for row in records(pairs.sort_values(by)):
        both = [
            ca_of(chain, [number]) for chain, number in zip(chains, (row.a, row.b), strict=True)
        ]
        across = turned(np.vstack(both), turn)[:, 0]
        if all((np.abs(across - other) >= apart).all() for other in taken):
            chosen.append((int(row.a), int(row.b)))
            taken.append(across)
    return chosen[:count]


def bundle_orientation(chain: Chain, helices: pd.DataFrame) -> tuple[float, float, float, float]:
    """How a bundle of helices A to D lies across the screen: the end of A right, C on top.

    Parameters
    ----------
    chain
        The bundle.
    helices
        Its helices in the order of the chain, with ``start`` and ``end``.
    """
    end = helices["end"].iloc[0]
    third = ca(chain, helices["start"].iloc[2], helices["end"].iloc[2])
    return orientation(ca(chain), right=ca(chain, end - 4, end), top=third)


def laid_on_lif(colours: Mapping[int, str]) -> Draw:
    """Ribbons of LIF (model 0) and of the models that have a colour here, in their order."""

    def draw(view: py3Dmol.view) -> None:
        view.setStyle({"model": 0}, {"cartoon": {"color": LIF}})
        for model, colour in colours.items():
            view.setStyle({"model": model}, {"cartoon": {"color": colour}})

    return draw
