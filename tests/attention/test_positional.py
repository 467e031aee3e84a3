import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from attention import ConfigError, NumberError, ShapeError
from attention.positional import (
    ALiBi,
    LearnedPositionalEncoding,
    PositionalEncoding,
    RotaryPositionalEncoding,
    SinusoidalPositionalEncoding,
    alibi_slopes,
    rotary_angles,
    sinusoidal_positions,
)
from tests.attention import oracles


@given(st.integers(1, 7), st.integers(1, 11))
def test_sinusoids_equal_plain_loops(seq_len, d_model):
    expected = [
        [
            (math.cos if column % 2 else math.sin)(pos / 10000 ** ((column - column % 2) / d_model))
            for column in range(d_model)
        ]
        for pos in range(seq_len)
    ]
    table = sinusoidal_positions(seq_len, d_model)
    np.testing.assert_allclose(table, np.array(expected), rtol=0, atol=1e-14)


def test_a_step_of_any_length_turns_each_pair_of_waves_by_one_angle():
    """Why the paper chose waves (section 3.5): PE(pos + k) is a linear function of PE(pos)."""
    table = sinusoidal_positions(13, 6)
    pairs = table[:, 0::2] + 1j * table[:, 1::2]  # sin + i cos
    ratio = pairs[3:] / pairs[:-3]
    np.testing.assert_allclose(ratio, np.broadcast_to(ratio[0], ratio.shape), rtol=0, atol=1e-14)


@pytest.mark.parametrize(
    "encoding", [SinusoidalPositionalEncoding(7, max_len=11), LearnedPositionalEncoding(11, 7)]
)
def test_an_encoding_adds_the_row_of_each_position_from_the_offset_on(encoding):
    table = encoding(np.zeros((11, 7)))
    x = oracles.sample(0, 2, 3, 5, 7)
    np.testing.assert_array_equal(encoding(x), x + table[:5])
    np.testing.assert_array_equal(encoding(x, offset=6), x + table[6:])


def test_a_learned_encoding_adds_its_own_rows():
    encoding, x = LearnedPositionalEncoding(5, 7), oracles.sample(0, 3, 7)
    np.testing.assert_array_equal(encoding(x), x + encoding.weight[:3])


def test_the_sinusoidal_encoding_adds_the_table_of_waves_and_has_the_sources_name():
    assert PositionalEncoding is SinusoidalPositionalEncoding
    np.testing.assert_array_equal(PositionalEncoding(6)(np.zeros((5, 6))), sinusoidal_positions(5, 6))


def test_encodings_keep_float32():
    x = np.ones((3, 4), np.float32)
    assert PositionalEncoding(4)(x).dtype == np.float32
    assert LearnedPositionalEncoding(5, 4, dtype=np.float32)(x).dtype == np.float32
    assert RotaryPositionalEncoding(4)(x).dtype == np.float32
    assert LearnedPositionalEncoding(5, 4)(x).dtype == np.float64


def test_a_learned_encoding_starts_small_and_from_its_seed():
    one, same, other = (LearnedPositionalEncoding(101, 53, seed=seed).weight for seed in (3, 3, 4))
    np.testing.assert_array_equal(one, same)
    assert (one != other).any()
    assert one.std() == pytest.approx(0.02, rel=0.05)
    assert list(LearnedPositionalEncoding(5, 7).parameters()) == ["weight"]


def test_the_gradient_of_a_learned_encoding_is_that_of_the_rows_it_added():
    encoding, x, grad = (
        LearnedPositionalEncoding(11, 7),
        oracles.sample(1, 2, 3, 5, 7),
        oracles.sample(2, 2, 3, 5, 7),
    )
    gradients = encoding.backward(x, grad, offset=4)
    np.testing.assert_array_equal(gradients.inputs[0], grad)
    expected = np.zeros((11, 7))
    for a in range(2):
        for b in range(3):
            expected[4:9] += grad[a, b]
    np.testing.assert_allclose(gradients.parameters["weight"], expected, rtol=0, atol=1e-14)
    np.testing.assert_array_equal(
        encoding.backward(x, grad).parameters["weight"][:5], gradients.parameters["weight"][4:9]
    )
    np.testing.assert_array_equal(PositionalEncoding(7).backward(grad), grad)


