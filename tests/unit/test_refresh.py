"""tools/refresh.py: executes chapters, and what it stores is the same from run to run."""

from __future__ import annotations

import json
import re
from pathlib import Path

import nbformat
import pytest
import refresh
from hypothesis import given, settings
from hypothesis import strategies as hs
from nbclient.exceptions import CellExecutionError

NEW = nbformat.v4
CODE = """
import ipywidgets
slider = ipywidgets.FloatSlider(value=4, min=3, max=6, description="Cut-off")
twin = ipywidgets.FloatText()
link = ipywidgets.jslink((slider, "value"), (twin, "value"))
slider
""".strip()


def write(path: Path, *sources: str) -> Path:
    notebook = NEW.new_notebook(
        cells=[NEW.new_markdown_cell("# Page"), *map(NEW.new_code_cell, sources)]
    )
    nbformat.write(notebook, path)
    return path


@pytest.fixture(scope="module")
def twice(tmp_path_factory) -> list[nbformat.NotebookNode]:
    """The same notebook, executed in two kernels."""
    path = write(tmp_path_factory.mktemp("refresh") / "page.ipynb", CODE, "print('out')", "1 + 1")
    return [refresh.executed(path), refresh.executed(path)]


def test_two_runs_give_the_same_notebook(twice):
    assert nbformat.writes(twice[0]) == nbformat.writes(twice[1])


def test_outputs_and_widget_state_are_stored(twice):
    cells = twice[0].cells
    assert [cell.get("execution_count") for cell in cells] == [None, 1, 2, 3]
    assert cells[2].outputs[0].text == "out\n"
    assert cells[3].outputs[0].data["text/plain"] == "2"
    states = twice[0].metadata["widgets"][refresh.WIDGETS]["state"]
    shown = cells[1].outputs[0].data["application/vnd.jupyter.widget-view+json"]["model_id"]
    assert states[shown]["state"]["description"] == "Cut-off"
    (joined,) = [m["state"] for m in states.values() if m["model_name"] == "LinkModel"]
    assert joined["source"] == [f"IPY_MODEL_{shown}", "value"]


def test_widgets_are_numbered_in_order_of_creation(twice):
    states = twice[0].metadata["widgets"][refresh.WIDGETS]["state"]
    assert list(states) == [f"{number:032x}" for number in range(len(states))]
    text = nbformat.writes(twice[0])
    ids = set(re.findall(r"\b[0-9a-f]{32}\b", text))
    assert ids <= set(states)  # nowhere is one of the kernel's own left


def test_nothing_of_time_or_machine_is_stored(twice):
    notebook = twice[0]
    assert notebook.metadata["kernelspec"] == {
        "display_name": "Python 3",
        "language": "python",
        "name": "python3",
    }
    assert notebook.metadata["language_info"] == {"name": "python"}
    assert all("execution" not in cell.metadata for cell in notebook.cells)


def test_cells_have_ids_that_stay(twice):
    ids = [cell["id"] for cell in twice[0].cells]
    assert ids == ["cell-000", "cell-001", "cell-002", "cell-003"]
    named = nbformat.reads(nbformat.writes(twice[0]), as_version=4)
    named.cells[1]["id"] = "structure-011"
    # A new cell in between gets an id of its own; the others keep theirs.
    named.cells.insert(1, NEW.new_markdown_cell("New."))
    again = refresh.normalised(named)
    assert [cell["id"] for cell in again.cells] == [
        "cell-000",
        "cell-001",
        "structure-011",
        "cell-002",
        "cell-003",
    ]
    assert again.cells[1].source == "New."


def test_ids_never_occur_twice(twice):
    """A notebook with two cells of one id is not valid."""
    for at in range(len(twice[0].cells) + 1):
        notebook = nbformat.reads(nbformat.writes(twice[0]), as_version=4)
        notebook.cells.insert(at, NEW.new_markdown_cell("New."))
        again = refresh.normalised(notebook)
        ids = [cell["id"] for cell in again.cells]
        assert len(set(ids)) == len(ids), at
        nbformat.validate(again)


def test_normalising_again_changes_nothing(twice):
    for notebook in twice:
        again = refresh.normalised(nbformat.reads(nbformat.writes(notebook), as_version=4))
        assert nbformat.writes(again) == nbformat.writes(notebook)


hexes = hs.text("0123456789abcdef", min_size=32, max_size=32)


@settings(max_examples=50, deadline=None)
@given(hs.lists(hexes, min_size=1, max_size=20, unique=True))
def test_normalising_is_idempotent_for_any_ids(ids):
    """Also where an id of the kernel looks like one of the book's."""
    notebook = NEW.new_notebook(
        cells=[
            NEW.new_code_cell(
                "x",
                outputs=[
                    NEW.new_output(
                        "display_data",
                        {"application/vnd.jupyter.widget-view+json": {"model_id": name}},
                    )
                    for name in ids
                ],
            )
        ]
    )
    notebook.metadata["widgets"] = {
        refresh.WIDGETS: {
            "version_major": 2,
            "version_minor": 0,
            "state": {
                name: {"model_name": "M", "state": {"order": at, "next": f"IPY_MODEL_{other}"}}
                for at, (name, other) in enumerate(zip(ids, ids[1:] + ids[:1], strict=True))
            },
        }
    }
    once = refresh.normalised(notebook)
    states = once.metadata["widgets"][refresh.WIDGETS]["state"]
    assert [state["state"]["order"] for state in states.values()] == list(range(len(ids)))
    names = list(states)
    assert len(names) == len(ids)
    for at, state in enumerate(states.values()):
        assert state["state"]["next"] == f"IPY_MODEL_{names[(at + 1) % len(names)]}"
    views = [
        output.data["application/vnd.jupyter.widget-view+json"]["model_id"]
        for output in once.cells[0].outputs
    ]
    assert views == names
    again = refresh.normalised(nbformat.reads(nbformat.writes(once), as_version=4))
    assert nbformat.writes(again) == nbformat.writes(once)


def test_an_error_in_a_cell_is_an_error_of_the_tool(tmp_path):
    path = write(
        tmp_path / "page.ipynb", "1 + 1", "from lifbook import data\ndata.read_structure('9XYZ')"
    )
    before = path.read_bytes()
    with pytest.raises(CellExecutionError, match="no PDB entry with coordinates is called '9XYZ'"):
        refresh.main([str(path)])
    assert path.read_bytes() == before  # nothing half done is stored


def test_the_tool_writes_the_notebook_and_says_how_large_it_is(tmp_path, capsys):
    path = write(tmp_path / "page.ipynb", "6 * 7")
    assert refresh.main([str(path)]) == 0
    stored = nbformat.read(path, as_version=4)
    assert stored.cells[1].outputs[0].data["text/plain"] == "42"
    assert "page.ipynb  1 kB" in capsys.readouterr().out
    text = path.read_text("utf-8")
    assert json.loads(text)["nbformat"] == 4
    assert not re.search(r"^ ", text, re.MULTILINE)  # no indentation


def test_a_notebook_that_is_too_large_is_refused(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(refresh, "LIMIT", 500)
    path = write(tmp_path / "page.ipynb", "print('x' * 1000)")
    assert refresh.main([str(path)]) == 1
    assert "page.ipynb is larger than 500 bytes" in capsys.readouterr().err


def test_the_chapters_are_those_of_the_table_of_contents():
    names = [path.stem for path in refresh.chapters()]
    assert names[0] == "overview" and "structure" in names
    assert all(path.suffix == ".ipynb" and path.exists() for path in refresh.chapters())
