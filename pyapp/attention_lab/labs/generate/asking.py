"""What the lab asks: one prediction, and the questions at the end."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from attention import multi_head_attention_cost
from attention_lab.kit.blocks import Amount, Choice
from attention_lab.kit.blocks.asking import Question
from attention_lab.kit.blocks.writing import grouped
from attention_lab.kit.scene import Predict
from attention_lab.kit.texts import _

SEEN, WIDTH, HEADS = 1000, 512, 8


def cached_cost() -> Predict:
    """How many multiplications does the next token cost with the cache?"""
    right = multi_head_attention_cost(1, WIDTH, HEADS, cached=SEEN).flops // 2
    anew = multi_head_attention_cost(SEEN + 1, WIDTH, HEADS).flops // 2
    projections = 4 * WIDTH**2
    values = [0, projections, right, anew]
    return Predict(
        key="cached-cost",
        question=[
            _(
                "The keys and values of {seen} words are kept. How many multiplications does "
                "one attention layer of width {width} take for the next word?",
                seen=grouped(SEEN),
                width=WIDTH,
            )
        ],
        options=[_short(value) for value in values],
        right=[values.index(right)],
        answer=(_("with the cache:"), _short(right)),
        why=[
            [_("Much is kept, but the new word’s own query, key and value are not there yet.")],
            [
                _(
                    "That is its four projections. Its query meets every kept key, too: that grows "
                    "with the text."
                )
            ],
            [_("Four projections of one word, then one query against every key, and one sum of values.")],
            [_("That is the cost without a cache: rows of earlier words would come out as before.")],
        ],
    )


def _short(value: int) -> str:
    if value == 0:
        return _("none")
    billions = value >= 10**9
    size = f"{value / (1e9 if billions else 1e6):.1f}"
    return _("{size} billion", size=size) if billions else _("{size} million", size=size)


def questions(rng: np.random.Generator) -> Sequence[Question]:
    """Return four questions with fresh numbers."""
    shares = sorted((rng.dirichlet([3.0] * 4) * 92).round().astype(int).tolist(), reverse=True)
    shares = [share + extra for share, extra in zip(shares, (5, 3, 2, 1), strict=True)]
    shares[0] += 100 - sum(shares)
    shares.sort(reverse=True)
    first, second = shares[:2]
    seen = int(rng.choice([50, 100, 200, 400]))
    d = int(rng.choice([64, 128, 256]))
    layers, words = int(rng.integers(3, 9)), int(rng.integers(10, 100))
    return [
        Amount(
            id="top-k",
            ask=_(
                "Four words have chances of {map} %. Top-k keeps two. What is the chance of "
                "the likeliest now, in %?",
                map=", ".join(map(str, shares)),
            ),
            right=100 * first / (first + second),
            within=0.5,
            unit="%",
            because=_("{first} of {first_2} that are left.", first=first, first_2=first + second),
            hints=[(first, _("The others are gone: what is left must add up to 100 % again."))]
            if 100 * first / (first + second) - first > 1
            else [],
            otherwise=_("Divide by what the two have together."),
        ),
        Amount(
            id="row",
            ask=_(
                "{seen} words are in the cache. How many scores does one head compute for the "
                "next word, which looks at itself, too?",
                seen=seen,
            ),
            right=seen + 1,
            within=0,
            because=_("One query, and a key for each word."),
            hints=[
                (seen, _("It looks at itself, too.")),
                ((seen + 1) ** 2, _("That is the whole table; only its last row is new.")),
            ],
            otherwise=_("One row: one score for each key."),
        ),
        Amount(
            id="bytes",
            ask=_(
                "Width {d}, {layers} layers, every head with keys and values of its own, 2 "
                "bytes a number. How many bytes does each word add to the cache?",
                d=d,
                layers=layers,
            ),
            right=2 * layers * d * 2,
            within=0,
            because=_(
                "A key and a value of {d} numbers, in {layers} layers, 2 bytes each.", d=d, layers=layers
            ),
            hints=[
                (
                    layers * d * 2,
                    _("That is half: keys or values alone, or numbers that take 2 bytes each, not one."),
                ),
                (2 * d * 2, _("Every layer keeps its own.")),
            ],
            otherwise=_("Key and value, in every layer, 2 bytes a number."),
        ),
        Choice(
            id="why",
            ask=_("Word {words} is written. Why may the keys of the words before it be kept?", words=words),
            options=[
                _("No earlier word looks ahead, so nothing in them changes"),
                _("They are rounded, so that changes are not seen"),
                _("The model was trained on them"),
            ],
            right=0,
            because=_("Under a causal mask a new word changes nothing before it."),
            hints={
                1: _("They are exact: the words come out the same with the cache and without."),
                2: _("The cache holds this very text, trained on or not."),
            },
        ),
    ]
