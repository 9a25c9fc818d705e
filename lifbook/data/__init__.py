"""Everything the book reads: the one place that opens files under ``data/``.

``data/datapackage.json`` (a Frictionless Data Package) lists each file with its size,
SHA-256 and, for tables, its columns. Nothing is handed out before it has been checked
against that list, so a chapter never computes from an altered file. The checks are done
here, without the frictionless library, so that they also run where only the chapters'
own packages are installed; the tests check the package a second time with frictionless.

Every function takes ``folder``, the data folder to read, for tests and for teachers who
keep their own copy. Without it the environment variable ``LIFBOOK_DATA`` is used, and
without that the ``data/`` folder of the project.

All bad input raises :class:`lifbook.LifbookError`, naming file, row, column and remedy.
"""

from lifbook.data.package import DATA, MANIFEST, PROJECT, RESTORE, read_json, resource, resources
from lifbook.data.papers import REFERENCES, check_citations, citation_keys, citations
from lifbook.data.structures import (
    SEQUENCES,
    Numbering,
    numbering,
    read_pdb_text,
    read_sequence,
    read_structure,
)
from lifbook.data.tables import check_columns, read_table, records

__all__ = [
    "DATA",
    "MANIFEST",
    "PROJECT",
    "REFERENCES",
    "RESTORE",
    "SEQUENCES",
    "Numbering",
    "check_citations",
    "check_columns",
    "citation_keys",
    "citations",
    "numbering",
    "read_json",
    "read_pdb_text",
    "read_sequence",
    "read_structure",
    "read_table",
    "records",
    "resource",
    "resources",
]
