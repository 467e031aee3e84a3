"""The masks lab: each number again, in plain NumPy."""

from __future__ import annotations

import itertools
import json
from typing import Any

import numpy as np
import pytest

from attention import FullyMaskedRowError, hand_built_embedding, hand_built_projections, tokenize
from attention_lab.kit import frame
from attention_lab.kit.blocks import Amount, Choice, Pick
from attention_lab.kit.predict import predict
from attention_lab.kit.scene import Scene, made
from attention_lab.labs.masks.lab import LOUD, Masks
from tests.lab.helpers import blocks_of, plain

STRANGE = (
    "hello",
    "the the the the",
    "👩🏽‍🚀 القطة <b> naïve " + "long" * 30,
    " ".join(f"w{i}" for i in range(30)),
)


def lab_with(**changes: Any) -> Masks:
    lab = Masks()
    lab.apply(changes)
    return lab


def scores_of(text: str) -> np.ndarray[Any, Any]:
    x = hand_built_embedding(tokenize(text), 4).x
    w = hand_built_projections(4, 1)
    return (x @ w.w_q) @ (x @ w.w_k).T / 2


def by_hand(scores: np.ndarray[Any, Any], allowed: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    powers = np.exp(scores) * allowed
    shares: np.ndarray[Any, Any] = powers / powers.sum(axis=-1, keepdims=True)
    return shares


def drawn(lab: Masks) -> list[Any]:
    """Everything that the step puts on the screen, through JSON."""
    scene = lab.scene()
    if not isinstance(scene, Scene):
        return [json.loads(json.dumps(scene.view(), allow_nan=False))]
    views = [block.view() for block in blocks_of(lab)]
    around = [frame.lesson(lab, scene), frame.controls(lab, scene), frame.sentence(lab, scene)]
    shown = [*views, *around, predict(lab, made(scene.predict))]
    return list(json.loads(json.dumps(shown, allow_nan=False)))


def panel(lab: Masks, name: str) -> dict[str, Any]:
    grids = next(view for view in drawn(lab) if view and view.get("block") == "Grids")
    return next(dict(each["matrix"]) for each in grids["panels"] if each["matrix"]["id"] == name)


def shown(lab: Masks, name: str) -> np.ndarray[Any, Any]:
    return np.array(panel(lab, name)["values"], dtype=float)


@pytest.mark.parametrize("text", STRANGE)
@pytest.mark.parametrize("step", Masks().lesson.ids)
def test_every_step_draws_any_sentence(step: str, text: str) -> None:
    lab = lab_with(text=text)
    lab.apply({"step": step})
    assert drawn(lab)


@pytest.mark.parametrize(
    "changes",
    [
        {"step": "draw", "kind": "prefix", "prefix": 0},
        {"step": "draw", "kind": "window", "window": 12},
        {"step": "draw", "blocked": [[1, c] for c in range(6)]},
        {"step": "leak", "order": "before", "loud": 800},
        {"step": "leak", "order": "after", "loud": 800},
        {"step": "leak", "order": "renormalised", "loud": 800},
        {"step": "leak", "order": "zero", "loud": 800},
        {"step": "empty", "power": 2, "no_key": False},
        {"step": "empty", "power": 20},
        {"step": "batch", "other": "Stop", "padding": True},
        {"step": "booleans", "given": "upper"},
    ],
)  # fmt: skip
def test_the_ends_of_settings_are_drawn_and_come_back_from_a_link(
    changes: dict[str, Any],
) -> None:
    lab, again = lab_with(**changes), Masks()
    again.apply_link(lab.to_link())
    assert drawn(again) == drawn(lab)
    assert again.choices() == lab.choices()


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({}, lambda i, j: True),
        ({"kind": "causal"}, lambda i, j: j <= i),
        ({"kind": "window", "window": 2}, lambda i, j: 0 <= i - j < 2),
        ({"kind": "prefix", "prefix": 3}, lambda i, j: j <= i or j < 3),
    ],
)
def test_a_mask_with_a_name_allows_what_its_rule_says(changes: dict[str, Any], rule: Any) -> None:
    lab = lab_with(**changes)
    allowed = np.array([[rule(i, j) for j in range(6)] for i in range(6)])
    np.testing.assert_array_equal(np.array(panel(lab, "mask")["text"]) == "0", allowed)
    np.testing.assert_allclose(shown(lab, "weights"), by_hand(scores_of(lab.text), allowed))
    assert made(lab.draw().numbers) == {"allowed": allowed.sum(), "pairs": 36}


