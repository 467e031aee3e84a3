"""What sentence patterns are written with: words to choose from, noun phrases, and links between words.

A pattern is a function of a `Phrase`. Given a `Drawn` phrase it makes a sentence up; given a `Matched` one it
reads a sentence that is there, and fails where the sentence is of another pattern. So the grammar that makes
sentences is the grammar that recognises them.
"""

from __future__ import annotations

import random
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from attention.models.vocabulary import START
from attention.models.words import BEFORE_NOUNS, NOUNS, TO_BE, kind_of, kind_token, plural

__all__ = ["Drawn", "Link", "Matched", "MismatchError", "Noun", "Phrase"]

Link = tuple[int, int | None]
"""Position of the right word, and of the one that it could be mistaken for."""

_T = TypeVar("_T")
_ARTICLES = ("a", "an")
_DETERMINERS = ("the", *_ARTICLES, "my", "our")


@dataclass(frozen=True, slots=True)
class Noun:
    """A noun in a sentence."""

    place: int  # position, counted from "<s>"
    word: str  # in the singular; a kind token stands for itself
    kind: str
    several: bool

    @property
    def pronoun(self) -> str:
        """What can stand for it."""
        return "they" if self.several else {"man": "he", "woman": "she"}.get(self.kind, "it")


def _forms() -> dict[str, tuple[str, str, bool]]:
    found = {}
    for kind, nouns in NOUNS.items():
        for several in (False, True):
            token = kind_token(kind, several)
            found[token] = (token, kind, several)
        for noun in nouns:
            found[noun], found[plural(noun)] = (noun, kind, False), (noun, kind, True)
    return found


_FORMS = _forms()


class MismatchError(Exception):
    """The sentence is of another pattern."""

    def __init__(self, place: int) -> None:
        super().__init__(place)
        self.place = place


class Phrase(ABC):
    """A sentence as far as it has got: its words, and which word belongs to which."""

    def __init__(self) -> None:
        self.words: list[str] = [START]
        self.links: dict[str, dict[int, Link]] = {"pronoun": {}, "subject": {}, "adjective": {}}
        self.nouns: list[Noun] = []
        self.pair: tuple[str, str] | None = None
        self.behaviours: dict[str, int] = {}

    @abstractmethod
    def one_of(self, words: Sequence[str]) -> int:
        """Go on with one of these words; its position."""

    @abstractmethod
    def sometimes(self, share: float, words: Sequence[str]) -> bool:
        """Say whether the next word is one of these, which it is for this share of the sentences."""

    @abstractmethod
    def either(self, *options: _T) -> _T:
        """Take one of several ways to go on, all equally likely."""

    @abstractmethod
    def number(self, share: float) -> bool | None:
        """Say whether the next noun stands for several, which this share does; None: the noun will tell."""

    @abstractmethod
    def noun(self, kinds: Sequence[str], several: bool | None) -> Noun:
        """Go on with a noun of one of these kinds."""

    @abstractmethod
    def article(self, place: int) -> None:
        """Let "a" or "an" fit the word after it."""

    def say(self, text: str) -> None:
        """Go on with these words."""
        for word in text.split():
            self.one_of((word,))

    def maybe(self, share: float, words: Sequence[str]) -> None:
        """Go on with one of these words, in this share of the sentences."""
        if self.sometimes(share, words):
            self.one_of(words)

    def noun_phrase(
        self, kinds: Sequence[str], several: bool | None = None, *, share: float = 0.5, plain: bool = False
    ) -> Noun:
        """Go on with a determiner, perhaps an adjective (unless `plain`), and a noun."""
        several = self.number(share) if several is None else several
        determined = self.sometimes(0.9 if several else 1.0, _DETERMINERS)
        first = adjective = None
        if determined:
            usual = self.sometimes(0.75, ("the",))
            others = ("my", "our") if several else ("a", "an", "a", "an", "my", "our")
            first = self.one_of(("the",) if usual else others)
        if not plain and self.sometimes(0.2, BEFORE_NOUNS):
            adjective = self.one_of(BEFORE_NOUNS)
        noun = self.noun(kinds, several)
        if adjective is not None:
            self.links["adjective"][adjective] = (noun.place, None)
        if first is not None and self.words[first] in _ARTICLES:
            self.article(first)
        self.require(noun.several or determined)
        self.require(not noun.several or first is None or self.words[first] not in _ARTICLES)
        self.nouns.append(noun)
        return noun

    def require(self, holds: bool) -> None:
        """Refuse what is no sentence of this pattern."""
        if not holds:
            raise MismatchError(len(self.words))

    def verb(
        self, words: Sequence[str], subject: int, distractor: int | None = None, *, rest: str = ""
    ) -> int:
        """Go on with a finite verb of this subject, and perhaps more words; the verb's position."""
        place = self.one_of(words)
        self.links["subject"][place] = (subject, distractor)
        if rest:
            self.say(rest)
        return place

    def to_be(self, several: bool, subject: int, distractor: int | None = None) -> int:
        """Go on with "is", "are", "was" or "were"; its position."""
        return self.verb([forms[several] for forms in TO_BE], subject, distractor)

    def pronoun(self, noun: Noun, other: Noun, word: str | None = None) -> int:
        """Go on with what stands for one noun and could be mistaken for the other; its position."""
        place = self.one_of((word or noun.pronoun,))
        self.links["pronoun"][place] = (noun.place, other.place)
        return place

    def describe(self, words: Sequence[str], noun: Noun, other: Noun | None = None) -> int:
        """Go on with an adjective that describes the one noun and not the other; its position."""
        place = self.one_of(words)
        self.links["adjective"][place] = (noun.place, None if other is None else other.place)
        return place


