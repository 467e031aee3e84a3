"""What several tests of the grader need: a program, run here, and what is said of it."""

from __future__ import annotations

from textwrap import dedent
from typing import Any

from attention_lab.grading.catalogue import Exercise, exercise
from attention_lab.grading.judge import request, verdict
from attention_lab.grading.protocol import encode
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


def told_of(program: str, *args: Any) -> dict[str, Any]:
    """What is said of the exception that f(*args) raises."""
    reply = reply_to(program, ("f", args))
    told: dict[str, Any] = reply["loading"] or reply["results"][0]["raised"]
    return told
