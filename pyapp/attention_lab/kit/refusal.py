"""A change that is not taken, and the words that say so."""

from __future__ import annotations

import math


class RefusedError(ValueError):
    """A change that is not taken; its text is for the learner."""


def shown(value: object) -> str:
    """`value` as it can stand in a sentence: short, whatever came."""
    if isinstance(value, float) and not math.isfinite(value):
        return "an endless number" if math.isinf(value) else "no number"
    if isinstance(value, int) and abs(value) > 10**12:
        return "a number that large"
    text = repr(value) if isinstance(value, str | int | float | bool | None) else f"a {type(value).__name__}"
    return text if len(text) <= 24 else text[:23] + "…"
