"""lifbook.page.widget: what every widget of the book has, and refuses."""

from __future__ import annotations

import importlib
import pkgutil
import re
import sys
from pathlib import Path

import anywidget
import assets
import pytest
from javascript import node

import lifbook
from lifbook.errors import LifbookError
from lifbook.page.viewer import Coordinates
from lifbook.page.widget import BUNDLES, CSS, NamedWidget, PickingWidget, script


class Letter(PickingWidget):
    """The smallest widget."""

    _esm = script("sequence")


def kinds() -> list[type[anywidget.AnyWidget]]:
    """All widgets of the package that are seen in a page: a new one is tested too."""
    for part in pkgutil.walk_packages(lifbook.__path__, "lifbook."):
        importlib.import_module(part.name)
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


def test_a_notebook_stores_a_sentence_of_a_widget():
    """JupyterLab shows the text, not the widget, of a notebook that its reader has not run."""
    data, _metadata = Letter(name="a1", label="One letter")._repr_mimebundle_()
    assert (
        data["text/plain"]
        == "One letter: run this notebook to use it, or open the page of the book."
    )
    assert "application/vnd.jupyter.widget-view+json" in data


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
    file = tmp_path / "module.mjs"
    file.write_text(kind._esm, "utf-8")
    done = node("--check", str(file))
    assert done.returncode == 0, done.stderr
    assert len(re.findall(r"export\{\w+ as default\};", kind._esm)) == 1
    assert not re.search(r"\bimport\b", kind._esm)  # it needs nothing beside it


@pytest.mark.parametrize("kind", kinds(), ids=lambda kind: kind.__name__)
def test_every_widget_shares_what_the_base_declares(kind):
    """No widget declares the shared traits, or another style, by itself."""
    assert not {"name", "label", "picked", "_css"} & set(vars(kind))
    assert issubclass(kind, NamedWidget)
    if "picked" in kind.class_trait_names():
        assert issubclass(kind, PickingWidget)


@pytest.mark.parametrize("kind", kinds(), ids=lambda kind: kind.__name__)
def test_every_widget_runs_the_script_that_bears_its_name(kind):
    source = Path(sys.modules[kind.__module__].__file__).with_suffix(".js")
    assert source.is_file()
    assert kind._esm == script(source.stem) == (BUNDLES / source.name).read_text("utf-8")


def test_a_widget_without_a_script_says_what_to_do():
    with pytest.raises(LifbookError, match="'test_base' has no bundled script.*run `make bundles`"):
        type("Dumb", (NamedWidget,), {"__module__": __name__})


def test_a_variant_of_a_widget_keeps_its_script():
    assert type("Word", (Letter,), {"__module__": __name__})._esm == Letter._esm


# --- The bundles -------------------------------------------------------------------------


def test_the_bundles_are_what_the_sources_give(tmp_path):
    """Byte by byte; `make bundles` writes them, and a stale or a spare one is noticed."""
    assert assets.main("--bundles", str(tmp_path)) == 0
    stored, made = (
        {path.name: path.read_bytes() for path in folder.iterdir()}
        for folder in (BUNDLES, tmp_path)
    )
    assert sorted(stored) == sorted(made)
    assert [name for name in made if made[name] != stored[name]] == [], "run `make bundles`"
    widgets = {kind.__module__.rpartition(".")[2] for kind in kinds()}
    assert {Path(name).stem for name in made} == widgets | {"lifbook"}  # the sheet of styles


def test_every_style_is_in_the_sheet_and_a_widgets_own_after_what_all_share():
    """A rule of the same weight that stands later wins."""
    page = BUNDLES.parent
    places = {
        file: CSS.index(
            re.sub(
                r"\s*([{,>])\s*",
                r"\1",
                re.search(r"^[.@][^{]*\{", file.read_text("utf-8"), re.MULTILINE)[0],
            )
        )
        for folder in (".", "shared", "widgets")
        for file in (page / folder).glob("*.css")
    }
    assert len(places) > 10
    shared = [at for file, at in places.items() if file.parent.name == "shared"]
    assert max(shared) < min(at for file, at in places.items() if file.parent.name != "shared")
