"""Test the arrow: what can be done to it, and the answer before and after."""

from __future__ import annotations

from typing import Any

import numpy as np

from attention_lab.examined import Said
from attention_lab.experiment import OWN
from attention_lab.interventions import Change
from attention_lab.views.experiments.bench import Bench, Run
from attention_lab.views.experiments.captions import CAPTIONS
from attention_lab.views.experiments.measured import measured
from attention_lab.views.experiments.words import TITLES, head_name, percent, spoken, word
from attention_lab.views.markup import Math, tinted
from attention_lab.views.numbers import number

_SHOWN = 4  # words of an answer
_WORTH = 0.01  # of a word that nobody asked about


def arrow_test(bench: Bench) -> dict[str, Any] | None:
    """The two words in question, what to do to the weight between them, and what the model then says."""
    run = bench.run
    if run is None:
        return None
    query, key, rival = (word(bench, place) for place in (bench.query, bench.key, bench.rival))
    weight = float(run.after.between(bench.query, bench.key)[run.after.spots.index(run.at)])
    return {
        "heading": "Test the arrow",
        "arrow": [tinted(query, "q"), " → ", tinted(key, "k")],
        "weight": number(weight, 2),
        "percent": round(100 * weight),
        "where": f"{TITLES[run.name].name}, {head_name(run.name, run.at)}",
        "slide": {"query": bench.query, "key": bench.key, "label": f"weight from {query} to {key}"},
        "rivals": _rivals(bench),
        "actions": _actions(bench, key, rival),
        "scope": bench.session.scope,
        "scopes": [{"value": "head", "label": "This head"}, {"value": "all", "label": "All heads"}],
        "applied": _applied(bench),
        "answer": _answer(bench, run),
        "vector": _vector(bench, run),
        "verdict": _verdict(bench, run),
        "caption": _caption(bench, run),
        "measured": measured(run.name, bench.step.id, bench.job),
    }


def _caption(bench: Bench, run: Run) -> str | None:
    """What is tested of the lab's own sentences; a question or a head that the learner chose has none."""
    session = bench.session
    chosen = (
        bench.sample == OWN or session.at is not None or session.asked is not None or session.job is not None
    )
    return None if chosen else CAPTIONS.get((run.name, bench.step.id))


def _rivals(bench: Bench) -> list[dict[str, Any]]:
    return [
        {"value": place, "label": word(bench, place), "chosen": place == bench.rival}
        for place in range(len(bench.words))
        if place not in (bench.query, bench.key)
    ]


def _actions(bench: Bench, key: str, rival: str) -> list[dict[str, Any]]:
    """What the buttons do: the settings that each one makes."""
    pair = [bench.query, bench.key]

    def change(*parts: Any) -> dict[str, Any]:
        return {"changes": [*map(list, bench.changes), list(parts)]}

    actions = [
        {"id": "swap", "label": f"Swap with “{rival}”", "set": change("swap", *pair, bench.rival)},
        {"id": "move", "label": f"Move to “{rival}”", "set": change("move", *pair, bench.rival)},
    ]
    if bench.rival in pair:  # a sentence of one word has no other
        actions = []
    actions += [
        {"id": "cut", "label": "Cut", "set": change("cut", *pair)},
        {"id": "off", "label": "Head off", "set": change("off")},
    ]
    if min(bench.key, bench.rival) >= 0 and not bench.exchange:
        words = {"exchange": [bench.key, bench.rival]}
        actions.append({"id": "exchange", "label": f"Exchange the words “{key}” and “{rival}”", "set": words})
    return actions


def _applied(bench: Bench) -> list[dict[str, Any]]:
    """What is in force, each with what takes it back."""
    changes = [list(change) for change in bench.changes]
    applied = [
        {"text": _in_words(bench, change), "set": {"changes": changes[:i] + changes[i + 1 :]}}
        for i, change in enumerate(bench.changes)
    ]
    if bench.exchange:
        first, second = (word(bench, place) for place in bench.exchange)
        text: Math = ["words exchanged: ", tinted(first, "b"), " and ", tinted(second, "b")]
        applied.append({"text": text, "set": {"exchange": None}})
    return applied


def _in_words(bench: Bench, change: Change) -> Math:
    if change[0] == "off":
        return ["head switched off" if bench.session.scope == "head" else "all heads switched off"]
    kind, query, key, last = (*change, 0)[:4]
    pair: Math = [tinted(word(bench, int(query)), "q"), " → ", tinted(word(bench, int(key)), "k")]
    if kind == "cut":
        return [*pair, " cut"]
    if kind == "set":
        return [*pair, f" set to {number(float(last) / 100, 2)}"]
    other = tinted(word(bench, int(last)), "k")
    return [*pair, " swapped with " if kind == "swap" else " moved to ", other]


def _answer(bench: Bench, run: Run) -> dict[str, Any] | None:
    """The likeliest words, before and after."""
    if run.said is None or run.says is None:
        return None
    before, after = run.said, run.says
    asked = [run.after.tokens[run.after.tokens_of(place)[0]] for place in (bench.key, bench.rival)]
    named = [before.word, after.word, *asked]
    named += [name for said in (before, after) for name, share in said.candidates if share >= _WORTH]
    rows = [
        {
            "word": spoken(bench, name),
            "before": _share(before, name),
            "after": _share(after, name) if bench.tested else None,
        }
        for name in list(dict.fromkeys(named))[:_SHOWN]
    ]
    shown = spoken(bench, after.word) if bench.tested else None
    return {"rows": rows, "before": spoken(bench, before.word), "after": shown}


def _share(said: Said, name: str) -> dict[str, Any] | None:
    found = dict(said.candidates).get(name)
    return None if found is None else {"text": percent(found), "value": found}


def _vector(bench: Bench, run: Run) -> str | None:
    """How alike the sentence's vectors are before and after: the cosine of the angle between them."""
    before, after = run.before.vector, run.after.vector
    if before is None or after is None:
        return None
    cosine = float(before @ after / (np.linalg.norm(before) * np.linalg.norm(after)))
    return number(cosine, 3)


def _verdict(bench: Bench, run: Run) -> dict[str, Any] | None:
    if not bench.tested or run.said is None or run.says is None:
        return None
    was, now = spoken(bench, run.said.word), spoken(bench, run.says.word)
    if run.flips:
        text: Math = ["The answer changes: ", tinted(was, "b"), " → ", tinted(now, "b"), "."]
    else:
        text = ["The answer stays: ", tinted(was, "b"), "."]
    return {"text": text, "flips": run.flips}
