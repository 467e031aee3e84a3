"""The screen: one Panel object that joins a session, its views, and the models that the page draws.

The page changes properties of `learner`; these go to `Session.apply`; what follows goes to the regions, and
back to `learner` where the session kept another value than was asked for.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, ClassVar

import param
from bokeh.document import Document
from bokeh.model import Model
from panel.reactive import Reactive

from attention_lab.lessons import Lab
from attention_lab.session import CHOICES, Session
from attention_lab.views import REGIONS, Bench, scene_of
from attention_lab.views.stage import toggles_map
from attention_lab.widgets.heatmap import HeatMap
from attention_lab.widgets.models import LearnerModel, RegionModel, ScreenModel
from attention_lab.widgets.region import Region, to_json

_SHOWS_HOVER = ("arithmetic",)


class Screen(Reactive):
    """Everything on the page."""

    _rename: ClassVar[dict[str, str | None]] = dict.fromkeys(Reactive.param)

    def __init__(self, session: Session, labs: Sequence[Lab]) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.session, self.labs = session, labs
        self.heatmap = HeatMap(self._tapped)
        self.regions = {kind: Region(kind=kind) for kind in REGIONS}
        self.regions["stage"].plots = [self.heatmap.figure]
        self._learner: LearnerModel | None = None
        self._region_models: list[RegionModel] = []
        self._holding = 0
        self._writing = False
        self._waiting: dict[str, Any] = {}
        self._stale: set[str] = set()
        session.param.watch(self._session_changed, [*CHOICES, "message", "seen", "optional"])
        self._refresh({"lab"})

    @property
    def learner(self) -> LearnerModel:
        """The model whose properties the page writes."""
        if self._learner is None:
            raise RuntimeError("the screen has no models yet: call get_root first")
        return self._learner

    @property
    def region_models(self) -> list[RegionModel]:
        """The models of the regions, in the order on the screen."""
        return list(self._region_models)

    @contextmanager
    def hold(self) -> Iterator[None]:
        """Collect what the page changes, and give it to the session as one at the end."""
        self._holding += 1
        try:
            yield
        finally:
            self._holding -= 1
            self._flush()

    def _get_model(
        self, doc: Document, root: Model | None = None, parent: Model | None = None, comm: Any = None
    ) -> ScreenModel:
        model = ScreenModel(name="screen")
        root = root or model
        self._learner = LearnerModel(name="learner", **self.session.choices())
        for name in CHOICES:
            self._learner.on_change(name, self._learner_changed)
        self._region_models = [region._get_model(doc, root, model, comm) for region in self.regions.values()]
        model.update(learner=self._learner, regions=self._region_models)
        self._models[root.ref["id"]] = (model, parent)
        return model

    # From the page to the session

    def _learner_changed(self, name: str, _: Any, new: Any) -> None:
        if not self._writing:
            self._change(name, new)

    def _tapped(self, row: int, col: int) -> None:
        """Pick a cell of the heat map; at the mask step of a mask by hand, switch it too."""
        scene = scene_of(self.session, self.labs)
        if isinstance(scene, Bench):
            self._change("asked", scene.words_at(row, col))
            return
        if toggles_map(scene):
            blocked = self.session.blocked
            cell = [row, col]
            self._change(
                "blocked", [each for each in blocked if each != cell] if cell in blocked else [*blocked, cell]
            )
        self._change("picked", {"matrix": scene.result, "row": row, "col": col})

    def _change(self, name: str, value: Any) -> None:
        self._waiting.pop(name, None)  # the newest goes to the end: the session takes changes in their order
        self._waiting[name] = value
        self._flush()

    def _flush(self) -> None:
        if self._holding or not self._waiting:
            return
        changes, self._waiting = self._waiting, {}
        before = self.session.choices()
        try:
            self.session.apply(changes)
        finally:
            self._correct(changes, before)

    # From the session to the page

    def _correct(self, changes: dict[str, Any], before: dict[str, Any]) -> None:
        """Write to the learner model what the session holds now: what changed, and what was refused.

        A text that came from the page stays as it was typed, even where the session cut or refused it: the
        learner is about to mend it.
        """
        if self._learner is None:
            return
        self._writing = True
        try:
            for name, value in self.session.choices().items():
                touched = name in changes or value != before[name]
                if (
                    touched
                    and not (name in ("text", "own") and name in changes)
                    and getattr(self._learner, name) != value
                ):
                    setattr(self._learner, name, value)
        finally:
            self._writing = False

    def _session_changed(self, *events: param.parameterized.Event) -> None:
        self._refresh({event.name for event in events})

    def _refresh(self, changed: set[str]) -> None:
        """Compute the views anew and show those that differ; after a failure, the next change tries all."""
        self._stale |= changed
        kinds = _SHOWS_HOVER if self._stale == {"hover"} else tuple(REGIONS)
        scene = scene_of(self.session, self.labs)
        views = {kind: REGIONS[kind](scene, self.labs) for kind in kinds}
        stage = views.get("stage")
        if stage is not None and stage["layout"] == "map":
            self.heatmap.show(stage["matrix"])
        for kind, view in views.items():
            self.regions[kind].put(to_json(view))
        self._stale = set()
