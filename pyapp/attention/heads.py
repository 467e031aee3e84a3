"""Heads: several attentions side by side, each on its own columns of Q, K and V.

    MultiHead(Q, K, V) = Concat(head_1, ..., head_h) W_O,
    head_i = Attention(Q W_Q_i, K W_K_i, V W_V_i)   (Vaswani et al. 2017, section 3.2.2)

Head i owns the columns i * d_k to (i + 1) * d_k - 1 of W_Q and W_K, and likewise of W_V.
"""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from attention.calls import explained
from attention.checks import (
    flag,
    head_size,
    real_array,
    real_rows,
    refuse_mask,
    refuse_overflow,
    require_broadcast,
    require_finite,
    require_kind,
    require_matrix,
    whole_number,
)
from attention.core import Intervention, trace_attention
from attention.errors import ConfigError, NumberError, ShapeError
from attention.grad import Gradients, multi_head_backward
from attention.initial import Seed, generator, glorot_uniform, real_dtype
from attention.layers import Layer
from attention.masks import as_mask_or_bias, mask_of_heads
from attention.output import attend
from attention.projections import Projections
from attention.trace import Array, Mask, MultiHeadTrace, Rotary

__all__ = [
    "MultiHeadAttention",
    "merge_heads",
    "split_heads",
    "trace_self_attention",
]


def split_heads(x: npt.ArrayLike, n_heads: int) -> Array:
    """Cut the columns into `n_heads` equal parts and give each part an axis of its own.

        [head_1 | ... | head_h] -> head_1, ..., head_h;  d_k = d_model / h (Vaswani et al. 2017, section
        3.2.2)

    Args:
        x: (..., seq, d_model).
        n_heads: number of heads; divides d_model.

    Returns:
        (..., n_heads, seq, d_k).

    Raises:
        ConfigError: `n_heads 3 does not divide d_model 4: choose 1 or 2 or 4`
        ShapeError: `x must end in the axes (seq, d_model), got shape (4,)`

    >>> split_heads([[1, 2, 3, 4], [5, 6, 7, 8]], n_heads=2).tolist()
    [[[1.0, 2.0], [5.0, 6.0]], [[3.0, 4.0], [7.0, 8.0]]]
    """
    x = real_array("x", x)
    require_matrix("x", x, "seq", "d_model")
    return _split(x, n_heads, head_size(x.shape[-1], n_heads))


def merge_heads(heads: npt.ArrayLike) -> Array:
    """Put the heads' columns side by side again: the inverse of `split_heads`.

        Concat(head_1, ..., head_h)   (Vaswani et al. 2017, section 3.2.2)

    Args:
        heads: (..., n_heads, seq, d_v).

    Returns:
        (..., seq, n_heads * d_v).

    Raises:
        ShapeError: `heads must end in the axes (n_heads, seq, d_v), got shape (2, 3)`

    >>> merge_heads([[[1, 2], [5, 6]], [[3, 4], [7, 8]]]).tolist()
    [[1.0, 2.0, 3.0, 4.0], [5.0, 6.0, 7.0, 8.0]]
    """
    heads = real_array("heads", heads)
    if heads.ndim < 3:
        raise ShapeError(f"heads must end in the axes (n_heads, seq, d_v), got shape {heads.shape}")
    if 0 in heads.shape[-3:]:
        raise ShapeError(f"heads has shape {heads.shape}, expected each of its last axes to be at least 1")
    return _merge(heads)


