"""An answer soon after a small change: test what depends on the files that changed, and say what was left out.

Usage: python tools/quick.py [SINCE [PROCESSES]]

SINCE is a commit; without it, all that is new on this branch counts, or what is not committed,
or the last commit. What depends on what is read from the sources: imports, names of files and
of data in the code of modules, tests and chapters, and `usedBy` in data/datapackage.json.
"""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from support.imports import CODE, package, said

ROOT = Path(__file__).resolve().parent.parent
#: Folders from which modules are imported by name.
PLACES = (
    "",
    "tools",
    "tests/unit",
    "tests/notebooks",
    "tests/grading",
    "tests/browser",
    "tests/support",
)
#: A change of one of these can change any test.
ALL = ("requirements.txt", "pyproject.toml", "tests/unit/conftest.py")
#: Run after every change: the data, the questions, what stands in README and the settings.
ALWAYS = (
    "test_data.py",
    "test_datapackage.py",
    "test_project.py",
    "test_questions.py",
    "test_export_questions.py",
)
#: Tests of the grading that take seconds; the others take minutes.
GRADING = tuple(
    f"tests/grading/test_{name}.py" for name in ("checks", "collect", "judge", "syscalls")
)
#: What a script or a style sheet takes from beside it.
SCRIPT = re.compile(r"""\b(?:from|import)\s*\(?\s*["']((?:\.{1,2}/|#)[^"']+)["']""")
#: The folder that ``#`` means in an import of a script.
PAGE = PurePosixPath("lifbook/page")
#: Compares the bundles of the widgets with their scripts and styles.
BUNDLES = "tests/unit/test_base.py"
NOTEBOOKS = "tests/notebooks/test_notebooks.py"
EXECUTED = "test_it_is_what_a_kernel_computes_now"
#: What the site is made of, beside the book's own side (book/), which is built from the start.
PAGES = ("chapters/", "intro.md", "_toc.yml", "data/claims.csv", "data/references.bib")


# --- what changed -------------------------------------------------------------------------
def git(root: Path, *command: str) -> str | None:
    """What git says, or ``None`` if it refuses."""
    done = subprocess.run(
        ["git", "-C", str(root), *command], capture_output=True, text=True, check=False
    )
    return done.stdout.strip() if done.returncode == 0 else None


def start(root: Path) -> tuple[str, str]:
    """Commit from which changes are counted when none is named, and why this one."""
    head = git(root, "rev-parse", "HEAD")
    if head is None:
        raise SystemExit(
            "make: this is not a git repository, so nothing says what changed. Run: make unit notebooks"
        )
    for branch in ("origin/main", "main"):
        met = git(root, "merge-base", "HEAD", branch)
        if met and met != head:
            return met, f"where this branch left {branch}"
    if git(root, "status", "--porcelain"):
        return head, "the last commit"
    before = git(root, "rev-parse", "HEAD~1")
    return (before, "the commit before the last") if before else (head, "the only commit")


def changes(root: Path, since: str) -> list[str]:
    """Paths that were changed, added or deleted since a commit, committed or not."""
    told = git(root, "diff", "--name-only", "--no-renames", since, "--")
    if told is None:
        raise SystemExit(f"make: git knows no commit '{since}'. Name one: make quick SINCE=HEAD~1")
    new = git(root, "ls-files", "--others", "--exclude-standard") or ""
    return sorted(set(filter(None, [*told.split("\n"), *new.split("\n")])))


# --- what depends on what -----------------------------------------------------------------
def fixtures(path: Path) -> set[str]:
    """Names of the fixtures of a conftest.py; one that every test gets is in every test (``def``)."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.FunctionDef):
            marks = [ast.unparse(mark) for mark in node.decorator_list]
            if any("fixture" in mark for mark in marks):
                found |= {"def" if any("autouse=True" in mark for mark in marks) else node.name}
    return found


def named(path: str) -> set[str]:
    """Texts in code that mean this file, which is not a module; a folder's name means all in it."""
    pure = PurePosixPath(path)
    names = {path, pure.name}
    if pure.parts[0] in ("chapters", "assignments", "binder"):
        names |= {path.removesuffix(pure.suffix), pure.parts[0]}
    if pure.suffix == ".pdb":  # of an entry
        names.add(pure.stem.split("_")[0].upper())
    return names


