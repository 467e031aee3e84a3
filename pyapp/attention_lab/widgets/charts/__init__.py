"""Blocks that are Bokeh figures: a class for each, in a module of the block's name."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from importlib import resources
from typing import Any, Protocol

from bokeh.model import Model

Tap = Callable[[int, int], None]


class Chart(Protocol):
    """A figure that draws the view of a block."""

    figure: Model

    def show(self, view: dict[str, Any]) -> None: ...


NAMES = frozenset(
    each.name.partition(".")[0]
    for each in resources.files("attention_lab.widgets.charts").iterdir()
    if each.name[0].isupper()
)
"""The blocks that are figures."""


def chart(name: str, on_tap: Tap) -> Chart:
    """Make the figure of a block; `on_tap` is told row and column of what is tapped, if it has any."""
    made: Any = getattr(importlib.import_module(f"{__name__}.{name}"), f"{name}Figure")
    figure: Chart = made(on_tap) if getattr(made, "taps", False) else made()
    return figure
