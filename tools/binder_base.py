"""What the base image of Binder holds, as the installed repo2docker locks it.

repo2docker makes a conda environment with Jupyter for the Python of ``binder/runtime.txt`` and
then installs ``binder/requirements.txt`` over it with pip. It ships one lock file for each
Python. Here they are read, in the names and versions that pip knows.
"""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parent.parent
#: Where packages are called otherwise on PyPI than in conda-forge.
NAMES = {
    "brotli-python": "brotli",
    "jupyterhub-base": "jupyterhub",
    "jupyterhub-singleuser": "jupyterhub",
    "nbconvert-core": "nbconvert",
    "python-fastjsonschema": "fastjsonschema",
}
#: Asked for by the base, and nothing that pip installs.
NOT_PIP = {"nodejs", "python"}
#: A line of a lock file: name, version and build. Builds of Python packages name a Python.
LINE = re.compile(r"\S+/(?P<name>[^/]+)-(?P<version>[^/-]+)-(?P<build>[^/-]+)\.(?:conda|tar\.bz2)#")
FOR_PYTHON = re.compile(r"(?:^|_)py(?:[0-9]|h[0-9a-f])")


def plain(name: str) -> str:
    """Name of a package as registries compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def folder() -> Path:
    """Where repo2docker keeps its lock files."""
    found = importlib.util.find_spec("repo2docker")
    if found is None or found.origin is None:
        raise ModuleNotFoundError(
            "repo2docker is missing: python -m pip install jupyter-repo2docker"
        )
    return Path(found.origin).parent / "buildpacks" / "conda"


def pythons() -> list[str]:
    """The Pythons that Binder offers, such as ``"3.11"``, the oldest first."""
    found = {
        match[1]
        for path in folder().glob("environment.py-3.*.yml")
        if (match := re.search(r"py-(3\.\d+)\.yml$", path.name))
    }
    return sorted(found, key=lambda version: int(version.split(".")[1]))


def runtime() -> str:
    """The Python that binder/runtime.txt asks for."""
    return (ROOT / "binder" / "runtime.txt").read_text("utf-8").strip().removeprefix("python-")


def packages(python: str) -> dict[str, str]:
    """Python packages of the base for one Python: name on PyPI -> version.

    Left out is what pip does not install: Python itself, Node and libraries in C.
    """
    lines = (folder() / f"environment.py-{python}-linux-64.lock").read_text("utf-8").splitlines()
    found = {}
    for match in filter(None, map(LINE.match, lines)):
        if FOR_PYTHON.search(match["build"]) and match["name"] != "cpython":
            found[NAMES.get(match["name"], plain(match["name"]))] = match["version"]
    return found


def asked(python: str) -> list[str]:
    """What the base asks for by name, on PyPI; the other packages come with these."""
    text = (folder() / f"environment.py-{python}.yml").read_text("utf-8")
    names = [re.split(r"[=<> ]", entry)[0] for entry in yaml.safe_load(text)["dependencies"]]
    return [NAMES.get(name, plain(name)) for name in names if name not in NOT_PIP]
