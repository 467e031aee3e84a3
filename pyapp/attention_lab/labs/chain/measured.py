"""What is measured: a first word on its way down recurrent networks, and its weight in one hop."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from attention import Array, softmax

NETWORKS = 20
FARTHEST = 100  # steps
WIDTHS = (4, 8, 10)
LENGTHS = (2, 3, 5, 8, 12, 20, 30, 50, 75, 100)  # words in one hop
_ROUNDING = 1e-11  # of what differs less between states of size 1, a hundred-thousandth and more is rounding


class Passed(NamedTuple):
    """For each network and step: how much of the message and of the gradient is left, the first being 1."""

    message: Array  # (networks, steps)
    gradient: Array  # (networks, steps)


def networks(seed: int, width: int, strength: float) -> tuple[Array, Array]:
    """Draw W_h of each network, and two sentences for it that differ in their first word alone."""
    rng = np.random.default_rng(seed)
    w_h = strength * rng.standard_normal((NETWORKS, width, width)) / np.sqrt(width)
    x = rng.standard_normal((NETWORKS, FARTHEST + 1, width))
    other = x.copy()
    other[:, 0] = rng.standard_normal((NETWORKS, width))
    return w_h, np.stack([x, other])


def run(w_h: Array, x: Array) -> Array:
    """Return the states of all networks for both sentences: each network as `attention.rnn`, all at once.

    h_t = tanh(x_t + h_{t-1} W_h): the words are what W_x would make of them.
    """
    states = x.transpose(2, 1, 0, 3).copy()  # (steps, networks, 2, width): x, and step by step h
    h = np.zeros_like(states[0])
    for row in states:
        row += h @ w_h
        h = np.tanh(row, out=row)
    return states.transpose(2, 1, 0, 3)


def passed_on(w_h: Array, x: Array) -> Passed:
    """Return how far the two states stay apart, and the size of the gradient back to the first state."""
    h = run(w_h, x)
    apart = np.linalg.norm(h[0] - h[1], axis=-1)
    slopes = w_h[:, None] * (1 - h[0, :, :, None] ** 2)  # (networks, steps, width, width)
    back = np.empty_like(slopes)
    back[:, 0] = np.eye(w_h.shape[-1])
    for t in range(1, back.shape[1]):
        np.matmul(back[:, t - 1], slopes[:, t], out=back[:, t])
    gradient = np.linalg.norm(back, axis=(-2, -1))
    return Passed(beyond_rounding(apart / apart[:, :1]), gradient / gradient[:, :1])


def shares(seed: int, width: int, match: float) -> tuple[Array, Array]:
    """Return the first word's weight in one hop, for a random query and for `match` times its key."""
    rng = np.random.default_rng(seed)
    k = rng.standard_normal((NETWORKS, FARTHEST, width))
    q = np.stack([rng.standard_normal((NETWORKS, width)), match * k[:, 0]])
    scores = np.einsum("anw,nkw->ank", q, k) / np.sqrt(width)
    found = np.stack([softmax(scores[..., :n])[..., 0] for n in LENGTHS], axis=-1)
    return found[0], found[1]


def beyond_rounding(left: Array) -> Array:
    """Nothing is left where rounding can be seen in what two states differ by."""
    return np.where(left > _ROUNDING, left, 0)
