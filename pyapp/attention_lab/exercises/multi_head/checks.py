"""What is asked of MultiHeadAttention."""

from __future__ import annotations

from typing import Any

import numpy as np

from attention_lab.grading.cases import Case, Check, check, made
from attention_lab.grading.inputs import mask_with_keys

WEIGHTS_TOO = True  # (output, weights) will do as well


def checks(rng: np.random.Generator) -> tuple[Check, ...]:
    """Return what is asked, with fresh inputs."""

    def case(about: str, d_model: int, n_heads: int, *args: Any) -> Case:
        weights = [rng.normal(size=(d_model, d_model)) / np.sqrt(d_model) for _ in range(4)]
        return made(about, "MultiHeadAttention", [d_model, n_heads, *weights], "__call__", *args)

    x, rows, batch = rng.normal(size=(3, 4)), rng.normal(size=(5, 6)), rng.normal(size=(2, 3, 6))
    query, key, value = (rng.normal(size=(seq, 6)) for seq in (2, 5, 5))
    return (
        check(
            "Heads attend side by side, and are mixed",
            case("3 rows of 4, 2 heads", 4, 2, x, x, x),
            case("5 rows of 6, 3 heads", 6, 3, rows, rows, rows),
        ),
        check(
            "Queries, keys and values may differ", case("2 queries, 5 keys, 2 heads", 6, 2, query, key, value)
        ),
        check(
            "A mask is kept to in every head",
            case("5 rows and a causal mask", 6, 2, rows, rows, rows, np.tri(5, dtype=bool)),
            case("2 queries, 5 keys and a mask", 6, 3, query, key, value, mask_with_keys(rng, 2, 5)),
        ),
        check("It works for several sentences", case("2 sentences of 3 rows", 6, 3, batch, batch, batch)),
        check("Large scores do not overflow", case("3 long rows", 4, 2, 100 * x, 100 * x, x)),
    )
