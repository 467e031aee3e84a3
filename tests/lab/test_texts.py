"""Texts that learners read are said in their language, when they are shown."""

from __future__ import annotations

import copy
import json
from gettext import NullTranslations

import numpy as np
import pytest

from attention import TextError, WeightsError
from attention.models import load_model
from attention_lab.app import make_app
from attention_lab.grading.protocol import encode
from attention_lab.kit import texts
from attention_lab.kit.blocks.writing import words_of
from attention_lab.kit.markup import D_K
from attention_lab.kit.stood import StandIn, stood_of
from attention_lab.kit.texts import (
    ENDED,
    ISOLATE,
    _,
    lazy,
    learn,
    phrase,
    plural,
    resolved,
    said_by,
    speaking,
)


class Loud(NullTranslations):
    """Every text, in capitals; what stands in braces stays."""

    def gettext(self, message: str) -> str:
        return "".join(part if i % 2 else part.upper() for i, part in enumerate(cut(message)))

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return self.gettext(msgid1 if n == 1 else msgid2)


def cut(message: str) -> list[str]:
    """The text outside and inside braces, in turn."""
    return [part for piece in message.split("{") for part in _closed(piece)]


def _closed(piece: str) -> list[str]:
    inside, closed, after = piece.partition("}")
    return [f"{{{inside}}}", after] if closed else [piece]


@pytest.fixture(autouse=True)
def loud(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(texts, "_catalogues", {})
    learn("loud", Loud())


def test_a_text_is_said_in_the_language_that_is_spoken() -> None:
    assert _("{n} of {most} rows", n=2, most=3) == "2 of 3 rows"
    with speaking("loud"):
        assert _("{n} of {most} rows", n=2, most=3) == "2 OF 3 ROWS"
        with speaking("none"):
            assert _("rows") == "rows"
    assert _("rows") == "rows"


class Plurals(NullTranslations):
    """A catalogue with words that have a plural, as `GNUTranslations` of Python 3.11.2 gives them."""

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return ("fila" if n == 1 else "filas") if msgid1 == "row" else super().ngettext(msgid1, msgid2, n)


def test_a_word_is_found_that_the_catalogue_has_with_its_plural() -> None:
    learn("es", Plurals())
    with speaking("es"):
        assert [_("row"), *phrase("row"), plural("row", "rows", 2)] == ["fila", "fila", "filas"]
        assert _("column") == "column"


def test_a_lazy_text_is_said_when_it_is_shown_and_is_english_as_a_string() -> None:
    row = lazy("row {n}", n=lazy("two"))
    assert row == "row two"
    with speaking("loud"):
        assert [str(row), f"{row}!", _("a {row}", row=row)] == ["ROW TWO", "ROW TWO!", "A ROW TWO"]
        assert str(copy.deepcopy(row)) == "ROW TWO"
        assert resolved({"label": [row, 1, {"x": (row,)}], row: "row"}) == {
            "label": ["ROW TWO", 1, {"x": ["ROW TWO"]}],
            "ROW TWO": "row",
        }
    assert str(row) == "row two"


def test_the_english_of_a_lazy_text_is_english_while_another_language_is_spoken() -> None:
    with speaking("loud"):
        row = lazy("row {n}", n=lazy("two"))
        assert row == "row two"
        assert str(row) == "ROW TWO"


def test_what_an_error_of_the_library_says_is_a_text() -> None:
    with pytest.raises(TextError) as caught:
        load_model("writer").read([f"zorp{i}" for i in range(9)])
    assert str(caught.value).startswith("the text has 9 words that the model does not know, and room for")
    nested = WeightsError("{name} does not fit: {error}", name="x", error=caught.value)
    assert str(nested).startswith("x does not fit: the text has 9 words")
    with speaking("loud"):
        assert str(caught.value).startswith("the text has 9 words"), "the library knows no language"
        assert str(said_by(caught.value)).startswith("THE TEXT HAS 9 WORDS THAT THE MODEL DOES NOT KNOW")
        assert str(said_by(nested)).startswith("x DOES NOT FIT: THE TEXT HAS 9 WORDS")


def test_why_a_model_cannot_read_a_text_is_said_in_the_learners_language() -> None:
    house = make_app("generate", {"text": " ".join(f"zorp{i}" for i in range(9))}, language="loud")
    shown = " ".join(region.view for region in house.screen.regions.values())
    assert "THE WRITER CANNOT READ THIS: THE TEXT HAS 9 WORDS THAT THE MODEL DOES NOT KNOW" in shown
    house = make_app("experiments", language="loud")
    assert house.set({"sample": 99})["sample"].startswith("THE SENTENCE CANNOT BE NUMBER 99")


def test_why_a_function_of_the_learners_is_not_drawn_is_said_whole() -> None:
    chosen = StandIn(
        exercise="softmax", name="softmax", draws="", given="",
        calls=list, expected=lambda: [{"weights": np.ones((2, 2))}],
    )  # fmt: skip
    result = {"returned": encode(np.ones((1, 2))), "written": []}
    reply = {"ran": True, "results": [result], "output": [], "loading": None, "stopped": None}
    with speaking("loud"):
        words = words_of(stood_of(chosen, {"reply": json.dumps(reply)}).words)
    assert words == "YOUR softmax GAVE WHAT CANNOT BE DRAWN: THE SHAPE IS (1, 2), EXPECTED (2, 2)."


def test_a_sentence_with_formulas_is_one_text() -> None:
    assert phrase("{d_k} goes from {a} to {b}.", d_k=D_K, a=1, b=2) == [*D_K, " goes from 1 to 2."]
    with speaking("loud"):
        assert phrase("at {d_k} = {n}", d_k=D_K, n=64) == ["AT ", *D_K, " = 64"]


def test_a_word_goes_with_its_number() -> None:
    assert [plural("row", "rows", n) for n in (0, 1, 2)] == ["rows", "row", "rows"]
    with speaking("loud"):
        assert plural("row", "rows", 1) == "ROW"


def test_two_sessions_speak_two_languages() -> None:
    english, loud = make_app("stepper"), make_app("stepper", language="loud")
    for house in (english, loud):
        house.session.take_link("lab=nowhere")
    said = [house.session.current.message["text"] for house in (english, loud)]
    assert said[0].startswith("There is no lab of that name: choose one of start, ")
    assert said[1].startswith("THERE IS NO LAB OF THAT NAME: CHOOSE ONE OF start, ")


def test_a_language_without_a_catalogue_is_english() -> None:
    assert make_app(language="xx").session.language == "en"


def test_a_word_from_right_to_left_is_set_apart_from_the_sentence_around_it() -> None:
    said = f"“{ISOLATE}القطة{ENDED}”, 0.46"
    assert _("“{word}”, {n}", word="القطة", n="0.46") == said
    assert phrase("“{word}”, {n}", word="القطة", n="0.46") == [said]
    assert _("“{word}”, {n}", word="naïve", n=2) == "“naïve”, 2"
    assert phrase("{d_k} of {word}", d_k=D_K, word="القطة")[-1] == f" of {ISOLATE}القطة{ENDED}"
