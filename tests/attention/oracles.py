"""The same maths as plain Python loops over lists of numbers, and shared samples for the tests."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from attention import Gradients, Layer

Matrix = Sequence[Sequence[float]]

TOLERANCE = 1e-12  # sums of a few dozen terms near 1, taken in another order
DIFFERENCES = 2e-8  # what central differences of sums near 10 miss: rounding 1e-15 / step, bending step^2


def softmax_row(scores: Sequence[float]) -> list[float]:
    largest = max(scores)
    exponentials = [math.exp(score - largest) for score in scores]
    return [e / math.fsum(exponentials) for e in exponentials]


def matmul(a: Matrix, b: Matrix) -> list[list[float]]:
    return [
        [math.fsum(x * row[j] for x, row in zip(line, b, strict=True)) for j in range(len(b[0]))]
        for line in a
    ]


def attend(
    q: Matrix, k: Matrix, v: Matrix, allowed: Sequence[Sequence[bool]], scale: float
) -> dict[str, list]:
    """One head: every stage from the raw scores on, under its name in `AttentionTrace`."""
    raw = [[math.fsum(a * b for a, b in zip(query, key, strict=True)) for key in k] for query in q]
    scaled = [[score * scale for score in row] for row in raw]
    masked = [
        [score if may else -math.inf for score, may in zip(row, allowed[i], strict=True)]
        for i, row in enumerate(scaled)
    ]
    weights = [softmax_row(row) for row in masked]
    return {
        "raw_scores": raw,
        "scaled_scores": scaled,
        "masked_scores": masked,
        "weights": weights,
        "head_outputs": matmul(weights, v),
    }


def layer_norm_row(
    row: Sequence[float], gain: Sequence[float], bias: Sequence[float], eps: float
) -> list[float]:
    mean = math.fsum(row) / len(row)
    variance = math.fsum((x - mean) ** 2 for x in row) / len(row)
    return [g * (x - mean) / math.sqrt(variance + eps) + b for x, g, b in zip(row, gain, bias, strict=True)]


def entropy_bits(weights: Sequence[float]) -> float:
    return -math.fsum(p * math.log2(p) for p in weights if p > 0)


def sample(seed: int, *shape: int) -> np.ndarray:
    """Standard normal numbers from a generator of their own."""
    return np.random.default_rng(seed).standard_normal(shape)


def matrices(*shape: int, limit: float = 10.0) -> st.SearchStrategy[np.ndarray]:
    """Arrays of a given shape with numbers within +-limit."""
    numbers = st.floats(-limit, limit, allow_subnormal=False)
    return hnp.arrays(np.float64, shape, elements=numbers)


def finite_differences(f: Callable[[np.ndarray], float], x: np.ndarray, step: float = 1e-6) -> np.ndarray:
    """How a number f(x) changes with each number of x: (f(x + h) - f(x - h)) / 2h, one at a time."""
    slopes = np.zeros(x.shape)
    for place in np.ndindex(x.shape):
        ahead, behind = x.astype(np.float64), x.astype(np.float64)
        ahead[place] += step
        behind[place] -= step
        slopes[place] = (f(ahead) - f(behind)) / (ahead[place] - behind[place])
    return slopes


def wobble(layer: Layer, seed: int) -> None:
    """Move every weight off its start, where zeros and ones would hide mistakes."""
    rng = np.random.default_rng(seed)
    for weight in layer.parameters().values():
        weight += 0.3 * rng.standard_normal(weight.shape)


def check_parameter_gradients(
    layer: Layer, gradients: Gradients, loss: Callable[[], float], atol: float = 1e-7
) -> None:
    """Compare each weight's gradient with what moving that weight does to the loss."""
    parameters = layer.parameters()
    assert list(gradients.parameters) == list(parameters)
    for name, weight in parameters.items():
        start = weight.copy()

        def loss_with(values: np.ndarray, weight: np.ndarray = weight) -> float:
            weight[...] = values
            return loss()

        expected = finite_differences(loss_with, start)
        weight[...] = start
        np.testing.assert_allclose(gradients.parameters[name], expected, rtol=0, atol=atol, err_msg=name)
