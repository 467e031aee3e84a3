import ast
import inspect
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from attention import (
    ConfigError,
    FullyMaskedRowError,
    MaskError,
    NumberError,
    ShapeError,
    Stage,
    core,
    create_causal_mask,
    scaled_dot_product_attention,
    trace_attention,
)
from attention import output as outputs
from tests.attention import oracles

BATCH, HEADS, SEQ_Q, SEQ_K, D_K, D_V = 2, 3, 5, 7, 11, 13  # a different prime for every axis


def qkv(dtype=np.float64):
    return (
        oracles.sample(1, BATCH, HEADS, SEQ_Q, D_K).astype(dtype),
        oracles.sample(2, BATCH, HEADS, SEQ_K, D_K).astype(dtype),
        oracles.sample(3, BATCH, HEADS, SEQ_K, D_V).astype(dtype),
    )


def some_mask():
    mask = np.random.default_rng(4).random((SEQ_Q, SEQ_K)) < 0.5
    mask[:, 2] = True
    return mask


def test_the_lessons_example_ties_two_keys():
    output, weights = scaled_dot_product_attention(
        Q=[[1, 0, 1]],
        K=[[1, 0, 1], [0, 1, 0], [1, 1, 1]],
        V=[[10, 20, 30], [1, 2, 3], [5, 10, 15]],
        scale=1,
    )
    assert weights.round(3).tolist() == [[0.468, 0.063, 0.468]]
    assert output.round(2).tolist() == [[7.09, 14.18, 21.26]]


def test_one_head_by_hand():
    trace = trace_attention(q=[[2.0, 0, 0, 0]], k=np.eye(2, 4) * math.log(3), v=[[4.0], [8.0]])
    assert trace.raw_scores.tolist() == [[2 * math.log(3), 0.0]]
    assert trace.scaled_scores.tolist() == [[math.log(3), 0.0]]  # divided by sqrt(4)
    np.testing.assert_allclose(trace.weights, [[0.75, 0.25]], rtol=0, atol=1e-15)
    np.testing.assert_allclose(trace.head_outputs, [[5.0]], rtol=0, atol=1e-14)


def test_every_stage_equals_plain_loops():
    q, k, v = qkv()
    mask = some_mask()
    trace = trace_attention(q, k, v, mask)
    for lead in np.ndindex(BATCH, HEADS):
        expected = oracles.attend(*(a[lead].tolist() for a in (q, k, v)), mask.tolist(), 1 / math.sqrt(D_K))
        for stage, values in expected.items():
            np.testing.assert_allclose(
                getattr(trace, stage)[lead], values, rtol=0, atol=oracles.TOLERANCE, err_msg=stage
            )


def test_every_stage_has_the_shape_that_the_trace_promises():
    trace = trace_attention(*qkv())
    scores = (BATCH, HEADS, SEQ_Q, SEQ_K)
    assert trace.q.shape == (BATCH, HEADS, SEQ_Q, D_K)
    assert trace.k.shape == (BATCH, HEADS, SEQ_K, D_K)
    assert trace.v.shape == (BATCH, HEADS, SEQ_K, D_V)
    assert trace.raw_scores.shape == trace.scaled_scores.shape == trace.masked_scores.shape == scores
    assert trace.weights.shape == scores
    assert trace.head_outputs.shape == (BATCH, HEADS, SEQ_Q, D_V)


def test_input_without_a_head_axis_gives_a_trace_without_one():
    q, k, v = (array[0, 0] for array in qkv())
    whole, one = trace_attention(*qkv()), trace_attention(q, k, v)
    assert one.weights.shape == (SEQ_Q, SEQ_K)
    np.testing.assert_allclose(one.weights, whole.weights[0, 0], rtol=0, atol=oracles.TOLERANCE)


def test_the_short_form_is_the_trace_without_the_trace():
    mask = some_mask()
    trace = trace_attention(*qkv(), mask, scale=0.3)
    output, weights = scaled_dot_product_attention(*qkv(), mask, scale=0.3)
    np.testing.assert_array_equal(output, trace.head_outputs)
    np.testing.assert_array_equal(weights, trace.weights)
    output += 1  # the caller's own
    weights += 1