def test_rotary_by_hand_turns_neighbours_or_halves():
    quarter = RotaryPositionalEncoding(4, base=4.0)  # angles m and m / 2
    x, c1, s1, c2, s2 = [[1.0, 2.0, 3.0, 5.0]], math.cos(2), math.sin(2), math.cos(1), math.sin(1)
    neighbours = [c1 - 2 * s1, 2 * c1 + s1, 3 * c2 - 5 * s2, 5 * c2 + 3 * s2]
    np.testing.assert_allclose(quarter(x, offset=2), [neighbours], rtol=1e-14)
    halves = [c1 - 3 * s1, 2 * c2 - 5 * s2, 3 * c1 + s1, 5 * c2 + 2 * s2]
    turned = RotaryPositionalEncoding(4, base=4.0, interleaved=False)(x, offset=2)
    np.testing.assert_allclose(turned, [halves], rtol=1e-14)


@given(st.integers(0, 50), st.integers(0, 50), st.integers(0, 1000), st.booleans())
def test_rotary_scores_depend_on_the_distance_alone(m, n, shift, interleaved):
    rotary = RotaryPositionalEncoding(6, interleaved=interleaved)
    q, k = oracles.sample(3, 1, 6), oracles.sample(4, 1, 6)
    here = rotary(q, m) @ rotary(k, n).T
    there = rotary(q, m + shift) @ rotary(k, n + shift).T
    np.testing.assert_allclose(there, here, rtol=0, atol=1e-11)


def test_rotary_keeps_lengths_leaves_position_0_alone_and_goes_on_from_an_offset():
    rotary, x = RotaryPositionalEncoding(6), oracles.sample(5, 2, 3, 7, 6)
    turned = rotary(x)
    np.testing.assert_allclose((turned**2).sum(-1), (x**2).sum(-1), rtol=1e-13)
    np.testing.assert_array_equal(turned[..., 0, :], x[..., 0, :])
    np.testing.assert_array_equal(rotary(x[..., 4:, :], offset=4), turned[..., 4:, :])


@pytest.mark.parametrize("interleaved", [True, False])
def test_the_rotary_gradient_is_the_transpose_of_the_turn(interleaved):
    """grad . R x = R^T grad . x for every x, and turning back undoes turning."""
    rotary = RotaryPositionalEncoding(6, interleaved=interleaved)
    x, grad = oracles.sample(6, 2, 5, 6), oracles.sample(7, 2, 5, 6)
    back = rotary.backward(grad, offset=3)
    assert (grad * rotary(x, offset=3)).sum() == pytest.approx((back * x).sum(), abs=1e-12)
    np.testing.assert_allclose(rotary.backward(rotary(x, 3), 3), x, rtol=0, atol=1e-14)


def test_rotary_starts_as_in_the_paper_with_neighbours_and_a_base_of_10000():
    plain, x = RotaryPositionalEncoding(4), oracles.sample(0, 3, 4)
    np.testing.assert_array_equal(plain(x), RotaryPositionalEncoding(4, 10000, interleaved=True)(x))
    np.testing.assert_array_equal(plain(x), plain(x, offset=0))
    np.testing.assert_array_equal(plain.backward(x), plain.backward(x, offset=0))
    np.testing.assert_array_equal(rotary_angles(3, 4), rotary_angles(3, 4, base=10000, offset=0))


def test_the_angles_count_positions_past_the_int32_range():
    assert rotary_angles(2, 2, offset=2**40).tolist() == [[2.0**40], [2.0**40 + 1]]


def test_alibi_slopes_are_the_papers_for_8_heads_and_the_published_codes_for_6_and_12():
    assert alibi_slopes(8).tolist() == [2.0**-h for h in range(1, 9)]
    assert alibi_slopes(1).tolist() == [2.0**-8]
    assert alibi_slopes(6).tolist() == [2.0**-2, 2.0**-4, 2.0**-6, 2.0**-8, 2.0**-1, 2.0**-3]
    expected = [2.0**-h for h in range(1, 9)] + [2**-0.5, 2**-1.5, 2**-2.5, 2**-3.5]
    np.testing.assert_allclose(alibi_slopes(12), expected, rtol=1e-15)


