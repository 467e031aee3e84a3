"""Training the translator, and measuring it on sentences that hold a pair of words it never met together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from attention.core import Intervention
from attention.initial import generator
from attention.layers import Gradients
from attention.models.french import ADJECTIVES
from attention.models.translator import END, Translator
from attention.models.vocabulary import START
from attention.optim import Adam
from attention.trace import Array
from attention.train.descent import DECAY, HIGHEST, descend
from attention.train.french import SentencePair, draw_sentence_pair
from attention.train.recipe import Measurement, Progress, Recipe

__all__ = [
    "SHOWN_TRANSLATIONS",
    "STEPS",
    "TRANSLATOR",
    "TranslatorMeasures",
    "as_ids",
    "held_out_pairs",
    "measure_translator",
    "train_translator",
    "without_edges",
]

Ids: TypeAlias = npt.NDArray[np.integer[Any]]

STEPS = 2000
_LEARNED, _BATCH = 40_000, 64
_MEASURED, _MEASURING_SEED = 1000, 4_000_000_000

SHOWN_TRANSLATIONS = {
    "the red car": "la voiture rouge",
    "hello world": "bonjour monde",
    "the big house": "la grande maison",
    "the black cat": "le chat noir",
}
"""What the lab shows, each with a pair that is never learned from."""


def train_translator(
    model: Translator, seed: int, steps: int | None = None, learned: int = _LEARNED
) -> Iterator[Progress]:
    """Train a translator in place, and tell the loss after each step.

    Args:
        model: what learns.
        seed: what the sentences depend on.
        steps: how often to learn; `STEPS` times unless given.
        learned: how many sentences to draw; each step learns from a few of them.
    """
    rng = generator(seed)
    english, french = as_ids(model, [draw_sentence_pair(rng) for _ in range(learned)])

    def gradients() -> tuple[float, Gradients]:
        chosen = rng.integers(0, learned, _BATCH)
        return model.gradients(_trimmed(english[chosen]), _trimmed(french[chosen]))

    adam = Adam(model.parameters(), HIGHEST, eps=1e-8, weight_decay=DECAY)
    return descend(adam, gradients, STEPS if steps is None else steps)


def held_out_pairs(n: int = _MEASURED, seed: int = _MEASURING_SEED) -> list[SentencePair]:
    """Draw sentences with a pair that is never learned from."""
    rng = generator(seed)
    return [draw_sentence_pair(rng, held_out=True) for _ in range(n)]


def as_ids(model: Translator, pairs: Sequence[SentencePair]) -> tuple[Ids, Ids]:
    """Return the sentences as ids (n, n_source) and (n, n_target), with their ends, padded with 0."""
    english = [model.source_ids(pair.english) for pair in pairs]
    french = [np.array(model.french.ids([START, *pair.french, END])) for pair in pairs]
    return _padded(english), _padded(french)


def _padded(rows: Sequence[Ids]) -> Ids:
    padded = np.zeros((len(rows), max(map(len, rows))), int)  # (n, longest)
    for row, ids in zip(padded, rows, strict=True):
        row[: len(ids)] = ids
    return padded


def _trimmed(ids: Ids) -> Ids:
    """Cut off the columns that are padding in every row."""
    return ids[:, : int((ids != 0).any(axis=0).sum())]


@dataclass(frozen=True, slots=True)
class TranslatorMeasures:
    """What was measured, as shares from 0 to 1."""

    exact: float  # sentences that are right to the last word
    shown: float  # of SHOWN_TRANSLATIONS
    word_head: int  # the head that finds the word that is said more often than the other does
    swapped_first: float  # swapped words at whose step the word head looks most at the right word
    swapped_weight: float  # how much weight it has there, on average
    flipped: float  # nouns in whose place the adjective is said when their weights are exchanged
    determiner: float  # "le", "une", "ma", ...: right
    gender_head: int  # the head that looks at the noun more
    noun_weight: float  # the weight of that head on the noun while its determiner is said
    noun_cut: float  # determiners that are right when no head may look at the noun
    noun_cut_in_head: float  # when only the gender head may not
    end_cut: float  # when no head may look at the end of the sentence: a control


def measure_translator(model: Translator, pairs: Sequence[SentencePair] | None = None) -> TranslatorMeasures:
    """Measure a translator on sentences that hold a pair that it never met."""
    pairs = held_out_pairs() if pairs is None else pairs
    english, french = as_ids(model, pairs)
    trace = model.trace(english, french[:, :-1])
    assert trace.decoder.cross_attention is not None
    weights = trace.decoder.cross_attention.attention.weights  # (n, n_heads, n_target, n_source)

    sentence, place, source, swapped, opening = _words(pairs)
    right = weights[sentence, :, place, source]  # (words, n_heads)
    first = weights[sentence, :, place].argmax(axis=-1) == source[:, None]  # (words, n_heads)
    word_head = int(first[~opening].mean(axis=0).argmax())

    at = np.array([(i, d, noun) for i, pair in enumerate(pairs) for d, noun in _singular(pair)]).T
    sentences, determiners, nouns = at
    ends = (english[sentences] != 0).sum(axis=1) - 1  # the place of "</s>"
    on_noun = weights[sentences, :, determiners, nouns].mean(axis=0)  # (n_heads,)
    gender_head, every = int(on_noun.argmax()), tuple(range(weights.shape[1]))

    def determiners_right(intervene: Intervention | None = None) -> float:
        logits = model.trace(english, french[:, :-1], intervene).logits
        said = logits[sentences, determiners].argmax(axis=-1)
        return float((said == french[sentences, determiners + 1]).mean())

    def cut(heads: Sequence[int], keys: Ids) -> Intervention:
        return lambda weights: without_edges(weights, sentences, heads, determiners, keys)

    said = model.translate_ids(english)
    return TranslatorMeasures(
        exact=float(np.mean([_same(row, goal) for row, goal in zip(said, french, strict=True)])),
        shown=float(np.mean([model.translate(e.split()).text == f for e, f in SHOWN_TRANSLATIONS.items()])),
        word_head=word_head,
        swapped_first=float(first[swapped, word_head].mean()),
        swapped_weight=float(right[swapped, word_head].mean()),
        flipped=_flipped(model, pairs, english, french),
        determiner=determiners_right(),
        gender_head=gender_head,
        noun_weight=float(on_noun[gender_head]),
        noun_cut=determiners_right(cut(every, nouns)),
        noun_cut_in_head=determiners_right(cut((gender_head,), nouns)),
        end_cut=determiners_right(cut(every, ends)),
    )


def without_edges(weights: Array, sentences: Ids, heads: Sequence[int], queries: Ids, keys: Ids) -> Array:
    """Set one weight of each of these rows to 0 in the given heads, and bring the row to a sum of 1 again."""
    for head in heads:
        rows = weights[sentences, head, queries]  # (n, n_source)
        rows[np.arange(len(rows)), keys] = 0
        weights[sentences, head, queries] = rows / rows.sum(axis=-1, keepdims=True)
    return weights


def _words(
    pairs: Sequence[SentencePair],
) -> tuple[Ids, Ids, Ids, npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """List of every French word: its sentence, its place, its source's, is it swapped, a determiner?"""
    rows = [
        (i, place, source, place in pair.swapped, place in dict(pair.nouns))
        for i, pair in enumerate(pairs)
        for place, source in enumerate(pair.sources)
    ]
    sentence, place, source, swapped, opening = np.array(rows).T
    return sentence, place, source, swapped.astype(bool), opening.astype(bool)


