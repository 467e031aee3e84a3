"""A place on the screen."""

from __future__ import annotations

import json
from copy import deepcopy
from typing import Any

import pytest

from attention_lab.widgets import region
from attention_lab.widgets.charts import NAMES
from attention_lab.widgets.region import Region
from tests.lab.gallery.samples import SAMPLES


def test_what_could_not_be_drawn_is_drawn_when_it_is_shown_again(monkeypatch: pytest.MonkeyPatch) -> None:
    view: dict[str, Any] = {"block": sorted(NAMES)[0]}
    place = Region("look-1", lambda view, row, col: None)
    tried = []

    def lacking(name: str, on_tap: object) -> object:
        tried.append(name)
        raise ImportError(name)

    monkeypatch.setattr(region, "chart", lacking)
    for _ in range(2):
        with pytest.raises(ImportError):
            place.put(view)
    assert len(tried) == 2
    assert place.view == "null"


def test_a_view_that_is_equal_is_not_written_again(monkeypatch: pytest.MonkeyPatch) -> None:
    view: dict[str, Any] = {"block": "Prose", "paragraphs": [["a"]]}
    place = Region("check-1", lambda view, row, col: None)
    place.put(view)
    written = place.view
    monkeypatch.setattr(region, "to_json", lambda view: pytest.fail("it was written again"))
    place.put(deepcopy(view))
    assert place.view == written == '{"block":"Prose","paragraphs":[["a"]]}'


def test_a_figure_that_was_drawn_stays_where_another_comes() -> None:
    """To make it anew, here and in the page, takes longer than to fill it."""
    place = Region("look-1", lambda view, row, col: None)
    lines, bins = (json.loads(json.dumps(SAMPLES[name][0].view())) for name in ("Lines", "Histogram"))
    place.put(lines)
    (first,) = place.plots
    for view in (bins, {"block": "Prose"}, lines, bins):
        place.put(view)
    assert [plot.name for plot in place.plots] == ["Lines", "Histogram"]
    assert place.plots[0] is first