@given(st.integers(1, 5), st.integers(1, 7), st.integers(0, 5))
def test_alibi_falls_with_the_distance_and_the_queries_are_the_last_positions(n_heads, seq_q, earlier):
    seq_k, slopes = seq_q + earlier, alibi_slopes(n_heads)
    expected = [
        [[-slope * abs(i + earlier - j) for j in range(seq_k)] for i in range(seq_q)] for slope in slopes
    ]
    np.testing.assert_array_equal(ALiBi(n_heads)(seq_q, seq_k), np.array(expected))
    assert not np.signbit(ALiBi(n_heads)(1)).any()


def test_alibi_of_one_query_is_the_last_row_of_all():
    np.testing.assert_array_equal(ALiBi(3)(1, 7), ALiBi(3)(7)[:, -1:])


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: sinusoidal_positions(0, 4), ConfigError,
         "seq_len must be a whole number of at least 1, got 0"),
        (lambda: PositionalEncoding(0), ConfigError, "d_model must be a whole number of at least 1, got 0"),
        (lambda: PositionalEncoding(4, 0), ConfigError,
         "max_len must be a whole number of at least 1, got 0"),
        (lambda: PositionalEncoding(4)(np.ones((5, 3))), ShapeError, "x has d_model 3, expected 4"),
        (lambda: PositionalEncoding(4)(np.ones(4)), ShapeError,
         "x must end in the axes (seq, d_model), got shape (4,)"),
        (lambda: PositionalEncoding(4)(np.ones((0, 4))), ShapeError, "x has seq 0, expected at least 1"),
        (lambda: PositionalEncoding(2)([[math.nan, 0]]), NumberError,
         "x holds nan at (0, 0), expected finite numbers"),
        (lambda: PositionalEncoding(4, 5)(np.ones((3, 4)), offset=3), ShapeError,
         "x ends at position 5, but there are only 5, counted from 0"),
        (lambda: LearnedPositionalEncoding(0, 4), ConfigError,
         "max_len must be a whole number of at least 1, got 0"),
        (lambda: LearnedPositionalEncoding(5, 0), ConfigError,
         "d_model must be a whole number of at least 1, got 0"),
        (lambda: LearnedPositionalEncoding(5, 4)(np.ones((7, 4))), ShapeError,
         "x ends at position 6, but there are only 5, counted from 0"),
        (lambda: LearnedPositionalEncoding(5, 4)(np.ones((3, 4)), offset=-1), ConfigError,
         "offset must be a whole number of at least 0, got -1"),
        (lambda: LearnedPositionalEncoding(5, 4, dtype=np.int64), ConfigError,
         "dtype must be float64 or float32, got int64"),
        (lambda: LearnedPositionalEncoding(5, 4).backward(np.ones((3, 4)), np.ones((2, 4))), ShapeError,
         "grad_output has shape (2, 4), expected (3, 4)"),
        (lambda: RotaryPositionalEncoding(5), ConfigError,
         "d_k must be even, since columns are turned in pairs, got 5"),
        (lambda: RotaryPositionalEncoding(0), ConfigError, "d_k must be a whole number of at least 2, got 0"),
        (lambda: RotaryPositionalEncoding(4, base=0), NumberError,
         "base must be a finite number above 0, got 0"),
        (lambda: RotaryPositionalEncoding(4)(np.ones((3, 6))), ShapeError, "x has d_k 6, expected 4"),
        (lambda: RotaryPositionalEncoding(4)(np.ones(4)), ShapeError,
         "x must end in the axes (seq, d_k), got shape (4,)"),
        (lambda: RotaryPositionalEncoding(2)([[0, math.inf]]), NumberError,
         "x holds inf at (0, 1), expected finite numbers"),
        (lambda: RotaryPositionalEncoding(4).backward(np.ones((3, 6))), ShapeError,
         "grad_output has d_k 6, expected 4"),
        (lambda: alibi_slopes(0), ConfigError, "n_heads must be a whole number of at least 1, got 0"),
        (lambda: ALiBi(2)(5, 3), ConfigError, "seq_k must be a whole number of at least 5, got 3"),
    ],
)  # fmt: skip
def test_positions_say_what_does_not_fit(call, error, message):
    with pytest.raises(error) as caught:
        call()
    assert str(caught.value) == message


def test_a_turn_that_overflows_is_refused_by_name():
    with pytest.raises(NumberError, match=r"turned holds -?inf at \(1, .*, too large for float32"):
        RotaryPositionalEncoding(2)(np.full((2, 2), 3e38, np.float32))
