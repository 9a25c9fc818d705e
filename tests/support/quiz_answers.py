"""How a quiz judges what a reader types, for the tests of quizzes in Python and on the pages."""

from __future__ import annotations

from typing import Any


def hit(item: dict[str, Any], number: float) -> dict[str, Any]:
    """The answer that counts for a number: the first that fits."""
    for answer in item["answers"]:
        if "range" in answer and answer["range"][0] <= number < answer["range"][1]:
            return answer
        if "value" in answer and answer["value"] == number:
            return answer
    return next(answer for answer in item["answers"] if answer.get("type") == "default")
