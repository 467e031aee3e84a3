"""The output alone, a few heads at a time: what a layer with several heads computes when nobody looks.

The scores of many heads together are more than a processor keeps close at hand, and waiting for memory takes
longer than the maths. So the heads take turns; each head's numbers are the same as in the trace, to the bit.
"""

from __future__ import annotations

import math
from contextlib import suppress

import numpy as np

from attention.core import (
    of_one_dtype,
    overwriting_attention,
    scaled_dot_product_attention,
    scores_shape,
    stays_in_range,
)
from attention.errors import NumberError
from attention.masks import additive, as_mask_or_bias
from attention.trace import Array, Mask

__all__ = ["attend"]

MAX_BLOCK = 2**17
"""Scores computed at a time: about what stays close to the processor."""


def attend(q: Array, k: Array, v: Array, mask: Mask | None) -> Array:
    """Compute the output alone, for arrays whose axes are known to fit.

        softmax(Q K^T / sqrt(d_k) + M) V   (Vaswani et al. 2017, section 3.2.1, eq. 1)

    Args:
        q, k, v: (..., seq_q, d_k), (..., seq_k, d_k) and (..., seq_k, d_v).
        mask: as `checked_mask` returns it.

    Returns:
        (..., seq_q, d_v).

    Raises:
        NumberError, FullyMaskedRowError: as `trace_attention`

    >>> q, k, v = np.zeros((1, 2)), np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([[6.0], [8.0]])
    >>> attend(q, k, v, mask=None).tolist()
    [[7.0]]
    """
    (q, k, v), scale = of_one_dtype(q, k, v), 1 / math.sqrt(q.shape[-1])
    if stays_in_range(q, k, v, scale):
        with suppress(NumberError):  # of softmax, at a row without a key: the trace can name it
            return _in_turns(q, k, v, additive(mask, q.dtype), scale)
    return scaled_dot_product_attention(q, k, v, **as_mask_or_bias(mask))[0]


def _in_turns(q: Array, k: Array, v: Array, added: Array, scale: float) -> Array:
    """Attend for as many heads at a time as have at most `MAX_BLOCK` scores together, or for one."""
    shape = scores_shape(q, k)
    if len(shape) == 2 or math.prod(shape) <= MAX_BLOCK:
        return overwriting_attention(q, k, v, added, scale)[0]
    lead = np.broadcast_shapes(shape[:-2], v.shape[:-2])
    q, k, v = (np.broadcast_to(array, (*lead, *array.shape[-2:])) for array in (q, k, v))
    if added.ndim > 2:
        added = np.broadcast_to(added, (*lead, *added.shape[-2:]))
    step = MAX_BLOCK // math.prod((*lead[1:], *shape[-2:]))
    turns = [slice(i, i + step) for i in range(0, lead[0], step)] if step > 1 else range(lead[0])
    outputs = [
        _in_turns(q[turn], k[turn], v[turn], added[turn] if added.ndim > 2 else added, scale)
        for turn in turns
    ]
    return np.concatenate(outputs) if step > 1 else np.stack(outputs)  # (..., n_heads, seq_q, d_v)
