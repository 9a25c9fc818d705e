"""The table of claims: its columns, and what must hold in each row."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from sphinx.errors import ExtensionError

from book.ext import reading
from lifbook.errors import one_of

COLUMNS = (
    "id",  # letters, digits and hyphens, for example S12
    "section",  # heading under which the page groups the claim
    "claim",  # what the source text says (inline Markdown)
    "article_citation",  # keys that the source text gives, separated by ";", or empty
    "verdict",
    "evidence",
    "correction",  # what holds instead (inline Markdown); may be empty if correct
    "citations",  # keys of the evidence, separated by ";"
    "chapter",  # docname of the chapter that must treat the claim
)
# Symbols stand beside the word, so that a verdict is never told by colour alone.
VERDICTS = {"correct": "✓", "imprecise": "≈", "doubtful": "?", "wrong": "✗"}
EVIDENCE = {"computed": "computed in this book", "primary": "primary source", "review": "review"}


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
    path: Path
    claims: dict[str, Claim] = field(default_factory=dict)

    def sections(self) -> dict[str, list[Claim]]:
        """Claims grouped by section, in the order of the file."""
        groups: dict[str, list[Claim]] = {}
        for claim in self.claims.values():
            groups.setdefault(claim.section, []).append(claim)
        return groups


def message(file: str, problem: str, remedy: str, row: int | None = None, claim: str = "") -> str:
    """Say what is wrong, where, and what to do: the form of lifbook's errors, with the claim."""
    where = file + (f", row {row}" if row else "") + (f", claim {claim}" if claim else "")
    return f"{where}: {problem}. What to do: {remedy}."


def check_table(table: reading.Table, keys: Iterable[str]) -> ClaimsTable:
    """Check the rows of the claims table.

    The schema of the data package has been checked when the table was read. What the page needs
    is checked here too, whatever the schema asks for, and every problem is told at once.

    Parameters
    ----------
    table
        The table as it was read.
    keys
        Citation keys that the table may use.

    Raises
    ------
    sphinx.errors.ExtensionError
        A column is missing, or rows are wrong; the message lists every problem with file, row,
        claim and remedy.
    """
    missing = [column for column in COLUMNS if column not in table.columns]
    if missing:
        raise ExtensionError(
            message(
                table.file,
                f"missing column {', '.join(missing)}",
                f"give the table the columns {', '.join(COLUMNS)}",
            )
        )
    known = set(keys)
    claims: dict[str, Claim] = {}
    problems: list[str] = []
    for number, cells in enumerate(table.rows, start=1):
        problems += [
            message(table.file, problem, remedy, number, cells["id"])
            for problem, remedy in _row_problems(cells, claims, known)
        ]
        claims.setdefault(cells["id"], _claim(cells, number))
    if problems:
        raise ExtensionError("\n".join(["the claims table has errors:", *problems]))
    return ClaimsTable(table.file, table.path, claims)


def _split(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(";") if part.strip())


def _claim(cells: dict[str, str], row: int) -> Claim:
    return Claim(
        id=cells["id"],
        section=cells["section"],
        claim=cells["claim"],
        article_citation=_split(cells["article_citation"]),
        verdict=cells["verdict"],
        evidence=cells["evidence"],
        correction=cells["correction"],
        citations=_split(cells["citations"]),
        chapter=cells["chapter"],
        row=row,
    )


def _row_problems(
    cells: dict[str, str], earlier: dict[str, Claim], known: set[str]
) -> Iterator[tuple[str, str]]:
    """Yield (problem, remedy) for one row."""
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9-]*", cells["id"]):
        yield f"{cells['id']!r} is not an id", "use a letter, then letters, digits or hyphens"
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
            yield f"unknown {column} {cells[column]!r}", one_of(allowed)
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
                    "add the entry to the BibTeX file or correct the key",
                )
