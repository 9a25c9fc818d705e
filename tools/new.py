"""Write the skeleton of a new chapter, widget or table, which passes all tests as it is.

Usage: python tools/new.py chapter NAME     chapters/NAME.ipynb, its questions, its line in _toc.yml
       python tools/new.py widget NAME      its Python and JavaScript, its name in widgets/__init__.py
       python tools/new.py table FILE       the entry of data/FILE.csv, drafted from the file
"""

from __future__ import annotations

import csv
import json
import keyword
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import datapackage
import nbformat
import pandas as pd
import yaml

ROOT = Path(__file__).resolve().parent.parent
TEMPLATES = Path(__file__).with_name("templates")
#: Where a table is read. Tests do not count: a table is there for readers.
READERS = ("chapters/*.ipynb", "lifbook/**/*.py", "book/ext/**/*.py")
#: The package that passes the widgets on.
WIDGETS = "lifbook.page.widgets"
NAME = r"[a-z][a-z0-9]*(_[a-z0-9]+)*"


class Refused(Exception):
    """What cannot be made, and what to do."""


def title(name: str) -> str:
    """``tidal_range`` as a heading: ``Tidal Range``."""
    return name.replace("_", " ").title()


def usable(name: str, *taken: Path) -> str:
    """The name, if files can have it and none of these is there yet."""
    if not re.fullmatch(NAME, name) or keyword.iskeyword(name):
        raise Refused(
            f"'{name}' is not a name: use small letters, digits and single underscores, a letter first"
        )
    for path in taken:
        if path.exists():
            raise Refused(
                f"{path.relative_to(ROOT)} is there already: choose another name, or change that file"
            )
    return name


def write(path: Path, text: str) -> None:
    """Write a file and say so."""
    path.write_text(text, "utf-8")
    print(f"  {path.relative_to(ROOT)}")


# --- a table --------------------------------------------------------------------------------
def field(column: str, cells: pd.Series) -> dict[str, Any]:
    """Entry of a column: its type, and what holds for every cell.

    Parameters
    ----------
    column
        Its name.
    cells
        Its cells as they are written, ``""`` where nothing stands.
    """
    there = cells[cells != ""]
    limits: dict[str, Any] = {}
    if len(there) == len(cells):
        limits["required"] = True
    found: dict[str, Any] = {
        "name": column,
        "type": "string",
        "title": title(column),
        "description": f"{title(column)}: say what it is, and in which unit",
    }
    if column.endswith("citations"):
        found["description"] = "Citation keys, joined by semicolons; the primary paper comes first"
        limits["pattern"] = "[A-Za-z][A-Za-z0-9]*(;[A-Za-z][A-Za-z0-9]*)*"
        return found | {"constraints": limits, "bibKeys": True}
    for kind, form in (("integer", r"-?\d+"), ("number", r"-?\d+(\.\d+)?([eE]-?\d+)?")):
        if len(there) and there.str.fullmatch(form).all():
            found["type"] = kind
            if pd.to_numeric(there).min() >= 0:
                limits["minimum"] = 0
            break
    if column == "id":
        limits["unique"] = True
    return found | ({"constraints": limits} if limits else {})


def readers(name: str) -> list[str]:
    """Pages and modules that read a table: its name stands in quotes in their code."""
    asked = re.compile(rf"""["']{re.escape(name)}\\?["']""")
    found = []
    for pattern in READERS:
        for path in sorted(ROOT.glob(pattern)):
            if asked.search(path.read_text("utf-8")):
                user = path.relative_to(ROOT)
                found.append((user.with_suffix("") if path.suffix == ".ipynb" else user).as_posix())
    return found


def sources(keys: list[str]) -> list[dict[str, str]]:
    """Title and address of each work with a DOI that a list of citation keys names."""
    from pybtex.database import parse_file

    works = parse_file(ROOT / "data" / "references.bib").entries
    if unknown := [key for key in keys if key not in works]:
        raise Refused(f"'{unknown[0]}' is not in data/references.bib: add the work there first")
    found = []
    for key in dict.fromkeys(keys):
        fields = works[key].fields
        if "doi" in fields:
            names = works[key].persons["author"]
            who = " ".join([*names[0].prelast_names, *names[0].last_names]).strip("{}")
            others = " et al." if len(names) > 1 else ""
            where = re.sub(r"[{}]", "", fields.get("journal", fields["title"]))
            words = f"{who}{others} {fields.get('year', '')}".strip()
            found.append({"title": f"{words}, {where}", "path": f"https://doi.org/{fields['doi']}"})
    return found


def new_table(name: str) -> None:
    """Draft the entry of a table in data/datapackage.json."""
    path = ROOT / "data" / f"{Path(name).name.removesuffix('.csv')}.csv"
    name = usable(path.stem)
    if not path.is_file():
        raise Refused(
            f"data/{path.name} is not there: write the table first, a heading for each column"
        )
    manifest = ROOT / "data" / datapackage.MANIFEST
    package = json.loads(manifest.read_text("utf-8"))
    if any(entry["name"] == name for entry in package["resources"]):
        raise Refused(f"data/{datapackage.MANIFEST} has an entry '{name}' already: change that one")
    with path.open(newline="", encoding="utf-8") as stream:
        rows = list(csv.reader(stream))
    if len(rows) < 2 or len({len(row) for row in rows}) != 1 or not all(rows[0]):
        raise Refused(
            f"data/{path.name} is not a table: a heading for each column, then rows as long as it"
        )
    table = pd.DataFrame(rows[1:], columns=rows[0], dtype=str)
    fields = [field(column, table[column]) for column in table]
    cited = [
        key
        for one in fields
        if one.get("bibKeys")
        for cell in table[one["name"]]
        for key in cell.split(";")
        if key
    ]
    if not (works := sources(cited)):
        raise Refused(
            f"data/{path.name} does not say where its rows come from: give it a column "
            "'citations' with keys of data/references.bib, one of which has a DOI"
        )
    if not (users := readers(name)):
        raise Refused(
            f'nothing reads the table: write data.read_table("{name}") where it is used, then run this again'
        )
    schema: dict[str, Any] = {"fields": fields}
    if "id" in table and table["id"].is_unique:
        schema["primaryKey"] = "id"
    package["resources"].append({
        "name": name, "profile": "tabular-data-resource", "title": title(name),
        "description": f"{title(name)}: say in a sentence what a row is and how it was chosen.",
        "path": path.name, "format": "csv", "mediatype": "text/csv", "encoding": "utf-8",
        "licenses": [datapackage.LICENCE], "sources": works, "usedBy": users,
        "schema": schema | {"missingValues": [""]},
    })  # fmt: skip
    write(manifest, datapackage.written(package))
    datapackage.main(["--data", str(ROOT / "data")])


