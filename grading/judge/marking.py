"""Where marks are decided: outside of the submission's kernel.

A test cell is never sent to the kernel that runs a submission. It runs here, with the imports
and parameters of the problem set's own locked cells; the names that a student was to define are
fetched from the submission's kernel as plain values (:mod:`grading.transfer`), and a student's
function is called there with the test's arguments. So a submission can neither read a hidden
test or an expected value, nor change how it is judged: it can only answer.
"""

from __future__ import annotations

import ast
import contextlib
import io
import warnings
from collections.abc import Iterable
from typing import Any

from nbformat.notebooknode import NotebookNode
from nbformat.v4 import new_output

from grading.judge.remote import Line, RemoteError


class Judge:
    """Runs a problem set's own cells on a submission's answers.

    Parameters
    ----------
    answers
        Names that the submission defines.
    line
        To the submission's kernel.
    """

    def __init__(self, answers: Iterable[str], line: Line) -> None:
        self.answers = frozenset(answers)
        self.line = line
        self.names: dict[str, Any] = {"__name__": "__main__"}
        #: Names that the set's own cells bind: never taken from the submission.
        self._own: set[str] = set()

    def set_up(self, source: str) -> None:
        """Run a locked cell: imports and parameters.

        What depends on an answer that is missing is left out, for the set is not to blame.

        Raises
        ------
        RuntimeError
            If the set's own cell fails by itself: nobody can be marked fairly then.
        """
        try:
            self._run(source)
        except Exception as error:
            if not self._read(source) & self.answers:
                first = source.strip().split("\n")[0]
                raise RuntimeError(
                    f"a cell of the problem set fails ('{first[:60]}'): "
                    f"{type(error).__name__}: {error}"
                ) from None

    def mark(self, source: str) -> list[NotebookNode]:
        """Run a test cell; returns its outputs, from which nbgrader takes the mark.

        The traceback is the message alone: the lines of a hidden test stay hidden.
        """
        try:
            result, printed = self._run(source)
        except AssertionError as error:
            return [_error("Not right", str(error) or "a test did not pass")]
        except NameError as error:
            name = getattr(error, "name", None)
            text = f"'{name}' is not defined: its cell is missing, or stopped with an error"
            return [_error("Not defined", text if name else str(error))]
        except RemoteError as error:
            return [_error("Not right", f"your function stopped: {error.remote_name}: {error}")]
        except Exception as error:
            # a value of the wrong kind, in a test that calculates with it
            return [_error("Not right", f"{type(error).__name__}: {error}")]
        outputs = []
        if printed:
            outputs.append(new_output("stream", name="stdout", text=printed[:10_000]))
        if result is not None:
            data = {"text/plain": repr(result)[:10_000]}
            outputs.append(new_output("execute_result", data=data, execution_count=1))
        return outputs

    def _run(self, source: str) -> tuple[Any, str]:
        """Execute; returns the value of the last expression, and what was printed."""
        tree = ast.parse(_plain(source))
        self._own |= bound_names(source)
        self._fetch(source)
        last = None
        if tree.body and isinstance(final := tree.body[-1], ast.Expr):
            tree.body.pop()
            last = ast.Expression(final.value)
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            exec(compile(tree, "<test>", "exec"), self.names)
            result = eval(compile(last, "<test>", "eval"), self.names) if last else None
        return result, printed.getvalue()

    @staticmethod
    def _read(source: str) -> set[str]:
        """Names that a cell reads."""
        return {
            node.id
            for node in ast.walk(ast.parse(_plain(source)))
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
        }

    def _fetch(self, source: str) -> None:
        """Put the answers that a cell reads, as they are now, among its names."""
        for name in sorted((self._read(source) & self.answers) - self._own):
            self.names.pop(name, None)
            try:
                self.names[name] = self.line.ask([name], None)
            except KeyError:
                continue  # a NameError says so, if the test gets there


def _error(name: str, text: str) -> NotebookNode:
    made: NotebookNode = new_output("error", ename=name, evalue=text, traceback=[f"{name}: {text}"])
    return made


def _plain(source: str) -> str:
    """A cell without IPython's magics."""
    return "\n".join(
        "" if line.lstrip().startswith(("%", "!")) else line for line in source.split("\n")
    )


def bound_names(source: str) -> set[str]:
    """Names that a cell binds at its top level: assignments, functions, classes, imports.

    Raises
    ------
    SyntaxError
        If it is not Python.
    """
    found: set[str] = set()
    for node in _top_level(ast.parse(_plain(source)).body):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            found.add(node.name)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            found |= {(name.asname or name.name).split(".")[0] for name in node.names}
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found.add(node.id)
    return found


def _top_level(nodes: Iterable[ast.AST]) -> Iterable[ast.AST]:
    """All nodes except those inside functions, classes, lambdas and comprehensions."""
    closed = (
        ast.FunctionDef,
        ast.AsyncFunctionDef,
        ast.ClassDef,
        ast.Lambda,
        ast.ListComp,
        ast.SetComp,
        ast.DictComp,
        ast.GeneratorExp,
    )
    for node in nodes:
        yield node
        if not isinstance(node, closed):
            yield from _top_level(ast.iter_child_nodes(node))
