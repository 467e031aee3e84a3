import contextlib
import math
import tracemalloc

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
    blockwise_attention,
    create_causal_mask,
    scaled_dot_product_attention,
)
from tests.attention import oracles
from tests.attention.test_core import BAD_CALLS

BATCH, HEADS, SEQ_Q, SEQ_K, D_K, D_V = 2, 3, 5, 7, 11, 13  # a different prime for every axis
SIZES = st.integers(1, SEQ_K + 1)


def qkv(dtype=np.float64):
    return (
        oracles.sample(1, BATCH, HEADS, SEQ_Q, D_K).astype(dtype),
        oracles.sample(2, BATCH, HEADS, SEQ_K, D_K).astype(dtype),
        oracles.sample(3, BATCH, HEADS, SEQ_K, D_V).astype(dtype),
    )


def some_mask():
    mask = np.random.default_rng(4).random((BATCH, 1, SEQ_Q, SEQ_K)) < 0.4
    mask[..., 6] = True  # the first blocks of some rows hold no key at all
    return mask


def plain(*arguments, **options):
    return scaled_dot_product_attention(*arguments, **options)[0]


def assert_same(actual, expected, tolerance=oracles.TOLERANCE):
    assert actual.shape == expected.shape
    assert actual.dtype == expected.dtype
    np.testing.assert_allclose(actual, expected, rtol=0, atol=tolerance)


def test_two_blocks_by_hand():
    """Scores 0, log 2 and log 5: after one key the output is 8, after two 4, after three 9."""
    keys = [[0.0], [math.log(2)], [math.log(5)]]
    values = [[8.0], [2.0], [12.0]]
    for block_size in (1, 2, 3):
        output = blockwise_attention([[1.0]], keys, values, block_size=block_size)
        np.testing.assert_allclose(output, [[9.0]], rtol=0, atol=1e-14)


@pytest.mark.parametrize("block_size", range(1, SEQ_K + 2))
def test_any_block_size_gives_the_output_of_plain_loops(block_size):
    q, k, v = qkv()
    mask = some_mask()
    output = blockwise_attention(q, k, v, mask, block_size=block_size)
    for b, h in np.ndindex(BATCH, HEADS):
        heads = oracles.attend(
            *(a[b, h].tolist() for a in (q, k, v)), mask[b, 0].tolist(), 1 / math.sqrt(D_K)
        )["head_outputs"]
        np.testing.assert_allclose(output[b, h], heads, rtol=0, atol=oracles.TOLERANCE)


@given(
    oracles.matrices(SEQ_Q, D_K), oracles.matrices(SEQ_K, D_K), oracles.matrices(SEQ_K, 2), SIZES, st.data()
)
def test_it_equals_the_plain_form_under_any_additive_mask(q, k, v, block_size, data):
    numbers = st.one_of(st.just(-math.inf), st.floats(-9, 9).filter(lambda number: number != 1))
    mask = data.draw(hnp.arrays(np.float64, (SEQ_Q, SEQ_K), elements=numbers))
    mask[:, 3] = 0.5
    assert_same(blockwise_attention(q, k, v, mask, block_size=block_size), plain(q, k, v, mask), 1e-11)


@given(oracles.matrices(SEQ_Q, D_K), oracles.matrices(SEQ_K, D_K), oracles.matrices(SEQ_K, 2), SIZES)
def test_outputs_stay_among_the_values(q, k, v, block_size):
    output = blockwise_attention(q, k, v, block_size=block_size)
    assert (output <= v.max(0) + 1e-10).all()
    assert (output >= v.min(0) - 1e-10).all()


@given(st.permutations(range(SEQ_K)), SIZES)
def test_permuting_keys_and_values_together_changes_nothing(order, block_size):
    q, k, v = qkv()
    there = blockwise_attention(q, k[..., order, :], v[..., order, :], block_size=block_size)
    assert_same(there, blockwise_attention(q, k, v, block_size=block_size))


@pytest.mark.parametrize("block_size", [1, 2, 3, 7, 100])
def test_causal_is_the_causal_mask_without_holding_it(block_size):
    q, k, v = (array[..., :5, :] for array in qkv())
    assert_same(
        blockwise_attention(q, k, v, block_size=block_size, causal=True),
        plain(q, k, v, create_causal_mask(SEQ_Q)),
    )


