"""The data package: its list of files, and their contents once they are checked against it."""

from __future__ import annotations

import functools
import hashlib
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from lifbook.errors import LifbookError

PROJECT = Path(__file__).resolve().parents[2]
DATA = Path(os.environ.get("LIFBOOK_DATA") or PROJECT / "data")
MANIFEST = "datapackage.json"
RESTORE = "restore the file from the repository, or, if the change is meant, run 'make datapackage'"


def _folder(folder: Path | str | None) -> Path:
    return Path(folder or os.environ.get("LIFBOOK_DATA") or DATA)


def shown(path: str) -> str:
    """A path in the data folder as a reader of an error message knows it.

    Examples
    --------
    >>> shown("domains.csv")
    'data/domains.csv'
    """
    return f"data/{path}"


def _bytes(file: Path, path: str) -> bytes:
    try:
        return file.read_bytes()
    except FileNotFoundError:
        raise LifbookError("the file is missing", file=shown(path), remedy=RESTORE) from None
    except OSError as error:
        raise LifbookError(
            f"the file cannot be read ({error.strerror})",
            file=shown(path),
            remedy="look at its permissions and at what lies at this path",
        ) from None


@functools.lru_cache(maxsize=8)
def _parse_manifest(text: bytes) -> Mapping[str, dict[str, Any]]:
    try:
        listed = json.loads(text)["resources"]
        return {resource["name"]: resource for resource in listed}
    except (ValueError, KeyError, TypeError) as error:
        raise LifbookError(
            f"this is not a data package ({error})", file=shown(MANIFEST), remedy=RESTORE
        ) from None


def manifest(folder: Path | str | None) -> Mapping[str, dict[str, Any]]:
    """Name of each resource -> its entry in the manifest.

    Raises
    ------
    LifbookError
        If the manifest is missing or not a data package.

    Examples
    --------
    >>> manifest(None)["domains"]["path"]
    'domains.csv'
    """
    return _parse_manifest(_bytes(_folder(folder) / MANIFEST, MANIFEST))


def resources(*, folder: Path | str | None = None) -> list[str]:
    """Names of all resources, in the order of the manifest.

    Raises
    ------
    LifbookError
        If the manifest is missing or not a data package.

    Examples
    --------
    >>> resources()[:4]
    ['2q7n', '1pvh', '1lki', '2d48']
    """
    return list(manifest(folder))


def resource(name: str, *, folder: Path | str | None = None) -> dict[str, Any]:
    """The manifest's entry of one resource: title, licence, sources, schema, sha256.

    Raises
    ------
    LifbookError
        If no resource has this name.

    Examples
    --------
    >>> resource("2q7n")["atoms"]
    5437
    """
    known = manifest(folder)
    if name not in known:
        raise LifbookError.unknown("resource", name, known, file=shown(MANIFEST))
    return known[name]


def contents(name: str, folder: Path | str | None) -> tuple[str, str]:
    """Checked text of a resource, and its path inside the data folder.

    Raises
    ------
    LifbookError
        If the resource is unknown, its file is missing, altered or not UTF-8.

    Examples
    --------
    >>> text, path = contents("references", None)
    >>> path, "@article{Gearing1992," in text
    ('references.bib', True)
    """
    entry = resource(name, folder=folder)
    path = entry["path"]
    raw = _bytes(_folder(folder) / path, path)
    if "sha256:" + _digest(raw) != entry["hash"]:
        raise LifbookError(
            f"the file is not the one that {MANIFEST} describes: {len(raw)} bytes, expected "
            f"{entry['bytes']}, or other contents",
            file=shown(path),
            remedy=RESTORE,
        )
    try:
        return raw.decode("utf-8"), path
    except UnicodeDecodeError:
        raise LifbookError("the text is not UTF-8", file=shown(path), remedy=RESTORE) from None


@functools.lru_cache(maxsize=64)
def _digest(raw: bytes) -> str:
    """SHA-256 of bytes; remembered, because chapters read the same file several times."""
    return hashlib.sha256(raw).hexdigest()


def read_json(name: str, *, folder: Path | str | None = None) -> Any:
    """Contents of a JSON resource.

    Raises
    ------
    LifbookError
        If the resource is unknown, missing, altered, or not JSON.

    Examples
    --------
    >>> read_json("questions-overview")["chapter"]
    'overview'
    """
    text, path = contents(name, folder)
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise LifbookError(
            f"this is not JSON: {error.msg}",
            file=shown(path),
            row=error.lineno,
            remedy="mend the syntax at this line",
        ) from None
