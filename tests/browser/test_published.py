"""What stands in the files of the site: every claim, readable references, and no solution of a problem set."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest
import refresh
from bs4 import BeautifulSoup
from site_tools import SITE

import assignments
from grading.desk import sets
from lifbook import data

#: Files in which words can stand.
TEXTS = (".html", ".ipynb", ".txt", ".md", ".json", ".js")


def soup(path: str) -> BeautifulSoup:
    """A page as it lies on the server."""
    return BeautifulSoup((SITE / path).read_text("utf-8"), "html.parser")


def test_the_page_of_claims_has_a_row_for_each_claim() -> None:
    rows = soup("chapters/claims.html").select(".claims-table tbody tr")
    claims = data.read_table("claims")["id"]
    assert [row["id"] for row in rows] == [f"claim-{claim}" for claim in claims] != []


def test_each_claim_leads_to_where_a_chapter_treats_it() -> None:
    """Both ends of each link: the badge in the chapter, and the row that leads back to it."""
    claims = data.read_table("claims")
    page = soup("chapters/claims.html")
    for chapter, part in claims.groupby("chapter"):
        text = soup(f"{chapter}.html")
        for claim in part["id"]:
            mark = text.find(id=f"claim-mark-{claim}")
            assert mark is not None, f"{claim} is treated nowhere in {chapter}"
            assert mark.a["href"].endswith(f"claims.html#claim-{claim}")
            back = {link["href"] for link in page.select(f"#claim-{claim} a[href*=claim-mark]")}
            assert f"{chapter.removeprefix('chapters/')}.html#claim-mark-{claim}" in back


def test_no_reference_prints_the_signs_of_latex() -> None:
    """LaTeX mathematics in a BibTeX title would be printed as it stands."""
    page = soup("chapters/references.html")
    assert page.select("div.citation")
    assert "$" not in page.select_one("section").get_text()


def strings(node: Any) -> Iterator[str]:
    """All texts in what JSON holds; lines of a notebook's cell as one."""
    if isinstance(node, str):
        yield node
    elif isinstance(node, list):
        if node and all(isinstance(part, str) for part in node):
            yield "".join(node)
        else:
            for part in node:
                yield from strings(part)
    elif isinstance(node, dict):
        for part in node.values():
            yield from strings(part)


def words(path: Path) -> str:
    """What a reader can read in a file: without the marks of colour between words, or escapes."""
    text = path.read_text("utf-8", "replace")
    if path.suffix == ".html":
        return BeautifulSoup(text, "html.parser").get_text() + text
    if path.suffix in (".json", ".ipynb"):
        return "\n".join(strings(json.loads(text)))
    return text


@pytest.fixture(scope="module")
def texts() -> dict[str, str]:
    """The words of all files of the site that can hold some."""
    found = {
        str(path.relative_to(SITE)): words(path)
        for path in SITE.rglob("*")
        if path.suffix in TEXTS and path.is_file()
    }
    assert {"intro.html", "chapters/structure.html", "searchindex.js"} <= set(found)
    assert "import" in found["chapters/structure.html"]
    return found


def taught() -> set[str]:
    """Lines of the chapters' own code: a solution may use what was shown."""
    notebooks = (nbformat.read(path, as_version=4) for path in refresh.chapters())
    return {
        line.strip()
        for notebook in notebooks
        for cell in notebook.cells
        if cell.cell_type == "code"
        for line in cell.source.split("\n")
    }


@pytest.mark.parametrize("name", sets.names())
def test_the_site_gives_nothing_away(texts: dict[str, str], name: str) -> None:
    long = 2 * assignments.SHORT
    hidden = {line for line in assignments.secrets(sets.read(name).notebook) if len(line) > long}
    hidden -= taught()
    assert len(hidden) > 10
    for path, text in texts.items():
        assert "BEGIN HIDDEN TESTS" not in text and "BEGIN SOLUTION" not in text, path
        assert not [line for line in hidden if line in text], path
