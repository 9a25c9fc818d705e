"""Write the quiz questions of each chapter for learning platforms: QTI and Moodle XML.

    python tools/export_questions.py [--output build/questions] [chapter ...]

For each chapter ``<chapter>.qti.zip`` (QTI 1.2, made by text2qti, for Canvas and what reads
its files) and ``<chapter>.moodle.xml``. Numbers are those that the chapter shows: they are
taken from the quizzes stored in ``chapters/<chapter>.ipynb``, after a check that these are the
questions of ``data/questions/<chapter>.json``. Nothing is computed here and no kernel runs.

Moodle keeps all feedback. QTI as text2qti writes it keeps one feedback per choice, but for
typed answers one for right and one for wrong: there all feedback on foreseen wrong answers is
joined into one text that names the answer it belongs to.
"""

from __future__ import annotations

import argparse
import html
import json
import re
import sys
import xml.etree.ElementTree as ET
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import text2qti.config
import text2qti.qti
import text2qti.quiz

from lifbook import data
from lifbook import questions as bank
from lifbook.errors import LifbookError

PROJECT = Path(__file__).resolve().parents[1]
OUTPUT = PROJECT / "build" / "questions"
STATE = "application/vnd.jupyter.widget-state+json"
_PLACEHOLDER = re.compile(r"\\\{[a-z][a-z0-9_]*(?::[^{}]*)?\\\}")
#: What Python-Markdown, and its extension for typographic quotes, take for markup.
_MARKUP = re.compile(r"([\\`*_{}\[\]()>#+\-.!|\"'$])")


@dataclass(frozen=True)
class Answer:
    """One foreseen answer.

    Parameters
    ----------
    text
        Text of a choice or a word to be typed; empty for numbers and for all other answers.
    low, high
        Ends of the numbers that count, both included; None if the answer is not a number.
    correct
        Whether it is right.
    feedback
        What the reader is told.
    """

    text: str
    low: float | None
    high: float | None
    correct: bool
    feedback: str

    @property
    def default(self) -> bool:
        """Whether it stands for every answer that was not foreseen."""
        return not self.text and self.low is None

    @property
    def shown(self) -> str:
        """The answer as a reader would write it."""
        if self.low is None:
            return self.text
        return f"{self.low:g}" if self.low == self.high else f"{self.low:g} to {self.high:g}"


@dataclass(frozen=True)
class Item:
    """One question with the numbers of its chapter.

    Parameters
    ----------
    id, section, objective, type, question, unit
        As in ``data/questions/schema.json``; `section` is the section's title.
    answers
        In the order in which they count: the first that fits decides.
    """

    id: str
    section: str
    objective: str
    type: str
    question: str
    unit: str
    answers: tuple[Answer, ...]

    @property
    def prompt(self) -> str:
        """The question, with the unit of the answer."""
        return f"{self.question} (Unit: {self.unit})" if self.unit else self.question


def stored(notebook: Path) -> dict[str, dict[str, Any]]:
    """Questions in the stored quizzes of a chapter, by id, as a reader is shown them.

    Raises
    ------
    LifbookError
        If the file is missing or is not a notebook.
    """
    try:
        contents = json.loads(notebook.read_text("utf-8"))
        widgets = contents["metadata"].get("widgets", {})
    except (OSError, ValueError, KeyError):
        raise LifbookError(
            "the chapter cannot be read",
            file=f"chapters/{notebook.name}",
            remedy="restore the notebook from the repository",
        ) from None
    models = widgets.get(STATE, {}).get("state", {}).values()
    return {
        item["id"]: item
        for model in models
        if "questions" in model["state"]
        for item in model["state"]["questions"]
    }


def items(chapter: str, *, notebook: Path | None = None, folder: Path | None = None) -> list[Item]:
    """Questions of a chapter with the numbers that it shows.

    Parameters
    ----------
    notebook, folder
        Another chapter file and another data folder, for tests.

    Raises
    ------
    LifbookError
        If the chapter is unknown, has a question without stored output, or shows another text
        than the file of questions has.
    """
    notebook = notebook or PROJECT / "chapters" / f"{chapter}.ipynb"
    titles = bank.sections(chapter, folder=folder)
    shown = stored(notebook)
    result = []
    for question in bank.items(chapter, folder=folder):
        name = question["id"]
        if name not in shown or not _same(question, shown[name]):
            problem = "differs from" if name in shown else "is missing in"
            raise LifbookError(
                f"the question {problem} the chapter's stored quizzes",
                row=name,
                file=f"chapters/{notebook.name}",
                remedy="run make refresh, then export again",
            )
        filled = shown[name]
        result.append(
            Item(
                name,
                titles[question["section"]],
                question["objective"],
                question["type"],
                filled["question"],
                filled.get("unit", ""),
                tuple(_answer(answer) for answer in filled["answers"]),
            )
        )
    return result


