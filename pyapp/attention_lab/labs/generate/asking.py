"""What the lab asks: one prediction, and the questions at the end."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from attention import multi_head_attention_cost
from attention_lab.kit.blocks import Amount, Choice
from attention_lab.kit.blocks.asking import Question
from attention_lab.kit.blocks.writing import grouped
from attention_lab.kit.scene import Predict

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
            f"The keys and values of {grouped(SEEN)} words are kept. How many multiplications does one "
            f"attention layer of width {WIDTH} take for the next word?"
        ],
        options=[_short(value) for value in values],
        right=[values.index(right)],
        answer=("with the cache:", _short(right)),
        why=[
            ["Much is kept, but the new word’s own query, key and value are not there yet."],
            ["That is its four projections. Its query meets every kept key, too: that grows with the text."],
            ["Four projections of one word, then one query against every key, and one sum of values."],
            ["That is the cost without a cache: rows of earlier words would come out as before."],
        ],
    )


def _short(value: int) -> str:
    if value == 0:
        return "none"
    billions = value >= 10**9
    return f"{value / (1e9 if billions else 1e6):.1f} {'billion' if billions else 'million'}"


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
            ask=f"Four words have chances of {', '.join(map(str, shares))} %. Top-k keeps two. "
            "What is the chance of the likeliest now, in %?",
            right=100 * first / (first + second),
            within=0.5,
            unit="%",
            because=f"{first} of {first + second} that are left.",
            hints=[(first, "The others are gone: what is left must add up to 100 % again.")]
            if 100 * first / (first + second) - first > 1
            else [],
            otherwise="Divide by what the two have together.",
        ),
        Amount(
            id="row",
            ask=f"{seen} words are in the cache. How many scores does one head compute for the next word, "
            "which looks at itself, too?",
            right=seen + 1,
            within=0,
            because="One query, and a key for each word.",
            hints=[
                (seen, "It looks at itself, too."),
                ((seen + 1) ** 2, "That is the whole table; only its last row is new."),
            ],
            otherwise="One row: one score for each key.",
        ),
        Amount(
            id="bytes",
            ask=f"Width {d}, {layers} layers, every head with keys and values of its own, 2 bytes a number. "
            "How many bytes does each word add to the cache?",
            right=2 * layers * d * 2,
            within=0,
            because=f"A key and a value of {d} numbers, in {layers} layers, 2 bytes each.",
            hints=[
                (layers * d * 2, "That counts keys or values, not both."),
                (2 * d * 2, "Every layer keeps its own."),
                (2 * layers * d, "Those are numbers; each takes 2 bytes."),
            ][:2],
            otherwise="Key and value, in every layer, 2 bytes a number.",
        ),
        Choice(
            id="why",
            ask=f"Word {words} is written. Why may the keys of the words before it be kept?",
            options=[
                "No earlier word looks ahead, so nothing in them changes",
                "They are rounded, so that changes are not seen",
                "The model was trained on them",
            ],
            right=0,
            because="Under a causal mask a new word changes nothing before it.",
            hints={
                1: "They are exact: the words come out the same with the cache and without.",
                2: "The cache holds this very text, trained on or not.",
            },
        ),
    ]
