"""Where one number comes from, term by term. The terms are tested to give the number in the trace."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

from attention import PAD_KEY
from attention_lab.kit.blocks import Arithmetic
from attention_lab.kit.markup import Math, it, root, sub, tinted
from attention_lab.kit.numbers import rounds_to, term
from attention_lab.kit.texts import _, phrase
from attention_lab.labs.stepper.cells import Cell
from attention_lab.labs.stepper.matrices import symbol_of
from attention_lab.labs.stepper.moment import Moment
from attention_lab.labs.stepper.stage import blocked_rows
from attention_lab.labs.stepper.terms import (
    beside,
    dot_product,
    equation,
    head_name,
    names,
    position,
    softmax_row,
)


def arithmetic(scene: Moment) -> Arithmetic:
    """Explain the cell under the pointer, or else the current one."""
    return Arithmetic(
        heading=_("Where this number comes from"), follows="hover", **explain(scene, scene.looked_at)
    )


def explain(scene: Moment, cell: Cell) -> dict[str, Any]:
    """Explain any cell of the head on screen."""
    return {"why": None, "note": None, **_EXPLAIN[cell["matrix"]](scene, cell)}


def _table(scene: Moment, cell: Cell) -> dict[str, Any]:
    row, col = names(scene, cell)
    key, embedded = scene.embedded.vocab[cell["row"]], scene.embedded
    if key == PAD_KEY:
        how, note = _("padding"), _("PAD stands for nothing, so its row is all zeros.")
    elif embedded.provenance == "random":
        how = _("drawn, seed {seed}", seed=embedded.seed)
        note = _("Drawn from a normal distribution, then rounded so that sums can be checked by hand.")
    elif key in embedded.spelled:
        how = _("from its spelling")
        note = _(
            "“{row}” is not in the lexicon: its numbers come from its letters, not from its meaning.", row=row
        )
    else:
        how, note = (
            _("chosen"),
            _("Chosen by hand, small enough to check every sum; it comes from no trained model."),
        )
    return {
        "title": position(symbol_of("table"), row, col),
        "body": equation(scene, cell, [how]),
        "note": note,
    }


def _x(scene: Moment, cell: Cell) -> dict[str, Any]:
    row, col = names(scene, cell)
    i = scene.embedded.ids[cell["row"]]
    key, token = scene.embedded.vocab[i], scene.tokens.texts[cell["row"]]
    return {
        "title": position(symbol_of("x"), row, col),
        "why": [_("Row {i} of the table, because “{row}” has id {i}.", i=i + 1, row=row)],
        "body": equation(scene, cell, [it("E"), f"[{i + 1}, {cell['col'] + 1}]"]),
        "note": _looked_up(scene, token, key),
    }


def _looked_up(scene: Moment, token: str, key: str) -> str | None:
    """Say under which name a token is looked up, and where its numbers are from if not from the lexicon."""
    if key in scene.embedded.spelled:
        return _(
            "“{token}” is not in the lexicon: its numbers come from its letters, not from its meaning.",
            token=token,
        )
    other = key not in (token, PAD_KEY)
    return _("“{token}” is looked up as “{key}”.", token=token, key=key) if other else None


def _parameter(scene: Moment, cell: Cell) -> dict[str, Any]:
    row, col = names(scene, cell)
    projections = scene.lab.projections
    if projections.provenance == "random":
        how = _("drawn, seed {seed}", seed=projections.seed)
        note = _("A parameter: drawn from a normal distribution, then rounded. Training would change it.")
    else:
        how, note = _("chosen"), _("A parameter: chosen by hand here. Training would set it.")
    return {
        "title": position(symbol_of(cell["matrix"]), row, col),
        "why": [_("Column {col} of {head_name}.", col=col, head_name=head_name(scene))],
        "body": equation(scene, cell, [how]),
        "note": note,
    }


def _projected(scene: Moment, cell: Cell) -> dict[str, Any]:
    name = cell["matrix"]
    row, col = names(scene, cell)
    x, w = scene.row("x", cell["row"]), scene.column(f"w_{name}", cell["col"])
    return {
        "title": position([it(name.upper(), name)], row, col),
        "why": phrase(
            "Row {row} of {x} with column {col} of {w}, {head_name}.",
            row=tinted(row, "b"),
            x=it("X"),
            col=col,
            w=symbol_of(f"w_{name}"),
            head_name=head_name(scene),
        ),
        **dot_product(scene, cell, x, w, ("", name)),
    }


def _key_transposed(scene: Moment, cell: Cell) -> dict[str, Any]:
    return _projected(scene, Cell(matrix="k", row=cell["col"], col=cell["row"]))


def _query_and_key(scene: Moment, cell: Cell) -> dict[str, Any]:
    query, key = names(scene, cell)
    return {"query": tinted(query, "b"), "key": tinted(key, "b"), "head_name": head_name(scene)}


def _of_query_and_key(scene: Moment, cell: Cell) -> Math:
    return phrase("Query {query}, key {key}, {head_name}.", **_query_and_key(scene, cell))


def _raw_score(scene: Moment, cell: Cell) -> dict[str, Any]:
    query, key = names(scene, cell)
    q, k = scene.row("q", cell["row"]), scene.column("k_t", cell["col"])
    return {
        "title": [it("q", "q"), sub(query, cls="q"), " · ", it("k", "k"), sub(key, cls="k")],
        "why": phrase(
            "Query {query}, key {key}, {head_name}: multiply position by position, then add.",
            **_query_and_key(scene, cell),
        ),
        **dot_product(scene, cell, q, k, ("q", "k")),
    }


def _scaled_score(scene: Moment, cell: Cell) -> dict[str, Any]:
    lab, d_k = scene.lab, scene.lab.d_k
    usual, raw, printed = lab.usual_scale, scene.number(beside(cell, "raw_scores")), scene.number(cell)
    scale = usual if lab.scale is None else lab.scale
    digits = next((n for n in range(4, 9) if rounds_to(round(raw, n) * scale, term(printed))), 9)
    if lab.scale is None:
        expression: Math = [f"{term(raw, digits)} ÷ ", root(str(d_k))]
        note = _(
            "√{d_k} is {d_k_2}; the same as × {usual}.",
            d_k=d_k,
            d_k_2=term(math.sqrt(d_k)),
            usual=term(usual),
        )
    else:
        expression = [f"{term(raw, digits)} × {term(scale)}"]
        note = _("Your scale. The usual one is 1/√{d_k} = {usual}.", d_k=d_k, usual=term(usual))
    return {
        "title": [_("scaled score")],
        "why": _of_query_and_key(scene, cell),
        "body": equation(scene, cell, expression),
        "note": note,
    }


def _mask(scene: Moment, cell: Cell) -> dict[str, Any]:
    query, key = names(scene, cell)
    free = _("0 changes nothing.")
    pair = {"query": query, "key": key}
    words, blocked = {
        "none": (_("no mask"), free),
        "causal": (
            _("causal mask"),
            _("−∞: “{query}” may not use “{key}”: “{key}” comes after “{query}”.", **pair),
        ),
        "padding": (_("padding mask"), _("−∞: “{query}” may not use “{key}”: “{key}” is padding.", **pair)),
        "by-hand": (
            _("by hand"),
            _("−∞: “{query}” may not use “{key}”: this cell of the mask is blocked.", **pair),
        ),
    }[scene.lab.mask]
    allowed = scene.number(cell) == 0
    return {
        "title": [it("M"), "[", tinted(query, "b"), ", ", tinted(key, "b"), "]"],
        "body": equation(scene, cell, [words]),
        "note": free if allowed else blocked,
    }


def _masked_score(scene: Moment, cell: Cell) -> dict[str, Any]:
    scaled = term(scene.number(beside(cell, "scaled_scores")))
    allowed = scene.number(beside(cell, "mask")) == 0
    return {
        "title": [_("masked score")],
        "why": _of_query_and_key(scene, cell),
        "body": equation(scene, cell, [f"{scaled} + {'0' if allowed else '(−∞)'}"]),
        "note": _("Allowed: the score stays.") if allowed else _("Not allowed: gone before softmax sees it."),
    }


def _weight(scene: Moment, cell: Cell) -> dict[str, Any]:
    query, key = names(scene, cell)
    title: Math = phrase("weight of {key} for {query}", key=tinted(key, "k"), query=tinted(query, "q"))
    if scene.refusal:
        return _refused(scene, cell, title)
    top = term(max(scene.row("masked_scores", cell["row"])))
    why = [_("Head {head}, row maximum {top}.", head=scene.head + 1, top=top)]
    return {"title": title, "why": why, **softmax_row(scene, cell)}


def _output(scene: Moment, cell: Cell) -> dict[str, Any]:
    query, col = names(scene, cell)
    title: Math = [_("output"), "[", tinted(query, "b"), f", {col}]"]
    if scene.refusal:
        return _refused(scene, cell, title)
    weights, v = scene.row("weights", cell["row"]), scene.column("v", cell["col"])
    return {
        "title": title,
        "why": phrase(
            "Each weight of {query} times column {col} of {v}, {head_name}.",
            query=tinted(query, "b"),
            col=col,
            v=it("V", "v"),
            head_name=head_name(scene),
        ),
        **dot_product(scene, cell, weights, v, ("", "v"), scene.labels),
    }


def _refused(scene: Moment, cell: Cell, title: Math) -> dict[str, Any]:
    """What there is to say about a number that was not computed."""
    rows = blocked_rows(scene)
    if cell["row"] in rows:
        note = _("Row “{labels}” has no key left, so this would be 0/0.", labels=scene.labels[cell["row"]])
    else:
        note = _(
            "Nothing is computed from here on, because row “{labels}” has no key left.",
            labels=scene.labels[rows[0]],
        )
    return {"title": title, "body": {"kind": "none"}, "note": note}


_EXPLAIN: Mapping[str, Callable[[Moment, Cell], dict[str, Any]]] = {
    "table": _table,
    "x": _x,
    **dict.fromkeys(("w_q", "w_k", "w_v"), _parameter),
    **dict.fromkeys(("q", "k", "v"), _projected),
    "k_t": _key_transposed,
    "raw_scores": _raw_score,
    "scaled_scores": _scaled_score,
    "mask": _mask,
    "masked_scores": _masked_score,
    "weights": _weight,
    "head_outputs": _output,
}
