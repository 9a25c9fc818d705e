"""The Structure chapter's own figures, 3D views and widgets."""

from lifbook.chapters.structure.figures import (
    b_factor_plot,
    buried_plot,
    deviation_plot,
    shape_plot,
    torsion_plot,
)
from lifbook.chapters.structure.scenes import (
    complex_scenes,
    complex_viewer,
    interface_viewer,
    lif_scenes,
    lif_viewer,
    superposed_viewer,
)
from lifbook.chapters.structure.widgets import lif_buried, lif_contacts, lif_sequence

__all__ = [
    "b_factor_plot",
    "buried_plot",
    "complex_scenes",
    "complex_viewer",
    "deviation_plot",
    "interface_viewer",
    "lif_buried",
    "lif_contacts",
    "lif_scenes",
    "lif_sequence",
    "lif_viewer",
    "shape_plot",
    "superposed_viewer",
    "torsion_plot",
]
