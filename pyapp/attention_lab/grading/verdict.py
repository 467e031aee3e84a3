"""What the judge says of one run, as plain data: for the page, for the terminal and for JSON.

What is a sentence here is a text of kit/texts.py: English as a string, said in the learner's language where
it is shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from attention_lab.grading.protocol import Other, Recipe

PASSED, FAILED, NOT_REACHED = "passed", "failed", "not reached"
_MOST_SHOWN = 4_000


@dataclass(frozen=True, slots=True)
class Finding:
    """One sentence, and whether it holds."""

    id: str  # "runs", "type", "shape", "dtype", "values", "untouched", ...: the same in every language
    sentence: str
    state: str  # PASSED, FAILED or NOT_REACHED
    detail: str = ""  # what was done, and what was expected


@dataclass(frozen=True, slots=True, eq=False)
class Failing:
    """The smallest input that fails, with what was returned and what was expected."""

    about: str  # "3 queries, 5 keys"
    call: str  # "attention(Q, K, V)"
    inputs: tuple[tuple[str, Any], ...]  # by name
    returned: Any
    expected: Any
    part: tuple[int | str, ...] = ()  # where in a tuple the two differ
    cell: tuple[int, ...] | None = None  # the first cell that differs
    arithmetic: str = ""  # how the expected number of this cell is computed


@dataclass(frozen=True, slots=True)
class Mistake:
    """A known wrong solution that gives the same."""

    name: str
    words: str


@dataclass(frozen=True, slots=True, eq=False)
class Verdict:
    """All that is said of one run."""

    exercise: str
    seed: int  # gives the same inputs again
    passed: bool
    findings: tuple[Finding, ...]
    failing: Failing | None = None
    mistake: Mistake | None = None
    told: Mapping[str, Any] | None = None  # of an exception: see explaining.py
    output: tuple[Mapping[str, Any], ...] = ()  # what was printed: line and text
    stopped: str | None = None  # "time", "memory", "output" or "ended"

    def view(self) -> dict[str, Any]:
        """Return plain data for JSON."""
        failing = self.failing
        return {
            "exercise": self.exercise,
            "seed": self.seed,
            "passed": self.passed,
            "checks": [
                {"id": each.id, "sentence": each.sentence, "state": each.state, "detail": each.detail}
                for each in self.findings
            ],
            "failing": None
            if failing is None
            else {
                "about": failing.about,
                "call": failing.call,
                "inputs": [{"name": name, "value": shown(value)} for name, value in failing.inputs],
                "returned": shown(failing.returned),
                "expected": shown(failing.expected),
                "part": list(failing.part),
                "cell": None if failing.cell is None else list(failing.cell),
                "arithmetic": failing.arithmetic,
            },
            "mistake": None
            if self.mistake is None
            else {"name": self.mistake.name, "words": self.mistake.words},
            "exception": None if self.told is None else dict(self.told),
            "output": [dict(each) for each in self.output],
            "stopped": self.stopped,
        }


def shown(value: Any) -> Any:
    """Return a value for JSON: an array as shape, dtype and rows; nan and inf by name."""
    if isinstance(value, np.ndarray):
        rows = shown(value.tolist()) if value.size <= _MOST_SHOWN and value.dtype.kind != "c" else None
        return {"shape": list(value.shape), "dtype": str(value.dtype), "rows": rows}
    if isinstance(value, tuple):
        return {"tuple": [shown(each) for each in value]}
    if isinstance(value, list):
        return [shown(each) for each in value]
    if isinstance(value, dict):
        return {"dict": [[shown(key), shown(each)] for key, each in value.items()]}
    if isinstance(value, float) and not np.isfinite(value):
        return str(value)
    if isinstance(value, Other):
        return {"other": value.kind}
    if isinstance(value, Recipe):
        return {"function": value.kind}
    return value
