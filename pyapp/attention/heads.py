"""Heads: several attentions side by side, each on its own columns of Q, K and V.

    head_i = Attention(X W_Q_i, X W_K_i, X W_V_i)   (Vaswani et al. 2017, section 3.2.2)

Head i owns the columns i * d_k to (i + 1) * d_k - 1 of W_Q and W_K, and likewise of W_V.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from attention.checks import real_array, require_finite, require_matrix, whole_number
from attention.core import Intervention, trace_attention
from attention.embedding import Provenance
from attention.errors import ConfigError, ShapeError
from attention.seeded import checked_seed, normal
from attention.trace import Array, MultiHeadTrace, freeze_arrays

__all__ = [
    "Projections",
    "hand_built_projections",
    "merge_heads",
    "random_projections",
    "split_heads",
    "trace_self_attention",
]

MAX_D_MODEL = 64

# Head 0 of two owns the columns 0 and 1, head 1 the columns 2 and 3.
_TILE_Q = ((-1, 0, 1, -1), (1, 0, 1, 0), (0, -1, -1, 0), (0, 1, 0, 1))
_TILE_K = ((1, -1, 1, 0), (1, 0, -1, 0), (-1, 0, 0, 1), (0, 1, 0, -1))
_TILE_V = ((2, 0, 0, 1), (0, 1, -1, 0), (1, -1, 0, 2), (0, -1, 1, 0))


@dataclass(frozen=True, slots=True, eq=False)
class Projections:
    """The three matrices that make queries, keys and values out of X, and where their numbers come from.

    Q = X W_Q, K = X W_K, V = X W_V (Vaswani et al. 2017, section 3.2.2, all heads side by side)

    >>> projections = random_projections(d_model=6, n_heads=3, seed=7)
    >>> projections.w_q.shape, projections.provenance, projections.seed
    ((6, 6), 'random', 7)
    """

    w_q: Array  # (d_model, n_heads * d_k)
    w_k: Array  # (d_model, n_heads * d_k)
    w_v: Array  # (d_model, n_heads * d_v)
    provenance: Provenance
    seed: int | None  # of random numbers

    def __post_init__(self) -> None:
        freeze_arrays(self)


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
    d_k = _head_size(x.shape[-1], n_heads)
    return x.reshape(*x.shape[:-1], n_heads, d_k).swapaxes(-2, -3)  # (..., n_heads, seq, d_k)


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
    *batch, n_heads, seq, d_v = heads.shape
    return heads.swapaxes(-2, -3).reshape(*batch, seq, n_heads * d_v)  # (..., seq, n_heads * d_v)


def hand_built_projections(d_model: int, n_heads: int) -> Projections:
    """Build W_Q, W_K and W_V from few and small whole numbers, so that sums can be checked by hand.

        Q = X W_Q, K = X W_K, V = X W_V   (Vaswani et al. 2017, section 3.2.2)

    The numbers are ours, by this rule:

    - The first four rows and columns are a tile of 4 x 4 numbers, shown below for W_Q.
    - Every next four columns repeat the tile in the first four rows, moved down by one more row each time
      (and round to the top), and each of these columns has a 1 in a row of its own: column j in row j.
      So a column has four numbers that are not zero at most, and mostly two or three.
    - For d_model 2 and 3 the tile's rows past the end start again at the top, where the cell is still 0.

    The matrices do not depend on `n_heads`: more heads cut the same columns into narrower parts.

    Args:
        d_model: number of columns of X, from 2 to 64.
        n_heads: number of heads; divides d_model.

    Returns:
        Projections with w_q, w_k and w_v (d_model, d_model).

    Raises:
        ConfigError: `n_heads 3 does not divide d_model 4: choose 1 or 2 or 4`
        ConfigError: `d_model must be a whole number from 2 to 64, got 1`

    >>> hand_built_projections(d_model=4, n_heads=2).w_q.astype(int).tolist()
    [[-1, 0, 1, -1], [1, 0, 1, 0], [0, -1, -1, 0], [0, 1, 0, 1]]
    """
    _head_size(whole_number("d_model", d_model, 2, MAX_D_MODEL), n_heads)
    w_q, w_k, w_v = (_tiled(tile, d_model) for tile in (_TILE_Q, _TILE_K, _TILE_V))  # (d_model, d_model) each
    return Projections(w_q, w_k, w_v, "hand-built", seed=None)


def random_projections(d_model: int, n_heads: int, seed: int) -> Projections:
    """Draw W_Q, W_K and W_V so that queries and keys of random tokens have a variance of about 1.

        W_ij ~ N(0, 1 / d_model), rounded to one decimal; Q = X W_Q, ... (Vaswani et al. 2017, section 3.2.2)

    Args:
        d_model: number of columns of X, from 2 to 64.
        n_heads: number of heads; divides d_model.
        seed: a whole number from 0 to 4294967295.

    Returns:
        Projections with w_q, w_k and w_v (d_model, d_model); they do not depend on `n_heads`.

    Raises:
        ConfigError: `seed must be a whole number from 0 to 4294967295, got -1`
        ConfigError: `n_heads 3 does not divide d_model 4: choose 1 or 2 or 4`

    >>> random_projections(d_model=2, n_heads=1, seed=7).w_q.tolist()
    [[0.7, 0.2], [-0.5, -0.5]]
    """
    _head_size(whole_number("d_model", d_model, 2, MAX_D_MODEL), n_heads)
    seed = checked_seed(seed)
    deviation = 1 / math.sqrt(d_model)
    w_q, w_k, w_v = (
        np.array(
            [
                [round(deviation * normal(seed, name, row, column), 1) for column in range(d_model)]
                for row in range(d_model)
            ]
        )
        for name in ("w_q", "w_k", "w_v")
    )  # (d_model, d_model) each
    return Projections(w_q, w_k, w_v, "random", seed)


def trace_self_attention(
    x: npt.ArrayLike,
    projections: Projections,
    n_heads: int,
    mask: npt.ArrayLike | None = None,
    scale: float | None = None,
    intervene: Intervention | None = None,
) -> MultiHeadTrace:
    """Let a sentence attend to itself with several heads, and keep every step.

        head_i = Attention(X W_Q_i, X W_K_i, X W_V_i), then Concat   (Vaswani et al. 2017, section 3.2.2)

    The paper's last step, Concat W_O, is not taken here.

    Args:
        x: one sentence (seq, d_model); leading batch axes are allowed.
        projections: w_q, w_k and w_v, each (d_model, d_model).
        n_heads: number of heads; divides d_model.
        mask: as for `trace_attention`; broadcasts to (n_heads, seq, seq), so (seq, seq) serves all heads.
        scale: what the raw scores are multiplied by; 1 / sqrt(d_k) unless given.
        intervene: as for `trace_attention`; gets the weights of all heads (n_heads, seq, seq).

    Returns:
        MultiHeadTrace, its attention with a head axis, and concat (seq, n_heads * d_v).

    Raises:
        ShapeError: `x has d_model 3, but w_q has d_model 4`
        ConfigError: `n_heads 3 does not divide d_model 4: choose 1 or 2 or 4`
        FullyMaskedRowError: `the mask leaves no key for query row 2 of head 0 (counted from 0): ...`

    >>> trace = trace_self_attention([[1, 0], [0, 1], [1, 1]], hand_built_projections(2, 1), n_heads=1)
    >>> trace.attention.weights.shape, trace.concat.shape
    ((1, 3, 3), (3, 2))
    """
    x = real_array("x", x)
    require_matrix("x", x, "seq", "d_model")
    require_finite("x", x)
    w_q, w_k, w_v = projections.w_q, projections.w_k, projections.w_v
    if x.shape[-1] != w_q.shape[0]:
        raise ShapeError(f"x has d_model {x.shape[-1]}, but w_q has d_model {w_q.shape[0]}")

    q = split_heads(x @ w_q, n_heads)  # (n_heads, seq_q, d_k)
    k = split_heads(x @ w_k, n_heads)  # (n_heads, seq_k, d_k)
    v = split_heads(x @ w_v, n_heads)  # (n_heads, seq_k, d_v)
    attention = trace_attention(q, k, v, mask, scale, intervene)
    concat = merge_heads(attention.head_outputs)  # (seq, n_heads * d_v)

    return MultiHeadTrace(x, w_q, w_k, w_v, attention, concat)


def _head_size(d_model: int, n_heads: int) -> int:
    """Return d_k = d_model / n_heads, which must be whole."""
    n_heads = whole_number("n_heads", n_heads, 1)
    if d_model % n_heads:
        choices = " or ".join(str(n) for n in range(1, d_model + 1) if d_model % n == 0)
        raise ConfigError(f"n_heads {n_heads} does not divide d_model {d_model}: choose {choices}")
    return d_model // n_heads


def _tiled(tile: tuple[tuple[int, ...], ...], d_model: int) -> Array:
    """Spread a 4 x 4 tile over (d_model, d_model), by the rule in `hand_built_projections`."""
    w = np.zeros((d_model, d_model))  # (d_model, d_model)
    for column in range(d_model):
        for tile_row in range(4):
            row = (tile_row + column // 4) % 4 % d_model
            w[row, column] = w[row, column] or tile[tile_row][column % 4]
        if column >= 4:
            w[column, column] = 1
    return w
