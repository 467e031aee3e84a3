"""Scaled dot-product attention: the one place where it is computed.

    Attention(Q, K, V) = softmax(Q K^T / sqrt(d_k) + M) V   (Vaswani et al. 2017, section 3.2.1, eq. 1)

`trace_attention` returns every intermediate; `scaled_dot_product_attention` is the same call without the
trace.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from attention.checks import real_array, require_finite, require_matrix
from attention.errors import FullyMaskedRowError, NumberError, ShapeError
from attention.masks import as_additive, checked_mask
from attention.ops import softmax
from attention.trace import Array, AttentionTrace, PartialTrace

__all__ = [
    "Intervention",
    "checked_qkv",
    "checked_scale",
    "scaled_dot_product_attention",
    "trace_attention",
]

Intervention: TypeAlias = Callable[[Array], npt.ArrayLike]
"""Takes weights (..., n_heads, seq_q, seq_k), its own copy, and returns the weights to use instead."""


@np.errstate(over="ignore", invalid="ignore")  # what overflows is refused by name below
def trace_attention(
    q: npt.ArrayLike,
    k: npt.ArrayLike,
    v: npt.ArrayLike,
    mask: npt.ArrayLike | None = None,
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
        scale: what the raw scores are multiplied by; 1 / sqrt(d_k) unless given.
        intervene: called with a copy of the weights (..., seq_q, seq_k); what it returns multiplies v
            instead, and stands in the trace.

    Returns:
        AttentionTrace, with scores and weights (..., seq_q, seq_k) and head_outputs (..., seq_q, d_v).

    Raises:
        ShapeError: `q has d_k 16, but k has d_k 12`; `k has seq_k 5, but v has seq_k 7`
        NumberError: `q holds nan at (0, 2), expected finite numbers`; `raw_scores holds inf at (0, 0), too
            large for float64: start from smaller numbers`
        MaskError: `this looks like a 0/1 mask: pass mask.astype(bool)`
        FullyMaskedRowError: `the mask leaves no key for query row 2 (counted from 0): ...`

    >>> keys, values = [[1, 0, 1], [0, 1, 0], [1, 1, 1]], [[10, 20, 30], [1, 2, 3], [5, 10, 15]]
    >>> trace = trace_attention([[1, 0, 1]], keys, values, scale=1)
    >>> trace.raw_scores.tolist(), trace.weights.round(3).tolist(), trace.head_outputs.round(2).tolist()
    ([[2.0, 0.0, 2.0]], [[0.468, 0.063, 0.468]], [[7.09, 14.18, 21.26]])
    """
    q, k, v = checked_qkv(q, k, v)
    scale = checked_scale(scale, d_k=q.shape[-1])

    raw_scores = q @ k.swapaxes(-1, -2)  # (..., n_heads, seq_q, seq_k)
    scaled_scores = raw_scores * scale  # (..., n_heads, seq_q, seq_k)
    mask = checked_mask(mask, raw_scores.shape)
    masked_scores = scaled_scores + as_additive(mask, scaled_scores.dtype)  # (..., n_heads, seq_q, seq_k)
    _refuse_overflow(raw_scores=raw_scores, scaled_scores=scaled_scores, masked_scores=masked_scores)
    if empty_rows := _rows_without_a_key(masked_scores):
        known = PartialTrace(q, k, v, raw_scores, scaled_scores, mask, masked_scores)
        raise FullyMaskedRowError(empty_rows, known)

    weights = softmax(masked_scores)  # (..., n_heads, seq_q, seq_k)
    if intervene is not None:
        weights[...] = _checked_weights(intervene(weights.copy()), weights.shape)

    head_outputs = weights @ v  # (..., n_heads, seq_q, d_v)
    _refuse_overflow(head_outputs=head_outputs)

    return AttentionTrace(q, k, v, raw_scores, scaled_scores, mask, masked_scores, weights, head_outputs)


def scaled_dot_product_attention(
    q: npt.ArrayLike,
    k: npt.ArrayLike,
    v: npt.ArrayLike,
    mask: npt.ArrayLike | None = None,
    scale: float | None = None,
) -> tuple[Array, Array]:
    """Compute attention and return only its result: `trace_attention` minus the trace.

        Attention(Q, K, V) = softmax(Q K^T / sqrt(d_k)) V   (Vaswani et al. 2017, section 3.2.1, eq. 1)

    Args:
        q: queries (..., seq_q, d_k).
        k: keys (..., seq_k, d_k).
        v: values (..., seq_k, d_v).
        mask: boolean (True = may attend), 0/1 integers, or floating (added); broadcasts to (..., seq_q,
            seq_k).
        scale: what the raw scores are multiplied by; 1 / sqrt(d_k) unless given.

    Returns:
        (output (..., seq_q, d_v), weights (..., seq_q, seq_k)), the caller's own to change.

    Raises:
        ShapeError, NumberError, MaskError, FullyMaskedRowError: as `trace_attention`, for instance
            `q has d_k 16, but k has d_k 12`

    >>> output, weights = scaled_dot_product_attention([[0, 0]], [[1, 2], [3, 4]], [[6], [8]])
    >>> output.tolist(), weights.tolist()
    ([[7.0]], [[0.5, 0.5]])
    """
    trace = trace_attention(q, k, v, mask, scale)
    return trace.head_outputs.copy(), trace.weights.copy()


def checked_qkv(q: npt.ArrayLike, k: npt.ArrayLike, v: npt.ArrayLike) -> tuple[Array, Array, Array]:
    """Bring q, k and v to one dtype, after checking that their axes agree and that they are finite."""
    q, k, v = real_array("q", q), real_array("k", k), real_array("v", v)
    require_matrix("q", q, "seq_q", "d_k")
    require_matrix("k", k, "seq_k", "d_k")
    require_matrix("v", v, "seq_k", "d_v")
    if q.shape[-1] != k.shape[-1]:
        raise ShapeError(f"q has d_k {q.shape[-1]}, but k has d_k {k.shape[-1]}")
    if k.shape[-2] != v.shape[-2]:
        raise ShapeError(f"k has seq_k {k.shape[-2]}, but v has seq_k {v.shape[-2]}")
    try:
        np.broadcast_shapes(q.shape[:-2], k.shape[:-2], v.shape[:-2])
    except ValueError:
        raise ShapeError(
            f"q has leading axes {q.shape[:-2]}, k {k.shape[:-2]} and v {v.shape[:-2]}: "
            "they do not broadcast with each other"
        ) from None
    for name, array in (("q", q), ("k", k), ("v", v)):
        require_finite(name, array)
    dtype = np.result_type(q, k, v)
    return q.astype(dtype, copy=False), k.astype(dtype, copy=False), v.astype(dtype, copy=False)


def checked_scale(scale: float | None, d_k: int) -> float:
    if scale is None:
        return 1 / math.sqrt(d_k)
    try:
        number = float(scale)
    except (TypeError, ValueError):
        number = math.nan
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


def _refuse_overflow(**results: Array) -> None:
    """Refuse what finite input can still come to; -inf is what a mask puts into the masked scores."""
    for name, result in results.items():
        finite = np.where(np.isneginf(result), 0, result) if name == "masked_scores" else result
        require_finite(name, finite, hint=f"too large for {result.dtype}: start from smaller numbers")


def _rows_without_a_key(masked_scores: Array) -> tuple[tuple[int, ...], ...]:
    empty = np.isneginf(masked_scores).all(axis=-1)  # (..., n_heads, seq_q)
    return tuple(tuple(int(i) for i in index) for index in np.argwhere(empty))
