"""Questions from ``data/questions``: read, checked, and filled with numbers.

A chapter has one file of questions, ``data/questions/<chapter>.json``, in the format of
``data/questions/schema.json``: for each question an id, a section, a learning objective,
a type, a text and its answers. Numbers that are computed from data are placeholders there
(``{lif_40}``); the chapter passes what it has computed to `lifbook.page.quiz.show_quiz`.

All texts are plain: whoever puts them into a page makes them safe there.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from numbers import Integral, Real
from pathlib import Path
from typing import Any

from lifbook import data
from lifbook.errors import LifbookError
from lifbook.rounding import rounded

PREFIX = "questions-"
SCHEMA = "schema"
CHOICES = ("multiple_choice", "many_choice")
TYPES = (*CHOICES, "numeric", "string")

#: What a reader is shown of a question; the other fields are for authors and exports.
_SHOWN = ("id", "type", "question", "unit", "answers")
_NAME = r"[a-z][a-z0-9_]*"
_PLACEHOLDER = re.compile(r"\{(" + _NAME + r")(?::([^{}]*))?\}")
_EXACT = re.compile(r"\{(" + _NAME + r")\}")

Question = dict[str, Any]


# --- reading ----------------------------------------------------------------------------


def chapters(*, folder: Path | str | None = None) -> list[str]:
    """Chapters that have questions.

    Examples
    --------
    >>> chapters()
    ['overview', 'structure', 'function', 'clinical_significance', 'interactions']
    """
    names = [name for name in data.resources(folder=folder) if name.startswith(PREFIX)]
    return [name.removeprefix(PREFIX) for name in names if name != PREFIX + SCHEMA]


def sections(chapter: str, *, folder: Path | str | None = None) -> dict[str, str]:
    """Sections of a chapter's questions and their titles, in order.

    Raises
    ------
    LifbookError
        As `items`.

    Examples
    --------
    >>> list(sections("structure"))
    ['protein', 'bundle', 'resolution', 'receptor', 'interface']
    """
    return dict(_file(chapter, folder)["sections"])


def items(
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

    Examples
    --------
    >>> [question["id"] for question in items("structure", "receptor")][:2]
    ['structure-receptor-1', 'structure-receptor-2']
    """
    contents = _file(chapter, folder)
    found: list[Question] = contents["questions"]
    if section is None:
        return found
    if section not in contents["sections"]:
        raise LifbookError(
            f"the questions of '{chapter}' have no section '{section}'",
            file=_path(chapter),
            remedy=f"use one of {', '.join(contents['sections'])}",
        )
    return [item for item in found if item["section"] == section]


def placeholders(chapter: str, section: str, *, folder: Path | str | None = None) -> dict[str, str]:
    """Values that the questions of a section need, in the order of their first use.

    Returns
    -------
    dict
        Name -> what it is, with its unit.

    Raises
    ------
    LifbookError
        As `items`.

    Examples
    --------
    >>> placeholders("structure", "protein")["disulfide_shortest"]
    'shortest SG-SG distance of the three disulfides of LIF in 2Q7N (Å)'
    """
    documented = _file(chapter, folder)["placeholders"]
    described = {}
    for name in _names(items(chapter, section, folder=folder)):
        unit = documented[name].get("unit")
        described[name] = documented[name]["description"] + (f" ({unit})" if unit else "")
    return described


def examples(chapter: str, section: str, *, folder: Path | str | None = None) -> dict[str, float]:
    """Values found when the questions were written, for tests and exports.

    Raises
    ------
    LifbookError
        As `items`.

    Examples
    --------
    >>> examples("structure", "protein")["sequons"]
    6
    """
    documented = _file(chapter, folder)["placeholders"]
    names = _names(items(chapter, section, folder=folder))
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
    contents: dict[str, Any] = data.read_json(PREFIX + chapter, folder=folder)
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


def _refuse(item: Question, file: str, problem: str, column: str, remedy: str) -> None:
    raise LifbookError(
        problem, file=file, row=item.get("id", "without an id"), column=column, remedy=remedy
    )


