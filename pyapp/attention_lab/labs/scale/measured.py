"""What is measured on random queries and keys: scores, and what softmax makes of them."""

from __future__ import annotations

from functools import cached_property

import numpy as np

from attention import Array, entropy, softmax

MOST_D_K, MOST_KEYS, N_QUERIES = 1024, 512, 32
N_KEYS = (8, 16, 32, 64, 128, 256, 512)
WIDTHS = tuple(2**i for i in range(11))  # 1 to 1024, for the spread
FEW_WIDTHS = WIDTHS[::2]  # for what softmax makes of the scores, which takes longer
ROWS_OF_A_QUERY = 16  # its keys are cut into so many rows, or fewer where rows are long
_WIDE = 32  # columns
HARDLY = 0.01  # a gradient below this moves next to nothing


class Drawn:
    """Queries and keys of a seed, each entry of mean 0 and variance 1; a smaller d_k uses first columns.

    Keys are drawn when they are asked for: the first ones are the same, however many follow. NumPy's usual
    generator multiplies numbers of 128 bits, which WebAssembly has not: SFC64 draws in half the time there.
    """

    def __init__(self, seed: int) -> None:
        self._numbers = np.random.Generator(np.random.SFC64(seed))
        self.q: Array = self._numbers.standard_normal((N_QUERIES, MOST_D_K), dtype=np.float32)
        self._k = np.empty((MOST_KEYS, MOST_D_K), dtype=np.float32)
        self._n = 0  # keys that there are

    def keys(self, n: int) -> Array:  # (n, MOST_D_K)
        """Return the first n keys."""
        if n > self._n:
            self._numbers.standard_normal(out=self._k[self._n : n], dtype=np.float32)
            self._n = n
        return self._k[:n]

    @property
    def k(self) -> Array:  # (MOST_KEYS, MOST_D_K)
        """All keys."""
        return self.keys(MOST_KEYS)


def raw_scores(drawn: Drawn, d_k: int, n_keys: int = MOST_KEYS) -> Array:
    """Multiply every query with the first keys: (N_QUERIES, n_keys)."""
    return products(drawn.q[:, :d_k], drawn.keys(n_keys)[:, :d_k]).astype(np.float64)


def products(q: Array, k: Array) -> Array:  # (queries, d), (keys, d) -> (queries, keys)
    """Return q @ k.T. NumPy in a browser has no BLAS: there, einsum sums wide rows in half the time."""
    return np.einsum("qd,kd->qk", q, k) if q.shape[-1] > _WIDE else q @ k.T


def scores_at_each_width(drawn: Drawn, n_keys: int = MOST_KEYS) -> dict[int, Array]:
    """Multiply them at each of WIDTHS: a width adds the products of its own columns to those before."""
    found: dict[int, Array] = {}
    k = drawn.keys(n_keys)
    scores = np.zeros((N_QUERIES, n_keys), dtype=k.dtype)
    before = 0
    for d_k in WIDTHS:
        scores = scores + products(drawn.q[:, before:d_k], k[:, before:d_k])
        found[d_k] = scores.astype(np.float64)
        before = d_k
    return found


def into_softmax(scores: Array, n_keys: int, d_k: int, divide: bool, temperature: float) -> Array:
    """Cut each query's scores into rows of n_keys, and divide: (rows, n_keys)."""
    by = temperature * (np.sqrt(d_k) if divide else 1.0)
    rows: Array = scores[:, : keys_in_rows(n_keys)].reshape(-1, n_keys) / by
    return rows


def keys_in_rows(n_keys: int) -> int:
    """Return of how many keys each query's scores are cut into rows of n_keys."""
    return min(ROWS_OF_A_QUERY * n_keys, MOST_KEYS)


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


def gradients_over_keys(scores: Array, d_k: int, divide: bool) -> list[Array]:  # [(rows,), ...]
    """Measure the gradient of each row, for each of N_KEYS.

    Every score is raised once: what is subtracted from all of a query's scores divides out of its rows. It is
    the largest of them; the others lie some hundred below at most, and e to that is still a number.
    """
    divided = scores / np.sqrt(d_k) if divide else scores
    raised = np.exp(divided - divided.max(axis=-1, keepdims=True))
    norms = []
    for n_keys in N_KEYS:
        rows = raised[:, : keys_in_rows(n_keys)].reshape(-1, n_keys)
        norms.append(gradient_norms(rows / rows.sum(axis=-1, keepdims=True)))
    return norms


class Softened:
    """What softmax makes of many rows of scores, (..., n_keys): each measured when it is asked for."""

    def __init__(self, scores: Array) -> None:
        self.weights = softmax(scores)

    @cached_property
    def largest(self) -> Array:  # (...)
        """The largest weight of each row."""
        largest: Array = self.weights.max(axis=-1)
        return largest

    @cached_property
    def bits(self) -> Array:  # (...)
        """Its entropy."""
        return entropy(self.weights)

    @cached_property
    def gradients(self) -> Array:  # (...)
        """Its gradient_norms."""
        return gradient_norms(self.weights)


def standard_error(values: Array) -> float:
    """How far a mean of so many values is usually off."""
    return float(values.std(ddof=1) / np.sqrt(len(values)))
