import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from attention import NumberError, ShapeError, entropy, softmax
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
