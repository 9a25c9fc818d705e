"""Quizzes that can be read without JavaScript, and wake without Jupyter's widget manager.

A notebook stores a quiz like any widget: its questions are in the state of the notebook. In
the site this extension writes the questions and their answers into the page as text, with
the state of that one quiz beside them, and takes the quizzes out of the state that the
other widgets of the page share. ``book/frontend/src/quizzes.js`` makes each a quiz again when
the page is read; `tools/assets.py` bundles it with the widget's own script and style, into
two files that only pages with a quiz load.

The text is set with the widget's own style sheet and is as tall as the quiz that takes its
place, so that nothing below moves.
"""

from __future__ import annotations

import json
import re
from html import escape
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms import SphinxTransform

from book.ext import widgets

KIND = "Quiz"
#: Attribute of a raw node that is a quiz.
MARK = "lif_quiz"
#: Names of the two files in the manifest of the bundles.
SCRIPT, STYLE = "quizzes", "quizzesCss"


class QuizTexts(SphinxTransform):
    """Puts the questions in place of each quiz; runs before other widgets get their slots."""

    default_priority = widgets.WidgetSlots.default_priority - 10

    def apply(self, **_kwargs: Any) -> None:
        """Replace the views of quizzes in the document that has been read."""
        models = widgets.widget_models(self.env, self.env.docname)
        for raw in list(self.document.findall(nodes.raw)):
            if widgets.VIEW not in raw.astext():
                continue
            model = json.loads(re.sub(r"</?script[^>]*>", "", raw.astext()))["model_id"]
            state = models.get(model, {})
            if widgets.kind(state) == KIND:
                raw.replace_self(nodes.raw("", text(state), format="html", **{MARK: True}))


def text(state: dict[str, Any]) -> str:
    """HTML of a quiz that is read only, with its state for the script that wakes it."""
    questions = state["questions"]
    count = len(questions)
    note = f"{count} question{'s' if count > 1 else ''}. " + (
        f"{'They' if count > 1 else 'It'} can be answered where JavaScript is on."
    )
    cards = "\n".join(card(item, number, count) for number, item in enumerate(questions, start=1))
    kept = {"label": state["label"], "questions": questions}
    # "</" would end the script
    stored = json.dumps(kept, ensure_ascii=False, separators=(",", ":")).replace("</", "<\\/")
    return (
        f'<div class="lif-quiz" id="{escape(state["name"])}" role="group" '
        f'aria-label="{escape(state["label"])}"><p>{note}</p>\n{cards}\n'
        f'<script type="application/json">{stored}</script></div>'
    )


def card(question: dict[str, Any], number: int, count: int) -> str:
    """HTML of one question and its answers: what the widget shows before the first answer."""
    hints = {"multiple_choice": "Choose one.", "many_choice": "Choose all that are right."}
    if question["type"] in hints:
        rows = "".join(
            f'<li class="lif-quiz__choice"><span>{escape(answer["answer"])}</span></li>'
            for answer in question["answers"]
        )
        answers = (
            f'<p class="lif-quiz__hint">{hints[question["type"]]}</p>'
            f'<ul class="lif-quiz__answers">{rows}</ul>'
        )
    else:
        unit = f", in {escape(question['unit'])}" if question.get("unit") else ""
        answers = (
            '<div class="lif-quiz__answers lif-quiz__answers--typed">'
            f'<span>Your answer{unit}</span><span class="lif-quiz__field"></span></div>'
        )
    return (
        f'<div class="lif-quiz__card"><p class="lif-quiz__count">Question {number} of {count}</p>'
        f'<div class="lif-quiz__question">{escape(question["question"])}</div>{answers}</div>'
    )


def without_quizzes(body: str) -> str:
    """A page's stored state less its quizzes; empty if nothing else was in it."""
    stored = json.loads(body)
    models: dict[str, Any] = stored["state"]
    quizzes = {key for key, model in models.items() if widgets.kind(model["state"]) == KIND}
    layouts = {models[key]["state"].get("layout", "").removeprefix("IPY_MODEL_") for key in quizzes}
    rest = {key: model for key, model in models.items() if key not in quizzes | layouts}
    return json.dumps(stored | {"state": rest}) if rest else ""


def files(
    app: Sphinx, page: str, _template: str, context: dict[str, Any], document: nodes.document | None
) -> None:
    """Loads script and style on a page that has a quiz, and leaves its state to the others."""
    if document is None or not any(raw.get(MARK) for raw in document.findall(nodes.raw)):
        return
    scripts = context["script_files"]
    for script in list(scripts):
        if getattr(script, "attributes", {}).get("type") == widgets.STATE:
            script.attributes["body"] = without_quizzes(script.attributes["body"])
            if not script.attributes["body"]:
                scripts.remove(script)
    names = widgets.manifest(app)
    up = "../" * page.count("/") + widgets.FOLDER
    context["metatags"] = (
        context.get("metatags", "")
        + f'\n<link rel="stylesheet" href="{up}/{names[STYLE]}">'
        + f'\n<script type="module" src="{up}/{names[SCRIPT]}"></script>'
    )


def setup(app: Sphinx) -> dict[str, Any]:
    """Registers the extension."""
    app.setup_extension("book.ext.widgets")
    app.add_transform(QuizTexts)
    # Before book.ext.widgets (900), which writes the state.
    app.connect("html-page-context", files, priority=800)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
