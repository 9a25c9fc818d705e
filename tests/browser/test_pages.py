"""Every page: what it asks for, its links, its pictures, its head; and the search."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from urllib.parse import unquote, urljoin, urlsplit

import pytest
import yaml
from bs4 import BeautifulSoup
from site_tools import HOST, SITE, Reader, pages, repeated
from support.serving import ROOT

Read = Callable[..., Reader]


@cache
def soup(path: str) -> BeautifulSoup:
    """The page as it lies on the server."""
    return BeautifulSoup((SITE / path).read_text("utf-8"), "html.parser")


@cache
def anchors(path: str) -> frozenset[str]:
    """All ids of a page."""
    return frozenset(tag["id"] for tag in soup(path).find_all(id=True))


def moved(path: str) -> bool:
    """Whether the page only leads to another."""
    return soup(path).find("meta", attrs={"http-equiv": re.compile("refresh", re.I)}) is not None


def test_all_pages_of_the_book_are_there():
    toc = yaml.safe_load((ROOT / "_toc.yml").read_text("utf-8"))
    listed = [toc["root"], *(entry["file"] for part in toc["parts"] for entry in part["chapters"])]
    assert len(listed) > 6
    assert set(pages()) == {
        "index.html",
        "search.html",
        "genindex.html",
        *(f"{page}.html" for page in listed),
    }
    assert not [path for path in pages() if path.startswith("_")], (
        "a template is published as a page"
    )


@pytest.mark.parametrize("path", pages())
def test_page_loads_whole_and_asks_nobody_else(read: Read, path: str):
    reader = read(path)
    page = reader.page
    page.wait_for_load_state("networkidle")
    broken = page.evaluate("""async () => {
      const broken = [];
      for (const image of document.images) {
        image.loading = "eager";
        await image.decode().catch(() => broken.push(image.src));
      }
      return broken;
    }""")
    assert not broken
    assert page.locator("h1:visible").count() == 1
    assert page.title().strip()
    assert page.locator("html").get_attribute("lang") == "en"
    assert page.locator("meta[name=viewport]").count()
    # the fixture fails on a failed or foreign request, on a warning or error in the console


@pytest.mark.parametrize("path", pages())
def test_links_lead_somewhere(path: str):
    wrong = []
    for tag in soup(path).find_all(["a", "link", "script", "img"]):
        target = tag.get("href") or tag.get("src")
        if target is None or target.startswith(("mailto:", "data:")):
            continue
        parts = urlsplit(urljoin(f"http://{HOST}/{path}", target))
        if parts.hostname != HOST:
            if tag.name != "a":
                wrong.append(f"{target}: loaded from another host")
            elif parts.scheme != "https":
                wrong.append(f"{target}: not https")
            continue
        file = unquote(parts.path).lstrip("/") or path
        if not (SITE / file).is_file():
            wrong.append(f"{target}: no such file")
        elif parts.fragment and unquote(parts.fragment) not in anchors(file):
            wrong.append(f"{target}: no such place in {file}")
    assert not wrong, "\n".join(sorted(set(wrong)))


@pytest.mark.parametrize("path", pages())
def test_ids_are_unique_and_pictures_have_words(path: str):
    assert not repeated([tag["id"] for tag in soup(path).find_all(id=True)])
    assert not [str(tag) for tag in soup(path).find_all("img") if not tag.has_attr("alt")]
    unnamed = [
        tag.get("class")
        for tag in soup(path).find_all("svg", role="img")
        if not (tag.get("aria-label") or tag.get("aria-labelledby") or tag.find("title"))
    ]
    assert not unnamed


@pytest.mark.parametrize("path", [path for path in pages() if path.startswith("chapters/")])
def test_text_is_for_readers(path: str):
    """No repr of Python, no markup that was not understood."""
    article = soup(path).find("article")
    for code in article.find_all(["pre", "code", "script", "style", "noscript"]):
        code.extract()
    text = article.get_text(" ")
    found = re.findall(r"np\.\w+\([^)]*\)|\{\w+(?::\w+)?\}`|\]\(#|<\w+ object at|\bNaN\b", text)
    soup.cache_clear()  # the copy has lost its code
    assert not found


def test_first_address_leads_to_the_book(read: Read):
    page = read("").open("")
    page.wait_for_url("**/intro.html")
    assert page.locator("h1:visible").inner_text()


def test_search_page_finds_the_chapter(read: Read):
    page = read("search.html?q=saddle").page
    results = page.locator("#search-results ul.search > li > a")
    results.first.wait_for()
    page.get_by_text("Search finished").wait_for()
    page.wait_for_load_state(
        "networkidle"
    )  # each result fetches its page for the lines around the word
    found = [link.get_attribute("href") for link in results.all()]
    assert any(urlsplit(link).path.endswith("chapters/structure.html") for link in found)
    results.and_(page.locator("[href*='chapters/structure.html']")).first.click()
    page.wait_for_url("**/chapters/structure.html*")
    assert page.locator("h1:visible").inner_text().startswith("Structure")


@pytest.mark.parametrize("path", ["intro.html", "chapters/structure.html", "search.html"])
def test_search_by_keyboard(read: Read, path: str):
    page = read(path).page
    page.wait_for_load_state("networkidle")
    page.keyboard.press("Control+k")
    if path != "search.html":  # that page has its own field, and the keys lead there
        page.locator("dialog#pst-search-dialog[open]").wait_for()
    field = page.locator("input[name=q]:focus")
    field.wait_for()
    page.keyboard.type("saddle")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search.html?q=saddle*")
    page.locator("#search-results a[href*='structure']").first.wait_for()


def test_search_dialog_closes_with_escape(read: Read):
    page = read("intro.html").page
    page.wait_for_load_state("networkidle")
    page.locator(".search-button-field:visible").click()
    page.locator("dialog#pst-search-dialog[open]").wait_for()
    page.keyboard.press("Escape")
    page.locator("dialog#pst-search-dialog:not([open])").wait_for(state="attached")


def test_search_for_nothing_there_says_so(read: Read):
    page = read("search.html?q=qwxzjk").page
    page.get_by_text("did not match any documents").wait_for()


@pytest.mark.parametrize("path", pages())
def test_every_page_can_be_reached(path: str):
    """From the page of the address, by links."""
    reached, waiting = set(), ["intro.html", "index.html"]
    while waiting:
        here = waiting.pop()
        if here in reached or not here.endswith(".html"):
            continue
        reached.add(here)
        for tag in soup(here).find_all(["a", "link"], href=True):
            parts = urlsplit(urljoin(f"http://{HOST}/{here}", tag["href"]))
            if parts.hostname == HOST:
                waiting.append(unquote(parts.path).lstrip("/"))
    assert path in reached
