"""What the heads of a trained model look at, measured against chance, and what is lost without one.

share = mean over the words that have such a place of the weight that the head gives to it
chance = the same of a head that looks everywhere alike;  lift = share / chance
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from attention import Array, Reader, load_model, recognise
from attention_lab.kit.texts import lazy
from attention_lab.optional import minilm

Spot: TypeAlias = tuple[int, int]
Places: TypeAlias = npt.NDArray[np.bool_]

MODELS: Mapping[str, str] = {
    "reader": lazy("Reader"),
    "writer": lazy("Writer"),
    "untrained": lazy("Untrained"),
    "minilm": lazy("MiniLM"),
}

JOBS: Mapping[str, str] = {
    "previous": lazy("word before"),
    "next": lazy("word after"),
    "same": lazy("same word"),
    "first": lazy("first token"),
    "punctuation": lazy("full stop or comma"),
    "again": lazy("word after the same word"),
    "pronoun": lazy("what a pronoun stands for"),
    "subject": lazy("subject of a verb"),
    "adjective": lazy("noun of an adjective"),
}
"""What a head is tested for."""

HALF, TWICE = 0.5, 2.0
"""The share and the lift that a job takes."""

SENTENCES = (
    "the cat sat on the mat because it was tired .",
    "the cat sat on the mat because it was soft .",
    "the dogs in the park are playing .",
    "the book that i bought yesterday was interesting .",
    "the dog chased the cats because they were angry .",
    "the queen thanked the boy because he was happy .",
    "the trophy did not fit in the suitcase because it was too big .",
    "my sister read the letter because it was funny .",
    "the animal did not cross the street because it was too tired .",
    "the red car near the houses is new .",
)
"""What the reader and MiniLM read: the experiments' sentences, and others of the reader's grammar."""

TEXTS = (
    "anna smith saw the dog . tom potter met the cat . anna smith",
    "red lamp fox tom sofa red lamp fox tom sofa red lamp fox tom sofa",
    "key lily fox mat key lily sofa red fox mat sofa red",
    "zorp king bread blick moon zorp king bread blick moon zorp king bread",
    "lily hill met the king . ben stone saw the dog . ben stone",
    "the cat sat on the mat because it was tired . the cat sat",
)
"""What the writer reads: texts in which something comes again."""


def texts_of(model: str) -> tuple[str, ...]:
    """Return the texts that a model reads."""
    return TEXTS if model == "writer" else SENTENCES


@dataclass(frozen=True, eq=False)
class Run:
    """A model that has read one text."""

    tokens: tuple[str, ...]
    layers: tuple[Array, ...]  # each (n_heads, n, n)
    trace: Any


@cache
def _model(name: str) -> Any:
    if name == "untrained":
        return Reader.random(0)
    return load_model(name)


def _read(name: str, text: str, off: Spot | None) -> Run:
    def silence(layer: int, weights: Array) -> Array:
        if off is not None and layer == off[0]:
            weights[off[1]] = 0
        return weights

    if name == "minilm":
        model = minilm()
        assert model is not None  # the lab asks for it only where it has arrived
        trace: Any = model.trace(text, silence)
    else:
        trace = _model(name).trace(text.split(), silence)
    return Run(trace.tokens, trace.layers, trace)


@lru_cache(maxsize=64)
def run(name: str, text: str, off: Spot | None = None) -> Run:
    """Let a model read a text, with one head switched off if asked; kept."""
    return _read(name, text, off)


def allowed(name: str, layer: int, n: int) -> Places:
    """Say which word may look at which, (n, n)."""
    if name == "writer":
        return np.tri(n, dtype=bool)
    places = np.ones((n, n), dtype=bool)
    if name in ("reader", "untrained") and layer == 1:  # a read head does not answer with the word itself
        places[range(1, n), range(1, n)] = False
    return places


def places_of(job: str, tokens: Sequence[str]) -> Places:
    """Say where a head with this job looks, (n, n); a row without a place has nothing to look for."""
    n, words = len(tokens), np.array(tokens)
    query, key = np.indices((n, n))
    simple: dict[str, Places] = {
        "previous": key == query - 1,
        "next": key == query + 1,
        "same": words[:, None] == words[None, :],
        "first": (key == 0) & (query > 0),
        "punctuation": np.isin(words, (".", ","))[None, :] & (query > 0),
        "again": _after_the_same(tokens),
    }
    return simple[job] if job in simple else _linked(job, tokens)


def _after_the_same(tokens: Sequence[str]) -> Places:
    places = np.zeros((len(tokens), len(tokens)), dtype=bool)
    for i, word in enumerate(tokens):
        for j in range(i):
            if tokens[j] == word:
                places[i, j + 1] = True
    return places


def _linked(job: str, tokens: Sequence[str]) -> Places:
    places = np.zeros((len(tokens), len(tokens)), dtype=bool)
    for query, (key, _) in links_of(tokens).get(job, {}).items():
        places[query, key] = True
    return places


def links_of(tokens: Sequence[str]) -> Mapping[str, Mapping[int, tuple[int, int | None]]]:
    """Return what the grammar says of a text: job -> word -> (the word it belongs to, another)."""
    end = len(tokens) - 1 if tokens[-1] == "[SEP]" else len(tokens)
    found = recognise(tuple(tokens[1:end])).sentence
    return {} if found is None else found.links


@dataclass(frozen=True)
class Measure:
    """How much a head looks where a job looks."""

    share: float
    chance: float
    words: int  # how many were asked

    @property
    def lift(self) -> float:
        """How many times chance."""
        return self.share / self.chance

    def fits(self, least: float = HALF) -> bool:
        """Whether it is enough to be called its job: a share of `least`, and twice chance."""
        return self.share >= least and self.lift >= TWICE


def shares(weights: Array, places: Places, may: Places) -> tuple[Array, Array]:
    """Return for each word that has a place the weight of each head on it (n_heads, words), and chance."""
    places = places & may
    asked = places.any(axis=1) & (may.sum(axis=1) > 1)
    share = (weights * places).sum(axis=-1)[:, asked]
    chance = (places.sum(axis=1) / may.sum(axis=1))[asked]
    return share, chance


@lru_cache(maxsize=32)
def census(name: str, count: int) -> Mapping[Spot, Mapping[str, Measure]]:
    """Measure every head of a model for every job, on its first `count` texts."""
    runs = [run(name, text) for text in texts_of(name)[:count]]
    found: dict[Spot, dict[str, Measure]] = {}
    for layer in range(len(runs[0].layers)):
        for job in JOBS:
            parts = [_shares_in(each, name, layer, job) for each in runs]
            share = np.concatenate([part[0] for part in parts], axis=1)  # (n_heads, words)
            chance = np.concatenate([part[1] for part in parts])
            if chance.size:
                for head, mean in enumerate(share.mean(axis=1).tolist()):
                    measure = Measure(mean, float(chance.mean()), chance.size)
                    found.setdefault((layer, head), {})[job] = measure
    return found


def _shares_in(each: Run, name: str, layer: int, job: str) -> tuple[Array, Array]:
    n = len(each.tokens)
    return shares(each.layers[layer], places_of(job, each.tokens), allowed(name, layer, n))


def best(measures: Mapping[str, Measure]) -> str:
    """Return the job that a head comes nearest to: the largest share among those above twice chance."""
    above = [job for job, measure in measures.items() if measure.lift >= TWICE]
    return max(above or measures, key=lambda job: measures[job].share)


def job_of(measures: Mapping[str, Measure], least: float = HALF) -> str | None:
    """Return the job of a head; None for one that fits none."""
    nearest = best(measures)
    return nearest if measures[nearest].fits(least) else None


# What is lost without a head


@lru_cache(maxsize=64)
def right_answers(name: str, count: int, off: Spot | None) -> Mapping[str, tuple[int, int]]:
    """Return for each kind of question how many a model answers right, and how many there are."""
    ask: Callable[[Run], list[tuple[str, bool]]] = _next_words if name == "writer" else _asked_words
    told = [answer for text in texts_of(name)[:count] for answer in ask(run(name, text, off))]
    kinds = dict.fromkeys(kind for kind, _ in told)
    return {
        kind: (sum(right for k, right in told if k == kind), sum(k == kind for k, _ in told))
        for kind in kinds
    }


def _asked_words(each: Run) -> list[tuple[str, bool]]:
    """Ask at every pronoun, verb and adjective, and for the word before each pronoun and verb."""
    links, told = links_of(each.tokens), []
    for job in ("pronoun", "subject", "adjective"):
        for query, (key, _) in links.get(job, {}).items():
            told.append((job, each.trace.answer(job, query).word == each.tokens[key]))
            if job != "adjective":
                told.append(("previous", each.trace.answer("previous", query).word == each.tokens[query - 1]))
    return told


def _next_words(each: Run) -> list[tuple[str, bool]]:
    """Ask for the next word wherever the same two words stood together before."""
    words, told = each.tokens, []
    for i in range(2, len(words) - 1):
        if any(words[j : j + 2] == words[i : i + 2] for j in range(1, i)):
            told.append(("again", each.trace.answer(i).word == words[i + 1]))
    return told


def total(answers: Mapping[str, tuple[int, int]]) -> tuple[int, int]:
    """Add up how many answers are right, and how many questions there were."""
    return sum(right for right, _ in answers.values()), sum(asked for _, asked in answers.values())


def alike(count: int, off: Spot) -> float:
    """Return the mean cosine of MiniLM's sentence vectors, with and without a head."""
    pairs = [(run("minilm", text), run("minilm", text, off)) for text in SENTENCES[:count]]
    return float(np.mean([a.trace.sentence_vector @ b.trace.sentence_vector for a, b in pairs]))
