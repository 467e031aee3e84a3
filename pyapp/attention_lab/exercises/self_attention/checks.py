"""What is asked of SelfAttention."""

from __future__ import annotations

from typing import Any

import numpy as np

from attention_lab.grading.cases import Case, Check, check, made
from attention_lab.grading.inputs import mask_with_keys

OUTPUT_ALONE = True  # will do as well


def checks(rng: np.random.Generator) -> tuple[Check, ...]:
    """Return what is asked, with fresh inputs."""

    def case(about: str, d_model: int, *args: Any) -> Case:
        return made(about, "SelfAttention", [d_model], "forward", *args)

    return (
        check(
            "Rows gather from all rows by how well they fit",
            case("2 rows of 3", 3, rng.normal(size=(2, 3))),
            case("5 rows of 7", 7, rng.normal(size=(5, 7))),
        ),
        check(
            "A mask is kept to",
            case("5 rows of 3 and a causal mask", 3, rng.normal(size=(5, 3)), np.tri(5, dtype=bool)),
            case("3 rows of 5 and a mask", 5, rng.normal(size=(3, 5)), mask_with_keys(rng, 3, 3)),
        ),
        check("It works for several sentences", case("2 sentences of 3 rows", 5, rng.normal(size=(2, 3, 5)))),
        check("Large scores do not overflow", case("3 long rows", 5, 100 * rng.normal(size=(3, 5)))),
    )