@pytest.mark.parametrize(("seq_q", "seq_k"), [(SEQ_Q, SEQ_K), (SEQ_K, SEQ_Q)])
def test_causal_puts_the_last_query_at_the_last_key_where_their_lengths_differ(seq_q, seq_k):
    q, k, v = oracles.sample(1, seq_q, D_K), oracles.sample(2, seq_k, D_K), oracles.sample(3, seq_k, D_V)
    for block_size in range(1, SEQ_K + 2):
        if seq_q > seq_k:
            with pytest.raises(FullyMaskedRowError) as caught:
                blockwise_attention(q, k, v, block_size=block_size, causal=True)
            assert caught.value.rows == ((0,), (1,))
            continue
        expected = plain(q, k, v, np.tri(seq_q, seq_k, seq_k - seq_q, dtype=bool))
        assert_same(plain(q, k, v, causal=True), expected)
        assert_same(blockwise_attention(q, k, v, block_size=block_size, causal=True), expected)


@pytest.mark.parametrize("block_size", [1, 2, 3, 100])
def test_a_bias_of_0_and_1_is_added_beside_a_mask(block_size):
    (q, k, v), mask = qkv(), some_mask()
    for bias in (np.eye(SEQ_Q, SEQ_K), np.eye(SEQ_Q, SEQ_K, dtype=int), np.eye(SEQ_Q, SEQ_K).tolist()):
        ours = blockwise_attention(q, k, v, mask, bias=bias, block_size=block_size)
        assert_same(ours, plain(q, k, v, np.where(mask, np.eye(SEQ_Q, SEQ_K), -np.inf)))


@pytest.mark.parametrize("block_size", [1, 2, 100])
def test_a_row_of_the_lowest_number_is_a_row_without_a_key(block_size):
    q, k, v = qkv()
    mask = np.zeros((SEQ_Q, SEQ_K))
    mask[3] = np.finfo(np.float32).min
    for masks in ({"mask": mask}, {"bias": mask}, {"mask": mask[3:4] < 0, "bias": mask}):
        with pytest.raises(FullyMaskedRowError, match="query row 3 of head 0"):
            blockwise_attention(q, k, v, **masks, block_size=block_size)


def test_causal_and_a_mask_both_hold():
    q, k, v = (array[..., :5, :] for array in qkv())
    bias = oracles.sample(5, SEQ_Q, SEQ_Q)
    both = np.where(create_causal_mask(SEQ_Q), bias, -np.inf)
    assert_same(blockwise_attention(q, k, v, bias, block_size=2, causal=True), plain(q, k, v, both))


@pytest.mark.parametrize(
    "shape",
    [(SEQ_K,), (1, SEQ_K), (SEQ_Q, 1), (SEQ_Q, SEQ_K), (HEADS, 1, SEQ_K), (BATCH, HEADS, SEQ_Q, SEQ_K)],
)
def test_a_mask_of_any_shape_that_fits_is_read_block_by_block(shape):
    mask = oracles.sample(6, *shape)
    for layout in (mask, np.asfortranarray(mask), mask.astype(np.float32), mask.tolist()):
        assert_same(blockwise_attention(*qkv(), layout, block_size=3), plain(*qkv(), layout))


def test_boolean_integer_and_additive_masks_give_the_same_numbers():
    mask = some_mask()
    expected = blockwise_attention(*qkv(), mask, block_size=2)
    for same in (mask.astype(int), mask.astype(np.uint8), np.where(mask, 0.0, -np.inf), mask.tolist()):
        np.testing.assert_array_equal(blockwise_attention(*qkv(), same, block_size=2), expected)


def test_a_block_of_a_floating_mask_may_hold_only_0_and_1():
    bias = np.array([[0.0, 1.0, -3.0]])
    q, k, v = oracles.sample(1, 5, 2), oracles.sample(2, 3, 2), oracles.sample(3, 3, 2)
    assert_same(blockwise_attention(q, k, v, bias, block_size=2), plain(q, k, v, bias))


def test_the_scale_can_be_given():
    assert_same(blockwise_attention(*qkv(), scale=0.7, block_size=3), plain(*qkv(), scale=0.7))
    mean = qkv()[2].mean(axis=-2, keepdims=True)
    assert_same(blockwise_attention(*qkv(), scale=0), np.broadcast_to(mean, (BATCH, HEADS, SEQ_Q, D_V)))


def test_leading_axes_broadcast():
    q, k, v = qkv()
    for arrays in ((q[:, :1], k[:1], v[0, 0]), (q[0, 0], k[0, 0], v), (q, k[0, 0], v[0])):
        assert_same(blockwise_attention(*arrays, block_size=3), plain(*arrays))


