"""The middle of the screen: the matrices of a step, and what stands below them."""

from __future__ import annotations

import math
from typing import Any

from attention import entropy
from attention_lab.views.markup import Math, root, tinted
from attention_lab.views.matrices import fill_of, matrix, name_of, symbol_of
from attention_lab.views.numbers import number, term
from attention_lab.views.scene import MAX_GRID, Scene

_TABLES = {
    "lookup": ["x", "table"],
    "projections": ["q", "k", "v", "x", "w_q", "w_k", "w_v"],
    "dot_products": ["raw_scores", "q", "k_t"],
    "scaling": ["scaled_scores", "raw_scores"],
    "masking": ["masked_scores", "scaled_scores", "mask"],
    "softmax": ["weights", "masked_scores"],
    "weighted_average": ["head_outputs", "weights", "v"],
}


def stage(scene: Scene) -> dict[str, Any]:
    """Lay out the matrices of the step: what goes in, what is done, what comes out."""
    large = scene.n > MAX_GRID
    view = _as_map(scene) if large else _LAYOUTS[scene.step.view](scene)
    tables = [scene.result] if large else _TABLES[scene.step.view]
    return {**view, "step": scene.step.id, "table": scene.session.table, "tables": tables, "n": scene.n}


def _flow(inputs: list[dict[str, Any]], op: Math, result: dict[str, Any]) -> dict[str, Any]:
    return {"layout": "flow", "inputs": inputs, "plus": len(inputs) > 1, "op": op, "result": result}


def _product(
    left: dict[str, Any],
    top: list[dict[str, Any]],
    results: list[dict[str, Any]],
    choose: dict[str, Any] | None = None,
    bars: dict[str, Any] | None = None,
) -> dict[str, Any]:
    return {"layout": "product", "left": left, "top": top, "results": results, "choose": choose, "bars": bars}


def _lookup(scene: Scene) -> dict[str, Any]:
    ids = ", ".join(map(str, scene.embedded.ids))
    return _flow([matrix(scene, "table")], [f"look up rows {ids}"], matrix(scene, "x"))


def _projections(scene: Scene) -> dict[str, Any]:
    return _product(
        matrix(scene, "x"),
        [matrix(scene, name) for name in ("w_q", "w_k", "w_v")],
        [matrix(scene, name) for name in ("q", "k", "v")],
        choose=_choose(scene),
    )


def _choose(scene: Scene) -> dict[str, Any]:
    names = ("q", "k", "v")
    options = [{"label": name.upper(), "matrix": name} for name in names]
    return {"options": options, "value": names.index(scene.result)}


def _dot_products(scene: Scene) -> dict[str, Any]:
    return _product(matrix(scene, "q"), [matrix(scene, "k_t")], [matrix(scene, "raw_scores")])


def _scaling(scene: Scene) -> dict[str, Any]:
    scale, d_k = scene.session.scale, scene.session.d_k
    op: Math = ["divide by ", root(str(d_k))] if scale is None else [f"times {term(scale)}"]
    return _flow([matrix(scene, "raw_scores")], op, matrix(scene, "scaled_scores"))


def _masking(scene: Scene) -> dict[str, Any]:
    by_hand = scene.session.mask == "by-hand"
    inputs = [matrix(scene, "scaled_scores"), matrix(scene, "mask", toggles=by_hand)]
    return _flow(inputs, ["add, cell by cell"], matrix(scene, "masked_scores"))


def _softmax(scene: Scene) -> dict[str, Any]:
    return _flow(
        [matrix(scene, "masked_scores")], ["softmax of each row"], matrix(scene, "weights", sums=True)
    )


def _weighted_average(scene: Scene) -> dict[str, Any]:
    weights, query = scene.array("weights"), scene.session.query
    bars = None
    if weights is not None:
        label: Math = ["weights of ", tinted(scene.labels[query], "q"), ", one bar per key"]
        bars = {"label": label, "heights": weights[query].tolist()}
    return _product(
        matrix(scene, "weights"), [matrix(scene, "v")], [matrix(scene, "head_outputs")], bars=bars
    )


_LAYOUTS = {
    "lookup": _lookup,
    "projections": _projections,
    "dot_products": _dot_products,
    "scaling": _scaling,
    "masking": _masking,
    "softmax": _softmax,
    "weighted_average": _weighted_average,
}


def _as_map(scene: Scene) -> dict[str, Any]:
    """More tokens than cells can be read for: one picture of the result, with its table twin."""
    name = scene.result
    do = (
        "Click a cell to block it or to allow it"
        if toggles_map(scene)
        else "Click a cell to see where its number comes from"
    )
    return {
        "layout": "map",
        "caption": [*symbol_of(name), " " if symbol_of(name) else "", name_of(name)],
        "note": f"More than {MAX_GRID} tokens are drawn as one picture. {do}; Table shows every number.",
        "plot": 0,
        "matrix": matrix(scene, name, sums=name == "weights"),
        "choose": _choose(scene) if scene.step.view == "projections" else None,
    }


def toggles_map(scene: Scene) -> bool:
    """Say whether a click on the picture switches a cell of the mask."""
    return scene.step.view == "masking" and scene.session.mask == "by-hand"


def foot(scene: Scene) -> dict[str, Any]:
    """Say below the matrices what the colours mean, and what went wrong where something did."""
    softmax = scene.step.view == "softmax"
    return {
        "alert": _alert(scene) if scene.step.view in ("masking", "softmax", "weighted_average") else None,
        "legend": _legend(scene),
        "extra": _entropy(scene) if softmax else None,
    }


def blocked_rows(scene: Scene) -> list[int]:
    """Return the query rows that may attend to no key."""
    return sorted({row[-1] for row in scene.refusal.rows}) if scene.refusal else []


def _alert(scene: Scene) -> dict[str, str] | None:
    rows = blocked_rows(scene)
    if not rows:
        return None
    names = [f"“{scene.labels[row]}” (row {row + 1})" for row in rows[:3]]
    more = f" and {len(rows) - 3} more" if len(rows) > 3 else ""
    which = "that row" if len(rows) == 1 else "each of those rows"
    return {
        "title": f"No key left for {', '.join(names)}{more}.",
        "text": "Softmax would be 0/0, so the library stops here: FullyMaskedRowError. "
        f"Allow at least one key in {which}.",
    }


def _legend(scene: Scene) -> dict[str, Any]:
    name = scene.result
    fill = fill_of(scene, name)
    if fill["kind"] == "weights":
        text = "weights; 0 is dark, 1 is bright; striped: masked"
        return {"kind": "weights", "tint": "neutral", "low": "0", "high": "1", "text": text}
    if name in ("scaled_scores", "masked_scores"):
        text = "one range for raw and scaled scores, so paler is smaller"
    elif name == "head_outputs":
        text = "the same range as V; plum is negative"
    else:
        text = "centred on 0; plum is negative"
    end = term(fill["range"], 2)
    return {"kind": "signed", "tint": fill["tint"], "low": f"−{end}", "high": end, "text": text}


def _entropy(scene: Scene) -> Math | None:
    weights, query = scene.array("weights"), scene.session.query
    if weights is None:
        return None
    bits = number(float(entropy(weights[query])), 2)
    most = number(math.log2(scene.n), 2)
    return [
        "entropy of row ",
        tinted(scene.labels[query], "q"),
        ": ",
        tinted(bits, "b"),
        f" bits of at most {most}",
    ]
