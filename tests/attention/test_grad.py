import math
from dataclasses import fields

import numpy as np
import pytest
from hypothesis import given

from attention import (
    ConfigError,
    NumberError,
    ShapeError,
    hand_built_projections,
    ops,
    softmax,
    trace_attention,
    trace_self_attention,
)
from attention.grad import (
    attention_backward,
    cross_entropy,
    cross_entropy_backward,
    embedding_backward,
    gelu_backward,
    layer_norm_backward,
    linear_backward,
    multi_head_backward,
    relu_backward,
    softmax_backward,
    softmax_jacobian,
)
from attention.heads import MultiHeadAttention
from attention.positional import RotaryPositionalEncoding
from tests.attention import oracles


def assert_slopes(grad, f, x, direction):
    """A gradient is what finite differences of the loss sum(f(x) * direction) give."""
    slopes = oracles.finite_differences(lambda moved: float((f(moved) * direction).sum()), x)
    assert grad.shape == x.shape
    np.testing.assert_allclose(grad, slopes, rtol=0, atol=oracles.DIFFERENCES)


# The small operations


@pytest.mark.parametrize("lead", [(), (2,), (2, 3)])
def test_linear_goes_back_to_x_w_and_b(lead):
    x, w, b = oracles.sample(0, *lead, 5), oracles.sample(1, 5, 7), oracles.sample(2, 7)
    direction = oracles.sample(3, *lead, 7)
    grad_x, grad_w, grad_b = linear_backward(x, w, direction)
    assert_slopes(grad_x, lambda x: ops.linear(x, w, b), x, direction)
    assert_slopes(grad_w, lambda w: ops.linear(x, w, b), w, direction)
    assert_slopes(grad_b, lambda b: ops.linear(x, w, b), b, direction)


def test_relu_goes_back_and_its_corner_has_slope_0():
    x, direction = oracles.sample(0, 3, 5), oracles.sample(1, 3, 5)
    assert_slopes(relu_backward(x, direction), ops.relu, x, direction)
    assert relu_backward([0.0, -0.0, 1e-300], [7.0, 7.0, 7.0]).tolist() == [0.0, 0.0, 7.0]


def test_gelu_goes_back_near_0_and_far_out():
    x, direction = 3 * oracles.sample(0, 5, 7), oracles.sample(1, 5, 7)
    assert_slopes(gelu_backward(x, direction), ops.gelu, x, direction)
    assert gelu_backward([-1e200, -40.0, 40.0, 1e200], [1.0] * 4).tolist() == [0.0, 0.0, 1.0, 1.0]


def test_gelu_with_tanh_goes_back_near_0_and_far_out():
    x, direction = np.linspace(-4, 4, 17), oracles.sample(2, 17)
    ours = gelu_backward(x, direction, approximate="tanh")
    assert_slopes(ours, lambda x: ops.gelu(x, approximate="tanh"), x, direction)
    far = gelu_backward([-1e200, -40.0, 40.0, 1e200], [1.0] * 4, approximate="tanh")
    assert far.tolist() == [0.0, 0.0, 1.0, 1.0]


@pytest.mark.parametrize("lead", [(), (2,), (2, 3)])
def test_layer_norm_goes_back_to_x_gain_and_bias(lead):
    x, gain, bias = oracles.sample(0, *lead, 7), oracles.sample(1, 7), oracles.sample(2, 7)
    direction, eps = oracles.sample(3, *lead, 7), 0.1
    grad_x, grad_gain, grad_bias = layer_norm_backward(x, gain, eps, direction)
    assert_slopes(grad_x, lambda x: ops.layer_norm(x, gain, bias, eps), x, direction)
    assert_slopes(grad_gain, lambda gain: ops.layer_norm(x, gain, bias, eps), gain, direction)
    assert_slopes(grad_bias, lambda bias: ops.layer_norm(x, gain, bias, eps), bias, direction)


@given(oracles.matrices(3, 7), oracles.matrices(3, 7))
def test_layer_norm_has_no_slope_along_what_it_takes_away_the_mean(x, direction):
    grad_x, _, _ = layer_norm_backward(x, np.ones(7), 1.0, direction)
    np.testing.assert_allclose(grad_x.sum(axis=-1), 0, rtol=0, atol=1e-11)


