"""Predict, then see: a question that is asked before its answer is on the screen."""

from __future__ import annotations

from typing import Any

from attention_lab.kit.lab import Lab
from attention_lab.kit.scene import Predict


def predict(lab: Lab, asked: Predict | None) -> dict[str, Any] | None:
    """Return what the page shows of a prediction."""
    if asked is None:
        return None
    guess = lab.guesses.get(asked.key)
    guess = guess if isinstance(guess, int) and guess < len(asked.options) else None
    shown = asked.key in lab.revealed
    opened = shown or asked.answered
    label, value = asked.answer
    return {
        "key": asked.key,
        "question": asked.question,
        "options": list(asked.options),
        "guess": guess,
        "open": opened,
        "answer": {"label": label, "value": value} if opened else None,
        "yours": _yours(asked, guess) if opened and guess is not None else None,
        "can_hide": shown and not asked.answered,
        "right": list(asked.right) if opened else None,
        "values": list(asked.values) if opened else None,
    }


def _yours(asked: Predict, guess: int) -> dict[str, Any]:
    return {
        "label": asked.options[guess],
        "value": asked.values[guess] if asked.values else "",
        "right": guess in asked.right,
        "why": asked.why[guess] if asked.why else None,
    }


def is_open(lab: Lab, asked: Predict | None) -> bool:
    """Say whether a prediction is asked that the learner has neither answered nor skipped."""
    return asked is not None and not (asked.answered or asked.key in lab.guesses or asked.key in lab.revealed)
