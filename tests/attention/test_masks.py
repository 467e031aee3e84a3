import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from attention import (
    ConfigError,
    MaskError,
    ShapeError,
    as_additive,
    as_boolean,
    combine_masks,
    create_bidirectional_mask,
    create_causal_mask,
    create_custom_mask,
    create_padding_mask,
    create_prefix_lm_mask,
    create_sliding_window_mask,
)
from attention.masks import checked_mask, mask_of_heads

INF = math.inf


@given(st.integers(1, 12))
def test_a_causal_mask_allows_a_key_unless_it_comes_after_its_query(n):
    assert create_causal_mask(n).tolist() == [[j <= i for j in range(n)] for i in range(n)]


def test_a_bidirectional_mask_allows_everything():
    assert create_bidirectional_mask(3).tolist() == [[True] * 3] * 3


@given(st.lists(st.integers(0, 7), max_size=5))
def test_a_padding_mask_allows_the_first_tokens_of_each_sentence(lengths):
    mask = create_padding_mask(lengths, max_length=7)
    assert mask.shape == (len(lengths), 1, 7)
    assert mask.tolist() == [[[j < length for j in range(7)]] for length in lengths]


def test_masks_combine_by_and():
    both = combine_masks(create_causal_mask(3), create_padding_mask([2], 3)[0])
    assert both.dtype == bool
    assert both.tolist() == [[True, False, False], [True, True, False], [True, True, False]]


def test_combining_skips_none_and_gives_none_for_nothing():
    assert combine_masks() is None
    assert combine_masks(None, None) is None
    assert combine_masks(None, [1, 0]).tolist() == [True, False]


def test_a_floating_mask_makes_the_combination_additive():
    assert combine_masks([[-0.5, 2.0]], [[True, False]], [[0.25, 0.25]]).tolist() == [[-0.25, -INF]]


def test_combining_returns_a_new_array():
    mask = create_causal_mask(2)
    assert combine_masks(mask) is not mask


def test_additive_and_boolean_are_two_spellings_of_one_mask():
    mask = create_causal_mask(3)
    assert as_additive(mask).tolist() == [[0, -INF, -INF], [0, 0, -INF], [0, 0, 0]]
    assert as_boolean(as_additive(mask)).tolist() == mask.tolist()
    assert as_additive(None) == 0
    assert as_additive(mask, np.float32).dtype == np.float32


def test_a_mask_of_whole_numbers_0_and_1_is_read_as_boolean():
    for dtype in (np.int8, np.uint8, np.int32, np.int64):
        mask = checked_mask(np.array([0, 1], dtype), (3, 2))
        assert mask.dtype == bool
        assert mask.tolist() == [False, True]


def test_a_floating_mask_stays_as_it_is():
    for values in ([0.0, -INF], [0.0, 0.0], [-1e9, 0.5], [1.0, -INF], [2.0, 1.0]):
        assert checked_mask(values, (3, 2)).tolist() == values


@pytest.mark.parametrize(
    ("mask", "message"),
    [
        ([0.0, 1.0], "this looks like a 0/1 mask: pass mask.astype(bool), or bias=mask to add the numbers"),
        ([1.0, 1.0], "this looks like a 0/1 mask: pass mask.astype(bool), or bias=mask to add the numbers"),
        (
            [0, 2],
            "mask holds 2, expected only 0 and 1 in a mask of integers: "
            "to add numbers to the scores, pass mask.astype(float)",
        ),
        ([0.0, math.nan], "mask holds nan, expected finite numbers or -inf in a mask that is added"),
        ([0.0, INF], "mask holds inf, expected finite numbers or -inf in a mask that is added"),
        (["a", "b"], "mask must be boolean, 0/1 or floating, got dtype <U1"),
        (
            [[True, False, True]],
            "mask has shape (1, 3), which does not broadcast to scores of shape (3, 2) (..., seq_q, seq_k)",
        ),
        (
            np.ones((5, 1, 2), bool),
            "mask has shape (5, 1, 2), which does not broadcast to scores of shape (3, 2) "
            "(..., seq_q, seq_k)",
        ),
    ],
)
def test_what_cannot_be_read_as_a_mask_is_refused_by_name(mask, message):
    with pytest.raises(MaskError) as caught:
        checked_mask(mask, (3, 2))
    assert str(caught.value) == message