def _check(item: Question, contents: dict[str, Any], file: str) -> None:
    """Refuse a question that a reader could not learn from."""
    for field in ("id", "section", "objective", "type", "question", "answers"):
        if not item.get(field):
            problem = f"the question has no '{field}'"
            _refuse(item, file, problem, field, "add it, see schema.json beside it")
    if item["type"] not in TYPES:
        problem, remedy = f"no type is called '{item['type']}'", f"use one of {', '.join(TYPES)}"
        _refuse(item, file, problem, "type", remedy)
    if item["section"] not in contents["sections"]:
        known = ", ".join(contents["sections"])
        problem = f"no section is called '{item['section']}'"
        _refuse(item, file, problem, "section", f"use one of {known}, or add it to 'sections'")
    _check_answers(item, file)
    for name in _names([item]):
        if name not in contents["placeholders"]:
            problem = f"placeholder '{name}' is not documented"
            _refuse(item, file, problem, "placeholders", "describe it under 'placeholders'")


def _check_answers(item: Question, file: str) -> None:
    """Refuse answers without feedback, and a number of right ones that the type forbids."""
    for number, answer in enumerate(item["answers"], start=1):
        if not str(answer.get("feedback", "")).strip():
            problem = f"answer {number} has no feedback"
            _refuse(item, file, problem, "answers", "say what is right or wrong about it")
    right = sum(answer.get("correct") is True for answer in item["answers"])
    if right == 0:
        remedy = "set 'correct' to true for the right answer"
        _refuse(item, file, "no answer is correct", "answers", remedy)
    if item["type"] == "multiple_choice" and right > 1:
        remedy = "use many_choice, or leave one correct answer"
        _refuse(item, file, f"{right} answers are correct", "type", remedy)
    if item["type"] == "many_choice" and right < 2:
        remedy = "use multiple_choice, or add a second one"
        _refuse(item, file, "only one answer is correct", "type", remedy)
    foreseen = [answer for answer in item["answers"] if answer.get("type") != "default"]
    if item["type"] not in CHOICES and len(foreseen) == len(item["answers"]):
        problem = "answers that were not foreseen get no feedback"
        _refuse(item, file, problem, "answers", 'add an answer of the type "default"')


def _names(asked: list[Question]) -> list[str]:
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

    walk([{field: item.get(field) for field in _SHOWN} for item in asked])
    return list(found)


# --- filling in -------------------------------------------------------------------------


def filled(
    chapter: str,
    section: str,
    values: Mapping[str, float | str] | None = None,
    *,
    folder: Path | str | None = None,
) -> list[Question]:
    """Questions of a section with their numbers, as a reader is shown them.

    Parameters
    ----------
    values
        Name of each placeholder (see `placeholders`) -> its value.

    Raises
    ------
    LifbookError
        As `items`; and if a value is missing, superfluous, or not a finite number
        where one is needed.

    Examples
    --------
    >>> shown = filled("structure", "protein", examples("structure", "protein"))
    >>> shown[1]["answers"][0]["value"], shown[1]["answers"][0]["feedback"][:15]
    (178, '156 + 22 = 178.')
    """
    asked = items(chapter, section, folder=folder)
    values = dict(values or {})
    needed = _names(asked)
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
            remedy=f"leave it out, or use one of {', '.join(needed)}"
            if needed
            else "leave it out: the section needs no values at all",
            **place,
        )
    for name, value in values.items():
        number = isinstance(value, Real) and not isinstance(value, bool)
        if not (isinstance(value, str) or (number and math.isfinite(value))):
            raise LifbookError(
                f"{name} is {value!r}", remedy="pass a finite number or a text", **place
            )
    return [_fill_question(item, values, chapter) for item in asked]


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
    """`text` with its numbers; a minus is the sign, not a hyphen."""

    def insert(match: re.Match[str]) -> str:
        value, code = values[match[1]], match[2] or ""
        try:
            shown = format(value, code)
        except (TypeError, ValueError):
            raise ValueError(f"{match[1]} = {value!r} cannot be written as '{code}'") from None
        return shown.replace("-", "\N{MINUS SIGN}") if isinstance(value, Real) else shown

    return _PLACEHOLDER.sub(insert, text)


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
            # a range leaves out its upper end
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
