"""One copy of the quiz code for the whole site.

Each quiz of a notebook carries the code and the style sheet that it needs, so that the
notebook works wherever it is opened. In the site this extension takes them out of the
pages and puts them into two files beside the other assets, ``_lif/quiz-….js`` and
``_lif/quiz-….css``, which only pages with a quiz load. Of each quiz its questions are
left. The notebooks stay as they are.

The code is recognised by building it from the installed jupyterquiz. A quiz that carries
other code, because its outputs were stored with another version, is left as it is, and a
warning (an error under ``-W``) says what to do.
"""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util import logging

# the book is built from its checkout, where lifbook need not be installed
sys.path.append(str(Path(__file__).resolve().parents[2]))
from lifbook.page import quiz

logger = logging.getLogger(__name__)

FOLDER = "_lif"
#: Attribute of a raw node that belongs to a quiz whose code has been taken out.
SHARED = "lif_quiz"
#: What tells a quiz of jupyterquiz from other output, whatever its version.
SIGNS = ("function show_questions(", 'class="lif-quiz"')


def assets() -> dict[str, str]:
    """File name -> contents; the name changes with the contents, so that caches notice."""
    contents = {"js": quiz.library(), "css": quiz.style()}
    return {
        f"quiz-{hashlib.sha256(text.encode()).hexdigest()[:10]}.{kind}": text
        for kind, text in contents.items()
    }


def share(app: Sphinx, document: nodes.document) -> None:
    """Takes code and style out of the quizzes of a document that has been read."""
    parts = {quiz.library(): "", f"<style>{quiz.style()}</style>": ""}
    before = after = 0
    for raw in list(document.findall(nodes.raw)):
        text = raw.astext()
        if not any(sign in text for sign in SIGNS):
            continue
        slim = text
        for part, rest in parts.items():
            slim = slim.replace(part, rest)
        if slim == text:
            logger.warning(
                "a quiz carries other code than the installed jupyterquiz and lifbook give; "
                "it is left as it is. Run `make refresh` to store it anew",
                location=(app.env.docname, None),
                type="lif_quiz",
                subtype="code",
            )
            continue
        before, after = before + len(text.encode()), after + len(slim.encode())
        # without this class: pydata's dark theme paints it as a light box
        classes = [name for name in raw["classes"] if name != "text_html"]
        new = nodes.raw("", slim, format="html", classes=classes, **{SHARED: True})
        raw.parent.replace(raw, new)  # replace_self would keep the class
    if before:
        logger.debug("quizzes of %s: %d bytes, now %d", app.env.docname, before, after)


def load(
    _app: Sphinx,
    page: str,
    _template: str,
    context: dict[str, Any],
    document: nodes.document | None,
) -> None:
    """Loads the shared files on a page that has a quiz."""
    if document is None or not any(raw.get(SHARED) for raw in document.findall(nodes.raw)):
        return
    script, style = (f"{context['pathto'](FOLDER, 1)}/{name}" for name in assets())
    context["metatags"] = (
        context.get("metatags", "")
        + f'\n<link rel="stylesheet" href="{style}">'
        + f'\n<script defer src="{script}"></script>'
    )


def write(app: Sphinx, error: Exception | None) -> None:
    """Writes the shared files, and takes away those of another version."""
    if error or app.builder.format != "html":
        return
    folder = Path(app.outdir) / FOLDER
    folder.mkdir(exist_ok=True)
    wanted = assets()
    for name, text in wanted.items():
        file = folder / name
        if not file.exists() or file.read_text("utf-8") != text:
            file.write_text(text, encoding="utf-8")
    for file in folder.glob("quiz-*"):
        if file.name not in wanted:
            file.unlink()


def setup(app: Sphinx) -> dict[str, Any]:
    """Registers the extension."""
    # a value of the environment, so that other code makes Sphinx read the pages again
    app.add_config_value("lif_quiz_files", " ".join(assets()), "env", [str])
    app.connect("doctree-read", share)
    app.connect("html-page-context", load, priority=900)
    app.connect("build-finished", write)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
