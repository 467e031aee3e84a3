import math

import numpy as np
import pytest

from attention.checks import length_of
from tests.attention import oracles


@pytest.mark.parametrize("shape", [(1,), (5, 7), (8192,), (8193,), (3, 5003)])
def test_the_length_of_an_array_is_that_of_all_its_numbers(shape):
    array = oracles.sample(1, *shape)
    expected = math.sqrt(math.fsum(number * number for number in array.ravel().tolist()))
    assert length_of(array) == pytest.approx(expected, rel=1e-12)
    assert length_of(array.T) == pytest.approx(expected, rel=1e-12)
    assert length_of(array.astype(np.float32)) == pytest.approx(expected, rel=1e-5)


@pytest.mark.parametrize("place", [0, 8191, 8192, 15008])
@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf, 1e200])
def test_a_number_that_is_not_finite_or_too_large_shows_in_the_length(place, bad):
    array = np.zeros((3, 5003))
    array.flat[place] = bad
    assert not math.isfinite(length_of(array))
