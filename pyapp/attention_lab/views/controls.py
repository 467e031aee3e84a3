"""What the learner can set: mask, scale, numbers, sizes."""

from __future__ import annotations

from typing import Any

from attention_lab.fields import D_MODELS, EMBEDDINGS, MASKS, MAX_PAD, MAX_SCALE, MAX_SEED, MAX_TOKENS
from attention_lab.views.markup import D_K, Math, it, root
from attention_lab.views.numbers import number
from attention_lab.views.scene import Scene

_LABELS = {"none": "None", "causal": "Causal", "padding": "Padding", "by-hand": "By hand"}


def controls(scene: Scene) -> dict[str, Any]:
    """All groups, in the order of their use."""
    groups = [_mask(scene), _scale(scene), _numbers(scene), _sizes(scene)]
    return {"groups": groups}


def _mask(scene: Scene) -> dict[str, Any]:
    session = scene.session
    full = scene.tokens.n_words >= MAX_TOKENS
    options: list[dict[str, Any]] = [{"value": value, "label": _LABELS[value]} for value in MASKS]
    if full:
        options[MASKS.index("padding")] |= {
            "disabled": True,
            "hint": f"No room for padding: the sentence has {MAX_TOKENS} tokens already",
        }
    items: list[dict[str, Any]] = [
        {"type": "segmented", "name": "mask", "label": "Mask", "value": session.mask, "options": options}
    ]
    if session.mask == "padding" and not full:
        items.append(
            {
                "type": "number",
                "name": "n_pad",
                "label": "PAD tokens",
                "value": session.n_pad,
                "min": 1,
                "max": min(MAX_PAD, MAX_TOKENS - scene.tokens.n_words),
                "suffix": "after the sentence",
            }
        )
    if session.mask == "by-hand":
        items += _by_hand(scene)
    return {"title": "Mask", "items": items}


def _by_hand(scene: Scene) -> list[dict[str, Any]]:
    masking = next((step for step in scene.lab.steps if step.view == "masking"), None)
    items: list[dict[str, Any]] = []
    if scene.step is masking:
        items.append({"type": "note", "text": ["Click cells of ", it("M"), " to switch them."]})
    elif masking:
        label = f"Edit M at the {masking.section.lower()} step"
        items.append({"type": "button", "label": label, "set": {"step": masking.id}})
    if scene.session.blocked:
        items.append({"type": "button", "label": "Allow every cell", "set": {"blocked": []}})
    return items


def _scale(scene: Scene) -> dict[str, Any]:
    session = scene.session
    usual, d_k = session.scale is None, session.d_k
    value = session.usual_scale if usual else session.scale
    note: Math = ["1/", root(*D_K), ", the usual"]
    one = {"value": 1, "label": "Off (× 1)"}
    if d_k == 1:
        one |= {"disabled": True, "hint": "With d_k = 1 the usual scale is 1 already"}
    return {
        "title": "Scale",
        **({"note": note} if usual else {}),
        "items": [
            {
                "type": "segmented",
                "name": "scale",
                "label": "Scaling",
                "value": session.scale,
                "options": [{"value": None, "label": "On (1/√d_k)"}, one],
            },
            {
                "type": "range",
                "name": "scale",
                "label": "scores ×",
                "value": value,
                "min": 0,
                "max": MAX_SCALE,
                "step": 0.01,
                "shown": number(value, 2),
                "reset": None if usual else {"label": f"back to 1/√{d_k}", "value": None},
                "usual": usual,
            },
        ],
    }


def _numbers(scene: Scene) -> dict[str, Any]:
    session = scene.session
    options = [{"value": value, "label": value.capitalize()} for value in EMBEDDINGS]
    items: list[dict[str, Any]] = [
        {
            "type": "segmented",
            "name": "embedding",
            "label": "Embeddings and matrices W",
            "value": session.embedding,
            "options": options,
        }
    ]
    if session.embedding == "random":
        items += seed_items(session.seed)
    return {"title": "Embeddings and matrices W", "items": items}


def seed_items(seed: int) -> list[dict[str, Any]]:
    """Return the field of a seed, and the button that rolls another one."""
    return [
        {"type": "number", "name": "seed", "label": "seed", "value": seed, "min": 0, "max": MAX_SEED},
        {"type": "button", "label": "Re-roll", "set": {"seed": next_seed(seed)}},
    ]


def next_seed(seed: int) -> int:
    """Return the seed that Re-roll goes to: a jump, but the same one on every machine."""
    return (seed * 7 + 13) % (MAX_SEED + 1)


def _sizes(scene: Scene) -> dict[str, Any]:
    d_model, n_heads = scene.session.d_model, scene.session.n_heads
    heads = [n for n in range(1, d_model + 1) if d_model % n == 0]
    note: Math = [*D_K, f" = {d_model} ÷ {n_heads} = {scene.session.d_k}"]
    return {
        "title": "Sizes",
        "note": note,
        "items": [
            {
                "type": "select",
                "name": "d_model",
                "label": "d_model",
                "value": d_model,
                "options": [{"value": n, "label": str(n)} for n in D_MODELS],
            },
            {
                "type": "select",
                "name": "n_heads",
                "label": "heads",
                "value": n_heads,
                "options": [{"value": n, "label": str(n)} for n in heads],
            },
        ],
    }