def test_float32_is_kept_and_everything_else_becomes_float64():
    single = blockwise_attention(*qkv(np.float32), some_mask(), block_size=2)
    assert_same(single, plain(*qkv(np.float32), some_mask()), tolerance=1e-6)
    assert blockwise_attention(*qkv(np.float32), np.zeros((SEQ_Q, SEQ_K))).dtype == np.float32
    assert blockwise_attention([[1]], [[1]], np.ones((1, 1), np.float32)).dtype == np.float64


def test_scores_far_apart_and_values_at_the_limit_do_not_overflow():
    keys, largest = [[-1e300], [0.0], [1e300], [1e300]], np.finfo(float).max
    for block_size in (1, 2, 4):
        output = blockwise_attention([[1.0]], keys, [[1.0], [2.0], [largest], [largest]], scale=1.0)
        assert output.tolist() == [[largest]], block_size


@pytest.mark.parametrize("seed", range(5))
def test_an_output_that_rounds_past_the_largest_number_is_refused_and_never_infinite(seed):
    q, k = oracles.sample(seed, 2, 13, 3)
    v = np.full((13, 2), np.finfo(float).max)
    with contextlib.suppress(NumberError):
        assert np.isfinite(blockwise_attention(q, k, v, block_size=5)).all()


def test_no_input_is_changed_or_held():
    arrays = (*qkv(), oracles.sample(5, SEQ_Q, SEQ_K))
    copies = [array.copy() for array in arrays]
    output = blockwise_attention(*arrays, block_size=2)
    output += 1
    for array, copy in zip(arrays, copies, strict=True):
        np.testing.assert_array_equal(array, copy)


def peak_bytes(call):
    tracemalloc.start()
    try:
        call()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_no_matrix_of_seq_times_seq_is_ever_held():
    seq = 1009
    q, k, v = (oracles.sample(i, seq, 3) for i in range(3))
    bias = np.zeros((seq, seq))
    bias[0] = -0.5
    for options in ({}, {"causal": True}, {"mask": bias}, {"mask": bias < 1}, {"mask": bias.astype(int) + 1}):
        peak = peak_bytes(lambda options=options: blockwise_attention(q, k, v, block_size=61, **options))
        assert peak < seq * seq / 2, options  # of 8 bytes each


CALLS = [call for call in BAD_CALLS if "intervene" not in call[1]]


@pytest.mark.parametrize(("arrays", "options", "error", "message"), CALLS, ids=[call[3] for call in CALLS])
@pytest.mark.parametrize("block_size", [1, 256])
def test_what_the_plain_form_refuses_is_refused_in_the_same_words(
    arrays, options, error, message, block_size
):
    with pytest.raises(error) as caught:
        blockwise_attention(*arrays, **options, block_size=block_size)
    assert str(caught.value) == message


BAD_MASKS = [
    np.ones((SEQ_K, SEQ_Q), bool),
    np.ones((2, BATCH, HEADS, SEQ_Q, SEQ_K)) * 2,
    np.array([0, 1, 1, 0, 1, 1, 3]),
    np.array([0, 0, 0, 0, 0, 0, 1.0]),
    np.array([0, 0.5, 1, math.inf, 0, 0, math.nan]),
    np.array([1, 0.5, 1, 0, math.nan, 0, math.inf]),
    np.array([[0] * SEQ_K, [2, 3] * 3 + [1]]),
    np.zeros((0, SEQ_K)),
    np.array([""] * SEQ_K),
    [[1, 1], [1]],
    np.ones(SEQ_K, complex),
]


@pytest.mark.parametrize("mask", BAD_MASKS, ids=range(len(BAD_MASKS)))
def test_a_mask_that_the_plain_form_refuses_is_refused_in_the_same_words(mask):
    with pytest.raises(MaskError) as expected:
        plain(*qkv(), mask)
    with pytest.raises(MaskError) as caught:
        blockwise_attention(*qkv(), mask, block_size=2)
    assert str(caught.value) == str(expected.value)


def test_what_is_wrong_with_a_large_mask_is_found_wherever_it_stands():
    q = np.zeros((300, 1))
    for value, kind in ((math.nan, float), (1.0, float), (7, int)):
        mask = np.zeros((300, 300), kind)
        mask[299, 299] = value
        with pytest.raises(MaskError) as expected:
            plain(q, q, q, mask)
        with pytest.raises(MaskError) as caught:
            blockwise_attention(q, q, q, mask)
        assert str(caught.value) == str(expected.value)


