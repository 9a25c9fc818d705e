"""The metadata extension, tested by real Sphinx builds of tiny books."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import nbformat
import pytest
import yaml
from bs4 import BeautifulSoup
from small_book import sphinx_build

from book.ext import metadata

ROOT = Path(__file__).parents[2]
CONF = """
import sys
sys.path.insert(0, {root!r})
extensions = ["myst_nb", "book.ext.metadata"]
author = "Ann Ash"
html_title = "Trees & co"
html_theme = "basic"
html_baseurl = "https://example.org/book"
language = "en"
nb_execution_mode = "off"
master_doc = "index"
lif_metadata_license = "https://example.org/licence"
{more}
"""
LIF: dict[str, Any] = {
    "learningResourceType": "lesson",
    "educationalLevel": "undergraduate, third year",
    "timeRequired": "PT1H10M",
    "teaches": ['Tell an "oak" from an elm', "Don't climb </script> -- trees"],
    "about": ["tree", {"name": "oak", "sameAs": "https://example.org/oak"}],
    "abstract": "Trees & 'how' to\n  \"read\" them <well>.",
}


def make(root: Path, lif: Any, more: str = "", extra: dict[str, Any] | None = None) -> Path:
    """Write a book with a Markdown page and a notebook that carry the same metadata."""
    source = root / "source"
    source.mkdir()
    (source / "conf.py").write_text(CONF.format(root=str(ROOT), more=more), encoding="utf-8")
    (source / "index.md").write_text(
        "# Book\n\n```{toctree}\npage\nnotebook\n```\n", encoding="utf-8"
    )
    front = {**(extra or {}), **({} if lif is None else {"lif": lif})}
    head = f"---\n{yaml.safe_dump(front)}---\n\n" if front else ""
    (source / "page.md").write_text(head + "# A page\n\nText.\n", encoding="utf-8")
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("# A page\n\nText.")])
    notebook.metadata.update({} if lif is None else {"lif": lif})
    nbformat.write(notebook, source / "notebook.ipynb")
    return source


def build(source: Path) -> tuple[int, str]:
    code, warned, _said = sphinx_build(source, source.parent / "html")
    return code, warned


def head(source: Path, page: str) -> tuple[str | None, dict[str, Any] | None, str]:
    """Return description, JSON-LD and the HTML of a page."""
    html = (source.parent / "html" / f"{page}.html").read_text("utf-8")
    soup = BeautifulSoup(html, "html.parser")
    metas = soup.head.find_all("meta", attrs={"name": "description"})
    scripts = soup.head.find_all("script", type="application/ld+json")
    assert len(metas) <= 1 and len(scripts) <= 1
    return (
        metas[0]["content"] if metas else None,
        json.loads(scripts[0].string) if scripts else None,
        html,
    )


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    source = make(tmp_path_factory.mktemp("book"), LIF)
    code, messages = build(source)
    assert code == 0, messages
    return source


@pytest.mark.parametrize("page", ["page", "notebook"])
def test_page_and_notebook_carry_the_same_metadata(page: str, source: Path) -> None:
    description, data, _ = head(source, page)
    assert description == "Trees & 'how' to \"read\" them <well>."
    assert data == {
        "@context": "https://schema.org",
        "@type": "LearningResource",
        "name": "A page",
        "abstract": "Trees & 'how' to \"read\" them <well>.",
        "url": f"https://example.org/book/{page}.html",
        "inLanguage": "en",
        "license": "https://example.org/licence",
        "author": [{"@type": "Person", "name": "Ann Ash"}],
        "learningResourceType": "lesson",
        "educationalLevel": "undergraduate, third year",
        "timeRequired": "PT1H10M",
        "teaches": ['Tell an "oak" from an elm', "Don't climb </script> -- trees"],
        "about": [
            {"@type": "Thing", "name": "tree"},
            {"@type": "Thing", "name": "oak", "sameAs": "https://example.org/oak"},
        ],
        "isPartOf": {"@type": "Book", "name": "Trees & co"},
    }


def test_nothing_is_shown_or_fetched(source: Path) -> None:
    _, _, html = head(source, "page")
    soup = BeautifulSoup(html, "html.parser")
    assert "undergraduate" not in soup.body.get_text()
    assert html.count("</script> --") == 0  # a text cannot end the element
    loaded = [tag.get("src") or tag.get("href") for tag in soup.head.find_all(["script", "link"])]
    assert len(loaded) > 3
    assert not [
        address
        for address in loaded
        if address
        and address.startswith("http")
        and not address.startswith("https://example.org/book")
    ]


def test_page_without_metadata_is_left_alone(source: Path) -> None:
    assert head(source, "index")[:2] == (None, None)


def test_abstract_alone_gives_a_description_only(tmp_path: Path) -> None:
    source = make(tmp_path, {"abstract": "Words about trees."})
    code, messages = build(source)
    assert code == 0, messages
    assert head(source, "page")[:2] == ("Words about trees.", None)


def test_description_of_the_page_itself_wins(tmp_path: Path) -> None:
    extra = {"myst": {"html_meta": {"description": "By hand"}}}
    source = make(tmp_path, {"abstract": "From lif."}, extra=extra)
    assert build(source)[0] == 0
    assert head(source, "page")[0] == "By hand"
    assert head(source, "notebook")[0] == "From lif."


def test_authors_may_be_people_and_organisations(tmp_path: Path) -> None:
    authors = ["Bob Oak", {"name": "Forest", "type": "Organization", "url": "https://f.example"}]
    source = make(tmp_path, LIF, more=f"lif_metadata_authors = {authors!r}\nhtml_baseurl = ''")
    assert build(source)[0] == 0
    data = head(source, "page")[1]
    assert data["author"] == [
        {"@type": "Person", "name": "Bob Oak"},
        {"@type": "Organization", "name": "Forest", "url": "https://f.example"},
    ]
    assert "url" not in data


WRONG = [
    (
        {"timeRequired": "70 minutes"},
        "field 'lif.timeRequired' is '70 minutes': it must be an ISO 8601 duration such as PT70M",
    ),
    ({"timeRequired": "PT"}, "field 'lif.timeRequired' is 'PT'"),
    ({"timeRequired": 70}, "field 'lif.timeRequired' is 70"),
    ({"teaches": "one objective"}, "field 'lif.teaches' is 'one objective': it must be a list"),
    ({"teaches": []}, "field 'lif.teaches' is []"),
    ({"teaches": ["a", ""]}, "field 'lif.teaches' is ['a', '']"),
    ({"about": [{"label": "x"}]}, "field 'lif.about' is [{'label': 'x'}]"),
    ({"abstract": "  "}, "field 'lif.abstract' is '  '"),
    ({"educationalLevel": 3}, "field 'lif.educationalLevel' is 3"),
    ({"learningResourceType": [1]}, "field 'lif.learningResourceType' is [1]"),
    ({"teach": ["a"]}, "field 'lif.teach' is unknown"),
]


@pytest.mark.parametrize("change, message", WRONG)
def test_wrong_field_is_named(change: dict[str, Any], message: str) -> None:
    fields, problems = metadata.parse({"lif": json.dumps({**LIF, **change})})
    assert len(problems) == 1 and problems[0].startswith(message)
    assert set(fields) == set(LIF) - set(change)


@pytest.mark.parametrize("name", sorted(LIF))
def test_missing_field_is_named(name: str) -> None:
    rest = {key: value for key, value in LIF.items() if key != name}
    fields, problems = metadata.parse({"lif": json.dumps(rest)})
    assert [problem.split(":")[0] for problem in problems] == [f"field 'lif.{name}' is missing"]
    assert fields == rest


@pytest.mark.parametrize("value", ["PT70M", "PT1H", "P2D", "P1DT30M"])
def test_durations_that_are_right(value: str) -> None:
    assert metadata.parse({"lif": {**LIF, "timeRequired": value}})[1] == []


def test_problems_fail_the_build_again_and_again(tmp_path: Path) -> None:
    source = make(tmp_path, {"abstract": "A.", "teaches": "x"})
    for _ in range(2):  # nothing changes between the runs: the second must fail too
        code, messages = build(source)
        assert code == 1
        for page in ("page", "notebook"):
            assert f"{page}: field 'lif.teaches' is 'x': it must be a list" in messages
            assert f"{page}: field 'lif.timeRequired' is missing" in messages
        assert re.search(r"page\.md: WARNING: page: field", messages)


def test_text_in_place_of_a_mapping(tmp_path: Path) -> None:
    source = make(tmp_path, "a lesson")
    code, messages = build(source)
    assert code == 1
    assert "page: field 'lif' is not a mapping: write it as 'lif:' with indented fields" in messages


def test_lessons_must_carry_metadata(tmp_path: Path) -> None:
    source = make(tmp_path, None, more='lif_metadata_lessons = ["pa*"]')
    code, messages = build(source)
    assert code == 1
    assert "page: field 'lif' is missing: give the page a mapping 'lif'" in messages
    assert "notebook: field" not in messages
