"""Sphinx extension: claims of a source text, where they are treated, and what holds.

A book that retells a source text keeps a table of the claims of that text. This extension ties
the table to the book and back:

``{claim}`S12```
    A role that marks where a claim is treated; several ids are separated by semicolons
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
    Name of the table in ``data/datapackage.json``. Columns: see ``table.COLUMNS``.
lif_claims_bib : list of str
    BibTeX files whose keys the table may cite, relative to the configuration directory. Empty:
    those of ``bibtex_bibfiles``.
lif_claims_pages : list of str
    Docnames of finished chapters. Empty: every page that the table of contents reaches.
    The claims of a finished chapter must be treated in it; other pages are drafts.
"""

from __future__ import annotations

from typing import Any

from sphinx.application import Sphinx

from book.ext.claims.check import add_css, check, load_table
from book.ext.claims.elements import add_nodes
from book.ext.claims.marks import ClaimRole, ClaimsDomain, ClaimsTransform
from book.ext.claims.page import ClaimsTableDirective


def setup(app: Sphinx) -> dict[str, Any]:
    """Set up the extension; it needs sphinxcontrib.bibtex."""
    app.setup_extension("sphinxcontrib.bibtex")
    app.add_config_value("lif_claims_table", "claims", "env", types=(str,))
    app.add_config_value("lif_claims_bib", [], "env", types=(list, tuple))
    app.add_config_value("lif_claims_pages", [], "env", types=(list, tuple))
    app.add_domain(ClaimsDomain)
    app.add_role("claim", ClaimRole())
    app.add_directive("claims-table", ClaimsTableDirective)
    add_nodes(app)
    app.add_post_transform(ClaimsTransform)
    # After bibtex (500), which reads the BibTeX files in the same event.
    app.connect("builder-inited", load_table, priority=600)
    app.connect("env-updated", check, priority=600)
    app.connect("html-page-context", add_css)
    return {"version": "1.0", "parallel_read_safe": True, "parallel_write_safe": True}
