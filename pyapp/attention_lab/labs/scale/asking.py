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
        1: "Each product is as large as before; but there are more of them, and sums of more spread wider.",
        4: "Four times as many products, but of both signs: most of the sum cancels.",
        16: "Squares come in with the variance, which grows by 4; the spread is its root.",
        2: "The variance grows by 4, and the spread is its root.",
    }
    right = min(range(len(_FACTORS)), key=lambda i: abs(math.log(_FACTORS[i] / ratio)))
    return Predict(
        key=f"wider-{seed}",
        question=[*D_K, f" goes from {WIDER[0]} to {WIDER[1]}. How much wider do undivided scores spread?"],
        options=["the same", "2 times", "4 times", "16 times"],
        right=[right],
        answer=(f"measured, {number(spreads[0], 2)} → {number(spreads[1], 2)}:", f"{number(ratio, 2)} times"),
        why=[[tempting[factor]] for factor in _FACTORS],
        answered=answered,
    )


def asked_gradient(seed: int, n_keys: int, divided: Array, plain: Array, *, answered: bool) -> Predict:
    """Ask which way softmax passes on the larger gradient, on average."""
    means = float(divided.mean()), float(plain.mean())
    right = larger(divided, plain)
    few = (
        "Weights are shared, and what lies between 0 and 1 can move."
        if right == 0
        else f"That is what one hears, and with few keys it holds. But {n_keys} keys share the weight: "
        "each gets little, and little moves."
    )
    many = (
        f"Of {n_keys} keys the best few lie close together, and weight can tip from one to another."
        if right == 1
        else "Larger scores look as if they had more to pass on; but they give nearly all weight to one key, "
        "and what is near 1 or 0 hardly moves."
    )
    close = (
        f"The two means differ by less than {len(plain)} rows can tell."
        if right == 2
        else "The two means differ by more than chance would explain: over two standard errors."
    )
    return Predict(
        key=f"gradient-{n_keys}-{seed}",
        question=[
            f"{n_keys} keys, ",
            *D_K,
            f" = {ASKED_D_K}: which way is the mean gradient through softmax larger?",
        ],
        options=["divided", "not divided", "can’t tell"],
        right=[right],
        answer=(f"divided {number(means[0], 3)}, not divided {number(means[1], 3)}:", SAID[right]),
        why=[[few], [many], [close]],
        answered=answered,
    )


SAID = ("larger when divided", "larger when not divided", "too close to tell")


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
            ask=[
                "Entries of q and k are random, of variance 1, and ",
                *D_K,
                f" = {side**2}. How wide do their scores spread (standard deviation)?",
            ],
            right=float(side),
            within=0.01,
            because=f"The variance is {side**2}, one for each product; its root is {side}.",
            hints=[(float(side**2), "That is the variance. The spread is its root.")],
            otherwise=["One product has variance 1. Variances add up; the spread is the root of their sum."],
        ),
        Amount(
            id="ratio",
            ask=[*D_K, f" becomes {other} times as large. By what factor do undivided scores spread more?"],
            right=math.sqrt(other),
            within=0.01,
            because=f"√{other}.",
            hints=[(float(other), "So the variance grows. The spread is its root.")],
            otherwise=["The spread is ", root(*D_K), "."],
        ),
        Amount(
            id="weight",
            ask=[
                f"Two keys have raw scores {number(scores[0], 0)} and {number(scores[1], 0)}; ",
                *D_K,
                " = 4. After dividing by ",
                root(*D_K),
                ", what is the weight of the first key?",
            ],
            right=weight,
            within=0.005,
            because=f"1 ÷ (1 + exp({number(-apart / 2, 1)})): only the difference counts, and it is halved.",
            hints=[
                (
                    float(softmax(np.array([apart, 0.0]))[0]),
                    "That is without division: divide both scores by 2 first.",
                ),
                (
                    float(softmax(np.array([apart / 4, 0.0]))[0]),
                    "That is divided by 4; it is the root of 4 that counts.",
                ),
                (1 - weight, "That is the weight of the second key."),
            ],
            otherwise="Divide both by 2, raise e to each, divide by the sum.",
        ),
        Amount(
            id="slope",
            ask=f"A key has weight {lead:.2f}. How steeply does it rise with its own score?",
            right=slope,
            within=0.004,
            because=f"w (1 − w) = {lead:.2f} × {1 - lead:.2f}: it is largest at one half and 0 at both ends.",
            hints=[
                (1 - lead, "Nearly: multiply what is missing by the weight itself."),
                (lead**2, "That is w²; the slope is w (1 − w)."),
            ],
            otherwise="w (1 − w).",
        ),
        Choice(
            id="when",
            ask=[
                "A head with ",
                *D_K,
                " = 64 is not divided. When can its mean gradient through softmax still be the larger one?",
            ],
            options=["With very many keys", "With very few keys", "Never"],
            right=0,
            because="Divided weights are then all small, while near ties between the best two keys remain.",
            hints={
                1: "With few keys shared weights are large enough to move: there, dividing wins.",
                2: "With few keys so it is. Look at the last picture again, at its right end.",
            },
        ),
    ]
