"""A lab in the state that a link names, and the numbers that it shows there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache, reduce
from typing import Any, TypeAlias, cast
from urllib.parse import parse_qsl

import numpy as np

from attention_lab.kit.blocks import Actions, Block
from attention_lab.kit.blocks.boards import Fact, Facts
from attention_lab.kit.blocks.writing import figures
from attention_lab.kit.catalogue import lab_class
from attention_lab.kit.lab import Lab, settings_of
from attention_lab.kit.numbers import number
from attention_lab.kit.scene import Scene, block_of, made
from attention_lab.kit.texts import ENGLISH, speaking, voice

Step: TypeAlias = Callable[[Any], Any]
"""One step of the way to a number."""


class NotShownError(ValueError):
    """A link or a path that leads to nothing."""


def opened(name: str, link: str) -> Lab:
    """Return a lab in the state of a link; NotShownError where the lab does not go there exactly."""
    return _opened(name, link, voice())


@cache
def _opened(name: str, link: str, _voice: object) -> Lab:
    return _led(name, link)


def _led(name: str, link: str) -> Lab:
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


def answered(name: str, link: str) -> Lab:
    """Return a lab in the state of a link, with its prediction answered and what takes long computed."""
    return _answered(name, link, voice())


@cache
def _answered(name: str, link: str, _voice: object) -> Lab:
    lab = _led(name, link)
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
    found = [block_of(each) for each in (*scene.look, *scene.check)]
    return [each for each in found if each is not None]


def shown(name: str, rule: str) -> str:
    """Return the number that a rule names, as text: `link > path : decimals`.

    A path starts at `numbers` (those of the prose), `predict`, `lab`, or a block by its name or label,
    and goes on by fields, names and places. Names are English; in another language the same way is gone.
    """
    link, arrow, rest = rule.partition(" > ")
    path, colon, decimals = rest.rpartition(" : ")
    if not arrow:
        raise NotShownError(f"{rule}: a number is told as `link > path : decimals`")
    with speaking(ENGLISH):
        value, way = _followed(answered(name, link.strip()), path if colon else rest)
    if voice() is not None:
        value = reduce(lambda there, step: step(there), way, cast(Any, answered(name, link.strip())))
    if isinstance(value, Fact):
        told = "" if value.decimals is None else str(value.decimals)
        return _written(value.value, decimals if colon else told)
    return _written(value, decimals if colon else "")


def _written(value: Any, decimals: str) -> str:
    if isinstance(value, str):
        return str(value)
    if isinstance(value, np.ndarray) and value.ndim == 1:
        return f"[{', '.join(_written(each, decimals) for each in value.tolist())}]"
    if isinstance(value, bool) or not isinstance(value, int | float | np.number):
        raise NotShownError(f"{value!r} is no number")
    if decimals:
        return number(float(value), int(decimals))
    return figures(float(value))


def _followed(lab: Lab, path: str) -> tuple[Any, list[Step]]:
    """Return what a path leads to, and the steps of the way."""
    first, *others = path.strip().split(" / ")
    way = [_start(lab, first)]
    value = way[0](lab)
    for part in others:
        try:
            step = _part(value, part)
            value = step(value)
        except (AttributeError, LookupError, TypeError, ValueError) as error:
            raise NotShownError(f"there is no {part!r} in {type(value).__name__}") from error
        way.append(step)
    return value, way


def _start(lab: Lab, name: str) -> Step:
    if name == "lab":
        return lambda lab: lab
    if name in ("numbers", "predict"):
        return lambda lab: made(getattr(lab.scene(), name))
    for i, block in enumerate(blocks(lab.scene())):
        if name in (type(block).__name__, getattr(block, "label", None)):
            return lambda lab: blocks(lab.scene())[i]
    raise NotShownError(f"{name!r} is not on the screen of {lab.step}")


def _part(value: Any, part: str) -> Step:
    """Return the step to a part of a value: to a name by its place, for its name depends on the language."""
    if isinstance(value, Facts):
        at = [*value.facts].index(part) if part in value.facts else int(part)
        return lambda there: [*there.facts.values()][at]
    if isinstance(value, Mapping):
        named = [*value].index(part)
        return lambda there: [*there.values()][named]
    if part.lstrip("-").isdigit():
        return lambda there: there[int(part)]
    return lambda there: getattr(there, part)
