"""States of this lab that are worth showing; what each title says is tested."""

from __future__ import annotations

from attention_lab.kit.scene import Preset
from attention_lab.kit.texts import lazy

_CAT = {"text": "the cat sat on the", "query": 4, "top_k": 0}

PRESETS = (
    Preset("cold", lazy("Cold: one word gets over half"), "next", {**_CAT, "temperature": 0.1, "top_p": 1.0}),
    Preset("tiny", lazy("Top-p so small that one word is left"), "next", {**_CAT, "top_p": 0.05}),
    Preset(
        "always",
        lazy("Temperature zero: the same with every seed"),
        "write",
        {**_CAT, "temperature": 0.0, "top_p": 1.0, "written": 6},
    ),
)
