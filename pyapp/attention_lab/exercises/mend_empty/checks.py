"""What is asked of the mended softmax."""

from __future__ import annotations

import numpy as np

from attention_lab.grading.cases import Check, call, check
from attention_lab.grading.inputs import mask_with_keys


def checks(rng: np.random.Generator) -> tuple[Check, ...]:
    """Return what is asked, with fresh inputs."""
    some, more = mask_with_keys(rng, 3, 5), mask_with_keys(rng, 5, 3)
    more[int(rng.integers(5))] = False
    far = rng.normal(size=(2, 3)) + np.array([[800.0], [-800.0]])
    heads = np.stack([mask_with_keys(rng, 2, 3), np.zeros((2, 3), dtype=bool)])
    return (
        check(
            "Rows with a key are as before",
            call("3 rows, all with keys", "masked_softmax", rng.normal(size=(3, 5)), some),
        ),
        check(
            "A row without a key has weights of 0",
            call("5 rows, one without keys", "masked_softmax", rng.normal(size=(5, 3)), more),
            call("2 heads, one without keys", "masked_softmax", rng.normal(size=(2, 2, 3)), heads),
        ),
        check(
            "Large scores do not overflow",
            call("a row near 800 and one near −800", "masked_softmax", far, mask_with_keys(rng, 2, 3)),
        ),
    )
