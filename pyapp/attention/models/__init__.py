"""Small trained models, whose files are in this package, each with a card that says what was measured."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import cache
from importlib import resources
from typing import Literal, TypeAlias, overload

import numpy as np

from attention.errors import AttentionError, ConfigError, WeightsError
from attention.models.card import Figure, ModelCard, read_card, write_card
from attention.models.encoder import JOBS, Answer
from attention.models.ordinary import Ordinary, OrdinaryTrace
from attention.models.reader import Reader, ReaderTrace
from attention.models.translator import CrossIntervention, TranslationTrace, Translator, TranslatorTrace
from attention.models.vocabulary import Vocabulary
from attention.models.writer import Reading, Writer, WriterTrace, Written
from attention.weights import load, load_metadata

__all__ = [
    "JOBS",
    "MODELS",
    "Answer",
    "CrossIntervention",
    "Figure",
    "ModelCard",
    "ModelName",
    "Ordinary",
    "OrdinaryTrace",
    "Reader",
    "ReaderTrace",
    "Reading",
    "TranslationTrace",
    "Translator",
    "TranslatorTrace",
    "Vocabulary",
    "Writer",
    "WriterTrace",
    "Written",
    "file_of",
    "load_card",
    "load_model",
    "model_from_bytes",
    "read_card",
    "write_card",
]

ModelName: TypeAlias = Literal["reader", "ordinary", "writer", "translator"]
Model: TypeAlias = "Reader | Ordinary | Writer | Translator"

_KINDS: dict[str, Callable[[], Model]] = {
    "reader": Reader,
    "ordinary": Ordinary,
    "writer": Writer,
    "translator": Translator,
}
MODELS: tuple[str, ...] = tuple(_KINDS)
"""The names of the trained models in this package."""


@overload
def load_model(name: Literal["reader"]) -> Reader: ...
@overload
def load_model(name: Literal["ordinary"]) -> Ordinary: ...
@overload
def load_model(name: Literal["writer"]) -> Writer: ...
@overload
def load_model(name: Literal["translator"]) -> Translator: ...
@overload
def load_model(name: str) -> Model: ...


def load_model(name: str) -> Model:
    """Return a trained model, with the weights that are in this package.

        its file is in float16, in the safetensors format (Hugging Face 2022, "Format" in its README)

    Args:
        name: one of `MODELS`.

    Returns:
        The model; it is new with each call, and the caller's own to change.

    Raises:
        ConfigError: `there is no model 'raeder': choose 'reader' or 'ordinary' or ...`
        WeightsError: `the weights of reader are not those of its card: ...`

    >>> load_model("reader").d_model
    48
    """
    card = load_card(name)
    return model_from_bytes(name, file_of(name), card.sha256)


@cache
def load_card(name: str) -> ModelCard:
    """Return the card of a trained model: what it is, and what was measured of it.

        (what such a card should say: Mitchell et al. 2019, section 4)

    Args:
        name: one of `MODELS`, or "minilm", whose weights do not come with the package.

    Returns:
        ModelCard, with `figure(name)`.

    Raises:
        ConfigError: `there is no model 'raeder': choose 'reader' or 'ordinary' or ...`

    >>> load_card("reader").figure("pronoun accuracy").sentences > 100
    True
    """
    return read_card(name, _resource(name, "card.toml").decode())


def file_of(name: str) -> bytes:
    """Return the bytes of a trained model's file, in the safetensors format."""
    return _resource(name, "safetensors")


def model_from_bytes(name: str, file: bytes, sha256: str | None = None) -> Model:
    """Build a model from the bytes of its file, once they were found to be what they should be.

    Args:
        name: one of `MODELS`.
        file: in the safetensors format.
        sha256: what the card says of the file; not compared unless given.

    Raises:
        WeightsError: `the weights of reader are not those of its card: their sha256 is 1f..., expected 0a...`
        WeightsError: `the weights of reader do not fit: ...`
    """
    _checked_name(name)
    if sha256 is not None and (found := hashlib.sha256(file).hexdigest()) != sha256:
        raise WeightsError(
            "the weights of {name} are not those of its card: their sha256 is {found}…, expected {sha256}…: "
            "get the file again",
            name=name,
            found=found[:8],
            sha256=sha256[:8],
        )
    model = _KINDS[name]()
    try:
        if load_metadata(file).get("words sha256") != model.vocabulary.sha256:
            raise WeightsError("they were trained on other words than this version knows: train them again")
        state = load(file)
        wrong = [each for each, array in state.items() if array.dtype not in (np.float16, np.float32)]
        if wrong:
            raise WeightsError(
                "{wrong} has dtype {dtype}, expected float16 or float32",
                wrong=wrong[0],
                dtype=state[wrong[0]].dtype,
            )
        model.load_state_dict(state)
    except AttentionError as error:
        raise WeightsError("the weights of {name} do not fit: {error}", name=name, error=error) from error
    return model


def _resource(name: str, ending: str) -> bytes:
    if (name, ending) != ("minilm", "card.toml"):
        _checked_name(name)
    try:
        return (resources.files("attention.models") / "files" / f"{name}.{ending}").read_bytes()
    except OSError as error:
        raise WeightsError(
            "the file {name}.{ending} of model {name} is missing: {error}",
            name=name,
            ending=ending,
            error=error,
        ) from error


def _checked_name(name: str) -> None:
    if name not in _KINDS:
        raise ConfigError(f"there is no model {name!r}: choose {' or '.join(map(repr, _KINDS))}")
