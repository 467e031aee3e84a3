"""States of this lab that are worth showing; what each title says is tested."""

from __future__ import annotations

from attention_lab.kit.scene import Preset
from attention_lab.kit.texts import lazy

PRESETS = (
    Preset("alone", lazy("Every word on its own"), "draw", {"kind": "window", "window": 1}),
    Preset("leaking", lazy("A loud last word moves every row"), "leak", {"order": "after", "loud": 8}),
    Preset("lost", lazy("So loud that dividing fails"), "leak", {"order": "renormalised", "loud": 800}),
    Preset(
        "even",
        lazy("A number so large that float64 goes even, too"),
        "empty",
        {"no_key": True, "power": 20},
    ),
)
