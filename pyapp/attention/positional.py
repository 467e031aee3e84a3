"""Positions: attention alone does not see the order of its rows, so something has to tell it.

Four ways: waves added to the rows, learned rows added to them, queries and keys turned by an angle that grows
with the position, and a bias on the scores that grows with the distance.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from attention.checks import (
    flag,
    positive_number,
    real_array,
    real_rows,
    refuse_overflow,
    require_finite,
    require_matrix,
    whole_number,
)
from attention.errors import ConfigError, ShapeError
from attention.initial import Seed, generator, real_dtype
from attention.layers import Gradients, Layer
from attention.trace import Array

__all__ = [
    "ALiBi",
    "LearnedPositionalEncoding",
    "PositionalEncoding",
    "RotaryPositionalEncoding",
    "SinusoidalPositionalEncoding",
    "alibi_slopes",
    "rotary_angles",
    "sinusoidal_positions",
]

_LEARNED_DEVIATION = 0.02


def sinusoidal_positions(seq_len: int, d_model: int) -> Array:
    """Give each position a row of waves, from quick ones on the left to slow ones on the right.

        PE(pos, 2i)     = sin(pos / 10000^(2i / d_model))
        PE(pos, 2i + 1) = cos(pos / 10000^(2i / d_model))   (Vaswani et al. 2017, section 3.5)

    Of an odd d_model the last column is a sine without its cosine.

    Args:
        seq_len: number of positions, counted from 0.
        d_model: number of columns.

    Returns:
        (seq_len, d_model), numbers from -1 to 1.

    Raises:
        ConfigError: `d_model must be a whole number of at least 1, got 0`

    >>> sinusoidal_positions(3, d_model=4).round(2).tolist()
    [[0.0, 1.0, 0.0, 1.0], [0.84, 0.54, 0.01, 1.0], [0.91, -0.42, 0.02, 1.0]]
    """
    seq_len, d_model = whole_number("seq_len", seq_len, 1), whole_number("d_model", d_model, 1)
    even = np.arange(0, d_model, 2)  # (d_model / 2,)   the 2i of the equation
    angles = np.arange(seq_len)[:, None] / 10000.0 ** (even / d_model)  # (seq_len, d_model / 2)
    table = np.empty((seq_len, d_model))  # (seq_len, d_model)
    table[:, 0::2] = np.sin(angles)
    table[:, 1::2] = np.cos(angles[:, : d_model // 2])
    return table


def rotary_angles(seq_len: int, d_k: int, base: float = 10000.0, offset: int = 0) -> Array:
    """Compute by which angle each pair of columns is turned at each position.

        m * theta_i,  theta_i = base^(-2 (i - 1) / d_k),  i = 1 ... d_k / 2
        (Su et al. 2021, section 3.2.2, with eq. 15)

    Args:
        seq_len: number of positions.
        d_k: number of columns, even.
        base: how far the slowest pair lags behind the quickest; more than 0.
        offset: the first position m.

    Returns:
        Radians (seq_len, d_k / 2).

    Raises:
        ConfigError: `d_k must be even, since columns are turned in pairs, got 5`
        NumberError: `base must be a finite number above 0, got 0`

    >>> rotary_angles(3, d_k=4, base=100).round(2).tolist()
    [[0.0, 0.0], [1.0, 0.1], [2.0, 0.2]]
    """
    seq_len, offset = whole_number("seq_len", seq_len, 1), whole_number("offset", offset, 0)
    if whole_number("d_k", d_k, 2) % 2:
        raise ConfigError(f"d_k must be even, since columns are turned in pairs, got {d_k}")
    theta = positive_number("base", base) ** (-np.arange(0, d_k, 2) / d_k)  # (d_k / 2,)
    positions = np.arange(offset, offset + seq_len, dtype=np.float64)  # (seq_len,)
    return positions[:, None] * theta  # (seq_len, d_k / 2)


def alibi_slopes(n_heads: int) -> Array:
    """Give each head its slope: how fast it loses sight of what is far away.

        m_h = 2^(-8 h / n_heads),  h = 1 ... n_heads   (Press et al. 2022, section 3)

    That is for a power of two. For other numbers of heads, as in the authors' published code: the slopes of
    the next lower power of two, and after them every other slope of the next higher one.

    Args:
        n_heads: number of heads.

    Returns:
        (n_heads,), each between 0 and 1.

    Raises:
        ConfigError: `n_heads must be a whole number of at least 1, got 0`

    >>> alibi_slopes(4).tolist(), alibi_slopes(3).tolist()
    ([0.25, 0.0625, 0.015625, 0.00390625], [0.0625, 0.00390625, 0.25])
    """
    n_heads = whole_number("n_heads", n_heads, 1)
    lower = 2 ** (n_heads.bit_length() - 1)
    slopes = _geometric(lower)  # (lower,)
    return np.concatenate([slopes, _geometric(2 * lower)[0::2][: n_heads - lower]])  # (n_heads,)


class SinusoidalPositionalEncoding:
    """Add waves to the rows, so that each position looks different: nothing here is learned.

        x + PE   (Vaswani et al. 2017, sections 3.4 and 3.5)

    The paper multiplies embeddings by sqrt(d_model) before the sum, so that the waves do not drown them.

    Args:
        d_model: number of columns.
        max_len: the most positions that it will be asked for.

    Raises:
        ConfigError: `d_model must be a whole number of at least 1, got 0`

    >>> SinusoidalPositionalEncoding(d_model=4)(np.zeros((2, 4))).round(2).tolist()
    [[0.0, 1.0, 0.0, 1.0], [0.84, 0.54, 0.01, 1.0]]
    """

    def __init__(self, d_model: int, max_len: int = 1024) -> None:
        self.table = sinusoidal_positions(whole_number("max_len", max_len, 1), d_model)  # (max_len, d_model)

    def __call__(self, x: npt.ArrayLike, offset: int = 0) -> Array:
        """Add the rows of the positions from `offset` on.

        Args:
            x: (..., seq, d_model).
            offset: position of the first row.

        Returns:
            (..., seq, d_model), of the dtype of `x`.

        Raises:
            ShapeError: `x has d_model 3, expected 4`; `x ends at position 6, but there are only
                5, counted from 0`
        """
        x = real_rows("x", x, "seq", self.table.shape[-1])
        return x + _positions(self.table, x, offset).astype(x.dtype, copy=False)

    forward = __call__

    def backward(self, grad_output: npt.ArrayLike) -> Array:
        """Return the gradient of x, which is that of the sum (..., seq, d_model)."""
        return real_rows("grad_output", grad_output, "seq", self.table.shape[-1])


PositionalEncoding = SinusoidalPositionalEncoding


class LearnedPositionalEncoding(Layer):
    """Add a learned row for each position.

        x + P   (Vaswani et al. 2017, section 3.5, the learned form; Radford et al. 2018, section 3.1)

    The rows start as N(0, 0.02^2) (Radford et al. 2018, section 4.1).

    Args:
        max_len: number of positions.
        d_model: number of columns.
        seed: what the random start depends on.
        dtype: of the weights, float64 or float32.

    Raises:
        ConfigError: `max_len must be a whole number of at least 1, got 0`

    >>> LearnedPositionalEncoding(max_len=5, d_model=4)(np.zeros((2, 3, 4))).shape
    (2, 3, 4)
    """

    weight: Array  # (max_len, d_model)

    def __init__(
        self, max_len: int, d_model: int, *, seed: Seed = 0, dtype: npt.DTypeLike = np.float64
    ) -> None:
        shape = whole_number("max_len", max_len, 1), whole_number("d_model", d_model, 1)
        self.weight = generator(seed).normal(0, _LEARNED_DEVIATION, shape).astype(real_dtype(dtype))

    def __call__(self, x: npt.ArrayLike, offset: int = 0) -> Array:
        """Add the rows of the positions from `offset` on.

        Args:
            x: (..., seq, d_model).
            offset: position of the first row.

        Returns:
            (..., seq, d_model).

        Raises:
            ShapeError: `x has d_model 3, expected 4`; `x ends at position 6, but there are only
                5, counted from 0`
        """
        x = real_rows("x", x, "seq", self.weight.shape[-1])
        return x + _positions(self.weight, x, offset)

    forward = __call__

    def backward(self, x: npt.ArrayLike, grad_output: npt.ArrayLike, offset: int = 0) -> Gradients:
        """Return the gradients of x, and of each position's row: the sum over all rows that stood there.

        Args:
            x: (..., seq, d_model), as in the call.
            grad_output: how the loss changes with the output, in its shape.
            offset: as in the call.

        Returns:
            Gradients, with inputs (x,) and parameters `weight`.
        """
        x, grad_output = (
            real_rows("x", x, "seq", self.weight.shape[-1]),
            real_array("grad_output", grad_output),
        )
        if grad_output.shape != x.shape:
            raise ShapeError(f"grad_output has shape {grad_output.shape}, expected {x.shape}")
        require_finite("grad_output", grad_output)
        weight = np.zeros_like(self.weight)  # (max_len, d_model)
        _positions(weight, x, offset)[...] = grad_output.sum(axis=tuple(range(x.ndim - 2)))  # (seq, d_model)
        return Gradients((grad_output,), {"weight": weight})


class RotaryPositionalEncoding:
    """Turn each pair of columns by an angle that grows with the position.

        (a, b) -> (a cos(m theta) - b sin(m theta), b cos(m theta) + a sin(m theta))
        (Su et al. 2021, section 3.4.2, eq. 34), m the position, theta the pair's own

    Used on queries and keys, not on values: their product then depends on how far apart two positions are,
    and not on where they stand.

    Args:
        d_k: number of columns of a head, even.
        base: see `rotary_angles`.
        interleaved: True, as in the paper: columns 0 and 1 are a pair, 2 and 3 are the next. False, as
            in many published weights: column i and column i + d_k / 2 are a pair. One is the other with its
            columns in another order; what was trained with one needs that one.

    Raises:
        ConfigError: `d_k must be even, since columns are turned in pairs, got 5`

    >>> rotary = RotaryPositionalEncoding(d_k=2)
    >>> rotary([[1.0, 0.0], [1.0, 0.0]]).round(2).tolist()       # position 1: cos 1 and sin 1
    [[1.0, 0.0], [0.54, 0.84]]
    """

    def __init__(self, d_k: int, base: float = 10000.0, *, interleaved: bool = True) -> None:
        rotary_angles(1, d_k, base)  # checks both
        self.d_k, self.base, self.interleaved = d_k, base, flag("interleaved", interleaved)

    def __call__(self, x: npt.ArrayLike, offset: int = 0) -> Array:
        """Turn rows by their positions.

        Args:
            x: queries or keys (..., seq, d_k).
            offset: position of the first row.

        Returns:
            (..., seq, d_k), each row as long as before.

        Raises:
            ShapeError: `x has d_k 3, expected 4`
        """
        x = self._checked("x", x)
        return self._turned(x, rotary_angles(x.shape[-2], self.d_k, self.base, offset))

    forward = __call__

    def backward(self, grad_output: npt.ArrayLike, offset: int = 0) -> Array:
        """Return the gradient of x: that of the output, turned back.

        Args:
            grad_output: how the loss changes with the output (..., seq, d_k).
            offset: as in the call.

        Returns:
            (..., seq, d_k).
        """
        grad = self._checked("grad_output", grad_output)
        return self._turned(grad, -rotary_angles(grad.shape[-2], self.d_k, self.base, offset))

    def _checked(self, name: str, values: npt.ArrayLike) -> Array:
        rows = real_array(name, values)
        require_matrix(name, rows, "seq", "d_k")
        if rows.shape[-1] != self.d_k:
            raise ShapeError(f"{name} has d_k {rows.shape[-1]}, expected {self.d_k}")
        require_finite(name, rows)
        return rows

    def _turned(self, x: Array, angles: Array) -> Array:
        cos, sin = np.cos(angles).astype(x.dtype), np.sin(angles).astype(x.dtype)  # (seq, d_k / 2)
        half = self.d_k // 2
        first, second = (
            (slice(0, None, 2), slice(1, None, 2)) if self.interleaved else (slice(half), slice(half, None))
        )
        turned = np.empty_like(x)  # (..., seq, d_k)
        with np.errstate(over="ignore"):  # what overflows is refused by name
            turned[..., first] = x[..., first] * cos - x[..., second] * sin
            turned[..., second] = x[..., second] * cos + x[..., first] * sin
        refuse_overflow("turned", turned)
        return turned


class ALiBi:
    """Make the scores smaller the further a key is from its query: a mask of biases, nothing learned.

        softmax(q_i K^T + m_h * [-(i - 1), ..., -2, -1, 0])   (Press et al. 2022, section 3)

    The paper looks back only. For keys ahead, which matter without a causal mask, the bias falls the same
    way: -m_h |i - j|.

    Args:
        n_heads: number of heads; `slopes` holds each head's m_h.

    Raises:
        ConfigError: `n_heads must be a whole number of at least 1, got 0`

    >>> ALiBi(n_heads=8)(3)[0].tolist()
    [[0.0, -0.5, -1.0], [-0.5, 0.0, -0.5], [-1.0, -0.5, 0.0]]
    """

    def __init__(self, n_heads: int) -> None:
        self.slopes = alibi_slopes(n_heads)  # (n_heads,)

    def __call__(self, seq_q: int, seq_k: int | None = None) -> Array:
        """Return the biases, to be given as `mask` or combined with one.

        Args:
            seq_q: number of queries.
            seq_k: number of keys; as many as queries unless given. The queries are the last seq_q of these
                positions, as they are where earlier keys come from a cache.

        Returns:
            Floating mask (n_heads, seq_q, seq_k). For rows with batch axes give it an axis in front,
            `biases[None]`: a mask of three axes is read as one for each sentence.

        Raises:
            ConfigError: `seq_k must be a whole number of at least 5, got 3`
        """
        seq_q = whole_number("seq_q", seq_q, 1)
        seq_k = seq_q if seq_k is None else whole_number("seq_k", seq_k, seq_q)
        queries, keys = np.arange(seq_k - seq_q, seq_k), np.arange(seq_k)  # (seq_q,), (seq_k,)
        distance = np.abs(queries[:, None] - keys)  # (seq_q, seq_k)
        biases: Array = 0.0 - self.slopes[:, None, None] * distance  # (n_heads, seq_q, seq_k)
        return biases

    forward = __call__


def _geometric(n_heads: int) -> Array:
    slopes: Array = np.exp2(-8.0 * np.arange(1, n_heads + 1) / n_heads)  # (n_heads,)
    return slopes


def _positions(table: Array, x: Array, offset: int) -> Array:
    """Return the rows of the table for the positions of x: a view (seq, d_model)."""
    end = whole_number("offset", offset, 0) + x.shape[-2]
    if end > len(table):
        raise ShapeError(f"x ends at position {end - 1}, but there are only {len(table)}, counted from 0")
    return table[offset:end]
