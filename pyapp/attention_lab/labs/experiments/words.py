"""What the experiments call things: models, heads, questions, words of the sentence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

from attention_lab.kit.blocks.writing import quoted
from attention_lab.kit.markup import Math, tinted
from attention_lab.kit.text import short
from attention_lab.kit.texts import _, lazy, phrase
from attention_lab.labs.experiments.examined import START, Look, Spot, names_of_heads

if TYPE_CHECKING:
    from attention_lab.labs.experiments.bench import Bench


class Title(NamedTuple):
    """A model on the screen."""

    name: str
    what: str  # in a few words
    kind: str  # of its badge


TITLES: Mapping[str, Title] = {
    "random": Title(lazy("Random"), lazy("never trained"), "random"),
    "ordinary": Title(lazy("Ordinary"), lazy("trained, 3 layers"), "trained"),
    "reader": Title(lazy("Reader"), lazy("trained, read heads"), "trained"),
    "minilm": Title("MiniLM", lazy("trained on real English"), "trained"),
}

HEADS: Mapping[str, str] = {
    "pronoun": lazy("pronoun"),
    "subject": lazy("subject"),
    "adjective": lazy("adjective"),
    "previous": lazy("word before"),
}
"""The read heads, by what they are for."""

ABOUT: Mapping[str, str] = {
    "pronoun": lazy("The last word decides what “it” stands for: the cat is tired, the mat is soft."),
    "agreement": lazy("“Are” belongs to “dogs”, although “park” stands nearer."),
    "long_range": lazy("Between “was” and “book” stands a clause of its own."),
}
"""What a step says of its own sentences, as long as no words have changed places."""


def question(bench: Bench) -> Math:
    """What the models are asked, in words."""
    asked = tinted(quoted(word(bench, bench.query)), "q")
    if bench.job == "pronoun":
        return phrase("Which word does {word} stand for?", word=asked)
    if bench.job == "subject":
        return phrase("Who or what is it that {word} is said of?", word=asked)
    if bench.job == "adjective":
        return phrase("Which word does {word} describe?", word=asked)
    return phrase("Which word stands before {word}?", word=asked)


def word(bench: Bench, place: int) -> str:
    """Return a word of the sentence as it is shown."""
    return "‹start›" if place == START else short(bench.words[place])


def labels(bench: Bench, look: Look) -> list[str]:
    """Name every token of a model: the learner's own words, and what the model adds."""
    named = []
    for token, owner in zip(look.tokens, look.owners, strict=True):
        own = 0 <= owner < len(bench.words) and look.owners.count(owner) == 1
        named.append(short(bench.words[owner]) if own else short(token))
    return named


def spoken(bench: Bench, name: str | None) -> str:
    """Return a word of an answer as the learner wrote it: for a kind, every word that it was chosen for."""
    if name is None:
        return _("no word")
    reading = bench.reading
    if not reading.words:
        return name
    wrote = [short(bench.tokens.texts[i]) for i in reading.unknown if reading.words[i] == name]
    return " / ".join(dict.fromkeys(wrote)) or name


def head_name(model: str, spot: Spot) -> str:
    """Name a head: a read head by its job, any other by layer and number, counted from 1."""
    job = names_of_heads(model).get(spot)
    return (
        _("read head “{heads}”", heads=HEADS[job])
        if job
        else _("layer {spot}, head {spot_2}", spot=spot[0] + 1, spot_2=spot[1] + 1)
    )


def head_sign(model: str, spot: Spot) -> str:
    """Name a head where there is little room: a read head by its job, any other as layer.head."""
    job = names_of_heads(model).get(spot)
    return HEADS[job] if job else f"{spot[0] + 1}.{spot[1] + 1}"


def percent(share: float) -> str:
    """Write a probability as a percentage; never 100 or 0 where it is not."""
    text = f"{100 * share:.1f}"
    if text == "100.0" and share < 1:
        return "> 99.9 %"
    if text == "0.0" and share > 0:
        return "< 0.1 %"
    return f"{text} %"
