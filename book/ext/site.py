"""Sphinx extension: puts every page right: nothing needless, nothing from elsewhere, open to all.

- no thebe (set up twice by Jupyter Book, with an address of another host),
- scripts and style sheets of extensions only on pages that need them,
- an icon font with the dozen glyphs that the pages use in place of 680 kB of Font Awesome,
- launch and repository buttons only where the repository has a public address,
- what the theme and extensions write against HTML and WAI-ARIA is corrected in the page's text.
"""

from __future__ import annotations

import ipaddress
import os
import re
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from docutils import nodes
from fontTools import subset
from fontTools.ttLib import TTFont
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.errors import ConfigError

#: The forms in which git writes an address: with a scheme, and as ``git@host:path``.
SCHEME = re.compile(
    r"(?:https?|ssh|git)://(?:[^/@]*@)?(?P<host>\[[^\]]*\]|[^/:@]+)(?P<port>:\d+)?/(?P<path>.+)"
)
SHORT = re.compile(r"(?:[^/@:]+@)?(?P<host>[^/:@]{2,}):(?P<path>[^/].*)")  # "C:" is a drive
BINDER = "https://mybinder.org"
#: Hosts of repositories that Binder and the theme know by name.
KNOWN = {"github.com": "gh", "gitlab.com": "gl"}


def repository_address(folder: Path, setting: str = "") -> str:
    """Public address of the repository: the setting, else git's origin, else empty.

    Names and passwords in an address are left out. An origin that is a folder, or on a host
    that only this machine or this network knows, is of no use to a reader.

    Parameters
    ----------
    folder
        The repository.
    setting
        Address from the configuration; the environment variable LIF_REPOSITORY comes next.
    """
    address = setting or os.environ.get("LIF_REPOSITORY", "")
    if not address and shutil.which("git"):
        asked = subprocess.run(
            ["git", "-C", str(folder), "remote", "get-url", "origin"],
            capture_output=True,
            text=True,
            check=False,
        )
        address = asked.stdout if asked.returncode == 0 else ""
    address = address.strip()
    match = SCHEME.fullmatch(address) or ("://" not in address and SHORT.fullmatch(address)) or None
    if match is None or not is_public(match["host"]):
        return ""
    port = match["port"] if address.startswith("http") and match["port"] else ""
    path = match["path"].rstrip("/").removesuffix(".git")
    return f"https://{match['host'].lower()}{port}/{path}"


