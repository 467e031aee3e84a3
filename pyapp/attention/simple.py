"""Attention at its simplest: one query, then no scaling, then one small class with four ways to attend.

The names and arguments are those of first lessons on the subject; the maths is that of `core`.
"""

from __future__ import annotations

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
    require_finite,
    require_matrix,
    whole_number,
)
from attention.core import Intervention, scaled_dot_product_attention, trace_attention
from attention.errors import ShapeError
from attention.heads import merge_heads, split_heads
from attention.initial import Seed, generator, glorot_uniform, real_dtype
from attention.layers import Layer
from attention.masks import as_mask_or_bias, mask_of_heads
from attention.trace import Array, AttentionTrace

__all__ = ["ScaledDotProductAttention", "SimpleAttention", "dot_product_attention", "simple_attention"]


def simple_attention(query: npt.ArrayLike, keys: npt.ArrayLike, values: npt.ArrayLike) -> tuple[Array, Array]:
    """Let one query gather values, weighted by how well it fits each key.

        softmax(K q) V   (Luong et al. 2015, section 3.1, the score named "dot")

    Nothing is scaled: for short vectors of small numbers there is no need to.

    Args:
        query: one query (d_k,).
        keys: (seq_k, d_k).
        values: (seq_k, d_v).

    Returns:
        (output (d_v,), weights (seq_k,)).

    Raises:
        ShapeError: `query must have one axis (d_k,), got shape (2, 3): dot_product_attention takes several`
        ShapeError: `query has d_k 3, but keys has d_k 2`; `keys has seq_k 3, but values has seq_k 2`
        NumberError: `query holds nan at (0,), expected finite numbers`

    >>> output, weights = simple_attention(
    ...     query=[1, 0, 1],
    ...     keys=[[1, 0, 1], [0, 1, 0], [1, 1, 1]],
    ...     values=[[10, 20, 30], [1, 2, 3], [5, 10, 15]],
    ... )
    >>> weights.round(3).tolist(), output.round(2).tolist()
    ([0.468, 0.063, 0.468], [7.09, 14.18, 21.26])
    """
    query, keys, values = real_array("query", query), real_array("keys", keys), real_array("values", values)
    if query.ndim != 1:
        raise ShapeError(
            f"query must have one axis (d_k,), got shape {query.shape}: dot_product_attention takes several"
        )
    for name, array, width in (("keys", keys, "d_k"), ("values", values, "d_v")):
        if array.ndim != 2:
            raise ShapeError(f"{name} must have two axes (seq_k, {width}), got shape {array.shape}")
        require_matrix(name, array, "seq_k", width)
    if len(query) != keys.shape[1]:
        raise ShapeError(f"query has d_k {len(query)}, but keys has d_k {keys.shape[1]}")
    if len(keys) != len(values):
        raise ShapeError(f"keys has seq_k {len(keys)}, but values has seq_k {len(values)}")
    for name, array in (("query", query), ("keys", keys), ("values", values)):
        require_finite(name, array)
    output, weights = dot_product_attention(query[None], keys, values)  # (1, d_v), (1, seq_k)
    return output[0], weights[0]


@explained
def dot_product_attention(
    Q: npt.ArrayLike,
    K: npt.ArrayLike,
    V: npt.ArrayLike,
    mask: npt.ArrayLike | None = None,
    *,
    bias: npt.ArrayLike | None = None,
    causal: bool = False,
) -> tuple[Array, Array]:
    """Attend without scaling.

        softmax(Q K^T + M) V   (Vaswani et al. 2017, section 3.2.1: "identical to our algorithm, except for
        the scaling factor")

    Args:
        Q: queries (..., seq_q, d_k).
        K: keys (..., seq_k, d_k).
        V: values (..., seq_k, d_v).
        mask, bias, causal: as for `trace_attention`.

    Returns:
        (output (..., seq_q, d_v), weights (..., seq_q, seq_k)).

    Raises:
        ShapeError, NumberError, MaskError, FullyMaskedRowError: as `trace_attention`, for instance
            `q has d_k 16, but k has d_k 12`

    >>> output, weights = dot_product_attention([[0, 0]], [[1, 2], [3, 4]], [[6], [8]])
    >>> output.tolist(), weights.tolist()
    ([[7.0]], [[0.5, 0.5]])
    """
    return scaled_dot_product_attention(Q, K, V, mask, bias=bias, causal=causal, scale=1)


