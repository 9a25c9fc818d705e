"""The widgets extension, tested by real Sphinx builds of tiny books with executed notebooks."""

from __future__ import annotations

import base64
import gzip
import json
import re
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
import pytest
import refresh
from bs4 import BeautifulSoup
from PIL import Image
from small_book import sphinx_build

from book.ext import widgets as ext
from lifbook.page.viewer import coordinates

ROOT = Path(__file__).parents[2]

CONF = """
import sys
sys.path.insert(0, {root!r})
extensions = ["myst_nb", "book.ext.widgets"]
html_theme = "basic"
nb_execution_mode = "off"
nb_ipywidgets_js = {{}}
nb_render_markdown_format = "myst"
html_copy_source = False
master_doc = "index"
lif_assets = "assets"
lif_posters = "posters"
"""
#: A viewer with two scenes, a widget of another kind with a name, and one without.
CODE = """
import ipywidgets
from lifbook.page import widgets
from lifbook.page.viewer import Entry, Scene, StructureViewer
def draw(view): view.setStyle({}, {"cartoon": {"color": "#123456"}})
viewer = StructureViewer(
    "mouse", [Entry("1LKI", ("A",), slim=True)],
    [Scene("whole", "Whole", 'All of "mouse" LIF & <nothing> else.', draw),
     Scene("tail-end", "End", "The end of the chain, close by.", draw)],
    label='Mouse LIF, "alone" & <small>')
""".strip()
STRIP = """
strip = widgets.SequenceStrip(
    "strip", "MKTAY", cut=1, chain_id="1LKI:A", marks={}, label="Five letters")
widgets.link_picks(viewer, strip)
strip
""".strip()
TEXT = "See [the whole](#mouse:whole), and [its *end*](#mouse:tail-end)."
MANIFEST = {
    "widgets": "widgets-aaaa.js",
    "widgetsCss": "widgets-bbbb.css",
    "threeDmol": "3Dmol-cccc.js",
    "live": "live-dddd.js",
    "scripts": {"viewer": "viewer-ffff.js", "sequence": "sequence-gggg.js"},
    "shared": ["shared-hhhh.js"],
}


def names(manifest: dict[str, Any]) -> set[str]:
    """All files that a manifest names."""
    single = {name for name in manifest.values() if isinstance(name, str)}
    return single | {*manifest["scripts"].values()} | {*manifest["shared"]}


@pytest.fixture(scope="session")
def executed(tmp_path_factory) -> nbformat.NotebookNode:
    """A notebook with widgets, executed in a kernel as `make refresh` does."""
    new = nbformat.v4
    notebook = new.new_notebook(
        cells=[
            new.new_markdown_cell("# Page\n\n" + TEXT),
            new.new_code_cell(CODE),
            new.new_code_cell("viewer"),
            new.new_code_cell(STRIP),
            new.new_code_cell("ipywidgets.FloatSlider(description='Cut-off')"),
        ]
    )
    path = tmp_path_factory.mktemp("notebook") / "page.ipynb"
    nbformat.write(notebook, path)
    return refresh.executed(path)


def state_of(notebook: nbformat.NotebookNode) -> dict[str, Any]:
    return notebook.metadata["widgets"][refresh.WIDGETS]


@dataclass
class Result:
    """Exit code and messages of a build."""

    code: int
    messages: str


