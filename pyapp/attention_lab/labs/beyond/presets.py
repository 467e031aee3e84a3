"""States of this lab that are worth showing; what each title says is tested."""

from __future__ import annotations

from attention_lab.kit.scene import Preset
from attention_lab.kit.texts import lazy
from attention_lab.labs.beyond.patches import FACE

PRESETS = (
    Preset("same", lazy("Every patch comes out the same"), "mixed", {"sharpness": 0.0}),
    Preset("sharp", lazy("Sharp: nearly the picture again"), "mixed", {"sharpness": 5.0}),
    Preset(
        "placed", lazy("With places, shuffling shows"), "bag", {"picture": FACE, "order": 3, "places": True}
    ),
)
