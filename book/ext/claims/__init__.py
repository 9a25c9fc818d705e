"""Sphinx extension: claims of a source text, where they are treated, and what holds.

A book that retells a source text keeps a table of the claims of that text (CSV). This
extension ties the table to the book and back:

``{claim}`S12```
    A role that marks where a claim is treated; several ids are parted by semicolons
    (``{claim}`S12;S13```). It is shown as a small badge that links to the claim's entry.
``{claims-table}``
    A directive that writes the page of all claims: verdicts, corrections, kind of evidence,
    citations (sphinxcontrib-bibtex) and links to every place that treats the claim.

Each build checks the two against each other. A table that is wrong in itself (duplicate id,
unknown verdict, unknown citation key and so on) stops the build with an ``ExtensionError``.
What is wrong between table and pages (a claim treated nowhere, an unknown id) is a warning of
type ``lif_claims``, so that a draft can still be looked at; ``-W`` makes it an error. The
checks run on every build, also when no page has changed, so a second run cannot pass by
accident.

Configuration
-------------
lif_claims_table : str
    Path of the CSV, relative to the configuration directory. Columns: see ``COLUMNS``.
lif_claims_bib : list of str
    BibTeX files whose keys the table may cite. Empty: those of ``bibtex_bibfiles``.
lif_claims_pages : list of str
    Docnames of finished chapters. Empty: every page that the table of contents reaches.
    The claims of a finished chapter must be treated in it; other pages are drafts.

The extension also registers two styles for sphinxcontrib-bibtex: ``author_year_list``
(``bibtex_default_style``) for the list of references, with author-year labels and titles in the
case of the BibTeX file, and ``author_year_round`` (``bibtex_reference_style``) for citations in
the text, such as "(Huyton et al., 2007)".
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar, NamedTuple

from docutils import nodes
from pybtex.database import parse_file
from pybtex.plugin import register_plugin
from pybtex.style import template as bib
from pybtex.style.formatting.unsrt import Style as UnsortedStyle
from pybtex.style.labels import BaseLabelStyle
from sphinx.application import Sphinx
from sphinx.domains import Domain
from sphinx.environment import BuildEnvironment
from sphinx.errors import ExtensionError
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective, SphinxRole
from sphinx.util.nodes import make_refnode
from sphinxcontrib.bibtex.plugin import register_plugin as register_reference_style
from sphinxcontrib.bibtex.style.referencing import BracketStyle, PersonStyle
from sphinxcontrib.bibtex.style.referencing.author_year import AuthorYearReferenceStyle
from sphinxcontrib.bibtex.style.template import join as join_names

logger = logging.getLogger(__name__)

COLUMNS = (
    "id",  # letters, digits and hyphens, for example S12
    "section",  # heading under which the page groups the claim
    "claim",  # what the source text says (inline Markdown)
    "article_citation",  # keys that the source text gives, parted by ";", or empty
    "verdict",
    "evidence",
    "correction",  # what holds instead (inline Markdown); may be empty if correct
    "citations",  # keys of the evidence, parted by ";"
    "chapter",  # docname of the chapter that must treat the claim
)
# Symbols stand beside the word, so that a verdict is never told by colour alone.
VERDICTS = {"correct": "✓", "imprecise": "≈", "doubtful": "?", "wrong": "✗"}
EVIDENCE = {
    "computed": "computed in this book",
    "primary": "primary source",
    "review": "review",
}
CSS_FILE = "claims.css"


# --------------------------------------------------------------------------- the table


@dataclass(frozen=True)
class Claim:
    """One row of the claims table."""

    id: str
    section: str
    claim: str
    article_citation: tuple[str, ...]
    verdict: str
    evidence: str
    correction: str
    citations: tuple[str, ...]
    chapter: str
    row: int  # 1 is the first row of data

    @property
    def anchor(self) -> str:
        """Anchor of the claim's entry on the claims page."""
        return f"claim-{self.id}"


@dataclass(frozen=True)
class ClaimsTable:
    """The checked table: claims in the order of the file, by id."""

    file: str
    path: str
    claims: dict[str, Claim] = field(default_factory=dict)

    def sections(self) -> dict[str, list[Claim]]:
        """Claims grouped by section, in the order of the file."""
        groups: dict[str, list[Claim]] = {}
        for claim in self.claims.values():
            groups.setdefault(claim.section, []).append(claim)
        return groups


