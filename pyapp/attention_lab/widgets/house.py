"""All labs that a learner has opened: one Panel object, the root of the document, in every host."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from typing import Any, ClassVar

from bokeh.document import Document
from bokeh.document.events import DocumentChangedEvent, ModelChangedEvent
from bokeh.model import Model
from panel.io.model import diff
from panel.io.notebook import push
from panel.io.state import state
from panel.reactive import Reactive

from attention_lab.kit.catalogue import names
from attention_lab.kit.refusal import RefusedError
from attention_lab.session import Session
from attention_lab.widgets.models import HouseModel, ScreenModel
from attention_lab.widgets.screen import Screen

Naming = Callable[[str], AbstractContextManager[object]]
FORGET = "forget"
"""Written to `kept`: let go of all progress."""

_WRITTEN = ("kept", "counts", "link", "lab")  # by the page; taken in this order


class Settings:
    """The settings of the lab that is shown, to be read and set from Python; the screen follows.

    app.settings.d_k          reads
    app.settings.d_k = 16     sets; RefusedError says in words what cannot be
    """

    __slots__ = ("_house",)
    _house: House

    def __init__(self, house: House) -> None:
        object.__setattr__(self, "_house", house)

    def __getattr__(self, name: str) -> Any:
        if name not in self._names():
            raise AttributeError(f"this lab has no setting {name!r}: it has {', '.join(self._names())}")
        return getattr(self._house.session.current, name)

    def __setattr__(self, name: str, value: object) -> None:
        self.__getattr__(name)
        refused = self._house.set({name: value})
        if refused:
            raise RefusedError(refused[name])

    def __dir__(self) -> list[str]:
        return self._names()

    def __repr__(self) -> str:
        return f"Settings({', '.join(f'{name}={getattr(self, name)!r}' for name in self._names())})"

    def _names(self) -> list[str]:
        return list(self._house.session.current.choices())


class House(Reactive):
    """Opens labs when they are asked for, and keeps them."""

    _rename: ClassVar[dict[str, str | None]] = dict.fromkeys(Reactive.param)

    def __init__(
        self,
        session: Session,
        naming: Naming = nullcontext,
        *,
        address: bool = True,
        scripts: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._scripts = scripts
        self.session, self._naming, self._address = session, naming, address
        self.screens: dict[str, Screen] = {}
        self._holding = 0
        self._silent = 0  # while what changes is told as one
        self._loose: dict[str, list[ModelChangedEvent]] = {}  # by cell: what its document does not hold
        self._writing = False
        self._waiting: dict[str, Any] = {}
        self.first_shown: Callable[[], None] = lambda: None
        """Called when what a learner waits for is shown, and the rest is still to be computed."""
        self._screen()

    @property
    def screen(self) -> Screen:
        """The screen of the lab that is shown."""
        return self._screen()

    @property
    def settings(self) -> Settings:
        """The settings of the lab that is shown: `house.settings.d_k = 16`."""
        return Settings(self)

    def set(self, changes: Mapping[str, object]) -> Mapping[str, str]:
        """Change settings of the lab that is shown from Python; return what was refused, and why."""
        lab, before = self.session.current, self.session.current.choices()
        refused = self.session.apply(changes, lab)
        self.screen.correct({}, before)
        self._told()
        return refused

    def _screen(self) -> Screen:
        lab = self.session.current
        name = lab.name_of_lab
        if name not in self.screens:
            with self._naming(name):
                self.screens[name] = Screen(self.session, lab, self._told, lambda: self.first_shown())
        return self.screens[name]

    @contextmanager
    def hold(self) -> Iterator[None]:
        """Collect what the page changes, and take it as one at the end: where to go, then what to set."""
        self._holding += 1
        self._silent += 1
        try:
            with ExitStack() as stack:
                for screen in self.screens.values():
                    stack.enter_context(screen.hold())
                try:
                    yield
                finally:
                    self._holding -= 1
                    self._flush()
        finally:
            self._silent -= 1
            self._told()

    def _get_model(
        self, doc: Document, root: Model | None = None, parent: Model | None = None, comm: Any = None
    ) -> HouseModel:
        with self._naming("house"):
            model = HouseModel(name="house", **self._now())
        if not self._address:
            model.update(address=False)
        if self._scripts is not None:
            model.update(scripts=dict(self._scripts))
        root = root or model
        if comm is not None:
            doc.on_change(lambda event: self._not_held(comm.id, event))
        screens = [self._screen_model(screen, doc, root, model, comm) for screen in self.screens.values()]
        model.update(screens=screens)
        for name in _WRITTEN:
            model.on_change(name, self._written)
        self._models[root.ref["id"]] = (model, parent)
        return model

    def _screen_model(
        self, screen: Screen, doc: Document, root: Model, parent: Model, comm: Any = None
    ) -> ScreenModel:
        with self._naming(screen.lab.name_of_lab):
            return screen._get_model(doc, root, parent, comm)

    def _now(self) -> dict[str, Any]:
        session = self.session
        told = {"lab": session.current.name_of_lab, "link": session.link, "progress": session.progress}
        return {**told, "kept": None}  # what was kept has been taken: the page may write again

    def _written(self, name: str, _: Any, new: Any) -> None:
        if not self._writing:
            self._waiting[name] = new
            self._flush()

    def _flush(self) -> None:
        if self._holding or not self._waiting:
            return
        waiting, self._waiting = self._waiting, {}
        for name in _WRITTEN:
            if name in waiting:
                self.take(name, waiting[name])
        self.show_lab()

    def take(self, name: str, value: Any) -> None:
        """Go to a lab, follow a link, or take what was kept; what is none of these changes nothing."""
        with self._corrected():
            if name == "kept" and value == FORGET:
                self.session.forget()
            elif name == "kept":
                self.session.take_kept(value)
            elif name == "counts" and isinstance(value, str):
                self.session.count(value)
            elif name == "link" and isinstance(value, str):
                self.session.take_link(value)
            elif name == "lab" and value in names():
                self.session.go(value)

    def resume(self, state: Mapping[str, Any]) -> None:
        """Take over all values of a page that outlived its kernel; of those taken over before, none stays."""
        link = state.get("link")
        with self._as_one():
            if link:  # no kernel has followed it: what differs from a lab's defaults was chosen after it
                self.take("link", link)
            with self._corrected():
                self.session.restore(state.get("lab"), state.get("labs"), chosen_only=bool(link))
            self.take("kept", FORGET)
            self.take("kept", state.get("kept"))
            self.take("counts", state.get("counts"))

    @contextmanager
    def _corrected(self) -> Iterator[None]:
        """Write to the setting models what the labs hold when what is done inside has changed them."""
        before = {lab: each.lab.choices() for lab, each in self.screens.items()}
        yield
        for lab, held in before.items():
            self.screens[lab].correct({}, held)

    def show_lab(self) -> None:
        """Show the lab that the session is in."""
        screen = self._screen()
        for model, _ in list(self._models.values()):
            if screen.lab.name_of_lab not in [each.lab for each in model.screens]:
                model.screens = [*model.screens, self._screen_model(screen, model.document, model, model)]
        screen.refresh({"seen"})
        self._told()

    @contextmanager
    def _as_one(self) -> Iterator[None]:
        """Show what changes inside at its end, once: every lab that the session has open, and where it is."""
        with ExitStack() as stack:
            for screen in self.screens.values():
                stack.enter_context(screen.unshown())
            yield
        there = self.session.current
        for lab in self.session.labs.values():
            if lab is not there:
                self.session.current = lab
                self.show_lab()
        self.session.current = there
        self.show_lab()

    def _told(self) -> None:
        """Write to the page where it is, and what was done."""
        if self._silent:
            return
        self._writing = True
        try:
            for model, _ in self._models.values():
                for name, value in self._now().items():
                    if getattr(model, name) == value:
                        continue
                    if name == "link":  # with every move of a slider
                        model.say(value)
                    else:
                        setattr(model, name, value)
        finally:
            self._writing = False
        self._push()

    def _not_held(self, cell: str, event: DocumentChangedEvent) -> None:
        if isinstance(event, ModelChangedEvent):
            self._loose.setdefault(cell, []).append(event)

    def _push(self) -> None:
        """Send what has changed to the cell of a notebook; in the other hosts, Bokeh does it.

        A document there holds what changes, but for what follows from a change that came from the cell.
        """
        for ref in self._models:
            _, _, document, comm = state._views.get(ref, (None, None, None, None))
            if document is not None and comm is not None:
                events = [*self._loose.pop(comm.id, ()), *document.callbacks._held_events]
                ours = [event for event in events if event.setter != comm.id]
                if message := diff(document, events=ours):
                    push(document, comm, msg=message)
