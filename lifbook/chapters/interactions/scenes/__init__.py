"""3D views of the Interactions chapter: the model of the ternary complex, folds of the family."""

from lifbook.chapters.interactions.scenes.folds import FOLDS, fold_viewer
from lifbook.chapters.interactions.scenes.ternary import ternary_scenes, ternary_viewer

__all__ = ["FOLDS", "fold_viewer", "ternary_scenes", "ternary_viewer"]
