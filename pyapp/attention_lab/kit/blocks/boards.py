"""Cards, tables, facts, and a field to draw on."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from attention_lab.kit.blocks.badge import Badge
from attention_lab.kit.blocks.base import Block, View, plain
from attention_lab.kit.blocks.writing import counted, figures, words_of
from attention_lab.kit.markup import Math
from attention_lab.kit.numbers import number, term
from attention_lab.kit.texts import _

_NAMED = 8  # cards in a sentence

_TERMS = (1e-3, 1e3)  # numbers that are written with four decimals

_WIDEST = 16  # cells of a Field beside each other

Grid: TypeAlias = Sequence[Sequence[float]]


@dataclass(frozen=True, kw_only=True)
class Card:
    """One card: its front, and what stands on its back if it can be turned.

    Args:
        title: what it says in large.
        text: what it says below.
        sign: a word or two above the title, such as "myth 3" or "64 heads".
        back: what is seen once it is turned.
        turned: whether it lies on its back from the start.
        set: what picking it sets.
    """

    title: Math | str
    text: Math | str = ""
    sign: str = ""
    back: Math | str = ""
    turned: bool = False
    set: Mapping[str, Any] | None = None


@dataclass(frozen=True, kw_only=True, eq=False)
class Cards(Block):
    """Cards to choose from, or to turn over."""

    label: str
    cards: Sequence[Card]
    badge: Badge | None = None

    def __post_init__(self) -> None:
        if not self.cards:
            raise ValueError("Cards needs at least one card")

    def view(self) -> View:
        """Return the cards and the words on their buttons."""
        return super().view() | {
            "words": {"turn": _("Show the answer"), "back": _("Hide the answer"), "chosen": _("chosen")}
        }

    def described(self) -> str:
        """Say how many cards there are and what they are called."""
        size = f"{self.label}: {counted(len(self.cards), 'card', 'cards')}"
        titles = ", ".join(words_of(card.title) for card in self.cards)
        return f"{size}: {titles}" if len(self.cards) <= _NAMED else size


@dataclass(frozen=True, kw_only=True, eq=False)
class Table(Block):
    """Rows of words and numbers.

    Args:
        label: what the table is called.
        columns: heads of the columns; the first one heads the names of the rows.
        rows: for each row its name and then its cells: a number, words, Math, or None where there is nothing.
        decimals: column -> how many are written of its numbers; as many as they need where it is not named.
        bars: columns whose numbers are drawn as bars, too, from 0 to the largest of the column.
        marked: cells to look at, as (row, column), counted without heads and names.
    """

    label: str
    columns: Sequence[Math | str]
    rows: Sequence[Sequence[Any]]
    decimals: Mapping[str, int] = field(default_factory=dict)
    bars: Sequence[str] = ()
    marked: Sequence[tuple[int, int]] = ()
    badge: Badge | None = None

    def __post_init__(self) -> None:
        if len(self.columns) < 2:
            raise ValueError("a Table needs a column for names and at least one more")
        for i, row in enumerate(self.rows):
            if len(row) != len(self.columns):
                raise ValueError(f"row {i} has {len(row)} cells for {len(self.columns)} columns")
        names = [words_of(column) for column in self.columns[1:]]
        strange = [name for name in [*self.decimals, *self.bars] if name not in names]
        if strange:
            raise ValueError(f"there is no column {strange[0]!r} among {', '.join(names)}")
        if any(not (0 <= r < len(self.rows) and 0 <= c < len(names)) for r, c in self.marked):
            raise ValueError("a marked cell lies outside the table")

    def view(self) -> View:
        """Return each cell with its text, its exact value if it is a number, and how long its bar is."""
        names = [words_of(column) for column in self.columns[1:]]
        most = [self._most(c) if name in self.bars else 0.0 for c, name in enumerate(names)]
        marked = set(self.marked)
        rows = [
            {
                "name": plain(row[0]),
                "cells": [
                    self._cell(cell, names[c], most[c]) | {"marked": (r, c) in marked}
                    for c, cell in enumerate(row[1:])
                ],
            }
            for r, row in enumerate(self.rows)
        ]
        return {"block": "Table", "alt": self.described(), "label": self.label, "badge": plain(self.badge),
                "columns": plain(self.columns), "rows": rows}  # fmt: skip

    def described(self) -> str:
        """Say how large the table is."""
        size = (
            f"{counted(len(self.rows), 'row', 'rows')}, {counted(len(self.columns) - 1, 'column', 'columns')}"
        )
        return f"{self.label}: {size}"

    def _most(self, column: int) -> float:
        numbers = [abs(row[column + 1]) for row in self.rows if _is_number(row[column + 1])]
        return max([value for value in numbers if math.isfinite(value)], default=0.0)

    def _cell(self, cell: Any, column: str, most: float) -> View:
        if not _is_number(cell):
            return {"text": plain(cell), "value": None, "bar": None}
        value = float(cell)
        text = number(value, self.decimals[column]) if column in self.decimals else figures(value)
        bar = abs(value) / most if most and math.isfinite(value) else None
        return {"text": text, "value": plain(value), "bar": bar}


def _is_number(value: Any) -> bool:
    return not isinstance(value, bool) and hasattr(value, "__float__")


@dataclass(frozen=True, kw_only=True)
class Fact:
    """One fact: a number or words, and a note."""

    value: float | Math | str
    note: Math | str = ""
    decimals: int | None = None


@dataclass(frozen=True, kw_only=True, eq=False)
class Facts(Block):
    """Names and what they are: numbers or words, each with a note where one helps."""

    facts: Mapping[str, Fact | float | Math | str]
    label: str = ""
    badge: Badge | None = None

    def __post_init__(self) -> None:
        if not self.facts:
            raise ValueError("Facts needs at least one fact")

    def view(self) -> View:
        """Return the facts in their order, numbers written out and exact."""
        facts = [
            self._fact(name, fact if isinstance(fact, Fact) else Fact(value=fact))
            for name, fact in self.facts.items()
        ]
        return {
            "block": "Facts",
            "alt": self.described(),
            "label": self.label,
            "badge": plain(self.badge),
            "facts": facts,
        }

    def described(self) -> str:
        """Say the facts one after another; it is text already, so that nothing is said twice."""
        return ""

    def _fact(self, name: str, fact: Fact) -> View:
        if not _is_number(fact.value):
            return {"name": name, "text": plain(fact.value), "value": None, "note": plain(fact.note)}
        value = float(fact.value)  # type: ignore[arg-type]
        if fact.decimals is not None:
            text = number(value, fact.decimals)
        else:
            text = term(value) if _TERMS[0] <= abs(value) < _TERMS[1] else figures(value)
        return {"name": name, "text": text, "value": plain(value), "note": plain(fact.note)}


@dataclass(frozen=True, kw_only=True)
class Drawing:
    """A drawing to start from: its name, and what picking it sets."""

    label: str
    set: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True, eq=False)
class Field(Block):
    """A small square of cells to paint on; what is painted, a list of rows of numbers, is a setting.

    Args:
        label: what the field is called.
        setting: the setting that holds what is painted.
        value: what it holds now.
        levels: the values that a brush can paint, from nothing to full, between 0 and 1.
        drawings: drawings to start from.
    """

    label: str
    setting: str
    value: Grid
    levels: Sequence[float] = (0.0, 1.0)
    drawings: Sequence[Drawing] = ()
    badge: Badge | None = None

    def __post_init__(self) -> None:
        if not len(self.value) or any(len(row) != len(self.value) for row in self.value):
            raise ValueError("a Field is a square: as many rows as each has cells")
        if len(self.value) > _WIDEST:
            raise ValueError(f"a Field has at most {_WIDEST} rows: more cannot be hit with a finger")
        if len(self.levels) < 2 or list(self.levels) != sorted(set(self.levels)):
            raise ValueError("the levels of a brush grow, and there are at least two")
        if self.levels[0] < 0 or self.levels[-1] > 1:
            raise ValueError("levels lie between 0 and 1")

    def view(self) -> View:
        """Return the cells, the brushes, and the words at them."""
        n = len(self.value)
        return super().view() | {
            "levels": [{"value": float(level), "label": figures(float(level))} for level in self.levels],
            "clear": {self.setting: [[float(self.levels[0])] * n for __ in range(n)]},
            "words": {
                "clear": _("Clear"),
                "brush": _("Brush"),
                "row": _("row"),
                "column": _("column"),
                "help": _("Arrows move, Space paints."),
            },
        }

    def described(self) -> str:
        """Say how large the field is and how much of it is painted."""
        n = len(self.value)
        painted = sum(value > self.levels[0] for row in self.value for value in row)
        return _("{label}: {n} by {n} cells, {painted} painted", label=self.label, n=n, painted=painted)


@dataclass(frozen=True, kw_only=True, eq=False)
class Course(Block):
    """The map of the course: every lab with its part, its length and how much of it was done."""

    label: str
    labs: Sequence[Mapping[str, Any]] = ()  # filled in by the screen, which knows the learner
