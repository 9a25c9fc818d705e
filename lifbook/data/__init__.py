"""Everything the book reads: the one module that opens files under ``data/``.

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

from __future__ import annotations

import csv
import functools
import hashlib
import io
import json
import os
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
from Bio import SeqIO
from Bio.PDB.PDBParser import PDBParser
from Bio.PDB.Structure import Structure

from lifbook.errors import LifbookError

PROJECT = Path(__file__).resolve().parents[2]
DATA = Path(os.environ.get("LIFBOOK_DATA") or PROJECT / "data")
MANIFEST = "datapackage.json"
REFERENCES = "references"
SEQUENCES = "sequences"
RESTORE = "restore the file from the repository, or, if the change is meant, run 'make datapackage'"

_BIB_ENTRY = re.compile(r"^\s*@(\w+)\s*\{\s*([^,\s]+)\s*,", re.MULTILINE)
_AMINO_ACIDS = frozenset("ACDEFGHIKLMNPQRSTVWY")


@dataclass(frozen=True)
class Numbering:
    """How the residues of one chain are numbered.

    Parameters
    ----------
    entry, chain
        PDB code and chain identifier.
    molecule, species
        What the chain is, and of which animal.
    uniprot
        Accession of the precursor's sequence.
    offset
        To be added to the number in the entry to get UniProt's.
    first, last
        First and last residue of the chain in the file, in the entry's numbers.
    """

    entry: str
    chain: str
    molecule: str
    species: str
    uniprot: str
    offset: int
    first: int
    last: int

    def to_uniprot(self, number: int) -> int:
        """UniProt's number of the residue that the entry calls ``number``."""
        return number + self.offset


# --- files and their list ---------------------------------------------------------------


def _folder(folder: Path | str | None) -> Path:
    return Path(folder or os.environ.get("LIFBOOK_DATA") or DATA)


def _shown(path: str) -> str:
    """A path as a reader of an error message knows it: relative to the project."""
    return f"data/{path}"


def _bytes(file: Path, path: str) -> bytes:
    try:
        return file.read_bytes()
    except FileNotFoundError:
        raise LifbookError("the file is missing", file=_shown(path), remedy=RESTORE) from None
    except OSError as error:
        raise LifbookError(
            f"the file cannot be read ({error.strerror})",
            file=_shown(path),
            remedy="look at its permissions and at what lies at this path",
        ) from None


@functools.lru_cache(maxsize=8)
def _parse_manifest(text: bytes) -> Mapping[str, dict[str, Any]]:
    try:
        listed = json.loads(text)["resources"]
        return {resource["name"]: resource for resource in listed}
    except (ValueError, KeyError, TypeError) as error:
        raise LifbookError(
            f"this is not a data package ({error})", file=_shown(MANIFEST), remedy=RESTORE
        ) from None


def _resources(folder: Path | str | None) -> Mapping[str, dict[str, Any]]:
    return _parse_manifest(_bytes(_folder(folder) / MANIFEST, MANIFEST))


def resources(*, folder: Path | str | None = None) -> list[str]:
    """Names of all resources, in the order of the manifest."""
    return list(_resources(folder))


def resource(name: str, *, folder: Path | str | None = None) -> dict[str, Any]:
    """The manifest's entry of one resource: title, licence, sources, schema, sha256.

    Raises
    ------
    LifbookError
        If no resource has this name.
    """
    known = _resources(folder)
    if name not in known:
        raise LifbookError(
            f"no resource is called '{name}'",
            file=_shown(MANIFEST),
            remedy=f"use one of {', '.join(known)}",
        )
    return known[name]


def _contents(name: str, folder: Path | str | None) -> tuple[str, str]:
    """Checked text of a resource, and its path inside the data folder."""
    entry = resource(name, folder=folder)
    path = entry["path"]
    raw = _bytes(_folder(folder) / path, path)
    if "sha256:" + _digest(raw) != entry["hash"]:
        raise LifbookError(
            f"the file is not the one that {MANIFEST} describes: {len(raw)} bytes, expected "
            f"{entry['bytes']}, or other contents",
            file=_shown(path),
            remedy=RESTORE,
        )
    try:
        return raw.decode("utf-8"), path
    except UnicodeDecodeError:
        raise LifbookError("the text is not UTF-8", file=_shown(path), remedy=RESTORE) from None


@functools.lru_cache(maxsize=64)
def _digest(raw: bytes) -> str:
    """SHA-256 of bytes; remembered, because chapters read the same file several times."""
    return hashlib.sha256(raw).hexdigest()


def read_json(name: str, *, folder: Path | str | None = None) -> Any:
    """Contents of a JSON resource.

    Raises
    ------
    LifbookError
        If the resource is unknown, missing, altered, or not JSON.
    """
    text, path = _contents(name, folder)
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise LifbookError(
            f"this is not JSON: {error.msg}",
            file=_shown(path),
            row=error.lineno,
            remedy="mend the syntax at this line",
        ) from None


