"""The functions of the learner's that can stand in; under a mask of theirs the library attends."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from attention import FullyMaskedRowError, create_padding_mask
from attention_lab.kit.texts import _
from attention_lab.kit.yours import StandIn, call

if TYPE_CHECKING:
    from attention_lab.labs.masks.lab import Masks

_MASKS = {"causal": "causal_mask", "bidirectional": "bidirectional_mask"}


def of_one_sentence(lab: Masks) -> list[StandIn]:
    """Return a mask by its name, and attention under the mask that is drawn."""
    n, mask = len(lab.tokens), lab.by_library
    found = []
    if lab.kind in _MASKS:
        name = _MASKS[lab.kind]
        found.append(
            StandIn(
                exercise=name,
                name=name,
                draws=_("the mask, and with it the weights"),
                given=_("the scores, and attention under your mask"),
                calls=lambda: [call(_("{n} words", n=n), name, n)],
                expected=lambda: [{"mask": mask}],
            )
        )
    weights = lab.weights_under(mask)
    if not isinstance(weights, FullyMaskedRowError):
        trace = lab.plain
        found.append(
            StandIn(
                exercise="attention",
                name="attention",
                draws=_("the weights"),
                given=_("Q, K, V and the mask"),
                calls=lambda: [
                    call(_("{n} words", n=n), "attention", trace.q[0], trace.k[0], trace.v[0], mask)
                ],
                expected=lambda: [{"output": weights @ trace.v[0], "weights": weights}],
            )
        )
    return found


def of_a_batch(lab: Masks) -> list[StandIn]:
    """Return the padding mask, where the padding is masked."""
    if not lab.padding:
        return []
    lengths = [len(lab.tokens), len(lab.second)]
    longest = max(lengths)
    return [
        StandIn(
            exercise="padding_mask",
            name="padding_mask",
            draws=_("the padding mask, and with it the weights"),
            sheets="sentence",
            given=_("the scores, and attention under your mask"),
            calls=lambda: [call(_("two sentences"), "padding_mask", np.array(lengths), longest)],
            expected=lambda: [{"padding": create_padding_mask(lengths, longest)}],
        )
    ]
