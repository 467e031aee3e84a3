import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from attention import ConfigError, NumberError, ShapeError, entropy, softmax
from attention.ops import erf, gelu, layer_norm, linear, relu
from tests.attention import oracles

ANY_FINITE = st.floats(allow_nan=False, allow_infinity=False)


def test_softmax_of_the_lessons_five_scores_is_what_the_computation_gives():
    assert softmax([0.1, 0.9, 0.3, 0.2, 0.1]).round(3).tolist() == [0.153, 0.340, 0.186, 0.169, 0.153]


def test_softmax_of_equal_scores_is_even():
    assert softmax([3.0, 3.0, 3.0, 3.0]).tolist() == [0.25] * 4


def test_softmax_of_logarithms_gives_back_the_proportions():
    np.testing.assert_allclose(softmax(np.log([1.0, 2.0, 5.0])), [0.125, 0.25, 0.625], rtol=0, atol=1e-15)


@given(hnp.arrays(np.float64, (3, 7), elements=ANY_FINITE))
def test_softmax_rows_sum_to_1_for_any_finite_scores(scores):
    weights = softmax(scores)
    assert (weights >= 0).all()
    np.testing.assert_allclose(weights.sum(-1), 1, rtol=0, atol=oracles.TOLERANCE)


@given(oracles.matrices(5, limit=30), st.floats(-1000, 1000))
def test_softmax_does_not_change_when_all_scores_move_together(scores, shift):
    np.testing.assert_allclose(softmax(scores + shift), softmax(scores), rtol=1e-9, atol=1e-12)


@given(oracles.matrices(5, limit=700))
def test_softmax_equals_plain_loops(scores):
    np.testing.assert_allclose(softmax(scores), oracles.softmax_row(scores), rtol=0, atol=oracles.TOLERANCE)


def test_softmax_takes_scores_that_overflow_exp():
    assert softmax([800.0, 0.0]).tolist() == [1.0, 0.0]
    assert softmax([-1e308, 1e308]).tolist() == [0.0, 1.0]


def test_softmax_gives_minus_infinity_exactly_no_weight():
    assert softmax([0.0, -math.inf, 0.0]).tolist() == [0.5, 0.0, 0.5]


def test_softmax_works_along_any_axis():
    scores = oracles.sample(0, 2, 3, 5)
    np.testing.assert_array_equal(softmax(scores, axis=1), softmax(scores.swapaxes(1, 2)).swapaxes(1, 2))


def test_softmax_keeps_float32_and_turns_whole_numbers_into_float64():
    assert softmax(np.zeros(3, np.float32)).dtype == np.float32
    assert softmax([1, 2]).dtype == np.float64


def test_softmax_leaves_its_input_alone():
    scores = np.array([1.0, 2.0])
    softmax(scores)
    assert scores.tolist() == [1.0, 2.0]


@pytest.mark.parametrize(
    ("scores", "error", "message"),
    [
        (
            [[0.0], [-math.inf]],
            NumberError,
            "softmax needs at least one finite score in each row, row (1,) has none",
        ),
        ([math.nan, 0.0], NumberError, "x holds nan, expected finite scores or -inf"),
        ([math.inf, 0.0], NumberError, "x holds inf, expected finite scores or -inf"),
        (3.0, ShapeError, "x has shape (), expected axis -1 with at least one score"),
        ([], ShapeError, "x has shape (0,), expected axis -1 with at least one score"),
        ([1j], NumberError, "x must hold real numbers, got dtype complex128"),
        ([[1], [1, 2]], ShapeError, "x must be a full rectangle of numbers"),
    ],
)
def test_softmax_says_what_it_cannot_take(scores, error, message):
    with pytest.raises(error) as caught:
        softmax(scores)
    assert str(caught.value).startswith(message)


def test_entropy_is_0_for_one_key_and_log2_n_for_n_equal_ones():
    assert entropy([[0.125] * 8, [0.0] * 7 + [1.0]]).tolist() == [3.0, 0.0]
    assert not np.signbit(entropy([1.0, 0.0]))


@given(oracles.matrices(5))
def test_entropy_equals_plain_loops_and_stays_within_its_bounds(scores):
    weights = softmax(scores)
    bits = float(entropy(weights))
    assert bits == pytest.approx(oracles.entropy_bits(weights.tolist()), abs=oracles.TOLERANCE)
    assert 0 <= bits <= math.log2(5) + oracles.TOLERANCE


@pytest.mark.parametrize(
    ("weights", "message"),
    [
        ([1.5, -0.5], "weights holds -0.5, expected none below 0"),
        ([[0.5, 0.5], [1.0, 1.0]], "weights must sum to 1 along axis -1, got a sum of 2.0"),
        ([math.nan, 1.0], "weights must sum to 1 along axis -1, got a sum of nan"),
    ],
)
def test_entropy_refuses_what_are_no_weights(weights, message):
    with pytest.raises(NumberError) as caught:
        entropy(weights)
    assert str(caught.value) == message


