"""lifbook.glue writes the records that myst-nb's own glue writes, in a real kernel."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

#: Expression, and what the page prints for it.
VALUES = {
    "22": "22",
    "-0.031": "-0.031",
    "1e-07": "1e-07",
    "True": "True",
    "None": "None",
    "'1,917'": "1,917",
    "'Cys12–Cys134'": "Cys12–Cys134",
    '"it\'s"': "it's",
    "'57%'": "57%",
    "(1, 2)": "(1, 2)",
}
NUMPY = {
    "np.int64(24)": "24",
    "np.float64(4.7)": "4.7",
    "np.bool_(True)": "True",
    "np.str_('D3')": "D3",
    "pd.Series([3, 1]).min()": "1",
}
SETUP = """
import numpy as np, pandas as pd
import lifbook.glue as ours, myst_nb
"""


@pytest.fixture(scope="module")
def notebook(tmp_path_factory) -> nbformat.NotebookNode:
    """Executed: for each value a cell with lifbook's glue and one with myst-nb's."""
    cells = [SETUP]
    for expression in [*VALUES, *NUMPY]:
        plain = f"({expression}).item()" if expression in NUMPY else expression
        if expression == "np.str_('D3')":
            plain = "'D3'"
        cells += [f"ours.glue('x', {expression})", f"myst_nb.glue('x', {plain}, display=False)"]
    cells.append("ours.glue_all(a=1, b='two', c=np.int64(3))")
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(code) for code in cells])
    folder: Path = tmp_path_factory.mktemp("glue")
    NotebookClient(
        notebook, kernel_name="python3", resources={"metadata": {"path": str(folder)}}
    ).execute()
    return notebook


@pytest.mark.parametrize("expression", [*VALUES, *NUMPY])
def test_the_record_is_that_of_myst_nb(notebook, expression):
    at = 1 + 2 * [*VALUES, *NUMPY].index(expression)
    ours, theirs = notebook.cells[at].outputs, notebook.cells[at + 1].outputs
    assert ours == theirs
    (record,) = ours
    assert record.output_type == "display_data"
    assert record.metadata["scrapbook"] == {
        "name": "x",
        "mime_prefix": "application/papermill.record/",
    }


@pytest.mark.parametrize("expression", [*VALUES, *NUMPY])
def test_nothing_of_numpy_is_printed(notebook, expression):
    """The page prints the record without the quotes of a string (myst-nb: glue:text)."""
    at = 1 + 2 * [*VALUES, *NUMPY].index(expression)
    text = notebook.cells[at].outputs[0].data["application/papermill.record/text/plain"]
    quoted = len(text) > 1 and text[0] == text[-1] and text[0] in "'\""
    assert (text[1:-1] if quoted else text) == (VALUES | NUMPY)[expression]


def test_several_at_once_keep_their_names_and_order(notebook):
    records = notebook.cells[-1].outputs
    assert [record.metadata["scrapbook"]["name"] for record in records] == ["a", "b", "c"]
    texts = [record.data["application/papermill.record/text/plain"] for record in records]
    assert texts == ["1", "'two'", "3"]


def test_it_shows_nothing_in_the_readers_notebook(notebook):
    """A record has no plain text of its own, so Jupyter shows nothing under the cell."""
    for cell in notebook.cells[1:]:
        assert all("text/plain" not in output.get("data", {}) for output in cell.outputs)
        assert not any(output.output_type == "stream" for output in cell.outputs)
