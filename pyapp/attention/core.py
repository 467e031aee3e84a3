"""Scaled dot-product attention: the one place where it is computed.

    Attention(Q, K, V) = softmax(Q K^T / sqrt(d_k) + M) V   (Vaswani et al. 2017, section 3.2.1, eq. 1)

`trace_attention` takes the equation step by step, one line for each, and returns every intermediate.
`scaled_dot_product_attention` is the same call without the trace.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from contextlib import suppress
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from attention.calls import explained
from attention.checks import (
    length_of,
    number_or_nan,
    real_array,
    refuse_mask,
    refuse_overflow,
    require_broadcast,
    require_finite,
    require_matrix,
)
from attention.errors import FullyMaskedRowError, NumberError, ShapeError
from attention.masks import additive, as_mask_or_bias, checked_mask
from attention.ops import softmax
from attention.trace import Array, AttentionTrace, Mask, PartialTrace

__all__ = [
    "Intervention",
    "checked_qkv",
    "checked_scale",
    "of_one_dtype",
    "overwriting_attention",
    "scaled_dot_product_attention",
    "scores_shape",
    "stays_in_range",
    "trace_attention",
]

Intervention: TypeAlias = Callable[[Array], npt.ArrayLike]
"""Takes weights (..., n_heads, seq_q, seq_k), its own copy, and returns the weights to use instead."""


@np.errstate(over="ignore", invalid="ignore")  # what overflows is refused by name
@explained
def trace_attention(
    q: npt.ArrayLike,
    k: npt.ArrayLike,
    v: npt.ArrayLike,
    mask: npt.ArrayLike | None = None,
    *,
    bias: npt.ArrayLike | None = None,
    causal: bool = False,
    scale: float | None = None,
    intervene: Intervention | None = None,
) -> AttentionTrace:
    """Let each query gather values, weighted by how well it fits each key, and keep every step.

        softmax(Q K^T / sqrt(d_k) + M) V   (Vaswani et al. 2017, section 3.2.1, eq. 1; M from section 3.2.3)

    Leading axes (batch, heads, ...) broadcast against each other. The result is float32 if q, k and v all
    are, else float64. nan and infinities are refused rather than passed on, and so are finite numbers too
    large to multiply.

    Args:
        q: queries (..., seq_q, d_k).
        k: keys (..., seq_k, d_k).
        v: values (..., seq_k, d_v).
        mask: boolean (True = may attend), 0/1 integers, or floating (added); broadcasts to (..., seq_q,
            seq_k).
        bias: numbers that are added besides, or instead: those that a mask of 0 and 1 would leave in doubt.
        causal: let each query attend to its own key and to those before it; the last query stands at the last
            key, so that fewer queries than keys are the last of them.
        scale: what the raw scores are multiplied by; 1 / sqrt(d_k) unless given.
        intervene: called with a copy of the weights (..., seq_q, seq_k); what it returns multiplies v
            instead, and stands in the trace.

    Returns:
        AttentionTrace, with scores and weights (..., seq_q, seq_k) and head_outputs (..., seq_q, d_v).

    Raises:
        ShapeError: `q has d_k 16, but k has d_k 12`; `k has seq_k 5, but v has seq_k 7`
        NumberError: `q holds nan at (0, 2), expected finite numbers`; `raw_scores holds inf at (0, 0), too
            large for float64: start from smaller numbers`
        MaskError: `this looks like a 0/1 mask: pass mask.astype(bool), or ...`
        FullyMaskedRowError: `the mask leaves no key for query row 2 (counted from 0): ...`
        ArgumentError: `attn_mask is called mask here, ...`

    >>> keys, values = [[1, 0, 1], [0, 1, 0], [1, 1, 1]], [[10, 20, 30], [1, 2, 3], [5, 10, 15]]
    >>> trace = trace_attention([[1, 0, 1]], keys, values, scale=1)
    >>> trace.raw_scores.tolist(), trace.weights.round(3).tolist(), trace.head_outputs.round(2).tolist()
    ([[2.0, 0.0, 2.0]], [[0.468, 0.063, 0.468]], [[7.09, 14.18, 21.26]])
    """
    q, k, v, mask, scale = _checked(q, k, v, mask, bias, causal, scale)

    raw_scores = q @ k.swapaxes(-1, -2)  # (..., n_heads, seq_q, seq_k)
    scaled_scores = raw_scores * scale  # (..., n_heads, seq_q, seq_k)
    masked_scores = scaled_scores + additive(mask, q.dtype)  # (..., n_heads, seq_q, seq_k)
    _check_scores(q, k, v, raw_scores, scaled_scores, mask, masked_scores, scale)

    weights = softmax(masked_scores)  # (..., n_heads, seq_q, seq_k)
    if intervene is not None:
        weights[...] = _checked_weights(intervene(weights.copy()), weights.shape)

    head_outputs = weights @ v  # (..., n_heads, seq_q, d_v)
    refuse_overflow("head_outputs", head_outputs)
    return AttentionTrace(
        q, k, v, raw_scores, scaled_scores, mask, masked_scores, weights, head_outputs, scale
    )


@np.errstate(over="ignore", invalid="ignore")  # what overflows is refused by name
@explained
def scaled_dot_product_attention(
    Q: npt.ArrayLike,
    K: npt.ArrayLike,
    V: npt.ArrayLike,
    mask: npt.ArrayLike | None = None,
    *,
    bias: npt.ArrayLike | None = None,
    causal: bool = False,
    scale: float | None = None,
) -> tuple[Array, Array]:
    """Compute attention and return only its result: `trace_attention` minus the trace.

        Attention(Q, K, V) = softmax(Q K^T / sqrt(d_k)) V   (Vaswani et al. 2017, section 3.2.1, eq. 1)

    Args:
        Q: queries (..., seq_q, d_k).
        K: keys (..., seq_k, d_k).
        V: values (..., seq_k, d_v).
        mask: boolean (True = may attend), 0/1 integers, or floating (added); broadcasts to (..., seq_q,
            seq_k).
        bias, causal, scale: as for `trace_attention`.

    Returns:
        (output (..., seq_q, d_v), weights (..., seq_q, seq_k)), the caller's own to change.

    Raises:
        ShapeError, NumberError, MaskError, FullyMaskedRowError, ArgumentError: as `trace_attention`, for
            instance `q has d_k 16, but k has d_k 12`

    >>> output, weights = scaled_dot_product_attention([[0, 0]], [[1, 2], [3, 4]], [[6], [8]])
    >>> output.tolist(), weights.tolist()
    ([[7.0]], [[0.5, 0.5]])
    """
    q, k, v, mask, scale = _checked(Q, K, V, mask, bias, causal, scale)
    if stays_in_range(q, k, v, scale):
        with suppress(NumberError):  # of softmax, at a row without a key: the trace can name it
            return overwriting_attention(q, k, v, additive(mask, q.dtype), scale)
    trace = trace_attention(q, k, v, **as_mask_or_bias(mask), scale=scale)
    return trace.head_outputs.copy(), trace.weights.copy()


def overwriting_attention(q: Array, k: Array, v: Array, added: Array, scale: float) -> tuple[Array, Array]:
    """Take the steps of `trace_attention`, each of which writes over the one before, and look at none.

        softmax(Q K^T / sqrt(d_k) + M) V   (Vaswani et al. 2017, section 3.2.1, eq. 1)

    Nobody checks the scores here, so the call must be one that `stays_in_range`.

    Args:
        q, k, v: (..., seq_q, d_k), (..., seq_k, d_k) and (..., seq_k, d_v), of one dtype.
        added: the mask in additive form; a single 0 for none.
        scale: what the raw scores are multiplied by.

    Returns:
        (output (..., seq_q, d_v), weights (..., seq_q, seq_k)).

    Raises:
        NumberError: `softmax needs at least one finite score in each row, row (1,) has none`

    >>> one = np.ones((1, 1))
    >>> overwriting_attention(one, one, 3 * one, np.zeros(()), scale=1)[0].tolist()
    [[3.0]]
    """
    scores = q @ k.swapaxes(-1, -2)  # (..., n_heads, seq_q, seq_k)
    scores *= scale
    if added.ndim or added:
        with np.errstate(over="ignore"):  # a bias of -1.7e308 can take a score to -inf, and blocks it
            scores += added
    softmax(scores, out=scores)  # from here on they are weights
    return scores @ v, scores


def _checked(
    q: npt.ArrayLike,
    k: npt.ArrayLike,
    v: npt.ArrayLike,
    mask: npt.ArrayLike | None,
    bias: npt.ArrayLike | None,
    causal: bool,
    scale: float | None,
) -> tuple[Array, Array, Array, Mask | None, float]:
    q, k, v = checked_qkv(q, k, v)
    joined = checked_mask(mask, scores_shape(q, k), bias=bias, causal=causal)
    return q, k, v, joined, checked_scale(scale, q.shape[-1])


def checked_qkv(q: npt.ArrayLike, k: npt.ArrayLike, v: npt.ArrayLike) -> tuple[Array, Array, Array]:
    """Bring q, k and v to one dtype, after checking that their axes agree and that they are finite."""
    refuse_mask(k=k, v=v)
    q, k, v = real_array("q", q), real_array("k", k), real_array("v", v)
    require_matrix("q", q, "seq_q", "d_k")
    require_matrix("k", k, "seq_k", "d_k")
    require_matrix("v", v, "seq_k", "d_v")
    if q.shape[-1] != k.shape[-1]:
        raise ShapeError(f"q has d_k {q.shape[-1]}, but k has d_k {k.shape[-1]}")
    if k.shape[-2] != v.shape[-2]:
        raise ShapeError(f"k has seq_k {k.shape[-2]}, but v has seq_k {v.shape[-2]}")
    require_broadcast(q=q, k=k, v=v)
    for name, array in (("q", q), ("k", k), ("v", v)):
        require_finite(name, array)
    return of_one_dtype(q, k, v)


def of_one_dtype(q: Array, k: Array, v: Array) -> tuple[Array, Array, Array]:
    """Return all three as float32 if they all are, else as float64."""
    dtype = np.result_type(q, k, v)
    return q.astype(dtype, copy=False), k.astype(dtype, copy=False), v.astype(dtype, copy=False)


def checked_scale(scale: float | None, d_k: int) -> float:
    """Return a finite scale; 1 / sqrt(d_k) for None."""
    if scale is None:
        return 1 / math.sqrt(d_k)
    number = number_or_nan(scale)
    if not math.isfinite(number):
        raise NumberError(f"scale must be a finite number, got {scale!r}")
    return number


def _checked_weights(weights: npt.ArrayLike, shape: tuple[int, ...]) -> Array:
    """Check what an intervention returned; its rows need not sum to 1, that is the point of some."""
    changed = real_array("intervene's weights", weights)
    if changed.shape != shape:
        raise ShapeError(f"intervene returned weights of shape {changed.shape}, expected {shape}")
    require_finite("intervene's weights", changed)
    return changed


def scores_shape(q: Array, k: Array) -> tuple[int, ...]:
    """Return the shape of Q K^T, (..., seq_q, seq_k)."""
    lead = q.shape[:-2]
    if lead != k.shape[:-2]:
        lead = np.broadcast_shapes(lead, k.shape[:-2])
    return (*lead, q.shape[-2], k.shape[-2])


def stays_in_range(q: Array, k: Array, v: Array, scale: float) -> bool:
    """Say whether all is finite and no product can overflow, without a look at each score.

    |q_i . k_j| <= |q_i| |k_j|   (Cauchy 1821), and no row is longer than all rows together. What a mask adds
    may overflow: inf then stands out in softmax, and -inf blocks a key, as it should.
    """
    largest = max(length_of(q) * length_of(k) * max(1.0, abs(scale)), length_of(v))  # nan if one is
    return largest < float(np.finfo(q.dtype).max) / 4


def _check_scores(
    q: Array,
    k: Array,
    v: Array,
    raw_scores: Array,
    scaled_scores: Array,
    mask: Mask | None,
    masked: Array,
    scale: float,
) -> None:
    """Refuse overflow, and rows without a key."""
    refuse_overflow("raw_scores", raw_scores)
    refuse_overflow("scaled_scores", scaled_scores)
    largest = masked.max(axis=-1)  # (..., n_heads, seq_q)   inf anywhere shows here; -inf is a mask's
    if np.isposinf(largest).any():
        refuse_overflow("masked_scores", np.where(np.isneginf(masked), 0, masked))
    if (empty := np.isneginf(largest)).any():
        rows = tuple(tuple(int(i) for i in row) for row in np.argwhere(empty))
        partial = PartialTrace(q, k, v, raw_scores, scaled_scores, mask, masked, scale)
        raise FullyMaskedRowError(rows, partial)
