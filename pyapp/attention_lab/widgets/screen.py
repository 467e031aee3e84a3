"""The screen of one lab: joins its settings and its scene to the models that the page draws.

The page changes the values of setting models; these go to the lab; what follows goes to the regions, and back
to the setting models where the lab kept another value than was asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from types import MappingProxyType
from typing import Any, ClassVar, TypeAlias

import param
from bokeh.document import Document
from bokeh.model import Model
from panel.reactive import Reactive

from attention_lab.kit import frame
from attention_lab.kit.blocks import Course
from attention_lab.kit.catalogue import lessons
from attention_lab.kit.glossary import looked_up, told
from attention_lab.kit.lab import Lab, settings_of
from attention_lab.kit.picking import change_of
from attention_lab.kit.predict import predict
from attention_lab.kit.scene import First, Peek, Placed, Scene, block_of, made
from attention_lab.kit.settings import Sentence
from attention_lab.kit.texts import spoken, voice
from attention_lab.session import Session
from attention_lab.widgets.models import RegionModel, ScreenModel, SettingModel
from attention_lab.widgets.region import Region

LOOK = tuple(f"look-{i}" for i in range(6))
CHECK = tuple(f"check-{i}" for i in range(8))
SLOTS = ("header", "formula", "lesson", "predict", "controls", "sentence", *LOOK, *CHECK, "transport")
"""Every place on the screen, in its order: a scene's blocks fill LOOK and CHECK from the first on."""

View: TypeAlias = dict[str, Any] | None


class Screen(Reactive):
    """Everything that a lab shows."""

    _rename: ClassVar[dict[str, str | None]] = dict.fromkeys(Reactive.param)

    def __init__(
        self,
        session: Session,
        lab: Lab,
        changed: Callable[[], None],
        first_shown: Callable[[], None] = lambda: None,
    ) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.session, self.lab, self._changed, self._first_shown = session, lab, changed, first_shown
        self.regions = {kind: Region(kind, self._tapped) for kind in SLOTS}
        self._kinds = settings_of(type(lab))
        self._settings: dict[str, SettingModel] = {}
        self._holding = 0
        self._writing = False
        self._waiting: dict[str, Any] = {}
        self._stale: set[str] = set()
        self._unshown = False
        lab.param.watch(
            self._lab_changed, [*self._kinds, "message", "seen", "optional", "elsewhere", "results"]
        )
        self.refresh({"step"})

    @property
    def settings(self) -> Mapping[str, SettingModel]:
        """The models whose values the page writes, by the names of their settings."""
        return self._settings

    @property
    def language(self) -> str:
        """What its texts are said in."""
        return self.session.language

    @contextmanager
    def hold(self) -> Iterator[None]:
        """Collect what the page changes, and give it to the lab as one at the end."""
        self._holding += 1
        try:
            yield
        finally:
            self._holding -= 1
            self._flush()

    @contextmanager
    def unshown(self) -> Iterator[None]:
        """Show nothing of what changes inside: whoever refreshes it afterwards shows all of it."""
        self._unshown = True
        try:
            yield
        finally:
            self._unshown = False

    def _get_model(
        self, doc: Document, root: Model | None = None, parent: Model | None = None, comm: Any = None
    ) -> ScreenModel:
        model = ScreenModel(name="screen", lab=self.lab.name_of_lab)
        root = root or model
        self._settings = {
            name: SettingModel(key=name, value=value, lock=self._kinds[name].lock or "")
            for name, value in self.lab.choices().items()
        }
        for name, setting in self._settings.items():
            setting.on_change("value", self._writer(name))
        regions = [region._get_model(doc, root, model, comm) for region in self.regions.values()]
        model.update(settings=list(self._settings.values()), regions=regions)
        self._models[root.ref["id"]] = (model, parent)
        return model

    @property
    def region_models(self) -> list[RegionModel]:
        """The models of the regions, in the order on the screen."""
        return [model for region in self.regions.values() for model, _ in region._models.values()]

    # From the page to the lab

    def _writer(self, name: str) -> Callable[[str, Any, Any], None]:
        def written(_: str, __: Any, new: Any) -> None:
            if not self._writing:
                self.change(name, new)

        return written

    def _tapped(self, view: Mapping[str, Any], row: int, col: int) -> None:
        """A cell of a figure was tapped: the same as a cell that is picked in the page."""
        with self.hold():
            for name, value in change_of(view, row, col, self.lab.choices()).items():
                self.change(name, value)

    def change(self, name: str, value: Any) -> None:
        """Take one change of the page."""
        self._waiting.pop(name, None)  # the newest goes to the end: the lab takes changes in their order
        self._waiting[name] = value
        self._flush()

    def _flush(self) -> None:
        if self._holding or not self._waiting:
            return
        changes, self._waiting = self._waiting, {}
        before = self.lab.choices()
        try:
            self.session.apply(changes, self.lab)
        finally:
            self.correct(changes, before)
            self._changed()

    # From the lab to the page

    def correct(self, changes: Mapping[str, Any], before: Mapping[str, Any]) -> None:
        """Write to the setting models what the lab holds now: what changed, and what was refused.

        A sentence that came from the page stays as it was typed, even where the lab cut or refused it: the
        learner is about to mend it.
        """
        self._writing = True
        try:
            for name, value in self.lab.choices().items():
                typed = name in changes and isinstance(self._kinds[name], Sentence)
                touched = name in changes or value != before.get(name)
                model = self._settings.get(name)
                if model is not None and touched and not typed and model.value != value:
                    model.value = value
        finally:
            self._writing = False

    def _lab_changed(self, *events: param.parameterized.Event) -> None:
        changed = {event.name for event in events}
        if self._unshown:
            self._stale |= changed
        else:
            self.refresh(changed)

    @spoken
    def refresh(self, changed: set[str]) -> None:
        """Compute the views anew and show those that differ; after a failure, the next change tries all."""
        self._stale |= changed
        only_peeks = all(name in self._kinds and self._kinds[name].peek for name in self._stale)
        scene = self.lab.scene()
        first = {
            slot: _view(each, {})
            for slot, each in _places(self.lab, scene)
            if isinstance(each, First) and self._stale.intersection(each.after)
        }
        for kind, view in first.items():
            self.regions[kind].put(view)
        if first:
            self._first_shown()
        for kind, view in views_of(self.session, self.lab, scene, only_peeks=only_peeks, there=first):
            self.regions[kind].put(view)
        self._stale = set()


