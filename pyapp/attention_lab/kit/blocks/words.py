"""Words with links between them, steps in time, and nodes with edges."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from attention import Array
from attention_lab.kit.blocks.axis import axis
from attention_lab.kit.blocks.badge import Badge
from attention_lab.kit.blocks.base import Block, View, parts
from attention_lab.kit.blocks.charts import TINTS
from attention_lab.kit.blocks.writing import counted, figures, listed, runs_right_to_left
from attention_lab.kit.numbers import number
from attention_lab.kit.texts import _, lazy

_SAID = 3  # links named in a sentence


@dataclass(frozen=True, kw_only=True, eq=False)
class Words(Block):
    """One row of words, or two, with links between them that are as thick as their weights.

    Args:
        label: what the picture is called.
        words: the row from which the links go; `onto`: the row to which they go, if it is another.
        weights: (words, onto) how thick each link is, from 0 to 1.
        chosen: the place of the word whose links are strong while the others are faint; None: all are strong.
        sets: for each of `words`, what picking it sets; `onto_sets` the same for `onto`.
        heads: what the two rows are called.
        columns: whether words stand under each other on a wide screen, too.
        least: links below this weight are not drawn.
    """

    label: str
    words: Sequence[str]
    weights: Array | Sequence[Sequence[float]]
    onto: Sequence[str] | None = None
    chosen: int | None = None
    sets: Sequence[Mapping[str, Any]] = ()
    onto_sets: Sequence[Mapping[str, Any]] = ()
    heads: tuple[str, str] = ("", "")
    columns: bool = False
    least: float = 0.02
    badge: Badge | None = None

    def __post_init__(self) -> None:
        if not len(self.words) or (self.onto is not None and not len(self.onto)):
            raise ValueError("Words needs at least one word in each row")
        shape = (len(self.words), len(self._onto))
        if np.shape(self.weights) != shape:
            raise ValueError(
                f"weights must have the shape {shape} of the words, not {np.shape(self.weights)}"
            )
        if self.sets and len(self.sets) != len(self.words):
            raise ValueError(f"{len(self.words)} words, but {len(self.sets)} of sets")
        if self.onto_sets and len(self.onto_sets) != len(self._onto):
            raise ValueError(f"{len(self._onto)} words, but {len(self.onto_sets)} of onto_sets")
        if self.chosen is not None and not 0 <= self.chosen < len(self.words):
            raise ValueError(f"only words 0 to {len(self.words) - 1} can be chosen")

    def view(self) -> View:
        """Return words and weights, and what is written at each word."""
        known = np.asarray(self.weights, dtype=float)
        return super().view() | {
            "text": [[number(None if math.isnan(w) else w, 2) for w in row] for row in known.tolist()],
            "right_to_left": runs_right_to_left([*self.words, *self._onto]),
            "legend": {"low": "0", "high": "1", "text": _("thickness of a link: its weight")},
        }

    def described(self) -> str:
        """Say the strongest links of the chosen word, or of all."""
        weights = np.nan_to_num(np.asarray(self.weights, dtype=float))
        rows = range(len(self.words)) if self.chosen is None else [self.chosen]
        links = sorted(((weights[i, j], i, j) for i in rows for j in range(len(self._onto))), reverse=True)
        shown = [
            _("{words} to {onto} {w}", words=self.words[i], onto=self._onto[j], w=number(float(w), 2))
            for w, i, j in links[:_SAID]
            if w >= self.least
        ]
        size = counted(len(self.words), "word", "words")
        if np.isnan(np.asarray(self.weights, dtype=float)).all():  # not told yet
            return f"{self.label}: {size}"
        return (
            _(
                "{label}: {size}; strongest links: {shown}",
                label=self.label,
                size=size,
                shown=", ".join(shown),
            )
            if shown
            else _("{label}: {size}, no links", label=self.label, size=size)
        )

    @property
    def _onto(self) -> Sequence[str]:
        return self.words if self.onto is None else self.onto


@dataclass(frozen=True, kw_only=True)
class Box:
    """One step: when it starts and how long it takes."""

    start: float
    length: float
    label: str
    tint: str = ""

    def __post_init__(self) -> None:
        if not (math.isfinite(self.start) and math.isfinite(self.length) and self.length > 0):
            raise ValueError(f"{self.label}: a step starts at a time and takes some")
        if self.tint not in TINTS:
            raise ValueError(f"a colour is q, k or v, not {self.tint!r}")


@dataclass(frozen=True, kw_only=True)
class Lane:
    """Steps that one worker does, or one way of doing it; those at the same time stand under each other."""

    name: str
    boxes: Sequence[Box]


@dataclass(frozen=True, kw_only=True, eq=False)
class Timeline(Block):
    """Steps in time: one after another beside all at once.

    Args:
        label: what the picture is called.
        lanes: what is done, lane by lane, on one axis of time.
        unit: what time is counted in.
        now: the time that has been reached, if time is running.
    """

    label: str
    lanes: Sequence[Lane]
    unit: str = lazy("steps")
    now: float | None = None
    badge: Badge | None = None

    def __post_init__(self) -> None:
        if not self.lanes:
            raise ValueError("a Timeline needs at least one lane")

    def view(self) -> View:
        """Return lanes with a place for each step: those at the same time get rows of their own."""
        end = self._end
        ticks = axis([0.0, end], from_zero=True)["ticks"]
        lanes = [self._lane(lane) for lane in self.lanes]
        return super().view() | {
            "lanes": lanes,
            "end": end,
            "ticks": [tick for tick in ticks if tick["at"] <= end * (1 + 1e-9)],
            "words": {"lane": _("lane"), "step": _("step"), "start": _("start"), "end": _("end")},
        }

    def described(self) -> str:
        """Say for each lane how many steps it has and when it is done."""
        lanes = [*map(self._said_of, self.lanes)]
        if self.now is not None:
            lanes.append(_("now is {now}", now=figures(self.now)))
        return _(
            "{label}, in {unit}: {map}",
            label=self.label,
            unit=self.unit,
            map="; ".join(lanes),
        )

    @property
    def _end(self) -> float:
        return max([box.start + box.length for lane in self.lanes for box in lane.boxes] or [1.0])

    def _lane(self, lane: Lane) -> View:
        free: list[float] = []  # when each row is free again
        boxes = []
        for box in sorted(lane.boxes, key=lambda box: box.start):
            row = next((i for i, at in enumerate(free) if at <= box.start + 1e-9), len(free))
            free[row : row + 1] = [box.start + box.length]
            text = _(
                "{start} to {start_2}", start=figures(box.start), start_2=figures(box.start + box.length)
            )
            boxes.append({**parts(box), "row": row, "text": text})
        end = max(free, default=0.0)
        return {
            "name": lane.name,
            "boxes": boxes,
            "rows": max(1, len(free)),
            "text": _("ends at {end}", end=figures(end)),
        }

    def _said_of(self, lane: Lane) -> str:
        end = max((box.start + box.length for box in lane.boxes), default=0.0)
        return _(
            "{name}: {boxes}, done at {end}",
            name=lane.name,
            boxes=counted(len(lane.boxes), "box", "boxes"),
            end=figures(end),
        )


@dataclass(frozen=True, kw_only=True)
class Node:
    """One node: what stands in it, and what picking it sets."""

    label: str
    set: Mapping[str, Any] | None = None
    tint: str = ""


@dataclass(frozen=True, kw_only=True, eq=False)
class Path(Block):
    """Nodes in a row, or in layers, with edges between them: chains and receptive fields.

    Args:
        label: what the picture is called.
        layers: rows of nodes, the first at the bottom; one layer is a chain.
        edges: pairs of places of nodes, counted through all layers from the first node of the first one.
        lit: places of the nodes to look at; edges between two of them are lit, too.
        chosen: the place of the node from which one looks.
        names: what each layer is called.
    """

    label: str
    layers: Sequence[Sequence[Node]]
    edges: Sequence[tuple[int, int]] = ()
    lit: Sequence[int] = ()
    chosen: int | None = None
    names: Sequence[str] = ()
    badge: Badge | None = None

    def __post_init__(self) -> None:
        if not self.layers or not all(self.layers):
            raise ValueError("a Path needs at least one node in each layer")
        if self.names and len(self.names) != len(self.layers):
            raise ValueError(f"{len(self.layers)} layers, but {len(self.names)} names")
        n = len(self._nodes)
        places = [*(place for edge in self.edges for place in edge), *self.lit]
        if any(not 0 <= place < n for place in [*places, *([] if self.chosen is None else [self.chosen])]):
            raise ValueError(
                f"an edge, lit or chosen names a node that is not there: there are nodes 0 to {n - 1}"
            )

    def view(self) -> View:
        """Return nodes and edges, each edge with whether it is lit."""
        lit = set(self.lit)
        words = {
            "layer": _("layer"),
            "node": _("node"),
            "lit": _("lit"),
            "edges": _("edges to"),
            "yes": _("yes"),
            "no": _("no"),
        }
        return super().view() | {
            "edges": [{"from": a, "to": b, "lit": a in lit and b in lit} for a, b in self.edges],
            "right_to_left": runs_right_to_left([node.label for node in self._nodes]),
            "words": words,
        }

    def described(self) -> str:
        """Say how many nodes there are and which are lit."""
        nodes = counted(len(self._nodes), "node", "nodes")
        if len(self.layers) > 1:
            nodes = _("{nodes} in {layers} layers", nodes=nodes, layers=len(self.layers))
        size = f"{nodes}, {counted(len(self.edges), 'edge', 'edges')}"
        return (
            _(
                "{label}: {size}; lit: {lit_in_words}",
                label=self.label,
                size=size,
                lit_in_words=self._lit_in_words(),
            )
            if self.lit
            else f"{self.label}: {size}"
        )

    def _lit_in_words(self) -> str:
        if len(self.layers) == 1:
            return listed([self._nodes[place].label for place in self.lit])
        ends = np.cumsum([len(layer) for layer in self.layers])
        in_layer = np.bincount(np.searchsorted(ends, self.lit, side="right"), minlength=len(self.layers))
        names = self.names or [_("layer {i}", i=i + 1) for i in range(len(self.layers))]
        return listed(
            [
                _("{n} in {name}", n=n, name=name)
                for n, name in zip(in_layer.tolist(), names, strict=True)
                if n
            ]
        )

    @property
    def _nodes(self) -> list[Node]:
        return [node for layer in self.layers for node in layer]
