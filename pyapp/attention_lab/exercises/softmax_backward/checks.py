"""What is asked of softmax_backward."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from attention_lab.grading.arithmetic import products, short
from attention_lab.grading.cases import Case, Check, call, check
from attention_lab.kit.texts import lazy


def checks(rng: np.random.Generator) -> tuple[Check, ...]:
    """Return what is asked, with fresh inputs."""

    def case(about: str, *shape: int) -> Case:
        exponentials = np.exp(rng.normal(size=shape))
        weights = exponentials / exponentials.sum(axis=-1, keepdims=True)
        return call(about, "softmax_backward", weights, rng.normal(size=shape))

    return (
        check("One row", case("3 weights", 3), case("5 weights", 5)),
        check(
            "Each row by itself",
            case("2 rows of 3", 2, 3),
            case("2 heads of 3 rows of 5", 2, 3, 5),
            case("3 rows of 3", 3, 3),
        ),
    )


def arithmetic(inputs: Mapping[str, Any], part: int | str, cell: tuple[int, ...]) -> str:
    """Write one gradient out."""
    weights, grad, j = inputs["weights"][cell[:-1]], inputs["grad"][cell[:-1]], cell[-1]
    mean = float((weights * grad).sum())
    sums = products(zip(weights, grad, strict=True))
    result = weights[j] * (grad[j] - mean)
    written = f"{short(weights[j])} × ({short(grad[j])} − ({short(mean)})) = {short(result)}"
    return lazy("the mean is {mean}; {written}", mean=sums, written=written)