class Book:
    """A tiny book: an index, a page with widgets, and what the extension needs beside it."""

    def __init__(self, root: Path, notebook: nbformat.NotebookNode, name: str = "page") -> None:
        self.root, self.source, self.html = root, root / "source", root / "html"
        (self.source / "assets").mkdir(parents=True)
        self.write("conf.py", CONF.format(root=str(ROOT)))
        self.write("plain.md", "# Plain\n\nNo widget here.\n")
        self.bundles(MANIFEST)
        self.notebook(name, notebook)
        self.toc(name, "plain")

    def write(self, name: str, text: str) -> None:
        (self.source / name).parent.mkdir(parents=True, exist_ok=True)
        (self.source / name).write_text(text, encoding="utf-8")

    def toc(self, *pages: str) -> None:
        self.write("index.md", "# Book\n\n```{toctree}\n" + "\n".join(pages) + "\n```\n")

    def bundles(self, manifest: dict[str, Any]) -> None:
        for file in (self.source / "assets").iterdir():
            file.unlink()
        self.write("assets/manifest.json", json.dumps(manifest))
        for name in names(manifest):
            self.write(f"assets/{name}", f"/* {name} */")

    def notebook(self, name: str, notebook: nbformat.NotebookNode) -> None:
        path = self.source / f"{name}.ipynb"
        path.parent.mkdir(exist_ok=True)
        nbformat.write(notebook, path)

    def posters(self, slots: dict[str, Any], size: tuple[int, int] | None = None) -> None:
        self.write("posters/slots.json", json.dumps(slots))
        if size:
            Image.new("RGB", size, "#3366aa").save(self.source / "posters" / "mouse.webp")

    def build(self) -> Result:
        """Run sphinx-build in this process, as `make book` does: -W -n --keep-going."""
        doctrees = ("-d", str(self.root / "doctrees"))
        code, warned, said = sphinx_build(self.source, self.html, *doctrees)
        return Result(code, warned + said)

    def built(self) -> None:
        result = self.build()
        assert result.code == 0, result.messages

    def text(self, name: str = "page") -> str:
        return (self.html / f"{name}.html").read_text("utf-8")

    def page(self, name: str = "page") -> BeautifulSoup:
        return BeautifulSoup(self.text(name), "html.parser")

    def states(self) -> list[str]:
        return sorted(path.name for path in (self.html / "_lif").glob("*.json"))


@pytest.fixture(scope="module")
def book(tmp_path_factory, executed) -> Book:
    """A book without faults, built once; tests only read it."""
    book = Book(tmp_path_factory.mktemp("book"), executed)
    book.built()
    return book


@pytest.fixture
def fresh(tmp_path, executed) -> Book:
    """A book of the test's own."""
    return Book(tmp_path, executed)


