"""The questions about the block, with numbers that are drawn anew."""

from __future__ import annotations

import numpy as np

from attention_lab.kit.blocks import Amount, Choice
from attention_lab.kit.blocks.asking import Question
from attention_lab.kit.blocks.writing import grouped

_WIDTHS = (4, 6, 8, 10, 12, 16, 20)
_SIDES = ((3, 4, 5), (5, 12, 13), (6, 8, 10), (8, 15, 17))


def questions_of(rng: np.random.Generator) -> list[Question]:
    """Return four questions."""
    return [_attention(rng), _added(rng), _feed_forward(rng), _pre(rng)]


def _attention(rng: np.random.Generator) -> Amount:
    d = int(rng.choice(_WIDTHS))
    return Amount(
        id="attention",
        ask=f"Attention with d_model = {d} and no biases: how many parameters have "
        "W_Q, W_K, W_V and W_O together?",
        right=float(4 * d * d),
        within=0.0,
        because=f"Four matrices of {d} × {d}.",
        hints=[
            (float(d * d), "That is one of the four."),
            (float(3 * d * d), "W_O is a matrix, too."),
        ],
        otherwise="Each of the four has d_model rows and d_model columns, for any number of heads.",
    )


def _added(rng: np.random.Generator) -> Amount:
    a, b, long = _SIDES[int(rng.integers(len(_SIDES)))]
    x, y = int(rng.integers(1, a)), int(rng.integers(1, b))
    change = float(np.hypot(a - x, b - y))
    return Amount(
        id="added",
        ask=f"A row is ({x}, {y}). With the way around, attention gives ({a - x}, {b - y}). How long is the "
        "row that goes on?",
        right=float(long),
        within=0.01,
        because=f"({x}, {y}) + ({a - x}, {b - y}) = ({a}, {b}), and √({a}² + {b}²) = {long}.",
        hints=[] if abs(change - long) < 0.05 else [
            (change, "That is the length of what attention gave; it is added to the row."),
        ],
        otherwise="Add both rows; then take the root of the sum of squares.",
    )  # fmt: skip


def _feed_forward(rng: np.random.Generator) -> Amount:
    d, times = int(rng.choice(_WIDTHS)), int(rng.integers(2, 5))
    right = 2 * d * times * d
    return Amount(
        id="wide",
        ask=f"A feed-forward network with d_model = {d} and d_ff = {times * d}, no biases: how many "
        "parameters?",
        right=float(right),
        within=0.0,
        because=f"{d} × {times * d} to widen and {times * d} × {d} to narrow: {grouped(right)}.",
        hints=[(float(right / 2), "That is one of its two matrices.")],
        otherwise="There are two matrices, d_model × d_ff and d_ff × d_model.",
    )


def _pre(rng: np.random.Generator) -> Choice:
    pre = bool(rng.integers(2))
    options = ["x + Part(LayerNorm(x))", "LayerNorm(x + Part(x))", "LayerNorm(Part(x))"]
    other = "post-norm" if pre else "pre-norm"
    return Choice(
        id="where",
        ask=f"Which of these is {'pre-norm' if pre else 'post-norm'}?",
        options=options,
        right=0 if pre else 1,
        because="Pre-norm normalises what a part reads, post-norm what goes on.",
        hints={
            (1 if pre else 0): f"That is {other}: see where the norm stands.",
            2: "That has no way around: what a part gives replaces the row.",
        },
    )
