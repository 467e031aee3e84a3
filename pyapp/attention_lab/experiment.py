"""The settings of the experiments: what each may hold, and how it stands in a link.

They lie beside those of the stepper, each with a reader of its own; none of them means anything there.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from attention import JOBS
from attention_lab.examined import MODELS, START
from attention_lab.interventions import CHANGES
from attention_lab.refusal import RefusedError, one_of, shown

MAX_WORDS = 30  # the small models take 31 and a sign of their own; a full stop is put at the end
OWN = -1  # the sample that the learner wrote
DRAWN = ("arrows", "map")
ORDERS = ("weight", "layer")
SCOPES = ("head", "all")
_MAX_CHANGES = 8
_MAX_KINDS = 40
_MAX_SAMPLES = 9
_HIGH = 99  # no model has more layers, heads or words

DEFAULTS: Mapping[str, Any] = {
    "own": "The trophy did not fit in the suitcase because it was too big",
    "sample": None,
    "job": None,
    "examined": "reader",
    "at": None,
    "asked": None,
    "rival": None,
    "exchange": None,
    "changes": [],
    "scope": "head",
    "kinds": {},
    "drawn": "arrows",
    "order": "weight",
}
"""None stands for what the step asks."""

OF_A_SENTENCE = ("asked", "rival", "exchange", "changes", "at")
"""What is let go of with the sentence that it is about."""


def _sample(value: object) -> int | None:
    if value is None or (type(value) is int and OWN <= value < _MAX_SAMPLES):
        return value
    raise RefusedError(f"The sentence cannot be number {shown(value)}: choose one of those shown.")


def _numbers(what: str, count: int, low: int = 0) -> Callable[[object], list[int] | None]:
    def read(value: object) -> list[int] | None:
        if value is None:
            return None
        if (
            isinstance(value, list | tuple)
            and len(value) == count
            and all(type(each) is int and low <= each <= _HIGH for each in value)
        ):
            return list(value)
        raise RefusedError(f"{shown(value)} is no {what}: pick it on the screen.")

    return read


def _rival(value: object) -> int | None:
    if value is None or (type(value) is int and START <= value <= _HIGH):
        return value
    raise RefusedError(f"{shown(value)} is no word of the sentence: pick one of its words.")


def _changes(value: object) -> list[list[str | int]]:
    if not isinstance(value, list | tuple) or len(value) > _MAX_CHANGES:
        raise RefusedError(f"A test holds up to {_MAX_CHANGES} changes of weights: undo one first.")
    return [_change(each) for each in value]


def _change(value: object) -> list[str | int]:
    match value:
        case [str(kind), *rest] if len(rest) == CHANGES.get(kind):
            numbers = [each for each in rest if type(each) is int and START <= each <= 100]
            words = numbers[1:] if kind in ("swap", "move") else numbers[:2]
            sound = len(numbers) == len(rest) and len(set(words)) == len(words)
            if sound and (kind != "set" or numbers[2] >= 0):
                return [kind, *numbers]
    raise RefusedError(f"{shown(value)} is no change of weights: use the buttons under “Test the arrow”.")


def _kinds(value: object) -> dict[str, str]:
    if (
        not isinstance(value, Mapping)
        or len(value) > _MAX_KINDS
        or not all(
            isinstance(word, str) and 0 < len(word) <= 64
            and isinstance(kind, str) and re.fullmatch(r"<[a-z]{1,20}>", kind)
            for word, kind in value.items()
        )
    ):  # fmt: skip
        raise RefusedError("A kind is one of those in the list beside the word: choose one of them.")
    return dict(value)


READERS: Mapping[str, Callable[[object], Any]] = {
    "sample": _sample,
    "job": one_of("The question", None, *JOBS),
    "examined": one_of("The model", *MODELS),
    "at": _numbers("head", 2),
    "asked": _numbers("pair of words", 2, START),
    "rival": _rival,
    "exchange": _numbers("pair of words", 2),
    "changes": _changes,
    "scope": one_of("The heads that change", *SCOPES),
    "kinds": _kinds,
    "drawn": one_of("The drawing", *DRAWN),
    "order": one_of("The order of the heads", *ORDERS),
}
"""One reader for each setting but the learner's own sentence, which is read as every sentence is."""


class _Form(NamedTuple):
    """How a setting stands in a link: written, and read back; ValueError for what is not its form."""

    write: Callable[[Any], str]
    read: Callable[[str], Any]


def _dotted(value: list[int]) -> str:
    return ".".join(map(str, value))


def _undotted(text: str) -> list[int]:
    if not re.fullmatch(r"-?\d{1,3}(\.-?\d{1,3})*", text, re.ASCII):
        raise ValueError(text)
    return [int(part) for part in text.split(".")]


def _one(text: str) -> int:
    (number,) = _undotted(text)
    return number


def _read_changes(text: str) -> list[list[str | int]]:
    found: list[list[str | int]] = []
    for part in text.split("~"):
        kind, _, numbers = part.partition(".")
        found.append([kind, *(_undotted(numbers) if numbers else [])])
    return found


def _read_kinds(text: str) -> dict[str, str]:
    pairs = [pair.rpartition(":") for pair in text.split(" ")]
    return {word: f"<{kind}>" for word, _, kind in pairs}


_AS_IT_IS = _Form(str, str)
FORMS: Mapping[str, _Form] = {
    **dict.fromkeys(("own", "job", "examined", "scope", "drawn", "order"), _AS_IT_IS),
    **dict.fromkeys(("sample", "rival"), _Form(str, _one)),
    **dict.fromkeys(("at", "asked", "exchange"), _Form(_dotted, _undotted)),
    "changes": _Form(lambda value: "~".join(".".join(map(str, each)) for each in value), _read_changes),
    "kinds": _Form(
        lambda value: " ".join(f"{word}:{kind.strip('<>')}" for word, kind in value.items()), _read_kinds
    ),
}
"""Every setting of the experiments, in the order in which a link sets them."""
