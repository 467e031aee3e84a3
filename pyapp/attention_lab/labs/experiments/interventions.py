"""What a learner can do to the weights of a head, as a function for `intervene`.

A change is named by words: `["swap", query, key, other]`. Weights of a word that is several tokens are moved
as their sum.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from attention import Array

Change: TypeAlias = tuple[str | int, ...]
Places: TypeAlias = Sequence[int]
"""Where the tokens of one word stand."""
Groups: TypeAlias = Mapping[int, Places]
Row: TypeAlias = npt.NDArray[np.floating]


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
    kind, *numbers = change
    words = [groups[int(number)] for number in numbers[:2]]
    last = numbers[2:]
    rest = [float(each) / 100 if kind == "set" else groups[int(each)] for each in last]
    CHANGES[str(kind)].make(rows, *words, *rest)


def cut(rows: Array, query: Places, key: Places) -> None:
    """Take a weight away, and give it to nobody."""
    for place in query:
        rows[place, key] = 0.0


def move(rows: Array, query: Places, key: Places, other: Places) -> None:
    """Give the weight of one word to another."""
    for place in query:
        row = rows[place]
        give(row, other, float(row[key].sum() + row[other].sum()))
        give(row, key, 0.0)


def swap(rows: Array, query: Places, key: Places, other: Places) -> None:
    """Exchange the weights of two words."""
    for place in query:
        row = rows[place]
        of_key, of_other = float(row[key].sum()), float(row[other].sum())
        give(row, key, of_other)
        give(row, other, of_key)


def put(rows: Array, query: Places, key: Places, weight: float) -> None:
    """Set the weight of one word; the others share what is left, in the proportions that they have.

    At 0 this is what softmax gives where the word is masked. Where the others have nothing, they stay at 0. A
    cut is less: the weight goes, and nobody gets it.
    """
    for place in query:
        row = rows[place]
        others = [i for i in range(len(row)) if i not in key]
        if row[others].sum() > 0:
            give(row, others, float(row.sum()) - weight)
        give(row, key, weight)


def off(rows: Array) -> None:
    """Let a head look at nothing."""
    rows[...] = 0.0


def give(row: Row, places: Places, total: float) -> None:
    """Let the weights at some places add up to `total`, in the proportions that they have."""
    before = float(row[places].sum())
    shares = row[places] / before if before > 0 else np.full(len(places), 1 / len(places))
    row[places] = total * shares


class Kind(NamedTuple):
    """One kind of change."""

    numbers: int  # how many follow its name: query, key, and a percentage or another key
    make: Callable[..., None]  # (rows of one head, (seq, seq), and what the numbers stand for)


CHANGES: Mapping[str, Kind] = {
    "cut": Kind(2, cut),
    "set": Kind(3, put),
    "move": Kind(3, move),
    "swap": Kind(3, swap),
    "off": Kind(0, off),
}
"""Every change by its name."""
