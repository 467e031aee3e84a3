"""A place on the screen."""

from __future__ import annotations

from typing import Any

import pytest

from attention_lab.widgets import region
from attention_lab.widgets.charts import NAMES
from attention_lab.widgets.region import Region


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
