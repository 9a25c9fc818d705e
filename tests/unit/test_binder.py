"""The lean environment covers what lifbook and the chapters import, and asks for no more."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import binder_base
import lock
import nbformat
import pytest
import refresh
from binder_base import plain
from support.imports import top_level

ROOT = Path(__file__).parents[2]
BINDER = ROOT / "binder"
#: Of the base, but asked for in another version; binder/requirements.in says why.
OTHERWISE = {"ipykernel"}


def names(path: Path) -> set[str]:
    """Packages that a requirements file names."""
    lines = (line.split("#")[0].strip() for line in path.read_text("utf-8").splitlines())
    return {lock.name(line) for line in lines if line}


def needed() -> dict[str, set[str]]:
    """Package -> files that import it."""
    sources = {path.name: [path.read_text("utf-8")] for path in (ROOT / "lifbook").rglob("*.py")}
    for path in refresh.chapters():
        cells = nbformat.read(path, as_version=4).cells
        sources[path.name] = [cell.source for cell in cells if cell.cell_type == "code"]
    packages = packages_distributions()
    found: dict[str, set[str]] = {}
    for name, codes in sources.items():
        for module in set().union(*map(top_level, codes)):
            if module == "lifbook" or module in sys.stdlib_module_names:
                continue
            for package in packages[module]:
                found.setdefault(plain(package), set()).add(name)
    return found


def test_every_import_is_in_the_base_or_asked_for() -> None:
    found, base = needed(), set(binder_base.packages(binder_base.runtime()))
    assert {"biopython", "anywidget", "pandas", "ipython"} <= set(found)
    assert {"ipython", "ipywidgets", "traitlets"} <= base, "Jupyter comes from Binder's base"
    missing = {
        package: files
        for package, files in found.items()
        if package not in names(BINDER / "requirements.in") | base
    }
    assert not missing, f"add to binder/requirements.in and run `make lock`: {missing}"


def test_nothing_else_is_asked_for_and_nothing_of_the_base_is_pinned() -> None:
    base = set(binder_base.packages(binder_base.runtime()))
    asked = names(BINDER / "requirements.in") - OTHERWISE
    superfluous = asked - set(needed()) | asked & base
    assert not superfluous, f"take out of binder/requirements.in: {superfluous}"
    assert names(BINDER / "requirements.txt") & base == OTHERWISE, "run `make lock`"


def test_no_other_python_of_binder_has_a_newer_base() -> None:
    own = binder_base.packages(binder_base.runtime())
    for python in binder_base.pythons()[-4:]:
        other = binder_base.packages(python)
        for package in ("jupyterlab", "notebook", "jupyter-server", "ipywidgets"):
            assert other[package] == own[package], f"the base of Python {python} is another one"
    bound = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"][
        "requires-python"
    ]
    oldest = bound.removeprefix(">=")
    offered = binder_base.pythons()
    assert offered.index(oldest) < offered.index(binder_base.runtime())


def test_everything_asked_for_is_pinned() -> None:
    for folder in (ROOT, BINDER):
        asked, pinned = names(folder / "requirements.in"), names(folder / "requirements.txt")
        assert asked <= pinned, f"run `make lock`: {asked - pinned}"
    heavy = {"sphinx", "jupyter-book", "myst-nb", "pytest", "nbval", "playwright", "frictionless"}
    assert not heavy & names(BINDER / "requirements.txt")


def test_pins_say_where_they_come_from() -> None:
    for out, header in lock.HEADERS.items():
        assert (ROOT / out).read_text("utf-8").splitlines()[0] == header


def test_binder_can_read_its_files() -> None:
    assert re.fullmatch(r"python-3\.\d+\n", (BINDER / "runtime.txt").read_text("utf-8"))
    script = BINDER / "postBuild"
    assert script.read_bytes().startswith(b"#!/bin/bash\n")
    if os.name == "posix":
        assert os.access(script, os.X_OK), "chmod +x binder/postBuild"
        assert subprocess.run(["bash", "-n", str(script)], check=False).returncode == 0


def test_lock_pins_all_files_with_the_versions_of_the_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What lock.py asks uv for; a program in its place writes down how it was called."""
    calls = tmp_path / "calls"
    uv = tmp_path / "uv"
    uv.write_text(
        f"#!{sys.executable}\n"
        "import json, pathlib, sys\n"
        "words = sys.argv[1:]\n"
        "known = pathlib.Path(words[words.index('--constraint') + 1]).read_text('utf-8').split()\n"
        f"with open({str(calls)!r}, 'a') as file:\n"
        "    print(json.dumps([words, known]), file=file)\n"
        "pathlib.Path(words[words.index('--output-file') + 1]).write_text('numpy==1.0\\nnbval==0.1\\n')\n",
        "utf-8",
    )
    uv.chmod(0o755)
    for path in (tmp_path / "binder", tmp_path / "tests" / "lab"):
        path.mkdir(parents=True)
    (tmp_path / "pyproject.toml").write_text('[project]\ndependencies = ["numpy>=1.0"]\n', "utf-8")
    monkeypatch.setattr(lock, "ROOT", tmp_path)
    (tmp_path / "binder" / "requirements.in").write_text("# Why.\nnbval<1\nnumpy\n", "utf-8")
    monkeypatch.setattr(lock, "base", lambda: {"ipython": "9.0", "nbval": "1.0"})
    monkeypatch.setattr(lock.shutil, "which", lambda *_args, **_options: str(uv))
    assert lock.main(["--upgrade"]) == 0
    whole, lean, oldest = map(json.loads, calls.read_text("utf-8").splitlines())
    for words, _known in (whole, lean, oldest):
        assert words[:2] == ["pip", "compile"]
        assert {"--universal", "--upgrade"} <= set(words)
        assert words[words.index("--python-version") + 1] == "3.11"
    assert whole[0][-1] == "requirements.in" and whole[1] == []
    assert lean[0][-1] == "binder/requirements.in"
    assert "--no-emit-package=ipython" in lean[0]
    assert "--no-emit-package=nbval" not in lean[0], "it is asked for in another version"
    assert lean[1] == ["ipython==9.0", "numpy==1.0"]
    assert oldest[0][-2:] != lean[0][-2:] and "lowest-direct" in oldest[0]
    assert oldest[1] == ["nbval==0.1"], "the bounds themselves are what is tried"
    for out, header in lock.HEADERS.items():
        assert (tmp_path / out).read_text("utf-8") == f"{header}\nnumpy==1.0\nnbval==0.1\n"
    assert lock.main(["--what"]) == 2


def test_lock_without_uv_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(lock.shutil, "which", lambda *_args, **_options: None)
    assert lock.main([]) == 1
    assert "python -m pip install uv" in capsys.readouterr().err
