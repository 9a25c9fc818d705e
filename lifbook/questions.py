"""Questions from ``data/questions``, shown by jupyterquiz.

A chapter has one file of questions, ``data/questions/<chapter>.json``, in the format of
``data/questions/schema.json``: jupyterquiz's own, with an id, a section and a learning
objective added. Numbers that are computed from data are placeholders there
(``{lif_40}``); the chapter passes what it has computed to `show_quiz`.

What is shown is the same on every run, needs no kernel, asks no other host for anything,
and follows the light or dark theme of JupyterLab or of the site. jupyterquiz builds the
questions in the page; `library` adds what it lacks for keyboards and screen readers.
"""

from __future__ import annotations

import html
import importlib.resources
import json
import math
import re
from collections.abc import Mapping
from functools import cache
from numbers import Integral, Real
from pathlib import Path
from typing import Any

from IPython.display import HTML, Javascript, display
from jupyterquiz.dynamic.renderer import render_div

from lifbook import data
from lifbook.errors import LifbookError
from lifbook.rounding import rounded

PREFIX = "questions-"
SCHEMA = "schema"
CHOICES = ("multiple_choice", "many_choice")
TYPES = (*CHOICES, "numeric", "string")

#: What jupyterquiz reads of a question; the other fields are for authors and exports.
_SHOWN = ("id", "type", "question", "unit", "answers")
_NAME = r"[a-z][a-z0-9_]*"
_PLACEHOLDER = re.compile(r"\{(" + _NAME + r")(?::([^{}]*))?\}")
_EXACT = re.compile(r"\{(" + _NAME + r")\}")

Question = dict[str, Any]


# --- reading ----------------------------------------------------------------------------


def chapters(*, folder: Path | str | None = None) -> list[str]:
    """Chapters that have questions."""
    names = [name for name in data.resources(folder=folder) if name.startswith(PREFIX)]
    return [name.removeprefix(PREFIX) for name in names if name != PREFIX + SCHEMA]


def sections(chapter: str, *, folder: Path | str | None = None) -> dict[str, str]:
    """Sections of a chapter's questions and their titles, in order."""
    return dict(_file(chapter, folder)["sections"])


def questions(
    chapter: str, section: str | None = None, *, folder: Path | str | None = None
) -> list[Question]:
    """Questions of a chapter as they stand in its file, checked.

    Parameters
    ----------
    chapter
        Name of the chapter, such as ``"structure"``.
    section
        Name of a section; all sections if left out.
    folder
        Another data folder, for tests.

    Raises
    ------
    LifbookError
        If the chapter or section is unknown, or a question is not fit to be shown: two
        with one id, an unknown type, a choice without feedback, no right answer, a
        placeholder that the file does not document.
    """
    contents = _file(chapter, folder)
    if section is None:
        return contents["questions"]
    if section not in contents["sections"]:
        raise LifbookError(
            f"the questions of '{chapter}' have no section '{section}'",
            file=_path(chapter),
            remedy=f"use one of {', '.join(contents['sections'])}",
        )
    return [item for item in contents["questions"] if item["section"] == section]


def placeholders(chapter: str, section: str, *, folder: Path | str | None = None) -> dict[str, str]:
    """Values that the questions of a section need, in the order of their first use.

    Returns
    -------
    dict
        Name -> what it is, with its unit.
    """
    documented = _file(chapter, folder)["placeholders"]
    described = {}
    for name in _names(questions(chapter, section, folder=folder)):
        unit = documented[name].get("unit")
        described[name] = documented[name]["description"] + (f" ({unit})" if unit else "")
    return described


def examples(chapter: str, section: str, *, folder: Path | str | None = None) -> dict[str, float]:
    """Values found when the questions were written, for tests and exports."""
    documented = _file(chapter, folder)["placeholders"]
    names = _names(questions(chapter, section, folder=folder))
    return {name: documented[name]["example"] for name in names}


def _path(chapter: str) -> str:
    return f"data/questions/{chapter}.json"


def _file(chapter: str, folder: Path | str | None) -> dict[str, Any]:
    """Contents of a chapter's file, checked."""
    known = chapters(folder=folder)
    if chapter not in known:
        raise LifbookError(
            f"no questions for a chapter '{chapter}'",
            file=f"data/{data.MANIFEST}",
            column="chapter",
            remedy=f"use one of {', '.join(known)}",
        )
    contents = data.read_json(PREFIX + chapter, folder=folder)
    seen: set[str] = set()
    for item in contents["questions"]:
        _check(item, contents, _path(chapter))
        if item["id"] in seen:
            raise LifbookError(
                "two questions have this id",
                file=_path(chapter),
                row=item["id"],
                remedy="give each question an id of its own",
            )
        seen.add(item["id"])
    return contents