def test_a_ragged_mask_is_refused():
    with pytest.raises(MaskError, match="mask must be a full rectangle"):
        checked_mask([[True], [True, False]], (2, 2))


def test_a_bias_has_no_boolean_form():
    with pytest.raises(MaskError, match=r"mask holds -1\.5, which is a bias: only 0 and -inf"):
        as_boolean([0.0, -1.5])


def test_masks_that_do_not_fit_each_other_are_refused_with_their_shapes():
    with pytest.raises(
        MaskError, match=r"masks of shapes \(2, 2\), \(3, 3\) do not broadcast with each other"
    ):
        combine_masks(create_causal_mask(2), create_causal_mask(3))


@pytest.mark.parametrize("lengths", [[-1], [4], [1.0], [True]])
def test_lengths_outside_the_sentence_are_refused(lengths):
    with pytest.raises(MaskError, match="lengths must be whole numbers from 0 to max_length 3, got "):
        create_padding_mask(lengths, max_length=3)


def test_lengths_without_a_batch_axis_are_refused():
    with pytest.raises(ShapeError, match=r"lengths must have one axis \(batch,\), got shape \(\)"):
        create_padding_mask(2, max_length=3)


@pytest.mark.parametrize("make", [create_causal_mask, create_bidirectional_mask])
@pytest.mark.parametrize("size", [0, -1, 2.0, True, "3"])
def test_a_mask_of_no_size_is_refused(make, size):
    with pytest.raises(ConfigError, match="seq_len must be a whole number of at least 1, got "):
        make(size)


@given(st.integers(1, 9), st.integers(1, 11))
def test_a_causal_window_holds_a_query_and_the_keys_just_before_it(n, window):
    mask = create_sliding_window_mask(n, window)
    assert mask.dtype == bool
    assert mask.tolist() == [[i - window < j <= i for j in range(n)] for i in range(n)]


@given(st.integers(1, 9), st.integers(1, 11))
def test_a_window_to_both_sides_holds_half_of_it_on_each(n, window):
    mask = create_sliding_window_mask(n, window, causal=False)
    assert mask.tolist() == [[abs(i - j) <= window // 2 for j in range(n)] for i in range(n)]


def test_a_window_as_wide_as_the_sentence_is_a_causal_mask():
    assert create_sliding_window_mask(7, 7).tolist() == create_causal_mask(7).tolist()
    assert not create_sliding_window_mask(7, 6)[6, 0]


@given(st.integers(1, 9), st.data())
def test_a_prefix_is_seen_by_all_and_the_rest_only_by_what_comes_after(n, data):
    prefix = data.draw(st.integers(0, n))
    mask = create_prefix_lm_mask(n, prefix)
    assert mask.tolist() == [[j <= i or j < prefix for j in range(n)] for i in range(n)]


def test_a_prefix_is_from_nothing_to_everything():
    assert create_prefix_lm_mask(5, 0).tolist() == create_causal_mask(5).tolist()
    assert create_prefix_lm_mask(5, 5).tolist() == create_bidirectional_mask(5).tolist()


def test_a_custom_mask_asks_for_query_and_key_in_this_order():
    asked = []

    def allowed(i, j):
        asked.append((i, j))
        return np.bool_(i < j)

    mask = create_custom_mask(2, 3, allowed)
    assert mask.dtype == bool
    assert mask.tolist() == [[False, True, True], [False, False, True]]
    assert asked == [(i, j) for i in range(2) for j in range(3)]
    assert all(type(number) is int for pair in asked for number in pair)


def test_a_custom_mask_takes_pairs_in_any_order_and_more_than_once():
    pairs = [(1, 2), [0, 1], (1, 2), (np.int64(1), 0)]
    assert create_custom_mask(2, 3, iter(pairs)).tolist() == [[False, True, False], [True, False, True]]
    assert not create_custom_mask(2, 3, []).any()


@pytest.mark.parametrize("pair", [(2, 0), (0, 3), (-1, 0), (0, 1, 2), (0.0, 1), (True, 1), 5, "01"])
def test_pairs_that_name_no_cell_are_refused(pair):
    with pytest.raises(MaskError) as caught:
        create_custom_mask(2, 3, [pair])
    assert str(caught.value) == (
        f"allowed holds {pair!r}, expected pairs (i, j) with i below 2 and j below 3"
    )


def test_a_rule_that_answers_neither_true_nor_false_is_refused():
    with pytest.raises(MaskError, match=r"allowed\(0, 1\) must be True or False, got 0\.5"):
        create_custom_mask(2, 3, lambda i, j: 0.5 if j else True)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: create_sliding_window_mask(0, 1), "seq_len must be a whole number of at least 1, got 0"),
        (lambda: create_sliding_window_mask(3, 0), "window must be a whole number of at least 1, got 0"),
        (lambda: create_prefix_lm_mask(3, 4), "prefix_len must be a whole number from 0 to 3, got 4"),
        (lambda: create_prefix_lm_mask(0, 0), "seq_len must be a whole number of at least 1, got 0"),
        (lambda: create_custom_mask(0, 3, []), "seq_q must be a whole number of at least 1, got 0"),
        (lambda: create_custom_mask(3, 0, []), "seq_k must be a whole number of at least 1, got 0"),
    ],
)
def test_sizes_that_make_no_mask_are_refused(make, message):
    with pytest.raises(ConfigError) as caught:
        make()
    assert str(caught.value) == message