def _same(question: dict[str, Any], filled: dict[str, Any]) -> bool:
    """Whether a stored question is one from the file with its placeholders filled."""
    pairs = [(question["question"], filled["question"])]
    if question["type"] != filled["type"] or len(question["answers"]) != len(filled["answers"]):
        return False
    for written, one in zip(question["answers"], filled["answers"], strict=True):
        if written.get("correct") != one.get("correct"):
            return False
        for key in ("answer", "feedback"):
            if key in written:
                pairs.append((written[key], one.get(key, "")))
        pairs.append(_numbers(written, one))
    return all(
        re.fullmatch(_PLACEHOLDER.sub(".+?", re.escape(text)), got, re.DOTALL)
        for text, got in pairs
    )


def _numbers(written: dict[str, Any], filled: dict[str, Any]) -> tuple[str, str]:
    """Numbers of an answer as text, those that are placeholders left out of both sides."""
    ends = [written.get("value"), written.get("tolerance")]
    if any(isinstance(end, str) for end in [*ends, *written.get("range", [])]):
        return "", ""
    if ends[0] is None:
        expected = written.get("range")
    elif ends[1] is None:
        expected = [ends[0], ends[0]]
    else:
        expected = [ends[0] - ends[1], ends[0] + ends[1]]
    got = filled.get("range") or ([filled["value"]] * 2 if "value" in filled else None)
    shown = [
        None if pair is None else [round(float(end), 6) for end in pair] for pair in (expected, got)
    ]
    return str(shown[0]), str(shown[1])


def _answer(answer: dict[str, Any]) -> Answer:
    low = high = None
    if "range" in answer:  # its upper end does not count: see lifbook.questions
        low, high = float(answer["range"][0]), float(answer["range"][1])
        high = round(high, 8) if round(high, 8) < high else high - 1e-9
    elif "value" in answer:
        low = high = float(answer["value"])
    return Answer(
        answer.get("answer", ""), low, high, bool(answer.get("correct")), answer["feedback"]
    )


# --- Moodle -------------------------------------------------------------------------------


def moodle(chapter: str, title: str, questions: list[Item]) -> str:
    """Moodle XML of a chapter's questions, one category for the chapter."""
    root = ET.Element("quiz")
    category = ET.SubElement(ET.SubElement(root, "question", type="category"), "category")
    ET.SubElement(category, "text").text = f"$course$/LIF/{title}"
    kinds = {"numeric": "numerical", "string": "shortanswer"}
    for item in questions:
        node = ET.SubElement(root, "question", type=kinds.get(item.type, "multichoice"))
        _text(node, "name", item.id)
        _text(node, "questiontext", _paragraph(item.prompt), "html")
        _text(node, "generalfeedback", _paragraph(f"Objective: {item.objective}"), "html")
        for tag, value in (
            ("defaultgrade", "1"),
            ("penalty", "0.3333333"),
            ("hidden", "0"),
            ("idnumber", item.id),
        ):
            ET.SubElement(node, tag).text = value
        if item.type in bank.CHOICES:
            ET.SubElement(node, "single").text = str(item.type == "multiple_choice").lower()
            ET.SubElement(node, "shuffleanswers").text = "true"
            ET.SubElement(node, "answernumbering").text = "abc"
        elif item.type == "string":
            ET.SubElement(node, "usecase").text = "0"
        for answer, share in zip(item.answers, _shares(item), strict=True):
            one = ET.SubElement(node, "answer", fraction=share)
            if item.type in bank.CHOICES:
                one.set("format", "html")
                ET.SubElement(one, "text").text = _paragraph(answer.text)
            elif answer.default:
                ET.SubElement(one, "text").text = "*"
            elif answer.low is not None and answer.high is not None:
                middle, half = (answer.low + answer.high) / 2, (answer.high - answer.low) / 2
                ET.SubElement(one, "text").text = f"{middle:.10g}"
                ET.SubElement(one, "tolerance").text = f"{half:.10g}"
            else:
                ET.SubElement(one, "text").text = answer.text
            _text(one, "feedback", _paragraph(answer.feedback), "html")
        tags = ET.SubElement(node, "tags")
        for name in (chapter, item.section):
            _text(tags, "tag", name)
    ET.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _shares(item: Item) -> list[str]:
    """Moodle's percentages: many choices share 100; a wrong one takes off what a right one gives."""
    right = sum(answer.correct for answer in item.answers)
    if item.type != "many_choice":
        return ["100" if answer.correct else "0" for answer in item.answers]
    share = f"{100 / right:.5f}".rstrip("0").rstrip(".")
    return [share if answer.correct else f"-{share}" for answer in item.answers]


