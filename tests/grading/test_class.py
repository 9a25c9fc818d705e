"""A class in which some try everything: each earns what it deserves, or a clear reason."""

from __future__ import annotations

import copy
import csv
import hashlib
import html
import re
import socket
import tempfile
import threading
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import nbformat
import pytest
from conftest import RIGHT, ROOT, SOURCE, Run, run, write
from nbformat.notebooknode import NotebookNode

ALL = 6.0  # what the tests of the small set give; two more points are given by hand

#: Submissions that misbehave: answers that replace the right ones, and code at the end.
BAD: dict[str, tuple[dict[str, str], tuple[str, ...]]] = {
    "flood": ({}, ("for i in range(50): print('x' * 1_000_000)",)),
    "loop": ({"length-answer": "length = 202\nwhile True: pass"}, ()),
    "stubborn": (
        {
            "length-answer": (
                "import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\nwhile True: pass"
            )
        },
        (),
    ),
    "bomb": (
        {"length-answer": ("import os\nwhile True:\n    try: os.fork()\n    except OSError: pass")},
        (),
    ),
    "hungry": ({"length-answer": "length = len([bytearray(10**8) for i in range(10**4)])"}, ()),
    "forks-hungry": (
        {
            "length-answer": (
                "import os, time\nfor i in range(12):\n    if os.fork() == 0:\n"
                "        kept = bytearray(b'x') * (150 * 10**6)\n        time.sleep(60)\n"
                "time.sleep(60)"
            )
        },
        (),
    ),
    "exits": ({"length-answer": "import os\nos._exit(0)"}, ()),
    "disk": (
        {
            "length-answer": (
                "for i in range(100):\n    with open(f'file{i}', 'wb') as f: f.write(bytes(10**7))"
            )
        },
        (),
    ),
    "equal": (
        {
            "acids-answer": (
                "class Equal(int):\n    def __eq__(self, other): return True\n"
                "    def __hash__(self): return 0\n    def __float__(self): return 1.0\n"
                "in_human = Equal()\ndef acidic(sequence): return Equal()"
            ),
            "length-answer": "length = Equal(202)",
        },
        (),
    ),
    "forged": (
        {
            "acids-answer": (
                "print('Score: 6 / 6')\nprint('{\"score\": 6.0}')\nacidic = in_human = None"
            ),
            "length-answer": "6.0",
        },
        ("6.0",),
    ),
    "patches": (
        {
            "acids-answer": (
                "import builtins, sys, grading, grading.checks, grading.transfer, atexit\n"
                "for module in (grading, grading.checks):\n"
                "    for name in list(vars(module)):\n"
                "        if name.startswith('check_'):\n"
                "            setattr(module, name, lambda *a, **k: None)\n"
                "grading.transfer.encode = lambda value, depth=0: ['bool', True]\n"
                "builtins.AssertionError = builtins.NameError = type('E', (Exception,), {})\n"
                "atexit.register(print, 'Score: 6')\n"
                "get_ipython().input_transformers_cleanup.append(lambda lines: ['6.0\\n'])\n"
                "get_ipython().showtraceback = lambda *a, **k: None\n"
                "in_human = 0\ndef acidic(sequence): return 0\nprint('ATTACKED')"
            ),
            "length-answer": "",
        },
        (),
    ),
    "nonsense": (
        {
            "acids-answer": (
                "import grading.transfer\n"
                "forged = ['array', '|O', [10**12], 'AAAA']\n"
                "grading.transfer.encode = lambda value, depth=0: forged\n"
                "in_human = 0\ndef acidic(sequence): return 0\nprint('ATTACKED')"
            ),
            "length-answer": "",
        },
        (),
    ),
}

