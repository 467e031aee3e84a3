import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from attention import (
    ConfigError,
    NumberError,
    ShapeError,
    conv1d,
    rnn,
)
from tests.attention import oracles

BATCH, SEQ, KERNEL, D_IN, D_OUT = 2, 7, 3, 5, 11  # a different prime for every axis


def conv_arrays(dtype=np.float64):
    return (
        oracles.sample(1, BATCH, SEQ, D_IN).astype(dtype),
        oracles.sample(2, KERNEL, D_IN, D_OUT).astype(dtype),
        oracles.sample(3, D_OUT).astype(dtype),
    )


def rnn_arrays(dtype=np.float64):
    return (
        oracles.sample(1, BATCH, SEQ, D_IN).astype(dtype),
        oracles.sample(2, D_IN, D_OUT).astype(dtype),
        oracles.sample(3, D_OUT, D_OUT).astype(dtype) / 4,
        oracles.sample(4, D_OUT).astype(dtype),
        oracles.sample(5, BATCH, D_OUT).astype(dtype),
    )


def test_a_convolution_by_hand():
    """Weights 1, 10 and 100 show which position was read where."""
    x, kernel = [[1], [2], [3], [4]], [[[1]], [[10]], [[100]]]
    assert conv1d(x, kernel).ravel().tolist() == [210, 321, 432, 43]
    assert conv1d(x, kernel, padding="causal").ravel().tolist() == [100, 210, 321, 432]
    assert conv1d(x, kernel, padding="valid").ravel().tolist() == [321, 432]
    assert conv1d(x, kernel, [5], padding="valid").ravel().tolist() == [326, 437]


def test_an_even_kernel_pads_one_more_on_the_right():
    assert conv1d([[1], [2], [3]], [[[1]], [[10]]]).ravel().tolist() == [21, 32, 3]


@pytest.mark.parametrize(("padding", "left", "seq"), [("same", 1, SEQ), ("causal", 2, SEQ), ("valid", 0, 5)])
def test_a_convolution_equals_plain_loops(padding, left, seq):
    x, kernel, bias = conv_arrays()
    y = conv1d(x, kernel, bias, padding)
    assert y.shape == (BATCH, seq, D_OUT)
    for b, i, o in np.ndindex(y.shape):
        expected = bias[o] + math.fsum(
            x[b, i + j - left, c] * kernel[j, c, o]
            for j in range(KERNEL)
            for c in range(D_IN)
            if 0 <= i + j - left < SEQ
        )
        assert y[b, i, o] == pytest.approx(expected, abs=oracles.TOLERANCE)


@given(st.integers(1, SEQ - 1), oracles.matrices(SEQ, D_IN))
def test_a_causal_convolution_does_not_see_what_comes_after(start, other):
    x, kernel, bias = conv_arrays()
    changed = x.copy()
    changed[:, start:] = other[start:]
    before, after = (conv1d(each, kernel, bias, "causal")[:, :start] for each in (x, changed))
    np.testing.assert_array_equal(before, after)


def test_a_shifted_sequence_gives_a_shifted_convolution():
    x, kernel, bias = conv_arrays()
    whole = conv1d(x, kernel, bias, "valid")
    np.testing.assert_allclose(
        conv1d(x[:, 2:], kernel, bias, "valid"), whole[:, 2:], rtol=0, atol=oracles.TOLERANCE
    )


def test_a_kernel_of_one_position_is_a_linear_layer():
    x, kernel, _ = conv_arrays()
    for padding in ("same", "causal", "valid"):
        np.testing.assert_allclose(
            conv1d(x, kernel[:1], padding=padding), x @ kernel[0], rtol=0, atol=oracles.TOLERANCE
        )


def test_a_recurrence_by_hand():
    """tanh(1) = 0.7616, tanh(2 * 0.7616 + 0.5) = 0.9656; with h0 = 3, tanh(1 + 6) = 1.0000."""
    states = rnn([[1], [0.5]], w_x=[[1]], w_h=[[2]])
    assert states.ravel().round(4).tolist() == [0.7616, 0.9656]
    assert rnn([[1]], [[1]], [[2]], h0=[3]).ravel().tolist() == [math.tanh(7)]
    assert rnn([[1]], [[1]], [[2]], b=[0.25]).ravel().tolist() == [math.tanh(1.25)]


