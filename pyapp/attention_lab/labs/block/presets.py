"""States of this lab that are worth showing; what each title says is tested."""

from __future__ import annotations

from attention_lab.kit.scene import Preset
from attention_lab.kit.texts import lazy

_ON = {"attend": True, "feed_forward": True, "norm": "pre", "measure": "norm"}

PRESETS = (
    Preset("replaced", lazy("Replaced, not added: shorter rows"), "parts", {**_ON, "residual": False}),
    Preset("alike", lazy("No layer norm: alike either way"), "alike", {"norm": "none", "depth": 12}),
    Preset(
        "sure",
        lazy("No layer norms: nearly sure of one word"),
        "tree",
        {"beginning": "sat", "without": "norms"},
    ),
    Preset("narrow", lazy("Narrow feed-forward: attention holds most"), "count", {"ratio": 1}),
)