MASKS = {
    "none": None,
    "boolean": some_mask(),
    "for each head": np.random.default_rng(8).random((HEADS, SEQ_Q, SEQ_K)) < 0.9,
    "for each sentence": np.arange(SEQ_K) < np.array([5, 3])[:, None, None, None],
    "bias": oracles.sample(5, SEQ_Q, SEQ_K),
    "bias for each head": oracles.sample(6, BATCH, HEADS, 1, SEQ_K),
}


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("mask", MASKS.values(), ids=MASKS)
def test_writing_over_each_step_gives_the_same_bits_as_keeping_it(mask, dtype):
    q, k, v = qkv(dtype)
    trace = trace_attention(q, k, v, mask)
    output, weights = scaled_dot_product_attention(q, k, v, mask)
    assert output.dtype == weights.dtype == dtype
    np.testing.assert_array_equal(output, trace.head_outputs)
    np.testing.assert_array_equal(weights, trace.weights)
    np.testing.assert_array_equal(outputs.attend(q, k, v, mask), trace.head_outputs)


@pytest.mark.parametrize("size", [1, SEQ_Q * SEQ_K, 2 * SEQ_Q * SEQ_K, HEADS * SEQ_Q * SEQ_K, 10**9])
@pytest.mark.parametrize("mask", MASKS.values(), ids=MASKS)
def test_a_few_heads_at_a_time_give_the_same_bits_as_all(mask, size, monkeypatch):
    q, k, v = qkv()
    expected = trace_attention(q, k, v, mask).head_outputs
    monkeypatch.setattr(outputs, "MAX_BLOCK", size)
    np.testing.assert_array_equal(outputs.attend(q, k, v, mask), expected)


def test_blocks_broadcast_leading_axes_too(monkeypatch):
    q, k, v = qkv()
    monkeypatch.setattr(outputs, "MAX_BLOCK", 1)
    expected = trace_attention(q[:, :1], k[:1], v[0, 0]).head_outputs
    np.testing.assert_array_equal(outputs.attend(q[:, :1], k[:1], v[0, 0], None), expected)


def test_blocks_follow_values_with_more_leading_axes_than_queries_and_keys(monkeypatch):
    q, k, v = qkv()
    expected = trace_attention(q[0], k[0], v).head_outputs
    monkeypatch.setattr(outputs, "MAX_BLOCK", 1)
    np.testing.assert_array_equal(outputs.attend(q[0], k[0], v, None), expected)


def test_no_more_scores_are_held_at_a_time_than_asked_for(monkeypatch):
    shapes, attend = [], outputs.overwriting_attention
    monkeypatch.setattr(
        outputs, "overwriting_attention", lambda q, *rest: shapes.append(q.shape) or attend(q, *rest)
    )
    monkeypatch.setattr(outputs, "MAX_BLOCK", 2 * SEQ_Q * SEQ_K)
    outputs.attend(*qkv(), None)
    assert shapes == 2 * [(2, SEQ_Q, D_K), (1, SEQ_Q, D_K)]


def test_a_later_call_leaves_earlier_results_as_they_were():
    q, k, v = qkv()
    output, (_, weights) = outputs.attend(q, k, v, None), scaled_dot_product_attention(q, k, v)
    copies = output.copy(), weights.copy()
    outputs.attend(-2 * q, k, v, None)
    scaled_dot_product_attention(-2 * q, k, v)
    outputs.attend(*(array[:1].astype(np.float32) for array in (q, k, v)), None)
    np.testing.assert_array_equal(output, copies[0])
    np.testing.assert_array_equal(weights, copies[1])


