"""What vouches for the digits in the texts that every lab may show."""

import math

import numpy as np

from attention import entropy, layer_norm
from tests.lab.vouching import bounds_of_weights, sum_of_weights


def cosines() -> tuple[float, float]:
    """The cosine of a row with itself, and with one at a right angle to it."""
    row, across = np.array([3.0, 4.0]), np.array([-4.0, 3.0])
    return float(row @ row / 25), float(row @ across / 25)


def all_on_one() -> float:
    """The entropy of weights that are all on one key; on n alike it is log n."""
    assert math.isclose(float(entropy(np.full(5, 0.2))), math.log2(5))
    return float(entropy(np.array([0.0, 1.0, 0.0])))


def normed() -> tuple[float, float]:
    """Mean and variance of a row behind layer norm."""
    row = layer_norm(
        np.random.default_rng(0).normal(3, 5, size=(1, 64)), np.ones(64), np.zeros(64), eps=1e-12
    )
    return round(float(row.mean()), 9), round(float(row.var()), 9)


def bits(kind: type[np.floating]) -> float:
    return float(np.finfo(kind).bits)


def surprise_of_the_certain() -> float:
    return -math.log(1.0)


VOUCHED = {
    "float32: A number kept in 32 bits": lambda: bits(np.float32),
    "float64: A number kept in 64 bits": lambda: bits(np.float64),
    "0 ÷ 0": "a sum that has no result",
    "0 where the right answer was certain": surprise_of_the_certain,
    "one such as 0.46": "an example of how a number is written",
    "1 for one direction, 0 for a right angle": cosines,
    "0 for all on one key": all_on_one,
    "mean 0 and variance 1": normed,
    "masked gets the weight 0": lambda: bounds_of_weights()[0],
    "add up to 1": sum_of_weights,
    "a whole number from 0": lambda: 0.0 if np.arange(3)[0] == 0 else 1.0,
}
