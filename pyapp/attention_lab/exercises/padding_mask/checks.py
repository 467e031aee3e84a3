"""What is asked of padding_mask."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from attention_lab.grading.cases import Check, call, check
from attention_lab.kit.texts import lazy


def checks(rng: np.random.Generator) -> tuple[Check, ...]:
    """Return what is asked, with fresh inputs."""
    some = rng.integers(1, 7, size=3)
    some[0] = 7
    shorter = np.array([2, 1, 3, 1, 2])
    return (
        check("One sentence", call("a length of 2 of 3", "padding_mask", np.array([2]), 3)),
        check(
            "Real tokens are True, the filling is False",
            call("2 sentences, up to 5", "padding_mask", np.array([5, 3]), 5),
            call("3 sentences, up to 7", "padding_mask", rng.permutation(some), 7),
        ),
        check("It is as wide as max_length says", call("5 sentences, up to 11", "padding_mask", shorter, 11)),
    )


def arithmetic(inputs: Mapping[str, Any], part: int | str, cell: tuple[int, ...]) -> str:
    """Say why one place is real or not."""
    length = inputs["lengths"][cell[0]]
    told = {"sentence": cell[0], "n": length, "place": cell[2]}
    if cell[2] < length:
        return lazy("sentence {sentence} has {n} tokens, so that place {place} is a token", **told)
    return lazy("sentence {sentence} has {n} tokens, so that place {place} is filling", **told)
