"""States of this lab that are worth showing; what each title says is tested."""

from __future__ import annotations

from attention_lab.kit.scene import Preset
from attention_lab.kit.texts import lazy

_CAR = {"sample": "the red car", "french": None, "english": None, "other": None, "scope": "both"}

PRESETS = (
    Preset("exchanged", lazy("Lines exchanged: the car is gone"), "order", {**_CAR, "test": "swap"}),
    Preset("cut", lazy("Cut: “la” becomes “les”"), "gender", {**_CAR, "test": "cut"}),
    Preset(
        "another",
        lazy("Another line cut: nothing changes"),
        "gender",
        {**_CAR, "english": [3], "test": "cut"},
    ),
    Preset("square", lazy("One sentence asks itself: a square"), "shapes", {"kind": "self"}),
)
