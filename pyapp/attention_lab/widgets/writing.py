"""How a patch is written for the page: as Bokeh does it, without a look at each cell of a column."""

from __future__ import annotations

import math
from typing import Any

from bokeh.core.serialization import Serializer


class PatchSerializer(Serializer):
    """Takes a list of texts, or of finite numbers, as it is: a figure has thousands of them."""

    def encode(self, obj: Any) -> Any:
        """Return what stands for a value in JSON."""
        if obj.__class__ is list and obj and _is_plain(obj):
            return obj
        return super().encode(obj)


def _is_plain(values: list[Any]) -> bool:
    kinds = set(map(type, values))
    return kinds == {str} or (kinds == {float} and all(map(math.isfinite, values)))
