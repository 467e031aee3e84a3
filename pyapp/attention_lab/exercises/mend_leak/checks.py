"""What is asked of the mended attention."""

from __future__ import annotations

import numpy as np

from attention_lab.grading.cases import Check, call, check
from attention_lab.grading.inputs import mask_with_keys, qkv


def checks(rng: np.random.Generator) -> tuple[Check, ...]:
    """Return what is asked, with fresh inputs."""
    few, many, heads = qkv(rng, 2, 3, 5, 7), qkv(rng, 5, 5, 3, 2), qkv(rng, 3, 5, 7, 2, heads=2)
    large = [100 * each for each in qkv(rng, 3, 5, 7, 2)]
    return (
        check(
            "Each row of weights sums to 1, whatever is masked",
            call("2 queries, 3 keys and a mask", "attention", *few, mask_with_keys(rng, 2, 3)),
            call("5 rows and a causal mask", "attention", *many, np.tri(5, dtype=bool)),
        ),
        check(
            "It works with heads", call("2 heads and a mask", "attention", *heads, mask_with_keys(rng, 3, 5))
        ),
        check(
            "Large scores do not overflow",
            call("3 long queries, 5 long keys", "attention", *large, mask_with_keys(rng, 3, 5)),
        ),
    )
