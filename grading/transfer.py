"""How a value crosses from a submission's kernel to the judge, and a call the other way.

The submission's kernel is not trusted. What it sends is text in JSON that names plain values by
their exact type, and nothing else: reading it runs no code of the sender (no pickle). Everything
that is not a plain value crosses as a note of its type ("opaque"), so that no class written by
a student ever lives in the judge.

What the judge sends (arguments of a call) is trusted and crosses as a pickle, so that tests may
hand over anything, such as a chain of a structure.

Both sides of the sandbox use this module: :mod:`grading.inside.answer` writes with it, the judge
reads. Whatever a submission does to it in its own kernel, it can only change which plain values
it sends.
"""

from __future__ import annotations

import base64
import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

#: Media type of the message that carries a value.
MEDIA_TYPE = "application/vnd.lif.value+json"
#: Largest message, in characters, and deepest nesting.
MAX_CHARACTERS = 8_000_000
MAX_DEPTH = 40
#: Kinds of numpy array that are sent: truth, whole, real, complex, text, bytes, time.
_KINDS = frozenset("biufcUSmM")


class TransferError(ValueError):
    """What a submission's kernel sent is not a message of this module."""


# --- writing a value ------------------------------------------------------------------
def encode(value: Any, depth: int = 0) -> list[Any]:
    """Describe a value in lists and texts that JSON can hold.

    Parameters
    ----------
    value
        Anything. What is not plain, by exact type, is described by the name of its type.

    Returns
    -------
    list
        A tag, then what belongs to it.
    """
    if depth > MAX_DEPTH:
        return ["opaque", "a value nested too deeply", False, []]
    kind, deeper = type(value), depth + 1
    if value is None or value is Ellipsis or value is pd.NA or value is pd.NaT:
        return ["single", repr(value)]
    if kind is bool:
        return ["bool", value]
    if kind is int:
        return ["int", format(value, "x")]
    if kind is float:
        return ["float", value.hex()]
    if kind is complex:
        return ["complex", value.real.hex(), value.imag.hex()]
    if kind is str:
        return ["str", value]
    if kind is bytes:
        return ["bytes", base64.b64encode(value).decode()]
    if kind in _NAMES:
        return [_NAMES[kind], [encode(one, deeper) for one in value]]
    if kind is dict:
        return ["dict", [[encode(k, deeper), encode(v, deeper)] for k, v in value.items()]]
    if kind is np.ndarray:
        return _encode_array(value, deeper)
    if isinstance(value, np.generic) and kind.__module__ == "numpy" and kind is not np.void:
        return ["scalar", _encode_array(np.asarray(value), deeper)]
    if kind is pd.Timestamp and value.tz is None:
        return ["scalar", _encode_array(np.asarray(value.to_datetime64()), deeper)]
    if kind is pd.DataFrame:
        columns = [_encode_column(value.iloc[:, i], deeper) for i in range(value.shape[1])]
        names = [encode(name, deeper) for name in value.columns]
        return ["table", names, columns, _encode_column(value.index, deeper)]
    if kind is pd.Series:
        return [
            "series",
            encode(value.name, deeper),
            _encode_column(value, deeper),
            _encode_column(value.index, deeper),
        ]
    if isinstance(value, pd.Index) and kind.__module__.split(".")[0] == "pandas":
        return ["index", encode(value.name, deeper), _encode_column(value, deeper)]
    bases = [base.__name__ for base in kind.__mro__]
    return ["opaque", kind.__name__, callable(value), bases]


_NAMES: dict[type, str] = {list: "list", tuple: "tuple", set: "set", frozenset: "frozenset"}


def _encode_array(value: np.ndarray, depth: int) -> list[Any]:
    if value.dtype.kind in _KINDS and value.dtype.isnative:
        content = base64.b64encode(np.ascontiguousarray(value).tobytes()).decode()
        return ["array", value.dtype.str, list(value.shape), content]
    flat = [encode(one, depth) for one in value.ravel().tolist()] if value.dtype == object else None
    if flat is None:
        return ["opaque", f"array of {value.dtype}", False, []]
    return ["objects", list(value.shape), flat]


def _encode_column(column: Any, depth: int) -> list[Any]:
    """A column by its type's name and its values, as numpy where that loses nothing."""
    if isinstance(column.dtype, np.dtype) and column.dtype.kind in _KINDS:
        return [str(column.dtype), _encode_array(column.to_numpy(), depth)]
    return [str(column.dtype), ["list", [encode(one, depth) for one in column.tolist()]]]


