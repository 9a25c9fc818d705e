"""Widgets of a notebook that live in the static page.

myst-nb writes the state of all widgets into the page and a script tag where each one is
shown. This extension writes the state to a file of its own, which is fetched when the
first widget comes near the window, and puts a slot in place of each script tag: a
picture or a sentence, until the widget is there (book/frontend/src/live.js).

A stored state refers to scripts and coordinates that the repository has. Scripts are files of
the site, which the state names; coordinates are filled in, once a page.

Links such as ``[the interface](#complex:interface)`` become links that switch the scene
``interface`` of the viewer named ``complex`` on the same page. A scene that does not
exist is a warning, and so an error of the build.
"""

from __future__ import annotations

import hashlib
import json
import re
from html import escape
from pathlib import Path
from typing import Any

from docutils import nodes
from myst_nb.sphinx_ import NbMetadataCollector
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.transforms import SphinxTransform
from sphinx.util import logging
from sphinx.util.fileutil import copy_asset

from lifbook.errors import LifbookError
from lifbook.page.references import script_name, with_coordinates

logger = logging.getLogger(__name__)

STATE = "application/vnd.jupyter.widget-state+json"
VIEW = "application/vnd.jupyter.widget-view+json"
FOLDER = "_lif"
#: Height in px of a slot whose widget has not been measured by ``make posters``.
HEIGHT = {"StructureViewer": 640}
PLAIN_HEIGHT = 40


def widget_models(env: BuildEnvironment, docname: str) -> dict[str, dict[str, Any]]:
    """Model id -> state of the page's widgets, empty where the page has none."""
    stored = NbMetadataCollector.get_js_files(env, docname).get("ipywidgets_state")
    if not stored:
        return {}
    return {key: model["state"] for key, model in json.loads(stored[1]["body"])["state"].items()}


def kind(state: dict[str, Any]) -> str:
    """Class name of a widget: ``StructureViewer``, ``FloatSlider``, …"""
    return state.get("_anywidget_id", state.get("_model_name", "")).rpartition(".")[2]


def slot_key(state: dict[str, Any], number: int) -> str:
    """Name under which a slot's picture and heights are stored."""
    return state.get("name") or f"slot-{number}"


class WidgetSlots(SphinxTransform):
    """Puts a slot in place of each widget view."""

    default_priority = 500

    def apply(self, **_kwargs: Any) -> None:
        docname = self.env.docname
        models = widget_models(self.env, docname)
        up = "../" * docname.count("/")
        posters = Path(self.config.lif_posters)
        table = posters / "slots.json"
        measured = json.loads(table.read_text("utf-8")) if table.exists() else {}
        if models:
            self.env.note_dependency(str(table))
        number = 0
        for raw in list(self.document.findall(nodes.raw)):
            if VIEW not in raw.astext():
                continue
            model = json.loads(re.sub(r"</?script[^>]*>", "", raw.astext()))["model_id"]
            if model not in models:
                logger.warning(
                    "%s: a widget was shown whose state is not stored. Run `make refresh`.", docname
                )
                continue
            state = models[model]
            key = slot_key(state, number)
            heights = measured.get(docname, {}).get(key, {})
            wide = heights.get("wide", HEIGHT.get(kind(state), PLAIN_HEIGHT))
            narrow = heights.get("narrow", wide)
            label = state.get("label") or state.get("description") or "Interactive figure"
            poster = posters / f"{key}.webp"
            picture = ""
            if "poster" in heights:
                alt = next(
                    (s["caption"] for s in state["scenes"] if s["name"] == state["scene"]), label
                )
                width, height = heights["poster"]
                picture = (
                    f'<img class="lif-slot__poster" src="{up}{FOLDER}/posters/{poster.name}" '
                    f'alt="{escape(alt)}" width="{width}" height="{height}" loading="lazy" '
                    'decoding="async">'
                )
            note = escape(f"{label}: this part comes alive with JavaScript.")
            slot = (
                f'<div class="lif-slot" id="{escape(key)}" data-model="{model}" '
                f'data-kind="{kind(state)}" style="--wide:{wide}px;--narrow:{narrow}px">'
                f'{picture}<p class="lif-slot__note">{note}</p></div>'
            )
            raw.replace_self(nodes.raw("", slot, format="html"))
            number += 1