def test_a_recurrence_equals_plain_loops():
    x, w_x, w_h, b, h0 = rnn_arrays()
    states = rnn(x, w_x, w_h, b, h0)
    assert states.shape == (BATCH, SEQ, D_OUT)
    for sentence in range(BATCH):
        h = h0[sentence].tolist()
        for t in range(SEQ):
            h = [
                math.tanh(
                    b[o]
                    + math.fsum(x[sentence, t, i] * w_x[i, o] for i in range(D_IN))
                    + math.fsum(h[i] * w_h[i, o] for i in range(D_OUT))
                )
                for o in range(D_OUT)
            ]
            np.testing.assert_allclose(states[sentence, t], h, rtol=0, atol=oracles.TOLERANCE)


@given(st.integers(1, SEQ - 1))
def test_a_recurrence_can_be_stopped_and_taken_up_again(stop):
    x, *weights, h0 = rnn_arrays()
    whole = rnn(x, *weights, h0)
    first = rnn(x[:, :stop], *weights, h0)
    rest = rnn(x[:, stop:], *weights, first[:, -1])
    np.testing.assert_allclose(np.concatenate([first, rest], axis=1), whole, rtol=0, atol=oracles.TOLERANCE)


def test_without_w_h_a_recurrence_remembers_nothing():
    x, w_x, w_h, b, _ = rnn_arrays()
    np.testing.assert_allclose(rnn(x, w_x, 0 * w_h, b), np.tanh(x @ w_x + b), rtol=0, atol=oracles.TOLERANCE)


def test_the_first_word_reaches_the_last_state_in_a_recurrence_but_not_in_a_convolution():
    x, *weights = rnn_arrays()
    changed = x.copy()
    changed[:, 0] += 1
    assert np.abs(rnn(changed, *weights) - rnn(x, *weights))[:, -1].max() > 1e-6
    _, kernel, bias = conv_arrays()
    np.testing.assert_array_equal(conv1d(changed, kernel, bias)[:, -1], conv1d(x, kernel, bias)[:, -1])


def test_float32_is_kept_if_everything_is_that():
    assert conv1d(*conv_arrays(np.float32)).dtype == np.float32
    assert conv1d(*conv_arrays(np.float32)[:2]).dtype == np.float32
    assert rnn(*rnn_arrays(np.float32)).dtype == np.float32
    assert rnn(*rnn_arrays(np.float32)[:3]).dtype == np.float32
    assert conv1d(conv_arrays(np.float32)[0], conv_arrays()[1]).dtype == np.float64
    assert rnn(*rnn_arrays(np.float32)[:3], rnn_arrays()[3]).dtype == np.float64
    assert rnn([[1]], [[1]], [[1]]).dtype == np.float64


def test_no_input_is_changed_or_held():
    for function, arrays in ((conv1d, conv_arrays()), (rnn, rnn_arrays())):
        copies = [array.copy() for array in arrays]
        result = function(*arrays)
        result += 1
        for array, copy in zip(arrays, copies, strict=True):
            np.testing.assert_array_equal(array, copy)


ONES = np.ones
BAD_CONVOLUTIONS = [
    ((ONES((7, 3)), ONES((3, 2, 5))), ShapeError, "x has d_in 3, but kernel has d_in 2"),
    (
        (ONES((7, 3)), ONES((3, 5))),
        ShapeError,
        "kernel must have the axes (kernel_size, d_in, d_out), got shape (3, 5)",
    ),
    (
        (ONES((7, 3)), ONES((0, 3, 5))),
        ShapeError,
        "kernel must have the axes (kernel_size, d_in, d_out), got shape (0, 3, 5)",
    ),
    ((ONES(7), ONES((3, 1, 5))), ShapeError, "x must end in the axes (seq, d_in), got shape (7,)"),
    ((ONES((0, 3)), ONES((3, 3, 5))), ShapeError, "x has seq 0, expected at least 1"),
    ((ONES((7, 3)), ONES((3, 3, 5)), ONES(3)), ShapeError, "bias has shape (3,), expected (5,)"),
    (
        (ONES((3, 2)), ONES((5, 2, 7)), None, "valid"),
        ShapeError,
        "kernel_size 5 needs a seq of at least 5 without padding, got 3",
    ),
    (
        (ONES((3, 2)), ONES((5, 2, 7)), None, "full"),
        ConfigError,
        'padding must be "same", "causal" or "valid", got \'full\'',
    ),
    (([[math.nan]], [[[1]]]), NumberError, "x holds nan at (0, 0), expected finite numbers"),
    (([[1]], [[[math.inf]]]), NumberError, "kernel holds inf at (0, 0, 0), expected finite numbers"),
    (([[1]], [[[1]]], [-math.inf]), NumberError, "bias holds -inf at (0,), expected finite numbers"),
    (
        ([[1e200]], [[[1e200]]]),
        NumberError,
        "y holds inf at (0, 0), too large for float64: start from smaller numbers",
    ),
]


