"""States of this lab that are worth showing; what each title says is tested."""

from __future__ import annotations

from attention_lab.kit.scene import Preset
from attention_lab.kit.texts import lazy

_ROW = {"d_k": 1024, "n_keys": 8, "temperature": 1.0, "row": 0, "seed": 1}

PRESETS = (
    Preset("widest", lazy("The widest head keeps to the root"), "law", {"d_k": 1024}),
    Preset("one_key", lazy("One key takes nearly all"), "soften", {**_ROW, "divide": False}),
    Preset("shared", lazy("The same row, divided: all share"), "soften", {**_ROW, "divide": True}),
    Preset("many_keys", lazy("Many keys: dividing gives less"), "keys", {"d_k": 64, "n_keys": 512}),
)
