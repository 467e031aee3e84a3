"""States of this lab that are worth showing; what each title says is tested."""

from __future__ import annotations

from attention_lab.kit.scene import Preset
from attention_lab.kit.texts import lazy
from attention_lab.labs.heads.census import HALF, SENTENCES

_MEASURED = {"least": HALF, "last": len(SENTENCES) - 1}
"""What a title is told of: it is so on all texts, and for a job that takes half of the weight."""

PRESETS = (
    Preset("narrow", lazy("Sixty-four heads, no more parameters"), "price", {"many": 64, "wide": 512}),
    Preset(
        "previous",
        lazy("Off: the head for words before"),
        "survey",
        {"model": "reader", **_MEASURED, "at": [1, 3], "ablated": True},
    ),
    Preset(
        "unmissed",
        lazy("Off: a head that no answer misses"),
        "survey",
        {"model": "reader", **_MEASURED, "at": [0, 2], "ablated": True},
    ),
    Preset("untrained", lazy("Untrained: no head has a job"), "survey", {"model": "untrained", **_MEASURED}),
)
