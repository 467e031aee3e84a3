"""Which questions make sense at a word: what stands for another, what is said of somebody, what describes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from attention import JOBS, Vocabulary

if TYPE_CHECKING:
    from attention_lab.labs.experiments.reading import Reading

END = "."
_ENDS = (END, "?", "!")
_VOCABULARY = Vocabulary()


def jobs_at(place: int, words: Sequence[str], reading: Reading) -> tuple[str, ...]:
    """Return what can be asked at a word, counted from 0: what the grammar links there, else by its class.

    Any word can be asked for the one before it.
    """
    if reading.links:
        return tuple(job for job in JOBS if place + 1 in reading.links.get(job, {}))
    word = (reading.words or tuple(map(str.lower, words)))[place]
    return tuple(job for job in JOBS if _VOCABULARY.can_be_asked(job, word))


def places_for(job: str, words: Sequence[str], reading: Reading) -> list[int]:
    """Return the words at which a question can be asked; a full stop at the end only where it is alone."""
    found = [place for place in range(len(words)) if job in jobs_at(place, words, reading)]
    return found[:-1] if len(found) > 1 and words[found[-1]] in _ENDS else found


def fitting(wanted: str, words: Sequence[str], reading: Reading) -> str:
    """Return the question that is wanted, or else the first that any word of the sentence can be asked."""
    return next(job for job in (wanted, *JOBS) if places_for(job, words, reading))


def suggested(job: str, words: Sequence[str], reading: Reading) -> int:
    """Return where to ask: at the last word that fits, best where another word is in the right one's way."""
    links = reading.links.get(job, {})
    fits = places_for(job, words, reading)
    rivalled = [place for place in fits if links.get(place + 1, (0, None))[1] is not None]
    return (rivalled or fits)[-1]
