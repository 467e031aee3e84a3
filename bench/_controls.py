"""What can be changed at a step of a lab, and between which two values a bench changes it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Change:
    """A setting, and two values of it that are not the one that it has first."""

    name: str
    values: tuple[Any, Any]


def changes_in(views: Mapping[str, Any]) -> list[Change]:
    """The changes that the controls of a step offer, one for each setting."""
    found: dict[str, Change] = {}
    for view in views.values():
        for item in _items(view):
            change = _change(item)
            if change is not None:
                found.setdefault(change.name, change)
    return list(found.values())


def _items(view: Any) -> Iterator[Mapping[str, Any]]:
    """Every control in a view, however deep it stands."""
    if isinstance(view, dict):
        if "type" in view and isinstance(view.get("name"), str):
            yield view
        for each in view.values():
            yield from _items(each)
    elif isinstance(view, list):
        for each in view:
            yield from _items(each)


def _change(item: Mapping[str, Any]) -> Change | None:
    """Two values of a control: its own comes second, so that the first change is one."""
    name, value, kind = item["name"], item.get("value"), item["type"]
    if kind == "flag":
        return Change(name, (not value, value))
    if kind in ("segmented", "select"):
        free = [each for each in item["options"] if not each.get("disabled") and "set" not in each]
        other = [each["value"] for each in free if each["value"] != value]
        return Change(name, (other[0], value)) if other else None
    if kind in ("range", "number") and item.get("entry") is None and value is not None:
        low, high, step = item["min"], item["max"], item.get("step", 1)
        there = low + round((high - low) / 4 / step) * step
        there = there if there != value else min(high, there + step)
        return Change(name, (round(there, 9), value)) if there != value else None
    return None
