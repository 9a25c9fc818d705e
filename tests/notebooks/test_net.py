"""The net holds: one digit changed, one output lost, and the check that should notice does.

The chapters' own checks would be worth nothing if they passed on anything. Each test here
harms a scratch copy and asks for the failure; the unharmed copy passes beside it.
"""

from __future__ import annotations

import base64
import copy
import csv
import json
import os
import random
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import checks
import datapackage
import nbformat
import pytest
import refresh

from lifbook import data
from lifbook.errors import LifbookError
from lifbook.page import references, viewer

#: One process executes the small notebook for all tests of this file.
pytestmark = pytest.mark.xdist_group("net")

NEW = nbformat.v4
CELLS = {
    "table": "from lifbook import data\ndata.read_table('domains')[['domain', 'start', 'end']]",
    "stream": "print('D3 has', 293 - 203 + 1, 'residues')",
    "plain": "round(1917.4 / 2, 1), data.numbering('2Q7N', 'B').offset",
    "address": "object()",
    "quiet": "answer = 42",
}
WIDGET = (
    "from lifbook.page import widgets\n"
    "frame = data.read_table('domains').query(\"domain == 'D3'\").assign(id='2Q7N:A:203')\n"
    "widgets.ResidueTable('t', frame, {'domain': 'Domain', 'start': 'First'}, label='Domains')"
)


def other(digit: str) -> str:
    """Another digit."""
    return str((int(digit) + 1) % 10)


def change_digit(text: str, pattern: str) -> str:
    """The text with one digit changed: the first group of the pattern's first match."""
    found = re.search(pattern, text)
    assert found, (pattern, text)
    start = found.start(1)
    assert text[start].isdigit() and len(found[1]) == 1
    return text[:start] + other(text[start]) + text[start + 1 :]


def duplicate(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    return nbformat.reads(nbformat.writes(notebook), as_version=4)


@pytest.fixture(scope="module")
def original(tmp_path_factory) -> nbformat.NotebookNode:
    """A small real notebook, executed as `make refresh` does."""
    notebook = NEW.new_notebook(
        cells=[NEW.new_code_cell(code) for code in (*CELLS.values(), WIDGET)]
    )
    for cell, name in zip(notebook.cells, [*CELLS, "widget"], strict=True):
        cell["id"] = name
    path = tmp_path_factory.mktemp("original") / "small.ipynb"
    nbformat.write(notebook, path)
    return refresh.executed(path)


def cell(notebook: nbformat.NotebookNode, name: str) -> nbformat.NotebookNode:
    return next(item for item in notebook.cells if item.id == name)


def harm_table(notebook) -> None:
    found = cell(notebook, "table").outputs[0].data
    found["text/html"] = change_digit(found["text/html"], r"<td>\d*(\d)</td>")


def harm_table_text(notebook) -> None:
    found = cell(notebook, "table").outputs[0].data
    found["text/plain"] = change_digit(found["text/plain"], r"D3 +\d*(\d)")


def harm_stream(notebook) -> None:
    found = cell(notebook, "stream").outputs[0]
    found["text"] = change_digit(found["text"], r"has \d(\d)")


def harm_plain(notebook) -> None:
    found = cell(notebook, "plain").outputs[0].data
    found["text/plain"] = change_digit(found["text/plain"], r"\.(\d)")


def lose_output(notebook) -> None:
    cell(notebook, "table")["outputs"] = []


def lose_print(notebook) -> None:
    cell(notebook, "stream")["outputs"] = []


HARMS: dict[str, tuple[Callable, int | None]] = {
    # name: (what is done, code cell that nbval must report; None: all is well)
    "unharmed": (lambda notebook: None, None),
    "table": (harm_table, 0),
    "table-text": (harm_table_text, 0),
    "stream": (harm_stream, 1),
    "plain": (harm_plain, 2),
    "lost-output": (lose_output, 0),
    "lost-print": (lose_print, 1),
}


def nbval(folder: Path, sanitize: Path, **environment: str) -> dict[str, set[int]]:
    """Notebook -> code cells that fail, in a run of nbval as `make notebooks` does it."""
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "--nbval",
            "--nbval-sanitize-with",
            str(sanitize),
            "-q",
            "--color=no",
            "-p",
            "no:cacheprovider",
            "-rf",
            "--rootdir",
            str(folder),
            str(folder),
        ],
        capture_output=True,
        text=True,
        check=False,
        cwd=folder,
        env=os.environ | environment,
    )
    assert done.returncode in (0, 1), done.stdout + done.stderr  # passed, or some test failed
    failed: dict[str, set[int]] = {path.stem: set() for path in folder.glob("*.ipynb")}
    for name, number in re.findall(r"^FAILED (\S+)\.ipynb::Cell (\d+)", done.stdout, re.MULTILINE):
        failed[Path(name).name].add(int(number))
    assert bool(done.returncode) == any(failed.values()), done.stdout
    return failed


