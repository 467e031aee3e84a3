"""What the page must show, in plain NumPy: only the tables of words and projections come from the package."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from attention import (
    hand_built_embedding,
    hand_built_projections,
    random_embedding,
    random_projections,
    tokenize,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

DEFAULT_TEXT = "The cat sat on the mat"


@dataclass(frozen=True)
class Settings:
    """The learner's choices that numbers depend on."""

    text: str = DEFAULT_TEXT
    d_model: int = 4
    n_heads: int = 2
    head: int = 0
    random_seed: int | None = None
    mask: str = "none"
    n_pad: int = 0
    blocked: frozenset[tuple[int, int]] = frozenset()
    scale: float | None = None


def matrices(settings: Settings) -> dict[str, Array]:
    """Every matrix of the seven steps for one head, by its id on the page."""
    tokens = tokenize(settings.text).padded(settings.n_pad)
    if settings.random_seed is None:
        embedded = hand_built_embedding(tokens, settings.d_model)
    else:
        embedded = random_embedding(tokens, settings.d_model, settings.random_seed)
    w = (
        hand_built_projections(settings.d_model, settings.n_heads)
        if settings.random_seed is None
        else random_projections(settings.d_model, settings.n_heads, settings.random_seed)
    )
    d_k = settings.d_model // settings.n_heads
    columns = slice(settings.head * d_k, (settings.head + 1) * d_k)
    x = np.array([embedded.table[i] for i in embedded.ids])
    w_q, w_k, w_v = w.w_q[:, columns], w.w_k[:, columns], w.w_v[:, columns]
    q, k, v = x @ w_q, x @ w_k, x @ w_v
    n = len(x)
    raw = np.array([[sum(a * b for a, b in zip(qi, kj, strict=True)) for kj in k] for qi in q])
    scale = 1 / math.sqrt(d_k) if settings.scale is None else settings.scale
    allowed = np.ones((n, n), dtype=bool)
    if settings.mask == "causal":
        allowed = np.tril(allowed)
    elif settings.mask == "padding":
        allowed[:, n - settings.n_pad :] = False
    for row, col in settings.blocked:
        allowed[row, col] = False
    scaled = raw * scale
    masked = np.where(allowed, scaled, -np.inf)
    e = np.exp(masked - masked.max(axis=1, keepdims=True))
    weights = e / e.sum(axis=1, keepdims=True)
    return {
        "table": np.asarray(embedded.table), "x": x,
        "w_q": w_q, "w_k": w_k, "w_v": w_v, "q": q, "k": k, "v": v, "k_t": k.T,
        "raw_scores": raw, "scaled_scores": scaled,
        "mask": np.where(allowed, 0.0, -np.inf), "masked_scores": masked,
        "weights": weights, "head_outputs": weights @ v,
    }  # fmt: skip
