"""The formula bar: a map of the steps, with the part that is being computed lit."""

from __future__ import annotations

from attention_lab.kit.markup import D_K, Q_K_T, Math, it, root, sub
from attention_lab.kit.numbers import number
from attention_lab.kit.scene import Formula
from attention_lab.kit.texts import _, lazy
from attention_lab.labs.stepper.moment import Moment

_SPOKEN = {
    "lookup": "X",
    "projections": lazy("Q, K and V from X"),
    "dot_products": lazy("Q K transposed"),
    "scaling": lazy("divided by the square root of d_k"),
    "masking": lazy("plus M"),
    "softmax": lazy("softmax of each row"),
    "weighted_average": lazy("times V"),
}
_CALLED = {"causal": lazy("causal"), "padding": lazy("padding"), "by-hand": lazy("by hand")}
_MATRICES = {
    "lookup": ["table", "x"],
    "projections": ["w_q", "w_k", "w_v", "q", "k", "v", "k_t"],
    "dot_products": ["raw_scores"],
    "scaling": ["scaled_scores"],
    "masking": ["mask", "masked_scores"],
    "softmax": ["weights"],
    "weighted_average": ["head_outputs"],
}


def formula(scene: Moment) -> Formula:
    """softmax(Q K^T / sqrt(d_k) + M) V, as buttons."""
    scale, mask = scene.lab.scale, scene.lab.mask
    raw = _part(scene, "dot_products", Q_K_T)
    if scale is None:
        scores: Math = [{"frac": [raw, _part(scene, "scaling", [root(*D_K)])]}]
    else:
        shown = number(scale, 2)
        scores = [*_part(scene, "scaling", [shown], _("times {shown}", shown=shown)), " · ", *raw]
    m: Math = [it("M")] if mask == "none" else [it("M"), sub(str(_CALLED[mask]))]
    projections: Math = [it("Q", "q"), ", ", it("K", "k"), ", ", it("V", "v"), " = "]
    for i, name in enumerate("QKV"):
        projections += [", "] * bool(i) + [it("X"), it("W"), sub(it(name))]
    math: Math = [
        *_part(scene, "lookup", [it("X")]),
        {"arrow": True},
        *_part(scene, "projections", projections),
        {"arrow": True},
        *_part(scene, "softmax", ["softmax"]),
        {"paren": [*scores, " + ", *_part(scene, "masking", m)]},
        *_part(scene, "weighted_average", [it("V", "v")]),
    ]
    last = max(i for i, node in enumerate(math) if isinstance(node, dict) and "arrow" in node) + 1
    return Formula([math[:last], math[last:]])


def _part(scene: Moment, view: str, kids: Math, spoken: str | None = None) -> Math:
    """A button for the step with that view; in a lab without such a step, only the symbols."""
    for i, step in enumerate(scene.lab.lesson.steps):
        if step.more["view"] == view:
            name = step.section if view == "projections" else step.section.lower()
            part = {
                "step": step.id,
                "label": _("Step {i}, {name}: {value}", i=i + 1, name=name, value=spoken or _SPOKEN[view]),
                "here": i == scene.place,
                "matrices": _MATRICES[view],
            }
            return [{"part": part, "kids": kids}]
    return kids
