"""What is asked of the mended softmax."""

from __future__ import annotations

import numpy as np

from attention_lab.grading.cases import Check, call, check


def checks(rng: np.random.Generator) -> tuple[Check, ...]:
    """Return what is asked, with fresh inputs."""
    far = rng.normal(size=(2, 3)) + np.array([[800.0], [-800.0]])
    wide = np.array([[0.0, 1000.0, 1000.0 + rng.random()]])
    return (
        check(
            "Each row sums to 1",
            call("2 rows of 3", "softmax", rng.normal(size=(2, 3))),
            call("3 rows of 3", "softmax", rng.normal(size=(3, 3))),
        ),
        check("It works with heads in front", call("2 heads", "softmax", rng.normal(size=(2, 3, 5)))),
        check(
            "Large scores do not overflow",
            call("a row with 0 and 1000", "softmax", wide),
            call("a row near 800 and one near −800", "softmax", far),
        ),
    )
