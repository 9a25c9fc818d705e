"""tools/quick.py: what a change reaches is tested, and what is left out is said."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import nbformat
import pytest
import quick

ROOT = Path(__file__).parents[2]
FILES = {
    "lifbook/__init__.py": "",
    "lifbook/low.py": "from lifbook import data\nTREES = data.read_table('trees')\n",
    "lifbook/data.py": "",
    "lifbook/high.py": "import lifbook.low\nmodule('leaf.js')\n",
    "lifbook/apart.py": "",
    "lifbook/cell.py": "",
    "lifbook/static/leaf.js": "",
    "data/trees.csv": "",
    "data/fish.csv": "",
    "data/datapackage.json": json.dumps(
        {
            "resources": [
                {"name": "trees", "path": "trees.csv", "usedBy": ["lifbook/low.py"]},
                {"name": "fish", "path": "fish.csv", "usedBy": ["chapters/elm"]},
                {
                    "name": "1abc",
                    "path": "structures/1abc_backbone.pdb",
                    "usedBy": ["chapters/elm"],
                },
            ]
        }
    ),
    "data/structures/1abc_backbone.pdb": "",
    # A room: its package passes on names of its modules, beside which scripts and styles stand.
    "lifbook/room/__init__.py": (
        "from lifbook.room.moss import Moss\nfrom lifbook.room.fern import Fern, fronds as leaves\n"
        "from lifbook.room import rules\n__all__ = ['Moss', 'Fern', 'leaves']\nlimit = rules.LIMIT\n"
    ),
    "lifbook/room/moss.py": "class Moss: pass\n",
    "lifbook/room/fern.py": "",
    "lifbook/room/rules.py": "LIMIT = 1\n",
    "lifbook/room/moss.css": "",
    "lifbook/room/moss.js": 'import { h } from "#common/dom.js";\n',
    "lifbook/room/fern.js": 'import "../page/common/dom.js";\nimport "./none.js";\n',
    "lifbook/page/common/dom.js": "export {\n  h,\n}\n",
    "tests/unit/test_moss.py": "from lifbook import room\nroom.Moss()\n",
    "tests/unit/test_fern.py": "from lifbook.room import leaves\nleaves()\n",
    "tests/unit/test_room.py": "from lifbook import room\nfor name in room.__all__: getattr(room, name)\n",
    "tools/tool.py": "",
    "book/ext/ext.py": "",
    "README.md": "",
    "tests/unit/helper.py": "from lifbook.high import anything\n",
    "tests/unit/conftest.py": "import tool\nimport pytest\n@pytest.fixture\ndef branch(): return tool\n",
    "tests/unit/test_low.py": "from lifbook.low import TREES\n",
    "tests/unit/test_high.py": "import helper\n",
    "tests/unit/test_apart.py": "import lifbook.apart\nENTRY = '1ABC'\n",
    "tests/unit/test_data.py": "def test_always(): pass\n",
    "tests/unit/test_tool.py": (
        "from book.ext import ext\nimport tool\nCELL = 'x = 1\\nfrom lifbook import data, cell'\n"
    ),
    "tests/unit/test_pages.py": "PLACE = 'chapters'\ndef test_it(branch): pass\n",
    "tests/grading/test_checks.py": "import grading.checks\n",
    "grading/checks.py": "",
    quick.NOTEBOOKS: (
        "import pytest\n@pytest.mark.parametrize('name', ['oak', 'elm'])\n"
        f"def {quick.EXECUTED}(name): assert name == 'oak'\n"
    ),
}
CELLS = {
    "oak": ["%matplotlib inline\nfrom lifbook import high", "# trees"],
    "elm": ["from lifbook import apart"],
}


def git(folder: Path, *command: str) -> None:
    subprocess.run(
        ["git", "-C", str(folder), "-c", "user.name=A", "-c", "user.email=a@b.c", *command],
        check=True,
        capture_output=True,
    )


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small project of the same form, all committed, on a branch of its own."""
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, "utf-8")
    (tmp_path / "chapters").mkdir()
    for name, cells in CELLS.items():
        notebook = nbformat.v4.new_notebook(
            cells=[nbformat.v4.new_code_cell(cell) for cell in cells]
        )
        nbformat.write(notebook, tmp_path / "chapters" / f"{name}.ipynb")
    git(tmp_path, "init", "--initial-branch", "trunk")
    git(tmp_path, "add", "--all")
    git(tmp_path, "commit", "-m", "first")
    monkeypatch.setattr(quick, "ROOT", tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("changed", "tests", "chapters"),
    [
        ("lifbook/low.py", "high low", "oak"),
        ("lifbook/high.py", "high", "oak"),
        ("lifbook/apart.py", "apart", "elm"),
        ("lifbook/cell.py", "tool", ""),
        ("lifbook/static/leaf.js", "high", "oak"),
        ("lifbook/__init__.py", "apart fern high low moss room tool", "elm oak"),
        ("lifbook/room/__init__.py", "fern moss room", ""),
        ("lifbook/room/moss.py", "moss room", ""),
        ("lifbook/room/moss.js", "moss room", ""),
        ("lifbook/room/moss.css", "moss room", ""),
        ("lifbook/room/fern.py", "fern room", ""),
        ("lifbook/room/rules.py", "fern moss room", ""),
        ("lifbook/page/common/dom.js", "fern moss room", ""),
        ("data/trees.csv", "high low", "oak"),
        ("data/fish.csv", "", "elm"),
        ("data/structures/1abc_backbone.pdb", "apart", "elm"),
        ("chapters/oak.ipynb", "pages", "oak"),
        ("tools/tool.py", "pages tool", ""),
        ("book/ext/ext.py", "tool", ""),
        ("tests/unit/helper.py", "high", ""),
        ("tests/unit/test_low.py", "low", ""),
        ("tests/unit/conftest.py", "apart fern high low moss pages room tool", "elm oak"),
        ("requirements.txt", "apart fern high low moss pages room tool", "elm oak"),
        ("grading/checks.py", "checks", ""),
        ("README.md", "", ""),
    ],
)
def test_what_a_change_reaches(project: Path, changed: str, tests: str, chapters: str) -> None:
    todo = quick.plan(project, [changed], built=True)
    units = {path for path in todo.tests if path.startswith("tests/unit/")}
    assert sorted(Path(path).stem.removeprefix("test_") for path in todo.tests) == sorted(
        ["data", *tests.split()]
    )
    assert sorted(todo.chapters) == chapters.split()
    everything = {name for name in FILES if name.startswith("tests/unit/test_")}
    assert units | set(todo.left) == everything and not units & set(todo.left)
    assert sorted(todo.chapters + todo.unexecuted) == ["elm", "oak"]