def views_of(
    session: Session,
    lab: Lab,
    scene: Scene,
    *,
    only_peeks: bool = False,
    there: Mapping[str, View] = MappingProxyType({}),
) -> Iterator[tuple[str, View]]:
    """Yield what each place shows: the blocks in their order, and what stands around them.

    The views of some places may be `there` already.
    """
    header = header_of(session, lab)
    if only_peeks:
        yield from _blocks_of(lab, scene, header, there, only_peeks=True)
        return
    scene = replace(scene, predict=made(scene.predict))  # the links below the prose ask for it, too
    lesson, controls = frame.lesson(lab, scene), frame.controls(lab, scene)
    shown = {
        "predict": predict(lab, made(scene.predict)),
        "sentence": frame.sentence(lab, scene),
        **dict(_blocks_of(lab, scene, header, there)),
    }
    titles = [group["title"] for group in controls["groups"]] if controls else []
    yield "header", header
    yield "lesson", {**lesson, "words": _words_of(lab, {"lesson": lesson, "titles": titles, **shown})}
    yield "controls", controls
    yield "formula", frame.formula(scene)
    yield from shown.items()
    yield "transport", frame.transport(lab)


def _words_of(lab: Lab, shown: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return the terms that are explained: only what has changed is searched for them."""
    return told(
        lab.derive(f"terms of {place}", (voice(), view), partial(looked_up, view))
        for place, view in shown.items()
    )


def header_of(session: Session, lab: Lab) -> dict[str, Any]:
    """Return the header: the very same until something was done, since it tells of every lab."""
    return lab.derive(
        "header",
        session.done,
        lambda: frame.header(lab, lessons(), session.seen, session.solved, session.score),
    )


def _blocks_of(
    lab: Lab,
    scene: Scene,
    header: dict[str, Any],
    there: Mapping[str, View],
    *,
    only_peeks: bool = False,
) -> Iterator[tuple[str, View]]:
    for slot, each in _places(lab, scene):
        if isinstance(each, Peek) or not only_peeks:
            yield slot, there[slot] if slot in there else _view(each, header)


def _places(lab: Lab, scene: Scene) -> Iterator[tuple[str, Placed]]:
    for slots, blocks in ((LOOK, scene.look), (CHECK, scene.check)):
        if len(blocks) > len(slots):
            raise ValueError(f"{lab.name_of_lab}, {lab.step}: {len(blocks)} blocks in {len(slots)} places")
        yield from zip(slots, [*blocks, *[None] * (len(slots) - len(blocks))], strict=True)


def _view(each: Placed, header: dict[str, Any]) -> View:
    block = block_of(each)
    if isinstance(block, Course):  # only the screen knows what the learner did elsewhere
        block = replace(block, labs=header["labs"])
    return None if block is None else block.view()
