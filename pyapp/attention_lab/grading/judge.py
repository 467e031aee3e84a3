"""Says whether a program does what its exercise asks: makes the inputs, knows the answers, compares.

It never runs the learner's code. What does (a worker of the page, a process of the command line) gets a
request and returns a reply; see protocol.py for what values look like on the way. The reference and the known
wrong solutions, which are ours, are run here, on the very same calls.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from functools import reduce
from typing import Any

import numpy as np

from attention_lab.grading.cases import Case, Check
from attention_lab.grading.catalogue import Exercise
from attention_lab.grading.comparing import Difference, difference, kind_of
from attention_lab.grading.limits import LIMITS
from attention_lab.grading.protocol import ProtocolError
from attention_lab.grading.replies import Outcome, Reply, read_reply
from attention_lab.grading.running import run
from attention_lab.grading.verdict import FAILED, NOT_REACHED, PASSED, Failing, Finding, Mistake, Verdict
from attention_lab.kit.texts import lazy

RUNS = lazy("It runs")
UNTOUCHED = lazy("It leaves its inputs as they are")
_STAGES = {"shape": lazy("The shape is right"), "dtype": lazy("The dtype is right")}
_ENDED = lazy("It ended before it gave an answer: the program, or something that it called, closed Python.")


def request(
    exercise: Exercise, source: str, seed: int, checks: tuple[Check, ...] | None = None
) -> dict[str, Any]:
    """Return what the runner is asked to do: run the source, and the calls of all checks.

    `checks` are those of the seed, where they are made already.
    """
    made = exercise.checks(seed) if checks is None else checks
    cases = [case for check in made for case in check.cases]
    return {
        "exercise": exercise.id,
        "seed": seed,
        "file": exercise.file,
        "source": source,
        "calls": [case.plain() for case in cases],
        "limits": dict(LIMITS),
    }


def ended(why: str) -> dict[str, Any]:
    """Return the reply in the place of one that never came: "time", "memory" or "ended"."""
    return {"ran": False, "results": [], "output": [], "loading": None, "stopped": why}


def verdict(
    exercise: Exercise,
    request: Mapping[str, Any],
    reply: Any,
    expected: tuple[Outcome, ...] | None = None,
    checks: tuple[Check, ...] | None = None,
) -> Verdict:
    """Say what is right and wrong; a reply that is not one is a program that gave no answer.

    `expected` is what the reference gives for this request, and `checks` are those of its seed, where these
    are known already.
    """
    seed = int(request["seed"])
    if checks is None:
        checks = exercise.checks(seed)
    try:
        came = read_reply(reply)
    except ProtocolError:
        came = Reply(stopped="ended")
    if expected is None:
        expected = outcomes_of(exercise, exercise.reference, request)
    judged = _Judged(exercise, checks, expected, came, request["limits"])
    findings = tuple(judged.findings())
    passed = all(each.state == PASSED for each in findings)
    return Verdict(
        exercise.id,
        seed,
        passed,
        findings,
        failing=judged.failing,
        mistake=None if passed or came.stopped is not None else _mistake(exercise, request, judged),
        told=judged.told,
        output=came.output,
        stopped=came.stopped,
    )


def outcomes_of(exercise: Exercise, source: str, request: Mapping[str, Any]) -> tuple[Outcome, ...]:
    """Run a program of ours on the calls of a request, here."""
    return read_reply(reply_of(source, request)).outcomes


def reply_of(source: str, request: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the runner would reply to a program of ours: it is run here."""
    return run({**request, "source": source})


def words_of(program: str) -> str:
    """The words that a known wrong solution draws: its docstring, as one line."""
    return " ".join((ast.get_docstring(ast.parse(program)) or "").split())


