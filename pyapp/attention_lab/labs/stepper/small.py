"""The weights of every head, small; not before they are computed, and with the story that they tell."""

from __future__ import annotations

from typing import Any

import numpy as np

from attention_lab.kit.blocks import Maps
from attention_lab.kit.blocks.writing import first_of
from attention_lab.kit.numbers import number
from attention_lab.kit.texts import _
from attention_lab.labs.stepper.moment import Moment, largest_in
from attention_lab.labs.stepper.predict import weights_are_asked
from attention_lab.labs.stepper.story import story

_WEIGHTS = ("weights", "head_outputs")


def heads(scene: Moment) -> Maps:
    """The weights of every head; veiled until they are computed and the question about them is answered."""
    lab, mask = scene.lab, scene.lab.mask_array
    veiled = _is_veiled(scene)
    return Maps(
        region="heads",
        title=[_("Weights of all heads")],
        row=lab.query,
        across=min(4, max(2, lab.n_heads)),
        veiled=veiled,
        note=_("Weights are computed at the softmax step; then they are shown here.")
        if veiled
        else story(scene),
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


def _is_veiled(scene: Moment) -> bool:
    if scene.step.id in _WEIGHTS:
        return False
    asked = weights_are_asked(scene)
    return not set(_WEIGHTS).intersection(scene.lab.seen) if asked is None else asked


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
    if veiled:
        return _("Head {head}: hidden until weights are computed, at the softmax step.", head=head + 1)
    if weights is None:
        return _("Head {head}: no weights, because a row has no key left.", head=head + 1)
    row = weights[scene.lab.query]
    return _(
        "Head {head}: the largest weight of {query} is {largest}, on {labels}.",
        head=head + 1,
        query=query,
        largest=number(float(row.max()), 2),
        labels=first_of([scene.labels[i] for i in largest_in(row)], 3),
    )
