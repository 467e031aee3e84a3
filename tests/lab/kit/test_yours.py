"""The learner's own function in a lab: what is sent, what is drawn, and what is said when it fails."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from attention_lab.grading.catalogue import exercise, exercises
from attention_lab.grading.running import run
from attention_lab.kit.blocks import Yours
from attention_lab.kit.scene import made
from attention_lab.kit.yours import ByLearner
from attention_lab.labs.heads.lab import Heads
from attention_lab.labs.masks.lab import Masks
from attention_lab.labs.stepper.lab import Stepper
from attention_lab.labs.stepper.moment import Moment
from attention_lab.session import Session
from attention_lab.widgets.screen import views_of

SOFTMAX = exercise("softmax").reference
USED = [each for each in exercises() if each.use]
TWICE = SOFTMAX + "\nright = softmax\n\ndef softmax(x):\n    return 2 * right(x)\n"


def session_at(link: str, *passed: str) -> Session:
    session = Session()
    session.take_kept({"build": {"results": {name: [1, True, True, False] for name in passed}}})
    session.take_link(link)
    return session


def lab_at(link: str, *passed: str) -> Any:
    return session_at(link, *passed).current


def answer(lab: ByLearner, source: str) -> Yours:
    """What the page does: the program is run on what is asked, and the answer goes back."""
    block = lab.yours_block()
    assert block is not None
    reply = run({**json.loads(block.request), "source": source})
    lab.apply({"came": {"about": block.about, "reply": json.dumps(reply)}})
    assert lab.message is None
    again = lab.yours_block()
    assert again is not None
    return again


def said(block: Yours) -> str:
    return block.described()


@pytest.fixture
def stepper() -> Any:
    lab = lab_at("lab=stepper&step=weights", "softmax", "scores")
    lab.apply({"yours": "softmax"})
    return lab


@pytest.mark.parametrize("each", USED, ids=lambda each: each.id)
def test_what_was_passed_stands_in_where_its_verdict_leads(each: Any) -> None:
    assert lab_at(each.use).yours_block() is None  # not before
    session = session_at(each.use, each.id)
    lab: Any = session.current
    assert lab.message is None
    block = lab.yours_block()
    assert [option["set"] for option in block.options] == [{"yours": each.id}]
    lab.apply({"yours": each.id})
    drawn = answer(lab, each.reference)
    assert drawn.state == "shown"
    assert "in row" not in drawn.gap
    shown = json.dumps([view for _, view in views_of(session, lab, lab.scene())], default=str)
    assert ", yours" in shown
    lab.apply({"yours": ""})
    assert ", yours" not in json.dumps([view for _, view in views_of(session, lab, lab.scene())], default=str)


def test_a_link_switches_nothing_on_and_the_program_is_not_asked_for() -> None:
    lab = lab_at("lab=stepper&step=weights&yours=softmax&came=x", "softmax")
    assert lab.yours == ""
    assert lab.yours_block().request == ""
    lab.apply({"yours": "softmax"})
    assert "source" not in json.loads(lab.yours_block().request)
    assert "yours" not in lab.to_link()


def test_a_change_of_the_function_changes_the_picture_and_the_difference(stepper: Stepper) -> None:
    moment = Moment(stepper)
    library = moment.computed("weights")
    block = answer(stepper, TWICE)
    shown = Moment(stepper).drawn("weights")
    assert shown is not None
    np.testing.assert_allclose(shown, 2 * library)
    assert block.state == "shown"
    trace: Any = stepper.trace
    weights = trace.attention.weights
    head, row, col = np.unravel_index(weights.argmax(), weights.shape)
    assert block.gap == f"{weights.max():.4f}, in row {row + 1}, column {col + 1} of head {head + 1}"
    row = stepper.query
    assert block.beside[0]["numbers"] == [f"{2 * each:.2f}" for each in library[row]]
    assert block.beside[1]["numbers"] == [f"{each:.2f}" for each in library[row]]
    np.testing.assert_array_equal(Moment(stepper).computed("weights"), library)  # and the arithmetic's stay


def test_an_answer_to_another_state_is_not_drawn(stepper: Stepper) -> None:
    answer(stepper, TWICE)
    stepper.apply({"text": "Another sentence here"})
    block = stepper.yours_block()
    assert block is not None
    assert block.state == "waiting"
    assert stepper.mine("weights") is None
    stepper.apply({"step": "raw_scores"})
    scores = stepper.yours_block()
    assert scores is not None
    assert scores.use == "scores"  # at another step, its own


FAILS = {
    "raises": ("def softmax(x):\n    return x @ x @ x[0, :1]\n", "raised ValueError in line 2"),
    "does not load": ("def softmax(x)\n", "raised SyntaxError"),
    "shape": ("def softmax(x):\n    return x[:1]\n", "the shape is (1, 6), expected (6, 6)"),
    "dtype": ("import numpy as np\ndef softmax(x):\n    return x.astype(np.float32)\n", "dtype is float32"),
    "nothing": ("def softmax(x):\n    x * 2\n", "a `return` is missing"),
    "nan": ("def softmax(x):\n    return x * float('nan')\n", "gave nan at [0, 0]"),
    "infinite": ("def softmax(x):\n    return x + float('inf')\n", "gave inf at [0, 0]"),
}


@pytest.mark.parametrize(("source", "words"), FAILS.values(), ids=FAILS)
def test_what_cannot_be_drawn_is_told_and_the_library_goes_on(
    stepper: Stepper, source: str, words: str
) -> None:
    block = answer(stepper, source)
    assert block.state == "failed"
    assert words in said(block)
    assert "The lab goes on with the library’s" in said(block)
    assert stepper.mine("weights") is None
    assert block.badges == []


@pytest.mark.parametrize(
    ("came", "words"),
    [
        ({"ended": "time"}, "still running after 10 seconds"),
        ({"ended": "learner"}, "was stopped"),
        ({"reply": "{}"}, "ended before it gave an answer"),
        ({"reply": "no JSON"}, "ended before it gave an answer"),
    ],
)
def test_a_run_without_an_answer_is_told(stepper: Stepper, came: dict[str, str], words: str) -> None:
    block = stepper.yours_block()
    assert block is not None
    stepper.apply({"came": {"about": block.about, **came}})
    after = stepper.yours_block()
    assert after is not None
    assert after.state == "failed"
    assert words in said(after)


def test_the_page_may_send_anything_and_what_is_no_answer_is_refused(stepper: Stepper) -> None:
    for value in (3, {"about": "x"}, {"about": "x", "ended": "why"}, {"about": 1, "reply": "{}"}):
        assert "came" in stepper.apply({"came": value})


def test_a_mask_of_the_learners_makes_the_weights_and_an_empty_row_is_told() -> None:
    lab: Masks = lab_at("lab=masks&step=draw&kind=causal", "causal_mask")
    lab.apply({"yours": "causal_mask"})
    upper = "import numpy as np\ndef causal_mask(n):\n    return np.tri(n, dtype=bool).T\n"
    block = answer(lab, upper)
    n = len(lab.tokens)
    np.testing.assert_array_equal(lab.allowed, np.tri(n, dtype=bool).T)
    weights: Any = lab.drawn
    assert weights[-1].tolist() == [0.0] * (n - 1) + [1.0]
    assert block.gap == "1.0000, in row 1, column 2"
    answer(lab, upper.replace(".T", " & ~np.eye(n, dtype=bool)"))
    legend: Any = made(lab.scene().look[1])
    assert "No key left" in str(legend.alert)


def test_heads_of_the_learners_are_drawn() -> None:
    lab: Heads = lab_at("lab=heads&step=split", "split_heads")
    lab.apply({"yours": "split_heads"})
    mixed = "def split_heads(x, n_heads):\n    return x.reshape(n_heads, len(x), -1)\n"
    block = answer(lab, mixed)
    assert block.state == "shown"
    assert "in row" in block.gap
    whole = lab.pass_.whole
    np.testing.assert_allclose(lab.mine("q"), whole.reshape(lab.n_heads, len(whole), -1))


def test_progress_that_is_forgotten_takes_the_switch_away() -> None:
    session = session_at("lab=stepper&step=weights", "softmax")
    lab: Any = session.current
    lab.apply({"yours": "softmax"})
    session.forget()
    assert lab.yours_block() is None
    assert lab.stood is None
