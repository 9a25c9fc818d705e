"""The oldest packages that pyproject.toml allows, under the oldest Python, are enough."""

from __future__ import annotations

import json
import re
import sys
import tomllib
from pathlib import Path

import lab_tools
import pytest
import refresh
from binder_base import plain
from lab_tools import ROOT
from pythons import Environment, tail
from support.imports import top_level

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
#: Package -> the oldest version allowed.
BOUNDS = {
    plain(match[1]): match[2]
    for text in PROJECT["dependencies"]
    if (match := re.fullmatch(r"([\w.-]+)>=([\d.]+)", text))
}
#: Modules that the environment has: lifbook, what it needs, and what runs the tests.
MODULES = {
    "Bio",
    "IPython",
    "hypothesis",
    "lifbook",
    "pytest",
    *sys.stdlib_module_names,
    *(text.split(">")[0] for text in PROJECT["dependencies"]),
}


def of_lifbook_alone() -> list[Path]:
    """The unit tests that need lifbook and what it needs, and nothing else."""
    tests = ROOT / "tests"
    # What tests share may be imported too, if it needs nothing else itself.
    known = MODULES | {
        path.stem
        for path in (tests / "support").glob("*.py")
        if top_level(path.read_text("utf-8")) <= MODULES
    }
    return [
        path
        for path in sorted((tests / "unit").glob("test_*.py"))
        if top_level(path.read_text("utf-8")) <= known
    ]


def test_it_holds_exactly_the_bounds(oldest: Environment) -> None:
    assert len(BOUNDS) == len(PROJECT["dependencies"]), (
        "each dependency needs a bound: name>=version"
    )
    assert PROJECT["requires-python"] == f">={oldest.python.minor}"
    listed = oldest.run(
        oldest.program("python"),
        "-c",
        (
            "import importlib.metadata as m, json; "
            "print(json.dumps([(d.name, d.version) for d in m.distributions()]))"
        ),
    )
    versions = {plain(name): version for name, version in json.loads(listed.stdout)}
    wrong = {
        name: (bound, versions.get(name))
        for name, bound in BOUNDS.items()
        if versions.get(name) != bound
    }
    assert not wrong, f"run `make lock`, or raise the bound to what the others need: {wrong}"


@pytest.mark.parametrize("chapter", refresh.chapters(), ids=lambda path: path.stem)
def test_a_chapter_has_the_stored_outcome(
    oldest: Environment, chapter: Path, tmp_path: Path
) -> None:
    different = lab_tools.run_chapter(oldest, chapter, tmp_path)
    assert not different, f"{chapter.name} with the oldest packages:\n{different}"


def test_the_unit_tests_of_lifbook_pass(oldest: Environment) -> None:
    files = of_lifbook_alone()
    names = {path.stem.removeprefix("test_") for path in files}
    assert {
        "evidence",
        "family",
        "numpy_values",
        "structure_interface",
        "tables",
        "widgets",
    } <= names
    done = oldest.run(
        oldest.program("python"),
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        *(str(path.relative_to(ROOT)) for path in files),
    )
    assert done.returncode == 0, tail(done, 40)
