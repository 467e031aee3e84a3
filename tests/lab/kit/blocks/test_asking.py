"""Check, Actions and Player: answers as learners write them, verdicts, and an author's mistakes."""

from __future__ import annotations

import json
from typing import Any

import pytest

from attention_lab.kit.blocks import Actions, Amount, Check, Choice, Pick, Player, read_number
from tests.lab.gallery.samples import check


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0.46", 0.46), ("0,46", 0.46), (".46", 0.46), ("−0,46", -0.46), ("–2", -2.0), ("-2", -2.0),
        ("+3", 3.0), (" 1 024 ", 1024.0), ("1\u202f024,5", 1024.5), ("1e-3", 0.001), (0.5, 0.5), (3, 3.0),
        ("", None), ("half", None), ("1,000.5", None), ("1,2,3", None), ("nan", None), ("inf", None),
        ("1_0", None), (True, None), (None, None), ([1], None), ("9" * 400, 10.0**40), ("--1", None),
    ],
)  # fmt: skip
def test_a_number_is_read_with_a_point_or_a_comma(text: object, value: float | None) -> None:
    assert read_number(text) == (pytest.approx(value, rel=1e-12) if value is not None else None)


AMOUNT = Amount(
    id="a", ask="?", right=0.46, within=0.005, because="yes", hints=[(0.54, "the other one")], otherwise="no"
)


@pytest.mark.parametrize(
    ("answer", "state", "feedback"),
    [
        (None, "open", ""), ("  ", "open", ""), ("0,46", "right", "yes"), ("0.465", "right", "yes"),
        ("0.455", "right", "yes"), ("0.4651", "wrong", "no"), (".54", "wrong", "the other one"),
        ("x", "open", "This is not a number yet: write one such as 0.46."),
    ],
)  # fmt: skip
def test_an_amount_is_judged_to_its_tolerance_and_no_further(
    answer: object, state: str, feedback: str
) -> None:
    verdict = AMOUNT.judge(answer)
    assert (verdict.state, verdict.feedback) == (state, feedback)


@pytest.mark.parametrize(
    ("answer", "state", "feedback"),
    [
        (0, "wrong", "look again"),
        (1, "right", "so it is"),
        (2, "wrong", ""),
        (3, "open", ""),
        (True, "open", ""),
        ("1", "open", ""),
    ],
)
def test_a_choice_is_judged_by_its_place(answer: object, state: str, feedback: str) -> None:
    question = Choice(
        id="c", ask="?", options=["a", "b", "c"], right=1, because="so it is", hints={0: "look again"}
    )
    assert (question.judge(answer).state, question.judge(answer).feedback) == (state, feedback)


@pytest.mark.parametrize(
    ("answer", "state", "feedback"),
    [
        ([0, 1], "right", "yes"), ([1, 1], "wrong", "a hint"), ([0, 0], "wrong", "no"), ([2, 0], "open", ""),
        ([0], "open", ""), ([0, True], "open", ""), ([0.0, 1.0], "open", ""), ("01", "open", ""),
        (None, "open", ""),
    ],
)  # fmt: skip
def test_a_pick_is_judged_by_its_cell(answer: object, state: str, feedback: str) -> None:
    question = Pick(
        id="p", ask="?", right=[(0, 1)], rows=["a", "b"], columns=["x", "y"], text=[["1", "2"], ["3", "4"]],
        because="yes", hints={(1, 1): "a hint"}, otherwise="no",
    )  # fmt: skip
    assert (question.judge(answer).state, question.judge(answer).feedback) == (state, feedback)


def test_a_check_says_how_many_answers_are_right() -> None:
    answered = check({"why": 1, "weight": "0,5", "cell": [0, 0], "word": [0, 0]})
    assert answered.described() == "Check yourself: 3 of 4 questions right"
    assert not answered.passed
    assert check({"why": 1, "weight": ".5", "cell": [0, 0], "word": [0, 1]}).passed


def test_the_view_of_a_check_has_verdicts_but_not_what_would_be_right() -> None:
    view = json.dumps(check({"why": 0}).view())
    assert '"state": "wrong"' in view
    assert '"right":' not in view.replace('"words": {"right"', "")
    assert "exp(0)" not in view


def test_new_numbers_empty_the_answers() -> None:
    assert check().view()["anew"] == {"sample_seed": 4, "sample_answers": {}}


ONE = Choice(id="one", ask="?", options=["a"], right=0)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"questions": []}, "at least one question"),
        ({"questions": [ONE, ONE]}, "two questions have one id"),
        ({"questions": [ONE], "anew": {"answers": {}}}, "leave it out"),
    ],
)
def test_a_check_refuses_an_authors_mistake_in_words(wrong: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        Check(setting="answers", **wrong)


def test_a_question_refuses_an_answer_that_it_cannot_have() -> None:
    with pytest.raises(ValueError, match="none of the 1 options"):
        Choice(id="c", ask="?", options=["a"], right=1)
    with pytest.raises(ValueError, match="the answer is a number"):
        Amount(id="a", ask="?", right=float("nan"))
    with pytest.raises(ValueError, match="not in the picture"):
        Pick(id="p", ask="?", right=[(1, 0)], columns=["a"])
    with pytest.raises(ValueError, match="both rows and the text"):
        Pick(id="p", ask="?", right=[(0, 0)], columns=["a"], rows=["r"])
    with pytest.raises(ValueError, match="does not fit the heads"):
        Pick(id="p", ask="?", right=[(0, 0)], columns=["a"], rows=["r"], text=[["1", "2"]])


def test_actions_have_items_that_say_their_type() -> None:
    with pytest.raises(ValueError, match="at least one item"):
        Actions(items=[])
    with pytest.raises(ValueError, match="says its type"):
        Actions(items=[{"label": "x"}])


def test_a_player_says_where_it_is() -> None:
    block = Player(label="Step", setting="at", value=12, length=60, shown="step 12")
    assert block.described() == "Step: step 12, 13 of 60"
    assert [speed["label"] for speed in block.view()["speeds"]] == ["0.5×", "1×", "2×"]


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"length": 0}, "at least one value"),
        ({"value": 5}, "between 0 and 4, not at 5"),
        ({"rate": 0}, "positive"),
        ({"speeds": [0]}, "positive"),
    ],
)
def test_a_player_refuses_an_authors_mistake_in_words(wrong: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        Player(label="p", setting="at", **({"value": 0, "length": 5} | wrong))