def test_the_short_form_keeps_no_input_and_changes_none():
    arrays = [*qkv(), oracles.sample(5, SEQ_Q, SEQ_K)]
    copies = [array.copy() for array in arrays]
    for result in (*scaled_dot_product_attention(*arrays), outputs.attend(*arrays)):
        result[...] = 0
    for array, copy in zip(arrays, copies, strict=True):
        np.testing.assert_array_equal(array, copy)


@given(oracles.matrices(SEQ_Q, D_K), oracles.matrices(SEQ_K, D_K), oracles.matrices(SEQ_K, 2))
def test_rows_of_weights_sum_to_1_and_outputs_stay_among_the_values(q, k, v):
    trace = trace_attention(q, k, v)
    assert (trace.weights >= 0).all()
    np.testing.assert_allclose(trace.weights.sum(-1), 1, rtol=0, atol=oracles.TOLERANCE)
    assert (trace.head_outputs <= v.max(0) + 1e-10).all()
    assert (trace.head_outputs >= v.min(0) - 1e-10).all()


@given(oracles.matrices(SEQ_K, D_K), oracles.matrices(SEQ_K, 2))
def test_a_causal_future_weighs_exactly_0_and_the_first_token_sees_only_itself(x, v):
    weights = trace_attention(x, x, v, create_causal_mask(SEQ_K)).weights
    assert (weights[np.triu_indices(SEQ_K, 1)] == 0).all()
    assert weights[0, 0] == 1


@given(oracles.matrices(SEQ_K, D_K), oracles.matrices(SEQ_K, D_K), st.integers(1, SEQ_K - 1))
def test_under_a_causal_mask_what_comes_later_changes_nothing_before_it(x, other, start):
    changed = x.copy()
    changed[start:] = other[start:]
    before, after = (trace_attention(y, y, y, create_causal_mask(SEQ_K)).head_outputs for y in (x, changed))
    np.testing.assert_allclose(before[:start], after[:start], rtol=0, atol=1e-11)


@given(st.permutations(range(SEQ_K)))
def test_permuting_keys_and_values_together_changes_no_output(order):
    q, k, v = qkv()
    mask = some_mask()
    here = trace_attention(q, k, v, mask)
    there = trace_attention(q, k[..., order, :], v[..., order, :], mask[:, order])
    np.testing.assert_allclose(there.head_outputs, here.head_outputs, rtol=0, atol=oracles.TOLERANCE)
    np.testing.assert_allclose(there.weights, here.weights[..., order], rtol=0, atol=oracles.TOLERANCE)


@given(st.permutations(range(SEQ_Q)))
def test_permuting_queries_permutes_the_outputs(order):
    q, k, v = qkv()
    here, there = trace_attention(q, k, v), trace_attention(q[..., order, :], k, v)
    np.testing.assert_allclose(
        there.head_outputs, here.head_outputs[..., order, :], rtol=0, atol=oracles.TOLERANCE
    )


def test_a_key_that_is_masked_out_might_as_well_not_be_there():
    q, k, v = qkv()
    without_last = trace_attention(q, k[..., :-1, :], v[..., :-1, :])
    masked = trace_attention(q, k, v, np.arange(SEQ_K) < SEQ_K - 1)
    np.testing.assert_allclose(masked.head_outputs, without_last.head_outputs, rtol=0, atol=oracles.TOLERANCE)


def test_boolean_integer_and_additive_masks_give_the_same_trace():
    mask = some_mask()
    expected = trace_attention(*qkv(), mask)
    for same in (mask.astype(int), np.where(mask, 0.0, -np.inf)):
        np.testing.assert_array_equal(trace_attention(*qkv(), same).weights, expected.weights)


def test_a_floating_mask_is_added_to_the_scaled_scores():
    bias = oracles.sample(5, SEQ_Q, SEQ_K)
    trace = trace_attention(*qkv(), bias)
    np.testing.assert_array_equal(trace.masked_scores, trace.scaled_scores + bias)


