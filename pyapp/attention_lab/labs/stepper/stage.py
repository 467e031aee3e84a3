"""The middle of the screen: the matrices of a step, and what stands below them."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

from attention import entropy
from attention_lab.kit.blocks import Block, Flow, HeatMap, Legend, Product, pick_cell
from attention_lab.kit.blocks.writing import first_of
from attention_lab.kit.markup import Math, root, tinted
from attention_lab.kit.numbers import number, term
from attention_lab.kit.texts import _, phrase
from attention_lab.labs.stepper.matrices import fill_of, matrix, name_of, symbol_of
from attention_lab.labs.stepper.moment import MAX_GRID, Moment

_TABLES = {
    "lookup": ["x", "table"],
    "projections": ["q", "k", "v", "x", "w_q", "w_k", "w_v"],
    "dot_products": ["raw_scores", "q", "k_t"],
    "scaling": ["scaled_scores", "raw_scores"],
    "masking": ["masked_scores", "scaled_scores", "mask"],
    "softmax": ["weights", "masked_scores"],
    "weighted_average": ["head_outputs", "weights", "v"],
}


def stage(scene: Moment) -> Block:
    """Lay out the matrices of the step: what goes in, what is done, what comes out."""
    return _as_map(scene) if scene.n > MAX_GRID else _LAYOUTS[scene.view](scene)


def _common(scene: Moment) -> dict[str, Any]:
    large = scene.n > MAX_GRID
    tables = [scene.result] if large else _TABLES[scene.view]
    return {"step": scene.step.id, "pick": pick_cell("picked"), "tables": tables, "n": scene.n}


def _lookup(scene: Moment) -> Flow:
    ids = ", ".join(str(i + 1) for i in scene.embedded.ids)
    return Flow(
        **_common(scene),
        inputs=[matrix(scene, "table")],
        op=[_("look up rows {ids}", ids=ids)],
        result=matrix(scene, "x"),
    )


def _projections(scene: Moment) -> Product:
    return Product(
        **_common(scene),
        left=matrix(scene, "x"),
        top=[matrix(scene, name) for name in ("w_q", "w_k", "w_v")],
        results=[matrix(scene, name) for name in ("q", "k", "v")],
        choose=_choose(scene),
    )


def _choose(scene: Moment) -> dict[str, Any]:
    """A switch between Q, K and V: it picks the same cell in another matrix."""
    names, lab = ("q", "k", "v"), scene.lab
    options = [
        {"label": name.upper(), "set": {"picked": {"matrix": name, "row": lab.query, "col": lab.feature}}}
        for name in names
    ]
    return {"options": options, "value": names.index(scene.result)}


def _dot_products(scene: Moment) -> Product:
    return Product(
        **_common(scene),
        left=matrix(scene, "q"),
        top=[matrix(scene, "k_t")],
        results=[matrix(scene, "raw_scores")],
    )


def _scaling(scene: Moment) -> Flow:
    scale, d_k = scene.lab.scale, scene.lab.d_k
    op: Math = (
        phrase("divide by {root_d_k}", root_d_k=root(str(d_k)))
        if scale is None
        else [_("times {scale}", scale=term(scale))]
    )
    inputs = [matrix(scene, "raw_scores")]
    return Flow(**_common(scene), inputs=inputs, op=op, result=matrix(scene, "scaled_scores"))


def _masking(scene: Moment) -> Flow:
    mask = matrix(scene, "mask", toggles="blocked" if scene.lab.mask == "by-hand" else None)
    return Flow(
        **_common(scene),
        inputs=[matrix(scene, "scaled_scores"), mask],
        op=[_("add, cell by cell")],
        result=matrix(scene, "masked_scores"),
    )


def _softmax(scene: Moment) -> Flow:
    return Flow(
        **_common(scene),
        inputs=[matrix(scene, "masked_scores")],
        op=[_("softmax of each row")],
        result=matrix(scene, "weights", sums=True),
    )


def _weighted_average(scene: Moment) -> Product:
    weights, query = scene.array("weights"), scene.lab.query
    bars = None
    if weights is not None:
        label: Math = phrase("weights of {labels}, one bar per key", labels=tinted(scene.labels[query], "q"))
        bars = {"label": label, "heights": weights[query].tolist()}
    return Product(
        **_common(scene),
        left=matrix(scene, "weights"),
        top=[matrix(scene, "v")],
        results=[matrix(scene, "head_outputs")],
        bars=bars,
    )


_LAYOUTS: Mapping[str, Callable[[Moment], Block]] = {
    "lookup": _lookup,
    "projections": _projections,
    "dot_products": _dot_products,
    "scaling": _scaling,
    "masking": _masking,
    "softmax": _softmax,
    "weighted_average": _weighted_average,
}


def _as_map(scene: Moment) -> HeatMap:
    """More tokens than cells can be read for: one picture of the result, with its table twin."""
    name = scene.result
    do = (
        _("Click a cell to block it or to allow it")
        if toggles_map(scene)
        else _("Click a cell to see where its number comes from")
    )
    return HeatMap(
        **_common(scene),
        caption=[*symbol_of(name), " " if symbol_of(name) else "", name_of(name)],
        note=_(
            "More than {max_grid} tokens are drawn as one picture. {do}; Table shows every number.",
            max_grid=MAX_GRID,
            do=do,
        ),
        matrix=matrix(scene, name, sums=name == "weights", toggles="blocked" if toggles_map(scene) else None),
        choose=_choose(scene) if scene.view == "projections" else None,
    )


def toggles_map(scene: Moment) -> bool:
    """Say whether a click on the picture switches a cell of the mask."""
    return scene.view == "masking" and scene.lab.mask == "by-hand"


def foot(scene: Moment) -> Legend:
    """Say below the matrices what the colours mean, and what went wrong where something did."""
    softmax = scene.view == "softmax"
    return Legend(
        alert=_alert(scene) if scene.view in ("masking", "softmax", "weighted_average") else None,
        legend=_legend(scene),
        extra=_entropy(scene) if softmax else None,
    )


def blocked_rows(scene: Moment) -> list[int]:
    """Return the query rows that may attend to no key."""
    return sorted({row[-1] for row in scene.refusal.rows}) if scene.refusal else []


def _alert(scene: Moment) -> dict[str, str] | None:
    rows = blocked_rows(scene)
    if not rows:
        return None
    names = [_("“{labels}” (row {row})", labels=scene.labels[row], row=row + 1) for row in rows]
    if len(rows) == 1:
        text = _(
            "Softmax would be 0/0, so the library stops here: FullyMaskedRowError. Allow at least one key in "
            "that row."
        )
    else:
        text = _(
            "Softmax would be 0/0, so the library stops here: FullyMaskedRowError. Allow at least one key in "
            "each of those rows."
        )
    return {"title": _("No key left for {names}.", names=first_of(names, 3)), "text": text}


def _legend(scene: Moment) -> dict[str, Any]:
    name = scene.result
    fill = fill_of(scene, name)
    others = _other_ranges(scene, name)
    if fill.kind == "weights":
        text: Math = [_("weights; 0 is dark, 1 is bright; striped: masked"), *others]
        return {"kind": "weights", "tint": "neutral", "low": "0", "high": "1", "text": text}
    if name in ("scaled_scores", "masked_scores"):
        text = [_("one range for raw and scaled scores, so fainter is smaller")]
    elif name == "head_outputs":
        text = [_("the same range as V; plum is negative; weights: 0 is dark, 1 is bright")]
    else:
        text = [_("centred on 0; plum is negative"), *others]
    end = term(fill.range or 0.0, 2)
    return {"kind": "signed", "tint": fill.tint, "low": f"−{end}", "high": end, "text": text}


def _other_ranges(scene: Moment, result: str) -> Math:
    """Say which number has the full colour in the other matrices, where that is another one."""
    large = scene.n > MAX_GRID
    own = fill_of(scene, result).range
    others: dict[str, list[str]] = {}
    for name in [] if large else _TABLES[scene.view]:
        fill = fill_of(scene, name)
        if name != result and fill.kind == "signed" and fill.range != own:
            others.setdefault(term(fill.range or 0.0, 2), []).append(name)
    parts: Math = []
    for i, (end, names) in enumerate(others.items()):
        matrices: Math = []
        for j, name in enumerate(names):
            matrices += [", "] * bool(j) + (symbol_of(name) or [name_of(name)])
        parts += ["; "] * bool(i) + phrase("{end} in {matrices}", end=end, matrices=matrices)
    return ["; ", *phrase("full colour is {ranges}", ranges=parts)] if parts else []


def _entropy(scene: Moment) -> Math | None:
    weights, query = scene.array("weights"), scene.lab.query
    if weights is None:
        return None
    bits = number(float(entropy(weights[query])), 2)
    mask = scene.lab.mask_array
    keys = scene.n if mask is None else int(mask[query].sum())  # what is masked cannot share
    most = number(math.log2(keys), 2)
    return phrase(
        "entropy of row {labels}: {bits} bits of at most {most}",
        labels=tinted(scene.labels[query], "q"),
        bits=tinted(bits, "b"),
        most=most,
    )
