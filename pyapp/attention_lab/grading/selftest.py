"""Holds every exercise to what it promises: its reference passes, its starter does not, and each known
mistake fails with its own words. Where the programs run is the caller's affair.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from attention_lab.grading.catalogue import Exercise
from attention_lab.grading.judge import request, verdict
from attention_lab.grading.predicting import question
from attention_lab.grading.verdict import Verdict
from attention_lab.kit.texts import lazy

REFERENCE, STARTER = "reference", "starter"


@dataclass(frozen=True, slots=True)
class Tried:
    """One program of ours, what was said to it, and whether that is what should be said."""

    program: str  # "reference", "starter" or the name of a known mistake
    said: str
    right: bool


def programs(exercise: Exercise) -> dict[str, str]:
    """Return the programs of an exercise by name; of one that asks what a program prints there are none."""
    if exercise.kind == "predict":
        return {}
    return {REFERENCE: exercise.reference, STARTER: exercise.starter, **exercise.wrong}


def requests(exercise: Exercise, seed: int) -> list[dict[str, Any]]:
    """Return what the runner is asked for each of them."""
    return [request(exercise, source, seed) for source in programs(exercise).values()]


def tried(exercise: Exercise, seed: int, replies: Any) -> list[Tried]:
    """Judge the replies; a missing one is a program that gave no answer."""
    if exercise.kind == "predict":
        asked = question(exercise, seed)
        printed = asked.printed
        return [
            Tried(lazy("the program"), printed, [each.text for each in asked.options].count(printed) == 1)
        ]
    names = list(programs(exercise))
    given: Sequence[Any] = replies if isinstance(replies, list) else []
    given = [*given[: len(names)], *[None] * (len(names) - len(given))]
    return [
        _judged(name, verdict(exercise, asked, reply))
        for name, asked, reply in zip(names, requests(exercise, seed), given, strict=True)
    ]


def _judged(name: str, found: Verdict) -> Tried:
    mistake = found.mistake.name if found.mistake else ""
    said = (
        lazy("passed")
        if found.passed
        else lazy("failed: {mistake}", mistake=mistake)
        if mistake
        else lazy("failed")
    )
    right = found.passed if name == REFERENCE else not found.passed and (name == STARTER or mistake == name)
    return Tried(name, said, right)
