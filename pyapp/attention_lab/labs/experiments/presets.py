"""States of this lab that are worth showing; what each title says is tested."""

from __future__ import annotations

from attention_lab.kit.scene import Preset
from attention_lab.kit.texts import lazy

_PLAIN = {"sample": None, "job": None, "scope": "head"}

PRESETS = (
    Preset(
        "follows",
        lazy("Reader: swapped, and the answer follows"),
        "pronoun",
        {**_PLAIN, "examined": "reader", "changes": [["swap", 7, 1, 5]]},
    ),
    Preset(
        "stays",
        lazy("Ordinary: swapped, and the answer stays"),
        "pronoun",
        {**_PLAIN, "examined": "ordinary", "changes": [["swap", 7, 1, 5]]},
    ),
    Preset(
        "park",
        lazy("Swapped: now the park is playing"),
        "agreement",
        {**_PLAIN, "examined": "reader", "changes": [["swap", 5, 1, 4]]},
    ),
    Preset(
        "everywhere",
        lazy("Cut in all heads: Ordinary still answers"),
        "long_range",
        {**_PLAIN, "scope": "all", "examined": "ordinary", "changes": [["cut", 6, 1]]},
    ),
)
