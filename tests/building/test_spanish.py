"""The Spanish texts keep to the terms of docs/es.md, and to the figures and the code of the English ones."""

from __future__ import annotations

import functools
import re
from collections import Counter
from collections.abc import Iterator

import pytest

from attention import load_card
from attention_lab.app import make_app
from attention_lab.kit import texts
from building.paths import ROOT
from building.texts import catalogue, compiled

GLOSSARY = ROOT / "docs" / "es.md"
SPANISH = "es"
#: What is no prose: code, places, quoted words, shapes and sums in parentheses, attributes.
NO_PROSE = re.compile(
    r"```.*?```|`[^`]*`|\{[^}]*\}|“[^”]*”|\[[^\]]*\]\([^)]*\)|\w+\([^()]*\)|\w+\.\w+|\w*_\w*|\([^()]*\{[^()]*\)",
    re.S,
)
#: Texts in which a word of the table is the name of an argument.
NAMES = ("this library, mask", "query must be a position from 0 to {most}, got {query}")


def pairs() -> Iterator[tuple[str, str]]:
    """Every English text that is translated, with its translation; of plurals each form."""
    for message in catalogue(SPANISH):
        if message.id and message.string:
            one = isinstance(message.id, str)
            yield from (
                [(message.id, message.string)] if one else zip(message.id, message.string[:2], strict=True)
            )


def terms() -> dict[str, list[str]]:
    """English word -> the beginnings of Spanish words of which one must stand in its translation."""
    held = re.findall(r"^\|[^|]*\|[^|]*\| ([^|]+) \|$", GLOSSARY.read_text(encoding="utf-8"), re.M)[2:]
    entries = [entry.partition(": ") for row in held for entry in row.split("; ")]
    return {english: spanish.split("/") for english, _, spanish in entries}


@functools.cache
def prose() -> list[tuple[str, str, str]]:
    """Every English text with its translation, and of the text what is prose."""
    return [(text, told, NO_PROSE.sub(" ", text)) for text, told in pairs()]


@pytest.mark.parametrize("english", terms())
def test_a_term_is_said_as_the_glossary_has_it(english: str) -> None:
    said = terms()[english]
    word = re.compile(rf"(?<![\w-]){english}s?(?![\w-])", re.I)
    otherwise = [
        (text, told)
        for text, told, words in prose()
        if text not in (*NAMES, told)
        and word.search(words)
        and not any(each.lower() in told.lower() for each in said)
    ]
    assert not otherwise


def figures(text: str) -> Counter[str]:
    return Counter(re.findall(r"\d+(?:\.\d+)*", text))


def test_every_figure_and_every_piece_of_code_is_that_of_the_english_text() -> None:
    wrong = [(text, told) for text, told in pairs() if figures(text) != figures(told)]
    assert not wrong
    code = re.compile(r"```.*?```|`[^`]+`", re.S)
    assert not [
        (text, told) for text, told in pairs() if Counter(code.findall(text)) != Counter(code.findall(told))
    ]


def test_questions_are_opened() -> None:
    """A text that goes on from another is closed only."""
    whole = [told for text, told in pairs() if text[0].isupper() and "`" not in text]
    assert not [told for told in whole if told.count("?") > told.count("¿")]


def test_nobody_is_addressed_in_a_way_of_one_country() -> None:
    regional = re.compile(r"\b(vosotros|vuestr[oa]s?|ordenador(es)?|computadoras?|usted(es)?)\b", re.I)
    assert not [told for _, told in pairs() if regional.search(told)]


@pytest.mark.parametrize("lab", ["start", "experiments", "heads", "generate", "cross"])
def test_words_are_quoted_and_models_are_named_as_the_language_does(
    lab: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(texts, "_catalogues", {})
    texts.learn(SPANISH, compiled(SPANISH))
    screen = make_app(lab, language=SPANISH).screen
    names = [str(load_card(name).title) for name in ("reader", "writer", "translator")]
    english = re.compile("|".join(["“", *(rf"\b{name}\b" for name in names)]))
    assert not {kind: english.findall(region.view) for kind, region in screen.regions.items()
                if english.search(region.view)}  # fmt: skip
