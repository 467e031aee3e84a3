"""The middle of the screen: one head large, as arrows between words or as a map; beside it the mean."""

from __future__ import annotations

from typing import Any

import numpy as np

from attention import Array
from attention_lab.views.experiments.bench import Bench, Run
from attention_lab.views.experiments.words import TITLES, head_name, labels, word
from attention_lab.views.markup import Math, it, sub, tinted
from attention_lab.views.numbers import number
from attention_lab.views.scene import MAX_GRID


def stage(bench: Bench) -> dict[str, Any]:
    """The head that is shown; where the step is about it, the mean over all heads beside it."""
    run = bench.run
    base = {"step": bench.step.id, "table": bench.session.table, "asks": True}
    if run is None:
        return {**base, "layout": "nothing", "tables": [], "n": 0, "text": _why_nothing(bench)}
    panels = [_head(bench, run)]
    if bench.step.view == "mean":
        panels.append(_mean(bench, run))
    n = len(run.after.tokens)
    large = n > MAX_GRID and bench.session.drawn == "map"
    view = _as_map(panels[0]) if large else {"layout": "panels", "panels": panels}
    return {
        **base,
        **view,
        "drawn": bench.session.drawn,
        "tables": ["head"] if large else [panel["matrix"]["id"] for panel in panels],
        "n": n,
        "owners": list(run.after.owners),
        "words": len(bench.words),
        "query": run.after.tokens_of(bench.query)[0],
        "key": run.after.tokens_of(bench.key)[0],
        "rival": run.after.tokens_of(bench.rival)[0],
    }


def _why_nothing(bench: Bench) -> str:
    broken = bench.broken.get(bench.session.examined)
    if broken:
        return f"This model’s file cannot be used: {broken}. The other models work without it."
    if bench.session.examined == "minilm":
        return "MiniLM is not here yet. Its card above says how large it is and fetches it."
    unknown = ", ".join(f"“{bench.tokens.texts[i]}”" for i in bench.reading.unknown)
    return f"This model has never met {unknown}. Choose a kind of word for each under Unknown words."


def _head(bench: Bench, run: Run) -> dict[str, Any]:
    layer, head = run.at
    title = f"{TITLES[run.name].name}, {head_name(run.name, run.at)}"
    symbol: Math = [it("A"), sub(f"{layer + 1}.{head + 1}")]
    return _panel(bench, run, "head", symbol, title, run.after.layers[layer][head])


def _mean(bench: Bench, run: Run) -> dict[str, Any]:
    all_heads = np.concatenate(run.after.layers)
    title = f"{TITLES[run.name].name}, mean over all {len(all_heads)} heads"
    return _panel(bench, run, "mean", [it("Ā")], title, all_heads.mean(axis=0))


def _panel(bench: Bench, run: Run, name: str, symbol: Math, title: str, weights: Array) -> dict[str, Any]:
    named = labels(bench, run.after)
    query, key = run.after.tokens_of(bench.query)[0], run.after.tokens_of(bench.key)[0]
    values = weights.tolist()
    return {
        "title": title,
        "said": _said(bench, named, values[query], query),
        "matrix": {
            "id": name,
            "symbol": symbol,
            "words": title,
            "role": "",
            "rows": {"axis": "query", "dim": "looks from", "labels": named, "on": query},
            "cols": {"axis": "key", "dim": "looks at", "labels": named, "on": key},
            "values": values,
            "text": [[number(value, 2) for value in row] for row in values],
            "fill": {"kind": "weights", "tint": "neutral", "range": 1},
            "masked": None,
            "sums": None,
            "toggles": False,
            "label": f"{title}: weights, {len(named)} rows, {len(named)} columns",
            "sources": [],
            "current": [query, key],
        },
    }


def _said(bench: Bench, named: list[str], row: list[float], query: int) -> str:
    """The row of the query in words, the largest weights first."""
    order = sorted(range(len(row)), key=lambda i: -row[i])[:4]
    largest = ", ".join(f"{named[i]} {number(row[i], 2)}" for i in order)
    return f"“{named[query]}” looks at: {largest}."


def _as_map(panel: dict[str, Any]) -> dict[str, Any]:
    """More tokens than cells can be read for: one picture, with its table twin."""
    return {
        "layout": "map",
        "caption": [panel["title"]],
        "note": f"More than {MAX_GRID} tokens are drawn as one picture. Click a cell to ask about its two "
        "words; Table shows every number.",
        "plot": 0,
        "matrix": panel["matrix"],
        "choose": None,
    }


def foot(bench: Bench) -> dict[str, Any] | None:
    """What the colours and lines mean."""
    if bench.run is None:
        return None
    arrows = bench.session.drawn == "arrows" and bench.step.view != "many_heads"
    text = "the thicker a line, the larger the weight" if arrows else "weights; 0 is dark, 1 is bright"
    legend = {
        "kind": "lines" if arrows else "weights",
        "tint": "neutral",
        "low": "0",
        "high": "1",
        "text": text,
    }
    return {"alert": None, "legend": legend, "extra": _extra(bench)}


def _extra(bench: Bench) -> Math | None:
    """Say what was done to the sentence, or else that the grammar could have made it."""
    if not bench.exchange:
        return ["inside the grammar of the small models"] if bench.reading.inside else None
    first, second = bench.exchange
    return ["exchanged: ", tinted(word(bench, first), "b"), " and ", tinted(word(bench, second), "b")]
