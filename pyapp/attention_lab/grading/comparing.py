"""Whether two values are the same: by type, shape, dtype and then number by number. Nothing is broadcast."""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from typing import Any

import numpy as np

from attention_lab.grading.protocol import Array, Other
from attention_lab.kit.texts import lazy

STAGES = ("type", "shape", "dtype", "values")
_RELATIVE, _ABSOLUTE = 1e-7, 1e-9
_LOOSE = 1e-4  # of what is computed in float32


@dataclass(frozen=True, slots=True, eq=False)
class Difference:
    """The first thing in which a value is not as expected."""

    stage: str  # one of STAGES
    words: str
    part: tuple[int | str, ...] = ()  # where in a tuple, list or dict
    cell: tuple[int, ...] | None = None  # the first cell that differs


def difference(returned: Any, expected: Any) -> Difference | None:
    """Return the first difference, in the order of STAGES over all parts; None where there is none."""
    found = list(_differences(returned, expected, ()))
    return min(found, key=lambda each: STAGES.index(each.stage), default=None)


_NONE = lazy("None")
_ONE = {
    np.ndarray: lazy("an array"),
    bool: lazy("True or False"),
    int: lazy("a whole number"),
    float: lazy("a number"),
    str: lazy("a text"),
}
_LIST_OF = {
    np.ndarray: lazy("a list of arrays"),
    bool: lazy("a list of True and False"),
    int: lazy("a list of whole numbers"),
    float: lazy("a list of numbers"),
    str: lazy("a list of texts"),
}


def described(value: Any) -> str:
    """Say what kind of value it is: `an array (3, 5) of float64`."""
    if isinstance(value, np.ndarray):
        return lazy("an array {shape} of {dtype}", shape=value.shape, dtype=value.dtype)
    if isinstance(value, Other):
        if value.shape is None:
            return lazy("a value of the kind {kind}", kind=value.kind)
        return lazy("a value of the kind {kind} {shape}", kind=value.kind, shape=value.shape)
    if isinstance(value, tuple | list):
        return _described_row(value)
    if isinstance(value, dict):
        return lazy("a dict with {n} entries", n=len(value))
    if value is None:
        return _NONE
    return _ONE.get(type(value)) or lazy("a value of the kind {kind}", kind=type(value).__name__)


def _described_row(value: tuple[Any, ...] | list[Any]) -> str:
    alone = isinstance(value, tuple)
    if not value:
        return lazy("an empty tuple") if alone else lazy("an empty list")
    kinds = {_ONE[np.ndarray] if isinstance(each, np.ndarray) else described(each) for each in value}
    if len(kinds) != 1:
        return lazy("a tuple of {n}", n=len(value)) if alone else lazy("a list of {n}", n=len(value))
    told = {"n": len(value), "kind": kinds.pop()}
    return (
        lazy("a tuple of {n}, each {kind}", **told) if alone else lazy("a list of {n}, each {kind}", **told)
    )


def kind_of(value: Any) -> str:
    """The type only: what of the value has to be right before its shape is looked at."""
    if isinstance(value, np.ndarray):
        return _ONE[np.ndarray]
    if isinstance(value, list):
        kinds = {type(each) for each in value}
        return _LIST_OF.get(kinds.pop(), lazy("a list")) if len(kinds) == 1 < len(value) else lazy("a list")
    if isinstance(value, tuple):
        kinds = {type(each) for each in value}
        if kinds == {np.ndarray} and len(value) > 1:
            return lazy("a tuple of {n} arrays", n=len(value))
        return lazy("a tuple ({kinds})", kinds=reduce(_beside, dict.fromkeys(map(kind_of, value)), ""))
    return described(value)


def _beside(one: str, other: str) -> str:
    return lazy("{one}, {other}", one=one, other=other) if one else other


