"""Measure `make grade`: throughput, growth and memory. Nothing is asserted here.

Usage: python tools/bench_grading.py [SET] [SUBMISSIONS] [WORKERS]     (structure 200 2)

Every submission is the set's own solution, the most work there is. Throughput is given for each
quarter of the class: the same in all four means that time grows with the class and not faster.
Memory is what all processes together hold, shared pages counted once (PSS).
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from threading import Event, Thread

import nbformat
import psutil
from nbformat.notebooknode import NotebookNode

from grading.desk import sets
from grading.desk.course import student_copy

ROOT = Path(__file__).resolve().parent.parent


def solved(problem_set: sets.ProblemSet) -> NotebookNode:
    """The student copy with every solution."""
    notebook = student_copy(problem_set, {})
    source = {cell.metadata.nbgrader.grade_id: cell.source for cell in problem_set.notebook.cells}
    for cell in notebook.cells:
        if cell.metadata.nbgrader.solution:
            cell.source = source[cell.metadata.nbgrader.grade_id]
    return notebook


def watch(pid: int, done: Event, peak: list[int]) -> None:
    """Note the most memory that a process and all below it hold, in bytes."""
    while not done.wait(1.0):
        total = 0
        try:
            for one in [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]:
                try:
                    total += one.memory_full_info().pss
                except psutil.Error:
                    continue
        except psutil.Error:
            return
        peak[0] = max(peak[0], total)


def main(name: str = "structure", count: str = "200", workers: str = "2") -> int:
    """Grade a class and print a table."""
    number = int(count)
    with tempfile.TemporaryDirectory(prefix="lif-") as made:
        folder = Path(made) / "in"
        folder.mkdir()
        text = nbformat.writes(solved(sets.read(name)))
        for one in range(number):
            (folder / f"student{one:04}.ipynb").write_text(text, "utf-8")
        began, ended, peak, done = time.monotonic(), [], [0], Event()
        process = subprocess.Popen(
            [sys.executable, str(ROOT / "tools" / "grade.py")],
            stdout=subprocess.PIPE,
            text=True,
            env={
                "PATH": "/usr/bin:/bin",
                "SUBMISSIONS": str(folder),
                "ASSIGNMENT": name,
                "COURSE": str(Path(made) / "c"),
                "WORKERS": workers,
            },
        )
        Thread(target=watch, args=(process.pid, done, peak), daemon=True).start()
        for line in process.stdout or ():
            if re.match(r"  \[ *\d+/", line):
                ended.append(time.monotonic() - began)
        whole = time.monotonic() - began
        done.set()
        if process.wait():
            return 1
    print(f"| {name}, {number} submissions, {workers} workers | |\n|---|---|")
    print(f"| the whole run | {whole:.0f} s |")
    starts = [ended[0], *(ended[number * part // 4 - 1] for part in (1, 2, 3))]
    for part, start in enumerate(starts):
        end = ended[number * (part + 1) // 4 - 1]
        print(f"| quarter {part + 1} | {60 * number / 4 / (end - start):.1f} a minute |")
    print(f"| before the first and after the last | {whole - ended[-1]:.0f} s after |")
    print(f"| memory, all processes at once | {peak[0] / 1e6:.0f} MB |")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