def test_minus_a_billion_silently_makes_a_fully_masked_row_uniform():
    trace = trace_attention([[1.0]], [[1.0], [2.0]], [[1.0], [3.0]], mask=[[-1e9, -1e9]])
    np.testing.assert_allclose(trace.weights, [[0.27, 0.73]], rtol=0, atol=0.005)  # as if unmasked
    far = trace_attention([[1.0]], [[1.0], [2.0]], [[1.0], [3.0]], mask=[[-1e18, -1e18]])
    assert far.weights.tolist() == [[0.5, 0.5]]


def test_the_mask_in_the_trace_is_what_was_given_read_as_boolean_if_it_is_0_and_1():
    assert trace_attention(*qkv()).mask is None
    trace = trace_attention(*qkv(), some_mask().astype(int))
    assert trace.mask.dtype == bool
    assert trace.mask.tolist() == some_mask().tolist()


def test_scaling_by_1_over_sqrt_d_k_brings_scores_of_random_rows_to_unit_spread():
    d_k = 64
    trace = trace_attention(oracles.sample(6, 300, d_k), oracles.sample(7, 300, d_k), np.ones((300, 1)))
    assert trace.raw_scores.std() == pytest.approx(math.sqrt(d_k), rel=0.03)
    assert trace.scaled_scores.std() == pytest.approx(1, rel=0.03)


def test_scale_0_makes_every_weight_equal():
    assert (trace_attention(*qkv(), scale=0).weights == 1 / SEQ_K).all()


def test_leading_axes_broadcast():
    q, k, v = qkv()
    trace = trace_attention(q[:, :1], k[:1], v[0, 0])
    assert trace.weights.shape == (BATCH, HEADS, SEQ_Q, SEQ_K)
    full = trace_attention(
        np.broadcast_to(q[:, :1], q.shape), np.broadcast_to(k[:1], k.shape), np.broadcast_to(v[0, 0], v.shape)
    )
    np.testing.assert_allclose(trace.head_outputs, full.head_outputs, rtol=0, atol=oracles.TOLERANCE)


def test_values_may_have_more_leading_axes_than_queries_and_keys():
    q, k, v = qkv()
    assert trace_attention(q[0, 0], k[0, 0], v).head_outputs.shape == (BATCH, HEADS, SEQ_Q, D_V)


def test_float32_is_kept_and_everything_else_becomes_float64():
    assert trace_attention(*qkv(np.float32), some_mask()).head_outputs.dtype == np.float32
    assert trace_attention(*qkv(np.float32), np.zeros((SEQ_Q, SEQ_K))).weights.dtype == np.float32
    assert trace_attention(*qkv(np.float16)).head_outputs.dtype == np.float64
    assert trace_attention([[1]], [[1]], np.ones((1, 1), np.float32)).q.dtype == np.float64


def test_no_input_is_changed_or_held():
    arrays = (*qkv(), some_mask())
    copies = [array.copy() for array in arrays]
    trace = trace_attention(*arrays)
    for array, copy in zip(arrays, copies, strict=True):
        np.testing.assert_array_equal(array, copy)
        array[...] = 0
    np.testing.assert_array_equal(trace.q, copies[0])
    np.testing.assert_array_equal(trace.mask, copies[3])


@given(hnp.arrays(bool, (SEQ_Q, SEQ_K)))
def test_exactly_the_rows_without_a_key_are_refused(mask):
    q, k, v = qkv()
    empty = tuple((i,) for i in range(SEQ_Q) if not mask[i].any())
    if not empty:
        trace_attention(q[0, 0], k[0, 0], v[0, 0], mask)
        return
    with pytest.raises(FullyMaskedRowError) as caught:
        trace_attention(q[0, 0], k[0, 0], v[0, 0], mask)
    assert caught.value.rows == empty


