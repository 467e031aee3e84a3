"""What is asked of block."""

from __future__ import annotations

from typing import Any

import numpy as np

from attention_lab.grading.cases import Case, Check, call, check
from attention_lab.grading.inputs import weights_of_block
from attention_lab.grading.protocol import Recipe


def checks(rng: np.random.Generator) -> tuple[Check, ...]:
    """Return what is asked, with fresh inputs."""

    def case(
        about: str, seq: int, sizes: tuple[int, int, int], *front: int, far: float = 1, **more: Any
    ) -> Case:
        d_model, d_ff, n_heads = sizes
        x = rng.normal(size=(*front, seq, d_model))
        return call(about, "block", far * x, weights_of_block(rng, d_model, d_ff), n_heads, **more)

    causal = np.tri(5, dtype=bool)
    return (
        check(
            "Norm, attention, sum; norm, network, sum",
            case("2 rows of 4, d_ff = 5, 2 heads", 2, (4, 5, 2)),
            case("3 rows of 6, d_ff = 7, 3 heads", 3, (6, 7, 3)),
        ),
        check("A mask is kept to", case("5 rows and a causal mask", 5, (6, 7, 2), mask=causal)),
        check(
            "With norm_first=False the norms come after the sums",
            case("3 rows, norm_first=False", 3, (4, 5, 2), norm_first=False),
            case("5 rows, norm_first=False and a mask", 5, (6, 7, 3), norm_first=False, mask=causal),
        ),
        check("It uses the activation", case("activation=tanh", 3, (4, 5, 2), activation=Recipe("tanh"))),
        check("eps goes to both norms", case("eps = 0.5", 3, (4, 5, 2), eps=0.5)),
        check("It works for several sentences", case("2 sentences of 3 rows", 3, (6, 5, 2), 2)),
        check("Large scores do not overflow", case("3 long rows", 3, (4, 5, 2), far=100, norm_first=False)),
    )
