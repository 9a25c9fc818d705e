"""Sphinx extension: the tables of the instructor's guide, generated from the sources.

``{teaching-objectives} chapters/name``
    One row for each objective of a chapter (``lif.teaches`` of its metadata): the sections and
    exercises that work on it, and what assesses it (quiz questions, problems of the set). Its
    body says, in YAML, which sections of the quiz file and which exercises belong to
    objective 1, 2, …::

        1: {sections: [protein], exercises: [ex-numbering]}

    ``headings: [...]`` names parts of the chapter that have no quiz. What the body leaves out or
    invents is a warning: an objective without a line, a section or an exercise without an
    objective or that does not exist.

``{teaching-misconceptions}``
    Each misconception that a question stands for, where it is treated, and the claims.

``{teaching-sets}``
    The problem sets: time, points, what is graded automatically and by hand, problems and
    parameters.

Of a problem set's notebook only metadata is read, never the source of a cell: solutions and
hidden tests cannot get into the site.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from docutils import nodes
from docutils.statemachine import StringList
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

from book.ext import reading
from lifbook import questions as bank
from lifbook.errors import LifbookError, one_of

logger = logging.getLogger(__name__)

EXERCISE = re.compile(r"^`{3,}\{exercise(?:-start)?\}[ \t]*(.*)\n:label:[ \t]*(\S+)", re.MULTILINE)
HEADING = re.compile(r"^#{2,6}[ \t]+(?:\d+\.[ \t]+)?(.+?)[ \t]*$", re.MULTILINE)


def headings(cells: Iterable[dict[str, Any]]) -> list[str]:
    """Headings of a notebook below its title, without their numbers."""
    return HEADING.findall(
        "\n\n".join("".join(c["source"]) for c in cells if c["cell_type"] == "markdown")
    )


def exercises(cells: Iterable[dict[str, Any]]) -> dict[str, str]:
    """Label -> title of the exercises of a notebook."""
    text = "\n\n".join("".join(c["source"]) for c in cells if c["cell_type"] == "markdown")
    return {label: title.strip() for title, label in EXERCISE.findall(text)}


def problem_set(notebook: Path) -> dict[str, Any]:
    """What the metadata of a problem set say: title, chapter, points, problems, parameters."""
    contents = json.loads(notebook.read_text("utf-8"))
    found: dict[str, Any] = {**contents["metadata"]["lif_set"], "problems": []}
    found["automatic"] = found["hand"] = 0
    for cell in contents["cells"]:
        meta = cell["metadata"]
        if "lif" in meta:
            found["problems"].append({**meta["lif"], "points": 0})
        marks = meta.get("nbgrader", {})
        if points := marks.get("points", 0):
            by_hand = marks["solution"] or marks.get("task", False)
            found["hand" if by_hand else "automatic"] += points
            found["problems"][-1]["points"] += points
    found["minutes"] = sum(problem["minutes"] for problem in found["problems"])
    side = json.loads((notebook.parent / "parameters.json").read_text("utf-8"))
    found["parameters"] = {
        name: parameter["label"] for name, parameter in side["parameters"].items()
    }
    return found


@dataclass(frozen=True)
class Questions:
    """Questions of a chapter, and the titles of the sections that they belong to."""

    sections: dict[str, str]
    items: list[bank.Question]


class Teaching(SphinxDirective):
    """What the directives share: reading sources, and Markdown that becomes the page."""

    @property
    def root(self) -> Path:
        """Folder of the book."""
        return Path(self.env.srcdir)

    def read(self, path: Path) -> Any:
        """A JSON file; the page is read again when it changes."""
        self.env.note_dependency(str(path))
        return json.loads(path.read_text("utf-8"))

    def questions(self, chapter: str) -> Questions:
        """Questions of a chapter; the page is read again when their file changes.

        Raises
        ------
        lifbook.LifbookError
            If the chapter has no questions, or their file is missing, altered or wrong.
        """
        folder = reading.folder(self.root)
        reading.depend(self.env, bank.PREFIX + chapter)
        return Questions(
            sections=bank.sections(chapter, folder=folder), items=bank.items(chapter, folder=folder)
        )

    def sets(self) -> list[dict[str, Any]]:
        """All problem sets whose chapter is in the book."""
        found: list[dict[str, Any]] = []
        for notebook in sorted(self.root.glob("assignments/source/*/*.ipynb")):
            self.env.note_dependency(str(notebook))
            self.env.note_dependency(str(notebook.with_name("parameters.json")))
            one = problem_set(notebook)
            if one["chapter"] in self.env.found_docs:
                found.append(one)
        lessons = list(self.env.config.lif_metadata_lessons)  # the order of the book
        place = {chapter: number for number, chapter in enumerate(lessons)}
        return sorted(found, key=lambda one: place.get(one["chapter"], len(lessons)))

    def warn(self, message: str) -> None:
        """A warning of the build, at this directive."""
        logger.warning(message, type="lif_teaching", location=self.get_location())

    def table(self, kind: str, head: list[str], rows: list[list[str]]) -> list[nodes.Node]:
        """Nodes of a Markdown table; `kind` is its class, by which the style sheet knows it."""
        lines = ["| " + " | ".join(cells) + " |" for cells in [head, ["---"] * len(head), *rows]]
        box = nodes.container(classes=["lif-teaching", f"lif-teaching-{kind}"])
        box.document = self.state.document
        self.state.nested_parse(StringList(lines, "lif_teaching"), self.content_offset, box)
        for link in list(box.findall(addnodes.pending_xref)):
            # entries of the claims page get their anchors when it is written: too late to look up
            if link["reftarget"].startswith(f"{self.env.config.lif_teaching_claims}#"):
                text = link.astext()
                link.replace_self(
                    nodes.reference("", text, refuri=link["reftarget"], internal=True)
                )
        return [box]

    def link(self, docname: str, title: str) -> str:
        """Markdown link from this page to another."""
        return f"[{plain(title)}](/{Path(self.env.doc2path(docname, base=False)).as_posix()})"

    def title(self, docname: str) -> str:
        """Title of a chapter: its first heading."""
        source: list[str] = self.read(self.root / f"{docname}.ipynb")["cells"][0]["source"]
        return "".join(source).splitlines()[0].lstrip("# ").strip()


def plain(text: str) -> str:
    """Text in which nothing is Markdown."""
    return re.sub(r"([\\`*_{}\[\]<>|$])", r"\\\1", text)


@dataclass(frozen=True)
class Lesson:
    """What the sources say of a chapter.

    Parameters
    ----------
    docname
        Its name, such as ``chapters/structure``.
    teaches
        Its objectives.
    headings
        Its headings below the title.
    exercises
        Label -> title of its exercises.
    questions
        Its quiz.
    problems
        Problems of the sets of this chapter, each with the title of its set.
    """

    docname: str
    teaches: list[str]
    headings: list[str]
    exercises: dict[str, str]
    questions: Questions
    problems: list[tuple[dict[str, Any], str]]


#: What belongs to each objective: its number -> sections, exercises, headings.
Body = dict[int, dict[str, list[str]]]


class Objectives(Teaching):
    """Objectives of a chapter against activities and assessments."""

    required_arguments = 1
    has_content = True

    def run(self) -> list[nodes.Node]:
        """Return the table."""
        docname = self.arguments[0]
        path = self.root / f"{docname}.ipynb"
        if docname not in self.env.found_docs or not path.exists():
            self.warn(f"no chapter '{docname}' in the book: name a notebook, without its ending")
            return []
        try:
            lesson = self.lesson(docname, self.read(path))
        except LifbookError as error:
            self.warn(str(error))
            return []
        body = self.body()
        self.check(lesson, body)
        rows = [
            objective_row(lesson, objective, body.get(number, {}))
            for number, objective in enumerate(lesson.teaches, start=1)
        ]
        return self.table("objectives", ["Objective", "Activities", "Assessments"], rows)

    def lesson(self, docname: str, notebook: dict[str, Any]) -> Lesson:
        """Collect what the sources say of a chapter."""
        return Lesson(
            docname,
            teaches=notebook["metadata"]["lif"]["teaches"],
            headings=headings(notebook["cells"]),
            exercises=exercises(notebook["cells"]),
            questions=self.questions(docname.rsplit("/", 1)[-1]),
            problems=[
                (problem, one["title"])
                for one in self.sets()
                if one["chapter"] == docname
                for problem in one["problems"]
            ],
        )

    def body(self) -> Body:
        """Read the body of the directive."""
        try:
            body = yaml.safe_load("\n".join(self.content)) or {}
        except yaml.YAMLError:
            body = None
        if isinstance(body, dict) and all(isinstance(one, dict) for one in body.values()):
            return body
        self.warn("the body is not a list of lines such as '1: {sections: [a], exercises: [b]}'")
        return {}

    def check(self, lesson: Lesson, body: Body) -> None:
        """Warn of what the body leaves out or invents, and of problems without an objective."""
        docname = lesson.docname
        for part in named(body, "headings"):
            if part not in lesson.headings:
                self.unknown(lesson, "heading", part, lesson.headings)
        known: Iterable[tuple[str, list[Any], list[Any]]] = (
            ("objective", list(body), list(range(1, len(lesson.teaches) + 1))),
            ("section", named(body, "sections"), list(lesson.questions.sections)),
            ("exercise", named(body, "exercises"), list(lesson.exercises)),
        )
        for name, used, there in known:
            for item in dict.fromkeys(used):
                if item not in there:
                    self.unknown(lesson, name, item, there)
            for item in there:
                if item not in used:
                    self.warn(f"{name} '{item}' of {docname} has no place in the table: add it")
        for problem, title in lesson.problems:
            if problem["teaches"] not in lesson.teaches:
                self.warn(
                    f"problem '{problem['problem']}' of '{title}' names an objective that "
                    f"{docname} does not have: {problem['teaches']}"
                )

    def unknown(self, lesson: Lesson, name: str, item: object, known: list[Any]) -> None:
        """Warn of a name in the body that the chapter does not have."""
        self.warn(f"{lesson.docname} has no {name} '{item}': {one_of(known)}")


def objective_row(lesson: Lesson, objective: str, entry: dict[str, list[str]]) -> list[str]:
    """Cells of one objective, in Markdown: what it is, what works on it, what assesses it."""
    titles = lesson.questions.sections
    sections = [one for one in entry.get("sections", []) if one in titles]
    read = [titles[one] for one in sections] + entry.get("headings", [])
    activities = [plain(f"“{one}”") for one in read] + [
        f"[{plain(lesson.exercises[one])}](#{one})"
        for one in entry.get("exercises", [])
        if one in lesson.exercises
    ]
    # of several objectives that share a section each names all its questions
    asked = sum(question["section"] in sections for question in lesson.questions.items)
    assessed = [f"{asked} quiz question" + "s" * (asked != 1)] if asked else []
    assessed += [
        f"problem “{plain(problem['title'])}” ({problem['points']} points)"
        for problem, _ in lesson.problems
        if problem["teaches"] == objective
    ]
    return [plain(objective), "; ".join(activities) or "–", "; ".join(assessed) or "–"]


def named(body: Body, part: str) -> list[str]:
    """All names under ``sections``, ``exercises`` or ``headings``."""
    return [item for entry in body.values() for item in entry.get(part, [])]


@dataclass
class Misconception:
    """Where a misconception is treated, as links in Markdown, and the ids of its claims."""

    where: list[str] = field(default_factory=list)
    claims: list[str] = field(default_factory=list)


class Misconceptions(Teaching):
    """Misconceptions that questions stand for, with where they are treated."""

    def run(self) -> list[nodes.Node]:
        """Return the table."""
        try:
            found = self.collect()
        except LifbookError as error:
            self.warn(str(error))
            return []
        if not found:
            self.warn("no question has a misconception")
        page = self.env.config.lif_teaching_claims
        rows = []
        for text, entry in sorted(found.items(), key=lambda pair: pair[0].casefold()):
            where = "; ".join(dict.fromkeys(entry.where))
            links = [f"[{claim}]({page}#claim-{claim})" for claim in dict.fromkeys(entry.claims)]
            rows.append([plain(text), where, ", ".join(links) or "–"])
        return self.table("misconceptions", ["Misconception", "Treated in", "Claims"], rows)

    def collect(self) -> dict[str, Misconception]:
        """Misconceptions of all chapters in the book.

        Raises
        ------
        lifbook.LifbookError
            If the data package or a file of questions is broken.
        """
        found: dict[str, Misconception] = {}
        for chapter in bank.chapters(folder=reading.folder(self.root)):
            docname = f"chapters/{chapter}"
            if docname not in self.env.found_docs:
                continue
            questions = self.questions(chapter)
            link = self.link(docname, self.title(docname))
            for question in questions.items:
                if text := question.get("misconception"):
                    entry = found.setdefault(text, Misconception())
                    section = questions.sections[question["section"]]
                    entry.where.append(f"{link}, “{plain(section)}”")
                    entry.claims += question.get("claims", [])
        return found


class Sets(Teaching):
    """The problem sets of the book."""

    def run(self) -> list[nodes.Node]:
        """Return the table."""
        rows = []
        for one in self.sets():
            problems = "; ".join(
                f"{plain(problem['title'])} ({problem['minutes']} min)"
                for problem in one["problems"]
            )
            parameters = ", ".join(f"`{name}`" for name in one["parameters"])
            rows.append(
                [
                    self.link(one["chapter"], self.title(one["chapter"])),
                    f"{one['minutes']} min",
                    f"{one['automatic']} automatic, {one['hand']} by hand",
                    problems,
                    parameters,
                ]
            )
        if not rows:
            self.warn("no problem set in assignments/source")
            return []
        return self.table("sets", ["Set", "Time", "Points", "Problems", "Parameters"], rows)


def setup(app: Sphinx) -> dict[str, Any]:
    """Set up the extension."""
    app.add_config_value("lif_teaching_claims", "claims.html", "env", types=(str,))
    app.add_directive("teaching-objectives", Objectives)
    app.add_directive("teaching-misconceptions", Misconceptions)
    app.add_directive("teaching-sets", Sets)
    if "lif_metadata_lessons" not in app.config:
        app.add_config_value("lif_metadata_lessons", [], "html", types=(list, tuple))
    app.add_css_file("teaching.css")
    return {"version": "1.0", "parallel_read_safe": True, "parallel_write_safe": True}
