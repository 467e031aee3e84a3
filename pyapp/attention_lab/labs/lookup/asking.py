"""What is asked: two predictions, and the questions at the end."""

from __future__ import annotations

import numpy as np

from attention import softmax
from attention_lab.kit.blocks import Amount, Choice
from attention_lab.kit.blocks.asking import Question
from attention_lab.kit.blocks.writing import listed
from attention_lab.kit.numbers import number
from attention_lab.kit.scene import Predict
from attention_lab.kit.texts import _, lazy
from attention_lab.labs.lookup.finding import KEYS, QUERY, TITLES, scores_of, weights_of

_TIE = lazy("the first and the last alike")


def most(*, answered: bool) -> Predict:
    """Ask which book gets the most for the lesson's query; an exact match is tempting."""
    weights = weights_of(scores_of(np.array(QUERY), np.array(KEYS)), 1.0)
    best = np.flatnonzero(np.isclose(weights, weights.max())).tolist()
    right = best if len(best) == 1 else [len(TITLES)]
    options = [*TITLES, _TIE]
    return Predict(
        key="lookup-most",
        question=[_("The lesson's keys, and the query [1, 0, 1]: which book gets the most weight?")],
        options=options,
        right=right,
        answer=(options[right[0]], listed([number(float(weights[i]), 3) for i in best])),
        values=[
            *(number(float(w), 3) for w in weights),
            _("{weights} each", weights=number(float(weights[0]), 3)),
        ],
        why=[
            [_("Its key is the query itself, and it wins nothing: a dot product adds up what both have.")],
            [_("Its key has nothing in common with the query: its score is 0.")],
            [_("Its key has more ones. The extra one meets a 0 of the query and adds nothing.")],
            [_("Both scores are 1·1 + 0·(0 or 1) + 1·1 = 2. What the query does not ask for costs nothing.")],
        ],
        answered=answered,
    )


def equal() -> Predict:
    """Ask what two equal keys do."""
    keys = np.array(KEYS)
    keys[-1] = keys[0]
    weights = weights_of(scores_of(np.array(QUERY), keys), 1.0)
    first, last = (number(float(weights[i]), 3) for i in (0, -1))
    alike = bool(np.isclose(weights[0], weights[-1]))
    return Predict(
        key="lookup-equal",
        question=[_("The query is [1, 0, 1], and book 3 gets the very key of book 1. Who answers?")],
        options=[
            _("book 1, the first"),
            _("book 3, the last"),
            _("both, in equal shares"),
            _("none: keys must differ"),
        ],
        right=[2] if alike else [int(np.argmax(weights))],
        answer=(_("both, in equal shares"), _("{first} and {last}", first=first, last=last)),
        values=[first, last, _("{first} each", first=first), ""],
        why=[
            [
                _(
                    "A search that stops at the first hit would do so. Softmax sees only scores: "
                    "these are equal."
                )
            ],
            [_("In a Python dictionary the later entry replaces the earlier one. Here both books stay.")],
            [_("Equal keys have equal scores, and equal scores equal weights: both contents count alike.")],
            [_("A dictionary needs keys that differ. A dot product does not mind: each book has its own.")],
        ],
    )


def questions(rng: np.random.Generator) -> list[Question]:
    """Return questions with fresh numbers."""
    return [_score(rng), _weight(rng), _output(rng), _colder(rng)]


def _score(rng: np.random.Generator) -> Question:
    query, key = rng.integers(1, 4, 3), rng.integers(1, 4, 3)
    right, added = int(query @ key), int(query.sum() + key.sum())
    hints = (
        [(float(added), _("You added all numbers. Multiply place by place first, then add."))]
        if added != right
        else []
    )
    return Amount(
        id="score",
        ask=_(
            "The query is {tolist} and a key is {tolist_2}. What is the score?",
            tolist=query.tolist(),
            tolist_2=key.tolist(),
        ),
        right=float(right),
        because=_("Place by place, then added."),
        hints=hints,
        otherwise=_(
            "Multiply the first numbers, the second ones and the third ones; add the three products."
        ),
    )


def _weight(rng: np.random.Generator) -> Question:
    low, step = int(rng.integers(0, 4)), int(rng.integers(1, 4))
    right = float(softmax(np.array([low, low + step], dtype=float))[1])
    plain = (low + step) / (2 * low + step)
    hints = [(plain, _("You divided the scores by their sum. Raise e to each of them first."))]
    if abs(plain - right) <= 0.03:
        hints = []
    return Amount(
        id="weight",
        ask=_(
            "Two scores are {low} and {low_2}. Which weight has the larger, to two decimals?",
            low=low,
            low_2=low + step,
        ),
        right=right,
        within=0.01,
        because=_("1 ÷ (1 + e^−{step}): only the difference counts.", step=step),
        hints=[*hints, (1 - right, _("That is the weight of the smaller one."))],
        otherwise=_("e to the larger score, divided by the sum of e to both."),
    )


def _output(rng: np.random.Generator) -> Question:
    share = int(rng.integers(6, 10)) / 10
    a, b = (int(x) for x in rng.choice(np.arange(2, 20), 2, replace=False) * 10)
    return Amount(
        id="output",
        ask=_(
            "Two books weigh {share} and {share_2} and hold {a} and {b}. What is the output?",
            share=f"{share:.1f}",
            share_2=f"{1 - share:.1f}",
            a=a,
            b=b,
        ),
        right=share * a + (1 - share) * b,
        within=0.05,
        because=_("Each content times its weight, added."),
        hints=[
            ((a + b) / 2, _("That is the plain mean. Each content counts by its own weight.")),
            (float(a), _("That is the content of the best book alone, as a dictionary would give it.")),
            ((1 - share) * a + share * b, _("The weights have changed places.")),
        ],
        otherwise=_("Weight times content for each book, then add."),
    )


def _colder(rng: np.random.Generator) -> Question:
    tied = bool(rng.integers(0, 2))
    scores = [2, 2, 0] if tied else [2, 1, 0]
    options = [_("1, 0 and 0"), _("0.5, 0.5 and 0"), _("a third each")]
    right = 1 if tied else 0
    hints = {2: _("That is what a very high temperature does.")}
    hints[1 - right] = (
        _("The two best scores are equal: nothing can tell them apart.")
        if tied
        else _("No two scores are equal: the best one wins.")
    )
    return Choice(
        id="colder",
        ask=_(
            "The scores are {scores}. What do the weights come near to as the temperature goes to 0?",
            scores=scores,
        ),
        options=options,
        right=right,
        because=_("Dividing by a small number pulls scores apart, but equal ones stay equal."),
        hints=hints,
    )
