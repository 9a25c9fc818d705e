"""What Binder makes of binder/: repo2docker takes it, and every chapter gives what is stored.

The environment is Binder's base image, as far as pip has it (conda's Python, Node and libraries in C
are left out), at the versions that the installed repo2docker locks, and binder/requirements.txt
over it, installed by pip as Binder does.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import binder_base
import lab_tools
import lock
import pytest
import refresh
from binder_base import plain
from lab_tools import PINS, Lean
from pythons import tail

#: What the list may add to the base image, on disk and with bytecode, in MB.
MOST = 450


def pinned() -> dict[str, set[str]]:
    """Package -> versions that binder/requirements.txt pins, for one Python or another."""
    found: dict[str, set[str]] = {}
    for line in lock.pins(PINS.read_text("utf-8")):
        found.setdefault(lock.name(line), set()).add(re.split("==| ;", line)[1].strip())
    return found


@pytest.fixture(scope="module")
def installed(lean: Lean) -> dict[str, tuple[str, int]]:
    """Package -> its version and how many bytes it takes on disk."""
    done = lean.run(
        lean.python,
        "-c",
        (
            "import importlib.metadata as m, json, pathlib\n"
            "def size(d):\n"
            "    paths = {pathlib.Path(d.locate_file(f)) for f in d.files or ()}\n"
            "    return sum(p.stat().st_size for p in paths if p.is_file())\n"
            "print(json.dumps([(d.name, d.version, size(d)) for d in m.distributions()]))"
        ),
    )
    assert done.returncode == 0, tail(done)
    return {plain(name): (version, size) for name, version, size in json.loads(done.stdout)}


def test_repo2docker_accepts_the_folder(lean: Lean) -> None:
    # What it would build: the Python of runtime.txt, our list by pip, postBuild. Needs no Docker.
    done = subprocess.run(
        [sys.executable, "-m", "repo2docker", "--no-build", "--debug", str(lean.repository)],
        cwd=lean.settings.parent,
        capture_output=True,
        text=True,
        check=False,
    )
    said = done.stdout + done.stderr
    assert done.returncode == 0, tail(done)
    assert f"python={binder_base.runtime()}" in said
    assert re.search(r"pip install \S+ -r \"binder/requirements.txt\"", said)
    assert "RUN ./binder/postBuild" in said


def test_the_list_leaves_the_base_as_it_is(installed: dict[str, tuple[str, int]]) -> None:
    minor = lab_tools.base_minor()
    base = binder_base.packages(minor)
    wrong = {
        name: version
        for name, (version, _size) in installed.items()
        if name != "lifbook"
        and version not in pinned().get(name, set())
        and version != base.get(name)
    }
    assert not wrong, f"neither of the base nor in binder/requirements.txt: {wrong}"
    assert {"lifbook", "jupyterlab", "notebook", "jupyterhub", "anywidget"} <= set(installed)
    assert not {"sphinx", "jupyter-book", "pytest", "nbval", "playwright"} & set(installed)
    missing = {name for name in binder_base.asked(minor) if name not in installed}
    assert not missing, "the base asks for more than was installed"


def test_no_package_is_in_anothers_way(lean: Lean) -> None:
    checked = lean.run(lean.python, "-m", "pip", "check")
    assert checked.returncode == 0, checked.stdout
    for kind in ("labextension", "server extension"):
        listed = lean.run(lean.python, "-m", "jupyter", *kind.split(), "list")
        said = listed.stdout + listed.stderr
        assert listed.returncode == 0 and "OK" in said, said
        # Marks stand at the ends of lines; paths, which may hold any word, do not.
        assert not re.search(r"(?:\bX|incompatible\S*|error\S*)\s*$", said, re.MULTILINE), said


def test_it_installs_no_more_than_it_must(installed: dict[str, tuple[str, int]]) -> None:
    sizes = {name: installed[name][1] / 1e6 for name in pinned() if name in installed}
    total = sum(sizes.values())
    assert {"numpy", "scipy", "pandas", "matplotlib"} <= set(sizes)
    assert 100 < total < MOST, f"{total:.0f} MB: {sizes}"


def test_lifbook_comes_from_the_folder_of_the_repository(lean: Lean) -> None:
    # From elsewhere than the repository, so that it is the installation that is found.
    found = lean.run(
        lean.python,
        "-I",
        "-c",
        "import os; os.chdir('/'); import lifbook.data as d; print(d.__file__); print(d.DATA)",
    )
    assert found.returncode == 0, found.stderr
    module, data = found.stdout.split()
    assert Path(module) == lean.repository / "lifbook" / "data" / "__init__.py"
    assert Path(data) == lean.repository / "data"


@pytest.mark.parametrize("chapter", refresh.chapters(), ids=lambda path: path.stem)
def test_a_chapter_runs_from_top_to_bottom_with_the_stored_outcome(
    lean: Lean, chapter: Path
) -> None:
    again = lab_tools.bare(chapter, lean.repository / "chapters" / f"{chapter.stem}-again.ipynb")
    # refresh.py needs nbclient and PyYAML only, which the base brings along.
    done = lean.run(lean.python, "tools/refresh.py", str(again))
    assert done.returncode == 0, lab_tools.error_of(done)
    different = lab_tools.differences(chapter, again)
    assert not different, f"{chapter.name} has another outcome here:\n{different}"