@pytest.mark.parametrize(
    ("arrays", "error", "message"), BAD_CONVOLUTIONS, ids=[c[2] for c in BAD_CONVOLUTIONS]
)
def test_a_convolution_says_what_it_cannot_take(arrays, error, message):
    with pytest.raises(error) as caught:
        conv1d(*arrays)
    assert str(caught.value) == message


BAD_RECURRENCES = [
    ((ONES((7, 3)), ONES((2, 5)), ONES((5, 5))), ShapeError, "x has d_in 3, but w_x has d_in 2"),
    ((ONES((7, 3)), ONES((3, 5)), ONES((5, 3))), ShapeError, "w_h has shape (5, 3), expected (5, 5)"),
    (
        (ONES((7, 3)), ONES(3), ONES((5, 3))),
        ShapeError,
        "w_x must have the axes (d_in, d_hidden), got shape (3,)",
    ),
    (
        (ONES((7, 3)), ONES((3, 0)), ONES((0, 0))),
        ShapeError,
        "w_x must have the axes (d_in, d_hidden), got shape (3, 0)",
    ),
    ((ONES((7, 3)), ONES((3, 5)), ONES((5, 5)), ONES(3)), ShapeError, "b has shape (3,), expected (5,)"),
    (
        (ONES((2, 7, 3)), ONES((3, 5)), ONES((5, 5)), None, ONES((7, 5))),
        ShapeError,
        "h0 has shape (7, 5), expected (2, 5)",
    ),
    (([[math.nan]], [[1]], [[1]]), NumberError, "x holds nan at (0, 0), expected finite numbers"),
    (([[1]], [[math.nan]], [[1]]), NumberError, "w_x holds nan at (0, 0), expected finite numbers"),
    (([[1]], [[1]], [[math.inf]]), NumberError, "w_h holds inf at (0, 0), expected finite numbers"),
    (([[1]], [[1]], [[1]], [math.nan]), NumberError, "b holds nan at (0,), expected finite numbers"),
    (([[1]], [[1]], [[1]], [0], [math.nan]), NumberError, "h0 holds nan at (0,), expected finite numbers"),
    ((ONES(7), ONES((1, 5)), ONES((5, 5))), ShapeError, "x must end in the axes (seq, d_in), got shape (7,)"),
    ((ONES((0, 3)), ONES((3, 5)), ONES((5, 5))), ShapeError, "x has seq 0, expected at least 1"),
    (
        ([[1], [1e200]], [[0, -1e200]], np.eye(2)),
        NumberError,
        "position 1 holds -inf at (1,), too large for float64: start from smaller numbers",
    ),
    (
        ([[1e200]], [[1e200]], [[1]]),
        NumberError,
        "position 0 holds inf at (0,), too large for float64: start from smaller numbers",
    ),
]


@pytest.mark.parametrize(("arrays", "error", "message"), BAD_RECURRENCES, ids=[c[2] for c in BAD_RECURRENCES])
def test_a_recurrence_says_what_it_cannot_take(arrays, error, message):
    with pytest.raises(error) as caught:
        rnn(*arrays)
    assert str(caught.value) == message


def test_a_large_sum_saturates_the_recurrence():
    assert rnn([[1e150]], [[1e150]], [[1]]).tolist() == [[1.0]]
