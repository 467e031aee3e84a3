"""Right and wrong ways to mask, each as short as it is written in practice: the page shows these lines."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import numpy.typing as npt

from attention import Array, softmax

Allowed = npt.NDArray[np.bool_]


def masked_before(scores: Array, allowed: Allowed) -> Array:
    """Take scores out before softmax: what is not allowed is not there at all."""
    return softmax(np.where(allowed, scores, -np.inf))


def masked_after(scores: Array, allowed: Allowed) -> Array:
    """Strike weights out after softmax, which has counted every key by then."""
    return softmax(scores) * allowed


def renormalised(scores: Array, allowed: Allowed) -> Array:
    """Strike weights out after softmax, and divide what is left by its sum."""
    kept = softmax(scores) * allowed
    with np.errstate(invalid="ignore"):
        weights: Array = kept / kept.sum(axis=-1, keepdims=True)
    return weights


def zeroed_before(scores: Array, allowed: Allowed) -> Array:
    """Put scores of 0 before softmax; but exp(0) is 1, which is a weight."""
    return softmax(scores * allowed)


ORDERS: Mapping[str, Callable[[Array, Allowed], Array]] = {
    "before": masked_before,
    "after": masked_after,
    "renormalised": renormalised,
    "zero": zeroed_before,
}
"""Where the mask comes in."""


def plain_softmax(scores: Array) -> Array:
    """Softmax as it is often written: it refuses nothing."""
    with np.errstate(invalid="ignore"):
        powers = np.exp(scores - scores.max(axis=-1, keepdims=True))
        weights: Array = powers / powers.sum(axis=-1, keepdims=True)
    return weights


def put_in_place(scores: Array, allowed: Allowed, amount: float) -> Array:
    """Write a large negative number in the place of each score that is not allowed."""
    return plain_softmax(np.where(allowed, scores, -amount))


def added(scores: Array, allowed: Allowed, amount: float, dtype: npt.DTypeLike) -> Array:
    """Add a large negative number to each score that is not allowed, in this precision."""
    mask = np.where(allowed, 0.0, -amount).astype(dtype)
    return plain_softmax(scores.astype(dtype) + mask).astype(float)


def step_near(amount: float, dtype: npt.DTypeLike) -> float:
    """Return how far apart neighbouring numbers lie at this size: what is smaller is rounded away."""
    return float(np.spacing(np.asarray(amount, dtype)))


def with_infinity(scores: Array, allowed: Allowed) -> Array:
    """Add minus infinity: where nothing is left, softmax takes infinity from infinity."""
    return plain_softmax(scores + np.where(allowed, 0.0, -np.inf))


def true_may_attend(scores: Array, given: Allowed) -> Array:
    """Read a mask as torch.nn.functional.scaled_dot_product_attention does.

    A row without a key is nan by plain softmax, as here; some versions of PyTorch give zeros.
    """
    return plain_softmax(np.where(given, scores, -np.inf))


def true_may_not(scores: Array, given: Allowed) -> Array:
    """Read a mask as torch.nn.MultiheadAttention does; here, too, a row without a key is nan."""
    return plain_softmax(np.where(given, -np.inf, scores))