class ScaledDotProductAttention:
    """`scaled_dot_product_attention` as an object that is called: nothing to set, nothing to learn.

        Attention(Q, K, V) = softmax(Q K^T / sqrt(d_k) + M) V   (Vaswani et al. 2017, section 3.2.1, eq. 1)

    >>> output, weights = ScaledDotProductAttention()([[0, 0]], [[1, 2], [3, 4]], [[6], [8]])
    >>> output.tolist()
    [[7.0]]
    """

    @explained
    def __call__(
        self,
        query: npt.ArrayLike,
        key: npt.ArrayLike,
        value: npt.ArrayLike,
        mask: npt.ArrayLike | None = None,
        *,
        bias: npt.ArrayLike | None = None,
        causal: bool = False,
    ) -> tuple[Array, Array]:
        """Compute (output, weights), as `scaled_dot_product_attention`."""
        return scaled_dot_product_attention(query, key, value, mask, bias=bias, causal=causal)

    forward = __call__

    @explained
    def trace(
        self,
        query: npt.ArrayLike,
        key: npt.ArrayLike,
        value: npt.ArrayLike,
        mask: npt.ArrayLike | None = None,
        *,
        bias: npt.ArrayLike | None = None,
        causal: bool = False,
        scale: float | None = None,
        intervene: Intervention | None = None,
    ) -> AttentionTrace:
        """Compute the same and keep every step, as `trace_attention`."""
        return trace_attention(
            query, key, value, mask, bias=bias, causal=causal, scale=scale, intervene=intervene
        )


