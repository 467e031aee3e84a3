"""What was measured of a model on held-out sentences: from its card, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

from attention import Figure, ModelCard, WeightsError, load_card
from attention_lab.kit.markup import Math, tinted
from attention_lab.kit.texts import _, phrase, voice
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
    assert at is not None
    who = tinted(TITLES[name].name, "b")
    figures = {
        "n": f"{swap.sentences:,}",
        "right": _of(name, accuracy),
        "head": head_name(name, at),
        "other": tinted(_of(name, swap), "b"),
    }
    if name == "random":
        return [
            phrase(
                "On {n} held-out questions of this kind, {who} with seed {seed} answers {right} right; "
                "swapping the weights of the right word and the one in its way in {head} makes it answer the "
                "other in {other}.",
                who=who,
                seed=of.shipped_seed,
                **figures,
            )
        ]
    return [
        phrase(
            "On {n} held-out questions of this kind, {who} answers {right} right; swapping the weights of "
            "the right word and the one in its way in {head} makes it answer the other in {other}.",
            who=who,
            **figures,
        )
    ]


def _of_minilm(of: ModelCard, job: str) -> list[Math]:
    if job != "pronoun":
        return []
    first, meant = of.figure("first noun"), of.figure("noun that is meant")
    at = of.head("pronoun")
    assert at is not None
    return [
        phrase(
            "In {n} sentences of five forms, {head} looks more from “it” to the first of two nouns in "
            "{first}, and more to the one that is meant in {meant}: it does not resolve the reference.",
            n=first.sentences,
            head=head_name("minilm", at),
            first=_count(first),
            meant=tinted(str(_count(meant)), "b"),
        )
    ]


def _count(figure: Figure) -> int:
    return round(figure.value * figure.sentences)


def _of(model: str, figure: Figure) -> str:
    value = figure.random if model == "random" else figure.value
    return "–" if value is None else percent(value)


def card_of(model: str) -> dict[str, Any] | None:
    """The model card: what it is, and every figure with its threshold, its seeds and random weights."""
    return _card_as_said_by(voice(), model)


@lru_cache(maxsize=16)
def _card_as_said_by(_voice: object, model: str) -> dict[str, Any] | None:
    of = card(model)
    if of is None:
        return None
    return {
        "title": _(of.title),
        "what": _(of.what),
        "facts": _facts(of),
        "columns": [
            _("measured"),
            "",
            _("demanded"),
            *(_("seed {seed}", seed=seed) for seed in of.seeds),
            _("random, seed {seed}", seed=of.shipped_seed),
            _("sentences"),
        ],
        "rows": [_row(each) for each in of.figures],
        "limits": [_(each) for each in of.limits],
    }


def _facts(of: ModelCard) -> list[list[str]]:
    seconds = ", ".join(f"{each:.0f}" for each in of.seconds)
    facts = [
        [_("trained on"), _(of.data)],
        [_("numbers"), f"{of.parameters:,}"],
        [
            _("sizes"),
            _(
                "d_model {d_model}, {n_layers} layers, {n_heads} heads",
                d_model=of.d_model,
                n_layers=of.n_layers,
                n_heads=of.n_heads,
            ),
        ],
    ]
    if of.seeds:
        facts.append(
            [
                _("seeds"),
                _(
                    "{map}; shipped: {shipped_seed}",
                    map=", ".join(map(str, of.seeds)),
                    shipped_seed=of.shipped_seed,
                ),
            ]
        )
        facts.append(
            [_("training"), _("{seconds} s of processor time, one seed after another", seconds=seconds)]
        )
    return [*facts, [_("file"), _("sha256 {sha256}…", sha256=of.sha256[:16])]]


def _row(figure: Figure) -> list[str]:
    bound = ""
    if figure.threshold is not None:
        bound = f"{'≤' if figure.at_most else '≥'} {figure.threshold:g}"
    return [
        _(figure.name),
        f"{figure.value:.4f}",
        bound,
        *(f"{each:.4f}" for each in figure.seeds),
        "–" if figure.random is None else f"{figure.random:.4f}",
        f"{figure.sentences:,}",
    ]