class Graph:
    """Which files of a project use which.

    Parameters
    ----------
    root
        The project.
    files
        Its files, also those that were deleted.
    """

    def __init__(self, root: Path, files: Iterable[str]) -> None:
        self.files = sorted(set(files))
        self.users: dict[str, set[str]] = defaultdict(set)
        self.modules = self._modules()
        meant: dict[str, set[str]] = defaultdict(set)
        for path in self.files:
            if not path.endswith(".py"):
                for name in named(path):
                    meant[name].add(path)
        for path, name, users in self._package(root):
            meant[name].add(path)
            for user in users:
                self.users[path] |= {user, f"{user}.ipynb"} & set(self.files)
        there = [path for path in self.files if (root / path).is_file()]
        told = {path: said(root / path, package(path)) for path in there if path.endswith(CODE)}
        self.passed = {
            path: one.passed for path, one in told.items() if path.endswith("/__init__.py")
        }
        for path, one in told.items():
            names = one.names | (
                set() if path in self.passed else {f"{name}.*" for name in one.passed.values()}
            )
            for used in {file for name in names for file in self.meant(name)}:
                self.users[used].add(path)
            for text in one.texts & meant.keys():
                for used in meant[text]:
                    self.users[used].add(path)
        for path in there:
            if path.endswith((".js", ".css", ".mjs")):
                for used in self._beside(root, path):
                    self.users[used].add(path)
                module = str(PurePosixPath(path).with_suffix(".py"))
                if module in self.files:  # a widget's script and styles stand beside it
                    self.users[path].add(module)
                elif path.startswith("lifbook/") and path.endswith(".css"):
                    # Of several: in the sheet of all widgets.
                    self.users[path] |= {"lifbook/page/widget.py"} & set(self.files)
                if path.startswith("lifbook/"):
                    self.users[path] |= {BUNDLES} & set(self.files)
        for path in self.files:  # fixtures come without an import
            if path.endswith("/conftest.py") and (root / path).is_file():
                folder, names = path.removesuffix("conftest.py"), fixtures(root / path)
                for test in self.files:
                    if test.startswith(f"{folder}test_") and (root / test).is_file():
                        text = (root / test).read_text("utf-8")
                        if any(re.search(rf"\b{name}\b", text) for name in names):
                            self.users[path].add(test)

    def _modules(self) -> dict[str, str]:
        """Names by which modules are imported, with their files."""
        found = {}
        for path in self.files:
            if not path.endswith(".py"):
                continue
            for place in PLACES:
                if path.startswith(f"{place}/" if place else ""):
                    name = path.removeprefix(f"{place}/").removesuffix(".py").replace("/", ".")
                    found[name.removesuffix(".__init__")] = path
        return found

    def meant(self, name: str) -> set[str]:
        """Modules that a full name means: where it is bound, and the packages on the way there.

        What a package only passes on is looked for where it comes from, so that a change there
        reaches those who use it, and not all who use something else of the package.
        """
        words = name.split(".")
        found: set[str] = set()
        for end in range(1, len(words)):
            path = self.modules.get(".".join(words[:end]))
            if path is None:
                continue
            found.add(path)
            passed = self.passed.get(path, {})
            if words[end] == "*":
                # All that it has.
                for full in passed.values():
                    found |= self.meant(f"{full}.*")
            elif ".".join(words[: end + 1]) not in self.modules and words[end] in passed:
                found |= self.meant(".".join([passed[words[end]], *(words[end + 1 :] or "*")]))
        if words[-1] != "*" and (path := self.modules.get(name)):
            found.add(path)
        return found

    def _beside(self, root: Path, path: str) -> set[str]:
        """Scripts and styles that one imports from its own folders, or by ``#`` from lifbook/page."""
        place = PurePosixPath(path).parent
        found = {
            os.path.normpath(PAGE / name[1:] if name.startswith("#") else place / name)
            for name in SCRIPT.findall((root / path).read_text("utf-8"))
        }
        return found & set(self.files)

    @staticmethod
    def _package(root: Path) -> Iterator[tuple[str, str, list[str]]]:
        """Path, name and users of each resource of the data package."""
        package = root / "data" / "datapackage.json"
        if package.is_file():
            for resource in json.loads(package.read_text("utf-8"))["resources"]:
                yield f"data/{resource['path']}", resource["name"], resource["usedBy"]

    def reached(self, changed: Iterable[str]) -> set[str]:
        """The files themselves, and all that use them, also by way of others.

        A chapter that is reached is computed anew, but it stays as it is written: who reads it is
        reached only where the chapter itself changed.
        """
        found, waiting = set(), list(changed)
        written = set(changed)
        while waiting:
            path = waiting.pop()
            if path not in found:
                found.add(path)
                if path in written or not path.startswith("chapters/"):
                    waiting += self.users[path]
        return found


