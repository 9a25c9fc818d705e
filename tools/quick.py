"""An answer soon after a small change: test what depends on the files that changed, and say what was left out.

Usage: python tools/quick.py [SINCE [PROCESSES]]

SINCE is a commit; without it, all that is new on this branch counts, or what is not committed,
or the last commit. What depends on what is read from the sources: imports, names of files and
of data in the code of modules, tests and chapters, and `usedBy` in data/datapackage.json.
"""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

ROOT = Path(__file__).resolve().parent.parent
#: Folders from which modules are imported by name.
PLACES = ("", "tools", "book/ext", "tests/unit", "tests/notebooks", "tests/grading", "tests/browser",
          "tests/support")
#: A change of one of these can change any test.
ALL = ("requirements.txt", "pyproject.toml", "tests/unit/conftest.py")
#: Run after every change: the data, the questions, what stands in README and the settings.
ALWAYS = ("test_data.py", "test_datapackage.py", "test_project.py", "test_questions.py", "test_export_questions.py")
#: Tests of the grading that take seconds; the others take minutes.
GRADING = tuple(
    f"tests/grading/test_{name}.py" for name in ("checks", "collect", "judge", "syscalls"))
#: Our modules in code that stands in a text.
IMPORT = re.compile(r"\b(?:from|import) ((?:lifbook|grading)(?:\.\w+)*)(?: import ([\w, ]+))?")
#: Compares the bundles of the widgets with their scripts and styles.
BUNDLES = "tests/unit/test_base.py"
NOTEBOOKS = "tests/notebooks/test_notebooks.py"
EXECUTED = "test_it_is_what_a_kernel_computes_now"
#: What the site is made of, beside the book's own side (book/), which is built from the start.
PAGES = ("chapters/", "intro.md", "_toc.yml", "data/claims.csv", "data/references.bib")


# --- what changed -------------------------------------------------------------------------
def git(root: Path, *command: str) -> str | None:
    """What git says, or ``None`` if it refuses."""
    done = subprocess.run(["git", "-C", str(root), *command], capture_output=True, text=True, check=False)
    return done.stdout.strip() if done.returncode == 0 else None


def start(root: Path) -> tuple[str, str]:
    """Commit from which changes are counted when none is named, and why this one."""
    head = git(root, "rev-parse", "HEAD")
    if head is None:
        raise SystemExit("make: this is no git repository, so nothing says what changed. Run: make unit notebooks")
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
def codes(path: Path) -> Iterator[str]:
    """Python in a file: a module, or the cells of a notebook."""
    if path.suffix == ".py":
        yield path.read_text("utf-8")
    elif path.suffix == ".ipynb":
        for cell in json.loads(path.read_text("utf-8"))["cells"]:
            if cell["cell_type"] == "code":
                lines = "".join(cell["source"]).split("\n")
                yield "\n".join(line for line in lines if not line.lstrip().startswith(("%", "!")))


