"""Weights in a quarter of their bytes: whole numbers from -127 to 127, and one scale for each row.

    w_ij ~ scale_i * q_ij,  scale_i = max_j |w_ij| / 127   (Dettmers et al. 2022, section 2.1, absmax, by row)

One large number in a row would leave few steps for the others. Such a row keeps its numbers in float16, as
Dettmers et al. 2022, section 3.2, do with columns of activations.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from attention.checks import real_array, require_finite
from attention.errors import WeightsError
from attention.trace import Array

__all__ = ["dequantise", "quantise"]

SCALE, KEPT, KEPT_ROWS = ".scale", ".kept", ".kept_rows"
_BESIDE = (SCALE, KEPT, KEPT_ROWS)  # what stands beside a matrix in int8, under its name

_LARGEST = 127
_OUTLIER = 8.0  # times the root mean square of a row: from here on the row is kept

Stored = npt.NDArray[Any]


def quantise(state: Mapping[str, npt.ArrayLike]) -> dict[str, Stored]:
    """Write each matrix as int8 with a scale for each row, and everything else as float16.

        q_ij = round(w_ij / scale_i)   (Dettmers et al. 2022, section 2.1)

    Rows whose largest number is more than 8 times their root mean square come in float16.

    Args:
        state: arrays by name.

    Returns:
        What `save` writes and `dequantise` reads. For each matrix NAME (rows, columns): NAME in int8,
        "NAME.scale" (rows,) in float16, "NAME.kept" (n_kept, columns) in float16 and "NAME.kept_rows"
        (n_kept,), which rows these are. Other arrays in float16.

    Raises:
        NumberError: `w_q holds nan at (0, 2), expected finite numbers`
        NumberError: `b_q holds inf at (2,), too large for float16`

    >>> small = quantise({"w": [[63.5, -25.0], [0.0, 0.0]]})
    >>> small["w"].tolist(), small["w.scale"].tolist()
    ([[127, -50], [0, 0]], [0.5, 0.0])
    """
    found: dict[str, Stored] = {}
    for name, values in state.items():
        array = real_array(name, values)
        require_finite(name, array)
        found |= _matrix(name, array) if array.ndim == 2 else {name: _half(name, array)}
    return found


def dequantise(stored: Mapping[str, Stored]) -> dict[str, Array]:
    """Turn what `quantise` wrote back into float32.

        w_ij = scale_i * q_ij   (Dettmers et al. 2022, section 2.1)

    Args:
        stored: arrays by name, as `load` reads them; float16, float32 and float64 come through as float32.

    Returns:
        Arrays by name, all in float32.

    Raises:
        WeightsError: `w_q is int8, but w_q.scale is missing`
        WeightsError: `w_q.scale has shape (3,), expected (4,): one number for each row of w_q`
        WeightsError: `w_q.kept_rows holds 9, but w_q has 4 rows`
        WeightsError: `w_q has dtype int64, expected int8, float16 or float32`

    >>> dequantise(quantise({"w": [[63.5, -25.2], [0.0, 0.0]]}))["w"].tolist()
    [[63.5, -25.0], [0.0, 0.0]]
    """
    found: dict[str, Array] = {}
    for name, array in stored.items():
        of = next((name.removesuffix(end) for end in _BESIDE if name.endswith(end)), None)
        if of in stored:
            continue
        if array.dtype == np.int8:
            found[name] = _by_row(name, stored)
        elif array.dtype.kind == "f":
            found[name] = array.astype(np.float32, copy=False)
        else:
            raise WeightsError(f"{name} has dtype {array.dtype}, expected int8, float16 or float32")
    return found


def _matrix(name: str, matrix: Array) -> dict[str, Stored]:
    largest = np.abs(matrix).max(axis=1, initial=0)  # (rows,)
    spread = np.sqrt((matrix * matrix).mean(axis=1)) if matrix.size else largest  # (rows,)
    kept = np.flatnonzero(largest > _OUTLIER * spread)  # (n_kept,)
    scale = _half(f"{name}{SCALE}", largest / _LARGEST)  # (rows,)
    divisor = np.where(scale > 0, scale, 1).astype(matrix.dtype)  # (rows,)   rows of 0 stay 0
    whole = np.clip(np.rint(matrix / divisor[:, None]), -_LARGEST, _LARGEST)  # (rows, columns)
    whole[kept] = 0
    return {
        name: whole.astype(np.int8),
        name + SCALE: scale,
        name + KEPT: _half(name, matrix[kept]),
        name + KEPT_ROWS: kept.astype(np.int32),
    }


def _by_row(name: str, stored: Mapping[str, Stored]) -> Array:
    whole = stored[name]
    if missing := [name + end for end in _BESIDE if name + end not in stored]:
        raise WeightsError(f"{name} is int8, but {missing[0]} is missing")
    scale, kept, kept_rows = (stored[name + end] for end in _BESIDE)
    _require_shape(name + SCALE, scale, "f", whole.shape[:1], f"one number for each row of {name}")
    _require_shape(
        name + KEPT_ROWS, kept_rows, "i", kept.shape[:1], f"one number for each row of {name}{KEPT}"
    )
    _require_shape(name + KEPT, kept, "f", (len(kept), *whole.shape[1:]), f"rows of {name}")
    if outside := [int(row) for row in kept_rows if not 0 <= row < len(whole)]:
        raise WeightsError(f"{name}{KEPT_ROWS} holds {outside[0]}, but {name} has {len(whole)} rows")
    rows = whole.astype(np.float32)  # (rows, columns)
    rows *= scale.astype(np.float32)[:, None]
    rows[kept_rows] = kept
    return rows


def _require_shape(name: str, array: Stored, kind: str, shape: tuple[int, ...], what: str) -> None:
    if array.shape != shape:
        raise WeightsError(f"{name} has shape {array.shape}, expected {shape}: {what}")
    if array.dtype.kind != kind:
        raise WeightsError(
            f"{name} has dtype {array.dtype}, expected {'whole' if kind == 'i' else 'real'} numbers"
        )


def _half(name: str, array: Array) -> npt.NDArray[np.float16]:
    with np.errstate(over="ignore"):  # what overflows is refused by name
        half = array.astype(np.float16)
    require_finite(name, half, hint="too large for float16")
    return half
