"""The score: what counts, from when on, and that there is one total."""

from __future__ import annotations

import json

import pytest

from attention_lab.grading.catalogue import exercises
from attention_lab.kit.blocks.asking import Question
from attention_lab.kit.catalogue import counted, lessons
from attention_lab.kit.lesson import Lesson
from attention_lab.kit.scoring import (
    CHECK,
    EXERCISE,
    PREDICTION,
    Item,
    Result,
    read_result,
    score,
    score_view,
)
from attention_lab.session import Session
from tests.lab.helpers import slots

ITEMS = (
    Item(CHECK, "masks", "pairs", "Question 1", "Masks", "masks", "#lab=masks&step=check"),
    Item(CHECK, "masks", "lost", "Question 2", "Masks", "masks", "#lab=masks&step=check"),
    Item(EXERCISE, "build", "softmax", "Softmax", "Build", "stepper", "#lab=build&exercise=softmax"),
    Item(PREDICTION, "masks", "predict:leak", "The leak", "Masks", "masks", "#lab=masks&step=leak"),
)
RIGHT, WRONG = Result().tried(right=True), Result().tried(right=False)


def totals(done: dict[str, dict[str, Result]]) -> tuple[int, int, int, int]:
    found = score(ITEMS, lambda lab: done.get(lab, {}))
    return found.points, found.of, found.open, found.per_cent


def test_an_exercise_and_a_question_are_a_point_each_and_a_prediction_is_none() -> None:
    assert totals({}) == (0, 3, 3, 0)
    assert totals({"masks": {"pairs": RIGHT, "predict:leak": RIGHT}}) == (1, 3, 2, 33)
    assert totals({"masks": {"pairs": RIGHT, "lost": WRONG}, "build": {"softmax": RIGHT}}) == (2, 3, 0, 67)


def test_the_best_counts_and_is_never_taken_back_and_the_first_try_is_told() -> None:
    later = WRONG.tried(right=True).tried(right=False)
    assert (later.state, later.tries, later.first) == ("right", 3, False)
    assert totals({"build": {"softmax": later}})[0] == 1


def test_to_have_looked_at_the_solution_costs_nothing_and_is_no_try() -> None:
    looked = Result(looked=True)
    assert (looked.state, totals({"build": {"softmax": looked}})) == ("open", (0, 3, 3, 0))
    assert totals({"build": {"softmax": looked.tried(right=True)}})[0] == 1


@pytest.mark.parametrize(
    ("about", "counts"),
    [
        ("masks", ["check:masks:pairs", "exercise:causal_mask"]),  # and what belongs to it
        ("masks,nowhere", ["check:masks:pairs", "exercise:causal_mask"]),
        ("lab:masks", ["check:masks:pairs"]),  # what can be done there
        ("lab:experiments", []),
        ("step:lab=masks&step=check", ["check:masks:pairs"]),
        ("step:lab=masks&step=draw", []),
        ("step:lab=masks", []),
        ("step:lab=build&step=write", ["exercise:softmax"]),  # the first, unless another is named
        ("step:lab=build&step=write&exercise=causal_mask", ["exercise:causal_mask"]),
        ("step:lab=nowhere", []),
    ],
)
def test_the_score_is_about_what_the_address_names_or_leaves_within_reach(
    about: str, counts: list[str]
) -> None:
    session = Session()
    session.count(about)
    found = {item.id for item, _ in session.score.rows}
    some = {"check:masks:pairs", "check:heads:lift", "exercise:softmax", "exercise:causal_mask"}
    assert sorted(found & some) == counts
    assert session.score.of == len(found)


@pytest.mark.parametrize("about", ["", "nowhere", "masks:pairs", ":"])
def test_else_the_score_is_about_all(about: str) -> None:
    session = Session()
    session.count("masks")
    session.count(about)
    assert session.score.of == len(counted())


