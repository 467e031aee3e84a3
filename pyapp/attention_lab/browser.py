"""The lab in the browser's kernel: the one file that touches pyodide, js and Panel's part for Pyodide.

The page's worker calls `open`, `apply` and `resume`; the build calls `prerender` and `labs`. All values
cross as text (JSON), so that no proxy outlives a call.
"""

from __future__ import annotations

import gc
import hashlib
import importlib
import itertools
import json
import random
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import js
import numpy as np
import pyodide.code

# Panel's part for Pyodide evaluates one line of JavaScript when it is imported, which the page's
# Content-Security-Policy forbids, and imports a name that Node lacks. Both get a stand-in first.
if hasattr(js, "attentionLabRunJs"):
    pyodide.code.run_js = js.attentionLabRunJs
if not hasattr(js, "XMLHttpRequest"):
    js.XMLHttpRequest = None

import bokeh.model.model
from bokeh.core.json_encoder import serialize_json
from bokeh.document import Document
from bokeh.document.events import DocumentChangedEvent, ModelChangedEvent

from attention_lab.app import for_teachers, lab_names, make_app
from attention_lab.kit import texts
from attention_lab.kit.texts import ENGLISH
from attention_lab.optional import take
from attention_lab.widgets.writing import patch_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from attention_lab.widgets.house import House

RESERVE = 8 << 20  # bytes; the largest sentence with the most heads needs less

MODELS: Any = bokeh.model.model  # where models get their ids from
LABS = Path(__file__).with_name("labs")
HOUSE_SAYS = ("kept", "lab", "link")  # what of the house may lead to another lab
PAGE: Any = "page"  # the setter of changes that came from the page, which already has them


class Ids:
    """Ids of models that are those of their lab, `scale:7`, whatever else was opened before."""

    def __init__(self) -> None:
        self._counters: dict[str, itertools.count[int]] = {}

    @contextmanager
    def of(self, lab: str) -> Iterator[None]:
        """Number the models that are made inside."""
        counter = self._counters.setdefault(lab, itertools.count(1))
        usual = MODELS.make_id
        MODELS.make_id = lambda: f"{lab}:{next(counter)}"
        try:
            yield
        finally:
            MODELS.make_id = usual


class Kernel:
    """The Bokeh document of the page, and the changes of it that the page has not got yet."""

    def __init__(self, lab: str, language: str = ENGLISH) -> None:
        ids = Ids()
        self.house: House = make_app(lab, naming=ids.of, language=language)
        with ids.of("document"):
            self.document = Document()
        self.document.add_root(self.house.get_root(self.document, preprocess=False))
        self.changes: dict[tuple[str, str], DocumentChangedEvent] = {}
        self.text = self.whole()
        self.document.on_change(self._collect)

    def whole(self) -> str:
        """The whole document as JSON text: from here on, the page has all of it."""
        text = _document_text(self.document)
        self.document.models.flush_synced()
        self.changes.clear()
        return text

    def _collect(self, event: DocumentChangedEvent) -> None:
        if event.setter is PAGE:
            return
        key = (event.model.id, event.attr) if isinstance(event, ModelChangedEvent) else (str(id(event)), "")
        self.changes[key] = event

    def take_patch(self) -> str:
        """The collected changes as a Bokeh patch (JSON text), or "" where there are none."""
        events, self.changes = list(self.changes.values()), {}
        if not events:
            return ""
        return patch_of(events, self.document)

    def apply(self, patch: str, tell: Callable[[str], object] | None = None) -> str:
        """Apply what the learner changed in the page; return what follows from it, for the page to apply.

        What the learner waits for is told as soon as it is there, as a patch of its own.
        """
        if tell is not None:
            self.house.first_shown = lambda: self._tell(tell)
        try:
            with self.house.hold():
                self.document.apply_json_patch(json.loads(patch), setter=PAGE)
        finally:
            self.house.first_shown = lambda: None
        return self.take_patch()

    def _tell(self, tell: Callable[[str], object]) -> None:
        if part := self.take_patch():
            tell(part)

    def resume(self, state: dict[str, Any]) -> str:
        """Take over the learner's values from a page that outlived its kernel; return the whole document."""
        self.house.resume(state)
        return self.whole()


_kernel: Kernel | None = None
_waiting: dict[str, Kernel] = {}  # labs that nobody has opened yet, by name


def _document_text(document: Document) -> str:
    """The document as JSON text; without the definitions of Panel's own data models, which no lab uses."""
    content: Any = document.to_json(deferred=False)
    content = getattr(content, "content", content)
    content.pop("defs", None)
    return serialize_json(content)


def _known(lab: str) -> str:
    """The name of the lab to open: a link may name one that is not there, and the session says so."""
    names = lab_names()
    return lab if lab in names else names[0]


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _opened() -> Kernel:
    if _kernel is None:
        raise RuntimeError("no lab is open: the page sends `open` before anything else")
    return _kernel