def test_linear_mixes_columns_and_adds_the_bias_to_each_row():
    w, b = [[1, 0, 3], [0, 1, 4]], [10, 20, 30]
    assert linear([[1, 2], [3, 5]], w, b).tolist() == [[11, 22, 41], [13, 25, 59]]
    assert linear([1, 2], w).tolist() == [1, 2, 11]


@given(oracles.matrices(5, 3), oracles.matrices(3, 7), oracles.matrices(7))
def test_linear_equals_plain_loops(x, w, b):
    expected = np.array(oracles.matmul(x.tolist(), w.tolist())) + b
    np.testing.assert_allclose(linear(x, w, b), expected, rtol=0, atol=100 * oracles.TOLERANCE)


def test_relu_keeps_what_is_positive():
    assert relu([[-2, 0], [3, -0.5]]).tolist() == [[0, 0], [3, 0]]


def test_erf_agrees_with_the_c_library_everywhere_to_the_last_digits():
    spread = oracles.sample(2, 20_000)
    x = np.concatenate(
        [np.linspace(-7, 7, 20_001), 2 * spread, np.exp(20 * spread).clip(0, 9), [0.46875, 0.468751, 4, 6]]
    )
    expected = np.array([math.erf(each) for each in x.tolist()])
    np.testing.assert_allclose(erf(x), expected, rtol=1e-15, atol=0)


@given(ANY_FINITE)
def test_erf_is_odd_and_stays_within_1_for_any_finite_number(x):
    assert erf(-x) == -erf(x)
    assert -1 <= erf(x) <= 1


def test_erf_keeps_the_sign_of_zero_and_is_1_far_out():
    assert np.signbit(erf(-0.0))
    assert erf([7.0, -1e308]).tolist() == [1.0, -1.0]


def test_erf_of_float32_is_good_to_its_digits():
    x = np.linspace(-5, 5, 2003, dtype=np.float32)
    expected = [math.erf(each) for each in x.tolist()]
    np.testing.assert_allclose(erf(x), expected, rtol=0, atol=3e-7)


def test_gelu_of_a_few_numbers_is_x_times_the_share_of_the_bell_curve_below_it():
    shares = [0.022750131948179195, 0.15865525393145707, 0.5, 0.8413447460685429]  # Phi(-2), ..., Phi(1)
    np.testing.assert_allclose(gelu([-2, -1, 0, 1]), np.multiply([-2, -1, 0, 1], shares), rtol=1e-14)


@given(st.floats(-30, 30))
def test_gelu_differs_from_its_mirror_image_by_x(x):
    for form in ("none", "tanh"):
        assert gelu(x, approximate=form) - gelu(-x, approximate=form) == pytest.approx(x, abs=1e-14)


def test_gelu_with_tanh_is_the_formula_and_near_the_exact_form():
    x = np.linspace(-6, 6, 101)
    by_hand = [0.5 * t * (1 + math.tanh(math.sqrt(2 / math.pi) * (t + 0.044715 * t**3))) for t in x]
    np.testing.assert_allclose(gelu(x, approximate="tanh"), by_hand, rtol=0, atol=1e-15)
    assert 1e-4 < np.abs(gelu(x, approximate="tanh") - gelu(x)).max() < 5e-4
    assert gelu([-1e200, 1e200], approximate="tanh").tolist() == [0, 1e200]


@pytest.mark.parametrize("form", ["exact", None, True])
def test_gelu_has_two_forms(form):
    with pytest.raises(ConfigError, match="approximate must be 'none' or 'tanh', got"):
        gelu([1.0], approximate=form)


def test_layer_norm_of_four_numbers_by_hand():
    # mean 4, variance (9 + 1 + 1 + 9) / 4 = 5, and 5 + 4 = 3 squared
    y = layer_norm([1.0, 3.0, 5.0, 7.0], gain=[3, 3, 6, 3], bias=[0, 0, 0, 10], eps=4)
    np.testing.assert_allclose(y, [-3, -1, 2, 13], rtol=1e-15)


@given(oracles.matrices(2, 3, 7))
def test_layer_norm_equals_plain_loops(x):
    gain, bias = oracles.sample(3, 7), oracles.sample(4, 7)
    expected = [
        [oracles.layer_norm_row(row, gain.tolist(), bias.tolist(), 1e-5) for row in block]
        for block in x.tolist()
    ]
    np.testing.assert_allclose(layer_norm(x, gain, bias), expected, rtol=0, atol=1e-9)


@given(oracles.matrices(3, 7))
def test_layer_norm_rows_have_mean_0_and_variance_1_but_for_eps(x):
    y = layer_norm(x, np.ones(7), np.zeros(7), eps=1e-5)
    variance = x.var(axis=-1)
    np.testing.assert_allclose(y.mean(-1), 0, rtol=0, atol=oracles.TOLERANCE)
    np.testing.assert_allclose(y.var(-1), variance / (variance + 1e-5), rtol=1e-9, atol=oracles.TOLERANCE)


