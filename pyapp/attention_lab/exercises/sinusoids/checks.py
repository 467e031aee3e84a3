"""What is asked of sinusoids."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from attention_lab.grading.arithmetic import short
from attention_lab.grading.cases import Check, call, check
from attention_lab.kit.texts import lazy


def checks(rng: np.random.Generator) -> tuple[Check, ...]:
    """Return what is asked, with fresh inputs."""
    seq_len, wide = int(rng.choice([11, 13, 17])), int(rng.choice([10, 14, 22]))
    return (
        check("Position 0 is 0, 1, 0, 1, ...", call("1 position, 4 columns", "sinusoids", 1, 4)),
        check(
            "Each pair of columns is the sine and the cosine of one wave",
            call("3 positions, 2 columns", "sinusoids", 3, 2),
            call("5 positions, 6 columns", "sinusoids", 5, 6),
            call(lazy("{n} positions, {m} columns", n=seq_len, m=wide), "sinusoids", seq_len, wide),
        ),
    )


def arithmetic(inputs: Mapping[str, Any], part: int | str, cell: tuple[int, ...]) -> str:
    """Write one wave out."""
    pos, column = cell
    pair, d_model = column // 2 * 2, inputs["d_model"]
    angle = pos / 10000 ** (pair / d_model)
    name, value = ("cos", np.cos(angle)) if column % 2 else ("sin", np.sin(angle))
    return f"{name}({pos} / 10000^({pair} / {d_model})) = {name}({short(angle)}) = {short(value)}"
