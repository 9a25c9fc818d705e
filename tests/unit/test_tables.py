"""Tables for reading: headings, numbers, row numbers left out, errors."""

from __future__ import annotations

import pandas as pd
import pytest

from lifbook.errors import LifbookError
from lifbook.page.tables import show

FRAME = pd.DataFrame({"label": ["Phe156", "a<b"], "buried": [91.779, None], "n": [1, 2]})


def test_headings_order_and_decimals():
    html = show(FRAME, n="Count", buried="Buried (Å²)", decimals=2, caption="What")._repr_html_()
    assert html.index("Count") < html.index("Buried (Å²)")
    assert "91.78" in html and "–" in html and "<caption>What</caption>" in html
    assert "label" not in html


def test_text_is_escaped_and_rows_have_headings():
    html = show(FRAME)._repr_html_()
    assert "a&lt;b" in html and '<th scope="row">Phe156</th>' in html
    assert html.count('class="number"') == 2 * (2 + 1)


def test_row_numbers_are_left_out_and_names_kept():
    filtered = FRAME[FRAME["n"] > 1]
    assert list(show(filtered).frame.columns) == ["label", "buried", "n"]
    named = FRAME.set_index("label")
    assert list(show(named, n="Count").frame.columns) == ["label", "Count"]


def test_two_columns_may_have_one_heading():
    html = show(FRAME, n="Cys", buried="Cys")._repr_html_()
    assert html.count(">Cys</th>") == 2


def test_an_unknown_column_is_refused():
    with pytest.raises(
        LifbookError, match="no column of the table is called 'bound'.*use one of label, buried, n"
    ):
        show(FRAME, bound="Bound")


def test_cards_name_their_cells_and_missing_values_are_dashes():
    frame = pd.DataFrame(
        {"study": ["x", "y"], "n": pd.array([3, None], dtype="Int64"), "note": ["a & b", None]}
    )
    html = show(frame, cards=True, study="Study", n="Women <all>", note="Note")._repr_html_()
    assert 'class="lif-plain lif-plain--cards"' in html
    assert '<td class="number" data-label="Women &lt;all&gt;">3</td>' in html
    assert '<td class="number" data-label="Women &lt;all&gt;">–</td>' in html and "<NA>" not in html
    assert '<td data-label="Note">a &amp; b</td>' in html and html.count("–") == 2
    assert "data-label" not in show(frame)._repr_html_()
