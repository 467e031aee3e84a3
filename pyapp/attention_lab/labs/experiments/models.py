"""Every model side by side: what it answers, with and without the test, and how much it looks as is asked."""

from __future__ import annotations

from typing import Any

from attention_lab.kit.blocks import Choices
from attention_lab.kit.markup import tinted
from attention_lab.kit.numbers import number
from attention_lab.kit.texts import _
from attention_lab.labs.experiments.bench import Bench, Run
from attention_lab.labs.experiments.examined import MODELS, Said, heard
from attention_lab.labs.experiments.words import TITLES, head_name, percent, question, spoken, word


def models(bench: Bench) -> Choices:
    """One card for each model."""
    return Choices(
        title=question(bench), label=_("Model shown"), cards=[_card(bench, name) for name in MODELS]
    )


def _card(bench: Bench, name: str) -> dict[str, Any]:
    title, lab = TITLES[name], bench.lab
    run = bench.run_of(name)
    return {
        "name": name,
        "title": title.name,
        "what": _("seed {seed}, {what}", seed=lab.seed, what=title.what) if name == "random" else title.what,
        "kind": title.kind,
        "set": {"examined": name},
        "open": lab.examined == name,
        "answer": _answer(bench, run),
        "look": _look(bench, run),
        "waits": _waits(bench, name, run),
        "download": name if run is None and name == "minilm" and name not in bench.broken else None,
    }


def _waits(bench: Bench, name: str, run: Run | None) -> str | None:
    if run is not None or (name == "minilm" and name not in bench.broken):
        return None
    return _("its file cannot be used") if name in bench.broken else _("waits for kinds of words")


def _answer(bench: Bench, run: Run | None) -> dict[str, Any] | None:
    if run is None or run.said is None or run.says is None:
        return None
    before, after = (
        {"word": spoken(bench, heard(each)), "share": _share(each)} for each in (run.said, run.says)
    )
    return {"before": before, "after": after if bench.tested else None, "flips": run.flips}


def _share(said: Said) -> str:
    """How likely the answer is; where no word stands out, how likely the likeliest is."""
    share = percent(said.probability)
    return share if heard(said) else _("at most {share}", share=share)


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
