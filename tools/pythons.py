"""Find the Pythons of this machine, make environments for them, and try the book under each.

Usage: python tools/pythons.py     all of `make test` that depends on Python, under each of them
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
#: Environments that are kept from run to run, and what `make pythons` writes.
KEPT = ROOT / "build" / "environments"
LOGS = ROOT / "build" / "pythons"
OLDEST = (3, 11)
#: What a Python says of itself. One that is not CPython, or cannot make a venv, does not count; nor does
#: a build without the lock or with checks, for which few packages have wheels.
ASK = (
    "import sys, sysconfig, venv; assert sys.implementation.name == 'cpython'; "
    "assert not any(map(sysconfig.get_config_var, ('Py_GIL_DISABLED', 'Py_DEBUG'))); "
    "print(*sys.version_info[:3], sys.version_info.releaselevel)"
)


@dataclass(frozen=True, order=True)
class Python:
    """A Python of this machine: its version, and the path of its program."""

    version: tuple[int, int, int]
    path: Path

    @property
    def minor(self) -> str:
        """Such as ``"3.12"``."""
        return ".".join(map(str, self.version[:2]))

    def __str__(self) -> str:
        return ".".join(map(str, self.version))


class NotMade(Exception):
    """An environment could not be made; the text says why, and what to do."""


# --- Which Pythons there are -------------------------------------------------------------


def candidates(environment: Mapping[str, str]) -> Iterator[Path]:
    """Programs that may be a Python: this one's own, on PATH, and in pyenv's and uv's folders."""
    yield Path(getattr(sys, "_base_executable", None) or sys.executable)
    folders = [Path(part) for part in environment.get("PATH", "").split(os.pathsep) if part]
    home = Path(environment.get("HOME", "/"))
    data = Path(environment.get("XDG_DATA_HOME") or home / ".local" / "share")
    pyenv = Path(environment.get("PYENV_ROOT") or home / ".pyenv") / "versions"
    uv = Path(environment.get("UV_PYTHON_INSTALL_DIR") or data / "uv" / "python")
    for place in (pyenv, uv):
        folders += sorted(place.glob("*/bin"))
    for folder in folders:
        for path in sorted(folder.glob("python3*")):
            if re.fullmatch(r"python3(\.\d+)?", path.name) and os.access(path, os.X_OK):
                yield path


def asked(path: Path) -> Python | None:
    """What a program says it is; None for one that fails, as pyenv's shims may, or is too old."""
    try:
        done = subprocess.run(
            [path, "-I", "-c", ASK], capture_output=True, text=True, timeout=30, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    match = re.fullmatch(r"(\d+) (\d+) (\d+) final\s*", done.stdout)
    if done.returncode or match is None:
        return None
    version = tuple(map(int, match.groups()))
    return Python(version, path) if version[:2] >= OLDEST else None


def _too_old(name: str) -> bool:
    """Whether a program's name says that it is of no use."""
    match = re.fullmatch(r"python(\d+)\.(\d+)", name)
    return bool(match) and tuple(map(int, match.groups())) < OLDEST


def found(environment: Mapping[str, str] = os.environ) -> list[Python]:
    """One Python for each minor version that this machine has, its newest; 3.11 and newer."""
    best: dict[str, Python] = {}
    seen = set()
    for path in candidates(environment):
        real = path.resolve()
        if any(_too_old(name) for name in (path.name, real.name)):
            continue
        # Many names lead to one program; a manager's program is another Python under each.
        key = (real, "" if real.name.startswith("python") else path.name)
        if key in seen:
            continue
        seen.add(key)
        python = asked(path)
        if python and (python.minor not in best or python.version > best[python.minor].version):
            best[python.minor] = python
    return sorted(best.values())


# --- Environments ------------------------------------------------------------------------


@dataclass(frozen=True)
class Environment:
    """A virtual environment.

    Attributes
    ----------
    folder
        Where it is.
    python
        The Python that it was made with.
    how
        ``"uv"`` or ``"pip"``, whichever made it; ``"kept"`` if it was there already.
    seconds
        How long that took.
    """

    folder: Path
    python: Python
    how: str = "kept"
    seconds: float = 0.0

    def program(self, name: str) -> str:
        """Path of a program in it."""
        return str(self.folder / ("Scripts" if os.name == "nt" else "bin") / name)

    def clean(self, **more: str) -> dict[str, str]:
        """Variables for a process in it: nothing of the environment that runs this."""
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("JUPYTER", "PYTHON", "IPYTHON", "LIF", "PYTEST"))
            and name not in {"VIRTUAL_ENV", "MPLBACKEND"}
        }
        path = os.pathsep.join([str(Path(self.program("python")).parent), kept.get("PATH", "")])
        own = {"PATH": path, "PYTHONNOUSERSITE": "1", "VIRTUAL_ENV": str(self.folder)}
        return kept | own | more

    def run(
        self, *command: str, cwd: Path = ROOT, timeout: float | None = None, **more: str
    ) -> subprocess.CompletedProcess[str]:
        """Run a command with this environment alone; `more` are further variables."""
        return subprocess.run(
            command,
            cwd=cwd,
            env=self.clean(**more),
            timeout=timeout,
            capture_output=True,
            text=True,
            check=False,
        )


