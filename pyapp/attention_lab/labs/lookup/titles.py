"""The titles of the books against the learner's own words, by a model that has read."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from attention import Array, load_card, softmax
from attention_lab.kit.blocks import Badge, Bars, Choices, Legend, Source, Table
from attention_lab.kit.blocks.writing import quoted
from attention_lab.kit.markup import Math, tinted
from attention_lab.kit.scene import Made, Peek
from attention_lab.kit.sources import function_of
from attention_lab.kit.texts import _, phrase
from attention_lab.labs.lookup.finding import TITLES
from attention_lab.optional import minilm

if TYPE_CHECKING:
    from attention_lab.labs.lookup.lab import Lookup


@lru_cache(maxsize=32)
def vector(text: str) -> Array:  # (384,)
    """Let MiniLM read a text into one vector of length 1; kept."""
    model = minilm()
    assert model is not None  # the lab asks for it only where it has arrived
    return model(text)


def cosines_of(query: str, titles: Sequence[str]) -> Array:  # (titles,)
    """Compare a query with each title; vectors of length 1, so the product is the cosine."""
    keys = np.stack([vector(title) for title in titles])
    return keys @ vector(query)


def shares_of(cosines: Array, times: float) -> Array:  # (titles,)
    """Return the weight of each title."""
    return softmax(times * cosines)


def waiting(lab: Lookup) -> list[Made | Peek]:
    """Offer the model, which is fetched only if asked for, and name what would be compared."""
    card = {
        "name": "minilm",
        "title": _("MiniLM"),
        "what": _("trained on real English"),
        "kind": "trained",
        "set": {"times": lab.times},
        "open": True,
        "download": "minilm",
        "answer": None,
        "look": None,
        "waits": None,
    }
    titles = ", ".join(quoted(title) for title in TITLES)
    return [
        Legend(
            extra=phrase(
                "Your query {wish} against {titles}",
                wish=tinted(quoted(lab.wish), "q"),
                titles=tinted(titles, "k"),
            )
        ),
        Choices(title=[_("A real transformer reads titles and query")], label=_("Model"), cards=[card]),
    ]


def badge() -> Badge:
    """Say what the model is."""
    card = load_card("minilm")
    paragraphs: list[Math] = [[_(card.what)], [_("Query and keys are its vectors of 384 numbers.")]]
    return Badge("trained", _("trained: {title}", title=_(card.title)), paragraphs)


def compared(lab: Lookup) -> Bars:
    """The cosine of the query with each title."""
    return Bars(
        label=_("How near is “{wish}” to each title? Cosines", wish=lab.wish),
        names=TITLES,
        values=cosines_of(lab.wish, TITLES),
        decimals=3,
        ends=(-0.2, 1),
        badge=badge(),
    )


def weighed(lab: Lookup) -> Table:
    """Cosines as scores, and the weights that follow."""
    cosines = cosines_of(lab.wish, TITLES)
    return Table(
        label=_("Scores and weights"),
        columns=[_("book"), _("cosine"), _("score"), _("weight")],
        rows=[
            [title, float(cosine), float(lab.sharper * cosine), float(weight)]
            for title, cosine, weight in zip(TITLES, cosines, shares_of(cosines, lab.sharper), strict=True)
        ],
        decimals={_("cosine"): 3, _("score"): 2, _("weight"): 3},
        bars=[_("weight")],
    )


def source() -> Source:
    """The line that compares."""
    return Source(source=function_of(cosines_of), shape="(3, 384) · (384,) → (3,)")
