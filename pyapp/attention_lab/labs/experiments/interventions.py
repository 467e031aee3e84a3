"""What a learner can do to the weights of a head, as a function for `intervene`.

A change is named by words: `["swap", query, key, other]`. Weights of a word that is several tokens are moved
as their sum.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from attention import Array

Change: TypeAlias = tuple[str | int, ...]
Groups: TypeAlias = Mapping[int, Sequence[int]]
Row: TypeAlias = npt.NDArray[np.floating]

CHANGES: Mapping[str, int] = {"cut": 2, "set": 3, "move": 3, "swap": 3, "off": 0}
"""Every change, with how many numbers follow its name: query, key, and a percentage or another key."""


def changing(
    changes: Sequence[Change], at: tuple[int, int] | None, groups: Groups
) -> Callable[[int, Array], Array]:
    """Return the function to intervene with: the changes, one after another, in one head or in all.

    Args:
        changes: each a name of `CHANGES` and its numbers, which count words.
        at: layer and head; None for every head of every layer.
        groups: the places of each word's tokens.
    """

    def intervene(layer: int, weights: Array) -> Array:
        for head, rows in enumerate(weights):
            if at in (None, (layer, head)):
                for change in changes:
                    _apply(rows, change, groups)
        return weights

    return intervene


def _apply(rows: Array, change: Change, groups: Groups) -> None:
    """Make one change to the weights of one head, (seq, seq)."""
    if change[0] == "off":
        rows[...] = 0.0
        return
    kind, query, key, last = (*change, 0)[:4]
    for place in groups[int(query)]:
        row = rows[place]
        if kind == "cut":
            row[groups[int(key)]] = 0.0
        elif kind == "set":
            set_weight(row, groups[int(key)], float(last) / 100)
        elif kind == "move":
            give(row, groups[int(last)], float(row[groups[int(key)]].sum() + row[groups[int(last)]].sum()))
            give(row, groups[int(key)], 0.0)
        else:
            first, second = (float(row[groups[int(each)]].sum()) for each in (key, last))
            give(row, groups[int(key)], second)
            give(row, groups[int(last)], first)


def give(row: Row, places: Sequence[int], total: float) -> None:
    """Let the weights at some places add up to `total`, in the proportions that they have."""
    before = float(row[places].sum())
    shares = row[places] / before if before > 0 else np.full(len(places), 1 / len(places))
    row[places] = total * shares


def set_weight(row: Row, places: Sequence[int], weight: float) -> None:
    """Set the weight of one word; the others share what is left, in the proportions that they have.

    At 0 this is what softmax gives where the word is masked. Where the others have nothing, they stay at 0. A
    cut is less: the weight goes, and nobody gets it.
    """
    others = [place for place in range(len(row)) if place not in places]
    if row[others].sum() > 0:
        give(row, others, float(row.sum()) - weight)
    give(row, places, weight)
