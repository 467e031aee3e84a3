"""A question to guess before the answer shows, and the small maps that would give it away.

The question is about a fixed case (first head, no mask, the usual scale), so that a guess keeps its meaning
while the learner goes on to change the mask, the scale and the head.
"""

from __future__ import annotations

import zlib
from typing import Any

import numpy as np
import numpy.typing as npt

from attention import Stage
from attention_lab.views.markup import Math, tinted
from attention_lab.views.numbers import EXACT, number
from attention_lab.views.scene import Scene, short

PREDICTIONS = ("most_weight",)
"""The predictions that a lab file can name."""

_ANSWERED_BY = (Stage.WEIGHTS, Stage.HEAD_OUTPUTS)


def predict(scene: Scene) -> dict[str, Any] | None:
    """Ask which token gets the most weight; from softmax on, answer."""
    words = scene.session.words
    if scene.step.prediction is None or len(words) < 2:
        return None
    session, key, query = scene.session, prediction_key(scene), _asked_query(scene)
    options = [short(text) for text in words.texts]
    guess = session.guesses.get(key)
    guess = guess if guess is not None and guess < len(options) else None
    row = session.plain_trace.attention.weights[0, query]
    shown, by_step = key in session.revealed, scene.step.stage in _ANSWERED_BY
    opened = shown or by_step
    question: Math = [
        "Head 1, no mask: which token gets the most weight from ",
        tinted(options[query], "q"),
        "?",
    ]
    return {
        "key": key,
        "question": question,
        "options": options,
        "guess": guess,
        "open": opened,
        "answer": _winners(row, options) if opened else None,
        "yours": {"label": options[guess], "value": number(float(row[guess]), 2)}
        if opened and guess is not None
        else None,
        "can_hide": shown and not by_step,
    }


def _winners(row: npt.NDArray[np.float64], options: list[str]) -> dict[str, str]:
    """The token with the largest weight; where several share it, what they are and how many."""
    best = [options[int(i)] for i in np.flatnonzero(row > row.max() - EXACT)]
    value = number(float(row.max()), 2)
    if len(best) == 1:
        return {"label": best[0], "value": value}
    names = list(dict.fromkeys(best))
    named = " and ".join(names) if len(names) <= 2 else f"{names[0]}, {names[1]} …"
    return {"label": f"{named}: {len(best)} tokens,", "value": f"{value} each"}


def prediction_key(scene: Scene) -> str:
    """Name the case that is asked about: another sentence, other numbers or sizes ask anew."""
    session = scene.session
    seed = session.seed if session.embedding == "random" else None
    case = (session.lab, session.text, session.embedding, seed, session.d_model, session.n_heads)
    return f"most_weight-{zlib.crc32(repr(case).encode()):08x}"


def _asked_query(scene: Scene) -> int:
    return min(2, len(scene.session.words) - 1)


def heads(scene: Scene) -> dict[str, Any]:
    """The weights of every head, small; veiled while they would answer an open question."""
    session = scene.session
    key = prediction_key(scene)
    veiled = (
        scene.step.prediction is not None
        and len(session.words) > 1
        and scene.step.stage not in _ANSWERED_BY
        and key not in session.guesses
        and key not in session.revealed
    )
    mask = session.mask_array
    return {
        "title": "Weights of all heads",
        "query": session.query,
        "veiled": veiled,
        "heads": [
            {
                "index": head,
                "label": f"Head {head + 1}",
                "current": head == session.head,
                "values": _small(scene, head, mask),
                "caption": _caption(scene, head, veiled),
            }
            for head in range(session.n_heads)
        ],
    }


def _small(scene: Scene, head: int, mask: Any) -> list[list[float | None]]:
    """The weights to three digits, which is more than a colour can show."""
    weights = scene.weights_of(head)
    if weights is None:
        return [[None] * scene.n for _ in range(scene.n)]
    values: list[list[float | None]] = weights.round(3).tolist()
    if mask is not None:
        for row, col in np.argwhere(~mask).tolist():
            values[row][col] = None
    return values


def _caption(scene: Scene, head: int, veiled: bool) -> str:
    weights, query = scene.weights_of(head), scene.labels[scene.session.query]
    if weights is None:
        return f"Head {head + 1}: no weights, because a row has no key left."
    if veiled:
        return f"Head {head + 1}: hidden until you have guessed or skipped the question."
    row = weights[scene.session.query]
    most = int(row.argmax())
    largest = number(float(row[most]), 2)
    return f"Head {head + 1}: the largest weight of {query} is {largest}, on {scene.labels[most]}."
