"""The terms of the course, each with one sentence: one list, from which every lab explains what it shows.

What a step shows is searched for terms that its prose may not have explained; they stand under the prose.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from attention_lab.kit.blocks.base import View
from attention_lab.kit.texts import _, lazy, voice

_MET = (
    lazy("cosine: The cosine of the angle between two rows: 1 for one direction, 0 for a right angle."),
    lazy("d_k: How many numbers a query or a key has."),
    lazy("d_model: How many numbers the row of a token has."),
    lazy("d_v: How many numbers a value has."),
    lazy("dilated: Of a convolution: it leaves gaps between the places that it reads."),
    lazy(
        "entropy: How widely weights are spread: 0 for all on one key, log n for the same on each of n keys."
    ),
    lazy("float32: A number kept in 32 bits, good for about seven digits."),
    lazy("float64: A number kept in 64 bits, good for about sixteen digits: NumPy's usual one."),
    lazy("FLOPs: Multiplications and additions; a TFLOP is a million million of them."),
    lazy(
        "grammar: The rules by which sentences are made; here also those that made the sentences on which "
        "the small models trained."
    ),
    lazy("held-out: Kept aside: no training has seen it, so that it can be measured on."),
    lazy("id: The number of a token's row in the table of embeddings."),
    lazy("Jacobian: The table of how much each output moves when each input moves a little."),
    lazy("kernel: Of a convolution: the places that it reads at once, its own among them."),
    lazy("KV cache: Keys and values of earlier tokens, kept so that they need not be computed again."),
    lazy(
        "layer norm: Brings a row to mean 0 and variance 1, then gives each column a learned gain and bias."
    ),
    lazy("lexicon: The list of words whose numbers were chosen by hand."),
    lazy("logits: One score for each word that might come next, before softmax."),
    lazy("nan: Not a number: what comes of a sum that has no result, such as 0 ÷ 0."),
    lazy("nats: The unit of −ln p: 0 where the right answer was certain, more the less likely it was."),
    lazy("read head: A head through which alone the answer to its question can come."),
    lazy("residual: The way around a part: what the part gives is added to the row and does not replace it."),
    lazy("<s>: The sign that a model puts in front of every text."),
    lazy("seed: What random numbers start from: the same seed gives the same numbers."),
    lazy("seq_k: How many keys there are: one for each token that can be looked at."),
    lazy("seq_q: How many queries there are: one for each token that looks."),
)
"""Terms that are explained where they are met."""

_BASIC = (
    lazy(
        "cross-attention: Attention whose queries come from one sequence, and keys and values from another."
    ),
    lazy("embedding: The row of numbers that stands for a token."),
    lazy("head: One attention of several that run side by side, each with its own queries, keys and values."),
    lazy("key: The row that a token is compared by: a query is multiplied with it to give a score."),
    lazy("mask: Says which query may attend to which key; what is masked gets the weight 0."),
    lazy("query: The row that a token asks with."),
    lazy("score: Query times key: how well the two match, before softmax."),
    lazy("self-attention: Attention in which queries, keys and values all come from one sequence."),
    lazy("softmax: Turns scores into weights that are not negative and add up to 1."),
    lazy("token: A piece of text that a model reads as one: here a word."),
    lazy("value: The row that is gathered from a token, in proportion to its weight."),
    lazy("weight: The share that a query gives to a key; the weights of one query add up to 1."),
)
"""What labs are about: their prose explains it, and it stands on every screen."""

_UNREAD = {
    "id",
    "set",
    "block",
    "kind",
    "region",
    "setting",
    "values",
    "href",
    "key",
    "labs",
    "sources",
    "message",
    "request",
    "next_request",
}
"""Fields of a view that nobody reads."""
_OF_A_MATRIX = {*_UNREAD, "text"}
"""Those of a matrix: its texts are numbers."""
_NUMBERS = frozenset((int, float, bool))
_SAYS_NOTHING = {*_NUMBERS, type(None)}


def glossary() -> Mapping[str, str]:
    """Return each term with its sentence, in the order of the alphabet; signs do not count."""
    return dict(sorted(map(_pair, (*_MET, *_BASIC)), key=lambda pair: place_of(pair[0])))


def _pair(entry: str) -> tuple[str, str]:
    term, said = str(entry).split(": ", 1)
    return term, said


def place_of(term: str) -> str:
    """Return what a term is sorted by."""
    return re.sub(r"\W", "", term).lower()


def explained(view: View | None) -> dict[str, Any] | None:
    """Return the terms that a text of this view has and does not explain; None where there are none."""
    return told([looked_up(view)])


@dataclass(frozen=True)
class Found:
    """The terms that the texts of a view have, and those that they explain."""

    met: frozenset[str]
    explained: frozenset[str]


def looked_up(view: Any) -> Found:
    """Return what the texts of a view have of the terms."""
    texts: list[str] = []
    _gather(view, texts)
    spoken = voice()
    met: set[str] = set()
    explained: set[str] = set()
    for text in texts:
        if _LETTER.search(text) and (found := _in_text(text, spoken)) is not None:
            met |= found.met
            explained |= found.explained
    return Found(frozenset(met), frozenset(explained))


_LETTER = re.compile(r"[^\W\d_]")


@lru_cache(maxsize=2048)
def _in_text(text: str, spoken: object) -> Found | None:
    """Return what one text has, if anything: most texts of a screen stay the same while its numbers move."""
    small = text.lower()
    terms = _terms(spoken)
    met = frozenset(term for term in terms if term.lower() in small and _as_a_word(term).search(text))
    explained = frozenset(term for term, said in terms.items() if said in text)
    return Found(met, explained) if met or explained else None


def told(found: Iterable[Found]) -> dict[str, Any] | None:
    """Return the terms that some views have, and none of them explains."""
    met: set[str] = set()
    known: set[str] = set()
    for each in found:
        met |= each.met
        known |= each.explained
    said = _terms(voice())
    terms = [{"term": term, "said": said[term]} for term in said if term in met - known]
    return {"label": _("Words"), "terms": terms} if terms else None


@lru_cache(maxsize=8)
def _terms(_voice: object) -> Mapping[str, str]:
    """Return each term that is explained where it is met, with its sentence, as a voice says them."""
    return dict(sorted(map(_pair, _MET), key=lambda pair: place_of(pair[0])))


@lru_cache(maxsize=128)
def _as_a_word(term: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){re.escape(term)}(?!\w)", re.IGNORECASE)


def _gather(view: Any, found: list[str]) -> None:
    """Add what can be read of a view; no generator, since this is done at every move of a slider."""
    kind = view.__class__
    if kind is dict:
        unread = _OF_A_MATRIX if "fill" in view else _UNREAD
        for name, each in view.items():
            if each.__class__ not in _SAYS_NOTHING and name not in unread:
                if each.__class__ is str:
                    found.append(each)
                else:
                    _gather(each, found)
    elif kind is list or kind is tuple:
        if view and view[0].__class__ not in _NUMBERS:
            for each in view:
                if each.__class__ is str:
                    found.append(each)
                else:
                    _gather(each, found)
    elif isinstance(view, str):
        found.append(view)
