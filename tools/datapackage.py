"""Rewrite size and SHA-256 of the files that ``data/datapackage.json`` lists.

Run by ``make datapackage`` after a file under ``data/`` has been changed on purpose. It
refuses to go on when a file is not listed, or a listed one is not there: what a file is,
where it comes from and who reads it has to be written by hand. (Of a question file all this is
known, and of a table ``make new-table`` drafts it.)

With ``--check`` nothing is written; the exit status is 1 if something would change.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from pathlib import Path

LICENCE = {
    "name": "CC-BY-4.0",
    "title": "Creative Commons Attribution 4.0 International",
    "path": "https://creativecommons.org/licenses/by/4.0/",
}
#: What the questions of a new chapter go back to, until its own source is written there.
SOURCE = {
    "title": "Gearing et al. 1987, EMBO J 6:3995-4002",
    "path": "https://doi.org/10.1002/j.1460-2075.1987.tb02742.x",
}
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


def questions(data: Path, package: dict) -> list[str]:
    """List question files that are not listed yet; all that is to be said of one stands in it.

    Returns their names.
    """
    listed = {resource["path"] for resource in package["resources"]}
    added = []
    for path in sorted(data.glob("questions/*.json")):
        place = path.relative_to(data).as_posix()
        contents = json.loads(path.read_text("utf-8")) if place not in listed else {}
        if "chapter" not in contents:
            continue
        package["resources"].append(
            {
                "name": f"questions-{contents['chapter']}",
                "title": f"Quiz questions: {contents['title']}",
                "description": "Questions with an explanation for every answer, "
                "in the format of questions/schema.json.",
                "type": "json",
                "path": place,
                "format": "json",
                "mediatype": "application/json",
                "encoding": "utf-8",
                "licenses": [LICENCE],
                "sources": [SOURCE],
                "usedBy": [f"chapters/{contents['chapter']}"],
            }
        )
        added.append(f"questions-{contents['chapter']}")
    return added


def written(package: dict) -> str:
    """The package as text."""
    return json.dumps(package, indent=2, ensure_ascii=False) + "\n"


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
    questions(options.data, package)
    found = problems(options.data, package)
    if found:
        print("\n".join(found), file=sys.stderr)
        return 1

    changed = refresh(options.data, package)
    if not changed:
        print(f"data/{MANIFEST}: {len(package['resources'])} files, all up to date")
        return 0
    print(
        f"data/{MANIFEST}: {'would change' if options.check else 'updated'}: {', '.join(changed)}"
    )
    if options.check:
        return 1
    manifest.write_text(written(package), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
