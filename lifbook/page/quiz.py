"""Quizzes: the questions of a section as a widget that judges answers and says why.

What is shown is the same on every run, needs no kernel, asks no other host for anything,
and follows the light or dark theme of JupyterLab or of the site. In the site
``book/ext/quiz.py`` writes the questions into the page, so that they can be read
without JavaScript, and wakes them without Jupyter's widget manager.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import traitlets
from IPython.display import display

from lifbook.page.widget import NamedWidget
from lifbook.questions import filled, sections


class Quiz(NamedWidget):
    """The questions of a section, each with a judgement and a reason for every answer.

    Parameters
    ----------
    chapter, section
        Which questions, see `lifbook.questions.items`.
    values
        Numbers computed in the chapter, see `lifbook.questions.placeholders`.
    folder
        Another data folder, for tests.

    Attributes
    ----------
    questions : list of dict
        What is asked, filled in: id, type, question, unit and answers of each.

    Raises
    ------
    LifbookError
        As `lifbook.questions.filled`.
    """

    questions = traitlets.List(traitlets.Dict()).tag(sync=True)

    def __init__(
        self,
        chapter: str,
        section: str,
        values: Mapping[str, float | str] | None = None,
        *,
        folder: Path | str | None = None,
    ) -> None:
        asked = filled(chapter, section, values, folder=folder)
        title = sections(chapter, folder=folder)[section]
        name = f"quiz-{section.replace('_', '-')}"
        super().__init__(name=name, label=f"Quiz: {title}", questions=asked)

    def __repr__(self) -> str:
        return f"Quiz('{self.name}', {len(self.questions)} questions)"


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
    chapter, section, values, folder
        As of `Quiz`.

    Raises
    ------
    LifbookError
        As `lifbook.questions.filled`.

    Examples
    --------
    >>> show_quiz("structure", "receptor", {"d3_share": share, ...})  # doctest: +SKIP
    """
    display(Quiz(chapter, section, values, folder=folder))
