"""What the judge calls in the submission's kernel: it sends an object, or what calling it returns.

Whatever a submission does to this module, it can only change which plain values it sends
(:mod:`grading.transfer`).
"""

from __future__ import annotations

import gc
import io
import json
import pickle
from typing import Any

from grading import transfer


class _Unpickler(pickle.Unpickler):
    """Reads the judge's arguments; a stand-in becomes the student's own object again."""

    def persistent_load(self, pid: Any) -> Any:
        return _follow(pid)


def _follow(path: list[Any]) -> Any:
    """The object at a path: a name of the notebook, then attributes."""
    from IPython import get_ipython

    name, *attributes = path
    value = get_ipython().user_ns[name]
    for attribute in attributes:
        value = getattr(value, attribute)
    return value


def answer(path: list[str], inbox: str | None = None) -> None:
    """Send the object at a path, or, with an inbox, what calling it returns.

    Parameters
    ----------
    path
        A name of the notebook, then attributes.
    inbox
        File with the pickled arguments, read-only here.
    """
    from IPython.display import display

    try:
        value = _follow(path)
    except KeyError:
        message: dict[str, Any] = {"missing": True}
    except Exception as error:
        message = _raised(error)
    else:
        message = {}
        if inbox is not None:
            arguments, named = _arguments(inbox)
            try:
                value = value(*arguments, **named)
            except Exception as error:
                message = _raised(error)
    if not message:
        try:
            message = {"value": transfer.encode(value)}
        except Exception as error:
            message = _raised(error)
    text = json.dumps(message)
    if len(text) > transfer.MAX_CHARACTERS:
        text = json.dumps({"value": ["opaque", f"{type(value).__name__} (too large)", False, []]})
    display({transfer.MEDIA_TYPE: text}, raw=True)


def _arguments(inbox: str) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """The arguments of a call.

    A structure is a hundred thousand objects, none of them garbage: the collector would go
    through them again and again, and take three quarters of the time.
    """
    collects = gc.isenabled()
    gc.disable()
    try:
        with open(inbox, "rb") as file:
            loaded: tuple[tuple[Any, ...], dict[str, Any]] = _Unpickler(
                io.BytesIO(file.read())
            ).load()
            return loaded
    finally:
        if collects:
            gc.enable()


def _raised(error: Exception) -> dict[str, Any]:
    names = [kind.__name__ for kind in type(error).__mro__]
    return {"error": [type(error).__name__, str(error)[:500], names]}