@pytest.fixture(scope="module")
def verdicts(tmp_path_factory, original, sanitize) -> dict[str, set[int]]:
    """One run of nbval over all harmed copies, without the widget (nbval cannot see it)."""
    folder = tmp_path_factory.mktemp("harmed")
    for name, (harm, _cell) in HARMS.items():
        notebook = duplicate(original)
        notebook.cells = [item for item in notebook.cells if item.id != "widget"]
        harm(notebook)
        nbformat.write(notebook, folder / f"{name}.ipynb")
    return nbval(folder, sanitize)


@pytest.mark.parametrize("name", HARMS)
def test_nbval_reports_the_harm_and_nothing_else(verdicts, name):
    expected = HARMS[name][1]
    assert verdicts[name] == (set() if expected is None else {expected})


def test_a_value_changed_in_the_data_is_noticed(tmp_path, original, sanitize):
    """A digit in a table of data/, with its checksum put right, so that only the value differs."""
    folder = Path(shutil.copytree(data.DATA, tmp_path / "data"))
    file = folder / data.resource("domains")["path"]
    with file.open(newline="", encoding="utf-8") as stream:
        rows = list(csv.reader(stream))
    row = next(row for row in rows if "D3" in row)
    at = rows[0].index("end")
    row[at] = row[at][:-1] + other(row[at][-1])
    with file.open("w", newline="", encoding="utf-8") as stream:
        csv.writer(stream, lineterminator="\n").writerows(rows)
    assert datapackage.main(["--data", str(folder)]) == 0
    data.read_table("domains", folder=folder)  # nothing is wrong with the table but its value

    notebook = duplicate(original)
    notebook.cells = [item for item in notebook.cells if item.id != "widget"]
    books = tmp_path / "books"
    books.mkdir()
    nbformat.write(notebook, books / "small.ipynb")
    assert nbval(books, sanitize, LIFBOOK_DATA=str(folder)) == {"small": {0}}


def test_an_altered_file_is_refused_before_it_is_read(tmp_path, original, sanitize):
    """The same digit without the new checksum: the chapter does not even run."""
    folder = Path(shutil.copytree(data.DATA, tmp_path / "data"))
    file = folder / data.resource("domains")["path"]
    file.write_text(change_digit(file.read_text("utf-8"), r"D3,2Q7N,A,\d\d(\d)"), "utf-8")
    notebook = NEW.new_notebook(cells=[NEW.new_code_cell(CELLS["table"])])
    path = tmp_path / "small.ipynb"
    nbformat.write(notebook, path)
    done = subprocess.run(
        [sys.executable, str(refresh.ROOT / "tools" / "refresh.py"), str(path)],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"LIFBOOK_DATA": str(folder)},
    )
    assert done.returncode != 0
    message = re.sub(r"\x1b\[[\d;]*m", "", done.stderr)
    assert "LifbookError: data/domains.csv: the file is not the one" in message


# --- What nbval does not see -------------------------------------------------------------


def test_a_moved_atom_is_noticed(monkeypatch):
    """The notebook holds a digest of the text, which no zlib can change, and no coordinates."""

    def model() -> dict[str, object]:
        atoms = viewer._packed.__wrapped__("1LKI", ())  # computed anew, not remembered
        state = {
            key: atoms.get_state()[key] for key in ("_anywidget_id", "entry", "chains", "digest")
        }
        return {
            "state": state,
            "buffers": [
                {
                    "path": ["data"],
                    "encoding": "base64",
                    "data": base64.b64encode(atoms.data).decode(),
                }
            ],
        }

    before = model()
    stored = references.with_references(before)
    assert "buffers" not in stored and stored["state"] == before["state"]
    assert references.with_coordinates(stored) == before
    assert list(checks.leaves(stored, references.with_references(model()), "1LKI")) == []
    moved = change_digit(data.read_pdb_text("1LKI"), r"ATOM .{32}(\d)")
    monkeypatch.setattr(data, "read_pdb_text", lambda _entry: moved)
    (found,) = checks.leaves(stored, references.with_references(model()), "1LKI")
    assert found.startswith("1LKI.state.digest: stored")


def test_coordinates_that_changed_since_are_not_published():
    stored = {
        "state": {
            "_anywidget_id": "lifbook.page.viewer.Coordinates",
            "entry": "1LKI",
            "chains": [],
            "digest": "0" * 16,
        }
    }
    with pytest.raises(LifbookError, match="coordinates of 1LKI are not those.*run `make refresh`"):
        references.with_coordinates(stored)


def test_a_cell_that_was_not_executed_is_noticed(original):
    assert checks.not_executed(original) == []
    notebook = duplicate(original)
    cell(notebook, "quiet")["execution_count"] = None
    assert checks.not_executed(notebook) == ["cell quiet: execution_count is None, its place is 5"]
    notebook = duplicate(original)
    cell(notebook, "quiet")["execution_count"] = 7  # executed out of order
    assert len(checks.not_executed(notebook)) == 1


