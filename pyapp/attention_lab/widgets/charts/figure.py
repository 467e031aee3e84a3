"""What all charts share: a bare plot, axes whose ticks the view says, labelled lines, and colours of series.

Colours have names, and stand for values that read on light and on dark paper; the page puts those of its
theme in their place (widgets/js/plot.js). Nothing here runs in the page.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
from bokeh.models import (
    CategoricalColorMapper,
    ColumnDataSource,
    FixedTicker,
    HoverTool,
    LinearAxis,
    Plot,
    Range1d,
    Segment,
    Text,
)

INK = "#7b8490"  # seen on light and on dark paper
COLOURS = {
    "series-1": "#6f7b89", "series-2": "#7b68d0", "series-3": "#9a7043", "series-4": "#84842a",
    "q": "#0072b2", "k": "#d55e00", "v": "#009e73",
}  # fmt: skip
DASHES: tuple[list[int], ...] = ([], [7, 4], [2, 3], [9, 3, 2, 3])  # as in js/chart.js
FONT = '-apple-system, "Segoe UI", Roboto, Arial, sans-serif'
_LINE = 16  # px between the labels of marks that stand close
_NEAR_THE_TOP = 0.9  # share of the height, above which the name of a level one stands below its line


class Chart:
    """A plot with an axis below and one at the left."""

    def __init__(self) -> None:
        self.across, self.up = Range1d(), Range1d()
        self.marks = source("x0", "y0", "x1", "y1")
        self.names = source("x", "y", "text", "align", "dx", "dy")
        self.hover = HoverTool(tooltips=[], renderers=[])
        self.figure = Plot(
            x_range=self.across, y_range=self.up, toolbar_location=None, sizing_mode="stretch_width",
            height=300, min_width=240, background_fill_alpha=0, border_fill_alpha=0, outline_line_color=None,
        )  # fmt: skip
        self._below, self._left = self._axis("below"), self._axis("left")
        self.figure.add_tools(self.hover)

    def _axis(self, side: Any) -> LinearAxis:
        axis = LinearAxis(
            ticker=FixedTicker(),  # type: ignore[arg-type]  # Bokeh's stubs are too narrow
            axis_line_color=INK, major_tick_line_color=INK, minor_tick_line_color=None, major_tick_in=0,
            major_label_text_color=INK, major_label_text_font_size="13px", major_label_text_font=FONT,
            axis_label_text_color=INK, axis_label_text_font_size="13px", axis_label_text_font=FONT,
            axis_label_text_font_style="normal", axis_label_standoff=6,
        )  # fmt: skip
        self.figure.add_layout(axis, side)
        return axis

    def draw_marks(self) -> None:
        """Add the labelled lines: last, so that they lie above the series."""
        self.figure.add_glyph(
            self.marks,
            Segment(
                line_color=INK, line_width=2, line_dash=[4, 3], tags=["ink"], **fields("x0", "y0", "x1", "y1")
            ),
        )
        name = Text(
            text_color=INK, text_font={"value": FONT}, text_font_size="13px", text_font_style="bold",
            text_baseline="top", text_align={"field": "align"}, x_offset={"field": "dx"},
            y_offset={"field": "dy"}, background_fill_alpha=0.85, tags=["ink", "over"],
            **fields("x", "y", "text"),
        )  # fmt: skip
        self.figure.add_glyph(self.names, name)

    def show_axes(self, view: Mapping[str, Any]) -> None:
        """Set ranges, ticks and titles."""
        for axis, where, ends in (
            (self._below, view["across"], self.across),
            (self._left, view["up"], self.up),
        ):
            change(ends, start=where["low"], end=where["high"])
            at = [tick["at"] for tick in where["ticks"]]
            change(axis.ticker, ticks=at)
            change(axis, major_label_overrides={tick["at"]: tick["text"] for tick in where["ticks"]})
            change(axis, axis_label=where["title"] or None)

    def show_marks(self, view: Mapping[str, Any]) -> None:
        """Draw upright marks with their names at the top, and level ones with their names at the right."""
        left, right = view["across"]["low"], view["across"]["high"]
        bottom, top = view["up"]["low"], view["up"]["high"]
        upright = sorted(
            ((place(mark["at"], view["across"]), mark["name"]) for mark in view["marks"]),
            key=lambda mark: mark[0],
        )
        level = [(place(mark["at"], view["up"]), mark["name"]) for mark in view.get("levels", [])]
        fill(
            self.marks,
            x0=[x for x, _ in upright] + [left] * len(level),
            x1=[x for x, _ in upright] + [right] * len(level),
            y0=[bottom] * len(upright) + [y for y, _ in level],
            y1=[top] * len(upright) + [y for y, _ in level],
        )
        over = [_names_lie_before((x - left) / (right - left)) for x, _ in upright]
        fill(
            self.names,
            x=[x for x, _ in upright] + [right] * len(level),
            y=[top] * len(upright) + [y for y, _ in level],
            text=[name for _, name in (*upright, *level)],
            align=["right" if flipped else "left" for flipped in over] + ["right"] * len(level),
            dx=[-5 if flipped else 5 for flipped in over] + [-4] * len(level),
            dy=[_LINE * (i % 3) for i in range(len(upright))]
            + [4 if y - bottom > _NEAR_THE_TOP * (top - bottom) else -18 for y, _ in level],
        )


def _names_lie_before(share: float) -> bool:
    """Say on which side of its mark a name stands: away from the middle, unless it would not fit there."""
    return 0.3 <= share < 0.5 or share > 0.7


def source(*columns: str) -> ColumnDataSource:
    """Return an empty source."""
    return ColumnDataSource({name: [] for name in columns})


def fields(*names: str) -> dict[str, Any]:
    """Return properties of a glyph that are columns of their own name."""
    return {name: {"field": name} for name in names}


def colour() -> Any:
    """Return the colour of a series: the column `colour` names it."""
    mapper = CategoricalColorMapper(factors=list(COLOURS), palette=list(COLOURS.values()))
    return {"field": "colour", "transform": mapper}


def colour_of(series: Mapping[str, Any]) -> str:
    """Return the name of a series' colour."""
    return str(series["tint"] or f"series-{series['place'] % len(DASHES) + 1}")


def dash_of(series: Mapping[str, Any]) -> list[int]:
    """Return the dashes of a series; the second round of colours has others."""
    place: int = series["place"]
    return DASHES[(place + place // len(DASHES)) % len(DASHES)]


def place(value: float, axis: Mapping[str, Any]) -> float:
    """Return where a value lies on an axis; nan where a logarithmic one has no place for it."""
    if not axis["log"]:
        return value
    return float(np.log10(value)) if value > 0 else math.nan


def placed(values: list[float | None], axis: Mapping[str, Any]) -> list[float]:
    """Return where values lie on an axis; nan where one is not there."""
    if not axis["log"]:
        return [math.nan if value is None else value for value in values]
    return [math.nan if value is None else place(value, axis) for value in values]


def change(model: Any, **values: Any) -> None:
    """Set what differs: what stays is not sent."""
    news = {name: value for name, value in values.items() if getattr(model, name) != value}
    if news:
        model.update(**news)


def fill(filled: ColumnDataSource, **columns: list[Any]) -> None:
    """Fill a source: only the columns that differ are sent, or all where there are more or fewer rows."""
    there = filled.data
    news = {name: column for name, column in columns.items() if there[name] != column}  # math.nan is itself
    if any(len(there[name]) != len(column) for name, column in news.items()):
        filled.data = columns
    elif news:
        there.update(news)
