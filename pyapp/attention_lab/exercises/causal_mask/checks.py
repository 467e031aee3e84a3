"""What is asked of causal_mask."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from attention_lab.grading.cases import Check, call, check
from attention_lab.kit.texts import lazy


def checks(rng: np.random.Generator) -> tuple[Check, ...]:
    """Return what is asked, with fresh inputs."""
    few, many = (int(each) for each in rng.choice([5, 7, 11, 13], size=2, replace=False))
    return (
        check("One position may look at itself", call("n = 1", "causal_mask", 1)),
        check(
            "Each position may look at itself and what is before it",
            *(call(lazy("n = {n}", n=n), "causal_mask", n) for n in (2, 3, few, many)),
        ),
    )


def arithmetic(inputs: Mapping[str, Any], part: int | str, cell: tuple[int, ...]) -> str:
    """Say why one pair may or may not attend."""
    i, j = cell
    if j <= i:
        return lazy("key {j} is not after query {i}: True", i=i, j=j)
    return lazy("key {j} is after query {i}: False", i=i, j=j)
