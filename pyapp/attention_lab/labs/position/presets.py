"""States of this lab that are worth showing; what each title says is tested."""

from __future__ import annotations

from attention_lab.kit.scene import Preset
from attention_lab.kit.texts import lazy

PRESETS = (
    Preset(
        "backwards",
        lazy("Backwards, and the same numbers"),
        "bag",
        {"text": "The cat sat on the mat", "shuffle": 556, "told": "none", "causal": False},
    ),
    Preset("masked", lazy("A causal mask lets order in"), "bag", {"told": "none", "causal": True}),
    Preset("next_but_one", lazy("Next but one is more alike than next"), "learned", {"model": "writer"}),
    Preset("later", lazy("A hundred places on, rotary stays"), "turned", {"way": "rotary", "start": 100}),
)