@np.errstate(over="ignore", invalid="ignore")  # what overflows is refused by name
@explained
def trace_self_attention(
    x: npt.ArrayLike,
    projections: Projections,
    n_heads: int,
    mask: npt.ArrayLike | None = None,
    *,
    bias: npt.ArrayLike | None = None,
    causal: bool = False,
    scale: float | None = None,
    intervene: Intervention | None = None,
) -> MultiHeadTrace:
    """Let a sentence attend to itself with several heads, and keep every step.

        head_i = Attention(X W_Q_i, X W_K_i, X W_V_i), then Concat   (Vaswani et al. 2017, section 3.2.2)

    The paper's last step, Concat W_O, is not taken here: `MultiHeadAttention` takes it.

    Args:
        x: one sentence (seq, d_model); leading batch axes are allowed.
        projections: w_q, w_k and w_v, each (d_model, d_model).
        n_heads: number of heads; divides d_model.
        mask: as for `trace_attention`; broadcasts to (n_heads, seq, seq), so (seq, seq) serves all heads.
        bias, causal, scale: as for `trace_attention`.
        intervene: as for `trace_attention`; gets the weights of all heads (n_heads, seq, seq).

    Returns:
        MultiHeadTrace, its attention with a head axis, and concat (seq, n_heads * d_v).

    Raises:
        ShapeError: `x has d_model 3, but w_q has d_model 4`
        ConfigError: `n_heads 3 does not divide d_model 4: choose 1 or 2 or 4`
        ConfigError: `projections must be of the class Projections, got ndarray: ...`
        FullyMaskedRowError: `the mask leaves no key for query row 2 of head 0 (counted from 0): ...`

    >>> from attention import hand_built_projections
    >>> trace = trace_self_attention([[1, 0], [0, 1], [1, 1]], hand_built_projections(2, 1), n_heads=1)
    >>> trace.attention.weights.shape, trace.concat.shape
    ((1, 3, 3), (3, 2))
    """
    x = real_array("x", x)
    require_matrix("x", x, "seq", "d_model")
    require_finite("x", x)
    require_kind("projections", projections, Projections, "hand_built_projections gives such")
    w_q, w_k, w_v = projections.w_q, projections.w_k, projections.w_v
    if x.shape[-1] != w_q.shape[0]:
        raise ShapeError(f"x has d_model {x.shape[-1]}, but w_q has d_model {w_q.shape[0]}")

    q = split_heads(x @ w_q, n_heads)  # (n_heads, seq_q, d_k)
    k = split_heads(x @ w_k, n_heads)  # (n_heads, seq_k, d_k)
    v = split_heads(x @ w_v, n_heads)  # (n_heads, seq_k, d_v)
    attention = trace_attention(q, k, v, mask, bias=bias, causal=causal, scale=scale, intervene=intervene)
    concat = merge_heads(attention.head_outputs)  # (seq, n_heads * d_v)

    nothing = (None, None, None, None, None)  # no w_o, and no biases
    return MultiHeadTrace(x, x, x, w_q, w_k, w_v, *nothing, attention, concat, output=concat)


class Cache(Protocol):
    """Keeps the keys and values (..., n_kv_heads, seq, d_k) of earlier calls."""

    @property
    def length(self) -> int: ...

    def append(self, k: Array, v: Array) -> tuple[Array, Array]: ...


