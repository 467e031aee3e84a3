"""What is measured: a first word on its way down recurrent networks, and its weight in one hop."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from attention import Array, rnn, softmax

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


def side_by_side(w_h: Array) -> Array:
    """Put the matrices of all networks on the diagonal of one: they run together, and none hears another."""
    n, width, _ = w_h.shape
    together = np.zeros((n, width, n, width))
    together[np.arange(n), :, np.arange(n)] = w_h
    return together.reshape(n * width, n * width)


def run(w_h: Array, x: Array) -> Array:
    """Return the states of all networks for both sentences."""
    n, width, _ = w_h.shape
    flat = x.transpose(0, 2, 1, 3).reshape(2, -1, n * width)
    states = rnn(flat, np.eye(n * width), side_by_side(w_h))
    return states.reshape(2, -1, n, width).transpose(0, 2, 1, 3)


def passed_on(w_h: Array, x: Array) -> Passed:
    """Return how far the two states stay apart, and the size of the gradient back to the first state."""
    h = run(w_h, x)
    apart = np.linalg.norm(h[0] - h[1], axis=-1)
    back = np.broadcast_to(np.eye(w_h.shape[-1]), w_h.shape)
    sizes = []
    for t in range(h.shape[2]):
        if t > 0:
            back = back @ (w_h * (1 - h[0, :, t, None] ** 2))
        sizes.append(np.linalg.norm(back, axis=(1, 2)))
    gradient = np.stack(sizes, axis=1)
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
