"""Whether two values are the same: by type, shape, dtype and then number by number. Nothing is broadcast."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from attention_lab.grading.protocol import Array, Other

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


def described(value: Any) -> str:
    """Say what kind of value it is: `an array (3, 5) of float64`."""
    if isinstance(value, np.ndarray):
        return f"an array {value.shape} of {value.dtype}"
    if isinstance(value, Other):
        shape = f" {value.shape}" if value.shape is not None else ""
        return f"a value of the kind {value.kind}{shape}"
    if value is None:
        return "None"
    if isinstance(value, tuple | list):
        name = "tuple" if isinstance(value, tuple) else "list"
        kinds = {described(each).split(" (")[0] for each in value}
        of = f" of {len(value)}" if len(kinds) != 1 else f" of {len(value)}, each {kinds.pop()}"
        return f"a {name}{of}" if value else f"an empty {name}"
    if isinstance(value, dict):
        return f"a dict with {len(value)} entries"
    names = {bool: "True or False", int: "a whole number", float: "a number", str: "a text"}
    return names.get(type(value), f"a {type(value).__name__}")


def kind_of(value: Any) -> str:
    """The type only: what of the value has to be right before its shape is looked at."""
    if isinstance(value, np.ndarray):
        return "an array"
    if isinstance(value, tuple | list):
        inner = list(dict.fromkeys(kind_of(each) for each in value))
        name = "tuple" if isinstance(value, tuple) else "list"
        if len(inner) == 1 and len(value) > 1:
            plural = inner[0].removeprefix("an ").removeprefix("a ") + "s"
            return f"a {name} of {plural}" if name == "list" else f"a {name} of {len(value)} {plural}"
        return f"a {name} ({', '.join(inner)})" if isinstance(value, tuple) else f"a {name}"
    return described(value)


def _differences(returned: Any, expected: Any, part: tuple[int | str, ...]) -> Any:
    where = f"{_named(part)}: " if part else ""

    def told(stage: str, words: str, cell: tuple[int, ...] | None = None) -> Difference:
        return Difference(stage, where + words, part, cell)

    if isinstance(expected, np.ndarray):
        if not isinstance(returned, np.ndarray):
            yield told("type", f"{_or_none(returned)}, expected {described(expected)}.")
        elif returned.shape != expected.shape:
            yield told("shape", f"the shape is {returned.shape}, expected {expected.shape}.")
        elif not _same_dtype(returned, expected):
            yield told(
                "dtype",
                f"the dtype is {returned.dtype}, expected "
                f"{expected.dtype}{_dtype_advice(returned, expected)}.",
            )
        else:
            cells = np.argwhere(~_close(returned, expected))
            if len(cells):
                cell = tuple(int(each) for each in cells[0])
                place = f"at {list(cell)}" if cell else "it"
                yield told(
                    "values",
                    f"{place} is {_number(returned[cell])}, expected {_number(expected[cell])}; "
                    f"{len(cells)} of {expected.size} differ.",
                    cell,
                )
    elif isinstance(expected, tuple | list):
        if type(returned) is not type(expected):
            yield told("type", f"{_or_none(returned)}, expected {kind_of(expected)}.")
        elif isinstance(expected, tuple) and len(returned) != len(expected):
            yield told("type", f"{described(returned)}, expected {kind_of(expected)}.")
        elif len(returned) != len(expected):
            yield told("shape", f"it holds {len(returned)}, expected {len(expected)}.")
        else:
            for number, (one, other) in enumerate(zip(returned, expected, strict=True)):
                yield from _differences(one, other, (*part, number))
    elif type(returned) is not type(expected) and not (type(returned) is int and type(expected) is float):
        yield told("type", f"{_or_none(returned)}, expected {described(expected)}.")
    elif returned != expected and not (
        isinstance(expected, float) and _close(np.asarray(float(returned)), np.asarray(expected)).all()
    ):
        yield told("values", f"it is {returned!r}, expected {expected!r}.")


def _or_none(value: Any) -> str:
    return "it is None: a `return` is missing" if value is None else f"it is {described(value)}"


def _named(part: tuple[int | str, ...]) -> str:
    names = ("the first", "the second", "the third")
    place = part[0]
    said = names[place] if isinstance(place, int) and place < len(names) else f"number {place}"
    return said + (
        " value" if len(part) == 1 else f" value, its part {', '.join(str(each) for each in part[1:])}"
    )


def _same_dtype(returned: Array, expected: Array) -> bool:
    if expected.dtype.kind in "iu":  # how wide whole numbers are differs between machines
        return returned.dtype.kind in "iu"
    return bool(returned.dtype == expected.dtype)


def _dtype_advice(returned: Array, expected: Array) -> str:
    if expected.dtype.kind == "b":
        return ": a mask of True and False"
    if expected.dtype.kind == "f" and returned.dtype.kind in "iu":
        return ": whole numbers cut off what comes after the point"
    return ""


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
