"""What a teacher may put into a link: every lab with its steps and settings, as one JSON value.

The page for teachers (web/teach/) shows it, writes links with it and says of a link what students will see.
All of it is read off the labs themselves, so that nothing about a lab has to be said a second time.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

from param.parameterized import label_formatter

from attention_lab.kit.catalogue import counted, lab_class, lessons
from attention_lab.kit.lab import KIT_SETTINGS, Lab, settings_of
from attention_lab.kit.settings import Choice, Flag, Number, Sentence, Setting, Whole
from attention_lab.kit.text import MAX_TEXT
from attention_lab.kit.texts import _
from attention_lab.link import FIRST_LAB, LOCKS, MAX_FIELDS, MAX_LINK, OF_THE_PAGE


def catalogue() -> dict[str, Any]:
    """Return the whole of it, plain enough for JSON."""
    return {
        "labs": [_lab(lab_class(lesson.name)()) for lesson in lessons()],
        "first": {"named": lessons()[0].name, "of_old": FIRST_LAB},
        "locks": dict(LOCKS),
        "page": {name: dict(values) for name, values in OF_THE_PAGE.items()},
        "counted": [{"home": item.home, "at": dict(parse_qsl(item.opens.lstrip("#")))} for item in counted()],
        "longest": {"link": MAX_LINK, "fields": MAX_FIELDS},
    }


def _lab(lab: Lab) -> dict[str, Any]:
    lesson = lab.lesson
    kinds = settings_of(type(lab))
    linked = {name: kind for name, kind in kinds.items() if kind.linked and name not in KIT_SETTINGS}
    names = labels(linked)
    return {
        "name": lesson.name,
        "title": lesson.title,
        "part": lesson.part,
        "question": lesson.question,
        "minutes": lesson.minutes,
        "objectives": list(lesson.objectives),
        "steps": [{"id": step.id, "title": step.section} for step in lesson.steps],
        "old_steps": dict(lab.steps_of_old),
        "settings": [_setting(name, kind, names[name], lab.defaults[name]) for name, kind in linked.items()],
        "kit": [name for name in KIT_SETTINGS if kinds[name].linked and name != "step"],
    }


def _setting(name: str, kind: Setting, label: str, default: Any) -> dict[str, Any]:
    text = "" if default is None else kind.written(default)
    return {"key": name, "label": label, "group": kind.lock, "initial": text, **_control(kind)}


def labels(kinds: Mapping[str, Setting]) -> dict[str, str]:
    """Return what each setting of a lab is called, no two alike."""
    found = {name: _called(name, kind) for name, kind in kinds.items()}
    found = {
        name: str(kinds[name].said) if label in _several(found) else label for name, label in found.items()
    }
    return {name: f"{label} ({name})" if label in _several(found) else label for name, label in found.items()}


def _several(found: Mapping[str, str]) -> set[str]:
    return {label for label, n in Counter(found.values()).items() if n > 1}


def _called(name: str, kind: Setting) -> str:
    """As its control is called, or as a refusal calls it where no control names it."""
    named = str(kind.label or "")
    return named if named and named != label_formatter(name) else str(kind.said or named)


def _control(kind: Setting) -> dict[str, Any]:
    """How it is chosen and what it may be; of kinds that are picked on the screen, nothing."""
    match kind:
        case Whole(bounds=(low, high)):
            words = _("a whole number from {low} to {high}", low=low, high=high)
            return {"kind": "whole", "low": low, "high": high, "may": words}
        case Number(bounds=(low, high)):
            ends = {"low": f"{low:g}", "high": f"{high:g}"}
            words = _("a number from {low} to {high}", **ends)
            if kind.optional:
                words = _("a number from {low} to {high}, or nothing", **ends)
            more = {"low": low, "high": high, "by": kind.step, "empty": kind.optional}
            return {"kind": "number", "may": words, **more}
        case Flag():
            return {"kind": "flag", "may": _("1 for on or 0 for off")}
        case Choice():
            options = [{"value": str(each), "label": name} for each, name in kind.options.items() if name]
            listed = ", ".join(option["value"] for option in options)
            return {"kind": "choice", "options": options, "may": _("one of {listed}", listed=listed)}
        case Sentence():
            words = _(
                "at least one word, and up to {n} words and {longest} characters",
                n=kind.most,
                longest=MAX_TEXT,
            )
            return {"kind": "sentence", "most": kind.most, "longest": MAX_TEXT, "may": words}
    return {"kind": "elsewhere", "may": _("what is picked on the screen of the lab")}
