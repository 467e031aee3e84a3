"""The questions at the end, with new numbers each time."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from attention_lab.kit.blocks import Amount, Choice
from attention_lab.kit.blocks.asking import Question


def questions_of(rng: np.random.Generator) -> Sequence[Question]:
    """A bag, a slope, a wave, and what turns."""
    return [_bag(), _slope(rng), _product(rng), _turned(rng)]


def _bag() -> Choice:
    return Choice(
        id="bag",
        ask="“dog bites man” and “man bites dog”, without positions and without a mask. "
        "What does attention give “bites”?",
        options=["The same row both times", "Two different rows", "A row of zeros"],
        right=0,
        because="The same query meets the same keys and values: a sum does not know its order.",
        hints={
            1: "What differs is the order alone, and nothing here can see that.",
            2: "Weights sum to 1, so it is an average of the values.",
        },
    )


def _slope(rng: np.random.Generator) -> Amount:
    power, distance, score = int(rng.integers(1, 4)), int(rng.integers(2, 7)), int(rng.integers(2, 6))
    slope = 0.5**power
    return Amount(
        id="slope",
        ask=f"ALiBi with slope {slope:g}: a key stands {distance} places before its query, "
        f"and their score was {score}. What is the score now?",
        right=score - slope * distance,
        within=0.001,
        because=f"{score} − {slope:g} × {distance}.",
        hints=[
            (score + slope * distance, "Far keys lose: the distance is taken off, not added."),
            (score - slope, "The slope counts once for each place of distance."),
        ],
        otherwise="Take slope times distance from the score.",
    )


def _product(rng: np.random.Generator) -> Amount:
    d_model = int(rng.choice([8, 16, 32, 64, 128, 512]))
    return Amount(
        id="product",
        ask=f"Waves with d_model {d_model}. What is the dot product of a position’s row with itself?",
        right=d_model / 2,
        within=0.001,
        because="Each sine and its cosine give sin² + cos² = 1, and there are half as many pairs as columns.",
        hints=[(d_model, "That counts each column as 1; a sine and its cosine make 1 together."),
               (1.0, "That is one pair; there are more.")],
        otherwise="sin² + cos² is 1 for each pair of columns.",
    )  # fmt: skip


def _turned(rng: np.random.Generator) -> Choice:
    query, key, on = int(rng.integers(5, 20)), int(rng.integers(0, 5)), int(rng.integers(3, 60))
    same, other = (query + on, key + on), (query + on, key)
    options = [f"{same[0]} and {same[1]}", f"{other[0]} and {other[1]}", f"{key + on} and {key}"]
    if on == query - key:
        options[2] = f"{key + on + 1} and {key}"
    turn = int(rng.integers(3))
    options = [*options[turn:], *options[:turn]]
    right = options.index(f"{same[0]} and {same[1]}")
    moved = options.index(f"{other[0]} and {other[1]}")
    return Choice(
        id="turned",
        ask=f"A query at position {query} and a key at {key}, with rotary positions. "
        "At which positions would the same two words have the same score?",
        options=options,
        right=right,
        because="Both moved by as much, so the distance is the same.",
        hints={
            place: "Only one of the two moved, so the distance is another."
            if place == moved
            else "This is another distance."
            for place in range(3)
            if place != right
        },
    )
