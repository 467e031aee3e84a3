"""What a learner's function gave in a lab, looked at before it is drawn: type, shape, dtype, finiteness."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from attention_lab.grading.cases import Case
from attention_lab.grading.comparing import difference
from attention_lab.grading.limits import LIMITS
from attention_lab.grading.protocol import Array, ProtocolError
from attention_lab.grading.replies import Reply, read_reply
from attention_lab.kit.texts import _, lazy

ENDED = {
    "time": lazy("was still running after {seconds} seconds, and was ended", **LIMITS),
    "learner": lazy("was stopped"),
    "crash": lazy("ended before it gave an answer"),
}
"""How a run went that gave no answer."""

_STOPPED = {"memory": lazy("asked for more memory than it may have"), "output": lazy("printed far too much")}


_ROUNDING = 1e-9


@dataclass(frozen=True, kw_only=True, eq=False)
class StandIn:
    """A function of the library's that the learner's may stand in for.

    Args:
        exercise: the exercise that asks for it.
        name: what it is called there.
        draws: what it gives, in words: "the weights".
        given: what goes in, in words: "the masked scores"; it stays the library's.
        calls: the calls of this state, one or a few (of every head, say).
        expected: for each call, what the library gives: picture -> array, in the order of what is returned.
        sheets: what stands behind each other, in several calls or in the leading axis: heads, say.
        alone: whether the first of them may come alone.
    """

    exercise: str
    name: str
    draws: str
    given: str
    calls: Callable[[], Sequence[Case]]
    expected: Callable[[], Sequence[Mapping[str, Array]]]
    sheets: str = lazy("head")
    alone: bool = False


@dataclass(frozen=True, eq=False)
class Stood:
    """What came of it: the arrays that are drawn, or in words why the library's are."""

    arrays: Mapping[str, Sequence[Array]] = field(default_factory=dict)  # picture -> one of each call
    library: Mapping[str, Sequence[Array]] = field(default_factory=dict)  # the same of the library
    words: str = ""
    gap: float = 0.0  # the largest difference from the library
    where: str = ""


def stood_of(chosen: StandIn, came: Mapping[str, Any]) -> Stood:
    """Return what is drawn of an answer, or why nothing is."""
    if "ended" in came:
        return Stood(words=str(ENDED[came["ended"]]))
    try:
        reply = read_reply(json.loads(came["reply"]))
    except (ProtocolError, ValueError, RecursionError):
        return Stood(words=str(ENDED["crash"]))
    expected = chosen.expected()
    wrong = _why_not(reply, len(expected))
    if wrong:
        return Stood(words=wrong)
    arrays: dict[str, list[Array]] = {}
    largest, where = 0.0, ""
    for number, (outcome, wanted) in enumerate(zip(reply.outcomes, expected, strict=True)):
        parts = _parts(outcome.value, wanted, chosen.alone)
        if isinstance(parts, str):
            return Stood(words=parts)
        for picture, theirs in parts.items():
            arrays.setdefault(picture, []).append(theirs)
            gap, place = _apart(theirs, wanted[picture])
            if gap > largest:
                sheet = number if len(expected) > 1 else place[-3] if len(place) > 2 else None
                largest, where = (
                    gap,
                    _named(
                        place, "" if sheet is None else _(" of {what} {n}", what=chosen.sheets, n=sheet + 1)
                    ),
                )
    library = {each: [wanted[each] for wanted in expected] for each in arrays}
    return Stood(arrays=arrays, library=library, gap=largest, where=where if largest > _ROUNDING else "")


def _why_not(reply: Reply, calls: int) -> str:
    """Why nothing can be drawn of it; empty if something can."""
    if reply.stopped in _STOPPED:
        return str(_STOPPED[reply.stopped])
    raised = next((each.raised for each in reply.outcomes if each.raised is not None), reply.loading)
    if raised is not None:
        told = {"kind": raised["type"], "message": raised["message"].rstrip(".: "), "line": raised["line"]}
        if raised["line"] is None:
            return _("raised {kind}: {message}", **told)
        return _("raised {kind} in line {line}: {message}", **told)
    return "" if len(reply.outcomes) == calls else str(ENDED["crash"])


def _parts(value: Any, wanted: Mapping[str, Array], alone: bool) -> dict[str, Array] | str:
    """What was returned, by picture; or in words what is wrong with it."""
    names = list(wanted)
    values = list(value) if isinstance(value, tuple) and len(names) > 1 else [value]
    if isinstance(value, tuple) and len(names) == 1 and len(value) == 2 and alone:
        values = [value[0]]  # the weights besides the output, as some exercises allow
    if len(values) != len(names) and not (alone and len(values) == 1):
        return _("returned {n} values where {most} are asked for", n=len(values), most=len(names))
    found: dict[str, Array] = {}
    for name, each in zip(names, values, strict=False):
        apart = difference(each, wanted[name])
        if apart is not None and apart.stage != "values":
            return _("gave what cannot be drawn: {words}", words=str(apart.words).rstrip("."))
        odd = _not_a_number(each, wanted[name])
        if odd:
            return odd
        found[name] = each
    return found


def _not_a_number(theirs: Array, library: Array) -> str:
    """Where it holds nan, or an infinite number that the library does not have."""
    if theirs.dtype.kind not in "fc":
        return ""
    odd = np.argwhere(np.isnan(theirs) | (np.isinf(theirs) & ~np.isinf(library)))
    if not len(odd):
        return ""
    value = theirs[tuple(odd[0])]
    return _("gave {value} at {place}", value=f"{value:g}", place=odd[0].tolist())


def _apart(theirs: Array, library: Array) -> tuple[float, tuple[int, ...]]:
    """The largest difference, and its place."""
    if not theirs.size:
        return 0.0, ()
    if theirs.dtype.kind == "b":
        gaps = (theirs != library).astype(float)
    else:
        with np.errstate(invalid="ignore"):
            gaps = np.where(theirs == library, 0.0, np.abs(theirs - library))
    gaps = np.where(np.isnan(gaps), math.inf, gaps)
    return float(gaps.max()), tuple(map(int, np.unravel_index(int(gaps.argmax()), gaps.shape)))


def _named(place: tuple[int, ...], sheet: str) -> str:
    """A place, counted from 1 as in the pictures."""
    row, col = (0, 0, *place)[-2:]
    return _("in row {row}, column {col}{sheet}", row=row + 1, col=col + 1, sheet=sheet)
