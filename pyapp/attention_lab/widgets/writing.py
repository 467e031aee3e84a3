"""How a patch is written for the page: as Bokeh does it, without a look at each cell of a column."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from bokeh.core.json_encoder import serialize_json
from bokeh.core.serialization import Serializer
from bokeh.document import Document
from bokeh.document.events import DocumentChangedEvent, ModelChangedEvent


def patch_of(events: Sequence[DocumentChangedEvent], document: Document) -> str:
    """Return the patch (JSON text) that tells the page of changes; what it holds, the page has from then on.

    Most patches are nothing but views, which are text: they need no list of all models that the page knows.
    """
    told = [_told(event) for event in events]
    if None in told:
        serializer = PatchSerializer(references=document.models.synced_references, deferred=False)
        told = [
            serializer.encode(event) if each is None else each
            for event, each in zip(events, told, strict=True)
        ]
        document.models.flush_synced(lambda model: not serializer.has_ref(model))
    return serialize_json({"events": told})


def _told(event: DocumentChangedEvent) -> dict[str, Any] | None:
    """What stands for a change to a text; None for any other."""
    if event.__class__ is ModelChangedEvent and event.new.__class__ is str:
        return {"kind": event.kind, "model": event.model.ref, "attr": event.attr, "new": event.new}
    return None


class PatchSerializer(Serializer):
    """Takes a list of texts, or of finite numbers, as it is: a figure has thousands of them."""

    def encode(self, obj: Any) -> Any:
        """Return what stands for a value in JSON."""
        if obj.__class__ is list and obj and _is_plain(obj):
            return obj
        return super().encode(obj)


def _is_plain(values: list[Any]) -> bool:
    kinds = set(map(type, values))
    return kinds == {str} or (kinds == {float} and all(map(math.isfinite, values)))
