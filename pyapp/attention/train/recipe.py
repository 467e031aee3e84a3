"""How a shipped model comes about: trained from several seeds, measured as its file holds it, with a card."""

from __future__ import annotations

import hashlib
import io
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

import numpy as np

from attention.models.card import Figure, ModelCard
from attention.models.vocabulary import Vocabulary
from attention.trace import Array
from attention.weights import save

__all__ = ["Measurement", "Progress", "Recipe", "Trainable", "Trained", "card_of", "file_bytes", "train"]


class Trainable(Protocol):
    """A model with words and weights."""

    @property
    def vocabulary(self) -> Vocabulary: ...

    def state_dict(self) -> dict[str, Array]: ...

    def load_state_dict(self, state: dict[str, Array]) -> None: ...


ModelT = TypeVar("ModelT", bound=Trainable)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a training has got."""

    step: int
    loss: float


@dataclass(frozen=True, slots=True)
class Measurement:
    """One figure of one model."""

    name: str
    value: float
    sentences: int
    threshold: float | None = None
    at_most: bool = False


@dataclass(frozen=True, slots=True)
class Recipe(Generic[ModelT]):
    """What there is to say and to do about one kind of model."""

    name: str
    title: str
    what: str
    data: str
    limits: tuple[str, ...]
    d_model: int
    n_layers: int
    n_heads: int
    random: Callable[[int], ModelT]  # an untrained model, by seed
    train: Callable[[ModelT, int, int | None], Iterator[Progress]]  # model, seed, steps if not the usual
    measure: Callable[[ModelT], Sequence[Measurement]]
    heads: Callable[[ModelT], tuple[str, ...]] = lambda model: ()  # which head was looked at


@dataclass(frozen=True, slots=True)
class Trained(Generic[ModelT]):
    """A model that was trained from one seed, rounded as its file holds it."""

    seed: int
    model: ModelT
    seconds: float  # of processor time
    measurements: Sequence[Measurement]


def train(
    recipe: Recipe[ModelT],
    seed: int,
    steps: int | None = None,
    tell: Callable[[str], None] = lambda line: None,
) -> Trained[ModelT]:
    """Train a model from one seed, round it to float16, and measure it on held-out sentences."""
    model, start = recipe.random(seed), time.process_time()
    for progress in recipe.train(model, seed, steps):
        if progress.step % 100 == 0:
            tell(f"  step {progress.step}: loss {progress.loss:.3f}")
    seconds = time.process_time() - start
    model.load_state_dict(rounded(model))
    return Trained(seed, model, seconds, recipe.measure(model))


def rounded(model: Trainable) -> dict[str, Array]:
    """Return the weights in float16."""
    return {name: array.astype(np.float16) for name, array in model.state_dict().items()}


def file_bytes(model: Trainable) -> bytes:
    """Return the model's file: float16 in the safetensors format, with what its words are known by."""
    file = io.BytesIO()
    save(file, rounded(model), {"words sha256": model.vocabulary.sha256})
    return file.getvalue()


def card_of(recipe: Recipe[ModelT], trained: Sequence[Trained[ModelT]], file: bytes) -> ModelCard:
    """Write down what is known of the models of several seeds, the first of which is shipped."""
    shipped = trained[0]
    untrained = recipe.random(shipped.seed)
    by_chance = recipe.measure(untrained)
    figures = tuple(
        Figure(
            name=measured.name,
            value=round(measured.value, 4),
            random=round(chance.value, 4),
            threshold=measured.threshold,
            seeds=tuple(round(each.measurements[number].value, 4) for each in trained),
            sentences=measured.sentences,
            at_most=measured.at_most,
        )
        for number, (measured, chance) in enumerate(zip(shipped.measurements, by_chance, strict=True))
    )
    return ModelCard(
        name=recipe.name,
        title=recipe.title,
        what=recipe.what,
        data=recipe.data,
        parameters=sum(array.size for array in untrained.state_dict().values()),
        d_model=recipe.d_model,
        n_layers=recipe.n_layers,
        n_heads=recipe.n_heads,
        seeds=tuple(each.seed for each in trained),
        shipped_seed=shipped.seed,
        seconds=tuple(round(each.seconds, 1) for each in trained),
        limits=recipe.limits,
        sha256=hashlib.sha256(file).hexdigest(),
        figures=figures,
        heads=recipe.heads(shipped.model),
    )
