"""States of this lab that are worth showing; what each title says is tested."""

from __future__ import annotations

import numpy as np

from attention_lab.kit.scene import Preset
from attention_lab.kit.texts import lazy
from attention_lab.labs.lookup.finding import KEYS, QUERY
from attention_lab.labs.lookup.settings import cells_of

_LESSONS = {"query": cells_of(np.array(QUERY)), "keys": cells_of(np.array(KEYS))}

PRESETS = (
    Preset("nothing", lazy("Ask for nothing: all alike"), "shelf", {"query": cells_of(np.zeros(3))}),
    Preset("cold", lazy("Ice cold, and still a tie"), "soften", {**_LESSONS, "temperature": 0.05}),
    Preset("printed", lazy("“cat” as bright as printed"), "light", {"lamp": "spotlight", "times": 2.8}),
    Preset("crowd", lazy("One voice out of forty"), "restaurant", {"voices": 40, "focus": 20.0}),
)