class MultiHeadAttention(Layer):
    """Attend with several heads, each on its own projections of the rows, and mix what they found.

        MultiHead(Q, K, V) = Concat(head_1, ..., head_h) W_O,
        head_i = Attention(Q W_Q_i, K W_K_i, V W_V_i)   (Vaswani et al. 2017, section 3.2.2)

    Biases are not in the paper, but in most of what was built on it; they start at 0, where they change
    nothing. The matrices start random (`initial.glorot_uniform`): no head means anything before it learns.

    Args:
        embed_dim: d_model, the width of the rows that come in and go out.
        num_heads: n_heads; divides d_model, and d_k = d_model / n_heads.
        d_model: another name for `embed_dim`.
        num_kv_heads: heads of keys and values, each shared by n_heads / n_kv_heads heads of queries (see
            `GroupedQueryAttention`); n_heads unless given.
        bias: whether a row of numbers is added after each matrix.
        rotary: turns the queries and keys of each head by their positions.
        seed: what the random start depends on.
        dtype: of the weights, float64 or float32.

    Raises:
        ConfigError: `n_heads 3 does not divide d_model 4: choose 1 or 2 or 4`

    >>> mha = MultiHeadAttention(embed_dim=6, num_heads=3)
    >>> mha(np.ones((5, 6))).shape, mha.trace(np.ones((5, 6))).attention.weights.shape
    ((5, 6), (3, 5, 5))
    """

    w_q: Array  # (d_model, n_heads * d_k)
    w_k: Array  # (d_model, n_kv_heads * d_k)
    w_v: Array  # (d_model, n_kv_heads * d_k)
    w_o: Array  # (n_heads * d_k, d_model)
    b_q: Array | None  # (n_heads * d_k,)
    b_k: Array | None  # (n_kv_heads * d_k,)
    b_v: Array | None  # (n_kv_heads * d_k,)
    b_o: Array | None  # (d_model,)

    @explained
    def __init__(
        self,
        embed_dim: int | None = None,
        num_heads: int | None = None,
        *,
        d_model: int | None = None,
        num_kv_heads: int | None = None,
        bias: bool = True,
        rotary: Rotary | None = None,
        seed: Seed = 0,
        dtype: npt.DTypeLike = np.float64,
    ) -> None:
        if embed_dim is not None and d_model is not None and embed_dim != d_model:
            raise ConfigError(f"embed_dim {embed_dim} and d_model {d_model} name the same number: give one")
        self.d_model = whole_number("embed_dim", d_model if embed_dim is None else embed_dim, 1)
        self.n_heads = whole_number("num_heads", num_heads, 1)
        self.d_k = head_size(self.d_model, self.n_heads)
        self.n_kv_heads = _kv_heads(self.n_heads, num_kv_heads)
        self.rotary = rotary

        rng, dtype, d_kv = generator(seed), real_dtype(dtype), self.n_kv_heads * self.d_k
        biases = flag("bias", bias)
        self.w_q = glorot_uniform(rng, self.d_model, self.d_model, dtype)
        self.w_k = glorot_uniform(rng, self.d_model, d_kv, dtype)
        self.w_v = glorot_uniform(rng, self.d_model, d_kv, dtype)
        self.w_o = glorot_uniform(rng, self.d_model, self.d_model, dtype)
        self.b_q, self.b_k, self.b_v, self.b_o = (
            np.zeros(width, dtype) if biases else None for width in (self.d_model, d_kv, d_kv, self.d_model)
        )

    @property
    def embed_dim(self) -> int:
        """Another name for `d_model`."""
        return self.d_model

    @property
    def num_heads(self) -> int:
        """Another name for `n_heads`."""
        return self.n_heads

    @property
    def head_dim(self) -> int:
        """Another name for `d_k`."""
        return self.d_k

    @np.errstate(over="ignore", invalid="ignore")  # what overflows is refused by name
    @explained
    def __call__(
        self,
        query: npt.ArrayLike,
        key: npt.ArrayLike | None = None,
        value: npt.ArrayLike | None = None,
        *,
        mask: npt.ArrayLike | None = None,
        bias: npt.ArrayLike | None = None,
        causal: bool = False,
        cache: Cache | None = None,
    ) -> Array:
        """Compute the output alone.

        Args:
            query: rows that ask (..., seq_q, d_model).
            key: rows that are asked (..., seq_k, d_model); the query's own unless given: self-attention.
            value: rows that are gathered (..., seq_k, d_model); the key's unless given.
            mask: (seq_q, seq_k); (batch or 1, seq_q or 1, seq_k), the same for all heads; or (batch,
                n_heads, seq_q, seq_k). True = may attend; floats are added.
            bias: numbers that are added besides, or instead, in one of these shapes.
            causal: as for `trace_attention`; with a cache, the queries are the last of all positions.
            cache: earlier keys and values, which come before these; grows by these. seq_k counts both. What
                does not fit is refused before it grows; a row without a key, or overflow, after.

        Returns:
            (..., seq_q, d_model).

        Raises:
            ShapeError: `query has d_model 3, expected 4`; `key has seq_k 5, but value has seq_k 7`
            NumberError: `key holds True and False, expected numbers: did you mean mask=?`
            NumberError, MaskError, FullyMaskedRowError, ArgumentError: as `trace_attention`
        """
        query, key, value = self._checked_rows(query, key, value)
        offset = 0 if cache is None else cache.length
        mask = self._checked_mask(query, key, mask, bias, causal, offset)

        q, k, v = self._heads_of(query, key, value, offset)
        if cache is not None:
            k, v = cache.append(k, v)
        head_outputs = attend(q, self._shared(k), self._shared(v), mask)  # (..., n_heads, seq_q, d_k)
        return self._mixed(_merge(head_outputs))

    forward = __call__

    @np.errstate(over="ignore", invalid="ignore")  # what overflows is refused by name
    @explained
    def trace(
        self,
        query: npt.ArrayLike,
        key: npt.ArrayLike | None = None,
        value: npt.ArrayLike | None = None,
        *,
        mask: npt.ArrayLike | None = None,
        bias: npt.ArrayLike | None = None,
        causal: bool = False,
        scale: float | None = None,
        intervene: Intervention | None = None,
    ) -> MultiHeadTrace:
        """Compute the output and keep every step.

        Args:
            query, key, value, mask, bias, causal: as when called.
            scale: what the raw scores are multiplied by; 1 / sqrt(d_k) unless given.
            intervene: as for `trace_attention`; gets the weights of all heads (..., n_heads, seq_q, seq_k).

        Returns:
            MultiHeadTrace, with output (..., seq_q, d_model).
        """
        query, key, value = self._checked_rows(query, key, value)
        mask = self._checked_mask(query, key, mask, bias, causal)

        q, k, v = self._heads_of(query, key, value, offset=0)
        attention = trace_attention(
            q, self._shared(k), self._shared(v), **as_mask_or_bias(mask), scale=scale, intervene=intervene
        )
        concat = _merge(attention.head_outputs)  # (..., seq_q, n_heads * d_k)
        output = self._mixed(concat)  # (..., seq_q, d_model)

        weights = (self.w_q, self.w_k, self.w_v, self.w_o, self.b_q, self.b_k, self.b_v, self.b_o)
        return MultiHeadTrace(query, key, value, *weights, attention, concat, output, self.rotary)

    def backward(self, trace: MultiHeadTrace, grad_output: npt.ArrayLike) -> Gradients:
        """Say how a loss changes with query, key and value, and with each weight.

        Args:
            trace: of the call.
            grad_output: how the loss changes with the output (..., seq_q, d_model).

        Returns:
            Gradients, with inputs (query, key, value). In self-attention their sum belongs to the one input.
        """
        return multi_head_backward(trace, grad_output)

    def _checked_rows(
        self, query: npt.ArrayLike, key: npt.ArrayLike | None, value: npt.ArrayLike | None
    ) -> tuple[Array, Array, Array]:
        refuse_mask(key=key, value=value)
        own = key is None or key is query
        query = real_rows("query", query, "seq_q", self.d_model)
        if value is None and not own:
            _refuse_mask_as_key(key, query.shape[-2])
        key = query if key is None else real_rows("key", key, "seq_k", self.d_model)
        value = key if value is None else real_rows("value", value, "seq_k", self.d_model)
        if key.shape[-2] != value.shape[-2]:
            raise ShapeError(f"key has seq_k {key.shape[-2]}, but value has seq_k {value.shape[-2]}")
        if not query.shape[:-2] == key.shape[:-2] == value.shape[:-2]:
            require_broadcast(query=query, key=key, value=value)
        return query, key, value

    def _checked_mask(
        self,
        query: Array,
        key: Array,
        mask: npt.ArrayLike | None,
        bias: npt.ArrayLike | None,
        causal: bool,
        offset: int = 0,
    ) -> Mask | None:
        batch = np.broadcast_shapes(query.shape[:-2], key.shape[:-2])
        scores_shape = (*batch, self.n_heads, query.shape[-2], offset + key.shape[-2])
        return mask_of_heads(mask, scores_shape, bias=bias, causal=causal)

    def _heads_of(self, query: Array, key: Array, value: Array, offset: int) -> tuple[Array, Array, Array]:
        """Project the rows, cut them into heads, and turn queries and keys by their positions."""
        q, k, v = (
            _split(_project(query, self.w_q, self.b_q), self.n_heads, self.d_k),  # (..., n_heads, seq_q, d_k)
            _split(_project(key, self.w_k, self.b_k), self.n_kv_heads, self.d_k),
            _split(_project(value, self.w_v, self.b_v), self.n_kv_heads, self.d_k),
        )
        if self.rotary is not None:
            q, k = self.rotary(q, offset), self.rotary(k, offset)
        return q, k, v

    def _shared(self, heads: Array) -> Array:
        """Repeat each head of keys or values for the heads of queries that share it."""
        sharing = self.n_heads // self.n_kv_heads
        return heads if sharing == 1 else np.repeat(heads, sharing, axis=-3)

    def _mixed(self, concat: Array) -> Array:
        output = _project(concat, self.w_o, self.b_o)  # (..., seq_q, d_model)
        refuse_overflow("output", output)
        return output


