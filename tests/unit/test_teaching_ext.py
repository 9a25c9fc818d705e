"""The tables of the instructor's guide, by a real build of the guide's sources in a tiny book."""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import shutil
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from sphinx.cmd.build import build_main

from book.ext import teaching

ROOT = Path(__file__).parents[2]
CONF = f"""
import sys
sys.path.insert(0, {str(ROOT)!r})
extensions = ["myst_nb", "sphinx_exercise", "book.ext.teaching"]
html_theme = "basic"
nb_execution_mode = "off"
master_doc = "index"
exclude_patterns = ["assignments"]
suppress_warnings = ["myst.xref_missing", "mystnb.unknown_mime_type", "misc.highlighting_failure"]
"""
QUESTIONS = {
    "chapter": "trees",
    "title": "Trees",
    "sections": {"oak": "The oak", "elm": "The elm"},
    "placeholders": {},
}
CHOICES = [
    {"answer": a, "correct": a == "a", "feedback": "Because this is how it is, see."} for a in "abc"
]


def question(name, section, **more):
    return {
        "id": f"trees-{name}",
        "section": section,
        "objective": "Tell an oak from an elm",
        "type": "multiple_choice",
        "question": "Which of these is the oak tree?",
        "answers": CHOICES,
        **more,
    }


def cell(kind, source, **metadata):
    extra = {"outputs": [], "execution_count": None} if kind == "code" else {}
    return {
        "cell_type": kind,
        "id": f"c{abs(hash(source))}",
        "metadata": metadata,
        "source": source,
        **extra,
    }


def write_notebook(path, cells, **metadata):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(
        json.dumps({"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}),
        encoding="utf-8",
    )


def write_questions(source, text):
    """Write the file of questions and the data package that lists it."""
    (source / "data" / "questions" / "trees.json").write_text(text, encoding="utf-8")
    (source / "data" / "datapackage.json").write_text(
        json.dumps(
            {
                "resources": [
                    {
                        "name": "questions-trees",
                        "path": "questions/trees.json",
                        "bytes": len(text),
                        "hash": "sha256:" + hashlib.sha256(text.encode()).hexdigest(),
                    }
                ]
            }
        ),
        encoding="utf-8",
    )


@pytest.fixture
def book(tmp_path):
    """A book with one chapter, three questions and one problem set."""
    source = tmp_path / "source"
    (source / "data" / "questions").mkdir(parents=True)
    (source / "conf.py").write_text(CONF, encoding="utf-8")
    (source / "index.md").write_text(
        "# B\n\n```{toctree}\nchapters/trees\nchapters/guide\n```\n", encoding="utf-8"
    )
    write_notebook(
        source / "chapters" / "trees.ipynb",
        [
            cell("markdown", "# Trees"),
            cell("markdown", "## 1. The oak\n\nText."),
            cell("markdown", "```{exercise} Count | *rings*\n:label: ex-rings\nCount them.\n```"),
        ],
        lif={"teaches": ["Tell an oak", "Climb"]},
    )
    contents = {
        **QUESTIONS,
        "questions": [
            question("oak-1", "oak", misconception="All | trees are <oaks>", claims=["T2", "T1"]),
            question("oak-2", "oak"),
            question("elm-1", "elm", misconception="All | trees are <oaks>", claims=["T1"]),
        ],
    }
    write_questions(source, json.dumps(contents))
    marks = {"grade": True, "locked": True, "solution": False, "schema_version": 3, "task": False}
    write_notebook(
        source / "assignments" / "source" / "trees" / "trees.ipynb",
        [
            cell(
                "markdown",
                "## 1. Rings",
                lif={
                    "problem": "rings",
                    "title": "Rings",
                    "minutes": 12,
                    "teaches": "Climb",
                    "objective": "Count rings",
                    "section": "oak",
                },
            ),
            cell(
                "code", "SECRET_SOLUTION = 7", nbgrader={**marks, "grade": False, "solution": True}
            ),
            cell("code", "SECRET_TEST()", nbgrader={**marks, "points": 3}),
            cell("markdown", "SECRET_RUBRIC", nbgrader={**marks, "solution": True, "points": 2}),
        ],
        lif_set={"title": "Set", "chapter": "chapters/trees"},
    )
    (source / "assignments" / "source" / "trees" / "parameters.json").write_text(
        json.dumps({"title": "Set", "parameters": {"AGE": {"value": 1, "label": "age"}}}),
        encoding="utf-8",
    )
    return source


BODY = """1: {sections: [oak], exercises: [ex-rings], headings: [The oak]}
2: {sections: [elm]}"""


def build(source, body=BODY, chapter="chapters/trees"):
    """Build the book anew; returns the guide's page and the warnings."""
    (source / "chapters" / "guide.md").write_text(
        f"# Guide\n\n```{{teaching-objectives}} {chapter}\n{body}\n```\n\n"
        "```{teaching-misconceptions}\n```\n\n```{teaching-sets}\n```\n",
        encoding="utf-8",
    )
    return built(source, "-E")


def built(source, *options):
    """Build what has changed; returns the guide's page and the warnings."""
    errors = io.StringIO()
    with contextlib.redirect_stderr(errors), contextlib.redirect_stdout(io.StringIO()):
        build_main(["-b", "html", "-q", *options, str(source), str(source.parent / "out")])
    page = (source.parent / "out" / "chapters" / "guide.html").read_text("utf-8")
    return BeautifulSoup(page, "html.parser"), errors.getvalue()


def rows(page, kind):
    table = page.select_one(f".lif-teaching-{kind} table")
    return [
        [" ".join(td.get_text().split()) for td in row.select("td")]
        for row in table.select("tbody tr")
    ]


def test_tables_come_from_the_sources(book):
    page, warnings = build(book)
    assert "WARNING" not in warnings
    assert rows(page, "objectives") == [
        ["Tell an oak", "“The oak”; “The oak”; Count | *rings*", "2 quiz questions"],
        ["Climb", "“The elm”", "1 quiz question; problem “Rings” (5 points)"],
    ]
    assert rows(page, "misconceptions") == [
        ["All | trees are <oaks>", "Trees, “The oak”; Trees, “The elm”", "T2, T1"]
    ]
    assert rows(page, "sets") == [
        ["Trees", "12 min", "3 automatic, 2 by hand", "Rings (12 min)", "AGE"]
    ]
    links = [a["href"] for a in page.select(".lif-teaching a")]
    assert {"trees.html", "claims.html#claim-T1", "claims.html#claim-T2"} <= set(links)
    assert any(link.endswith("#ex-rings") for link in links)


def test_no_source_of_a_problem_set_gets_into_the_site(book):
    build(book)
    for file in (book.parent / "out").rglob("*"):
        if file.is_file():
            assert b"SECRET" not in file.read_bytes(), file


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (BODY.replace("[oak]", "[oak, ash]"), "has no section 'ash'"),
        (BODY.replace("ex-rings", "ex-leaves"), "has no exercise 'ex-leaves'"),
        (
            BODY.replace("ex-rings", "ex-leaves"),
            "exercise 'ex-rings' of chapters/trees has no place",
        ),
        (BODY.replace("The oak", "The ash"), "has no heading 'The ash'"),
        (BODY + "\n3: {}", "has no objective '3'"),
        (BODY.split("\n")[0], "objective '2' of chapters/trees has no place"),
        (BODY.split("\n")[0], "section 'elm' of chapters/trees has no place"),
        ("just words", "the body is not a list of lines"),
        ("1: [oak", "the body is not a list of lines"),
    ],
)
def test_what_the_body_leaves_out_or_invents_is_said(book, body, message):
    assert message in build(book, body)[1]


