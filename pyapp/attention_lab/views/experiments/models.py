"""Every model side by side: what it answers, with and without the test, and how much it looks as is asked."""

from __future__ import annotations

from typing import Any

from attention_lab.examined import MODELS
from attention_lab.views.experiments.bench import Bench, Run
from attention_lab.views.experiments.words import TITLES, head_name, percent, question, spoken, word
from attention_lab.views.markup import tinted
from attention_lab.views.numbers import number


def models(bench: Bench) -> dict[str, Any]:
    """One card for each model."""
    return {"question": question(bench), "cards": [_card(bench, name) for name in MODELS]}


def _card(bench: Bench, name: str) -> dict[str, Any]:
    title, session = TITLES[name], bench.session
    run = bench.run_of(name)
    return {
        "name": name,
        "title": title.name,
        "what": f"seed {session.seed}, {title.what}" if name == "random" else title.what,
        "kind": title.kind,
        "open": session.examined == name,
        "answer": _answer(bench, run),
        "look": _look(bench, run),
        "waits": _waits(bench, name, run),
        "broken": bench.broken.get(name),
    }


def _waits(bench: Bench, name: str, run: Run | None) -> str | None:
    if run is not None:
        return None
    if name in bench.broken:
        return "file"
    return "download" if name == "minilm" else "kinds"


def _answer(bench: Bench, run: Run | None) -> dict[str, Any] | None:
    if run is None or run.said is None or run.says is None:
        return None
    after = {"word": spoken(bench, run.says.word), "share": percent(run.says.probability)}
    return {
        "before": {"word": spoken(bench, run.said.word), "share": percent(run.said.probability)},
        "after": after if bench.tested else None,
        "flips": run.flips,
    }


def _look(bench: Bench, run: Run | None) -> dict[str, Any] | None:
    if run is None:
        return None
    weights = run.after.between(bench.query, bench.key)
    weight = float(weights[run.after.spots.index(run.at)])
    return {
        "where": head_name(run.name, run.at),
        "pair": [tinted(word(bench, bench.query), "q"), " → ", tinted(word(bench, bench.key), "k")],
        "weight": number(weight, 2),
        "value": weight,
    }
