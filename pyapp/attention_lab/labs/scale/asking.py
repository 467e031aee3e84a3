"""What this lab asks: two predictions, and the questions at the end."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from attention import Array, softmax
from attention_lab.kit.blocks import Amount, Choice
from attention_lab.kit.blocks.asking import Question
from attention_lab.kit.markup import D_K, root
from attention_lab.kit.numbers import number
from attention_lab.kit.scene import Predict
from attention_lab.kit.texts import _, lazy, phrase
from attention_lab.labs.scale.measured import standard_error

WIDER = (64, 256)
"""The two d_k of the first prediction."""
ASKED_D_K = 64
"""That of the second."""
_FACTORS = (1, 2, 4, 16)


def asked_wider(seed: int, spreads: tuple[float, float], *, answered: bool) -> Predict:
    """Ask how much wider scores spread with four times as many columns."""
    ratio = spreads[1] / spreads[0]
    tempting = {
        1: _(
            "Each product is as large as before; but there are more of them, and sums of more spread wider."
        ),
        4: _("Four times as many products, but of both signs: most of the sum cancels."),
        16: _("Squares come in with the variance, which grows by 4; the spread is its root."),
        2: _("The variance grows by 4, and the spread is its root."),
    }
    right = min(range(len(_FACTORS)), key=lambda i: abs(math.log(_FACTORS[i] / ratio)))
    return Predict(
        key=f"wider-{seed}",
        question=phrase(
            "{d_k} goes from {wider} to {wider_2}. How much wider do undivided scores spread?",
            d_k=D_K,
            wider=WIDER[0],
            wider_2=WIDER[1],
        ),
        options=[_("the same"), _("2 times"), _("4 times"), _("16 times")],
        right=[right],
        answer=(
            _(
                "measured, {spreads} → {spreads_2}:",
                spreads=number(spreads[0], 2),
                spreads_2=number(spreads[1], 2),
            ),
            _("{ratio} times", ratio=number(ratio, 2)),
        ),
        why=[[tempting[factor]] for factor in _FACTORS],
        answered=answered,
    )


def asked_gradient(seed: int, n_keys: int, divided: Array, plain: Array, *, answered: bool) -> Predict:
    """Ask which way softmax passes on the larger gradient, on average."""
    means = float(divided.mean()), float(plain.mean())
    right = larger(divided, plain)
    few = (
        _("Weights are shared, and what lies between 0 and 1 can move.")
        if right == 0
        else _(
            "That is what one hears, and with few keys it holds. But {n_keys} keys share the "
            "weight: each gets little, and little moves.",
            n_keys=n_keys,
        )
    )
    many = (
        _(
            "Of {n_keys} keys the best few lie close together, and weight can tip from one to another.",
            n_keys=n_keys,
        )
        if right == 1
        else _(
            "Larger scores look as if they had more to pass on; but they give nearly all "
            "weight to one key, and what is near 1 or 0 hardly moves."
        )
    )
    close = (
        _("The two means differ by less than {plain} rows can tell.", plain=len(plain))
        if right == 2
        else _("The two means differ by more than chance would explain: over two standard errors.")
    )
    return Predict(
        key=f"gradient-{n_keys}-{seed}",
        question=phrase(
            "{n_keys} keys, {d_k} = {asked_d_k}: which way is the mean gradient through softmax larger?",
            n_keys=n_keys,
            d_k=D_K,
            asked_d_k=ASKED_D_K,
        ),
        options=[_("divided"), _("not divided"), _("can’t tell")],
        right=[right],
        answer=(
            _(
                "divided {means}, not divided {means_2}:",
                means=number(means[0], 3),
                means_2=number(means[1], 3),
            ),
            SAID[right],
        ),
        why=[[few], [many], [close]],
        answered=answered,
    )


SAID = (lazy("larger when divided"), lazy("larger when not divided"), lazy("too close to tell"))


def larger(divided: Array, plain: Array) -> int:
    """Return 0 if the first mean is larger, 1 if the second, 2 if the rows cannot tell."""
    off = math.hypot(standard_error(divided), standard_error(plain))
    difference = float(divided.mean() - plain.mean())
    if abs(difference) < 2 * off:
        return 2
    return 0 if difference > 0 else 1


def questions(rng: np.random.Generator) -> Sequence[Question]:
    """A spread, what dividing leaves, a weight, and a gradient."""
    side = int(rng.choice([3, 4, 5, 6, 7, 9, 10, 11, 12]))
    other = int(rng.choice([4, 16, 25]))
    scores = rng.choice(np.arange(2, 9), size=2, replace=False).astype(float)
    apart = float(scores[0] - scores[1])
    weight = float(softmax(np.array([apart / 2, 0.0]))[0])
    lead = float(np.round(rng.uniform(0.55, 0.85), 2))
    slope = lead * (1 - lead)
    return [
        Amount(
            id="spread",
            ask=phrase(
                "Entries of q and k are random, of variance 1, and {d_k} = {side}. How wide do "
                "their scores spread (standard deviation)?",
                d_k=D_K,
                side=side**2,
            ),
            right=float(side),
            within=0.01,
            because=_(
                "The variance is {side}, one for each product; its root is {side_2}.",
                side=side**2,
                side_2=side,
            ),
            hints=[(float(side**2), _("That is the variance. The spread is its root."))],
            otherwise=[
                _("One product has variance 1. Variances add up; the spread is the root of their sum.")
            ],
        ),
        Amount(
            id="ratio",
            ask=phrase(
                "{d_k} becomes {other} times as large. By what factor do undivided scores spread more?",
                d_k=D_K,
                other=other,
            ),
            right=math.sqrt(other),
            within=0.01,
            because=f"√{other}.",
            hints=[(float(other), _("So the variance grows. The spread is its root."))],
            otherwise=phrase("The spread is {root_d_k}.", root_d_k=root(*D_K)),
        ),
        Amount(
            id="weight",
            ask=phrase(
                "Two keys have raw scores {scores} and {scores_2}; {d_k} = 4. After dividing "
                "by {root_d_k}, what is the weight of the first key?",
                scores=number(scores[0], 0),
                scores_2=number(scores[1], 0),
                d_k=D_K,
                root_d_k=root(*D_K),
            ),
            right=weight,
            within=0.005,
            because=_(
                "1 ÷ (1 + exp({apart})): only the difference counts, and it is halved.",
                apart=number(-apart / 2, 1),
            ),
            hints=[
                (
                    float(softmax(np.array([apart, 0.0]))[0]),
                    _("That is without division: divide both scores by 2 first."),
                ),
                (
                    float(softmax(np.array([apart / 4, 0.0]))[0]),
                    _("That is divided by 4; it is the root of 4 that counts."),
                ),
                (1 - weight, _("That is the weight of the second key.")),
            ],
            otherwise=_("Divide both by 2, raise e to each, divide by the sum."),
        ),
        Amount(
            id="slope",
            ask=_(
                "A key has weight {lead}. How steeply does it rise with its own score?", lead=f"{lead:.2f}"
            ),
            right=slope,
            within=0.004,
            because=_(
                "w (1 − w) = {lead} × {lead_2}: it is largest at one half and 0 at both ends.",
                lead=f"{lead:.2f}",
                lead_2=f"{1 - lead:.2f}",
            ),
            hints=[
                (1 - lead, _("Nearly: multiply what is missing by the weight itself.")),
                (lead**2, _("That is w²; the slope is w (1 − w).")),
            ],
            otherwise="w (1 − w).",
        ),
        Choice(
            id="when",
            ask=phrase(
                "A head with {d_k} = 64 is not divided. When can its mean gradient through "
                "softmax still be the larger one?",
                d_k=D_K,
            ),
            options=[_("With very many keys"), _("With very few keys"), _("Never")],
            right=0,
            because=_(
                "Divided weights are then all small, while near ties between the best two keys remain."
            ),
            hints={
                1: _("With few keys shared weights are large enough to move: there, dividing wins."),
                2: _("With few keys so it is. Look at the last picture again, at its right end."),
            },
        ),
    ]