def copy(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    return nbformat.reads(nbformat.writes(notebook), as_version=4)


def assets_of(page: BeautifulSoup) -> dict[str, str]:
    return json.loads(page.find(id="lif-assets").string)


# --- What is in the page -----------------------------------------------------------------


def test_a_slot_stands_where_each_widget_was_shown(book, executed):
    slots = book.page().select(".lif-slot")
    assert [slot["id"] for slot in slots] == ["mouse", "strip", "slot-2"]
    assert [slot["data-kind"] for slot in slots] == [
        "StructureViewer",
        "SequenceStrip",
        "FloatSliderModel",
    ]
    models = state_of(executed)["state"]
    shown = [models[slot["data-model"]]["state"] for slot in slots]
    assert [state.get("name", state.get("description")) for state in shown] == [
        "mouse",
        "strip",
        "Cut-off",
    ]


def test_a_sentence_stands_there_until_the_widget_comes(book):
    notes = [slot.get_text() for slot in book.page().select(".lif-slot__note")]
    assert notes == [
        'Mouse LIF, "alone" & <small>: this part comes alive with JavaScript.',
        "Five letters: this part comes alive with JavaScript.",
        "Cut-off: this part comes alive with JavaScript.",
    ]
    assert not book.page().select("img.lif-slot__poster")


def published(book: Book, page: str = "page") -> dict[str, Any]:
    """The widget state that a page fetches."""
    return json.loads((book.html / assets_of(book.page(page))["state"]).read_text("utf-8"))


def test_the_state_is_in_a_file_and_not_in_the_page(book, executed):
    (name,) = book.states()
    assert re.fullmatch(r"page-[0-9a-f]{10}\.json", name)
    state, stored = published(book), json.loads(json.dumps(state_of(executed)))
    # The same but for what stands in place of references.
    for key, model in state["state"].items():
        was = stored["state"][key]
        if model["state"].get("_esm", "").startswith("lifbook:"):
            model["state"]["_esm"] = was["state"]["_esm"]
        if "digest" in model["state"]:
            assert model.pop("buffers") and "buffers" not in was
    assert state == stored
    text = book.text()
    assert ext.STATE not in text and ext.VIEW not in text
    assert "H4sI" not in text  # the coordinates, compressed and base64
    assert len(text) < 12_000


def test_references_are_filled_in(book):
    """Each script by the name of its file, each style in the site's sheet, coordinates once."""
    models = [model for model in published(book)["state"].values() if "_esm" in model["state"]]
    scripts = {
        model["state"]["name"]: model["state"] for model in models if "name" in model["state"]
    }
    assert {name: state["_esm"] for name, state in scripts.items()} == {
        "mouse": "lifbook:viewer-ffff.js",
        "strip": "lifbook:sequence-gggg.js",
    }
    assert {state["_css"] for state in scripts.values()} == {""}
    for state in scripts.values():
        assert (book.html / "_lif" / state["_esm"].removeprefix("lifbook:")).is_file()
    assert (book.html / "_lif" / "shared-hhhh.js").is_file()
    (atoms,) = [model for model in models if "digest" in model["state"]]
    (buffer,) = atoms["buffers"]
    assert (buffer["path"], buffer["encoding"]) == (["data"], "base64")
    shipped = gzip.decompress(base64.b64decode(buffer["data"])).decode()
    assert shipped == gzip.decompress(coordinates("1LKI", ["A"]).data).decode()
    assert shipped.count("ATOM") > 600


def test_a_state_with_copies_is_published_as_it_is(fresh, executed):
    """A notebook that was run and saved elsewhere holds scripts and coordinates of its own."""
    notebook = copy(executed)
    for model in state_of(notebook)["state"].values():
        if "digest" in model["state"]:
            model["buffers"] = [{"data": "AAEC", "encoding": "base64", "path": ["data"]}]
        elif "_esm" in model["state"]:
            model["state"] |= {"_esm": "export default {}", "_css": "p {}"}
    fresh.notebook("page", notebook)
    fresh.built()
    assert published(fresh) == json.loads(json.dumps(state_of(notebook)))


def test_the_loader_knows_where_everything_is(book):
    page = book.page()
    assets = assets_of(page)
    assert assets == {
        "widgets": "_lif/widgets-aaaa.js",
        "widgetsCss": "_lif/widgets-bbbb.css",
        "threeDmol": "_lif/3Dmol-cccc.js",
        "state": f"_lif/{book.states()[0]}",
    }
    loaders = page.select('script[type="module"]')
    assert [script["src"] for script in loaders] == ["_lif/live-dddd.js"]
    for path in [*assets.values(), loaders[0]["src"]]:
        assert (book.html / path).is_file()
    # Nothing else is fetched with the page: no require.js, no widget manager.
    sources = [script["src"] for script in page.select("script[src]")]
    assert all(source.startswith(("_static/", "_lif/live-")) for source in sources), sources


def test_a_page_without_widgets_has_no_loader(book):
    for name in ("plain", "index"):
        text = book.text(name)
        assert (
            "lif-assets" not in text
            and "_lif/" not in text
            and "widget" not in text.replace("No widget here", "")
        )


def test_links_in_the_text_switch_scenes(book):
    links = book.page().select("a.lif-scene")
    assert [(a["href"], a["data-viewer"], a["data-scene"], a.get_text()) for a in links] == [
        ("#mouse", "mouse", "whole", "the whole"),
        ("#mouse", "mouse", "tail-end", "its end"),
    ]
    assert links[1].em.get_text() == "end"
    assert book.page().find(id="mouse")["class"] == ["lif-slot"]  # where the link leads


def test_a_page_in_a_folder_finds_everything_too(tmp_path, executed):
    book = Book(tmp_path, executed, name="part/page")
    book.posters({"part/page": {"mouse": {"wide": 500, "poster": [40, 30]}}}, (40, 30))
    book.built()
    page = book.page("part/page")
    folder = book.html / "part"
    paths = [
        *assets_of(page).values(),
        page.select_one('script[type="module"]')["src"],
        page.select_one("img.lif-slot__poster")["src"],
    ]
    assert len(paths) == 6
    for path in paths:
        assert path.startswith("../_lif/")
        assert (folder / path).resolve().is_file()


# --- What fails the build ----------------------------------------------------------------


def test_an_unknown_scene_in_a_link_fails_and_names_the_known_ones(fresh, executed):
    notebook = copy(executed)
    notebook.cells[0].source = "# Page\n\nSee [the moon](#mouse:moon)."
    fresh.notebook("page", notebook)
    result = fresh.build()
    assert result.code != 0
    assert "the viewer 'mouse' has no scene 'moon'; it has whole, tail-end" in result.messages
    assert "page.ipynb" in result.messages


def test_an_unknown_viewer_in_a_link_fails(fresh, executed):
    notebook = copy(executed)
    notebook.cells[0].source = "# Page\n\nSee [the moon](#moon:whole)."
    fresh.notebook("page", notebook)
    result = fresh.build()
    assert result.code != 0
    assert "moon:whole" in result.messages


def test_a_widget_whose_state_is_not_stored_fails(fresh, executed):
    notebook = copy(executed)
    shown = notebook.cells[2].outputs[0].data[ext.VIEW]["model_id"]
    del state_of(notebook)["state"][shown]
    notebook.cells[0].source = "# Page"
    fresh.notebook("page", notebook)
    result = fresh.build()
    assert result.code != 0
    assert "page: a widget was shown whose state is not stored. Run `make refresh`." in (
        result.messages
    )


def test_a_reference_that_cannot_be_filled_fails(fresh, executed):
    notebook = copy(executed)
    for model in state_of(notebook)["state"].values():
        state = model["state"]
        if state.get("name") == "strip":
            state["_esm"] = state["_esm"].replace("lifbook:sequence", "lifbook:moon")
        if "digest" in state:
            state["digest"] = "0" * 16
    fresh.notebook("page", notebook)
    result = fresh.build()
    assert result.code != 0
    assert "page: there is no script of a widget 'moon'. Run `make refresh`." in result.messages
    assert (
        "the coordinates of 1LKI are not those that the notebook was computed with"
        in result.messages
    )


# --- Pictures and heights ----------------------------------------------------------------


def test_a_picture_stands_in_for_the_view(fresh):
    fresh.posters(
        {
            "page": {
                "mouse": {"wide": 712, "narrow": 655, "poster": [40, 30]},
                "strip": {"wide": 101, "narrow": 202},
            }
        },
        (40, 30),
    )
    fresh.built()
    page = fresh.page()
    (picture,) = page.select("img.lif-slot__poster")
    assert picture.parent["id"] == "mouse"
    assert picture["alt"] == 'All of "mouse" LIF & <nothing> else.'  # the caption of the scene
    assert (picture["width"], picture["height"], picture["loading"]) == ("40", "30", "lazy")
    with Image.open(fresh.html / picture["src"]) as image:
        assert image.size == (40, 30)
    styles = {slot["id"]: slot["style"] for slot in page.select(".lif-slot")}
    assert styles["mouse"] == "--wide:712px;--narrow:655px"
    assert styles["strip"] == "--wide:101px;--narrow:202px"
    assert styles["slot-2"] == "--wide:40px;--narrow:40px"  # not measured yet


def test_new_pictures_and_heights_reach_the_page(fresh):
    fresh.posters({"page": {"mouse": {"wide": 500, "poster": [40, 30]}}}, (40, 30))
    fresh.built()
    before = fresh.html / "page.html"
    stamp = before.stat().st_mtime_ns
    fresh.built()
    assert before.stat().st_mtime_ns == stamp  # nothing changed, so nothing was written
    fresh.posters({"page": {"mouse": {"wide": 600, "poster": [80, 60]}}}, (80, 60))
    fresh.built()
    page = fresh.page()
    assert page.find(id="mouse")["style"].startswith("--wide:600px")
    assert page.select_one("img.lif-slot__poster")["width"] == "80"
    with Image.open(fresh.html / "_lif" / "posters" / "mouse.webp") as image:
        assert image.size == (80, 60)


# --- The second build --------------------------------------------------------------------


def changed(notebook: nbformat.NotebookNode, label: str) -> nbformat.NotebookNode:
    """The notebook with another label of its viewer."""
    notebook = copy(notebook)
    for model in state_of(notebook)["state"].values():
        if model["state"].get("name") == "mouse":
            model["state"]["label"] = label
    return notebook


def test_a_changed_notebook_replaces_its_state_and_leaves_others_alone(fresh, executed):
    """Also where another page's name begins with this one's."""
    for other in ("page-two", "page-deadbeef12"):
        fresh.notebook(other, executed)
    fresh.toc("page", "page-two", "page-deadbeef12", "plain")
    fresh.posters({})  # measured, so that only a changed page is read again
    fresh.built()
    before = fresh.states()
    assert len(before) == 3
    stamps = {
        name: (fresh.html / f"{name}.html").stat().st_mtime_ns for name in ("page", "page-two")
    }
    fresh.notebook("page", changed(executed, "Another label"))
    fresh.built()
    written = {
        name
        for name, stamp in stamps.items()
        if (fresh.html / f"{name}.html").stat().st_mtime_ns != stamp
    }
    assert written == {"page"}
    after = fresh.states()
    assert len(after) == 3
    (gone,) = set(before) - set(after)
    (new,) = set(after) - set(before)
    assert re.fullmatch(r"page-[0-9a-f]{10}\.json", gone)
    assert "Another label" in (fresh.html / "_lif" / new).read_text("utf-8")
    for name in ("page", "page-two", "page-deadbeef12"):
        assert (fresh.html / assets_of(fresh.page(name))["state"]).is_file()


def test_a_page_that_lost_its_widgets_loses_state_and_loader(fresh, executed):
    fresh.built()
    assert len(fresh.states()) == 1
    plain = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("# Page\n\nWords.")])
    fresh.notebook("page", plain)
    fresh.built()
    assert fresh.states() == []
    assert "lif-assets" not in fresh.text() and "_lif/" not in fresh.text()


