"""Projections for a sentence small enough to follow by hand: the matrices W_Q, W_K and W_V.

    Q = X W_Q, K = X W_K, V = X W_V   (Vaswani et al. 2017, section 3.2.2, all heads side by side)

Like the tables of `embedding`, they are *hand-built* or *random* from a seed.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from attention.checks import head_size, whole_number
from attention.embedding import Provenance
from attention.seeded import checked_seed, normal
from attention.trace import Array, freeze_arrays

__all__ = ["Projections", "hand_built_projections", "random_projections"]

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
    head_size(whole_number("d_model", d_model, 2, MAX_D_MODEL), n_heads)
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
    head_size(whole_number("d_model", d_model, 2, MAX_D_MODEL), n_heads)
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
