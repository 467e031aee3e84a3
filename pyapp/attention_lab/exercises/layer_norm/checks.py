"""What is asked of layer_norm."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from attention_lab.grading.arithmetic import short
from attention_lab.grading.cases import Case, Check, call, check


def checks(rng: np.random.Generator) -> tuple[Check, ...]:
    """Return what is asked, with fresh inputs."""

    def case(about: str, shape: tuple[int, ...], **more: Any) -> Case:
        x = 3 * rng.normal(size=shape) + 2
        return call(about, "layer_norm", x, rng.normal(size=shape[-1]), rng.normal(size=shape[-1]), **more)

    return (
        check("One row", case("1 row of 3", (3,))),
        check(
            "Each row by itself, each column with its gain and bias",
            case("2 rows of 5", (2, 5)),
            case("2 sentences of 3 rows of 7", (2, 3, 7)),
            case("3 rows of 3", (3, 3)),
        ),
        check("eps stands beside the variance, under the root", case("eps = 0.5", (2, 5), eps=0.5)),
        check(
            "A row of equal numbers is no trouble",
            call(
                "a row of equal numbers", "layer_norm", np.full((2, 3), 7.0), np.ones(3), rng.normal(size=3)
            ),
        ),
    )


def arithmetic(inputs: Mapping[str, Any], part: int | str, cell: tuple[int, ...]) -> str:
    """Write one number out."""
    row, j = inputs["x"][cell[:-1]], cell[-1]
    gamma, beta, eps = inputs["gamma"][j], inputs["beta"][j], inputs.get("eps", 1e-5)
    result = gamma * (row[j] - row.mean()) / np.sqrt(row.var() + eps) + beta
    return (
        f"{short(gamma)} × ({short(row[j])} − {short(row.mean())}) / √({short(row.var())} + {short(eps)}) "
        f"+ {short(beta)} = {short(result)}"
    )
