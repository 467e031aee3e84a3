"""What stands around the blocks of a step: header, lesson, controls, sentence, steps."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from html import escape
from typing import Any, TypeAlias
from urllib.parse import quote, urlencode

from markdown_it import MarkdownIt
from mdit_py_plugins.attrs import attrs_plugin

from attention_lab.kit.blocks.badge import Badge
from attention_lab.kit.blocks.base import View, plain
from attention_lab.kit.blocks.writing import runs_right_to_left
from attention_lab.kit.catalogue import tasks_for, tasks_in
from attention_lab.kit.lab import KIT_SETTINGS, Lab, settings_of
from attention_lab.kit.lesson import Lesson
from attention_lab.kit.predict import is_open
from attention_lab.kit.scene import Group, Preset, Scene, SentenceField, made
from attention_lab.kit.scoring import Score, score_view
from attention_lab.kit.settings import Item, Seed
from attention_lab.kit.texts import _, apart

_PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")


Done: TypeAlias = Callable[[str], Sequence[str]]
"""The name of a lab -> what was done in it."""


def header(
    lab: Lab,
    lessons: Sequence[Lesson],
    seen: Done,
    passed: Done = lambda __: (),
    score: Score | None = None,
) -> View:
    """Say which lab this is, how much of each has been seen, or passed where it has tasks, and the score."""
    here = lab.lesson
    return {
        "brand": _("Attention Lab"),
        "lab": here.title,
        "labs": [
            {
                "name": each.name,
                "title": each.title,
                "minutes": each.minutes,
                "part": each.part,
                "question": each.question,
                "current": each.name == here.name,
                "href": f"#lab={quote(each.name)}",
                **_done(each, seen, passed),
            }
            for each in lessons
        ],
        "seen": len(seen(here.name)),
        "steps": len(here.steps),
        "score": None if score is None else score_view(score),
    }


def _done(lesson: Lesson, seen: Done, passed: Done) -> View:
    if not lesson.tasks:
        return {"seen": len(seen(lesson.name)), "steps": len(lesson.steps), "unit": _("steps seen")}
    tasks = tasks_in(lesson.tasks)
    done = set(passed(lesson.name)).intersection(tasks)
    return {"seen": len(done), "steps": len(tasks), "unit": _("passed")}


def transport(lab: Lab) -> View:
    """List the steps."""
    return {
        "steps": [
            {
                "id": step.id,
                "name": step.section,
                "label": _("Step {i}: {section}", i=i + 1, section=step.section),
            }
            for i, step in enumerate(lab.lesson.steps)
        ],
        "current": lab.step,
    }


def lesson(lab: Lab, scene: Scene) -> View:
    """The prose of this step, with the numbers on the screen in it."""
    told = made(scene.lesson)
    if told is not None:
        return {
            "eyebrow": told.eyebrow,
            "title": told.title,
            "html": to_html(str(told.prose)),
            "links": plain(list(told.links)),
        }
    return {
        "eyebrow": _("Step {place} of {steps}", place=lab.place + 1, steps=len(lab.lesson.steps)),
        "title": lab.here.section,
        "html": fill_in(to_html(str(lab.here.prose)), made(scene.numbers)),
        **_links(lab, scene),
    }


def _links(lab: Lab, scene: Scene) -> View:
    """The states worth showing at this step; on the last step also what of this lab one can write oneself.

    A question comes first: a state of its step might answer it, so that waits until it is answered or
    skipped.
    """
    offered = [preset for preset in lab.presets if (preset.offered or preset.step) == lab.step]
    if offered and is_open(lab, made(scene.predict)):
        offered = [preset for preset in offered if preset.step != lab.step]
    links = [_to_preset(lab, preset) for preset in offered]
    links += _to_build(lab)
    return {"links": links} if links else {}


def _to_preset(lab: Lab, preset: Preset) -> View:
    wanted = preset_settings(type(lab))[preset.name]
    return {
        "label": preset.title,
        "href": f"#{preset_link(type(lab), preset)}",
        "set": wanted,
        "here": all(plain(getattr(lab, name)) == value for name, value in wanted.items()),
    }


@cache
def preset_settings(lab: type[Lab]) -> Mapping[str, Mapping[str, Any]]:
    """Return what each preset of a lab sets, by name, as JSON can hold it."""
    return {preset.name: plain({"step": preset.step, **preset.changes}) for preset in lab.presets}


@cache
def preset_links(lab: type[Lab]) -> Mapping[str, str]:
    """Return the link to each preset of a lab, by name."""
    found = {}
    for preset in lab.presets:
        state = lab()
        state.apply({"step": preset.step, **preset.changes})
        found[preset.name] = urlencode({"lab": state.name_of_lab, **state.to_link()})
    return found


def preset_link(lab: type[Lab], preset: Preset) -> str:
    """Return the query string that opens a preset."""
    return preset_links(lab)[preset.name]


def _to_build(lab: Lab) -> list[View]:
    tasks = tasks_for(lab.name_of_lab) if lab.place == len(lab.lesson.steps) - 1 else ()
    return [{"label": _("Build it: {title}", title=title), "href": address} for title, address in tasks]


def formula(scene: Scene) -> View | None:
    """The formula, as buttons."""
    shown = made(scene.formula)
    if shown is None:
        return None
    return {"phrases": [list(phrase) for phrase in shown.phrases], "label": shown.label}


def controls(lab: Lab, scene: Scene) -> View | None:
    """The groups of controls of this step."""
    kinds = settings_of(type(lab))
    named = made(scene.controls)
    chosen = [name for name in kinds if name not in KIT_SETTINGS] if named is None else named
    groups: list[Group] = []
    for each in chosen:
        if isinstance(each, Group):
            groups.append(each)
            continue
        items = items_of(lab, each)
        title = kinds[each].group
        if groups and title and groups[-1].title == title:
            groups[-1] = replace(groups[-1], items=[*groups[-1].items, *items])
        elif items:
            groups.append(Group(title or kinds[each].label or each, items))
    shown = [{"title": group.title, "items": plain(list(group.items)), **_note(group)} for group in groups]
    return {"groups": shown} if shown else None


def _note(group: Group) -> dict[str, Any]:
    note = {} if group.note is None else {"note": group.note}
    return note if group.first is None else {**note, "first": group.first}


def items_of(lab: Lab, name: str) -> list[Item]:
    """Return the controls of one setting."""
    kind, value = settings_of(type(lab))[name], getattr(lab, name)
    if isinstance(kind, Seed):
        return kind.items(value)
    item = kind.item(value)
    return [] if item is None else [item]


def item_of(lab: Lab, name: str, **changes: Any) -> Item:
    """Return the control of one setting, with some of it changed."""
    item = settings_of(type(lab))[name].item(getattr(lab, name))
    if item is None:
        raise LookupError(f"the setting {name} has no control")
    return {**item, **changes}


def sentence(lab: Lab, scene: Scene) -> View:
    """The sentence as chips, where the numbers come from, the table view."""
    typed = made(scene.sentence)
    return {
        "field": typed and _field(typed),
        "message": lab.message,
        "badge": badge(made(scene.badge)),
        "table": lab.table,
    }


def _field(field: SentenceField) -> View:
    chips = [
        {
            "text": chip.text,
            "short": chip.short,
            "set": plain(chip.set),
            "pad": chip.pad,
            "spelled": chip.spelled,
            **({} if chip.place is None else {"place": chip.place}),
        }
        for chip in field.chips
    ]
    return {
        "setting": field.setting,
        "label": field.label,
        "text": field.text,
        "own": field.own,
        "max": field.most,
        "status": field.status,
        "chips": chips,
        "right_to_left": runs_right_to_left([chip.text for chip in field.chips]),
        "chips_label": field.chips_label,
        "query": field.query,
        "key": field.key,
    }


def badge(badge: Badge | None) -> View | None:
    """Where the numbers come from."""
    if badge is None:
        return None
    return {
        "kind": badge.kind,
        "label": badge.label,
        "paragraphs": [list(words) for words in badge.paragraphs],
        "card": plain(badge.card),
    }


@cache
def to_html(prose: str) -> str:
    """Render a lab.md's Markdown; HTML in it stays text, and attributes may only be classes."""
    markdown = MarkdownIt("commonmark", {"html": False})
    markdown.use(attrs_plugin, spans=True, allowed=["class"])
    html: str = markdown.render(prose).strip()
    return html


def fill_in(html: str, numbers: Mapping[str, Any]) -> str:
    """Replace `{d_k}` and the like by their numbers, or words; an unknown name is a mistake in the lab.md."""
    return _PLACEHOLDER.sub(lambda found: escape(apart(str(numbers[found[1]])), quote=False), html)