class SceneLinks(SphinxTransform):
    """Makes ``[words](#viewer:scene)`` switch a scene; runs before MyST looks for the anchor."""

    default_priority = 870

    def apply(self, **_kwargs: Any) -> None:
        viewers = {
            state["name"]: [scene["name"] for scene in state["scenes"]]
            for state in widget_models(self.env, self.env.docname).values()
            if "entries" in state  # a StructureViewer
        }
        for link in list(self.document.findall(nodes.reference)):
            target = link.get("refuri", "")
            viewer, colon, scene = target[1:].partition(":")
            if not (link.get("id_link") and colon and viewer in viewers):
                continue
            if scene not in viewers[viewer]:
                logger.warning(
                    "the viewer '%s' has no scene '%s'; it has %s",
                    viewer,
                    scene,
                    ", ".join(viewers[viewer]),
                    location=link,
                )
            start = (
                f'<a class="lif-scene" href="#{viewer}" data-viewer="{viewer}" '
                f'data-scene="{escape(scene)}">'
            )
            link.replace_self(
                [
                    nodes.raw("", start, format="html"),
                    *link.children,
                    nodes.raw("", "</a>", format="html"),
                ]
            )


def manifest(app: Sphinx) -> dict[str, Any]:
    """Names of the bundled front-end files, written by ``tools/assets.py``.

    ``scripts`` holds those of the widgets by their names, ``shared`` what these import.
    """
    return json.loads(app.config.lif_manifest)


def filled(body: str, scripts: dict[str, str], docname: str) -> str:
    """The widget state of a page, with what its references stand for.

    Parameters
    ----------
    body
        The state as it is stored, JSON.
    scripts
        Name of a widget -> name of its script, beside the other assets.
    """
    state = json.loads(body)
    for key, model in state["state"].items():
        try:
            model = with_coordinates(model)
        except LifbookError as error:
            logger.warning("%s: %s", docname, error)
        name = script_name(model)
        if name and name not in scripts:
            logger.warning(
                "%s: there is no script of a widget '%s'. Run `make refresh`.", docname, name
            )
        elif name:
            model = model | {"state": model["state"] | {"_esm": f"lifbook:{scripts[name]}"}}
        state["state"][key] = model
    return json.dumps(state)


def page_assets(
    app: Sphinx,
    pagename: str,
    _template: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    """Takes the widget state out of the page and adds the loader that fetches it."""
    scripts = context.get("script_files", [])
    states = [
        script for script in scripts if getattr(script, "attributes", {}).get("type") == STATE
    ]
    folder = Path(app.outdir) / FOLDER
    stem = pagename.replace("/", "-")
    for old in folder.glob(f"{stem}-*.json"):
        # A page "a-b" has files of its own, which begin with "a-" too.
        if re.fullmatch(re.escape(stem) + r"-[0-9a-f]{10}\.json", old.name):
            old.unlink()
    if not states:
        return
    scripts[:] = [script for script in scripts if script not in states]
    names = manifest(app)
    body = filled(states[0].attributes["body"], names["scripts"], pagename)
    name = f"{stem}-{hashlib.sha256(body.encode()).hexdigest()[:10]}.json"
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(body, encoding="utf-8")
    up = "../" * pagename.count("/")
    assets = {
        key: f"{up}{FOLDER}/{names[key]}" for key in ("widgets", "widgetsCss", "threeDmol")
    } | {"state": f"{up}{FOLDER}/{name}"}
    context["metatags"] = (
        context.get("metatags", "")
        + f'\n<script type="application/json" id="lif-assets">{json.dumps(assets)}</script>'
        + f'\n<script type="module" src="{up}{FOLDER}/{names["live"]}"></script>'
    )


def copy_files(app: Sphinx, error: Exception | None) -> None:
    """Copies the bundles and the pictures to the site."""
    if error or app.builder.format != "html":
        return
    target = Path(app.outdir) / FOLDER
    target.mkdir(exist_ok=True)
    known = manifest(app)
    names = {*known.pop("scripts").values(), *known.pop("shared"), *known.values()}
    for old in [*target.glob("*.js"), *target.glob("*.css")]:
        if old.name.split("-")[0] in {n.split("-")[0] for n in names}:
            old.unlink()
    for name in names:
        copy_asset(Path(app.config.lif_assets) / name, target)
    if Path(app.config.lif_posters).is_dir():
        copy_asset(Path(app.config.lif_posters), target / "posters")


def resolve_paths(app: Sphinx, config: Any) -> None:
    """The folders in the configuration are relative to the book; the manifest stands among its values.

    So Sphinx writes the pages anew when a bundle has another name.
    """
    config.lif_assets = str(Path(app.srcdir, config.lif_assets))
    config.lif_posters = str(Path(app.srcdir, config.lif_posters))
    config.lif_manifest = (Path(config.lif_assets) / "manifest.json").read_text("utf-8")


def setup(app: Sphinx) -> dict[str, Any]:
    """Registers the extension."""
    app.add_config_value("lif_assets", "build/assets", "html", [str])
    app.add_config_value("lif_manifest", "", "html", [str])
    app.add_config_value("lif_posters", "book/posters", "env", [str])
    app.add_transform(WidgetSlots)
    app.add_transform(SceneLinks)
    app.connect("config-inited", resolve_paths)
    app.connect("html-page-context", page_assets, priority=900)
    app.connect("build-finished", copy_files)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