def _text(parent: ET.Element, tag: str, text: str, kind: str = "") -> None:
    node = ET.SubElement(parent, tag, {"format": kind} if kind else {})
    ET.SubElement(node, "text").text = text


def _paragraph(text: str) -> str:
    return f"<p>{html.escape(text, quote=False)}</p>"


# --- QTI ----------------------------------------------------------------------------------


def qti(title: str, questions: list[Item]) -> bytes:
    """QTI 1.2 package of a chapter's questions, by text2qti.

    Raises
    ------
    LifbookError
        If text2qti refuses a question.
    """
    config = text2qti.config.Config()
    try:
        parsed = text2qti.quiz.Quiz(qti_source(title, questions), config=config)
        return text2qti.qti.QTI(parsed).zip_bytes()
    except text2qti.quiz.Text2qtiError as error:
        raise LifbookError(
            f"text2qti refuses a question of '{title}': {error}",
            file="data/questions",
            remedy="mend the question, see schema.json beside it",
        ) from None


def qti_source(title: str, questions: list[Item]) -> str:
    """The questions as text2qti reads them: Markdown, in which nothing of our texts is markup."""
    # a title is not Markdown
    lines = [f"Quiz title: LIF: {title}", "Shuffle answers: true", ""]
    for number, item in enumerate(questions, start=1):
        lines += [f"Title: {item.id}", "Points: 1", f"{number}. {_plain(item.prompt)}"]
        if item.type in bank.CHOICES:
            for letter, answer in zip("abcdef", item.answers, strict=False):
                mark = "*" if answer.correct else ""
                many = f"[{mark or ' '}]" if item.type == "many_choice" else f"{mark}{letter})"
                lines += [f"{many} {_plain(answer.text)}", f"... {_plain(answer.feedback)}"]
        else:
            right = [answer for answer in item.answers if answer.correct]
            wrong = [answer for answer in item.answers if not answer.correct]
            joined = " ".join(
                answer.feedback if answer.default else f"{answer.shown}: {answer.feedback}"
                for answer in sorted(wrong, key=lambda answer: not answer.default)
            )
            lines += [
                f"+ {_plain(' '.join(answer.feedback for answer in right))}",
                f"- {_plain(joined)}",
            ]
            lines += [
                f"* {answer.text}" if answer.low is None else _numeric(answer) for answer in right
            ]
        lines.append("")
    return "\n".join(lines) + "\n"


def _numeric(answer: Answer) -> str:
    if answer.low == answer.high:
        low = answer.low or 0.0
        return f"= {int(low)}" if low.is_integer() else f"= [{low!r}, {low!r}]"
    return f"= [{answer.low!r}, {answer.high!r}]"


def _plain(text: str) -> str:
    return _MARKUP.sub(r"\\\1", html.escape(text, quote=False))


# --- all ----------------------------------------------------------------------------------


def export(output: Path, chapters: list[str] | None = None) -> list[Path]:
    """Write both files of each chapter; returns them."""
    output.mkdir(parents=True, exist_ok=True)
    written = []
    for chapter in chapters or bank.chapters():
        questions = items(chapter)
        title = data.read_json(bank.PREFIX + chapter)["title"]
        (output / f"{chapter}.moodle.xml").write_text(
            moodle(chapter, title, questions), encoding="utf-8"
        )
        (output / f"{chapter}.qti.zip").write_bytes(qti(title, questions))
        written += [output / f"{chapter}.qti.zip", output / f"{chapter}.moodle.xml"]
        print(f"{title}: {len(questions)} questions")
    return written


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description="Quiz questions as QTI and Moodle XML")
    parser.add_argument("chapters", nargs="*", help="all chapters if none is named")
    parser.add_argument("--output", type=Path, default=OUTPUT, help="folder to write to")
    arguments = parser.parse_args()
    try:
        export(arguments.output, arguments.chapters)
    except LifbookError as error:
        sys.exit(f"export_questions: {error}")
    print(f"Written to {arguments.output}")


if __name__ == "__main__":
    main()
