"""The front door: what it says of the small model is so, and its numbers are NumPy's."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from attention import JOBS, load_model
from attention_lab.kit.blocks import Amount, Pick
from attention_lab.kit.blocks import Choice as Question
from attention_lab.kit.blocks.writing import words_of
from attention_lab.kit.scoring import Result
from attention_lab.labs.start.lab import EXAMPLES, Start, likely
from attention_lab.session import Session
from attention_lab.widgets.screen import views_of

SEEDS = range(50)


def start(**changes: Any) -> Start:
    lab = Start()
    lab.apply(changes)
    return lab


def views(lab: Start) -> dict[str, Any]:
    """What every place shows, as it arrives in the page: through JSON."""
    shown = dict(views_of(Session("start"), lab, lab.scene()))
    read: dict[str, Any] = json.loads(json.dumps(shown, allow_nan=False))
    return read


@pytest.mark.parametrize(
    ("text", "job", "word", "most"),
    [
        (EXAMPLES[0], "pronoun", "it", "cat"),
        (EXAMPLES[1], "pronoun", "it", "mat"),
        (EXAMPLES[2], "subject", "are", "dogs"),
    ],
)
def test_each_example_looks_where_the_lab_says_it_does(text: str, job: str, word: str, most: str) -> None:
    lab = start(text=text)
    assert lab.words[lab.query] == word
    model: Any = load_model("reader")
    trace = model.trace([*(each.lower() for each in lab.words), "."])
    expected = trace.layers[1][JOBS.index(job)][1:-1, 1:-1]
    np.testing.assert_array_equal(lab.weights, expected)
    assert lab.words[int(lab.weights[lab.query].argmax())] == most


def test_one_word_changes_and_the_line_goes_elsewhere() -> None:
    first, second = start(text=EXAMPLES[0]), start(text=EXAMPLES[1])
    changed = [a for a, b in zip(first.words, second.words, strict=True) if a != b]
    assert changed == ["tired"]
    assert first.weights[first.query].argmax() != second.weights[second.query].argmax()


def test_the_weights_of_a_word_add_up_to_one_with_what_the_model_adds() -> None:
    lab = start()
    model: Any = load_model("reader")
    rows = model.trace([*(word.lower() for word in lab.words), "."]).layers[1][JOBS.index(lab.job)]
    np.testing.assert_allclose(rows.sum(axis=-1), 1, atol=1e-6)


@pytest.mark.parametrize("text", [*EXAMPLES, "They", "cats cats", "The cat sat .", "The cat cat cat cat cat"])
def test_what_is_said_of_a_word_is_its_largest_weight_and_what_the_model_adds_gets(text: str) -> None:
    lab = start(text=text)
    model: Any = load_model("reader")
    for query, word in enumerate(lab.words):
        lab.apply({"query": query})
        end = [] if lab.words[-1] == "." else ["."]
        trace = model.trace([*(each.lower() for each in lab.words), *end])
        row = trace.layers[1][JOBS.index(lab.job)][query + 1]
        names = ["a start sign before the first word", *(f"“{each}”" for each in lab.words)]
        names += ["a full stop after the last word"] if end else []
        most = int(row.argmax())
        told = words_of(views(lab)["look-1"]["paragraphs"][0])
        assert told.startswith(f"“{word}” looks most at {names[most]}: {row[most]:.2f} of its weight.")
        for place in {0, len(names) - 1} - {most, *range(1, len(lab.words) + 1)}:
            said = f"{row[place]:.2f} goes to {names[place]}."
            assert (said in told) == (row[place] >= 0.005)
        assert told.count("goes to") == sum(f"goes to {name}." in told for name in names)


def test_words_that_share_the_largest_weight_are_named_together(monkeypatch: pytest.MonkeyPatch) -> None:
    lab = start(text="They are tired", query=0)
    monkeypatch.setattr(Start, "looks", np.array([[0.1, 0.002, 0.401, 0.399, 0.098]] * 3))
    told = words_of(views(lab)["look-1"]["paragraphs"][0])
    assert "at “are” and “tired”: 0.40 of its weight at each. 0.10 goes to a start sign" in told


def test_a_word_that_the_model_never_met_is_named_and_nothing_is_drawn() -> None:
    lab = start(text="The zorp sat on the mat")
    shown = views(lab)["look-0"]
    assert shown["block"] == "Nothing"
    assert "“zorp”" in shown["text"]
    assert views(start(text="Zorp"))["look-0"]["block"] == "Nothing"


@pytest.mark.parametrize("seed", SEEDS)
def test_the_prediction_is_numpys_product_and_each_tempting_answer_is_another(seed: int) -> None:
    lab = start(step="products", seed=seed)
    a, b = lab.factors
    asked = lab.scene().predict
    asked = asked() if callable(asked) else asked
    assert asked is not None
    right = int(sum(x * y for x, y in zip(a[1], b[:, 0], strict=True)))
    assert [asked.options[i] for i in asked.right] == [str(right).replace("-", "−")]
    assert len(set(asked.options)) == len(asked.options) >= 3


def test_what_is_asked_is_not_told_before_it_is_guessed() -> None:
    lab = start(step="products")
    result = views(lab)["look-0"]["results"][0]
    assert result["text"][1][0] == "?"
    assert result["values"][1][0] is None
    lab.apply({"picked": {"matrix": "product", "row": 1, "col": 0}})
    assert views(lab)["check-0"] is None, "the sum would tell it"
    asked: Any = lab.scene().predict
    lab.apply({"guesses": {asked().key: 0}})
    product = lab.factors[0] @ lab.factors[1]
    np.testing.assert_array_equal(views(lab)["look-0"]["results"][0]["values"], product)
    assert views(lab)["check-0"]["body"]["value"] == str(int(product[1, 0])).replace("-", "−")


def test_a_number_that_is_given_comes_from_no_row_times_a_column() -> None:
    lab = start(step="products")
    asked: Any = lab.scene().predict
    lab.apply({"revealed": [asked().key]})
    assert views(lab)["check-0"] is not None
    for matrix in ("a", "b"):
        lab.apply({"picked": {"matrix": matrix, "row": 0, "col": 0}})
        assert lab.message is None
        assert views(lab)["check-0"] is None
    lab.apply({"picked": {"matrix": "product", "row": 0, "col": 0}})
    assert views(lab)["check-0"] is not None


@pytest.mark.parametrize("fresh", SEEDS)
def test_the_questions_have_one_answer_and_no_hint_that_is_right(fresh: int) -> None:
    lab = start(fresh=fresh)
    for question in lab.questions():
        if isinstance(question, Amount):
            assert question.judge(str(question.right)).state == "right"
            assert all(question.judge(str(value)).state == "wrong" for value, _ in question.hints)
        elif isinstance(question, Pick):
            states = [question.judge([r, c]).state for r in range(2) for c in range(2)]
            assert sorted(states) == ["right", "wrong", "wrong", "wrong"]
        else:
            assert isinstance(question, Question)
            assert question.judge(question.right).state == "right"


def test_the_first_answer_is_remembered_whatever_comes_after() -> None:
    lab = start(step="check")
    lab.apply({"answers": {"what": 1}})
    lab.apply({"answers": {"what": 0}})
    assert lab.results == {"what": Result(2, first=False, right=True)}


def test_every_step_is_drawn_whatever_is_set() -> None:
    for step in start().lesson.ids:
        for text in (*EXAMPLES, "it", "word " * 30, "👩🏽‍🚀 <b> constructor"):
            assert views(start(step=step, text=text, query=99, seed=9999))


def test_a_link_brings_the_same_screen() -> None:
    lab = start(step="products", seed=5, text="The dogs are playing", query=2)
    other = start()
    other.apply_link(lab.to_link())
    assert other.choices() == lab.choices()


def test_the_word_with_most_to_say() -> None:
    assert likely(["The", "cat", "is", "here"]) == 2
    assert likely(["Cats", "sleep"]) == 1