def test_a_chapter_that_does_not_exist_is_said(book):
    page, warnings = build(book, chapter="chapters/shrubs")
    assert "no chapter 'chapters/shrubs' in the book" in warnings
    assert not page.select(".lif-teaching-objectives")


def test_a_problem_that_names_no_objective_of_its_chapter_is_said(book):
    path = book / "assignments" / "source" / "trees" / "trees.ipynb"
    path.write_text(path.read_text("utf-8").replace('"Climb"', '"Swim"'), encoding="utf-8")
    assert "problem 'rings' of 'Set' names an objective" in build(book)[1]


def test_a_book_without_sets_or_misconceptions_is_said(book):
    shutil.rmtree(book / "assignments")
    path = book / "data" / "questions" / "trees.json"
    write_questions(book, path.read_text("utf-8").replace('"misconception"', '"remark"'))
    warnings = build(book)[1]
    assert "no problem set in assignments/source" in warnings
    assert "no question has a misconception" in warnings


def test_a_broken_data_folder_is_said(book):
    (book / "data" / "datapackage.json").write_text("{", encoding="utf-8")
    assert build(book)[1].count("this is not a data package") == 2  # objectives, misconceptions


def test_questions_that_were_altered_or_are_missing_are_said(book):
    path = book / "data" / "questions" / "trees.json"
    path.write_text(path.read_text("utf-8").replace("oak tree", "elm tree"), encoding="utf-8")
    warnings = build(book)[1]
    assert warnings.count("data/questions/trees.json: the file is not the one") == 2
    assert "run 'make datapackage'" in warnings
    path.unlink()
    assert build(book)[1].count("data/questions/trees.json: the file is missing") == 2


def test_a_change_of_the_questions_renews_the_page(book):
    build(book)
    path = book / "data" / "questions" / "trees.json"
    write_questions(book, path.read_text("utf-8").replace("trees are <oaks>", "trees are elms"))
    page, warnings = built(book)
    assert "WARNING" not in warnings
    assert [row[0] for row in rows(page, "misconceptions")] == ["All | trees are elms"]


def test_a_chapter_without_questions_is_said(book):
    (book / "data" / "datapackage.json").write_text('{"resources": []}', encoding="utf-8")
    page, warnings = build(book)
    assert "no resource is called 'questions-trees'" in warnings
    assert not page.select(".lif-teaching-objectives")


def test_headings_and_exercises_of_a_notebook():
    cells = [
        {"cell_type": "markdown", "source": ["# T\n", "## 2. What is a *b*\n", "### C"]},
        {"cell_type": "code", "source": "## no heading"},
        {"cell_type": "markdown", "source": "````{exercise-start} D\n:label: ex-d\n````"},
    ]
    assert teaching.headings(cells) == ["What is a *b*", "C"]
    assert teaching.exercises(cells) == {"ex-d": "D"}
