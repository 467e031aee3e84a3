"""What a page does: holds the document, patches models, sees what comes back."""

from __future__ import annotations

import json
from typing import Any

from bokeh.document import Document
from bokeh.document.events import ModelChangedEvent

from attention_lab.app import make_app
from attention_lab.widgets.house import House
from attention_lab.widgets.models import ScreenModel, SettingModel


class Page:
    """The document of a learner who opened a lab."""

    def __init__(self, lab: str = "stepper") -> None:
        self.house: House = make_app(lab)
        self.document = Document()
        self.root = self.house.get_root(self.document, preprocess=False)
        self.document.add_root(self.root)
        self.events: list[Any] = []
        self.document.on_change(self.events.append)

    @property
    def screen(self) -> ScreenModel:
        """The model of the lab that is shown."""
        (found,) = [screen for screen in self.root.screens if screen.lab == self.root.lab]
        return found

    def setting(self, name: str) -> SettingModel:
        """The model of a setting."""
        (found,) = [setting for setting in self.screen.settings if setting.key == name]
        return found

    def value(self, name: str) -> Any:
        """A setting, as the page has it."""
        return self.setting(name).value

    def values(self) -> dict[str, Any]:
        """Every setting of the lab that is shown, as the page has them."""
        return {setting.key: setting.value for setting in self.screen.settings}

    def set(self, **changes: Any) -> list[str]:
        """Patch settings as one; return what Python sent back: places, settings, properties of the house."""
        return self.send([(self.setting(name).id, "value", new) for name, new in changes.items()])

    def ask(self, **changes: Any) -> list[str]:
        """Patch the house: go to a lab, follow a link, hand over what was kept."""
        return self.send([(self.root.id, name, new) for name, new in changes.items()])

    def send(self, changes: list[tuple[str, str, Any]]) -> list[str]:
        """Patch any models as one."""
        self.events.clear()
        events = [
            {"kind": "ModelChanged", "model": {"id": model}, "attr": attr, "new": new}
            for model, attr, new in changes
        ]
        with self.house.hold():
            self.document.apply_json_patch({"events": events}, setter="page")  # type: ignore[arg-type]
        return self.answers()

    def answers(self) -> list[str]:
        """What Python changed of its own accord."""
        return [self._name(event) for event in self.events if getattr(event, "setter", None) != "page"]

    def _name(self, event: Any) -> str:
        if not isinstance(event, ModelChangedEvent):
            return ""
        if event.attr == "view":
            return str(event.model.name)
        return str(event.model.key if isinstance(event.model, SettingModel) else event.attr)

    def view(self, slot: str) -> Any:
        """What a place shows."""
        (region,) = [region for region in self.screen.regions if region.kind == slot]
        return json.loads(region.view)

    def views(self) -> dict[str, Any]:
        """What every place shows."""
        return {region.kind: json.loads(region.view) for region in self.screen.regions}
