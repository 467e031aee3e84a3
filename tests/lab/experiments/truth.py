"""What the shipped weights give, computed once more: each sentence on the screen is compared with it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cache, cached_property
from typing import Any, NamedTuple, cast

import numpy as np

from attention import JOBS, Array, Ordinary, Reader, load_model, recognise
from attention_lab.kit.text import short

TIRED, SOFT = "The cat sat on the mat because it was tired", "The cat sat on the mat because it was soft"
DOGS = "The dogs in the park are playing"
BOOK = "The book that I bought yesterday was interesting"
TROPHY = "The trophy did not fit in the suitcase because it was too big"


class Case(NamedTuple):
    """A step with one of its sentences, and what it asks: words counted from 0."""

    step: str
    sample: int | None
    sentence: str
    job: str
    query: int
    key: int
    rival: int


CASES = (
    *(
        case
        for step in ("pronoun", "heads", "mean")
        for case in (
            Case(step, 0, TIRED, "pronoun", 7, 1, 5),
            Case(step, 1, SOFT, "pronoun", 7, 5, 1),
        )
    ),
    Case("agreement", 0, DOGS, "subject", 5, 1, 4),
    Case("long_range", 0, BOOK, "subject", 6, 1, 5),
    Case("own", None, TROPHY, "pronoun", 9, 1, 7),
)
"""Every sentence that the lab brings, at every step that shows it."""

SEED = 7
STANDS_OUT, WORTH = 0.05, 0.01
CLOSE = 0.0051  # of two decimals
FLOAT32 = 1e-4  # what is left of a weight near 1 is shared out
HEADS = {"pronoun": "pronoun", "subject": "subject", "adjective": "adjective", "previous": "word before"}


@cache
def model(name: str) -> Reader | Ordinary:
    """A model that is shown."""
    return Reader.random(SEED) if name == "random" else cast("Reader | Ordinary", load_model(name))


def row_after(row: Array, change: Sequence[Any]) -> Array:
    """The weights of the query after one change; words count from 0, "<s>" stands before them."""
    row, kind = row.copy(), change[0]
    if kind == "off":
        return np.zeros_like(row)
    key = change[2] + 1
    if kind == "cut":
        row[key] = 0
    elif kind == "swap":
        row[[key, change[3] + 1]] = row[[change[3] + 1, key]]
    elif kind == "move":
        row[change[3] + 1] += row[key]
        row[key] = 0
    else:
        others = np.arange(len(row)) != key
        row[others] *= (row.sum() - change[3] / 100) / row[others].sum()
        row[key] = change[3] / 100
    return row


class Truth:
    """One model at one case, with and without a test."""

    def __init__(
        self, name: str, case: Case, changes: Sequence[Sequence[Any]] = (), *, exchanged: bool, scope: str
    ) -> None:
        self.name, self.case, self.changes, self.scope = name, case, changes, scope
        plain = case.sentence.lower().split()
        self.shown = case.sentence.split()
        if exchanged:
            self.shown[case.key], self.shown[case.rival] = self.shown[case.rival], self.shown[case.key]
        self.exchanged, self.plain = exchanged, (*plain, ".")
        # What is asked about goes with its word.
        self.query = case.query
        self.key, self.rival = (case.rival, case.key) if exchanged else (case.key, case.rival)
        self.words = (*(word.lower() for word in self.shown), ".")

    @cached_property
    def tested(self) -> bool:
        return bool(self.changes) or self.exchanged

    @cached_property
    def unchanged(self) -> Any:
        return model(self.name).trace(self.words)

    @cached_property
    def at(self) -> tuple[int, int]:
        """The head that is shown: the one for the question, or that looks most from the query to the key."""
        if self.name != "ordinary":
            return 1, JOBS.index(self.case.job)
        flat = np.concatenate([layer[:, self.query + 1, self.key + 1] for layer in self.unchanged.layers])
        return divmod(int(flat.argmax()), 8)

    @cached_property
    def after(self) -> Any:
        return model(self.name).trace(self.words, self._intervene)

    @property
    def _intervene(self) -> Callable[[int, Array], Array]:
        def change(layer: int, weights: Array) -> Array:
            for head in range(len(weights)):
                if self.scope == "all" or (layer, head) == self.at:
                    for each in self.changes:
                        if each[0] == "off":
                            weights[head] = 0
                        else:
                            weights[head, each[1] + 1] = row_after(weights[head, each[1] + 1], each)
            return weights

        return change

    @cached_property
    def said(self) -> Any:
        return model(self.name).trace(self.plain).answer(self.case.job, self.case.query + 1)

    @cached_property
    def says(self) -> Any:
        return self.after.answer(self.case.job, self.query + 1)

    @cached_property
    def row(self) -> Array:
        """The weights of the query in the head that is shown."""
        weights: Array = self.after.layers[self.at[0]][self.at[1], self.query + 1]
        return weights

    @cached_property
    def heads(self) -> Array:
        """The weight from query to key in every head."""
        return np.concatenate([layer[:, self.query + 1, self.key + 1] for layer in self.after.layers])

    @cached_property
    def inside(self) -> bool:
        return recognise(self.words).inside

    def named(self, place: int) -> str:
        """A token as the screen has it."""
        return "<s>" if place == 0 else "." if place > len(self.shown) else short(self.shown[place - 1])


def kinds_of_test(case: Case) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every kind of test, as settings."""
    pair = [case.query, case.key]
    yield "nothing", {}
    yield "swap", {"changes": [["swap", *pair, case.rival]]}
    yield "move", {"changes": [["move", *pair, case.rival]]}
    yield "cut", {"changes": [["cut", *pair]]}
    for percentage in (0, 40, 100):
        yield f"set {percentage}", {"changes": [["set", *pair, percentage]]}
    yield "off", {"changes": [["off"]]}
    yield "exchange", {"exchange": [case.key, case.rival]}
    yield "two", {"changes": [["swap", *pair, case.rival], ["cut", *pair]]}


# How it is written


def share(text: str) -> tuple[float, float]:
    """The range that a written share stands for."""
    if text.startswith(("> ", "< ")):
        return (0.9989, 1.0) if text[0] == ">" else (0.0, 0.0011)
    value = float(text.removesuffix(" %")) / 100
    return value - 0.00051, value + 0.00051


def is_share(text: str, value: float) -> bool:
    low, high = share(text)
    return low <= value <= high


def answer_of(said: Any) -> str | None:
    return said.word if said.probability >= STANDS_OUT else None