@pytest.mark.parametrize(("points", "of", "per_cent"), [(1, 8, 13), (3, 8, 38), (0, 3, 0), (3, 3, 100)])
def test_the_score_is_rounded_to_the_nearest_whole_number(points: int, of: int, per_cent: int) -> None:
    items = [Item(CHECK, "masks", str(i), "", "", "masks", "") for i in range(of)]
    done = {str(i): RIGHT for i in range(points)}
    assert score(items, lambda _: done).per_cent == per_cent


def test_two_visits_know_together_what_each_knew() -> None:
    before, now = WRONG, RIGHT.tried(right=True)
    assert before.joined(now) == Result(2, first=False, right=True)
    assert Result().joined(now) == now
    assert before.joined(Result(looked=True)) == Result(1, first=False, looked=True)


@pytest.mark.parametrize("result", [Result(), RIGHT, WRONG, Result(7, first=False, right=True, looked=True)])
def test_what_is_kept_of_a_result_is_read_back(result: Result) -> None:
    assert read_result(json.loads(json.dumps(result.plain()))) == result


@pytest.mark.parametrize(
    "value",
    [None, 3, [], [1, True, True], [-1, True, True, False], [True, True, True, False], [0, True, True, False],
     ["1", True, True, False], [1, None, True, False], [1, 0, True, False], [10**9, True, True, False]],
)  # fmt: skip
def test_what_is_no_result_is_not_read(value: object) -> None:
    assert read_result(value) is None


def test_all_exercises_and_all_questions_count_each_with_its_place() -> None:
    items = counted()
    assert [item.key for item in items if item.kind == EXERCISE] == [each.id for each in exercises()]
    assert (
        len({item.id for item in items})
        == len(items)
        == len(exercises()) + sum(len(lesson.checks) for lesson in lessons())
    )
    for item in items:
        session = Session()
        session.take_link(item.opens.removeprefix("#"))
        assert (session.current.name_of_lab, session.current.message) == (item.lab, None), item.id
        if item.kind == CHECK:
            assert session.current.step == "check"
        else:
            assert session.current.choices()["exercise"] == item.key


@pytest.mark.parametrize("lesson", [each for each in lessons() if each.checks], ids=lambda each: each.name)
def test_questions_are_judged_counted_and_kept(lesson: Lesson) -> None:
    name = lesson.name
    session = Session(name)
    lab = session.current
    first = lab.questions()[0]
    right, wrong = _answers(first)
    lab.apply({"answers": {first.id: wrong}})
    assert session.score.points == 0
    assert lab.results[first.id] == WRONG
    lab.apply({"answers": {first.id: wrong}})
    assert lab.results[first.id] == WRONG  # the same answer again is no other try
    lab.apply({"answers": {first.id: right}})
    assert lab.results[first.id] == Result(2, first=False, right=True)
    again = Session()
    again.take_kept(json.loads(json.dumps(session.progress)))
    assert (again.score.points, again.score.of) == (1, len(counted()))
    assert again.open(name).answers == lab.answers


def _answers(question: Question) -> tuple[object, object]:
    found = {question.judge(each).state: each for each in _anything(question)}
    return found["right"], found["wrong"]


def _anything(question: Question) -> list[object]:
    right = getattr(question, "right", None)
    cells = [[row, col] for row in range(12) for col in range(12)]
    return [*range(8), *cells, "12345678", *([] if right is None else [str(right)])]


def test_a_guess_is_told_with_the_results_and_brings_no_point() -> None:
    session = Session("masks")
    lab = session.current
    lab.apply({"step": "leak"})
    asked = slots(lab, session)["predict"]
    before = session.score.points
    lab.apply({"guesses": {asked["key"]: 0}})
    told = [item.id for item, result in session.score.rows if item.kind == PREDICTION and result.tries == 1]
    assert (told, session.score.points) == (["predict:masks:leak"], before)


def test_the_header_shows_the_one_total() -> None:
    session = Session("build")
    view = slots(session.current, session)["header"]["score"]
    assert view == score_view(session.score)
    assert sum(len(group["rows"]) for group in view["groups"]) == view["of"] == len(counted())
