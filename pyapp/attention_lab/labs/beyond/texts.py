"""The pictures of searches and code: who looks at whom in MiniLM, beside what is said of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attention import Array, load_card
from attention_lab.kit.blocks import Badge, Choices, Legend, Source, Table, Words
from attention_lab.kit.markup import Math, tinted
from attention_lab.kit.numbers import number
from attention_lab.kit.sources import function_of
from attention_lab.kit.text import short
from attention_lab.kit.texts import _, phrase
from attention_lab.labs.beyond.reading import LINES, SEARCHES, Read, Said, Sample, by_word, read, sign

if TYPE_CHECKING:
    from attention_lab.labs.beyond.lab import Beyond

_ENGLISH = SEARCHES["cats"]
MEAN, STRONGEST = "mean", "strongest"


def waiting() -> Choices:
    """Offer the model, which is fetched only if asked for."""
    card = {
        "name": "minilm",
        "title": _("MiniLM"),
        "what": _("trained on real English"),
        "kind": "trained",
        "set": {"shown": STRONGEST},
        "open": True,
        "download": "minilm",
        "answer": None,
        "look": None,
        "waits": None,
    }
    return Choices(title=[_("A real transformer reads these texts")], label=_("Model"), cards=[card])


def badge() -> Badge:
    """Say what the model is."""
    card = load_card("minilm")
    paragraphs: list[Math] = [[words] for words in map(_, (card.what, *card.limits[1:4]))]
    return Badge("trained", _("trained: {title}", title=_(card.title)), paragraphs)


def weights(lab: Beyond, seen: Read) -> Array:  # (n, n)
    """Return what is drawn: the head that joins the pair most, or the mean of all."""
    query, key = lab.words_asked
    drawn: Array = seen.weights.mean(axis=0)
    return drawn if lab.shown == MEAN else seen.weights[seen.strongest(query, key)]


def lines(lab: Beyond) -> Words:
    """Who looks at whom."""
    seen = read(lab.read_text)
    query, key = lab.words_asked
    head = _("head {sign}", sign=sign(seen.strongest(query, key)))
    words = [short(word) for word in seen.words]
    return Words(
        label=_("MiniLM, mean of all heads") if lab.shown == MEAN else _("MiniLM, {head}", head=head),
        words=words,
        onto=words,
        weights=weights(lab, seen),
        chosen=query,
        sets=[{"pair": [i, key]} for i in range(len(words))],
        onto_sets=[{"pair": [query, i]} for i in range(len(words))],
        heads=(_("looks"), _("is looked at")),
        badge=badge(),
    )


def told(lab: Beyond) -> Legend:
    """The pair in numbers."""
    seen = read(lab.read_text)
    query, key = lab.words_asked
    strongest = seen.strongest(query, key)
    row = seen.weights[:, query]
    return Legend(
        extra=phrase(
            "{short} → {short_2}: head {sign} gives {row}, all {row_2} heads on average "
            "{row_3}; looking everywhere alike would give {words}. [CLS] and [SEP] are signs "
            "that MiniLM puts around a text.",
            short=tinted(short(seen.words[query]), "q"),
            short_2=tinted(short(seen.words[key]), "k"),
            sign=sign(strongest),
            row=tinted(number(float(row[strongest, key]), 2), "b"),
            row_2=len(row),
            row_3=tinted(number(float(row[:, key].mean()), 2), "b"),
            words=number(1 / len(seen.words), 2),
        )
    )


def said(lab: Beyond, sample: Sample, heading: str) -> Table:
    """What is said or wished, beside the strongest head, its weight, and the mean of all."""
    seen = read(sample.text) if lab.has_minilm else None
    rows: list[list[Any]] = [[each.words, *_measured(each.query, each.key, seen)] for each in sample.said]
    if sample.untested:
        rows.append([sample.untested, _("not tested"), None, None])
    return Table(
        label=heading,
        columns=[heading.split(",")[0].lower(), _("head"), _("weight"), _("mean")],
        rows=rows,
        decimals={_("weight"): 2, _("mean"): 2},
        badge=badge() if seen else None,
    )


def _measured(query: tuple[str, int], key: tuple[str, int], seen: Read | None) -> list[Any]:
    if seen is None:
        return [_("not yet"), None, None]
    i, j = seen.place(query), seen.place(key)
    head = seen.strongest(i, j)
    row = seen.weights[:, i, j]
    return [sign(head), float(row[head]), float(row.mean())]


def carried() -> Table:
    """The head that finds a word again in English, tried on names in code."""
    english = read(_ENGLISH.text)
    head = english.strongest(*_places(english, _ENGLISH.said[0]))
    tried = [(_ENGLISH, _ENGLISH.said[0]), *((line, each) for line in LINES.values() for each in line.again)]
    rows: list[list[Any]] = []
    for sample, each in tried:
        seen = read(sample.text)
        query, key = _places(seen, each)
        rows.append([each.words, float(seen.weights[head, query, key]), 1 / len(seen.words)])
    return Table(
        label=_("Does it carry over? Head {sign}, found in English", sign=sign(head)),
        columns=[_("the word again"), _("weight"), _("even")],
        rows=rows,
        decimals={_("weight"): 2, _("even"): 2},
        badge=badge(),
    )


def _places(seen: Read, each: Said) -> tuple[int, int]:
    return seen.place(each.query), seen.place(each.key)


def received(lab: Beyond) -> Table:
    """How much of all looks each word gets, all heads and words taken together."""
    seen = read(lab.read_text)
    shares = seen.weights.mean(axis=(0, 1))
    order = shares.argsort()[::-1]
    return Table(
        label=_("Which words are looked at, over all heads and words"),
        columns=[_("word"), _("share")],
        rows=[[short(seen.words[i]), float(shares[i])] for i in order],
        decimals={_("share"): 3},
        bars=[_("share")],
    )


def source() -> Source:
    """The lines that bring pieces together to words."""
    return Source(source=function_of(by_word), shape="(72, pieces, pieces) → (72, words, words)")
