"""The claims extension, tested by real Sphinx builds of tiny books."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import nbformat
import pytest
from bs4 import BeautifulSoup
from small_book import sphinx_build
from sphinx.errors import ExtensionError

from book.ext import reading
from book.ext.claims.table import COLUMNS, ClaimsTable, check_table
from lifbook.errors import LifbookError

ROOT = Path(__file__).parents[2]
CONF = """
import sys
sys.path.insert(0, {root!r})
extensions = ["myst_nb", "book.ext.references", "book.ext.claims"]
html_theme = "basic"
nb_execution_mode = "off"
master_doc = "index"
html_static_path = [{static!r}]
bibtex_bibfiles = ["refs.bib"]
bibtex_reference_style = "author_year_round"
bibtex_default_style = "author_year_list"
{more}
"""
BIB = r"""
@article{Ash1990, author={Ash, Ann and others}, title={The {LIF} Of Trees}, journal={Bark},
  year=1990, doi={10.1000/ash}}
@article{Oak1991, author={Oak, Bob and Elm, C.}, title={Wood}, journal={Bark}, year=1991,
  pmid={123}}
@article{Oak1991b, author={Oak, Bob and Elm, C.}, title={Xylem}, journal={Bark}, year=1991}
@article{Garcia2000, author={{van der Meer}, P. and Garc{\'i}a, Z. and Yew, Q.},
  title={Yew}, journal={Bark}, year=2000}
"""
ROWS = {
    "A1": {
        "section": "Trees",
        "claim": "Trees are *tall*.",
        "article_citation": "Oak1991",
        "verdict": "correct",
        "evidence": "computed",
        "correction": "",
        "citations": "",
        "chapter": "trees",
    },
    "A2": {
        "section": "Trees",
        "claim": "Trees are old, all of them.",
        "article_citation": "",
        "verdict": "imprecise",
        "evidence": "primary",
        "correction": "Some are young.",
        "citations": "Ash1990;Oak1991",
        "chapter": "trees",
    },
    "B1": {
        "section": "Fish & ships",
        "claim": "Fish fly.",
        "article_citation": "Ash1990",
        "verdict": "wrong",
        "evidence": "review",
        "correction": "Fish swim.",
        "citations": "Garcia2000",
        "chapter": "fish",
    },
}
TREES = """# Trees

They are tall {claim}`A1`, and old {claim}`A2`.

## Age of a tree

Once more {claim}`A2; A1`, as {cite:t}`Oak1991b` says.
"""


def write_table(source: Path, contents: bytes, columns: Iterable[str] = COLUMNS) -> None:
    """Write the table and the data package that lists it; the schema asks for columns only."""
    (source / "data").mkdir(exist_ok=True)
    (source / "data" / "claims.csv").write_bytes(contents)
    entry = {
        "name": "claims",
        "path": "claims.csv",
        "bytes": len(contents),
        "hash": "sha256:" + hashlib.sha256(contents).hexdigest(),
        "schema": {"fields": [{"name": column, "type": "string"} for column in columns]},
    }
    (source / "data" / "datapackage.json").write_text(
        json.dumps({"resources": [entry]}), encoding="utf-8"
    )


@dataclass
class Result:
    """Exit code and messages of a build."""

    code: int
    messages: str


class Book:
    """A tiny book on disk."""

    def __init__(self, root: Path, more: str = "") -> None:
        self.root = root
        self.source = root / "source"
        self.html = root / "html"
        self.source.mkdir(parents=True)
        self.write(
            "conf.py", CONF.format(root=str(ROOT), static=str(ROOT / "book" / "static"), more=more)
        )
        self.write("refs.bib", BIB)
        self.table(ROWS)
        self.write("trees.md", TREES)
        self.notebook("fish", "# Fish\n\nThey swim {claim}`B1`.")
        self.write("claims.md", "# Claims\n\n```{claims-table}\n```\n")
        self.write("references.md", "# References\n\n```{bibliography}\n```\n")
        self.toc("trees", "fish", "claims", "references")

    def write(self, name: str, text: str) -> None:
        (self.source / name).write_text(text, encoding="utf-8")

    def notebook(self, name: str, markdown: str) -> None:
        notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell(markdown)])
        nbformat.write(notebook, self.source / f"{name}.ipynb")

    def table(self, rows: dict[str, dict[str, str]] | list[dict[str, str]]) -> None:
        if isinstance(rows, dict):
            rows = [{"id": key, **row} for key, row in rows.items()]
        stream = io.StringIO(newline="")
        writer = csv.DictWriter(stream, COLUMNS)
        writer.writeheader()
        writer.writerows(rows)
        write_table(self.source, stream.getvalue().encode())

    def toc(self, *pages: str) -> None:
        self.write("index.md", "# Book\n\n```{toctree}\n" + "\n".join(pages) + "\n```\n")

    def build(self, *options: str, builder: str = "html") -> Result:
        """Run sphinx-build in this process, as `make book` does: -W -n --keep-going."""
        doctrees = ("-d", str(self.root / "doctrees"))
        code, warned, said = sphinx_build(
            self.source, self.root / builder, *options, *doctrees, builder=builder
        )
        return Result(code, warned + said)

    def page(self, name: str) -> BeautifulSoup:
        return BeautifulSoup((self.html / f"{name}.html").read_text("utf-8"), "html.parser")


def changed(**rows: dict[str, str]) -> dict[str, dict[str, str]]:
    """ROWS with some cells changed: changed(A1={"verdict": "wrong"})."""
    return {key: {**row, **rows.get(key, {})} for key, row in ROWS.items()}


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Book:
    """A book without faults, built once; tests only read it."""
    book = Book(tmp_path_factory.mktemp("book"))
    result = book.build()
    assert result.code == 0, result.messages
    return book


def text(node) -> str:
    return " ".join(node.get_text().split())


# ------------------------------------------------------------------ what a reader gets


def test_badge_leads_to_the_row_and_says_so(book: Book) -> None:
    trees, claims = book.page("trees"), book.page("claims")
    badges = trees.select(".claim-mark")
    assert [b["id"] for b in badges] == [
        "claim-mark-A1",
        "claim-mark-A2",
        "claim-mark-A2-2",
        "claim-mark-A1-2",
    ]
    link = badges[1].a
    assert link["href"] == "claims.html#claim-A2"
    assert link["title"] == "Claim A2, imprecise: Trees are old, all of them."
    symbol = link.select_one("[aria-hidden=true]").extract()
    assert symbol.get_text() == "≈"
    # What a screen reader says; white space at an end would part badge and text.
    assert link.get_text() == "claim A2: imprecise"
    assert claims.find(id="claim-A2").name == "tr"


def test_badge_works_in_a_notebook(book: Book) -> None:
    badge = book.page("fish").find(id="claim-mark-B1")
    assert badge.a["href"] == "claims.html#claim-B1"
    assert "claims-wrong" in badge["class"]


def test_rows_lead_back_to_every_place_and_number_them(book: Book) -> None:
    claims = book.page("claims")
    places = {
        row["id"]: [(a["href"], text(a)) for a in row.select("a[href*=claim-mark]")]
        for row in claims.select(".claims-table tbody tr")
    }
    assert places == {
        "claim-A1": [
            ("trees.html#claim-mark-A1", "1. Trees"),
            ("trees.html#claim-mark-A1-2", "2. Trees, Age of a tree"),
        ],
        "claim-A2": [
            ("trees.html#claim-mark-A2", "1. Trees"),
            ("trees.html#claim-mark-A2-2", "2. Trees, Age of a tree"),
        ],
        "claim-B1": [("fish.html#claim-mark-B1", "Fish")],
    }
    for links in places.values():
        for href, _ in links:
            page, anchor = href.split(".html#")
            assert book.page(page).find(id=anchor)


def test_row_tells_claim_verdict_correction_and_evidence(book: Book) -> None:
    row = book.page("claims").find(id="claim-A2")
    head, said, found = row.find_all(["th", "td"])
    assert text(head) == "A2 ≈ imprecise"
    assert text(said) == "Trees are old, all of them. It gives no source."
    assert "Some are young." in text(found)
    assert "Evidence: primary source (Ash et al., 1990; Oak and Elm, 1991)." in text(found)
    first = book.page("claims").find(id="claim-A1")
    assert first.em.get_text() == "tall"  # inline markup of the table is rendered
    assert "It cites (Oak and Elm, 1991)." in text(first)
    assert "It holds as it stands." in text(first)
    assert "as Oak and Elm (1991) says." in text(book.page("trees"))


def test_citations_of_the_table_lead_to_the_references(book: Book) -> None:
    references = book.page("references")
    links = book.page("claims").select("a[href^='references.html#']")
    assert len(links) == 5
    for link in links:
        assert references.find(id=link["href"].split("#")[1])["role"] == "doc-biblioentry"


def test_references_have_readable_labels_titles_and_links(book: Book) -> None:
    entries = book.page("references").select("div.citation")
    assert [text(entry.select_one(".label")) for entry in entries] == [
        "[Ash et al., 1990]",
        "[Oak and Elm, 1991a]",
        "[Oak and Elm, 1991b]",
        "[van der Meer et al., 2000]",
    ]
    assert "The LIF Of Trees" in text(entries[0])
    assert entries[0].find("a", href="https://doi.org/10.1000/ash")
    assert text(entries[1].find("a", href="https://pubmed.ncbi.nlm.nih.gov/123/")) == "PMID:123"


def test_summary_counts_the_verdicts(book: Book) -> None:
    table = book.page("claims").select_one(".claims-summary")
    rows = [[text(cell) for cell in row.find_all(["th", "td"])] for row in table.find_all("tr")]
    assert rows == [
        ["Section", "✓ correct", "≈ imprecise", "? doubtful", "✗ wrong", "all"],
        ["Trees", "1", "1", "0", "0", "2"],
        ["Fish & ships", "0", "0", "0", "1", "1"],
        ["Together", "1", "1", "0", "1", "3"],
    ]


def test_filter_is_hidden_without_script_and_knows_the_counts(book: Book) -> None:
    claims = book.page("claims")
    group = claims.select_one(".claims-filter")
    assert group.has_attr("hidden") and group["role"] == "group" and group["aria-label"]
    assert [(b["data-verdict"], b["aria-pressed"], text(b)) for b in group.find_all("button")] == [
        ("", "true", "all 3"),
        ("correct", "false", "✓ correct 1"),
        ("imprecise", "false", "≈ imprecise 1"),
        ("wrong", "false", "✗ wrong 1"),
    ]
    assert group.select_one("[role=status]")
    assert not claims.select(".claims-table[hidden], .claims-table [hidden]")
    assert {row["data-verdict"] for row in claims.select(".claims-table tbody tr")} == {
        "correct",
        "imprecise",
        "wrong",
    }


def test_sections_are_headings_with_anchors(book: Book) -> None:
    headings = {
        s["id"]: s.find(re.compile("h[1-6]")).contents[0]
        for s in book.page("claims").select("section section")
    }
    assert headings == {"claims-trees": "Trees", "claims-fish-ships": "Fish & ships"}


def test_no_page_has_an_id_twice(book: Book) -> None:
    for path in book.html.glob("*.html"):
        ids = Counter(tag["id"] for tag in book.page(path.stem).find_all(id=True))
        assert {key for key, count in ids.items() if count > 1} == set(), path.name


def test_style_and_script_come_only_where_they_are_needed(book: Book) -> None:
    with_css = {
        path.stem for path in book.html.glob("*.html") if "claims.css" in path.read_text("utf-8")
    }
    with_js = {
        path.stem for path in book.html.glob("*.html") if "claims-filter" in path.read_text("utf-8")
    }
    assert with_css == {"trees", "fish", "claims", "references"}
    assert with_js == {"claims"}
    assert not list((book.html / "_static").glob("claims*.js"))


def test_mark_in_a_heading_stays_out_of_the_tables_of_contents(tmp_path: Path) -> None:
    book = Book(tmp_path)
    book.write("trees.md", "# Trees\n\n## All {claim}`A1`\n\n{claim}`A2`\n")
    assert book.build().code == 0
    assert book.page("trees").select_one("h2 #claim-mark-A1")
    links = book.page("index").select("a[href='trees.html#all']")
    assert [text(link) for link in links] == ["All"]
    back = book.page("claims").select_one("#claim-A1 a[href*=claim-mark]")
    assert back.get_text() == "Trees, All"  # without the space before the mark


def test_other_formats_show_words_and_no_buttons(tmp_path: Path) -> None:
    book = Book(tmp_path)
    result = book.build(builder="text")
    assert result.code == 0, result.messages
    claims = (tmp_path / "text" / "claims.txt").read_text("utf-8")
    assert "Some are young." in claims and "imprecise" in claims
    assert "all 3" not in claims and "No claim of this section" not in claims
    trees = (tmp_path / "text" / "trees.txt").read_text("utf-8")
    assert "claim A2: imprecise" in trees


# ------------------------------------------------------------ what makes a build fail

TABLE_ERRORS = {
    "duplicate id": (
        [{"id": "A1", **ROWS["A1"]}, {"id": "A1", **ROWS["A2"]}, {"id": "B1", **ROWS["B1"]}],
        "claims.csv, row 2, claim A1: the id A1 stands in row 1 too. "
        "What to do: give each claim an id of its own.",
    ),
    "verdict": (
        changed(A2={"verdict": "true"}),
        "claims.csv, row 2, claim A2: unknown verdict 'true'. "
        "What to do: use one of correct, imprecise, doubtful, wrong.",
    ),
    "evidence": (
        changed(B1={"evidence": "hearsay"}),
        "claims.csv, row 3, claim B1: unknown evidence 'hearsay'. "
        "What to do: use one of computed, primary, review.",
    ),
    "citation": (
        changed(A2={"citations": "Ash1990;Fir1999"}),
        "claims.csv, row 2, claim A2: unknown citation key 'Fir1999' in column citations. "
        "What to do: add the entry to the BibTeX file or correct the key.",
    ),
    "article citation": (
        changed(B1={"article_citation": "ash1990"}),
        "claims.csv, row 3, claim B1: unknown citation key 'ash1990' in column article_citation.",
    ),
    "no correction": (
        changed(B1={"correction": ""}),
        "claims.csv, row 3, claim B1: the verdict is 'wrong', but the correction is empty.",
    ),
    "no paper": (
        changed(B1={"citations": " ; "}),
        "claims.csv, row 3, claim B1: the evidence is 'review', but citations is empty.",
    ),
    "no chapter": (
        changed(A1={"chapter": ""}),
        "claims.csv, row 1, claim A1: the cell of column chapter is empty.",
    ),
    "id": ([{"id": "A 1", **ROWS["A1"]}], "claims.csv, row 1, claim A 1: 'A 1' is not an id."),
}


def read(source: Path) -> ClaimsTable:
    return check_table(reading.table(source, "claims"), {"Ash1990", "Oak1991", "Garcia2000"})


@pytest.mark.parametrize("name", TABLE_ERRORS)
def test_wrong_table_is_refused(name: str, tmp_path: Path) -> None:
    rows, message = TABLE_ERRORS[name]
    book = Book(tmp_path)
    book.table(rows)
    with pytest.raises(ExtensionError, match=re.escape(message)):
        read(book.source)


@pytest.mark.parametrize("name", ["duplicate id", "verdict", "evidence", "citation"])
def test_wrong_table_stops_the_build(name: str, tmp_path: Path) -> None:
    rows, message = TABLE_ERRORS[name]
    book = Book(tmp_path)
    book.table(rows)
    result = book.build()
    assert result.code != 0
    assert message in result.messages
    assert not (book.html / "index.html").exists()


def test_all_problems_of_a_table_are_told_at_once(tmp_path: Path) -> None:
    book = Book(tmp_path)
    book.table(changed(A1={"verdict": "?"}, B1={"evidence": "?"}))
    with pytest.raises(ExtensionError) as caught:
        read(book.source)
    assert "row 1, claim A1" in str(caught.value) and "row 3, claim B1" in str(caught.value)


HEADER = ",".join(COLUMNS).encode()


@pytest.mark.parametrize(
    "content, columns, message",
    [
        (b"", COLUMNS, "claims.csv, column 'id': the column is missing"),
        (b"id,claim\nA1,x\n", COLUMNS, "claims.csv, column 'section': the column is missing"),
        (b"id,claim\nA1,\xff\n", COLUMNS, "claims.csv: the text is not UTF-8"),
        (
            HEADER + b"\nA1,a,b,,correct,computed,,,c,d\n",
            COLUMNS,
            "claims.csv, row 1: 10 cells, expected 9. What to do: put cells that contain a comma",
        ),
        (
            HEADER + b"\nA1,a,b,,correct,computed,,\n",
            COLUMNS,
            "claims.csv, row 1: 8 cells, expected 9",
        ),
        # a table of the data package, but not one of claims
        (
            b"id,claim\nA1,x\n",
            ("id", "claim"),
            "claims.csv: missing column section, article_citation",
        ),
    ],
)
def test_broken_file_is_refused(
    content: bytes, columns: tuple[str, ...], message: str, tmp_path: Path
) -> None:
    write_table(tmp_path, content, columns)
    with pytest.raises((LifbookError, ExtensionError), match=re.escape(message)):
        read(tmp_path)


def test_a_table_that_is_missing_or_altered_stops_the_build(tmp_path: Path) -> None:
    book = Book(tmp_path)
    path = book.source / "data" / "claims.csv"
    path.write_bytes(path.read_bytes().replace(b"Fish fly", b"Fish run"))
    result = book.build()
    assert result.code != 0
    assert "data/claims.csv: the file is not the one that datapackage.json" in result.messages
    assert "run 'make datapackage'" in result.messages
    path.unlink()
    result = book.build()
    assert result.code != 0
    assert "data/claims.csv: the file is missing. What to do: " in result.messages
    assert not (book.html / "index.html").exists()


def test_another_table_can_be_named(tmp_path: Path) -> None:
    book = Book(tmp_path, more='lif_claims_table = "assertions"')
    assert "no resource is called 'assertions'" in book.build().messages
    package = book.source / "data" / "datapackage.json"
    package.write_text(
        package.read_text("utf-8").replace('"name": "claims"', '"name": "assertions"'), "utf-8"
    )
    assert book.build().code == 0


def test_keys_may_come_from_other_bib_files(tmp_path: Path) -> None:
    book = Book(tmp_path, more='lif_claims_bib = ["other.bib"]')
    assert "other.bib: there is no such file" in book.build().messages
    book.write("other.bib", BIB.replace("Ash1990", "Ash1991"))
    assert "unknown citation key 'Ash1990'" in book.build().messages
    book.write("other.bib", BIB)
    assert book.build().code == 0


def test_claim_treated_nowhere_fails_again_and_again(tmp_path: Path) -> None:
    book = Book(tmp_path)
    book.write("trees.md", "# Trees\n\n{claim}`A1`\n")
    message = (
        "claims.csv, row 2, claim A2: the claim is not treated in trees. "
        "What to do: put {claim}`A2` where trees treats it."
    )
    for _ in range(2):  # nothing changes between the runs: the second must fail too
        result = book.build()
        assert result.code == 1
        assert message in result.messages
        assert "claim A1:" not in result.messages
    book.write("trees.md", TREES)
    assert book.build().code == 0


def test_claim_must_be_treated_in_its_own_chapter(tmp_path: Path) -> None:
    book = Book(tmp_path)
    book.write("trees.md", "# Trees\n\n{claim}`A1`\n")
    book.notebook("fish", "# Fish\n\n{claim}`B1;A2`")
    result = book.build()
    assert result.code == 1
    assert "claim A2: the claim is not treated in trees (only in fish)" in result.messages


def test_unknown_id_fails_again_and_again(tmp_path: Path) -> None:
    book = Book(tmp_path)
    book.write("trees.md", TREES + "\n{claim}`A9`\n")
    message = (
        "claims.csv: there is no claim 'A9', which trees marks. "
        "What to do: correct the id in the claim role or add a row to the table."
    )
    for _ in range(2):
        result = book.build()
        assert result.code == 1
        assert message in result.messages
        assert re.search(r"trees\.md:9: WARNING", result.messages)


def test_draft_is_ignored(tmp_path: Path) -> None:
    """A page outside the table of contents neither treats claims nor is checked."""
    book = Book(tmp_path)
    book.write("trees.md", "# Trees\n\n{claim}`A1`\n")
    book.write("draft.md", "---\norphan: true\n---\n\n# Draft\n\n{claim}`A2` {claim}`Z9`\n")
    result = book.build()
    assert "claim A2: the claim is not treated in trees." in result.messages
    assert "Z9" not in result.messages
    assert "draft" not in book.page("claims").find(id="claim-A2").decode()


def test_claims_of_an_unfinished_chapter_wait(tmp_path: Path) -> None:
    book = Book(tmp_path)
    (book.source / "fish.ipynb").unlink()
    book.toc("trees", "claims", "references")
    result = book.build()
    assert result.code == 0, result.messages
    assert "claims.csv: 1 claim waits for fish" in result.messages
    assert "the chapter is not finished yet." in text(book.page("claims").find(id="claim-B1"))


def test_finished_chapters_can_be_named(tmp_path: Path) -> None:
    book = Book(tmp_path, more='lif_claims_pages = ["fish"]')
    book.write("trees.md", "# Trees\n\n{claim}`A1`\n")
    assert book.build().code == 0


@pytest.mark.parametrize(
    "page, message",
    [
        ("# Claims\n", "claims.csv: no page shows the claims."),
        ("# Claims\n\n```{claims-table}\n```\n", None),
    ],
)
def test_one_page_must_show_the_claims(page: str, message: str | None, tmp_path: Path) -> None:
    book = Book(tmp_path)
    book.write("claims.md", page)
    result = book.build()
    assert (result.code, message is None) in {(0, True), (1, False)}, result.messages
    assert message is None or message in result.messages
    if message is None:
        book.write("more.md", "# More\n\n```{claims-table}\n```\n")
        book.toc("trees", "fish", "claims", "more", "references")
        result = book.build()
        assert result.code == 1
        assert "several pages show the claims (claims, more)" in result.messages


# -------------------------------------------------------- incremental and parallel builds


def test_second_build_does_nothing(tmp_path: Path) -> None:
    book = Book(tmp_path)
    book.build()
    result = book.build()
    assert result.code == 0
    assert "no targets are out of date" in result.messages


def test_change_of_the_table_renews_badges_and_page(tmp_path: Path) -> None:
    book = Book(tmp_path)
    assert book.build().code == 0
    book.table(changed(A2={"verdict": "doubtful"}))
    assert book.build().code == 0
    assert "A2: doubtful" in text(book.page("trees").find(id="claim-mark-A2"))
    claims = book.page("claims")
    assert claims.find(id="claim-A2")["data-verdict"] == "doubtful"
    assert text(claims.select_one(".claims-summary tfoot")) == "Together 1 0 1 1 3"


def test_new_row_in_the_table_is_checked(tmp_path: Path) -> None:
    book = Book(tmp_path)
    assert book.build().code == 0
    book.table({**ROWS, "A3": ROWS["A1"]})
    result = book.build()
    assert result.code == 1
    assert "row 4, claim A3: the claim is not treated in trees" in result.messages


def test_change_of_a_chapter_renews_the_links_on_the_claims_page(tmp_path: Path) -> None:
    book = Book(tmp_path)
    assert book.build().code == 0
    book.write("trees.md", TREES.replace("Age of", "Years of") + "\nAnd {claim}`B1`.\n")
    assert book.build().code == 0
    row = book.page("claims").find(id="claim-B1")
    assert [text(a) for a in row.select("a[href*=claim-mark]")] == [
        "1. Trees, Years of a tree",
        "2. Fish",
    ]
    # and a mark that goes away leaves no dead link
    book.write("trees.md", "# Wood\n\n{claim}`A1;A2`\n")
    assert book.build().code == 0
    claims = book.page("claims")
    assert [text(a) for a in claims.select("#claim-B1 a[href*=claim-mark]")] == ["Fish"]
    assert [text(a) for a in claims.select("#claim-A1 a[href*=claim-mark]")] == ["Wood"]
    # and a page that loses its last mark is missed
    book.notebook("fish", "# Fish\n\nThey swim.")
    assert "claim B1: the claim is not treated in fish." in book.build().messages


def test_change_of_citations_renews_the_list_of_references(tmp_path: Path) -> None:
    book = Book(tmp_path)
    book.write("refs.bib", BIB + "@misc{Lime2024, author={Lime, L.}, title={Lime}, year=2024}\n")
    assert book.build().code == 0
    assert "Lime" not in text(book.page("references"))
    book.write("trees.md", TREES + "\nSee {cite:p}`Lime2024`.\n")
    assert book.build().code == 0
    link = book.page("trees").find("a", string=re.compile("Lime"))
    page, anchor = link["href"].split(".html#")
    assert "Lime, 2024" in text(book.page(page).find(id=anchor))
    book.write("trees.md", TREES)
    assert book.build().code == 0
    assert "Lime" not in text(book.page("references"))


def test_moved_claims_page_renews_the_badges(tmp_path: Path) -> None:
    book = Book(tmp_path)
    assert book.build().code == 0
    (book.source / "claims.md").rename(book.source / "table.md")
    book.toc("trees", "fish", "table", "references")
    assert book.build().code == 0
    for page in ("trees", "fish"):
        assert {a["href"].split("#")[0] for a in book.page(page).select(".claim-mark a")} == {
            "table.html"
        }


def test_parallel_build_gives_the_same_pages(book: Book, tmp_path: Path) -> None:
    """A build with two processes, in a process of its own (Sphinx forks only then)."""
    other = Book(tmp_path)
    # Sphinx reads in parallel from six pages on.
    for number in range(6):
        other.write(f"page{number}.md", f"# Page {number}\n\nText.\n")
    other.toc("trees", "fish", "claims", "references", *(f"page{n}" for n in range(6)))
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "sphinx",
            "-j",
            "2",
            "-W",
            "-n",
            "--keep-going",
            "-b",
            "html",
            str(other.source),
            str(other.html),
        ],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "NO_COLOR": "1"},
    )
    assert done.returncode == 0, done.stderr
    for page in ("trees", "fish", "claims"):
        # The numbers of citation anchors depend on what else is read in a process.
        ours, theirs = (
            [
                re.sub(r"#id\d+", "#id", str(tag))
                for tag in b.page(page).select(".claim-mark, .claims-summary, .claims-table")
            ]
            for b in (book, other)
        )
        assert ours == theirs and ours
