"""A verdict as lines of text, for a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from attention_lab.grading.verdict import FAILED, NOT_REACHED, PASSED, Failing, Verdict

_MARKS = {PASSED: "+", FAILED: "x", NOT_REACHED: "."}
_MOST_PRINTED = 20

NO_SANDBOX = (
    "This is no sandbox: programs run with your rights, and could read and change your files. "
    "Mark only what you would run yourself. Limits that hold here: {limits}."
)


def lines(verdict: Verdict) -> Iterator[str]:
    """Yield the lines of a verdict."""
    yield f"{verdict.exercise}: {'passed' if verdict.passed else 'failed'} (seed {verdict.seed})"
    for finding in verdict.findings:
        more = " (not reached)" if finding.state == NOT_REACHED else ""
        yield f"  {_MARKS[finding.state]} {finding.sentence}{more}"
        if finding.detail:
            yield f"      {plain(finding.detail)}"
    if verdict.mistake is not None:
        yield f"  A known mistake: {plain(verdict.mistake.words)}"
    if verdict.failing is not None:
        yield from _failing(verdict.failing)
    if verdict.told is not None:
        yield from (f"  {plain(line)}" for line in verdict.told["trace"])
        for name, (shape, dtype) in verdict.told["arrays"].items():
            yield f"  {plain(name)}: {tuple(shape)}, {plain(dtype)}"
    for entry in verdict.output[:_MOST_PRINTED]:
        yield f"  printed by line {entry['line']}: {plain(entry['text'].rstrip())}"
    if len(verdict.output) > _MOST_PRINTED:
        yield f"  ... and {len(verdict.output) - _MOST_PRINTED} more prints"


def _failing(failing: Failing) -> Iterator[str]:
    yield f"  {failing.call} with {failing.about}:"
    for name, value in failing.inputs:
        yield from _value(f"    {name} = ", value)
    if failing.returned is not None:
        yield from _value("    returned: ", failing.returned)
    yield from _value("    expected: ", failing.expected)
    if failing.arithmetic:
        yield f"    {failing.arithmetic}"


def _value(head: str, value: Any) -> Iterator[str]:
    if isinstance(value, np.ndarray):
        text = np.array2string(value, precision=4, suppress_small=True, threshold=100)
    else:
        text = str(value)[:500]
    first, *rest = plain(text).split("\n")
    yield head + first
    yield from (" " * len(head) + line for line in rest)


def plain(text: str) -> str:
    """Return a text without what a terminal would obey."""
    return "".join(each if each.isprintable() or each == "\n" else "\ufffd" for each in text)


def limits_held(held: tuple[str, ...], limits: dict[str, int]) -> str:
    """Say which limits hold on this system."""
    words = {
        "time": f"{limits['seconds']} seconds",
        "output": f"{limits['output']:,} characters of output",
        "memory": f"{limits['memory']:,} MB of memory",
        "files": "no files are written",
    }
    return ", ".join(words[each] for each in held if each in words) or "none"
