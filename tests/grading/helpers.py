"""What several tests of the grader need: a program, run here, and what is said of it."""

from __future__ import annotations

from collections.abc import Mapping
from textwrap import dedent
from typing import Any

from attention_lab.grading.catalogue import Exercise, exercise
from attention_lab.grading.judge import request, verdict
from attention_lab.grading.protocol import encode
from attention_lab.grading.replies import read_reply
from attention_lab.grading.running import run
from attention_lab.grading.verdict import FAILED, Verdict


def graded(name: str | Exercise, program: str, seed: int = 1) -> Verdict:
    """Run a program in this process, and judge it."""
    asked = exercise(name) if isinstance(name, str) else name
    sent = request(asked, dedent(program), seed)
    return verdict(asked, sent, run(sent))


def failed(said: Verdict) -> tuple[str, str]:
    """The first sentence that does not hold, and what is said of it."""
    return next((each.sentence, each.detail) for each in said.findings if each.state == FAILED)


def reply_to(program: str, *calls: tuple[str, tuple[Any, ...]], output: int = 20_000) -> dict[str, Any]:
    """Run a program, and call functions of it."""
    return run(
        {
            "file": "program.py",
            "source": dedent(program),
            "calls": [
                {"do": [{"call": name, "args": [encode(each) for each in args]}]} for name, args in calls
            ],
            "limits": {"output": output},
        }
    )


def told_of(program: str, *args: Any) -> Mapping[str, Any]:
    """What is said of the exception that f(*args) raises."""
    return told_in(reply_to(program, ("f", args)))


def told_in(reply: dict[str, Any]) -> Mapping[str, Any]:
    """What a reply says of an exception."""
    came = read_reply(reply)
    told = came.loading or came.outcomes[-1].raised
    assert told is not None
    return told
