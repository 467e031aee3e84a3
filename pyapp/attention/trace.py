"""What one attention call did: every intermediate, in the order in which it is computed.

The arrays in a trace are copies and read-only, so that what is drawn cannot change under the drawing.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any, Protocol, TypeAlias

import numpy as np
import numpy.typing as npt

__all__ = ["Array", "AttentionTrace", "Mask", "MultiHeadTrace", "PartialTrace", "Rotary", "Stage"]

Array: TypeAlias = npt.NDArray[np.floating[Any]]
"""Real numbers: float64, or float32 where that was given."""

Mask: TypeAlias = npt.NDArray[np.bool_] | Array
"""Boolean: True = may attend. Floating: added to the scaled scores."""


class Stage(StrEnum):
    """The stages of one attention call: one name for each array of `AttentionTrace`, in the same order.

    softmax(Q K^T / sqrt(d_k) + M) V, part by part (Vaswani et al. 2017, section 3.2.1, eq. 1).

    >>> Stage("weights") is Stage.WEIGHTS
    True
    """

    Q = "q"
    K = "k"
    V = "v"
    RAW_SCORES = "raw_scores"
    SCALED_SCORES = "scaled_scores"
    MASK = "mask"
    MASKED_SCORES = "masked_scores"
    WEIGHTS = "weights"
    HEAD_OUTPUTS = "head_outputs"


@dataclass(frozen=True, slots=True, eq=False)
class AttentionTrace:
    """Every intermediate of one attention call, in the order in which it is computed.

    softmax(Q K^T / sqrt(d_k) + M) V (Vaswani et al. 2017, section 3.2.1, eq. 1; M from section 3.2.3).
    Input without a head axis gives a trace without one.

    >>> from attention import trace_attention
    >>> trace = trace_attention([[1.0, 0.0]], [[1.0, 0.0], [1.0, 0.0]], [[2.0], [4.0]])
    >>> trace.weights.tolist(), trace.head_outputs.tolist()
    ([[0.5, 0.5]], [[3.0]])
    """

    q: Array  # (..., n_heads, seq_q, d_k)
    k: Array  # (..., n_heads, seq_k, d_k)
    v: Array  # (..., n_heads, seq_k, d_v)
    raw_scores: Array  # (..., n_heads, seq_q, seq_k)   q @ k.T
    scaled_scores: Array  # (..., n_heads, seq_q, seq_k)   raw_scores / sqrt(d_k), or * scale
    mask: Mask | None  # broadcasts to raw_scores; True = may attend, floats are added
    masked_scores: Array  # (..., n_heads, seq_q, seq_k)   -inf where not allowed
    weights: (
        Array  # (..., n_heads, seq_q, seq_k)   softmax over the last axis; rows sum to 1, unless intervened
    )
    head_outputs: Array  # (..., n_heads, seq_q, d_v)   weights @ v
    scale: float  # what raw_scores were multiplied by; 1 / sqrt(d_k) unless another was given

    def __post_init__(self) -> None:
        freeze_arrays(self)


@dataclass(frozen=True, slots=True, eq=False)
class PartialTrace:
    """What is known when softmax cannot be taken: the stages up to the masked scores.

    Carried by `FullyMaskedRowError`, so that a page can still show how the row came to be empty.

    >>> from attention import FullyMaskedRowError, trace_attention
    >>> try:
    ...     trace_attention([[1.0]], [[3.0]], [[5.0]], mask=[[False]])
    ... except FullyMaskedRowError as error:
    ...     print(error.rows, error.partial.raw_scores.tolist(), error.partial.masked_scores.tolist())
    ((0,),) [[3.0]] [[-inf]]
    """

    q: Array  # (..., n_heads, seq_q, d_k)
    k: Array  # (..., n_heads, seq_k, d_k)
    v: Array  # (..., n_heads, seq_k, d_v)
    raw_scores: Array  # (..., n_heads, seq_q, seq_k)
    scaled_scores: Array  # (..., n_heads, seq_q, seq_k)
    mask: Mask | None  # broadcasts to raw_scores
    masked_scores: Array  # (..., n_heads, seq_q, seq_k)   at least one row is -inf throughout
    scale: float  # what raw_scores were multiplied by

    def __post_init__(self) -> None:
        freeze_arrays(self)


class Rotary(Protocol):
    """Turns queries and keys (..., seq, d_k) by their positions, the first of which is `offset`."""

    def __call__(self, x: Array, offset: int = 0) -> Array: ...

    def backward(self, grad_output: Array, offset: int = 0) -> Array: ...


@dataclass(frozen=True, slots=True, eq=False)
class MultiHeadTrace:
    """One call with several heads: what went in, what each head did, and what came out.

    Concat(head_1, ..., head_h) W_O, head_i = Attention(Q W_Q_i, K W_K_i, V W_V_i)
    (Vaswani et al. 2017, section 3.2.2). In self-attention query, key and value are the same rows. Without
    w_o, the output is the concatenation. Where heads share keys and values, k and v in `attention` are
    repeated, one for each head that reads them.

    >>> import numpy as np
    >>> from attention import hand_built_projections, trace_self_attention
    >>> trace = trace_self_attention(np.eye(3, 4), hand_built_projections(d_model=4, n_heads=2), n_heads=2)
    >>> trace.attention.weights.shape, trace.concat.shape
    ((2, 3, 3), (3, 4))
    """

    query: Array  # (..., seq_q, d_model)
    key: Array  # (..., seq_k, d_model)
    value: Array  # (..., seq_k, d_model)
    w_q: Array  # (d_model, n_heads * d_k)
    w_k: Array  # (d_model, n_kv_heads * d_k)
    w_v: Array  # (d_model, n_kv_heads * d_v)
    w_o: Array | None  # (n_heads * d_v, d_model)
    b_q: Array | None  # (n_heads * d_k,)
    b_k: Array | None  # (n_kv_heads * d_k,)
    b_v: Array | None  # (n_kv_heads * d_v,)
    b_o: Array | None  # (d_model,)
    attention: AttentionTrace  # with a head axis
    concat: Array  # (..., seq_q, n_heads * d_v)   the heads' outputs side by side
    output: Array  # (..., seq_q, d_model)   concat @ w_o + b_o
    rotary: Rotary | None = None  # what turned queries and keys by their positions, if anything did

    def __post_init__(self) -> None:
        freeze_arrays(self)


def freeze_arrays(holder: Any) -> None:
    """Replace each array field of a frozen dataclass by a read-only copy; the same array keeps one copy.

    What is read-only already, and no view of what is not, cannot change under the drawing: it is shared.
    """
    copies: dict[int, Array] = {}
    for field in fields(holder):
        value = getattr(holder, field.name)
        if isinstance(value, np.ndarray):
            if value.flags.owndata and value.flags.c_contiguous and not value.flags.writeable:
                continue
            if id(value) not in copies:
                copies[id(value)] = np.array(value, order="C")
                copies[id(value)].flags.writeable = False
            object.__setattr__(holder, field.name, copies[id(value)])
