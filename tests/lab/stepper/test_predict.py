"""A prediction is about a fixed case, keeps the guess, and is not given away by the small maps."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tests.lab.helpers import STEPS, computed, make_session, plain, views


def key_of(**changes: Any) -> str:
    return str(views(make_session(**changes))["predict"]["key"])


def test_the_question_does_not_move_with_mask_scale_head_query_or_step() -> None:
    asked = {
        (shown["key"], plain(shown["question"]), tuple(shown["options"]))
        for changes in (
            {},
            {"mask": "padding"},
            {"mask": "by-hand", "blocked": [[2, i] for i in range(6)]},
            {"scale": 2.0},
            {"head": 1},
            {"query": 5},
            {"step": "weights"},
            {"seed": 9},
        )
        for shown in [views(make_session(**changes))["predict"]]
    }
    assert len(asked) == 1
    assert "Head 1, no mask: which token gets the most weight from sat?" in asked.pop()


def test_another_sentence_seed_or_size_asks_anew() -> None:
    keys = {
        key_of(),
        key_of(text="The dog sat on the mat"),
        key_of(embedding="random"),
        key_of(embedding="random", seed=9),
        key_of(d_model=8),
        key_of(n_heads=1),
    }
    assert len(keys) == 6


@pytest.mark.parametrize("embedding", ["hand-built", "random"])
def test_the_answer_is_the_largest_weight_of_the_fixed_case(embedding: str) -> None:
    plain_case = make_session(embedding=embedding)
    row = computed(plain_case)["weights"][2]
    shown = views(make_session(embedding=embedding, step="weights", mask="causal", scale=0.1, head=1))[
        "predict"
    ]
    assert shown["answer"]["label"].split(" and ")[0] == plain_case.tokens.texts[int(np.argmax(row))]
    assert float(shown["answer"]["value"]) == pytest.approx(row.max(), abs=0.005)


@pytest.mark.parametrize("text", ["The cat sat on the mat", "cat cat sat", "a b", "The zebra sat, on 猫"])
def test_the_right_options_are_those_of_the_largest_weight_and_each_has_its_own(text: str) -> None:
    row = computed(make_session(text=text, head=0))["weights"][min(2, len(text.split()) - 1)]
    for option in range(len(row)):
        key = key_of(text=text)
        yours = views(make_session(text=text, step="weights", guesses={key: option}))["predict"]["yours"]
        assert yours["right"] == bool(row[option] > row.max() - 1e-9)
        assert float(yours["value"]) == pytest.approx(row[option], abs=0.005)


@pytest.mark.parametrize("step", STEPS)
def test_a_guess_is_kept_and_answered_from_softmax_on(step: str) -> None:
    shown = views(make_session(step=step, guesses={key_of(): 5}))["predict"]
    by_step = step in ("weights", "head_outputs")
    assert (shown["guess"], shown["open"], shown["can_hide"]) == (5, by_step, False)
    assert (shown["yours"] or {}).get("label") == ("mat" if by_step else None)
    assert (shown["answer"] is None) == (not by_step)


def test_a_prediction_can_be_skipped_and_hidden_again() -> None:
    shown = views(make_session(revealed=[key_of()]))["predict"]
    assert (shown["open"], shown["can_hide"], shown["yours"]) == (True, True, None)
    assert shown["answer"] is not None
    later = views(make_session(revealed=[key_of()], step="weights"))["predict"]
    assert not later["can_hide"], "from softmax on the answer is on the screen anyway"


def test_a_guess_past_the_end_of_the_sentence_counts_as_none() -> None:
    assert views(make_session(text="a b", guesses={key_of(text="a b"): 9}))["predict"]["guess"] is None


def test_one_token_leaves_nothing_to_predict() -> None:
    shown = views(make_session(text="hello"))
    assert shown["predict"] is None
    assert not shown["heads"]["veiled"]


def test_two_tokens_are_asked_about_the_last() -> None:
    assert "from there?" in plain(views(make_session(text="hello there"))["predict"]["question"])


@pytest.mark.parametrize(
    ("changes", "veiled"),
    [
        ({}, True),
        ({"guesses": {key_of(): 0}}, False),
        ({"revealed": [key_of()]}, False),
        ({"step": "weights"}, False),
        ({"step": "head_outputs"}, False),
        ({"guesses": {"another": 0}}, True),
    ],
)
def test_the_small_maps_are_veiled_while_they_would_answer(changes: dict[str, Any], veiled: bool) -> None:
    heads = views(make_session(**changes))["heads"]
    assert heads["veiled"] == veiled
    assert all(("hidden" in head["caption"]) == veiled for head in heads["maps"])


def test_the_small_maps_are_the_weights_of_every_head_with_masked_cells_left_out() -> None:
    for head in range(2):
        session = make_session(step="weights", mask="causal", head=head)
        heads = views(session)["heads"]["maps"]
        assert [each["current"] for each in heads] == [head == 0, head == 1]
        small = np.array(heads[head]["values"], dtype=float)
        expected = computed(session)["weights"]
        allowed = np.tril(np.ones((6, 6), dtype=bool))
        np.testing.assert_allclose(small[allowed], expected[allowed], rtol=0, atol=0.0005)
        assert np.isnan(small[~allowed]).all()
        row = expected[2]
        assert f"is {row.max():.2f}, on {session.tokens.texts[int(row.argmax())]}" in heads[head]["caption"]


def test_tokens_that_share_the_largest_weight_are_named_once_and_counted() -> None:
    row = computed(make_session(text="cat cat sat"))["weights"][2]
    assert row[0] == pytest.approx(row[1], abs=1e-12)
    answer = views(make_session(text="cat cat sat", step="weights"))["predict"]["answer"]
    assert answer == {"label": "cat: 2 tokens,", "value": f"{row[0]:.2f} each"}
