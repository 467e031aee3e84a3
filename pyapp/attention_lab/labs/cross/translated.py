"""The translator at work: a sentence, the head that is shown, and one line that is put to the test."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, lru_cache

import numpy as np

from attention import Array, TextError, TranslationTrace, Translator, load_card, load_model, softmax
from attention_lab.kit.texts import _, lazy

MAX_WORDS = 15
END = "</s>"

HEADS = ("word", "gender")
"""What the card calls the two heads, after what was measured of them."""

CALLED: Mapping[str, str] = {"word": lazy("word"), "gender": lazy("gender")}

Test = tuple[str, int, int, int, tuple[int, ...]]
"""What is done ("cut" or "swap"), at which French word, to which English one, with which other, where."""


@cache
def translator() -> Translator:
    """Return the shipped translator."""
    return load_model("translator")


@cache
def head_of(name: str) -> int:
    """Return the number of the head that the card means."""
    return int(load_card("translator").figure(f"{name} head").value)


@cache
def known() -> tuple[str, ...]:
    """Return the English words that it knows."""
    return tuple(word for word in translator().english.words if not word.startswith("<"))


def cut(row: Array, at: int) -> None:
    """Take a weight away; the others share it, in the proportions that they have."""
    row[at] = 0
    row /= row.sum()


def swapped(row: Array, at: int, other: int) -> None:
    """Exchange two weights."""
    row[[at, other]] = row[[other, at]]


@lru_cache(maxsize=64)
def translation(words: tuple[str, ...], test: Test | None = None) -> TranslationTrace:
    """Translate a sentence; with a test, one row of weights is changed while its word is written."""
    if test is None:
        return translator().translate(words)
    kind, french, english, other, heads = test

    def change(number: int, weights: Array) -> Array:
        for head in heads if number == french else ():
            if kind == "cut":
                cut(weights[head], english)
            else:
                swapped(weights[head], english, other)
        return weights

    return translator().translate(words, change)


def likely(trace: TranslationTrace, place: int) -> dict[str, float]:
    """Return how likely each French word is at a place, best first: the last pass has a row for each."""
    row = softmax(trace.trace.logits[place])  # (n_french,)
    return {translator().french.words[i]: float(row[i]) for i in np.argsort(-row, kind="stable")}


def refusal(words: tuple[str, ...]) -> str | None:
    """Say why a sentence cannot be translated; None where it can."""
    try:
        translation(words)
    except TextError:
        unknown = [word for word in words if word.lower() not in known()]
        return _("It does not know “{unknown}”. Use words of the list.", unknown=unknown[0])
    return None


def shown(word: str) -> str:
    """Name a word on the screen."""
    return "‹end›" if word == END else word


def nearest(trace: TranslationTrace, head: int, french: int) -> int:
    """Return the English word that a French word looks at most."""
    return int(np.argmax(trace.cross[head, french]))


def rival(trace: TranslationTrace, french: int, english: int) -> int:
    """Return the word to exchange with: the one that the next French word looks at, or the one before."""
    word = head_of("word")
    order = [french + 1, french - 1]
    near = [nearest(trace, word, place) for place in order if 0 <= place < trace.cross.shape[1]]
    return next((each for each in [*near, *range(len(trace.source))] if each != english), english)