def _check(item: Question, contents: dict[str, Any], file: str) -> None:
    """Refuse a question that a reader could not learn from."""

    def refuse(problem: str, column: str, remedy: str) -> None:
        raise LifbookError(
            problem, file=file, row=item.get("id", "without an id"), column=column, remedy=remedy
        )

    for field in ("id", "section", "objective", "type", "question", "answers"):
        if not item.get(field):
            refuse(f"the question has no '{field}'", field, "add it, see schema.json beside it")
    if item["type"] not in TYPES:
        refuse(f"no type is called '{item['type']}'", "type", f"use one of {', '.join(TYPES)}")
    if item["section"] not in contents["sections"]:
        refuse(
            f"no section is called '{item['section']}'",
            "section",
            f"use one of {', '.join(contents['sections'])}, or add it to 'sections'",
        )
    for number, answer in enumerate(item["answers"], start=1):
        if not str(answer.get("feedback", "")).strip():
            refuse(
                f"answer {number} has no feedback",
                "answers",
                "say what is right or wrong about it",
            )
    right = sum(answer.get("correct") is True for answer in item["answers"])
    if right == 0:
        refuse("no answer is correct", "answers", "set 'correct' to true for the right answer")
    if item["type"] == "multiple_choice" and right > 1:
        refuse(
            f"{right} answers are correct", "type", "use many_choice, or leave one correct answer"
        )
    if item["type"] == "many_choice" and right < 2:
        refuse("only one answer is correct", "type", "use multiple_choice, or add a second one")
    if item["type"] not in CHOICES and not any(
        answer.get("type") == "default" for answer in item["answers"]
    ):
        refuse(
            "answers that were not foreseen get no feedback",
            "answers",
            'add an answer of the type "default"',
        )
    for name in _names([item]):
        if name not in contents["placeholders"]:
            refuse(
                f"placeholder '{name}' is not documented",
                "placeholders",
                "describe it under 'placeholders'",
            )


def _names(items: list[Question]) -> list[str]:
    """Placeholders in the shown fields of questions, each once, in order of first use."""
    found: dict[str, None] = {}

    def walk(value: Any) -> None:
        if isinstance(value, str):
            found.update((match[1], None) for match in _PLACEHOLDER.finditer(value))
        elif isinstance(value, dict):
            for part in value.values():
                walk(part)
        elif isinstance(value, list):
            for part in value:
                walk(part)

    walk([{field: item.get(field) for field in _SHOWN} for item in items])
    return list(found)


# --- filling in -------------------------------------------------------------------------


def filled(
    chapter: str,
    section: str,
    values: Mapping[str, float | str] | None = None,
    *,
    folder: Path | str | None = None,
) -> list[Question]:
    """Questions of a section with their numbers, as jupyterquiz takes them.

    Parameters
    ----------
    values
        Name of each placeholder (see `placeholders`) -> its value.

    Raises
    ------
    LifbookError
        As `questions`; and if a value is missing, superfluous, or not a finite number
        where one is needed.
    """
    items = questions(chapter, section, folder=folder)
    values = dict(values or {})
    needed = _names(items)
    place: dict[str, Any] = {"file": _path(chapter), "row": section, "column": "values"}
    if missing := [name for name in needed if name not in values]:
        raise LifbookError(
            f"no value for {', '.join(missing)}",
            remedy=f"pass it in values, see placeholders('{chapter}', '{section}')",
            **place,
        )
    if extra := [name for name in values if name not in needed]:
        raise LifbookError(
            f"no question of the section uses {', '.join(extra)}",
            remedy=f"leave it out, or use one of {', '.join(needed) or 'no values at all'}",
            **place,
        )
    for name, value in values.items():
        number = isinstance(value, Real) and not isinstance(value, bool)
        if not (isinstance(value, str) or (number and math.isfinite(value))):
            raise LifbookError(
                f"{name} is {value!r}", remedy="pass a finite number or a text", **place
            )
    return [_fill_question(item, values, chapter) for item in items]


