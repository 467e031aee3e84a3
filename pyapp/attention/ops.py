"""Small operations on arrays: softmax and its entropy, and what a transformer does to one row at a time."""

from __future__ import annotations

import math
import operator
from collections.abc import Sequence
from typing import Literal, TypeAlias, get_args

import numpy as np
import numpy.typing as npt

from attention.calls import explained
from attention.checks import one_of, positive_number, real_array, require_finite
from attention.errors import ConfigError, NumberError, ShapeError
from attention.trace import Array

__all__ = [
    "GELU_FORMS", "GeluForm", "entropy", "erf", "gelu", "layer_norm", "linear", "relu", "softmax",
    "tanh_in_gelu",
]  # fmt: skip

GeluForm: TypeAlias = Literal["none", "tanh"]
GELU_FORMS = get_args(GeluForm)

_SUM_TOLERANCE = 1e-4  # wide enough for float32 rows of thousands of weights

# Cody 1969: numerator and denominator, highest power first.
_ERF_NEAR = (
    (
        1.85777706184603153e-1, 3.16112374387056560e0, 1.13864154151050156e2, 3.77485237685302021e2,
        3.20937758913846947e3,
    ),
    (1.0, 2.36012909523441209e1, 2.44024637934444173e2, 1.28261652607737228e3, 2.84423683343917062e3),
)  # fmt: skip
_ERFC_FAR = (
    (
        2.15311535474403846e-8, 5.64188496988670089e-1, 8.88314979438837594e0, 6.61191906371416295e1,
        2.98635138197400131e2, 8.81952221241769090e2, 1.71204761263407058e3, 2.05107837782607147e3,
        1.23033935479799725e3,
    ),
    (
        1.0, 1.57449261107098347e1, 1.17693950891312499e2, 5.37181101862009858e2,
        1.62138957456669019e3, 3.29079923573345963e3, 4.36261909014324716e3, 3.43936767414372164e3,
        1.23033935480374942e3,
    ),
)  # fmt: skip
_ERF_CUT = 0.46875  # up to here the first formula, from here the second
_ERF_IS_1 = 6.0  # erf(6) differs from 1 by 2e-17, less than float64 can hold


@explained
def softmax(x: npt.ArrayLike, axis: int = -1, out: Array | None = None) -> Array:
    """Turn scores into weights: none negative, summing to 1 along `axis`.

        softmax(x)_i = exp(x_i) / sum_j exp(x_j)   (used in Vaswani et al. 2017, section 3.2.1, eq. 1)

    The largest score is taken off first. That changes nothing, since only differences count, but keeps exp
    from overflowing, so any finite scores are safe. A score of -inf gets a weight of exactly 0.

    Args:
        x: scores, any shape; finite or -inf.
        axis: the axis that will sum to 1.
        out: where to write the weights, `x` itself if need be; a new array unless given.

    Returns:
        Weights, the shape of `x`.

    Raises:
        NumberError: `softmax needs at least one finite score in each row, row (1,) has none`
        NumberError: `x holds nan, expected finite scores or -inf`
        ShapeError: `x has shape (), expected axis -1 with at least one score`
        ConfigError: `axis must be one whole number, got None`

    >>> softmax([0.1, 0.9, 0.3, 0.2, 0.1]).round(3).tolist()
    [0.153, 0.34, 0.186, 0.169, 0.153]
    """
    x = real_array("x", x)
    _require_axis("x", x, axis, "score")
    largest = x.max(axis=axis, keepdims=True)  # nan or inf anywhere shows here
    if not np.isfinite(largest).all():
        _refuse_rows(largest.squeeze(axis))

    with np.errstate(over="ignore"):  # -1e308 - 1e308 is -inf, whose exp is the 0 that it should be
        weights: Array = np.subtract(x, largest, out=out)
    np.exp(weights, out=weights)
    weights /= weights.sum(axis=axis, keepdims=True)
    return weights


