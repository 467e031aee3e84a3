"""What every block is: a frozen value that knows how to tell the page about itself."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from typing import Any, TypeAlias

import numpy as np

View: TypeAlias = dict[str, Any]
_AS_IT_IS = frozenset((str, int, bool, type(None)))
_NAMES: dict[type, tuple[str, ...]] = {}  # of the fields of each dataclass that was told


@dataclass(frozen=True, kw_only=True, eq=False)
class Block:
    """One thing that can stand on the screen; a renderer of the same name draws it."""

    def view(self) -> View:
        """Return what the renderer gets: the name, the fields, and the picture in one sentence."""
        return {"block": type(self).__name__, "alt": self.described(), **parts(self)}

    def described(self) -> str:
        """Say in one sentence, with its numbers, what the block shows; empty for what is text already."""
        return ""


def plain(value: Any) -> Any:
    """Return a value as JSON can hold it: no arrays, no dataclasses, None for what is not finite."""
    kind = value.__class__
    if kind in _AS_IT_IS:  # most of them
        return value
    if kind is float:
        return value if math.isfinite(value) else None
    if kind is list or kind is tuple:
        kinds = set(map(type, value))
        if kinds <= _AS_IT_IS or (kinds == {float} and all(map(math.isfinite, value))):
            return list(value)
        return [plain(each) for each in value]
    if kind is dict:
        return {key: each if each.__class__ in _AS_IT_IS else plain(each) for key, each in value.items()}
    return _plain_of_others(value)


def _plain_of_others(value: Any) -> Any:
    if isinstance(value, str):  # a text that is said when it is shown
        return value
    if isinstance(value, Block):
        return value.view()
    if is_dataclass(value):
        return parts(value)
    if isinstance(value, np.ndarray | np.generic):
        known = value.dtype.kind in "biu" or (value.dtype.kind == "f" and np.isfinite(value).all())
        return value.tolist() if known else plain(value.tolist())
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    if isinstance(value, Mapping):
        return {key: plain(each) for key, each in value.items()}
    return value


def parts(value: Any) -> View:
    """Return the fields of a dataclass, each as JSON can hold it."""
    kind = type(value)
    if kind not in _NAMES:
        _NAMES[kind] = tuple(field.name for field in fields(value))
    return {name: plain(getattr(value, name)) for name in _NAMES[kind]}
