"""What nbgrader says while it works, in case it fails."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Iterator


class Heard(logging.Handler):
    """Keeps what nbgrader logs instead of showing it.

    Parameters
    ----------
    name
        Name of the logger, `log`, that is handed to nbgrader.
    """

    def __init__(self, name: str) -> None:
        super().__init__(logging.WARNING)
        self.lines: list[str] = []
        self.log = logging.getLogger(name)
        self.log.propagate = False

    def emit(self, record: logging.LogRecord) -> None:
        """Keep one line."""
        self.lines.append(record.getMessage())

    @contextlib.contextmanager
    def hear(self) -> Iterator[None]:
        """Listen for a while."""
        self.log.addHandler(self)
        try:
            yield
        finally:
            self.log.removeHandler(self)

    @contextlib.contextmanager
    def or_fail(self) -> Iterator[None]:
        """Listen; if nbgrader gives up, fail with all that it said.

        Raises
        ------
        RuntimeError
            Whatever nbgrader raised.
        """
        with self.hear():
            try:
                yield
            except Exception:
                raise RuntimeError("\n".join(self.lines)) from None

    def last(self) -> str:
        """The last line of the last error's traceback."""
        for line in reversed(self.lines):
            if "Traceback" in line:
                return line.strip().splitlines()[-1]
        return self.lines[-1] if self.lines else ""