def test_errors_and_complaints_are_noticed(original):
    assert checks.complaints(original) == []
    notebook = duplicate(original)
    cell(notebook, "quiet")["outputs"] = [
        NEW.new_output("stream", name="stderr", text="DeprecationWarning: soon"),
        NEW.new_output("error", ename="KeyError", evalue="x", traceback=[]),
    ]
    assert checks.complaints(notebook) == [
        "cell quiet: DeprecationWarning: soon",
        "cell quiet: KeyError",
    ]


def test_a_digit_of_a_widget_is_noticed_and_named(original):
    notebook = duplicate(original)
    (key,) = [k for k, m in checks.state_of(notebook).items() if m["state"].get("name") == "t"]
    state = checks.state_of(notebook)[key]["state"]
    assert state["rows"][0]["values"] == ["D3", 203.0]
    state["rows"][0]["values"][1] = 204.0
    (found,) = checks.differences(notebook, original)
    assert found == ("widget 't' (1).state.rows[0].values[1]: stored '204.0', computed '203.0'")


def test_lost_outputs_and_widgets_are_noticed_and_named(original):
    notebook = duplicate(original)
    lose_output(notebook)
    assert checks.differences(notebook, original) == ["cell table.outputs: 0 stored, 1 computed"]
    notebook = duplicate(original)
    states = checks.state_of(notebook)
    gone = next(key for key, model in states.items() if model["state"].get("name") == "t")
    del states[gone]
    assert checks.differences(notebook, original) == ["widget 't' (1): not stored"]
    assert checks.differences(original, original) == []


def places(tree, path=()):
    """Every leaf of plain data that holds a digit."""
    if isinstance(tree, dict):
        for key in tree:
            yield from places(tree[key], (*path, key))
    elif isinstance(tree, list):
        for at, part in enumerate(tree):
            yield from places(part, (*path, at))
    elif not isinstance(tree, bool) and re.search(r"[0-9]", str(tree)):
        yield path


def harm_leaf(value, draw: random.Random):
    """A number or a text with one digit changed."""
    if isinstance(value, str):
        at = draw.choice([match.start() for match in re.finditer(r"[0-9]", value)])
        return value[:at] + other(value[at]) + value[at + 1 :]
    return value + draw.choice([1, -1, 0.001 if isinstance(value, float) else 2])


@pytest.mark.parametrize("name", [path.stem for path in refresh.chapters()])
def test_any_digit_of_a_chapter_is_noticed(stored, name):
    """In outputs and widget state of the real chapters: 40 digits drawn from all."""
    draw = random.Random(name)
    reference = json.loads(nbformat.writes(stored[name], split_lines=False))
    state = ("metadata", "widgets", refresh.WIDGETS, "state")
    leaves = {
        "output": [path for path in places(reference) if path[0] == "cells" and "outputs" in path],
        "widget": [path for path in places(reference) if path[:4] == state],
    }
    assert len(leaves["widget"]) > 100 and len(leaves["output"]) > 2
    for kind, paths in leaves.items():
        for path in draw.choices(paths, k=20):
            harmed = copy.copy(reference)
            branch = harmed
            for key in path[:-1]:  # copies of what lies on the way, not of the whole notebook
                branch[key] = copy.copy(branch[key])
                branch = branch[key]
            branch[path[-1]] = harm_leaf(branch[path[-1]], draw)
            found = checks.differences(nbformat.from_dict(harmed), stored[name])
            assert len(found) == 1, (path, found)
            wanted = f"cell {reference['cells'][path[1]]['id']}" if kind == "output" else "widget"
            assert found[0].startswith(wanted), (path, found)


# --- The sanitising file -----------------------------------------------------------------


def rules(sanitize: Path) -> list[tuple[str, str]]:
    return re.findall(r"^regex: (.*)\nreplace: (.*)$", sanitize.read_text("utf-8"), re.MULTILINE)


def test_the_sanitising_file_touches_addresses_only(sanitize):
    found = rules(sanitize)
    assert len(found) == 1

    def clean(text: str) -> str:
        for regex, replacement in found:
            text = re.sub(regex, replacement, text)
        return text

    assert clean("<object object at 0x7f3c5a1b2c40>") == clean("<object object at 0x55d0aa>")
    for number in (
        "22 and 25 residues",
        "4.05 Å",
        "at 4.0 Å",
        "0x1f",
        "at 0x1",
        "D1 at 0xyz",
        "#cc6a00",
        "1917",
        "-0.031 per Å",
        "id 0000000000000000000000000000000c",
    ):
        assert clean(number) == number


def test_the_address_of_an_object_is_let_pass(verdicts, original):
    """The small notebook prints one, another in each run, and nbval does not mind."""
    assert re.search(r"at 0x[0-9a-f]+", cell(original, "address").outputs[0].data["text/plain"])
    assert 3 not in set().union(*verdicts.values())
