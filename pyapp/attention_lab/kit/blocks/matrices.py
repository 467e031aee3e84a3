"""Matrices, and how they stand together: input to result, a product, one large picture, side by side."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from attention_lab.kit.blocks.base import Block, View, plain
from attention_lab.kit.blocks.writing import counted, runs_right_to_left
from attention_lab.kit.markup import Math
from attention_lab.kit.numbers import NOT_COMPUTED, decimals_of, largest, number
from attention_lab.kit.texts import _

_SAID = 8  # numbers of a row that are read out
HIDDEN = "?"
"""What is written where a number is nan: it is not told yet."""


@dataclass(frozen=True, kw_only=True)
class Axis:
    """What the rows or the columns of a matrix stand for. Labels of one `axis` light up together."""

    axis: str
    dim: str  # the name of the size: "seq_q"
    labels: Sequence[str]
    on: int | None = None  # the label that is picked
    full: Sequence[str] | None = None  # the labels uncut, for exports

    def view(self) -> View:
        """Return what the page gets."""
        uncut = {} if self.full is None or self.full == self.labels else {"full": list(self.full)}
        mirrored = {"right_to_left": True} if runs_right_to_left(self.labels) else {}
        told = {"axis": self.axis, "dim": self.dim, "labels": list(self.labels), "on": self.on}
        return {**told, **uncut, **mirrored}


@dataclass(frozen=True, kw_only=True)
class Fill:
    """How cells are coloured: "weights" from 0 to 1, "signed" around 0 up to `range`, "mask", or "none"."""

    kind: str = "signed"
    tint: str = "neutral"
    range: float | None = None  # None: the largest number in the matrix

    def view(self, values: Any) -> View:
        """Return what the page gets."""
        end = 1 if self.kind in ("weights", "mask", "none") else self.range
        return {"kind": self.kind, "tint": self.tint, "range": largest(values) if end is None else end}


@dataclass(frozen=True, kw_only=True)
class From:
    """Where a cell comes from: a row, a column, a cell of another matrix; "row" and "col" are its own."""

    matrix: str
    row: str | Sequence[int]
    col: str | Sequence[int]
    role: str = ""


@dataclass(frozen=True, kw_only=True, eq=False)
class Matrix(Block):
    """A matrix of numbers. It is drawn by the block that it stands in.

    Args:
        id: its name among the matrices of the step.
        values: (rows, columns); None where it was not computed, and then `shape` says how large it would be.
        decimals: how many to write; None for as many as are needed, two at the most.
        masked: (rows, columns), True for cells that are striped.
        sums: whether the sum of each row is written beside it.
        toggles: the setting that lists its cells, where a click switches one.
        sources: where each of its cells comes from.
        unknown: what is written where a number is nan.
    """

    id: str
    values: Any
    rows: Axis
    cols: Axis
    words: str
    label: str = ""
    symbol: Math = field(default_factory=list)
    role: str = ""
    decimals: int | None = None
    fill: Fill = field(default_factory=Fill)
    masked: Any = None
    sums: bool = False
    toggles: str | None = None
    sources: Sequence[From] = ()
    current: tuple[int, int] | None = None
    unknown: str = HIDDEN

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        return len(self.rows.labels), len(self.cols.labels)

    @property
    def named(self) -> str:
        """Its label: what it holds, and how much of it."""
        n_rows, n_cols = self.shape
        return self.label or _(
            "{words}, {rows}, {columns}",
            words=self.words,
            rows=counted(n_rows, "row", "rows"),
            columns=counted(n_cols, "column", "columns"),
        )

    def described(self) -> str:
        """Say the row that is picked, or the first: its first few numbers."""
        if self.values is None or not self.rows.labels:
            return self.named
        array, on = np.asarray(self.values), self.rows.on or 0
        decimals = decimals_of(array) if self.decimals is None else self.decimals
        row = [value for value in array[on].tolist()[:_SAID] if not math.isnan(value)]
        numbers = ", ".join(number(value, decimals) for value in row)
        if not row:
            return self.named
        return _("{label}; {row}: {numbers}", label=self.named, row=self.rows.labels[on], numbers=numbers)

    def view(self) -> View:
        """Return what the page gets: exact values, and how each is written."""
        n_rows, n_cols = self.shape
        if self.values is None:
            values: list[list[float | None]] = [[None] * n_cols for _ in range(n_rows)]
            text = [[NOT_COMPUTED] * n_cols for _ in range(n_rows)]
            array = np.zeros((0, 0))
        else:
            array = np.asarray(self.values)
            if array.shape != self.shape:
                raise ValueError(f"{self.id}: {array.shape} numbers, but labels for {self.shape}")
            decimals = decimals_of(array) if self.decimals is None else self.decimals
            rows = array.tolist()
            text = [
                [self.unknown if math.isnan(value) else number(value, decimals) for value in row]
                for row in rows
            ]
            values = [[value if math.isfinite(value) else None for value in row] for row in rows]
        return {
            "id": self.id,
            "symbol": list(self.symbol),
            "words": self.words,
            "role": self.role,
            "rows": self.rows.view(),
            "cols": self.cols.view(),
            "values": values,
            "text": text,
            "fill": self.fill.view(array),
            "masked": None if self.masked is None else np.asarray(self.masked).astype(int).tolist(),
            "sums": [number(sum(row), 2) for row in array.tolist()] if self.sums and array.size else None,
            "toggles": self.toggles,
            "label": self.named,
            "sources": [
                {"matrix": each.matrix, "row": plain(each.row), "col": plain(each.col), "role": each.role}
                for each in self.sources
            ],
            "current": None if self.current is None else list(self.current),
        }


def pick_cell(setting: str) -> dict[str, Any]:
    """A cell that is picked goes to this setting."""
    return {"setting": setting, "form": "cell"}


def pick_pair(setting: str, rows: Sequence[int | None], cols: Sequence[int | None]) -> dict[str, Any]:
    """What row and column of a picked cell stand for goes to this setting; None stands for nothing."""
    return {"setting": setting, "form": "pair", "rows": list(rows), "cols": list(cols)}


@dataclass(frozen=True, kw_only=True, eq=False)
class _Stage(Block):
    """What blocks of matrices have in common.

    Args:
        step: what the picture is of: another one arrives with a short movement.
        pick: what picking a cell sets: `pick_cell` or `pick_pair`.
        tables: the ids of the matrices whose table twins are shown, in their order.
        n: how many tokens there are.
    """

    step: str
    pick: Mapping[str, Any] | None = None
    tables: Sequence[str] = ()
    n: int = 0


@dataclass(frozen=True, kw_only=True, eq=False)
class Flow(_Stage):
    """Inputs above, the operation in words, the result below."""

    inputs: Sequence[Matrix]
    op: Math
    result: Matrix

    def described(self) -> str:
        """Say a row of the result."""
        return self.result.described()


@dataclass(frozen=True, kw_only=True, eq=False)
class Product(_Stage):
    """Left factor left, right factors on top, results where they meet.

    Args:
        choose: where there is room for one pair only: the options, each with what it sets, and which holds.
        bars: heights over the columns of the left factor, with a label.
    """

    left: Matrix
    top: Sequence[Matrix]
    results: Sequence[Matrix]
    choose: Mapping[str, Any] | None = None
    bars: Mapping[str, Any] | None = None

    def described(self) -> str:
        """Say a row of the first result."""
        return self.results[0].described()


@dataclass(frozen=True, kw_only=True, eq=False)
class HeatMap(_Stage):
    """More rows than cells can be read for: one picture, with its table twin beside it."""

    matrix: Matrix
    caption: Math
    note: str
    choose: Mapping[str, Any] | None = None

    def described(self) -> str:
        """Say a row of the picture."""
        return self.matrix.described()


@dataclass(frozen=True, kw_only=True, eq=False)
class Panel(Block):
    """One of several drawings side by side; `said` puts its numbers into words."""

    title: str
    said: str
    matrix: Matrix


@dataclass(frozen=True, kw_only=True, eq=False)
class Grids(_Stage):
    """Matrices side by side."""

    panels: Sequence[Panel]

    def described(self) -> str:
        """Say what the last of them says: the others are what it comes from, or is compared with."""
        return self.panels[-1].said if self.panels else ""


@dataclass(frozen=True, kw_only=True, eq=False)
class Arrows(_Stage):
    """Rows and columns as two lists of words, weights as lines between them, the thicker the larger.

    Args:
        query, key: the row and the column that are asked about.
        end: the column at which the line that is asked about ends, once it was dragged from the key.
        beside: the column that is named beside the key.
        move: for each column, what dropping the line there sets; None where it cannot be dropped.
        cut: what the Delete key sets.
    """

    panels: Sequence[Panel]
    query: int
    key: int
    end: int | None = None
    beside: int | None = None
    move: Sequence[Mapping[str, Any] | None] = ()
    cut: Mapping[str, Any] | None = None

    def described(self) -> str:
        """Say what the first picture says: the others are beside it."""
        return self.panels[0].said if self.panels else ""


@dataclass(frozen=True, kw_only=True, eq=False)
class Nothing(_Stage):
    """Why there is no picture, and what to do."""

    text: str

    def described(self) -> str:
        """Say just that."""
        return self.text


@dataclass(frozen=True, kw_only=True, eq=False)
class Legend(Block):
    """What the colours and lines of a picture mean, over which range; an alert, and one more number."""

    legend: Mapping[str, Any] | None = None
    alert: Mapping[str, str] | None = None
    extra: Math | None = None


@dataclass(frozen=True, kw_only=True, eq=False)
class Maps(Block):
    """Matrices as small pictures, one of which is shown large.

    Each of `maps` has label, short, caption, values, and `set`: what picking it sets.
    """

    region: str  # what it is of, for styles and for whoever looks for it: "heads", "maps"
    title: Math
    maps: Sequence[Mapping[str, Any]]
    row: int  # the row that is pointed at
    across: int = 4
    many: bool = False  # too many for labels of their own
    large: bool = False  # they are what the step is about
    veiled: bool = False
    order: Mapping[str, Any] | None = None  # a segmented item
    note: str = ""
