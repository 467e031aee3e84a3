"""What is asked of the mended split_heads."""

from __future__ import annotations

import numpy as np

from attention_lab.grading.cases import Check, call, check


def checks(rng: np.random.Generator) -> tuple[Check, ...]:
    """Return what is asked, with fresh inputs."""
    return (
        check(
            "Each head holds its own columns of every row",
            call("3 rows of 4, 2 heads", "split_heads", rng.normal(size=(3, 4)), 2),
            call("5 rows of 6, 3 heads", "split_heads", rng.normal(size=(5, 6)), 3),
            call("3 rows of 9, 3 heads", "split_heads", rng.normal(size=(3, 9)), 3),
        ),
    )
