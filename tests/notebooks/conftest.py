"""The chapters as they are stored, and as they come out of a kernel now."""

from __future__ import annotations

from pathlib import Path

import checks
import nbformat
import pytest
import refresh


@pytest.fixture(scope="session")
def stored() -> dict[str, nbformat.NotebookNode]:
    """Chapter -> notebook as committed."""
    return {path.stem: checks.read(path) for path in refresh.chapters()}


class Computed(dict[str, nbformat.NotebookNode]):
    """Chapter -> notebook, executed in a new kernel when it is first asked for."""

    def __missing__(self, name: str) -> nbformat.NotebookNode:
        path = next(path for path in refresh.chapters() if path.stem == name)
        self[name] = refresh.executed(path)
        return self[name]


@pytest.fixture(scope="session")
def computed() -> Computed:
    """Chapter -> the same notebook, executed now in a new kernel. The files stay as they are."""
    return Computed()


@pytest.fixture(scope="session")
def sanitize() -> Path:
    return Path(__file__).with_name("sanitize.cfg")
