"""One region of the screen, as a Panel object."""

from __future__ import annotations

import json
from typing import Any, ClassVar

import param
from bokeh.document import Document
from bokeh.model import Model
from panel.reactive import Reactive

from attention_lab.widgets.models import RegionModel


class Region(Reactive):
    """Holds a view as JSON text; a view that did not change sends nothing."""

    kind = param.String()
    plots = param.List([], doc="Bokeh figures")

    _rename: ClassVar[dict[str, str | None]] = {  # Panel's own properties stay out of the model
        name: None for name in Reactive.param if name not in ("kind", "plots")
    }

    def __init__(self, **params: Any) -> None:
        super().__init__(**params)  # type: ignore[no-untyped-call]
        self.view = "null"

    def put(self, view: str) -> None:
        """Show another view, if it is another.

        It goes straight to the models: the way through Panel's parameters takes three times as long, and half
        of the regions do this at every move of a slider.
        """
        if view == self.view:
            return
        self.view = view
        for model, _ in self._models.values():
            model.view = view

    def _get_model(
        self, doc: Document, root: Model | None = None, parent: Model | None = None, comm: Any = None
    ) -> RegionModel:
        model = RegionModel(name=self.kind, kind=self.kind, view=self.view, plots=self.plots)
        self._models[(root or model).ref["id"]] = (model, parent)
        return model


def to_json(view: dict[str, Any] | None) -> str:
    """Write a view as JSON, without a blank; refuses nan and infinities, which JSON cannot hold."""
    return json.dumps(view, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
