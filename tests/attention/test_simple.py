import math

import numpy as np
import pytest
from hypothesis import given

from attention import (
    ConfigError,
    MultiHeadAttention,
    NumberError,
    ScaledDotProductAttention,
    ShapeError,
    SimpleAttention,
    create_causal_mask,
    create_padding_mask,
    dot_product_attention,
    scaled_dot_product_attention,
    simple_attention,
    trace_attention,
)
from tests.attention import oracles

SEQ_Q, SEQ_K, D_K, D_V = 2, 3, 5, 7


def test_the_lessons_query_by_hand():
    keys, values = [[1, 0, 1], [0, 1, 0], [1, 1, 1]], [[10, 20, 30], [1, 2, 3], [5, 10, 15]]
    output, weights = simple_attention([1, 0, 1], keys, values)
    e = math.exp(2)  # scores 2, 0, 2
    np.testing.assert_allclose(weights, np.array([e, 1, e]) / (2 * e + 1), rtol=0, atol=1e-15)
    np.testing.assert_allclose(output[0], (10 * e + 1 + 5 * e) / (2 * e + 1), rtol=0, atol=1e-14)
    assert (output.shape, weights.shape) == ((3,), (3,))


def test_the_lessons_similarities_are_softmaxed_without_scaling():
    _, weights = simple_attention([1.0], [[0.1], [0.9], [0.3], [0.2], [0.1]], np.ones((5, 1)))
    assert weights.round(3).tolist() == [0.153, 0.34, 0.186, 0.169, 0.153]


@given(oracles.matrices(1, D_K), oracles.matrices(SEQ_K, D_K), oracles.matrices(SEQ_K, D_V))
def test_one_query_is_one_row_of_unscaled_attention(query, keys, values):
    output, weights = simple_attention(query[0], keys, values)
    trace = trace_attention(query, keys, values, scale=1)
    np.testing.assert_array_equal(output, trace.head_outputs[0])
    np.testing.assert_array_equal(weights, trace.weights[0])


def test_a_score_of_800_is_no_reason_for_nan():
    _, weights = simple_attention([800.0], [[1.0], [0.0]], [[1.0], [2.0]])
    assert weights.tolist() == [1, 0]


@pytest.mark.parametrize(
    ("arrays", "error", "message"),
    [
        (
            (np.ones((2, 3)), np.ones((5, 3)), np.ones((5, 7))),
            ShapeError,
            "query must have one axis (d_k,), got shape (2, 3): dot_product_attention takes several",
        ),
        (([1, 2, 3], np.ones((5, 2)), np.ones((5, 7))), ShapeError, "query has d_k 3, but keys has d_k 2"),
        (([1, 2], np.ones((5, 2)), np.ones((3, 7))), ShapeError, "keys has seq_k 5, but values has seq_k 3"),
        (([1, 2], [1, 2], [[1]]), ShapeError, "keys must have two axes (seq_k, d_k), got shape (2,)"),
        (([1, 2], [[1, 2]], [1]), ShapeError, "values must have two axes (seq_k, d_v), got shape (1,)"),
        (([1], np.ones((0, 1)), np.ones((0, 1))), ShapeError, "keys has seq_k 0, expected at least 1"),
        (([math.nan], [[1]], [[1]]), NumberError, "query holds nan at (0,), expected finite numbers"),
        (([1], [[math.inf]], [[1]]), NumberError, "keys holds inf at (0, 0), expected finite numbers"),
        (([1], [[1]], [[math.nan]]), NumberError, "values holds nan at (0, 0), expected finite numbers"),
        ((["a"], [[1]], [[1]]), NumberError, "query must hold real numbers, got dtype <U1"),
    ],
)
def test_what_is_not_one_query_with_its_keys_and_values_is_refused(arrays, error, message):
    with pytest.raises(error) as caught:
        simple_attention(*arrays)
    assert str(caught.value) == message


def qkv():
    return oracles.sample(1, SEQ_Q, D_K), oracles.sample(2, SEQ_K, D_K), oracles.sample(3, SEQ_K, D_V)


def test_dot_product_attention_is_attention_with_a_scale_of_1():
    mask = np.tri(SEQ_Q, SEQ_K, dtype=bool)
    trace = trace_attention(*qkv(), mask, scale=1)
    output, weights = dot_product_attention(*qkv(), mask)
    np.testing.assert_array_equal(output, trace.head_outputs)
    np.testing.assert_array_equal(weights, trace.weights)


def test_the_callable_class_is_the_function():
    mask = np.tri(SEQ_Q, SEQ_K, dtype=bool)
    attention, expected = ScaledDotProductAttention(), scaled_dot_product_attention(*qkv(), mask)
    for results in (attention(*qkv(), mask), attention(*qkv(), mask=mask), attention.forward(*qkv(), mask)):
        np.testing.assert_array_equal(results[0], expected[0])
        np.testing.assert_array_equal(results[1], expected[1])
    trace = attention.trace(*qkv(), mask, scale=0.0, intervene=lambda weights: weights * 2)
    assert trace.weights[0].tolist() == [2, 0, 0]


BATCH, SEQ, HEADS, HEAD_DIM = 2, 5, 3, 7
EMBED = HEADS * HEAD_DIM


def simple_and_full():
    simple, full = SimpleAttention(EMBED, HEADS, seed=1), MultiHeadAttention(EMBED, HEADS, bias=False)
    full.load_state_dict({name.lower(): array for name, array in simple.parameters().items()})
    return simple, full


