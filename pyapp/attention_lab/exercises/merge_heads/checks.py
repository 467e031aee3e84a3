"""What is asked of merge_heads."""

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
            "The heads of each row are laid side by side",
            call("2 heads of 3 rows of 5", "merge_heads", rng.normal(size=(2, 3, 5))),
            call("3 heads of 3 rows of 3", "merge_heads", rng.normal(size=(3, 3, 3))),
            call("5 heads of 2 rows of 3", "merge_heads", rng.normal(size=(5, 2, 3))),
        ),
        check(
            "It works for several sentences",
            call("2 sentences", "merge_heads", rng.normal(size=(2, 3, 5, 7))),
        ),
    )


def arithmetic(inputs: Mapping[str, Any], part: int | str, cell: tuple[int, ...]) -> str:
    """Say where one number comes from."""
    *_, row, column = cell
    d_k = inputs["heads"].shape[-1]
    head, place = divmod(column, d_k)
    return lazy(
        "column {column} = {head} · {d_k} + {place}: it is heads[{head}, {row}, {place}]",
        column=column,
        head=head,
        d_k=d_k,
        place=place,
        row=row,
    )