# --- what to do ---------------------------------------------------------------------------
@dataclass
class Plan:
    """What is run, and what is not.

    Parameters
    ----------
    tests
        Files of tests.
    left
        Files of unit tests that are left out.
    chapters, unexecuted
        Chapters that are executed and compared, and those that are only looked at.
    build
        Whether the site's changed pages are built again.
    rest
        What else is not run, with what runs it.
    """

    tests: list[str]
    left: list[str]
    chapters: list[str]
    unexecuted: list[str]
    build: bool
    rest: list[str] = field(default_factory=list)

    def command(self, processes: str) -> list[str]:
        """Of pytest."""
        out = [
            word
            for name in self.unexecuted
            for word in ("--deselect", f"{NOTEBOOKS}::{EXECUTED}[{name}]")
        ]
        return [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "--numprocesses",
            processes,
            "--dist",
            "worksteal",
            NOTEBOOKS,
            *self.tests,
            *out,
        ]


def plan(root: Path, changed: list[str], built: bool) -> Plan:
    """What a change asks for.

    Parameters
    ----------
    changed
        Paths that changed.
    built
        Whether there is a site of which only the changed pages have to be built.
    """
    listed = (git(root, "ls-files", "--cached", "--others", "--exclude-standard") or "").split("\n")
    graph = Graph(root, [*listed, *changed])
    there = [path for path in graph.files if (root / path).is_file()]
    reached = graph.reached(changed)
    units = [path for path in there if path.startswith("tests/unit/test_")]
    chapters = [path for path in there if path.startswith("chapters/") and path.endswith(".ipynb")]
    if set(changed) & set(ALL):
        reached |= {*units, *chapters}
    wanted = [path for path in units if path in reached or PurePosixPath(path).name in ALWAYS]
    wanted += [path for path in GRADING if path in reached]
    stems = {path: PurePosixPath(path).stem for path in chapters}
    pages = [path for path in changed if path.startswith(PAGES)]
    side = [path for path in changed if path.startswith("book/") or path == "_config.yml"]
    rest = []
    if side or (pages and not built):
        rest.append(
            "the book (make book): "
            + ("all its pages change" if side else "it was never built here")
        )
    elif not pages:
        rest.append("the book (make book): no page of it changed")
    rest += [
        "nbval, and the book under other numerical environments (make notebooks)",
        "the site in Chromium (make browser), in Firefox and WebKitGTK (make engines)",
        "the grading of a class (make grading)",
        "Binder's environment in JupyterLab, other Pythons, the oldest packages (make lab)",
    ]
    return Plan(
        wanted,
        [path for path in units if path not in wanted],
        [stems[path] for path in chapters if path in reached],
        [stems[path] for path in chapters if path not in reached],
        bool(pages) and not side and built,
        rest,
    )


def main(arguments: list[str]) -> int:
    """Test what changed; returns the exit code."""
    began = time.monotonic()
    since, why = (arguments[0], "as named") if arguments and arguments[0] else start(ROOT)
    changed = changes(ROOT, since)
    print(f"== Changed since {since[:12]} ({why}): {len(changed)} files", flush=True)
    built = (ROOT / "build" / "assets" / "manifest.json").exists() and (
        ROOT / "_build" / "html" / ".buildinfo"
    ).exists()
    todo = plan(ROOT, changed, built)
    failed = False
    if todo.build:
        print("== The changed pages of the book", flush=True)
        failed = (
            subprocess.run(
                [sys.executable, str(ROOT / "tools" / "build.py")], check=False
            ).returncode
            != 0
        )
    print(
        f"== {len(todo.tests)} files of tests; all chapters as they are stored"
        + (f", executed and compared: {', '.join(todo.chapters)}" if todo.chapters else ""),
        flush=True,
    )
    failed |= (
        subprocess.run(
            todo.command(arguments[1] if len(arguments) > 1 else "2"), cwd=ROOT, check=False
        ).returncode
        != 0
    )
    print(
        f"== {'Something failed' if failed else 'All passed'}, after {time.monotonic() - began:.0f} s. Not run:"
    )
    if todo.unexecuted:
        print(
            f"   - executing {', '.join(todo.unexecuted)}, which the change does not reach (make notebooks)"
        )
    if todo.left:
        names = ", ".join(PurePosixPath(path).stem.removeprefix("test_") for path in todo.left)
        print(f"   - {len(todo.left)} files of unit tests (make unit): {names}")
    for line in todo.rest:
        print(f"   - {line}")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
