"""A learner's sentence as the small models read it: known words, kinds for others, a full stop."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from attention import Vocabulary, recognise
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
    known = vocabulary()
    unknown = tuple(i for i, word in enumerate(words) if word.lower() not in known)
    put = [kinds.get(word.lower(), "") if i in unknown else word.lower() for i, word in enumerate(words)]
    if any(kind not in known for i, kind in enumerate(put) if i in unknown):
        return Reading((), unknown, False, "", {})
    whole = tuple(put) if put and put[-1] == END else (*put, END)
    found = recognise(whole)
    links = {} if found.sentence is None else found.sentence.links
    return Reading(whole, unknown, found.inside, found.why, links)


@cache
def vocabulary() -> frozenset[str]:
    """Every word and every kind that the small models know."""
    return frozenset(Vocabulary().words)


@cache
def kinds() -> tuple[str, ...]:
    """The kinds that can stand for a word."""
    return Vocabulary().kinds
