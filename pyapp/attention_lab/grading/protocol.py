"""Values as plain data, for the way between the judge and the runner, where neither trusts the other's code.

Standard library and NumPy only: the runner gets this file as text (see shipping.py).
"""

from __future__ import annotations

import math
import re
from base64 import b64decode, b64encode
from dataclasses import dataclass, field
from math import isfinite, prod
from typing import Any

from numpy import ascontiguousarray, bool_, dtype, floating, frombuffer, integer, ndarray

Array = ndarray[Any, Any]

MAX_NUMBERS = 2_000_000
"""An array with more of them does not travel."""
MAX_VALUES = 20_000
"""So many lists, numbers and texts travel in one value."""
_MAX_DEPTH = 12
_MAX_TEXT = 2_000
_DTYPE = re.compile(r"\|b1|[|<][iu]1|<[iu][248]|<f[248]|<c8|<c16")


class ProtocolError(ValueError):
    """What came is not what encode() makes."""


@dataclass(frozen=True, slots=True)
class Other:
    """A value of a kind that does not travel: only what it is called does."""

    kind: str  # "generator", "numpy.matrix", "array of objects"
    text: str = ""  # how it looks, where that runs no code of the learner's
    shape: tuple[int, ...] | None = None


@dataclass(frozen=True, slots=True)
class Recipe:
    """A function as data: its kind, which the runner knows, and what it is made from."""

    kind: str
    parts: dict[str, Any] = field(default_factory=dict)


def encode(value: Any) -> Any:
    """Return plain data for JSON; no code of the value's own class runs for it."""
    return _encode(value, [MAX_VALUES], 0)


def _encode(value: Any, left: list[int], depth: int) -> Any:
    left[0] -= 1
    kind = type(value)
    if value is None or kind is bool or kind is bool_:
        return None if value is None else bool(value)
    if issubclass(kind, integer) and kind.__module__ == "numpy":
        value, kind = int(value), int
    if issubclass(kind, floating) and kind.__module__ == "numpy":
        value, kind = float(value), float
    if kind is int:
        return value if -(2**63) <= value < 2**63 else {"other": "int", "repr": "a very large whole number"}
    if kind is float:
        return value if isfinite(value) else {"float": repr(value)}
    if kind is str:
        return value[:_MAX_TEXT].encode("utf-8", "replace").decode()
    if kind is ndarray:
        return _encode_array(value)
    if depth < _MAX_DEPTH and left[0] > 0:
        if kind is list or kind is tuple:
            inner = [_encode(each, left, depth + 1) for each in value[: left[0]]]
            return inner if kind is list else {"tuple": inner}
        if kind is dict:
            pairs = list(value.items())[: left[0]]
            return {
                "dict": [
                    [_encode(key, left, depth + 1), _encode(each, left, depth + 1)] for key, each in pairs
                ]
            }
        if kind is Recipe:
            parts = {name: _encode(each, left, depth + 1) for name, each in value.parts.items()}
            return {"function": {"kind": value.kind, "parts": parts}}
    return _encode_other(value, kind)


def _encode_array(array: Array) -> Any:
    little = array.dtype.newbyteorder("<")
    shape = list(array.shape)
    if not _DTYPE.fullmatch(little.str):
        named = "objects" if array.dtype.kind == "O" else str(array.dtype)
        return {"other": f"array of {named}", "repr": "", "shape": shape}
    if array.size > MAX_NUMBERS:
        return {"other": f"array of {array.size} numbers", "repr": "too many to compare", "shape": shape}
    data = b64encode(ascontiguousarray(array, dtype=little).tobytes()).decode("ascii")
    return {"dtype": little.str, "shape": shape, "data": data}


def _encode_other(value: Any, kind: type) -> Any:
    names = vars(type)
    name = names["__name__"].__get__(kind)
    module = kind.__dict__.get("__module__")
    if issubclass(kind, ndarray):  # np.matrix, np.ma.MaskedArray, or one of the learner's own
        shape = list(ndarray.view(value, ndarray).shape)
        return {
            "other": f"numpy.{name}" if str(module).startswith("numpy") else name,
            "repr": "",
            "shape": shape,
        }
    if kind is complex or kind is bytes or kind is set or kind is range:
        return {"other": name, "repr": "" if kind is set else repr(value)[:80]}
    return {"other": name, "repr": ""}


def decode(plain: Any, depth: int = 0) -> Any:
    """Return the value that encode() took; ProtocolError where the data is not of its making."""
    if depth > _MAX_DEPTH + 1:
        raise ProtocolError("lists in lists, too deep")
    if plain is None or isinstance(plain, bool | int | float | str):
        if isinstance(plain, float) and not math.isfinite(plain):
            raise ProtocolError("a number that JSON does not have")
        return plain
    if isinstance(plain, list):
        return [decode(each, depth + 1) for each in plain]
    try:
        return _decode_named(plain, depth)
    except (KeyError, TypeError, ValueError, AttributeError, ArithmeticError) as error:
        raise ProtocolError(f"not a value: {type(error).__name__}") from error


def _decode_named(plain: dict[str, Any], depth: int) -> Any:
    if "data" in plain:
        return _decode_array(plain)
    if "float" in plain:
        return {"nan": math.nan, "inf": math.inf, "-inf": -math.inf}[plain["float"]]
    if "tuple" in plain:
        return tuple(decode(each, depth + 1) for each in plain["tuple"])
    if "dict" in plain:
        return {decode(key, depth + 1): decode(each, depth + 1) for key, each in plain["dict"]}
    if "function" in plain:
        made = plain["function"]
        return Recipe(
            str(made["kind"]), {name: decode(each, depth + 1) for name, each in made["parts"].items()}
        )
    shape = plain.get("shape")
    return Other(
        str(plain["other"])[:200],
        str(plain.get("repr", ""))[:200],
        None if shape is None else tuple(int(each) for each in shape),
    )


def _decode_array(plain: dict[str, Any]) -> Array:
    shape = tuple(plain["shape"])
    if not _DTYPE.fullmatch(plain["dtype"]) or len(shape) > 16:
        raise ProtocolError("not an array")
    if not all(type(length) is int and 0 <= length <= 2**31 for length in shape):
        raise ProtocolError("not a shape")
    kind = dtype(plain["dtype"])
    data = b64decode(plain["data"], validate=True)
    if prod(shape) > MAX_NUMBERS or len(data) != prod(shape) * kind.itemsize:
        raise ProtocolError("an array's data does not fit its shape")
    return frombuffer(data, kind).reshape(shape).copy()
