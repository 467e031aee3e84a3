"""Test the arrow: what can be done to it, and the answer before and after."""

from __future__ import annotations

from typing import Any

import numpy as np

from attention_lab.kit.blocks import Trial
from attention_lab.kit.frame import item_of
from attention_lab.kit.markup import Math, tinted
from attention_lab.kit.numbers import number
from attention_lab.kit.settings import Item
from attention_lab.kit.texts import _, phrase
from attention_lab.labs.experiments.bench import Bench, Run
from attention_lab.labs.experiments.captions import caption
from attention_lab.labs.experiments.examined import Said, heard
from attention_lab.labs.experiments.interventions import Change
from attention_lab.labs.experiments.measured import measured
from attention_lab.labs.experiments.words import TITLES, head_name, percent, spoken, word

_SHOWN = 4  # words of an answer
_WORTH = 0.01  # of a word that nobody asked about


def arrow_test(bench: Bench) -> Trial | None:
    """The two words in question, what to do to the weight between them, and what the model then says."""
    run = bench.run
    if run is None:
        return None
    query, key, rival = (word(bench, place) for place in (bench.query, bench.key, bench.rival))
    weight = float(run.after.between(bench.query, bench.key)[run.after.spots.index(run.at)])
    items = [_slider(bench, weight, _("weight from {query} to {key}", query=query, key=key)), *_rivals(bench)]
    return Trial(
        heading=_("Test the arrow"),
        what=[tinted(query, "q"), " → ", tinted(key, "k")],
        value=number(weight, 2),
        where=f"{TITLES[run.name].name}, {head_name(run.name, run.at)}",
        items=[*items, *_actions(bench, key, rival), item_of(bench.lab, "scope")],
        applied=_applied(bench),
        undo_all={"changes": [], "exchange": None},
        answer=_answer(bench, run),
        remark=_vector(bench, run),
        verdict=_verdict(bench, run),
        caption=caption(bench, run),
        notes=measured(bench, run.name),
    )


def _slider(bench: Bench, weight: float, label: str) -> Item:
    """The weight set by hand, in hundredths: one change, replaced while the slider moves."""
    return {
        "type": "range",
        "name": "changes",
        "control": "weight",
        "entry": ["set", bench.query, bench.key],
        "label": label,
        "value": round(100 * weight),
        "min": 0,
        "max": 100,
        "step": 1,
        "per": 100,
        "shown": number(weight, 2),
        "reset": None,
    }


def _rivals(bench: Bench) -> list[Item]:
    """The words to test against; a sentence of one word has no other."""
    options = [
        {"value": place, "label": word(bench, place)}
        for place in range(len(bench.words))
        if place not in (bench.query, bench.key)
    ]
    item = {
        "type": "select",
        "name": "rival",
        "label": _("against"),
        "value": bench.rival,
        "options": options,
    }
    return [item] if options else []


def _actions(bench: Bench, key: str, rival: str) -> list[Item]:
    """What the buttons do: the settings that each one makes."""
    pair = [bench.query, bench.key]

    def change(*parts: Any) -> dict[str, Any]:
        return {"changes": [*map(list, bench.changes), list(parts)]}

    actions = [
        {
            "type": "button",
            "action": "swap",
            "label": _("Swap with “{rival}”", rival=rival),
            "set": change("swap", *pair, bench.rival),
        },
        {
            "type": "button",
            "action": "move",
            "label": _("Move to “{rival}”", rival=rival),
            "set": change("move", *pair, bench.rival),
        },
    ]
    if bench.rival in pair:  # a sentence of one word has no other
        actions = []
    actions += [
        {"type": "button", "action": "cut", "label": _("Cut"), "set": change("cut", *pair)},
        {"type": "button", "action": "off", "label": _("Head off"), "set": change("off")},
    ]
    if min(bench.key, bench.rival) >= 0 and not bench.exchange:
        words = {"exchange": [bench.key, bench.rival]}
        actions.append(
            {
                "type": "button",
                "action": "exchange",
                "label": _("Exchange the words “{key}” and “{rival}”", key=key, rival=rival),
                "set": words,
            }
        )
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
        text: Math = phrase(
            "words exchanged: {first} and {second}", first=tinted(first, "b"), second=tinted(second, "b")
        )
        applied.append({"text": text, "set": {"exchange": None}})
    return applied


def _in_words(bench: Bench, change: Change) -> Math:
    if change[0] == "off":
        return [_("head switched off") if bench.lab.scope == "head" else _("all heads switched off")]
    kind, query, key, last = (*change, 0)[:4]
    pair: Math = [tinted(word(bench, int(query)), "q"), " → ", tinted(word(bench, int(key)), "k")]
    if kind == "cut":
        return phrase("{pair} cut", pair=pair)
    if kind == "set":
        return phrase("{pair} set to {last}", pair=pair, last=number(float(last) / 100, 2))
    other = tinted(word(bench, int(last)), "k")
    if kind == "swap":
        return phrase("{pair} swapped with {other}", pair=pair, other=other)
    return phrase("{pair} moved to {other}", pair=pair, other=other)


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
    shown = spoken(bench, heard(after)) if bench.tested else None
    return {"rows": rows, "before": spoken(bench, heard(before)), "after": shown}


def _share(said: Said, name: str) -> dict[str, Any] | None:
    found = dict(said.candidates).get(name)
    return None if found is None else {"text": percent(found), "value": found}


def _vector(bench: Bench, run: Run) -> Math | None:
    """How alike the sentence's vectors are before and after: the cosine of the angle between them."""
    before, after = run.before.vector, run.after.vector
    if not bench.tested or before is None or after is None:
        return None
    cosine = float(before @ after / (np.linalg.norm(before) * np.linalg.norm(after)))
    return phrase(
        "The sentence’s vector, before and after: cosine {cosine}", cosine=tinted(number(cosine, 3), "b")
    )


def _verdict(bench: Bench, run: Run) -> dict[str, Any] | None:
    """What became of the answer."""
    if not bench.tested or run.said is None or run.says is None:
        return None
    was, now = run.answers
    before, after = (tinted(spoken(bench, each), "b") for each in (was, now))
    likeliest = percent(run.says.probability)
    if was is None and now is None:
        text = phrase("No word stands out, before or after: the likeliest has {share}.", share=likeliest)
    elif now is None:
        text = phrase(
            "The answer is gone: it was {was}, and now the likeliest word has {share}.",
            was=before,
            share=likeliest,
        )
    elif was is None:
        text = phrase("An answer stands out now: {now}, {share}.", now=after, share=likeliest)
    elif was != now:
        text = phrase("The answer changes: {was} → {now}.", was=before, now=after)
    elif abs(run.said.probability - run.says.probability) < _WORTH:
        text = phrase("The answer stays: {was}.", was=before)
    else:
        text = phrase(
            "The answer stays: {was}. Its share goes from {share} to {share_now}.",
            was=before,
            share=percent(run.said.probability),
            share_now=likeliest,
        )
    return {"text": text, "flips": run.flips}
