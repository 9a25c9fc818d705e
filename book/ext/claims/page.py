"""The claims page: the directive ``claims-table``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from docutils import nodes
from sphinx.util.docutils import SphinxDirective

from book.ext.claims.elements import cell, claim_places, element, html_only, markup, verdict_label
from book.ext.claims.marks import claims_domain
from book.ext.claims.table import EVIDENCE, VERDICTS, Claim

# The script stands in the page itself: Jupyter Book loads every file under _static on every
# page. Without it the buttons stay hidden and all claims are shown.
FILTER_SCRIPT = Path(__file__).with_name("filter.js").read_text("utf-8")


class ClaimsTableDirective(SphinxDirective):
    """Directive ``claims-table``: the whole table as a page."""

    has_content = False

    def run(self) -> list[nodes.Node]:
        """Return the page: counts, buttons, and a table for each section."""
        domain = claims_domain(self.env)
        self.env.note_dependency(str(domain.table.path))
        if self.env.docname not in domain.data["pages"]:
            domain.data["pages"].append(self.env.docname)
        sections = domain.table.sections()
        return [
            summary(sections),
            filter_buttons(domain.table.claims.values()),
            *(self.section(name, claims) for name, claims in sections.items()),
            nodes.raw("", f"<script>\n{FILTER_SCRIPT}</script>", format="html"),
        ]

    def inline(self, text: str) -> list[nodes.Node]:
        """Parse inline markup in the language of the page."""
        found, messages = self.state.inline_text(text, self.lineno)
        return [*found, *messages]

    def cite(self, keys: Iterable[str]) -> list[nodes.Node]:
        """Return sphinxcontrib-bibtex's own nodes for a group of citations."""
        role = self.env.get_domain("cite").role("p")
        assert role is not None
        text = ",".join(keys)
        found, messages = role("cite:p", text, text, self.lineno, self.state.inliner)
        return [*found, *messages]

    def section(self, name: str, claims: list[Claim]) -> nodes.Node:
        """Return one section with its claims as a table."""
        section = nodes.section(ids=[nodes.make_id(f"claims-{name}")])
        self.state.document.note_explicit_target(section, section)
        section += nodes.title("", name)
        # Roles are written out because the table is laid out as cards on a small screen,
        # and some browsers then forget that it is a table.
        head = element("tr", role="row")
        for text in ("Claim", "What the article says", "What the evidence says"):
            head += cell("th", text, role="columnheader", scope="col")
        body = element("tbody", role="rowgroup")
        for claim in claims:
            body += self.row(claim)
        section += element(
            "table",
            cell("caption", f"Claims of the section {name}"),
            element("thead", head, role="rowgroup"),
            body,
            classes=["claims-table"],
            role="table",
        )
        none = cell("p", "No claim of this section has this verdict.", hidden="")
        none["classes"] = ["claims-none"]
        section += html_only("", none)
        return section

    def row(self, claim: Claim) -> nodes.Node:
        """Return one claim as a row."""
        name = cell("span", claim.id, classes=["claims-id"])
        holds = self.inline(claim.correction or "It holds as it stands.")
        row = element(
            "tr",
            element(
                "th",
                name,
                nodes.Text(" "),
                verdict_label(claim.verdict),
                role="rowheader",
                scope="row",
            ),
            element(
                "td",
                nodes.paragraph("", "", *self.inline(claim.claim)),
                self.source(claim),
                role="cell",
                data_label="What the article says",
            ),
            element(
                "td",
                nodes.paragraph("", "", *holds),
                self.evidence(claim),
                treated(claim),
                role="cell",
                data_label="What the evidence says",
            ),
            ids=[claim.anchor],
            classes=[f"claims-{claim.verdict}"],
            role="row",
            data_verdict=claim.verdict,
        )
        self.state.document.note_explicit_target(row, row)
        return row

    def source(self, claim: Claim) -> nodes.Node:
        """Return what the article cites for a claim."""
        note = nodes.paragraph(classes=["claims-note"])
        if claim.article_citation:
            note += nodes.Text("It cites ")
            note += self.cite(claim.article_citation)
        else:
            note += nodes.Text("It gives no source")
        note += nodes.Text(".")
        return note

    def evidence(self, claim: Claim) -> nodes.Node:
        """Return on what the verdict rests."""
        note = nodes.paragraph(classes=["claims-note"])
        note += nodes.strong("", "Evidence:")
        note += nodes.Text(f" {EVIDENCE[claim.evidence]}")
        if claim.citations:
            note += nodes.Text(" ")
            note += self.cite(claim.citations)
        note += nodes.Text(".")
        return note


def treated(claim: Claim) -> nodes.Node:
    """Return where the book treats a claim: a stand-in until all pages have been read."""
    note = nodes.paragraph(classes=["claims-note"])
    note += nodes.strong("", "In this book:")
    note += nodes.Text(" ")
    note += claim_places("", claim=claim.id)
    return note


def summary(sections: dict[str, list[Claim]]) -> nodes.Node:
    """Count the verdicts section by section."""
    total = [claim for claims in sections.values() for claim in claims]
    head = element("tr", cell("th", "Section", scope="col"))
    for verdict in VERDICTS:
        head += element("th", verdict_label(verdict), scope="col")
    head += cell("th", "all", scope="col")
    body = element("tbody")
    for name, claims in sections.items():
        body += _count_row(name, claims)
    foot = element("tfoot", _count_row("Together", total))
    caption = cell("caption", "Verdicts by section")
    return element("table", caption, element("thead", head), body, foot, classes=["claims-summary"])


def _count_row(name: str, claims: list[Claim]) -> markup:
    count = Counter(claim.verdict for claim in claims)
    row = element("tr", cell("th", name, scope="row"))
    for verdict in VERDICTS:
        row += cell("td", str(count[verdict]))
    row += cell("td", str(len(claims)))
    return row


def filter_buttons(claims: Iterable[Claim]) -> nodes.Node:
    """Buttons that show the claims of one verdict; hidden until the script runs."""
    count = Counter(claim.verdict for claim in claims)
    group = element(
        "div",
        classes=["claims-filter"],
        role="group",
        hidden="",
        aria_label="Show claims by verdict",
    )
    group += cell(
        "button", f"all {count.total()}", type="button", data_verdict="", aria_pressed="true"
    )
    for verdict in VERDICTS:
        if count[verdict]:
            group += element(
                "button",
                verdict_label(verdict),
                nodes.Text(f" {count[verdict]}"),
                type="button",
                data_verdict=verdict,
                aria_pressed="false",
            )
    group += element("span", classes=["claims-status"], role="status")
    # Buttons mean nothing on paper: other formats get no part of the filter.
    return html_only("", group)
