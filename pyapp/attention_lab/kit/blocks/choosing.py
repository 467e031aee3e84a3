"""Blocks in which something is chosen, or changed and changed back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from attention_lab.kit.blocks.base import Block
from attention_lab.kit.blocks.writing import words_of
from attention_lab.kit.markup import Math


@dataclass(frozen=True, kw_only=True, eq=False)
class Choices(Block):
    """Cards side by side of which one holds: what each says before and after a change, and one number of it.

    Each of `cards` has name, title, what, kind, `set`, and where they apply: answer (before, after, flips),
    look (where, pair, weight, value), waits (what it waits for, in words), download (what to fetch for it).
    """

    title: Math
    label: str
    cards: Sequence[Mapping[str, Any]]

    def described(self) -> str:
        """Say what is not here yet; the rest is text already."""
        waiting = ", ".join(str(card["title"]) for card in self.cards if card.get("download"))
        return waiting and f"{words_of(self.title)}: {waiting}"


@dataclass(frozen=True, kw_only=True, eq=False)
class Trial(Block):
    """Something that can be changed and changed back, with the answers before and after.

    `items` are controls (widgets/js/items.js); `applied` says what is in force, each with the `set` that
    undoes it.
    """

    heading: str
    what: Math
    value: str
    where: str
    items: Sequence[Mapping[str, Any]]
    applied: Sequence[Mapping[str, Any]] = ()
    undo_all: Mapping[str, Any] | None = None
    answer: Mapping[str, Any] | None = None
    remark: Math | None = None
    verdict: Mapping[str, Any] | None = None
    caption: str | None = None
    notes: Sequence[Math] = ()
