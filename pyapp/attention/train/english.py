"""Invented English sentences, with what belongs to what: they are drawn from a grammar, and recognised by it.

Held out by pairs of nouns: whether a sentence is for learning or for measuring depends on which two nouns are
in question, so that nothing measured can have been learned by heart.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from attention.models.vocabulary import Vocabulary, checked_words
from attention.train.patterns import PATTERNS, Pattern
from attention.train.phrases import Drawn, Link, Matched, MismatchError, Phrase

__all__ = ["BEHAVIOURS", "Recognition", "Sentence", "Split", "held_out", "recognise", "sample"]

Split = Literal["train", "test"]

BEHAVIOURS = {
    "pronoun": "pronoun",
    "attractor": "subject",
    "long range": "subject",
    "adjective": "adjective",
    "previous": "previous",
}
"""What is measured, and which job it belongs to."""

DEMO_PAIRS = (
    {"cat", "mat"},
    {"dog", "park"},
    {"book", "i"},
    {"key", "house"},
    {"animal", "street"},
    {"trophy", "suitcase"},
)
"""Pairs of the classic examples: never learned from."""

_HELD_OUT_ONE_IN = 6
_KNOWN = frozenset(Vocabulary().words[2:])


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence, and for each job which word is the right one at which word.

    Positions are counted from "<s>", which stands before the words and has position 0.
    """

    words: tuple[str, ...]  # without "<s>"
    links: dict[str, dict[int, Link]]  # by job, by query: the right word, and the one in its way, if any
    pattern: str
    pair: tuple[str, str] | None  # the two nouns in question
    behaviours: dict[str, tuple[int, ...]]  # which of `BEHAVIOURS` can be measured here, at which queries

    @property
    def text(self) -> str:
        """The words, with spaces between them."""
        return " ".join(self.words)


@dataclass(frozen=True, slots=True)
class Recognition:
    """What the grammar says of a sentence that somebody typed."""

    inside: bool  # the grammar makes such sentences, and they have one reading
    unknown: tuple[int, ...]  # which of the words are in no vocabulary, counted from 0
    why: str  # in words
    sentence: Sentence | None  # with its links, where it is inside


def held_out(first: str, second: str) -> bool:
    """Say whether sentences about these two nouns are for measuring only.

    >>> held_out("mat", "cat"), held_out("cat", "sofa") == held_out("sofa", "cat")
    (True, True)
    """
    if {first, second} in DEMO_PAIRS:
        return True
    digest = hashlib.sha256("|".join(sorted((first, second))).encode()).digest()
    return digest[0] % _HELD_OUT_ONE_IN == 0


def sample(rng: random.Random, split: Split) -> Sentence:
    """Draw a sentence to learn from ("train") or to measure with ("test").

    >>> sentence = sample(random.Random(0), "test")
    >>> held_out(*sentence.pair)
    True
    """
    patterns, shares = _shares()
    while True:
        pattern = rng.choices(patterns, cum_weights=shares)[0]
        phrase = Drawn(rng)
        pattern(phrase)
        if phrase.pair is None:
            if split == "train":
                return _sentence(phrase, pattern)
        elif held_out(*phrase.pair) == (split == "test"):
            return _sentence(phrase, pattern)


def recognise(words: Sequence[str]) -> Recognition:
    """Say whether the grammar makes such a sentence, and what belongs to what in it.

        it is read by every pattern, in every way (as any grammar can be: Earley 1970, section 1)

    Args:
        words: without "<s>"; a kind, such as "<animal>", may stand for a word.

    Returns:
        Recognition; where the sentence is inside the grammar, with the right word for each job and query.

    Raises:
        TextError: `words must be a list of words, got the text 'the cat': split it`

    >>> recognise("the cat sat on the mat because it was tired".split()).inside
    True
    >>> recognise("the zebra sat on the mat".split()).unknown
    (1,)
    """
    words = checked_words(words)
    unknown = tuple(number for number, word in enumerate(words) if word not in _KNOWN)
    if unknown:
        named = ", ".join(repr(words[number]) for number in unknown)
        return Recognition(False, unknown, f"unknown to the model: {named}", None)
    found, furthest = [], 1
    for pattern in PATTERNS:
        for reading in _readings(pattern, words):
            if isinstance(reading, Sentence):
                found.append(reading)
            else:
                furthest = max(furthest, reading.place)
    if not found:
        why = (
            f"it fits no pattern from {words[furthest - 1]!r} on"
            if furthest <= len(words)
            else "it breaks off"
        )
        return Recognition(False, (), why if words else "there are no words", None)
    if any(other.links != found[0].links for other in found[1:]):
        return Recognition(False, (), "it can be read in more than one way", None)
    return Recognition(True, (), f"a sentence like: {_example(found[0].pattern)}", found[0])


def _readings(pattern: Pattern, words: Sequence[str]) -> Iterator[Sentence | MismatchError]:
    """Read a sentence by one pattern in every way, or say how far that goes."""
    choices: list[int] | None = []
    while choices is not None:
        phrase = Matched(words, choices)
        try:
            pattern(phrase)
            phrase.require(phrase.finished)
            yield _sentence(phrase, pattern)
        except MismatchError as mismatch:
            yield mismatch
        choices = _next(choices, phrase.options)


def _next(choices: Sequence[int], options: Sequence[int]) -> list[int] | None:
    """Return the choices that come next in order, as with the digits of a number; None after the last."""
    taken = [*choices, *([0] * (len(options) - len(choices)))][: len(options)]
    while taken:
        if taken[-1] + 1 < options[len(taken) - 1]:
            return [*taken[:-1], taken[-1] + 1]
        taken.pop()
    return None


def _sentence(phrase: Phrase, pattern: Pattern) -> Sentence:
    words = phrase.words
    links: dict[str, dict[int, Link]] = dict(phrase.links)
    last = len(words) - 1
    links["previous"] = {i: (i - 1, i + 1 if i < last else None) for i in range(1, len(words))}
    behaviours: dict[str, tuple[int, ...]] = {name: (query,) for name, query in phrase.behaviours.items()}
    behaviours["previous"] = tuple(range(2, last))
    return Sentence(tuple(words[1:]), links, pattern.__name__, phrase.pair, behaviours)


def _shares() -> tuple[list[Pattern], list[float]]:
    total, shares = 0.0, []
    for share in PATTERNS.values():
        total += share
        shares.append(total)
    return list(PATTERNS), shares


def _example(name: str) -> str:
    pattern: Callable[..., None] = next(each for each in PATTERNS if each.__name__ == name)
    return (pattern.__doc__ or "").split(":")[0]
