"""One colour per molecule, the same in every figure, viewer and widget of the book.

The hues follow the colour-blind safe set of Okabe and Ito, darkened or lightened until
each has a contrast of at least 3:1 against the book's light and dark page (WCAG 2.2,
1.4.11, non-text contrast). ``tests/unit/test_palette.py`` measures it.
"""

from __future__ import annotations

#: Molecule -> colour (hexadecimal sRGB).
COLOURS: dict[str, str] = {
    "LIF": "#cc6a00",
    "LIFR": "#2f7fc1",
    "gp130": "#1a8f6d",
    "JAK": "#b25d9c",
    "STAT": "#7f70e6",
    "SOCS": "#d24a60",
    # Cytokines that share gp130 with LIF: told apart from LIF and the receptors, and from what acts
    # inside the cell as far as the hues go; pictures that hold both name each part.
    "OSM": "#908448",
    "IL-6": "#9c54fc",
    "viral IL-6": "#f05484",
}

#: Parts of LIF: helices A to D, then what is marked on it.
HELIX_COLOURS: dict[str, str] = {"A": "#cc6a00", "B": "#8c783b", "C": "#b25d9c", "D": "#7f70e6"}

#: LIFR domains D1 to D5: the receptor's blue, every second one lighter, so that the borders show.
DOMAIN_COLOURS: dict[str, str] = {
    "D1": "#2f7fc1",
    "D2": "#6d8db0",
    "D3": "#2f7fc1",
    "D4": "#6d8db0",
    "D5": "#2f7fc1",
}

#: What is picked or pointed out, and sugars.
PICK = "#d24a60"
GLYCAN = "#1a8f6d"
MUTED = "#898b91"
