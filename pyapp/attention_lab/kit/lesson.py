"""Reads lab.md: TOML between two `+++` lines, then one `## ` section of prose for each step.

+++
title = "Q, K, V, step by step"
order = 3
minutes = 20
objectives = ["..."]

[[steps]]
id = "weights"
section = "Softmax"
+++

## Softmax

Each row becomes weights ...

A step may have fields of its lab's own; the lab finds them in `step.more`.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from attention_lab.kit.texts import lazy

_FENCE = "+++"
_LAB_FIELDS: Mapping[str, type] = {
    "title": str,
    "order": int,
    "minutes": int,
    "objectives": list,
    "steps": list,
}
_STEP_FIELDS: Mapping[str, type] = {"id": str, "section": str}
_OPTIONAL = {"question": str, "part": str, "checks": list, "tasks": str, "opens": str}
"""Of a lab: the question that it answers, its part of the course; the questions at its end, by their ids;
the folder of what is to be done in it, and the part of a link that opens one of these."""
ASKED_AT = "check"
"""The step of a lab that asks questions at its end."""


class LabError(ValueError):
    """A lab.md that cannot be read: `stepper/lab.md, line 12: ...`."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a lab."""

    id: str
    section: str  # the heading of its prose, and its title
    prose: str  # Markdown
    more: Mapping[str, Any] = field(default_factory=dict)  # what only its lab has a meaning for


@dataclass(frozen=True, slots=True)
class Lesson:
    """What a lab.md says."""

    name: str
    title: str
    order: int
    minutes: int
    objectives: tuple[str, ...]
    steps: tuple[Step, ...]
    question: str = ""
    part: str = lazy("Understand")
    checks: tuple[str, ...] = ()  # the questions that its step `check` asks: each counts
    tasks: str = ""  # a folder of this package: progress is told by how many of its folders were passed
    opens: str = ""  # "step=write&exercise=", to be followed by the name of one
    ids: tuple[str, ...] = field(init=False)
    """The ids of its steps, in their order."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "ids", tuple(step.id for step in self.steps))

    def index(self, step: str) -> int:
        """Return the place of the step with that id, counted from 0."""
        return self.ids.index(step)


def texts_of(lesson: Lesson) -> Iterator[str]:
    """Yield what a learner reads of a lab.md, each as it is looked up."""
    yield from (lesson.title, lesson.part, lesson.question, *lesson.objectives)
    for step in lesson.steps:
        yield from (step.section, step.prose)


def parse_lesson(name: str, text: str) -> Lesson:
    """Read one lab.md; an error names the file and the line."""
    lines = text.splitlines()
    if not lines or lines[0] != _FENCE or _FENCE not in lines[1:]:
        raise LabError(f"{name}/lab.md, line 1: a lab starts with TOML between two lines of {_FENCE}")
    end = lines.index(_FENCE, 1)
    front = _front_matter(name, lines[1:end])
    sections = _sections(name, lines, end + 1)

    _check_fields(name, _line_of(lines, "title"), front, _LAB_FIELDS, _OPTIONAL)
    starts = [i + 1 for i, line in enumerate(lines[:end]) if line.strip() == "[[steps]]"]
    steps = []
    for fields, line in zip(front["steps"], starts, strict=True):
        _check_fields(name, line, fields, _STEP_FIELDS, None)
        if fields["section"] not in sections:
            raise LabError(f"{name}/lab.md, line {line}: there is no section “## {fields['section']}”")
        if not fields["id"].isidentifier():
            raise LabError(f"{name}/lab.md, line {line}: {fields['id']!r} cannot be the name of a method")
        more = {key: _frozen(value) for key, value in fields.items() if key not in _STEP_FIELDS}
        prose = sections.pop(fields["section"])[1]
        steps.append(Step(fields["id"], lazy(fields["section"]), lazy(prose), more))
    if sections:
        title, (line, _) = next(iter(sections.items()))
        raise LabError(f"{name}/lab.md, line {line}: no step uses the section “## {title}”")
    ids = [step.id for step in steps]
    if not steps or len(set(ids)) < len(ids):
        raise LabError(f"{name}/lab.md, line 1: a lab has at least one step, and each its own id; got {ids}")
    optional = {key: _said(key, _frozen(front[key])) for key in _OPTIONAL if key in front}
    return Lesson(
        name,
        lazy(front["title"]),
        front["order"],
        front["minutes"],
        tuple(map(lazy, front["objectives"])),
        tuple(steps),
        **optional,
    )


def _said(key: str, value: Any) -> Any:
    return lazy(value) if key in ("question", "part") else value


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _front_matter(name: str, lines: list[str]) -> dict[str, Any]:
    try:
        return tomllib.loads("\n".join(lines))
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"at line (\d+)", str(error))
        line = int(found[1]) + 1 if found else len(lines) + 1
        raise LabError(f"{name}/lab.md, line {line}: {error}") from error


def _sections(name: str, lines: list[str], start: int) -> dict[str, tuple[int, str]]:
    """Return each `## ` section as title -> (line, prose)."""
    sections: dict[str, tuple[int, str]] = {}
    title, first = None, start
    for i in range(start, len(lines) + 1):
        heading = i < len(lines) and lines[i].startswith("## ")
        if heading or i == len(lines):
            body = "\n".join(lines[first:i]).strip()
            if title is not None:
                sections[title] = (first, body)
            elif body:
                raise LabError(f"{name}/lab.md, line {start + 1}: prose before the first “## ” section")
        if heading:
            title, first = lines[i][3:].strip(), i + 1
            if title in sections:
                raise LabError(f"{name}/lab.md, line {i + 1}: a second section “## {title}”")
    return sections


def _check_fields(
    name: str,
    line: int,
    fields: Mapping[str, Any],
    needed: Mapping[str, type],
    optional: Mapping[str, type] | None,
) -> None:
    """Refuse what is missing or of the wrong type; and what is not known, unless `optional` is None."""
    known = {**needed, **(optional or {})}
    for field_name in fields if optional is not None else ():
        if field_name not in known:
            raise LabError(
                f"{name}/lab.md, line {line}: unknown field {field_name!r}; known: {', '.join(known)}"
            )
    for field_name, kind in known.items():
        if field_name not in fields and field_name in needed:
            raise LabError(f"{name}/lab.md, line {line}: the field {field_name!r} is missing")
        if field_name in fields and type(fields[field_name]) is not kind:
            raise LabError(f"{name}/lab.md, line {line}: {field_name!r} must be a {kind.__name__}")


def _line_of(lines: list[str], name: str) -> int:
    return next((i + 1 for i, line in enumerate(lines) if line.startswith(f"{name} ")), 1)
