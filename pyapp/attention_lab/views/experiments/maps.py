"""Every head as a small map, in layers or in the order of how much it looks as is asked."""

from __future__ import annotations

from typing import Any

from attention_lab.views.experiments.bench import Bench
from attention_lab.views.experiments.words import head_name, head_sign, word
from attention_lab.views.markup import tinted
from attention_lab.views.numbers import number


def maps(bench: Bench) -> dict[str, Any] | None:
    """The small maps of the model that is shown."""
    run = bench.run
    if run is None:
        return None
    look, weights = run.after, run.after.between(bench.query, bench.key).tolist()
    heads = [
        {
            "spot": list(spot),
            "label": head_name(run.name, spot),
            "short": head_sign(run.name, spot),
            "weight": number(weight, 2),
            "value": weight,
            "current": spot == run.at,
            "values": look.layers[spot[0]][spot[1]].round(3).tolist(),
        }
        for spot, weight in zip(look.spots, weights, strict=True)
    ]
    by_weight = bench.session.order == "weight"
    if by_weight:
        heads.sort(key=lambda head: -head["value"])
    query, key = word(bench, bench.query), word(bench, bench.key)
    return {
        "question": [
            "Which heads look from ",
            tinted(f"“{query}”", "q"),
            " to ",
            tinted(f"“{key}”", "k"),
            "?",
        ],
        "order": bench.session.order,
        "orders": [{"value": "weight", "label": "By weight"}, {"value": "layer", "label": "By layer"}],
        "across": max(len(layer) for layer in look.layers),
        "query": look.tokens_of(bench.query)[0],
        "key": look.tokens_of(bench.key)[0],
        "heads": heads,
        "large": bench.step.view == "many_heads",
    }
