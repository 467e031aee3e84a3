"""Searches and code as MiniLM reads them: which of its heads joins two words, and what is said of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from attention import Array
from attention_lab.kit.texts import lazy
from attention_lab.optional import minilm

HEADS = 12  # in each layer
OWN = "own"


@dataclass(frozen=True)
class Said:
    """What a lesson says of two words; each by its name and the time it comes, from 0."""

    words: str
    query: tuple[str, int]
    key: tuple[str, int]


@dataclass(frozen=True)
class Sample:
    """A text, and what is said or wished of it."""

    label: str
    text: str
    said: tuple[Said, ...]
    untested: str = ""
    again: tuple[Said, ...] = ()
    """Names that come again, where it is code."""


SEARCHES = {
    "faucet": Sample(
        lazy("a leaky faucet"),
        "how to fix a leaky faucet",
        (
            Said(lazy("“fix” and “faucet” are strongly related"), ("fix", 0), ("faucet", 0)),
            Said(lazy("“leaky” describes the problem"), ("leaky", 0), ("faucet", 0)),
        ),
        lazy("“how to” says that you want instructions"),
    ),
    "cats": Sample(
        lazy("about cats"),
        "My cats sleep all day. What did I say about cats earlier?",
        (
            Said(lazy("it finds mentions of “cats”"), ("cats", 1), ("cats", 0)),
            Said(lazy("it looks back through the conversation"), ("earlier", 0), ("cats", 0)),
        ),
        lazy("it connects the question to the context"),
    ),
    "car": Sample(
        lazy("a red car"),
        "this sentence about a red car driving down the street",
        (
            Said(lazy("“car” and “driving” are connected"), ("car", 0), ("driving", 0)),
            Said(lazy("“street” and “driving” are connected"), ("street", 0), ("driving", 0)),
            Said(lazy("“red” and “car” are important"), ("red", 0), ("car", 0)),
        ),
        lazy("it ignores “this”, “about”, “down”, “the”"),
    ),
}
LINES = {
    "area": Sample(
        lazy("def calculate_"),
        "def calculate_area(width, height): return width * height",
        (
            Said(lazy("a name and where it was declared"), ("width", 1), ("width", 0)),
            Said(lazy("a bracket and its partner"), (")", 0), ("(", 0)),
            Said(lazy("a return and its function"), ("return", 0), ("def", 0)),
            Said(lazy("parts of one name"), ("area", 0), ("calculate", 0)),
        ),
        lazy("it suggests how the line goes on"),
        (
            Said(lazy("code: width"), ("width", 1), ("width", 0)),
            Said(lazy("code: height"), ("height", 1), ("height", 0)),
        ),
    ),
    "import": Sample(
        lazy("an import"),
        "import math; radius = 3; print(math.pi * radius)",
        (
            Said(lazy("a module and its import"), ("math", 1), ("math", 0)),
            Said(lazy("a variable and its declaration"), ("radius", 1), ("radius", 0)),
            Said(lazy("a bracket and its partner"), (")", 0), ("(", 0)),
        ),
        lazy("what is in scope"),
        (
            Said(lazy("code: math"), ("math", 1), ("math", 0)),
            Said(lazy("code: radius"), ("radius", 1), ("radius", 0)),
        ),
    ),
}


@dataclass(frozen=True, eq=False)
class Read:
    """What MiniLM did with a text, word by word."""

    words: tuple[str, ...]
    weights: Array  # (72, n, n): layer after layer, query rows first

    def place(self, word: tuple[str, int]) -> int:
        """Return where a word stands."""
        name, time = word
        return [i for i, each in enumerate(self.words) if each == name][time]

    def strongest(self, query: int, key: int) -> int:
        """Return the head that joins two words most, counted through all layers."""
        return int(self.weights[:, query, key].argmax())


def sign(head: int) -> str:
    """Name a head as layer.head, both counted from 1."""
    return f"{head // HEADS + 1}.{head % HEADS + 1}"


def by_word(weights: Array, groups: Sequence[Sequence[int]]) -> Array:  # (72, m, m) -> (72, n, n)
    """Return weights between words: the sum over the pieces of a key, the mean over those of a query."""
    columns = np.stack([weights[:, :, group].sum(axis=-1) for group in groups], axis=-1)
    return np.stack([columns[:, group].mean(axis=1) for group in groups], axis=1)


@lru_cache(maxsize=16)
def read(text: str) -> Read:
    """Let MiniLM read a text; kept."""
    model = minilm()
    assert model is not None  # the lab asks for it only where it has arrived
    trace = model.trace(text)
    words: list[str] = []
    groups: list[list[int]] = []
    for place, piece in enumerate(trace.tokens):
        if piece.startswith("##") and words:
            words[-1] += piece[2:]
            groups[-1].append(place)
        else:
            words.append(piece)
            groups.append([place])
    return Read(tuple(words), by_word(np.concatenate(trace.layers), groups))
