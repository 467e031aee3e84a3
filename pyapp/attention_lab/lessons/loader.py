"""Reads lab files: TOML between two `+++` lines, then one `## ` section of prose for each step.

+++
title = "Q, K, V, step by step"
order = 3
minutes = 20
objectives = ["..."]

[[steps]]
id = "weights"
section = "Softmax"
view = "softmax"
stage = "weights"
prediction = "most_weight"      # optional, as is exercise
+++

## Softmax

Each row becomes weights ...
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any

from attention_lab.lessons.model import Lab, Step

_FENCE = "+++"
_LAB_FIELDS = {"title": str, "order": int, "minutes": int, "objectives": list, "steps": list}
_STEP_FIELDS = {
    **dict.fromkeys(("id", "section", "view", "stage", "prediction", "exercise", "job"), str),
    **dict.fromkeys(("sentences", "asks"), list),
}
_OPTIONAL = {"prediction", "exercise", "job", "sentences", "asks"}


class LabError(ValueError):
    """A lab file that cannot be read: `content/stepper.md, line 12: ...`."""


@cache
def load_labs() -> tuple[Lab, ...]:
    """Return every lab in `content/`, in the order that the files ask for."""
    return read_labs(resources.files("attention_lab.lessons") / "content")


def read_labs(folder: Traversable) -> tuple[Lab, ...]:
    """Read every .md file of a folder; there is no list of labs anywhere else."""
    files = sorted(
        (each for each in folder.iterdir() if each.name.endswith(".md")), key=lambda each: each.name
    )
    labs = [parse_lab(each.name.removesuffix(".md"), each.read_text(encoding="utf-8")) for each in files]
    return tuple(sorted(labs, key=lambda lab: lab.order))


def parse_lab(name: str, text: str) -> Lab:
    """Read one lab file; an error names the file and the line."""
    lines = text.splitlines()
    if not lines or lines[0] != _FENCE or _FENCE not in lines[1:]:
        raise LabError(f"content/{name}.md, line 1: a lab starts with TOML between two lines of {_FENCE}")
    end = lines.index(_FENCE, 1)
    front = _front_matter(name, lines[1:end])
    sections = _sections(name, lines, end + 1)

    _check_fields(name, _line_of(lines, "title"), front, _LAB_FIELDS)
    starts = [i + 1 for i, line in enumerate(lines[:end]) if line.strip() == "[[steps]]"]
    steps = []
    for fields, line in zip(front["steps"], starts, strict=True):
        _check_fields(name, line, fields, _STEP_FIELDS)
        if fields["section"] not in sections:
            raise LabError(f"content/{name}.md, line {line}: there is no section “## {fields['section']}”")
        values: dict[str, Any] = {
            field: tuple(value) if isinstance(value, list) else value for field, value in fields.items()
        }
        steps.append(Step(prose=sections.pop(fields["section"])[1], **values))
    if sections:
        title, (line, _) = next(iter(sections.items()))
        raise LabError(f"content/{name}.md, line {line}: no step uses the section “## {title}”")
    ids = [step.id for step in steps]
    if not steps or len(set(ids)) < len(ids):
        raise LabError(
            f"content/{name}.md, line 1: a lab has at least one step, and each its own id; got {ids}"
        )
    return Lab(
        name, front["title"], front["order"], front["minutes"], tuple(front["objectives"]), tuple(steps)
    )


def _front_matter(name: str, lines: list[str]) -> dict[str, Any]:
    try:
        return tomllib.loads("\n".join(lines))
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"at line (\d+)", str(error))
        line = int(found[1]) + 1 if found else len(lines) + 1
        raise LabError(f"content/{name}.md, line {line}: {error}") from error


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
                raise LabError(f"content/{name}.md, line {start + 1}: prose before the first “## ” section")
        if heading:
            title, first = lines[i][3:].strip(), i + 1
            if title in sections:
                raise LabError(f"content/{name}.md, line {i + 1}: a second section “## {title}”")
    return sections


def _check_fields(name: str, line: int, fields: Mapping[str, Any], known: Mapping[str, type]) -> None:
    for field in fields:
        if field not in known:
            raise LabError(
                f"content/{name}.md, line {line}: unknown field {field!r}; known: {', '.join(known)}"
            )
    for field, kind in known.items():
        if field not in fields and field not in _OPTIONAL:
            raise LabError(f"content/{name}.md, line {line}: the field {field!r} is missing")
        if field in fields and type(fields[field]) is not kind:
            raise LabError(f"content/{name}.md, line {line}: {field!r} must be a {kind.__name__}")


def _line_of(lines: list[str], field: str) -> int:
    return next((i + 1 for i, line in enumerate(lines) if line.startswith(f"{field} ")), 1)
