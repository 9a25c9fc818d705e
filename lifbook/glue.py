"""Put computed values into the text: ``glue("name", value)``, then ``{glue:text}`name` ``.

The same record that ``myst_nb.glue`` writes, without Sphinx, which a reader's own kernel
(Binder, Pyodide) does not have.
"""

from __future__ import annotations

import numpy as np
from IPython.display import display

PREFIX = "application/papermill.record/"


def glue(name: str, value: object) -> None:
    """Store a value in the notebook under a name.

    The page prints numbers as Python writes them; to fix the places after the point, give a
    string (``f"{value:.2f}"``). NumPy's numbers are stored as plain ones.

    Parameters
    ----------
    name
        Name by which the text calls the value; unique in the book.
    value
        What the text shows.
    """
    plain = value.item() if isinstance(value, np.generic) else value
    display(
        {f"{PREFIX}text/plain": repr(plain)},
        metadata={"scrapbook": {"name": name, "mime_prefix": PREFIX}},
        raw=True,
    )


def glue_all(**values: object) -> None:
    """Store several values at once."""
    for name, value in values.items():
        glue(name, value)
