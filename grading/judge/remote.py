"""The line to a submission's kernel, and what stands here for the objects that live there."""

from __future__ import annotations

import io
import pickle
from typing import Any, Protocol

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
    """Stands in for an object of the submission that is not a plain value; equals only itself."""

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
