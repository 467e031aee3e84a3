import inspect

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from attention import (
    ConfigError,
    CrossAttention,
    GroupedQueryAttention,
    MultiHeadAttention,
    MultiQueryAttention,
    SelfAttention,
    ShapeError,
    create_causal_mask,
    scaled_dot_product_attention,
    trace_attention,
)
from tests.attention import oracles

BATCH, SEQ_Q, SEQ_K, D_MODEL = 2, 5, 7, 11


def copy_weights(source, target):
    target.load_state_dict(source.state_dict())
    return target


def test_self_attention_asks_and_answers_with_the_rows_themselves():
    x, mask = oracles.sample(1, BATCH, SEQ_Q, D_MODEL), create_causal_mask(SEQ_Q)
    layer = SelfAttention(D_MODEL)
    expected = scaled_dot_product_attention(x, x, x, mask)
    for results in (layer(x, mask), layer.forward(x, mask)):
        for result, wanted in zip(results, expected, strict=True):
            np.testing.assert_array_equal(result, wanted)
    assert layer.parameters() == {}


def test_self_attention_with_projections_asks_with_projected_rows():
    x, layer = oracles.sample(1, SEQ_Q, D_MODEL), SelfAttention(D_MODEL, projections=True, seed=3)
    output, weights = layer(x)
    q, k, v = (oracles.matmul(x.tolist(), w.tolist()) for w in (layer.w_q, layer.w_k, layer.w_v))
    expected = oracles.attend(q, k, v, np.ones((SEQ_Q, SEQ_Q)).tolist(), D_MODEL**-0.5)
    np.testing.assert_allclose(weights, expected["weights"], rtol=0, atol=oracles.TOLERANCE)
    np.testing.assert_allclose(output, expected["head_outputs"], rtol=0, atol=oracles.TOLERANCE)
    assert list(layer.parameters()) == ["w_q", "w_k", "w_v"]
    assert (layer.w_q != layer.w_k).any()
    assert (SelfAttention(D_MODEL, projections=True, seed=4).w_q != layer.w_q).any()


@pytest.mark.parametrize("projections", [False, True])
def test_self_attentions_trace_ends_in_its_output(projections):
    x, mask = oracles.sample(1, SEQ_Q, D_MODEL), create_causal_mask(SEQ_Q)
    layer = SelfAttention(D_MODEL, projections=projections)
    trace, (output, weights) = layer.trace(x, mask), layer(x, mask)
    np.testing.assert_array_equal(trace.head_outputs, output)
    np.testing.assert_array_equal(trace.weights, weights)
    even = layer.trace(x, scale=0.0, intervene=lambda weights: 2 * weights)
    np.testing.assert_array_equal(even.weights, np.full((SEQ_Q, SEQ_Q), 2 / SEQ_Q))


@pytest.mark.parametrize("projections", [False, True])
def test_self_attentions_gradients_are_finite_differences(projections):
    x, grad = oracles.sample(1, SEQ_Q, D_MODEL), oracles.sample(2, SEQ_Q, D_MODEL)
    layer, mask, step = SelfAttention(D_MODEL, projections=projections), create_causal_mask(SEQ_Q), 1e-6
    grads = layer.backward(x, grad, mask)

    def loss():
        return (layer(x, mask)[0] * grad).sum()

    for array, found in [
        (x, grads.inputs[0]),
        *((layer.parameters()[n], g) for n, g in grads.parameters.items()),
    ]:
        for place in [(0, 0), (2, 3), (4, 10)]:
            kept = array[place]
            array[place] = kept + step
            above = loss()
            array[place] = kept - step
            below = loss()
            array[place] = kept
            assert found[place] == pytest.approx((above - below) / (2 * step), abs=1e-7)
    assert list(grads.parameters) == list(layer.parameters())


def test_self_attention_keeps_float32():
    layer = SelfAttention(D_MODEL, projections=True, dtype=np.float32)
    assert layer(np.ones((SEQ_Q, D_MODEL), np.float32))[0].dtype == np.float32


