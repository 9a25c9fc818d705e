"""Where a submission runs: a kernel inside bubblewrap, with limits, that sees next to nothing.

The sandbox sees the system's programs, the Python environment, ``lifbook``, what stands in
``grading`` for a submission, and ``data/``, all read-only, and one folder of its own in memory
that vanishes with it. It has no network and no other processes, and its kernel talks through
sockets in a folder that holds nothing else. Limits of memory, processor time, processes and file
size are taken on by :mod:`grading.inside.launch`; :class:`grading.judge.watch.Watch` looks at the
clock and at the sum over all processes, which the limits of a single process do not cover.

Run by root, the submission gets a user of its own, for root is exempt from the limit on
processes. Run by anyone else, bubblewrap makes a user namespace.
"""

from __future__ import annotations

import contextlib
import errno
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from grading.errors import GradingError

ROOT = Path(__file__).resolve().parents[2]
LAUNCH = ROOT / "grading" / "inside" / "launch.py"
#: Covers what lies there on the machine, so a name that no checkout is likely to have above it.
HOME = "/submission"
#: Users that submissions get when root grades, each one at a time.
USERS = range(61_000, 62_000)
SYSTEM = ("/usr", "/lib", "/lib32", "/lib64", "/bin", "/sbin", "/nix/store")
SETTINGS = (
    "/etc/ld.so.cache",
    "/etc/ld.so.conf",
    "/etc/ld.so.conf.d",
    "/etc/alternatives",
    "/etc/fonts",
    "/etc/localtime",
    "/etc/ssl/openssl.cnf",
)
MEGABYTE = 1024 * 1024
#: Bytes of each folder in memory that all programs may write to.
SHARED = str(16 * MEGABYTE)
#: Of this package, what stands beside a submission: neither the judge nor the desk.
BESIDE = ("__init__.py", "__pycache__", "checks.py", "plain.py", "transfer.py", "inside")


@dataclass(frozen=True)
class Limits:
    """What one submission may use.

    Parameters
    ----------
    seconds
        Time for the whole notebook, and processor time of each process.
    cell_seconds
        Time for one cell, and for one call of a student's function by a test.
    memory
        Bytes: address space of each process, and memory of all together.
    processes
        Processes at one time.
    disk
        Bytes in the submission's folder, and in one file.
    output
        Bytes that are kept of the output of one cell.
    """

    seconds: int = 300
    cell_seconds: int = 30
    memory: int = 2048 * MEGABYTE
    processes: int = 32
    disk: int = 64 * MEGABYTE
    output: int = MEGABYTE