# Masks of several heads


@pytest.mark.parametrize(
    ("mask_shape", "scores_shape", "shape"),
    [
        ((5, 7), (3, 5, 7), (5, 7)),  # no batch: all heads alike
        ((3, 5, 7), (3, 5, 7), (3, 5, 7)),  # no batch: one for each head
        ((5, 7), (2, 3, 5, 7), (5, 7)),
        ((2, 5, 7), (2, 3, 5, 7), (2, 1, 5, 7)),
        ((2, 1, 7), (2, 3, 5, 7), (2, 1, 1, 7)),
        ((1, 5, 7), (2, 3, 5, 7), (1, 1, 5, 7)),
        ((2, 3, 5, 7), (2, 3, 5, 7), (2, 3, 5, 7)),
        ((2, 1, 1, 7), (2, 3, 5, 7), (2, 1, 1, 7)),
        ((11, 2, 5, 7), (11, 2, 3, 5, 7), (11, 2, 1, 5, 7)),
        ((7,), (2, 3, 5, 7), (7,)),
        ((3, 3, 3), (3, 3, 3, 3), (3, 1, 3, 3)),  # all sizes alike: the first axis is the batch
    ],
)
def test_a_mask_of_a_batch_without_a_head_axis_gets_one(mask_shape, scores_shape, shape):
    assert mask_of_heads(np.ones(mask_shape, bool), scores_shape).shape == shape


def test_a_mask_of_heads_for_a_batch_of_another_size_is_refused_in_its_own_shape():
    with pytest.raises(MaskError) as caught:
        mask_of_heads(np.ones((3, 5, 7), bool), (2, 3, 5, 7))
    assert str(caught.value) == (
        "mask has shape (3, 5, 7), which does not broadcast to scores of shape (2, 5, 7) "
        "(batch, seq_q, seq_k)"
    )
    with pytest.raises(MaskError, match=r"shape \(2, 3, 5, 7\) \(\.\.\., n_heads, seq_q, seq_k\)"):
        mask_of_heads(np.ones((5, 5), bool), (2, 3, 5, 7))


def test_the_additive_form_is_the_callers_own():
    mask = np.zeros((2, 3))
    as_additive(mask)[...] = 1
    assert not mask.any()


def test_masks_that_add_up_to_more_than_float64_holds_are_refused():
    with pytest.raises(MaskError, match="masks add up to inf: start from smaller numbers"):
        combine_masks([[1.5e308]], [[1.5e308]])


def test_a_bias_that_float32_cannot_hold_is_refused_and_one_far_below_becomes_minus_inf():
    with pytest.raises(MaskError, match=r"mask holds 1e\+300, too large for float32"):
        as_additive([[1e300, 0.5]], np.float32)
    assert as_additive([[-1e300, 0.5]], np.float32).tolist() == [[-np.inf, 0.5]]


def test_lengths_and_pairs_that_are_none_are_refused_by_name():
    with pytest.raises(ShapeError, match=r"lengths must have one axis \(batch,\)"):
        create_padding_mask([[1], [1, 2]], 3)
    with pytest.raises(MaskError, match=r"allowed must be a function of \(i, j\) or hold pairs"):
        create_custom_mask(2, 3, 7)
    with pytest.raises(ConfigError, match="dtype must be float64 or float32, got int64"):
        as_additive([[True]], np.int64)
