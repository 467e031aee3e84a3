"""Charts: how values are spread, how they run, and how they compare."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, TypeAlias

import numpy as np

from attention import Array
from attention_lab.kit.blocks.axis import axis
from attention_lab.kit.blocks.badge import Badge
from attention_lab.kit.blocks.base import Block, View, plain
from attention_lab.kit.blocks.writing import counted, figures, listed, span
from attention_lab.kit.numbers import number
from attention_lab.kit.texts import _, lazy

Values: TypeAlias = Sequence[float] | Array
TINTS = ("", "q", "k", "v")
CHART_WORDS = {
    "table": lazy("Table of these numbers"),
    "bin": lazy("bin"),
    "from": lazy("from"),
    "to": lazy("to"),
    "series": lazy("series"),
}
_DECIMALS = 2


def _tinted(tints: Mapping[str, str], names: Sequence[str]) -> None:
    unknown = [name for name in tints if name not in names]
    if unknown:
        raise ValueError(f"a colour is given for {unknown[0]!r}, which is not among {', '.join(names)}")
    strange = [tint for tint in tints.values() if tint not in TINTS]
    if strange:
        raise ValueError(f"a colour is q, k or v, not {strange[0]!r}")


def _marked(marks: Mapping[str, float]) -> list[View]:
    """Return marks that can be drawn: those at a finite place."""
    return [
        {"name": name, "at": float(at), "text": figures(at)}
        for name, at in marks.items()
        if math.isfinite(at)
    ]


@dataclass(frozen=True, kw_only=True, eq=False)
class Histogram(Block):
    """How values are spread: how many fall into each of a row of equal bins.

    Args:
        label: what the picture is called.
        values: name of a series -> its values, which are put into `bins` bins between `within`.
        counts: instead of values, name of a series -> how many there are in each bin between `edges`.
        marks: name -> the place of a labelled line.
        tints: name of a series -> q, k or v, where it is queries, keys or values.
        log: whether counts are drawn on a logarithmic axis.
    """

    label: str
    values: Mapping[str, Values] = field(default_factory=dict)
    counts: Mapping[str, Sequence[float]] = field(default_factory=dict)
    edges: Sequence[float] = ()
    bins: int = 24
    within: tuple[float, float] | None = None
    marks: Mapping[str, float] = field(default_factory=dict)
    axis: str = ""
    unit: str = lazy("values")
    tints: Mapping[str, str] = field(default_factory=dict)
    log: bool = False
    badge: Badge | None = None

    def __post_init__(self) -> None:
        if bool(self.values) == bool(self.counts):
            raise ValueError("a Histogram takes either values or counts, and at least one series of them")
        _tinted(self.tints, list(self.values or self.counts))
        if self.bins < 1:
            raise ValueError(f"a Histogram needs at least one bin, not {self.bins}")
        for name, counts in self.counts.items():
            if len(counts) + 1 != len(self.edges):
                raise ValueError(
                    f"{name}: {len(counts)} bins need {len(counts) + 1} edges, not {len(self.edges)}"
                )
        if self.counts and any(b <= a for a, b in pairwise(self.edges)):
            raise ValueError("the edges of the bins must grow")
        if self.within is not None and self.within[0] >= self.within[1]:
            raise ValueError("the range of the bins must have a length")

    def view(self) -> View:
        """Return the bins and their counts; the values themselves stay here."""
        edges = self._edges()
        series = [self._series(i, name, edges) for i, name in enumerate(self.values or self.counts)]
        heights = [count for each in series for count in each["counts"]]
        up = axis([1.0, *heights] if self.log else heights, title=self.unit, log=self.log, from_zero=True)
        if self.log:
            up |= {"low": math.log10(0.5)}  # so that a count of one can be seen
        across = axis([edges[0], edges[-1], *self.marks.values()], title=self.axis)
        return {
            "block": "Histogram", "alt": self._said(series, edges), "label": self.label,
            "badge": plain(self.badge), "edges": edges, "series": series, "marks": _marked(self.marks),
            "across": across, "up": up, "words": CHART_WORDS,
        }  # fmt: skip

    def described(self) -> str:
        """Say for each series how many values there are, from where to where, and where most of them lie."""
        return str(self.view()["alt"])

    def _edges(self) -> list[float]:
        if self.counts:
            return [float(edge) for edge in self.edges]
        finite = np.concatenate([_finite(values) for values in self.values.values()])
        low, high = self.within or _reach(finite) or (0.0, 1.0)
        if low == high:
            low, high = low - 0.5, high + 0.5
        return [float(edge) for edge in np.linspace(low, high, self.bins + 1)]

    def _series(self, i: int, name: str, edges: list[float]) -> View:
        tint = self.tints.get(name, "")
        if self.counts:
            counts = [float(count) for count in self.counts[name]]
            filled = [j for j, count in enumerate(counts) if count]
            ends = (edges[filled[0]], edges[filled[-1] + 1]) if filled else None
            outside = 0
        else:
            values = _finite(self.values[name])
            counts = np.histogram(values, bins=edges)[0].tolist()
            ends = _reach(values)
            outside = len(values) - int(sum(counts))
        return {
            "name": name, "tint": tint, "place": i, "counts": counts, "n": sum(counts) + outside,
            "outside": outside, "range": span(*ends) if ends else "",
        }  # fmt: skip

    def _said(self, series: list[View], edges: list[float]) -> str:
        return f"{self.label}: " + "; ".join(
            [self._said_of(each, edges) for each in series]
            + [
                _("{each} is marked at {each_2}", each=each["name"], each_2=each["text"])
                for each in _marked(self.marks)
            ]
        )

    def _said_of(self, each: View, edges: list[float]) -> str:
        total = f"{each['name']}, {self.unit}: {figures(each['n'])}"
        if not any(each["counts"]):
            return _("{total}, none in any bin", total=total)
        top = max(range(len(each["counts"])), key=each["counts"].__getitem__)
        beyond = [_("{n} outside the picture", n=figures(each["outside"]))] if each["outside"] else []
        between = _("{edges} and {edges_2}", edges=figures(edges[top]), edges_2=figures(edges[top + 1]))
        most = _("most ({each}) between {between}", each=figures(each["counts"][top]), between=between)
        return ", ".join([total, each["range"], most, *beyond])


def _finite(values: Values) -> Array:
    flat = np.asarray(values, dtype=float).ravel()
    known: Array = flat[np.isfinite(flat)]
    return known


def _reach(values: Array) -> tuple[float, float] | None:
    """Return the smallest and the largest of some values; None where there are none."""
    return (float(values.min()), float(values.max())) if values.size else None


@dataclass(frozen=True, kw_only=True, eq=False)
class Line:
    """One series of a chart: points in the order of their x, and how far they may lie off.

    A y of nan is a gap. `low` and `high` are a band around the line.
    """

    name: str
    x: Values
    y: Values
    low: Values | None = None
    high: Values | None = None
    tint: str = ""
    points: bool = False

    def __post_init__(self) -> None:
        if self.tint not in TINTS:
            raise ValueError(f"a colour is q, k or v, not {self.tint!r}")
        if (self.low is None) != (self.high is None):
            raise ValueError(f"{self.name}: a band needs both low and high")
        for what, values in {"y": self.y, "low": self.low, "high": self.high}.items():
            if values is not None and len(values) != len(self.x):
                raise ValueError(f"{self.name}: {len(self.x)} values of x, but {len(values)} of {what}")


@dataclass(frozen=True, kw_only=True, eq=False)
class Lines(Block):
    """How values run: one or more series over a common axis.

    Args:
        label: what the picture is called.
        series: the lines, at most eight.
        across: what x is; `up`: what y is.
        marks: name -> the x of a labelled upright line; `levels`: name -> the y of a labelled level one.
        log_x, log_y: whether equal steps are equal factors; what is not positive is then left out.
        from_zero: whether the y axis starts at 0.
    """

    label: str
    series: Sequence[Line]
    across: str = ""
    up: str = ""
    marks: Mapping[str, float] = field(default_factory=dict)
    levels: Mapping[str, float] = field(default_factory=dict)
    log_x: bool = False
    log_y: bool = False
    from_zero: bool = False
    badge: Badge | None = None

    def __post_init__(self) -> None:
        if not 1 <= len(self.series) <= 8:
            raise ValueError(
                f"Lines takes one to eight series, not {len(self.series)}: more cannot be told apart"
            )
        names = [line.name for line in self.series]
        if len(set(names)) < len(names):
            raise ValueError(f"two series have one name: {listed(names)}")

    def view(self) -> View:
        """Return the series as they are, and axes that hold them all."""
        xs = [float(x) for line in self.series for x in line.x]
        ys = [
            float(y)
            for line in self.series
            for part in (line.y, line.low, line.high)
            if part is not None
            for y in part
        ]
        return {
            "block": "Lines", "alt": self.described(), "label": self.label, "badge": plain(self.badge),
            "series": [self._series(i, line) for i, line in enumerate(self.series)],
            "across": axis([*xs, *self.marks.values()], title=self.across, log=self.log_x),
            "up": axis([*ys, *self.levels.values()], title=self.up, log=self.log_y, from_zero=self.from_zero),
            "marks": _marked(self.marks), "levels": _marked(self.levels), "words": CHART_WORDS,
        }  # fmt: skip

    def described(self) -> str:
        """Say for each series where it starts and ends, and its range."""
        marked = [
            _("{each} is marked at {each_2}", each=each["name"], each_2=each["text"])
            for each in _marked({**self.marks, **self.levels})
        ]
        return f"{self.label}: " + "; ".join([*map(self._said_of, self.series), *marked])

    def _series(self, i: int, line: Line) -> View:
        ends = _reach(_finite(line.y))
        points = line.points or len(line.x) == 1  # a line of one point would not be seen
        return {
            "name": line.name, "tint": line.tint, "place": i, "x": plain(np.asarray(line.x, dtype=float)),
            "y": plain(np.asarray(line.y, dtype=float)), "points": points,
            "low": None if line.low is None else plain(np.asarray(line.low, dtype=float)),
            "high": None if line.high is None else plain(np.asarray(line.high, dtype=float)),
            "range": span(*ends) if ends else "",
        }  # fmt: skip

    def _said_of(self, line: Line) -> str:
        known = [(float(x), float(y)) for x, y in zip(line.x, line.y, strict=True) if math.isfinite(y)]
        if not known:
            return _("{name} has no values", name=line.name)
        (first, start), (last, end) = known[0], known[-1]
        x = self.across or "x"
        if len(known) == 1:
            return _(
                "{name} is {start} at {x} = {first}",
                name=line.name,
                start=figures(start),
                x=x,
                first=figures(first),
            )
        ys = [y for __, y in known]
        course = _(
            "from {start} at {x} = {first} to {end} at {x} = {last}",
            start=figures(start),
            x=x,
            first=figures(first),
            end=figures(end),
            last=figures(last),
        )
        return _(
            "{name} goes {course}, between {ys} and {ys_2}",
            name=line.name,
            course=course,
            ys=figures(min(ys)),
            ys_2=figures(max(ys)),
        )


@dataclass(frozen=True, kw_only=True, eq=False)
class Bars(Block):
    """How a few named values compare, and how they were before.

    Args:
        label: what the picture is called.
        names: what each bar is called; `values`: how long it is.
        after: a second bar beside each; `series`: what the two are called.
        low, high: how far the values (the second ones, where there are two) may lie off.
        highlighted: places of the bars to look at.
        ends: the range that the bars are drawn in; 0 is always part of it.
        decimals: how many of them are written.
        sets: for each bar, what picking it sets.
    """

    label: str
    names: Sequence[str]
    values: Values
    after: Values | None = None
    series: tuple[str, str] = (lazy("before"), lazy("after"))
    low: Values | None = None
    high: Values | None = None
    highlighted: Sequence[int] = ()
    ends: tuple[float, float] | None = None
    decimals: int = _DECIMALS
    unit: str = ""
    tint: str = ""
    sets: Sequence[Mapping[str, Any]] = ()
    badge: Badge | None = None

    def __post_init__(self) -> None:
        if not len(self.names):
            raise ValueError("Bars needs at least one bar")
        given = {"values": self.values, "after": self.after, "low": self.low, "high": self.high}
        for what, values in given.items():
            if values is not None and len(values) != len(self.names):
                raise ValueError(f"{len(self.names)} bars, but {len(values)} of {what}")
        if self.sets and len(self.sets) != len(self.names):
            raise ValueError(f"{len(self.names)} bars, but {len(self.sets)} of sets")
        if (self.low is None) != (self.high is None):
            raise ValueError("an uncertainty needs both low and high")
        if any(not 0 <= place < len(self.names) for place in self.highlighted):
            raise ValueError(f"only bars 0 to {len(self.names) - 1} can be highlighted")
        if self.tint not in TINTS:
            raise ValueError(f"a colour is q, k or v, not {self.tint!r}")

    def view(self) -> View:
        """Return the bars with what is written at them, and the range that they are drawn in."""
        low, high = self._ends()
        return super().view() | {
            "text": self._written(self.values),
            "after_text": None if self.after is None else self._written(self.after),
            "ends": [low, high],
            "ends_text": [figures(low), figures(high)],
            "signed": low < 0,
        }

    def described(self) -> str:
        """Say the largest and the smallest value, and what is highlighted."""
        shown = self.values if self.after is None else self.after
        known = [i for i, value in enumerate(shown) if math.isfinite(value)]
        if not known:
            return _(
                "{label}: {names}, none computed",
                label=self.label,
                names=counted(len(self.names), "bar", "bars"),
            )
        texts = self._written(shown)
        most, least = max(known, key=lambda i: shown[i]), min(known, key=lambda i: shown[i])
        parts = [_("{names} is largest with {texts}", names=self.names[most], texts=texts[most])]
        if least != most:
            parts.append(_("{names} smallest with {texts}", names=self.names[least], texts=texts[least]))
        parts += [
            _("{names} is {texts}", names=self.names[i], texts=texts[i])
            for i in self.highlighted
            if i not in (most, least)
        ]
        before = f" {self.series[1]}" if self.after is not None else ""
        return f"{self.label}: {counted(len(self.names), 'bar', 'bars')}{before}; {'; '.join(parts)}"

    def _ends(self) -> tuple[float, float]:
        if self.ends is not None:
            return min(0.0, float(self.ends[0])), max(0.0, float(self.ends[1]))
        parts = (self.values, self.after, self.low, self.high)
        finite = [value for part in parts if part is not None for value in _finite(part).tolist()]
        low, high = min([0.0, *finite]), max([0.0, *finite])
        return (low, high) if high > low else (0.0, 1.0)

    def _written(self, values: Values) -> list[str]:
        texts = [number(None if math.isnan(value) else float(value), self.decimals) for value in values]
        return [f"{text}{self.unit}" for text in texts]
