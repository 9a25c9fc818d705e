"""Marks in the text: the role ``claim``, what is kept of each mark, and the links they become."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from typing import Any, ClassVar, NamedTuple

from docutils import nodes
from sphinx.domains import Domain
from sphinx.environment import BuildEnvironment
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.docutils import SphinxRole
from sphinx.util.nodes import make_refnode

from book.ext.claims.elements import claim_mark, claim_places, element, html_only
from book.ext.claims.table import VERDICTS, ClaimsTable


class Mark(NamedTuple):
    """A place that treats a claim (or means to: unknown ids are kept for the check)."""

    claim: str
    anchor: str
    section: str  # heading under which it stands; empty directly under the page's title
    line: int


class ClaimRole(SphinxRole):
    """Role ``claim``: marks where claims are treated."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Return a mark for each id."""
        domain = claims_domain(self.env)
        # The badge shows the verdict, so the page is out of date when the table changes.
        self.env.note_dependency(str(domain.table.path))
        ids = [part.strip() for part in re.split("[;,]", self.text) if part.strip()]
        marks: list[nodes.Node] = []
        for claim in ids or [""]:
            mark = claim_mark(self.rawtext, claim=claim)
            self.set_source_info(mark)
            marks.append(mark)
        return marks, []


class ClaimsDomain(Domain):
    """Holds, page by page, the marks and the places of the claims table."""

    name = "lif_claims"
    label = "Claims"
    data_version = 1
    # Sphinx means it to be the class's, but does not say so.
    initial_data: ClassVar[dict[str, Any]] = {  # type: ignore[misc]
        "marks": {},  # docname -> list of Mark
        "pages": [],  # docnames that hold the claims table
        "linked": None,  # what the links were made from when they were last written
    }
    table: ClaimsTable  # set when the builder is ready

    def clear_doc(self, docname: str) -> None:
        """Forget a page that is read again or gone."""
        self.data["marks"].pop(docname, None)
        if docname in self.data["pages"]:
            self.data["pages"].remove(docname)

    def merge_domaindata(self, docnames: list[str], otherdata: dict[str, Any]) -> None:
        """Take over the pages that another process has read."""
        for docname in docnames:
            if docname in otherdata["marks"]:
                self.data["marks"][docname] = otherdata["marks"][docname]
            if docname in otherdata["pages"] and docname not in self.data["pages"]:
                self.data["pages"].append(docname)

    def process_doc(self, env: BuildEnvironment, docname: str, document: nodes.document) -> None:
        """Keep the marks of a page that has been read, and give each an anchor."""
        marks: list[Mark] = []
        seen: Counter[str] = Counter()
        for node in document.findall(claim_mark):
            claim = node["claim"]
            seen[claim] += 1
            if claim in self.table.claims:
                anchor = f"claim-mark-{claim}" + (f"-{seen[claim]}" if seen[claim] > 1 else "")
                node["ids"] = [anchor]
                document.note_explicit_target(node, node)
            marks.append(Mark(claim, "".join(node["ids"][:1]), _heading(node), node.line or 0))
        if marks:
            self.data["marks"][docname] = marks

    def places(self, docnames: Iterable[str]) -> dict[str, list[tuple[str, Mark]]]:
        """Where each claim is treated: claim id -> (docname, mark), in reading order."""
        found: dict[str, list[tuple[str, Mark]]] = {}
        for docname in docnames:
            for mark in self.data["marks"].get(docname, ()):
                found.setdefault(mark.claim, []).append((docname, mark))
        return found


def claims_domain(env: BuildEnvironment) -> ClaimsDomain:
    """Return the claims domain of an environment."""
    domain = env.get_domain(ClaimsDomain.name)
    assert isinstance(domain, ClaimsDomain)
    return domain


def _heading(node: nodes.Node) -> str:
    """Return the heading of the section that holds a node, or "" at the top of a page."""
    parent = node.parent
    while parent is not None and not isinstance(parent, nodes.section):
        parent = parent.parent
    if parent is None or isinstance(parent.parent, nodes.document):
        return ""
    titles = (child for child in parent.children if isinstance(child, nodes.title))
    # Without the space that stood before a mark in the heading.
    return next((title.astext().strip() for title in titles), "")


def reading_order(env: BuildEnvironment) -> list[str]:
    """Return the docnames that the table of contents reaches, in reading order."""
    order: list[str] = []
    stack = [env.config.root_doc]
    while stack:
        docname = stack.pop()
        if docname not in order and docname in env.found_docs:
            order.append(docname)
            stack += reversed(env.toctree_includes.get(docname, []))
    return order


class ClaimsTransform(SphinxPostTransform):
    """Turn marks into badges, and stand-ins on the claims page into links back.

    It runs when a page is written, because only then is it known where everything stands.
    """

    default_priority = 4  # before the resolution of references (bibtex 5, Sphinx 10)

    def run(self, **kwargs: Any) -> None:
        """Replace the nodes of one page."""
        domain = claims_domain(self.env)
        order = reading_order(self.env)
        page = next((name for name in order if name in domain.data["pages"]), None)
        for mark in list(self.document.findall(claim_mark)):
            mark.replace_self(self.badge(mark, domain.table, page))
        places = domain.places(order)
        for node in list(self.document.findall(claim_places)):
            node.replace_self(self.links(places.get(node["claim"], [])))
        if self.app.builder.format != "html":
            for only in list(self.document.findall(html_only)):
                only.parent.remove(only)

    def badge(self, mark: claim_mark, table: ClaimsTable, page: str | None) -> nodes.Node:
        """Return the badge of a mark; it links to the claims page, where there is one."""
        claim = table.claims.get(mark["claim"])
        badge = nodes.inline(classes=["claim-mark"], ids=mark["ids"])
        if claim is None:  # the check has warned of it
            badge += nodes.Text(f"claim {mark['claim']}?")
            return badge
        badge["classes"].append(f"claims-{claim.verdict}")
        # The words for screen readers are part of the content, not an aria-label, so that the
        # name of the link contains what can be seen (WCAG 2.5.3).
        label = [
            nodes.inline("", "claim ", classes=["claim-words"]),
            nodes.Text(claim.id),
            nodes.inline("", f": {claim.verdict}", classes=["claim-words"]),
            element("span", nodes.Text(VERDICTS[claim.verdict]), aria_hidden="true"),
        ]
        if page is None:
            badge += label
            return badge
        title = f"Claim {claim.id}, {claim.verdict}: {claim.claim}"
        link = self.link(page, claim.anchor, label[0], title)
        link += label[1:]
        badge += link
        return badge

    def links(self, places: list[tuple[str, Mark]]) -> list[nodes.Node]:
        """Return links to the places that treat a claim."""
        if not places:
            return [nodes.Text("the chapter is not finished yet.")]
        found: list[nodes.Node] = []
        for number, (docname, mark) in enumerate(places, start=1):
            text = self.env.titles[docname].astext()
            text += f", {mark.section}" if mark.section else ""
            text = f"{number}. {text}" if len(places) > 1 else text
            link = self.link(docname, mark.anchor, nodes.Text(text))
            found += [nodes.Text("; ") if found else nodes.Text(""), link]
        return [*found, nodes.Text(".")]

    def link(
        self, docname: str, anchor: str, label: nodes.Node, title: str | None = None
    ) -> nodes.reference:
        """Return a link from this page to an anchor."""
        here = self.env.docname
        return make_refnode(self.app.builder, here, docname, anchor, label, title)