@explained
def entropy(weights: npt.ArrayLike, axis: int = -1) -> Array:
    """Measure how widely weights are spread, in bits: 0 for a single one, log2(n) for n equal ones.

        H(p) = -sum_j p_j log2 p_j   (Shannon 1948, section 6), with 0 log2 0 = 0

    Args:
        weights: weights that sum to 1 along `axis`, any shape.
        axis: the axis that sums to 1.

    Returns:
        Bits, the shape of `weights` without `axis`.

    Raises:
        NumberError: `weights holds -0.5, expected none below 0`
        NumberError: `weights must sum to 1 along axis -1, got a sum of 2.0`
        ShapeError: `weights has shape (), expected axis -1 with at least one weight`
        ConfigError: `axis must be one whole number, got None`

    >>> entropy([[0.25, 0.25, 0.25, 0.25], [0.0, 1.0, 0.0, 0.0]]).tolist()
    [2.0, 0.0]
    """
    weights = real_array("weights", weights)
    _require_axis("weights", weights, axis, "weight")
    if (weights < 0).any():
        raise NumberError(f"weights holds {weights.min()}, expected none below 0")
    with np.errstate(over="ignore"):  # a sum of inf is refused, too
        sums = weights.sum(axis=axis)
    if not np.allclose(sums, 1, rtol=0, atol=_SUM_TOLERANCE):
        worst = sums.flat[np.abs(sums - 1).argmax()]
        raise NumberError(f"weights must sum to 1 along axis {axis}, got a sum of {worst}")
    logarithms = np.log2(np.where(weights > 0, weights, 1))  # 0 log2 0 = 0 log2 1 = 0
    bits: Array = np.abs(np.sum(weights * logarithms, axis=axis))
    return bits


def linear(x: npt.ArrayLike, w: npt.ArrayLike, b: npt.ArrayLike | None = None) -> Array:
    """Mix the columns of each row: multiply by a matrix, and add a bias.

        y = x W + b   (each of the two in Vaswani et al. 2017, section 3.3, eq. 2)

    Args:
        x: (..., d_in).
        w: (d_in, d_out).
        b: (d_out,), or None for no bias.

    Returns:
        (..., d_out).

    Raises:
        ShapeError: `x has d_in 3, but w has d_in 4`; `b has shape (3,), expected (2,)`
        NumberError: `x holds nan at (0, 2), expected finite numbers`; `output holds inf at (0, 0), too large
            for float64: start from smaller numbers`

    >>> linear([1, 2], [[1, 0, 3], [0, 1, 4]], [10, 20, 30]).tolist()
    [11.0, 22.0, 41.0]
    """
    x, w = _rows("x", x, "d_in"), real_array("w", w)
    if w.ndim != 2 or 0 in w.shape:
        raise ShapeError(f"w must have the axes (d_in, d_out), each at least 1, got shape {w.shape}")
    if x.shape[-1] != w.shape[0]:
        raise ShapeError(f"x has d_in {x.shape[-1]}, but w has d_in {w.shape[0]}")
    with np.errstate(over="ignore", invalid="ignore"):  # what overflows is refused by name below
        output: Array = x @ w  # (..., d_out)
        if b is not None:
            b = real_array("b", b)
            if b.shape != w.shape[1:]:
                raise ShapeError(f"b has shape {b.shape}, expected {w.shape[1:]}")
            output = output + b  # (..., d_out)
    _refuse_result(output, w=w, b=b)
    return output


def relu(x: npt.ArrayLike) -> Array:
    """Keep what is positive, and put 0 in place of the rest.

        ReLU(x) = max(0, x)   (Nair and Hinton 2010; in Vaswani et al. 2017, section 3.3, eq. 2)

    Args:
        x: any shape.

    Returns:
        The shape of `x`.

    Raises:
        NumberError: `x holds nan at (0, 2), expected finite numbers`

    >>> relu([-2.0, 0.0, 3.0]).tolist()
    [0.0, 0.0, 3.0]
    """
    x = _finite("x", x)
    return np.maximum(x, 0)


