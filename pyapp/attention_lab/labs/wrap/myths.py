"""Three myths, each tested on the small trained models."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import numpy as np

from attention import JOBS, Array, Ordinary, Reader, load_model

STEM = ["the", "cat", "sat", "on", "the", "mat", "because", "it", "was"]
QUERY = STEM.index("it") + 1  # counted from "<s>"
JOB = "pronoun"
_READ_LAYER = 1


class Said(NamedTuple):
    """What a model answers, and how likely it finds that."""

    word: str
    probability: float


class Heaviest(NamedTuple):
    """The heaviest arrow from the query: in which layer and head it is, to which word, and its weight."""

    layer: int
    head: int
    key: int
    word: str
    weight: float


def sentence(last: str) -> tuple[str, ...]:
    """Return the sentence that ends so."""
    return (*STEM, last, ".")


@cache
def models() -> tuple[Reader, Ordinary]:
    """Return the reader and the ordinary encoder."""
    return load_model("reader"), load_model("ordinary")


@cache
def said(name: str, last: str) -> Said:
    """Ask a whole model whom “it” means."""
    reader, ordinary = models()
    answer = (reader if name == "reader" else ordinary).trace(sentence(last)).answer(JOB, QUERY)
    return Said(answer.word, answer.probability)


@cache
def heaviest(last: str) -> Heaviest:
    """Find the heaviest arrow from “it” in the ordinary encoder."""
    trace = models()[1].trace(sentence(last))
    rows = np.stack([layer[:, QUERY] for layer in trace.layers])  # (layers, heads, keys)
    layer, head, key = map(int, np.unravel_index(int(rows.argmax()), rows.shape))
    return Heaviest(layer, head, key, trace.tokens[key], float(rows[layer, head, key]))


@cache
def without_heaviest(last: str) -> Said:
    """Ask the ordinary encoder again, with its heaviest arrow cut."""
    found = heaviest(last)

    def cut(layer: int, weights: Array) -> Array:
        if layer == found.layer:
            weights[found.head, QUERY, found.key] = 0.0
        return weights

    answer = models()[1].trace(sentence(last), cut).answer(JOB, QUERY)
    return Said(answer.word, answer.probability)


@cache
def all_on(word: str, last: str) -> Said:
    """Ask the reader again, with all of its weight given to one word."""

    def give(layer: int, weights: Array) -> Array:
        if layer == _READ_LAYER:
            weights[JOBS.index(JOB), QUERY] = 0.0
            weights[JOBS.index(JOB), QUERY, sentence(last).index(word) + 1] = 1.0
        return weights

    answer = models()[0].trace(sentence(last), give).answer(JOB, QUERY)
    return Said(answer.word, answer.probability)
