"""Looks after a running sandbox: the sum over its processes, which no limit of one covers."""

from __future__ import annotations

import os
import signal
import threading
import time

import psutil

from grading.judge.sandbox import MEGABYTE, Sandbox


class Watch(threading.Thread):
    """Ends a sandbox whose processes together pass a limit.

    Parameters
    ----------
    pid
        Process of bubblewrap (or of the kernel).
    sandbox
        Whose limits apply.
    ends
        Moment of the monotonic clock when time is up.
    """

    def __init__(self, pid: int, sandbox: Sandbox, ends: float) -> None:
        super().__init__(daemon=True)
        self.pid = pid
        self.sandbox = sandbox
        self.ends = ends
        #: Why the sandbox was ended, or ``None``.
        self.reason: str | None = None
        self._done = threading.Event()

    def run(self) -> None:
        """Look three times a second."""
        while not self._done.wait(0.3):
            self.reason = self._look()
            if self.reason:
                end(self.pid)
                return

    def stop(self) -> None:
        """Stop looking."""
        self._done.set()
        self.join()

    def _look(self) -> str | None:
        limits = self.sandbox.limits
        if time.monotonic() > self.ends:
            return f"it ran for longer than {limits.seconds} s"
        try:
            processes = psutil.Process(self.pid).children(recursive=True)
        except psutil.NoSuchProcess:
            return None
        if len(processes) > limits.processes:
            return f"it started more than {limits.processes} processes"
        if _memory(processes, "rss") > limits.memory and _memory(processes, "pss") > limits.memory:
            return f"it used more than {limits.memory // MEGABYTE} MB of memory"
        try:
            size = sum(
                entry.stat(follow_symlinks=False).st_size
                for entry in os.scandir(self.sandbox.folder)
            )
            folders = sum(
                entry.is_dir(follow_symlinks=False) for entry in os.scandir(self.sandbox.folder)
            )
        except OSError:
            return None
        if size > MEGABYTE or folders:
            return "it wrote into the folder of its kernel's sockets"
        return None


def _memory(processes: list[psutil.Process], kind: str) -> int:
    """Memory of processes; "pss" shares out what they have in common, and is slow to read."""
    total = 0
    for process in processes:
        try:
            info = process.memory_info() if kind == "rss" else process.memory_full_info()
            total += getattr(info, kind)
        except psutil.Error:
            continue
    return total


def end(pid: int) -> None:
    """End a sandbox with all that runs in it."""
    try:
        inside = psutil.Process(pid).children(recursive=True)
    except psutil.NoSuchProcess:
        return
    # the first process of a namespace takes the others with it
    for process in [*inside, psutil.Process(pid)] if psutil.pid_exists(pid) else inside:
        try:
            process.send_signal(signal.SIGKILL)
        except psutil.Error:
            continue
