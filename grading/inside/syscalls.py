"""The system calls that no notebook needs, and the filter by which Linux refuses them (seccomp).

The filter is written out here because no library serves. The one binding of libseccomp that PyPI
offers, pyseccomp, was last released in January 2021 and needs libseccomp itself, which pip does
not install, inside the sandbox. What is needed of it is short: a list of numbers and four rules.

Only the standard library is used, and nothing of this package: :mod:`grading.inside.launch`
imports this file as a program's neighbour, before the submission's rights are given up.
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import struct
from typing import NamedTuple


class Machine(NamedTuple):
    """What the filter must know of a processor.

    Parameters
    ----------
    audit
        The kernel's number for it (``AUDIT_ARCH_…`` in ``linux/audit.h``).
    clone, clone3
        Numbers of the calls that start processes and threads.
    """

    audit: int
    clone: int
    clone3: int


class Refusal(NamedTuple):
    """A refused call: its number on each processor, and why it is refused."""

    x86_64: int
    aarch64: int
    reason: str


MACHINES = {
    "x86_64": Machine(audit=0xC000003E, clone=56, clone3=435),
    "aarch64": Machine(audit=0xC00000B7, clone=220, clone3=435),
}

_NAMESPACE = "a namespace of one's own gives rights that the sandbox took away"
_MOUNT = "a file system of one's own in memory would hold memory that no limit counts"
_SHARED = "holds memory that belongs to no process, so that no limit counts it"
_KEYS = "the kernel's keys are not separate for each sandbox"
_OTHERS = "reads or steers another process, such as the one that starts the kernel"
_LARGE = "a large interface of the kernel, in which errors were often found"
REFUSED = {
    "unshare": Refusal(272, 97, _NAMESPACE),
    "setns": Refusal(308, 268, _NAMESPACE),
    "mount": Refusal(165, 40, _MOUNT),
    "umount2": Refusal(166, 39, "what the sandbox covers must stay covered"),
    "pivot_root": Refusal(155, 41, "the sandbox's root must stay the root"),
    "fsopen": Refusal(430, 430, _MOUNT),
    "open_tree": Refusal(428, 428, _MOUNT),
    "move_mount": Refusal(429, 429, _MOUNT),
    "memfd_create": Refusal(319, 279, _SHARED),
    "memfd_secret": Refusal(447, 447, _SHARED),
    "shmget": Refusal(29, 194, _SHARED),
    "msgget": Refusal(68, 186, _SHARED),
    "semget": Refusal(64, 190, _SHARED),
    "add_key": Refusal(248, 217, _KEYS),
    "request_key": Refusal(249, 218, _KEYS),
    "keyctl": Refusal(250, 219, _KEYS),
    "ptrace": Refusal(101, 117, _OTHERS),
    "process_vm_readv": Refusal(310, 270, _OTHERS),
    "process_vm_writev": Refusal(311, 271, _OTHERS),
    "bpf": Refusal(321, 280, _LARGE),
    "perf_event_open": Refusal(298, 241, _LARGE),
    "userfaultfd": Refusal(323, 282, _LARGE),
    "io_uring_setup": Refusal(425, 425, _LARGE),
}

#: Calls of x86_64's second table ("x32") have numbers from here on, and would pass by the others.
X32 = 0x40000000
#: Flag of ``clone`` that asks for a user namespace; the other namespaces need rights beforehand.
CLONE_NEWUSER = 0x10000000

# Instructions of the filter (linux/bpf_common.h): load a word of the call, compare it, answer.
LOAD, EQUAL, AT_LEAST, ANY_BIT, ANSWER = 0x20, 0x15, 0x35, 0x45, 0x06
# Where the words of a call are (struct seccomp_data; both processors are little-endian).
NUMBER, ARCHITECTURE, FIRST_ARGUMENT = 0, 4, 16
# Answers (linux/seccomp.h): let the call through, or let it fail with an error's number.
ALLOW, FAIL = 0x7FFF0000, 0x00050000
# Commands of prctl (linux/prctl.h).
PR_SET_SECCOMP, PR_SET_NO_NEW_PRIVS, SECCOMP_MODE_FILTER = 22, 38, 2


class Step(NamedTuple):
    """One instruction: after a comparison, how many steps to skip if it holds, and if not."""

    code: int
    if_so: int
    if_not: int
    operand: int


def _load(offset: int) -> list[Step]:
    return [Step(LOAD, 0, 0, offset)]


def _answer(answer: int) -> list[Step]:
    return [Step(ANSWER, 0, 0, answer)]


def _if(comparison: int, operand: int, answer: int) -> list[Step]:
    """Answer if the loaded word compares so; else go on."""
    return [Step(comparison, 0, 1, operand), *_answer(answer)]


def _unless(comparison: int, operand: int, answer: int) -> list[Step]:
    """Answer unless the loaded word compares so; else go on."""
    return [Step(comparison, 1, 0, operand), *_answer(answer)]


def filter_for(machine: str) -> list[Step]:
    """The filter of a processor, as the kernel runs it at each system call.

    Parameters
    ----------
    machine
        The processor, as ``platform.machine()`` names it.

    Raises
    ------
    OSError
        If the numbers of its system calls do not stand here.
    """
    if machine not in MACHINES:
        raise OSError(f"the system calls of {machine} are not known")
    audit, clone, clone3 = MACHINES[machine]
    refused = FAIL | errno.EPERM
    steps = _load(ARCHITECTURE) + _unless(EQUAL, audit, refused)
    steps += _load(NUMBER) + _if(AT_LEAST, X32, refused)
    # The flags of clone3 are behind a pointer that a filter cannot follow. Where the kernel says
    # that it has no such call, the C library uses clone instead.
    steps += _if(EQUAL, clone3, FAIL | errno.ENOSYS)
    for call in REFUSED.values():
        steps += _if(EQUAL, getattr(call, machine), refused)
    steps += _unless(EQUAL, clone, ALLOW)
    return steps + _load(FIRST_ARGUMENT) + _if(ANY_BIT, CLONE_NEWUSER, refused) + _answer(ALLOW)


def refuse_calls() -> None:
    """Refuse the calls to this process and all that it starts; this cannot be undone.

    Raises
    ------
    OSError
        If the kernel has no seccomp, or the processor is not known here.
    """
    steps = filter_for(platform.machine())
    code = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *step) for step in steps))
    program = struct.pack("HxxxxxxP", len(steps), ctypes.addressof(code))  # struct sock_fprog
    libc = ctypes.CDLL(None, use_errno=True)
    for command in (
        (PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0),
        (PR_SET_SECCOMP, SECCOMP_MODE_FILTER, program, 0, 0),
    ):
        if libc.prctl(*command) != 0:
            number = ctypes.get_errno()
            raise OSError(number, os.strerror(number))