def test_a_row_without_a_key_is_named_with_its_head_and_the_rest_is_kept():
    q, k, v = (array[0] for array in qkv())
    mask = np.ones((HEADS, SEQ_Q, SEQ_K), bool)
    mask[1, 4] = False
    with pytest.raises(FullyMaskedRowError) as caught:
        trace_attention(q, k, v, mask)
    assert caught.value.rows == ((1, 4),)
    assert all(type(i) is int for i in caught.value.rows[0])
    assert str(caught.value) == (
        "the mask leaves no key for query row 4 of head 1 (counted from 0): "
        "softmax over nothing has no value, so each row must keep at least one key"
    )
    unmasked = trace_attention(q, k, v)
    partial = caught.value.partial
    np.testing.assert_array_equal(partial.q, q)
    np.testing.assert_array_equal(partial.raw_scores, unmasked.raw_scores)
    np.testing.assert_array_equal(partial.scaled_scores, unmasked.scaled_scores)
    np.testing.assert_array_equal(partial.mask, mask)
    assert np.isneginf(partial.masked_scores[1, 4]).all()


def test_a_mask_with_a_head_axis_reaches_each_head():
    q, k, v = (array[0] for array in qkv())
    mask = np.ones((HEADS, 1, SEQ_K), bool)
    mask[2, 0, 3] = False
    blocked = trace_attention(q, k, v, mask).weights == 0
    assert blocked[2, :, 3].all()
    assert blocked.sum() == SEQ_Q


def test_an_intervention_stands_between_weights_and_output():
    def cut(weights):
        weights[..., 0] = 0
        return weights

    plain, cut_trace = trace_attention(*qkv()), trace_attention(*qkv(), intervene=cut)
    assert (cut_trace.weights[..., 0] == 0).all()
    np.testing.assert_array_equal(cut_trace.weights[..., 1:], plain.weights[..., 1:])
    np.testing.assert_array_equal(cut_trace.masked_scores, plain.masked_scores)
    np.testing.assert_allclose(
        cut_trace.head_outputs, cut_trace.weights @ cut_trace.v, rtol=0, atol=oracles.TOLERANCE
    )
    assert np.abs(cut_trace.head_outputs - plain.head_outputs).max() > 0.01


def test_an_intervention_that_returns_what_it_got_changes_nothing():
    same = trace_attention(*qkv(), intervene=lambda weights: weights)
    np.testing.assert_array_equal(same.head_outputs, trace_attention(*qkv()).head_outputs)


def test_an_intervention_gets_a_copy_that_stays_its_own():
    kept = []

    def swap(weights):
        kept.append(weights)
        return np.flip(weights, -1)

    trace_attention(*qkv(), intervene=swap)
    np.testing.assert_array_equal(kept[0], trace_attention(*qkv()).weights)


@pytest.mark.parametrize(
    ("result", "error", "message"),
    [
        ([[1.0]], ShapeError, "intervene returned weights of shape (1, 1), expected (1, 2)"),
        ([[math.nan, 1.0]], NumberError, "intervene's weights holds nan at (0, 0), expected finite numbers"),
        (None, NumberError, "intervene's weights is None, expected real numbers"),
    ],
)
def test_an_intervention_must_return_weights(result, error, message):
    with pytest.raises(error) as caught:
        trace_attention([[1.0]], [[1.0], [2.0]], [[1.0], [2.0]], intervene=lambda _: result)
    assert str(caught.value) == message


