"""The functions of the learner's that can stand in at a step of the small layer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from attention import hand_built_embedding, hand_built_projections
from attention_lab.kit.texts import _
from attention_lab.kit.yours import StandIn, call, made
from attention_lab.labs.heads.layer import D_MODEL

if TYPE_CHECKING:
    from attention_lab.labs.heads.lab import Heads

_CUT_FOR = 4


def stand_ins(lab: Heads) -> Sequence[StandIn]:
    """Return those of the step that is shown."""
    if lab.step not in ("split", "attend", "concat", "mix"):
        return ()
    found = lab.pass_
    trace = found.found
    if lab.step == "split":
        return [
            StandIn(
                exercise="split_heads",
                name="split_heads",
                draws=_("the queries of each head"),
                given=_("the queries of all heads"),
                calls=lambda: [call(_("the queries"), "split_heads", found.whole, lab.n_heads)],
                expected=lambda: [{"q": trace.q}],
            )
        ]
    if lab.step == "attend":
        return [
            StandIn(
                exercise="attention",
                name="attention",
                draws=_("the weights of every head"),
                given=_("Q, K and V of every head"),
                calls=lambda: [call(_("all heads"), "attention", trace.q, trace.k, trace.v)],
                expected=lambda: [{"head_outputs": trace.head_outputs, "weights": trace.weights}],
            )
        ]
    if lab.step == "concat":
        return [
            StandIn(
                exercise="merge_heads",
                name="merge_heads",
                draws=_("the concatenation"),
                given=_("what each head found"),
                calls=lambda: [call(_("all heads"), "merge_heads", trace.head_outputs)],
                expected=lambda: [{"concat": found.concat}],
            )
        ]
    x, w = hand_built_embedding(lab.words, D_MODEL).x, hand_built_projections(D_MODEL, _CUT_FOR)
    layer = (D_MODEL, lab.n_heads, w.w_q, w.w_k, w.w_v, lab.w_o)
    return [
        StandIn(
            exercise="multi_head",
            name="MultiHeadAttention",
            draws=_("the output"),
            given=_("the words and all matrices; the concatenation, too"),
            calls=lambda: [made(_("the layer"), "MultiHeadAttention", layer, "__call__", x, x, x)],
            expected=lambda: [{"output": found.output}],
            alone=True,
        )
    ]
