"""Numbers are short where they are exact, rounded where they must be, and say which."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from attention_lab.kit.numbers import (
    add_up,
    decimals_of,
    is_rounded,
    largest,
    number,
    read,
    rounds_to,
    term,
)

SMALL = st.floats(-50, 50, allow_nan=False)


@pytest.mark.parametrize(
    ("value", "decimals", "shown"),
    [
        (0.0, 2, "0"),
        (-0.0, 2, "0"),
        (0.001, 2, "0.00"),
        (-0.001, 2, "0.00"),
        (1e-17, 0, "0.0"),
        (-1e-17, 0, "0.0"),
        (-1.5, 1, "−1.5"),
        (1.0, 2, "1.00"),
        (3.0, 0, "3"),
        (-math.inf, 2, "−∞"),
        (None, 2, "–"),
    ],
)
def test_zero_rounded_zero_minus_infinity_and_what_is_missing_look_different(
    value: float | None, decimals: int, shown: str
) -> None:
    assert number(value, decimals) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [(3.0, "3"), (0.5, "0.5"), (0.125, "0.125"), (1 / 3, "0.3333"), (5e-10, "0.0000"), (0.0, "0")],
)
def test_a_term_has_few_digits_where_these_are_exact(value: float, shown: str) -> None:
    assert term(value) == shown
    assert is_rounded(value) == (abs(read(shown) - value) > 1e-12)


def test_four_digits_are_not_rounded_where_there_are_no_more() -> None:
    assert not is_rounded(0.1234)
    assert is_rounded(0.12345)
    assert not is_rounded(0.12345, digits=5)


def test_a_matrix_has_as_many_decimals_as_it_needs_up_to_two() -> None:
    assert decimals_of(np.array([[1.0, -2.0], [0.0, -np.inf]])) == 0
    assert decimals_of(np.array([[1.0, 0.5]])) == 1
    assert decimals_of(np.array([[0.25, 1 / 3]])) == 2
    assert decimals_of(np.array([[0.1 + 0.2, 0.3]])) == 1, "0.30000000000000004 is meant to be 0.3"


def test_a_range_is_the_largest_magnitude_and_never_zero() -> None:
    assert largest(np.array([-3.0, 2.0, -np.inf]), np.array([1.0])) == 3
    assert largest(np.zeros(2)) > 0


@given(st.lists(st.tuples(SMALL, SMALL), min_size=1, max_size=32), st.integers(0, 2))
def test_printed_products_add_up_to_the_printed_sum(
    factors: list[tuple[float, float]], decimals: int
) -> None:
    value = math.fsum(a * b for a, b in factors)
    shown = number(value, decimals)
    total = add_up(factors, shown)
    assert rounds_to(total.total, shown)
    assert math.isclose(math.fsum(total.products), total.total, abs_tol=1e-9)
    assert all(
        abs(p - a * b) <= 0.5001 * 10**-total.digits
        for p, (a, b) in zip(total.products, factors, strict=True)
    )


def test_digits_grow_until_the_sum_is_right() -> None:
    factors = [(0.00004, 1.0)] * 150  # four digits print 150 times 0.0000
    assert add_up(factors, "0.01").digits == 5
