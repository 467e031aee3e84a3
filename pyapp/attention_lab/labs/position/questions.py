"""The questions at the end, with new numbers each time."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from attention_lab.kit.blocks import Amount, Choice
from attention_lab.kit.blocks.asking import Question
from attention_lab.kit.texts import _


def questions_of(rng: np.random.Generator) -> Sequence[Question]:
    """A bag, a slope, a wave, and what turns."""
    return [_bag(), _slope(rng), _product(rng), _turned(rng)]


def _bag() -> Choice:
    return Choice(
        id="bag",
        ask=_(
            "“dog bites man” and “man bites dog”, without positions and without a mask. What "
            "does attention give “bites”?"
        ),
        options=[_("The same row both times"), _("Two different rows"), _("A row of zeros")],
        right=0,
        because=_("The same query meets the same keys and values: a sum does not know its order."),
        hints={
            1: _("What differs is the order alone, and nothing here can see that."),
            2: _("Weights sum to 1, so it is an average of the values."),
        },
    )


def _slope(rng: np.random.Generator) -> Amount:
    power, distance, score = int(rng.integers(1, 4)), int(rng.integers(2, 7)), int(rng.integers(2, 6))
    slope = 0.5**power
    return Amount(
        id="slope",
        ask=_(
            "ALiBi with slope {slope}: a key stands {distance} places before its query, and "
            "their score was {score}. What is the score now?",
            slope=f"{slope:g}",
            distance=distance,
            score=score,
        ),
        right=score - slope * distance,
        within=0.001,
        because=f"{score} − {slope:g} × {distance}.",
        hints=[
            (score + slope * distance, _("Far keys lose: the distance is taken off, not added.")),
            (score - slope, _("The slope counts once for each place of distance.")),
        ],
        otherwise=_("Take slope times distance from the score."),
    )


def _product(rng: np.random.Generator) -> Amount:
    d_model = int(rng.choice([8, 16, 32, 64, 128, 512]))
    return Amount(
        id="product",
        ask=_(
            "Waves with d_model {d_model}. What is the dot product of a position’s row with itself?",
            d_model=d_model,
        ),
        right=d_model / 2,
        within=0.001,
        because=_(
            "Each sine and its cosine give sin² + cos² = 1, and there are half as many pairs as columns."
        ),
        hints=[
            (d_model, _("That counts each column as 1; a sine and its cosine make 1 together.")),
            (1.0, _("That is one pair; there are more.")),
        ],
        otherwise=_("sin² + cos² is 1 for each pair of columns."),
    )


def _turned(rng: np.random.Generator) -> Choice:
    query, key, on = int(rng.integers(5, 20)), int(rng.integers(0, 5)), int(rng.integers(3, 60))
    same, other = (query + on, key + on), (query + on, key)
    options = [
        _("{same} and {same_2}", same=same[0], same_2=same[1]),
        _("{other} and {other_2}", other=other[0], other_2=other[1]),
        _("{key} and {key_2}", key=key + on, key_2=key),
    ]
    if on == query - key:
        options[2] = _("{key} and {key_2}", key=key + on + 1, key_2=key)
    turn = int(rng.integers(3))
    options = [*options[turn:], *options[:turn]]
    right, moved = -turn % 3, (1 - turn) % 3
    return Choice(
        id="turned",
        ask=_(
            "A query at position {query} and a key at {key}, with rotary positions. At which "
            "positions would the same two words have the same score?",
            query=query,
            key=key,
        ),
        options=options,
        right=right,
        because=_("Both moved by as much, so the distance is the same."),
        hints={
            place: _("Only one of the two moved, so the distance is another.")
            if place == moved
            else _("This is another distance.")
            for place in range(3)
            if place != right
        },
    )
