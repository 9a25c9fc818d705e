"""Launch buttons lead to the public repository or are left out; icons that are used are kept."""

from __future__ import annotations

import contextlib
import shutil
import subprocess
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

import nbformat
import pytest
import yaml
from bs4 import BeautifulSoup
from click.testing import CliRunner, Result
from fontTools.ttLib import TTFont

from book.ext import site

ROOT = Path(__file__).parents[2]

GITHUB = "https://github.com/owner/lif-book"


@pytest.fixture(autouse=True)
def no_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment of whoever runs the tests says nothing."""
    monkeypatch.delenv("LIF_REPOSITORY", raising=False)


def git(folder: Path, *command: str) -> None:
    subprocess.run(["git", "-C", str(folder), *command], check=True, capture_output=True)


@pytest.fixture
def clone(tmp_path: Path) -> Callable[[str], Path]:
    """Makes a repository with an origin."""

    def made(origin: str) -> Path:
        git(tmp_path, "init")
        git(tmp_path, "remote", "add", "origin", origin)
        return tmp_path

    return made


@pytest.mark.parametrize(
    ("origin", "address"),
    [
        ("https://github.com/owner/lif-book", GITHUB),
        ("https://github.com/owner/lif-book.git", GITHUB),
        ("https://github.com/owner/lif-book/", GITHUB),
        ("http://github.com/owner/lif-book.git", GITHUB),
        ("https://GitHub.com/owner/lif-book", GITHUB),
        ("git@github.com:owner/lif-book.git", GITHUB),
        ("github.com:owner/lif-book", GITHUB),
        ("ssh://git@github.com/owner/lif-book.git", GITHUB),
        ("ssh://git@github.com:22/owner/lif-book.git", GITHUB),
        ("git://github.com/owner/lif-book.git", GITHUB),
        ("https://gitlab.com/group/sub/book.git", "https://gitlab.com/group/sub/book"),
        ("https://git.example.org:8443/owner/book.git", "https://git.example.org:8443/owner/book"),
        # A password in an address must not come into a page.
        ("https://ann:secret@github.com/owner/lif-book.git", GITHUB),
        ("https://token@github.com/owner/lif-book", GITHUB),
    ],
)
def test_the_origin_of_git_becomes_the_address(
    clone: Callable[[str], Path], origin: str, address: str
) -> None:
    assert site.repository_address(clone(origin)) == address


@pytest.mark.parametrize(
    "origin",
    [
        "/srv/git/book.git",
        "../book",
        "./book",
        "file:///srv/git/book.git",
        "C:/git/book",
        "http://localhost:3000/owner/book",
        "http://127.0.0.1/owner/book",
        "ssh://git@[::1]/owner/book",
        "http://192.168.1.7/owner/book",
        "http://10.0.0.2:3000/owner/book",
        "git@nas:owner/book.git",
        "https://git.local/owner/book",
        "https://github.com",
        "https://github.com/",
    ],
)
def test_an_origin_that_no_reader_can_open_is_not_an_address(
    clone: Callable[[str], Path], origin: str
) -> None:
    assert site.repository_address(clone(origin)) == ""


def test_without_repository_origin_or_git_there_is_no_address(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # tmp_path could lie in a repository of whoever runs this
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    assert site.repository_address(tmp_path) == ""
    git(tmp_path, "init")
    assert site.repository_address(tmp_path) == ""
    git(tmp_path, "remote", "add", "origin", GITHUB)
    assert site.repository_address(tmp_path) == GITHUB
    monkeypatch.setenv("PATH", "")
    assert site.repository_address(tmp_path) == ""


def test_the_setting_comes_before_the_environment_and_that_before_git(
    clone: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = clone("git@github.com:from/git.git")
    assert site.repository_address(folder) == "https://github.com/from/git"
    monkeypatch.setenv("LIF_REPOSITORY", "https://github.com/from/environment")
    assert site.repository_address(folder) == "https://github.com/from/environment"
    setting = "https://github.com/from/setting"
    assert site.repository_address(folder, setting) == setting


@pytest.mark.parametrize(
    ("repository", "kind", "place"),
    [
        (GITHUB, "gh", "owner/lif-book"),
        ("https://gitlab.com/group/sub/book", "gl", "group%2Fsub%2Fbook"),
        ("https://git.example.org/a/b", "git", "https%3A%2F%2Fgit.example.org%2Fa%2Fb"),
    ],
)
def test_binder_addresses_have_the_form_of_their_provider(
    repository: str, kind: str, place: str
) -> None:
    address = site.binder_address(repository, "chapters/a b.ipynb")
    assert address == (
        f"https://mybinder.org/v2/{kind}/{place}/HEAD?urlpath=lab/tree/chapters/a%20b.ipynb"
    )


# --- real builds of a small book, with the configuration of this one --------------------


@dataclass(frozen=True)
class Book:
    """A book of a Markdown page and a notebook, built with Jupyter Book and book.ext.site."""

    folder: Path

    def build(self, **environment: str) -> Result:
        """Build it with warnings as errors, as the Makefile does, but in this process."""
        with warnings.catch_warnings():  # what Jupyter Book has to say to its own authors
            warnings.simplefilter("ignore", DeprecationWarning)
            warnings.simplefilter("ignore", PendingDeprecationWarning)
            return self._build(environment)

    def _build(self, environment: dict[str, str]) -> Result:
        from jupyter_book.cli.main import main as jupyter_book

        # the folder may lie in a repository of whoever runs this
        ceiling = {"LIF_REPOSITORY": None, "GIT_CEILING_DIRECTORIES": str(self.folder.parent)}
        with contextlib.chdir(self.folder):
            return CliRunner().invoke(
                jupyter_book, ["build", ".", "-W", "-n", "--keep-going"], env=ceiling | environment
            )

    @property
    def site(self) -> Path:
        """What was built."""
        return self.folder / "_build" / "html"

    def links(self, page: str) -> dict[str, str]:
        """Text or title -> address of what the buttons above a page lead to."""
        tree = BeautifulSoup((self.site / f"{page}.html").read_text("utf-8"), "html.parser")
        found = tree.select(".article-header-buttons a, .header-article a")
        return {link.get_text(strip=True) or link["title"]: link.get("href", "") for link in found}

    def glyphs(self) -> set[int]:
        """Characters of the icon fonts that are shipped."""
        fonts = (self.site / "_static" / "vendor" / "fontawesome" / "webfonts").glob("*.woff2")
        return {code for path in fonts for code in TTFont(path).getBestCmap()}


def configuration() -> dict[str, object]:
    """The configuration of this book, of its own extensions book.ext.site only."""
    whole = yaml.safe_load((ROOT / "_config.yml").read_text("utf-8"))
    whole.pop("bibtex_bibfiles")
    sphinx = whole["sphinx"]
    sphinx["local_extensions"] = {"book.ext.site": "."}
    sphinx["extra_extensions"] = []
    sphinx["config"] = {
        key: value
        for key, value in sphinx["config"].items()
        if not key.startswith(("bibtex_", "lif_metadata_", "html_css_files"))
    }
    return whole


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Book]:
    """The book, built where there is no repository."""
    folder = tmp_path_factory.mktemp("site") / "book"
    (folder / "chapters").mkdir(parents=True)
    for name in ("ext", "templates", "static"):
        shutil.copytree(ROOT / "book" / name, folder / "book" / name)
    (folder / "_config.yml").write_text(yaml.safe_dump(configuration()), "utf-8")
    (folder / "_toc.yml").write_text(
        "format: jb-book\nroot: intro\nchapters:\n- file: chapters/one\n", "utf-8"
    )
    (folder / "intro.md").write_text("# A book\n\nText.\n", "utf-8")
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_markdown_cell("# One\n\nText.")],
        metadata={
            "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}
        },
    )
    nbformat.write(notebook, folder / "chapters" / "one.ipynb")
    book = Book(folder)
    done = book.build()
    assert done.exit_code == 0, done.output
    yield book


def test_without_an_address_there_is_no_button_and_no_dead_link(bare: Book) -> None:
    for page in ("intro", "chapters/one"):
        html = (bare.site / f"{page}.html").read_text("utf-8")
        for word in ("mybinder", "fa-rocket", "executablebooks/jupyter-book", "github.com"):
            assert word not in html
        assert bare.links(page) == {}
        tree = BeautifulSoup(html, "html.parser")
        here = (bare.site / page).parent
        for link in tree.select("a[href]"):
            parts = urlsplit(link["href"])
            assert link["href"], link
            if not parts.scheme and parts.path:
                assert (here / unquote(parts.path)).exists(), link


def test_unused_icons_are_dropped_and_used_ones_kept(bare: Book) -> None:
    glyphs = bare.glyphs()
    assert 0xF135 not in glyphs  # rocket
    assert 0xF002 in glyphs  # the magnifying glass of the search button
    assert len(glyphs) < 120
    vendor = bare.site / "_static" / "vendor" / "fontawesome"
    assert not list(vendor.rglob("*.ttf"))
    assert not list((bare.site / "_static").rglob("fontawesome.js"))
    assert sum(path.stat().st_size for path in vendor.rglob("*.woff2")) < 30_000


@pytest.fixture(scope="module")
def launched(bare: Book) -> Book:
    """The same book, built again after it got an origin."""
    git(bare.folder, "init")
    git(bare.folder, "remote", "add", "origin", "git@github.com:owner/lif-book.git")
    done = bare.build()
    assert done.exit_code == 0, done.output
    return bare


def test_the_origin_of_git_gives_launch_and_repository_buttons(launched: Book) -> None:
    assert launched.links("chapters/one") == {
        "Binder": "https://mybinder.org/v2/gh/owner/lif-book/HEAD"
        "?urlpath=lab/tree/chapters/one.ipynb",
        "Source repository": GITHUB,
    }
    assert launched.links("intro") == {"Source repository": GITHUB}  # nothing to run there


def test_icons_that_a_later_build_needs_come_back(launched: Book) -> None:
    html = (launched.site / "chapters" / "one.html").read_text("utf-8")
    assert "fa-rocket" in html and "fa-github" in html
    assert {0xF135, 0xF09B} <= launched.glyphs()
    css = (launched.site / "_static" / "styles" / "pydata-sphinx-theme.css").read_text("utf-8")
    assert ".fa-rocket:before" in css and ".fa-github:before" in css


def test_a_host_that_the_theme_does_not_know_works_too(launched: Book) -> None:
    done = launched.build(LIF_REPOSITORY="https://git.example.org/group/sub/book.git")
    assert done.exit_code == 0, done.output
    assert launched.links("chapters/one") == {
        "Binder": "https://mybinder.org/v2/git/https%3A%2F%2Fgit.example.org%2Fgroup%2Fsub%2Fbook"
        "/HEAD?urlpath=lab/tree/chapters/one.ipynb",
        "Source repository": "https://git.example.org/group/sub/book",
    }
    assert "fa-git-alt" in (launched.site / "chapters" / "one.html").read_text("utf-8")
    assert 0xF841 in launched.glyphs()  # git-alt


def test_a_setting_that_is_not_an_address_stops_the_build(launched: Book) -> None:
    done = launched.build(LIF_REPOSITORY="owner/name")
    assert done.exit_code == 1
    assert "lif_repository is 'owner/name'" in done.output
    assert "such as https://github.com/owner/name" in done.output