def _message(file: str, problem: str, remedy: str, row: int | None = None, claim: str = "") -> str:
    """Say what is wrong, where, and what to do: the same form as lifbook's errors."""
    where = file + (f", row {row}" if row else "") + (f", claim {claim}" if claim else "")
    return f"{where}: {problem}. What to do: {remedy}."


def _split(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(";") if part.strip())


def read_table(path: Path, file: str, keys: Iterable[str]) -> ClaimsTable:
    """Read the claims table and check it.

    Parameters
    ----------
    path
        The CSV file (UTF-8, with a header).
    file
        Name of the file for messages.
    keys
        Citation keys that the table may use.

    Raises
    ------
    sphinx.errors.ExtensionError
        The file or a column is missing, or rows are wrong; the message lists every problem
        with file, row, claim and remedy.
    """
    if not path.is_file():
        raise ExtensionError(
            _message(file, "there is no such file", "set lif_claims_table to the claims table")
        )
    with path.open(encoding="utf-8-sig", newline="") as stream:
        reader = csv.DictReader(stream, strict=True)
        try:
            header, rows = list(reader.fieldnames or ()), list(reader)
        except (csv.Error, UnicodeDecodeError) as error:
            raise ExtensionError(
                _message(file, f"not a CSV file in UTF-8 ({error})", "save it again as such")
            ) from error
    missing = [column for column in COLUMNS if column not in header]
    if missing:
        raise ExtensionError(
            _message(
                file,
                f"missing column {', '.join(missing)}",
                f"give the table the columns {', '.join(COLUMNS)}",
            )
        )

    known = set(keys)
    claims: dict[str, Claim] = {}
    problems: list[str] = []
    for number, raw in enumerate(rows, start=1):
        # A row with a cell too many has the key None, one with too few the value None.
        cells = {c: (raw[c] or "").strip() for c in COLUMNS}
        ragged = None in raw or None in raw.values()
        problems += [
            _message(file, problem, remedy, number, cells["id"])
            for problem, remedy in _row_problems(cells, ragged, claims, known)
        ]
        claims.setdefault(
            cells["id"],
            Claim(
                **{
                    **cells,
                    "article_citation": _split(cells["article_citation"]),
                    "citations": _split(cells["citations"]),
                },
                row=number,
            ),
        )
    if problems:
        raise ExtensionError("\n".join(["the claims table has errors:", *problems]))
    return ClaimsTable(file, str(path), claims)


def _row_problems(
    cells: dict[str, str], ragged: bool, earlier: dict[str, Claim], known: set[str]
) -> Iterator[tuple[str, str]]:
    """Yield (problem, remedy) for one row."""
    if ragged:
        yield (
            "the row has not as many cells as the header",
            "put cells that hold a comma into double quotes",
        )
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9-]*", cells["id"]):
        yield f"{cells['id']!r} is no id", "use a letter, then letters, digits or hyphens"
    elif cells["id"] in earlier:
        yield (
            f"the id {cells['id']} stands in row {earlier[cells['id']].row} too",
            "give each claim an id of its own",
        )
    for column in ("section", "claim", "chapter"):
        if not cells[column]:
            yield f"the cell of column {column} is empty", "fill it in"
    for column, allowed in (("verdict", VERDICTS), ("evidence", EVIDENCE)):
        if cells[column] not in allowed:
            yield f"unknown {column} {cells[column]!r}", f"use one of {', '.join(allowed)}"
    if not cells["correction"] and cells["verdict"] != "correct":
        yield (
            f"the verdict is {cells['verdict']!r}, but the correction is empty",
            "write what holds instead",
        )
    if not _split(cells["citations"]) and cells["evidence"] in ("primary", "review"):
        yield (
            f"the evidence is {EVIDENCE[cells['evidence']]!r}, but citations is empty",
            "name the key of the paper",
        )
    for column in ("article_citation", "citations"):
        for key in _split(cells[column]):
            if key not in known:
                yield (
                    f"unknown citation key {key!r} in column {column}",
                    "add the entry to the BibTeX file or mend the key",
                )


# ------------------------------------------------------------------- marks in the text


class claim_mark(nodes.Inline, nodes.Element):
    """Place in the text that treats a claim; becomes a badge in the post-transform."""


