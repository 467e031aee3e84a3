"""What is asked of causal_mask."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from attention_lab.grading.cases import Check, call, check


def checks(rng: np.random.Generator) -> tuple[Check, ...]:
    """Return what is asked, with fresh inputs."""
    few, many = (int(each) for each in rng.choice([5, 7, 11, 13], size=2, replace=False))
    return (
        check("One position may look at itself", call("n = 1", "causal_mask", 1)),
        check(
            "Each position may look at itself and what is before it",
            *(call(f"n = {n}", "causal_mask", n) for n in (2, 3, few, many)),
        ),
    )


def arithmetic(inputs: Mapping[str, Any], part: int | str, cell: tuple[int, ...]) -> str:
    """Say why one pair may or may not attend."""
    i, j = cell
    return f"key {j} is {'not after' if j <= i else 'after'} query {i}: {j <= i}"