SPY = """
import gc, glob, os
seen = []
for place in {places!r}:
    if glob.glob(place, recursive=True):
        seen.append(place)
for name in glob.glob('/proc/*/environ') + glob.glob('/proc/*/cmdline'):
    try:
        if b'topsecret' in open(name, 'rb').read(): seen.append(name)
    except OSError: pass
words = [repr(value) for value in list(globals().values()) + In + list(Out.values())]
words += [repr(one) for one in gc.get_objects() if type(one) in (dict, list, tuple)]
word = 'quo' + 'kka'  # of a hidden test
if any(word in text for text in words): seen.append('memory')
print('SEEN' if seen else 'NOTHING', *seen)
"""
OUTSIDE = """
wrote = []
for place in {places!r}:
    try:
        with open(place, 'a') as file: file.write('x')
        wrote.append(place)
    except OSError: pass
print('WROTE' if wrote else 'NOWHERE', *wrote)
open('own.txt', 'w').write('in its own folder it can')
"""
CALLS = """
import socket
for address in (('127.0.0.1', {port}), ('192.0.2.1', 80)):
    try:
        socket.create_connection(address, timeout=2)
        print('CONNECTED', address)
    except OSError: print('refused')
"""


class Graded:
    """The class after one run: where it is, and what came of it."""

    def __init__(self, run: Run, folder: Path, before: dict[str, str], calls: list[object]) -> None:
        self.run, self.folder, self.before, self.calls = run, folder, before, calls
        self.points = run.points()

    def outputs(self, student: str) -> str:
        """All that a submission printed."""
        path = self.run.course / "autograded" / student / "small" / "small.ipynb"
        notebook = nbformat.read(path, as_version=4)
        return "\n".join(
            out.get("text", "") for cell in notebook.cells for out in cell.get("outputs", [])
        )

    def page(self, student: str) -> str:
        """A feedback page."""
        path = self.run.course / "feedback" / student / "small" / "small.html"
        return path.read_text("utf-8")


def digests(folder: Path) -> dict[str, str]:
    """SHA-256 of each file."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def hand_in_what_can_be_graded(
    folder: Path, fill: Callable[..., NotebookNode], blank: NotebookNode
) -> None:
    """Right and wrong answers, under the names that systems give to files."""
    right = fill()
    write(right, folder / "rightanna_1001_5001_small.ipynb")
    write(fill({"length-answer": "length = 1"}), folder / "lateben_LATE_1002_5002_small.ipynb")
    write(right, folder / "lateben_LATE_1002_5003_small-1.ipynb")
    write(
        fill(RIGHT | {"length-answer": "length = 201"}),
        folder / "José Ñandú Þór_1003_assignsubmission_file_" / "small.ipynb",
    )
    write(fill(RIGHT | {"length-answer": "length = 202.0"}), folder / "Wrong Type" / "small.ipynb")
    write(blank, folder / "untouched.ipynb")
    edited = copy.deepcopy(fill({"length-answer": "length = 1"}))
    for cell in edited.cells:
        if cell.metadata.nbgrader.grade_id == "length-test":
            cell.source, cell.metadata.nbgrader.points = "length = 202\n6.0", 100
        elif cell.metadata.nbgrader.grade_id == "acids-test":
            cell.metadata.nbgrader.grade_id = "mine"
    write(edited, folder / "edited.ipynb")
    deleted = fill()
    deleted.cells = [
        cell
        for cell in deleted.cells
        if cell.cell_type == "code" and cell.metadata.nbgrader.solution
    ]
    write(deleted, folder / "deleted.ipynb")


def hand_in_what_cannot_be_graded(folder: Path, whole: str) -> None:
    """Files that are not notebooks, or not whole ones."""
    (folder / "empty.ipynb").touch()
    (folder / "essay.docx").write_bytes(b"PK\x03\x04 not a notebook")
    (folder / "text.ipynb").write_text("My answers: 12, 202", "utf-8")
    (folder / "corrupt.ipynb").write_text(whole[: len(whole) // 2], "utf-8")
    (folder / "cells.ipynb").write_text(
        '{"cells": [{"cell_type": "poem"}], "nbformat": 4, "nbformat_minor": 5, "metadata": {}}',
        "utf-8",
    )


def hand_in_what_looks_around(
    folder: Path, course: Path, fill: Callable[..., NotebookNode], port: int
) -> None:
    """Submissions that look for secrets, write where they may not, and call out."""
    secret = [
        str(course / "gradebook.db"),
        str(course / "source"),
        str(SOURCE),
        str(folder),
        str(ROOT / "assignments"),
        str(course / "submitted"),
        str(course / "records"),
        str(ROOT / "tests"),
        str(ROOT / "grading" / "judge"),
        str(ROOT / "grading" / "desk"),
        "/etc/passwd",
        "/etc/shadow",
        str(Path.home() / ".ssh"),
        f"{tempfile.gettempdir()}/**/small.ipynb",
        str(Path("/", "home", "*")),
    ]
    write(fill(None, SPY.format(places=secret)), folder / "spy.ipynb")
    others = [
        str(course / "gradebook.db"),
        str(course / "x"),
        str(ROOT / "data" / "x"),
        str(ROOT / "lifbook" / "x"),
        str(ROOT / "grading" / "inside" / "x"),
        str(folder / "x"),
        "/usr/x",
        "/x",
        "/dev/x",
        "/etc/x",
    ]
    write(fill(None, OUTSIDE.format(places=others)), folder / "outside.ipynb")
    write(fill(None, CALLS.format(port=port)), folder / "calls.ipynb")


ROSTER = """\
Student,ID,SIS User ID,SIS Login ID,Section,A small set (77)
    Points Possible,,,,,8
