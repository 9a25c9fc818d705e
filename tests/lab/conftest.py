"""The environment of binder/ alone, and a scratch copy of the repository installed in it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest
from lab_tools import ROOT, Lean, made, tail

#: What git does not keep, by name.
NOT_COPIED = shutil.ignore_patterns(
    ".git", ".venv", "build", "_build", "node_modules", "__pycache__", "*.egg-info",
    ".pytest_cache", ".hypothesis", ".ipynb_checkpoints", ".jupyter_cache",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder runs in the lean environment."""
    for item in items:
        if "tests/lab" in item.path.as_posix():
            item.add_marker(pytest.mark.lab)


@pytest.fixture(scope="session")
def lean(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Lean]:
    """The environment that Binder would make of this repository.

    The packages are kept in build/ for the next time. The copy is new each time, and
    binder/postBuild is run in it as Binder runs it.
    """
    capture = request.config.pluginmanager.getplugin("capturemanager")

    def say(text: str) -> None:
        with capture.global_and_fixture_disabled():
            print(f"\n{text}", flush=True)

    folder = made(say)
    work = tmp_path_factory.mktemp("lab")
    shutil.copytree(ROOT, work / "repository", ignore=NOT_COPIED)
    lean = Lean(folder, work / "repository", work / "settings")
    done = lean.run(str(lean.repository / "binder" / "postBuild"))
    if done.returncode:
        pytest.fail(f"binder/postBuild failed:\n{tail(done)}", pytrace=False)
    yield lean
    # Nothing in the kept environment may point at the copy, which is gone tomorrow.
    lean.run(lean.python, "-m", "pip", "uninstall", "--quiet", "--yes", "lifbook")