# --- a widget -------------------------------------------------------------------------------
def new_widget(name: str) -> None:
    """Write Python and JavaScript of a widget, and name it in the package of the widgets."""
    folder = ROOT / "lifbook" / "page" / "widgets"
    usable(name, folder / f"{name}.py", folder / f"{name}.js")
    kind = title(name).replace(" ", "")
    # The functions that all widgets share, as a script beside theirs imports them.
    dom = next(folder.parent.glob("*/dom.js"), None)
    if dom is None:
        raise Refused(
            "lifbook/page has no folder with dom.js: put the name of its folder right here"
        )
    shared = f"#{dom.relative_to(folder.parent).as_posix()}"
    for ending in ("py", "js"):
        text = (TEMPLATES / f"widget.{ending}").read_text("utf-8").replace("CLASS", kind)
        text = text.replace("TITLE", title(name)).replace("DOM", shared)
        write(folder / f"{name}.{ending}", text)
    package = folder / "__init__.py"
    text = package.read_text("utf-8")
    line = f"from {WIDGETS}.{name} import {kind}"
    lines = text.split("\n")
    first = next(at for at, found in enumerate(lines) if found.startswith(f"from {WIDGETS}."))
    last = max(at for at, found in enumerate(lines) if found.startswith(f"from {WIDGETS}."))
    lines[first : last + 1] = sorted(
        [*lines[first : last + 1], line], key=lambda one: one.split()[1]
    )
    text = "\n".join(lines)
    text = text.replace("__all__ = [\n", f'__all__ = [\n    "{kind}",\n')
    begin = text.index("__all__ = [\n") + len("__all__ = [\n")
    end = text.index("]", begin)
    # Classes first, then functions, each by the alphabet, as ruff sorts them.
    names = sorted(text[begin:end].splitlines(), key=lambda one: (one.strip('" ,').islower(), one))
    write(package, text[:begin] + "\n".join(names) + "\n" + text[end:])
    tool([str(ROOT / "tools" / "assets.py"), "--bundles"])


# --- a chapter ------------------------------------------------------------------------------
def new_chapter(name: str) -> None:
    """Write a short chapter without widgets, its questions, and its line in the table of contents."""
    notebook, questions = (
        ROOT / "chapters" / f"{name}.ipynb",
        ROOT / "data" / "questions" / f"{name}.json",
    )
    usable(name, notebook, questions)

    def filled(template: str) -> str:
        text = (TEMPLATES / template).read_text("utf-8")
        return text.replace("NAME", name).replace("TITLE", title(name))

    told = json.loads(filled("chapter.json"))
    cells = []
    for number, cell in enumerate(told["cells"]):
        make = (
            nbformat.v4.new_code_cell if cell["type"] == "code" else nbformat.v4.new_markdown_cell
        )
        cells.append(
            make(
                "\n".join(cell["source"]),
                id=f"{re.sub('[^a-z]', '', name)[:10]}-{number:03d}",
                metadata={"tags": cell["tags"]} if "tags" in cell else {},
            )
        )
    book = nbformat.v4.new_notebook(cells=cells, metadata={"lif": told["lif"]})
    write(questions, filled("questions.json"))
    datapackage.main(["--data", str(ROOT / "data")])
    toc = ROOT / "_toc.yml"
    text = toc.read_text("utf-8")
    pages = [entry["file"] for entry in yaml.safe_load(text)["parts"][0]["chapters"]]
    line = f"      - file: {pages[-1]}\n"
    write(toc, text.replace(line, f"{line}      - file: chapters/{name}\n"))
    nbformat.write(book, notebook)
    print(f"  {notebook.relative_to(ROOT)}")
    tool([str(ROOT / "tools" / "refresh.py"), str(notebook)])


def tool(command: list[str]) -> None:
    """Run another of our commands; stops where it fails."""
    if subprocess.run([sys.executable, *command], cwd=ROOT, check=False).returncode:
        raise Refused(
            f"'{Path(command[0]).name}' failed: put right what it says, then run it again"
        )


MAKE = {"chapter": new_chapter, "widget": new_widget, "table": new_table}


def main(arguments: list[str]) -> int:
    """Make what is asked for; returns the exit code."""
    if len(arguments) != 2 or arguments[0] not in MAKE or not arguments[1]:
        print(
            "make: say what it is called: make new-chapter NAME=name, make new-widget NAME=name, "
            "make new-table FILE=name.csv",
            file=sys.stderr,
        )
        return 2
    try:
        MAKE[arguments[0]](arguments[1])
    except Refused as why:
        print(f"make: {why}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