def test_a_row_that_is_looked_up_twice_gets_both_gradients_and_an_unused_one_none():
    grad = embedding_backward([[2, 0], [2, 4]], 5, [[[1, 10], [2, 20]], [[3, 30], [5, 50]]])
    assert grad.tolist() == [[2, 20], [0, 0], [4, 40], [0, 0], [5, 50]]


def test_embedding_goes_back_to_its_table():
    table, ids, direction = (
        oracles.sample(0, 5, 7),
        np.array([[1, 3, 1], [0, 1, 3]]),
        oracles.sample(1, 2, 3, 7),
    )
    assert_slopes(embedding_backward(ids, 5, direction), lambda table: table[ids], table, direction)


# Softmax


def test_the_jacobian_of_two_weights_worked_by_hand():
    assert softmax_jacobian([0.25, 0.75]).tolist() == [[0.1875, -0.1875], [-0.1875, 0.1875]]


def test_row_i_of_the_jacobian_holds_the_slopes_of_weight_i():
    scores = oracles.sample(0, 5)
    jacobian = softmax_jacobian(softmax(scores))
    for i in range(5):
        assert_slopes(jacobian[i], softmax, scores, np.eye(5)[i])


@given(oracles.matrices(2, 3, 5), oracles.matrices(2, 3, 5))
def test_going_back_through_softmax_is_multiplying_by_its_jacobian(scores, grad):
    weights = softmax(scores)
    by_jacobian = (softmax_jacobian(weights) @ grad[..., None])[..., 0]
    np.testing.assert_allclose(softmax_backward(weights, grad), by_jacobian, rtol=0, atol=1e-13)


@given(oracles.matrices(5))
def test_softmax_has_no_slope_when_all_scores_move_together(scores):
    jacobian = softmax_jacobian(softmax(scores))
    np.testing.assert_allclose(jacobian.sum(axis=-1), 0, rtol=0, atol=oracles.TOLERANCE)
    np.testing.assert_allclose(jacobian, jacobian.T, rtol=0, atol=0)


def test_a_score_without_weight_has_exactly_no_gradient():
    grad = softmax_backward(softmax([[0.3, -math.inf, 0.7]]), [[1e3, 1e3, -1e3]])
    assert grad[0, 1] == 0
    assert grad[0, 0] > 0 > grad[0, 2]


# Attention

LEADS = [
    ((), (), ()),  # no head axis
    ((2,), (2,), (2,)),
    ((3, 2), (3, 2), (3, 2)),
    ((3, 2), (2,), (3, 1)),  # keys shared by the batch, values by the heads
    ((2,), (3, 1), (1,)),
    ((), (), (2,)),  # two sets of values under the same weights
]


@pytest.mark.parametrize("leads", LEADS)
@pytest.mark.parametrize("scale", [None, -0.7])
def test_attention_goes_back_to_q_k_and_v_whatever_leads(leads, scale):
    q, k, v = (oracles.sample(i, *leads[i], *last) for i, last in enumerate([(5, 7), (3, 7), (3, 2)]))
    direction = oracles.sample(3, *np.broadcast_shapes(*leads), 5, 2)
    grads = attention_backward(trace_attention(q, k, v, scale=scale), direction)
    assert_slopes(grads.q, lambda q: trace_attention(q, k, v, scale=scale).head_outputs, q, direction)
    assert_slopes(grads.k, lambda k: trace_attention(q, k, v, scale=scale).head_outputs, k, direction)
    assert_slopes(grads.v, lambda v: trace_attention(q, k, v, scale=scale).head_outputs, v, direction)
    assert grads.mask is None


@pytest.mark.parametrize(
    "shape", [(), (7,), (1, 7), (5, 1), (5, 7), (2, 5, 7), (2, 1, 1), (3, 1, 5, 7), (1, 2, 1, 7)]
)
def test_attention_goes_back_to_a_mask_that_is_added_in_the_masks_own_shape(shape):
    q, k, v, mask = (
        oracles.sample(i, *s) for i, s in enumerate([(3, 2, 5, 11), (3, 2, 7, 11), (3, 2, 7, 2), shape])
    )
    direction = oracles.sample(4, 3, 2, 5, 2)
    grads = attention_backward(trace_attention(q, k, v, mask), direction)
    assert_slopes(
        grads.mask, lambda mask: trace_attention(q, k, v, mask).head_outputs, np.asarray(mask), direction
    )


