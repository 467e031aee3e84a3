"""What is asked of apply_mask."""

from __future__ import annotations

import numpy as np

from attention_lab.grading.cases import Check, call, check
from attention_lab.grading.inputs import mask_with_keys


def checks(rng: np.random.Generator) -> tuple[Check, ...]:
    """Return what is asked, with fresh inputs."""
    batch = np.arange(5) < np.array([2, 5, 3])[:, None, None]
    return (
        check(
            "What may not count is -inf, the rest is as it was",
            call("2 queries, 3 keys", "apply_mask", rng.normal(size=(2, 3)), mask_with_keys(rng, 2, 3)),
            call("5 rows and a causal mask", "apply_mask", rng.normal(size=(5, 5)), np.tri(5, dtype=bool)),
        ),
        check(
            "One mask serves several heads or queries",
            call("2 heads, one mask", "apply_mask", rng.normal(size=(2, 3, 5)), mask_with_keys(rng, 3, 5)),
            call("3 sentences with padding", "apply_mask", rng.normal(size=(3, 2, 5)), batch),
        ),
    )
