"""The residual stream: rows that pass through the parts of blocks, with or without norm and way around."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from attention import Array, LayerNorm, TransformerBlock

D_MODEL, N_HEADS, D_FF = 32, 4, 128
N_ROWS = 6
MOST_BLOCKS = 12

Part: TypeAlias = Callable[[Array], Array]


@dataclass(frozen=True, slots=True)
class Way:
    """What a stack is made of."""

    norm: str = "pre"  # pre, post or none
    attention: bool = True
    feed_forward: bool = True
    residual: bool = True


@dataclass(frozen=True, slots=True, eq=False)
class Stage:
    """One part that the rows have passed."""

    name: str
    change: Array  # (rows, d_model)   what the part gave
    summed: Array  # (rows, d_model)   what stands there before a norm behind it
    output: Array  # (rows, d_model)   what goes on


def passed(x: Array, part: Part, layer_norm: LayerNorm, norm: str, residual: bool) -> tuple[Array, ...]:
    """Take rows through one part: norm in front of it, way around it, norm behind it."""
    read = layer_norm(x) if norm == "pre" else x
    change = part(read)
    summed = x + change if residual else change
    output = layer_norm(summed) if norm == "post" else summed
    return read, change, summed, output


def stages(x: Array, blocks: Sequence[TransformerBlock], way: Way, *, causal: bool = False) -> list[Stage]:
    """Take rows (rows, d_model) through all parts of all blocks."""
    found = []
    for block in blocks:
        for name, part, layer_norm in parts_of(block, way, causal):
            __, change, summed, x = passed(x, part, layer_norm, way.norm, way.residual)
            found.append(Stage(name, change, summed, x))
    return found


def side_by_side(x: Array, blocks: Sequence[TransformerBlock], ways: Sequence[Way]) -> Array:
    """Take rows (rows, d_model) through all parts of all blocks in several ways at once.

    Returns the outputs of `stages` (ways, parts, rows, d_model). Every part is on, and takes the rows of all
    ways.
    """
    pre, post = ([i for i, way in enumerate(ways) if way.norm == norm] for norm in ("pre", "post"))
    around = np.array([way.residual for way in ways], dtype=float)[:, None, None]
    found = np.empty((len(ways), 2 * len(blocks), *x.shape))
    x = np.array([x] * len(ways))  # (ways, rows, d_model)
    place = 0
    for block in blocks:
        for __, part, layer_norm in parts_of(block, Way(), causal=False):
            read = x.copy()
            _norm(read, layer_norm, pre)
            x = part(read) + around * x
            _norm(x, layer_norm, post)
            found[:, place] = x
            place += 1
    return found


def _norm(x: Array, layer_norm: LayerNorm, chosen: Sequence[int]) -> None:
    """Put the rows of the ways that are chosen through layer norm, where they stand."""
    if chosen:
        x[chosen] = layer_norm(x[chosen])


def parts_of(block: TransformerBlock, way: Way, causal: bool) -> list[tuple[str, Part, LayerNorm]]:
    """Return the two parts of a block; one that is switched off gives nothing."""

    def attend(x: Array) -> Array:
        return block.attention(x, causal=causal)

    return [
        ("attention", attend if way.attention else np.zeros_like, block.norm_1),
        ("feed-forward", block.feed_forward if way.feed_forward else np.zeros_like, block.norm_2),
    ]


def stack_of(seed: int, n_blocks: int = MOST_BLOCKS) -> tuple[Array, list[TransformerBlock]]:
    """Return random rows (6, 32), and random blocks: the first ones are the same for any number."""
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(N_ROWS, D_MODEL))
    return x, [TransformerBlock(D_MODEL, N_HEADS, D_FF, norm="pre", seed=rng) for _ in range(n_blocks)]


def length(x: Array) -> Array:  # (..., rows, d_model) -> (...)
    """Return how long the rows are, on average."""
    lengths: Array = np.linalg.norm(x, axis=-1).mean(axis=-1)
    return lengths


def likeness(x: Array, start: Array) -> Array:  # (..., rows, d_model), (rows, d_model) -> (...)
    """Return the cosine of each row with what it was at the start, on average; nan for rows of nothing."""
    norms = np.linalg.norm(x, axis=-1) * np.linalg.norm(start, axis=-1)
    norms[norms == 0] = np.nan
    cosines: Array = ((x * start).sum(axis=-1) / norms).mean(axis=-1)
    return cosines


def alikeness(x: Array) -> Array:  # (..., rows, d_model) -> (...)
    """Return the cosine between two different rows, on average over all pairs."""
    rows = x / np.linalg.norm(x, axis=-1, keepdims=True)
    n = x.shape[-2]
    cosines: Array = ((rows @ rows.swapaxes(-1, -2)).sum(axis=(-2, -1)) - n) / (n * (n - 1))
    return cosines
