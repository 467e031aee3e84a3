"""What is measured on random queries and keys: scores, and what softmax makes of them."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from attention import Array, entropy, softmax

MOST_D_K, MOST_KEYS, N_QUERIES = 1024, 512, 32
N_KEYS = (8, 16, 32, 64, 128, 256, 512)
WIDTHS = tuple(2**i for i in range(11))  # 1 to 1024, for the spread
FEW_WIDTHS = WIDTHS[::2]  # for what softmax makes of the scores, which takes longer
ROWS_OF_A_QUERY = 16  # its keys are cut into so many rows, or fewer where rows are long
_WIDE = 32  # columns
HARDLY = 0.01  # a gradient below this moves next to nothing


class Drawn(NamedTuple):
    """Queries and keys, each entry of mean 0 and variance 1."""

    q: Array  # (N_QUERIES, MOST_D_K)
    k: Array  # (MOST_KEYS, MOST_D_K)


def draw(seed: int) -> Drawn:
    """Draw all queries and keys; a smaller d_k uses their first columns."""
    rng = np.random.default_rng(seed)
    q = rng.standard_normal((N_QUERIES, MOST_D_K), dtype=np.float32)
    k = rng.standard_normal((MOST_KEYS, MOST_D_K), dtype=np.float32)
    return Drawn(q, k)


def raw_scores(drawn: Drawn, d_k: int) -> Array:
    """Multiply every query with every key: (N_QUERIES, MOST_KEYS)."""
    return products(drawn.q[:, :d_k], drawn.k[:, :d_k]).astype(np.float64)


def products(q: Array, k: Array) -> Array:  # (queries, d), (keys, d) -> (queries, keys)
    """Return q @ k.T. NumPy in a browser has no BLAS: there, einsum sums wide rows in half the time."""
    return np.einsum("qd,kd->qk", q, k) if q.shape[-1] > _WIDE else q @ k.T


def scores_at_each_width(drawn: Drawn) -> dict[int, Array]:
    """Multiply them at each of WIDTHS: a width adds the products of its own columns to those before."""
    found: dict[int, Array] = {}
    scores = np.zeros((N_QUERIES, MOST_KEYS), dtype=drawn.q.dtype)
    before = 0
    for d_k in WIDTHS:
        scores = scores + products(drawn.q[:, before:d_k], drawn.k[:, before:d_k])
        found[d_k] = scores.astype(np.float64)
        before = d_k
    return found


def into_softmax(scores: Array, n_keys: int, d_k: int, divide: bool, temperature: float) -> Array:
    """Cut each query's scores into rows of n_keys, and divide: (rows, n_keys)."""
    by = temperature * (np.sqrt(d_k) if divide else 1.0)
    rows: Array = scores[:, : ROWS_OF_A_QUERY * n_keys].reshape(-1, n_keys) / by
    return rows


def count_rows(n_keys: int) -> int:
    """Return how many rows of n_keys scores there are."""
    return N_QUERIES * min(ROWS_OF_A_QUERY, MOST_KEYS // n_keys)


def gradient_norms(weights: Array) -> Array:
    """Measure how much each row of weights can still move: the Frobenius norm of softmax's Jacobian.

    |diag(w) - w w^T|^2 = sum w^2 - 2 sum w^3 + (sum w^2)^2
    """
    squared = weights * weights
    squares, cubes = squared.sum(axis=-1), (squared * weights).sum(axis=-1)
    norms: Array = np.sqrt(np.maximum(squares - 2 * cubes + squares**2, 0.0))
    return norms


class Softened(NamedTuple):
    """What softmax makes of many rows of scores."""

    largest: Array  # (rows,) the largest weight of each
    bits: Array  # (rows,) its entropy
    gradients: Array  # (rows,) its gradient_norms


def soften(scores: Array) -> Softened:
    """Put rows of scores through softmax and measure each."""
    weights = softmax(scores)
    return Softened(weights.max(axis=-1), entropy(weights), gradient_norms(weights))


def standard_error(values: Array) -> float:
    """How far a mean of so many values is usually off."""
    return float(values.std(ddof=1) / np.sqrt(len(values)))
