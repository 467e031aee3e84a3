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
from attention_lab.kit.blocks import Maps
from attention_lab.kit.markup import Math, tinted
from attention_lab.kit.numbers import EXACT, number
from attention_lab.kit.predict import is_open
from attention_lab.kit.scene import Predict
from attention_lab.kit.text import short
from attention_lab.kit.texts import _, phrase
from attention_lab.labs.stepper.moment import Moment

_ANSWERED_BY = (Stage.WEIGHTS, Stage.HEAD_OUTPUTS)


def asked(scene: Moment) -> Predict | None:
    """Ask which token gets the most weight; from softmax on, answer."""
    words = scene.lab.words
    if "prediction" not in scene.step.more or len(words) < 2:
        return None
    options, query = [short(text) for text in words.texts], min(2, len(words) - 1)
    row = scene.lab.plain_trace.attention.weights[0, query]
    question: Math = phrase(
        "Head 1, no mask: which token gets the most weight from {options}?",
        options=tinted(options[query], "q"),
    )
    return Predict(
        key=prediction_key(scene),
        question=question,
        options=options,
        right=np.flatnonzero(row > row.max() - EXACT).tolist(),
        answer=_winners(row, options),
        values=[number(float(value), 2) for value in row],
        answered=scene.stage in _ANSWERED_BY,
    )


def _winners(row: npt.NDArray[np.float64], options: list[str]) -> tuple[str, str]:
    """The token with the largest weight; where several share it, what they are and how many."""
    best = [options[int(i)] for i in np.flatnonzero(row > row.max() - EXACT)]
    value = number(float(row.max()), 2)
    if len(best) == 1:
        return best[0], value
    names = list(dict.fromkeys(best))
    named = " and ".join(names) if len(names) <= 2 else f"{names[0]}, {names[1]} …"
    return _("{named}: {best} tokens,", named=named, best=len(best)), _("{value} each", value=value)


def prediction_key(scene: Moment) -> str:
    """Name the case that is asked about: another sentence, other numbers or sizes ask anew."""
    lab = scene.lab
    seed = lab.seed if lab.embedding == "random" else None
    case = (lab.name_of_lab, lab.text, lab.embedding, seed, lab.d_model, lab.n_heads)
    return f"most_weight-{zlib.crc32(repr(case).encode()):08x}"


def heads(scene: Moment) -> Maps:
    """The weights of every head, small; veiled while they would answer an open question."""
    lab, mask = scene.lab, scene.lab.mask_array
    veiled = is_open(lab, asked(scene))
    return Maps(
        region="heads",
        title=[_("Weights of all heads")],
        row=lab.query,
        across=min(4, max(2, lab.n_heads)),
        veiled=veiled,
        note=_("Shown once you have guessed or skipped.") if veiled else "",
        maps=[
            {
                "label": _("Head {head}", head=head + 1),
                "short": _("Head {head}", head=head + 1),
                "caption": _caption(scene, head, veiled),
                "values": _small(scene, head, mask),
                "set": {"head": head},
                "current": head == lab.head,
            }
            for head in range(lab.n_heads)
        ],
    )


def _small(scene: Moment, head: int, mask: Any) -> list[list[float | None]]:
    """The weights to three digits, which is more than a colour can show."""
    weights = scene.weights_of(head)
    if weights is None:
        return [[None] * scene.n for _ in range(scene.n)]
    values: list[list[float | None]] = weights.round(3).tolist()
    if mask is not None:
        for row, col in np.argwhere(~mask).tolist():
            values[row][col] = None
    return values


def _caption(scene: Moment, head: int, veiled: bool) -> str:
    weights, query = scene.weights_of(head), scene.labels[scene.lab.query]
    if weights is None:
        return _("Head {head}: no weights, because a row has no key left.", head=head + 1)
    if veiled:
        return _("Head {head}: hidden until you have guessed or skipped the question.", head=head + 1)
    row = weights[scene.lab.query]
    most = int(row.argmax())
    largest = number(float(row[most]), 2)
    return _(
        "Head {head}: the largest weight of {query} is {largest}, on {labels}.",
        head=head + 1,
        query=query,
        largest=largest,
        labels=scene.labels[most],
    )
