"""A change that is not taken, and the words that say so."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any


class RefusedError(ValueError):
    """A change that is not taken; its text is for the learner."""


def one_of(name: str, *choices: object) -> Callable[[object], Any]:
    """Return a reader that takes these values only."""

    def read(value: object) -> Any:
        if value not in choices:
            listed = ", ".join(map(str, choices[:-1]))
            raise RefusedError(f"{name} cannot be {shown(value)}: choose {listed} or {choices[-1]}.")
        return choices[choices.index(value)]

    return read


def shown(value: object) -> str:
    """`value` as it can stand in a sentence: short, whatever came."""
    if isinstance(value, float) and not math.isfinite(value):
        return "an endless number" if math.isinf(value) else "no number"
    if isinstance(value, int) and abs(value) > 10**12:
        return "a number that large"
    text = repr(value) if isinstance(value, str | int | float | bool | None) else f"a {type(value).__name__}"
    return text if len(text) <= 24 else text[:23] + "…"
