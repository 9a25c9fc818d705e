"""The page's own binding curve (binding.js) computes what lifbook.signalling computes."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from javascript import in_node

from lifbook import signalling as sg

SHARED = Path(__file__).resolve().parents[2] / "lifbook" / "page" / "shared"


def test_the_page_computes_what_python_computes():
    rng = np.random.default_rng(20)
    sample = 10 ** np.concatenate(
        [
            rng.uniform(-6, 6, (4000, 5)),  # everything
            rng.uniform(-4, 2, (4000, 5)),  # what sliders reach
            rng.integers(-4, 3, (2000, 5)),  # equal totals, where most is bound
        ]
    )
    code = f"""
      const {{ bind }} = await import({json.dumps((SHARED / "binding.js").as_uri())});
      give(input.map((row) => bind(...row)));
    """
    found = pd.DataFrame(in_node(code, sample.tolist()))
    expected = sg.bind(*sample.T)
    names = {
        "ligand": "free_ligand",
        "lifr": "free_lifr",
        "gp130": "free_gp130",
        "binary": "binary",
        "ternary": "ternary",
    }
    assert list(found) == list(names)
    for page, python in names.items():
        assert found[page].to_numpy() == pytest.approx(getattr(expected, python), rel=1e-9, abs=0)


def test_the_page_copes_with_nothing():
    rows = [[0, 1, 1, 1, 1], [1, 0, 1, 1, 1], [1, 1, 0, 1, 1], [0, 0, 0, 1, 1]]
    code = f"""
      const {{ bind }} = await import({json.dumps((SHARED / "binding.js").as_uri())});
      give(input.map((row) => Object.values(bind(...row))));
    """
    expected = sg.bind(*np.array(rows).T)
    columns = (
        expected.free_ligand,
        expected.free_lifr,
        expected.free_gp130,
        expected.binary,
        expected.ternary,
    )
    assert np.array(in_node(code, rows)) == pytest.approx(np.column_stack(columns), rel=1e-12)
