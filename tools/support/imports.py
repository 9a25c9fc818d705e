"""What code uses of modules: read from the sources of modules and notebooks, without running them."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

#: Our modules in code that stands in a text.
IMPORT = re.compile(r"\b(?:from|import) ((?:lifbook|grading)(?:\.\w+)*)(?: import ([\w, ]+))?")
#: Files in which Python stands.
CODE = (".py", ".ipynb")


def codes(path: Path) -> Iterator[str]:
    """Python in a file: a module, or the cells of a notebook."""
    if path.suffix == ".py":
        yield path.read_text("utf-8")
    elif path.suffix == ".ipynb":
        for cell in json.loads(path.read_text("utf-8"))["cells"]:
            if cell["cell_type"] == "code":
                lines = "".join(cell["source"]).split("\n")
                yield "\n".join(line for line in lines if not line.lstrip().startswith(("%", "!")))


def package(path: str) -> list[str]:
    """Names of the package that a file of Python lies in."""
    return list(PurePosixPath(path).parent.parts)


@dataclass
class Said:
    """What a file of Python, or a notebook, says in its code.

    Parameters
    ----------
    names
        What it uses of modules, as full names (``lifbook.page.widgets.link``); one that ends in
        ``.*`` means all that the module has.
    passed
        Local name -> full name, of what it imports and does not use itself: a package passes it on.
    texts
        Texts in its code.
    """

    names: set[str] = field(default_factory=set)
    passed: dict[str, str] = field(default_factory=dict)
    texts: set[str] = field(default_factory=set)


def imports(node: ast.Import | ast.ImportFrom, inside: list[str]) -> dict[str, str]:
    """Local name -> full name, of an import in a module of this package."""
    if isinstance(node, ast.Import):
        # `import a.b` binds `a`; that a.b is meant is seen where it is used, or by this entry.
        return {alias.asname or alias.name: alias.name for alias in node.names}
    above = inside[: len(inside) + 1 - node.level] if node.level else []
    place = ".".join([*above, *([node.module] if node.module else [])])
    return {alias.asname or alias.name: f"{place}.{alias.name}" for alias in node.names}


def top_level(code: str) -> set[str]:
    """Top-level modules that Python code imports, wherever in it."""
    found = set()
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.split(".")[0])
    return found


def chain(node: ast.Attribute | ast.Name) -> str | None:
    """``a.b.c``, or ``None`` if it does not begin with a name."""
    words: list[str] = []
    while isinstance(node, ast.Attribute):
        words.append(node.attr)
        node = node.value  # type: ignore[assignment]
    return ".".join([node.id, *reversed(words)]) if isinstance(node, ast.Name) else None


def chains(tree: ast.AST) -> Iterator[str]:
    """Every name in a tree with all attributes that are asked of it, each once, at full length."""
    inner = set()
    for node in ast.walk(tree):  # from outside inwards
        if isinstance(node, ast.Attribute) or (isinstance(node, ast.Name) and node not in inner):
            if node not in inner and (found := chain(node)):
                yield found
            if isinstance(node, ast.Attribute):
                inner.add(node.value)


def said(path: Path, inside: Iterable[str] = ()) -> Said:
    """What a file uses of modules, and the texts in its code; nothing of a file that is not code.

    Parameters
    ----------
    path
        The file.
    inside
        The package it lies in, for imports such as ``from . import name``.
    """
    try:
        return uses([ast.parse(code) for code in codes(path)], list(inside))
    except (SyntaxError, ValueError, KeyError):  # the tests will say so
        return Said()


def uses(trees: list[ast.Module], inside: list[str]) -> Said:
    """What code uses of modules; all trees share their names, as cells of a notebook do."""
    told, bound = Said(), dict[str, str]()
    for tree in trees:
        for node in ast.walk(tree):
            if isinstance(node, ast.Import | ast.ImportFrom):
                bound |= imports(node, inside)
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                told.texts.add(node.value)
                told.names |= for_a_kernel(node.value)
    used = set()
    for found in (found for tree in trees for found in chains(tree)):
        words = found.split(".")
        for end in range(len(words), 0, -1):
            if (name := ".".join(words[:end])) in bound:
                used.add(name)
                rest = words[end:]
                # Alone, or asked for what it has, it may be used for anything.
                alone = not rest or rest[0] in ("__all__", "__dict__")
                told.names.add(f"{bound[name]}.*" if alone else ".".join([bound[name], *rest]))
                break
    told.passed = {name: full for name, full in bound.items() if name not in used}
    return told


def for_a_kernel(text: str) -> set[str]:
    """What code in a text uses of our modules: of a part that is not whole, all that it imports."""
    if not (found := IMPORT.findall(text)):
        return set()
    try:
        told = uses([ast.parse(text)], [])
        return told.names | {f"{full}.*" for full in told.passed.values()}
    except (SyntaxError, ValueError):
        return {
            f"{name}.*"
            for first, more in found
            for name in ([f"{first}.{one.strip()}" for one in more.split(",")] if more else [first])
        }