def is_public(host: str) -> bool:
    """Whether a reader elsewhere can reach a host of this name."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_global
    except ValueError:
        name = host.lower()
        return "." in name and not name.endswith((".local", ".localhost", ".internal", ".lan"))


def binder_address(repository: str, path: str) -> str:
    """Where Binder opens a file of a public repository in JupyterLab.

    Parameters
    ----------
    repository
        Address as `repository_address` gives it.
    path
        Path of the file in the repository.
    """
    host, _, name = repository.removeprefix("https://").partition("/")
    kind = KNOWN.get(host, "git")
    # GitHub's names have two parts, which stay apart; all others count as one word.
    place = {"gh": name, "gl": quote(name, safe="")}.get(kind, quote(repository, safe=""))
    return f"{BINDER}/v2/{kind}/{place}/HEAD?urlpath=lab/tree/{quote(path)}"


def launch_buttons(app: Sphinx, config: Config) -> None:
    """Turn on the repository and Binder buttons where there is something to launch."""
    asked = config.lif_repository or os.environ.get("LIF_REPOSITORY", "")
    address = repository_address(Path(app.srcdir), config.lif_repository)
    if asked and not address:
        raise ConfigError(
            f"lif_repository is '{asked}', which no reader elsewhere can open. Write an address "
            "such as https://github.com/owner/name, or leave it empty"
        )
    config.lif_repository = address
    options = config.html_theme_options
    # Sidebar and head of the article have a search button; a bar with a third would be too much.
    options.setdefault("navbar_persistent", [])
    options.setdefault("primary_sidebar_end", [])  # a place for the advertisements of a host
    options.setdefault("back_to_top_button", False)  # it floats over letters and atoms to click on
    if address:
        options["repository_url"] = address
        options["repository_branch"] = "HEAD"  # the default branch, whatever its name
        options["path_to_docs"] = ""
        options["use_repository_button"] = True
        options["launch_buttons"] = {"binderhub_url": BINDER, "notebook_interface": "jupyterlab"}
        if urlsplit(address).hostname not in KNOWN:
            options["repository_provider"] = "gitlab"  # the theme wants one of those it knows


def point_buttons(
    app: Sphinx, page: str, _template: str, context: dict[str, Any], _tree: nodes.document | None
) -> None:
    """Correct where the buttons lead; the theme knows repositories of two hosts only."""
    address = app.config.lif_repository
    for button in context.get("header_buttons", []):
        if button.get("label") == "launch-buttons":
            path = Path(app.env.doc2path(page)).relative_to(app.srcdir).as_posix()
            for entry in button["buttons"]:
                entry["url"] = binder_address(address, path)
        elif button.get("label") == "source-repository-button":
            button["url"] = address
            if urlsplit(address).hostname not in KNOWN:
                button["icon"] = "fab fa-git-alt"


#: File of an extension -> what is in a page that needs it.
NEEDED_FOR = {
    "clipboard.min.js": r'class="highlight',
    "copybutton": r'class="highlight',
    "togglebutton": r'class="[^"]*\b(?:dropdown|toggle)\b',
    "design-tabs.js": r'class="[^"]*\bsd-tab',
    "sphinx-design": r'class="[^"]*\bsd-',
    "exercise.css": r'class="[^"]*\b(?:exercise|solution)\b',
    "mystnb.": r'class="[^"]*\bcell\b',
}
#: Inline scripts that set names for the files above.
INLINE = {
    "toggleHint": "togglebutton",
    "toggleOpenOnPrint": "togglebutton",
    "togglebuttonSelector": "togglebutton",
}
#: What Sphinx and its extensions write against HTML and WAI-ARIA -> what it should be.
MENDED = {
    r'<div role="list" class="citation-list">': '<div class="citation-list">',  # holds no listitem
    r' role="doc-biblioentry"': "",  # deprecated, and not allowed on a div
    r'<section id="(?:exercise|solution)-content">': "<section>",  # the same id for each of them
    r"<th([^>]*)>(?:<p></p>)?</th>": r"<td\1></td>",  # the corner of a table heads nothing
    # the words of a drawing: Sphinx's marking of searched words stops at them with an error
    r"<(title|desc)(?=[ >])(?![^>]*\bclass=)": r'<\1 class="nohighlight"',
}


def trim_head(
    _app: Sphinx, _page: str, _template: str, context: dict[str, Any], _tree: nodes.document | None
) -> None:
    """Leave out thebe, and files of extensions that the page does not need."""
    text = context.get("body", "")
    seen: set[str] = set()

    def wanted(file: Any) -> bool:
        body = getattr(file, "attributes", {}).get("body") or ""
        name = str(getattr(file, "filename", file) or "")
        if "thebe" in name or "thebe" in body.lower():
            return False
        if body in seen:
            return False  # a script that two extensions add
        seen.add(body or name)
        serves = next((key for start, key in INLINE.items() if start in body), name)
        return all(re.search(sign, text) for part, sign in NEEDED_FOR.items() if part in serves)

    for key in ("script_files", "css_files"):
        context[key][:] = [file for file in context[key] if wanted(file)]


def mend(
    _app: Sphinx, _page: str, _template: str, context: dict[str, Any], _tree: nodes.document | None
) -> None:
    """Correct what a browser or a screen reader would stumble over."""
    # Without JavaScript the theme shows no colours in its mode "auto"; layout.html finds out
    # which one the reader wants before anything is painted.
    context["default_mode"] = "light"
    # Sources are not copied to the site, so the theme's link to them is dead. Printing is left.
    buttons = context.get("header_buttons", [])
    for at, button in enumerate(buttons):
        if button.get("label") == "download-buttons":
            buttons[at] = next(
                entry | {"text": None, "icon": "fas fa-print", "tooltip": "Print this page"}
                for entry in button["buttons"]
                if entry["label"] == "download-pdf-button"
            )
    for wrong, right in MENDED.items():
        if "body" in context:
            context["body"] = re.sub(wrong, right, context["body"])


#: Rules of the theme's style sheet that name a glyph of an icon font by its code.
ICON = re.compile(r'(?:\.fa-[a-z0-9-]+:before,?)+\{content:"\\([0-9a-f]+)"\}')


def shrink_icons(app: Sphinx, error: Exception | None) -> None:
    """Keep only those glyphs of the icon fonts that some page, style or script names."""
    if error or app.builder.format != "html":
        return
    static = Path(app.outdir) / "_static"
    fonts = static / "vendor" / "fontawesome" / "webfonts"
    style = static / "styles" / "pydata-sphinx-theme.css"
    if not fonts.is_dir():
        return
    scripts = [path for path in static.rglob("*.js") if "fontawesome" not in path.name]
    css, codes = _used_icons(
        style.read_text("utf-8"), [*Path(app.outdir).rglob("*.html"), *scripts]
    )
    for path in static.rglob("*.css"):
        codes |= _named_codes(css if path == style else path.read_text("utf-8"))
    style.write_text(css, "utf-8")
    for path in fonts.glob("*.woff2"):
        _shrink_font(path, codes)
    useless = ("fontawesome.js*", "*.map", "*webpack-macros.html")
    for path in [*fonts.glob("*.ttf"), *(file for name in useless for file in static.rglob(name))]:
        path.unlink(missing_ok=True)


def _used_icons(css: str, users: Iterable[Path]) -> tuple[str, set[int]]:
    """Style sheet without the icons that no page or script names, and codes of those it keeps."""
    text = " ".join(path.read_text("utf-8") for path in users)
    used = set(re.findall(r"\bfa-([a-z0-9-]+)", text))
    codes: set[int] = set()

    def keep(match: re.Match[str]) -> str:
        if used.isdisjoint(re.findall(r"\.fa-([a-z0-9-]+)", match[0])):
            return ""
        codes.add(int(match[1], 16))
        return match[0]

    return ICON.sub(keep, css), codes


def _named_codes(css: str) -> set[int]:
    """Codes of glyphs that a style sheet writes, as an escape or as the character itself."""
    escapes = {int(code, 16) for code in re.findall(r'"\\(f[0-9a-f]{3})"', css)}
    return escapes | {ord(char) for char in css if "\ue000" <= char <= "\uf8ff"}


def _shrink_font(path: Path, codes: set[int]) -> None:
    """Rewrite a font with these glyphs only."""
    font = TTFont(path, recalcTimestamp=False)  # the same file on every build
    if len(font.getBestCmap()) <= len(codes):
        return  # done by an earlier build
    options = subset.Options(flavor="woff2", layout_features=[], notdef_outline=True)
    tool = subset.Subsetter(options)
    tool.populate(unicodes=codes)
    tool.subset(font)
    font.flavor = "woff2"
    font.save(path)


def setup(app: Sphinx) -> dict[str, Any]:
    """Set up the extension."""
    app.add_config_value("lif_repository", "", "html", [str])
    app.connect("config-inited", launch_buttons)
    app.connect("html-page-context", trim_head, priority=900)
    app.connect("html-page-context", mend, priority=900)
    app.connect("html-page-context", point_buttons, priority=900)
    app.connect("build-finished", shrink_icons)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
