"""States of this lab that are worth showing; what each title says is tested."""

from __future__ import annotations

from attention_lab.kit.scene import Preset
from attention_lab.kit.texts import lazy

PRESETS = (
    Preset(
        "sharp",
        lazy("Undivided: sharp before it has learned"),
        "watch",
        {"t": 0, "scaled": False, "positions": False},
    ),
    Preset(
        "untaught",
        lazy("Before learning, answers follow no arrow"),
        "arrow",
        {"t": 0, "scaled": True, "positions": False, "trial": "swap"},
    ),
)
