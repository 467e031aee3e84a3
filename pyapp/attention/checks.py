"""Checks that name the argument, made at each door of the package so that the maths need not look."""

from __future__ import annotations

import math
import operator
from contextlib import suppress
from typing import Any

import numpy as np
import numpy.typing as npt

from attention.errors import ConfigError, NumberError, ShapeError
from attention.trace import Array

_PIECE = 8192  # numbers: for more than 10,000, BLAS may wake a second thread, which takes longer than the sum


def real_array(name: str, values: npt.ArrayLike) -> Array:
    """Return `values` as float32 if they are that, else as float64; complex numbers and text are refused."""
    _require_given(name, values, "real numbers")
    try:
        array = np.asarray(values)
    except ValueError as error:
        raise ShapeError(f"{name} must be a full rectangle of numbers: {error}") from error
    if array.dtype.kind not in "biuf":
        raise NumberError(f"{name} must hold real numbers, got dtype {array.dtype}")
    return array if array.dtype == np.float32 else array.astype(np.float64, copy=False)


def length_of(array: Array) -> float:
    """Return sqrt(sum of squares), without a copy; nan or inf if one of the numbers is."""
    flat = array.ravel(order="K")
    pieces = (flat[start : start + _PIECE] for start in range(0, flat.size, _PIECE))
    return math.sqrt(sum(float(np.vdot(piece, piece)) for piece in pieces))


def require_finite(name: str, array: Array, hint: str = "expected finite numbers") -> None:
    """Refuse nan and infinities, naming the first one and where it stands."""
    if math.isfinite(length_of(array)):  # the quick way, which numbers near the largest fail
        return
    if not np.isfinite(array).all():
        index = tuple(int(i) for i in np.argwhere(~np.isfinite(array))[0])
        raise NumberError(f"{name} holds {array[index]} at {index}, {hint}")


def refuse_overflow(name: str, result: Array) -> None:
    """Refuse what finite input can still come to."""
    if not math.isfinite(length_of(result)):
        require_finite(name, result, hint=f"too large for {result.dtype}: start from smaller numbers")


def refuse_mask(**rows: npt.ArrayLike | None) -> None:
    """Refuse rows of True and False: who passes them has a mask in mind."""
    for name, values in rows.items():
        kind = "unknown"
        with suppress(ValueError):  # what is no rectangle is refused by others, in their words
            kind = np.asarray(values).dtype.kind
        if kind == "b":
            raise NumberError(f"{name} holds True and False, expected numbers: did you mean mask=?")


def require_matrix(name: str, array: npt.NDArray[Any], rows: str, columns: str) -> None:
    """Refuse an array without its last two axes, or with one of them empty."""
    if array.ndim < 2:
        raise ShapeError(f"{name} must end in the axes ({rows}, {columns}), got shape {array.shape}")
    if 0 in array.shape[-2:]:
        raise ShapeError(f"{name} has {rows if array.shape[-2] == 0 else columns} 0, expected at least 1")


def real_rows(name: str, rows: npt.ArrayLike, axis: str, d_model: int) -> Array:
    """Return finite rows (..., `axis`, d_model)."""
    array = real_array(name, rows)
    require_matrix(name, array, axis, "d_model")
    if array.shape[-1] != d_model:
        raise ShapeError(f"{name} has d_model {array.shape[-1]}, expected {d_model}")
    require_finite(name, array)
    return array


def require_broadcast(**arrays: Array) -> None:
    """Refuse leading axes (batch, heads, ...) that do not broadcast with each other."""
    leads = {name: array.shape[:-2] for name, array in arrays.items()}
    try:
        np.broadcast_shapes(*leads.values())
    except ValueError:
        first, *others = (f"{name} {lead}" for name, lead in leads.items())
        first = first.replace(" ", " has leading axes ", 1)
        raise ShapeError(f"{first}, {' and '.join(others)}: they do not broadcast with each other") from None


def head_size(d_model: int, n_heads: int) -> int:
    """Return d_k = d_model / n_heads, which must be whole."""
    n_heads = whole_number("n_heads", n_heads, 1)
    if d_model % n_heads:
        choices = " or ".join(str(n) for n in range(1, d_model + 1) if d_model % n == 0)
        raise ConfigError(f"n_heads {n_heads} does not divide d_model {d_model}: choose {choices}")
    return d_model // n_heads


def number_or_nan(value: object) -> float:
    """Return a real number as a float, and nan for anything that is none: the caller refuses that.

    Python reads True as 1.0 and "0.5" as 0.5; here they are no numbers.
    """
    try:
        if np.asarray(value).dtype.kind in "bSU":
            return math.nan
        return float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError, OverflowError):
        return math.nan


def positive_number(name: str, value: float) -> float:
    """Return `value` as a float above 0."""
    number = number_or_nan(value)
    if not 0 < number < math.inf:
        raise NumberError(f"{name} must be a finite number above 0, got {value!r}")
    return number


def whole_number(name: str, value: object, low: int, high: int | None = None) -> int:
    """Return `value` as an int within `low` to `high`, both included."""
    expected = f"{name} must be a whole number " + (
        f"from {low} to {high}" if high is not None else f"of at least {low}"
    )
    if isinstance(value, (bool, np.bool_)):
        raise ConfigError(f"{expected}, got {value!r}")
    try:
        number = operator.index(value)  # type: ignore[arg-type]
    except TypeError:
        raise ConfigError(f"{expected}, got {value!r}") from None
    if number < low or (high is not None and number > high):
        raise ConfigError(f"{expected}, got {number}")
    return number


def whole_numbers(name: str, values: npt.ArrayLike, below: int) -> npt.NDArray[np.integer[Any]]:
    """Return at least one whole number from 0 to `below` - 1: ids of rows, or of classes."""
    _require_given(name, values, "whole numbers")
    try:
        array = np.asarray(values)
    except ValueError as error:
        raise ShapeError(f"{name} must be a full rectangle of whole numbers: {error}") from error
    if array.size == 0:
        raise ShapeError(f"{name} has shape {array.shape}, expected at least one whole number")
    if array.dtype.kind not in "iu":
        raise NumberError(f"{name} must hold whole numbers, got dtype {array.dtype}")
    outside = (array < 0) | (array >= below)
    if outside.any():
        index = tuple(int(i) for i in np.argwhere(outside)[0])
        raise NumberError(
            f"{name} holds {array[index]} at {index}, expected whole numbers from 0 to {below - 1}"
        )
    return array


def flag(name: str, value: object) -> bool:
    """Return `value`, which is True or False: a number is no answer to yes or no."""
    if not isinstance(value, bool | np.bool_):
        shown = repr(value) if value is None or np.isscalar(value) else type(value).__name__
        raise ConfigError(f"{name} must be True or False, got {shown}")
    return bool(value)


def require_kind(name: str, value: object, kind: type, hint: str) -> None:
    """Refuse an object of another class than the one that belongs here."""
    if not isinstance(value, kind):
        raise ConfigError(f"{name} must be of the class {kind.__name__}, got {type(value).__name__}: {hint}")


def one_of(name: str, value: str, choices: tuple[str, ...]) -> Any:
    """Return `value`, which is one of `choices`."""
    if value not in choices:
        raise ConfigError(f"{name} must be {' or '.join(map(repr, choices))}, got {value!r}")
    return value


def _require_given(name: str, values: object, expected: str) -> None:
    if values is None:
        raise NumberError(f"{name} is None, expected {expected}")
