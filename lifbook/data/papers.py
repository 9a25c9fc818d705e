"""Papers that the data and the texts cite: the keys of ``references.bib``."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable
from pathlib import Path

import pandas as pd

from lifbook.data.package import contents, shown
from lifbook.errors import LifbookError

REFERENCES = "references"

_BIB_ENTRY = re.compile(r"^\s*@(\w+)\s*\{\s*([^,\s]+)\s*,", re.MULTILINE)


def citation_keys(*, folder: Path | str | None = None) -> frozenset[str]:
    """All keys of ``references.bib``.

    Raises
    ------
    LifbookError
        If the file is missing or altered.

    Examples
    --------
    >>> "Gearing1992" in citation_keys()
    True
    """
    text, _ = contents(REFERENCES, folder)
    return frozenset(key for kind, key in _BIB_ENTRY.findall(text) if kind.lower() != "comment")


def citations(cells: Iterable[str], *, folder: Path | str | None = None) -> pd.DataFrame:
    """Short names and addresses of papers, for text outside a Sphinx page.

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

    Examples
    --------
    >>> citations(["Gearing1992;Hilton1988"]).iloc[0].tolist()
    ['Gearing 1992; Hilton 1988', 'https://doi.org/10.1126/science.1542794']
    """
    text, _path = contents("references", folder)
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
    """Raise :class:`lifbook.LifbookError` on the first key not in ``references.bib``.

    Examples
    --------
    >>> check_citations(["Gearing1992"])
    """
    known = citation_keys(folder=folder)
    for key in keys:
        check_citation(key, known, file=shown("references.bib"))


def check_citation(
    key: str, known: Container[str], *, file: str, row: int | None = None, column: str | None = None
) -> None:
    """Raise :class:`lifbook.LifbookError` for a key that is not known, and say where it stands.

    Examples
    --------
    >>> check_citation("Gearing1992", citation_keys(), file="data/claims.csv")
    """
    if key not in known:
        raise LifbookError(
            f"no reference has the citation key '{key}'",
            remedy="correct the key or add the reference to data/references.bib",
            file=file,
            row=row,
            column=column,
        )
