import math

import numpy as np
import pytest

from attention import (
    ConfigError,
    entropy,
    hand_built_embedding,
    hand_built_projections,
    random_embedding,
    random_projections,
    split_heads,
    tokenize,
    trace_self_attention,
)

SENTENCE = "The cat sat on the mat"


def default_trace(**options):
    x = hand_built_embedding(tokenize(SENTENCE), 4).x
    return trace_self_attention(x, hand_built_projections(4, 2), n_heads=2, **options)


@pytest.mark.parametrize("d_model", range(2, 65))
def test_hand_built_matrices_hold_few_small_whole_numbers(d_model):
    projections = hand_built_projections(d_model, 1)
    for w in (projections.w_q, projections.w_k, projections.w_v):
        assert w.shape == (d_model, d_model)
        assert set(w.ravel().tolist()) <= {-2, -1, 0, 1, 2}
        count = (w != 0).sum(axis=0)
        assert count.min() >= 1
        assert count.max() <= 4
        assert (w != w.T).any()
    assert (projections.w_q != projections.w_k).any()


@pytest.mark.parametrize(
    ("d_model", "n_heads"), [(d, n) for d in (2, 4, 6, 8, 12, 16) for n in range(2, d + 1) if d % n == 0]
)
def test_no_two_hand_built_heads_have_the_same_matrices(d_model, n_heads):
    projections = hand_built_projections(d_model, n_heads)
    pairs = zip(split_heads(projections.w_q, n_heads), split_heads(projections.w_k, n_heads), strict=True)
    assert len({(q.tobytes(), k.tobytes()) for q, k in pairs}) == n_heads


def test_later_columns_repeat_the_tile_one_row_down_with_a_1_of_their_own():
    w_q = hand_built_projections(6, 1).w_q
    assert w_q[:4, 0].tolist() == [-1, 1, 0, 0]
    assert w_q[:, 4].tolist() == [0, -1, 1, 0, 1, 0]
    assert w_q[:4, 1].tolist() == [0, 0, -1, 1]
    assert w_q[:, 5].tolist() == [1, 0, 0, -1, 0, 1]
    assert hand_built_projections(2, 1).w_q.tolist() == [[-1, -1], [1, 1]]


def test_more_heads_cut_the_same_matrices():
    for make in (hand_built_projections, lambda d, n: random_projections(d, n, seed=7)):
        np.testing.assert_array_equal(make(8, 2).w_q, make(8, 4).w_q)


def test_scores_of_the_default_sentence_by_hand():
    attention = default_trace().attention
    # head 0: q = [place - animal, function word - action], of "sat": [1 - 0, 0 - 2]
    #         k = [animal + place - action, function word - animal], of "cat": [2 + 0 - 1, 0 - 2]
    assert attention.q[0, 2].tolist() == [1, -2]
    assert attention.k[0, 1].tolist() == [1, -2]
    assert attention.raw_scores[0, 2].tolist() == [-2, 5, -1, -3, -2, 2]
    assert attention.scaled_scores[0, 2, 1] == pytest.approx(5 / math.sqrt(2), abs=1e-15)


def test_the_default_sentence_gives_something_to_look_at():
    """Heads that differ, rows that differ, no row even, none decided beyond doubt."""
    weights = default_trace().attention.weights
    top = weights.argmax(-1)
    assert (top[0] != top[1]).sum() >= 4
    assert all(len(set(row)) >= 4 for row in top.tolist())
    assert weights.max(-1).min() > 0.3
    assert weights.max() < 0.9
    assert entropy(weights).max() < 0.95 * math.log2(6)
    ranked = np.sort(weights[0, 2])  # "sat", head 0: the page asks which token comes first
    assert ranked[-1] > 2 * ranked[-2]


@pytest.mark.parametrize(
    ("d_model", "n_heads"), [(d, n) for d in (2, 4, 6, 8, 12, 16) for n in range(1, d + 1) if d % n == 0]
)
@pytest.mark.parametrize("text", [SENTENCE, "The dogs in the park are playing", "小猫坐在垫子上"])
def test_no_hand_built_head_is_even_throughout(d_model, n_heads, text):
    x = hand_built_embedding(tokenize(text), d_model).x
    weights = trace_self_attention(x, hand_built_projections(d_model, n_heads), n_heads).attention.weights
    uneven = weights.max(-1) - weights.min(-1) > 0.01
    assert uneven.any(axis=-1).all()


def test_random_matrices_depend_on_the_seed_and_are_rounded():
    first, again, other = (random_projections(6, 3, seed) for seed in (7, 7, 8))
    np.testing.assert_array_equal(first.w_k, again.w_k)
    assert (first.w_k != other.w_k).any()
    assert (first.w_q != first.w_k).any()
    assert (first.w_q == first.w_q.round(1)).all()
    assert (first.provenance, first.seed) == ("random", 7)


def test_random_matrices_keep_the_variance_of_random_tokens_near_1():
    x = random_embedding(tokenize(" ".join(f"w{i}" for i in range(300)), 300), 64, seed=1).x
    assert (x @ random_projections(64, 8, seed=2).w_q).std() == pytest.approx(1, abs=0.1)


@pytest.mark.parametrize("make", [hand_built_projections, lambda d, n: random_projections(d, n, seed=1)])
@pytest.mark.parametrize("d_model", [0, 1, 65, 4.0])
def test_d_model_outside_its_range_is_refused(make, d_model):
    with pytest.raises(ConfigError, match="d_model must be a whole number from 2 to 64, got "):
        make(d_model, 1)


def test_a_bad_seed_of_matrices_is_refused():
    with pytest.raises(ConfigError, match="seed must be a whole number from 0 to 4294967295, got -1"):
        random_projections(4, 2, seed=-1)


def test_projections_are_read_only():
    with pytest.raises(ValueError, match="read-only"):
        hand_built_projections(4, 2).w_q[0, 0] = 5
