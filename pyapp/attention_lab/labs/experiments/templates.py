"""Sentences of one form, many times over: what a head of MiniLM does with all of them, and not with two.

Half of them mean the first noun by "it", half the second: a head that resolves what is meant looks at the one
in the one half, and at the other in the other.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from attention.models.minilm import MiniLM

HEAD = (5, 11)
"""The head of MiniLM that is spoken of: layer and head, counted from 0."""

_FRAMES = (
    ("the {} sat on the {} because it was {}", "cat dog bear", "mat sofa rug bench bed",
     "tired hungry sleepy", "soft dirty clean"),
    ("the {} is in the {} because it was {}", "cup lamp toy", "box bag drawer basket bucket",
     "cheap broken shiny", "empty open full"),
    ("the {} did not fit in the {} because it was too {}", "ball book hat", "bag box drawer basket jar",
     "big large wide", "small little narrow"),
    ("the {} wanted the {} because it was {}", "dog horse cow", "cake apple soup pizza carrot",
     "hungry thirsty sad", "sweet fresh tasty"),
    ("the {} attracted the {} because it was {}", "cake boat garden", "dog cat bear horse pig",
     "fresh beautiful new", "hungry curious bored"),
)  # fmt: skip


class Template(NamedTuple):
    """One sentence in which "it" means one of two nouns."""

    text: str
    first: str
    second: str
    meant: str


def templates() -> Iterator[Template]:
    """Make every sentence: five forms, fifteen pairs of nouns each, with a word for either of them."""
    for frame, firsts, seconds, of_first, of_second in _FRAMES:
        for i, first in enumerate(firsts.split()):
            for j, second in enumerate(seconds.split()):
                last = (of_second if (i + j) % 2 else of_first).split()[j % 3]
                yield Template(
                    frame.format(first, second, last), first, second, second if (i + j) % 2 else first
                )


class Followed(NamedTuple):
    """In how many of the sentences the head looks more at the one noun than at the other."""

    sentences: int
    first: int  # at the first noun, more than at the second
    meant: int  # at the noun that is meant, more than at the other


def followed(model: MiniLM, head: tuple[int, int] = HEAD) -> Followed:
    """Run the model on every sentence and count."""
    n = first = meant = 0
    for each in templates():
        trace = model.trace(each.text)
        row = trace.layers[head[0]][head[1], trace.tokens.index("it")]
        of_first, of_second = (row[trace.tokens.index(noun)] for noun in (each.first, each.second))
        n += 1
        first += bool(of_first > of_second)
        meant += bool((of_first > of_second) == (each.meant == each.first))
    return Followed(n, first, meant)
