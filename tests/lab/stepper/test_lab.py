"""The stepper takes changes together, refuses what cannot be, and keeps what it holds consistent."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given

from attention import FullyMaskedRowError, MultiHeadTrace
from attention_lab.labs.stepper.lab import Stepper
from tests.lab.helpers import LONG, STRANGE, computed, make_session
from tests.lab.stepper.test_link import CHANGES
from tests.lab.stepper.test_settings import WRONG, WRONG_IDS


def state(session: Stepper) -> dict[str, Any]:
    return session.choices()


def said(session: Stepper) -> str:
    assert session.message is not None
    return str(session.message["text"])


# Changing it


@pytest.mark.parametrize(("name", "value"), WRONG, ids=WRONG_IDS)
def test_refused_input_changes_nothing_but_the_message(name: str, value: Any) -> None:
    session = make_session(mask="causal", scale=1.5, query=4)
    before = state(session)
    session.apply({name: value})
    assert state(session) == before
    assert session.message is not None
    assert session.message["kind"] == "error"


@pytest.mark.parametrize("text", ["", "   ", "\n\t", "\u200b\u200b", "\x00"])
def test_a_sentence_without_a_word_is_refused_and_the_one_before_stays(text: str) -> None:
    session = make_session()
    session.apply({"text": text})
    assert session.text == "The cat sat on the mat"
    assert "no word" in said(session)


def test_a_change_is_announced_once_however_many_settings_it_touches() -> None:
    session, calls = make_session(), []
    names = list(session.choices())
    session.param.watch(lambda *events: calls.append({event.name for event in events}), names)
    session.apply({"text": "one two", "mask": "causal", "step": "weights"})
    assert len(calls) == 1
    assert calls[0] == {"text", "mask", "step", "query"}


def test_no_change_changes_nothing() -> None:
    session = make_session(seed=-1)
    session.apply({})
    assert "seed" in said(session)


def test_a_refused_change_does_not_hold_up_the_others() -> None:
    session = make_session()
    session.apply({"seed": -1, "step": "weights", "text": " "})
    assert session.step == "weights"
    assert "seed" in said(session), "the first refusal is the one that is told"


def test_an_unknown_setting_is_refused() -> None:
    session = make_session()
    session.apply({"password": "x"})
    assert "no setting" in said(session)


def test_a_step_that_is_not_there_is_refused() -> None:
    session = make_session()
    session.apply({"step": "nowhere"})
    assert "raw_scores" in said(session)


def test_sixty_words_are_cut_to_the_first_thirty_two_and_counted() -> None:
    session = make_session(text=" ".join(f"word{i}" for i in range(60)))
    assert len(session.tokens) == 32
    assert session.text.endswith("word31")
    assert "28 words and signs" in said(session)
    assert session.message is not None
    assert session.message["kind"] == "note"


def test_one_word_too_many_is_counted_as_one() -> None:
    assert "1 word or sign was left out" in said(make_session(text=LONG + " more"))


def test_a_sentence_is_cut_as_it_was_typed() -> None:
    session = make_session(text="Well,   don't  stop!  " + "la " * 40)
    assert session.text.startswith("Well,   don't  stop!  la la")


def test_text_without_end_is_cut_and_said_so() -> None:
    session = make_session(text="ab " * 100_000)
    assert len(session.tokens) == 32
    assert "the last 299,904 characters were left out" in said(session)
    many_letters = make_session(text="a" * 600 + " " + "b" * 600 + " c")
    assert "1000 characters" in said(many_letters)


@pytest.mark.parametrize("text", STRANGE)
def test_any_script_gives_a_trace(text: str) -> None:
    session = make_session(text=text, mask="causal")
    assert isinstance(session.trace, MultiHeadTrace)
    assert 1 <= len(session.tokens) <= 32


def test_the_message_about_the_sentence_stays_until_the_sentence_changes() -> None:
    session = make_session(text=" ")
    session.apply({"step": "weights"})
    session.apply({"hover": {"matrix": "weights", "row": 0, "col": 0}})
    assert "no word" in said(session)
    session.apply({"text": "The cat sat on the mat"})
    assert session.message is None


def test_any_other_message_goes_with_the_next_change() -> None:
    session = make_session(seed=-1)
    session.apply({"hover": {"matrix": "x", "row": 0, "col": 0}})
    assert session.message is not None
    session.apply({"step": "weights"})
    assert session.message is None


# What fits together


def test_a_shorter_sentence_brings_query_key_and_blocked_cells_back_into_range() -> None:
    session = make_session(query=5, key=4, mask="by-hand", blocked=[[0, 1], [5, 5]])
    session.apply({"text": "two words"})
    assert (session.query, session.key, session.blocked) == (1, 1, [[0, 1]])


def test_fewer_columns_bring_the_feature_and_the_picked_cell_back_into_range() -> None:
    session = make_session(step="qkv", d_model=8, n_heads=1, picked={"matrix": "q", "row": 1, "col": 7})
    assert session.feature == 7
    session.apply({"d_model": 4})
    assert (session.feature, session.picked) == (3, None)


def test_heads_that_do_not_divide_are_refused_and_the_choices_named() -> None:
    session = make_session()
    session.apply({"n_heads": 3})
    assert session.n_heads == 2
    assert "3 heads do not divide d_model 4: choose 1, 2 or 4" in said(session)


def test_another_width_takes_the_nearest_number_of_heads_and_says_so() -> None:
    session = make_session(d_model=16, n_heads=8, head=7)
    session.apply({"d_model": 12})
    assert (session.n_heads, session.head) == (6, 5)
    assert session.message == {
        "kind": "note",
        "text": "The number of heads must divide d_model 12, so it is 6 now.",
    }


def test_width_and_heads_may_come_together_in_either_order() -> None:
    for changes in ({"n_heads": 3, "d_model": 6}, {"d_model": 6, "n_heads": 3}):
        session = make_session(**changes)
        assert (session.d_model, session.n_heads, session.message) == (6, 3, None)


def test_a_scale_within_half_a_slider_step_of_the_usual_one_is_the_usual_one() -> None:
    assert make_session(scale=0.71).scale is None
    assert make_session(scale=0.7).scale == 0.7
    assert make_session(scale=1, d_model=2, n_heads=2).scale is None


@pytest.mark.parametrize(
    ("mask", "blocked"),
    [
        ("none", []),
        ("causal", [[0, 1], [0, 2], [1, 2]]),
        ("padding", []),
    ],
)
def test_a_mask_by_hand_starts_from_the_mask_in_force(mask: str, blocked: list[list[int]]) -> None:
    session = make_session(text="a b c", mask=mask)
    session.apply({"mask": "by-hand"})
    assert session.blocked == blocked
    session.apply({"blocked": [[2, 0]]})
    session.apply({"mask": "by-hand", "step": "weights"})
    assert session.blocked == [[2, 0]], "chosen again, it stays as it is"


def test_padding_adds_tokens_only_while_it_is_masked_and_where_there_is_room() -> None:
    session = make_session(mask="padding", n_pad=3)
    assert session.tokens.texts[-3:] == ("PAD", "PAD", "PAD")
    assert not np.any(session.mask_array[:, -3:])
    session.apply({"text": " ".join(LONG.split()[:30])})
    assert len(session.tokens) == 32
    session.apply({"text": LONG})
    assert len(session.tokens) == 32
    session.apply({"mask": "none"})
    assert session.tokens.n_pad == 0


@pytest.mark.parametrize(
    ("cell", "query", "key", "feature"),
    [
        (("weights", 4, 3), 4, 3, 0),
        (("x", 5, 3), 5, 1, 3),
        (("q", 3, 1), 3, 1, 1),
        (("k", 3, 1), 2, 3, 1),
        (("k_t", 1, 5), 2, 5, 1),
        (("v", 0, 1), 2, 0, 1),
        (("w_k", 3, 1), 2, 1, 1),
        (("table", 4, 2), 2, 1, 2),
        (("head_outputs", 0, 1), 0, 1, 1),
    ],
)
def test_picking_a_cell_picks_query_key_and_column_by_its_axes(
    cell: tuple[str, int, int], query: int, key: int, feature: int
) -> None:
    matrix, row, col = cell
    session = make_session(picked={"matrix": matrix, "row": row, "col": col})
    assert (session.query, session.key, session.feature) == (query, key, feature)
    assert session.picked == {"matrix": matrix, "row": row, "col": col}


@pytest.mark.parametrize(
    "cell", [("weights", 6, 0), ("table", 5, 0), ("q", 0, 2), ("w_q", 4, 0), ("k_t", 2, 0)]
)
def test_a_cell_outside_its_matrix_is_let_go(cell: tuple[str, int, int]) -> None:
    session = make_session(picked=dict(zip(("matrix", "row", "col"), cell, strict=True)))
    assert session.picked is None
    assert (session.query, session.key, session.feature) == (2, 1, 0)


def test_a_chip_moves_a_picked_cell_along_its_column_or_lets_it_go() -> None:
    session = make_session(picked={"matrix": "weights", "row": 4, "col": 3})
    session.apply({"query": 1})
    assert session.picked == {"matrix": "weights", "row": 1, "col": 3}
    session.apply({"picked": {"matrix": "k", "row": 4, "col": 1}})
    session.apply({"query": 0})
    assert session.picked is None


def test_another_step_or_sentence_lets_go_of_picked_and_hovered_cells() -> None:
    cell = {"matrix": "weights", "row": 0, "col": 1}
    for change in ({"step": "qkv"}, {"text": "a b c"}):
        session = make_session(picked=cell, hover=cell)
        session.apply(change)
        assert (session.picked, session.hover) == (None, None)


def test_a_cell_picked_after_the_step_in_one_set_of_changes_is_kept() -> None:
    cell = {"matrix": "weights", "row": 0, "col": 1}
    assert make_session(step="weights", picked=cell).picked == cell
    assert make_session(picked=cell, step="weights").picked is None


@given(CHANGES, CHANGES)
def test_whatever_comes_the_state_stays_consistent(
    first: dict[str, object], second: dict[str, object]
) -> None:
    session = make_session(**first)
    session.apply(second)
    n = len(session.tokens)
    assert session.d_model % session.n_heads == 0
    assert session.head < session.n_heads
    assert max(session.query, session.key) < n <= 32
    assert session.feature < session.d_model
    assert all(max(cell) < n for cell in session.blocked)
    again = session.choices()
    session.apply(again)
    assert session.choices() == again, "applying a state to itself changes nothing"


# What follows from it


@given(CHANGES)
def test_the_trace_is_the_computation(changes: dict[str, object]) -> None:
    session = make_session(**changes)
    trace, expected = session.trace, computed(session)
    parts = trace.partial if isinstance(trace, FullyMaskedRowError) else trace.attention
    np.testing.assert_allclose(
        parts.masked_scores[session.head], expected["masked_scores"], rtol=0, atol=1e-12
    )
    if isinstance(trace, FullyMaskedRowError):
        assert np.isneginf(expected["masked_scores"]).all(axis=1).any()
    else:
        np.testing.assert_allclose(parts.weights[session.head], expected["weights"], rtol=0, atol=1e-12)
        np.testing.assert_allclose(
            parts.head_outputs[session.head], expected["head_outputs"], rtol=0, atol=1e-12
        )


def test_what_follows_is_kept_until_something_it_depends_on_changes() -> None:
    session = make_session()
    trace = session.trace
    session.apply({"query": 0, "step": "weights", "head": 1, "seed": 8, "blocked": [[1, 1]]})
    assert session.trace is trace, "none of these enters the computation"
    session.apply({"scale": 0.3})
    assert session.trace is not trace


def test_predictions_are_about_a_causal_mask_and_the_usual_scale() -> None:
    causal = make_session(mask="causal").trace
    assert isinstance(causal, MultiHeadTrace)
    changed = make_session(mask="padding", scale=2.0)
    np.testing.assert_array_equal(changed.asked_trace.attention.weights, causal.attention.weights)
    by_hand = make_session(mask="by-hand", blocked=[[2, i] for i in range(6)])
    assert isinstance(by_hand.trace, FullyMaskedRowError)
    np.testing.assert_array_equal(by_hand.asked_trace.attention.weights, causal.attention.weights)


def test_the_steps_seen_are_remembered() -> None:
    session = make_session()
    session.apply({"step": "weights"})
    session.apply({"step": "embeddings"})
    assert session.seen == ["embeddings", "weights"]
