"""A patch is written as Bokeh writes it, and a column in it without a look at each of its cells."""

from __future__ import annotations

import json
import math
from typing import Any

import numpy as np
import pytest
from bokeh.core.json_encoder import serialize_json
from bokeh.core.serialization import Serializer
from bokeh.document import Document
from bokeh.document.events import DocumentChangedEvent
from bokeh.models import ColumnDataSource

from attention_lab.widgets.models import HouseModel, RegionModel
from attention_lab.widgets.writing import PatchSerializer, patch_of


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


@pytest.fixture
def region() -> RegionModel:
    region = RegionModel(kind="stage", name="stage")
    document = Document()
    document.add_root(region)
    document.models.flush_synced()
    return region


@pytest.mark.parametrize("drawn", [False, True])
def test_a_patch_is_the_one_that_bokeh_makes(region: RegionModel, drawn: bool) -> None:
    events: list[DocumentChangedEvent] = []
    region.document.on_change(events.append)
    region.view = '{"alt":"«é»"}'
    if drawn:
        region.plots = [ColumnDataSource({"x": [0.5]})]
    region.kind = "lesson"
    bokehs = Serializer(references=region.document.models.synced_references, deferred=False)
    expected = serialize_json({"events": bokehs.encode(events)})
    assert json.loads(patch_of(events, region.document)) == json.loads(expected)
    there = region.document.models.synced_references
    assert there == set(region.document.models)  # the page has all of it now


def test_another_view_is_told_as_bokeh_tells_it(region: RegionModel) -> None:
    told: list[tuple[object, ...]] = []
    region.document.on_change(
        lambda event: told.append((event.kind, event.model, event.attr, event.new, event.setter))
    )
    region.view = "{}"
    region.view = "{}"  # the same once more
    region.set_from_json("view", "null", setter="page")
    assert told == [
        ("ModelChanged", region, "view", "{}", None),
        ("ModelChanged", region, "view", "null", "page"),
    ]
    alone = RegionModel()
    alone.view = "{}"
    assert alone.view == "{}"


def test_another_link_is_told_as_bokeh_tells_it() -> None:
    told: list[tuple[object, ...]] = []
    house = HouseModel(name="house")
    document = Document()
    document.add_root(house)
    document.on_change(
        lambda event: told.append((event.kind, event.model, event.attr, event.new, event.setter))
    )
    house.link = "lab=scale"
    house.say("lab=masks")
    assert house.link == "lab=masks"
    assert told == [("ModelChanged", house, "link", f"lab={lab}", None) for lab in ("scale", "masks")]
