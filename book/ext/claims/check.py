"""What each build checks: the table against itself, and the pages against the table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pybtex.database import parse_file
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.errors import ExtensionError
from sphinx.util import logging

from book.ext import reading
from book.ext.claims.marks import ClaimsDomain, Mark, claims_domain, reading_order
from book.ext.claims.table import ClaimsTable, check_table, message
from lifbook.errors import LifbookError

logger = logging.getLogger(__name__)

CSS_FILE = "claims.css"
Places = Mapping[str, list[tuple[str, Mark]]]


def load_table(app: Sphinx) -> None:
    """Read and check the table as soon as the keys of the references are known."""
    try:
        table = reading.table(app.srcdir, app.config.lif_claims_table)
    except LifbookError as error:
        raise ExtensionError(str(error)) from error
    claims_domain(app.env).table = check_table(table, _citation_keys(app))


def _citation_keys(app: Sphinx) -> set[str]:
    """Keys that the table may cite."""
    if not app.config.lif_claims_bib:
        return set(app.env.get_domain("cite").data["bibdata"].data.entries.keys())
    keys: set[str] = set()
    for file in app.config.lif_claims_bib:
        path = Path(app.confdir) / file
        if not path.is_file():
            raise ExtensionError(message(file, "there is no such file", "correct lif_claims_bib"))
        keys.update(parse_file(str(path)).entries.keys())
    return keys


def check(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Check pages against the table; return the pages whose links must be written again.

    Sphinx calls this on every build, also when no page was read.
    """
    domain = claims_domain(env)
    order = reading_order(env)
    places = domain.places(order)
    pages = [name for name in order if name in domain.data["pages"]]
    finished = set(app.config.lif_claims_pages) or set(order)
    _check_marks(domain.table, order, domain.data["marks"])
    _check_claims(domain.table, places, finished)
    _check_pages(domain.table.file, pages, bool(places))
    titles = {name: env.titles[name].astext() for name in order if name in domain.data["marks"]}
    return _stale(env, domain, {"pages": pages, "places": places, "titles": titles})


def _check_marks(table: ClaimsTable, order: list[str], marks: Mapping[str, list[Mark]]) -> None:
    """Warn of marks whose claim is not in the table."""
    for docname in order:
        for mark in marks.get(docname, ()):
            if mark.claim not in table.claims:
                problem = f"there is no claim {mark.claim!r}, which {docname} marks"
                remedy = "correct the id in the claim role or add a row to the table"
                location = (docname, mark.line or None)
                _warn(message(table.file, problem, remedy), "unknown", location)


def _check_claims(table: ClaimsTable, places: Places, finished: set[str]) -> None:
    """Warn of claims that a finished chapter should treat and does not."""
    waiting: Counter[str] = Counter()
    for claim in table.claims.values():
        treated = {docname for docname, _ in places.get(claim.id, ())}
        if claim.chapter not in finished:
            waiting[claim.chapter] += 1
        elif claim.chapter not in treated:
            elsewhere = f" (only in {', '.join(sorted(treated))})" if treated else ""
            problem = f"the claim is not treated in {claim.chapter}{elsewhere}"
            remedy = f"put {{claim}}`{claim.id}` where {claim.chapter} treats it"
            _warn(message(table.file, problem, remedy, claim.row, claim.id), "untreated")
    for chapter, count in waiting.items():
        claims = "1 claim waits" if count == 1 else f"{count} claims wait"
        logger.info("%s: %s for %s", table.file, claims, chapter)


def _check_pages(file: str, pages: list[str], needed: bool) -> None:
    """Warn where the claims are shown on no page or on several."""
    if needed and not pages:
        problem = "no page shows the claims"
        remedy = "put the claims-table directive on a page of the table of contents"
        _warn(message(file, problem, remedy), "page")
    if len(pages) > 1:
        problem = f"several pages show the claims ({', '.join(pages)})"
        _warn(message(file, problem, "keep the claims-table directive on one of them"), "page")


def _stale(env: BuildEnvironment, domain: ClaimsDomain, linked: dict[str, Any]) -> list[str]:
    """Return the pages whose links no longer fit, and keep what links are made from now."""
    cite = env.get_domain("cite").data
    cited = {target.key for reference in cite["citation_refs"] for target in reference.targets}
    linked = {**linked, "cited": cited}
    before, domain.data["linked"] = domain.data["linked"] or {}, linked

    def differ(*names: str) -> bool:
        return any(before.get(name) != linked[name] for name in names)

    stale = set(linked["pages"]) if differ("places", "titles") else set()
    if differ("pages"):
        stale.update(linked["pages"], linked["titles"])
    if differ("cited"):  # the list of references holds what is cited, also from other pages
        stale.update(key.docname for key in cite["bibliographies"])
    return sorted(stale)


def _warn(text: str, subtype: str, location: tuple[str, int | None] | None = None) -> None:
    logger.warning(text, type="lif_claims", subtype=subtype, location=location)


def add_css(
    app: Sphinx, pagename: str, template: str, context: dict[str, Any], doctree: Any
) -> None:
    """Add the style sheet to the pages that hold marks, table or references, and to no other."""
    data = claims_domain(app.env).data
    bibliographies = app.env.get_domain("cite").data["bibliographies"]
    pages = {*data["marks"], *data["pages"], *(key.docname for key in bibliographies)}
    if pagename in pages:
        app.add_css_file(CSS_FILE)
