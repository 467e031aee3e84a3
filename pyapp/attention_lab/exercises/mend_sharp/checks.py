"""What is asked of the mended weights."""

from __future__ import annotations

import numpy as np

from attention_lab.grading.cases import Case, Check, call, check
from attention_lab.grading.inputs import qkv


def checks(rng: np.random.Generator) -> tuple[Check, ...]:
    """Return what is asked, with fresh inputs."""

    def case(about: str, seq_q: int, seq_k: int, d_k: int, heads: int | None = None, far: float = 1) -> Case:
        q, k, _ = qkv(rng, seq_q, seq_k, d_k, 1, heads=heads)
        return call(about, "weights", far * q, far * k)

    return (
        check(
            "The weights are as wide for long vectors as for short ones",
            case("2 queries, 3 keys, d_k = 5", 2, 3, 5),
            case("3 queries, 5 keys, d_k = 64", 3, 5, 64),
        ),
        check("It works with heads", case("2 heads, d_k = 7", 3, 5, 7, heads=2)),
        check("Large scores do not overflow", case("3 long queries, 5 long keys", 3, 5, 7, far=100)),
    )