class claim_places(nodes.General, nodes.Element):
    """Stand-in on the claims page for the links to the places that treat a claim."""


class markup(nodes.General, nodes.Element):
    """An HTML element; other formats show only what it contains.

    Attributes: ``tag``, ``attributes`` (dict) and docutils' own ids and classes.
    """


def _markup(tag: str, *children: nodes.Node, **options: Any) -> markup:
    ids, classes = options.pop("ids", []), options.pop("classes", [])
    attributes = {name.replace("_", "-"): value for name, value in options.items()}
    node = markup("", tag=tag, attributes=attributes, ids=ids, classes=classes)
    node += list(children)
    return node


def _visit_markup(translator: Any, node: markup) -> None:
    translator.body.append(translator.starttag(node, node["tag"], "", **node["attributes"]))


def _depart_markup(translator: Any, node: markup) -> None:
    # A line break after a span would be a space in the text.
    translator.body.append(f"</{node['tag']}>" + ("" if node["tag"] == "span" else "\n"))


def _pass(translator: Any, node: nodes.Element) -> None:
    """Show only the children of a node.

    A mark in a heading is copied into tables of contents, where it is never made a badge: it
    has no children and so shows nothing there.
    """


class Mark(NamedTuple):
    """A place that treats a claim (or means to: unknown ids are kept for the check)."""

    claim: str
    anchor: str
    section: str  # heading under which it stands; empty directly under the page's title
    line: int


