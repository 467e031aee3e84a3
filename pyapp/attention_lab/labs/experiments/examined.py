"""The trained models as the experiments use them: words in, maps and an answer out, and a way to intervene.

Loaded when they are first asked for, so that a lab without them does not wait; what was run is kept.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import accumulate
from typing import Any, Protocol, TypeAlias

import numpy as np

from attention import JOBS, Array, Reader, load_model
from attention_lab.labs.experiments.interventions import Change, Groups, changing
from attention_lab.optional import minilm

MODELS = ("random", "ordinary", "reader", "minilm")
"""Every model of the experiments, in the order on the screen."""

MAX_WORDS = 30  # the small models take 31 and a sign of their own; a full stop is put at the end

OWN = -1
"""The sample that the learner wrote."""

STANDS_OUT = 0.05
"""The share that makes a word an answer: some thirty times an even share of the small models' words."""

START = -1
"""The place of what a model puts before the first word."""

Words: TypeAlias = tuple[str, ...]
Spot: TypeAlias = tuple[int, int]
LayerIntervention: TypeAlias = Callable[[int, Array], Array]


class Said(Protocol):
    """An answer: the likeliest word, and how likely others are."""

    @property
    def word(self) -> str: ...
    @property
    def probability(self) -> float: ...
    @property
    def candidates(self) -> tuple[tuple[str, float], ...]: ...


@dataclass(frozen=True, eq=False)
class Look:
    """What one model did with one sentence."""

    tokens: tuple[str, ...]
    owners: tuple[int, ...]  # the word that each token belongs to, counted from 0; START for the model's own
    layers: tuple[Array, ...]  # each (n_heads, seq, seq): the weights that were used
    answer: Callable[[str, int], Said] | None = None  # (job, token); None for a model that is asked nothing
    vector: Array | None = None  # (d,): one vector for the sentence, where the model gives one

    def tokens_of(self, word: int) -> list[int]:
        """Return the places of a word's tokens; the first of all for a word that the model has none for."""
        return [i for i, owner in enumerate(self.owners) if owner == word] or [0]

    def between(self, query: int, key: int) -> Array:
        """Return the weight from one word to another in every head, layer after layer.

        Where a word is more than one token: the sum over the key's, the mean over the query's.
        """
        rows, cols = self.tokens_of(query), self.tokens_of(key)
        parts = [layer[:, rows][:, :, cols].sum(axis=-1).mean(axis=-1) for layer in self.layers]
        return np.concatenate(parts)

    @property
    def spots(self) -> list[Spot]:
        """Return (layer, head) of every head, in the order of `between`."""
        return [(i, head) for i, layer in enumerate(self.layers) for head in range(len(layer))]


class Examined(Protocol):
    """One model: what it is, and what it does with the words of a sentence."""

    def look(self, words: Words, intervene: LayerIntervention | None = None) -> Look: ...

    def owners(self, words: Words) -> tuple[int, ...]: ...


class Small:
    """A model of this repository: it reads words, after one sign of its own, and is asked at a word."""

    def __init__(self, model: Any) -> None:
        self.model = model

    def owners(self, words: Words) -> tuple[int, ...]:
        """Say which word each token belongs to."""
        return (START, *range(len(words)))

    def look(self, words: Words, intervene: LayerIntervention | None = None) -> Look:
        """Run it."""
        trace = self.model.trace(words, intervene)
        return Look(trace.tokens, self.owners(words), tuple(trace.layers), cache(trace.answer))


class Downloaded:
    """MiniLM: it cuts words into pieces, between two signs of its own, and gives one vector for all."""

    def __init__(self, model: Any) -> None:
        self.model = model

    def owners(self, words: Words) -> tuple[int, ...]:
        """Say which word each token belongs to; the last sign stands behind the last word."""
        return self._owners(words, self.model.word_piece(" ".join(words)).spans)

    def look(self, words: Words, intervene: LayerIntervention | None = None) -> Look:
        """Run it on the words, with a blank between them."""
        trace = self.model.trace(" ".join(words), intervene)
        owners = self._owners(words, trace.pieces.spans)
        return Look(trace.tokens, owners, tuple(trace.layers), vector=trace.sentence_vector)

    def _owners(self, words: Words, spans: Sequence[tuple[int, int]]) -> tuple[int, ...]:
        starts = list(accumulate((len(word) + 1 for word in words), initial=0))[:-1]
        inner = [bisect_right(starts, start) - 1 for start, _ in spans[1:-1]]
        return (START, *inner, len(words))


@cache
def examined(name: str, seed: int = 0) -> Examined:
    """Return a model by its name; `seed` is that of the random one."""
    if name == "minilm":
        return Downloaded(minilm())  # the lab has it among `optional`, so it is here
    return Small(Reader.random(seed) if name == "random" else load_model(name))


@lru_cache(maxsize=64)
def look(
    name: str, seed: int, words: Words, changes: tuple[Change, ...] = (), at: Spot | None = None
) -> Look:
    """Run a model on words; with changes, those weights of one head (or of all: `at` is None) are changed."""
    model = examined(name, seed)
    if not changes:
        return model.look(words)
    return model.look(words, changing(changes, at, groups(model.owners(words))))


def groups(owners: Sequence[int]) -> Groups:
    """Return the places of each word's tokens."""
    found: dict[int, list[int]] = {}
    for place, owner in enumerate(owners):
        found.setdefault(owner, []).append(place)
    return found


def answers(name: str) -> bool:
    """Say whether a model can be asked for a word."""
    return name != "minilm"


def heard(said: Said | None) -> str | None:
    """Return the word of an answer; None where no word stands out among hundreds."""
    return said.word if said is not None and said.probability >= STANDS_OUT else None


def names_of_heads(name: str) -> Mapping[Spot, str]:
    """Return what heads are called that have a name: the read heads, each after its job."""
    if name not in ("reader", "random"):
        return {}
    return {(1, i): job for i, job in enumerate(JOBS)}
