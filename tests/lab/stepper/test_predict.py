"""Predictions are asked where they can be answered, answered where it is computed, never given away."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tests.lab.helpers import STEPS, computed, make_session, plain, views

ASKED_AT = {
    "embeddings": "alone",
    **dict.fromkeys(("qkv", "raw_scores", "scaled_scores"), "best_score"),
    **dict.fromkeys(("masked_scores", "weights", "head_outputs"), "most_weight"),
}
ANSWERED_AT = ("raw_scores", "scaled_scores", "weights", "head_outputs")


def shown_at(step: str, **changes: Any) -> dict[str, Any]:
    shown = views(make_session(step=step, **changes))["predict"]
    assert isinstance(shown, dict)
    return shown


def key_of(kind: str = "most_weight", **changes: Any) -> str:
    return str(shown_at("qkv" if kind == "best_score" else "masked_scores", **changes)["key"])


@pytest.mark.parametrize("step", STEPS)
def test_each_question_is_asked_where_it_can_be_worked_out_and_answered_where_it_is_computed(
    step: str,
) -> None:
    shown = views(make_session(step=step))["predict"]
    assert shown["key"].startswith(ASKED_AT[step])
    assert shown["open"] == (step in ANSWERED_AT)
    assert (shown["answer"] is None) == (not shown["open"])


@pytest.mark.parametrize("step", ["qkv", "masked_scores"])
def test_the_question_does_not_move_with_mask_scale_head_or_query(step: str) -> None:
    asked = {
        (shown["key"], plain(shown["question"]), tuple(shown["options"]))
        for changes in (
            {},
            {"mask": "padding"},
            {"mask": "by-hand", "blocked": [[2, i] for i in range(6)]},
            {"scale": 2.0},
            {"head": 1},
            {"query": 5},
            {"seed": 9},
        )
        for shown in [shown_at(step, **changes)]
    }
    assert len(asked) == 1


def test_the_questions_say_what_they_are_about() -> None:
    assert plain(shown_at("qkv")["question"]) == (
        "Head 1: each query meets each key. Which key gives sat its largest score?"
    )
    assert plain(shown_at("masked_scores")["question"]) == (
        "Head 1, causal mask, scale 1/√dk: which token gets the most weight from sat?"
    )


@pytest.mark.parametrize("kind", ["best_score", "most_weight"])
def test_another_sentence_seed_or_size_asks_anew(kind: str) -> None:
    keys = {
        key_of(kind),
        key_of(kind, text="The dog sat on the mat"),
        key_of(kind, embedding="random"),
        key_of(kind, embedding="random", seed=9),
        key_of(kind, d_model=8),
        key_of(kind, n_heads=1),
    }
    assert len(keys) == 6


@pytest.mark.parametrize("embedding", ["hand-built", "random"])
@pytest.mark.parametrize(("kind", "step"), [("best_score", "raw_scores"), ("most_weight", "weights")])
def test_the_answer_is_the_largest_number_of_the_fixed_case(embedding: str, kind: str, step: str) -> None:
    case = make_session(embedding=embedding, mask="causal")
    row = computed(case)["raw_scores" if kind == "best_score" else "weights"][2]
    shown = shown_at(step, embedding=embedding, mask="none", scale=0.1, head=1)
    assert shown["answer"]["label"].split(" and ")[0] == case.tokens.texts[int(np.argmax(row))]
    assert float(shown["answer"]["value"]) == pytest.approx(row.max(), abs=0.005)


@pytest.mark.parametrize("text", ["The cat sat on the mat", "cat cat sat", "The zebra sat, on 猫"])
@pytest.mark.parametrize(("kind", "step"), [("best_score", "raw_scores"), ("most_weight", "weights")])
def test_the_right_options_are_those_of_the_largest_number_and_each_guess_gets_its_own_and_why(
    text: str, kind: str, step: str
) -> None:
    matrices = computed(make_session(text=text, mask="causal"))
    row = matrices["raw_scores" if kind == "best_score" else "weights"][2]
    for option in range(len(row)):
        yours = shown_at(step, text=text, guesses={key_of(kind, text=text): option})["yours"]
        assert yours["right"] == bool(row[option] > row.max() - 1e-9)
        number = float(yours["value"].replace("−", "-"))
        assert number == pytest.approx(row[option], abs=0.005)
        if kind == "most_weight" and option > 2:
            assert "comes after" in plain(yours["why"])
        else:
            score = matrices["raw_scores" if kind == "best_score" else "scaled_scores"][2, option]
            assert any(
                abs(float(word.strip(".,;").replace("−", "-")) - score) < 5e-5
                for word in plain(yours["why"]).split()
                if word.strip(".,;").replace("−", "").replace(".", "").isdigit()
            ), plain(yours["why"])


def test_a_guess_is_kept_until_the_answer_is_computed_and_answered_ever_after() -> None:
    lab = make_session(step="masked_scores")
    lab.apply({"guesses": {key_of(): 5}})
    shown = views(lab)["predict"]
    assert (shown["guess"], shown["open"], shown["yours"], shown["answer"]) == (5, False, None, None)
    lab.apply({"step": "weights"})
    shown = views(lab)["predict"]
    assert (shown["open"], shown["can_hide"]) == (True, False)
    assert (shown["yours"]["label"], shown["yours"]["right"]) == ("mat", False)
    assert shown["answer"] == {"label": "cat", "value": "0.98"}
    lab.apply({"step": "masked_scores"})
    assert views(lab)["predict"]["yours"]["label"] == "mat", "it has been answered already"


def test_a_prediction_can_be_skipped_and_hidden_again() -> None:
    shown = shown_at("masked_scores", revealed=[key_of()])
    assert (shown["open"], shown["can_hide"], shown["yours"]) == (True, True, None)
    assert shown["answer"] is not None
    later = shown_at("weights", revealed=[key_of()])
    assert not later["can_hide"], "from softmax on the answer is on the screen anyway"


def test_a_guess_past_the_end_of_the_sentence_counts_as_none() -> None:
    key = key_of(text="cat sat")
    assert shown_at("masked_scores", text="cat sat", guesses={key: 9})["guess"] is None


def test_one_token_leaves_nothing_to_predict() -> None:
    assert all(views(make_session(text="hello", step=step))["predict"] is None for step in STEPS)


def test_where_every_answer_is_right_nothing_is_asked() -> None:
    assert views(make_session(text="cat cat cat", step="qkv"))["predict"] is None


def test_two_tokens_are_asked_about_the_last() -> None:
    assert "from there?" in plain(shown_at("masked_scores", text="hello there")["question"])


@pytest.mark.parametrize(
    ("step", "changes", "veiled"),
    [
        ("embeddings", {}, True),
        ("masked_scores", {}, True),
        ("masked_scores", {"guesses": {key_of(): 0}}, True),  # kept, and not yet computed
        ("masked_scores", {"revealed": [key_of()]}, False),
        ("weights", {}, False),
        ("head_outputs", {}, False),
        ("masked_scores", {"guesses": {"another": 0}}, True),
    ],
)
def test_the_small_maps_are_veiled_while_they_would_answer(
    step: str, changes: dict[str, Any], veiled: bool
) -> None:
    heads = views(make_session(step=step, **changes))["heads"]
    assert heads["veiled"] == veiled
    assert all(("hidden" in head["caption"]) == veiled for head in heads["maps"])
    assert ("softmax step" in heads["note"]) == veiled


def test_once_a_guess_has_been_answered_the_small_maps_are_shown_at_every_step() -> None:
    lab = make_session(step="masked_scores", guesses={key_of(): 1})
    for step in ("weights", "embeddings"):
        lab.apply({"step": step})
        assert not views(lab)["heads"]["veiled"], step
    lab.apply({"text": "A dog sat"})
    assert views(lab)["heads"]["veiled"], "another sentence asks anew"


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


def test_the_captions_of_the_small_maps_name_the_tokens_that_share_the_largest_weight() -> None:
    for head in views(make_session(step="weights", scale=0))["heads"]["maps"]:
        assert head["caption"].endswith("the largest weight of sat is 0.17, on The, cat, sat and 3 more.")


def test_tokens_that_share_the_largest_weight_are_named_once_and_counted() -> None:
    row = computed(make_session(text="cat cat sat", mask="causal"))["weights"][2]
    assert row[0] == pytest.approx(row[1], abs=1e-12)
    answer = shown_at("weights", text="cat cat sat")["answer"]
    assert answer == {"label": "cat: 2 tokens,", "value": f"{row[0]:.2f} each"}


def test_at_the_start_the_row_of_a_word_knows_of_no_other_and_a_guess_is_answered_at_once() -> None:
    key = key_of_alone()
    for option, right in ((0, True), (1, False), (2, False)):
        shown = shown_at("embeddings", guesses={key: option})
        assert (shown["open"], shown["yours"]["right"]) == (True, right)
        assert "0 1 2 0" in plain(shown["yours"]["why"])
    rows = {
        tuple(lab.embedded.x[place])
        for text, place in (("The cat sat on the mat", 2), ("sat", 0), ("A dog sat", 2), ("sat sat zorb", 1))
        for lab in [make_session(text=text)]
    }
    assert rows == {(0, 1, 2, 0)}, "the same row in every sentence, at every place"


def key_of_alone() -> str:
    return str(shown_at("embeddings")["key"])
