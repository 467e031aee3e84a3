"""The questions at the end, with new numbers each time."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from attention_lab.kit.blocks import Amount, Choice, Pick
from attention_lab.kit.blocks.asking import Question
from attention_lab.kit.texts import _

_WORDS = ("The", "cat", "sat", "on", "the", "mat")


def questions_of(rng: np.random.Generator) -> Sequence[Question]:
    """Count pairs, share out weights, pick a cell, and place the mask."""
    return [_pairs(rng), _shared(rng), _window(rng), _after(rng), _lost()]


def _pairs(rng: np.random.Generator) -> Amount:
    n = int(rng.integers(4, 13))
    right = n * (n + 1) // 2
    return Amount(
        id="pairs",
        ask=_("How many pairs does a causal mask allow among {n} words?", n=n),
        right=right,
        within=0,
        because=_("1 for the first word, 2 for the second, up to {n}: {n} × {n_2} ÷ 2.", n=n, n_2=n + 1),
        hints=[
            (n * n, _("Those are all pairs, the future too.")),
            (n * (n - 1) // 2, _("Each word may also look at itself.")),
        ],
        otherwise=_("Row 1 has one allowed key, row 2 has two, and so on."),
    )


def _shared(rng: np.random.Generator) -> Amount:
    tenths = [int(value) for value in rng.permutation([1, 2, 3, 4])]
    first, blocked = tenths[0], tenths[2]
    weights = ", ".join(f"{value / 10:.1f}" for value in tenths)
    left = 10 - blocked
    right = first / left
    hints = [(first / 10, _("That is its weight before. The row must sum to 1 again."))]
    spread = first / 10 + blocked / 30
    if abs(spread - right) > 0.02:
        hints.append((spread, _("What is set free is shared in proportion, not equally.")))
    return Amount(
        id="shared",
        ask=_(
            "A word has the weights {weights}. The third key is masked before softmax. What is "
            "the first weight now?",
            weights=weights,
        ),
        right=right,
        within=0.005,
        because=f"{first / 10:.1f} ÷ (1 − {blocked / 10:.1f}).",
        hints=hints,
        otherwise=_("The others keep their proportions and sum to 1."),
    )


def _window(rng: np.random.Generator) -> Pick:
    size, row = int(rng.integers(2, 4)), int(rng.integers(3, 6))
    right = row - size + 1
    return Pick(
        id="window",
        ask=_(
            "A window of {size} words, the word itself included, looking back. Pick the "
            "farthest key that row {row}, “{words}”, may look at.",
            size=size,
            row=row + 1,
            words=_WORDS[row],
        ),
        right=[(row, right)],
        rows=list(_WORDS),
        columns=list(_WORDS),
        text=[["·"] * 6 for __ in range(6)],
        because=_("It sees “{words}” and what follows, up to itself.", words=_WORDS[right]),
        hints={
            (row, right - 1): _("One too far: the word itself counts, too."),
            (row, row): _("That is the word itself, the nearest."),
            (right, row): _("Rows look, columns are looked at: this is the other way round."),
        },
        otherwise=_("Start in row {row} on the diagonal and go left.", row=row + 1),
    )


def _after(rng: np.random.Generator) -> Amount:
    future = int(rng.integers(1, 8)) / 10
    return Amount(
        id="after",
        ask=_(
            "Without a mask, a word gives {future} of its weight to words ahead of it. A "
            "causal mask is put after softmax. What does its row sum to?",
            future=f"{future:.1f}",
        ),
        right=1 - future,
        within=0.005,
        because=_("Their share is struck out, and nothing takes its place."),
        hints=[(1.0, _("So it would be with the mask before softmax."))]
        + ([(future, _("That is what is struck out."))] if future != 0.5 else []),
        otherwise=_("Take away what went to words ahead."),
    )


def _lost() -> Choice:
    return Choice(
        id="lost",
        ask=_("A row has no allowed key. What is the right thing to do?"),
        options=[
            _("Add −1e9 to its scores: softmax then gives 0 everywhere"),
            _("Stop and name the row"),
            _("Let softmax share equally among all keys"),
        ],
        right=1,
        because=_("There is nothing to average, so any output would be made up."),
        hints={
            0: _(
                "Weights of one row sum to 1, so they cannot all be 0: they come out equal, or "
                "as if nothing were masked."
            ),
            2: _("Then the word attends to exactly what it may not see."),
        },
    )