class Drawn(Phrase):
    """A sentence that is made up as it goes."""

    def __init__(self, rng: random.Random) -> None:
        super().__init__()
        self._rng = rng

    def one_of(self, words: Sequence[str]) -> int:
        self.words.append(self._rng.choice(words))
        return len(self.words) - 1

    def sometimes(self, share: float, words: Sequence[str]) -> bool:
        return self._rng.random() < share

    def either(self, *options: _T) -> _T:
        return self._rng.choice(options)

    def number(self, share: float) -> bool | None:
        return self._rng.random() < share

    def noun(self, kinds: Sequence[str], several: bool | None) -> Noun:
        """No noun comes twice in a sentence: a word shall name one place."""
        used = {noun.word for noun in self.nouns}
        kind = self._rng.choice(kinds)
        word = self._rng.choice([noun for noun in NOUNS[kind] if noun not in used])
        self.words.append(plural(word) if several else word)
        return Noun(len(self.words) - 1, word, kind, bool(several))

    def article(self, place: int) -> None:
        self.words[place] = "an" if self.words[place + 1][0] in "aeiou" else "a"


class Matched(Phrase):
    """A sentence that is there already, read word by word."""

    def __init__(self, given: Sequence[str], choices: Sequence[int] = ()) -> None:
        super().__init__()
        self._given = [START, *given]
        self._choices, self._taken = tuple(choices), 0
        self.options: list[int] = []  # how many ways there were, at each choice

    @property
    def finished(self) -> bool:
        """Whether every word was read."""
        return len(self.words) == len(self._given)

    def one_of(self, words: Sequence[str]) -> int:
        self.require(self._fits(words))
        self.words.append(self._given[len(self.words)])
        return len(self.words) - 1

    def sometimes(self, share: float, words: Sequence[str]) -> bool:
        return self._fits(words)

    def either(self, *options: _T) -> _T:
        choice = self._choices[self._taken] if self._taken < len(self._choices) else 0
        self._taken += 1
        self.options.append(len(options))
        return options[choice]

    def number(self, share: float) -> bool | None:
        return None

    def noun(self, kinds: Sequence[str], several: bool | None) -> Noun:
        self.require(not self.finished)
        word, kind, found = _FORMS.get(self._given[len(self.words)], ("", "", False))
        self.require(kind in kinds and several in (None, found))
        self.require(word.startswith("<") or word not in {noun.word for noun in self.nouns})
        self.words.append(self._given[len(self.words)])
        return Noun(len(self.words) - 1, word, kind, found)

    def article(self, place: int) -> None:
        following = self.words[place + 1]
        if not following.startswith("<"):  # what it stands for is not told
            self.require(self.words[place] == ("an" if following[0] in "aeiou" else "a"))

    def _fits(self, words: Sequence[str]) -> bool:
        if self.finished:
            return False
        following = self._given[len(self.words)]
        return following in words or any(kind_of(word) == following for word in words)