def test_layer_norm_of_a_row_of_equal_numbers_is_the_bias():
    assert layer_norm([[2.0, 2.0, 2.0]], [5, 5, 5], [1, 2, 3]).tolist() == [[1, 2, 3]]


@pytest.mark.parametrize("call", [
    relu, erf, gelu,
    lambda x: linear(x, np.ones((3, 2), x.dtype), np.ones(2, x.dtype)),
    lambda x: layer_norm(x, np.ones(3, x.dtype), np.zeros(3, x.dtype)),
])  # fmt: skip
def test_each_operation_keeps_float32_and_float64_and_leaves_its_input_alone(call):
    for dtype in (np.float32, np.float64):
        x = oracles.sample(5, 2, 3).astype(dtype)
        before = x.copy()
        assert call(x).dtype == dtype
        np.testing.assert_array_equal(x, before)


@pytest.mark.parametrize("call", [
    relu, erf, gelu, lambda x: linear(x, np.ones((2, 3))), lambda x: layer_norm(x, np.ones(2), np.ones(2)),
])  # fmt: skip
@pytest.mark.parametrize(
    ("x", "error", "message"),
    [
        ([[0.0, math.nan]], NumberError, "x holds nan at (0, 1), expected finite numbers"),
        ([[-math.inf, 0.0]], NumberError, "x holds -inf at (0, 0), expected finite numbers"),
        ([[1], [1, 2]], ShapeError, "x must be a full rectangle of numbers"),
        (["a", "b"], NumberError, "x must hold real numbers, got dtype <U1"),
    ],
)
def test_each_operation_refuses_by_name_what_is_no_number(call, x, error, message):
    with pytest.raises(error) as caught:
        call(x)
    assert str(caught.value).startswith(message)


HUGE = 1e308


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: linear(np.ones(3), np.ones((5, 2))), ShapeError, "x has d_in 3, but w has d_in 5"),
        (lambda: linear(np.ones(3), np.ones((3, 2)), np.ones(3)), ShapeError,
         "b has shape (3,), expected (2,)"),
        (lambda: linear(np.ones(3), np.ones(3)), ShapeError,
         "w must have the axes (d_in, d_out), each at least 1, got shape (3,)"),
        (lambda: linear(np.ones(3), np.ones((3, 0))), ShapeError,
         "w must have the axes (d_in, d_out), each at least 1, got shape (3, 0)"),
        (lambda: linear(2.0, np.ones((3, 2))), ShapeError, "x must end in the axis d_in, got shape ()"),
        (lambda: linear(np.ones((0, 3)), np.ones((3, 2))), ShapeError,
         "x has shape (0, 3), expected at least one number"),
        (lambda: linear(np.ones(3), [[1], [math.inf], [0]]), NumberError,
         "w holds inf at (1, 0), expected finite numbers"),
        (lambda: linear(np.ones(2), np.ones((2, 2)), [0, math.nan]), NumberError,
         "b holds nan at (1,), expected finite numbers"),
        (lambda: linear([HUGE, HUGE], [[1], [1]]), NumberError,
         "output holds inf at (0,), too large for float64: start from smaller numbers"),
        (lambda: layer_norm(np.ones(3), np.ones(2), np.ones(3)), ShapeError,
         "x has d_model 3, but gain has shape (2,)"),
        (lambda: layer_norm(np.ones(3), np.ones(3), np.ones((1, 3))), ShapeError,
         "x has d_model 3, but bias has shape (1, 3)"),
        (lambda: layer_norm(3.0, np.ones(3), np.ones(3)), ShapeError,
         "x must end in the axis d_model, got shape ()"),
        (lambda: layer_norm(np.ones(0), np.ones(0), np.ones(0)), ShapeError,
         "x has shape (0,), expected at least one number"),
        (lambda: layer_norm([1, 2], [math.nan, 1], [0, 0]), NumberError,
         "gain holds nan at (0,), expected finite numbers"),
        (lambda: layer_norm([1, 2], [1, 1], [0, math.inf]), NumberError,
         "bias holds inf at (1,), expected finite numbers"),
        (lambda: layer_norm([HUGE, 0], [1, 1], [0, 0]), NumberError,
         "variance holds inf at (0,), too large for float64: start from smaller numbers"),
        (lambda: layer_norm([1, 2], [HUGE, 1], [-HUGE, 0]), NumberError,
         "output holds -inf at (0,), too large for float64: start from smaller numbers"),
        *((lambda eps=eps: layer_norm([1, 2], [1, 1], [0, 0], eps), NumberError,
           f"eps must be a finite number above 0, got {eps!r}") for eps in (0, -1.0, math.inf, math.nan, "")),
    ],
)  # fmt: skip
def test_linear_and_layer_norm_say_what_does_not_fit(call, error, message):
    with pytest.raises(error) as caught:
        call()
    assert str(caught.value) == message