@pytest.mark.parametrize("text", ["Stop", "A bird", "The cat sat on the mat"])
def test_what_is_said_of_a_mask_is_so_at_the_ends_of_its_slider(text: str) -> None:
    holds = {
        "Every word sees every word": lambda i, j: True,
        "A word sees itself and what came before": lambda i, j: j <= i,
        "A word sees itself only": lambda i, j: i == j,
    }
    for size, kind in itertools.product(range(13), ("window", "prefix")):
        if size or kind == "prefix":
            lab = lab_with(step="draw", text=text, kind=kind, **{kind: size})
            said = str(made(lab.scene().controls)[0].items[-1]["text"][0])
            n, allowed = len(lab.tokens), lab.by_library
            rule = next((rule for begins, rule in holds.items() if said.startswith(begins)), None)
            between = 1 < size < n if kind == "window" else 0 < size < n
            assert (rule is None) is between, (size, kind, said)
            if rule is not None:
                assert np.array_equal(allowed, [[rule(i, j) for j in range(n)] for i in range(n)])
            elif kind == "window":
                assert f"at most {(allowed.sum(axis=1) - 1).max()} before" in said


def test_a_slider_of_the_mask_ends_with_the_sentence() -> None:
    for kind in ("window", "prefix"):
        scene = lab_with(step="draw", text="A bird sang", kind=kind, **{kind: 12}).scene()
        slider = made(scene.controls)[0].items[1]
        assert (slider["name"], slider["max"], slider["shown"]) == (kind, 3, "3")


def test_a_click_draws_on_from_the_mask_that_is_there() -> None:
    lab = lab_with(kind="causal")
    lab.apply({"blocked": [*lab.blocked, [2, 1]]})
    allowed = np.tri(6, dtype=bool)
    allowed[2, 1] = False
    assert lab.kind == "by-hand"
    np.testing.assert_allclose(shown(lab, "weights"), by_hand(scores_of(lab.text), allowed))


def test_a_row_that_was_emptied_by_hand_is_named_and_nothing_is_computed() -> None:
    lab = lab_with(blocked=[[1, c] for c in range(6)])
    legend = next(view for view in drawn(lab) if view and view.get("block") == "Legend")
    assert isinstance(lab.drawn, FullyMaskedRowError)
    assert legend["alert"]["title"] == "No key left for “cat”."
    assert np.isnan(shown(lab, "weights")).all()


def test_another_sentence_lets_go_of_a_mask_by_hand() -> None:
    lab = lab_with(blocked=[[0, 1]])
    lab.apply({"text": "A bird sang"})
    assert (lab.kind, lab.blocked) == ("bidirectional", [])


def test_bert_and_gpt_differ_in_the_mask_alone() -> None:
    lab = lab_with(step="pair")
    assert np.isnan(shown(lab, "gpt")).all()
    asked = made(lab.pair().predict)
    assert asked is not None
    assert [asked.options[i] for i in asked.right] == ["Only the last, “mat”"]
    lab.apply({"guesses": {asked.key: 0}})
    scores = scores_of(lab.text)
    np.testing.assert_allclose(shown(lab, "bert"), by_hand(scores, np.ones((6, 6))))
    np.testing.assert_allclose(shown(lab, "gpt"), by_hand(scores, np.tri(6)))
    np.testing.assert_allclose(shown(lab, "gpt")[-1], shown(lab, "bert")[-1])
    assert np.abs(shown(lab, "gpt")[:-1] - shown(lab, "bert")[:-1]).max(axis=-1).min() > 0.01


def test_padding_takes_weight_until_it_is_masked() -> None:
    lab = lab_with(step="batch")
    asked = made(lab.batch().predict)
    assert asked is not None
    assert asked.right == [1]
    lab.apply({"revealed": [asked.key]})
    padded = np.zeros((6, 6))
    padded[:3, :3] = scores_of("The dog ran")
    loose = by_hand(padded, np.ones((6, 6)))
    np.testing.assert_allclose(shown(lab, "second"), loose)
    assert asked.answer == ("“The” gives PAD", f"{loose[0, 3:].sum():.2f}")
    assert loose[:3, 3:].sum(axis=-1).min() > 0.1
    lab.apply({"padding": True})
    np.testing.assert_allclose(shown(lab, "second"), by_hand(padded, np.arange(6) < 3))
    np.testing.assert_allclose(shown(lab, "first"), by_hand(scores_of(lab.text), np.ones((6, 6))))


