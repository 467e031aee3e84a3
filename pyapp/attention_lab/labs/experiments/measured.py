"""What was measured of a model on held-out sentences: from its card, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from attention import Figure, ModelCard, WeightsError, load_card
from attention_lab.kit.markup import Math, tinted
from attention_lab.labs.experiments.words import TITLES, head_name, percent

if TYPE_CHECKING:
    from attention_lab.labs.experiments.bench import Bench

BEHAVIOURS: Mapping[str, str] = {
    "pronoun": "pronoun",
    "heads": "pronoun",
    "mean": "pronoun",
    "agreement": "attractor",
    "long_range": "long range",
    "subject": "attractor",
    "adjective": "adjective",
    "previous": "previous",
}
"""The behaviour of the cards that belongs to a step, or else to what is asked."""


@cache
def card(model: str) -> ModelCard | None:
    """Return the card of a model whose maps are shown; None for one without, or that cannot be read."""
    try:
        return load_card("reader" if model == "random" else model)
    except WeightsError:
        return None


def measured(bench: Bench, name: str) -> list[Math]:
    """What the shipped weights of a model do on many sentences, none of which they were trained on."""
    of = card(name)
    if of is None:
        return []
    return _of_minilm(of, bench.job) if name == "minilm" else _of_small(of, bench, name)


def _of_small(of: ModelCard, bench: Bench, name: str) -> list[Math]:
    behaviour = BEHAVIOURS[bench.step.id if bench.asks_as_the_step else bench.job]
    accuracy, swap = (of.figure(f"{behaviour} {what}") for what in ("accuracy", "swap"))
    at = of.head(behaviour)
    where = f" in {head_name(name, at)}" if at else ""
    who = TITLES[name].name if name != "random" else f"Random, seed {of.shipped_seed},"
    return [
        [
            f"On {swap.sentences:,} held-out questions of this kind: ",
            tinted(who, "b"),
            f" answers {_of(name, accuracy)} right; swapping the weights of the right word and the one in "
            f"its way{where} makes it answer the other in ",
            tinted(_of(name, swap), "b"),
            ".",
        ]
    ]


def _of_minilm(of: ModelCard, job: str) -> list[Math]:
    if job != "pronoun":
        return []
    first, meant = of.figure("first noun"), of.figure("noun that is meant")
    at = of.head("pronoun")
    assert at is not None
    return [
        [
            f"In {first.sentences} sentences of five forms, {head_name('minilm', at)} looks more from “it” "
            f"to the first of two nouns in {_count(first)}, and more to the one that is meant in ",
            tinted(str(_count(meant)), "b"),
            ": it does not resolve the reference.",
        ]
    ]


def _count(figure: Figure) -> int:
    return round(figure.value * figure.sentences)


def _of(model: str, figure: Figure) -> str:
    value = figure.random if model == "random" else figure.value
    return "–" if value is None else percent(value)


def card_of(model: str) -> dict[str, Any] | None:
    """The model card: what it is, and every figure with its threshold, its seeds and random weights."""
    of = card(model)
    if of is None:
        return None
    return {
        "title": of.title,
        "what": of.what,
        "facts": _facts(of),
        "columns": [
            "measured",
            "",
            "demanded",
            *(f"seed {seed}" for seed in of.seeds),
            "random",
            "sentences",
        ],
        "rows": [_row(each) for each in of.figures],
        "limits": list(of.limits),
    }


def _facts(of: ModelCard) -> list[list[str]]:
    seconds = ", ".join(f"{each:.0f}" for each in of.seconds)
    facts = [
        ["trained on", of.data],
        ["numbers", f"{of.parameters:,}"],
        ["sizes", f"d_model {of.d_model}, {of.n_layers} layers, {of.n_heads} heads"],
    ]
    if of.seeds:
        facts.append(["seeds", f"{', '.join(map(str, of.seeds))}; shipped: {of.shipped_seed}"])
        facts.append(["training", f"{seconds} s of processor time, one seed after another"])
    return [*facts, ["file", f"sha256 {of.sha256[:16]}…"]]


def _row(figure: Figure) -> list[str]:
    bound = ""
    if figure.threshold is not None:
        bound = f"{'≤' if figure.at_most else '≥'} {figure.threshold:g}"
    return [
        figure.name,
        f"{figure.value:.4f}",
        bound,
        *(f"{each:.4f}" for each in figure.seeds),
        "–" if figure.random is None else f"{figure.random:.4f}",
        f"{figure.sentences:,}",
    ]
