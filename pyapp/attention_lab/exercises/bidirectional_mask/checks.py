"""What is asked of bidirectional_mask."""

from __future__ import annotations

import numpy as np

from attention_lab.grading.cases import Check, call, check
from attention_lab.kit.texts import lazy


def checks(rng: np.random.Generator) -> tuple[Check, ...]:
    """Return what is asked, with fresh inputs."""
    few, many = (int(each) for each in rng.choice([5, 7, 11, 13], size=2, replace=False))
    return (
        check("One position may look at itself", call("n = 1", "bidirectional_mask", 1)),
        check(
            "All may look at all",
            *(call(lazy("n = {n}", n=n), "bidirectional_mask", n) for n in (2, few, many)),
        ),
    )