def test_a_mask_before_softmax_keeps_the_future_out_however_loud_it_is() -> None:
    for loud in LOUD:
        lab = lab_with(step="leak", loud=loud)
        assert not shown(lab, "apart")[:-1].any()
        np.testing.assert_allclose(shown(lab, "leak")[:, -1], 1)


def test_a_mask_after_softmax_takes_the_share_of_the_future_from_each_row() -> None:
    lab = lab_with(step="leak", order="after", loud=2)
    scores = scores_of(lab.text)
    scores[:, -1] += 2
    unmasked = by_hand(scores, np.ones((6, 6)))
    np.testing.assert_allclose(shown(lab, "leak")[:, :-1], unmasked * np.tri(6))
    np.testing.assert_allclose(shown(lab, "leak")[:, -1], 1 - (unmasked * (1 - np.tri(6))).sum(axis=-1))
    assert shown(lab, "apart")[2, 1] < -0.2


@pytest.mark.parametrize("loud", LOUD)
def test_struck_out_after_softmax_each_row_but_the_last_lacks_the_share_of_the_future(loud: int) -> None:
    lab = lab_with(step="leak", order="after", loud=loud)
    sums = lab.leaked[0].sum(axis=-1)
    assert sums[:-1].max() < 1
    assert sums[-1] == pytest.approx(1)
    assert "missing from each row but the last." in json.dumps(lab._leak_in_words())


def test_rescaling_after_softmax_is_the_same_until_the_future_takes_everything() -> None:
    asked = made(lab_with(step="leak").leak().predict)
    assert asked is not None
    assert asked.right == [1]
    for loud in LOUD[:-1]:
        late, early = (
            shown(lab_with(step="leak", order=order, loud=loud), "leak")
            for order in ("renormalised", "before")
        )
        np.testing.assert_allclose(late, early, atol=1e-12)
    lost = lab_with(step="leak", order="renormalised", loud=800)
    assert np.isnan(shown(lost, "leak")[:-1, 0]).all()
    assert panel(lost, "leak")["text"][0][0] == "nan"


def test_a_score_of_zero_lets_the_future_through() -> None:
    lab = lab_with(step="leak", order="zero")
    expected = by_hand(scores_of(lab.text) * np.tri(6), np.ones((6, 6)))
    np.testing.assert_allclose(shown(lab, "leak")[:, :-1], expected)
    assert expected[0, 1:].sum() > 0.5


def ways(**changes: Any) -> np.ndarray[Any, Any]:
    lab = lab_with(step="empty", **changes)
    asked = made(lab.empty().predict)
    assert asked is not None
    lab.apply({"revealed": [asked.key]})
    return shown(lab, "ways")


def test_a_row_without_keys_is_uniform_or_unmasked_or_nan_by_how_it_was_blocked() -> None:
    plain, replaced, single, double, infinite = ways()
    np.testing.assert_allclose(plain, by_hand(scores_of("The cat sat on the mat"), np.ones((6, 6)))[2])
    np.testing.assert_allclose(replaced, 1 / 6)
    np.testing.assert_allclose(single, 1 / 6)
    np.testing.assert_allclose(double, plain, atol=1e-6)
    assert np.isnan(infinite).all()
    assert np.ptp(plain) > 0.4


def test_what_an_added_number_leaves_depends_on_its_size_and_the_precision() -> None:
    plain, _, single, double, _ = ways(power=3)
    np.testing.assert_allclose(single, plain, atol=1e-4)
    np.testing.assert_allclose(double, plain, atol=1e-10)
    np.testing.assert_allclose(ways(power=20)[3], 1 / 6)


@pytest.mark.parametrize("no_key", [True, False])
def test_of_the_ways_nothing_is_said_before_they_are_seen(no_key: bool) -> None:
    lab, claims = lab_with(step="empty", no_key=no_key), ("Every other way", "all ways agree")
    said = [json.dumps(lab._four_below().view())]
    lab.apply({"revealed": [made(lab.empty().predict).key]})
    said.append(json.dumps(lab._four_below().view()))
    assert [any(claim in each for claim in claims) for each in said] == [False, True]


