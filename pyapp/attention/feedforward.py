"""The feed-forward network of a transformer block: each row is widened, bent and narrowed again.

FFN(x) = max(0, x W_1 + b_1) W_2 + b_2   (Vaswani et al. 2017, section 3.3, eq. 2)
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Literal, TypeAlias, get_args

import numpy as np
import numpy.typing as npt

from attention.calls import explained
from attention.checks import one_of, real_rows, whole_number
from attention.grad import Gradients, gelu_backward, linear_backward, relu_backward
from attention.initial import Seed, generator
from attention.layers import Layer, Linear
from attention.ops import gelu, relu
from attention.trace import Array, freeze_arrays

__all__ = ["Activation", "FeedForward", "FeedForwardTrace", "feed_forward_backward"]

Activation: TypeAlias = Literal["relu", "gelu", "gelu_tanh"]

_ACTIVATIONS: dict[str, tuple[Callable[[Array], Array], Callable[[Array, npt.ArrayLike], Array]]] = {
    "relu": (relu, relu_backward),
    "gelu": (gelu, gelu_backward),
    "gelu_tanh": (partial(gelu, approximate="tanh"), partial(gelu_backward, approximate="tanh")),
}


@dataclass(frozen=True, slots=True, eq=False)
class FeedForwardTrace:
    """One pass through a feed-forward network, every step of it.

    FFN(x) = max(0, x W_1 + b_1) W_2 + b_2 (Vaswani et al. 2017, section 3.3, eq. 2)

    >>> trace = FeedForward(d_model=3, d_ff=5).trace(np.ones((2, 3)))
    >>> trace.hidden.shape, trace.activated.shape, trace.output.shape
    ((2, 5), (2, 5), (2, 3))
    """

    x: Array  # (..., seq, d_model)
    w_1: Array  # (d_model, d_ff)
    b_1: Array | None  # (d_ff,)
    w_2: Array  # (d_ff, d_model)
    b_2: Array | None  # (d_model,)
    activation: Activation
    hidden: Array  # (..., seq, d_ff)   x @ w_1 + b_1
    activated: Array  # (..., seq, d_ff)   max(0, hidden), or GELU
    output: Array  # (..., seq, d_model)   activated @ w_2 + b_2

    def __post_init__(self) -> None:
        freeze_arrays(self)


class FeedForward(Layer):
    """Let each row think for itself: widen it, bend it, and narrow it again, all rows by the same weights.

        FFN(x) = max(0, x W_1 + b_1) W_2 + b_2   (Vaswani et al. 2017, section 3.3, eq. 2)

    With "gelu", GELU stands in place of max(0, ...) (Devlin et al. 2019, appendix A.2); with "gelu_tanh", its
    form with tanh, as in GPT-2.

    Args:
        d_model: width of the rows that come in and go out.
        d_ff: width in between; 4 * d_model in the paper.
        activation: "relu", "gelu" or "gelu_tanh".
        bias: whether there are b_1 and b_2.
        seed: what the random start depends on.
        dtype: of the weights, float64 or float32.

    Raises:
        ConfigError: `activation must be 'relu' or 'gelu' or 'gelu_tanh', got 'tanh'`

    >>> feed_forward = FeedForward(d_model=3, d_ff=5)
    >>> feed_forward(np.ones((2, 3))).shape, list(feed_forward.parameters())
    ((2, 3), ['first.w', 'first.b', 'second.w', 'second.b'])
    """

    @explained
    def __init__(
        self,
        d_model: int,
        d_ff: int,
        activation: Activation = "relu",
        *,
        bias: bool = True,
        seed: Seed = 0,
        dtype: npt.DTypeLike = np.float64,
    ) -> None:
        d_model, d_ff = whole_number("d_model", d_model, 1), whole_number("d_ff", d_ff, 1)
        self.activation: Activation = one_of("activation", activation, get_args(Activation))
        rng = generator(seed)
        self.first = Linear(d_model, d_ff, bias=bias, seed=rng, dtype=dtype)
        self.second = Linear(d_ff, d_model, bias=bias, seed=rng, dtype=dtype)

    def __call__(self, x: npt.ArrayLike) -> Array:
        """Compute the output alone.

        Args:
            x: (..., seq, d_model).

        Returns:
            (..., seq, d_model).

        Raises:
            ShapeError: `x has d_model 3, expected 4`
            NumberError: `x holds nan at (0, 2), expected finite numbers`
        """
        return self._steps(x)[-1]

    forward = __call__

    def trace(self, x: npt.ArrayLike) -> FeedForwardTrace:
        """Compute the output of rows (..., seq, d_model) and keep every step."""
        first, second = self.first, self.second
        x, hidden, activated, output = self._steps(x)
        weights = (first.w, first.b, second.w, second.b)
        return FeedForwardTrace(x, *weights, self.activation, hidden, activated, output)

    def backward(self, x: npt.ArrayLike, grad_output: npt.ArrayLike) -> Gradients:
        """Return the gradients of x and of the weights, from that of the output; x as in the call."""
        return feed_forward_backward(self.trace(x), grad_output)

    def _steps(self, x: npt.ArrayLike) -> tuple[Array, Array, Array, Array]:
        x = real_rows("x", x, "seq", len(self.first.w))
        activate, _ = _ACTIVATIONS[self.activation]
        hidden = self.first(x)  # (..., seq, d_ff)
        activated = activate(hidden)  # (..., seq, d_ff)
        return x, hidden, activated, self.second(activated)


def feed_forward_backward(trace: FeedForwardTrace, grad_output: npt.ArrayLike) -> Gradients:
    """Go back through the steps of `FeedForward`, last to first."""
    _, activation_backward = _ACTIVATIONS[trace.activation]
    grad_activated, w_2, b_2 = linear_backward(trace.activated, trace.w_2, grad_output)
    grad_hidden = activation_backward(trace.hidden, grad_activated)  # (..., seq, d_ff)
    grad_x, w_1, b_1 = linear_backward(trace.x, trace.w_1, grad_hidden)
    if trace.b_1 is None:
        return Gradients((grad_x,), {"first.w": w_1, "second.w": w_2})
    return Gradients((grad_x,), {"first.w": w_1, "first.b": b_1, "second.w": w_2, "second.b": b_2})
