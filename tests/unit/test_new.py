"""The ways in for a contributor, walked on a scratch copy: files to touch are counted, no test is edited."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import nbformat
import new
import pandas as pd
import pytest

ROOT = Path(__file__).parents[2]
#: Written by commands, never by hand: sizes and checksums, and what widgets run in Jupyter.
MANIFEST = "data/datapackage.json"
#: Not in one piece with `from`: make quick would take all of it to be used here.
LIFBOOK = "lifbook"
NOTEBOOKS = "tests/notebooks/test_notebooks.py"


class Scratch:
    """A copy of the project, in which commands are run.

    Parameters
    ----------
    folder
        Where it stands.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        listed = subprocess.run(
            ["git", "-C", str(ROOT), "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
            capture_output=True, text=True, check=True,
        ).stdout.split("\0")  # fmt: skip
        for name in listed:
            if name and (ROOT / name).is_file():
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(ROOT / name, folder / name)
        modules = ROOT / "book" / "frontend" / "node_modules"
        if modules.is_dir():
            (folder / "book" / "frontend" / "node_modules").symlink_to(modules)
        self.git("init", "--quiet")
        self.keep()

    def git(self, *command: str) -> str:
        """What git says."""
        names = ("-c", "user.name=A", "-c", "user.email=a@b.c", "-c", "core.excludesFile=")
        return subprocess.run(
            ["git", "-C", str(self.folder), *names, *command],
            capture_output=True, text=True, check=True,
        ).stdout  # fmt: skip

    def keep(self) -> None:
        """Commit all: from here on changes are counted."""
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message", "kept")

    def run(self, *command: str) -> str:
        """Run Python in the copy; its output. It must succeed."""
        environment = os.environ | {"PYTHONPATH": str(self.folder), "PYTHONDONTWRITEBYTECODE": "1"}
        environment.pop("PYTEST_ADDOPTS", None)
        done = subprocess.run(
            [sys.executable, *command], cwd=self.folder, env=environment,
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, f"{command}\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
        return done.stdout

    def test(self, files: str, chosen: str) -> None:
        """Run some of the project's own tests in the copy; they must pass."""
        out = self.run(
            "-m", "pytest", "-q", "-p", "no:cacheprovider", "-n0", *files.split(), "-k", chosen
        )
        assert "passed" in out

    def touched(self) -> set[str]:
        """Files that are not as they were kept."""
        lines = self.git("status", "--porcelain", "--untracked-files=all").splitlines()
        return {line[3:] for line in lines if "node_modules" not in line}


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Scratch:
    return Scratch(tmp_path_factory.mktemp("scratch"))


@pytest.fixture
def scratch(copy: Scratch) -> Scratch:
    """The copy, with nothing changed."""
    copy.git("reset", "--quiet", "--hard")
    copy.git("clean", "--quiet", "-fd")
    return copy


def edit(path: Path, change: Callable[[dict], object]) -> None:
    """Change a JSON file as a contributor does."""
    contents = json.loads(path.read_text("utf-8"))
    change(contents)
    path.write_text(json.dumps(contents, indent=2, ensure_ascii=False) + "\n", "utf-8")


def test_a_question_touches_one_file(scratch: Scratch) -> None:
    def add(contents: dict) -> None:
        number = len(contents["questions"]) + 1
        contents["questions"].append(contents["questions"][-1] | {
            "id": f"overview-overview-{number}", "question": "Which of these was checked last?"})  # fmt: skip

    edit(scratch.folder / "data" / "questions" / "overview.json", add)
    by_hand = scratch.touched()
    scratch.run("tools/datapackage.py")
    scratch.run("tools/refresh.py", "chapters/overview.ipynb")
    assert by_hand == {"data/questions/overview.json"}
    assert scratch.touched() == by_hand | {MANIFEST, "chapters/overview.ipynb"}
    scratch.test(
        f"{NOTEBOOKS} tests/unit/test_datapackage.py",
        "(overview and (question or valid)) or listed",
    )


def test_a_claim_touches_two_files(scratch: Scratch) -> None:
    claims = scratch.folder / "data" / "claims.csv"
    table = pd.read_csv(claims, dtype=str, keep_default_na=False)
    mine = table[table["section"] == "Overview"]
    row = mine.iloc[[-1]].assign(id=f"O{len(mine) + 1}", claim="LIF is written with three letters.")
    at = mine.index[-1] + 1
    pd.concat([table[:at], row, table[at:]]).to_csv(claims, index=False, lineterminator="\n")
    chapter = scratch.folder / "chapters" / "overview.ipynb"
    text = chapter.read_text("utf-8")
    assert text.count("{claim}`O3`") == 1
    chapter.write_text(
        text.replace("{claim}`O3`", f"{{claim}}`O3` {{claim}}`{row.iloc[0]['id']}`"), "utf-8"
    )
    by_hand = scratch.touched()
    assert by_hand == {"data/claims.csv", "chapters/overview.ipynb"}
    scratch.run("tools/datapackage.py")
    assert scratch.touched() == by_hand | {MANIFEST}
    scratch.test("tests/unit/test_datapackage.py tests/unit/test_interactions_data.py",
                 "claims_of or frictionless_accepts or listed or every_citation")  # fmt: skip


def test_a_table_touches_two_files(scratch: Scratch) -> None:
    """Its own and the entry, which is drafted; the module that reads it is there before."""
    module = scratch.folder / "lifbook" / "chapters" / "function.py"
    module.write_text(module.read_text("utf-8") + '\n\nTIDES = "tides"\n', "utf-8")
    scratch.keep()
    (scratch.folder / "data" / "tides.csv").write_text(
        "id,height_m,boats,note,citations\nhigh,3.5,12,,Huyton2007\nlow,0.5,3,calm,Gearing1987;Huyton2007\n",
        "utf-8",
    )
    assert "data/datapackage.json" in scratch.run("tools/new.py", "table", "tides.csv")
    assert scratch.touched() == {"data/tides.csv", MANIFEST}
    entry = json.loads((scratch.folder / MANIFEST).read_text("utf-8"))["resources"][-1]
    fields = {
        one["name"]: (one["type"], one.get("constraints")) for one in entry["schema"]["fields"]
    }
    assert fields["height_m"] == ("number", {"required": True, "minimum": 0})
    assert fields["boats"] == ("integer", {"required": True, "minimum": 0})
    assert fields["note"] == ("string", None)
    assert fields["id"] == ("string", {"required": True, "unique": True})
    assert (entry["schema"]["primaryKey"], entry["usedBy"]) == (
        "id",
        ["lifbook/chapters/function.py"],
    )
    assert [one["path"] for one in entry["sources"]] == [
        "https://doi.org/10.1073/pnas.0705577104", "https://doi.org/10.1002/j.1460-2075.1987.tb02742.x"]  # fmt: skip
    mine = "tides or frictionless_accepts or listed or is_read or every_reference"
    scratch.test("tests/unit/test_datapackage.py", mine)
    read = f"from {LIFBOOK} import data; print(data.read_table('tides')['height_m'].tolist())"
    assert scratch.run("-c", read).strip() == "[3.5, 0.5]"


def test_a_chapter_without_widgets_touches_three_files(scratch: Scratch) -> None:
    scratch.run("tools/new.py", "chapter", "tidal_range")
    by_hand = {"chapters/tidal_range.ipynb", "data/questions/tidal_range.json", "_toc.yml"}
    assert scratch.touched() == by_hand | {MANIFEST}
    notebook = nbformat.read(scratch.folder / "chapters" / "tidal_range.ipynb", as_version=4)
    models = notebook.metadata["widgets"]["application/vnd.jupyter.widget-state+json"]["state"]
    names = {model["state"].get("_anywidget_id") for model in models.values()} - {None}
    assert names == {f"{LIFBOOK}.page.quiz.Quiz"}, "nothing lives in it but its quiz"
    assert notebook.cells[0].source.startswith("# Tidal Range\n")
    files = ("problem_sets", "datapackage", "project", "refresh")
    scratch.test(
        " ".join([NOTEBOOKS, *(f"tests/unit/test_{name}.py" for name in files)]),
        "tidal_range or way_round or has_a_set or claims_of or listed or of_the_table_of_contents",
    )


def test_a_widget_touches_three_files(scratch: Scratch) -> None:
    scratch.run("tools/new.py", "widget", "tidal_range")
    folder = "lifbook/page/widgets"
    by_hand = {f"{folder}/tidal_range.py", f"{folder}/tidal_range.js", f"{folder}/__init__.py"}
    made = {"lifbook/page/bundles/tidal_range.js", "lifbook/page/bundles/lifbook.css"}
    assert by_hand <= scratch.touched() <= by_hand | made
    use = (
        f"from {LIFBOOK}.page import widgets\n"
        "made = widgets.TidalRange('tides', 4, label='How high the water stands')\n"
        "made.value = 3\n"
        "print(made, 'Step' in str(made._esm))"
    )
    assert scratch.run("-c", use).strip() == "TidalRange('tides', 4 steps) True"
    scratch.run("-m", "ruff", "check", "--quiet", f"{folder}/tidal_range.py")
    scratch.run("-m", "ruff", "check", "--quiet", "--select", "I,RUF022", f"{folder}/__init__.py")


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["chapter", ""], 2, "make new-chapter NAME=name"),
        (["sonnet", "tides"], 2, "make new-table FILE=name.csv"),
        (["chapter", "Tidal Range"], 1, "'Tidal Range' is not a name: use small letters"),
        (["widget", "class"], 1, "'class' is not a name"),
        (["chapter", "overview"], 1, "chapters/overview.ipynb is there already"),
        (["widget", "power"], 1, "lifbook/page/widgets/power.py is there already"),
        (["table", "tides.csv"], 1, "data/tides.csv is not there: write the table first"),
        (["table", "claims.csv"], 1, "has an entry 'claims' already"),
    ],
)
def test_what_cannot_be_made_is_refused(
    arguments: list[str], code: int, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert new.main(arguments) == code
    assert said in capsys.readouterr().err


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("id,citations\n", "is not a table: a heading for each column"),
        ("id,citations\na,Huyton2007,3\n", "is not a table"),
        ("id,height\na,3\n", "does not say where its rows come from"),
        ("id,citations\na,Nobody1900\n", "'Nobody1900' is not in data/references.bib"),
        ("id,citations\na,Huyton2007\n", 'nothing reads the table: write data.read_table("tides")'),
    ],
)
def test_a_table_that_cannot_be_listed_is_refused(
    text: str,
    said: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "data").mkdir()
    for name in ("references.bib", "datapackage.json"):
        shutil.copyfile(ROOT / "data" / name, tmp_path / "data" / name)
    (tmp_path / "data" / "tides.csv").write_text(text, "utf-8")
    before = (tmp_path / "data" / "datapackage.json").read_bytes()
    monkeypatch.setattr(new, "ROOT", tmp_path)
    assert new.main(["table", "tides.csv"]) == 1
    assert said in capsys.readouterr().err
    assert (tmp_path / "data" / "datapackage.json").read_bytes() == before
