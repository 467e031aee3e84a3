"""Model cards: what a trained model is, what it was trained on, and what was measured of it."""

from __future__ import annotations

import dataclasses
import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from attention.errors import ConfigError, WeightsError

__all__ = ["Figure", "ModelCard", "read_card", "write_card"]


@dataclass(frozen=True, slots=True)
class Figure:
    """One thing that was measured, on sentences that were held out from training."""

    name: str
    value: float  # of the shipped weights, as the file holds them
    random: float | None  # the same of random weights; None where it means nothing there
    threshold: float | None  # what a test demands of the value; None where none does
    seeds: tuple[float, ...]  # the same of each seed that was trained, in the order of the card's seeds
    sentences: int  # how many it was measured on
    at_most: bool = False  # whether the threshold is a bound from above

    @property
    def holds(self) -> bool:
        """Whether every seed keeps the threshold."""
        values = (self.value, *self.seeds)
        if self.threshold is None:
            return True
        return all(v <= self.threshold if self.at_most else v >= self.threshold for v in values)


@dataclass(frozen=True, slots=True)
class ModelCard:
    """What a learner, a teacher and a test should know about a trained model.

    >>> from attention.models import load_card
    >>> load_card("reader").d_model
    48
    """

    name: str
    title: str
    what: str  # one sentence
    data: str  # what it was trained on
    parameters: int
    d_model: int
    n_layers: int
    n_heads: int
    seeds: tuple[int, ...]
    shipped_seed: int
    seconds: tuple[float, ...]  # processor time of each seed's training
    limits: tuple[str, ...]
    sha256: str  # of the file of weights
    figures: tuple[Figure, ...]
    heads: tuple[str, ...] = ()  # which head was looked at: "pronoun 0.2" is layer 0, head 2

    def head(self, behaviour: str) -> tuple[int, int] | None:
        """Return layer and head that a behaviour's figures are about; None where the card names none."""
        for told in self.heads:
            name, _, place = told.rpartition(" ")
            if name == behaviour:
                layer, _, head = place.partition(".")
                return int(layer), int(head)
        return None

    def figure(self, name: str) -> Figure:
        """Return the figure of this name.

        Raises:
            ConfigError: `the card of reader has no figure 'pronun swap'`
        """
        for figure in self.figures:
            if figure.name == name:
                return figure
        raise ConfigError("the card of {name} has no figure {figure}", name=self.name, figure=repr(name))


def write_card(card: ModelCard) -> str:
    """Write a card as TOML; `read_card` reads it.

    >>> card = ModelCard("m", "M", "A model.", "words", 3, 1, 1, 1, (0,), 0, (2.5,), ("small",), "00", ())
    >>> read_card("m", write_card(card)) == card
    True
    """
    lines = [f"{name} = {_written(value)}" for name, value in _fields(card).items() if name != "figures"]
    for figure in card.figures:
        values = {name: value for name, value in _fields(figure).items() if value is not None}
        lines += ["", "[[figures]]", *(f"{name} = {_written(value)}" for name, value in values.items())]
    return "\n".join(lines) + "\n"


def read_card(name: str, text: str) -> ModelCard:
    """Read a card.

    Raises:
        WeightsError: `the card of reader cannot be read: ...`
    """
    try:
        found = tomllib.loads(text)
        figures = tuple(Figure(**({"random": None, "threshold": None} | _tuples(each)))
                        for each in found.pop("figures", []))  # fmt: skip
        return ModelCard(**_tuples(found), figures=figures)
    except (tomllib.TOMLDecodeError, TypeError, AttributeError) as error:
        raise WeightsError("the card of {name} cannot be read: {error}", name=name, error=error) from error


def _fields(holder: Any) -> dict[str, Any]:
    return {field.name: getattr(holder, field.name) for field in dataclasses.fields(holder)}


def _tuples(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: tuple(value) if isinstance(value, list) else value for name, value in values.items()}


def _written(value: Any) -> str:
    return json.dumps(list(value) if isinstance(value, tuple) else value, ensure_ascii=False)