# --- tables -----------------------------------------------------------------------------

_CASTS: dict[str, tuple[Callable[[str], Any], str]] = {
    "string": (str, "text"),
    "integer": (int, "a whole number"),
    "number": (float, "a number"),
    "boolean": (lambda cell: {"true": True, "false": False}[cell], "true or false"),
}
_DTYPES = {"string": "str", "integer": "int64", "number": "float64", "boolean": "bool"}


def read_table(name: str, *, folder: Path | str | None = None) -> pd.DataFrame:
    """A table of the data package, checked against its schema.

    Units stand in the schema's column descriptions: ``resource(name)["schema"]``.

    Parameters
    ----------
    name
        Resource name, for example ``"claims"``.

    Returns
    -------
    pandas.DataFrame
        One row per row of the file. An empty cell of text is ``""``, an empty number is
        missing (``NaN``; columns of whole numbers with empty cells are ``Int64``).

    Raises
    ------
    LifbookError
        If the file is missing or altered, a column is missing or unknown, a cell has the
        wrong type or breaks a constraint, a key occurs twice, a foreign key points to
        nothing, or a citation key is not in ``references.bib``.
    """
    entry = resource(name, folder=folder)
    if "schema" not in entry:
        tables = [key for key, value in _resources(folder).items() if "schema" in value]
        raise LifbookError(
            f"'{name}' is not a table",
            file=_shown(entry["path"]),
            remedy=f"use one of {', '.join(tables)}",
        )
    text, path = _contents(name, folder)
    fields = entry["schema"]["fields"]
    rows = _cells(text, path, fields)
    columns = {
        field["name"]: _column(field, [row[i] for row in rows], path)
        for i, field in enumerate(fields)
    }
    _check_keys(entry["schema"], columns, path)
    _check_foreign_keys(entry["schema"], columns, path, folder)
    for field in fields:
        if field.get("bibKeys"):
            _check_citation_cells(field["name"], columns[field["name"]], path, folder)
    return pd.DataFrame({field["name"]: _series(field, columns) for field in fields})


def _cells(text: str, path: str, fields: list[dict[str, Any]]) -> list[list[str]]:
    """Cells of a CSV file whose header is exactly that of the schema."""
    header, *rows = list(csv.reader(io.StringIO(text))) or [[]]
    wanted = [field["name"] for field in fields]
    for column in wanted:
        if column not in header:
            raise LifbookError(
                "the column is missing", file=_shown(path), column=column,
                remedy=f"the columns are {', '.join(wanted)}",
            )
    if header != wanted:
        raise LifbookError(
            f"the columns are {', '.join(header)}", file=_shown(path), row="header",
            remedy=f"write them as {', '.join(wanted)}",
        )
    for number, row in enumerate(rows, start=1):
        if len(row) != len(wanted):
            raise LifbookError(
                f"{len(row)} cells, expected {len(wanted)}", file=_shown(path), row=number,
                remedy="put cells that contain a comma in double quotes",
            )
    return rows


def _column(field: dict[str, Any], cells: list[str], path: str) -> list[Any]:
    """Values of one column; an empty cell is None."""
    cast, description = _CASTS[field["type"]]
    values: list[Any] = []
    for number, cell in enumerate(cells, start=1):
        if cell == "":
            value = None
        else:
            try:
                value = cast(cell)
            except (ValueError, KeyError):
                raise LifbookError(
                    f"'{cell}' is not {description}", file=_shown(path), row=number,
                    column=field["name"], remedy=f"write {description}",
                ) from None
        _check_constraints(field, value, number, path)
        values.append(value)
    if field.get("constraints", {}).get("unique"):
        _check_unique([field["name"]], [(value,) for value in values], path)
    return values


def _check_constraints(field: dict[str, Any], value: Any, row: int, path: str) -> None:
    """Frictionless constraints of one cell (the ones this package uses)."""
    limits = field.get("constraints", {})

    def refuse(problem: str, remedy: str) -> None:
        raise LifbookError(
            problem, file=_shown(path), row=row, column=field["name"], remedy=remedy
        )

    if value is None:
        if limits.get("required"):
            refuse("the cell is empty", "fill it in")
        return
    if "enum" in limits and value not in limits["enum"]:
        refuse(f"'{value}' is not allowed", f"use one of {', '.join(map(str, limits['enum']))}")
    if "minimum" in limits and value < limits["minimum"]:
        refuse(f"{value} is too small", f"the least allowed value is {limits['minimum']}")
    if "maximum" in limits and value > limits["maximum"]:
        refuse(f"{value} is too large", f"the greatest allowed value is {limits['maximum']}")
    if "pattern" in limits and not re.fullmatch(limits["pattern"], value):
        refuse(f"'{value}' has not the right form", f"it has to match {limits['pattern']}")


