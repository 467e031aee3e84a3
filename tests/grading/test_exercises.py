"""The house test of the exercises: each is whole, each reference passes, each mistake draws its own words."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from attention_lab.grading import judge
from attention_lab.grading.cases import Case
from attention_lab.grading.catalogue import ExerciseError, exercise, exercises, exercises_of, read
from attention_lab.grading.judge import outcomes_of, request, verdict, words_of
from attention_lab.grading.predicting import PREDICTED, answer_verdict, question
from attention_lab.grading.protocol import encode
from attention_lab.grading.replies import Outcome
from attention_lab.grading.running import run
from attention_lab.kit.catalogue import names as labs
from tests.grading.helpers import graded

HOME = Path(judge.__file__).parents[1] / "exercises"
ALL = tuple(each.id for each in exercises())
CODED = tuple(each.id for each in exercises() if each.kind != "predict")
PREDICTED_ONES = tuple(each.id for each in exercises() if each.kind == "predict")
WRONG = [(each.id, name) for each in exercises() for name in each.wrong]
SEEDS = (1, 2, 3)


@cache
def _kept(name: str, source: str, seed: int, first: int | None) -> tuple[Outcome, ...]:
    asked = exercise(name)
    sent = request(asked, "", seed)
    calls = sent["calls"] if first is None else sent["calls"][first : first + 1]
    return REAL(asked, source, {**sent, "calls": calls})


REAL = outcomes_of


@pytest.fixture(autouse=True)
def _ours_run_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Reference and wrong solutions give the same for the same seed: each is run once."""

    def once(asked: Any, source: str, sent: Mapping[str, Any]) -> tuple[Outcome, ...]:
        if asked.id not in ALL:
            return REAL(asked, source, sent)
        whole = request(asked, "", sent["seed"])["calls"]
        first = None if len(sent["calls"]) == len(whole) else whole.index(sent["calls"][0])
        return _kept(asked.id, source, sent["seed"], first)

    monkeypatch.setattr(judge, "outcomes_of", once)


# What stands in the folders


def test_every_folder_is_found() -> None:
    folders = {path.name for path in HOME.iterdir() if path.is_dir() and path.name != "__pycache__"}
    assert folders == set(ALL)


def test_the_course_has_all_that_it_should() -> None:
    kinds = [each.kind for each in exercises()]
    assert (kinds.count("write"), kinds.count("mend"), kinds.count("predict")) == (21, 5, 3)
    assert len(WRONG) >= 120
    assert [each.order for each in exercises()] == sorted({each.order for each in exercises()})


@pytest.mark.parametrize("name", ALL)
def test_an_exercise_says_what_it_asks_for_and_why(name: str) -> None:
    asked = exercise(name)
    assert asked.lab in labs()
    assert asked in exercises_of(asked.lab)
    assert 20 < len(asked.why) < 130
    assert "\n" not in asked.why
    assert len(asked.prompt.split()) > 8
    assert 3 <= len(asked.hints) <= 4
    assert asked.asks


@pytest.mark.parametrize("name", CODED)
def test_an_exercise_with_code_has_all_its_parts(name: str) -> None:
    asked = exercise(name)
    called = asked.asks.split("(")[0]
    for program in (asked.starter, asked.reference):
        assert called in {
            node.name for node in ast.parse(program).body if isinstance(node, ast.FunctionDef | ast.ClassDef)
        }
    assert len(asked.other_ways) == 2
    assert len(asked.wrong) >= 5
    assert asked.reference.strip() in asked.hints[-1]


@pytest.mark.parametrize("name", CODED)
def test_a_signature_is_what_the_reference_takes(name: str) -> None:
    asked = exercise(name)
    if not asked.asks[0].islower():
        return  # a class, which has two
    (function,) = (
        node
        for node in ast.parse(asked.reference).body
        if isinstance(node, ast.FunctionDef) and node.name == asked.asks.split("(")[0]
    )
    assert f"{function.name}({ast.unparse(function.args)})".replace("1e-05", "1e-5") == asked.asks


@pytest.mark.parametrize("name", CODED)
def test_the_solution_speaks_of_lines_that_stand_in_the_reference(name: str) -> None:
    asked = exercise(name)
    spoken = re.findall(r"^- `([^`]+)`", asked.hints[-1], re.MULTILINE)
    assert spoken
    for line in spoken:
        assert line in asked.reference, line


