"""Rate laws as they are written in a table, compiled to one function."""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence

from lifbook.errors import LifbookError

_OPERATORS = (ast.Add, ast.Sub, ast.Mult, ast.Div, ast.Pow)


def _check_arithmetic(node: ast.AST, names: frozenset[str]) -> None:
    """Raise ValueError on anything but numbers, known names, + - * / ** and the sign."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, _OPERATORS):
        _check_arithmetic(node.left, names)
        _check_arithmetic(node.right, names)
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        _check_arithmetic(node.operand, names)
    elif isinstance(node, ast.Name):
        if node.id not in names:
            raise ValueError(f"'{node.id}' is neither a species nor a parameter nor an input")
    elif not (isinstance(node, ast.Constant) and type(node.value) in (int, float)):
        raise ValueError(f"'{ast.unparse(node)}' is not arithmetic")


def compile_rates(
    rates: Sequence[str], names: Sequence[str], file: str
) -> Callable[..., tuple[float, ...]]:
    """A function of some numbers that returns all rates; nothing but arithmetic gets into it.

    Parameters
    ----------
    rates
        Expressions with + - * / ** and `names`.
    names
        Species, inputs and parameters, in the order in which the function takes them.
    file
        Where the rates are written, one in each row, for errors.

    Raises
    ------
    LifbookError
        A rate with an unknown name, or one that is not arithmetic.

    Examples
    --------
    >>> binding = compile_rates(["k * LIF * LIFR"], ["LIF", "LIFR", "k"], "reactions.csv")
    >>> binding(2.0, 3.0, 0.5)
    (3.0,)
    """
    allowed = frozenset(names)
    bodies = []
    for row, rate in enumerate(rates, start=1):
        try:
            body = ast.parse(rate, mode="eval").body
            _check_arithmetic(body, allowed)
        except (SyntaxError, ValueError) as error:
            reason = error.msg if isinstance(error, SyntaxError) else str(error)
            raise LifbookError(
                f"the rate '{rate}' cannot be used: {reason}",
                file=file,
                row=row,
                column="rate",
                remedy="write it with + - * / ** and the names of the tables",
            ) from None
        bodies.append(body)
    arguments = ast.arguments(
        posonlyargs=[],
        args=[ast.arg(name) for name in names],
        kwonlyargs=[],
        kw_defaults=[],
        defaults=[],
    )
    function = ast.Expression(ast.Lambda(arguments, ast.Tuple(bodies, ast.Load())))
    code = compile(ast.fix_missing_locations(function), file, "eval")
    # Nothing but the arithmetic that was checked above is evaluated.
    compiled: Callable[..., tuple[float, ...]] = eval(code, {"__builtins__": {}})
    return compiled
