"""States of this lab that are worth showing; what each title says is tested."""

from __future__ import annotations

from attention_lab.kit.scene import Preset
from attention_lab.kit.texts import lazy
from attention_lab.labs.price.counted import LONGEST

PRESETS = (
    Preset(
        "blocks",
        lazy("A long text: blocks take under a thousandth"),
        "memory",
        {"n": LONGEST, "heads": 8, "block": 128},
    ),
    Preset(
        "doubled",
        lazy("Each layer doubles the reach"),
        "reach",
        {"kind": "dilated", "kernel": 2, "layer": 3, "circle": 11},
    ),
    Preset(
        "hundredfold",
        lazy("Over a hundred times a convolution’s work"),
        "layers",
        {"n": LONGEST, "d_model": 512, "kernel": 3},
    ),
    Preset(
        "outweighed",
        lazy("The cache outweighs the model"),
        "models",
        {"model": "Llama 3 8B", "n": LONGEST, "bytes_each": 2},
    ),
)