def test_a_deleted_module_reaches_those_that_still_import_it(project: Path) -> None:
    (project / "lifbook" / "low.py").unlink()
    assert "tests/unit/test_high.py" in quick.plan(project, ["lifbook/low.py"], built=True).tests


def test_a_broken_file_is_left_to_its_tests(project: Path) -> None:
    (project / "tests" / "unit" / "test_low.py").write_text("def (", encoding="utf-8")
    (project / "chapters" / "oak.ipynb").write_text("{", encoding="utf-8")
    todo = quick.plan(project, ["tests/unit/test_low.py", "chapters/oak.ipynb"], built=True)
    assert "tests/unit/test_low.py" in todo.tests and todo.chapters == ["oak"]


@pytest.mark.parametrize(
    ("changed", "built", "build", "said"),
    [
        ("chapters/oak.ipynb", True, True, None),
        ("chapters/oak.ipynb", False, False, "it was never built here"),
        ("book/ext/ext.py", True, False, "all its pages change"),
        ("lifbook/low.py", True, False, "no page of it changed"),
    ],
)
def test_only_changed_pages_are_built(
    project: Path, changed: str, built: bool, build: bool, said: str | None
) -> None:
    todo = quick.plan(project, [changed], built)
    assert todo.build is build
    told = [line for line in todo.rest if line.startswith("the book (make book)")]
    assert told == ([] if said is None else [f"the book (make book): {said}"])


def test_changes_are_counted_from_where_the_branch_began(project: Path) -> None:
    def changed() -> list[str]:
        return quick.changes(project, quick.start(project)[0])

    assert changed() == []  # one commit, nothing new
    (project / "new.md").touch()
    (project / "README.md").write_text("Words.", encoding="utf-8")
    assert changed() == ["README.md", "new.md"]
    git(project, "add", "--all")
    git(project, "commit", "-m", "second")
    assert changed() == ["README.md", "new.md"]  # the last commit
    git(project, "branch", "main")
    git(project, "rm", "lifbook/apart.py")
    git(project, "commit", "-m", "third")
    (project / "more.md").touch()
    assert changed() == ["lifbook/apart.py", "more.md"]  # since main, committed or not


def test_where_git_cannot_say_what_changed(
    project: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(SystemExit, match="git knows no commit 'nowhere'. Name one"):
        quick.main(["nowhere"])
    bare = tmp_path_factory.mktemp("bare")
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(bare.parent))
    with pytest.raises(SystemExit, match="not a git repository.*Run: make unit"):
        quick.start(bare)


