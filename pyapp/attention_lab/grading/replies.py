"""What a runner replied, checked field by field before it is believed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from attention_lab.grading.protocol import ProtocolError, decode
from attention_lab.kit.texts import lazy

STOPS = ("time", "memory", "output", "ended")
"""Why a run may have been ended."""

_TEXT = re.compile(r"([^{}]|\{[a-z_]+\})+")
_PLACE = re.compile(r"\{([a-z_]+)\}")
_LONGEST = 2_000  # characters of a text, and of each of its values
_MOST_PLACES = 12
_DEEPEST = 3  # texts within texts


@dataclass(frozen=True, slots=True, eq=False)
class Outcome:
    """What came of one case."""

    value: Any = None
    written: tuple[str, ...] = ()
    raised: Mapping[str, Any] | None = None
    peak: int | None = None
    called: Mapping[str, int] = field(default_factory=dict)  # how often each part was called


@dataclass(frozen=True, slots=True, eq=False)
class Reply:
    """All that came of a run."""

    outcomes: tuple[Outcome, ...] = ()
    loading: Mapping[str, Any] | None = (
        None  # the exception of a program that did not get as far as its calls
    )
    stopped: str | None = None
    output: tuple[Mapping[str, Any], ...] = ()


def read_reply(plain: Any) -> Reply:
    """Read a reply; ProtocolError for what is none."""
    try:
        return _read(plain)
    except (KeyError, TypeError, ValueError, AttributeError, ArithmeticError) as error:
        raise ProtocolError(f"not a reply: {error}") from error


def _read(plain: Any) -> Reply:
    outcomes = tuple(
        Outcome(raised=_told(each["raised"]))
        if "raised" in each
        else Outcome(
            decode(each["returned"]),
            tuple(map(str, each["written"])),
            None,
            each.get("peak"),
            {str(name): _whole(n) or 0 for name, n in each.get("called", {}).items()},
        )
        for each in plain["results"]
    )
    loading = None if plain["loading"] is None else _told(plain["loading"])
    stopped = plain["stopped"]
    if stopped is not None and stopped not in STOPS:
        raise ProtocolError("stopped by nothing that is known")
    if not plain["ran"] and loading is None and stopped is None:
        raise ProtocolError("it neither ran nor failed")
    output = tuple({"line": _whole(each["line"]), "text": str(each["text"])} for each in plain["output"])
    return Reply(outcomes, loading, stopped, output)


def _told(plain: Any) -> Mapping[str, Any]:
    arrays = {
        str(name): [[int(n) for n in shape], str(kind)] for name, (shape, kind) in plain["arrays"].items()
    }
    return {
        "type": str(plain["type"]),
        "message": str(plain["message"]),
        "plain": text_of(plain["plain"]),
        "line": _whole(plain["line"]),
        "column": _whole(plain["column"]),
        "arrays": arrays,
        "file": str(plain.get("file", "")),
        "trace": [text_of(line) for line in plain["trace"]],
    }


def text_of(plain: Any, deepest: int = _DEEPEST) -> str:
    """Return what the runner says, [text, values], as a text that is said where it is shown.

    Whoever forges one gains no format of Python's: a place is a name in braces, and there are few.
    """
    text, values = plain
    if not deepest or type(text) is not str or len(text) > _LONGEST or not _TEXT.fullmatch(text):
        raise ProtocolError("not a text")
    places = _PLACE.findall(text)
    if len(places) > _MOST_PLACES or set(places) != set(values):
        raise ProtocolError("not the values of a text")
    return lazy(text, **{name: _value(each, deepest) for name, each in values.items()})


def _value(plain: Any, deepest: int) -> str:
    if isinstance(plain, list):
        return text_of(plain, deepest - 1)
    if type(plain) is not str or len(plain) > _LONGEST:
        raise ProtocolError("not a value of a text")
    return plain


def _whole(value: Any) -> int | None:
    return value if type(value) is int else None
