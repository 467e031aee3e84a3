"""What a learner's function gave in a lab, looked at before it is drawn: type, shape, dtype, finiteness."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np

from attention_lab.grading.cases import Case
from attention_lab.grading.comparing import difference
from attention_lab.grading.limits import LIMITS
from attention_lab.grading.protocol import Array, ProtocolError
from attention_lab.grading.replies import Reply, read_reply
from attention_lab.kit.markup import Math, Node, tinted
from attention_lab.kit.numbers import number
from attention_lab.kit.texts import _, phrase

ENDED = ("time", "learner", "crash")
"""How a run may go that gives no answer."""


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
        sheets: what stands behind each other, in several calls or in the leading axis: "head" or "sentence".
        alone: whether the first of them may come alone.
    """

    exercise: str
    name: str
    draws: str
    given: str
    calls: Callable[[], Sequence[Case]]
    expected: Callable[[], Sequence[Mapping[str, Array]]]
    sheets: Literal["head", "sentence"] = "head"
    alone: bool = False


@dataclass(frozen=True, eq=False)
class Stood:
    """What came of it: the arrays that are drawn, or in words why the library's are."""

    arrays: Mapping[str, Sequence[Array]] = field(default_factory=dict)  # picture -> one of each call
    library: Mapping[str, Sequence[Array]] = field(default_factory=dict)  # the same of the library
    words: Math = field(default_factory=list)
    gap: float = 0.0  # the largest difference from the library
    apart: str = ""  # how far, and where; empty for rounding


def stood_of(chosen: StandIn, came: Mapping[str, Any]) -> Stood:
    """Return what is drawn of an answer, or why nothing is."""
    name = tinted(chosen.name, "code")
    if "ended" in came:
        return Stood(words=_ended(name, came["ended"]))
    try:
        reply = read_reply(json.loads(came["reply"]))
    except (ProtocolError, ValueError, RecursionError):
        return Stood(words=_ended(name, "crash"))
    expected = chosen.expected()
    wrong = _why_not(name, reply, len(expected))
    if wrong:
        return Stood(words=wrong)
    arrays: dict[str, list[Array]] = {}
    largest, apart = 0.0, ""
    for at, (outcome, wanted) in enumerate(zip(reply.outcomes, expected, strict=True)):
        parts = _parts(name, outcome.value, wanted, chosen.alone)
        if not isinstance(parts, dict):
            return Stood(words=parts)
        for picture, theirs in parts.items():
            arrays.setdefault(picture, []).append(theirs)
            gap, place = _apart(theirs, wanted[picture])
            if gap > largest:
                sheet = at if len(expected) > 1 else place[-3] if len(place) > 2 else None
                largest, apart = gap, _told(gap, place, chosen.sheets, sheet)
    library = {each: [wanted[each] for wanted in expected] for each in arrays}
    return Stood(arrays=arrays, library=library, gap=largest, apart=apart if largest > _ROUNDING else "")


def _ended(name: Node, how: str) -> Math:
    if how == "time":
        return phrase(
            "Your {name} was still running after {seconds} seconds, and was ended.", name=name, **LIMITS
        )
    if how == "learner":
        return phrase("Your {name} was stopped.", name=name)
    return phrase("Your {name} ended before it gave an answer.", name=name)


def _why_not(name: Node, reply: Reply, calls: int) -> Math:
    """Why nothing can be drawn of it; empty if something can."""
    if reply.stopped == "memory":
        return phrase("Your {name} asked for more memory than it may have.", name=name)
    if reply.stopped == "output":
        return phrase("Your {name} printed far too much.", name=name)
    raised = next((each.raised for each in reply.outcomes if each.raised is not None), reply.loading)
    if raised is not None:
        told = {"kind": raised["type"], "message": raised["message"].rstrip(".: "), "line": raised["line"]}
        if raised["line"] is None:
            return phrase("Your {name} raised {kind}: {message}.", name=name, **told)
        return phrase("Your {name} raised {kind} in line {line}: {message}.", name=name, **told)
    return [] if len(reply.outcomes) == calls else _ended(name, "crash")


def _parts(name: Node, value: Any, wanted: Mapping[str, Array], alone: bool) -> dict[str, Array] | Math:
    """What was returned, by picture; or in words what is wrong with it."""
    names = list(wanted)
    values = list(value) if isinstance(value, tuple) and len(names) > 1 else [value]
    if isinstance(value, tuple) and len(names) == 1 and len(value) == 2 and alone:
        values = [value[0]]  # the weights besides the output, as some exercises allow
    if len(values) != len(names) and not (alone and len(values) == 1):
        return phrase(
            "Your {name} returned {n} values where {most} are asked for.",
            name=name,
            n=len(values),
            most=len(names),
        )
    found: dict[str, Array] = {}
    for picture, each in zip(names, values, strict=False):
        apart = difference(each, wanted[picture])
        if apart is not None and apart.stage != "values":
            words = str(apart.words).rstrip(".")
            return phrase("Your {name} gave what cannot be drawn: {words}.", name=name, words=words)
        odd = _not_a_number(name, each, wanted[picture])
        if odd:
            return odd
        found[picture] = each
    return found


def _not_a_number(name: Node, theirs: Array, library: Array) -> Math:
    """Where it holds nan, or an infinite number that the library does not have."""
    if theirs.dtype.kind not in "fc":
        return []
    odd = np.argwhere(np.isnan(theirs) | (np.isinf(theirs) & ~np.isinf(library)))
    if not len(odd):
        return []
    value = theirs[tuple(odd[0])]
    place = str(odd[0].tolist())
    return phrase("Your {name} gave {value} at {place}.", name=name, value=f"{value:g}", place=place)


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


def _told(gap: float, place: tuple[int, ...], sheets: str, sheet: int | None) -> str:
    """How far apart, and where: counted from 1 as in the pictures."""
    row, col = (0, 0, *place)[-2:]
    told = {"gap": number(gap, 4), "row": row + 1, "col": col + 1}
    if sheet is None:
        return _("{gap}, in row {row}, column {col}", **told)
    if sheets == "head":
        return _("{gap}, in row {row}, column {col} of head {n}", n=sheet + 1, **told)
    return _("{gap}, in row {row}, column {col} of sentence {n}", n=sheet + 1, **told)
