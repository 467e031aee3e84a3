"""What an exercise's checks.py is written in: sentences, and the calls that show whether they hold.

The sentence of a check and the words of a case are constants, which Babel finds; one with a value in it is a
`lazy` text of kit/texts.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from attention_lab.grading.protocol import encode
from attention_lab.kit.texts import Text, lazy


@dataclass(frozen=True, slots=True)
class Do:
    """One step of a case: a function called, an object made, or a method of that object called."""

    how: str  # "call", "new" or "on_it"
    name: str
    args: tuple[Any, ...] = ()
    kwargs: tuple[tuple[str, Any], ...] = ()
    peak: bool = False  # whether the memory that it takes is measured
    watched: bool = True  # whether it is told which inputs were written into

    def plain(self) -> dict[str, Any]:
        """For the runner."""
        told: dict[str, Any] = {self.how: self.name, "args": [encode(each) for each in self.args]}
        told |= {"kwargs": {key: encode(each) for key, each in self.kwargs}} if self.kwargs else {}
        told |= {"peak": True} if self.peak else {}
        return told | ({} if self.watched else {"unwatched": True})


@dataclass(frozen=True, slots=True)
class Case:
    """One fresh call, or a few on one object; what the last step returns is compared."""

    about: str  # "3 queries, 5 keys, d_k = 7"
    do: tuple[Do, ...]
    peak: int | None = None  # how many bytes may be held at once

    def plain(self) -> dict[str, Any]:
        """For the runner."""
        return {"do": [each.plain() for each in self.do]}

    @property
    def last(self) -> Do:
        """The step whose result counts."""
        return self.do[-1]


@dataclass(frozen=True, slots=True)
class Check:
    """A sentence about the values, and the cases that it holds in, small ones first."""

    sentence: str
    cases: tuple[Case, ...]


def check(sentence: str, *cases: Case) -> Check:
    """Return a check of one sentence."""
    return Check(_text(sentence), cases)


def call(about: str, function: str, *args: Any, peak: int | None = None, **kwargs: Any) -> Case:
    """Return the case of one call of a function."""
    return Case(_text(about), (Do("call", function, args, tuple(kwargs.items()), peak is not None),), peak)


def made(about: str, new: str, of: Sequence[Any], method: str, *args: Any, **kwargs: Any) -> Case:
    """Return the case of one object that is made and then called."""
    steps = (Do("new", new, tuple(of)), Do("on_it", method, args, tuple(kwargs.items())))
    return Case(_text(about), steps)


def _text(words: str) -> str:
    return words if isinstance(words, Text) else lazy(words)
