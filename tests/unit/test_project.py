"""The project as a whole: no foreign address, no path of a machine, everything pinned, all there."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml

from lifbook.page.viewer import LIBRARY

ROOT = Path(__file__).parents[2]
#: Written in pieces, so that this file passes its own test.
OUTSIDE = ".." + "/" + "shared"
HOSTS = [
    ".".join(parts)
    for parts in (
        ("pypi", "org"),
        ("pypi", "python", "org"),
        ("pythonhosted", "org"),
        ("npmjs", "org"),
        ("npmjs", "com"),
        ("yarnpkg", "com"),
        ("npmmirror", "com"),
        ("debian", "org"),
        ("ubuntu", "com"),
        ("anaconda", "org"),
        ("conda", "io"),
        ("crates", "io"),
        ("rubygems", "org"),
        ("proxy", "golang", "org"),
        ("jsdelivr", "net"),
        ("unpkg", "com"),
        ("cdnjs", "cloudflare", "com"),
        ("esm", "sh"),
        ("skypack", "dev"),
        ("ghcr", "io"),
        ("docker", "io"),
        ("nodejs", "org/dist"),
    )
]
MACHINE = [
    "/" + "home/",
    "/" + "root/",
    "/" + "Users/",
    "C:" + "\\",
    "/" + "tmp/",
    "/" + "work/",
    "site-" + "packages",
    "dist-" + "packages",
]


def files() -> list[Path]:
    """Every file that git tracks or would add."""
    listed = subprocess.run(
        ["git", "-C", str(ROOT), "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert listed.returncode == 0, (
        f"git cannot list the project's files ({listed.stderr.strip()}): run the tests in a clone"
    )
    # A tracked file that was deleted and not yet committed is not there.
    return [path for name in listed.stdout.split("\0") if name and (path := ROOT / name).is_file()]


def texts() -> dict[str, str]:
    """Name -> text of every file that holds text."""
    found = {}
    for path in files():
        raw = path.read_bytes()
        if b"\0" not in raw:
            found[str(path.relative_to(ROOT))] = raw.decode("utf-8")  # all text is UTF-8
    return found


@pytest.fixture(scope="module")
def project() -> dict[str, str]:
    return texts()


def naming(project: dict[str, str], *words: str) -> list[str]:
    return [
        f"{name}:{number}: {word}"
        for name, text in project.items()
        for word in words
        if word in text
        for number, line in enumerate(text.splitlines(), 1)
        if word in line
    ]


def test_the_files_are_found(project):
    assert len(project) > 60
    assert {
        "Makefile",
        "lifbook/data/__init__.py",
        "chapters/structure.ipynb",
        "tests/unit/test_project.py",
    } <= set(project)


def test_no_file_reads_what_lies_outside_the_project(project):
    assert naming(project, OUTSIDE) == []


def test_no_file_names_the_host_of_a_package_registry(project):
    """Packages are asked for by name; where they come from is the reader's setting.

    One address is left out: where py3Dmol itself takes 3Dmol.js from, which travels in the
    state of the viewers for those who open a notebook in Jupyter. The site has its own copy.
    """
    shown = {
        name: text.replace(LIBRARY, "") if name.startswith("chapters/") else text
        for name, text in project.items()
    }
    assert naming(shown, *HOSTS) == []


def begun(project: dict[str, str], *folders: str) -> list[str]:
    """Where a path begins with one of the folders: "/src" does not stand in "book/frontend/src"."""
    found = []
    for folder in folders:
        start = re.compile(rf"(?<![\w.}}/~-]){re.escape(folder)}(?![\w.-])")
        found += [f"{name}: {folder}" for name, text in project.items() if start.search(text)]
    return found


def test_no_file_holds_a_path_of_some_machine(project):
    # A Python without an environment of its own lies in /usr, of which the sandbox speaks.
    here = [ROOT, Path.home(), *([Path(sys.prefix)] if sys.prefix != sys.base_prefix else [])]
    assert naming(project, *MACHINE) == []
    assert begun(project, *(str(path) for path in here if path != Path(path.anchor))) == []


def test_the_checks_find_what_they_look_for(project):
    """Each word, planted in a text, is found."""
    for word in (OUTSIDE, *HOSTS, *MACHINE):
        assert naming({"x": f"line\nsee https://a.{word}b"}, word) == [f"x:2: {word}"]
    for text in ("/src", "in /src/a.py", "'/src'", "(/src)", "file:/src/x"):
        assert begun({"x": text}, "/src") == ["x: /src"], text
    for text in ("book/src", "{root}/src", "./src", "/srcs", "/src-b", "~/src", "/a/src/b"):
        assert begun({"x": text}, "/src") == [], text


def test_everything_is_pinned(project):
    # Binder's own base holds most of what the lean environment needs.
    for name, least in {"requirements.txt": 150, "binder/requirements.txt": 15}.items():
        lines = [line.split("#")[0].strip() for line in project[name].splitlines()]
        pins = [line for line in lines if line]
        assert len(pins) > least
        for pin in pins:
            assert re.fullmatch(r"[A-Za-z0-9._-]+(\[[\w,-]+\])?==[\w.+!]+( ?;.+)?", pin), pin
        # A package may stand there twice, for different versions of Python, not twice for one.
        asked = [(re.split(r"[\[=]", pin)[0].lower(), pin.partition(";")[2]) for pin in pins]
        assert len(set(asked)) == len(asked)
    assert "jupyter-book==1.0.4.post1" in project["requirements.txt"].splitlines()


def test_the_lean_environment_has_the_same_versions(project):
    def pins(name: str) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {}
        for package, version in re.findall(r"^([\w.-]+)==([\w.+!]+)", project[name], re.MULTILINE):
            found.setdefault(package.lower(), set()).add(version)
        return found

    whole, lean = pins("requirements.txt"), pins("binder/requirements.txt")
    # What Binder's own base needs otherwise is asked for with a bound, and a reason beside it.
    other = set(re.findall(r"^([\w-]+)[<>=]", project["binder/requirements.in"], re.MULTILINE))
    assert other == {"ipykernel"}
    for package in whole.keys() & lean.keys() - other:
        assert lean[package] <= whole[package], package
    for package in ("anywidget", "py3dmol", "pandas", "biopython"):
        assert package in whole and package in lean
    assert "nbval" in whole


def test_the_front_end_is_locked_and_the_lock_names_no_address(project):
    lock = json.loads(project["book/frontend/package-lock.json"])
    packages = {name: entry for name, entry in lock["packages"].items() if name}
    assert len(packages) > 5
    for name, entry in packages.items():
        assert "resolved" not in entry, name
        assert entry["version"] and entry["integrity"].startswith("sha512-"), name
    asked = json.loads(project["book/frontend/package.json"])
    wanted = asked.get("dependencies", {}) | asked.get("devDependencies", {})
    for name, version in wanted.items():
        assert re.fullmatch(r"\d+\.\d+\.\d+", version), (name, version)
        assert packages[f"node_modules/{name}"]["version"] == version


def test_the_viewer_is_the_one_that_python_uses(project):
    """The site's 3Dmol.js and py3Dmol's are of one version."""
    version = json.loads(project["book/frontend/package.json"])["dependencies"]["3dmol"]
    assert f"/3dmol@{version}/" in LIBRARY


def test_the_top_level_is_complete(project):
    for name in (
        "_config.yml",
        "_toc.yml",
        "requirements.txt",
        "Makefile",
        "README.md",
        "LICENSE",
        "CONTRIBUTING.md",
        "CITATION.cff",
        "pyproject.toml",
        ".ci/run",
        ".gitignore",
        "CHANGELOG.md",
        ".pre-commit-config.yaml",
    ):
        assert project.get(name, "").strip(), name
    for folder in ("chapters", "data", "tests", "lifbook", "book", "binder"):
        assert (ROOT / folder).is_dir(), folder
    assert (ROOT / ".ci" / "run").stat().st_mode & 0o111  # can be run


def test_pages_of_the_table_of_contents_are_there():
    toc = yaml.safe_load((ROOT / "_toc.yml").read_text("utf-8"))
    pages = [toc["root"], *(entry["file"] for part in toc["parts"] for entry in part["chapters"])]
    for page in pages:
        found = [ROOT / f"{page}{suffix}" for suffix in (".md", ".ipynb")]
        assert sum(path.is_file() for path in found) == 1, page
    inside = {
        f"chapters/{path.stem}"
        for path in (ROOT / "chapters").iterdir()
        if path.suffix in (".md", ".ipynb")
    }
    assert inside <= set(pages), "a page that is not in _toc.yml"


def test_what_a_citation_needs_is_there(project):
    citation = yaml.safe_load(project["CITATION.cff"])
    assert citation["cff-version"] == "1.2.0"
    for key in ("message", "title", "authors", "license", "version", "date-released"):
        assert citation[key], key
    assert re.fullmatch(r"\d{4}-\d{2}-\d{2}", str(citation["date-released"]))
    for author in citation["authors"]:
        assert author.get("name") or author.get("family-names")
    config = yaml.safe_load(project["_config.yml"])
    assert citation["title"] == config["title"]
    project_table = tomllib.loads(project["pyproject.toml"])["project"]
    assert str(citation["version"]) == project_table["version"]


def test_the_licences_agree(project):
    licence = project["LICENSE"]
    for words in (
        "MIT License",
        "Permission is hereby granted, free of charge",
        "CC BY 4.0",
        "CC0 1.0",
        'THE SOFTWARE IS PROVIDED "AS IS"',
    ):
        assert words in licence, words
    assert tomllib.loads(project["pyproject.toml"])["project"]["license"] == "MIT"
    package = json.loads(project["data/datapackage.json"])
    names = {item["name"] for entry in package["resources"] for item in entry["licenses"]}
    assert names <= {"CC0-1.0", "CC-BY-4.0"}
    citation = yaml.safe_load(project["CITATION.cff"])["license"]
    assert set([citation] if isinstance(citation, str) else citation) >= {"MIT", "CC-BY-4.0"}


def test_ci_runs_the_two_commands_of_the_readme(project):
    commands = [line for line in project[".ci/run"].splitlines() if line.startswith("make")]
    assert commands == ["make book", "make test"]
    assert project["README.md"].index("make book") < project["README.md"].index("make test") < 1500


def test_lifbook_imports_only_what_a_reader_has(project):
    """The packages of the lean environment, so that it runs in Pyodide too."""
    allowed = {
        "numpy",
        "pandas",
        "scipy",
        "matplotlib",
        "Bio",
        "ipywidgets",
        "anywidget",
        "traitlets",
        "py3Dmol",
        "IPython",
        "lifbook",
    }
    allowed |= sys.stdlib_module_names
    for name, text in project.items():
        if name.startswith("lifbook/") and name.endswith(".py"):
            for module in re.findall(r"^\s*(?:from|import) ([\w.]+)", text, re.MULTILINE):
                assert module.split(".")[0] in allowed, (name, module)


def test_the_makefile_explains_its_targets(project):
    makefile = project["Makefile"]
    phony = set(re.search(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)[1].split())
    explained = set(re.findall(r"^([a-z-]+):.*##", makefile, re.MULTILINE))
    assert explained == phony
    done = subprocess.run(
        ["make", "-C", str(ROOT), "--no-print-directory", "help"],
        capture_output=True,
        text=True,
        check=True,
    )
    for target in ("book", "test", "serve", "refresh"):
        assert f"make {target}" in done.stdout


def test_hooks_before_a_commit_call_what_is_installed(project):
    """Local programs only: nothing is fetched, and versions are those of requirements.txt."""
    config = yaml.safe_load(project[".pre-commit-config.yaml"])
    assert [repository["repo"] for repository in config["repos"]] == ["local"]
    hooks = {hook["id"]: hook for repository in config["repos"] for hook in repository["hooks"]}
    assert {"style", "format", "rooms", "types"} <= hooks.keys()
    pinned = re.findall(r"^([\w-]+)==", project["requirements.txt"], re.MULTILINE)
    programs = {"ruff": "ruff", "lint-imports": "import-linter", "python": None}
    for hook in hooks.values():
        assert hook["language"] == "system"
        folder, _, rest = hook["entry"].partition("/bin/")
        program, *arguments = rest.split()
        assert folder == ".venv" and program in programs, hook
        assert programs[program] is None or programs[program] in pinned
        assert program != "python" or (ROOT / arguments[0]).is_file(), hook


def test_the_newest_version_stands_in_the_changelog(project):
    versions = re.findall(r"^## \[(.+?)\](?: - (\S+))?$", project["CHANGELOG.md"], re.MULTILINE)
    citation = yaml.safe_load(project["CITATION.cff"])
    assert versions[0] == ("Unreleased", "")
    assert versions[1] == (str(citation["version"]), str(citation["date-released"]))


def test_every_check_of_lint_is_pinned(project):
    import lint

    asked = {
        "style": "ruff",
        "format": "ruff",
        "types": "mypy",
        "rooms": "import-linter",
        "examples": "pytest",
    }
    assert set(asked) == set(lint.PYTHON)
    pinned = set(re.findall(r"^([\w-]+)==", project["requirements.txt"], re.MULTILINE))
    assert set(asked.values()) <= pinned
    scripts = json.loads(project["book/frontend/package.json"])["scripts"]
    assert lint.scripts() == [name for name in lint.SCRIPTS if name in scripts]
    assert set(lint.checks()) == set(asked) | {f"js-{name}" for name in lint.scripts()}
    assert lint.main(["spelling"]) == 2
