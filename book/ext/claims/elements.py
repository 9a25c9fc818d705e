"""Nodes of a document that the claims need, and how each output format shows them."""

from __future__ import annotations

from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

from book.ext.claims.table import VERDICTS


class claim_mark(nodes.Inline, nodes.Element):
    """Place in the text that treats a claim; becomes a badge in the post-transform."""


class claim_places(nodes.General, nodes.Element):
    """Stand-in on the claims page for the links to the places that treat a claim."""


class html_only(nodes.General, nodes.Element):
    """Part of the page that only HTML shows."""


class markup(nodes.General, nodes.Element):
    """An HTML element; other formats show only what it contains.

    Attributes: ``tag``, ``attributes`` (dict) and docutils' own ids and classes.
    """


def element(tag: str, *children: nodes.Node, **options: Any) -> markup:
    """Return an HTML element; ``data_label`` among the options becomes ``data-label``."""
    ids, classes = options.pop("ids", []), options.pop("classes", [])
    attributes = {name.replace("_", "-"): value for name, value in options.items()}
    node = markup("", tag=tag, attributes=attributes, ids=ids, classes=classes)
    node += list(children)
    return node


def cell(tag: str, text: str, **options: Any) -> markup:
    """Return an HTML element that holds a text."""
    return element(tag, nodes.Text(text), **options)


def verdict_label(verdict: str) -> markup:
    """Return a verdict as word and symbol; only the word is read aloud."""
    symbol = element("span", nodes.Text(VERDICTS[verdict]), aria_hidden="true")
    classes = ["claims-verdict", f"claims-{verdict}"]
    return element("span", symbol, nodes.Text(f" {verdict}"), classes=classes)


def _visit_markup(translator: Any, node: markup) -> None:
    translator.body.append(translator.starttag(node, node["tag"], "", **node["attributes"]))


def _depart_markup(translator: Any, node: markup) -> None:
    # A line break after a span would be a space in the text.
    translator.body.append(f"</{node['tag']}>" + ("" if node["tag"] == "span" else "\n"))


def _pass(translator: Any, node: nodes.Element) -> None:
    """Show only the children of a node.

    A mark in a heading is copied into tables of contents, where it never becomes a badge: it
    has no children and so shows nothing there.
    """


def add_nodes(app: Sphinx) -> None:
    """Tell Sphinx how to show the nodes of this module."""
    others: dict[str, Any] = dict.fromkeys(("latex", "text", "man", "texinfo"), (_pass, _pass))
    app.add_node(markup, html=(_visit_markup, _depart_markup), **others)
    for node in (html_only, claim_mark, claim_places):
        app.add_node(node, html=(_pass, _pass), **others)