class _Judged:
    """Goes through the findings in their order; what comes after the first that fails may not be reached."""

    def __init__(
        self,
        exercise: Exercise,
        checks: tuple[Check, ...],
        expected: tuple[Outcome, ...],
        came: Reply,
        limits: Mapping[str, int],
    ) -> None:
        self.exercise, self.checks, self.expected, self.limits = exercise, checks, expected, limits
        self.outcomes, self.stopped, self.loading = came.outcomes[: len(expected)], came.stopped, came.loading
        self.cases = [case for check in checks for case in check.cases]
        self.failing: Failing | None = None
        self.place: int | None = None  # of the failing case
        raised = next((each.raised for each in self.outcomes if each.raised is not None), None)
        self.told = self.loading if self.loading is not None else raised
        self.differences = [
            None if one.raised is not None else difference(*_pair(exercise, one.value, other.value))
            for one, other in zip(self.outcomes, expected, strict=False)
        ]

    def findings(self) -> Iterator[Finding]:
        """Yield runs, type, shape, dtype, the values, and whether inputs were written into."""
        runs = self._runs()
        yield runs
        reached = runs.state == PASSED
        for stage in ("type", "shape", "dtype"):
            found = self._stage(stage, self._sentence(stage)) if reached else None
            yield found or Finding(stage, self._sentence(stage), NOT_REACHED)
            reached = found is not None and found.state == PASSED
        start = 0
        for check in self.checks:
            end = start + len(check.cases)
            yield (
                self._values(check, start, end) if reached else Finding("values", check.sentence, NOT_REACHED)
            )
            start = end
        yield self._untouched() if reached else Finding("untouched", UNTOUCHED, NOT_REACHED)

    def _sentence(self, stage: str) -> str:
        if stage != "type":
            return _STAGES[stage]
        kinds = dict.fromkeys(kind_of(each.value) for each in self.expected)
        return lazy("It returns {kinds}", kinds=reduce(_or, kinds))

    def _stopped_by(self, why: str) -> str:
        if why == "time":
            return lazy(
                "It was still running after {seconds}, and was ended. Is there a loop that nothing ends?",
                seconds=seconds_of(self.limits["seconds"]),
            )
        if why == "memory":
            return lazy(
                "It asked for more memory than it may have, and was ended: an array is far too large, or "
                "something grows without an end."
            )
        if why == "output":
            return lazy(
                "It printed more than {n} characters, and was ended. Is there a print in a loop that nothing "
                "ends?",
                n=self.limits["output"],
            )
        return _ENDED

    def _runs(self) -> Finding:
        if self.stopped is not None and (self.told is None or self.stopped != "memory"):
            words = self._stopped_by(self.stopped)
            if self.told and self.told["line"]:
                words = lazy("{said} It was in line {line}.", said=words, line=self.told["line"])
            return Finding("runs", RUNS, FAILED, words)
        if self.told is not None:
            place = len(self.outcomes) - 1
            if self.loading is None:
                self._fail(place, None)
            words = self.told["plain"]
            if self.told["line"]:
                words = lazy("line {line}: {words}", line=self.told["line"], words=words)
            return Finding("runs", RUNS, FAILED, words)
        if len(self.outcomes) < len(self.cases):
            return Finding("runs", RUNS, FAILED, _ENDED)
        return Finding("runs", RUNS, PASSED)

    def _stage(self, stage: str, sentence: str) -> Finding:
        for place, found in enumerate(self.differences):
            if found is not None and found.stage == stage:
                self._fail(place, found)
                return Finding(stage, sentence, FAILED, _with(self.cases[place], found.words))
        return Finding(stage, sentence, PASSED)

    def _values(self, check: Check, start: int, end: int) -> Finding:
        for place in range(start, end):
            found, case, outcome = self.differences[place], self.cases[place], self.outcomes[place]
            if found is not None:
                self._fail(place, found)
                return Finding("values", check.sentence, FAILED, _with(case, found.words))
            if _over(case, outcome):
                self.place = place
                words = lazy(
                    "it held {held} MB at once; {enough} MB are enough.",
                    held=f"{(outcome.peak or 0) / 1e6:.1f}",
                    enough=f"{(case.peak or 0) / 1e6:.1f}",
                )
                return Finding("values", check.sentence, FAILED, _with(case, words))
        return Finding("values", check.sentence, PASSED)

    def _untouched(self) -> Finding:
        for place, (outcome, case) in enumerate(zip(self.outcomes, self.cases, strict=True)):
            if outcome.written:
                self.place = place
                words = lazy(
                    "it writes into {names}, which belongs to who called. Work on a copy, or without `+=`, "
                    "`[...] =` and `out=`.",
                    names=reduce(_and, [f"`{name}`" for name in outcome.written]),
                )
                return Finding("untouched", UNTOUCHED, FAILED, _with(case, words))
        return Finding("untouched", UNTOUCHED, PASSED)

    def _fail(self, place: int, found: Difference | None) -> None:
        """Keep the first failing case."""
        if self.failing is not None:
            return
        self.place = place
        case, outcome, expected = self.cases[place], self.outcomes[place], self.expected[place]
        returned, wanted = _pair(self.exercise, outcome.value, expected.value)
        part, cell = (found.part, found.cell) if found is not None else ((), None)
        self.failing = Failing(
            case.about,
            _written_call(case, self.exercise),
            tuple(_inputs(case, self.exercise)),
            returned,
            wanted,
            part,
            cell,
            self._arithmetic(case, part, cell),
        )

    def _arithmetic(self, case: Case, part: tuple[int | str, ...], cell: tuple[int, ...] | None) -> str:
        """How the number of a cell is computed, where checks.py tells it."""
        tell = getattr(self.exercise.module("checks"), "arithmetic", None)
        if tell is None or cell is None:
            return ""
        told: str = tell(dict(_inputs(case, self.exercise)), part[0] if part else 0, cell)
        return told


