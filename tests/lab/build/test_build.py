"""The exercises on the screen: what is run, what is said to it, what is remembered."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from attention_lab.grading.catalogue import exercise, exercises
from attention_lab.grading.judge import verdict
from attention_lab.grading.running import run
from attention_lab.grading.verdict import Failing, Verdict
from attention_lab.kit.blocks import Check, Editor, Graded, Grids, Ladder, Source, Tasks
from attention_lab.kit.lab import Lab
from attention_lab.kit.scene import block_of
from attention_lab.kit.scoring import Result
from attention_lab.labs.build.lab import Build
from attention_lab.labs.build.showing import MOST, two_matrices, worded
from attention_lab.session import Session

WRONG = """import numpy as np

def softmax(x):
    print(x.shape)
    exponentials = np.exp(x - x.max(axis=0, keepdims=True))
    return exponentials / exponentials.sum(axis=0, keepdims=True)
"""
RAISES = "def softmax(x):\n    return x @ x @ x\n"


@pytest.fixture
def lab() -> Build:
    made = Build()
    made.apply({"exercise": "softmax", "step": "write"})
    return made


def block(lab: Lab, kind: type[Any]) -> Any:
    scene = lab.scene()
    made = [block_of(each) for each in [*scene.look, *scene.check]]
    return next((each for each in made if isinstance(each, kind)), None)


def attempt(lab: Lab, source: str, *, turn: int = 1, seed: int = 3) -> None:
    """Press Run: inputs were drawn, the runner gets them, the program and its answer come together."""
    lab.apply({"inputs_seed": seed})
    asked = json.loads(block(lab, Editor).inputs)
    program = {"id": lab.choices()["exercise"], "source": source, "turn": turn, "seed": seed}
    reply = json.dumps(run({**asked, "source": source}))
    lab.apply({"attempt": program, "reply": {"turn": turn, "reply": reply}})
    assert lab.message is None


def test_every_exercise_is_offered_and_opens() -> None:
    lab = Build()
    tasks = [task for _, group in block(lab, Tasks).groups for task in group]
    assert {task.set["exercise"] for task in tasks} == {each.id for each in exercises()}
    for task in tasks:
        lab.apply(task.set)
        assert lab.here.id == "write"
        assert lab.message is None


def test_no_inputs_are_made_before_the_page_has_drawn_their_seed(lab: Build) -> None:
    assert block(lab, Editor).inputs == ""
    assert block(lab, Graded).state == "open"


def test_the_inputs_hold_neither_a_program_nor_an_answer(lab: Build) -> None:
    lab.apply({"inputs_seed": 3})
    asked = block(lab, Editor).inputs
    assert set(json.loads(asked)) == {"exercise", "seed", "file", "calls", "limits"}
    assert exercise("softmax").reference.strip().splitlines()[-1].strip() not in asked


def test_what_is_expected_is_known_before_the_answer_comes(
    lab: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    lab.apply({"inputs_seed": 3})
    asked = json.loads(block(lab, Editor).inputs)
    monkeypatch.setattr("attention_lab.grading.judge.run", lambda request: pytest.fail("it is run again"))
    right = exercise("softmax").reference
    program = {"id": "softmax", "source": right, "turn": 1, "seed": 3}
    reply = json.dumps(run({**asked, "source": right}))
    lab.apply({"attempt": program, "reply": {"turn": 1, "reply": reply}})
    assert block(lab, Graded).state == "passed"


def test_the_judge_rehearses_once_and_that_is_no_try(lab: Build, monkeypatch: pytest.MonkeyPatch) -> None:
    passed: list[bool] = []

    def watched(*given: Any) -> Verdict:
        found = verdict(*given)
        passed.append(found.passed)
        return found

    monkeypatch.setattr("attention_lab.labs.build.lab.verdict", watched)
    for seed in (3, 5):
        lab.apply({"inputs_seed": seed})
        assert block(lab, Editor).inputs
    assert passed == [True]
    assert lab.results == {}
    assert block(lab, Graded).state == "open"


def test_inputs_are_those_of_the_exercise_and_of_the_seed(lab: Build) -> None:
    lab.apply({"inputs_seed": 3})
    first = block(lab, Editor).inputs
    lab.apply({"inputs_seed": 5})
    other = block(lab, Editor).inputs
    assert json.loads(other)["seed"] == 5
    assert json.loads(other)["calls"] != json.loads(first)["calls"]
    lab.apply({"exercise": "scores"})
    assert json.loads(block(lab, Editor).inputs)["exercise"] == "scores"


@pytest.mark.parametrize("name", [each.id for each in exercises() if each.kind != "predict"])
def test_the_reference_passes_and_the_starter_does_not(name: str) -> None:
    lab = Build()
    lab.apply({"exercise": name, "step": "write"})
    attempt(lab, exercise(name).starter)
    assert block(lab, Graded).state == "failed"
    assert name not in lab.solved
    attempt(lab, exercise(name).reference, turn=2)
    assert block(lab, Graded).state == "passed"
    assert lab.results == {name: Result(2, first=False, right=True)}


def test_a_first_try_that_passes_is_remembered_as_one(lab: Build) -> None:
    attempt(lab, exercise("softmax").reference)
    assert lab.results == {"softmax": Result(1, first=True, right=True)}
    attempt(lab, WRONG, turn=2)
    assert lab.results == {"softmax": Result(2, first=True, right=True)}


def test_a_known_mistake_draws_its_own_words(lab: Build) -> None:
    attempt(lab, WRONG)
    said = str(block(lab, Graded).words[0])
    assert "axis 0" in said
    assert block(lab, Editor).said.startswith("Not yet")


def test_prints_stand_at_the_line_that_made_them(lab: Build) -> None:
    attempt(lab, WRONG)
    printed = block(lab, Editor).printed
    assert [each["line"] for each in printed] == [4]
    assert printed[0]["text"].startswith("(3,) ⏎ (5,)")


def test_an_exception_is_told_with_its_line_and_the_shapes_in_reach(lab: Build) -> None:
    attempt(lab, RAISES)
    graded = block(lab, Graded)
    assert graded.line == (2, "return x @ x @ x")
    assert dict(graded.facts) == {"x": "(3,) float64"}
    assert [each["line"] for each in block(lab, Editor).wrong] == [2]
    assert [each.state for each in graded.checks][:2] == ["failed", "waiting"]


def test_what_was_returned_and_what_was_expected_are_drawn_with_the_first_cell_that_differs(
    lab: Build,
) -> None:
    attempt(lab, WRONG)
    yours, expected = (panel.matrix for panel in block(lab, Grids).panels)
    row, col = yours.current
    assert round(yours.values[row, col], yours.decimals) != round(expected.values[row, col], yours.decimals)
    before = [(r, c) for r in range(row + 1) for c in range(yours.shape[1]) if (r, c) < (row, col)]
    assert all(np.isclose(yours.values[at], expected.values[at]) for at in before)


def failing(returned: Any, expected: Any, cell: tuple[int, ...] | None) -> Failing:
    return Failing("a case", "f(x)", (), returned, expected, (), cell)


def test_of_an_array_with_more_axes_the_matrix_of_the_cell_is_drawn() -> None:
    returned, expected = np.zeros((2, 3, 5)), np.zeros((2, 3, 5))
    returned[1, 2, 4] = 7.0
    drawn = two_matrices(failing(returned, expected, (1, 2, 4)), "write")
    assert drawn is not None
    assert drawn.panels[0].matrix.values[2, 4] == 7.0
    assert drawn.panels[0].matrix.current == (2, 4)


def test_of_a_large_array_the_part_around_the_cell_is_drawn() -> None:
    returned, expected = np.zeros((40, 31)), np.zeros((40, 31))
    returned[29, 30] = 1.0
    drawn = two_matrices(failing(returned, expected, (29, 30)), "write")
    assert drawn is not None
    matrix = drawn.panels[0].matrix
    assert matrix.shape == (MOST, MOST)
    row, col = matrix.current or (0, 0)
    assert matrix.rows.labels[row] == "29"
    assert matrix.cols.labels[col] == "30"
    assert matrix.values[row, col] == 1.0


@pytest.mark.parametrize(
    ("returned", "expected"),
    [(3.0, 2.0), (np.zeros(5), np.ones(5)), (np.zeros((2, 3)), np.zeros((3, 2))), (np.nan, 0.0)],
)
def test_numbers_rows_and_other_shapes_are_drawn_too(returned: Any, expected: Any) -> None:
    drawn = two_matrices(failing(returned, expected, None), "write")
    assert drawn is not None
    assert json.dumps(drawn.view(), allow_nan=False)


@pytest.mark.parametrize("returned", [None, "text", [1, 2], np.array(["a"]), np.zeros((0, 3))])
def test_what_is_no_array_of_numbers_is_not_drawn(returned: Any) -> None:
    assert two_matrices(failing(returned, np.zeros(2), None), "write") is None


@pytest.mark.parametrize(("why", "words"), [("time", "10 seconds"), ("crash", "closed Python")])
def test_a_run_without_an_answer_is_told(lab: Build, why: str, words: str) -> None:
    lab.apply({"attempt": {"id": "softmax", "source": "while True: pass", "turn": 1, "seed": 3}})
    lab.apply({"reply": {"turn": 1, "ended": why}})
    graded = block(lab, Graded)
    assert graded.state == "failed"
    assert words in str(graded.words)


@pytest.mark.parametrize(
    ("body", "words"), [("print('x' * 1000)", "printed more than"), ("raise MemoryError", "memory")]
)
def test_a_program_over_a_limit_is_told_so_in_words(lab: Build, body: str, words: str) -> None:
    attempt(lab, f"while True:\n    {body}\n")
    assert words in str(block(lab, Graded).words)
    assert block(lab, Editor).wrong == []


def test_a_run_that_the_learner_stopped_is_not_judged(lab: Build) -> None:
    lab.apply({"attempt": {"id": "softmax", "source": "while True: pass", "turn": 1, "seed": 3}})
    lab.apply({"reply": {"turn": 1, "ended": "learner"}})
    assert block(lab, Graded).title == "Not judged"
    assert block(lab, Editor).said == "stopped"
    assert not lab.results


STRANGE = ["", "{", "null", "[]", '{"results": 3}', "[" * 100_000, '{"ran": true, "results": [{}]}']


@pytest.mark.parametrize("reply", STRANGE)
def test_an_answer_that_is_none_is_a_program_that_gave_no_answer(lab: Build, reply: str) -> None:
    lab.apply({"attempt": {"id": "softmax", "source": WRONG, "turn": 1, "seed": 3}})
    lab.apply({"reply": {"turn": 1, "reply": reply}})
    assert block(lab, Graded).state == "failed"


@pytest.mark.parametrize(
    "changes",
    [
        {"attempt": {"id": "scores", "source": "", "turn": 1, "seed": 3}},
        {"attempt": {"id": "softmax", "source": "x" * 40_001, "turn": 1, "seed": 3}},
        {"attempt": {"id": "softmax", "source": "", "turn": 0, "seed": 3}},
        {"attempt": "softmax"},
        {"inputs_seed": -1},
        {"inputs_seed": "3"},
        {"reply": {"turn": 1, "reply": "{}"}},
        {"reply": {"turn": 1, "ended": "because"}},
        {"exercise": "nothing"},
    ],
)
def test_what_cannot_be_taken_is_refused_in_words(lab: Build, changes: dict[str, Any]) -> None:
    before = lab.choices()
    lab.apply(changes)
    assert lab.message is not None
    assert lab.choices() == before


def test_another_exercise_lets_go_of_what_was_run(lab: Build) -> None:
    attempt(lab, WRONG)
    lab.apply({"exercise": "scores"})
    assert block(lab, Graded).state == "open"
    assert block(lab, Editor).turn == 0


def test_a_link_names_the_exercise_and_carries_no_code(lab: Build) -> None:
    attempt(lab, WRONG)
    session = Session("build")
    session.current = lab
    assert session.link == "lab=build&step=write" or "exercise=softmax" in session.link
    assert "exp" not in session.link
    other = Session()
    other.take_link("lab=build&step=write&exercise=scores&attempt=x&reply=y")
    assert other.current.choices()["exercise"] == "scores"
    assert block(other.current, Editor).turn == 0


def test_hints_open_one_after_the_other_and_stay_open(lab: Build) -> None:
    said = exercise("softmax").hints
    for taken in range(len(said)):
        view = block(lab, Ladder).view()
        assert len(view["open"]) == taken
        assert view["left"] == len(said) - taken
        lab.apply(view["next"]["set"])
    assert block(lab, Ladder).view()["next"] is None
    assert (
        exercise("softmax").reference.strip().splitlines()[0] in block(lab, Ladder).view()["open"][-1]["html"]
    )


def test_after_passing_there_is_a_next_exercise_and_other_ways(lab: Build) -> None:
    attempt(lab, exercise("softmax").reference)
    use, after = block(lab, Graded).links
    assert use["href"] == "#lab=stepper&step=weights"
    lab.apply(after["set"])
    assert lab.exercise != "softmax"
    lab.apply({"exercise": "softmax"})
    ladders = [each() for each in lab.scene().check if callable(each)]
    assert any(isinstance(each, Ladder) and each.label.startswith("Other ways") for each in ladders)


def test_passed_exercises_fill_the_map_of_the_course_and_are_kept() -> None:
    session = Session("build")
    session.apply({"exercise": "softmax", "step": "write"})
    attempt(session.current, exercise("softmax").reference)
    kept = json.loads(json.dumps(session.progress))
    later = Session()
    later.take_kept(kept)
    assert later.solved("build") == ["softmax"]
    assert later.open("build").results == {"softmax": Result(1, first=True, right=True)}


@pytest.mark.parametrize("name", [each.id for each in exercises() if each.kind == "predict"])
def test_what_a_program_prints_is_asked_and_the_right_answer_passes(name: str) -> None:
    lab = Build()
    lab.apply({"exercise": name, "step": "write"})
    asked = block(lab, Check)
    (question,) = asked.questions
    program = "\n".join(block(lab, Source).source.lines)
    reply = run({"file": "p.py", "source": program, "calls": [], "limits": {"seconds": 1, "output": 1000}})
    printed = "".join(each["text"] for each in reply["output"]).strip()
    right = question.options[question.right]
    assert right == (reply["loading"]["type"] if reply["loading"] else printed)
    wrong = next(i for i in range(len(question.options)) if i != question.right)
    lab.apply({"answers": {question.id: wrong}})
    assert (lab.solved, lab.results[name].tries) == ([], 1)
    lab.apply({"answers": {question.id: question.right}})
    assert lab.results == {name: Result(2, first=False, right=True)}


def test_words_in_backticks_are_code() -> None:
    assert worded("use `x.T` here") == ["use ", {"t": "x.T", "cls": "code"}, " here"]
    assert worded("") == []