def _fill_question(item: Question, values: Mapping[str, Any], chapter: str) -> Question:
    try:
        shown = {field: item[field] for field in _SHOWN if field in item}
        shown["question"] = _fill_text(item["question"], values)
        shown["answers"] = [_fill_answer(answer, values) for answer in item["answers"]]
    except ValueError as error:
        raise LifbookError(
            str(error),
            file=_path(chapter),
            row=item["id"],
            remedy="pass a value of the right kind, or mend the format in the question",
        ) from None
    return shown


def _fill_text(text: str, values: Mapping[str, Any]) -> str:
    """`text` with its numbers, safe to be put into a page."""

    def insert(match: re.Match[str]) -> str:
        value, code = values[match[1]], match[2] or ""
        try:
            shown = format(value, code)
        except (TypeError, ValueError):
            raise ValueError(f"{match[1]} = {value!r} cannot be written as '{code}'") from None
        return shown.replace("-", "\N{MINUS SIGN}") if isinstance(value, Real) else shown

    # jupyterquiz writes texts into the page as HTML
    return html.escape(_PLACEHOLDER.sub(insert, text), quote=False)


def _fill_answer(answer: dict[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
    shown = dict(answer)
    for field in ("answer", "feedback"):
        if field in answer:
            shown[field] = _fill_text(answer[field], values)
    if "range" in answer:
        shown["range"] = [_fill_number(end, values) for end in answer["range"]]
    if "value" in answer:
        value = _fill_number(answer["value"], values)
        shown["value"] = value
        if "tolerance" in answer:
            # jupyterquiz knows only ranges that leave out their upper end
            half = _fill_number(shown.pop("tolerance"), values)
            shown.pop("value")
            shown["type"] = "range"
            low, high = (rounded(end, 6) for end in (value - half, value + half))
            shown["range"] = [low, round(high + 1e-9, 9)]
        elif not isinstance(value, int):
            raise ValueError(f"nobody can type {value!r} exactly: the answer needs a tolerance")
    return shown


def _fill_number(number: float | str, values: Mapping[str, Any]) -> int | float:
    if isinstance(number, str):
        match = _EXACT.fullmatch(number)
        if match is None:
            raise ValueError(f"'{number}' is neither a number nor one placeholder")
        number = values[match[1]]
        if not isinstance(number, Real):
            raise ValueError(f"{match[1]} = {number!r} is not a number")
    whole = isinstance(number, Integral) or float(number).is_integer()
    return int(number) if whole else float(number)


# --- showing ----------------------------------------------------------------------------


def show_quiz(
    chapter: str,
    section: str,
    values: Mapping[str, float | str] | None = None,
    *,
    folder: Path | str | None = None,
) -> None:
    """Show the questions of a section as the output of a cell.

    Parameters
    ----------
    chapter, section
        Which questions, see `questions`.
    values
        Numbers computed in the chapter, see `placeholders`.

    Raises
    ------
    LifbookError
        As `filled`.

    Examples
    --------
    >>> show_quiz("structure", "receptor", {"d3_share": share, ...})  # doctest: +SKIP
    """
    items = filled(chapter, section, values, folder=folder)
    title = sections(chapter, folder=folder)[section]
    # jupyterquiz draws a random id; one that says what it is also passes strict nbval
    name = f"lifquiz_{chapter}_{section}"
    box = render_div(name, False, False, False, len(items), 960, 6, "left")
    plural = "questions" if len(items) > 1 else "question"
    waiting = (
        f"<p>{len(items)} {plural}. If they do not appear, JavaScript is off here; "
        "in JupyterLab, run the cell.</p>"
    )
    display(
        HTML(
            f'<div class="lif-quiz" role="group" '
            f'aria-label="Quiz: {html.escape(title)}">'
            f"{box}{waiting}</div></div>\n<style>{style()}</style>"
        )
    )
    call = json.dumps({"id": name, "questions": items}, ensure_ascii=False)
    display(Javascript(f"(window.lifQuizzes = window.lifQuizzes || []).push({call});\n{library()}"))


@cache
def library() -> str:
    """JavaScript that turns what waits in ``window.lifQuizzes`` into quizzes.

    It is the installed jupyterquiz's own code in a function of its own, in which the name
    ``MathJax`` stands for nothing. jupyterquiz would otherwise fetch MathJax from another
    host wherever it finds a part of it, as in JupyterLab. Comments and messages to the
    console are taken out.
    """
    folder = importlib.resources.files("jupyterquiz").joinpath("js")
    files = sorted(file.name for file in folder.iterdir() if file.name.endswith(".js"))
    parts = [_lean(folder.joinpath(name).read_text("utf-8")) for name in files]
    return "(function (MathJax) {\n" + "\n".join([*parts, _lean(_DRESS)]) + "\n})();\n"


def _lean(code: str) -> str:
    """`code` without comments, indentation, console messages and addresses of hosts.

    Lines are joined where the end of a line means nothing: a notebook stores each line
    of an output by itself, and every quiz of a chapter carries the code.
    """
    code = re.sub(r"^[ \t]*/\*.*?\*/", "", code, flags=re.DOTALL | re.MULTILINE)
    lines = (line.strip() for line in code.splitlines())
    kept = [
        line
        for line in lines
        if line and not line.startswith("//") and not re.fullmatch(r"console\.log\(.*\);?", line)
    ]
    text = "".join(
        line if line.endswith((";", "{", ",", "(")) and "//" not in line else line + "\n"
        for line in kept
    )
    return re.sub(r"https?://[^'\"\s]+", "", text)


#: What jupyterquiz lacks: names for groups and fields, one event per click, a button to
#: check a number, answers told to screen readers, and marks that do not rest on colour.
_DRESS = r"""
function make(tag, name, text) {
  var node = document.createElement(tag);
  node.className = name;
  node.textContent = text || '';
  return node;
}
function dressChoices(answers, quiz, judge) {
  var many = quiz.many, labels = Array.from(answers.querySelectorAll('label'));
  var inputs = labels.map(function (label) { return label.querySelector('input'); });
  var hint = make('p', 'lif-hint', many ? 'Choose all that are right.' : 'Choose one.');
  hint.id = answers.id + 'hint';
  hint.appendChild(make('span', 'lif-hidden',
    ' Arrow keys move from answer to answer, the space bar chooses.'));
  answers.parentNode.insertBefore(hint, answers);
  answers.setAttribute('role', many ? 'group' : 'radiogroup');
  answers.setAttribute('aria-labelledby', quiz.names);
  answers.setAttribute('aria-describedby', hint.id);
  labels.forEach(function (label, i) {
    var check = label.onclick, input = inputs[i];
    input.className = '';
    if (many) input.type = 'checkbox';
    label.onclick = function (event) {
      if (event.target !== input) return;  // a click on the words comes again as one on the input
      check.call(label);
      inputs.forEach(function (other, k) {
        other.checked = /correctButton/.test(labels[k].className);
      });
      judge();
    };
    input.addEventListener('keydown', function (event) {
      var step = {ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1}[event.key];
      if (step) {  // look before you choose: arrows alone would choose in a radio group
        event.preventDefault();
        inputs[(i + step + inputs.length) % inputs.length].focus();
      } else if (event.key === 'Enter') {
        event.preventDefault();
        input.click();
      }
    });
  });
}
function dressField(answers, quiz, judge) {
  var numeric = quiz.type === 'numeric', check = numeric ? check_numeric : check_string;
  var label = answers.querySelector('label'), input = answers.querySelector('input');
  var button = make('button', 'lif-check', 'Check'), feedback = quiz.feedback;
  label.htmlFor = input.id;
  label.textContent = quiz.unit ? 'Your answer, in ' + quiz.unit : 'Your answer';
  input.autocomplete = 'off';
  input.inputMode = numeric ? 'decimal' : 'text';
  input.setAttribute('aria-describedby', quiz.names);
  input.onpaste = input.onkeypress = null;
  // jupyterquiz empties the field when it is entered again
  answers.addEventListener('focus', function (event) { event.stopPropagation(); }, true);
  button.type = 'button';
  answers.appendChild(button);
  function submit(from) {
    var text = input.value.trim().replace('\u2212', '-');
    if (numeric) {
      var thousands = /^\d{1,3}(,\d{3})+(\.\d+)?$/.test(text);
      text = thousands ? text.replace(/,/g, '') : text.replace(',', '.');
    }
    if (!text || (numeric && !isFinite(Number(text)))) {
      feedback.className = 'Feedback';
      feedback.textContent = numeric ? 'Type a number, such as 12.5, and check it.'
        : 'Type your answer and check it.';
      return;
    }
    input.value = text;
    check(input, {keyCode: 13});
    input.setAttribute('aria-invalid', String(!judge()));
    from.focus();
  }
  button.onclick = function () { submit(button); };
  input.addEventListener('keydown', function (event) {
    if (event.key === 'Enter') { event.preventDefault(); submit(input); }
  });
}
function dress(box, questions) {
  Array.from(box.querySelectorAll('.Quiz')).forEach(function (wrap, k) {
    var answers = wrap.querySelector('.Answer'), feedback = wrap.querySelector('.Feedback');
    var text = wrap.firstChild.firstChild, item = questions[k];
    var count = make('p', 'lif-count', 'Question ' + (k + 1) + ' of ' + questions.length);
    var live = make('div', 'lif-live');
    text.classList.add('lif-question');
    count.id = text.id + 'count';
    wrap.dataset.question = item.id;
    wrap.insertBefore(count, wrap.firstChild);
    live.setAttribute('role', 'status');
    live.setAttribute('aria-live', 'polite');
    live.setAttribute('aria-atomic', 'true');
    wrap.insertBefore(live, feedback);
    live.appendChild(feedback);
    function judge() {
      var right = feedback.classList.contains('correct');
      feedback.innerHTML = feedback.innerHTML.replace(/ \[(\d+)\/(\d+)\]$/,
        ' <span class="lif-found">$1 of $2 found.</span>');
      feedback.insertBefore(make('strong', '', right ? 'Right. ' : 'Not quite. '),
        feedback.firstChild);
      return right;
    }
    var quiz = {type: item.type, many: item.type === 'many_choice', unit: item.unit,
      feedback: feedback, names: count.id + ' ' + text.id};
    (/_choice$/.test(item.type) ? dressChoices : dressField)(answers, quiz, judge);
    // otherwise JupyterLab takes keys for its own commands: "d d" would delete the cell
    wrap.querySelectorAll('input, button').forEach(function (control) {
      control.setAttribute('data-lm-suppress-shortcuts', 'true');
    });
  });
}
function start(quiz, tries) {
  var boxes = document.querySelectorAll('[id="' + quiz.id + '"]:not([data-lif-started])');
  if (!boxes.length && tries < 100) {  // the cell's HTML may come after its script
    setTimeout(function () { start(quiz, tries + 1); }, 100);
  }
  boxes.forEach(function (box) {
    box.setAttribute('data-lif-started', '');
    box.textContent = '';
    show_questions(quiz.questions, box);
    dress(box, quiz.questions);
  });
}
var waiting = window.lifQuizzes || [];
window.lifQuizzes = {push: function (quiz) { start(quiz, 0); }};
waiting.forEach && waiting.forEach(function (quiz) { start(quiz, 0); });
""".strip()

#: jupyterquiz's colours, from the theme of the site or of JupyterLab.
COLOURS: dict[str, str] = {
    "--jq-multiple-choice-bg": "var(--pst-color-background, var(--jp-layout-color0, #fff))",
    "--jq-many-choice-bg": "var(--jq-multiple-choice-bg)",
    "--jq-numeric-bg": "var(--jq-multiple-choice-bg)",
    "--jq-string-bg": "var(--jq-multiple-choice-bg)",
    "--jq-text-color": "var(--pst-color-text-base, var(--jp-content-font-color1, #222832))",
    "--jq-link-color": "var(--pst-color-link, var(--jp-content-link-color, #0a7d91))",
    "--jq-mc-button-bg": "var(--pst-color-surface, var(--jp-layout-color2, #f3f4f5))",
    "--jq-mc-button-border": "var(--pst-color-border, var(--jp-border-color1, #d1d5da))",
    "--jq-numeric-input-bg": "var(--pst-color-background, var(--jp-layout-color0, #fff))",
    "--jq-numeric-input-label": "var(--jq-text-color)",
    # 4.5:1 as text and as a mark on the page and on their own pale backgrounds
    "--jq-correct-color": "#00692f",
    "--jq-incorrect-color": "#a8321f",
    "--lif-correct-bg": "#e4f3ea",
    "--lif-incorrect-bg": "#fbebe7",
    "--lif-edge": "#6b7685",
}
DARK: dict[str, str] = {
    "--jq-correct-color": "#6fd6a0",
    "--jq-incorrect-color": "#ffa491",
    "--lif-correct-bg": "#12301f",
    "--lif-incorrect-bg": "#411d16",
    "--lif-edge": "#8d98a6",
}

_RULES = """
.lif-quiz{color:var(--jq-text-color);line-height:1.5;margin:1rem 0;text-align:left}
.lif-quiz .Quiz{background:var(--jq-multiple-choice-bg);border:1px solid
var(--jq-mc-button-border);border-radius:.5em;margin:0 0 1em;padding:1em 1.25em}
.lif-quiz p{margin:0;padding:0;font-size:inherit;color:inherit}
.lif-quiz .lif-count,.lif-quiz .lif-hint{font-size:.875em}
.lif-quiz .lif-question{font-weight:600;margin:.25em 0 .5em}
.lif-quiz .Answer{display:grid;gap:.5em;margin:.5em 0 0}
.lif-quiz .MCButton{align-items:flex-start;background:var(--jq-mc-button-bg);border:1px solid
transparent;border-radius:.375em;box-sizing:border-box;cursor:pointer;display:flex;gap:.75em;
margin:0;min-height:2.75em;padding:.55em .75em;width:100%}
.lif-quiz .MCButton:hover{border-color:var(--lif-edge)}
.lif-quiz .MCButton:focus-within{outline:3px solid var(--jq-link-color);outline-offset:1px}
.lif-quiz .MCButton input{accent-color:var(--jq-link-color);flex:none;height:1.1em;
margin:.2em 0 0;outline:none;width:1.1em}
.lif-quiz .MCButton span{flex:1}
.lif-quiz .correctButton{background:var(--lif-correct-bg);border-color:var(--jq-correct-color)}
.lif-quiz .incorrectButton{background:var(--lif-incorrect-bg);
border-color:var(--jq-incorrect-color)}
.lif-quiz .MCButton::after{flex:none;font-weight:700;width:1em;content:""}
.lif-quiz .correctButton::after{color:var(--jq-correct-color);content:"\\2713";
content:"\\2713"/""}
.lif-quiz .incorrectButton::after{color:var(--jq-incorrect-color);content:"\\2717";
content:"\\2717"/""}
.lif-quiz .NumericQn+.Answer,.lif-quiz .StringQn+.Answer{align-items:center;
display:flex!important;flex-wrap:wrap;gap:.5em .75em}
.lif-quiz .InpLabel{margin:0}
.lif-quiz .Input-text,.lif-quiz .lif-check{border:1px solid var(--lif-edge);
border-radius:.375em;box-sizing:border-box;font:inherit;min-height:2.75em;padding:.3em .75em}
.lif-quiz .Input-text{background:var(--jq-numeric-input-bg);color:var(--jq-text-color);
flex:0 1 8em;min-width:0;width:8em}
.lif-quiz .lif-check{background:var(--jq-mc-button-bg);color:var(--jq-text-color);
cursor:pointer;font-weight:600}
.lif-quiz .lif-check:hover{border-color:var(--jq-text-color)}
.lif-quiz .Input-text:focus-visible,.lif-quiz .lif-check:focus-visible{
outline:3px solid var(--jq-link-color);outline-offset:1px}
.lif-quiz .Feedback:not(:empty){border-left:4px solid var(--lif-edge);margin:.75em 0 0;
padding:.4em .75em}
.lif-quiz .Feedback.correct{background:var(--lif-correct-bg);
border-color:var(--jq-correct-color)}
.lif-quiz .Feedback.incorrect{background:var(--lif-incorrect-bg);
border-color:var(--jq-incorrect-color)}
.lif-quiz .correct strong{color:var(--jq-correct-color)}
.lif-quiz .incorrect strong{color:var(--jq-incorrect-color)}
.lif-quiz .lif-found{white-space:nowrap}
.lif-quiz .lif-hidden{clip-path:inset(50%);height:1px;overflow:hidden;position:absolute;
white-space:nowrap;width:1px}
@media(max-width:480px){.lif-quiz .Quiz{padding:.75em}.lif-quiz .InpLabel{flex:1 0 100%}}
@media print{.lif-quiz .Quiz{break-inside:avoid}.lif-quiz .lif-check{display:none}}
""".strip()


@cache
def style() -> str:
    """Style sheet of a quiz; nothing in it reaches outside ``.lif-quiz``."""

    def block(selector: str, colours: dict[str, str]) -> str:
        return f"{selector}{{{';'.join(f'{name}:{value}' for name, value in colours.items())}}}"

    dark = 'html[data-theme="dark"] .lif-quiz,[data-jp-theme-light="false"] .lif-quiz'
    return "\n".join(["", block(".lif-quiz", COLOURS), block(dark, DARK), _RULES, ""])