ONES = np.ones
BAD_CALLS = [
    ((ONES((5, 16)), ONES((7, 12)), ONES((7, 2))), {}, ShapeError, "q has d_k 16, but k has d_k 12"),
    ((ONES((5, 3)), ONES((5, 3)), ONES((7, 2))), {}, ShapeError, "k has seq_k 5, but v has seq_k 7"),
    (([1, 2], [[1, 2]], [[1]]), {}, ShapeError, "q must end in the axes (seq_q, d_k), got shape (2,)"),
    ((ONES((5, 3)), ONES((0, 3)), ONES((0, 2))), {}, ShapeError, "k has seq_k 0, expected at least 1"),
    ((ONES((5, 0)), ONES((5, 0)), ONES((5, 2))), {}, ShapeError, "q has d_k 0, expected at least 1"),
    (
        (ONES((2, 5, 3)), ONES((3, 5, 3)), ONES((5, 2))),
        {},
        ShapeError,
        "q has leading axes (2,), k (3,) and v (): they do not broadcast with each other",
    ),
    (([[math.nan]], [[1]], [[1]]), {}, NumberError, "q holds nan at (0, 0), expected finite numbers"),
    (
        ([[1]], [[1], [-math.inf]], [[1], [1]]),
        {},
        NumberError,
        "k holds -inf at (1, 0), expected finite numbers",
    ),
    (([[1]], [[1]], [[math.inf]]), {}, NumberError, "v holds inf at (0, 0), expected finite numbers"),
    (
        ([[1e200]], [[1e200]], [[1]]),
        {},
        NumberError,
        "raw_scores holds inf at (0, 0), too large for float64: start from smaller numbers",
    ),
    (
        ([[1e300]], [[1]], [[1]]),
        {"scale": 1e10},
        NumberError,
        "scaled_scores holds inf at (0, 0), too large for float64: start from smaller numbers",
    ),
    (
        ([[1e150]], [[0], [-1e150]], [[1], [1]]),
        {"scale": 1e10},
        NumberError,
        "scaled_scores holds -inf at (0, 1), too large for float64: start from smaller numbers",
    ),
    (
        ([[1e154]], [[1], [1e154]], [[1], [1]]),
        {"mask": [[-math.inf, 1.5e308]], "scale": 1},
        NumberError,
        "masked_scores holds inf at (0, 1), too large for float64: start from smaller numbers",
    ),
    (
        ([[1e308]], [[1]], [[1]]),
        {"mask": [[1.5e308]]},
        NumberError,
        "masked_scores holds inf at (0, 0), too large for float64: start from smaller numbers",
    ),
    (
        ([[1]], [[1]], [[10.0]]),
        {"intervene": lambda w: w * 1e308},
        NumberError,
        "head_outputs holds inf at (0, 0), too large for float64: start from smaller numbers",
    ),
    (([["a"]], [[1]], [[1]]), {}, NumberError, "q must hold real numbers, got dtype <U1"),
    (([[1]], [[1]], [[1]]), {"scale": math.nan}, NumberError, "scale must be a finite number, got nan"),
    (([[1]], [[1]], [[1]]), {"scale": "x"}, NumberError, "scale must be a finite number, got 'x'"),
    (([[1]], [[1]], [[1]]), {"scale": "1"}, NumberError, "scale must be a finite number, got '1'"),
    (([[1]], [[1]], [[1]]), {"scale": True}, NumberError, "scale must be a finite number, got True"),
    (([[1]], [[1]], None), {}, NumberError, "v is None, expected real numbers"),
    (
        ([[1]], [[1]], [[True]]),
        {},
        NumberError,
        "v holds True and False, expected numbers: did you mean mask=?",
    ),
    (
        ([[1]], [[1]], [[1]]),
        {"mask": True},
        MaskError,
        "mask must be an array with a value for each query and key, got True: "
        "to hide what comes later, pass causal=True",
    ),
    (
        ([[1]], [[1]], [[1]]),
        {"bias": 0.5},
        MaskError,
        "bias must be an array with a value for each query and key, got 0.5",
    ),
    (
        ([[1]], [[1]], [[1]]),
        {"bias": [[True]]},
        MaskError,
        "bias must hold numbers that are added, got dtype bool",
    ),
    (
        ([[1]], [[1]], [[1]]),
        {"bias": [[1, 2]]},
        MaskError,
        "bias has shape (1, 2), which does not broadcast to scores of shape (1, 1) (..., seq_q, seq_k)",
    ),
    (([[1]], [[1]], [[1]]), {"causal": 1}, ConfigError, "causal must be True or False, got 1"),
    (
        ([[1]], [[1], [1]], [[1], [1]]),
        {"mask": [0.0, 1.0]},
        MaskError,
        "this looks like a 0/1 mask: pass mask.astype(bool), or bias=mask to add the numbers",
    ),
]


