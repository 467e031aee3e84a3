"""The Bokeh models that the page's plugin draws: Python's side of widgets/js/models.js."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bokeh.core.properties import Any, Bool, Instance, List, String
from bokeh.document.events import ModelChangedEvent
from bokeh.model import Model

if TYPE_CHECKING:
    from bokeh.core.has_props import Setter
    from bokeh.document.events import DocumentPatchedEvent


class SettingModel(Model):
    """One setting of a lab: any value, so that a wrong one reaches the lab, which refuses it."""

    key = String()
    value = Any(default=None)
    lock = String()  # the lock group; empty for what is never locked


class RegionModel(Model):
    """One place on the screen: what it shows, as JSON text, and the Bokeh figures in it."""

    kind = String()
    view = String(default="null")
    plots = List(Instance(Model))

    def say(self, view: str) -> None:
        """Show another view: a text that needs no check, and is known to be another."""
        self._property_values["view"] = view
        _tell(self, "view", view)

    def trigger(
        self,
        attr: str,
        old: object,
        new: object,
        hint: DocumentPatchedEvent | None = None,
        setter: Setter | None = None,
    ) -> None:
        """Tell the document of another view as `say` does, and of all else in Bokeh's own way."""
        if attr == "view":
            _tell(self, attr, new, setter)
        else:
            super().trigger(attr, old, new, hint=hint, setter=setter)


class ScreenModel(Model):
    """The screen of one lab."""

    lab = String()
    settings = List(Instance(SettingModel))
    regions = List(Instance(RegionModel))


class HouseModel(Model):
    """All labs that the learner has opened: the one root of the document.

    Where `address` is set, the page keeps its address in step with the link, and opens with what that says.
    `scripts` is what scripts say, {"language", "direction", "texts", "names"}, where a host is not the page,
    which brings its own before anything is drawn.
    The page writes `lab` and `link` to go somewhere, `kept` with what the device holds of earlier visits, and
    `counts` with the labs that the score is about.
    """

    address = Bool(default=True)
    lab = Any(default="")
    link = Any(default="")
    kept = Any(default=None)
    counts = Any(default="")
    progress = Any(default=dict)
    scripts = Any(default=None)
    screens = List(Instance(ScreenModel))

    def say(self, link: str) -> None:
        """Show another link: a text that needs no check, and is known to be another."""
        self._property_values["link"] = link
        _tell(self, "link", link)


def _tell(model: Model, attr: str, text: object, setter: Setter | None = None) -> None:
    """Tell the document of another text, at half the price of Bokeh's own way.

    That looks for models in the text, and for callbacks; a move of a slider changes the link and half of the
    views.
    """
    if model.document is not None:
        model.document.callbacks.trigger_on_change(
            ModelChangedEvent(model.document, model, attr, text, setter)
        )
