"""English and French, side by side: sentences that a grammar makes, and which word says which.

    the red car  ->  la voiture rouge

Two things make it more than a dictionary. Most French adjectives come after their noun, so the words change
places. And what stands before a noun has its gender: "the" is "la" before "voiture" and "le" before "chat",
which English does not say.

Adjectives and nouns are held out in pairs: "red" and "car" are each learned in many sentences, and never
together.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from attention.initial import Seed, generator
from attention.models.french import (
    ADJECTIVES,
    DETERMINERS,
    ELIDED,
    GREETINGS,
    NOUNS,
    PRONOUNS,
    VERBS,
    Adjective,
    Noun,
)

if TYPE_CHECKING:
    from numpy.random import Generator

__all__ = ["SHOWN", "SentencePair", "draw_sentence_pair", "is_held_out"]

_T = TypeVar("_T")


SHOWN: frozenset[tuple[str, str]] = frozenset(
    {("red", "car"), ("hello", "world"), ("big", "house"), ("black", "cat")}
)
"""Pairs that the lab shows, and that are held out for that."""

_VOWELS = tuple("aeiouéèê")
_HELD_OUT_EVERY = 6


@dataclass(frozen=True, slots=True)
class SentencePair:
    """A sentence in both languages, and how they hang together.

    >>> pair = draw_sentence_pair(7)
    >>> len(pair.sources) == len(pair.french)
    True
    """

    english: tuple[str, ...]
    french: tuple[str, ...]
    sources: tuple[int, ...]  # of each French word, the place of the English word that it says
    nouns: tuple[tuple[int, int], ...]  # place of a French determiner, place of the English noun it opens
    used: tuple[tuple[str, str], ...]  # (adjective or greeting, noun in the singular)

    @property
    def swapped(self) -> tuple[int, ...]:
        """Places of the French words that stand in another order than their English ones."""
        after = [i for i in range(1, len(self.sources)) if self.sources[i] < self.sources[i - 1]]
        return tuple(sorted({*after, *(i - 1 for i in after)}))


def is_held_out(word: str, noun: str) -> bool:
    """Say whether an adjective, or a greeting, never meets this noun while learning.

    >>> is_held_out("red", "car"), is_held_out("hello", "world")
    (True, True)
    """
    return (word, noun) in SHOWN or zlib.crc32(f"{word} {noun}".encode()) % _HELD_OUT_EVERY == 0


def draw_sentence_pair(seed: Seed, held_out: bool = False) -> SentencePair:
    """Draw a sentence with its translation: a greeting, a noun phrase, or a whole clause.

    Args:
        seed: what the drawing depends on.
        held_out: False draws sentences to learn from, without any pair that is held out; True draws
            sentences with at least one such pair.
    """
    rng = generator(seed)
    while True:
        draft = _Draft(rng, held_out)
        kind = rng.random()
        if kind < 0.12:
            draft.greeting()
        elif kind < 0.45:
            draft.noun_phrase()
        else:
            draft.clause()
        pair = draft.finished()
        if any(is_held_out(*used) for used in pair.used) == held_out:
            return pair


class _Draft:
    """A sentence under construction."""

    def __init__(self, rng: Generator, held_out: bool) -> None:
        self.rng, self.held_out = rng, held_out
        self.english: list[str] = []
        self.french: list[str] = []
        self.sources: list[int] = []
        self.nouns: list[tuple[int, int]] = []
        self.used: list[tuple[str, str]] = []

    def finished(self) -> SentencePair:
        return SentencePair(
            tuple(self.english),
            tuple(self.french),
            tuple(self.sources),
            tuple(self.nouns),
            tuple(self.used),
        )

    def greeting(self) -> None:
        word, french = self.pick(tuple(GREETINGS.items()))
        self.say(word, *french)
        if self.chance(0.6):
            noun = self.pick(NOUNS)
            self.used.append((word, noun.one))
            self.say(noun.one, noun.french_one)

    def noun_phrase(self) -> bool:
        """Add a noun phrase, and return whether it is about several."""
        several = self.chance(0.3)
        determiner = self.pick((DETERMINERS[0], DETERMINERS[0], *DETERMINERS))
        if several and determiner.several is None:
            determiner = DETERMINERS[0]
        noun, adjectives = self.noun_and_adjectives()
        self.used += [(adjective.english, noun.one) for adjective in adjectives]

        # English: the adjectives before the noun
        start = len(self.english)
        words = [*(adjective.english for adjective in adjectives), noun.several if several else noun.one]
        opening = (determiner.several if several else determiner.one) or ""
        self.english += ["an" if opening == "a" and words[0][0] in "aeiou" else opening, *words]
        place = len(self.english) - 1

        # French: some adjectives after it, and all of them agree
        spoken = [
            (adjective.form(noun.feminine, several), start + 1 + i, adjective.after)
            for i, adjective in enumerate(adjectives)
        ]
        order = [(word, at) for word, at, after in spoken if not after]
        order.append((noun.french_several if several else noun.french_one, place))
        order += [(word, at) for word, at, after in spoken if after]
        one = determiner.feminine if noun.feminine else determiner.masculine
        self.nouns.append((len(self.french), place))
        self.add((determiner.french_several if several else one) or "", start, before=order[0][0])
        for word, at in order:
            self.add(word, at)
        return several

    def clause(self) -> None:
        verb = self.pick(VERBS)
        if self.chance(0.35):
            subject, french = self.pick(tuple(PRONOUNS.items()))
            first, third = subject == "i", subject in ("he", "she")
            said = verb.french_first if first else verb.french_third if third else verb.french_several
            self.english.append(subject)
            self.add(french, len(self.english) - 1, before=said)
        else:
            third = not self.noun_phrase()
            said = verb.french_third if third else verb.french_several
        self.say(verb.third if third else verb.base, said)
        self.noun_phrase()

    def noun_and_adjectives(self) -> tuple[Noun, list[Adjective]]:
        """Draw a noun with none, one or two adjectives, which were not held out if this is for learning."""
        before = tuple(each for each in ADJECTIVES if not each.after)
        after = tuple(each for each in ADJECTIVES if each.after)
        while True:
            noun, chance, drawn = self.pick(NOUNS), self.rng.random(), []
            if chance < 0.2:
                drawn.append(self.pick(before))
            if chance < 0.06 or 0.2 <= chance < 0.75:
                drawn.append(self.pick(after))
            if self.held_out or not any(is_held_out(each.english, noun.one) for each in drawn):
                return noun, drawn

    def say(self, english: str, *french: str) -> None:
        """Add an English word, and the French words that say it."""
        self.english.append(english)
        for word in french:
            self.add(word, len(self.english) - 1)

    def add(self, french: str, source: int, before: str = "") -> None:
        """Add a French word, which loses its vowel, or changes, before another one's."""
        self.french.append(ELIDED.get(french, french) if before[:1] in _VOWELS else french)
        self.sources.append(source)

    def pick(self, choices: Sequence[_T]) -> _T:
        return choices[int(self.rng.integers(len(choices)))]

    def chance(self, share: float) -> bool:
        return bool(self.rng.random() < share)