def test_attention_worked_by_hand():
    """Two equal weights: W = (1/2, 1/2), dW = (4, 8), dS = (1/2)(4 - 6, 8 - 6) = (-1, 1)."""
    trace = trace_attention([[2.0]], [[3.0], [3.0]], [[4.0], [8.0]], mask=[[0.25, 0.25]], scale=0.5)
    grads = attention_backward(trace, [[1.0]])
    assert grads.v.tolist() == [[0.5], [0.5]]
    assert grads.mask.tolist() == [[-1.0, 1.0]]
    assert grads.q.tolist() == [[0.0]]  # -1 * 0.5 * 3 + 1 * 0.5 * 3
    assert grads.k.tolist() == [[-1.0], [1.0]]  # -1 * 0.5 * 2, 1 * 0.5 * 2


def test_a_mask_of_booleans_or_of_0_and_1_has_no_gradient():
    q, k, v = oracles.sample(0, 3, 5), oracles.sample(1, 2, 5), oracles.sample(2, 2, 7)
    for mask in ([True, False], [1, 0]):
        assert attention_backward(trace_attention(q, k, v, mask), np.ones((3, 7))).mask is None


def test_a_key_that_is_masked_out_gets_exactly_no_gradient():
    q, k, v = oracles.sample(0, 3, 5), oracles.sample(1, 3, 5), oracles.sample(2, 3, 7)
    added = np.where(np.tri(3, dtype=bool), 0.5, -np.inf)
    for mask in (np.tri(3, dtype=bool), added):
        grads = attention_backward(trace_attention(q, k, v, mask), np.eye(3, 7)[[0, 0, 0]] * [[1], [0], [0]])
        assert (grads.k[1:] == 0).all()
        assert (grads.v[1:] == 0).all()
    assert (grads.mask[np.isneginf(added)] == 0).all()
    assert grads.v[0, 0] == 1


@given(oracles.matrices(5, 3, limit=2), oracles.matrices(5, 2, limit=2), oracles.matrices(2, 2, limit=2))
def test_permuting_keys_and_values_together_permutes_their_gradients(k, v, direction):
    q, order = oracles.sample(0, 2, 3), [3, 0, 4, 1, 2]
    grads = attention_backward(trace_attention(q, k, v), direction)
    moved = attention_backward(trace_attention(q, k[order], v[order]), direction)
    np.testing.assert_allclose(moved.q, grads.q, rtol=0, atol=oracles.TOLERANCE)
    np.testing.assert_allclose(moved.k, grads.k[order], rtol=0, atol=oracles.TOLERANCE)
    np.testing.assert_allclose(moved.v, grads.v[order], rtol=0, atol=oracles.TOLERANCE)


def test_the_scale_is_the_traces_own_where_all_scores_are_0():
    q, k, v, direction = (
        np.zeros((3, 5)),
        oracles.sample(1, 2, 5),
        oracles.sample(2, 2, 7),
        oracles.sample(3, 3, 7),
    )
    usual = attention_backward(trace_attention(q, k, v), direction)
    assert_slopes(usual.q, lambda q: trace_attention(q, k, v).head_outputs, q, direction)
    other = attention_backward(trace_attention(q, k, v, scale=3), direction)
    assert_slopes(other.q, lambda q: trace_attention(q, k, v, scale=3).head_outputs, q, direction)
    np.testing.assert_allclose(other.q, 3 * math.sqrt(5) * usual.q, rtol=1e-12)


def test_a_layers_scale_is_the_traces_own_where_all_scores_are_0():
    mha, direction = multi_head(3, 3, False, None), oracles.sample(23, 3, 6)
    x, key = np.zeros((3, 6)), oracles.sample(24, 5, 6)
    grads = multi_head_backward(mha.trace(x, key, scale=0.25), direction)
    assert_slopes(grads.inputs[0], lambda x: mha.trace(x, key, scale=0.25).output, x, direction)
    assert np.abs(grads.inputs[0]).max() > 0


def test_rows_that_were_turned_are_turned_back_without_being_told():
    mha, x = multi_head(3, 3, True, RotaryPositionalEncoding(2)), oracles.sample(20, 5, 6)
    direction = oracles.sample(21, 5, 6)
    grads = multi_head_backward(mha.trace(x), direction)
    assert_slopes(sum(grads.inputs), mha, x, direction)


