"""Optimisers: how weights follow their gradients downhill."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from attention.checks import (
    length_of,
    number_or_nan,
    positive_number,
    real_array,
    require_finite,
    whole_number,
)
from attention.errors import ConfigError, NumberError, ShapeError, WeightsError
from attention.trace import Array

__all__ = ["Adam", "clip_gradients", "gradient_norm", "warmup_rate"]


class Adam:
    """Move each weight by about `lr` a step, along the running mean of its gradients.

        m = beta_1 m + (1 - beta_1) g,  v = beta_2 v + (1 - beta_2) g^2
        theta = theta - lr * (m / (1 - beta_1^t)) / (sqrt(v / (1 - beta_2^t)) + eps)

    (Kingma and Ba 2015, algorithm 1; the defaults of betas and eps are those of Vaswani et al. 2017, section
    5.3.) The divisions by 1 - beta^t make up for m and v starting at 0.

    Args:
        parameters: the weights by name, as `Layer.parameters` gives them; `step` changes these very arrays.
        lr: the learning rate, more than 0. It may be set anew before any step: `adam.lr = warmup_rate(...)`.
        betas: how much of the running means of g and g^2 stays at each step, each from 0 to below 1.
        eps: keeps a weight whose gradients are all 0 from dividing by 0.
        weight_decay: what share of itself, times lr, each weight loses at each step, whatever its gradient:
            theta = theta - lr * weight_decay * theta (Loshchilov and Hutter 2019, algorithm 2).

    Attributes:
        steps: how many were taken.

    Raises:
        NumberError: `lr must be a finite number above 0, got 0`
        ConfigError: `beta_2 must be a number from 0 to below 1, got 1`
        WeightsError: `w_q is read-only: pass the weights themselves, as layer.parameters() gives them`

    >>> weights = {"w": np.array([1.0, 1.0])}
    >>> adam = Adam(weights, lr=0.25)
    >>> adam.step({"w": [40.0, -0.001]})
    >>> weights["w"].round(4).tolist(), adam.steps
    ([0.75, 1.25], 1)
    """

    def __init__(
        self,
        parameters: Mapping[str, Array],
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.98),
        eps: float = 1e-9,
        weight_decay: float = 0.0,
    ) -> None:
        self.lr, self.eps = positive_number("lr", lr), positive_number("eps", eps)
        self.weight_decay = number_or_nan(weight_decay)
        if not 0 <= self.weight_decay < math.inf:
            raise ConfigError(f"weight_decay must be a number of at least 0, got {weight_decay!r}")
        if not isinstance(betas, Sequence) or len(betas) != 2:
            raise ConfigError(f"betas must be two numbers, got {betas!r}")
        self.betas = _decay("beta_1", betas[0]), _decay("beta_2", betas[1])
        for name, weight in parameters.items():
            if not isinstance(weight, np.ndarray) or weight.dtype.kind != "f":
                found = getattr(weight, "dtype", type(weight).__name__)
                raise WeightsError(f"{name} must be an array of floats, got {found}")
            if not weight.flags.writeable:
                raise WeightsError(
                    f"{name} is read-only: pass the weights themselves, as layer.parameters() gives them"
                )
        self.steps = 0
        self._parameters = dict(parameters)
        self._m = {name: np.zeros_like(weight) for name, weight in parameters.items()}
        self._v = {name: np.zeros_like(weight) for name, weight in parameters.items()}

    def step(self, grads: Mapping[str, npt.ArrayLike]) -> None:
        """Change every weight once; nothing is changed if a gradient is refused.

        Args:
            grads: how the loss changes with each weight, under its name and in its shape.

        Raises:
            WeightsError: `the gradients have no w_o`; `the gradients have W_q, which is no parameter`
            ShapeError: `the gradient of w_q has shape (4, 2), expected (4, 4)`
            NumberError: `the gradient of w_q holds nan at (0, 2), expected finite numbers`
        """
        lr, (beta_1, beta_2) = positive_number("lr", self.lr), self.betas
        checked = self._checked(grads)

        self.steps += 1
        unbias_1, unbias_2 = 1 - beta_1**self.steps, 1 - beta_2**self.steps
        for name, theta in self._parameters.items():
            g, m, v = checked[name], self._m[name], self._v[name]
            m += (1 - beta_1) * (g - m)
            v += (1 - beta_2) * (g * g - v)
            theta *= 1 - lr * self.weight_decay
            theta -= lr * (m / unbias_1) / (np.sqrt(v / unbias_2) + self.eps)

    def _checked(self, grads: Mapping[str, npt.ArrayLike]) -> dict[str, Array]:
        for name in grads:
            if name not in self._parameters:
                raise WeightsError(f"the gradients have {name}, which is no parameter")
        checked = {}
        for name, weight in self._parameters.items():
            if name not in grads:
                raise WeightsError(f"the gradients have no {name}")
            grad = real_array(f"the gradient of {name}", grads[name])
            if grad.shape != weight.shape:
                raise ShapeError(f"the gradient of {name} has shape {grad.shape}, expected {weight.shape}")
            require_finite(f"the gradient of {name}", grad)
            if not math.isfinite(length_of(grad)):
                raise NumberError(
                    f"the gradient of {name} is too large to square in {grad.dtype}: clip it first"
                )
            checked[name] = grad
        return checked


def gradient_norm(grads: Mapping[str, npt.ArrayLike]) -> float:
    """Measure all gradients as if they were one long vector.

        ||g|| = sqrt(sum of g_i^2)   (Pascanu et al. 2013, section 3.2, algorithm 1)

    Args:
        grads: gradients by name, of any shapes.

    Returns:
        The length; 0 if there are none.

    Raises:
        NumberError: `the gradient of w_q holds nan at (0, 2), expected finite numbers`

    >>> gradient_norm({"w": [[3.0, 0.0]], "b": [4.0]})
    5.0
    """
    lengths = []
    for name, values in grads.items():
        grad = real_array(f"the gradient of {name}", values)
        require_finite(f"the gradient of {name}", grad)
        largest = float(np.abs(grad).max(initial=0)) or 1.0  # divided by it, no square overflows
        lengths.append(largest * math.sqrt(float(np.square(grad / largest).sum(dtype=np.float64))))
    return math.hypot(*lengths)


def clip_gradients(grads: Mapping[str, npt.ArrayLike], max_norm: float) -> dict[str, Array]:
    """Shorten gradients that are too long, all by the same factor, so that their direction stays.

        g = g * max_norm / ||g||   if ||g|| > max_norm   (Pascanu et al. 2013, section 3.2, algorithm 1)

    Args:
        grads: gradients by name, of any shapes.
        max_norm: the length that is left, more than 0.

    Returns:
        Gradients by name, in their shapes.

    Raises:
        NumberError: `max_norm must be a finite number above 0, got 0`; `the gradient of w_q holds nan at (0,
            2), expected finite numbers`

    >>> clip_gradients({"w": [[3.0, 0.0]], "b": [4.0]}, max_norm=1)["w"].round(3).tolist()
    [[0.6, 0.0]]
    """
    max_norm, norm = positive_number("max_norm", max_norm), gradient_norm(grads)
    factor = min(1.0, max_norm / norm) if norm else 1.0
    return {name: real_array(name, grad) * factor for name, grad in grads.items()}


def warmup_rate(step: int, d_model: int, warmup_steps: int = 4000) -> float:
    """Let the learning rate rise in a line for `warmup_steps` steps, and then fall with 1 / sqrt(step).

        lr = d_model^-0.5 * min(step^-0.5, step * warmup_steps^-1.5)   (Vaswani et al. 2017, section 5.3,
        eq. 3)

    Args:
        step: counted from 1.
        d_model: the width of the model.
        warmup_steps: how long it rises, in steps.

    Returns:
        The learning rate of this step.

    Raises:
        ConfigError: `step must be a whole number of at least 1, got 0`

    >>> [round(warmup_rate(step, d_model=64, warmup_steps=100), 6) for step in (1, 50, 100, 400)]
    [0.000125, 0.00625, 0.0125, 0.00625]
    """
    step, d_model = whole_number("step", step, 1), whole_number("d_model", d_model, 1)
    warmup_steps = whole_number("warmup_steps", warmup_steps, 1)
    return min(1 / math.sqrt(step), step / math.sqrt(warmup_steps) ** 3) / math.sqrt(d_model)


def _decay(name: str, value: float) -> float:
    number = number_or_nan(value)
    if not 0 <= number < 1:
        raise ConfigError(f"{name} must be a number from 0 to below 1, got {value!r}")
    return number
