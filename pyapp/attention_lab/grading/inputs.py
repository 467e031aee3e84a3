"""Random inputs that several exercises ask with: a different prime for each axis, True = may attend."""

from __future__ import annotations

import numpy as np

from attention_lab.grading.protocol import Array


def qkv(
    rng: np.random.Generator, seq_q: int, seq_k: int, d_k: int, d_v: int, *, heads: int | None = None
) -> tuple[Array, Array, Array]:
    """Return queries, keys and values, with a head axis in front if asked."""
    front = () if heads is None else (heads,)
    return (
        rng.normal(size=(*front, seq_q, d_k)),
        rng.normal(size=(*front, seq_k, d_k)),
        rng.normal(size=(*front, seq_k, d_v)),
    )


def mask_with_keys(rng: np.random.Generator, seq_q: int, seq_k: int) -> Array:
    """Return a mask (seq_q, seq_k) in which each row has a key, and each lacks one."""
    mask = rng.random((seq_q, seq_k)) < 0.6
    first = rng.integers(seq_k, size=seq_q)
    mask[np.arange(seq_q), first] = True
    mask[np.arange(seq_q), (first + 1 + rng.integers(seq_k - 1, size=seq_q)) % seq_k] = False
    return mask


def weights_of_block(rng: np.random.Generator, d_model: int, d_ff: int) -> dict[str, Array]:
    """Return the weights of a transformer block, under the names that the exercise gives them."""
    square, wide = (d_model, d_model), (d_model, d_ff)
    shapes: dict[str, tuple[int, ...]] = {}
    for name in "qkvo":
        shapes |= {f"w_{name}": square, f"b_{name}": (d_model,)}
    shapes |= {"w_1": wide, "b_1": (d_ff,), "w_2": wide[::-1], "b_2": (d_model,)}
    shapes |= {f"{name}_{number}": (d_model,) for number in (1, 2) for name in ("gamma", "beta")}
    return {name: rng.normal(size=shape) / np.sqrt(shape[0]) for name, shape in shapes.items()}