def test_self_attention_refuses_rows_of_another_width():
    for call in (SelfAttention(4), SelfAttention(4).trace):
        with pytest.raises(ShapeError, match="x has d_model 3, expected 4"):
            call(np.ones((5, 3)))
    with pytest.raises(ConfigError, match="d_model must be a whole number of at least 1, got 0"):
        SelfAttention(0)


def test_cross_attention_is_several_heads_on_two_sequences():
    cross = CrossAttention(12, 3, seed=1)
    mha = copy_weights(cross, MultiHeadAttention(12, 3))
    x, memory = oracles.sample(1, BATCH, SEQ_Q, 12), oracles.sample(2, BATCH, SEQ_K, 12)
    mask = np.arange(SEQ_K) < np.array([5, 3])[:, None, None]
    np.testing.assert_array_equal(cross(x, memory, mask=mask), mha(x, memory, mask=mask))
    assert cross.trace(x, memory).attention.weights.shape == (BATCH, 3, SEQ_Q, SEQ_K)


def test_cross_attention_does_not_ask_itself():
    cross = CrossAttention(4, 2)
    for call in (cross, cross.trace):
        with pytest.raises(ShapeError) as caught:
            call(np.ones((5, 4)))
        assert str(caught.value) == (
            "key is missing: cross-attention needs the rows (..., seq_k, d_model) that are asked"
        )


@pytest.mark.parametrize(
    ("grouped", "n_kv_heads"),
    [(GroupedQueryAttention(12, 6, 2, seed=1), 2), (MultiQueryAttention(12, 6, seed=1), 1)],
)
def test_sharing_key_heads_is_the_same_as_repeating_their_columns(grouped, n_kv_heads):
    assert grouped.w_k.shape == grouped.w_v.shape == (12, 2 * n_kv_heads)
    full = MultiHeadAttention(12, 6)
    state = grouped.state_dict()
    for name in ("w_k", "w_v", "b_k", "b_v"):
        columns = state[name].reshape(*state[name].shape[:-1], n_kv_heads, 2)
        state[name] = np.repeat(columns, 6 // n_kv_heads, axis=-2).reshape(*state[name].shape[:-1], 12)
    full.load_state_dict(state)
    x = oracles.sample(1, BATCH, SEQ_Q, 12)
    np.testing.assert_allclose(grouped(x), full(x), rtol=0, atol=oracles.TOLERANCE)


def test_options_reach_the_heads():
    grouped = GroupedQueryAttention(12, 6, 3, bias=False, dtype=np.float32)
    assert grouped.b_q is None
    assert grouped.w_k.dtype == np.float32
    assert MultiQueryAttention(12, 6, bias=False).b_k is None


def test_a_number_of_key_heads_must_be_given_and_divide():
    with pytest.raises(ConfigError, match="num_kv_heads must be a whole number of at least 1, got None"):
        GroupedQueryAttention(12, 6, None)
    with pytest.raises(
        ConfigError, match="num_kv_heads 4 does not divide num_heads 6: choose 1 or 2 or 3 or 6"
    ):
        GroupedQueryAttention(12, 6, 4)


def test_identity_projections_are_no_projections():
    layer, x = SelfAttention(D_MODEL, projections=True), oracles.sample(1, SEQ_Q, D_MODEL)
    for array in layer.parameters().values():
        array[...] = np.eye(D_MODEL)
    expected = trace_attention(x, x, x).head_outputs
    np.testing.assert_allclose(layer(x)[0], expected, rtol=0, atol=oracles.TOLERANCE)
    assert "mask" in inspect.signature(layer.forward).parameters


@given(st.sampled_from([1, 2, 3, 6]), st.permutations(range(SEQ_K)), st.integers(0, 2**32 - 1))
def test_the_order_of_keys_does_not_matter_however_heads_share_them(n_kv_heads, order, seed):
    gqa = GroupedQueryAttention(12, 6, n_kv_heads, seed=seed)
    x, y = oracles.sample(seed, SEQ_Q, 12), oracles.sample(seed + 1, SEQ_K, 12)
    np.testing.assert_allclose(gqa(x, y[order]), gqa(x, y), rtol=0, atol=1e-12)