@pytest.mark.parametrize("name", CODED)
def test_the_other_ways_that_are_whole_functions_pass_or_cost_what_they_say(name: str) -> None:
    asked = exercise(name)
    for way in asked.other_ways:
        for program in re.findall(r"```python\n(def .*?)```", way, re.DOTALL):
            if "..." not in program.replace('"...', ""):
                assert graded(asked, f"import numpy as np\n{program}").passed, way


@pytest.mark.parametrize(("name", "mistake"), WRONG)
def test_what_is_said_of_a_mistake_is_a_sentence_or_two(name: str, mistake: str) -> None:
    words = words_of(exercise(name).wrong[mistake])
    assert re.fullmatch(r".{20,260}[.?]", words), words


# What passes, and what does not


@pytest.mark.parametrize("name", CODED)
def test_the_reference_passes_for_every_seed(name: str) -> None:
    for seed in SEEDS:
        said = graded(name, exercise(name).reference, seed)
        assert said.passed, [each for each in said.findings if each.detail]


@pytest.mark.parametrize("name", CODED)
def test_the_starter_fails(name: str) -> None:
    assert not graded(name, exercise(name).starter).passed


@pytest.mark.parametrize(("name", "mistake"), WRONG)
def test_a_known_mistake_fails_with_its_own_words(name: str, mistake: str) -> None:
    for seed in SEEDS[:2]:
        said = graded(name, exercise(name).wrong[mistake], seed)
        assert not said.passed
        assert said.mistake is not None
        assert said.mistake.name == mistake


@pytest.mark.parametrize("name", CODED)
def test_no_two_mistakes_give_the_same(name: str) -> None:
    """So that which words are said does not hang on the order of the files."""
    asked = exercise(name)
    cases = [case for check in asked.checks(1) for case in check.cases]
    found = {each: _kept(name, program, 1, None) for each, program in asked.wrong.items()}
    for one, first in found.items():
        for other, second in found.items():
            same = len(first) == len(second) and all(
                judge._alike(asked, case, a, b) for case, a, b in zip(cases, first, second, strict=False)
            )
            assert not same or one == other, (one, other)


@pytest.mark.parametrize("name", CODED)
def test_a_constant_does_not_pass(name: str) -> None:
    """What is right for one seed is replayed for another."""
    asked = exercise(name)
    replay = run(request(asked, asked.reference, 1))
    fixed = name in (
        "causal_mask",
        "bidirectional_mask",
        "sinusoids",
    )  # few sizes: another seed may ask for the same
    seeds = [
        seed for seed in (2, 3, 4, 5) if request(asked, "", seed)["calls"] != request(asked, "", 1)["calls"]
    ]
    assert seeds or not fixed
    assert not any(verdict(asked, request(asked, "", seed), replay).passed for seed in seeds)


def changed_in_shape(value: Any) -> list[Any]:
    """Values that broadcasting, or comparing as text, would take for the same."""
    if isinstance(value, np.ndarray):
        wide = [
            value[None],
            value[..., None],
            value.ravel(),
            value.tolist(),
            str(value),
            value.astype(object),
        ]
        if value.ndim > 1:
            wide += [value[:1], value.T]
        return [
            each
            for each in wide
            if not isinstance(each, np.ndarray) or each.shape != value.shape or each.dtype != value.dtype
        ]
    if isinstance(value, tuple):
        first = [(each, *value[1:]) for each in changed_in_shape(value[0])]
        return [*first, list(value), value[0], *[(value[0], each) for each in changed_in_shape(value[1])]]
    if isinstance(value, list):
        return [np.array(value), tuple(value), str(value), value[:-1]]
    return []


@pytest.mark.parametrize("name", CODED)
def test_nothing_is_compared_by_broadcasting_or_as_text(name: str) -> None:
    asked = exercise(name)
    sent = request(asked, asked.reference, 1)
    reply = run(sent)
    output_alone = getattr(asked.module("checks"), "OUTPUT_ALONE", False)
    outcome = _kept(name, asked.reference, 1, None)[0]
    for value in changed_in_shape(outcome.value):
        if output_alone and value is outcome.value[0]:
            continue
        results = [{**reply["results"][0], "returned": encode(value)}, *reply["results"][1:]]
        assert not verdict(asked, sent, {**reply, "results": results}).passed, value


@pytest.mark.parametrize("name", CODED)
def test_no_checks_compare_for_themselves(name: str) -> None:
    """checks.py makes inputs and tells arithmetic; comparing is comparing.py's."""
    text = (HOME / name / "checks.py").read_text(encoding="utf-8")
    for word in ("allclose", "array_equal", "assert", "isclose", "str(", "repr("):
        assert word not in text, word


