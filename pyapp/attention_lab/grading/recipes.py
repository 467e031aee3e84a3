"""Functions and matrices that come as data: a kind, which is known here, and the parts that it is made from.

Standard library and NumPy only: the runner gets this file as text (see shipping.py).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from numpy import cumsum, exp, float32, frompyfunc, maximum, sqrt, tanh, zeros

from attention_lab.grading.protocol import Array, Recipe


def made_of(value: Any) -> Any:
    """Return a value with every recipe in it made."""
    if type(value) is Recipe:
        return _RECIPES[value.kind](**value.parts)
    if type(value) is list:
        return [made_of(each) for each in value]
    if type(value) is tuple:
        return tuple(made_of(each) for each in value)
    if type(value) is dict:
        return {key: made_of(each) for key, each in value.items()}
    return value


def _next_of(table: Array, fade: float) -> Callable[[Any], Array]:
    """A small causal model: (seq,) ids -> (seq, vocab) logits, by all tokens so far, the last one most."""

    def logits_of(ids: Any) -> Array:
        logits = zeros((len(ids), table.shape[1]))
        for place, token in enumerate(ids):
            logits[place] = table[token] + (fade * logits[place - 1] if place else 0)
        return logits

    return logits_of


_erf = frompyfunc(math.erf, 1, 1)


def _by_row(whole: Array, scale: Array, kept: Array, kept_rows: Array) -> Array:
    """A matrix (in, out) that was stored as whole numbers, with a scale for each column of it."""
    rows = whole.astype(float32) * scale.astype(float32)[:, None]
    rows[kept_rows] = kept
    return rows.T


_RECIPES: dict[str, Callable[..., Any]] = {
    "next_of": _next_of,
    "tanh": lambda: lambda x: tanh(x),
    "swish": lambda: lambda x: x / (1 + exp(-x)),
    "relu": lambda: lambda x: maximum(x, 0),
    "gelu": lambda: lambda x: x / 2 * (1 + _erf(x / sqrt(2)).astype(x.dtype)),
    "by_row": _by_row,
    "cumsum": lambda: lambda x: cumsum(x, axis=-1),
}