def _split(x: Array, n_heads: int, d_k: int) -> Array:
    return x.reshape(*x.shape[:-1], n_heads, d_k).swapaxes(-2, -3)  # (..., n_heads, seq, d_k)


def _merge(heads: Array) -> Array:
    *batch, n_heads, seq, d_v = heads.shape
    return heads.swapaxes(-2, -3).reshape(*batch, seq, n_heads * d_v)  # (..., seq, n_heads * d_v)


def _project(x: Array, w: Array, b: Array | None) -> Array:
    projected: Array = x @ w  # (..., seq, d_out)
    if b is not None:
        projected = projected + b
    return projected


def _refuse_mask_as_key(key: Any, seq: int) -> None:
    """Refuse a key of 0 and 1 that stands where a mask would: whole numbers, or floats in a mask's shape."""
    rows = real_array("key", key)
    as_mask = rows.shape[-2:] in ((seq, seq), (1, seq), (seq,))
    if (as_mask or np.asarray(key).dtype.kind in "iu") and np.isin(rows, (0, 1)).all():
        raise NumberError("key holds only 0 and 1, and there is no value: did you mean mask=?")


def _kv_heads(n_heads: int, num_kv_heads: int | None) -> int:
    if num_kv_heads is None:
        return n_heads
    n_kv_heads = whole_number("num_kv_heads", num_kv_heads, 1, n_heads)
    if n_heads % n_kv_heads:
        choices = " or ".join(str(n) for n in range(1, n_heads + 1) if n_heads % n == 0)
        raise ConfigError(f"num_kv_heads {n_kv_heads} does not divide num_heads {n_heads}: choose {choices}")
    return n_kv_heads