def _differences(returned: Any, expected: Any, part: tuple[int | str, ...]) -> Any:
    def told(stage: str, words: str, cell: tuple[int, ...] | None = None) -> Difference:
        if part:
            words = lazy("{where}: {words}", where=_named(part), words=words)
        return Difference(stage, words, part, cell)

    if isinstance(expected, np.ndarray):
        if not isinstance(returned, np.ndarray):
            yield told("type", _is_but(returned, described(expected)))
        elif returned.shape != expected.shape:
            words = lazy(
                "the shape is {shape}, expected {expected}.", shape=returned.shape, expected=expected.shape
            )
            yield told("shape", words)
        elif not _same_dtype(returned, expected):
            yield told("dtype", _dtype_words(returned, expected))
        elif not np.array_equal(returned, expected):
            cells = np.argwhere(~_close(returned, expected))
            if len(cells):
                cell = tuple(int(each) for each in cells[0])
                yield told("values", _cell_words(returned, expected, cell, len(cells)), cell)
    elif isinstance(expected, tuple | list):
        if type(returned) is not type(expected):
            yield told("type", _is_but(returned, kind_of(expected)))
        elif isinstance(expected, tuple) and len(returned) != len(expected):
            words = lazy(
                "{given}, expected {expected}.", given=described(returned), expected=kind_of(expected)
            )
            yield told("type", words)
        elif len(returned) != len(expected):
            words = lazy("it holds {n}, expected {expected}.", n=len(returned), expected=len(expected))
            yield told("shape", words)
        else:
            for number, (one, other) in enumerate(zip(returned, expected, strict=True)):
                yield from _differences(one, other, (*part, number))
    elif type(returned) is not type(expected) and not (type(returned) is int and type(expected) is float):
        yield told("type", _is_but(returned, described(expected)))
    elif returned != expected and not (
        isinstance(expected, float) and _close(np.asarray(float(returned)), np.asarray(expected)).all()
    ):
        words = lazy("it is {given}, expected {expected}.", given=repr(returned), expected=repr(expected))
        yield told("values", words)


def _is_but(value: Any, expected: str) -> str:
    if value is None:
        return lazy("it is None: a `return` is missing, expected {expected}.", expected=expected)
    return lazy("it is {given}, expected {expected}.", given=described(value), expected=expected)


def _cell_words(returned: Array, expected: Array, cell: tuple[int, ...], differ: int) -> str:
    told = {
        "given": _number(returned[cell]),
        "expected": _number(expected[cell]),
        "n": differ,
        "all": expected.size,
    }
    if not cell:
        return lazy("it is {given}, expected {expected}; {n} of {all} differ.", **told)
    return lazy("at {cell} is {given}, expected {expected}; {n} of {all} differ.", cell=list(cell), **told)


_PARTS = (lazy("the first value"), lazy("the second value"), lazy("the third value"))


def _named(part: tuple[int | str, ...]) -> str:
    place = part[0]
    value = (
        _PARTS[place]
        if isinstance(place, int) and place < len(_PARTS)
        else lazy("number {place} value", place=place)
    )
    if len(part) == 1:
        return value
    return lazy("{value}, its part {part}", value=value, part=", ".join(str(each) for each in part[1:]))


def _same_dtype(returned: Array, expected: Array) -> bool:
    if expected.dtype.kind in "iu":  # how wide whole numbers are differs between machines
        return returned.dtype.kind in "iu"
    return bool(returned.dtype == expected.dtype)


def _dtype_words(returned: Array, expected: Array) -> str:
    told = {"given": returned.dtype, "expected": expected.dtype}
    if expected.dtype.kind == "b":
        return lazy("the dtype is {given}, expected {expected}: a mask of True and False.", **told)
    if expected.dtype.kind == "f" and returned.dtype.kind in "iu":
        return lazy(
            "the dtype is {given}, expected {expected}: whole numbers cut off what comes after the point.",
            **told,
        )
    return lazy("the dtype is {given}, expected {expected}.", **told)


def _close(returned: Array, expected: Array) -> Array:
    """Where two arrays of one shape hold the same numbers, nan and inf in the same places."""
    if expected.dtype.kind not in "fc":
        return np.asarray(returned == expected)
    relative = _LOOSE if expected.dtype.itemsize < 8 else _RELATIVE
    with np.errstate(invalid="ignore", over="ignore"):
        near = np.abs(returned - expected) <= _ABSOLUTE + relative * np.abs(expected)
    both = np.isfinite(returned) & np.isfinite(expected)
    alike = (returned == expected) | (np.isnan(returned) & np.isnan(expected))
    return np.asarray(np.where(both, near, alike))


def _number(value: Any) -> str:
    return str(value) if isinstance(value, np.bool_ | np.integer) else f"{value:.6g}"