def test_the_scale_is_read_off_a_score_that_is_not_0():
    q, k, v, direction = (
        np.eye(2),
        np.array([[0.0, 2.0], [1.0, 0.0]]),
        oracles.sample(0, 2, 3),
        oracles.sample(1, 2, 3),
    )
    trace = trace_attention(q, k, v, scale=3)
    assert trace.raw_scores.tolist() == [[0, 1], [2, 0]]
    for signed in (q, -q):
        trace = trace_attention(signed, k, v, scale=3)
        grad = attention_backward(trace, direction).q
        assert_slopes(grad, lambda q: trace_attention(q, k, v, scale=3).head_outputs, signed, direction)


def test_a_scale_of_0_cuts_queries_and_keys_off():
    trace = trace_attention(
        oracles.sample(0, 3, 5), oracles.sample(1, 2, 5), oracles.sample(2, 2, 7), scale=0
    )
    grads = attention_backward(trace, oracles.sample(3, 3, 7))
    assert (grads.q == 0).all()
    assert (grads.k == 0).all()
    assert (grads.v != 0).all()


def test_weights_that_an_intervention_changed_are_refused_and_unchanged_ones_are_not():
    arrays = oracles.sample(0, 3, 5), oracles.sample(1, 2, 5), oracles.sample(2, 2, 7)
    for change in (lambda weights: weights[:, ::-1], lambda weights: weights * (1 + 1e-9)):
        with pytest.raises(NumberError) as caught:
            attention_backward(trace_attention(*arrays, intervene=change), np.ones((3, 7)))
        assert str(caught.value) == (
            "weights are not the softmax of masked_scores, intervene changed them: trace the call without it"
        )
    same = attention_backward(trace_attention(*arrays, intervene=lambda weights: weights), np.ones((3, 7)))
    np.testing.assert_array_equal(same.q, attention_backward(trace_attention(*arrays), np.ones((3, 7))).q)


def test_float32_stays_float32_all_the_way_back():
    q, k, v, mask = (
        oracles.sample(i, *s).astype(np.float32) for i, s in enumerate([(97, 5), (89, 5), (89, 7), (97, 89)])
    )
    one = np.ones((97, 7), np.float32)
    grads = attention_backward(trace_attention(q * 9, k * 9, v, mask), one)
    assert {getattr(grads, field.name).dtype for field in fields(grads)} == {np.dtype(np.float32)}
    others = [
        *linear_backward(k, q[:5, :3], np.ones((89, 3), np.float32)),
        *layer_norm_backward(k, q[0], 1e-5, k),
        relu_backward(k, k),
        gelu_backward(k, k),
        embedding_backward(np.arange(89), 89, k),
        softmax_jacobian(softmax(q)),
        softmax_backward(softmax(q), q),
        cross_entropy_backward(q, np.zeros(97, int)),
        cross_entropy_backward(q, np.zeros(97, int), np.arange(97)),
    ]
    assert {grad.dtype for grad in others} == {np.dtype(np.float32)}


# Several heads


def multi_head(num_heads, num_kv_heads, bias, rotary):
    mha = MultiHeadAttention(
        2 * num_heads, num_heads, num_kv_heads=num_kv_heads, bias=bias, rotary=rotary, seed=1
    )
    for i, weight in enumerate(mha.parameters().values()):
        weight[...] = oracles.sample(i, *weight.shape) / 2
    return mha


@pytest.mark.parametrize(
    ("num_heads", "num_kv_heads", "bias", "turned"),
    [(1, 1, True, False), (3, 3, True, False), (3, 3, False, True), (4, 2, True, True), (4, 1, False, False)],
)
def test_several_heads_go_back_to_every_input_and_every_weight(num_heads, num_kv_heads, bias, turned):
    rotary = RotaryPositionalEncoding(2) if turned else None
    mha = multi_head(num_heads, num_kv_heads, bias, rotary)
    width = mha.d_model
    inputs = [oracles.sample(20 + i, 2, seq, width) for i, seq in enumerate((3, 5, 5))]
    direction = oracles.sample(23, 2, 3, width)
    grads = multi_head_backward(mha.trace(*inputs), direction)

    for i, x in enumerate(inputs):
        assert_slopes(grads.inputs[i], lambda x, i=i: mha(*inputs[:i], x, *inputs[i + 1 :]), x, direction)
    assert list(grads.parameters) == list(mha.parameters())
    for name, weight in mha.parameters().items():

        def with_weight(moved, weight=weight):
            kept = weight.copy()
            weight[...] = moved
            output = mha(*inputs)
            weight[...] = kept
            return output

        assert_slopes(grads.parameters[name], with_weight, weight.copy(), direction)