def test_old_bundles_go_when_new_ones_come(fresh):
    fresh.built()
    fresh.bundles(MANIFEST | {"widgets": "widgets-eeee.js"})
    shutil.rmtree(fresh.root / "doctrees")  # as tools/build.py does when the bundles changed
    fresh.built()
    bundles = {path.name for path in (fresh.html / "_lif").iterdir() if path.suffix != ".json"}
    assert bundles == {
        "widgets-eeee.js",
        "widgets-bbbb.css",
        "3Dmol-cccc.js",
        "live-dddd.js",
        "viewer-ffff.js",
        "sequence-gggg.js",
        "shared-hhhh.js",
    }
    assert assets_of(fresh.page())["widgets"] == "_lif/widgets-eeee.js"


def test_a_new_script_reaches_every_page(fresh):
    """Nothing but the script has changed: the page names the new one all the same."""
    fresh.posters({})
    fresh.built()
    fresh.bundles(MANIFEST | {"scripts": MANIFEST["scripts"] | {"viewer": "viewer-iiii.js"}})
    fresh.built()
    found = [model["state"].get("_esm") for model in published(fresh)["state"].values()]
    assert "lifbook:viewer-iiii.js" in found and "lifbook:viewer-ffff.js" not in found
    assert (fresh.html / "_lif" / "viewer-iiii.js").is_file()
    assert not (fresh.html / "_lif" / "viewer-ffff.js").exists()
