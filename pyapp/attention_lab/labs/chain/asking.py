"""What is asked: one prediction, and the questions at the end."""

from __future__ import annotations

import numpy as np

from attention import Array
from attention_lab.kit.blocks import Amount, Choice
from attention_lab.kit.blocks.asking import Question
from attention_lab.kit.numbers import number
from attention_lab.kit.scene import Predict
from attention_lab.labs.chain.measured import FARTHEST

_SHARES = (1.0, 0.5, 0.01)


def share(found: Array, seed: int, width: int) -> Predict:
    """Ask for the first word's weight among many, with a random query."""
    median = float(np.median(found[:, -1]))
    nearest = int(np.argmin(np.abs(np.log(np.array(_SHARES) / median))))
    return Predict(
        key=f"chain-share-{seed}-{width}",
        question=[f"{FARTHEST} words, one hop, a random query. How much weight gets the first word?"],
        options=["all of it", "about half", "about one part in a hundred"],
        right=[nearest],
        answer=("median", number(median, 3)),
        why=[
            ["It is only one hop away. But so is every other word, and the weights add up to 1."],
            ["A hop loses nothing on the way, but it is shared: each word asks for a part."],
            ["A random query prefers nobody: an even share would be one part in a hundred."],
        ],
    )


def questions(rng: np.random.Generator) -> list[Question]:
    """Return questions with fresh numbers."""
    left, steps = int(rng.integers(5, 10)) / 10, int(rng.integers(3, 6))
    n = int(rng.integers(5, 20)) * 2
    return [
        Amount(
            id="left",
            ask=f"Each step keeps {left} of a message. How much is left after {steps} steps (two decimals)?",
            right=left**steps,
            within=0.01,
            because="Steps multiply.",
            hints=[(left / steps, "Losses are multiplied, not divided by the number of steps.")]
            if abs(left / steps - left**steps) > 0.03
            else [],
            otherwise="Multiply the share that is kept by itself, once a step.",
        ),
        Amount(
            id="even",
            ask=f"{n} words have the same score. What is the weight of each (three decimals)?",
            right=1 / n,
            within=0.001,
            because="Equal scores share evenly.",
            hints=[(1.0, "One hop is a short path, not the whole weight.")],
            otherwise="The weights are equal and add up to 1.",
        ),
        Choice(
            id="wait",
            ask=f"{n} words: how many steps of a recurrent network have to wait for each other?",
            options=["1", str(n), str(n * n)],
            right=1,
            because="Each state needs the one before.",
            hints={0: "That would be all words at once.", 2: "That is how many pairs of words there are."},
        ),
    ]
