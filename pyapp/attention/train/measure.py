"""What a trained encoder does with held-out sentences: is it right, where does it look, and does that matter?

Four figures for each behaviour. *accuracy*: how often the likeliest of all words is the right one. *weight*:
how much weight lies on the right word, on average. *swap*: if the weights on the right word and on the one
in its way are exchanged, how often is the latter the answer? *cut*: if the weight on the one in its way is
set to 0, how much accuracy does that cost? Only where a swap changes the answer do the arrows explain it.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from attention.model import LayerIntervention
from attention.models.encoder import JOBS, Ids, SmallEncoder, TraceT
from attention.models.reader import Reader
from attention.trace import Array
from attention.train.answers import batch_of
from attention.train.english import BEHAVIOURS, Sentence, sample

__all__ = ["Measured", "Question", "best_head", "held_out_sentences", "measure", "questions_of"]

MEASURING_SEED = 999
_AT_ONCE = 250

Head: TypeAlias = tuple[int, int]
"""Number of a layer, and of a head in it."""


@dataclass(frozen=True, slots=True)
class Question:
    """One query in one sentence of a batch, with the right word's position and that of the one in its way."""

    sentence: int
    query: int
    right: int
    wrong: int


@dataclass(frozen=True, slots=True)
class Measured:
    """What was measured of one behaviour."""

    head: Head
    accuracy: float
    weight: float
    swap: float
    cut: float
    questions: int


def held_out_sentences(n: int, seed: int = MEASURING_SEED) -> list[Sentence]:
    """Draw sentences about pairs of nouns that nothing is trained on."""
    rng = random.Random(seed)
    return [sample(rng, "test") for _ in range(n)]


def questions_of(sentences: Sequence[Sentence], behaviour: str) -> list[Question]:
    """List where a behaviour can be measured: where another word is in the right one's way."""
    found = []
    for number, sentence in enumerate(sentences):
        links = sentence.links[BEHAVIOURS[behaviour]]
        for query in sentence.behaviours.get(behaviour, ()):
            right, wrong = links[query]
            if wrong is not None:
                found.append(Question(number, query, right, wrong))
    return found


def measure(
    model: SmallEncoder[TraceT],
    sentences: Sequence[Sentence],
    behaviour: str,
    head: Head | None = None,
    kinds: bool = False,
) -> Measured:
    """Measure one behaviour, and what one head has to do with it.

    Args:
        model: the model.
        sentences: held out.
        behaviour: one of `BEHAVIOURS`.
        head: whose weights are swapped and cut; `best_head` unless given.
        kinds: whether the right word and the one in its way are replaced by their kinds.
    """
    head = best_head(model, sentences, behaviour) if head is None else head
    asked = {question.sentence for question in questions_of(sentences, behaviour)}
    chosen = [sentence for number, sentence in enumerate(sentences) if number in asked]
    parts = [
        _measure(model, chosen[start : start + _AT_ONCE], behaviour, head, kinds)
        for start in range(0, len(chosen), _AT_ONCE)
    ]
    counts = np.array([len(part[0]) for part in parts])
    right, weight, swapped, cut = (np.concatenate([part[i] for part in parts]) for i in range(4))
    accuracy = float(right.mean())
    return Measured(
        head,
        accuracy,
        float(weight.mean()),
        float(swapped.mean()),
        accuracy - float(cut.mean()),
        int(counts.sum()),
    )


def best_head(model: SmallEncoder[TraceT], sentences: Sequence[Sentence], behaviour: str) -> Head:
    """Return the head to look at: the reader's own; else that with most weight on the right word."""
    if isinstance(model, Reader):
        return model.n_layers, JOBS.index(BEHAVIOURS[behaviour])
    questions = questions_of(sentences[:_AT_ONCE], behaviour)
    rows, queries, right, _ = _columns(questions)
    layers = model.trace_ids(batch_of(sentences[:_AT_ONCE], model.vocabulary).ids).layers
    means = [layer[rows, :, queries, right].mean(axis=0) for layer in layers]  # each (n_heads,)
    number = int(np.concatenate(means).argmax())
    return number // model.n_heads, number % model.n_heads


def _measure(
    model: SmallEncoder[TraceT], sentences: Sequence[Sentence], behaviour: str, head: Head, kinds: bool
) -> tuple[npt.NDArray[np.bool_], Array, npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """Say of each question: was it right, with what weight, was it wrong when swapped, right when cut?"""
    rows, queries, right, wrong = _columns(questions_of(sentences, behaviour))
    ids = batch_of(sentences, model.vocabulary).ids  # (batch, seq)
    if kinds:
        for places in (right, wrong):
            names = [model.vocabulary.words[number] for number in ids[rows, places]]
            ids[rows, places] = [model.vocabulary.id(model.vocabulary.kind(name) or name) for name in names]
    jobs = np.full(len(rows), JOBS.index(BEHAVIOURS[behaviour]))
    layer, number = head

    def swap(which: int, weights: Array) -> Array:
        if which == layer:
            one, other = (rows, number, queries, right), (rows, number, queries, wrong)
            weights[one], weights[other] = weights[other], weights[one]
        return weights

    def cut(which: int, weights: Array) -> Array:
        if which == layer:
            weights[rows, number, queries, wrong] = 0
        return weights

    def answers(change: LayerIntervention | None = None) -> tuple[Ids, Array]:
        trace = model.trace_ids(ids, change)
        return model.logits(trace, (rows, jobs, queries)).argmax(axis=-1), trace.layers[layer]

    said, weights = answers()
    right_ids, wrong_ids = ids[rows, right], ids[rows, wrong]
    return (
        said == right_ids,
        weights[rows, number, queries, right],
        answers(swap)[0] == wrong_ids,
        answers(cut)[0] == right_ids,
    )


def _columns(questions: Sequence[Question]) -> tuple[Ids, Ids, Ids, Ids]:
    table = np.array([(q.sentence, q.query, q.right, q.wrong) for q in questions]).reshape(-1, 4)
    return table[:, 0], table[:, 1], table[:, 2], table[:, 3]