def _with(case: Case, words: str) -> str:
    return lazy("With {about}: {words}", about=case.about, words=words)


def _or(one: str, other: str) -> str:
    return lazy("{one} or {other}", one=one, other=other)


def _and(one: str, other: str) -> str:
    return lazy("{one} and {other}", one=one, other=other)


def seconds_of(n: int) -> str:
    """Say how long."""
    return lazy("1 second") if n == 1 else lazy("{n} seconds", n=n)


def _pair(exercise: Exercise, returned: Any, expected: Any) -> tuple[Any, Any]:
    """The two to compare; where the output alone will do for (output, weights), the outputs."""
    alone = isinstance(expected, tuple) and isinstance(returned, np.ndarray)
    if alone and getattr(exercise.module("checks"), "OUTPUT_ALONE", False):
        return returned, expected[0]
    return _asked(exercise, returned, expected), expected


def _asked(exercise: Exercise, returned: Any, expected: Any) -> Any:
    """What was asked for: where weights may be returned besides the output, the output."""
    too_many = isinstance(returned, tuple) and not isinstance(expected, tuple) and len(returned) == 2
    return returned[0] if too_many and getattr(exercise.module("checks"), "WEIGHTS_TOO", False) else returned


def _names(case: Case, exercise: Exercise) -> list[str]:
    """The names of the arguments, as the reference calls them."""
    last = case.last
    tree = ast.parse(exercise.reference)
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and node.name == last.name:
            return [each.arg for each in node.args.args if each.arg != "self"]
    return [lazy("argument {n}", n=place) for place in range(1, len(last.args) + 1)]


def _inputs(case: Case, exercise: Exercise) -> Iterator[tuple[str, Any]]:
    last = case.last
    yield from zip(_names(case, exercise), last.args, strict=False)
    yield from last.kwargs
    for step in case.do[:-1]:
        for place, each in enumerate(step.args, 1):
            yield lazy("argument {n} of {name}", n=place, name=step.name), each


def _written_call(case: Case, exercise: Exercise) -> str:
    last = case.last
    args = [name for name, _ in zip(_names(case, exercise), last.args, strict=False)]
    args += [
        f"{name}={name}" if isinstance(each, np.ndarray) else f"{name}={each!r}" for name, each in last.kwargs
    ]
    made = "".join(f"{step.name}(...)." for step in case.do[:-1])
    name = "" if last.name == "__call__" else last.name
    return f"{made if name else made.rstrip('.')}{name}({', '.join(args)})"


def _mistake(exercise: Exercise, request: Mapping[str, Any], judged: _Judged) -> Mistake | None:
    """The known wrong solution that gives just what the learner's does, in every case."""
    outcomes = judged.outcomes
    if not outcomes:
        return None
    first = judged.place if judged.place is not None else 0
    telling = {**request, "calls": request["calls"][first : first + 1]}  # most others differ here already
    for name, program in exercise.wrong.items():
        alone = outcomes_of(exercise, program, telling)
        if alone and _alike(exercise, judged.cases[first], outcomes[first], alone[0]):
            theirs = outcomes_of(exercise, program, request)
            if len(theirs) == len(outcomes) and all(
                map(_alike, [exercise] * len(outcomes), judged.cases, outcomes, theirs)
            ):
                return Mistake(name, lazy(words_of(program)))
    return None


def _alike(exercise: Exercise, case: Case, one: Outcome, other: Outcome) -> bool:
    if one.raised is not None or other.raised is not None:
        return one.raised is not None and other.raised is not None and _same_error(one.raised, other.raised)
    return (
        bool(one.written) == bool(other.written)
        and _over(case, one) == _over(case, other)
        and difference(_asked(exercise, one.value, other.value), other.value) is None
    )


def _same_error(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    return bool(one["type"] == other["type"] and one["message"] == other["message"])


def _over(case: Case, outcome: Outcome) -> bool:
    """Whether more memory was held at once than is enough."""
    return case.peak is not None and type(outcome.peak) is int and outcome.peak > case.peak
