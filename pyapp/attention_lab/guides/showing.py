"""A lab in the state that a link names, and the numbers that it shows there."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any
from urllib.parse import parse_qsl

import numpy as np

from attention_lab.kit.blocks import Actions, Block
from attention_lab.kit.blocks.boards import Fact, Facts
from attention_lab.kit.blocks.writing import figures
from attention_lab.kit.catalogue import lab_class
from attention_lab.kit.lab import Lab, settings_of
from attention_lab.kit.numbers import number
from attention_lab.kit.scene import Peek, Scene, made


class NotShownError(ValueError):
    """A link or a path that leads to nothing."""


@cache
def opened(name: str, link: str) -> Lab:
    """Return a lab in the state of a link; NotShownError where the lab does not go there exactly."""
    fields = dict(parse_qsl(link, keep_blank_values=True))
    if link and len(fields) != link.count("&") + 1:
        raise NotShownError(f"{link}: not a list of settings")
    lab = lab_class(name)()
    kinds = settings_of(type(lab))
    for each in fields:
        if each not in kinds or not kinds[each].linked:
            raise NotShownError(f"{link}: the lab {name} has no setting {each!r} that a link can carry")
    lab.apply_link(fields)
    if lab.message is not None:
        raise NotShownError(f"{link}: {lab.message['text']}")
    for each, text in fields.items():
        there = getattr(lab, each)
        if there != kinds[each].read(kinds[each].parsed(text)):
            raise NotShownError(f"{link}: {each} becomes {there!r}")
    return lab


@cache
def answered(name: str, link: str) -> Lab:
    """Return a lab in the state of a link, with its prediction answered and what takes long computed."""
    lab = opened.__wrapped__(name, link)
    asked = made(lab.scene().predict)
    if asked is not None:
        lab.apply({"revealed": [asked.key]})
    while more := _unfinished(lab):
        lab.apply(more)
    return lab


def _unfinished(lab: Lab) -> Mapping[str, object] | None:
    """Return what the button sets with which a long computation goes on; None once it is done."""
    rows = [block.items for block in blocks(lab.scene()) if isinstance(block, Actions)]
    return next((item["set"] for items in rows for item in items if item.get("action") == "carry"), None)


def blocks(scene: Scene) -> list[Block]:
    """Return what a step draws."""
    makes = [each.make if isinstance(each, Peek) else each for each in (*scene.look, *scene.check)]
    found = [each() if callable(each) else each for each in makes]
    return [each for each in found if each is not None]


def shown(name: str, rule: str) -> str:
    """Return the number that a rule names, as text: `link > path : decimals`.

    A path starts at `numbers` (those of the prose), `predict`, `lab`, or a block by its name or label,
    and goes on by fields, names and places.
    """
    link, arrow, rest = rule.partition(" > ")
    path, colon, decimals = rest.rpartition(" : ")
    if not arrow:
        raise NotShownError(f"{rule}: a number is told as `link > path : decimals`")
    value = _followed(answered(name, link.strip()), path if colon else rest)
    if isinstance(value, Fact):
        told = "" if value.decimals is None else str(value.decimals)
        return _written(value.value, decimals if colon else told)
    return _written(value, decimals if colon else "")


def _written(value: Any, decimals: str) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, np.ndarray) and value.ndim == 1:
        return f"[{', '.join(_written(each, decimals) for each in value.tolist())}]"
    if isinstance(value, bool) or not isinstance(value, int | float | np.number):
        raise NotShownError(f"{value!r} is no number")
    if decimals:
        return number(float(value), int(decimals))
    return figures(float(value))


def _followed(lab: Lab, path: str) -> Any:
    first, *others = path.strip().split(" / ")
    value = _start(lab, first)
    for part in others:
        value = _part(value, part)
    return value


def _start(lab: Lab, name: str) -> Any:
    if name == "lab":
        return lab
    scene = lab.scene()
    if name in ("numbers", "predict"):
        return made(getattr(scene, name))
    for block in blocks(scene):
        if name in (type(block).__name__, getattr(block, "label", None)):
            return block
    raise NotShownError(f"{name!r} is not on the screen of {lab.step}")


def _part(value: Any, part: str) -> Any:
    if isinstance(value, Facts):
        value = value.facts if part in value.facts else [*value.facts.values()]
    try:
        if isinstance(value, Mapping):
            return value[part]
        if part.lstrip("-").isdigit():
            return value[int(part)]
        return getattr(value, part)
    except (AttributeError, LookupError, TypeError) as error:
        raise NotShownError(f"there is no {part!r} in {type(value).__name__}") from error
