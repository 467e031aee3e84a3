"""Layers: functions with weights of their own.

A layer's weights are its public array attributes, so that `layer.w_q` is all there is to see; a layer inside
a layer gives its weights under a dotted name. Weights are written (d_in, d_out) and stand on the right, as in
the paper: X W + b.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

import numpy as np
import numpy.typing as npt

from attention.calls import explained
from attention.checks import flag, positive_number, real_array, require_finite, whole_number, whole_numbers
from attention.errors import WeightsError
from attention.grad import Gradients, embedding_backward, layer_norm_backward, linear_backward
from attention.initial import Seed, generator, glorot_uniform, real_dtype
from attention.ops import layer_norm, linear
from attention.trace import Array

__all__ = ["Embedding", "Gradients", "Layer", "LayerNorm", "Linear"]


class Layer:
    """Something with weights: gives them by name, and takes them by name.

    >>> class Scale(Layer):
    ...     def __init__(self) -> None:
    ...         self.gain = np.ones(3)
    >>> class Two(Layer):
    ...     def __init__(self) -> None:
    ...         self.first, self.rest = Scale(), [Scale()]
    >>> list(Two().parameters())
    ['first.gain', 'rest.0.gain']
    """

    def parameters(self) -> dict[str, Array]:
        """Return every weight by name: the arrays themselves, so that changing them trains the layer."""
        return dict(_walk(self))

    def state_dict(self) -> dict[str, Array]:
        """Return a copy of every weight by name: what `save` writes."""
        return {name: array.copy() for name, array in self.parameters().items()}

    def load_state_dict(self, state: Mapping[str, npt.ArrayLike]) -> None:
        """Put weights in, all or none of them; each is cast to the dtype that it has here.

        Args:
            state: one array for each name of `parameters()`, of the same shape.

        Raises:
            WeightsError: `the state has no w_o, and has W_q and 2 more that are not expected`
            WeightsError: `w_q has shape (4, 2), expected (4, 4)`
            NumberError: `w_q holds nan at (0, 2), expected finite numbers`; `w_q holds inf at (0, 2), too
                large for float32`
        """
        own = self.parameters()
        missing, extra = [n for n in own if n not in state], [n for n in state if n not in own]
        if missing or extra:
            found = [f"has no {_few(missing)}"] * bool(missing)
            found += [f"has {_few(extra)} that {'is' if len(extra) == 1 else 'are'} not expected"] * bool(
                extra
            )
            raise WeightsError(f"the state {', and '.join(found)}")
        new = {name: real_array(name, state[name]) for name in own}
        for name, array in own.items():
            if new[name].shape != array.shape:
                raise WeightsError(f"{name} has shape {new[name].shape}, expected {array.shape}")
            require_finite(name, new[name])
            with np.errstate(over="ignore"):  # what overflows is refused by name
                new[name] = new[name].astype(array.dtype, copy=False)
            require_finite(name, new[name], hint=f"too large for {array.dtype}")
        for name, array in own.items():
            array[...] = new[name]


class Linear(Layer):
    """Mix the columns of each row, by a matrix and a bias that are learned.

        y = x W + b   (each of the two in Vaswani et al. 2017, section 3.3, eq. 2)

    The matrix starts as `glorot_uniform`, the bias at 0.

    Args:
        d_in, d_out: columns that come in and go out.
        bias: whether there is a b; without it `b` is None.
        seed: what the random start depends on.
        dtype: of the weights, float64 or float32.

    Raises:
        ConfigError: `d_in must be a whole number of at least 1, got 0`

    >>> layer = Linear(3, 2)
    >>> layer(np.ones((5, 3))).shape, list(layer.parameters())
    ((5, 2), ['w', 'b'])
    """

    w: Array  # (d_in, d_out)
    b: Array | None  # (d_out,)

    @explained
    def __init__(
        self,
        d_in: int,
        d_out: int,
        *,
        bias: bool = True,
        seed: Seed = 0,
        dtype: npt.DTypeLike = np.float64,
    ) -> None:
        d_in, d_out = whole_number("d_in", d_in, 1), whole_number("d_out", d_out, 1)
        self.w = glorot_uniform(generator(seed), d_in, d_out, real_dtype(dtype))
        self.b = np.zeros(d_out, real_dtype(dtype)) if flag("bias", bias) else None

    def __call__(self, x: npt.ArrayLike) -> Array:
        """Compute x W + b of rows (..., d_in): (..., d_out); refuses what `linear` refuses."""
        return linear(x, self.w, self.b)

    forward = __call__

    def backward(self, x: npt.ArrayLike, grad_output: npt.ArrayLike) -> Gradients:
        """Return the gradients of x, w and b, from that of the output (..., d_out); x as in the call."""
        grad_x, w, b = linear_backward(x, self.w, grad_output)
        return Gradients((grad_x,), {"w": w} if self.b is None else {"w": w, "b": b})


class LayerNorm(Layer):
    """Bring each row to mean 0 and variance 1, then give each column a gain and a bias that are learned.

        y = gain * (x - mean) / sqrt(variance + eps) + bias   (Ba et al. 2016, section 3, eqs. 3 and 4)

    Gains start at 1, biases at 0.

    Args:
        d_model: number of columns.
        eps: added to the variance; more than 0.
        dtype: of the weights, float64 or float32.

    Raises:
        NumberError: `eps must be a finite number above 0, got 0`

    >>> LayerNorm(4)([1.0, 3.0, 5.0, 7.0]).round(2).tolist()
    [-1.34, -0.45, 0.45, 1.34]
    """

    gain: Array  # (d_model,)
    bias: Array  # (d_model,)

    @explained
    def __init__(self, d_model: int, eps: float = 1e-5, *, dtype: npt.DTypeLike = np.float64) -> None:
        d_model, self.eps = whole_number("d_model", d_model, 1), positive_number("eps", eps)
        self.gain = np.ones(d_model, real_dtype(dtype))
        self.bias = np.zeros(d_model, real_dtype(dtype))

    def __call__(self, x: npt.ArrayLike) -> Array:
        """Normalise rows (..., d_model), in their shape; refuses what `layer_norm` refuses."""
        return layer_norm(x, self.gain, self.bias, self.eps)

    forward = __call__

    def backward(self, x: npt.ArrayLike, grad_output: npt.ArrayLike) -> Gradients:
        """Return the gradients of x, gain and bias, from that of the output; x as in the call."""
        grad_x, gain, bias = layer_norm_backward(x, self.gain, self.eps, grad_output)
        return Gradients((grad_x,), {"gain": gain, "bias": bias})


class Embedding(Layer):
    """Look ids up in a table of learned rows.

        x_i = E[id_i]   (Vaswani et al. 2017, section 3.4, without its factor sqrt(d_model))

    The numbers start as N(0, 1 / d_model). A row then has a length of about 1, and the paper's factor
    sqrt(d_model) gives it numbers of about 1, as large as the waves that are added to it. Where E serves as
    the output matrix, too, normalised rows times E give logits with a variance of about 1.

    Args:
        vocab_size: number of rows, one for each id from 0 on.
        d_model: number of columns.
        seed: what the random start depends on.
        dtype: of the weights, float64 or float32.

    Raises:
        ConfigError: `vocab_size must be a whole number of at least 1, got 0`

    >>> embedding = Embedding(vocab_size=5, d_model=3)
    >>> bool((embedding([4, 0, 4]) == embedding.weight[[4, 0, 4]]).all())
    True
    """

    weight: Array  # (vocab_size, d_model)

    @explained
    def __init__(
        self, vocab_size: int, d_model: int, *, seed: Seed = 0, dtype: npt.DTypeLike = np.float64
    ) -> None:
        shape = whole_number("vocab_size", vocab_size, 1), whole_number("d_model", d_model, 1)
        self.weight = generator(seed).normal(0, 1 / math.sqrt(d_model), shape).astype(real_dtype(dtype))

    def __call__(self, ids: npt.ArrayLike) -> Array:
        """Return the row of each id.

        Args:
            ids: whole numbers from 0 to vocab_size - 1 (..., seq).

        Returns:
            (..., seq, d_model).

        Raises:
            NumberError: `ids holds 5 at (0, 2), expected whole numbers from 0 to 4`
            NumberError: `ids must hold whole numbers, got dtype float64`
            ShapeError: `ids has shape (0,), expected at least one whole number`
        """
        rows: Array = self.weight[whole_numbers("ids", ids, len(self.weight))]  # (..., seq, d_model)
        return rows

    forward = __call__

    def backward(self, ids: npt.ArrayLike, grad_output: npt.ArrayLike) -> Gradients:
        """Return the gradient of the table, from that of the rows (..., seq, d_model): ids have none."""
        return Gradients((), {"weight": embedding_backward(ids, len(self.weight), grad_output)})


def _walk(layer: Layer, prefix: str = "") -> Iterator[tuple[str, Array]]:
    for name, value in vars(layer).items():
        if name.startswith("_"):
            continue
        if isinstance(value, np.ndarray):
            yield prefix + name, value
        elif isinstance(value, Layer):
            yield from _walk(value, f"{prefix}{name}.")
        elif isinstance(value, list):
            for i, each in enumerate(value):
                yield from _walk(each, f"{prefix}{name}.{i}.")


def _few(names: list[str]) -> str:
    """Name the first three, and count the others."""
    more = f" and {len(names) - 3} more" if len(names) > 3 else ""
    return ", ".join(names[:3]) + more
