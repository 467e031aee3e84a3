"""What the learner can set: mask, scale, numbers, sizes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from attention_lab.kit.frame import item_of, items_of
from attention_lab.kit.markup import D_K, Math, it, root
from attention_lab.kit.numbers import number
from attention_lab.kit.scene import Group
from attention_lab.kit.settings import Item
from attention_lab.kit.texts import _, phrase
from attention_lab.labs.stepper.cells import MAX_TOKENS
from attention_lab.labs.stepper.moment import Moment


def controls(scene: Moment) -> list[Group]:
    """All groups, in the order of their use; the one that the step is about goes first."""
    groups = {"masking": _mask, "scaling": _scale, "lookup": _numbers, "projections": _sizes}
    made = [replace(make(scene), first=view == scene.view) for view, make in groups.items()]
    return sorted(made, key=lambda group: not group.first)


def _mask(scene: Moment) -> Group:
    lab, room = scene.lab, MAX_TOKENS - scene.tokens.n_words
    mask = item_of(lab, "mask")
    if room < 1:
        hint = _("No room for padding: the sentence has {max_tokens} tokens already", max_tokens=MAX_TOKENS)
        mask["options"] = [
            {**option, "disabled": True, "hint": hint} if option["value"] == "padding" else option
            for option in mask["options"]
        ]
    items = [mask]
    if lab.mask == "padding" and room > 0:
        pad = item_of(lab, "n_pad")
        items.append({**pad, "max": min(pad["max"], room)})
    if lab.mask == "by-hand":
        items += _by_hand(scene)
    return Group(_("Mask"), items)


def _by_hand(scene: Moment) -> list[Item]:
    masking = next((step for step in scene.lab.lesson.steps if step.more["view"] == "masking"), None)
    items: list[Item] = []
    if scene.step is masking:
        items.append({"type": "note", "text": phrase("Click cells of {m} to switch them.", m=it("M"))})
    elif masking:
        label = _("Edit M at the {section} step", section=masking.section.lower())
        items.append({"type": "button", "label": label, "set": {"step": masking.id}})
    if scene.lab.blocked:
        items.append({"type": "button", "label": _("Allow every cell"), "set": {"blocked": []}})
    return items


def _scale(scene: Moment) -> Group:
    lab = scene.lab
    usual, d_k = lab.scale is None, lab.d_k
    value = lab.usual_scale if usual else lab.scale
    note: Math = phrase("1/{root_d_k}, the usual", root_d_k=root(*D_K))
    one: dict[str, Any] = {"value": 1, "label": _("Off (× 1)")}
    if d_k == 1:
        one |= {"disabled": True, "hint": _("With d_k = 1 the usual scale is 1 already")}
    switch = {
        "type": "segmented",
        "name": "scale",
        "label": _("Scaling"),
        "value": lab.scale,
        "options": [{"value": None, "label": _("On (1/√d_k)")}, one],
    }
    slider = {
        "type": "range",
        "name": "scale",
        "label": _("scores ×"),
        "value": value,
        "min": 0,
        "max": 2,
        "step": 0.01,
        "shown": number(value, 2),
        "reset": None if usual else {"label": _("back to 1/√{d_k}", d_k=d_k), "value": None},
    }
    return Group(_("Scale"), [switch, slider], note if usual else None)


def _numbers(scene: Moment) -> Group:
    lab = scene.lab
    seed = items_of(lab, "seed") if lab.embedding == "random" else []
    return Group(_("Embeddings and matrices W"), [item_of(lab, "embedding"), *seed])


def _sizes(scene: Moment) -> Group:
    lab = scene.lab
    d_model, n_heads = lab.d_model, lab.n_heads
    fitting = [{"value": n, "label": str(n)} for n in range(1, d_model + 1) if d_model % n == 0]
    heads = {"type": "select", "name": "n_heads", "label": _("heads"), "value": n_heads, "options": fitting}
    note: Math = [*D_K, f" = {d_model} ÷ {n_heads} = {lab.d_k}"]
    return Group(_("Sizes"), [item_of(lab, "d_model"), heads], note)
