"""What is asked of softmax."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from attention_lab.grading.arithmetic import short
from attention_lab.grading.cases import Check, call, check


def checks(rng: np.random.Generator) -> tuple[Check, ...]:
    """Return what is asked, with fresh inputs."""
    far = rng.normal(size=(2, 3)) + np.array([[800.0], [-800.0]])
    hidden = rng.normal(size=(3, 5))
    hidden[0, 1] = hidden[1, 0] = hidden[1, 4] = -np.inf
    return (
        check(
            "One row of scores becomes weights",
            call("3 scores", "softmax", rng.normal(size=3)),
            call("5 scores", "softmax", 2 * rng.normal(size=5)),
        ),
        check(
            "Each row has a softmax of its own",
            call("2 rows of 3 scores", "softmax", rng.normal(size=(2, 3))),
            call("2 heads of 3 rows of 5 scores", "softmax", rng.normal(size=(2, 3, 5))),
        ),
        check(
            "Large scores do not overflow",
            call("3 scores near 1000", "softmax", 1000 + rng.normal(size=3)),
            call("a row of scores near 800 and one near −800", "softmax", far),
        ),
        check("A score of -inf weighs 0", call("3 rows of 5 scores, some of them -inf", "softmax", hidden)),
    )


def arithmetic(inputs: Mapping[str, Any], part: int | str, cell: tuple[int, ...]) -> str:
    """Write one weight out."""
    row = inputs["x"][cell[:-1]]
    terms = np.exp(row - row.max())
    largest = short(row.max())
    sums = " + ".join(f"exp({short(each)} − {largest})" for each in row[:8])
    return (
        f"exp({short(row[cell[-1]])} − {largest}) / ({sums}{' + …' if len(row) > 8 else ''}) "
        f"= {short(terms[cell[-1]])} / {short(terms.sum())} = {short(terms[cell[-1]] / terms.sum())}"
    )
