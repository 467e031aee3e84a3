"""What is asked of cross_attention."""

from __future__ import annotations

import numpy as np

from attention_lab.grading.cases import Case, Check, call, check

WEIGHTS_TOO = True  # (output, weights) will do as well


def checks(rng: np.random.Generator) -> tuple[Check, ...]:
    """Return what is asked, with fresh inputs."""

    def case(
        about: str, seq_q: int, seq_k: int, sizes: tuple[int, int, int], *front: int, far: float = 1.0
    ) -> Case:
        d_model, d_k, d_v = sizes
        x, memory = (far * rng.normal(size=(*front, seq, d_model)) for seq in (seq_q, seq_k))
        w_q, w_k, w_v = (rng.normal(size=(d_model, width)) / 2 for width in (d_k, d_k, d_v))
        return call(about, "cross_attention", x, memory, w_q, w_k, w_v)

    return (
        check(
            "The rows of x gather from those of memory",
            case("2 rows ask 3", 2, 3, (3, 5, 2)),
            case("3 rows ask 3, all widths 3", 3, 3, (3, 3, 3)),
            case("5 rows ask 2", 5, 2, (3, 7, 2)),
        ),
        check("It works for several sentences", case("2 sentences, 3 rows ask 5", 3, 5, (7, 5, 3), 2)),
        check("Large scores do not overflow", case("3 long rows ask 5", 3, 5, (2, 5, 3), far=100.0)),
    )
