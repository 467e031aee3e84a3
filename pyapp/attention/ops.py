"""Small operations on arrays: softmax, and the entropy of what it gives."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from attention.checks import real_array
from attention.errors import NumberError, ShapeError
from attention.trace import Array

__all__ = ["entropy", "softmax"]

_SUM_TOLERANCE = 1e-4  # wide enough for float32 rows of thousands of weights


def softmax(x: npt.ArrayLike, axis: int = -1, out: Array | None = None) -> Array:
    """Turn scores into weights: none negative, summing to 1 along `axis`.

        softmax(x)_i = exp(x_i) / sum_j exp(x_j)   (used in Vaswani et al. 2017, section 3.2.1, eq. 1)

    The largest score is taken off first. That changes nothing, since only differences count, but keeps exp
    from overflowing, so any finite scores are safe. A score of -inf gets a weight of exactly 0.

    Args:
        x: scores, any shape; finite or -inf.
        axis: the axis that will sum to 1.
        out: where to write the weights, `x` itself if need be; a new array unless given.

    Returns:
        Weights, the shape of `x`.

    Raises:
        NumberError: `softmax needs at least one finite score in each row, row (1,) has none`
        NumberError: `x holds nan, expected finite scores or -inf`
        ShapeError: `x has shape (), expected axis -1 with at least one score`

    >>> softmax([0.1, 0.9, 0.3, 0.2, 0.1]).round(3).tolist()
    [0.153, 0.34, 0.186, 0.169, 0.153]
    """
    x = real_array("x", x)
    _require_axis("x", x, axis, "score")
    largest = x.max(axis=axis, keepdims=True)  # nan or inf anywhere shows here
    for bad, found in ((np.nan, np.isnan(largest)), (np.inf, np.isposinf(largest))):
        if found.any():
            raise NumberError(f"x holds {bad}, expected finite scores or -inf")
    if np.isneginf(largest).any():
        row = tuple(int(i) for i in np.argwhere(np.isneginf(largest.squeeze(axis)))[0])
        raise NumberError(f"softmax needs at least one finite score in each row, row {row or 0} has none")

    with np.errstate(over="ignore"):  # -1e308 - 1e308 is -inf, whose exp is the 0 that it should be
        weights: Array = np.subtract(x, largest, out=out)
    np.exp(weights, out=weights)
    weights /= weights.sum(axis=axis, keepdims=True)
    return weights


def entropy(weights: npt.ArrayLike, axis: int = -1) -> Array:
    """Measure how widely weights are spread, in bits: 0 for a single one, log2(n) for n equal ones.

        H(p) = -sum_j p_j log2 p_j   (Shannon 1948, section 6), with 0 log2 0 = 0

    Args:
        weights: weights that sum to 1 along `axis`, any shape.
        axis: the axis that sums to 1.

    Returns:
        Bits, the shape of `weights` without `axis`.

    Raises:
        NumberError: `weights holds -0.5, expected none below 0`
        NumberError: `weights must sum to 1 along axis -1, got a sum of 2.0`
        ShapeError: `weights has shape (), expected axis -1 with at least one weight`

    >>> entropy([[0.25, 0.25, 0.25, 0.25], [0.0, 1.0, 0.0, 0.0]]).tolist()
    [2.0, 0.0]
    """
    weights = real_array("weights", weights)
    _require_axis("weights", weights, axis, "weight")
    if (weights < 0).any():
        raise NumberError(f"weights holds {weights.min()}, expected none below 0")
    sums = weights.sum(axis=axis)
    if not np.allclose(sums, 1, rtol=0, atol=_SUM_TOLERANCE):
        worst = sums.flat[np.abs(sums - 1).argmax()]
        raise NumberError(f"weights must sum to 1 along axis {axis}, got a sum of {worst}")
    logarithms = np.log2(np.where(weights > 0, weights, 1))  # 0 log2 0 = 0 log2 1 = 0
    bits: Array = np.abs(np.sum(weights * logarithms, axis=axis))
    return bits


def _require_axis(name: str, array: Array, axis: int, what: str) -> None:
    if not -array.ndim <= axis < array.ndim or array.shape[axis] == 0:
        raise ShapeError(f"{name} has shape {array.shape}, expected axis {axis} with at least one {what}")
