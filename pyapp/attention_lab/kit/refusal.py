"""A change that is not taken, and the words that say so."""

from __future__ import annotations

import math

from attention_lab.kit.texts import _


class RefusedError(ValueError):
    """A change that is not taken; its text is for the learner."""


def shown(value: object) -> str:
    """`value` as it can stand in a sentence: short, whatever came."""
    if isinstance(value, float) and not math.isfinite(value):
        return _("an endless number") if math.isinf(value) else _("no number")
    if isinstance(value, int) and abs(value) > 10**12:
        return _("a number that large")
    text = repr(value) if isinstance(value, str | int | float | bool | None) else f"a {type(value).__name__}"
    return text if len(text) <= 24 else text[:23] + "…"
