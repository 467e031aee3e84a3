"""What is asked of attention."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from attention_lab.grading.arithmetic import products
from attention_lab.grading.cases import Check, call, check
from attention_lab.grading.inputs import mask_with_keys, qkv
from attention_lab.kit.texts import lazy


def checks(rng: np.random.Generator) -> tuple[Check, ...]:
    """Return what is asked, with fresh inputs."""
    q, k, v = qkv(rng, 2, 3, 5, 7)
    wide = qkv(rng, 3, 2, 5, 3)
    square = qkv(rng, 3, 3, 3, 3)
    masked, mask = qkv(rng, 3, 5, 2, 7), mask_with_keys(rng, 3, 5)
    causal = qkv(rng, 5, 5, 3, 2)
    heads = qkv(rng, 3, 5, 7, 2, heads=2)
    large = tuple(80 * each for each in qkv(rng, 2, 3, 5, 7))
    large[1][0] = large[0][0]  # one score at least is large and above 0
    return (
        check(
            "Queries gather values by how well they fit the keys",
            call("2 queries, 3 keys, d_k = 5, d_v = 7", "attention", q, k, v),
            call("3 queries, 2 keys, d_k = 5, d_v = 3", "attention", *wide),
            call("3 queries, 3 keys, d_k = d_v = 3", "attention", *square),
        ),
        check(
            "What is masked weighs nothing, and the rest still sums to 1",
            call("3 queries, 5 keys and a mask", "attention", *masked, mask),
            call("5 rows and a causal mask", "attention", *causal, np.tri(5, dtype=bool)),
        ),
        check(
            "It works with heads in front",
            call("2 heads of 3 queries and 5 keys", "attention", *heads),
            call("2 heads and one mask for both", "attention", *heads, mask_with_keys(rng, 3, 5)),
        ),
        check("Large scores do not overflow", call("2 queries, 3 keys of long vectors", "attention", *large)),
    )


def arithmetic(inputs: Mapping[str, Any], part: int | str, cell: tuple[int, ...]) -> str:
    """Write one number of the output out, or the score behind one weight."""
    q, k, v, mask = inputs["Q"], inputs["K"], inputs["V"], inputs.get("mask")
    scores = q @ k.swapaxes(-1, -2) / np.sqrt(q.shape[-1])
    if mask is not None:
        scores = np.where(mask, scores, -np.inf)
    *front, i, j = cell
    head = tuple(front)
    if part == 1:
        if np.isneginf(scores[cell]):
            return lazy("the mask at [{i}, {j}] is False: its weight is 0", i=i, j=j)
        told = products(zip(q[head][i], k[head][j], strict=True))
        return lazy(
            "score [{i}, {j}] = q · k / √{d_k}, with q · k: {sum}; then softmax over row {i}",
            i=i,
            j=j,
            d_k=q.shape[-1],
            sum=told,
        )
    row = np.exp(scores[head][i] - scores[head][i].max())
    told = products(zip(row / row.sum(), v[head][:, j], strict=True))
    return lazy("weights [{i}] · V[:, {j}] = {sum}", i=i, j=j, sum=told)