def test_its_names_and_shapes_are_those_of_the_lesson():
    simple = SimpleAttention(embed_dim=EMBED, num_heads=HEADS)
    assert (simple.embed_dim, simple.num_heads, simple.head_dim) == (EMBED, HEADS, HEAD_DIM)
    assert list(simple.parameters()) == ["W_q", "W_k", "W_v", "W_o"]
    assert all(array.shape == (EMBED, EMBED) for array in simple.parameters().values())
    assert len({array.tobytes() for array in simple.parameters().values()}) == 4


@pytest.mark.parametrize("batch", [(), (BATCH,)])
@pytest.mark.parametrize("mask", [None, create_padding_mask([4, 3], SEQ), create_causal_mask(SEQ)])
def test_it_computes_what_several_heads_compute(batch, mask):
    if mask is not None and mask.ndim == 3 and not batch:
        mask = mask[0]
    simple, full = simple_and_full()
    x = oracles.sample(4, *batch, SEQ, EMBED)
    trace = full.trace(x, mask=mask)
    output, weights = simple.forward(x, mask, return_weights=True)
    np.testing.assert_allclose(output, trace.output, rtol=0, atol=oracles.TOLERANCE)
    np.testing.assert_allclose(weights, trace.attention.weights, rtol=0, atol=oracles.TOLERANCE)
    for same in (simple.forward(x, mask), simple.self_attention(x, mask), simple(x, mask)):
        np.testing.assert_array_equal(same, output)


def test_causal_joins_the_mask():
    simple, full = simple_and_full()
    x, padding = oracles.sample(4, BATCH, SEQ, EMBED), create_padding_mask([4, 3], SEQ)
    expected = full(x, mask=padding & create_causal_mask(SEQ))
    for output in (
        simple.forward(x, padding, causal=True),
        simple.self_attention(x, padding, causal=True),
        simple(x, padding, causal=True),
        simple.causal_attention(x, padding)[0],
    ):
        np.testing.assert_allclose(output, expected, rtol=0, atol=oracles.TOLERANCE)
    _, weights = simple.causal_attention(x)
    assert (weights[..., *np.triu_indices(SEQ, 1)] == 0).all()


def test_batch_equal_to_heads_and_sequence_does_not_mistake_the_mask():
    simple, full = SimpleAttention(6, 3, seed=1), MultiHeadAttention(6, 3, bias=False)
    full.load_state_dict({name.lower(): array for name, array in simple.parameters().items()})
    x, mask = oracles.sample(4, 3, 3, 6), create_padding_mask([1, 3, 2], 3)
    for causal in (False, True):
        output = simple.forward(x, mask, causal=causal)
        expected = full(x, mask=mask & create_causal_mask(3) if causal else mask)
        np.testing.assert_allclose(output, expected, rtol=0, atol=oracles.TOLERANCE)


def test_several_heads_take_rows_of_two_sequences():
    simple, full = simple_and_full()
    Q, K, V = oracles.sample(4, SEQ, EMBED), oracles.sample(5, 11, EMBED), oracles.sample(6, 11, EMBED)
    mask = np.tri(SEQ, 11, 2, dtype=bool)
    output, weights = simple.multi_head_attention(Q, K, V, mask)
    assert weights.shape == (HEADS, SEQ, 11)
    np.testing.assert_allclose(output, full(Q, K, V, mask=mask), rtol=0, atol=oracles.TOLERANCE)


def test_the_first_two_ways_are_the_functions():
    simple, mask = SimpleAttention(4, 2), np.tri(SEQ_Q, SEQ_K, dtype=bool)
    for way, function in (
        (simple.dot_product_attention, dot_product_attention),
        (simple.scaled_dot_product_attention, scaled_dot_product_attention),
    ):
        for result, expected in zip(way(*qkv(), mask), function(*qkv(), mask), strict=True):
            np.testing.assert_array_equal(result, expected)


def test_float32_stays():
    simple = SimpleAttention(EMBED, HEADS, dtype=np.float32)
    assert simple(np.ones((SEQ, EMBED), np.float32)).dtype == np.float32


def test_refusals_name_the_argument():
    simple = SimpleAttention(4, 2)
    for call in (simple, simple.forward, simple.self_attention, simple.causal_attention):
        with pytest.raises(ShapeError, match="x has d_model 3, expected 4"):
            call(np.ones((5, 3)))
    with pytest.raises(ShapeError, match="K has d_model 3, expected 4"):
        simple.multi_head_attention(np.ones((5, 4)), np.ones((5, 3)), np.ones((5, 4)))
    with pytest.raises(ConfigError, match="n_heads 3 does not divide d_model 4: choose 1 or 2 or 4"):
        SimpleAttention(4, 3)
    simple.W_v[...], simple.W_o[...] = np.eye(4), 1e200
    simple.W_q[...] = 0
    with pytest.raises(NumberError, match=r"output holds inf at \(0, 0\), too large for float64"):
        simple(np.full((1, 4), 1e200))


def test_the_names_of_the_arguments_are_those_of_the_lessons():
    eye = np.eye(3)
    for attend in (scaled_dot_product_attention, dot_product_attention):
        output, weights = attend(Q=eye, K=eye, V=2 * eye, mask=None)
        assert output.shape == weights.shape == (3, 3)
    output, weights = simple_attention(query=eye[0], keys=eye, values=eye)
    assert output.shape == weights.shape == (3,)
