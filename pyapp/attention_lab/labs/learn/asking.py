"""What this lab asks: a prediction, and the questions at the end."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from attention_lab.kit.blocks import Amount, Choice
from attention_lab.kit.blocks.asking import Question
from attention_lab.kit.scene import Predict
from attention_lab.kit.texts import _, lazy
from attention_lab.labs.learn.learning import BATCH, STEPS, Setup

_BOUNDS = ((0, 3), (4, 20), (21, STEPS))
_OPTIONS = (
    lazy("fewer than 4"),
    lazy("4 to 20"),
    lazy("21 to {steps}", steps=STEPS),
    lazy("more than {steps}", steps=STEPS),
)


def asked_steps(setup: Setup, looks_at: int | None, t: int) -> Predict:
    """Ask after how many steps most of the weight lies on the right pair; the run itself answers."""
    known = looks_at is not None and looks_at <= t
    if looks_at is not None:
        right = [next(i for i, (low, high) in enumerate(_BOUNDS) if low <= looks_at <= high)]
    else:
        right = []
    words = (
        _("seen after {looks_at} questions:", looks_at=looks_at * BATCH)
        if looks_at is not None
        else _("not computed yet:")
    )
    return Predict(
        key=f"steps-{setup.seed}-{setup.scaled:d}{setup.positions:d}",
        question=[
            _(
                "{batch} questions a step. After how many steps does most of its weight lie on the right "
                "pair?",
                batch=BATCH,
            )
        ],
        options=list(_OPTIONS),
        right=right,
        answer=(
            words,
            _("step {looks_at}", looks_at=looks_at) if looks_at is not None else _("press play to the end"),
        ),
        why=[
            [_("The picture starts nearly even, and one step moves each number by little.")],
            [_("Every question of a batch pushes the same matrices the same way: keys are compared alike.")],
            [_("It sounds long, but each step learns from a whole batch, and to compare keys is all.")],
            [_("Nothing is learned by heart: what is found for some keys helps all.")],
        ],
        answered=known,
    )


def questions(rng: np.random.Generator) -> Sequence[Question]:
    """An even share, a loss, and what a test shows."""
    pairs, values = int(rng.integers(3, 11)), int(rng.integers(4, 17))
    sure = float(rng.choice([0.2, 0.25, 0.4, 0.5, 0.8]))
    return [
        Amount(
            id="even",
            ask=_(
                "A head that has learned nothing looks at {pairs} pairs evenly. What is the weight of each?",
                pairs=pairs,
            ),
            right=1 / pairs,
            within=0.006,
            because=_("1 ÷ {pairs}: weights add up to 1.", pairs=pairs),
            otherwise=_("The weights of one question add up to 1."),
        ),
        Amount(
            id="loss",
            ask=_(
                "The right answer gets a probability of {sure}. What is the loss, in nats (−ln p)?", sure=sure
            ),
            right=-math.log(sure),
            within=0.02,
            because=_("−ln {sure}.", sure=sure),
            hints=[(-math.log2(sure), _("That is in bits: take the natural logarithm."))],
            otherwise=_("Minus the natural logarithm of the probability."),
        ),
        Amount(
            id="guess",
            ask=_("It guesses evenly among {values} values. What is the loss?", values=values),
            right=math.log(values),
            within=0.02,
            because=_("−ln (1 ÷ {values}) = ln {values}.", values=values),
            hints=[(1 / values, _("That is the probability. The loss is minus its logarithm."))],
            otherwise=_("The probability of the right value is one of them all."),
        ),
        Choice(
            id="proof",
            ask=_("The heat map shows a clean diagonal. What shows that the answers depend on it?"),
            options=[
                _("Move the arrows, and see the answers move along"),
                _("The diagonal itself"),
                _("A small loss"),
            ],
            right=0,
            because=_("A cause is shown by changing it."),
            hints={
                1: _("It shows where the head looks, not that the answer comes from there."),
                2: _("It shows that the answers are right, not where they come from."),
            },
        ),
    ]
