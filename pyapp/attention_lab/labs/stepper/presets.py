"""States of the stepper that are worth showing, each at its step; what each claims is tested."""

from __future__ import annotations

from attention_lab.kit.scene import Preset
from attention_lab.kit.texts import lazy

PRESETS = (
    Preset("unknown", lazy("An unknown word"), "embeddings", {"text": "The zorb sat on the mat"}),
    Preset("where_to", lazy("Where this leads"), "recap", {"beat": 6}, offered="embeddings"),
    Preset("wide", lazy("Sixteen columns, four heads"), "qkv", {"d_model": 16, "n_heads": 4}),
    Preset("second", lazy("Another head, other scores"), "raw_scores", {"head": 1}),
    Preset(
        "undivided",
        lazy("Sixteen columns in one head, not divided"),
        "scaled_scores",
        {"d_model": 16, "n_heads": 1, "scale": 1},
    ),
    Preset("padded", lazy("Two words of padding"), "masked_scores", {"mask": "padding"}),
    Preset(
        "empty",
        lazy("A row without a key"),
        "masked_scores",
        {"mask": "by-hand", "blocked": [[2, key] for key in range(6)]},
    ),
    Preset("even", lazy("All weights alike"), "weights", {"scale": 0, "mask": "none"}),
    Preset("peeking", lazy("Who and where, without a mask"), "weights", {"mask": "none", "head": 1}),
    Preset("shared", lazy("Everything from everywhere alike"), "head_outputs", {"scale": 0, "mask": "none"}),
)
