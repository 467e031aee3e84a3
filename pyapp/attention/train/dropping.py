"""DropHead: a model trains without some of its heads, others at each step, so that none is needed.

    MultiHead(Q, K, V) = Concat(xi_1 head_1, ..., xi_h head_h) W_O / (1 - p),  xi_i = 0 with probability p
    (after Zhou et al. 2020, "Scheduled DropHead", arXiv 2004.13342)

They divide by the share of the heads that are kept, and change p on the way; here p stays, and 1 - p, which
is that share on average, is never 0. One draw serves a whole batch: xi_i / (1 - p) then is a factor of W_O's
rows, and the backward pass of the plain model gives the gradients, by the chain rule.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import numpy as np

from attention.grad import Gradients
from attention.layers import Layer
from attention.models.encoder import SmallEncoder, TraceT
from attention.trace import Array

__all__ = ["draw_factors", "gradients_through", "multiplied"]


def draw_factors(model: SmallEncoder[TraceT], p: float, rng: np.random.Generator) -> dict[str, Array]:
    """Leave out heads of each block with probability p, and return what each W_O is multiplied by.

    Nothing is drawn, and nothing multiplied, where p is 0.

    Returns:
        By the name of each block's W_O: (d_model, 1), for each row 0 or 1 / (1 - p).
    """
    factors: dict[str, Array] = {}
    for number, block in enumerate(model.blocks if p else ()):
        xi = rng.random(model.n_heads) >= p  # (n_heads,)
        rows = np.repeat(xi, block.attention.d_k)[:, None]  # (d_model, 1)
        factors[f"blocks.{number}.attention.w_o"] = (rows / (1 - p)).astype(block.attention.w_o.dtype)
    return factors


@contextmanager
def multiplied(layer: Layer, factors: Mapping[str, Array]) -> Iterator[None]:
    """Multiply weights by their factors for as long as this lasts; afterwards they are what they were."""
    weights = layer.parameters()
    before = {name: weights[name].copy() for name in factors}
    try:
        for name, factor in factors.items():
            weights[name] *= factor
        yield
    finally:
        for name, weight in before.items():
            weights[name][...] = weight


def gradients_through(factors: Mapping[str, Array], gradients: Gradients) -> Gradients:
    """Return the gradients of the weights themselves, from those of the multiplied ones.

    y = f(c w):  dw = c d(c w)
    """
    found = dict(gradients.parameters)
    for name, factor in factors.items():
        found[name] = factor * found[name]
    return Gradients(gradients.inputs, found)
