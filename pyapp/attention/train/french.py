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
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from attention.initial import Seed, generator

if TYPE_CHECKING:
    from numpy.random import Generator

__all__ = [
    "ADJECTIVES",
    "DETERMINERS",
    "GREETINGS",
    "NOUNS",
    "PRONOUNS",
    "SHOWN",
    "VERBS",
    "Adjective",
    "Determiner",
    "Noun",
    "SentencePair",
    "Verb",
    "draw_sentence_pair",
    "english_words",
    "french_words",
    "is_held_out",
]

_T = TypeVar("_T")


class Noun(NamedTuple):
    """A noun in both languages and both numbers."""

    one: str
    several: str
    french_one: str
    french_several: str
    feminine: bool


class Adjective(NamedTuple):
    """An adjective; French has four forms of it, some of them alike."""

    english: str
    masculine: str
    feminine: str
    after: bool  # whether it comes after its noun in French

    def form(self, feminine: bool, several: bool) -> str:
        """Return the form that agrees."""
        return _several(self.feminine if feminine else self.masculine, several)


class Determiner(NamedTuple):
    """What opens a noun phrase."""

    one: str
    several: str | None  # None: it has no plural here
    masculine: str
    feminine: str
    french_several: str | None


class Verb(NamedTuple):
    """A verb in the present, as it agrees with its subject."""

    base: str  # i, they
    third: str  # he, she, it
    french_first: str  # je
    french_third: str  # il, elle
    french_several: str  # ils


def _several(french: str, several: bool = True) -> str:
    return french if not several or french[-1] in "sx" else french + "s"


def _noun(english: str, french: str, plural: str | None = None, french_plural: str | None = None) -> Noun:
    """Read a noun whose gender is written before it: "la voiture"."""
    article, word = french.split()
    several = plural or f"{english}s"
    return Noun(english, several, word, french_plural or _several(word), feminine=article == "la")


NOUNS: tuple[Noun, ...] = (
    _noun("car", "la voiture"), _noun("cat", "le chat"), _noun("dog", "le chien"),
    _noun("house", "la maison"), _noun("book", "le livre"), _noun("table", "la table"),
    _noun("flower", "la fleur"), _noun("bird", "le oiseau", french_plural="oiseaux"),
    _noun("apple", "la pomme"), _noun("boy", "le garçon"), _noun("girl", "la fille"),
    _noun("king", "le roi"), _noun("queen", "la reine"), _noun("hat", "le chapeau", None, "chapeaux"),
    _noun("dress", "la robe", "dresses"), _noun("door", "la porte"), _noun("garden", "le jardin"),
    _noun("train", "le train"), _noun("boat", "le bateau", None, "bateaux"),
    _noun("horse", "le cheval", None, "chevaux"), _noun("duck", "le canard"),
    _noun("mouse", "la souris", "mice"), _noun("chair", "la chaise"), _noun("key", "la clé"),
    _noun("ball", "la balle"), _noun("letter", "la lettre"), _noun("bag", "le sac"),
    _noun("bread", "le pain"), _noun("cheese", "le fromage"), _noun("town", "la ville"),
    _noun("moon", "la lune"), _noun("world", "le monde"),
)  # fmt: skip

ADJECTIVES: tuple[Adjective, ...] = (
    Adjective("red", "rouge", "rouge", after=True),
    Adjective("green", "vert", "verte", after=True),
    Adjective("black", "noir", "noire", after=True),
    Adjective("blue", "bleu", "bleue", after=True),
    Adjective("white", "blanc", "blanche", after=True),
    Adjective("yellow", "jaune", "jaune", after=True),
    Adjective("round", "rond", "ronde", after=True),
    Adjective("fast", "rapide", "rapide", after=True),
    Adjective("french", "français", "française", after=True),
    Adjective("clean", "propre", "propre", after=True),
    Adjective("big", "grand", "grande", after=False),
    Adjective("small", "petit", "petite", after=False),
    Adjective("young", "jeune", "jeune", after=False),
    Adjective("good", "bon", "bonne", after=False),
    Adjective("pretty", "joli", "jolie", after=False),
    Adjective("bad", "mauvais", "mauvaise", after=False),
)

DETERMINERS: tuple[Determiner, ...] = (
    Determiner("the", "the", "le", "la", "les"),
    Determiner("a", None, "un", "une", None),
    Determiner("my", "my", "mon", "ma", "mes"),
    Determiner("this", "these", "ce", "cette", "ces"),
)

VERBS: tuple[Verb, ...] = (
    Verb("see", "sees", "vois", "voit", "voient"),
    Verb("like", "likes", "aime", "aime", "aiment"),
    Verb("eat", "eats", "mange", "mange", "mangent"),
    Verb("want", "wants", "veux", "veut", "veulent"),
    Verb("buy", "buys", "achète", "achète", "achètent"),
    Verb("take", "takes", "prends", "prend", "prennent"),
    Verb("find", "finds", "trouve", "trouve", "trouvent"),
)

PRONOUNS: dict[str, str] = {"i": "je", "he": "il", "she": "elle", "they": "ils"}
GREETINGS: dict[str, tuple[str, ...]] = {
    "hello": ("bonjour",),
    "goodbye": ("au", "revoir"),
    "thanks": ("merci",),
}

SHOWN: frozenset[tuple[str, str]] = frozenset(
    {("red", "car"), ("hello", "world"), ("big", "house"), ("black", "cat")}
)
"""Pairs that the lab shows, and that are held out for that."""

_VOWELS = "aeiouéèê"
_ELIDED = {"le": "l'", "la": "l'", "ma": "mon", "ce": "cet", "je": "j'"}
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
        self.french.append(_ELIDED.get(french, french) if before[:1] in tuple(_VOWELS) else french)
        self.sources.append(source)

    def pick(self, choices: Sequence[_T]) -> _T:
        return choices[int(self.rng.integers(len(choices)))]

    def chance(self, share: float) -> bool:
        return bool(self.rng.random() < share)


def english_words() -> tuple[str, ...]:
    """Return every English word that the grammar has, in the order of the alphabet."""
    words = {*PRONOUNS, *GREETINGS, "an"}
    words |= {form for noun in NOUNS for form in (noun.one, noun.several)}
    words |= {adjective.english for adjective in ADJECTIVES}
    words |= {form for each in DETERMINERS for form in (each.one, each.several) if form}
    words |= {form for verb in VERBS for form in (verb.base, verb.third)}
    return tuple(sorted(words))


def french_words() -> tuple[str, ...]:
    """Return every French word that the grammar has, in the order of the alphabet."""
    words = {*PRONOUNS.values(), *(word for said in GREETINGS.values() for word in said), *_ELIDED.values()}
    words |= {form for noun in NOUNS for form in (noun.french_one, noun.french_several)}
    words |= {
        adjective.form(feminine, several)
        for adjective in ADJECTIVES
        for feminine in (False, True)
        for several in (False, True)
    }
    words |= {form for each in DETERMINERS for form in each[2:] if form}
    words |= {form for verb in VERBS for form in verb[2:]}
    return tuple(sorted(words))