def test_in_self_attention_the_gradient_of_x_is_the_sum_over_its_three_roles():
    mha, x, direction = multi_head(3, 3, True, None), oracles.sample(20, 5, 6), oracles.sample(21, 5, 6)
    grads = multi_head_backward(mha.trace(x, mask=np.tri(5, dtype=bool)), direction)
    assert_slopes(sum(grads.inputs), lambda x: mha(x, mask=np.tri(5, dtype=bool)), x, direction)


def test_a_query_without_batch_over_a_batch_of_keys_gets_the_sum_over_the_batch():
    mha, query, key = multi_head(3, 3, True, None), oracles.sample(20, 3, 6), oracles.sample(21, 2, 5, 6)
    direction = oracles.sample(22, 2, 3, 6)
    grads = multi_head_backward(mha.trace(query, key), direction)
    assert_slopes(grads.inputs[0], lambda query: mha(query, key), query, direction)


def test_heads_without_an_output_matrix_go_back_to_x():
    projections, x, direction = (
        hand_built_projections(6, 3),
        oracles.sample(0, 5, 6) / 2,
        oracles.sample(1, 5, 6),
    )
    grads = multi_head_backward(trace_self_attention(x, projections, 3), direction)
    assert list(grads.parameters) == ["w_q", "w_k", "w_v"]
    assert_slopes(sum(grads.inputs), lambda x: trace_self_attention(x, projections, 3).output, x, direction)


def test_the_weights_that_count_are_those_of_the_trace():
    mha, x = multi_head(3, 3, True, None), oracles.sample(20, 5, 6)
    trace = mha.trace(x)
    before = multi_head_backward(trace, np.ones((5, 6)))
    for weight in mha.parameters().values():
        weight += 1
    after = multi_head_backward(trace, np.ones((5, 6)))
    np.testing.assert_array_equal(before.inputs[0], after.inputs[0])


# The loss


def test_cross_entropy_worked_by_hand():
    logits = np.log([[1.0, 1.0, 2.0], [6.0, 1.0, 1.0]])  # softmax: 1/4 1/4 1/2, and 3/4 1/8 1/8
    assert cross_entropy(logits, [2, 1]) == pytest.approx((math.log(2) + math.log(8)) / 2, abs=1e-15)
    expected = [[0.125, 0.125, -0.25], [0.375, -0.4375, 0.0625]]
    np.testing.assert_allclose(cross_entropy_backward(logits, [2, 1]), expected, rtol=0, atol=1e-15)


def test_a_blind_guess_among_7_costs_ln_7():
    assert cross_entropy(np.full((2, 3, 7), 5.0), np.ones((2, 3), int)) == pytest.approx(
        math.log(7), abs=1e-15
    )


@pytest.mark.parametrize("lead", [(), (2,), (2, 3)])
def test_cross_entropy_goes_back_to_the_logits(lead):
    logits, targets = oracles.sample(0, *lead, 5), np.random.default_rng(1).integers(0, 5, lead)
    grad = cross_entropy_backward(logits, targets)
    assert_slopes(grad, lambda logits: np.array(cross_entropy(logits, targets)), logits, 1.0)


def test_a_row_counts_as_often_as_its_weight_says_and_not_at_all_at_0():
    logits, targets = oracles.sample(0, 2, 3, 5), np.array([[4, 0, 2], [1, 1, 3]])
    weights = np.array([[2, 0, 1], [3, 0, 0]])
    picked = [(0, 0), (0, 0), (0, 2), (1, 0), (1, 0), (1, 0)]
    repeated = np.array([logits[at] for at in picked]), np.array([targets[at] for at in picked])
    assert cross_entropy(logits, targets, weights) == pytest.approx(cross_entropy(*repeated), abs=1e-15)
    grad, of_each = cross_entropy_backward(logits, targets, weights), cross_entropy_backward(*repeated)
    assert_slopes(grad, lambda logits: np.array(cross_entropy(logits, targets, weights)), logits, 1.0)
    np.testing.assert_allclose(grad[0, 0], of_each[0] + of_each[1], rtol=0, atol=1e-15)
    assert (grad[weights == 0] == 0).all()