# --- reading one ----------------------------------------------------------------------
def decode(node: Any, opaque: Callable[[str, bool, list[str]], Any], depth: int = 0) -> Any:
    """Make the value that :func:`encode` described.

    Parameters
    ----------
    node
        What the submission's kernel sent, as read by ``json.loads``. It may be anything.
    opaque
        Makes the stand-in of a value that is not plain, from the name of its type, whether it
        can be called, and the names of its bases.

    Raises
    ------
    TransferError
        If `node` is not such a description.
    """
    if depth > MAX_DEPTH + 5:
        raise TransferError("nested too deeply")
    try:
        return _decode(node, opaque, depth + 1)
    except TransferError:
        raise
    except Exception as error:
        raise TransferError(f"{type(error).__name__}: {error}") from None


def _decode(node: Any, opaque: Callable[..., Any], depth: int) -> Any:
    tag, *rest = node
    if tag == "single":
        return _SINGLES[rest[0]]
    if tag == "bool":
        return rest[0] is True
    if tag == "int":
        return int(rest[0], 16)
    if tag == "float":
        return float.fromhex(rest[0])
    if tag == "complex":
        return complex(float.fromhex(rest[0]), float.fromhex(rest[1]))
    if tag == "str":
        return "" + rest[0]
    if tag == "bytes":
        return base64.b64decode(rest[0])
    if tag in _MAKERS:
        return _MAKERS[tag](decode(one, opaque, depth) for one in rest[0])
    if tag == "dict":
        return {decode(k, opaque, depth): decode(v, opaque, depth) for k, v in rest[0]}
    if tag == "array":
        return _decode_array(*rest)
    if tag == "objects":
        shape = tuple(int(n) for n in rest[0])
        flat = np.empty(len(rest[1]), dtype=object)
        for place, one in enumerate(rest[1]):
            flat[place] = decode(one, opaque, depth)
        return flat.reshape(shape)
    if tag == "scalar":
        array = decode(rest[0], opaque, depth)
        return array[()] if array.dtype.kind != "M" else pd.Timestamp(array[()])
    if tag == "table":
        names = [decode(name, opaque, depth) for name in rest[0]]
        columns = [_decode_column(column, opaque, depth) for column in rest[1]]
        table = pd.DataFrame(dict(enumerate(columns)))
        table.columns = names
        table.index = pd.Index(_decode_column(rest[2], opaque, depth))
        return table
    if tag == "series":
        column = _decode_column(rest[1], opaque, depth)
        index = pd.Index(_decode_column(rest[2], opaque, depth))
        return column.set_axis(index).rename(decode(rest[0], opaque, depth))
    if tag == "index":
        return pd.Index(_decode_column(rest[1], opaque, depth), name=decode(rest[0], opaque, depth))
    if tag == "opaque":
        name, can_call, bases = rest
        return opaque(str(name)[:80], can_call is True, [str(base)[:80] for base in bases[:20]])
    raise TransferError(f"unknown tag {str(tag)[:40]!r}")


_SINGLES = {"None": None, "Ellipsis": Ellipsis, repr(pd.NA): pd.NA, repr(pd.NaT): pd.NaT}
_MAKERS = {"list": list, "tuple": tuple, "set": set, "frozenset": frozenset}


def _decode_array(dtype: str, shape: list[int], content: str) -> np.ndarray:
    kind = np.dtype(dtype)
    if kind.kind not in _KINDS or kind.hasobject:
        raise TransferError(f"an array of {dtype} is not a plain value")
    sizes = tuple(int(n) for n in shape)
    raw = base64.b64decode(content)
    if min(sizes, default=0) < 0 or math.prod(sizes) * kind.itemsize != len(raw):
        raise TransferError("an array's shape does not fit its content")
    return np.frombuffer(raw, dtype=kind).reshape(sizes).copy()


def _decode_column(column: list[Any], opaque: Callable[..., Any], depth: int) -> pd.Series:
    dtype, node = column
    values = decode(node, opaque, depth)
    made: pd.Series
    if type(values) is np.ndarray:
        made = pd.Series(values)
    else:
        try:
            made = pd.Series(values, dtype=dtype)
        except (TypeError, ValueError):
            made = pd.Series(values, dtype=object)
    return made
