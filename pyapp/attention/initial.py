"""Random starts: the numbers a layer's weights hold before anything was learned."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, TypeAlias, cast

import numpy as np
import numpy.typing as npt

from attention.checks import whole_number
from attention.errors import ConfigError
from attention.seeded import MAX_SEED
from attention.trace import Array

if TYPE_CHECKING:
    from numpy.random import Generator

__all__ = ["Blank", "Seed", "generator", "glorot_uniform", "real_dtype"]

Seed: TypeAlias = "int | Generator | Blank"
"""A whole number from 0 to 4294967295, or a NumPy generator that goes on where it is."""


def generator(seed: Seed) -> Generator:
    """Return the generator of a seed; the same seed gives the same numbers, on any machine.

    A generator passes through, so that the layers of one model share a single stream.

    Raises:
        ConfigError: `seed must be a whole number from 0 to 4294967295, got -1`

    >>> generator(7).random() == generator(7).random()
    True
    """
    if isinstance(seed, Blank):
        return cast("Generator", seed)
    if isinstance(seed, np.random.Generator):
        return seed
    return np.random.default_rng(whole_number("seed", seed, 0, MAX_SEED))


class Blank:
    """Stands in for a generator and draws nothing but zeros: for layers whose weights are read right after.

    >>> Blank().normal(0, 1, (2, 3)).tolist()
    [[0.0, 0.0, 0.0], [0.0, 0.0, 0.0]]
    """

    def normal(self, mean: float, deviation: float, shape: tuple[int, ...]) -> Array:
        return np.broadcast_to(np.float32(0), shape)  # takes no memory

    uniform = normal


def glorot_uniform(rng: Generator, d_in: int, d_out: int, dtype: npt.DTypeLike = np.float64) -> Array:
    """Draw a matrix that keeps the variance of what passes through it, forwards and backwards.

        W_ij ~ U(-a, a), a = sqrt(6 / (d_in + d_out))   (Glorot and Bengio 2010, section 4.2.1, eq. 16)

    Args:
        rng: where the numbers come from.
        d_in, d_out: rows and columns.
        dtype: float64 or float32.

    Returns:
        (d_in, d_out).

    >>> bool(abs(glorot_uniform(generator(7), 30, 20)).max() <= (6 / 50) ** 0.5)
    True
    """
    limit = math.sqrt(6 / (d_in + d_out))
    return rng.uniform(-limit, limit, (d_in, d_out)).astype(dtype)  # (d_in, d_out)


def real_dtype(dtype: npt.DTypeLike) -> np.dtype[Any]:
    """Read a dtype for weights.

    Raises:
        ConfigError: `dtype must be float64 or float32, got int32`

    >>> real_dtype("float32")
    dtype('float32')
    """
    try:
        read = np.dtype(dtype)
    except TypeError:
        raise ConfigError(f"dtype must be float64 or float32, got {dtype!r}") from None
    if read not in (np.float64, np.float32):
        raise ConfigError(f"dtype must be float64 or float32, got {read}")
    return read