def _names(key: str | list[str]) -> list[str]:
    return [key] if isinstance(key, str) else list(key)


def _tuples(columns: Mapping[str, list[Any]], names: list[str]) -> list[tuple[Any, ...]]:
    return list(zip(*(columns[name] for name in names), strict=True))


def _check_keys(schema: dict[str, Any], columns: Mapping[str, list[Any]], path: str) -> None:
    if "primaryKey" in schema:
        names = _names(schema["primaryKey"])
        _check_unique(names, _tuples(columns, names), path)


def _check_unique(names: list[str], values: list[tuple[Any, ...]], path: str) -> None:
    seen: dict[tuple[Any, ...], int] = {}
    for number, value in enumerate(values, start=1):
        if value in seen:
            raise LifbookError(
                f"{', '.join(map(str, value))} stands in row {seen[value]} already",
                file=_shown(path), row=number, column=", ".join(names),
                remedy="remove one of the two rows or change its key",
            )
        seen[value] = number


def _check_foreign_keys(
    schema: dict[str, Any],
    columns: Mapping[str, list[Any]],
    path: str,
    folder: Path | str | None,
) -> None:
    for key in schema.get("foreignKeys", []):
        names = _names(key["fields"])
        target = key["reference"]["resource"]
        there = read_table(target, folder=folder)[_names(key["reference"]["fields"])]
        allowed = set(there.itertuples(index=False, name=None))
        for number, value in enumerate(_tuples(columns, names), start=1):
            if None not in value and value not in allowed:
                raise LifbookError(
                    f"{', '.join(map(str, value))} is not in table '{target}'",
                    file=_shown(path), row=number, column=", ".join(names),
                    remedy=f"use a row of '{target}' or add one there",
                )


def _check_citation_cells(
    name: str, cells: list[Any], path: str, folder: Path | str | None
) -> None:
    known = citation_keys(folder=folder)
    for number, cell in enumerate(cells, start=1):
        for key in (cell or "").split(";"):
            if key and key not in known:
                _refuse_citation(key, file=_shown(path), row=number, column=name)


def _series(field: dict[str, Any], columns: Mapping[str, list[Any]]) -> pd.Series:
    values = columns[field["name"]]
    dtype = _DTYPES[field["type"]]
    if None in values:
        if field["type"] == "string":
            values = [value or "" for value in values]
        elif field["type"] in ("integer", "boolean"):
            dtype = {"integer": "Int64", "boolean": "boolean"}[field["type"]]
    return pd.Series(values, dtype=dtype)


# --- citations --------------------------------------------------------------------------


def citation_keys(*, folder: Path | str | None = None) -> frozenset[str]:
    """All keys of ``references.bib``."""
    text, _ = _contents(REFERENCES, folder)
    return frozenset(key for kind, key in _BIB_ENTRY.findall(text) if kind.lower() != "comment")


def citations(cells: Iterable[str], *, folder: Path | str | None = None) -> pd.DataFrame:
    """Short names and addresses of papers, for text that is no Sphinx page.

    Parameters
    ----------
    cells
        Citation keys joined by ``;``, as in the tables.

    Returns
    -------
    DataFrame
        ``citation`` ("Ernst 2001; Stewart 1992") and ``url``, the DOI or PubMed address of
        the first paper, empty where it has none.

    Raises
    ------
    LifbookError
        An unknown key.
    """
    text, _path = _contents("references", folder)
    entries = dict(re.findall(r"^@\w+\{([^,\s]+),(.*?)^\}", text, flags=re.MULTILINE | re.DOTALL))

    def field(key: str, name: str) -> str:
        found = re.search(rf"^\s*{name}\s*=\s*\{{(.*?)\}},?\s*$", entries[key], flags=re.MULTILINE)
        return found[1] if found else ""

    rows = []
    for cell in cells:
        keys = cell.split(";")
        check_citations(keys, folder=folder)
        # Keys are the first author's name and the year.
        names = "; ".join(re.sub(r"(?<=\D)(\d{4})\w?$", r" \1", key) for key in keys)
        doi, pubmed = field(keys[0], "doi"), field(keys[0], "pubmed") or field(keys[0], "pmid")
        url = f"https://doi.org/{doi}" if doi else ""
        if pubmed and not doi:
            url = f"https://pubmed.ncbi.nlm.nih.gov/{pubmed}/"
        rows.append((names, url))
    return pd.DataFrame(rows, columns=["citation", "url"])


def check_citations(keys: Iterable[str], *, folder: Path | str | None = None) -> None:
    """Raise :class:`lifbook.LifbookError` on the first key not in ``references.bib``."""
    known = citation_keys(folder=folder)
    for key in keys:
        if key not in known:
            _refuse_citation(key, file=_shown("references.bib"))


