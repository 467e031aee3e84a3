"""One matrix as the page draws it: names, labels, values, texts, colours, and where each cell comes from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from attention_lab.kit.blocks import Axis, Fill, From, Matrix
from attention_lab.kit.blocks.writing import counted
from attention_lab.kit.markup import Q_K_T, Math, it, sub, sup
from attention_lab.kit.numbers import largest
from attention_lab.kit.texts import _, lazy
from attention_lab.labs.stepper.cells import AXES
from attention_lab.labs.stepper.moment import Moment


class _Look(NamedTuple):
    symbol: Math
    words: str
    role: str  # whose colour its name has
    dims: tuple[str, str]
    tint: str  # what its cells are tinted with; "weights" and "mask" have their own colours


_LOOKS: Mapping[str, _Look] = {
    "table": _Look([it("E")], lazy("embedding table"), "", (lazy("vocabulary"), "d_model"), "neutral"),
    "x": _Look([it("X")], lazy("embeddings"), "", (lazy("tokens"), "d_model"), "neutral"),
    "w_q": _Look([it("W", "q"), sub(it("Q"), cls="q")], "", "q", ("d_model", "d_k"), "neutral"),
    "w_k": _Look([it("W", "k"), sub(it("K"), cls="k")], "", "k", ("d_model", "d_k"), "neutral"),
    "w_v": _Look([it("W", "v"), sub(it("V"), cls="v")], "", "v", ("d_model", "d_v"), "neutral"),
    "q": _Look([it("Q", "q")], lazy("queries"), "q", ("seq_q", "d_k"), "q"),
    "k": _Look([it("K", "k")], lazy("keys"), "k", ("seq_k", "d_k"), "k"),
    "v": _Look([it("V", "v")], lazy("values"), "v", ("seq_k", "d_v"), "v"),
    "k_t": _Look([it("K", "k"), sup("T", cls="k")], lazy("keys"), "k", ("d_k", "seq_k"), "k"),
    "raw_scores": _Look(Q_K_T, lazy("raw scores"), "", ("seq_q", "seq_k"), "neutral"),
    "scaled_scores": _Look([], lazy("scaled scores"), "", ("seq_q", "seq_k"), "neutral"),
    "mask": _Look([it("M")], lazy("mask"), "", ("seq_q", "seq_k"), "mask"),
    "masked_scores": _Look([], lazy("masked scores"), "", ("seq_q", "seq_k"), "neutral"),
    "weights": _Look([], lazy("weights"), "", ("seq_q", "seq_k"), "weights"),
    "head_outputs": _Look([], lazy("head output"), "", ("seq_q", "d_v"), "v"),
}

_SHARED_RANGE = {  # matrices whose colours are to be compared
    **dict.fromkeys(("raw_scores", "scaled_scores", "masked_scores"), ("raw_scores", "scaled_scores")),
    **dict.fromkeys(("k", "k_t"), ("k",)),
    "head_outputs": ("v",),
}
_STRIPED = ("mask", "masked_scores", "weights")
_NAMES = {"w_q": lazy("query projection"), "w_k": lazy("key projection"), "w_v": lazy("value projection")}


def name_of(matrix: str) -> str:
    """Return what to call a matrix in plain words."""
    return _LOOKS[matrix].words or _NAMES[matrix]


def symbol_of(matrix: str) -> Math:
    """Return the symbol of a matrix; empty if it has none."""
    return _LOOKS[matrix].symbol


def fill_of(scene: Moment, matrix: str) -> Fill:
    """Say how cells are coloured. Weights are always drawn from 0 to 1, the rest symmetrically around 0."""
    tint = _LOOKS[matrix].tint
    if tint in ("weights", "mask"):
        return Fill(kind=tint)
    arrays = [scene.drawn(each) for each in _SHARED_RANGE.get(matrix, (matrix,))]
    return Fill(tint=tint, range=largest(*(array for array in arrays if array is not None)))


def matrix(scene: Moment, name: str, *, sums: bool = False, toggles: str | None = None) -> Matrix:
    """Describe one matrix of the head on screen."""
    look, current = _LOOKS[name], scene.current
    n_rows, n_cols = scene.shape(name)
    return Matrix(
        id=name,
        values=scene.drawn(name),
        rows=_axis(scene, name, 0),
        cols=_axis(scene, name, 1),
        words=_("{picture}, yours", picture=look.words) if scene.lab.mine(name) is not None else look.words,
        label=_(
            "{words}, {rows}, {columns}",
            words=name_of(name),
            rows=counted(n_rows, "row", "rows"),
            columns=counted(n_cols, "column", "columns"),
        ),
        symbol=look.symbol,
        role=look.role,
        decimals=scene.decimals(name),
        fill=fill_of(scene, name),
        masked=_striped(scene) if name in _STRIPED else None,
        sums=sums,
        toggles=toggles,
        sources=_sources(scene, name),
        current=(current["row"], current["col"]) if current["matrix"] == name else None,
    )


def _axis(scene: Moment, name: str, axis: int) -> Axis:
    kind, lab = AXES[name][axis], scene.lab
    on = {"query": lab.query, "token": lab.query, "key": lab.key}.get(kind)
    if kind == "vocab":
        on = scene.embedded.ids[lab.query]
    labels = scene.axis_labels(name, axis)
    full = scene.tokens.texts if labels is scene.labels else scene.embedded.vocab if kind == "vocab" else None
    return Axis(axis=kind, dim=_LOOKS[name].dims[axis], labels=labels, on=on, full=full)


def _striped(scene: Moment) -> Any:
    mask = scene.lab.mask_array
    return None if mask is None else ~mask


def _sources(scene: Moment, name: str) -> list[From]:
    """Say which rows, columns or cells of other matrices a cell was computed from."""

    def source(matrix: str, row: Any, col: str, role: str = "") -> From:
        return From(matrix=matrix, row=row, col=col, role=role)

    match name:
        case "x":
            return [source("table", list(scene.embedded.ids), "all")]
        case "q" | "k" | "v":
            return [source("x", "row", "all"), source(f"w_{name}", "all", "col", name)]
        case "k_t":
            return [source("x", "col", "all"), source("w_k", "all", "row", "k")]
        case "raw_scores":
            return [source("q", "row", "all", "q"), source("k_t", "all", "col", "k")]
        case "scaled_scores":
            return [source("raw_scores", "row", "col")]
        case "masked_scores":
            return [source("scaled_scores", "row", "col"), source("mask", "row", "col")]
        case "weights":
            return [source("masked_scores", "row", "all")]
        case "head_outputs":
            return [source("weights", "row", "all", "q"), source("v", "all", "col", "v")]
    return []
