"""First program inside the sandbox: take on the limits, give up every right, start the kernel.

Run as ``python launch.py LIMITS CONNECTION_FILE``; LIMITS is JSON written by
:mod:`grading.judge.sandbox`. Only the standard library and ipykernel are used here.
"""

from __future__ import annotations

import json
import os
import resource
import shutil
import sys
from pathlib import Path

# Started as a program, so that its own folder is searched first: the package itself would bring
# numpy and pandas in before the rights are given up.
import syscalls  # type: ignore[import-not-found]  # mypy sees it as grading.inside.syscalls


def limit(limits: dict[str, int]) -> None:
    """Take on limits of memory, processor time, processes, file size and open files."""
    for name, value in (
        (resource.RLIMIT_AS, limits["memory"]),
        (resource.RLIMIT_CPU, limits["seconds"]),
        (resource.RLIMIT_NPROC, limits["tasks"]),
        (resource.RLIMIT_FSIZE, limits["disk"]),
        (resource.RLIMIT_NOFILE, 256),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(name, (value, value))


def main() -> None:
    """Limit this process, then become the kernel."""
    limits, connection = json.loads(sys.argv[1]), sys.argv[2]
    told = Path(connection).read_text("utf-8")
    if limits["user"] is not None and os.geteuid() == 0:
        os.setgroups([])
        os.setgid(limits["user"])
        os.setuid(limits["user"])
    if limits["sandboxed"]:
        syscalls.refuse_calls()
        home = Path(os.environ["HOME"])
        for folder in (".tmp", ".config"):
            (home / folder).mkdir()
        if limits["fonts"]:
            shutil.copytree(limits["fonts"], home / ".config" / "matplotlib")
        connection = str(home / ".config" / "connection.json")
        Path(connection).touch(mode=0o600)
        Path(connection).write_text(told, "utf-8")
    limit(limits)
    sys.argv = ["kernel", "-f", connection, "--HistoryManager.hist_file=:memory:"]
    if sys.path and Path(sys.path[0]) == Path(__file__).parent:
        del sys.path[0]  # the modules of `grading` are not modules of their own
    from ipykernel.kernelapp import launch_new_instance

    launch_new_instance()


if __name__ == "__main__":
    main()
