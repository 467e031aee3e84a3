"""Training the writer, and measuring on new texts whether it looks up what it said before, and how."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from attention.initial import generator
from attention.layers import Gradients
from attention.model import LayerIntervention, ModelTrace
from attention.models.vocabulary import START, Vocabulary
from attention.models.words import PRESENT, PRESENT_OF_OBJECTS, TO_BE
from attention.models.writer import NEW_WORDS, Writer
from attention.optim import Adam
from attention.trace import Array
from attention.train.descent import DECAY, HIGHEST, descend
from attention.train.english import sample
from attention.train.recipe import Measurement, Progress, Recipe
from attention.train.writing import draw_facts, draw_repeated, draw_text

__all__ = [
    "STEPS",
    "WRITER",
    "Induction",
    "WriterMeasures",
    "measure_writer",
    "repeated_texts",
    "train_writer",
    "without_offset",
]

Ids: TypeAlias = npt.NDArray[np.integer[Any]]

STEPS = 3000
_LEARNED, _BATCH = 40_000, 48
_MEASURED, _MEASURING_SEED = 500, 4_000_000_000


def train_writer(
    model: Writer, seed: int, steps: int | None = None, learned: int = _LEARNED
) -> Iterator[Progress]:
    """Train a writer in place, and tell the loss after each step.

    Args:
        model: what learns.
        seed: what the texts depend on.
        steps: how often to learn; `STEPS` times unless given.
        learned: how many texts to draw; each step learns from a few of them.
    """
    rng, drawn = generator(seed), random.Random(seed)
    texts = [draw_text(drawn, model.max_len) for _ in range(learned)]
    ids = as_ids(model.vocabulary, [text.words for text in texts])
    counts = np.zeros(ids.shape, np.float32)  # (learned, seq)
    for row, text in zip(counts, texts, strict=True):
        row[: len(text.counts)] = text.counts

    def gradients() -> tuple[float, Gradients]:
        chosen = rng.integers(0, learned, _BATCH)
        longest = int((ids[chosen] != 0).any(axis=0).sum())
        return model.gradients(ids[chosen, :longest], counts[chosen, :longest])

    adam = Adam(model.parameters(), HIGHEST, eps=1e-8, weight_decay=DECAY)
    return descend(adam, gradients, STEPS if steps is None else steps)


def as_ids(vocabulary: Vocabulary, texts: Sequence[Sequence[str]]) -> Ids:
    """Return texts as ids (n, longest), padded with 0."""
    ids = np.zeros((len(texts), max(map(len, texts))), int)  # (n, longest)
    for row, words in zip(ids, texts, strict=True):
        row[: len(words)] = vocabulary.ids(words)
    return ids


@dataclass(frozen=True, slots=True, eq=False)
class Induction:
    """Texts of words that come again, and where in them the next word can be known."""

    ids: Ids  # (n, seq)
    text: Ids  # (questions,)   which text
    query: Ids  # (questions,)   place of a word that comes for the second time
    source: Ids  # (questions,)   place of what came after it the first time

    def accuracy(self, writer: Writer, intervene: LayerIntervention | None = None) -> float:
        """Say how often the likeliest next word is the one that came the first time."""
        said = writer.model.trace(self.ids, intervene).logits[self.text, self.query].argmax(axis=-1)
        return float((said == self.ids[self.text, self.source]).mean())


def repeated_texts(
    writer: Writer, n: int = _MEASURED, seed: int = _MEASURING_SEED, among: Sequence[str] | None = None
) -> Induction:
    """Draw new texts of words that come again in the same order, without a word twice in one round."""
    rng = random.Random(seed)
    drawn = [draw_repeated(rng, writer.max_len, distinct=True, among=among) for _ in range(n)]
    at = [
        (i, query, query - period + 1)
        for i, (words, period) in enumerate(drawn)
        for query in range(period + 1, min(2 * period, len(words) - 1))
    ]
    return Induction(as_ids(writer.vocabulary, [words for words, _ in drawn]), *np.array(at).T)


@dataclass(frozen=True, slots=True)
class WriterMeasures:
    """What was measured, as shares from 0 to 1."""

    induction: float  # next words that are right in new repeated texts
    new_words: float  # the same where all words are "<new0>", "<new1>", ...
    facts: float  # surnames that are right, of names that were never met together
    agreement: float  # verbs in the right number, against the same verb in the other one
    previous_cut: float  # induction when no head of layer 1 may look at the word before
    second_cut: float  # when none may look at the word two places before: a control
    previous_weight: tuple[float, ...]  # of each head of layer 1, on the word before
    induction_weight: tuple[float, ...]  # of each head of layer 2, on what came after the first time
    without_first: tuple[float, ...]  # induction with each head of layer 1 switched off
    without_second: tuple[float, ...]  # with each head of layer 2 switched off
    without_seconds: float  # with all heads of layer 2 switched off
    questions: int


def measure_writer(writer: Writer, n: int = _MEASURED, seed: int = _MEASURING_SEED) -> WriterMeasures:
    """Measure a writer on `n` texts of each kind that it never met."""
    texts = repeated_texts(writer, n, seed)
    trace = writer.model.trace(texts.ids)
    previous = _weights_at(trace, 0, texts.text, texts.query, texts.query - 1)
    induction = _weights_at(trace, 1, texts.text, texts.query, texts.source)
    heads = tuple(range(writer.n_heads))
    return WriterMeasures(
        induction=texts.accuracy(writer),
        new_words=repeated_texts(writer, n, seed, among=NEW_WORDS).accuracy(writer),
        facts=_facts(writer, n),
        agreement=_agreement(writer, n),
        previous_cut=texts.accuracy(writer, partial(without_offset, 1)),
        second_cut=texts.accuracy(writer, partial(without_offset, 2)),
        previous_weight=tuple(map(float, previous.mean(axis=0))),
        induction_weight=tuple(map(float, induction.mean(axis=0))),
        without_first=tuple(texts.accuracy(writer, partial(_switched_off, 0, (head,))) for head in heads),
        without_second=tuple(texts.accuracy(writer, partial(_switched_off, 1, (head,))) for head in heads),
        without_seconds=texts.accuracy(writer, partial(_switched_off, 1, heads)),
        questions=len(texts.query),
    )


def without_offset(offset: int, layer: int, weights: Array) -> Array:
    """Set the weights of layer 1 on the word `offset` places before to 0; each row sums to 1 again."""
    if layer == 0:
        rows = np.arange(offset, weights.shape[-1])
        weights[..., rows, rows - offset] = 0
        left = weights.sum(axis=-1, keepdims=True)
        weights /= np.where(left > 0, left, 1)
    return weights


def _switched_off(off: int, heads: Sequence[int], layer: int, weights: Array) -> Array:
    """Take all weights of some heads of one layer: they bring nothing."""
    if layer == off:
        weights[..., list(heads), :, :] = 0
    return weights


def _weights_at(trace: ModelTrace, layer: int, text: Ids, query: Ids, key: Ids) -> Array:
    """(questions, n_heads)."""
    weights: Array = trace.blocks[layer].attention.attention.weights[text, :, query, key]
    return weights


def _facts(writer: Writer, n: int) -> float:
    """Ask for surnames of people whose names were never met together."""
    rng = random.Random(_MEASURING_SEED)
    drawn = [draw_facts(rng, held_out=True) for _ in range(n)]
    ids = as_ids(writer.vocabulary, [facts.words for facts in drawn])
    query, introduced = (np.array([getattr(f, name) for f in drawn]) for name in ("query", "introduced"))
    said = writer.model(ids)[np.arange(n), query].argmax(axis=-1)
    return float((said == ids[np.arange(n), introduced]).mean())


def _agreement(writer: Writer, n: int) -> float:
    """Compare a verb with its other number, in held-out sentences with a noun of that number in between."""
    pairs = (*PRESENT, *PRESENT_OF_OBJECTS, *TO_BE)
    other = dict(pairs) | {several: one for one, several in pairs}
    rng = random.Random(_MEASURING_SEED)
    asked: list[tuple[int, int, int]] = []  # place before the verb, the verb, its other number
    texts: list[tuple[str, ...]] = []
    while len(texts) < n:
        sentence = sample(rng, "test")
        words = (START, *sentence.words)
        known = all(word in writer.vocabulary for word in words)
        for verb in sentence.behaviours.get("attractor", ()):
            if known and words[verb] in other:
                right, wrong = writer.vocabulary.ids([words[verb], other[words[verb]]])
                texts.append(words)
                asked.append((verb - 1, right, wrong))
    before, verbs, others = np.array(asked).T
    rows, logits = np.arange(len(texts)), writer.model(as_ids(writer.vocabulary, texts))
    return float((logits[rows, before, verbs] > logits[rows, before, others]).mean())


def figures_of_writer(writer: Writer) -> list[Measurement]:
    """Write down what was measured, with the thresholds that it has to keep."""
    m = measure_writer(writer)
    figures = [
        Measurement("induction", m.induction, m.questions, 0.98),
        Measurement("induction, new words alone", m.new_words, _MEASURED, 0.98),
        Measurement("induction, word before cut in layer 1", m.previous_cut, m.questions, 0.05, at_most=True),
        Measurement("induction, second word before cut in layer 1", m.second_cut, m.questions),
        Measurement("surnames of made-up people", m.facts, _MEASURED, 0.98),
        Measurement("verb agrees over another noun", m.agreement, _MEASURED),
        Measurement("induction, no head of layer 2", m.without_seconds, m.questions, 0.05, at_most=True),
    ]
    for head in range(writer.n_heads):
        figures += [
            Measurement(f"head 1.{head} weight on the word before", m.previous_weight[head], m.questions),
            Measurement(f"induction, without head 1.{head}", m.without_first[head], m.questions),
            Measurement(f"head 2.{head} weight on what came next", m.induction_weight[head], m.questions),
            Measurement(f"induction, without head 2.{head}", m.without_second[head], m.questions),
        ]
    return figures


WRITER: Recipe[Writer] = Recipe(
    name="writer",
    title="Writer",
    what="A causal model of two layers that goes on with a text, and looks up what the text said before.",
    data="40,000 texts of at most 31 words: sentences of the grammar in attention/train/patterns.py, and "
    "three kinds of text in which something drawn afresh comes again (attention/train/writing.py). One first "
    "name and surname in six are never met together.",
    limits=(
        "It has not read English. It knows the patterns of its grammar, and what it writes means nothing.",
        "Where another noun stands between a verb and its subject, it gets the verb's number no better than "
        "by guessing: the reader is the one to ask about that.",
        "Heads are written as layer.head, layers counted from 1 and heads from 0. Which of them do the work "
        "differs from seed to seed, and two may do the same: one of them switched off then costs little.",
        "Eight words of a text may be new to it, and a text has at most 31 words. A person's surname may be "
        "new; a first name that it does not know is not looked up in a sentence about people.",
    ),
    d_model=64,
    n_layers=2,
    n_heads=2,
    random=Writer.random,
    train=train_writer,
    measure=figures_of_writer,
)