def test_only_the_proportions_of_weights_count():
    logits, targets = oracles.sample(0, 3, 5), [4, 0, 2]
    for weights in ([0.1, 0.1, 0.1], [7, 7, 7]):
        assert cross_entropy(logits, targets, weights) == pytest.approx(
            cross_entropy(logits, targets), abs=1e-15
        )
        np.testing.assert_allclose(
            cross_entropy_backward(logits, targets, weights),
            cross_entropy_backward(logits, targets),
            rtol=0,
            atol=1e-15,
        )


@given(oracles.matrices(3, 5, limit=700))
def test_cross_entropy_is_never_negative_and_its_gradient_sums_to_0_in_each_row(logits):
    targets = np.array([4, 0, 2])
    rows = [-math.log(oracles.softmax_row(row)[target]) if row[target] > max(row) - 600 else None
            for row, target in zip(logits.tolist(), targets, strict=True)]  # fmt: skip
    loss = cross_entropy(logits, targets)
    assert loss >= 0
    if None not in rows:
        assert loss == pytest.approx(math.fsum(rows) / 3, rel=1e-12, abs=1e-12)
    np.testing.assert_allclose(cross_entropy_backward(logits, targets).sum(axis=-1), 0, rtol=0, atol=1e-15)


def test_logits_that_overflow_exp_are_no_trouble():
    assert cross_entropy([[1e300, -1e300], [0.0, 800.0]], [0, 0]) == 400
    assert cross_entropy_backward([[0.0, 800.0]], [0]).tolist() == [[-1.0, 1.0]]


# What cannot be taken