@pytest.mark.parametrize(
    ("arrays", "options", "error", "message"), BAD_CALLS, ids=[call[3] for call in BAD_CALLS]
)
def test_what_cannot_be_computed_is_refused_by_name(arrays, options, error, message):
    with pytest.raises(error) as caught:
        trace_attention(*arrays, **options)
    assert str(caught.value) == message
    if "intervene" not in options:
        with pytest.raises(error) as caught:
            scaled_dot_product_attention(*arrays, **options)
        assert str(caught.value) == message


@pytest.mark.parametrize(
    "large",
    [
        ([[1e200]], [[1e200]], [[1.0]]),
        ([[math.inf]], [[1.0]], [[1.0]]),
        ([[1.0]], [[math.nan]], [[1.0]]),
        ([[1.0]], [[1.0]], [[-math.inf]]),
    ],
)
def test_the_output_path_refuses_large_and_infinite_numbers_in_the_words_of_the_trace(large):
    q, k, v = (np.array(array) for array in large)
    with pytest.raises(NumberError) as expected:
        trace_attention(q, k, v)
    with pytest.raises(NumberError) as caught, np.errstate(over="ignore", invalid="ignore"):
        outputs.attend(q, k, v, None)
    assert str(caught.value) == str(expected.value)


def test_numbers_too_large_to_be_sure_of_are_still_computed_where_they_fit():
    q, k, v = np.array([[1e160, 0.0]]), np.array([[1e-160, 3.0], [0.0, 1e160]]), np.array([[2.0], [5e307]])
    assert trace_attention(q, k, v).raw_scores.tolist() == [[1.0, 0.0]]
    expected = trace_attention(q, k, v).head_outputs
    np.testing.assert_array_equal(scaled_dot_product_attention(q, k, v)[0], expected)
    np.testing.assert_array_equal(outputs.attend(q, k, v, None), expected)


@pytest.mark.parametrize("mask", [[[False]], [[-math.inf]], np.array(False)])
def test_a_mask_of_one_cell_is_a_mask(mask):
    one = np.ones((1, 1))
    for call in (trace_attention, scaled_dot_product_attention, outputs.attend):
        with pytest.raises(FullyMaskedRowError):
            call(one, one, one, np.array(mask))


@pytest.mark.parametrize("size", [1, 10**9])
def test_a_row_without_a_key_is_named_by_the_output_path_as_by_the_trace(size, monkeypatch):
    monkeypatch.setattr(outputs, "MAX_BLOCK", size)
    q, k, v = (array[0] for array in qkv())
    mask = np.ones((HEADS, SEQ_Q, SEQ_K), bool)
    mask[1, 4] = False
    for call in (scaled_dot_product_attention, outputs.attend):
        with pytest.raises(FullyMaskedRowError) as caught:
            call(q, k, v, mask)
        assert caught.value.rows == ((1, 4),)
        np.testing.assert_array_equal(caught.value.partial.raw_scores, trace_attention(q, k, v).raw_scores)


def test_a_bias_that_takes_a_score_below_all_numbers_blocks_it():
    mask = [[0.0, -1.7e308]]
    trace = trace_attention([[1e154]], [[1.0], [-6e153]], [[2.0], [3.0]], mask, scale=1)
    assert trace.masked_scores.tolist() == [[1e154, -math.inf]]
    assert trace.weights.tolist() == [[1, 0]]
    output, _ = scaled_dot_product_attention([[1e154]], [[1.0], [-6e153]], [[2.0], [3.0]], mask, scale=1)
    assert output.tolist() == [[2.0]]


def test_each_computed_stage_is_assigned_once_on_one_line():
    """The page shows that line beside the stage."""
    tree = ast.parse(inspect.getsource(core))
    function = next(
        node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == "trace_attention"
    )
    lines: dict[str, list[int]] = {}
    for node in ast.walk(function):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            lines.setdefault(node.targets[0].id, []).append(node.end_lineno - node.lineno + 1)
    for stage in Stage:
        if stage not in (Stage.Q, Stage.K, Stage.V, Stage.MASK):  # these come in
            assert lines[stage] == [1], stage