def erf(x: npt.ArrayLike) -> Array:
    """Compute the error function, the area under the bell curve, to the last digits of float64.

        erf(x) = 2 / sqrt(pi) * integral of exp(-t^2) from 0 to x

        near 0:   erf(x) = x P(x^2) / Q(x^2)                   |x| <= 0.46875
        further:  erf(x) = sign(x) (1 - exp(-x^2) P(|x|) / Q(|x|))

    with polynomials P and Q of degree 4 and 8 (Cody 1969, Rational Chebyshev Approximations for the Error
    Function, Mathematics of Computation 23, pages 631 to 637).

    Args:
        x: any shape.

    Returns:
        Numbers from -1 to 1, the shape of `x`.

    Raises:
        NumberError: `x holds nan at (0, 2), expected finite numbers`

    >>> erf([0.0, 0.5, -2.0]).round(6).tolist()
    [0.0, 0.5205, -0.995322]
    """
    x = _finite("x", x)
    size = np.minimum(np.abs(x), _ERF_IS_1)  # the shape of x
    return np.copysign(np.piecewise(size, [size <= _ERF_CUT], [_erf_near, _erf_far]), x)


def gelu(x: npt.ArrayLike, *, approximate: GeluForm = "none") -> Array:
    """Let each number through to the share of the bell curve that lies below it.

        GELU(x) = x * Phi(x) = x / 2 * (1 + erf(x / sqrt(2)))   (Hendrycks and Gimpel 2016, section 2)
        tanh:     x / 2 * (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3)))   the form that GPT-2 was trained with

    The two differ by less than 0.0005.

    Args:
        x: any shape.
        approximate: "none" for the exact form, "tanh" for the other.

    Returns:
        The shape of `x`.

    Raises:
        NumberError: `x holds nan at (0, 2), expected finite numbers`

    >>> gelu([-1.0, 0.0, 1.0]).round(4).tolist()
    [-0.1587, 0.0, 0.8413]
    >>> gelu([-1.0, 0.0, 1.0], approximate="tanh").round(4).tolist()
    [-0.1588, 0.0, 0.8412]
    """
    x = _finite("x", x)
    if one_of("approximate", approximate, GELU_FORMS) == "tanh":
        return x * (0.5 * (1 + tanh_in_gelu(x)))
    return x * (0.5 * (1 + erf(x * math.sqrt(0.5))))


def tanh_in_gelu(x: Array) -> Array:
    """Compute tanh(sqrt(2 / pi) (x + 0.044715 x^3)), which is 1 or -1 where x^3 overflows.

    >>> tanh_in_gelu(np.array([0.0, 1e200])).tolist()
    [0.0, 1.0]
    """
    with np.errstate(over="ignore"):
        return np.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x * x * x))


