"""How long modules and functions are, in lines of code."""

from __future__ import annotations

import ast
import io
import tokenize
from collections.abc import Iterator

#: Lines of a module, all counted, and of a function, only code counted.
MODULE, FUNCTION = 500, 60
#: Stands, with a reason, beside what is longer.
MARK = "# long: "
Function = ast.FunctionDef | ast.AsyncFunctionDef


def lines_of_code(source: str) -> set[int]:
    """Numbers of the lines on which code stands: neither blank nor only a comment."""
    nothing = {
        tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT,
        tokenize.ENCODING, tokenize.ENDMARKER,
    }  # fmt: skip
    return {
        line
        for token in tokenize.generate_tokens(io.StringIO(source).readline)
        if token.type not in nothing
        for line in range(token.start[0], token.end[0] + 1)
    }


def reason(lines: list[str], first: int, last: int) -> bool:
    """Whether one of these lines, counted from 1, says why something is long."""
    return any(line.partition(MARK)[2].strip() for line in lines[max(first - 1, 0) : last])


def functions(source: str) -> Iterator[tuple[str, int, bool]]:
    """Name, lines of code without the docstring, and whether a reason is given, of each function.

    The reason stands on the line above the function, or in its signature.
    """
    code, lines = lines_of_code(source), source.split("\n")
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, Function):
            continue
        begin = min([node.lineno, *(mark.lineno for mark in node.decorator_list)])
        own = {line for line in code if begin <= line <= (node.end_lineno or begin)}
        first = node.body[0]
        if ast.get_docstring(node, clean=False) is not None:
            own -= set(range(first.lineno, (first.end_lineno or first.lineno) + 1))
        yield node.name, len(own), reason(lines, begin - 1, first.lineno - 1)


def too_long(source: str) -> set[str]:
    """Names of the functions that are too long, without a reason; an empty name is the module."""
    lines = source.split("\n")
    found = {name for name, count, why in functions(source) if count > FUNCTION and not why}
    # Of a module: in a line of its own, before anything else or after its docstring.
    tree = ast.parse(source)
    rest = tree.body[ast.get_docstring(tree) is not None :]
    head = rest[0].lineno - 1 if rest else len(lines)
    alone = any(line.startswith(MARK) for line in lines[:head])
    if len(source.splitlines()) > MODULE and not (alone and reason(lines, 1, head)):
        found.add("")
    return found