@pytest.mark.parametrize(
    ("stage", "size", "options"),
    [
        ("raw_scores", 1e200, {}),
        ("raw_scores", 1e200, {"scale": 1e-300}),
        ("scaled_scores", 1e150, {"scale": 1e10}),
        ("masked_scores", 1e154, {"scale": 1.0, "mask": np.full((SEQ_Q, SEQ_K), 1.7e308)}),
    ],
)
def test_a_score_that_overflows_is_named_by_its_place_in_the_whole(stage, size, options):
    q, k = np.ones((2, SEQ_Q, 1)), np.ones((SEQ_K, 1))
    q[1, 3], k[4] = size, size
    with pytest.raises(NumberError) as caught:
        blockwise_attention(q, k, np.ones((SEQ_K, 1)), block_size=2, **options)
    assert str(caught.value) == (
        f"{stage} holds inf at (1, 3, 4), too large for float64: start from smaller numbers"
    )


def test_the_first_row_without_a_key_is_found_below_batch_and_head():
    mask = np.ones((BATCH, HEADS, SEQ_Q, SEQ_K), bool)
    mask[1, 2, 3] = False
    with pytest.raises(FullyMaskedRowError) as caught:
        blockwise_attention(*qkv(), mask, block_size=2)
    assert caught.value.rows == ((1, 2, 3),)
    assert np.isneginf(caught.value.partial.masked_scores[1, 2, 0]).all()


@given(hnp.arrays(bool, (HEADS, SEQ_Q, SEQ_K)), SIZES)
def test_exactly_the_rows_without_a_key_are_refused(mask, block_size):
    mask[1:, :, 2] = True
    q, k, v = (array[0] for array in qkv())
    if mask.any(axis=-1).all():
        assert_same(blockwise_attention(q, k, v, mask, block_size=block_size), plain(q, k, v, mask))
        return
    with pytest.raises(FullyMaskedRowError) as expected:
        plain(q, k, v, mask)
    with pytest.raises(FullyMaskedRowError) as caught:
        blockwise_attention(q, k, v, mask, block_size=block_size)
    assert caught.value.rows == expected.value.rows
    assert str(caught.value) == str(expected.value)


def test_what_is_known_of_the_first_row_without_a_key_is_kept():
    q, k, v = (array[0] for array in qkv())
    mask = np.ones((SEQ_Q, SEQ_K), int)
    mask[3:] = 0
    with pytest.raises(FullyMaskedRowError) as whole:
        plain(q, k, v, mask)
    with pytest.raises(FullyMaskedRowError) as caught:
        blockwise_attention(q, k, v, mask, block_size=2)
    known, all_known = caught.value.partial, whole.value.partial
    assert known.mask.dtype == bool
    assert known.mask.tolist() == [[[False] * SEQ_K]] * HEADS
    for field in ("q", "raw_scores", "scaled_scores", "masked_scores"):
        assert_same(getattr(known, field), getattr(all_known, field)[:, 3:4])
    for field in ("k", "v"):
        np.testing.assert_array_equal(getattr(known, field), getattr(all_known, field))


def test_what_is_known_of_a_row_leaves_out_its_future_if_causal():
    q, k, v = (array[0, 0, :5] for array in qkv())
    mask = np.ones((SEQ_Q, SEQ_Q), bool)
    mask[3, :4] = False  # only the key that comes after it is left
    with pytest.raises(FullyMaskedRowError) as caught:
        blockwise_attention(q, k, v, mask, block_size=2, causal=True)
    assert caught.value.rows == ((3,),)
    assert np.isneginf(caught.value.partial.masked_scores).tolist() == [[True] * 5]


@pytest.mark.parametrize("block_size", [0, -1, 2.0, True, None])
def test_a_block_holds_at_least_one_row(block_size):
    with pytest.raises(ConfigError) as caught:
        blockwise_attention(*qkv(), block_size=block_size)
    assert str(caught.value) == f"block_size must be a whole number of at least 1, got {block_size!r}"


def test_what_is_known_of_a_row_is_read_as_the_whole_was():
    _, k, v = (array[0, 0] for array in qkv())
    mask = np.full((SEQ_K, SEQ_Q), 0.5)
    mask[0] = np.eye(SEQ_Q)[0]  # 0 and 1 alone, in this row
    arrays = np.ones((SEQ_K, D_K)), k[:SEQ_Q], v[:SEQ_Q]  # more queries than keys: the first have none
    for given_as in ({"mask": mask}, {"bias": mask}, {"mask": mask, "bias": np.eye(SEQ_K, SEQ_Q, dtype=int)}):
        with pytest.raises(FullyMaskedRowError) as caught:
            blockwise_attention(*arrays, **given_as, causal=True, block_size=2)
        assert caught.value.rows == ((0,), (1,))
        assert np.isneginf(caught.value.partial.mask).all()