"Right, Anna",1001,s1,anna@uni,One,
"Late, Ben",1002,s2,ben@uni,One,
"Gone, Carla",1009,s9,carla@uni,One,
"""


@pytest.fixture(scope="module")
def graded(
    safe: None,
    fill: Callable[..., NotebookNode],
    blank: NotebookNode,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Graded]:
    """Hand in, and grade with one command."""
    made = tmp_path_factory.mktemp("the class")
    folder, course = made / "handed in", made / "course"
    hand_in_what_can_be_graded(folder, fill, blank)
    hand_in_what_cannot_be_graded(folder, nbformat.writes(fill()))
    for name, (answers, end) in BAD.items():
        write(fill(RIGHT | answers, *end), folder / f"{name}.ipynb")
    listener = socket.create_server(("127.0.0.1", 0))
    calls: list[object] = []
    threading.Thread(target=lambda: calls.append(listener.accept()), daemon=True).start()
    hand_in_what_looks_around(folder, course, fill, listener.getsockname()[1])
    (made / "class.csv").write_text(ROSTER, "utf-8")
    before = digests(folder)
    done = run(
        SUBMISSIONS=folder,
        COURSE=course,
        ROSTER=made / "class.csv",
        CELL_SECONDS=5,
        SECONDS=60,
        MEMORY=1400,
    )
    assert done.code == 0, done.out + done.errors
    yield Graded(done, folder, before, calls)
    listener.close()


@pytest.mark.parametrize(
    ("student", "points"),
    [
        ("rightanna-1001", ALL),
        ("lateben-1002", ALL),
        ("José-Ñandú-Þór-1003", 5.0),
        ("Wrong-Type", 5.0),
        ("untouched", 0.0),
        ("edited", 0.0),
        ("deleted", ALL),
        ("flood", ALL),
        ("loop", ALL),
        ("stubborn", 5.0),
        ("bomb", 5.0),
        ("hungry", 5.0),
        ("forks-hungry", 5.0),
        ("exits", 5.0),
        ("disk", 5.0),
        ("equal", 0.0),
        ("forged", 0.0),
        ("patches", 0.0),
        ("nonsense", 0.0),
        ("spy", ALL),
        ("outside", ALL),
        ("calls", ALL),
        ("empty", 0.0),
        ("essay", 0.0),
        ("text", 0.0),
        ("corrupt", 0.0),
        ("cells", 0.0),
    ],
)
def test_each_earns_what_it_deserves(graded: Graded, student: str, points: float) -> None:
    assert graded.points[student] == points, graded.run.record(student)


@pytest.mark.parametrize(
    ("student", "why"),
    [
        ("empty", "empty"),
        ("essay", "not a notebook"),
        ("text", "not a notebook"),
        ("corrupt", "cut off"),
        ("cells", "not a valid notebook"),
    ],
)
def test_what_cannot_be_graded_has_a_reason(graded: Graded, student: str, why: str) -> None:
    assert why in graded.run.record(student)["problem"]
    assert why in html.unescape(graded.page(student))
    assert student in graded.run.out


@pytest.mark.parametrize(
    ("student", "note"),
    [
        ("flood", "more than 1 MB of output"),
        ("stubborn", "did not stop after 5 s"),
        ("bomb", "more than 32 processes"),
        ("forks-hungry", "MB of memory"),
        ("exits", "its kernel ended"),
        ("edited", "'length-test' was edited"),
        ("deleted", "'length-test' was deleted"),
    ],
)
def test_what_went_wrong_is_noted(graded: Graded, student: str, note: str) -> None:
    assert any(note in one for one in graded.run.record(student)["notes"])


def test_a_submission_finds_nothing_that_is_not_its_own(graded: Graded) -> None:
    assert "NOTHING" in graded.outputs("spy")


@pytest.mark.parametrize("student", ["patches", "nonsense"])
def test_an_attack_on_what_runs_beside_a_submission_was_made(graded: Graded, student: str) -> None:
    """Earning nothing shows little if it stopped at a name that does not exist."""
    assert "ATTACKED" in graded.outputs(student)


def test_a_submission_writes_nowhere_else(graded: Graded) -> None:
    assert "NOWHERE" in graded.outputs("outside")
    assert not (graded.folder / "x").exists()


def test_a_submission_has_no_network(graded: Graded) -> None:
    assert graded.outputs("calls").count("refused") == 2
    assert not graded.calls


def test_long_output_is_cut(graded: Graded) -> None:
    path = graded.run.course / "autograded" / "flood" / "small" / "small.ipynb"
    assert path.stat().st_size < 3_000_000


def test_nothing_handed_in_is_changed_or_lost(graded: Graded) -> None:
    assert digests(graded.folder) == graded.before
    kept = set(digests(graded.run.course / "submitted").values())
    counted = {value for name, value in graded.before.items() if "5002_small" not in name}
    assert counted <= kept


def test_feedback_explains_and_shows_no_hidden_test(graded: Graded) -> None:
    for page in (graded.run.course / "feedback").rglob("*.html"):
        text = page.read_text("utf-8")
        assert "quokka" not in text and "HIDDEN TEST" not in text and "MARK SCHEME" not in text
        assert "<script" not in text and not re.search(r"(src|href)=.https?:", text)
    text = html.unescape(graded.page("Wrong-Type"))
    assert "Length must be a whole number (int), not a value of type float" in text
    assert "202" not in html.unescape(graded.page("José-Ñandú-Þór-1003")).split("Not right")[1][:90]


def test_feedback_goes_back_under_the_name_that_the_lms_knows(graded: Graded) -> None:
    names = zipfile.ZipFile(graded.run.results / "feedback.zip").namelist()
    assert "rightanna_1001_5001_small.html" in names
    assert "José Ñandú Þór_1003_assignsubmission_file_/small.html" in names
    assert len(names) == len(graded.points) - 1  # all but Carla


def test_marks_for_canvas(graded: Graded) -> None:
    with open(graded.run.results / "canvas.csv", encoding="utf-8") as file:
        head, possible, *rows = list(csv.reader(file))
    assert head == ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "A small set (77)"]
    assert possible[-1] == "8"
    assert ["Right, Anna", "1001", "s1", "anna@uni", "One", "6"] in rows


def test_the_report_says_who_is_missing_and_what_fails(graded: Graded) -> None:
    text = html.unescape((graded.run.results / "report.html").read_text("utf-8"))
    missing = text[text.index("Who is missing") :][:200]
    assert "Carla Gone" in missing and "Anna" not in missing
    assert text.count("<svg") == 2 and text.count('role="img" aria-label=') == 2
    assert "acids-test" in text[text.index("Most common failures") :]
    assert "the file is empty" in text and "handed in nothing: 1." in text
    assert "quokka" not in text and "<script" not in text


def test_progress_is_shown(graded: Graded) -> None:
    lines = re.findall(r"^  \[ *(\d+)/(\d+)\] ", graded.run.out, re.MULTILINE)
    assert [int(number) for number, _ in lines] == list(range(1, len(graded.points)))