@dataclass(frozen=True)
class Sandbox:
    """One submission's place to run.

    Parameters
    ----------
    folder
        Short path of a folder that the kernel's sockets are made in.
    inbox
        Folder that the submission can read and not write.
    limits
        What it may use.
    user
        The user that the submission gets (`own_user`), or ``None`` for the one who grades.
    fonts
        Folder with matplotlib's list of fonts, or ``None``. Making it anew takes seconds.
    """

    folder: Path
    inbox: Path
    limits: Limits
    user: int | None = None
    fonts: Path | None = None

    def prepare(self) -> None:
        """Give the submission's user the folder of the sockets."""
        if self.user is not None:
            os.chown(self.folder, self.user, self.user)

    def command(self, *program: str) -> list[str]:
        """The command line that runs a program in the sandbox."""
        wrap = [
            shutil.which("bwrap") or "bwrap",
            "--unshare-pid",
            "--unshare-net",
            "--unshare-ipc",
            "--unshare-uts",
            "--unshare-cgroup-try",
            "--die-with-parent",
            "--new-session",
            "--hostname",
            "grading",
            "--clearenv",
        ]
        if self.user is None:
            wrap += ["--unshare-user"]
        else:
            wrap += ["--cap-drop", "ALL", "--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"]
        wrap += [*self._seen(), *self._own(), "--remount-ro", "/dev", "--remount-ro", "/"]
        wrap += ["--chdir", HOME]
        for name, value in environment(sandboxed=True).items():
            wrap += ["--setenv", name, value]
        return [*wrap, "--", *program]

    def _seen(self) -> list[str]:
        """What can be read: the system, the environment, and what a submission uses."""
        # first, for the project itself may lie in /tmp
        wrap = ["--perms", "1777", "--size", SHARED, "--tmpfs", "/tmp"]
        for name in SYSTEM:
            if Path(name).is_symlink():
                wrap += ["--symlink", os.readlink(name), name]
            else:
                wrap += ["--ro-bind-try", name, name]
        for name in SETTINGS:
            wrap += ["--ro-bind-try", name, name]
        shown = [*readable(), self.inbox, *([self.fonts] if self.fonts else [])]
        # bubblewrap makes the folders above a mount for root alone
        above = {parent for path in [*shown, self.folder] for parent in path.parents}
        for path in sorted(above - {Path("/"), Path("/tmp")} - {Path(one) for one in SYSTEM}):
            wrap += ["--perms", "0755", "--dir", str(path)]
        for path in shown:
            wrap += ["--ro-bind", str(path), str(path)]
        return wrap

    def _own(self) -> list[str]:
        """What is its own: processes, devices, a folder in memory, the folder of the sockets."""
        return [
            "--proc",
            "/proc",
            "--dev",
            "/dev",
            "--perms",
            "1777",
            "--size",
            SHARED,
            "--tmpfs",
            "/dev/shm",
            "--perms",
            "0777",
            "--size",
            str(self.limits.disk),
            "--tmpfs",
            HOME,
            "--bind",
            str(self.folder),
            str(self.folder),
        ]

    def kernel(self, *, unsafe: bool = False) -> list[str]:
        """The command line of a kernel; ``{connection_file}`` is filled in by Jupyter."""
        told = {
            "memory": self.limits.memory,
            "seconds": self.limits.seconds,
            # a kernel has a dozen threads, and threads count
            "tasks": 2 * self.limits.processes + 16 if not unsafe else _all_tasks(),
            "disk": self.limits.disk,
            "user": None if unsafe else self.user,
            "sandboxed": not unsafe,
            "fonts": str(self.fonts) if self.fonts else None,
        }
        program = [sys.executable, str(LAUNCH), json.dumps(told), "{connection_file}"]
        return program if unsafe else self.command(*program)

    def write_kernelspec(self, folder: Path, *, unsafe: bool = False) -> None:
        """Write a kernel named ``python3`` that stands in the way of the machine's own.

        A signal would reach bubblewrap and not the kernel within: interrupts go as messages.
        """
        place = folder / "python3"
        place.mkdir(parents=True, exist_ok=True)
        spec = {
            "argv": self.kernel(unsafe=unsafe),
            "display_name": "Python 3",
            "language": "python",
            "interrupt_mode": "message",
        }
        (place / "kernel.json").write_text(json.dumps(spec), "utf-8")


def readable() -> list[Path]:
    """Folders and files, beside the system's, that a submission may read."""
    places = [Path(sys.prefix), Path(sys.base_prefix), ROOT / "lifbook"]
    places += [ROOT / "grading" / name for name in BESIDE]
    places.append(Path(os.environ.get("LIFBOOK_DATA") or ROOT / "data").resolve())
    places = [place.absolute() for place in dict.fromkeys(places)]
    return [
        one
        for one in places
        if one.exists() and not any(one.is_relative_to(place) for place in SYSTEM)
    ]


def environment(*, sandboxed: bool) -> dict[str, str]:
    """Environment of a kernel: nothing is inherited, for a password may be in it."""
    given = {
        "PATH": f"{Path(sys.executable).parent}:/usr/local/bin:/usr/bin:/bin",
        "LANG": "C.UTF-8",
        "PYTHONPATH": str(ROOT),
        "PYTHONDONTWRITEBYTECODE": "1",
        # one processor each: workers run side by side
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
        "MKL_NUM_THREADS": "1",
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        "PYDEVD_DISABLE_FILE_VALIDATION": "1",
    }
    if "LIFBOOK_DATA" in os.environ:
        given["LIFBOOK_DATA"] = str(Path(os.environ["LIFBOOK_DATA"]).resolve())
    if sandboxed:
        given |= {
            "HOME": HOME,
            "USER": "student",
            "LOGNAME": "student",
            "TMPDIR": f"{HOME}/.tmp",
            "MPLCONFIGDIR": f"{HOME}/.config/matplotlib",
            "IPYTHONDIR": f"{HOME}/.config/ipython",
            "JUPYTER_RUNTIME_DIR": f"{HOME}/.config",
        }
    return given


