"""The lab in the browser's kernel: the one file that touches pyodide, js and Panel's part for Pyodide.

The page's worker calls `open`, `apply` and `resume`; the build calls `prerender` and `labs`. All values
cross as text (JSON), so that no proxy outlives a call.
"""

from __future__ import annotations

import gc
import hashlib
import json
import random
import sys
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

from bokeh.core.json_encoder import serialize_json
from bokeh.core.serialization import Serializer
from bokeh.document import Document
from bokeh.document.events import DocumentChangedEvent, ModelChangedEvent

from attention_lab.app import lab_names, make_app
from attention_lab.optional import take

if TYPE_CHECKING:
    from bokeh.model import Model

    from attention_lab.widgets.screen import Screen

RESERVE = 8 << 20  # bytes; the largest sentence with the most heads needs less

PAGE: Any = "page"  # the setter of changes that came from the page, which already has them


class Kernel:
    """One open lab: its Bokeh document, and the changes of it that the page has not got yet."""

    def __init__(self, lab: str) -> None:
        self.screen: Screen = make_app(lab)
        self.document = Document()
        self.document.add_root(self.screen.get_root(self.document, preprocess=False))
        self.text = _document_text(self.document)
        self.document.models.flush_synced()
        self.changes: dict[tuple[str, str], DocumentChangedEvent] = {}
        self.document.on_change(self._collect)

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
        serializer = Serializer(references=self.document.models.synced_references, deferred=False)
        patch = {"events": serializer.encode(events)}
        self.document.models.flush_synced(lambda model: not serializer.has_ref(model))
        return serialize_json(patch)

    def apply(self, patch: str) -> str:
        """Apply what the learner changed in the page; return what follows from it, for the page to apply."""
        with self.screen.hold():
            self.document.apply_json_patch(json.loads(patch), setter=PAGE)
        return self.take_patch()

    def _collect_all(self, model: Model, names: list[str]) -> None:
        for name in names:
            event = ModelChangedEvent(self.document, model, name, getattr(model, name))
            self.changes[(model.id, name)] = event

    def resume(self, properties: dict[str, Any]) -> str:
        """Take over the learner's values from a page that outlived its kernel; return every view."""
        learner = self.screen.learner
        with self.screen.hold():
            for name, value in properties.items():
                if name in learner.properties() and name != "name":
                    setattr(learner, name, value)
        self._collect_all(learner, [name for name in learner.properties() if name not in ("name", "tags")])
        for region in self.screen.region_models:
            self._collect_all(region, ["view"])
        return self.take_patch()


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


def _make(last: str) -> None:
    """Open the labs in their order, up to `last`: a lab's ids are the same whichever lab is asked for."""
    gc.freeze()  # what the libraries built at import stays for good: leave it out of every later collection
    for name in lab_names():
        if name not in _waiting:
            _waiting[name] = Kernel(name)
        if name == last:
            return


def _make_room() -> None:
    """Let the heap grow now, once, and not in the middle of a lesson; the room stays free, and untouched."""
    np.empty(RESERVE, np.uint8)


def open(lab: str, sha256: str) -> str:
    """Open a lab; say whether its document is the one that the page shows, and send it where it is not."""
    global _kernel
    lab = _known(lab)
    if lab not in _waiting:  # else it came with the memory snapshot
        _make(lab)
    _kernel = _waiting[lab]
    _waiting.clear()
    gc.collect()  # the other labs
    gc.freeze()
    _make_room()
    agrees = _sha256(_kernel.text) == sha256
    return json.dumps({"agrees": agrees, "document": "" if agrees else _kernel.text})


def apply(patch: str) -> str:
    """Apply a patch of the page (JSON text); return the patch that answers it, or ""."""
    return _opened().apply(patch)


def resume(properties: str) -> str:
    """Set the learner's values (a JSON object); return a patch that holds every value and view."""
    return _opened().resume(json.loads(properties))


def provide(name: str, data: Any) -> str:
    """Take a file that the learner asked for (a Uint8Array); return the patch that follows from it."""
    kernel = _opened()
    take(name, data.to_bytes())
    session = kernel.screen.session
    session.param.update(optional=tuple(sorted({*session.optional, name})))
    return kernel.take_patch()


def prerender() -> str:
    """The document of each lab as the build paints it into the page (a JSON object: name to JSON text)."""
    names = lab_names()
    _make(names[-1])
    return json.dumps({name: _waiting[name].text for name in names})


def prepare() -> str:
    """Open every lab for a memory snapshot; their documents, as `prerender` has them.

    They are opened first, so that their ids are those of `prerender`. What is used afterwards is thrown away:
    it leaves behind the modules and caches that the first changes of a learner would otherwise wait for.
    """
    documents = prerender()
    for name in lab_names():
        _use(Kernel(name))
    _make_room()
    return documents


def _use(kernel: Kernel) -> None:
    learner, session = kernel.screen.learner, kernel.screen.session
    for step in session.labs[session.lab]:
        change = {"kind": "ModelChanged", "model": {"id": learner.id}, "attr": "step", "new": step}
        kernel.apply(json.dumps({"events": [change]}))
    kernel.resume({"text": "a " * 20})


def restored() -> None:
    """Make the random numbers of a restored memory its own."""
    random.seed()
    if "numpy.random" in sys.modules:
        sys.modules["numpy.random"].seed()


def labs() -> str:
    """The names of all labs (a JSON list)."""
    return json.dumps(lab_names())
