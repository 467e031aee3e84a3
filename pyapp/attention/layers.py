"""Layers: functions with weights of their own.

A layer's weights are its public array attributes, so that `layer.w_q` is all there is to see; a layer inside
a layer gives its weights under a dotted name. Weights are written (d_in, d_out) and stand on the right, as in
the paper: X W + b.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from attention.checks import real_array, require_finite
from attention.errors import WeightsError
from attention.trace import Array

__all__ = ["Gradients", "Layer"]


@dataclass(frozen=True, slots=True, eq=False)
class Gradients:
    """What a backward pass returns: how the loss changes with each input and each weight."""

    inputs: tuple[Array, ...]  # one for each array input of the call, in its order and shape
    parameters: dict[str, Array]  # under the names of `Layer.parameters`, in their shapes


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
            NumberError: `w_q holds nan at (0, 2), expected finite numbers`
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
        for name, array in own.items():
            array[...] = new[name]


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
