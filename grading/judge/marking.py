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
import pickle
import warnings
from collections.abc import Iterable
from typing import Any, Protocol

from nbformat.notebooknode import NotebookNode
from nbformat.v4 import new_output

from grading.checks import CheckError


class SubmissionError(CheckError):
    """The submission has no answer: a name is missing, its kernel stopped, or it sent nonsense."""


class RemoteError(Exception):
    """A student's function raised; `remote_name` and `remote_names` are the exception's classes."""

    def __init__(self, name: str, text: str, names: list[str]) -> None:
        super().__init__(text)
        self.remote_name = name
        self.remote_names = names


class Line(Protocol):
    """The line to the submission's kernel."""

    def ask(self, path: list[str], arguments: bytes | None) -> Any:
        """Fetch the object at a path, or what calling it with pickled arguments returns.

        Raises
        ------
        SubmissionError
            If there is none.
        RemoteError
            If it raised.
        """


class Remote:
    """Stands in for an object of the submission that is no plain value. It equals nothing else."""

    def __init__(self, line: Line, path: list[str] | None, kind: str, can_call: bool) -> None:
        self._line = line
        self._path = path
        self._kind = kind
        self._can_call = can_call
        self.__name__ = path[-1] if path else kind
        self.__doc__ = None

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        """Call the student's function in its own kernel."""
        if self._path is None or not self._can_call:
            raise CheckError(f"{self.__name__} is {self._told()} and cannot be called")
        return self._line.ask(self._path, _pickled((arguments, named)))

    def __getattr__(self, name: str) -> Any:
        path = self.__dict__.get("_path")
        if name.startswith("_") or path is None:
            raise AttributeError(name)
        try:
            return self._line.ask([*path, name], None)
        except RemoteError as error:
            raise AttributeError(str(error)) from None

    def _told(self) -> str:
        return "a function" if self._kind == "function" else f"a value of type {self._kind}"

    def __repr__(self) -> str:
        return f"<{self._told()} of the submission>"


class _Pickler(pickle.Pickler):
    """Writes arguments; a stand-in is written as the path of the student's own object."""

    def persistent_id(self, value: Any) -> Any:
        return value._path if type(value) is Remote else None


def _pickled(value: Any) -> bytes:
    out = io.BytesIO()
    _Pickler(out, protocol=5).dump(value)
    return out.getvalue()


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

        What depends on an answer that is missing is left out, for it is no fault of the set.

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
        if tree.body and isinstance(tree.body[-1], ast.Expr):
            last = ast.Expression(tree.body.pop().value)
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            exec(compile(tree, "<test>", "exec"), self.names)
            result = eval(compile(last, "<test>", "eval"), self.names) if last else None
        return result, printed.getvalue()

    @staticmethod
    def _read(source: str) -> set[str]:
        """Names that a cell reads."""
        return {node.id for node in ast.walk(ast.parse(_plain(source)))
                if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}

    def _fetch(self, source: str) -> None:
        """Put the answers that a cell reads, as they are now, among its names."""
        for name in sorted((self._read(source) & self.answers) - self._own):
            self.names.pop(name, None)
            try:
                self.names[name] = self.line.ask([name], None)
            except KeyError:
                continue  # a NameError says so, if the test gets there


def _error(name: str, text: str) -> NotebookNode:
    return new_output("error", ename=name, evalue=text, traceback=[f"{name}: {text}"])


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
        If it is no Python.
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
    closed = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda, ast.ListComp,
              ast.SetComp, ast.DictComp, ast.GeneratorExp)
    for node in nodes:
        yield node
        if not isinstance(node, closed):
            yield from _top_level(ast.iter_child_nodes(node))