def said(path: Path) -> tuple[set[str], set[str]]:
    """Modules that a file imports, and texts in its code; nothing of a file that is no code."""
    modules, texts = set(), set()
    try:
        trees = [ast.parse(code) for code in codes(path)]
    except (SyntaxError, ValueError, KeyError):  # the tests will say so
        trees = []
    for tree in trees:
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                modules |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                modules.add(node.module)
                modules |= {f"{node.module}.{alias.name}" for alias in node.names}
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                texts.add(node.value)
                for first, more in IMPORT.findall(node.value):  # code for a kernel
                    modules |= {first, *(f"{first}.{name.strip()}" for name in more.split(",") if more)}
    above = {".".join(parts[:end]) for parts in (name.split(".") for name in modules) for end in range(1, len(parts))}
    return modules | above, texts


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
    """Texts in code that mean this file, which is no module; a folder's name means all in it."""
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
        modules = self._modules()
        meant: dict[str, set[str]] = defaultdict(set)
        for path in self.files:
            if not path.endswith(".py"):
                for name in named(path):
                    meant[name].add(path)
        for path, name, users in self._package(root):
            meant[name].add(path)
            for user in users:
                self.users[path] |= {user, f"{user}.ipynb"} & set(self.files)
        for path in self.files:
            if (root / path).is_file():
                imported, texts = said(root / path)
                for used in {modules[one] for one in imported & modules.keys()}:
                    self.users[used].add(path)
                for text in texts & meant.keys():
                    for used in meant[text]:
                        self.users[used].add(path)
        for path in self.files:  # a widget's script and styles stand beside its module
            stem, _dot, kind = path.rpartition(".")
            if kind in ("js", "css") and path.startswith("lifbook/"):
                self.users[path] |= {f"{stem}.py"} & set(self.files) or set(self._importers(root, path))
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

    def _importers(self, root: Path, path: str) -> Iterator[str]:
        """Scripts that import a script which several share; for styles, the module that has the sheet."""
        name = PurePosixPath(path).name
        if name.endswith(".css"):
            yield "lifbook/page/widget.py"
        for user in self.files:
            if user.endswith(".js") and user.startswith("lifbook/") and (root / user).is_file():
                if re.search(rf'from "(?:[./]+|#)(?:\w+/)?{re.escape(name)}"', (root / user).read_text("utf-8")):
                    yield user

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
        out = [word for name in self.unexecuted for word in ("--deselect", f"{NOTEBOOKS}::{EXECUTED}[{name}]")]
        return [sys.executable, "-m", "pytest", "-q", "--numprocesses", processes, "--dist", "worksteal",
                NOTEBOOKS, *self.tests, *out]


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
        rest.append("the book (make book): " + ("all its pages change" if side else "it was never built here"))
    elif not pages:
        rest.append("the book (make book): no page of it changed")
    rest += ["nbval, and the book under other numerical environments (make notebooks)",
             "the site in Chromium (make browser), in Firefox and WebKitGTK (make engines)",
             "the grading of a class (make grading)",
             "Binder's environment in JupyterLab, other Pythons, the oldest packages (make lab)"]
    return Plan(
        wanted, [path for path in units if path not in wanted],
        [stems[path] for path in chapters if path in reached],
        [stems[path] for path in chapters if path not in reached],
        bool(pages) and not side and built, rest,
    )


def main(arguments: list[str]) -> int:
    """Test what changed; returns the exit code."""
    began = time.monotonic()
    since, why = (arguments[0], "as named") if arguments and arguments[0] else start(ROOT)
    changed = changes(ROOT, since)
    print(f"== Changed since {since[:12]} ({why}): {len(changed)} files", flush=True)
    built = (ROOT / "build" / "assets" / "manifest.json").exists() and (ROOT / "_build" / "html" / ".buildinfo").exists()
    todo = plan(ROOT, changed, built)
    failed = False
    if todo.build:
        print("== The changed pages of the book", flush=True)
        failed = subprocess.run([sys.executable, str(ROOT / "tools" / "build.py")], check=False).returncode != 0
    print(f"== {len(todo.tests)} files of tests; all chapters as they are stored"
          + (f", executed and compared: {', '.join(todo.chapters)}" if todo.chapters else ""), flush=True)
    failed |= subprocess.run(
        todo.command(arguments[1] if len(arguments) > 1 else "2"), cwd=ROOT, check=False).returncode != 0
    print(f"== {'Something failed' if failed else 'All passed'}, after {time.monotonic() - began:.0f} s. Not run:")
    if todo.unexecuted:
        print(f"   - executing {', '.join(todo.unexecuted)}, which the change does not reach (make notebooks)")
    if todo.left:
        names = ", ".join(PurePosixPath(path).stem.removeprefix("test_") for path in todo.left)
        print(f"   - {len(todo.left)} files of unit tests (make unit): {names}")
    for line in todo.rest:
        print(f"   - {line}")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
