"""What is asked: one prediction, and the questions at the end."""

from __future__ import annotations

import numpy as np

from attention import Array
from attention_lab.kit.blocks import Amount, Choice
from attention_lab.kit.blocks.asking import Question
from attention_lab.kit.numbers import number
from attention_lab.kit.scene import Predict
from attention_lab.kit.texts import _
from attention_lab.labs.chain.measured import FARTHEST

_SHARES = (1.0, 0.5, 0.01)


def share(found: Array, seed: int, width: int) -> Predict:
    """Ask for the first word's weight among many, with a random query."""
    median = float(np.median(found[:, -1]))
    nearest = int(np.argmin(np.abs(np.log(np.array(_SHARES) / median))))
    return Predict(
        key=f"chain-share-{seed}-{width}",
        question=[
            _(
                "{farthest} words, one hop, a random query. How much weight gets the first word?",
                farthest=FARTHEST,
            )
        ],
        options=[_("all of it"), _("about half"), _("about one part in a hundred")],
        right=[nearest],
        answer=(_("median"), number(median, 3)),
        why=[
            [_("It is only one hop away. But so is every other word, and the weights add up to 1.")],
            [_("A hop loses nothing on the way, but it is shared: each word asks for a part.")],
            [_("A random query prefers nobody: an even share would be one part in a hundred.")],
        ],
    )


def questions(rng: np.random.Generator) -> list[Question]:
    """Return questions with fresh numbers."""
    left, steps = int(rng.integers(5, 10)) / 10, int(rng.integers(3, 6))
    n = int(rng.integers(5, 20)) * 2
    return [
        Amount(
            id="left",
            ask=_(
                "Each step keeps {left} of a message. How much is left after {steps} steps (two decimals)?",
                left=left,
                steps=steps,
            ),
            right=left**steps,
            within=0.01,
            because=_("Steps multiply."),
            hints=[(left / steps, _("Losses are multiplied, not divided by the number of steps."))]
            if abs(left / steps - left**steps) > 0.03
            else [],
            otherwise=_("Multiply the share that is kept by itself, once a step."),
        ),
        Amount(
            id="even",
            ask=_("{n} words have the same score. What is the weight of each (three decimals)?", n=n),
            right=1 / n,
            within=0.001,
            because=_("Equal scores share evenly."),
            hints=[(1.0, _("One hop is a short path, not the whole weight."))],
            otherwise=_("The weights are equal and add up to 1."),
        ),
        Choice(
            id="wait",
            ask=_("{n} words: how many steps of a recurrent network have to wait for each other?", n=n),
            options=["1", str(n), str(n * n)],
            right=1,
            because=_("Each state needs the one before."),
            hints={
                0: _("That would be all words at once."),
                2: _("That is how many pairs of words there are."),
            },
        ),
    ]