def tail(done: subprocess.CompletedProcess[str], lines: int = 12) -> str:
    """The last lines that a command wrote."""
    return "\n".join((done.stdout + done.stderr).strip().splitlines()[-lines:])


def uv() -> str | None:
    """Path of uv, which makes an environment several times as fast as pip; None without it."""
    return shutil.which("uv", path=str(Path(sys.executable).parent)) or shutil.which("uv")


def _commands(
    how: str, python: Python, folder: Path, installs: Iterable[Sequence[str]]
) -> Iterator[list[str]]:
    """What makes an environment with uv or with pip alone."""
    own = Environment(folder, python).program("python")
    if how == "uv":
        program = uv()
        yield [
            program,
            "venv",
            "--quiet",
            "--no-project",
            "--python",
            str(python.path),
            str(folder),
        ]
        install = [program, "pip", "install", "--quiet", "--python", own]
    else:
        yield [str(python.path), "-m", "venv", str(folder)]
        install = [own, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    for arguments in installs:
        yield [*install, *arguments]


def made(
    name: str,
    python: Python,
    installs: Sequence[Sequence[str]],
    *,
    also: Sequence[Sequence[str]] = (),
    book: bool = True,
    say: Callable[[str], None] = print,
) -> Environment:
    """An environment, made if it is not there or what it holds has changed.

    uv makes it where it can; where there is none, or it cannot install, pip does.

    Parameters
    ----------
    name
        What it is for; part of its folder's name in build/environments.
    python
        The Python to make it with.
    installs
        Arguments for `pip install`, one call after another. Files that they name are read, so
        that other pins make another environment.
    also
        Arguments for its Python, run after that.
    book
        Whether lifbook is found in it, from this folder.
    say
        Where to say what is done.

    Raises
    ------
    NotMade
        Neither uv nor pip could install it.
    """
    digest = hashlib.sha256(f"{python}{book}".encode())
    for argument in (part for arguments in (*installs, *also) for part in arguments):
        path = ROOT / argument
        digest.update(path.read_bytes() if path.is_file() else argument.encode())
    folder = KEPT / f"{name}-{python.minor}-{digest.hexdigest()[:12]}"
    ready = folder / ".ready"
    if ready.exists():
        return Environment(folder, python)
    for old in KEPT.glob(f"{name}-{python.minor}-*"):
        shutil.rmtree(old, ignore_errors=True)  # of other pins, or not finished
    begin = time.perf_counter()
    failed = ""
    for how in ("uv", "pip") if uv() else ("pip",):
        shutil.rmtree(folder, ignore_errors=True)
        environment = Environment(folder, python)
        after = ([environment.program("python"), *arguments] for arguments in also)
        for command in (*_commands(how, python, folder, installs), *after):
            done = environment.run(*command, UV_PYTHON_DOWNLOADS="never")
            if done.returncode:
                failed = f"{' '.join(command)}\n{tail(done)}"
                break
        else:
            if book:
                _find_book(environment)
            ready.touch()
            seconds = time.perf_counter() - begin
            say(f"   environment {name}, Python {python}: {seconds:.0f} s with {how}")
            return Environment(folder, python, how, seconds)
    raise NotMade(
        f"the environment '{name}' for Python {python} could not be made. Is the package registry "
        f"reachable?\n{failed}"
    )


def _find_book(environment: Environment) -> None:
    """Make lifbook importable from this folder, as an editable installation does."""
    done = environment.run(
        environment.program("python"),
        "-c",
        "import sysconfig; print(sysconfig.get_path('purelib'))",
    )
    Path(done.stdout.strip(), "lifbook.pth").write_text(f"{ROOT}\n", "utf-8")


# --- make pythons ------------------------------------------------------------------------


def checks(python: str, jobs: str, output: Path) -> dict[str, list[list[str]]]:
    """What is run under each Python: name -> commands."""
    pytest = [python, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--numprocesses", jobs]
    nbval = ["--nbval", "--nbval-sanitize-with", "tests/notebooks/sanitize.cfg", "chapters"]
    return {
        "book": [[python, "tools/build.py", str(output)]],
        "notebooks": [
            [*pytest, "--dist", "loadfile", *nbval],
            # Other processors are imitated by `make test`, once for all Pythons.
            [
                *pytest,
                "--dist",
                "loadgroup",
                "tests/notebooks",
                "--ignore",
                "tests/notebooks/test_machines.py",
            ],
        ],
        "unit tests": [[*pytest, "--dist", "worksteal", "tests/unit"]],
    }


def outcome(name: str, environment: Environment, commands: Iterable[list[str]]) -> tuple[bool, str]:
    """Run one check; whether it passed, and what it said, in a few words."""
    log = LOGS / f"{environment.python.minor}-{name.replace(' ', '-')}.log"
    begin = time.perf_counter()
    said, passed = "", True
    for command in commands:
        done = environment.run(*command)
        said += done.stdout + done.stderr
        passed &= done.returncode == 0
    log.write_text(said, "utf-8")
    seconds = time.perf_counter() - begin
    counts = {
        word: sum(
            map(
                int,
                re.findall(
                    rf"(\d+) {word}",
                    "\n".join(
                        line for line in said.splitlines() if re.search(r" in \d+\.\d+s", line)
                    ),
                ),
            )
        )
        for word in ("passed", "failed", "skipped", "error")
    }
    words = ", ".join(f"{count:,} {word}" for word, count in counts.items() if count)
    if not passed:
        words = f"FAILED ({words or 'see the log'})"
        print(
            f"\n{name} under Python {environment.python}, the end of {log.relative_to(ROOT)}:\n"
            + "\n".join(said.strip().splitlines()[-25:])
            + "\n",
            flush=True,
        )
    return passed, f"{words or 'done'}, {seconds:.0f} s"


def main() -> int:
    """Try the book under each Python; the exit code says whether all went well."""
    if len(sys.argv) > 1:
        print(__doc__.strip().splitlines()[-1], file=sys.stderr)
        return 2
    jobs = os.environ.get("JOBS", "2")
    LOGS.mkdir(parents=True, exist_ok=True)
    table: list[tuple[str, str, str]] = []
    good = True
    for python in found():
        print(f"== Python {python}, {python.path}", flush=True)
        try:
            environment = made("whole", python, [["--requirement", "requirements.txt"]])
        except NotMade as error:
            print(error, flush=True)
            table.append((str(python), "environment", "FAILED"))
            good = False
            continue
        table.append(
            (str(python), "environment", f"{environment.how}, {environment.seconds:.0f} s")
        )
        run = checks(environment.program("python"), jobs, LOGS / python.minor)
        for name, commands in run.items():
            passed, words = outcome(name, environment, commands)
            print(f"   {name}: {words}", flush=True)
            table.append((str(python), name, words))
            good &= passed
    print("\nPython    What          Outcome")
    for row in table:
        print(f"{row[0]:<9} {row[1]:<13} {row[2]}")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
