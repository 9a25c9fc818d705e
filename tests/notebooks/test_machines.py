"""The same outcome on other machines: chapters and solutions under other numerical environments.

Each chapter is executed anew in each environment of `machines`; outputs and widget states must
be those that are stored, digit by digit. What this machine cannot imitate is skipped, with the reason.
Then noise is put into the model: as much as no processor makes changes nothing, a thousandth
does, or these tests would pass on anything.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import checks
import pytest
import refresh
from machines import Machine, machines, other_kernels

MACHINES = machines()
CHAPTERS = refresh.chapters()
SETS = sorted((refresh.ROOT / "assignments" / "source").glob("*/*.ipynb"))
#: Chapters whose numbers come from the model.
MODELLED = [
    path
    for path in CHAPTERS
    if re.search(
        r"signalling\.(simulate|time_courses|response_table)",
        "\n".join(cell.source for cell in checks.code_cells(checks.read(path))),
    )
]


def each(machine: Machine, path: Path, kind: str) -> pytest.param:
    """One notebook in one environment; all of them can run beside each other."""
    name = f"{kind}, {machine.name}, {path.stem}"
    marks = [pytest.mark.xdist_group(name)]
    if machine.missing:
        marks.append(pytest.mark.skip(reason=machine.missing))
    return pytest.param(machine, path, id=name, marks=marks)


def test_three_environments_differ_from_this_one_and_from_each_other():
    chosen = [machine for machine in MACHINES if not machine.missing]
    variables = [tuple(sorted(machine.variables.items())) for machine in chosen]
    assert len(set(variables)) == len(variables) and () not in variables
    assert len(MACHINES) == 3
    missing = [machine.missing for machine in MACHINES if machine.missing]
    assert all("not covered" in reason for reason in missing)
    if missing:
        pytest.skip("; ".join(dict.fromkeys(missing)))
    assert len(other_kernels()) >= 1


@pytest.mark.parametrize(
    ("machine", "path"), [each(m, path, "chapter") for m in MACHINES for path in CHAPTERS]
)
def test_a_chapter_has_the_stored_outcome(machine: Machine, path: Path):
    found = checks.differences(checks.read(path), refresh.executed(path, machine.variables))
    shown = "\n".join(found[:20])
    assert not found, f"{path.stem} with {machine.variables}: {len(found)} differences\n{shown}"


@pytest.mark.parametrize(
    "machine",
    [
        pytest.param(
            machine,
            id=machine.name,
            marks=[
                pytest.mark.xdist_group(f"sets, {machine.name}"),
                *([pytest.mark.skip(reason=machine.missing)] if machine.missing else []),
            ],
        )
        for machine in MACHINES
    ],
)
def test_solutions_pass_visible_and_hidden_tests(machine: Machine):
    """All problem sets, each with the lowest and the highest values of its parameters."""
    tests = "tests/unit/test_problem_sets.py"
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-p",
            "no:cacheprovider",
            "-p",
            "no:xdist",
            tests,
            "-k",
            "solutions_hold",
        ],
        cwd=refresh.ROOT,
        env=os.environ | machine.variables,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3000:]
    assert re.search(rf"^{2 * len(SETS)} passed, \d+ deselected in", done.stdout, re.MULTILINE), (
        done.stdout[-300:]
    )


# --- Noise -------------------------------------------------------------------------------

#: Put into the kernel before the chapter begins: what the models compute, each number off by a
#: chance share of a billionth.
NOISE = """
import numpy as np
from lifbook.signalling import binding, network
_rng, _run, _balance = np.random.default_rng(20261126), network.Model.run, binding._balance
def _off(values):
    return values * (1 + 1e-9 * _rng.uniform(-1, 1, values.shape))
def _noisy_run(self, *arguments):
    return _off(_run(self, *arguments))
def _noisy_balance(*arguments):
    return tuple(_off(part) for part in _balance(*arguments))
network.Model.run, binding._balance = _noisy_run, _noisy_balance
"""
#: A parameter 5 % larger: some printed digits change.
CHANGE = """
from lifbook.signalling import network
_changed = network.Model.changed
def _more(self, changes):
    values = _changed(self, changes)
    return values | {"socs3_pro": 1.05 * values["socs3_pro"]}
network.Model.changed = _more
"""


#: What the chapters call, with numbers: two solutions of binding, and a run of the model.
CALLED = """
from lifbook import signalling
def called():
    bound = signalling.bind(0.1, 0.01, 1.0, 1.0, 0.05).ternary
    pair = signalling.equilibrium({"t": 1.0}, [("t", "t", 0.5)])["t:t_nM"].iloc[0]
    run = signalling.simulate(40.0, [0, 15])["pSTAT3_nM"].iloc[-1]
    return [float(bound), float(pair), float(run)]
"""


@pytest.mark.parametrize(
    ("code", "least", "most", "changed"),
    [
        pytest.param(NOISE, 1e-13, 1e-8, [True, True, True], id="noise"),
        pytest.param(CHANGE, 1e-4, 1e-1, [False, False, True], id="change"),
    ],
)
def test_what_is_put_in_reaches_what_the_chapters_call(code, least, most, changed):
    """A noise that misses the functions would change nothing, and prove nothing."""
    script = (
        f"{CALLED}\nbefore = called()\n{code}\nimport json\nprint(json.dumps([before, called()]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=refresh.ROOT, capture_output=True, text=True, check=True
    )
    for before, after, wanted in zip(*json.loads(done.stdout), changed, strict=True):
        off = abs(after / before - 1)
        assert (least < off < most) if wanted else off == 0, (before, after)


def altered(path: Path, folder: Path, code: str) -> list[str]:
    """What differs from the stored outcome when code ran in the kernel before the chapter."""
    startup = folder / "profile_default" / "startup"
    startup.mkdir(parents=True)
    (startup / "altered.py").write_text(code, "utf-8")
    return checks.differences(
        checks.read(path), refresh.executed(path, {"IPYTHONDIR": str(folder)})
    )


@pytest.mark.parametrize(
    "path",
    [
        pytest.param(path, id=path.stem, marks=pytest.mark.xdist_group(f"noise, {path.stem}"))
        for path in MODELLED
    ],
)
def test_noise_of_a_billionth_changes_nothing(path: Path, tmp_path: Path):
    found = altered(path, tmp_path, NOISE)
    assert not found, "\n".join(found[:20])


@pytest.mark.parametrize(
    "path",
    [
        pytest.param(path, id=path.stem, marks=pytest.mark.xdist_group(f"change, {path.stem}"))
        for path in MODELLED
    ],
)
def test_a_printed_digit_that_changes_is_noticed(path: Path, tmp_path: Path):
    found = altered(path, tmp_path, CHANGE)
    assert any(re.search(r"^cell .*text/plain", one) for one in found), found
    assert any(
        re.search(r"^widget .*\.(curves|peaks|measures|state|buffers)", one) for one in found
    ), found


def test_the_chapters_with_a_model_are_found():
    assert {path.stem for path in MODELLED} == {"function", "interactions"}
