"""What was measured of a model on held-out sentences: from its card, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from attention import Figure, ModelCard, WeightsError, load_card
from attention_lab.kit.markup import Math, tinted
from attention_lab.kit.texts import _, phrase
from attention_lab.labs.experiments.words import TITLES, head_name, percent

BEHAVIOURS: Mapping[str, str] = {
    "pronoun": "pronoun",
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


def measured(model: str, step: str, job: str) -> list[Math]:
    """What the shipped weights of a model do on sentences that they were not trained on."""
    behaviour, of = BEHAVIOURS.get(step, BEHAVIOURS[job]), card(model)
    if of is None or model == "minilm":
        return []
    accuracy, swap = (of.figure(f"{behaviour} {what}") for what in ("accuracy", "swap"))
    name, at = TITLES[model].name, of.head(behaviour)
    where = _(" in {head_name}", head_name=head_name(model, at)) if at and model == "ordinary" else ""
    return [
        phrase(
            "On {sentences} held-out questions of this kind: {name} answers {of} right, and "
            "swapping these two weights{where} flips its answer in {of_2}.",
            sentences=f"{swap.sentences:,}",
            name=tinted(name, "b"),
            of=_of(model, accuracy),
            where=where,
            of_2=tinted(_of(model, swap), "b"),
        )
    ]


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
        "what": _(of.what),
        "facts": _facts(of),
        "columns": [
            _("measured"),
            "",
            _("demanded"),
            *(_("seed {seed}", seed=seed) for seed in of.seeds),
            _("random"),
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
        figure.name,
        f"{figure.value:.4f}",
        bound,
        *(f"{each:.4f}" for each in figure.seeds),
        "–" if figure.random is None else f"{figure.random:.4f}",
        f"{figure.sentences:,}",
    ]
