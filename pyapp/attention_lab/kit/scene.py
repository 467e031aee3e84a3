"""What a step shows: the blocks, and what stands around them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias, TypeVar

from attention_lab.kit.blocks import Badge, Block
from attention_lab.kit.markup import Math
from attention_lab.kit.settings import Item
from attention_lab.kit.texts import lazy

T = TypeVar("T")
Lazy: TypeAlias = T | Callable[[], T]
Made: TypeAlias = Block | Callable[[], Block | None] | None
"""A block, or what makes it: it is asked only when it is to be drawn."""


def made(value: Lazy[T]) -> T:
    """Return a part of a scene: itself, or what it returns."""
    return value() if callable(value) else value


@dataclass(frozen=True)
class Peek:
    """A block that follows a setting that is only looked at, such as the cell under a pointer.

    When nothing but such a setting changes, nothing else is drawn.
    """

    make: Callable[[], Block | None]


@dataclass(frozen=True)
class First:
    """A block that a learner waits for when one of these settings changes.

    It is on the screen before the rest is computed.
    """

    make: Callable[[], Block | None]
    after: Sequence[str]


Placed: TypeAlias = Made | Peek | First


def block_of(placed: Placed) -> Block | None:
    """Return the block that stands in a place, or None."""
    return made(placed.make if isinstance(placed, Peek | First) else placed)


@dataclass(frozen=True)
class Group:
    """Controls that belong together."""

    title: str
    items: Sequence[Item]
    note: Math | None = None
    first: bool | None = None  # whether the step is about it; a phone shows such groups above the picture


@dataclass(frozen=True)
class Chip:
    """One token of the sentence, and what picking it sets."""

    text: str
    short: str
    set: Mapping[str, Any]
    pad: bool = False
    spelled: bool = False
    place: int | None = None  # the row that lights it, where that is not its own


@dataclass(frozen=True)
class SentenceField:
    """The learner's sentence: the field in which it is typed, and its tokens."""

    setting: str
    text: str
    most: int
    chips: Sequence[Chip]
    query: int
    key: int | None = None
    label: str = lazy("Your sentence")
    chips_label: str = lazy("Query")
    own: bool = True  # whether the learner wrote what is shown
    status: Mapping[str, str] | None = None


@dataclass(frozen=True)
class Formula:
    """The formula as a map of the steps: each phrase holds where it must, and breaks before the next."""

    phrases: Sequence[Math]
    label: str = lazy("Formula: each part opens its step")


@dataclass(frozen=True)
class Predict:
    """A question with options. The answer is computed, and shown once the step answers it or when asked for.

    `why` has, for each option, why it is right or why it was tempting; an empty list says nothing.
    """

    key: str  # names the case that is asked about: another sentence or other numbers ask anew
    question: Math
    options: Sequence[str]
    right: Sequence[int]  # the options that are right
    answer: tuple[str, str]  # in words, and as a number
    values: Sequence[str] = ()  # what was computed for each option
    why: Sequence[Math | None] = ()
    answered: bool = False  # whether this step shows the answer by itself


@dataclass(frozen=True)
class Preset:
    """A named state worth showing: at its step, with these settings; all others as they open.

    `offered` is the step whose prose leads to it, its own unless another is named. The link to a state of
    the step itself stands there once its question is answered or skipped: a title may say what was asked.
    """

    name: str
    title: str
    step: str
    changes: Mapping[str, Any]
    offered: str = ""


@dataclass(frozen=True)
class Told:
    """What stands in the place of a step's own prose: a title, Markdown, and links below it."""

    title: str
    prose: str
    eyebrow: str = ""
    links: Sequence[Mapping[str, Any]] = ()  # {"label", "set"} or {"label", "lab", "href"}


@dataclass(frozen=True)
class Scene:
    """Everything that a step puts on the screen; a function stands for what it returns when that is drawn."""

    look: Sequence[Placed] = ()
    check: Sequence[Placed] = ()
    controls: Lazy[Sequence[str | Group] | None] = (
        None  # names of settings, or groups; None for every setting
    )
    lesson: Lazy[Told | None] = None  # None: the prose of lab.md
    formula: Lazy[Formula | None] = None
    predict: Lazy[Predict | None] = None
    sentence: Lazy[SentenceField | None] = None
    badge: Lazy[Badge | None] = None
    numbers: Lazy[Mapping[str, Any]] = field(default_factory=dict)  # what the prose may name in braces