ATTENTION = trace_attention(oracles.sample(0, 3, 5), oracles.sample(1, 2, 5), oracles.sample(2, 2, 7))
HEADS = trace_self_attention(oracles.sample(0, 5, 4), hand_built_projections(4, 2), 2)
TWO, NAN = np.ones((2, 3)), [[1.0, math.nan, 1.0], [1.0, 1.0, 1.0]]


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: linear_backward(TWO, np.ones((3, 5)), TWO), ShapeError,
         "grad_output has shape (2, 3), expected (2, 5)"),
        (lambda: linear_backward(TWO, np.ones((5, 7)), TWO), ShapeError,
         "x has d_in 3, but w has d_in 5"),
        (lambda: linear_backward(TWO, np.ones(3), TWO), ShapeError,
         "w must have the axes (d_in, d_out), got shape (3,)"),
        (lambda: linear_backward(1.0, np.ones((1, 1)), TWO), ShapeError,
         "x must end in the axis d_in, got shape ()"),
        (lambda: linear_backward(NAN, np.ones((3, 5)), np.ones((2, 5))), NumberError,
         "x holds nan at (0, 1), expected finite numbers"),
        (lambda: linear_backward(TWO, NAN, TWO), NumberError,
         "w holds nan at (0, 1), expected finite numbers"),
        (lambda: linear_backward([[1e200]], [[1.0]], [[1e200]]), NumberError,
         "the gradient holds inf at (0, 0), too large for float64: start from smaller numbers"),
        (lambda: relu_backward(TWO, [1.0]), ShapeError, "grad_output has shape (1,), expected (2, 3)"),
        (lambda: relu_backward(TWO, NAN), NumberError,
         "grad_output holds nan at (0, 1), expected finite numbers"),
        (lambda: gelu_backward(TWO, [1.0]), ShapeError, "grad_output has shape (1,), expected (2, 3)"),
        (lambda: gelu_backward(NAN, TWO), NumberError,
         "x holds nan at (0, 1), expected finite numbers"),
        (lambda: gelu_backward([1.0], [1.7e308]), NumberError,
         "the gradient holds inf at (0,), too large"),
        (lambda: layer_norm_backward(TWO, [1.0, 1.0], 1e-5, TWO), ShapeError,
         "gain has shape (2,), expected (3,)"),
        (lambda: layer_norm_backward(TWO, [1.0] * 3, 0, TWO), NumberError,
         "eps must be a finite number above 0, got 0"),
        (lambda: layer_norm_backward(TWO, [1.0] * 3, 1e-5, [1.0]), ShapeError,
         "grad_output has shape (1,), expected (2, 3)"),
        (lambda: layer_norm_backward(TWO, [1e300] * 3, 1e-5, TWO * 1e300), NumberError,
         "the gradient holds nan at (0, 0), too large for float64"),
        (lambda: layer_norm_backward(1.0, 1.0, 1e-5, 1.0), ShapeError,
         "x must end in the axis d_model, got shape ()"),
        (lambda: embedding_backward([0, 7], 5, TWO), NumberError,
         "ids holds 7 at (1,), expected whole numbers from 0 to 4"),
        (lambda: embedding_backward([0, -1], 5, TWO), NumberError,
         "ids holds -1 at (1,), expected whole numbers from 0 to 4"),
        (lambda: embedding_backward([0.0, 1.0], 5, TWO), NumberError,
         "ids must hold whole numbers, got dtype float64"),
        (lambda: embedding_backward([[0], [1, 2]], 5, TWO), ShapeError,
         "ids must be a full rectangle of whole numbers"),
        (lambda: embedding_backward([0, 1, 2], 5, TWO), ShapeError,
         "grad_output has shape (2, 3), expected the shape of ids (3,) and d_model"),
        (lambda: softmax_jacobian(1.0), ShapeError,
         "weights must end in the axis of the softmax, got shape ()"),
        (lambda: softmax_jacobian(NAN), NumberError,
         "weights holds nan at (0, 1), expected finite numbers"),
        (lambda: softmax_backward(TWO, [1.0]), ShapeError,
         "grad_output has shape (1,), expected (2, 3)"),
        (lambda: attention_backward(ATTENTION, TWO), ShapeError,
         "grad_output has shape (2, 3), expected (3, 7)"),
        (lambda: attention_backward(ATTENTION, np.ones((3, 7)) * math.inf), NumberError,
         "grad_output holds inf at (0, 0), expected finite numbers"),
        (lambda: attention_backward(HEADS, np.ones((3, 7))), ConfigError,
         "trace must be of the class AttentionTrace, got MultiHeadTrace: trace_attention gives one"),
        (lambda: multi_head_backward(np.ones((3, 7)), TWO), ConfigError,
         "trace must be of the class MultiHeadTrace, got ndarray: MultiHeadAttention.trace gives one"),
        (lambda: multi_head_backward(HEADS, TWO), ShapeError,
         "grad_output has shape (2, 3), expected (5, 4)"),
        (lambda: cross_entropy(TWO, [0, 1, 2]), ShapeError,
         "targets has shape (3,), expected (2,): one for each row of logits"),
        (lambda: cross_entropy_backward(TWO, [0, 3]), NumberError,
         "targets holds 3 at (1,), expected whole numbers from 0 to 2"),
        (lambda: cross_entropy(TWO, [0, 1], [1.0]), ShapeError, "weights has shape (1,), expected (2,)"),
        (lambda: cross_entropy(TWO, [0, 1], [1, -1]), NumberError,
         "weights holds -1.0 at (1,), expected numbers of at least 0"),
        (lambda: cross_entropy_backward(TWO, [0, 1], [0, 0]), NumberError,
         "weights are all 0: no row counts"),
        (lambda: cross_entropy_backward(TWO, [0, 1], [0, math.nan]), NumberError,
         "weights holds nan at (1,), expected finite numbers"),
        (lambda: cross_entropy(NAN, [0, 0]), NumberError,
         "logits holds nan at (0, 1), expected finite numbers"),
        (lambda: cross_entropy(np.ones((0, 3)), np.ones(0, int)), ShapeError,
         "logits has shape (0, 3), expected at least one row of n_classes numbers"),
    ],
)  # fmt: skip
def test_what_a_backward_pass_cannot_take_is_refused_by_name(call, error, message):
    with pytest.raises(error) as caught:
        call()
    assert str(caught.value).startswith(message)


def test_a_jacobian_of_what_no_softmax_gave_is_refused_where_it_overflows():
    with pytest.raises(NumberError, match=r"too large for float64"):
        softmax_jacobian([1e200, 1e200])