def _refuse_citation(key: str, **place: Any) -> None:
    raise LifbookError(
        f"no reference has the citation key '{key}'",
        remedy="correct the key or add the reference to data/references.bib",
        **place,
    )


# --- structures and sequences -----------------------------------------------------------


def _entry_resource(entry: str, folder: Path | str | None) -> str:
    """Name of the resource that holds the coordinates of a PDB entry."""
    known = {
        value["entry"]: name for name, value in _resources(folder).items() if "entry" in value
    }
    if entry.upper() not in known:
        raise LifbookError(
            f"no coordinates of PDB entry '{entry}'",
            file=_shown(MANIFEST),
            remedy=f"use one of {', '.join(known)}",
        )
    return known[entry.upper()]


def read_pdb_text(entry: str, *, folder: Path | str | None = None) -> str:
    """Coordinates of a PDB entry as text in PDB format.

    Parameters
    ----------
    entry
        PDB code, for example ``"2Q7N"``; capitals or not.

    Raises
    ------
    LifbookError
        If the entry is not in the package, or its file is missing, altered or cut short.
    """
    name = _entry_resource(entry, folder)
    text, path = _contents(name, folder)
    lines = text.splitlines()
    if not lines or lines[-1].strip() != "END":
        raise LifbookError(
            "the file is cut short: its last line is not END",
            file=_shown(path), row=len(lines), remedy=RESTORE,
        )
    atoms = sum(line.startswith(("ATOM  ", "HETATM")) for line in lines)
    expected = resource(name, folder=folder)["atoms"]
    if atoms != expected:
        raise LifbookError(
            f"{atoms} atoms, expected {expected}", file=_shown(path), remedy=RESTORE
        )
    return text


def read_structure(entry: str, *, folder: Path | str | None = None) -> Structure:
    """A PDB entry as a Biopython structure (coordinates and B factors in Å and Å²).

    The whole file is read: chains, sugars, every model. Each call gives a new object,
    so that a chapter may change it.

    Raises
    ------
    LifbookError
        As :func:`read_pdb_text`.
    """
    text = read_pdb_text(entry, folder=folder)
    return PDBParser(QUIET=True).get_structure(entry.upper(), io.StringIO(text))


def read_sequence(accession: str, *, folder: Path | str | None = None) -> str:
    """Amino-acid sequence (one-letter code) of a UniProt precursor, for example P15018.

    Raises
    ------
    LifbookError
        If the accession is not in the file, or its sequence has other letters than the
        twenty amino acids.
    """
    text, path = _contents(SEQUENCES, folder)
    known = {
        record.id.split("|")[0]: str(record.seq)
        for record in SeqIO.parse(io.StringIO(text), "fasta")
    }
    if accession not in known:
        raise LifbookError(
            f"no sequence has the accession '{accession}'",
            file=_shown(path),
            remedy=f"use one of {', '.join(known)}",
        )
    for position, letter in enumerate(known[accession], start=1):
        if letter not in _AMINO_ACIDS:
            raise LifbookError(
                f"'{letter}' at position {position} of {accession} is not an amino acid",
                file=_shown(path), remedy=RESTORE,
            )
    return known[accession]


def numbering(entry: str, chain: str, *, folder: Path | str | None = None) -> Numbering:
    """Molecule, species and numbering of one chain.

    Examples
    --------
    >>> numbering("2Q7N", "B").to_uniprot(156)
    178

    Raises
    ------
    LifbookError
        If the entry or the chain is not in the table ``numbering``.
    """
    table = read_table("numbering", folder=folder)
    path = _shown(resource("numbering", folder=folder)["path"])
    chains = table[table["entry"] == entry.upper()]
    if chains.empty:
        raise LifbookError(
            f"no entry '{entry}'", file=path, column="entry",
            remedy=f"use one of {', '.join(sorted(set(table['entry'])))}",
        )
    found = chains[chains["chain"] == chain]
    if found.empty:
        raise LifbookError(
            f"entry {entry.upper()} has no chain '{chain}'", file=path, column="chain",
            remedy=f"use one of {', '.join(chains['chain'])}",
        )
    row = found.iloc[0]
    return Numbering(
        **{
            name: int(row[name]) if name in ("offset", "first", "last") else str(row[name])
            for name in Numbering.__dataclass_fields__
        }
    )


# --- Checks of tables that are handed in -----------------------------------------------


def check_columns(table: pd.DataFrame, *columns: str) -> None:
    """Raise LifbookError where a table lacks a column that a figure needs."""
    for column in columns:
        if column not in table:
            raise LifbookError(
                f"the table has no column '{column}'", column=column,
                remedy=f"use one with {', '.join(columns)}",
            )
