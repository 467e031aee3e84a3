"""What is asked of kv_step."""

from __future__ import annotations

import numpy as np

from attention_lab.grading.cases import Case, Check, call, check


def checks(rng: np.random.Generator) -> tuple[Check, ...]:
    """Return what is asked, with fresh inputs."""

    def case(about: str, t: int, d_k: int, d_v: int, size: float = 1.0) -> Case:
        q, k, v = size * rng.normal(size=d_k), size * rng.normal(size=d_k), rng.normal(size=d_v)
        k = q.copy() if size > 1 else k  # of long vectors: one score is large and above 0
        cache = (size * rng.normal(size=(t, d_k)), rng.normal(size=(t, d_v))) if t else None
        return call(about, "kv_step", q, k, v, cache)

    return (
        check("The first word sees itself", case("the first word, d_k = 3, d_v = 2", 0, 3, 2)),
        check(
            "A word sees all before it and itself, and is added to the cache",
            case("the second word", 1, 3, 2),
            case("the fourth word, d_k = 5, d_v = 7", 3, 5, 7),
            case("the fourth word, d_k = d_v = 3", 3, 3, 3),
        ),
        check("Large scores do not overflow", case("long vectors", 2, 5, 3, 60.0)),
    )
