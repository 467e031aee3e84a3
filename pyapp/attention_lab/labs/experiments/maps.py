"""Every head as a small map, in layers or in the order of how much it looks as is asked."""

from __future__ import annotations

from attention_lab.kit.blocks import Maps
from attention_lab.kit.blocks.writing import quoted
from attention_lab.kit.frame import item_of
from attention_lab.kit.markup import tinted
from attention_lab.kit.numbers import number
from attention_lab.kit.texts import _, phrase
from attention_lab.labs.experiments.bench import Bench
from attention_lab.labs.experiments.words import head_name, head_sign, word

_MANY = 24  # heads, beyond which a map has no label of its own


def maps(bench: Bench) -> Maps | None:
    """The small maps of the model that is shown."""
    run = bench.run
    if run is None:
        return None
    look, weights = run.after, run.after.between(bench.query, bench.key).tolist()
    heads = [
        {
            "label": head_name(run.name, spot),
            "short": head_sign(run.name, spot),
            "weight": number(weight, 2),
            "value": weight,
            "current": spot == run.at,
            "values": look.layers[spot[0]][spot[1]].round(3).tolist(),
            "set": {"at": list(spot)},
            "spot": ".".join(map(str, spot)),
        }
        for spot, weight in zip(look.spots, weights, strict=True)
    ]
    shown = next(head for head in heads if head["current"])
    best = max(heads, key=lambda head: head["value"])
    if bench.lab.order == "weight":
        heads.sort(key=lambda head: -head["value"])
    query, key = word(bench, bench.query), word(bench, bench.key)
    many, large = len(heads) > _MANY, bench.view == "many_heads"
    note = _(
        "Shown: {shown}, {shown_2}. Most: {best}, {best_2}.",
        shown=shown["label"],
        shown_2=shown["weight"],
        best=best["label"],
        best_2=best["weight"],
    )
    return Maps(
        region="maps",
        title=phrase(
            "Which heads look from {query} to {key}?",
            query=tinted(quoted(query), "q"),
            key=tinted(quoted(key), "k"),
        ),
        order=item_of(bench.lab, "order"),
        across=12 if many else min(8 if large else 4, max(len(layer) for layer in look.layers)),
        row=look.tokens_of(bench.query)[0],
        maps=heads,
        many=many,
        note=note if many else "",
        large=large,
    )
