"""A verdict is a list of sentences in order, and says the smallest thing that is wrong."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from attention_lab.grading.catalogue import exercise
from attention_lab.grading.judge import ended, request, verdict
from attention_lab.grading.running import run
from attention_lab.grading.verdict import FAILED, NOT_REACHED, PASSED
from tests.grading.helpers import failed, graded

RIGHT = exercise("softmax").reference


def test_a_right_program_passes_every_check() -> None:
    said = graded("softmax", RIGHT)
    assert said.passed
    assert {each.state for each in said.findings} == {PASSED}
    assert (said.failing, said.mistake, said.told) == (None, None, None)


def test_the_checks_come_in_order_and_what_comes_after_a_failure_is_not_reached() -> None:
    def states(program: str) -> list[str]:
        return [each.state for each in graded("softmax", program).findings[:5]]

    assert states("def softmax(x): return 1 / 0") == [FAILED, *[NOT_REACHED] * 4]
    assert states("def softmax(x): return 1") == [PASSED, FAILED, *[NOT_REACHED] * 3]
    assert states("def softmax(x): return x.sum(axis=-1)[()]")[:2] == [PASSED, FAILED]
    assert states("def softmax(x): return x[None]") == [PASSED, PASSED, FAILED, NOT_REACHED, NOT_REACHED]
    assert states("def softmax(x): return x.astype('f4')") == [PASSED, PASSED, PASSED, FAILED, NOT_REACHED]
    assert states("def softmax(x): return x + 0") == [PASSED, PASSED, PASSED, PASSED, FAILED]


@pytest.mark.parametrize(
    ("program", "sentence", "words"),
    [
        ("def softmax(x): pass", "It returns an array", "it is None: a `return` is missing"),
        ("def softmax(x): return x.tolist()", "It returns an array", "it is a list"),
        ("def softmax(x): return str(x)", "It returns an array", "it is a text"),
        (
            "import numpy as np\ndef softmax(x): return np.matrix(np.atleast_2d(x)) if x.ndim < 3 else x",
            "It returns an array",
            "numpy.matrix",
        ),
        (
            "import numpy as np\ndef softmax(x): return np.ma.masked_array(x)",
            "It returns an array",
            "numpy.MaskedArray",
        ),
        ("def softmax(x): return x[..., None]", "The shape is right", "the shape is (3, 1), expected (3,)"),
        (
            "def softmax(x): return x.sum(axis=-1, keepdims=True) * 0 + 1",
            "The shape is right",
            "the shape is (1,), expected (3,)",
        ),
        ("def softmax(x): return x > 0", "The dtype is right", "the dtype is bool, expected float64"),
        (
            "def softmax(x): return x.astype(int)",
            "The dtype is right",
            "whole numbers cut off what comes after the point",
        ),
        (
            "def softmax(x): return x * float('nan')",
            "One row of scores becomes weights",
            "at [0] is nan, expected",
        ),
    ],
)
def test_what_was_done_is_said_beside_what_was_expected(program: str, sentence: str, words: str) -> None:
    first, detail = failed(graded("softmax", program))
    assert first == sentence
    assert words in detail


def test_the_smallest_failing_input_is_shown_with_the_first_cell_that_differs_and_its_arithmetic() -> None:
    said = graded("scores", "def scores(q, k):\n    s = q @ k.T\n    s.flat[5] += 1\n    return s")
    failing = said.failing
    assert failing is not None
    assert (failing.about, failing.call, failing.cell) == (
        "2 queries, 3 keys, d_k = 5",
        "scores(q, k)",
        (1, 2),
    )
    inputs = dict(failing.inputs)
    assert (failing.expected == inputs["q"] @ inputs["k"].T).all()
    assert failing.returned[1, 2] - failing.expected[1, 2] == pytest.approx(1)
    assert failing.arithmetic.startswith("q[1] · k[2] = ")
    assert f"{failing.expected[1, 2]:.4g}".replace("-", "−") in failing.arithmetic


def test_a_known_mistake_is_answered_by_its_own_words() -> None:
    program = "import numpy as np\ndef softmax(z):\n    e = np.exp(z - z.max(0))\n    return e / np.sum(e, 0)"
    said = graded("softmax", program)
    assert said.mistake is not None
    assert "softmax over axis 0" in said.mistake.words


def test_an_exception_draws_the_words_of_a_mistake_only_if_it_is_the_same() -> None:
    assert graded("scores", "def scores(q, k): return q.dot(k)").mistake is None  # NumPy says it otherwise
    same = graded("scores", "def scores(queries, keys): return queries @ keys").mistake
    assert same is not None
    assert same.name == "not_transposed"
    assert graded("scores", "def scores(q, k): raise ValueError('x')").mistake is None


def test_another_mistake_draws_no_words_of_a_known_one() -> None:
    assert graded("softmax", "def softmax(x): return x * 0 + 0.123").mistake is None


def test_writing_into_an_input_is_told() -> None:
    program = (
        "import numpy as np\ndef softmax(x):\n    x -= x.max(-1, keepdims=True)\n    e = "
        "np.exp(x)\n    return e / e.sum(-1, keepdims=True)"
    )
    sentence, detail = failed(graded("softmax", program))
    assert sentence == "It leaves its inputs as they are"
    assert "it writes into `x`" in detail


def test_the_inputs_are_fresh_for_each_seed_and_the_same_for_the_same() -> None:
    softmax = exercise("softmax")
    assert request(softmax, "", 1)["calls"] == request(softmax, "", 1)["calls"]
    assert request(softmax, "", 1)["calls"] != request(softmax, "", 2)["calls"]
    assert graded("softmax", RIGHT, seed=7).seed == 7


def test_an_exception_comes_with_its_arrays_and_the_input_that_raised_it() -> None:
    said = graded("scores", "def scores(q, k):\n    return q @ k\n")
    assert said.told is not None
    assert said.told["arrays"]["q"] == [[2, 5], "float64"]
    assert failed(said)[1].startswith(
        "line 2: q is (2, 5), k is (3, 5): q @ k multiplies 5 columns with 3 rows"
    )
    assert said.failing is not None
    assert said.failing.about == "2 queries, 3 keys, d_k = 5"


@pytest.mark.parametrize(
    ("why", "words"),
    [
        ("time", "still running after 10 seconds"),
        ("memory", "more memory"),
        ("ended", "before it gave an answer"),
    ],
)
def test_a_run_that_was_ended_says_why(why: str, words: str) -> None:
    softmax = exercise("softmax")
    said = verdict(softmax, request(softmax, "", 1), ended(why))
    assert not said.passed
    assert words in failed(said)[1]


@pytest.mark.parametrize(
    "change",
    [
        None,
        3,
        [],
        {},
        {"results": 1},
        {"output": [1]},
        {"output": [{"line": 1}]},
        {"stopped": "x"},
        {"loading": "x"},
        {"results": [{"returned": {"dtype": "O", "shape": [1], "data": ""}, "written": []}]},
        {"results": [{"raised": {}}]},
        {"results": [None]},
        {"ran": False},
    ],
)
def test_a_reply_that_is_none_is_a_program_that_gave_no_answer(change: Any) -> None:
    softmax = exercise("softmax")
    sent = request(softmax, RIGHT, 1)
    reply = {**run(sent), **change} if isinstance(change, dict) and change else change
    said = verdict(softmax, sent, reply)
    assert not said.passed
    assert failed(said)[0] == "It runs"


def test_a_reply_with_too_few_results_does_not_pass() -> None:
    softmax = exercise("softmax")
    sent = request(softmax, RIGHT, 1)
    reply = run(sent)
    for count in range(len(reply["results"])):
        assert not verdict(softmax, sent, {**reply, "results": reply["results"][:count]}).passed


def test_a_constant_does_not_pass() -> None:
    softmax = exercise("softmax")
    sent = request(softmax, RIGHT, 1)
    assert not verdict(softmax, request(softmax, RIGHT, 2), run(sent)).passed


def test_a_verdict_is_plain_data() -> None:
    for program in (RIGHT, "", "def softmax(x): return x / 0", "def softmax(x): return (x, {1: x}, [1e999])"):
        assert (
            json.loads(json.dumps(graded("softmax", program).view(), allow_nan=False))["exercise"]
            == "softmax"
        )


def test_output_stands_beside_the_verdict() -> None:
    assert graded("softmax", "print('hello')\n" + RIGHT).output == ({"line": 1, "text": "hello\n"},)


def test_the_two_returned_values_are_compared_each() -> None:
    program = exercise("attention").reference.replace(
        "return weights @ V, weights", "return weights @ V, weights * 1.01"
    )
    sentence, detail = failed(graded("attention", program))
    assert "the second value: at [0, 0] is" in detail
    assert np.shape(sentence) == ()
