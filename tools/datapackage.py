"""Rewrite size and SHA-256 of the files that ``data/datapackage.json`` lists.

Run by ``make datapackage`` after a file under ``data/`` has been changed on purpose. It
refuses to go on when a file is not listed, or a listed one is not there: what a file is,
where it comes from and who reads it has to be written by hand.

With ``--check`` nothing is written; the exit status is 1 if something would change.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from pathlib import Path

DATA = Path(__file__).resolve().parent.parent / "data"
MANIFEST = "datapackage.json"


def files_on_disk(data: Path) -> set[str]:
    """Paths, relative to ``data``, of everything that has to be listed."""
    return {
        path.relative_to(data).as_posix()
        for path in data.rglob("*")
        if path.is_file() and path.name != MANIFEST and not path.name.startswith(".")
    }


def problems(data: Path, package: dict) -> list[str]:
    """What has to be put right by hand, one sentence each."""
    listed = [resource["path"] for resource in package["resources"]]
    names = [resource["name"] for resource in package["resources"]]
    there = files_on_disk(data)
    found = [
        f"data/{path} is not listed: add a resource with name, title, path, licenses, "
        f"sources and usedBy to data/{MANIFEST}"
        for path in sorted(there - set(listed))
    ]
    found += [
        f"data/{path} is listed but missing: restore it or take it out of data/{MANIFEST}"
        for path in sorted(set(listed) - there)
    ]
    for kind, values in (("path", listed), ("name", names)):
        found += [
            f"the {kind} '{value}' is listed twice in data/{MANIFEST}"
            for value in sorted({value for value in values if values.count(value) > 1})
        ]
    return found


def refresh(data: Path, package: dict) -> list[str]:
    """Set ``bytes`` and ``hash`` of each resource; return the names that changed."""
    changed = []
    for resource in package["resources"]:
        raw = (data / resource["path"]).read_bytes()
        new = {"bytes": len(raw), "hash": "sha256:" + hashlib.sha256(raw).hexdigest()}
        if any(resource.get(key) != value for key, value in new.items()):
            resource.update(new)
            changed.append(resource["name"])
    return changed


def main(arguments: list[str] | None = None) -> int:
    """Command line; returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="write nothing")
    parser.add_argument("--data", type=Path, default=DATA, help="data folder")
    options = parser.parse_args(arguments)

    manifest = options.data / MANIFEST
    package = json.loads(manifest.read_text(encoding="utf-8"))
    found = problems(options.data, package)
    if found:
        print("\n".join(found), file=sys.stderr)
        return 1

    changed = refresh(options.data, package)
    if not changed:
        print(f"data/{MANIFEST}: {len(package['resources'])} files, all up to date")
        return 0
    print(f"data/{MANIFEST}: {'would change' if options.check else 'updated'}: "
          f"{', '.join(changed)}")
    if options.check:
        return 1
    text = json.dumps(package, indent=2, ensure_ascii=False) + "\n"
    manifest.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
