"""Four ways to tell attention where words stand, each as short as it is: the page shows these lines."""

from __future__ import annotations

import numpy as np

from attention import (
    ALiBi,
    Array,
    Mask,
    RotaryPositionalEncoding,
    hand_built_projections,
    scaled_dot_product_attention,
    sinusoidal_positions,
)

D_MODEL = 4


def output(x: Array, place: str, mask: Mask | None) -> Array:  # (n, 4) -> (n, 4)
    """One head of attention over rows in their order, with what this way says of places."""
    w = hand_built_projections(D_MODEL, 1)
    bias: Array = np.zeros((len(x), len(x)))
    if place == "waves":
        x = x + sinusoidal_positions(*x.shape)
    q: Array = x @ w.w_q
    k: Array = x @ w.w_k
    if place == "rotary":
        turn = RotaryPositionalEncoding(D_MODEL)
        q, k = turn(q), turn(k)
    if place == "alibi":
        bias = ALiBi(8)(len(x))[0]
    rows, _ = scaled_dot_product_attention(q, k, x @ w.w_v, mask, bias=bias)
    return rows


def shuffled(n: int, seed: int) -> list[int]:
    """Return an order of n words that is not the one in which they were written, unless there is one word."""
    order: list[int] = np.random.default_rng(seed).permutation(n).tolist()
    return order if order != sorted(order) else [*order[1:], order[0]]


def alike(rows: Array) -> Array:  # (n, d) -> (n, n)
    """Compare each row with each: the cosine of the angle between them."""
    lengths = np.linalg.norm(rows, axis=-1, keepdims=True)
    cosines: Array = (rows / lengths) @ (rows / lengths).T
    return cosines


def scores_of_waves(q: Array, k: Array, start: int, n: int) -> Array:  # (d,), (d,) -> (n, n)
    """One query and one key at n places each, with waves added: each place with each."""
    waves = sinusoidal_positions(start + n, len(q))[start:]
    scores: Array = (q + waves) @ (k + waves).T / np.sqrt(len(q))
    return scores


def scores_of_rotary(q: Array, k: Array, start: int, n: int) -> Array:  # (d,), (d,) -> (n, n)
    """One query and one key at n places each, turned: each place with each."""
    turn = RotaryPositionalEncoding(len(q))
    queries, keys = turn(np.tile(q, (n, 1)), offset=start), turn(np.tile(k, (n, 1)), offset=start)
    scores: Array = queries @ keys.T / np.sqrt(len(q))
    return scores


def scores_of_alibi(q: Array, k: Array, head: int, n: int) -> Array:  # (d,), (d,) -> (n, n)
    """One query and one key at n places each, minus the slope of a head times their distance."""
    scores: Array = q @ k / np.sqrt(len(q)) + ALiBi(8)(n)[head - 1]
    return scores
