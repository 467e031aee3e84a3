"""A learner's sentence as the small models read it: known words, kinds for others, a full stop."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from attention import Vocabulary, recognise
from attention_lab.kit.texts import lazy
from attention_lab.labs.experiments.examined import Words
from attention_lab.labs.experiments.jobs import END


@dataclass(frozen=True)
class Reading:
    """What becomes of a sentence."""

    words: Words  # what the small models read; empty where a word has no kind yet
    unknown: tuple[int, ...]  # the words that they do not know
    inside: bool  # whether the grammar that they were trained on could have made it
    why: str  # if not, why not
    links: Mapping[str, Mapping[int, tuple[int, int | None]]]  # job -> query -> (right, other); "<s>" is 0


def read(words: Sequence[str], kinds: Mapping[str, str]) -> Reading:
    """Put the learner's kinds in the place of unknown words, and a full stop at the end."""
    return _read(tuple(words), tuple(kinds.items()))


@lru_cache(maxsize=32)
def _read(words: Words, pairs: tuple[tuple[str, str], ...]) -> Reading:
    known, kinds = vocabulary(), dict(pairs)
    unknown = tuple(i for i, word in enumerate(words) if word.lower() not in known)
    put = [read_as(word, kinds) if i in unknown else word.lower() for i, word in enumerate(words)]
    if any(kind not in known for i, kind in enumerate(put) if i in unknown):
        return Reading((), unknown, False, "", {})
    whole = tuple(put) if put and put[-1] == END else (*put, END)
    found = recognise(whole)
    links = {} if found.sentence is None else found.sentence.links
    return Reading(whole, unknown, found.inside, found.why, links)


def read_as(word: str, kinds: Mapping[str, str]) -> str:
    """Return what is read for an unknown word: what was chosen, else what is known of it; or nothing."""
    chosen = kinds.get(word.lower())
    if chosen is None:
        return _vocabulary().stand_in(word) or ""
    return chosen if chosen in vocabulary() else chosen.strip("<>")


@cache
def _vocabulary() -> Vocabulary:
    return Vocabulary()


@cache
def vocabulary() -> frozenset[str]:
    """Every word and every kind that the small models know."""
    return frozenset(_vocabulary().words)


@cache
def kinds() -> tuple[str, ...]:
    """The kinds that can stand for a word."""
    return _vocabulary().kinds


WORDS_OF_USE: Mapping[str, str] = {
    "<plays>": lazy("does, like “plays”"),
    "<play>": lazy("do, like “play”"),
    "<likes>": lazy("does something to it, like “likes”"),
    "<like>": lazy("do something to it, like “like”"),
    "<playing>": lazy("doing, like “playing”"),
    "<red>": lazy("before a noun, like “red”"),
    "<my>": lazy("whose, like “my”"),
    "<near>": lazy("where, like “near”"),
    "<yesterday>": lazy("when, like “yesterday”"),
    "<very>": lazy("how much, like “very”"),
    "<because>": lazy("joins, like “because”"),
}
"""Words that have no kind: such a word is read as one that the models know."""

NAMES: Mapping[str, str] = {
    "<feeling>": lazy("feeling, like “tired”"),
    "<quality>": lazy("quality, like “soft”"),
    "<did>": lazy("did, like “ate”"),
}
"""Kinds that are not named by their own word."""
