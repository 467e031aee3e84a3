"""The formula of the experiments: weights, what is done to them, the answer; and the mean, which hides it."""

from __future__ import annotations

from attention_lab.kit.markup import D_K, Q_K_T, Math, it, root, sub
from attention_lab.kit.scene import Formula
from attention_lab.kit.texts import _, phrase
from attention_lab.labs.experiments.bench import Bench


def formula(bench: Bench) -> Formula:
    """A_h = softmax(Q K^T / sqrt(d_k)), what the test makes of it, and what follows."""
    a_h: Math = [it("A"), sub(it("h"))]
    scores: Math = [*Q_K_T, " / ", root(*D_K)]
    weights: Math = phrase("{a_h} = softmax({scores})", a_h=a_h, scores=scores)
    tested: Math = phrase("{a}′{h} = test({a_h})", a=it("A"), h=sub(it("h")), a_h=a_h)
    phrases = [
        _part(bench, "many_heads", weights, _("the weights of each head")),
        [{"arrow": True}, *_part(bench, "arrow", tested, _("the weights as you change them"))],
        [
            {"arrow": True},
            *_part(
                bench, "mean", phrase("{ā} = mean of all {a_h}", ā=it("Ā"), a_h=a_h), _("the mean over heads")
            ),
        ],
    ]
    return Formula(phrases)


def _part(bench: Bench, view: str, kids: Math, spoken: str) -> Math:
    """A button for a step with that view: this one, where it fits, else the first."""
    fitting = [i for i, step in enumerate(bench.lab.lesson.steps) if step.more["view"] == view]
    if not fitting:
        return kids
    i = bench.place if bench.place in fitting else fitting[0]
    step = bench.lab.lesson.steps[i]
    part = {
        "step": step.id,
        "label": _("Step {i}, {section}: {spoken}", i=i + 1, section=step.section.lower(), spoken=spoken),
        "here": i == bench.place,
        "matrices": ["mean"] if view == "mean" else ["head"],
    }
    return [{"part": part, "kids": kids}]
