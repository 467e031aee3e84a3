"""The questions about the block, with numbers that are drawn anew."""

from __future__ import annotations

import numpy as np

from attention_lab.kit.blocks import Amount, Choice
from attention_lab.kit.blocks.asking import Question
from attention_lab.kit.blocks.writing import grouped
from attention_lab.kit.texts import _

_WIDTHS = (4, 6, 8, 10, 12, 16, 20)
_SIDES = ((3, 4, 5), (5, 12, 13), (6, 8, 10), (8, 15, 17))


def questions_of(rng: np.random.Generator) -> list[Question]:
    """Return four questions."""
    return [_attention(rng), _added(rng), _feed_forward(rng), _pre(rng)]


def _attention(rng: np.random.Generator) -> Amount:
    d = int(rng.choice(_WIDTHS))
    return Amount(
        id="attention",
        ask=_(
            "Attention with d_model = {d} and no biases: how many parameters have W_Q, W_K, "
            "W_V and W_O together?",
            d=d,
        ),
        right=float(4 * d * d),
        within=0.0,
        because=_("Four matrices of {d} × {d}.", d=d),
        hints=[
            (float(d * d), _("That is one of the four.")),
            (float(3 * d * d), _("W_O is a matrix, too.")),
        ],
        otherwise=_("Each of the four has d_model rows and d_model columns, for any number of heads."),
    )


def _added(rng: np.random.Generator) -> Amount:
    a, b, long = _SIDES[int(rng.integers(len(_SIDES)))]
    x, y = int(rng.integers(1, a)), int(rng.integers(1, b))
    change = float(np.hypot(a - x, b - y))
    return Amount(
        id="added",
        ask=_(
            "A row is ({x}, {y}). With the way around, attention gives ({a}, {b}). How long is "
            "the row that goes on?",
            x=x,
            y=y,
            a=a - x,
            b=b - y,
        ),
        right=float(long),
        within=0.01,
        because=_(
            "({x}, {y}) + ({a}, {b}) = ({a_2}, {b_2}), and √({a_2}² + {b_2}²) = {long}.",
            x=x,
            y=y,
            a=a - x,
            b=b - y,
            a_2=a,
            b_2=b,
            long=long,
        ),
        hints=[]
        if abs(change - long) < 0.05
        else [
            (change, _("That is the length of what attention gave; it is added to the row.")),
        ],
        otherwise=_("Add both rows; then take the root of the sum of squares."),
    )


def _feed_forward(rng: np.random.Generator) -> Amount:
    d, times = int(rng.choice(_WIDTHS)), int(rng.integers(2, 5))
    right = 2 * d * times * d
    return Amount(
        id="wide",
        ask=_(
            "A feed-forward network with d_model = {d} and d_ff = {times}, no biases: how many parameters?",
            d=d,
            times=times * d,
        ),
        right=float(right),
        within=0.0,
        because=_(
            "{d} × {times} to widen and {times} × {d} to narrow: {right}.",
            d=d,
            times=times * d,
            right=grouped(right),
        ),
        hints=[(float(right / 2), _("That is one of its two matrices."))],
        otherwise=_("There are two matrices, d_model × d_ff and d_ff × d_model."),
    )


def _pre(rng: np.random.Generator) -> Choice:
    pre = bool(rng.integers(2))
    options = [_("x + Part(LayerNorm(x))"), _("LayerNorm(x + Part(x))"), "LayerNorm(Part(x))"]
    other = "post-norm" if pre else "pre-norm"
    return Choice(
        id="where",
        ask=_("Which of these is {pre_norm}?", pre_norm="pre-norm" if pre else "post-norm"),
        options=options,
        right=0 if pre else 1,
        because=_("Pre-norm normalises what a part reads, post-norm what goes on."),
        hints={
            (1 if pre else 0): _("That is {other}: see where the norm stands.", other=other),
            2: _("That has no way around: what a part gives replaces the row."),
        },
    )
