"""Exercises of the kind "predict": a short program, and what it prints, which is found out by running it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from attention_lab.grading.catalogue import Exercise
from attention_lab.grading.limits import LIMITS
from attention_lab.grading.running import run
from attention_lab.grading.verdict import FAILED, PASSED, Finding, Mistake, Verdict
from attention_lab.kit.texts import lazy

PREDICTED = lazy("The prediction is what the program prints")


@dataclass(frozen=True, slots=True)
class Option:
    """One answer to choose, and what is said when it is chosen: why it is right, or why it tempts."""

    text: str
    why: str


@dataclass(frozen=True, slots=True)
class Question:
    """A program to read, and what it might print."""

    program: str
    options: tuple[Option, ...]

    @property
    def printed(self) -> str:
        """What the program prints; of one that raises, the name of the exception."""
        reply = run(
            {"file": "program.py", "source": self.program, "calls": [], "limits": {**LIMITS, "seconds": 1}}
        )
        if reply["loading"] is not None:
            return str(reply["loading"]["type"])
        return "".join(each["text"] for each in reply["output"]).strip()

    @property
    def right(self) -> int:
        """Which option is right, by running the program."""
        return [option.text for option in self.options].index(self.printed)


def question(exercise: Exercise, seed: int) -> Question:
    """Return the question of an exercise, with fresh numbers from a seed."""
    asked: Question = exercise.module("answers").question(exercise.rng(seed))
    return asked


def answer_verdict(exercise: Exercise, seed: int, answer: str) -> Verdict:
    """Say whether an answer is right, and why."""
    asked = question(exercise, seed)
    right = asked.options[asked.right]
    given = next((each for each in asked.options if each.text == answer.strip()), None)
    passed = given == right
    if passed:
        finding = Finding("predicted", PREDICTED, PASSED, right.why)
    else:
        words = lazy("It prints {text}. {why}", text=right.text, why=right.why)
        finding = Finding("predicted", PREDICTED, FAILED, words)
    tempting = None if passed or given is None else Mistake(given.text, given.why)
    return Verdict(exercise.id, seed, passed, (finding,), mistake=tempting)


def options(pairs: Sequence[tuple[str, str]]) -> tuple[Option, ...]:
    """Return options out of pairs of text and reason."""
    return tuple(Option(text, why) for text, why in pairs)
