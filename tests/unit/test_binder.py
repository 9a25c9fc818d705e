"""With Binder's base, the lean environment covers what lifbook and the chapters import, and asks for no more."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import binder_base
import lock
import nbformat
import pytest
import refresh

ROOT = Path(__file__).parents[2]
BINDER = ROOT / "binder"
BASE = set(binder_base.packages(binder_base.runtime()))
#: What installs lifbook, beside the imports of chapters and lifbook.
TOOLS = {"setuptools"}
plain = binder_base.plain


def names(path: Path) -> set[str]:
    """Packages that a requirements file names."""
    lines = (line.split("#")[0].strip() for line in path.read_text("utf-8").splitlines())
    return {plain(re.split(r"[\[=<>~! ;]", line)[0]) for line in lines if line}


def imported(code: str) -> Iterator[str]:
    """Top-level modules that Python code imports, wherever in it."""
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield node.module.split(".")[0]


def needed() -> dict[str, set[str]]:
    """Package -> files that import it."""
    sources = {path.name: [path.read_text("utf-8")] for path in (ROOT / "lifbook").rglob("*.py")}
    for path in refresh.chapters():
        cells = nbformat.read(path, as_version=4).cells
        sources[path.name] = [cell.source for cell in cells if cell.cell_type == "code"]
    packages = packages_distributions()
    found: dict[str, set[str]] = {}
    for name, codes in sources.items():
        for module in {module for code in codes for module in imported(code)}:
            if module == "lifbook" or module in sys.stdlib_module_names:
                continue
            for package in packages[module]:
                found.setdefault(plain(package), set()).add(name)
    return found


def test_every_import_is_asked_for() -> None:
    found = needed()
    assert {"biopython", "anywidget", "pandas", "ipython"} <= set(found)
    missing = {package: files for package, files in found.items()
               if package not in BASE | names(BINDER / "requirements.in")}
    assert not missing, f"add to binder/requirements.in and run `make lock`: {missing}"


def test_nothing_else_is_asked_for() -> None:
    asked = names(BINDER / "requirements.in")
    assert not asked & BASE, f"Binder's base has these: {asked & BASE}"
    superfluous = asked - set(needed()) - TOOLS
    assert not superfluous, f"take out of binder/requirements.in: {superfluous}"


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


def test_lock_pins_all_files_with_the_versions_of_base_and_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What lock.py asks uv for; a program in its place writes down how it was called, and what is known."""
    calls, known = tmp_path / "calls", tmp_path / "known"
    uv = tmp_path / "uv"
    uv.write_text(
        f'#!{sys.executable}\nimport sys\nout = sys.argv[sys.argv.index("--output-file") + 1]\n'
        f'open({str(calls)!r}, "a").write(" ".join(sys.argv[1:]) + "\\n")\n'
        f'open({str(known)!r}, "a").write(open(sys.argv[sys.argv.index("--constraint") + 1]).read() + "--\\n")\n'
        'open(out, "w").write("numpy==1.0\\ntraitlets==9.9\\n")\n', "utf-8")
    uv.chmod(0o755)
    for folder in ("binder", "tests/lab"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "pyproject.toml").write_text('[project]\ndependencies = ["numpy>=0.5"]\n', "utf-8")
    monkeypatch.setattr(lock, "ROOT", tmp_path)
    monkeypatch.setattr(lock, "base", lambda: {"traitlets": "5.0", "ipython": "9.0"})
    monkeypatch.setattr(lock.shutil, "which", lambda *_args, **_options: str(uv))
    assert lock.main(["--upgrade"]) == 0
    whole, lean, oldest = calls.read_text("utf-8").splitlines()
    for call in (whole, lean, oldest):
        assert call.startswith("pip compile ")
        for option in ("--universal", "--python-version 3.11", "--upgrade"):
            assert option in call
    assert whole.endswith(" requirements.in") and lean.endswith(" binder/requirements.in")
    assert "--no-emit-package=ipython --no-emit-package=traitlets" in lean
    assert oldest.endswith(" pyproject.toml tests/lab/oldest.in")
    assert "--upgrade-package=numpy --resolution lowest-direct" in oldest
    # nothing; the base's versions and else those of the whole; the whole's, but of what pyproject.toml asks for
    assert known.read_text("utf-8") == "--\ntraitlets==5.0\nipython==9.0\nnumpy==1.0\n--\ntraitlets==9.9\n--\n"
    for out, header in lock.HEADERS.items():
        assert (tmp_path / out).read_text("utf-8") == f"{header}\nnumpy==1.0\ntraitlets==9.9\n"
    assert lock.main(["--what"]) == 2


def test_lock_without_uv_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(lock.shutil, "which", lambda *_args, **_options: None)
    assert lock.main([]) == 1
    assert "python -m pip install uv" in capsys.readouterr().err
