"""The environments in which the chapters are tried, as the tests of this folder use them."""

from __future__ import annotations

import functools
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import binder_base
import checks
import lock
import nbformat
import pytest
import pythons
from pythons import Environment, Python

ROOT = Path(__file__).resolve().parents[2]
PINS = ROOT / "binder" / "requirements.txt"
OLDEST = ROOT / "tests" / "lab" / "oldest.txt"
#: What runs a chapter beside the packages of binder/requirements.txt, where no base brings it.
RUNNER = ("ipython", "ipywidgets", "nbclient", "pyyaml", "traitlets")


@functools.cache
def found() -> tuple[Python, ...]:
    """The Pythons of this machine, one for each minor version."""
    return tuple(pythons.found())


@functools.cache
def binders() -> Python:
    """The Python for Binder's environment: that of binder/runtime.txt, or this one where that is missing."""
    own = Python(sys.version_info[:3], Path(sys.executable))
    return next((python for python in found() if python.minor == binder_base.runtime()), own)


def base_minor() -> str:
    """The Python whose base image is taken: that of the environment, where Binder offers it."""
    minor = binders().minor
    return minor if minor in binder_base.pythons() else binder_base.runtime()


@functools.cache
def others() -> tuple[Python, ...]:
    """The Pythons that neither run the tests nor are Binder's: nothing else tries the chapters there."""
    own = f"{sys.version_info.major}.{sys.version_info.minor}"
    return tuple(python for python in found() if python.minor not in {own, binders().minor})


@dataclass(frozen=True)
class Lean:
    """The environment that Binder makes of this repository.

    Attributes
    ----------
    environment
        What its base image has of Jupyter, and binder/requirements.txt over it.
    repository
        Scratch copy of the repository, whose lifbook is the one installed in it.
    settings
        Folder for what Jupyter keeps of its user, so that it reads nothing of this one's.
    """

    environment: Environment
    repository: Path
    settings: Path

    @property
    def python(self) -> str:
        """Path of its Python."""
        return self.environment.program("python")

    def variables(self) -> dict[str, str]:
        """Variables for a process in it: nothing of the environment that runs the tests."""
        names = (
            "JUPYTER_CONFIG_DIR",
            "JUPYTER_DATA_DIR",
            "JUPYTER_RUNTIME_DIR",
            "JUPYTERLAB_SETTINGS_DIR",
            "JUPYTERLAB_WORKSPACES_DIR",
            "IPYTHONDIR",
        )
        return {name: str(self.settings / name.lower()) for name in names}

    def run(self, *command: str, timeout: float = 300) -> subprocess.CompletedProcess[str]:
        """Run a command in the copy of the repository, with this environment alone."""
        return self.environment.run(
            *command, cwd=self.repository, timeout=timeout, **self.variables()
        )


def made(
    name: str, python: Python, *installs: list[str], say: Callable[[str], None], **options: object
) -> Environment:
    """An environment, or a failed test that says why there is none."""
    try:
        return pythons.made(name, python, installs, say=say, **options)
    except pythons.NotMade as error:
        pytest.fail(str(error), pytrace=False)


def constraints(name: str, lines: Iterable[str]) -> Path:
    """A file of pins that hold wherever a package is needed."""
    path, text = pythons.KEPT / f"{name}.txt", "".join(f"{line}\n" for line in lines)
    if not path.exists() or path.read_text("utf-8") != text:
        path.parent.mkdir(parents=True, exist_ok=True)
        # All at once: another process of the tests may be reading it.
        draft = path.with_suffix(f".{os.getpid()}")
        draft.write_text(text, "utf-8")
        draft.replace(path)
    return path


def binder(say: Callable[[str], None]) -> Environment:
    """Binder's environment: the base's packages at its versions, then our list by pip, as there."""
    python, minor = binders(), base_minor()
    base = binder_base.packages(minor)
    versions = constraints(
        f"binder-base-{minor}", (f"{name}=={version}" for name, version in base.items())
    )
    return made(
        "binder",
        python,
        [*binder_base.asked(minor), "--constraint", str(versions)],
        also=[
            [
                "-m",
                "pip",
                "install",
                "--quiet",
                "--disable-pip-version-check",
                "--requirement",
                str(PINS.relative_to(ROOT)),
            ]
        ],
        book=False,
        say=say,
    )


def other(python: Python, say: Callable[[str], None]) -> Environment:
    """binder/requirements.txt under another Python, with what runs a chapter at the pins of the whole."""
    lean = {lock.name(line) for line in lock.pins(PINS.read_text("utf-8"))}
    whole = lock.pins((ROOT / lock.WHOLE).read_text("utf-8"))
    rest = constraints(
        "whole-without-lean", (line for line in whole if lock.name(line) not in lean)
    )
    return made(
        "lean",
        python,
        ["--requirement", str(PINS.relative_to(ROOT)), *RUNNER, "--constraint", str(rest)],
        say=say,
    )


def oldest(say: Callable[[str], None]) -> Environment:
    """The oldest versions that pyproject.toml allows, under the oldest Python."""
    wanted = ".".join(map(str, pythons.OLDEST))
    python = next((python for python in found() if python.minor == wanted), None)
    if python is None:
        pytest.skip(f"this machine has no Python {wanted}, the oldest that pyproject.toml allows")
    return made("oldest", python, ["--requirement", str(OLDEST.relative_to(ROOT))], say=say)


def bare(chapter: Path, path: Path) -> Path:
    """Write a chapter without outputs, numbers and widget state; returns where."""
    notebook = nbformat.read(chapter, as_version=4)
    notebook.metadata.pop("widgets")
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    nbformat.write(notebook, path)
    return path


def differences(chapter: Path, again: Path) -> str:
    """Where a chapter that was run elsewhere is not the stored one; empty if nowhere."""
    stored = nbformat.read(chapter, as_version=4)
    assert checks.state_of(stored), "no widget state is stored"
    return "\n".join(checks.differences(stored, nbformat.read(again, as_version=4))[:30])


def run_chapter(environment: Environment, chapter: Path, folder: Path) -> str:
    """Run a chapter from top to bottom; how it differs from the stored one, in words."""
    again = bare(chapter, folder / chapter.name)
    done = environment.run(
        environment.program("python"),
        "tools/refresh.py",
        str(again),
        IPYTHONDIR=str(folder / "ipython"),
        JUPYTER_DATA_DIR=str(folder / "jupyter"),
    )
    return differences(chapter, again) if done.returncode == 0 else error_of(done)


def error_of(done: subprocess.CompletedProcess[str]) -> str:
    """The end of what a run that failed wrote, without the colours of tracebacks."""
    return re.sub(r"\x1b\[[0-9;]*m", "", done.stderr).strip()[-2000:]
