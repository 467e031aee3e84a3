"""The functions of the learner's that can stand in at a step. What goes into them is the library's."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from attention import AttentionTrace, FullyMaskedRowError
from attention_lab.kit.texts import _
from attention_lab.kit.yours import StandIn, call

if TYPE_CHECKING:
    from attention_lab.labs.stepper.lab import Stepper


def stand_ins(lab: Stepper) -> Sequence[StandIn]:
    """Return those of the step that is shown."""
    trace = lab.trace
    if isinstance(trace, FullyMaskedRowError):
        return ()
    found = _OF.get(str(lab.here.more["view"]))
    return () if found is None else found(lab, trace.attention)


def _of_each_head(
    found: AttentionTrace, drawn: Sequence[str], asked: Callable[[int], Sequence[Any]], **about: Any
) -> list[StandIn]:
    n_heads = len(found.q)
    return [
        StandIn(
            calls=lambda: [call(_("head {h}", h=h + 1), about["name"], *asked(h)) for h in range(n_heads)],
            expected=lambda: [{each: getattr(found, each)[h] for each in drawn} for h in range(n_heads)],
            **about,
        )
    ]


def _scores(lab: Stepper, found: AttentionTrace) -> list[StandIn]:
    return _of_each_head(
        found,
        ["raw_scores"],
        lambda h: [found.q[h], found.k[h]],
        exercise="scores",
        name="scores",
        draws=_("the raw scores"),
        given=_("Q and K"),
    )


def _scale(lab: Stepper, found: AttentionTrace) -> list[StandIn]:
    if lab.scale is not None:
        return []  # the exercise knows the usual scale only
    return _of_each_head(
        found,
        ["scaled_scores"],
        lambda h: [found.raw_scores[h], lab.d_k],
        exercise="scale",
        name="scale",
        draws=_("the scaled scores"),
        given=_("the raw scores"),
    )


def _mask(lab: Stepper, found: AttentionTrace) -> list[StandIn]:
    mask = lab.mask_array
    if mask is None:
        return []
    return _of_each_head(
        found,
        ["masked_scores"],
        lambda h: [found.scaled_scores[h], mask],
        exercise="apply_mask",
        name="apply_mask",
        draws=_("the masked scores"),
        given=_("the scaled scores and the mask"),
    )


def _softmax(lab: Stepper, found: AttentionTrace) -> list[StandIn]:
    return _of_each_head(
        found,
        ["weights"],
        lambda h: [found.masked_scores[h]],
        exercise="softmax",
        name="softmax",
        draws=_("the weights"),
        given=_("the masked scores"),
    )


def _attention(lab: Stepper, found: AttentionTrace) -> list[StandIn]:
    if lab.scale is not None:
        return []
    return _of_each_head(
        found,
        ["head_outputs", "weights"],
        lambda h: [found.q[h], found.k[h], found.v[h], lab.mask_array],
        exercise="attention",
        name="attention",
        draws=_("the weights and the head output"),
        given=_("Q, K, V and the mask"),
    )


_OF: Mapping[str, Callable[[Stepper, AttentionTrace], list[StandIn]]] = {
    "dot_products": _scores,
    "scaling": _scale,
    "masking": _mask,
    "softmax": _softmax,
    "weighted_average": _attention,
}
