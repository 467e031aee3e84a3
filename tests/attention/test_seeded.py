import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attention.seeded import MAX_SEED, normal


@given(st.integers(0, MAX_SEED), st.text(max_size=20), st.integers(0, 64))
def test_each_place_has_one_finite_number(seed, word, column):
    z = normal(seed, word, column)
    assert math.isfinite(z)
    assert z == normal(seed, word, column)


def test_places_do_not_run_into_each_other():
    places = [
        (7, "a", 1),
        (71, "a"),
        (7, "a1"),
        (7, "a", "1"),
        (7, 1, "a"),
        (17, "a"),
        (7, "a,1"),
        (7, "a', 1"),
    ]
    assert len({normal(*place) for place in places}) == len(places)


def test_the_numbers_are_standard_normal():
    draws = [normal(0, "place", i) for i in range(5000)]
    mean = math.fsum(draws) / len(draws)
    variance = math.fsum((z - mean) ** 2 for z in draws) / len(draws)
    within_1 = sum(abs(z) < 1 for z in draws) / len(draws)
    assert mean == pytest.approx(0, abs=0.05)
    assert variance == pytest.approx(1, abs=0.06)
    assert within_1 == pytest.approx(0.683, abs=0.02)
