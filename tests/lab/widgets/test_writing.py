"""A patch is written as Bokeh writes it, and a column in it without a look at each of its cells."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from bokeh.core.serialization import Serializer
from bokeh.models import ColumnDataSource

from attention_lab.widgets.writing import PatchSerializer


@pytest.mark.parametrize(
    "value",
    [
        [0.5, -1e300, 3.0],
        [0.5, math.nan, math.inf, -math.inf],
        ["a", "nan", ""],
        [1, 2.5, "a", None, True],
        [2**60, 1],
        [[0.1, 0.2], [math.nan], [], ["a"]],
        {"x": [1.5], "name": ["a"], "at": np.array([0.5, 1.5])},
        (1.5, [2.5]),
    ],
)
@pytest.mark.filterwarnings("ignore:out of range integer")
def test_what_is_written_is_what_bokeh_writes(value: Any) -> None:
    assert PatchSerializer(deferred=False).encode(value) == Serializer(deferred=False).encode(value)


def test_a_column_of_texts_or_finite_numbers_is_taken_as_it_is() -> None:
    texts, numbers = ["a"] * 1000, [0.5] * 1000
    source = ColumnDataSource({"name": texts, "x": numbers})
    held = dict(PatchSerializer(deferred=False).encode(dict(source.data))["entries"])
    assert held["name"] is texts
    assert held["x"] is numbers
