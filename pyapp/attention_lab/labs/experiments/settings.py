"""The kinds of settings that only the experiments have: changes of weights, and kinds of unknown words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from attention_lab.kit.refusal import RefusedError, shown
from attention_lab.kit.settings import Setting, dotted
from attention_lab.kit.texts import _
from attention_lab.labs.experiments.examined import START
from attention_lab.labs.experiments.interventions import CHANGES

_MAX_CHANGES = 8
_MAX_KINDS = 40
HIGH = 99  # no model has more layers, heads or words


class Place(Setting):
    """A word of the sentence by its place, or None; in a link a number."""

    __slots__ = ("high", "low", "refusal")

    def __init__(self, *, low: int, high: int, refusal: str, lock: str | None = None, **more: Any) -> None:
        super().__init__(None, lock=lock, **more)
        self.low, self.high, self.refusal = low, high, refusal

    def read(self, value: object) -> int | None:
        if value is None or (type(value) is int and self.low <= value <= self.high):
            return value
        raise RefusedError(str(self.refusal).format(shown(value)))

    def parsed(self, text: str) -> int:
        (number,) = dotted(text)
        return number


class Changes(Setting):
    """Changes of weights, one after another: `["swap", query, key, other]`. In a link: `swap.8.1.5~off`."""

    __slots__ = ()

    def read(self, value: object) -> list[list[str | int]]:
        if not isinstance(value, list | tuple) or len(value) > _MAX_CHANGES:
            raise RefusedError(
                _(
                    "A test holds up to {max_changes} changes of weights: undo one first.",
                    max_changes=_MAX_CHANGES,
                )
            )
        return [_change(each) for each in value]

    def written(self, value: list[list[str | int]]) -> str:
        return "~".join(".".join(map(str, each)) for each in value)

    def parsed(self, text: str) -> list[list[str | int]]:
        found: list[list[str | int]] = []
        for part in text.split("~"):
            kind, _, numbers = part.partition(".")
            found.append([kind, *(dotted(numbers) if numbers else [])])
        return found


def _change(value: object) -> list[str | int]:
    match value:
        case [str(kind), *rest] if kind in CHANGES and len(rest) == CHANGES[kind].numbers:
            numbers = [each for each in rest if type(each) is int and START <= each <= 100]
            words = numbers[1:] if kind in ("swap", "move") else numbers[:2]
            sound = len(numbers) == len(rest) and len(set(words)) == len(words)
            if sound and (kind != "set" or numbers[2] >= 0):
                return [kind, *numbers]
    raise RefusedError(
        _("{value} is no change of weights: use the buttons under “Test the arrow”.", value=shown(value))
    )


class Kinds(Setting):
    """A kind for each word that no model knows, in pairs: a learner's word is never a key in the page."""

    __slots__ = ()

    def read(self, value: object) -> list[list[str]]:
        pairs = list(value.items()) if isinstance(value, Mapping) else value
        if not isinstance(pairs, list | tuple) or len(pairs) > _MAX_KINDS or not all(map(_is_kind, pairs)):
            raise RefusedError(_("A kind is one of those in the list beside the word: choose one of them."))
        return [list(pair) for pair in dict(pairs).items()]

    def written(self, value: list[list[str]]) -> str:
        return " ".join(f"{word}:{kind.strip('<>')}" for word, kind in value)

    def parsed(self, text: str) -> list[list[str]]:
        pairs = [pair.rpartition(":") for pair in text.split(" ")]
        return [[word, f"<{kind}>"] for word, _, kind in pairs]


def _is_kind(pair: object) -> bool:
    match pair:
        case [str(word), str(kind)] if 0 < len(word) <= 64:
            return re.fullmatch(r"<[a-z]{1,20}>", kind) is not None
    return False
