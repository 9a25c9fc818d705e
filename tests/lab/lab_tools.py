"""The environment of binder/ alone, as the tests of this folder use it."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PINS = ROOT / "binder" / "requirements.txt"


@dataclass(frozen=True)
class Lean:
    """The lean environment.

    Attributes
    ----------
    folder
        Where it is.
    repository
        Scratch copy of the repository, whose lifbook is the one installed in it.
    settings
        Folder for what Jupyter keeps of its user, so that it reads nothing of this one's.
    """

    folder: Path
    repository: Path
    settings: Path

    @property
    def python(self) -> str:
        """Path of its Python."""
        return str(program(self.folder, "python"))

    def environment(self) -> dict[str, str]:
        """Variables for a process in it: nothing of the environment that runs the tests."""
        clean = {
            name: value for name, value in os.environ.items()
            if not name.startswith(("JUPYTER", "PYTHON", "IPYTHON", "LIF"))
            and name not in {"VIRTUAL_ENV", "MPLBACKEND"}
        }
        own = {
            name: str(self.settings / name.lower())
            for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR",
                         "JUPYTERLAB_SETTINGS_DIR", "JUPYTERLAB_WORKSPACES_DIR", "IPYTHONDIR")
        }
        path = os.pathsep.join([str(Path(self.python).parent), clean.get("PATH", "")])
        return clean | own | {
            "PATH": path, "PYTHONNOUSERSITE": "1", "VIRTUAL_ENV": str(self.folder)}

    def run(self, *command: str, timeout: float = 300) -> subprocess.CompletedProcess[str]:
        """Run a command in the copy of the repository, with this environment alone."""
        return subprocess.run(
            command, cwd=self.repository, env=self.environment(), timeout=timeout,
            capture_output=True, text=True, check=False,
        )


def program(folder: Path, name: str) -> Path:
    """Path of a program of a virtual environment."""
    return folder / ("Scripts" if os.name == "nt" else "bin") / name


def tail(done: subprocess.CompletedProcess[str], lines: int = 12) -> str:
    """The last lines that a command wrote."""
    return "\n".join((done.stdout + done.stderr).strip().splitlines()[-lines:])


def made(say: Callable[[str], None]) -> Path:
    """Folder of the environment, made if it is not there or the pins have changed."""
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    pins = [line for line in PINS.read_text("utf-8").splitlines() if not line.startswith("#")]
    digest = hashlib.sha256("\n".join([sys.version, *pins]).encode()).hexdigest()[:12]
    folder = ROOT / "build" / f"lab-{version}-{digest}"
    ready = folder / ".ready"
    if ready.exists():
        return folder
    for old in folder.parent.glob(f"lab-{version}-*"):
        shutil.rmtree(old)  # of other pins, or not finished
    say(f"== The environment of binder/, into {folder.relative_to(ROOT)} (about a minute)")
    begin = time.perf_counter()
    commands = (
        [sys.executable, "-m", "venv", str(folder)],
        [str(program(folder, "python")), "-m", "pip", "install", "--quiet",
         "--disable-pip-version-check", "--requirement", str(PINS)],
    )
    for command in commands:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            pytest.fail(
                "the environment of binder/ could not be made. Is the package registry reachable?\n"
                f"{' '.join(command)}\n{tail(done)}", pytrace=False,
            )
    ready.touch()
    say(f"   {time.perf_counter() - begin:.0f} s")
    return folder