class SimpleAttention(Layer):
    """Attention four ways: plain dot products, scaled, several heads, and causal.

        Concat(head_1, ..., head_h) W_o, head_i = Attention(Q W_q_i, K W_k_i, V W_v_i)
        (Vaswani et al. 2017, section 3.2.2)

    `MultiHeadAttention` does the same and more; here everything is on one page.

    Args:
        embed_dim: d_model, the width of the rows.
        num_heads: divides embed_dim; each head is `head_dim` wide.
        seed: what the random start of W_q, W_k, W_v and W_o depends on.
        dtype: of the matrices, float64 or float32.

    Raises:
        ConfigError: `n_heads 3 does not divide d_model 4: choose 1 or 2 or 4`

    >>> attn = SimpleAttention(embed_dim=6, num_heads=2)
    >>> output, weights = attn.forward(np.ones((5, 6)), causal=True, return_weights=True)
    >>> output.shape, weights.shape, weights[0, 1].round(2).tolist()
    ((5, 6), (2, 5, 5), [0.5, 0.5, 0.0, 0.0, 0.0])
    """

    def __init__(
        self, embed_dim: int, num_heads: int, seed: Seed = 0, dtype: npt.DTypeLike = np.float64
    ) -> None:
        self.embed_dim = whole_number("embed_dim", embed_dim, 1)
        self.num_heads = whole_number("num_heads", num_heads, 1)
        self.head_dim = head_size(self.embed_dim, self.num_heads)
        rng, dtype = generator(seed), real_dtype(dtype)
        self.W_q, self.W_k, self.W_v, self.W_o = (
            glorot_uniform(rng, self.embed_dim, self.embed_dim, dtype) for _ in range(4)
        )  # (embed_dim, embed_dim) each

    @property
    def d_model(self) -> int:
        """Another name for `embed_dim`."""
        return self.embed_dim

    @property
    def n_heads(self) -> int:
        """Another name for `num_heads`."""
        return self.num_heads

    @property
    def d_k(self) -> int:
        """Another name for `head_dim`."""
        return self.head_dim

    @explained
    def forward(
        self,
        x: npt.ArrayLike,
        mask: npt.ArrayLike | None = None,
        causal: bool = False,
        return_weights: bool = False,
        *,
        bias: npt.ArrayLike | None = None,
    ) -> Array | tuple[Array, Array]:
        """Let the rows of x attend to each other with all heads.

        Args:
            x: (seq, embed_dim); leading batch axes are allowed.
            mask: as for `MultiHeadAttention`.
            causal: whether what comes after a row is out of its sight; joins `mask`.
            return_weights: whether the weights are wanted, too.
            bias: as for `MultiHeadAttention`.

        Returns:
            output (seq, embed_dim), or (output, weights (num_heads, seq, seq)).

        Raises:
            ShapeError: `x has d_model 3, expected 4`
            NumberError, MaskError, FullyMaskedRowError: as `trace_attention`
        """
        x = real_rows("x", x, "seq", self.embed_dim)
        output, weights = self._attend(x, x, x, mask, bias, causal)
        return (output, weights) if flag("return_weights", return_weights) else output

    @explained
    def __call__(
        self,
        x: npt.ArrayLike,
        mask: npt.ArrayLike | None = None,
        causal: bool = False,
        *,
        bias: npt.ArrayLike | None = None,
    ) -> Array:
        """Compute the output of `forward`."""
        return self.self_attention(x, mask, causal, bias=bias)

    @explained
    def self_attention(
        self,
        x: npt.ArrayLike,
        mask: npt.ArrayLike | None = None,
        causal: bool = False,
        *,
        bias: npt.ArrayLike | None = None,
    ) -> Array:
        """Compute the output of `forward`."""
        x = real_rows("x", x, "seq", self.embed_dim)
        output, _ = self._attend(x, x, x, mask, bias, causal)
        return output

    @explained
    def dot_product_attention(
        self,
        Q: npt.ArrayLike,
        K: npt.ArrayLike,
        V: npt.ArrayLike,
        mask: npt.ArrayLike | None = None,
        *,
        bias: npt.ArrayLike | None = None,
        causal: bool = False,
    ) -> tuple[Array, Array]:
        """Way 1: attend without scaling, without matrices: (output, weights)."""
        return dot_product_attention(Q, K, V, mask, bias=bias, causal=causal)

    @explained
    def scaled_dot_product_attention(
        self,
        Q: npt.ArrayLike,
        K: npt.ArrayLike,
        V: npt.ArrayLike,
        mask: npt.ArrayLike | None = None,
        *,
        bias: npt.ArrayLike | None = None,
        causal: bool = False,
    ) -> tuple[Array, Array]:
        """Way 2: the same, with scores divided by sqrt(d_k): (output, weights)."""
        return scaled_dot_product_attention(Q, K, V, mask, bias=bias, causal=causal)

    @explained
    def multi_head_attention(
        self,
        Q: npt.ArrayLike,
        K: npt.ArrayLike,
        V: npt.ArrayLike,
        mask: npt.ArrayLike | None = None,
        *,
        bias: npt.ArrayLike | None = None,
        causal: bool = False,
    ) -> tuple[Array, Array]:
        """Way 3: scaled, several heads side by side, each on its own projections.

        Args:
            Q: rows that ask (..., seq_q, embed_dim).
            K, V: rows that are asked and gathered (..., seq_k, embed_dim).
            mask, bias, causal: as for `MultiHeadAttention`.

        Returns:
            (output (..., seq_q, embed_dim), weights (..., num_heads, seq_q, seq_k)).
        """
        refuse_mask(K=K, V=V)
        rows = (("Q", Q, "seq_q"), ("K", K, "seq_k"), ("V", V, "seq_k"))
        query, key, value = (real_rows(name, each, axis, self.embed_dim) for name, each, axis in rows)
        return self._attend(query, key, value, mask, bias, causal)

    @explained
    def causal_attention(
        self, x: npt.ArrayLike, mask: npt.ArrayLike | None = None, *, bias: npt.ArrayLike | None = None
    ) -> tuple[Array, Array]:
        """Way 4: self-attention with several heads, where nobody sees what comes later: (output, weights)."""
        x = real_rows("x", x, "seq", self.embed_dim)
        return self._attend(x, x, x, mask, bias, causal=True)

    @np.errstate(over="ignore", invalid="ignore")  # what overflows is refused by name
    def _attend(
        self,
        query: Array,
        key: Array,
        value: Array,
        mask: npt.ArrayLike | None,
        bias: npt.ArrayLike | None,
        causal: bool,
    ) -> tuple[Array, Array]:
        q = split_heads(query @ self.W_q, self.num_heads)  # (..., num_heads, seq_q, head_dim)
        k = split_heads(key @ self.W_k, self.num_heads)  # (..., num_heads, seq_k, head_dim)
        v = split_heads(value @ self.W_v, self.num_heads)  # (..., num_heads, seq_k, head_dim)
        read = mask_of_heads(mask, (*q.shape[:-1], k.shape[-2]), bias=bias, causal=causal)
        head_outputs, weights = scaled_dot_product_attention(q, k, v, **as_mask_or_bias(read))
        output: Array = merge_heads(head_outputs) @ self.W_o  # (..., seq_q, embed_dim)
        refuse_overflow("output", output)
        return output, weights
