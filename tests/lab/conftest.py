"""The environments of this folder, and a scratch copy of the repository for Binder's."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator

import lab_tools
import pytest
from lab_tools import ROOT, Lean
from pythons import Environment, Python, tail

#: What git does not keep, by name.
NOT_COPIED = shutil.ignore_patterns(
    ".git",
    ".venv",
    "build",
    "_build",
    "node_modules",
    "__pycache__",
    "*.egg-info",
    ".pytest_cache",
    ".hypothesis",
    ".ipynb_checkpoints",
    ".jupyter_cache",
)


@pytest.hookimpl(tryfirst=True)  # before pytest-xdist reads the groups
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what runs in Binder's environment, and keep each environment in one process."""
    # The chapters first: JupyterLab then opens them in an environment that has run before.
    items.sort(key=lambda item: item.path.stem == "test_jupyterlab")
    for item in items:
        if "tests/lab" not in item.path.as_posix():
            continue
        if "lean" in item.fixturenames:
            item.add_marker(pytest.mark.lab)
            item.add_marker(pytest.mark.xdist_group("binder"))
        elif "oldest" in item.fixturenames:
            item.add_marker(pytest.mark.xdist_group("oldest"))
        elif "of_python" in item.fixturenames and hasattr(item, "callspec"):
            item.add_marker(pytest.mark.xdist_group(f"python {item.callspec.params['python']}"))


@pytest.fixture(scope="session")
def say(request: pytest.FixtureRequest) -> Callable[[str], None]:
    """Print a line although pytest keeps what tests print."""
    capture = request.config.pluginmanager.getplugin("capturemanager")

    def said(text: str) -> None:
        with capture.global_and_fixture_disabled():
            print(f"\n{text}", flush=True)

    return said


@pytest.fixture(scope="session")
def lean(say: Callable[[str], None], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lean]:
    """The environment that Binder would make of this repository.

    The packages are kept in build/ for the next time. The copy is new each time, and
    binder/postBuild is run in it as Binder runs it.
    """
    environment = lab_tools.binder(say)
    work = tmp_path_factory.mktemp("lab")
    shutil.copytree(ROOT, work / "repository", ignore=NOT_COPIED)
    lean = Lean(environment, work / "repository", work / "settings")
    done = lean.run(str(lean.repository / "binder" / "postBuild"))
    if done.returncode:
        pytest.fail(f"binder/postBuild failed:\n{tail(done)}", pytrace=False)
    yield lean
    # Nothing in the kept environment may point at the copy, which is gone tomorrow.
    lean.run(lean.python, "-m", "pip", "uninstall", "--quiet", "--yes", "lifbook")


@pytest.fixture(scope="session")
def oldest(say: Callable[[str], None]) -> Environment:
    """The oldest versions that pyproject.toml allows, under the oldest Python."""
    return lab_tools.oldest(say)


@pytest.fixture(scope="session")
def of_python(say: Callable[[str], None]) -> Callable[[Python], Environment]:
    """The packages of binder/requirements.txt, and what runs a chapter, under another Python of this machine."""
    return lambda python: lab_tools.other(python, say)
