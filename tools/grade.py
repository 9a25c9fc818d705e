"""Grade a class's notebooks. What `make grade` calls; see README, "Assign it".

Settings come from the environment, as make hands them on:

SUBMISSIONS  folder with the class's notebooks, as Canvas or Moodle gave them (only read)
ASSIGNMENT   name of the problem set
PARAMETERS   JSON file with the term's values (those of `make assignments`)
ROSTER       CSV file with the list of the class
COURSE       folder that keeps marks, feedback and submissions (course)
DB           postgresql://user:password@host/name in place of a file in COURSE
WORKERS      submissions at one time (as many as there are processors)
SECONDS, CELL_SECONDS, MEMORY   limits of a submission: s, s, MB
UNSAFE       1 to run submissions without a sandbox
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from grading.desk.course import Course
from grading.desk.run import Options, Summary, grade
from grading.desk.sets import ROOT, SOURCES, read, read_values
from grading.errors import GradingError
from grading.judge.sandbox import MEGABYTE, Limits


def setting(name: str, usual: str = "") -> str:
    """A setting that make handed on."""
    return os.environ.get(name, "").strip() or usual


def number(name: str, usual: int) -> int:
    """A setting that is a whole number above 0.

    Raises
    ------
    GradingError
        If it is not.
    """
    text = setting(name, str(usual))
    if not text.isdecimal() or int(text) == 0:
        raise GradingError(
            f"'{text}' is not a whole number above 0",
            argument=name,
            remedy=f"leave it out, or set for example {name}={usual}",
        )
    return int(text)


def install(program: str, package: str) -> None:
    """Get a program from Debian if it is missing and this is root; else leave it missing."""
    if shutil.which(program) or not shutil.which("apt-get") or os.geteuid() != 0:
        return
    print(f"== {package}, by apt-get", flush=True)
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for command in (["apt-get", "update"], ["apt-get", "install", "-y", package]):
        subprocess.run(
            command,
            env=environment,
            check=False,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )


def main() -> Summary:
    """Read the settings and grade."""
    missing = [name for name in ("SUBMISSIONS", "ASSIGNMENT") if not setting(name)]
    if missing:
        raise GradingError(
            f"{' and '.join(missing)} {'is' if len(missing) == 1 else 'are'} not given",
            remedy="write: make grade SUBMISSIONS=folder ASSIGNMENT=structure",
        )
    sources = Path(setting("SOURCES", str(SOURCES)))
    problem_set = read(setting("ASSIGNMENT"), sources)
    parameters, roster = setting("PARAMETERS"), setting("ROSTER")
    values = read_values(Path(parameters) if parameters else None, problem_set.name)
    course = Course(Path(setting("COURSE", str(ROOT / "course"))).resolve(), setting("DB"))
    usual = Limits()
    options = Options(
        workers=number("WORKERS", os.cpu_count() or 1),
        limits=Limits(
            seconds=number("SECONDS", usual.seconds),
            cell_seconds=number("CELL_SECONDS", usual.cell_seconds),
            memory=number("MEMORY", usual.memory // MEGABYTE) * MEGABYTE,
        ),
        unsafe=setting("UNSAFE") == "1",
        roster=Path(roster) if roster else None,
        say=lambda line: print(line, flush=True),
    )
    if options.unsafe:
        print("== UNSAFE=1: submissions can read and write all that you can", flush=True)
    else:
        install("bwrap", "bubblewrap")
    print(f"== {problem_set.title}", flush=True)
    return grade(course, problem_set, values, Path(setting("SUBMISSIONS")), options)


def program() -> int:
    """Grade, and say how it went; returns the exit code."""
    try:
        done = main()
    except GradingError as error:
        print(f"make: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("make: stopped. The same command goes on where it was", file=sys.stderr)
        return 1
    place = os.path.relpath(done.folder)
    print(
        f"== {done.graded} graded, {done.kept} as before, {done.failed} could not be graded, "
        f"{done.missing} missing"
    )
    if done.waiting:
        print(
            f"== Answers to mark by hand are in {done.waiting} submissions: write the marks into "
            f"{place}/by_hand.csv and run the same command again"
        )
    print(f"== {place}: report.html, marks.csv, canvas.csv, by_hand.csv, feedback.zip")
    return 0


if __name__ == "__main__":
    sys.exit(program())