def _singular(pair: SentencePair) -> Iterator[tuple[int, int]]:
    """Yield the determiners that show a gender, each with its noun's place: all but those of several."""
    for determiner, noun in pair.nouns:
        if pair.french[determiner] not in ("les", "mes", "ces"):
            yield determiner, noun


def _flipped(model: Translator, pairs: Sequence[SentencePair], english: Ids, french: Ids) -> float:
    """Where a noun is said before its adjective, exchange their weights: is the adjective said instead?"""
    at = np.array(
        [
            (i, place, pair.sources[place], pair.sources[place + 1])
            for i, pair in enumerate(pairs)
            for place in range(len(pair.sources) - 1)
            if pair.sources[place] == pair.sources[place + 1] + 1
        ]
    ).T
    sentences, places, nouns, adjectives = at
    forms = {
        each.english: {model.french.id(each.form(f, s)) for f in (False, True) for s in (False, True)}
        for each in ADJECTIVES
    }

    def exchange(weights: Array) -> Array:
        for head in range(weights.shape[1]):
            one, other = (sentences, head, places, nouns), (sentences, head, places, adjectives)
            weights[one], weights[other] = weights[other].copy(), weights[one].copy()
        return weights

    said = model.trace(english, french[:, :-1], exchange).logits[sentences, places].argmax(axis=-1)
    return float(
        np.mean(
            [
                word in forms[pairs[i].english[a]]
                for word, i, a in zip(said, sentences, adjectives, strict=True)
            ]
        )
    )


def _same(said: Ids, goal: Ids) -> bool:
    """Compare up to the end of the sentence."""
    length = int((goal != 0).sum())
    return len(said) >= length and bool((said[:length] == goal[:length]).all())


def figures_of_translator(model: Translator) -> list[Measurement]:
    """Write down what was measured, with the thresholds that it has to keep."""
    m = measure_translator(model)
    return [
        Measurement("exact sentences", m.exact, _MEASURED, 0.97),
        Measurement("shown pairs right", m.shown, len(SHOWN_TRANSLATIONS), 1.0),
        Measurement("right word first where words change places", m.swapped_first, _MEASURED, 0.98),
        Measurement("weight on the right word there", m.swapped_weight, _MEASURED, 0.85),
        Measurement("adjective in the noun's place when weights are exchanged", m.flipped, _MEASURED, 0.9),
        Measurement("determiners of one right", m.determiner, _MEASURED, 0.98),
        Measurement("determiners, noun cut", m.noun_cut, _MEASURED, 0.7, at_most=True),
        Measurement("determiners, noun cut in the gender head alone", m.noun_cut_in_head, _MEASURED),
        Measurement("determiners, end of the sentence cut", m.end_cut, _MEASURED, 0.95),
        Measurement("weight of the gender head on the noun", m.noun_weight, _MEASURED),
        Measurement("word head", m.word_head, _MEASURED),
        Measurement("gender head", m.gender_head, _MEASURED),
    ]


TRANSLATOR: Recipe[Translator] = Recipe(
    name="translator",
    title="Translator",
    what="An encoder and a decoder that put short English sentences into French, and show where they look.",
    data="40,000 sentences drawn from the grammar in attention/train/french.py: 32 nouns, 16 adjectives, 7 "
    "verbs. Of the pairs of an adjective, or a greeting, and a noun, one in six is held out, and those that "
    "are shown.",
    limits=(
        "It knows 107 English words and the sentences of its grammar. It has not read English or French.",
        "While a determiner is said, one head (numbered from 0) looks at the noun, for its gender. Which "
        "one differs from seed to seed, and nobody told it to: training came to it, three times of three.",
        "Its heads gather the English words as the table holds them, by design. In an ordinary decoder they "
        "gather the encoder's rows, and arrows say less.",
    ),
    d_model=48,
    n_layers=2,
    n_heads=2,
    random=Translator.random,
    train=train_translator,
    measure=figures_of_translator,
)