def layer_norm(x: npt.ArrayLike, gain: npt.ArrayLike, bias: npt.ArrayLike, eps: float = 1e-5) -> Array:
    """Move and scale each row to mean 0 and variance 1, then give each column its own gain and bias.

        y = gain * (x - mean) / sqrt(variance + eps) + bias   (Ba et al. 2016, section 3, eqs. 3 and 4)

    Mean and variance are those of one row, over its d_model numbers; `eps`, not in the paper, keeps a row
    of equal numbers from dividing by 0.

    Args:
        x: (..., d_model).
        gain: (d_model,).
        bias: (d_model,).
        eps: added to the variance; more than 0.

    Returns:
        (..., d_model).

    Raises:
        ShapeError: `x has d_model 4, but gain has shape (3,)`; `x must end in the axis d_model, got shape ()`
        NumberError: `x holds nan at (0, 2), expected finite numbers`; `variance holds inf at (0, 0), too
            large for float64: start from smaller numbers`; `eps must be a finite number above 0, got 0`

    >>> layer_norm([1.0, 3.0, 5.0, 7.0], gain=[1, 1, 1, 2], bias=[0, 0, 0, 10]).round(3).tolist()
    [-1.342, -0.447, 0.447, 12.683]
    """
    x = _rows("x", x, "d_model")
    gain, bias = real_array("gain", gain), real_array("bias", bias)
    for name, weight in (("gain", gain), ("bias", bias)):
        if weight.shape != x.shape[-1:]:
            raise ShapeError(f"x has d_model {x.shape[-1]}, but {name} has shape {weight.shape}")
    eps = positive_number("eps", eps)
    with np.errstate(over="ignore", invalid="ignore"):  # what overflows is refused by name below
        centred = x - x.mean(axis=-1, keepdims=True)  # (..., d_model)
        variance = (centred * centred).mean(axis=-1, keepdims=True)  # (..., 1)
        _refuse_result(variance, name="variance")
        output: Array = gain * (centred / np.sqrt(variance + eps)) + bias  # (..., d_model)
    _refuse_result(output, gain=gain, bias=bias)
    return output


def _erf_near(x: Array) -> Array:
    """Of numbers from 0 to 0.46875."""
    numerator, denominator = _ERF_NEAR
    near: Array = x * _polynomial(numerator, x * x) / _polynomial(denominator, x * x)
    return near


def _erf_far(x: Array) -> Array:
    """Of numbers from 0.46875 to 6."""
    numerator, denominator = _ERFC_FAR
    far: Array = 1 - np.exp(-x * x) * _polynomial(numerator, x) / _polynomial(denominator, x)
    return far


def _polynomial(coefficients: Sequence[float], x: Array) -> Array:
    """Evaluate from the highest power down (Horner's rule)."""
    value = np.full_like(x, coefficients[0])
    for coefficient in coefficients[1:]:
        value *= x
        value += coefficient
    return value


def _finite(name: str, values: npt.ArrayLike) -> Array:
    array = real_array(name, values)
    require_finite(name, array)
    return array


def _rows(name: str, values: npt.ArrayLike, axis: str) -> Array:
    """Read finite rows whose last axis is called `axis`."""
    array = real_array(name, values)
    if array.ndim == 0:
        raise ShapeError(f"{name} must end in the axis {axis}, got shape ()")
    if 0 in array.shape:
        raise ShapeError(f"{name} has shape {array.shape}, expected at least one number")
    require_finite(name, array)
    return array


def _refuse_result(result: Array, name: str = "output", **weights: Array | None) -> None:
    """Refuse a result that is not finite, and say whether a weight was to blame.

    A weight that is not finite spoils the result, so that looking at the result is enough.
    """
    if not np.isfinite(result).all():
        for each, weight in weights.items():
            if weight is not None:
                require_finite(each, weight)
        require_finite(name, result, hint=f"too large for {result.dtype}: start from smaller numbers")


def _refuse_rows(largest: Array) -> None:
    """Name what softmax cannot take, by the largest score of each row."""
    for bad, found in ((np.nan, np.isnan(largest)), (np.inf, np.isposinf(largest))):
        if found.any():
            raise NumberError(f"x holds {bad}, expected finite scores or -inf")
    row = tuple(int(i) for i in np.argwhere(np.isneginf(largest))[0])
    raise NumberError(f"softmax needs at least one finite score in each row, row {row or 0} has none")


def _require_axis(name: str, array: Array, axis: int, what: str) -> None:
    try:
        operator.index(axis)
    except TypeError:
        raise ConfigError(f"axis must be one whole number, got {axis!r}") from None
    if isinstance(axis, bool | np.bool_):
        raise ConfigError(f"axis must be one whole number, got {axis!r}")
    if not -array.ndim <= axis < array.ndim or array.shape[axis] == 0:
        raise ShapeError(f"{name} has shape {array.shape}, expected axis {axis} with at least one {what}")