def _all_tasks() -> int:
    """Without a sandbox the limit counts all of the user's tasks: leave it as it is."""
    import resource

    return resource.getrlimit(resource.RLIMIT_NPROC)[1]


_PROBE = """
import os, socket, sys
sys.path.insert(0, {folder!r})
import syscalls
syscalls.refuse_calls()
assert not os.path.exists({home!r}) or not os.listdir({home!r}), "the home folder can be read"
try:
    socket.create_connection(("192.0.2.1", 80), timeout=2)
except OSError:
    pass
else:
    raise AssertionError("there is a network")
try:
    open("/usr/lif-probe", "w")
except OSError:
    pass
else:
    raise AssertionError("the system can be written to")
import lifbook.data, ipykernel
print("sandboxed")
"""


@contextlib.contextmanager
def own_user() -> Iterator[int | None]:
    """A user that nothing else on this machine has meanwhile, if root grades; else ``None``.

    The limit of processes counts all that a user has, in other sandboxes and other runs of the
    command too. A name of an abstract socket says that a user is taken; it goes with the process.
    """
    if sys.platform != "linux" or os.geteuid() != 0:
        yield None
        return
    with socket.socket(socket.AF_UNIX) as held:
        for user in USERS:
            try:
                held.bind(f"\0lif-grading-{user}")
            except OSError as error:
                if error.errno != errno.EADDRINUSE:
                    raise
            else:
                break
        else:
            raise GradingError(
                f"all users from {USERS[0]} to {USERS[-1]} run submissions already",
                remedy="wait for other runs of 'make grade' to end, or give fewer WORKERS",
            )
        yield user


def why_not() -> str | None:
    """Why submissions cannot be run in a sandbox on this machine, or ``None`` if they can.

    A program is run in one, and must find no network, no home folder and no way to write.
    """
    if sys.platform != "linux":
        return "the sandbox needs Linux (bubblewrap)"
    if shutil.which("bwrap") is None:
        return "bubblewrap is not installed (Debian, Ubuntu: apt-get install bubblewrap)"
    with tempfile.TemporaryDirectory(prefix="lif-") as made, own_user() as user:
        folder, inbox = Path(made) / "s", Path(made) / "i"
        folder.mkdir()
        inbox.mkdir()
        sandbox = Sandbox(folder, inbox, Limits(), user)
        # the project may lie in the home folder: then it is there, with what may be read in it
        home = Path.home()
        hidden = home if not any(p.is_relative_to(home) for p in readable()) else home / ".ssh"
        program = _PROBE.format(folder=str(LAUNCH.parent), home=str(hidden))
        try:
            run = subprocess.run(
                sandbox.command(sys.executable, "-c", program),
                env={},
                timeout=120,
                capture_output=True,
                text=True,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            return f"bubblewrap does not run ({error})"
    if run.returncode or run.stdout.strip() != "sandboxed":
        said = (run.stderr.strip() or run.stdout.strip() or "no message").splitlines()[-1]
        return f"bubblewrap does not work here: {said}"
    return None


def font_cache(folder: Path) -> Path:
    """Folder with matplotlib's list of fonts, made once.

    Raises
    ------
    GradingError
        If matplotlib cannot make it.
    """
    if not list(folder.glob("fontlist-*.json")):
        folder.mkdir(parents=True, exist_ok=True)
        run = subprocess.run(
            [sys.executable, "-c", "import matplotlib.font_manager"],
            check=False,
            env=os.environ | {"MPLCONFIGDIR": str(folder)},
            capture_output=True,
            text=True,
        )
        if run.returncode:
            raise GradingError(
                "matplotlib does not start",
                remedy="make the environment again: make clean, "
                f"remove .venv ({run.stderr.strip().splitlines()[-1:]})",
            )
    return folder.resolve()
