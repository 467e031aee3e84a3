"""What the writer learns from: texts in which something comes back, and English sentences.

Four kinds of text. In three of them what comes next is drawn afresh for each text, so that no table could
know it: it must be looked up in the text itself (induction: Elhage et al. 2021; Olsson et al. 2022).

    repeated    lamp fox red tom sofa  lamp fox red tom sofa  lamp ...
    pairs       key lily  fox mat  key lily  sofa red  fox mat ...
    facts       anna smith saw the dog . tom potter met the cat . anna smith ...
    sentences   the cat sat on the mat because it was tired . my sister read ...

Which first name has which surname is held out in pairs: a sixth of them are never learned from.
"""

from __future__ import annotations

import random
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from attention.models.vocabulary import START
from attention.models.words import NOUNS
from attention.models.writer import NAMES, NEW_WORDS, SURNAMES, WRITER_WORDS
from attention.train.english import sample

__all__ = [
    "DEMO_NAMES",
    "Facts",
    "Text",
    "draw_facts",
    "draw_pairs",
    "draw_repeated",
    "draw_sentences",
    "draw_text",
    "is_held_out_name",
    "repeatable_words",
]

DEMO_NAMES = frozenset({("anna", "smith"), ("tom", "potter")})
"""First names and surnames of the example that the lab shows: never learned from."""

_HELD_OUT_ONE_IN = 6
_ENDS = (".", "!")
_MEETINGS = ("saw", "met", "liked", "helped", "called")
_QUERY_COUNTS, _FACTS_COUNT = 4.0, 0.3  # the surname that can be looked up, and all that only fills


@dataclass(frozen=True, slots=True)
class Text:
    """Words to learn from, "<s>" first, and how much each counts as something to predict."""

    words: tuple[str, ...]
    counts: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Facts:
    """Some made-up people, each introduced once, and one of them again."""

    words: tuple[str, ...]  # "<s>" first
    query: int  # place of the first name that comes again: its surname comes next
    introduced: int  # place of that surname, where the person was introduced


def repeatable_words() -> tuple[str, ...]:
    """Return what can stand in repeated texts: any word, and new words three times as often as others."""
    return tuple(word for word in WRITER_WORDS if word not in (".", "!", ",")) + NEW_WORDS * 2


@cache
def _repeatable() -> tuple[tuple[str, ...], tuple[str, ...]]:
    """All of them, and each once."""
    words = repeatable_words()
    return words, tuple(dict.fromkeys(words))


def draw_text(rng: random.Random, length: int) -> Text:
    """Draw a text of any of the four kinds to learn from, at most `length` words with "<s>"."""
    kind = rng.random()
    if kind < 0.36:
        words = draw_sentences(rng, length)
        return Text(words, (1.0,) * len(words))
    if kind < 0.48:
        facts = draw_facts(rng, held_out=False)
        counts = [_FACTS_COUNT] * len(facts.words)
        counts[facts.query + 1] = _QUERY_COUNTS
        return Text(facts.words, tuple(counts))
    if kind < 0.66:
        return draw_pairs(rng, length)
    among = NEW_WORDS if rng.random() < 0.15 else None
    words, period = draw_repeated(rng, length, distinct=rng.random() >= 0.3, among=among)
    return Text(words, tuple(float(place > period) for place in range(len(words))))


def draw_repeated(
    rng: random.Random, length: int, distinct: bool, among: Sequence[str] | None = None
) -> tuple[tuple[str, ...], int]:
    """Draw words, and say them again and again until the text is full; return it, and how many they are.

    Args:
        rng: where the words come from.
        length: words of the text, with "<s>".
        distinct: whether no word comes twice before they start again.
        among: what to draw from; `repeatable_words` unless given.
    """
    everything, each_once = _repeatable() if among is None else (among, tuple(dict.fromkeys(among)))
    period = rng.randint(5, 15)
    drawn = (
        rng.sample(each_once, min(period, len(each_once)))
        if distinct
        else [rng.choice(everything) for _ in range(period)]
    )
    repeats = -(-(length - 1) // len(drawn))
    return (START, *(drawn * repeats)[: length - 1]), len(drawn)


def draw_pairs(rng: random.Random, length: int) -> Text:
    """Draw a dictionary, and look words up in it in any order: what was seen before can be known."""
    n_keys = rng.randint(3, 7)
    words = rng.sample(_repeatable()[1], 2 * n_keys)
    meaning = dict(zip(words[:n_keys], words[n_keys:], strict=True))
    text, counts, seen = [START], [0.0], set()
    while len(text) + 2 <= length:
        key = rng.choice(words[:n_keys])
        text += [key, meaning[key]]
        counts += [0.0, float(key in seen)]
        seen.add(key)
    return Text(tuple(text), tuple(counts))


def draw_facts(rng: random.Random, held_out: bool) -> Facts:
    """Introduce two or three people, and come back to one of them.

    Args:
        rng: where they come from.
        held_out: False draws no name that is held out; True draws only such for the one that comes back.
    """
    n_people = rng.choice((2, 2, 3))
    names, surnames = rng.sample(NAMES, n_people), rng.sample(SURNAMES, n_people)
    people = list(zip(names, surnames, strict=True))
    again = rng.randrange(n_people)
    wanted = [is_held_out_name(*each) for each in people]
    if wanted[again] != held_out or (not held_out and any(wanted)):
        return draw_facts(rng, held_out)

    words = [START]
    for name, surname in people:
        words += [name, surname, rng.choice(_MEETINGS), "the", rng.choice(NOUNS["animal"]), "."]
    query, introduced = len(words), 2 + 6 * again
    words += [*people[again], rng.choice(_MEETINGS[:3]), "the", rng.choice(NOUNS["animal"]), "."]
    return Facts(tuple(words), query, introduced)


def draw_sentences(rng: random.Random, length: int) -> tuple[str, ...]:
    """Put sentences of the grammar to learn from after each other, as many as fit."""
    text = [START]
    while True:
        words = sample(rng, "train").words
        if words[-1] not in _ENDS:
            words += (".",)
        if len(text) + len(words) > length:
            if len(text) > 1:
                return tuple(text)
            continue
        if all(word in _known() for word in words):  # a kind in place of a word is for the reader
            text += words


@cache
def _known() -> frozenset[str]:
    return frozenset(WRITER_WORDS)


def is_held_out_name(name: str, surname: str) -> bool:
    """Say whether nobody of this name is ever met while learning.

    >>> is_held_out_name("anna", "smith")
    True
    """
    return (name, surname) in DEMO_NAMES or zlib.crc32(f"{name} {surname}".encode()) % _HELD_OUT_ONE_IN == 0