@pytest.mark.parametrize(("changed", "code"), [("lifbook/high.py", 0), ("lifbook/apart.py", 1)])
def test_it_runs_the_tests_and_says_what_it_left_out(
    project: Path,
    changed: str,
    code: int,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The chapter 'elm' fails: it is executed only where the change reaches it."""
    monkeypatch.delenv("PYTEST_ADDOPTS", raising=False)
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")  # they take longer than these tests
    monkeypatch.setenv("PYTEST_PLUGINS", "xdist.plugin")
    (project / changed).write_text("# changed\n", encoding="utf-8")
    for name in ("test_high.py", "test_apart.py"):
        (project / "tests" / "unit" / name).write_text(
            f"from lifbook import {name[5:-3]}\ndef test_it(): pass\n", encoding="utf-8"
        )
    git(project, "add", "tests")
    git(project, "commit", "-m", "tests that pass")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(project), str(project / "tools")]))
    assert quick.main(["HEAD", "0"]) == code
    out = capfd.readouterr().out
    assert "== Changed since HEAD (as named): 1 files" in out
    executed, not_executed = ("oak", "elm") if code == 0 else ("elm", "oak")
    assert f"executed and compared: {executed}\n" in out
    assert ("3 passed" if code == 0 else "1 failed, 2 passed") in out
    ran, left = ("high", "apart") if code == 0 else ("apart", "high")
    shown = out[out.index("All passed" if code == 0 else "Something failed") :]
    assert f"executing {not_executed}, which" in shown
    others = [left, "fern", "low", "moss", "pages", "room", "tool"]
    assert f"7 files of unit tests (make unit): {', '.join(sorted(others))}\n" in shown
    for name in ("make book", "make browser", "make grading", "make lab", "make notebooks"):
        assert name in shown
    assert ran not in shown[shown.index("7 files") :].split("\n")[0].split(": ")[1].split(", ")


# --- this project ---------------------------------------------------------------------------
def test_what_is_named_is_there() -> None:
    for path in (*(f"tests/unit/{name}" for name in quick.ALWAYS), *quick.GRADING, quick.NOTEBOOKS):
        assert (ROOT / path).is_file(), path
    assert f"def {quick.EXECUTED}(stored, computed, name)" in (ROOT / quick.NOTEBOOKS).read_text(
        "utf-8"
    )
    assert all((ROOT / place).is_dir() for place in quick.PLACES)


@pytest.fixture(scope="module")
def graph() -> quick.Graph:
    """What uses what in this project."""
    return quick.Graph(
        ROOT, (quick.git(ROOT, "ls-files", "-co", "--exclude-standard") or "").split("\n")
    )


def test_a_module_reaches_the_tests_that_bear_its_name(graph: quick.Graph) -> None:
    places = {
        "lifbook": "test_{}.py",
        "lifbook/structure": "test_structure_{}.py",
        "book/ext": "test_{}_ext.py",
    }
    checked = 0
    for path in graph.files:
        # a package bears the name of its folder
        folder, _, name = path.removesuffix("/__init__.py").removesuffix(".py").rpartition("/")
        test = f"tests/unit/{places.get(folder, '').format(name)}"
        if test in graph.files and path.endswith(".py"):
            assert test in graph.reached([path]), path
            checked += 1
    assert checked >= 15


@pytest.mark.parametrize(
    ("changed", "reached"),
    [
        ("lifbook/structure/backbone.py", "chapters/structure.ipynb"),
        ("lifbook/page/widgets/sequence.js", "chapters/structure.ipynb"),
        ("lifbook/page/widgets/sequence.js", "tests/unit/test_base.py"),
        ("lifbook/page/shared/equilibrium.js", "chapters/interactions.ipynb"),
        ("lifbook/page/shared/equilibrium.js", "tests/unit/test_competition.py"),
        ("lifbook/page/shared/table.css", "tests/unit/test_base.py"),
        ("data/structures/2q7n.pdb", "tests/unit/test_structure_backbone.py"),
        ("data/questions/function.json", "chapters/function.ipynb"),
        ("data/gastric.csv", "chapters/clinical_significance.ipynb"),
        ("data/claims.csv", "tests/unit/test_questions.py"),
        ("lifbook/structure/chains.py", "tests/unit/test_problem_sets.py"),
    ],
)
def test_a_change_here_reaches(graph: quick.Graph, changed: str, reached: str) -> None:
    assert changed in graph.files
    assert reached in graph.reached([changed])


def test_a_small_change_leaves_most_out(graph: quick.Graph) -> None:
    def found(path: str) -> set[str]:
        return {
            one
            for one in graph.reached([path])
            if one.startswith(("tests/unit/test_", "chapters/"))
        }

    assert found("lifbook/family.py") <= {
        "tests/unit/test_family.py",
        "tests/unit/test_base.py",
        "tests/unit/test_palette.py",
        "tests/unit/test_figures.py",
        "tests/unit/test_problem_sets.py",
        "tests/unit/test_interactions_data.py",
        "tests/unit/test_teaching_ext.py",
        "chapters/interactions.ipynb",
        # They take other widgets from the module of the chapter that fills the family's.
        "tests/unit/test_brakes.py",
        "tests/unit/test_competition.py",
        # Its code for a kernel stands in two texts, so all widgets are taken to be used.
        "tests/unit/test_widgets_ext.py",
    }
    # One widget: its chapter, and not the three others that have widgets.
    reached = found("lifbook/page/widgets/power.py")
    assert {one for one in reached if one.startswith("chapters/")} == {
        "chapters/clinical_significance.ipynb"
    }
    assert len(reached) <= 6
    few = {"tests/unit/test_project.py", "tests/unit/test_binder.py", "tests/unit/test_quick.py"}
    assert found("README.md") <= few
