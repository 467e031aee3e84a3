"""What is asked of scores."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from attention_lab.grading.arithmetic import products
from attention_lab.grading.cases import Case, Check, call, check
from attention_lab.kit.texts import lazy


def checks(rng: np.random.Generator) -> tuple[Check, ...]:
    """Return what is asked, with fresh inputs."""

    def case(seq_q: int, seq_k: int, d_k: int) -> Case:
        about = lazy("{n} queries, {m} keys, d_k = {d_k}", n=seq_q, m=seq_k, d_k=d_k)
        return call(about, "scores", rng.normal(size=(seq_q, d_k)), rng.normal(size=(seq_k, d_k)))

    return (
        check("Each query meets each key", case(2, 3, 5), case(5, 2, 3)),
        check("As many queries as keys make no difference", case(3, 3, 3), case(5, 5, 7)),
    )


def arithmetic(inputs: Mapping[str, Any], part: int | str, cell: tuple[int, ...]) -> str:
    """Write one score out."""
    i, j = cell
    return f"q[{i}] · k[{j}] = {products(zip(inputs['q'][i], inputs['k'][j], strict=True))}"
