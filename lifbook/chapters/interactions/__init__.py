"""The Interactions chapter's own figures, 3D views and widgets."""

from lifbook.chapters.interactions.figures import fold_matrix_plot, superposition_plot, tails_plot
from lifbook.chapters.interactions.scenes import fold_viewer, ternary_scenes, ternary_viewer
from lifbook.chapters.interactions.widgets import (
    brakes_explorer,
    competition_explorer,
    family_explorer,
)

__all__ = [
    "brakes_explorer",
    "competition_explorer",
    "family_explorer",
    "fold_matrix_plot",
    "fold_viewer",
    "superposition_plot",
    "tails_plot",
    "ternary_scenes",
    "ternary_viewer",
]
