"""What came before attention: a convolution and a recurrent network, for the lessons that compare.

A convolution reaches as far as its kernel is wide; a recurrent network reaches everywhere, but one position
after the other (Vaswani et al. 2017, section 4). `cost` counts what that means.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from attention.checks import real_array, refuse_overflow, require_finite, require_matrix
from attention.errors import ConfigError, ShapeError
from attention.trace import Array

__all__ = ["conv1d", "rnn"]


@np.errstate(over="ignore", invalid="ignore")  # what overflows is refused by name below
def conv1d(
    x: npt.ArrayLike, kernel: npt.ArrayLike, bias: npt.ArrayLike | None = None, padding: str = "same"
) -> Array:
    """Slide one window along the sequence, with the same weights at every position.

        y_i = b + sum_j x_{i + j - p} W_j, p = how much is padded on the left
        (Goodfellow et al. 2016, section 9.1, eq. 9.6: strictly a cross-correlation, as in most libraries)

    Args:
        x: (..., seq, d_in).
        kernel: W (kernel_size, d_in, d_out), the leftmost position first.
        bias: b (d_out,); 0 unless given.
        padding: "same" puts zeros on both sides so that seq stays (the odd one on the right), "causal" puts
            them all on the left, so that no output sees what comes after it, "valid" puts none.

    Returns:
        y (..., seq, d_out), or (..., seq - kernel_size + 1, d_out) with "valid".

    Raises:
        ShapeError: `x has d_in 3, but kernel has d_in 2`; `kernel_size 5 needs a seq of at least 5 without
            padding, got 3`
        ConfigError: `padding must be "same", "causal" or "valid", got 'full'`
        NumberError: `x holds nan at (0, 2), expected finite numbers`

    >>> conv1d([[1], [2], [4]], [[[1]], [[10]]], padding="causal").tolist()
    [[10.0], [21.0], [42.0]]
    """
    x, kernel = real_array("x", x), real_array("kernel", kernel)
    require_matrix("x", x, "seq", "d_in")
    if kernel.ndim != 3 or 0 in kernel.shape:
        raise ShapeError(f"kernel must have the axes (kernel_size, d_in, d_out), got shape {kernel.shape}")
    kernel_size, d_in, d_out = kernel.shape
    _require_same("x", x.shape[-1], "kernel", d_in, "d_in")
    b = _vector("bias", bias, d_out, kernel.dtype)
    _require_finite(x=x, kernel=kernel, bias=b)

    left = {"same": (kernel_size - 1) // 2, "causal": kernel_size - 1, "valid": 0}.get(padding)
    if left is None:
        raise ConfigError(f'padding must be "same", "causal" or "valid", got {padding!r}')
    right = 0 if padding == "valid" else kernel_size - 1 - left
    padded = np.pad(x, [(0, 0)] * (x.ndim - 2) + [(left, right), (0, 0)])  # (..., seq + left + right, d_in)
    seq = padded.shape[-2] - kernel_size + 1
    if seq < 1:
        raise ShapeError(
            f"kernel_size {kernel_size} needs a seq of at least {kernel_size} without padding, "
            f"got {x.shape[-2]}"
        )

    y: Array = b + sum(
        padded[..., j : j + seq, :] @ kernel[j] for j in range(kernel_size)
    )  # (..., seq, d_out)
    require_finite("y", y, hint=f"too large for {y.dtype}: start from smaller numbers")
    return y


@np.errstate(over="ignore", invalid="ignore")  # what overflows is refused by name below
def rnn(
    x: npt.ArrayLike,
    w_x: npt.ArrayLike,
    w_h: npt.ArrayLike,
    b: npt.ArrayLike | None = None,
    h0: npt.ArrayLike | None = None,
) -> Array:
    """Read the sequence from left to right, keeping one state that has to hold everything read so far.

        h_t = tanh(x_t W_x + h_{t-1} W_h + b)   (Elman 1990; as in Goodfellow et al. 2016, eq. 10.8 and 10.9)

    Args:
        x: (..., seq, d_in).
        w_x: W_x (d_in, d_hidden).
        w_h: W_h (d_hidden, d_hidden).
        b: (d_hidden,); 0 unless given.
        h0: the state before the first position (d_hidden,), or with the leading axes of x; 0 unless given.

    Returns:
        h, the state after each position (..., seq, d_hidden).

    Raises:
        ShapeError: `x has d_in 3, but w_x has d_in 2`; `w_h has shape (2, 3), expected (2, 2)`
        NumberError: `w_h holds inf at (0, 0), expected finite numbers`; `position 1 holds inf at (0,), too
            large for float64: start from smaller numbers`

    >>> rnn([[1], [0], [0]], w_x=[[1]], w_h=[[2]]).round(3).tolist()
    [[0.762], [0.909], [0.949]]
    """
    x, w_x, w_h = real_array("x", x), real_array("w_x", w_x), real_array("w_h", w_h)
    require_matrix("x", x, "seq", "d_in")
    if w_x.ndim != 2 or 0 in w_x.shape:
        raise ShapeError(f"w_x must have the axes (d_in, d_hidden), got shape {w_x.shape}")
    d_in, d_hidden = w_x.shape
    _require_same("x", x.shape[-1], "w_x", d_in, "d_in")
    if w_h.shape != (d_hidden, d_hidden):
        raise ShapeError(f"w_h has shape {w_h.shape}, expected {(d_hidden, d_hidden)}")
    b = _vector("b", b, d_hidden, w_x.dtype)
    h = (
        np.zeros(d_hidden, w_x.dtype) if h0 is None else real_array("h0", h0)
    )  # (d_hidden,) or (..., d_hidden)
    if h.shape not in ((d_hidden,), (*x.shape[:-2], d_hidden)):
        raise ShapeError(f"h0 has shape {h.shape}, expected {(*x.shape[:-2], d_hidden)}")
    _require_finite(x=x, w_x=w_x, w_h=w_h, b=b, h0=h)

    states = np.empty((*x.shape[:-1], d_hidden), np.result_type(x, w_x, w_h, b, h))  # (..., seq, d_hidden)
    for t in range(x.shape[-2]):
        sums = x[..., t, :] @ w_x + h @ w_h + b  # (..., d_hidden)
        refuse_overflow(f"position {t}", sums)
        states[..., t, :] = h = np.tanh(sums)
    return states


def _vector(name: str, values: npt.ArrayLike | None, size: int, dtype: npt.DTypeLike) -> Array:
    vector = np.zeros(size, dtype) if values is None else real_array(name, values)
    if vector.shape != (size,):
        raise ShapeError(f"{name} has shape {vector.shape}, expected {(size,)}")
    return vector


def _require_same(name: str, size: int, other: str, other_size: int, axis: str) -> None:
    if size != other_size:
        raise ShapeError(f"{name} has {axis} {size}, but {other} has {axis} {other_size}")


def _require_finite(**arrays: Array) -> None:
    for name, array in arrays.items():
        require_finite(name, array)
