"""The refused system calls: the filter as each processor runs it, and a process that tries."""

from __future__ import annotations

import errno
import json
import platform
import subprocess
import sys
from pathlib import Path

import pytest

from grading.inside import syscalls

EPERM, ENOSYS = (syscalls.FAIL | number for number in (errno.EPERM, errno.ENOSYS))


def answer(machine: str, number: int, *, audit: int | None = None, first: int = 0) -> int:
    """What the kernel would do: run the filter on one call."""
    words = {
        syscalls.NUMBER: number,
        syscalls.FIRST_ARGUMENT: first,
        syscalls.ARCHITECTURE: syscalls.MACHINES[machine].audit if audit is None else audit,
    }
    comparisons = {
        syscalls.EQUAL: lambda word, operand: word == operand,
        syscalls.AT_LEAST: lambda word, operand: word >= operand,
        syscalls.ANY_BIT: lambda word, operand: bool(word & operand),
    }
    steps, place, word = syscalls.filter_for(machine), 0, 0
    while True:
        code, if_so, if_not, operand = steps[place]
        place += 1
        if code == syscalls.ANSWER:
            return operand
        if code == syscalls.LOAD:
            word = words[operand]
        else:
            place += if_so if comparisons[code](word, operand) else if_not


@pytest.mark.parametrize("machine", syscalls.MACHINES)
def test_the_filter_refuses_what_is_listed_and_nothing_else(machine: str) -> None:
    refused = {getattr(call, machine) for call in syscalls.REFUSED.values()}
    assert len(refused) == len(syscalls.REFUSED)
    _audit, clone, clone3 = syscalls.MACHINES[machine]
    for number in range(600):
        expected = EPERM if number in refused else ENOSYS if number == clone3 else syscalls.ALLOW
        assert answer(machine, number) == expected, number
    assert answer(machine, clone, first=0x3D0F00) == syscalls.ALLOW  # a thread
    assert answer(machine, clone, first=0x3D0F00 | syscalls.CLONE_NEWUSER) == EPERM


def test_the_filter_cannot_be_passed_by_another_table_of_calls() -> None:
    assert answer("x86_64", syscalls.X32 + 319) == answer("x86_64", syscalls.X32) == EPERM
    for machine, other in (("x86_64", 0x40000003), ("aarch64", 0x40000028)):  # of 32 bits
        assert answer(machine, 39, audit=other) == EPERM


def test_a_processor_that_is_not_known_is_an_error() -> None:
    with pytest.raises(OSError, match="riscv64 are not known"):
        syscalls.filter_for("riscv64")


def test_each_refusal_has_a_reason() -> None:
    assert all(call.reason for call in syscalls.REFUSED.values())


#: Tries each call with arguments that are wrong, so that nothing happens where it is let through:
#: prints the errors before the filter and after it, and what works all the same.
TRY = '''
import ctypes, errno, json, os, subprocess, sys, threading
sys.path.insert(0, sys.argv[1])
import syscalls

libc = ctypes.CDLL(None, use_errno=True)

def error(number, first=-1, more=-1):
    ctypes.set_errno(0)
    libc.syscall(ctypes.c_long(number), *map(ctypes.c_long, [first] + 5 * [more]))
    return ctypes.get_errno()

def tried():
    # all flags at once would make a queue or a set of semaphores
    safe = {"msgget": (77, 0), "semget": (77, 0)}
    return {name: error(getattr(call, sys.argv[2]), *safe.get(name, ()))
            for name, call in syscalls.REFUSED.items()}

before = tried()
syscalls.refuse_calls()
after = tried()
ran = []
thread = threading.Thread(target=ran.append, args=(1,))
thread.start()
thread.join()
_audit, clone, clone3 = syscalls.MACHINES[sys.argv[2]]
program = f"""
import ctypes
libc = ctypes.CDLL(None, use_errno=True)
libc.syscall({getattr(syscalls.REFUSED['memfd_create'], sys.argv[2])}, b'x', 0)
print(ctypes.get_errno())"""
below = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
print(json.dumps({"before": before, "after": after, "ran": ran, "below": int(below.stdout),
                  "clone3": error(clone3), "user": error(clone, syscalls.CLONE_NEWUSER)}))
'''


@pytest.mark.skipif(sys.platform != "linux", reason="seccomp is Linux's")
def test_a_process_that_tries_each_call_is_refused() -> None:
    place = Path(syscalls.__file__).parent
    done = subprocess.run(
        [sys.executable, "-c", TRY, str(place), platform.machine()],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert set(told["after"].values()) == {errno.EPERM}, told["after"]
    # the machine itself lets at least these through, so it is the filter that refuses them
    for name in ("memfd_create", "process_vm_readv", "semget"):
        assert told["before"][name] != errno.EPERM
    assert told["below"] == told["user"] == errno.EPERM and told["clone3"] == errno.ENOSYS
    assert told["ran"] == [1]
