"""States of this lab that are worth showing; what each title says is tested."""

from __future__ import annotations

from attention_lab.kit.scene import Preset
from attention_lab.kit.texts import lazy

_DRAWN = {"width": 8, "seed": 1}
"""The networks, words, queries and keys that the titles speak of."""

PRESETS = (
    Preset(
        "hundred",
        lazy("A hundred steps on: nothing left"),
        "telephone",
        {"strength": 1.0, "at": 100} | _DRAWN,
    ),
    Preset(
        "strong",
        lazy("Stronger: kept by some, lost by others"),
        "telephone",
        {"strength": 2.0, "at": 20} | _DRAWN,
    ),
    Preset("matched", lazy("Of a hundred words, one gets over half"), "call", {"match": 4.0} | _DRAWN),
    Preset("waiting", lazy("Twenty-four words, the same four waits"), "time", {"length": 24}),
)
