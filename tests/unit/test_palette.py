"""lifbook.palette: seen on light and dark pages, and told apart by readers who see two hues.

Contrast is that of WCAG 2.2 (1.4.11 asks 3:1 for parts of graphics). Colour vision without
one kind of cone is simulated with the matrices of Machado, Oliveira and Fernandes (2009,
10.1109/TVCG.2009.113) at full severity, in linear sRGB; differences are CIE 1976 ΔE, of which
about 2.3 are just noticed side by side.
"""

from __future__ import annotations

import itertools
import re

import numpy as np
import pytest

from lifbook import palette
from lifbook.page import scenes
from lifbook.page.widget import CSS

#: Pages and panels of the book's theme, light and dark.
SURFACES = {"page": "#ffffff", "panel": "#f3f4f5", "dark page": "#121212", "dark panel": "#29313d"}
VISION = {
    "three cones": np.eye(3),
    "protanopia": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
    "deuteranopia": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
}
XYZ = np.array(
    [
        [0.4124564, 0.3575761, 0.1804375],
        [0.2126729, 0.7151522, 0.0721750],
        [0.0193339, 0.1191920, 0.9503041],
    ]
)
#: Least ΔE. Molecules: always named too. Helices: lie beside each other, most are named.
LEAST = {
    "molecules": 13,
    "cytokines": 20,
    "other pictures": 10,
    "helices": 18,
    "strip": 11,
    "domains": 15,
    "pick": 25,
}

ALL = (
    {f"molecule {name}": colour for name, colour in palette.COLOURS.items()}
    | {f"helix {name}": colour for name, colour in palette.HELIX_COLOURS.items()}
    | {f"domain {name}": colour for name, colour in palette.DOMAIN_COLOURS.items()}
    | {"pick": palette.PICK, "glycan": palette.GLYCAN, "muted": palette.MUTED}
)


def linear(colour: str) -> np.ndarray:
    """Linear sRGB, 0 to 1."""
    part = np.array([int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)])
    return np.where(part <= 0.04045, part / 12.92, ((part + 0.055) / 1.055) ** 2.4)


def contrast(one: str, other: str) -> float:
    """Contrast ratio of WCAG 2."""
    lights = sorted(linear(colour) @ XYZ[1] + 0.05 for colour in (one, other))
    return lights[1] / lights[0]


def lab(colour: str, vision: np.ndarray) -> np.ndarray:
    """CIE L*a*b* (D65) of a colour as it is seen."""
    xyz = XYZ @ np.clip(vision @ linear(colour), 0, 1) / [0.95047, 1.0, 1.08883]
    f = np.where(xyz > 216 / 24389, np.cbrt(xyz), (24389 / 27 * xyz + 16) / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def difference(one: str, other: str, vision: np.ndarray) -> float:
    return float(np.linalg.norm(lab(one, vision) - lab(other, vision)))


def too_near(colours: dict[str, str], least: float) -> list[str]:
    """Pairs that differ too little, for each kind of vision."""
    return [
        f"{a} {colours[a]} and {b} {colours[b]}, {name}: {found:.1f}, least {least}"
        for a, b in itertools.combinations(colours, 2)
        for name, vision in VISION.items()
        if (found := difference(colours[a], colours[b], vision)) < least
    ]


def test_the_measures_themselves():
    """Known values: W3C's extremes, a grey of WCAG's own examples, L* of a middle grey."""
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.005)
    assert lab("#777777", VISION["three cones"])[0] == pytest.approx(50.03, abs=0.05)
    np.testing.assert_allclose(lab("#ff0000", np.eye(3)), [53.24, 80.09, 67.20], atol=0.05)
    for vision in VISION.values():  # greys are seen as they are
        np.testing.assert_allclose(vision.sum(axis=1), 1, atol=2e-6)
    # The pair that everybody knows: red and green of the same lightness.
    assert difference("#c80000", "#467800", VISION["three cones"]) > 80
    assert difference("#c80000", "#467800", VISION["deuteranopia"]) < 30


@pytest.mark.parametrize("surface", SURFACES)
def test_every_colour_is_seen_on_every_surface(surface):
    low = {name: round(contrast(colour, SURFACES[surface]), 2) for name, colour in ALL.items()}
    assert {name: value for name, value in low.items() if value < 3} == {}


def test_every_colour_is_written_in_full():
    for name, colour in ALL.items():
        assert re.fullmatch("#[0-9a-f]{6}", colour), name


CYTOKINES = ("LIF", "OSM", "IL-6", "viral IL-6")
INSIDE = ("JAK", "STAT", "SOCS")


def test_molecules_can_be_told_apart():
    """All that stand in one picture: the cytokines with the receptors, LIF with the pathway."""
    outside = {name: value for name, value in palette.COLOURS.items() if name not in INSIDE}
    others = {
        name: value
        for name, value in palette.COLOURS.items()
        if name == "LIF" or name not in CYTOKINES
    }
    assert set(outside) | set(others) == set(palette.COLOURS)
    for group in (outside, others):
        assert too_near(group, LEAST["molecules"]) == []
    assert too_near(palette.COLOURS, LEAST["other pictures"]) == []


def test_cytokines_can_be_told_apart():
    """They are laid on each other, ribbon on ribbon."""
    four = {name: palette.COLOURS[name] for name in CYTOKINES}
    assert too_near(four, LEAST["cytokines"]) == []


def test_helices_can_be_told_apart():
    assert list(palette.HELIX_COLOURS) == list("ABCD")
    assert too_near(palette.HELIX_COLOURS, LEAST["helices"]) == []


def test_marks_of_the_sequence_can_be_told_apart():
    """All that the sequence strip marks at once; each can be switched off there, too."""
    marks = palette.HELIX_COLOURS | {
        "signal peptide": palette.MUTED,
        "cysteine": palette.COLOURS["LIFR"],
        "sequon": palette.GLYCAN,
    }
    assert too_near(marks, LEAST["strip"]) == []


def test_neighbouring_domains_can_be_told_apart():
    assert list(palette.DOMAIN_COLOURS) == ["D1", "D2", "D3", "D4", "D5"]
    for pair in itertools.pairwise(palette.DOMAIN_COLOURS.items()):
        assert too_near(dict(pair), LEAST["domains"]) == []


def test_what_is_picked_stands_out_from_the_molecules():
    for name in ("LIF", "LIFR"):
        pair = {"pick": palette.PICK, name: palette.COLOURS[name]}
        assert too_near(pair, LEAST["pick"]) == []


def test_the_style_sheet_uses_the_same_colour_for_picks():
    assert re.search(r"--lif-pick:\s*(#\w+)", CSS)[1] == palette.PICK


def test_the_steps_of_a_scale_keep_their_order():
    """Blue to orange: each step differs from the next, and the ends most of all."""
    for name, vision in VISION.items():
        gaps = [difference(a, b, vision) for a, b in itertools.pairwise(scenes.STEPS)]
        assert min(gaps) > 12, name
        ends = difference(scenes.STEPS[0], scenes.STEPS[-1], vision)
        assert all(
            difference(a, b, vision) < ends
            for a, b in itertools.combinations(scenes.STEPS, 2)
            if (a, b) != (scenes.STEPS[0], scenes.STEPS[-1])
        ), name


def test_labels_in_the_view_are_legible():
    """White on the dark ground of 3D labels: 4.5:1 is asked for text."""
    ground = "#20242b"
    assert contrast("#ffffff", ground) > 4.5
    source = scenes.__loader__.get_source(scenes.__name__)
    assert f'"backgroundColor": "{ground}"' in source
