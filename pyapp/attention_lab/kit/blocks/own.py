"""What runs besides the editor: the learner's own function in a lab, and our own programs of exercises."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from attention_lab.kit.blocks.base import Block
from attention_lab.kit.blocks.writing import words_of
from attention_lab.kit.markup import Math
from attention_lab.kit.texts import _

STATES = ("off", "waiting", "shown", "failed")


@dataclass(frozen=True, kw_only=True, eq=False)
class Yours(Block):
    """A function of the learner's that can stand in for the library's; the page runs their program.

    Args:
        label: what it is called.
        options: the functions that can stand in: {"name", "set", "on"}.
        use: the exercise whose program the page runs; empty for none.
        name: what that function is called.
        send: the setting that the answer goes to: {"about", "reply": text}, or {"about", "ended": why}.
        about: which inputs the request holds.
        request: what the runner is asked, as JSON text; the page adds the program.
        seconds: how long that may take.
        state: off, waiting, shown, or failed: then the library's is drawn.
        words: what there is to say of it.
        badges: whose each thing is: {"kind", "label", "text"}.
        beside: one row, yours and the library's: {"kind", "label", "numbers"}.
        gap: the largest difference from the library's, in words.
        edit: the address of the exercise.
    """

    label: str
    options: Sequence[Mapping[str, Any]]
    use: str = ""
    name: str = ""
    send: str = ""
    about: str = ""
    request: str = ""
    seconds: float = 10
    state: str = "off"
    words: Math = field(default_factory=list)
    badges: Sequence[Mapping[str, str]] = ()
    beside: Sequence[Mapping[str, Any]] = ()
    gap: str = ""
    edit: str = ""

    def __post_init__(self) -> None:
        if self.state not in STATES:
            raise ValueError(f"its state is one of {', '.join(STATES)}, not {self.state}")

    def described(self) -> str:
        """Say whose function is drawn, and how far it is from the library's."""
        if self.state == "off":
            return _("{label}: the library’s functions are drawn", label=self.label)
        said = f"{self.label}: {words_of(self.words)}"
        return (
            f"{said} {_('Largest difference from the library: {gap}.', gap=self.gap)}" if self.gap else said
        )


@dataclass(frozen=True, kw_only=True, eq=False)
class SelfTest(Block):
    """Our own programs of every exercise, tried by the page's runner, and what was said to them.

    Args:
        label: what it is called.
        tests: the exercises: {"id", "title", "rows"}, each row {"program", "said", "right"}.
        send: the setting that an exercise to be tried goes to: {"id", "source", "turn", "seed"}.
        reply: the setting that the answer goes to: {"turn", "reply": text}, or {"turn", "ended": why}.
        turn: which of the tries the request is about.
        request: what is to be run, as JSON text; empty while there is nothing to run.
        seconds: how long the programs of one exercise may take.
    """

    label: str
    tests: Sequence[Mapping[str, Any]]
    send: str
    reply: str
    turn: int = 0
    request: str = ""
    seconds: float = 60

    def described(self) -> str:
        """Say how many exercises were tried, and how many programs were not judged as they should be."""
        rows = [row for each in self.tests for row in each["rows"]]
        tried = sum(bool(each["rows"]) for each in self.tests)
        wrong = sum(not row["right"] for row in rows)
        return _(
            "{label}: {tried} of {tests} tried, {wrong} not as they should be",
            label=self.label,
            tried=tried,
            tests=len(self.tests),
            wrong=wrong,
        )
