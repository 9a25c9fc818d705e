"""3D views of the Structure chapter: LIF, its complex with LIFR, the interface, three crystals."""

from lifbook.chapters.structure.scenes.complex import (
    complex_scenes,
    complex_viewer,
    interface_viewer,
)
from lifbook.chapters.structure.scenes.lif import lif_scenes, lif_viewer, superposed_viewer

__all__ = [
    "complex_scenes",
    "complex_viewer",
    "interface_viewer",
    "lif_scenes",
    "lif_viewer",
    "superposed_viewer",
]
