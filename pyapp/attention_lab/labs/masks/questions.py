"""The questions at the end, with new numbers each time."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from attention_lab.kit.blocks import Amount, Choice, Pick
from attention_lab.kit.blocks.asking import Question

_WORDS = ("The", "cat", "sat", "on", "the", "mat")


def questions_of(rng: np.random.Generator) -> Sequence[Question]:
    """Count pairs, share out weights, pick a cell, and place the mask."""
    return [_pairs(rng), _shared(rng), _window(rng), _after(rng), _lost()]


def _pairs(rng: np.random.Generator) -> Amount:
    n = int(rng.integers(4, 13))
    right = n * (n + 1) // 2
    return Amount(
        id="pairs",
        ask=f"How many pairs does a causal mask allow among {n} words?",
        right=right,
        within=0,
        because=f"1 for the first word, 2 for the second, up to {n}: {n} × {n + 1} ÷ 2.",
        hints=[
            (n * n, "Those are all pairs, the future too."),
            (n * (n - 1) // 2, "Each word may also look at itself."),
        ],
        otherwise="Row 1 has one allowed key, row 2 has two, and so on.",
    )


def _shared(rng: np.random.Generator) -> Amount:
    tenths = [int(value) for value in rng.permutation([1, 2, 3, 4])]
    first, blocked = tenths[0], tenths[2]
    weights = ", ".join(f"{value / 10:.1f}" for value in tenths)
    left = 10 - blocked
    right = first / left
    hints = [(first / 10, "That is its weight before. The row must sum to 1 again.")]
    spread = first / 10 + blocked / 30
    if abs(spread - right) > 0.02:
        hints.append((spread, "What is set free is shared in proportion, not equally."))
    return Amount(
        id="shared",
        ask=f"A word has the weights {weights}. The third key is masked before softmax. "
        "What is the first weight now?",
        right=right,
        within=0.005,
        because=f"{first / 10:.1f} ÷ (1 − {blocked / 10:.1f}).",
        hints=hints,
        otherwise="The others keep their proportions and sum to 1.",
    )


def _window(rng: np.random.Generator) -> Pick:
    size, row = int(rng.integers(2, 4)), int(rng.integers(3, 6))
    right = row - size + 1
    return Pick(
        id="window",
        ask=f"A window of {size} words, the word itself included, looking back. "
        f"Pick the farthest key that row {row + 1}, “{_WORDS[row]}”, may look at.",
        right=[(row, right)],
        rows=list(_WORDS),
        columns=list(_WORDS),
        text=[["·"] * 6 for _ in range(6)],
        because=f"It sees “{_WORDS[right]}” and what follows, up to itself.",
        hints={
            (row, right - 1): "One too far: the word itself counts, too.",
            (row, row): "That is the word itself, the nearest.",
            (right, row): "Rows look, columns are looked at: this is the other way round.",
        },
        otherwise=f"Start in row {row + 1} on the diagonal and go left.",
    )


def _after(rng: np.random.Generator) -> Amount:
    future = int(rng.integers(1, 8)) / 10
    return Amount(
        id="after",
        ask=f"Without a mask, a word gives {future:.1f} of its weight to words ahead of it. "
        "A causal mask is put after softmax. "
        "What does its row sum to?",
        right=1 - future,
        within=0.005,
        because="Their share is struck out, and nothing takes its place.",
        hints=[(1.0, "So it would be with the mask before softmax.")]
        + ([(future, "That is what is struck out.")] if future != 0.5 else []),
        otherwise="Take away what went to words ahead.",
    )


def _lost() -> Choice:
    return Choice(
        id="lost",
        ask="A row has no allowed key. What is the right thing to do?",
        options=[
            "Add −1e9 to its scores: softmax then gives 0 everywhere",
            "Stop and name the row",
            "Let softmax share equally among all keys",
        ],
        right=1,
        because="There is nothing to average, so any output would be made up.",
        hints={
            0: "Weights of one row sum to 1, so they cannot all be 0: "
            "they come out equal, or as if nothing were masked.",
            2: "Then the word attends to exactly what it may not see.",
        },
    )
