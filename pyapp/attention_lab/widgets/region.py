"""One place on the screen, as a Panel object."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, ClassVar

import param
from bokeh.document import Document
from bokeh.model import Model
from panel.reactive import Reactive

from attention_lab.kit.texts import resolved
from attention_lab.widgets.charts import NAMES, Chart, chart
from attention_lab.widgets.models import RegionModel

_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False)


class Region(Reactive):
    """Holds a view as JSON text, and the figure that it needs; a view that did not change sends nothing."""

    kind = param.String()

    _rename: ClassVar[dict[str, str | None]] = {  # Panel's own properties stay out of the model
        name: None for name in Reactive.param if name != "kind"
    }

    def __init__(self, kind: str, on_tap: Callable[[dict[str, Any], int, int], None]) -> None:
        super().__init__(kind=kind)  # type: ignore[no-untyped-call]
        self.view = "null"
        self.plots: list[Model] = []
        self._shown: dict[str, Any] | None = None
        self._given: dict[str, Any] | None = None
        self._charts: dict[str, Chart] = {}
        self._on_tap = on_tap

    def put(self, view: dict[str, Any] | None) -> None:
        """Show another view, if it is another.

        It goes straight to the models: the way through Panel's parameters takes three times as long, and half
        of the regions do this at every move of a slider.
        """
        if view == self._given and (view is not None or self.view == "null"):
            return
        said = resolved(view)
        text = to_json(said)
        if text != self.view:
            self._show(said, text)
        self._given = view

    def _show(self, view: dict[str, Any] | None, text: str) -> None:
        self._shown = view
        self._draw(view)
        self.view = text  # only now: what could not be drawn is tried again
        for model, _ in self._models.values():
            model.say(text)

    def _draw(self, view: dict[str, Any] | None) -> None:
        name = "" if view is None else view.get("block", "")
        if view is None or name not in NAMES:
            return
        if name not in self._charts:
            self._charts[name] = chart(name, self._tapped)
        self._charts[name].show(view)
        figure = self._charts[name].figure
        if figure not in self.plots:  # one that was drawn stays: to make it anew takes longer than to fill it
            figure.name = name
            self.plots = [*self.plots, figure]
            for model, _ in self._models.values():
                model.plots = self.plots

    def _tapped(self, row: int, col: int) -> None:
        if self._shown is not None:
            self._on_tap(self._shown, row, col)

    def _get_model(
        self, doc: Document, root: Model | None = None, parent: Model | None = None, comm: Any = None
    ) -> RegionModel:
        model = RegionModel(name=self.kind, kind=self.kind, view=self.view, plots=self.plots)
        self._models[(root or model).ref["id"]] = (model, parent)
        return model


def to_json(view: dict[str, Any] | None) -> str:
    """Write a view as JSON, without a blank; refuses nan and infinities, which JSON cannot hold."""
    return _JSON.encode(view)
