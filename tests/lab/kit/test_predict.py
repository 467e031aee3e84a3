"""A prediction is asked before its answer is shown, keeps the guess, and says why an option is wrong."""

from __future__ import annotations

from typing import Any

import pytest

from attention_lab.kit.predict import is_open, predict
from attention_lab.kit.scene import Predict
from tests.lab.kit.test_lab import toy


def asked(**more: Any) -> Predict:
    options = {"values": ("0.1", "0.9"), "why": (["too ", "small"], None), **more}
    return Predict(
        key="k", question=["Which?"], options=("one", "two"), right=(1,), answer=("two", "0.9"), **options
    )


def shown(question: Predict | None, **changes: Any) -> Any:
    return predict(toy(**changes), question)


def test_without_a_question_nothing_is_asked() -> None:
    assert shown(None) is None
    assert not is_open(toy(), None)


def test_before_a_guess_the_answer_is_not_in_what_the_page_gets() -> None:
    view = shown(asked())
    assert (view["question"], view["options"], view["guess"]) == (["Which?"], ["one", "two"], None)
    assert (view["open"], view["answer"], view["yours"], view["can_hide"]) == (False, None, None, False)
    assert (view["right"], view["values"]) == (None, None)


def test_a_guess_waits_for_the_step_that_answers_it() -> None:
    view = shown(asked(), guesses={"k": 0})
    assert (view["guess"], view["open"], view["answer"], view["yours"]) == (0, False, None, None)
    view = shown(asked(answered=True), guesses={"k": 0})
    assert (view["open"], view["answer"]) == (True, {"label": "two", "value": "0.9"})
    assert (view["right"], view["values"]) == ([1], ["0.1", "0.9"])
    assert view["yours"] == {"label": "one", "value": "0.1", "right": False, "why": ["too ", "small"]}
    view = shown(asked(answered=True), guesses={"k": 1})
    assert view["yours"] == {"label": "two", "value": "0.9", "right": True, "why": None}


def test_a_question_without_values_or_reasons_gives_none() -> None:
    view = shown(asked(values=(), why=(), answered=True), guesses={"k": 0})
    assert view["yours"] == {"label": "one", "value": "", "right": False, "why": None}


def test_an_answer_that_was_asked_for_can_be_hidden_again_until_the_step_shows_it_anyway() -> None:
    assert (shown(asked(), revealed=["k"])["open"], shown(asked(), revealed=["k"])["can_hide"]) == (
        True,
        True,
    )
    assert not shown(asked(answered=True), revealed=["k"])["can_hide"]


def test_a_guess_past_the_last_option_counts_as_none() -> None:
    assert shown(asked(), guesses={"k": 2})["guess"] is None


@pytest.mark.parametrize(
    ("more", "changes", "opened"),
    [
        ({}, {}, True), ({"answered": True}, {}, False), ({}, {"guesses": {"k": 0}}, False),
        ({}, {"revealed": ["k"]}, False), ({}, {"guesses": {"other": 0}}, True),
    ],
)  # fmt: skip
def test_a_question_is_open_until_it_is_guessed_skipped_or_answered(
    more: dict[str, Any], changes: dict[str, Any], opened: bool
) -> None:
    assert is_open(toy(**changes), asked(**more)) == opened
