"""What the learner can set in the experiments: sentence, question, kinds of unknown words, drawing."""

from __future__ import annotations

from typing import Any

from attention import JOBS
from attention_lab.experiment import OWN
from attention_lab.reading import kinds
from attention_lab.views.controls import seed_items
from attention_lab.views.experiments.bench import Bench
from attention_lab.views.experiments.words import HEADS

_DRAWN = (("arrows", "Arrows"), ("map", "Map"))


def controls(bench: Bench) -> dict[str, Any]:
    """All groups, in the order of their use."""
    groups = [_sentence(bench), _unknown(bench), _random(bench), _drawing(bench)]
    return {"groups": [group for group in groups if group]}


def _sentence(bench: Bench) -> dict[str, Any]:
    options = [{"value": i, "label": _ending(text)} for i, text in enumerate(bench.step.sentences)] + [
        {"value": OWN, "label": "Your own"}
    ]
    items: list[dict[str, Any]] = []
    if len(options) > 1:
        items.append(
            {
                "type": "segmented",
                "name": "sample",
                "label": "Sentence",
                "value": bench.sample,
                "options": options,
            }
        )
    if bench.sample == OWN or bench.step.job is None:
        items.append(
            {
                "type": "select",
                "name": "job",
                "label": "asked for",
                "value": bench.job,
                "options": [{"value": job, "label": HEADS[job]} for job in JOBS],
            }
        )
    return {"title": "Sentence", "items": items}


def _ending(text: str) -> str:
    """The last word, which is what the sentences of a step differ in."""
    return f"… {text.split()[-1]}"


def _unknown(bench: Bench) -> dict[str, Any] | None:
    """A kind for each word that the small models never met."""
    reading, chosen = bench.reading, bench.session.kinds
    if not reading.unknown:
        return None
    names = dict.fromkeys(bench.tokens.texts[i].lower() for i in reading.unknown)
    items = [
        {
            "type": "select",
            "name": f"kind-{i}",
            "label": name,
            "value": chosen.get(name, ""),
            "options": [
                {"value": "", "label": "choose a kind", "set": {"kinds": _without(chosen, name)}},
                *(
                    {"value": kind, "label": kind.strip("<>"), "set": {"kinds": {**chosen, name: kind}}}
                    for kind in kinds()
                ),
            ],
        }
        for i, name in enumerate(names)
    ]
    return {"title": "Unknown words", "items": items}


def _without(chosen: dict[str, str], name: str) -> dict[str, str]:
    return {word: kind for word, kind in chosen.items() if word != name}


def _random(bench: Bench) -> dict[str, Any] | None:
    return {"title": "Random model", "items": seed_items(bench.session.seed)}


def _drawing(bench: Bench) -> dict[str, Any] | None:
    if bench.step.view == "many_heads":
        return None
    options = [{"value": value, "label": label} for value, label in _DRAWN]
    item = {"type": "segmented", "name": "drawn", "label": "Drawn as", "value": bench.session.drawn}
    return {"title": "Drawn as", "items": [{**item, "options": options}]}
