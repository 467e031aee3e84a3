"""The small story of the two hand-built heads: what a word that names a deed finds through each.

It is told only where the numbers on the screen say it: head 1 looks most at a word whose largest number is
`animal`, head 2 at one whose largest number is `place`.
"""

from __future__ import annotations

import numpy as np

from attention import FEATURES
from attention_lab.kit.numbers import number
from attention_lab.kit.texts import _
from attention_lab.labs.stepper.moment import Moment

_TOLD_OF = (4, 2)  # d_model and heads
_WHO, _WHERE, _DEED = (FEATURES.index(name) for name in ("animal", "place", "action"))


def story(scene: Moment) -> str:
    """Tell whom and what place the picked word finds; nothing where the numbers do not say it."""
    lab, query = scene.lab, scene.lab.query
    if lab.embedding != "hand-built" or (lab.d_model, lab.n_heads) != _TOLD_OF or scene.refusal:
        return ""
    if not _is_mostly(scene, query, _DEED):
        return ""
    who, where = _found(scene, 0, query, _WHO), _found(scene, 1, query, _WHERE)
    if who is None:
        return ""
    deed = scene.labels[query]
    if where is not None:
        return _(
            "Two heads, two questions of “{deed}”. Head 1 asks who: {who}. Head 2 asks where: {where}.",
            deed=deed,
            who=who,
            where=where,
        )
    hidden = _hidden(scene, query)
    if hidden is None:
        return ""
    return _(
        "Two heads, two questions of “{deed}”. Head 1 asks who: {who}. "
        "Head 2 asks where, but the mask hides “{hidden}”.",
        deed=deed,
        who=who,
        hidden=hidden,
    )


def _is_mostly(scene: Moment, token: int, feature: int) -> bool:
    """Say whether a token's largest number is that of this column."""
    row = scene.embedded.x[token]
    return bool(row[feature] > 0 and row[feature] == row.max())


def _found(scene: Moment, head: int, query: int, feature: int) -> str | None:
    """Name the token that a head looks at most, with its weight, if that is what the story says."""
    weights = scene.weights_of(head)
    if weights is None:
        return None
    most = np.flatnonzero(weights[query] > weights[query].max() - 1e-9)
    if len(most) != 1 or not _is_mostly(scene, int(most[0]), feature):
        return None
    return f"{scene.labels[int(most[0])]}, {number(float(weights[query, most[0]]), 2)}"


def _hidden(scene: Moment, query: int) -> str | None:
    """Name the place that head 2 would look at most if no mask hid it."""
    mask, best = scene.lab.mask_array, int(scene.scores_of(1)[query].argmax())
    hidden = mask is not None and not mask[query, best] and _is_mostly(scene, best, _WHERE)
    return scene.labels[best] if hidden else None
