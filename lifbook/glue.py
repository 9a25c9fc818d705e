"""Put computed values into the text: ``glue("name", value)``, then ``{glue:text}`name` ``.

The same record that ``myst_nb.glue`` writes, without Sphinx, which a reader's own kernel
(Binder, Pyodide) does not have.
"""

from __future__ import annotations

from IPython.display import display

PREFIX = "application/papermill.record/"


def glue(name: str, value: object) -> None:
    """Store a value in the notebook under a name, as the text that the page shall print."""
    display(
        {f"{PREFIX}text/plain": value if isinstance(value, str) else repr(value)},
        metadata={"scrapbook": {"name": name, "mime_prefix": PREFIX}},
        raw=True,
    )


def glue_all(**values: object) -> None:
    """Store several values at once."""
    for name, value in values.items():
        glue(name, value)
