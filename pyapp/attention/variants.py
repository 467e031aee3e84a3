"""Attention under its other names: who asks whom, and how many heads share their keys.

Each is a few lines around `core` or `heads`; what differs is said in its equation.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from attention.calls import explained
from attention.checks import flag, real_rows, whole_number
from attention.core import Intervention, scaled_dot_product_attention, trace_attention
from attention.errors import ShapeError
from attention.grad import Gradients, attention_backward, linear_backward
from attention.heads import MultiHeadAttention
from attention.initial import Seed, generator, glorot_uniform, real_dtype
from attention.layers import Layer
from attention.trace import Array, AttentionTrace

__all__ = ["CrossAttention", "GroupedQueryAttention", "MultiQueryAttention", "SelfAttention"]


class SelfAttention(Layer):
    """Let the rows of one sequence attend to each other: queries, keys and values all come from x.

        Attention(X, X, X), or with projections Attention(X W_Q, X W_K, X W_V)
        (Vaswani et al. 2017, section 3.2.3: "all of the keys, values and queries come from the same place")

    One head. Without projections there is nothing to learn: rows gather what is like them.

    Args:
        d_model: the width of the rows.
        projections: whether there are matrices w_q, w_k and w_v, each (d_model, d_model).
        seed: what their random start depends on.
        dtype: of the matrices, float64 or float32.

    Raises:
        ConfigError: `d_model must be a whole number of at least 1, got 0`
        ArgumentError: `SelfAttention takes 1 argument by place (d_model), got 2: give the others by name ...`

    >>> output, weights = SelfAttention(d_model=2)([[2, 0], [0, 2], [2, 0]])
    >>> weights.round(2).tolist()[0]
    [0.49, 0.03, 0.49]
    """

    @explained
    def __init__(
        self, d_model: int, *, projections: bool = False, seed: Seed = 0, dtype: npt.DTypeLike = np.float64
    ) -> None:
        self.d_model = whole_number("d_model", d_model, 1)
        self.projections = flag("projections", projections)
        if projections:
            rng, dtype = generator(seed), real_dtype(dtype)
            self.w_q, self.w_k, self.w_v = (
                glorot_uniform(rng, d_model, d_model, dtype) for _ in range(3)
            )  # (d_model, d_model) each

    @property
    def embed_dim(self) -> int:
        """Another name for `d_model`."""
        return self.d_model

    @property
    def num_heads(self) -> int:
        """One."""
        return 1

    @property
    def head_dim(self) -> int:
        """The width of the one head, d_model."""
        return self.d_model

    @explained
    def __call__(
        self,
        x: npt.ArrayLike,
        mask: npt.ArrayLike | None = None,
        *,
        bias: npt.ArrayLike | None = None,
        causal: bool = False,
    ) -> tuple[Array, Array]:
        """Compute the output and the weights.

        Args:
            x: (..., seq, d_model).
            mask: as for `trace_attention`; broadcasts to (..., seq, seq).
            bias, causal: as for `trace_attention`.

        Returns:
            (output (..., seq, d_model), weights (..., seq, seq)).

        Raises:
            ShapeError: `x has d_model 3, expected 4`
            NumberError, MaskError, FullyMaskedRowError: as `trace_attention`
        """
        return scaled_dot_product_attention(*self._qkv(x), mask, bias=bias, causal=causal)

    forward = __call__

    @explained
    def trace(
        self,
        x: npt.ArrayLike,
        mask: npt.ArrayLike | None = None,
        *,
        bias: npt.ArrayLike | None = None,
        causal: bool = False,
        scale: float | None = None,
        intervene: Intervention | None = None,
    ) -> AttentionTrace:
        """Compute the same and keep every step; the arguments are those of `trace_attention`."""
        return trace_attention(
            *self._qkv(x), mask, bias=bias, causal=causal, scale=scale, intervene=intervene
        )

    @explained
    def backward(
        self,
        x: npt.ArrayLike,
        grad_output: npt.ArrayLike,
        mask: npt.ArrayLike | None = None,
        *,
        bias: npt.ArrayLike | None = None,
        causal: bool = False,
    ) -> Gradients:
        """Say how a loss changes with x, which went in three times, and with each matrix.

        Args:
            x, mask, bias, causal: as when called.
            grad_output: how the loss changes with the output (..., seq, d_model).

        Returns:
            Gradients, with inputs (x,).
        """
        x = real_rows("x", x, "seq", self.d_model)
        grads = attention_backward(self.trace(x, mask, bias=bias, causal=causal), grad_output)
        if not self.projections:
            return Gradients((grads.q + grads.k + grads.v,), {})
        back = [
            linear_backward(x, w, grad)
            for w, grad in ((self.w_q, grads.q), (self.w_k, grads.k), (self.w_v, grads.v))
        ]
        (from_q, w_q, _), (from_k, w_k, _), (from_v, w_v, _) = back
        return Gradients((from_q + from_k + from_v,), {"w_q": w_q, "w_k": w_k, "w_v": w_v})

    def _qkv(self, x: npt.ArrayLike) -> tuple[Array, Array, Array]:
        x = real_rows("x", x, "seq", self.d_model)
        if not self.projections:
            return x, x, x
        with np.errstate(over="ignore", invalid="ignore"):  # what overflows is refused when it is used
            return x @ self.w_q, x @ self.w_k, x @ self.w_v  # (..., seq, d_model) each


class CrossAttention(MultiHeadAttention):
    """Let the rows of one sequence ask those of another: queries from here, keys and values from there.

        MultiHead(X, Y, Y)   (Vaswani et al. 2017, section 3.2.3: "encoder-decoder attention")

    The two may differ in length. Called as `cross(query, key, mask=...)`; otherwise a `MultiHeadAttention`,
    but for this: without a key it refuses to ask itself.

    Raises:
        ShapeError: `key is missing: cross-attention needs the rows (..., seq_k, d_model) that are asked`

    >>> cross = CrossAttention(embed_dim=6, num_heads=3)
    >>> cross(np.ones((5, 6)), np.ones((7, 6))).shape
    (5, 6)
    """

    def _checked_rows(
        self, query: npt.ArrayLike, key: npt.ArrayLike | None, value: npt.ArrayLike | None
    ) -> tuple[Array, Array, Array]:
        if key is None:
            raise ShapeError(
                "key is missing: cross-attention needs the rows (..., seq_k, d_model) that are asked"
            )
        return super()._checked_rows(query, key, value)


class GroupedQueryAttention(MultiHeadAttention):
    """Let each group of query heads share one head of keys and values: less to keep while generating.

        head_i = Attention(Q W_Q_i, K W_K_g, V W_V_g), g = floor(i n_kv_heads / n_heads)
        (Ainslie et al. 2023, section 2.2)

    A KV cache shrinks from n_heads to n_kv_heads. Otherwise a `MultiHeadAttention`.

    Args:
        embed_dim: d_model.
        num_heads: heads of queries.
        num_kv_heads: heads of keys and values; divides num_heads.
        options: as for `MultiHeadAttention`: bias, rotary, seed, dtype.

    Raises:
        ConfigError: `num_kv_heads 4 does not divide num_heads 6: choose 1 or 2 or 3 or 6`

    >>> gqa = GroupedQueryAttention(embed_dim=12, num_heads=6, num_kv_heads=2)
    >>> gqa.w_q.shape, gqa.w_k.shape, gqa(np.ones((5, 12))).shape
    ((12, 12), (12, 4), (5, 12))
    """

    def __init__(self, embed_dim: int, num_heads: int, num_kv_heads: int, **options: Any) -> None:
        whole_number("num_kv_heads", num_kv_heads, 1)
        super().__init__(embed_dim, num_heads, num_kv_heads=num_kv_heads, **options)


class MultiQueryAttention(GroupedQueryAttention):
    """Let all query heads share one head of keys and values.

        head_i = Attention(Q W_Q_i, K W_K, V W_V)   (Shazeer 2019, section 3)

    Args:
        embed_dim: d_model.
        num_heads: heads of queries.
        options: as for `MultiHeadAttention`: bias, rotary, seed, dtype.

    >>> mqa = MultiQueryAttention(embed_dim=12, num_heads=6)
    >>> mqa.w_q.shape, mqa.w_k.shape, mqa(np.ones((5, 12))).shape
    ((12, 12), (12, 2), (5, 12))
    """

    def __init__(self, embed_dim: int, num_heads: int, **options: Any) -> None:
        super().__init__(embed_dim, num_heads, num_kv_heads=1, **options)
