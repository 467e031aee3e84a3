"""What is asked of scale."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from attention_lab.grading.arithmetic import short
from attention_lab.grading.cases import Check, call, check


def checks(rng: np.random.Generator) -> tuple[Check, ...]:
    """Return what is asked, with fresh inputs."""
    return (
        check(
            "The scores are divided by √d_k",
            call("2 queries, 3 keys, d_k = 5", "scale", rng.normal(size=(2, 3)), 5),
            call("3 queries, 7 keys, d_k = 64", "scale", 8 * rng.normal(size=(3, 7)), 64),
        ),
        check(
            "It works with heads in front", call("2 heads, d_k = 11", "scale", rng.normal(size=(2, 3, 5)), 11)
        ),
    )


def arithmetic(inputs: Mapping[str, Any], part: int | str, cell: tuple[int, ...]) -> str:
    """Write one division out."""
    score, d_k = inputs["scores"][cell], inputs["d_k"]
    return f"{short(score)} / √{d_k} = {short(score)} / {short(np.sqrt(d_k))} = {short(score / np.sqrt(d_k))}"
