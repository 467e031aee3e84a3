"""Finds the exercises: every folder of `exercises/` with a prompt.md. There is no other list of them."""

from __future__ import annotations

import ast
import importlib
import re
import tomllib
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from types import ModuleType
from typing import Any

import numpy as np

from attention_lab.grading.cases import Check
from attention_lab.kit.texts import lazy

HOME = "attention_lab.exercises"
KINDS = ("write", "mend", "predict")
_FENCE = "+++"
_FIELDS: Mapping[str, type] = {"title": str, "order": int, "kind": str, "asks": str, "lab": str, "why": str}


class ExerciseError(ValueError):
    """A folder that cannot be read: `softmax/prompt.md: ...`."""


@dataclass(frozen=True, slots=True)
class Exercise:
    """What a folder says of its exercise. Prose is Markdown."""

    id: str
    title: str
    order: int
    kind: str  # write, mend or predict
    asks: str  # the signature: "softmax(x)"
    lab: str  # the lab that it belongs to
    why: str  # why it matters, in one line
    prompt: str
    hints: tuple[str, ...]  # the last one is the solution, line by line
    other_ways: tuple[str, ...]  # two; each with what it costs
    use: str = ""  # where the learner's own stands in once it passes: the link of a lab
    starter: str = ""
    reference: str = ""
    wrong: Mapping[str, str] = field(default_factory=dict)  # name -> program, whose docstring is what is said

    @property
    def file(self) -> str:
        """What an export of it is called."""
        return f"exercise_{self.id}.py"

    def checks(self, seed: int) -> tuple[Check, ...]:
        """Return what is asked of a program, with fresh inputs from a seed."""
        made: Callable[[np.random.Generator], tuple[Check, ...]] = self.module("checks").checks
        return made(self.rng(seed))

    def rng(self, seed: int) -> np.random.Generator:
        """Return the random numbers of this exercise and seed."""
        return np.random.default_rng([seed, zlib.crc32(self.id.encode())])

    def module(self, name: str) -> ModuleType:
        """Return checks.py or answers.py of the folder."""
        return _module(f"{HOME}.{self.id}.{name}")


_module = cache(importlib.import_module)  # judging asks for it at every case


@cache
def exercises() -> tuple[Exercise, ...]:
    """Return all exercises, in the order of the course."""
    folders = [each for each in resources.files(HOME).iterdir() if each.joinpath("prompt.md").is_file()]
    return tuple(sorted((read(each) for each in folders), key=lambda each: (each.order, each.id)))


def exercise(name: str) -> Exercise:
    """Return one exercise; ValueError for a name that is none."""
    for each in exercises():
        if each.id == name:
            return each
    known = ", ".join(each.id for each in exercises())
    raise ValueError(lazy("there is no exercise {name}: choose one of {known}", name=repr(name), known=known))


def exercises_of(lab: str) -> tuple[Exercise, ...]:
    """Return the exercises that belong to a lab, in their order."""
    return tuple(each for each in exercises() if each.lab == lab)


def read(folder: Any) -> Exercise:
    """Read one folder (a path, or a resource)."""
    name = folder.name

    def text(file: str) -> str:
        there = folder.joinpath(file)
        return str(there.read_text(encoding="utf-8")) if there.is_file() else ""

    front, parts = _parts(name, text("prompt.md"))
    hints = [body for heading, body in parts if heading == "Hint"]
    ways = [
        f"**{heading.removeprefix('Another way: ')}**\n\n{body}"
        for heading, body in parts
        if heading.startswith("Another way: ")
    ]
    solution = [body for heading, body in parts if heading == "Solution"]
    reference = text("reference.py")
    if reference and solution:
        hints.append(f"```python\n{reference.strip()}\n```\n\n{solution[0]}")
    elif solution:
        hints.append(solution[0])
    wrong = folder.joinpath("wrong")
    files = sorted(wrong.iterdir(), key=lambda each: each.name) if wrong.is_dir() else []
    return Exercise(
        id=name,
        **front,
        prompt=parts[0][1],
        hints=tuple(hints),
        other_ways=tuple(ways),
        starter=text("starter.py"),
        reference=reference,
        wrong={
            each.name.removesuffix(".py"): completed(each.read_text(encoding="utf-8"), reference)
            for each in files
            if each.name.endswith(".py")
        },
    )


def completed(wrong: str, reference: str) -> str:
    """Return a whole wrong program: its file says what differs, and the rest is the reference's."""
    lines = wrong.splitlines()
    words = ast.parse(wrong).body[0].end_lineno  # the docstring stays the first
    return "\n".join([*lines[:words], "", reference, *lines[words:], ""])


def _parts(name: str, text: str) -> tuple[dict[str, Any], list[tuple[str, str]]]:
    """The front matter, and the sections as (heading, body); the first has no heading."""
    found = re.fullmatch(r"\+\+\+\n(.*?)\n\+\+\+\n(.*)", text, re.DOTALL)
    if not found:
        raise ExerciseError(f"{name}/prompt.md: it starts with TOML between two lines of {_FENCE}")
    try:
        front = tomllib.loads(found[1])
    except tomllib.TOMLDecodeError as error:
        raise ExerciseError(f"{name}/prompt.md: {error}") from error
    for key, kind in _FIELDS.items():
        if type(front.get(key)) is not kind:
            raise ExerciseError(f"{name}/prompt.md: the field {key!r} must be there, a {kind.__name__}")
    if unknown := set(front) - {*_FIELDS, "use"}:
        raise ExerciseError(
            f"{name}/prompt.md: unknown fields {sorted(unknown)}; known: {', '.join(_FIELDS)}"
        )
    if front["kind"] not in KINDS:
        raise ExerciseError(f"{name}/prompt.md: the kind is one of {', '.join(KINDS)}")
    pieces = re.split(r"^## (.+)$", found[2], flags=re.MULTILINE)
    parts = [("", pieces[0].strip())]
    parts += [
        (heading.strip(), body.strip()) for heading, body in zip(pieces[1::2], pieces[2::2], strict=True)
    ]
    for heading, _ in parts[1:]:
        if heading not in ("Hint", "Solution") and not heading.startswith("Another way: "):
            raise ExerciseError(f"{name}/prompt.md: no meaning for the section “## {heading}”")
    return front, parts
