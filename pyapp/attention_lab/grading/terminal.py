"""A verdict as lines of text, for a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from attention_lab.grading.verdict import FAILED, NOT_REACHED, PASSED, Failing, Finding, Verdict
from attention_lab.kit.texts import _

_MARKS = {PASSED: "+", FAILED: "x", NOT_REACHED: "."}
_MOST_PRINTED = 20


def no_sandbox(held: tuple[str, ...], limits: dict[str, int]) -> str:
    """Say what a process of its own does not keep a program from, and which limits hold on this system."""
    return _(
        "This is no sandbox: programs run with your rights, and could read and change your files. "
        "Mark only what you would run yourself. Limits that hold here: {limits}.",
        limits=_held(held, limits),
    )


def lines(verdict: Verdict) -> Iterator[str]:
    """Yield the lines of a verdict."""
    told = {"exercise": verdict.exercise, "seed": verdict.seed}
    yield (
        _("{exercise}: passed (seed {seed})", **told)
        if verdict.passed
        else _("{exercise}: failed (seed {seed})", **told)
    )
    for finding in verdict.findings:
        yield f"  {_MARKS[finding.state]} {_sentence(finding)}"
        if finding.detail:
            yield f"      {plain(str(finding.detail))}"
    if verdict.mistake is not None:
        yield f"  {plain(_('A known mistake: {words}', words=verdict.mistake.words))}"
    if verdict.failing is not None:
        yield from _failing(verdict.failing)
    if verdict.told is not None:
        yield from (f"  {plain(str(line))}" for line in verdict.told["trace"])
        for name, (shape, dtype) in verdict.told["arrays"].items():
            yield f"  {plain(name)}: {tuple(shape)}, {plain(dtype)}"
    for entry in verdict.output[:_MOST_PRINTED]:
        text = entry["text"].rstrip()
        yield f"  {plain(_('printed by line {line}: {text}', line=entry['line'], text=text))}"
    if len(verdict.output) > _MOST_PRINTED:
        yield f"  {_('... and {n} more prints', n=len(verdict.output) - _MOST_PRINTED)}"


def _sentence(finding: Finding) -> str:
    if finding.state == NOT_REACHED:
        return _("{sentence} (not reached)", sentence=finding.sentence)
    return str(finding.sentence)


def _failing(failing: Failing) -> Iterator[str]:
    yield f"  {_('{call} with {about}:', call=failing.call, about=failing.about)}"
    for name, value in failing.inputs:
        yield from _value(f"    {name} = ", value)
    if failing.returned is not None:
        yield from _value(f"    {_('returned:')} ", failing.returned)
    yield from _value(f"    {_('expected:')} ", failing.expected)
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


def _held(held: tuple[str, ...], limits: dict[str, int]) -> str:
    words = {
        "time": _("{n} seconds", n=limits["seconds"]),
        "output": _("{n} characters of output", n=f"{limits['output']:,}"),
        "memory": _("{n} MB of memory", n=f"{limits['memory']:,}"),
        "files": _("no files are written"),
    }
    return ", ".join(words[each] for each in held if each in words) or _("none")
