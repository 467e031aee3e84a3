"""A real transformer, with its learned positions and without."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from attention import Array, MiniLM, load_card
from attention_lab.kit.blocks import Badge, Bars, Choices, Facts, Legend, Source
from attention_lab.kit.blocks.boards import Fact
from attention_lab.kit.blocks.writing import quoted
from attention_lab.kit.markup import Math, tinted
from attention_lab.kit.numbers import number
from attention_lab.kit.sources import function_of
from attention_lab.kit.texts import _, phrase
from attention_lab.optional import minilm

if TYPE_CHECKING:
    from attention_lab.labs.position.lab import Position


def vector_of(model: MiniLM, text: str, places: bool) -> Array:  # (384,)
    """Read a text into one vector of length 1: the model as it is, or without its rows of positions."""
    ids = np.array(model.word_piece(text).ids)
    x: Array = model.bert.words(ids) + model.bert.types(np.zeros_like(ids))
    if places:
        x = x + model.bert.positions(np.arange(len(ids)))
    x = model.bert.norm(x)
    for block in model.bert.blocks:
        x = block(x)
    mean: Array = x.mean(axis=0)
    length = np.linalg.norm(mean)
    vector: Array = mean / length
    return vector


@lru_cache(maxsize=32)
def alike(written: str, moved: str, places: bool) -> float:
    """Return the cosine of the vectors of two texts; kept."""
    model = minilm()
    assert model is not None  # the lab asks for it only where it has arrived
    return float(vector_of(model, written, places) @ vector_of(model, moved, places))


def waiting(lab: Position) -> Choices:
    """Offer the model, which is fetched only if asked for."""
    card = {
        "name": "minilm",
        "title": _("MiniLM"),
        "what": _("trained on real English"),
        "kind": "trained",
        "set": {"shuffle": lab.shuffle},
        "open": True,
        "download": "minilm",
        "answer": None,
        "look": None,
        "waits": None,
    }
    return Choices(title=[_("A real transformer reads both orders")], label=_("Model"), cards=[card])


def badge() -> Badge:
    """Say what the model is."""
    card = load_card("minilm")
    paragraphs: list[Math] = [[_(card.what)], [_("Its positions were learned with all its other numbers.")]]
    return Badge("trained", _("trained: {title}", title=_(card.title)), paragraphs)


def both(lab: Position) -> tuple[str, str]:
    """Return the words as written and as shuffled."""
    words = lab.tokens.texts
    return " ".join(words), " ".join(words[i] for i in lab.order)


def orders(lab: Position) -> Legend:
    """Name both orders."""
    written, moved = both(lab)
    return Legend(
        extra=phrase(
            "{written} beside {moved}", written=tinted(quoted(written), "q"), moved=tinted(quoted(moved), "k")
        )
    )


def compared(lab: Position) -> Bars:
    """How alike both orders are to the model, with its positions and without."""
    pair = both(lab)
    return Bars(
        label=_("Are both orders the same to MiniLM? Cosine of the two sentences"),
        names=[_("with its positions"), _("without")],
        values=[alike(*pair, True), alike(*pair, False)],
        decimals=3,
        ends=(0, 1),
        badge=badge(),
    )


def told(lab: Position) -> Facts:
    """What the two cosines say, in numbers."""
    pair = both(lab)
    lost = 1 - alike(*pair, False)
    return Facts(
        facts={
            _("off 1 with positions"): Fact(value=1 - alike(*pair, True), decimals=3),
            _("off 1 without"): Fact(
                value="0" if abs(lost) < 1e-5 else number(lost, 5), note=_("but for rounding")
            ),
        }
    )


def source() -> Source:
    """The lines that read with and without positions."""
    return Source(source=function_of(vector_of), shape="(pieces,) → (384,)")