def test_the_title_of_the_ways_does_not_say_of_the_key_that_is_left_that_it_is_blocked() -> None:
    assert "every" not in panel(lab_with(step="empty", no_key=False), "ways")["words"]


def test_with_one_key_left_every_way_is_right() -> None:
    np.testing.assert_allclose(ways(no_key=False)[1:], np.tile(np.eye(6)[0], (4, 1)), atol=1e-12)


def test_the_prediction_about_float64_holds_for_each_word() -> None:
    for query in range(6):
        asked = made(lab_with(step="empty", query=query).empty().predict)
        row = scores_of("The cat sat on the mat")[query] - 1e9
        shares = np.exp(row - row.max()) / np.exp(row - row.max()).sum()
        plain = by_hand(scores_of("The cat sat on the mat"), np.ones((6, 6)))[query]
        assert asked is not None
        assert asked.right == [1]
        np.testing.assert_allclose(shares, plain, atol=1e-6)


@pytest.mark.parametrize(("given", "lost"), [("lower", "mha"), ("upper", "sdpa")])
def test_one_array_is_read_in_two_ways_and_the_wrong_one_sees_only_the_future(given: str, lost: str) -> None:
    lab = lab_with(step="booleans", given=given)
    scores, kept = scores_of(lab.text), "sdpa" if lost == "mha" else "mha"
    np.testing.assert_allclose(shown(lab, kept), by_hand(scores, np.tri(6)))
    np.testing.assert_allclose(shown(lab, lost)[:-1], by_hand(scores[:-1], 1 - np.tri(6)[:-1]))
    assert np.isnan(shown(lab, lost)[-1]).all()
    said = plain(lab._readings_below().extra)
    assert said.startswith("MultiheadAttention" if lost == "mha" else "scaled_dot_product_attention")
    assert "nan by plain softmax" in said


@pytest.mark.parametrize("text", ["Stop", "The cat sat on the mat"])
def test_only_the_mask_can_make_bert_and_gpt_differ(text: str) -> None:
    lab = lab_with(step="pair", text=text)
    np.testing.assert_array_equal(lab.causal[-1], lab.plain.weights[0][-1])
    assert np.allclose(lab.causal, lab.plain.weights[0]) is (len(lab.tokens) == 1)
    assert "can make a difference here" in " ".join(lab.here.prose.split())


def test_a_picked_cell_picks_its_word_and_goes_with_its_step() -> None:
    lab = lab_with(picked={"matrix": "weights", "row": 4, "col": 1})
    assert lab.query == 4
    lab.apply({"step": "pair"})
    assert lab.picked is None


def test_the_prose_is_short_and_its_numbers_are_vouched_for() -> None:
    for step in Masks().lesson.steps:
        assert len(step.prose.split()) <= 60, step.id
        digits = {char for char in step.prose if char.isdigit()}
        assert digits <= {"0"}, step.id  # the zeros of PAD, and of 0 divided by 0


def test_each_question_is_right_for_fifty_seeds_and_no_hint_is_right() -> None:
    for fresh in range(50):
        lab = lab_with(fresh=fresh)
        pairs, shared, window, after, lost = lab.questions()
        assert isinstance(pairs, Amount)
        assert isinstance(shared, Amount)
        assert isinstance(after, Amount)
        n = int("".join(char for char in str(pairs.ask) if char.isdigit()))
        assert pairs.right == np.tri(n).sum()
        weights = [float(part) for part in str(shared.ask).split("weights ")[1].split(". The")[0].split(", ")]
        kept = np.array(weights) * [1, 1, 0, 1]
        assert shared.right == pytest.approx(kept[0] / kept.sum())
        share = float(str(after.ask).split("gives ")[1].split(" of")[0])
        assert after.right == pytest.approx(1 - share)
        for question in (pairs, shared, after):
            assert all(abs(number - question.right) > 2 * question.within for number, _ in question.hints)
        assert isinstance(window, Pick)
        size, row = (
            int(part) for part in (str(window.ask).split("of ")[1][0], str(window.ask).split("row ")[1][0])
        )
        assert list(window.right) == [(row - 1, row - size)]
        assert not set(window.hints) & set(window.right)
        assert isinstance(lost, Choice)
        assert lost.options[lost.right] == "Stop and name the row"