class ClaimRole(SphinxRole):
    """Role ``claim``: marks where claims are treated."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        domain = claims_domain(self.env)
        # The badge shows the verdict, so the page is out of date when the table changes.
        self.env.note_dependency(domain.table.path)
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
    initial_data: ClassVar[dict[str, Any]] = {
        "marks": {},  # docname -> list of Mark
        "pages": [],  # docnames that hold the claims table
        "linked": None,  # what the links were made from when they were last written
    }
    table: ClaimsTable  # set when the builder is ready

    def clear_doc(self, docname: str) -> None:
        self.data["marks"].pop(docname, None)
        if docname in self.data["pages"]:
            self.data["pages"].remove(docname)

    def merge_domaindata(self, docnames: Iterable[str], otherdata: dict[str, Any]) -> None:
        for docname in docnames:
            if docname in otherdata["marks"]:
                self.data["marks"][docname] = otherdata["marks"][docname]
            if docname in otherdata["pages"] and docname not in self.data["pages"]:
                self.data["pages"].append(docname)

    def process_doc(
        self, env: BuildEnvironment, docname: str, document: nodes.document
    ) -> None:
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


# --------------------------------------------------------------------- the claims page


class ClaimsTableDirective(SphinxDirective):
    """Directive ``claims-table``: the whole table as a page."""

    has_content = False

    def run(self) -> list[nodes.Node]:
        domain = claims_domain(self.env)
        self.env.note_dependency(domain.table.path)
        if self.env.docname not in domain.data["pages"]:
            domain.data["pages"].append(self.env.docname)
        sections = domain.table.sections()
        body = [self.summary(sections), self.filter(list(domain.table.claims.values()))]
        body += [self.section(name, claims) for name, claims in sections.items()]
        body.append(nodes.raw("", f"<script>{FILTER_SCRIPT}</script>", format="html"))
        return body

    def inline(self, text: str) -> list[nodes.Node]:
        """Parse inline markup in the language of the page."""
        found, messages = self.state.inline_text(text, self.lineno)
        return [*found, *messages]

    def cite(self, keys: Iterable[str]) -> list[nodes.Node]:
        """Return sphinxcontrib-bibtex's own nodes for a group of citations."""
        role = self.env.get_domain("cite").role("p")
        text = ",".join(keys)
        found, messages = role("cite:p", text, text, self.lineno, self.state.inliner)
        return [*found, *messages]

    def summary(self, sections: dict[str, list[Claim]]) -> nodes.Node:
        """Count the verdicts section by section."""
        total = [claim for claims in sections.values() for claim in claims]
        head = _markup("tr", _cell("th", "Section", scope="col"))
        for verdict in VERDICTS:
            head += _markup("th", _verdict(verdict), scope="col")
        head += _cell("th", "all", scope="col")
        body = _markup("tbody")
        for name, claims in sections.items():
            body += _count_row(name, claims)
        foot = _markup("tfoot", _count_row("Together", total))
        caption = _cell("caption", "Verdicts by section")
        return _markup("table", caption, _markup("thead", head), body, foot,
                       classes=["claims-summary"])

    def filter(self, claims: list[Claim]) -> nodes.Node:
        """Buttons that show the claims of one verdict; hidden until the script runs."""
        count = Counter(claim.verdict for claim in claims)
        group = _markup("div", classes=["claims-filter"], role="group", hidden="",
                        aria_label="Show claims by verdict")
        group += _markup("button", nodes.Text(f"all {len(claims)}"), type="button",
                         data_verdict="", aria_pressed="true")
        for verdict in VERDICTS:
            if count[verdict]:
                group += _markup("button", _verdict(verdict), nodes.Text(f" {count[verdict]}"),
                                 type="button", data_verdict=verdict, aria_pressed="false")
        group += _markup("span", classes=["claims-status"], role="status")
        # Buttons mean nothing on paper: other formats get no part of the filter.
        return _HtmlOnly("", group)

    def section(self, name: str, claims: list[Claim]) -> nodes.Node:
        """Return one section with its claims as a table."""
        section = nodes.section(ids=[nodes.make_id(f"claims-{name}")])
        self.state.document.note_explicit_target(section, section)
        section += nodes.title("", name)
        # Roles are written out because the table is laid out as cards on a small screen,
        # and some browsers then forget that it is a table.
        head = _markup("tr", role="row")
        for text in ("Claim", "What the article says", "What the evidence says"):
            head += _cell("th", text, role="columnheader", scope="col")
        body = _markup("tbody", role="rowgroup")
        for claim in claims:
            body += self.row(claim)
        section += _markup("table", _cell("caption", f"Claims of the section {name}"),
                           _markup("thead", head, role="rowgroup"), body,
                           classes=["claims-table"], role="table")
        none = _cell("p", "No claim of this section has this verdict.", hidden="")
        none["classes"] = ["claims-none"]
        section += _HtmlOnly("", none)
        return section

    def row(self, claim: Claim) -> nodes.Node:
        """Return one claim as a row."""
        said = nodes.paragraph("", "", *self.inline(claim.claim))
        source = nodes.paragraph(classes=["claims-note"])
        if claim.article_citation:
            source += nodes.Text("It cites ")
            source += self.cite(claim.article_citation)
        else:
            source += nodes.Text("It gives no source")
        source += nodes.Text(".")

        evidence = nodes.paragraph(classes=["claims-note"])
        evidence += nodes.strong("", "Evidence:")
        evidence += nodes.Text(f" {EVIDENCE[claim.evidence]}")
        if claim.citations:
            evidence += nodes.Text(" ")
            evidence += self.cite(claim.citations)
        evidence += nodes.Text(".")
        places = nodes.paragraph(classes=["claims-note"])
        places += nodes.strong("", "In this book:")
        places += nodes.Text(" ")
        places += claim_places("", claim=claim.id)

        head = _markup("th", _markup("span", nodes.Text(claim.id), classes=["claims-id"]),
                       nodes.Text(" "), _verdict(claim.verdict), role="rowheader", scope="row")
        row = _markup(
            "tr",
            head,
            _markup("td", said, source, role="cell", data_label="What the article says"),
            _markup(
                "td",
                nodes.paragraph("", "", *self.inline(claim.correction or "It holds as it stands.")),
                evidence,
                places,
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


class _HtmlOnly(nodes.General, nodes.Element):
    """Part of the page that only HTML shows."""


def _cell(tag: str, text: str, **attributes: Any) -> markup:
    return _markup(tag, nodes.Text(text), **attributes)


def _verdict(verdict: str) -> nodes.Node:
    """Return a verdict as word and symbol; only the word is read aloud."""
    symbol = _markup("span", nodes.Text(VERDICTS[verdict]), aria_hidden="true")
    return _markup("span", symbol, nodes.Text(f" {verdict}"),
                   classes=["claims-verdict", f"claims-{verdict}"])


def _count_row(name: str, claims: list[Claim]) -> markup:
    count = Counter(claim.verdict for claim in claims)
    row = _markup("tr", _cell("th", name, scope="row"))
    for verdict in VERDICTS:
        row += _cell("td", str(count[verdict]))
    row += _cell("td", str(len(claims)))
    return row


# The script stands in the page itself: Jupyter Book loads every file under _static on every
# page. Without it the buttons stay hidden and all claims are shown.
FILTER_SCRIPT = """
(() => {
  const group = document.querySelector(".claims-filter");
  const buttons = [...group.querySelectorAll("button")];
  const status = group.querySelector("[role=status]");
  const rows = [...document.querySelectorAll(".claims-table tbody tr")];
  const show = (verdict) => {
    for (const b of buttons) b.setAttribute("aria-pressed", b.dataset.verdict === verdict);
    for (const r of rows) r.hidden = verdict !== "" && r.dataset.verdict !== verdict;
    for (const table of document.querySelectorAll(".claims-table")) {
      table.hidden = !table.querySelector("tbody tr:not([hidden])");
      table.parentNode.querySelector(".claims-none").hidden = !table.hidden;
    }
    const shown = rows.filter((r) => !r.hidden).length;
    status.textContent = `${shown} of ${rows.length} claims shown`;
  };
  for (const b of buttons) b.addEventListener("click", () => show(b.dataset.verdict));
  // A link to a claim that the filter hides shows everything again.
  addEventListener("hashchange", () => {
    const row = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (row && row.hidden) { show(""); row.scrollIntoView(); }
  });
  group.hidden = false;
})();
"""


class ClaimsTransform(SphinxPostTransform):
    """Turn marks into badges, and stand-ins on the claims page into links back.

    It runs when a page is written, because only then is it known where everything stands.
    """

    default_priority = 4  # before the resolution of references (bibtex 5, Sphinx 10)

    def run(self, **kwargs: Any) -> None:
        domain = claims_domain(self.env)
        order = reading_order(self.env)
        page = next((name for name in order if name in domain.data["pages"]), None)
        for mark in list(self.document.findall(claim_mark)):
            mark.replace_self(self.badge(mark, domain, page))
        places = domain.places(order)
        for node in list(self.document.findall(claim_places)):
            node.replace_self(self.links(places.get(node["claim"], [])))
        if self.app.builder.format != "html":
            for node in list(self.document.findall(_HtmlOnly)):
                node.parent.remove(node)

    def badge(self, mark: claim_mark, domain: ClaimsDomain, page: str | None) -> nodes.Node:
        claim = domain.table.claims.get(mark["claim"])
        badge = nodes.inline(classes=["claim-mark"], ids=mark["ids"])
        if claim is None:  # the check has warned of it
            badge += nodes.Text(f"claim {mark['claim']}?")
            return badge
        badge["classes"].append(f"claims-{claim.verdict}")
        # The words for screen readers are part of the content, not an aria-label, so that the
        # name of the link contains what is to be seen (WCAG 2.5.3).
        label = [
            nodes.inline("", "claim ", classes=["claim-words"]),
            nodes.Text(claim.id),
            nodes.inline("", f": {claim.verdict}", classes=["claim-words"]),
            _markup("span", nodes.Text(VERDICTS[claim.verdict]), aria_hidden="true"),
        ]
        if page is None:
            badge += label
            return badge
        title = f"Claim {claim.id}, {claim.verdict}: {claim.claim}"
        link = make_refnode(self.app.builder, self.env.docname, page, claim.anchor,
                            label[0], title)
        link += label[1:]
        badge += link
        return badge

    def links(self, places: list[tuple[str, Mark]]) -> list[nodes.Node]:
        if not places:
            return [nodes.Text("the chapter is not finished yet.")]
        found: list[nodes.Node] = []
        for number, (docname, mark) in enumerate(places, start=1):
            text = self.env.titles[docname].astext()
            text += f", {mark.section}" if mark.section else ""
            text = f"{number}. {text}" if len(places) > 1 else text
            link = make_refnode(self.app.builder, self.env.docname, docname, mark.anchor,
                                nodes.Text(text))
            found += [nodes.Text("; ") if found else nodes.Text(""), link]
        return [*found, nodes.Text(".")]


# ------------------------------------------------------------------------------ events


def load_table(app: Sphinx) -> None:
    """Read and check the table as soon as the keys of the references are known."""
    domain = claims_domain(app.env)
    confdir = Path(app.confdir)
    if app.config.lif_claims_bib:
        keys: set[str] = set()
        for file in app.config.lif_claims_bib:
            if not (confdir / file).is_file():
                raise ExtensionError(
                    _message(file, "there is no such file", "mend lif_claims_bib")
                )
            keys.update(parse_file(str(confdir / file)).entries.keys())
    else:
        keys = set(app.env.get_domain("cite").data["bibdata"].data.entries.keys())
    file = app.config.lif_claims_table
    domain.table = read_table((confdir / file).resolve(), file, keys)


def check(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Check pages against the table; return the pages whose links must be written again.

    Sphinx calls this on every build, also when no page was read.
    """
    domain = claims_domain(env)
    table = domain.table
    order = reading_order(env)
    for docname in order:
        for mark in domain.data["marks"].get(docname, ()):
            if mark.claim not in table.claims:
                _warn(
                    _message(
                        table.file,
                        f"no claim {mark.claim!r}, which {docname} treats",
                        "mend the id in the claim role or add a row to the table",
                    ),
                    "unknown",
                    (docname, mark.line or None),
                )

    places = domain.places(order)
    finished = set(app.config.lif_claims_pages) or set(order)
    waiting: Counter[str] = Counter()
    for claim in table.claims.values():
        treated = {docname for docname, _ in places.get(claim.id, ())}
        if claim.chapter not in finished:
            waiting[claim.chapter] += 1
        elif claim.chapter not in treated:
            elsewhere = f" (only in {', '.join(sorted(treated))})" if treated else ""
            _warn(
                _message(
                    table.file,
                    f"the claim is not treated in {claim.chapter}{elsewhere}",
                    f"put {{claim}}`{claim.id}` where {claim.chapter} treats it",
                    claim.row,
                    claim.id,
                ),
                "untreated",
            )
    for chapter, count in waiting.items():
        logger.info("%s: %d claims wait for %s", table.file, count, chapter)

    pages = [name for name in order if name in domain.data["pages"]]
    if places and not pages:
        _warn(
            _message(
                table.file,
                "no page shows the claims",
                "put the claims-table directive on a page of the table of contents",
            ),
            "page",
        )
    if len(pages) > 1:
        _warn(
            _message(
                table.file,
                f"several pages show the claims ({', '.join(pages)})",
                "keep the claims-table directive on one of them",
            ),
            "page",
        )

    titles = {name: env.titles[name].astext() for name in order if name in domain.data["marks"]}
    cite = env.get_domain("cite").data
    cited = {target.key for reference in cite["citation_refs"] for target in reference.targets}
    linked = {"pages": pages, "places": places, "titles": titles, "cited": cited}
    before, domain.data["linked"] = domain.data["linked"] or {}, linked

    def differ(*names: str) -> bool:
        return any(before.get(name) != linked[name] for name in names)

    stale = set(pages) if differ("places", "titles") else set()
    if differ("pages"):
        stale.update(pages, titles)
    if differ("cited"):  # the list of references holds what is cited, also from other pages
        stale.update(key.docname for key in cite["bibliographies"])
    return sorted(stale)


def _warn(message: str, subtype: str, location: tuple[str, int | None] | None = None) -> None:
    logger.warning(message, type="lif_claims", subtype=subtype, location=location)


def add_css(
    app: Sphinx, pagename: str, template: str, context: dict[str, Any], doctree: Any
) -> None:
    """Add the style sheet to the pages that hold marks, table or references, and to no other."""
    data = claims_domain(app.env).data
    bibliographies = app.env.get_domain("cite").data["bibliographies"]
    pages = {*data["marks"], *data["pages"], *(key.docname for key in bibliographies)}
    if pagename in pages:
        app.add_css_file(CSS_FILE)


# ------------------------------------------------------------- style of the references


class AuthorYearLabels(BaseLabelStyle):
    """Labels such as "Huyton et al., 2007", with a, b ... where two are alike."""

    def format_labels(self, sorted_entries: Iterable[Any]) -> Iterator[str]:
        labels = [self.label(entry) for entry in sorted_entries]
        count, used = Counter(labels), Counter()
        for label in labels:
            suffix = chr(ord("a") + used[label]) if count[label] > 1 else ""
            used[label] += 1
            yield label + suffix

    @staticmethod
    def label(entry: Any) -> str:
        persons = entry.persons.get("author") or entry.persons.get("editor") or []
        # Rich names are read as LaTeX: accents are set, protecting braces gone.
        names = [
            " ".join(str(part) for part in person.rich_prelast_names + person.rich_last_names)
            for person in persons
        ]
        # BibTeX writes "and others" for names left out: it arrives as a person.
        if len(names) > 2 or names[1:] == ["others"]:
            names = [f"{names[0]} et al."]
        name = " and ".join(names) or entry.key
        return f"{name}, {entry.fields['year']}" if "year" in entry.fields else name


class AuthorYearStyle(UnsortedStyle):
    """List sorted by author and year; titles keep their case (LIF, not lif)."""

    default_name_style = "lastfirst"
    default_sorting_style = "author_year_title"
    default_label_style = "author_year_list"

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"abbreviate_names": True, **options})

    def format_title(self, e: Any, which_field: str, as_sentence: bool = True) -> Any:
        title = bib.field(which_field)
        return bib.sentence[title] if as_sentence else title

    def format_pubmed(self, e: Any) -> Any:
        # The usual name of the field is pmid; pybtex knows only pubmed.
        number = bib.field("pmid", raw=True)
        address = bib.join["https://pubmed.ncbi.nlm.nih.gov/", number, "/"]
        return bib.href(address)[bib.join["PMID:", number]]


@bib.node
def cited_names(children: Any, data: dict[str, Any], role: str, **separators: Any) -> Any:
    """Names of a citation in the text: "and others" becomes "et al." too."""
    persons = data["entry"].persons.get(role)
    if not persons:
        raise bib.FieldIsMissing(role, data["entry"])
    style = data["style"].person
    names = [style.style_plugin.format(person, style.abbreviate) for person in persons]
    if len(persons) == 2 and str(persons[1]) == "others":
        names.append(names[1])  # from three names on they are abbreviated
    return join_names(**separators)[names].format_data(data)


class CitedPersons(PersonStyle):
    """Persons of a citation in the text."""

    def _separators(self, full: bool) -> dict[str, Any]:
        other = None if full else self.other
        return {"sep": self.sep, "sep2": self.sep2, "last_sep": self.last_sep, "other": other}

    def names(self, role: str, full: bool) -> Any:
        return cited_names(role=role, **self._separators(full))

    def author_or_editor_or_title(self, full: bool) -> Any:
        separators = self._separators(full)
        return bib.first_of[
            bib.optional[cited_names(role="author", **separators)],
            bib.optional[cited_names(role="editor", **separators)],
            bib.tag("em")[bib.field("title")],
        ]


def _round() -> BracketStyle:
    return BracketStyle(left="(", right=")", sep="; ")


class RoundAuthorYearStyle(AuthorYearReferenceStyle):
    """Citations such as "(Huyton et al., 2007; Hudson et al., 1996)"."""

    def __init__(self) -> None:
        super().__init__(
            bracket_parenthetical=_round(), bracket_textual=_round(), person=CitedPersons()
        )


def setup(app: Sphinx) -> dict[str, Any]:
    """Set up the extension; it needs sphinxcontrib.bibtex."""
    register_reference_style(
        "sphinxcontrib.bibtex.style.referencing", "author_year_round", RoundAuthorYearStyle
    )
    register_plugin("pybtex.style.labels", "author_year_list", AuthorYearLabels)
    register_plugin("pybtex.style.formatting", "author_year_list", AuthorYearStyle)
    app.setup_extension("sphinxcontrib.bibtex")
    app.add_config_value("lif_claims_table", "data/claims.csv", "env", types=(str,))
    app.add_config_value("lif_claims_bib", [], "env", types=(list, tuple))
    app.add_config_value("lif_claims_pages", [], "env", types=(list, tuple))
    app.add_domain(ClaimsDomain)
    app.add_role("claim", ClaimRole())
    app.add_directive("claims-table", ClaimsTableDirective)
    others = dict.fromkeys(("latex", "text", "man", "texinfo"), (_pass, _pass))
    app.add_node(markup, html=(_visit_markup, _depart_markup), **others)
    for node in (_HtmlOnly, claim_mark, claim_places):
        app.add_node(node, html=(_pass, _pass), **others)
    app.add_post_transform(ClaimsTransform)
    # After bibtex (500), which reads the BibTeX files in the same event.
    app.connect("builder-inited", load_table, priority=600)
    app.connect("env-updated", check, priority=600)
    app.connect("html-page-context", add_css)
    return {"version": "1.0", "parallel_read_safe": True, "parallel_write_safe": True}
