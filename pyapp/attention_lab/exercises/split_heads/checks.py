"""What is asked of split_heads."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from attention_lab.grading.cases import Check, call, check
from attention_lab.kit.texts import lazy


def checks(rng: np.random.Generator) -> tuple[Check, ...]:
    """Return what is asked, with fresh inputs."""
    return (
        check(
            "Each head holds its own columns of every row",
            call("3 rows of 4, 2 heads", "split_heads", rng.normal(size=(3, 4)), 2),
            call("5 rows of 6, 3 heads", "split_heads", rng.normal(size=(5, 6)), 3),
            call("3 rows of 9, 3 heads", "split_heads", rng.normal(size=(3, 9)), 3),
        ),
        check(
            "It works for several sentences",
            call("2 of 5 rows", "split_heads", rng.normal(size=(2, 5, 6)), 3),
        ),
    )


def arithmetic(inputs: Mapping[str, Any], part: int | str, cell: tuple[int, ...]) -> str:
    """Say where one number comes from."""
    *_, head, row, column = cell
    d_k = inputs["x"].shape[-1] // inputs["n_heads"]
    return lazy(
        "head {head}, row {row}, column {column} is x[{row}, {head} · {d_k} + {column}]",
        head=head,
        row=row,
        column=column,
        d_k=d_k,
    )
