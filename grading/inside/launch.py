"""First program inside the sandbox: take the limits on, give every right up, start the kernel.

Run as ``python launch.py LIMITS CONNECTION_FILE``; LIMITS is JSON written by
:mod:`grading.judge.sandbox`. Only the standard library and ipykernel are used here.
"""

from __future__ import annotations

import ctypes
import json
import os
import platform
import resource
import shutil
import struct
import sys
from pathlib import Path

_EPERM, _ENOSYS = 1, 38
_NEWUSER = 0x10000000  # CLONE_NEWUSER
#: System calls by processor: (audit number, clone, clone3, what is refused). Refused are new
#: namespaces and mounts (a tmpfs of one's own would hold memory that no limit counts), memory
#: outside of any process (memfd, System V), keys, tracing and the kernel's larger interfaces.
_CALLS = {
    "x86_64": (0xC000003E, 56, 435, {
        "unshare": 272, "setns": 308, "mount": 165, "umount2": 166, "pivot_root": 155,
        "fsopen": 430, "open_tree": 428, "move_mount": 429, "memfd_create": 319,
        "memfd_secret": 447, "shmget": 29, "msgget": 68, "semget": 64, "add_key": 248,
        "request_key": 249, "keyctl": 250, "ptrace": 101, "process_vm_readv": 310,
        "process_vm_writev": 311, "bpf": 321, "perf_event_open": 298, "userfaultfd": 323,
        "io_uring_setup": 425,
    }),
    "aarch64": (0xC00000B7, 220, 435, {
        "unshare": 97, "setns": 268, "mount": 40, "umount2": 39, "pivot_root": 41,
        "fsopen": 430, "open_tree": 428, "move_mount": 429, "memfd_create": 279,
        "memfd_secret": 447, "shmget": 194, "msgget": 186, "semget": 190, "add_key": 217,
        "request_key": 218, "keyctl": 219, "ptrace": 117, "process_vm_readv": 270,
        "process_vm_writev": 271, "bpf": 280, "perf_event_open": 241, "userfaultfd": 282,
        "io_uring_setup": 425,
    }),
}


def refuse_calls() -> None:
    """Let the kernel refuse what no notebook needs (seccomp).

    Raises
    ------
    OSError
        If the kernel has no seccomp, or the processor is unknown here.
    """
    if platform.machine() not in _CALLS:
        raise OSError(f"no list of system calls for {platform.machine()}")
    architecture, clone, clone3, refused = _CALLS[platform.machine()]
    load, equal, any_bit, give = 0x20, 0x15, 0x45, 0x06
    deny, allow = 0x00050000, 0x7FFF0000
    program = [
        (load, 0, 0, 4), (equal, 1, 0, architecture), (give, 0, 0, deny | _EPERM),
        (load, 0, 0, 0),
        # the second table of calls on x86_64 ("x32") would pass by the numbers below
        (0x35, 0, 1, 0x40000000), (give, 0, 0, deny | _EPERM),
        # glibc falls back from clone3, whose flags cannot be read here, to clone
        (equal, 0, 1, clone3), (give, 0, 0, deny | _ENOSYS),
    ]
    for number in refused.values():
        program += [(equal, 0, 1, number), (give, 0, 0, deny | _EPERM)]
    program += [
        (equal, 0, 3, clone), (load, 0, 0, 16), (any_bit, 0, 1, _NEWUSER),
        (give, 0, 0, deny | _EPERM), (give, 0, 0, allow),
    ]
    code = b"".join(struct.pack("HBBI", *step) for step in program)
    buffer = ctypes.create_string_buffer(code)
    header = struct.pack("HxxxxxxP", len(program), ctypes.addressof(buffer))
    libc = ctypes.CDLL(None, use_errno=True)
    no_new_privileges, set_seccomp, filter_mode = 38, 22, 2
    for arguments in ((no_new_privileges, 1, 0, 0, 0), (set_seccomp, filter_mode, header, 0, 0)):
        if libc.prctl(*arguments) != 0:
            number = ctypes.get_errno()
            raise OSError(number, os.strerror(number))


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
        refuse_calls()
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
