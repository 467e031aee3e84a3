"""What the lab counts: multiplications, bytes, reach and intensity, each beside its formula."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from attention import attention_cost, convolution_cost, multi_head_attention_cost, recurrence_cost
from attention_lab.kit.texts import lazy

FLOAT32 = 4  # bytes
LONGEST = 131_072  # words
KINDS = {
    "attention": lazy("attention"),
    "convolution": lazy("convolution"),
    "dilated": lazy("dilated"),
    "recurrence": lazy("recurrence"),
}


def multiplications(n: int, d: int) -> tuple[int, int]:
    """Return what projections (4 n d²) and what scores with values (2 n² d) take."""
    pairs = attention_cost(n, n, d_k=d).flops // 2
    whole = multi_head_attention_cost(n, d, n_heads=1).flops // 2
    return whole - pairs, pairs


def held_bytes(n: int, d: int, heads: int, block_size: int | None) -> int:
    """Return the bytes of weights and output that are held at once, in float32."""
    cost = attention_cost(n, n, d_k=d // heads, n_heads=heads, block_size=block_size)
    return cost.n_bytes(FLOAT32)


def sources_of(kind: str, layer: int, place: int, n: int, kernel: int) -> list[tuple[int, int]]:
    """Return the (layer, place) that a node reads from directly."""
    if layer == 0:
        return []
    below = layer - 1
    if kind == "attention":
        return [(below, i) for i in range(n)]
    if kind == "recurrence":
        return [(below, place), *([(layer, place - 1)] if place else [])]
    apart = kernel**below if kind == "dilated" else 1
    return [(below, i) for i in range(place, place - kernel * apart, -apart) if i >= 0]


def reached(kind: str, layer: int, place: int, n: int, kernel: int) -> set[tuple[int, int]]:
    """Return every node that a node depends on, itself included."""
    found, waiting = {(layer, place)}, [(layer, place)]
    while waiting:
        new = set(sources_of(kind, *waiting.pop(), n, kernel)) - found
        found |= new
        waiting += new
    return found


def compared(n: int, d: int, kernel: int) -> dict[str, tuple[int, int, int]]:
    """Return for each layer its multiplications, its steps that wait, and its longest path."""
    costs = {
        "attention": attention_cost(n, n, d_k=d),
        "attention with projections": multi_head_attention_cost(n, d, n_heads=1),
        "convolution": convolution_cost(n, d, kernel, dilated=False),
        "dilated convolution": convolution_cost(n, d, kernel),
        "recurrence": recurrence_cost(n, d),
    }
    return {
        name: (cost.flops // 2, cost.sequential_operations, cost.path_length) for name, cost in costs.items()
    }


def intensities(n: int, d: int, bytes_each: int) -> dict[str, float]:
    """Return FLOPs for each byte that goes to or from memory, of one head."""
    all_pairs, one_row = 4 * n * n * d, 4 * n * d
    rows = 4 * n * d * bytes_each  # q, k, v are read, the output is written
    table = 4 * n * n * bytes_each  # scores and weights: each written and read
    return {
        "whole table": all_pairs / (rows + table),
        "in blocks": all_pairs / rows,  # at best: every row is moved once
        "one new word": one_row / ((2 * n + 2) * d * bytes_each),  # every kept key and value is read
    }


def possible(intensity: float, peak: float, bandwidth: float) -> float:
    """Return the FLOPs in a second that are possible: the lower of two limits."""
    return min(peak, bandwidth * intensity)


@dataclass(frozen=True)
class Slope:
    """A fitted exponent and its standard error."""

    exponent: float
    error: float


def slope(lengths: Sequence[int], values: Sequence[float]) -> Slope:
    """Fit p of value = c n^p by least squares, and the standard error of p."""
    x, y = np.log(lengths), np.log(values)
    x, y = x - x.mean(), y - y.mean()
    p = (x @ y) / (x @ x)
    off = y - p * x
    return Slope(float(p), float(np.sqrt(off @ off / (len(x) - 2) / (x @ x))))