@pytest.mark.parametrize("name", CODED)
def test_the_first_case_is_the_smallest_of_its_check(name: str) -> None:
    def size(case: Case) -> int:
        return len(str(case.plain()))

    for check in exercise(name).checks(1):
        assert size(check.cases[0]) <= 1.5 * min(map(size, check.cases)), check.sentence


@pytest.mark.parametrize(
    "name", [each for each in CODED if hasattr(exercise(each).module("checks"), "arithmetic")]
)
def test_the_arithmetic_of_a_cell_ends_in_the_expected_number(name: str) -> None:
    asked = exercise(name)
    for outcome, case in zip(
        _kept(name, asked.reference, 1, None), [c for k in asked.checks(1) for c in k.cases], strict=True
    ):
        value = outcome.value[0] if isinstance(outcome.value, tuple) else outcome.value
        cell = tuple(length - 1 for length in value.shape)
        words = asked.module("checks").arithmetic(dict(judge._inputs(case, asked)), 0, cell)
        number = value[cell]
        if value.dtype.kind == "f" and "[" not in words.split("=")[-1] and " is x[" not in words:
            told = float(words.split("=")[-1].replace("−", "-"))
            assert told == pytest.approx(number, rel=1e-3, abs=1e-6), words
        else:
            assert words


def test_the_backward_of_softmax_is_what_finite_differences_say() -> None:
    space: dict[str, Any] = {}
    exec(exercise("softmax_backward").reference, space)
    exec(exercise("softmax").reference, space)
    rng = np.random.default_rng(0)
    scores, grad, step = rng.normal(size=(2, 3, 5)), rng.normal(size=(2, 3, 5)), 1e-6
    found = np.empty_like(scores)
    for place in np.ndindex(scores.shape):
        moved = np.zeros_like(scores)
        moved[place] = step
        up, down = space["softmax"](scores + moved), space["softmax"](scores - moved)
        found[place] = ((up - down) * grad).sum() / (2 * step)
    returned = space["softmax_backward"](space["softmax"](scores), grad)
    np.testing.assert_allclose(returned, found, rtol=0, atol=1e-8)


# Predictions


@pytest.mark.parametrize("name", PREDICTED_ONES)
def test_one_option_is_what_the_program_prints_whatever_the_seed(name: str) -> None:
    rights = set()
    for seed in range(20):
        asked = question(exercise(name), seed)
        assert [each.text for each in asked.options].count(asked.printed) == 1
        assert len({each.text for each in asked.options}) == len(asked.options) == 5
        assert all(len(each.why) > 20 for each in asked.options)
        rights.add(asked.right)
    assert rights == {0, 1, 2, 3, 4}, "the right one stands anywhere"


@pytest.mark.parametrize("name", PREDICTED_ONES)
def test_a_prediction_is_answered_with_its_reason(name: str) -> None:
    asked = question(exercise(name), 3)
    for place, option in enumerate(asked.options):
        said = answer_verdict(exercise(name), 3, option.text)
        assert said.passed is (place == asked.right)
        assert (said.mistake is None) is said.passed
        assert said.findings[0].sentence == PREDICTED
    assert not answer_verdict(exercise(name), 3, "something else").passed


# A folder that is wrong


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("no front matter", "starts with TOML"),
        ("+++\ntitle = \n+++\n", "prompt.md"),
        ("+++\ntitle = 3\n+++\n", "'title' must be there, a str"),
        ('+++\ntitle = "x"\norder = 1\nkind = "x"\nasks = ""\nlab = ""\nwhy = ""\n+++\n', "kind is one of"),
        (
            '+++\ntitle = "x"\norder = 1\nkind = "mend"\nasks = ""\nlab = ""\nwhy = ""\nx = 1\n+++\n',
            "unknown fields",
        ),
        (
            '+++\ntitle = "x"\norder = 1\nkind = "mend"\nasks = ""\nlab = ""\nwhy = ""\n+++\n## Hnit\n',
            "## Hnit",
        ),
    ],
)
def test_a_prompt_that_cannot_be_read_is_refused_by_name(tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / "prompt.md").write_text(text)
    with pytest.raises(ExerciseError, match=re.escape(words)):
        read(tmp_path)


def test_an_exercise_that_does_not_exist_is_refused_with_those_that_do() -> None:
    with pytest.raises(ValueError, match="choose one of softmax, scores, "):
        exercise("nothing")