def _make_room() -> None:
    """Let the heap grow now, once, and not in the middle of a lesson; the room stays free, and untouched."""
    np.empty(RESERVE, np.uint8)


def learn(language: str, data: Any) -> None:
    """Take the catalogue of a language (a Uint8Array: what a .mo file holds)."""
    texts.learn(language, data.to_bytes())


def open(lab: str, language: str, sha256: str) -> str:
    """Open a lab; say whether its document is the one that the page shows, and send it where it is not."""
    global _kernel
    lab = _known(lab)
    if language != ENGLISH:
        _waiting.clear()  # what comes with the memory snapshot is in English
    if lab not in _waiting:
        gc.freeze()  # what the libraries built at import stays for good: no later collection looks at it
        _waiting[lab] = Kernel(lab, language)
    _kernel = _waiting[lab]
    _waiting.clear()
    gc.collect()  # the other labs
    gc.freeze()
    _make_room()
    agrees = _sha256(_kernel.text) == sha256
    return json.dumps({"agrees": agrees, "document": "" if agrees else _kernel.text})


def opens_others(request: str) -> bool:
    """Whether a request may open a lab whose files have not come: a lab's name, a patch or a state (JSON).

    Where a page goes to another lab it says so by a value of the house, or names it in the state.
    """
    text = request
    if request.startswith("{"):
        told = json.loads(request)
        events = told.get("events")
        chosen = told if events is None else [e.get("new") for e in events if e.get("attr") in HOUSE_SAYS]
        text = json.dumps(chosen)
    return any(name in text for name in lab_names() if not (LABS / name / "lab.py").is_file())


def all_here() -> None:
    """Look anew for what can be imported: files have come that were not there when Python started."""
    sys.path_importer_cache.clear()
    importlib.invalidate_caches()


def apply(patch: str, tell: Callable[[str], object] | None = None) -> str:
    """Apply a patch of the page (JSON text); return the patch that answers it, or "".

    A part of the answer that the learner waits for may be told before (JSON text): it is to be applied first.
    """
    return _opened().apply(patch, tell)


def again(patch: str) -> str:
    """Apply once more what failed, perhaps for want of a file, and show all; the patch that answers it."""
    kernel = _opened()
    with kernel.house.hold():
        kernel.document.apply_json_patch(json.loads(patch), setter=PAGE)
    kernel.house.show_lab()
    return kernel.take_patch()


def resume(state: str) -> str:
    """Set the learner's state (a JSON object: the lab, and each lab's settings); return the document."""
    return _opened().resume(json.loads(state))


def provide(name: str, data: Any) -> str:
    """Take a file that the learner asked for (a Uint8Array); return the patch that follows from it."""
    kernel = _opened()
    take(name, data.to_bytes())
    kernel.house.session.provide(name)
    return kernel.take_patch()


def prerender(language: str = ENGLISH, labs: str = "null") -> str:
    """The document of each lab as the build paints it into the page (a JSON object: name to JSON text).

    `labs` names those that are wanted (a JSON list); all unless told.
    """
    return json.dumps({name: Kernel(name, language).text for name in json.loads(labs) or lab_names()})


def prepare() -> str:
    """Make ready for a memory snapshot; the documents of the labs in it, as `prerender` has them.

    What is used is thrown away: it leaves behind the modules and caches that the first changes of a learner
    would otherwise wait for. One lab stays open: the one that most addresses name. The labs that are not in
    it are imported when they are opened: what a page waits for does not grow with their number. What
    another language takes besides is imported: its visitors wait for nothing else than its texts.
    """
    importlib.import_module("gettext")
    documents = {name: Kernel(name).text for name in _remembered()}
    rehearse()
    gc.freeze()
    _waiting[MOST] = Kernel(MOST)
    _make_room()
    return json.dumps(documents)


MOST = "stepper"


def rehearse() -> None:
    """Go through every step of the labs in the memory, as learners will."""
    for name in _remembered():
        _use(Kernel(name))


def _remembered() -> tuple[str, str]:
    return lab_names()[0], MOST


def _use(kernel: Kernel) -> None:
    screen = kernel.house.screen
    for step in screen.lab.lesson.ids:
        change = {
            "kind": "ModelChanged",
            "model": {"id": screen.settings["step"].id},
            "attr": "value",
            "new": step,
        }
        kernel.apply(json.dumps({"events": [change]}))
    kernel.resume({"labs": {screen.lab.name_of_lab: {"text": "a " * 20}}})


def restored() -> None:
    """Make the random numbers of a restored memory its own."""
    random.seed()
    if "numpy.random" in sys.modules:
        sys.modules["numpy.random"].seed()


def labs() -> str:
    """The names of all labs (a JSON list)."""
    return json.dumps(lab_names())


def teaching(language: str = ENGLISH) -> str:
    """What a link may say of each lab (a JSON object), in the words of a language."""
    with texts.speaking(language):
        return json.dumps(texts.resolved(for_teachers()))
