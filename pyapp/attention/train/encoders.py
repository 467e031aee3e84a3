"""The recipes of the two encoders: the reader, and the ordinary one to compare it with."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from attention.models.encoder import SmallEncoder, TraceT
from attention.models.ordinary import Ordinary
from attention.models.reader import Reader
from attention.train.answers import Plan, train_encoder
from attention.train.english import BEHAVIOURS
from attention.train.measure import best_head, held_out_sentences, measure
from attention.train.recipe import Measurement, Progress, Recipe

__all__ = ["ORDINARY", "READER", "figures_of_ordinary", "figures_of_reader"]

_DATA = (
    "40,000 sentences drawn from the grammar in attention/train/patterns.py: invented English of about 430 "
    "words and 25 kinds. One pair of nouns in six, and those of the classic examples, are held out."
)
_LIMITS = (
    "It has not read English: it knows the patterns of its grammar, and outside of them it may answer "
    "anything, and be sure of it.",
    "A word that it does not know has to be replaced by its kind.",
    "The grammar's sentences are silly, and its world is small: all animals are alike, and only what is soft "
    "or the like can be sat on.",
)
MEASURED = 2000
"""Held-out sentences that a card's figures are from."""


def figures_of_reader(model: Reader, n: int = MEASURED) -> list[Measurement]:
    """Measure every behaviour of a reader, with the thresholds that it has to keep."""
    sentences, found = held_out_sentences(n), []
    for name in BEHAVIOURS:
        measured = measure(model, sentences, name)
        found += [
            Measurement(f"{name} accuracy", measured.accuracy, measured.questions, 0.98),
            Measurement(f"{name} weight", measured.weight, measured.questions, 0.85),
            Measurement(f"{name} swap", measured.swap, measured.questions, 0.95),
            Measurement(f"{name} cut", measured.cut, measured.questions, 0.02, at_most=True),
        ]
        if name != "previous":
            kinds = measure(model, sentences, name, kinds=True)
            found.append(Measurement(f"{name} accuracy, kinds", kinds.accuracy, kinds.questions, 0.95))
    return found


def figures_of_ordinary(model: Ordinary, n: int = MEASURED) -> list[Measurement]:
    """Measure every behaviour of an ordinary encoder, each with the head that looks best.

    It has to answer right, and the arrows of that head must not explain it.
    """
    sentences, found = held_out_sentences(n), []
    for name in BEHAVIOURS:
        measured = measure(model, sentences, name)
        found += [
            Measurement(f"{name} accuracy", measured.accuracy, measured.questions, 0.95),
            Measurement(f"{name} weight", measured.weight, measured.questions),
            Measurement(f"{name} swap", measured.swap, measured.questions, 0.10, at_most=True),
            Measurement(f"{name} cut", measured.cut, measured.questions),
        ]
    return found


def heads_of(model: SmallEncoder[TraceT], n: int = MEASURED) -> tuple[str, ...]:
    """Say which head each behaviour's figures are about: "pronoun 0.2" is layer 0, head 2."""
    sentences = held_out_sentences(n)
    best = {name: best_head(model, sentences, name) for name in BEHAVIOURS}
    return tuple(f"{name} {layer}.{head}" for name, (layer, head) in best.items())


def _by(plan: Plan) -> Callable[[SmallEncoder[TraceT], int, int | None], Iterator[Progress]]:
    def train(model: SmallEncoder[TraceT], seed: int, steps: int | None) -> Iterator[Progress]:
        return train_encoder(model, plan if steps is None else replace(plan, steps=steps), seed)

    return train


READER: Recipe[Reader] = Recipe(
    name="reader",
    title="Reader",
    what="A small encoder whose every answer comes from what one head looks at, and from nothing else.",
    data=_DATA,
    limits=(
        *_LIMITS,
        "The heads were not told where to look, but they were built so that they have to: labels and a "
        "bottleneck are weak supervision, by design. An ordinary transformer need not look like this.",
    ),
    d_model=48,
    n_layers=2,
    n_heads=4,
    random=Reader.random,
    train=_by(Plan()),
    measure=figures_of_reader,
    heads=heads_of,
)

ORDINARY: Recipe[Ordinary] = Recipe(
    name="ordinary",
    title="Ordinary encoder",
    what="An encoder of three ordinary blocks that answers as well; its best head's arrows do not show how.",
    data=_DATA,
    limits=(
        *_LIMITS,
        "It is a counter-example, and no law about all transformers. In training each head was left out at "
        "random in three steps of ten (DropHead, Zhou et al. 2020): no answer may hang on one head. "
        "Trained without that, it answers as well, and one head carries a part of some of its answers.",
    ),
    d_model=48,
    n_layers=3,
    n_heads=8,
    random=Ordinary.random,
    train=_by(Plan(steps=3000, heads_dropped=0.3)),
    measure=figures_of_ordinary,
    heads=heads_of,
)
