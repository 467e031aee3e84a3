"""One Bokeh figure for matrices of more tokens than cells can be read for.

A tap picks a cell; the tooltip names it. Colours work on light and on dark paper: zero is transparent.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from bokeh.models import (
    ColumnDataSource,
    FixedTicker,
    HoverTool,
    LinearAxis,
    LinearColorMapper,
    Plot,
    Range1d,
    Rect,
    TapTool,
)
from bokeh.palettes import Cividis256

_TINTS = {"neutral": "#56616e", "q": "#0072b2", "k": "#d55e00", "v": "#009e73"}
_NEGATIVE = "#9c3d86"
_SHADES = 40  # of each side of a signed map
_CELL = 18
_AXIS = 72
_MANY = 24  # columns, of whose numbers not all can be written side by side
_INK = "#7b8490"


class HeatMapFigure:
    """The figure, and the sources that fill it; `on_tap` is told the row and column of a tapped cell."""

    taps = True

    def __init__(self, on_tap: Callable[[int, int], None]) -> None:
        self._on_tap = on_tap
        self._layout: tuple[list[str], list[str]] | None = None
        self._look: tuple[str, str] | None = None
        self._n_cols = 1
        self.cells = ColumnDataSource({name: [] for name in ("x", "y", "value", "text", "row", "col")})
        self.striped = ColumnDataSource({"x": [], "y": []})
        self.current = ColumnDataSource({"x": [], "y": []})
        self.colours = LinearColorMapper(palette=[], low=0, high=1, nan_color="rgba(0, 0, 0, 0)")
        self.across, self.down = Range1d(start=-0.5, end=0.5), Range1d(start=0.5, end=-0.5)
        self.hover = HoverTool(tooltips=[])
        across, down = FixedTicker(), FixedTicker()
        self.columns: Any = LinearAxis(ticker=across)  # type: ignore[arg-type]  # Bokeh's stubs are too narrow
        self.rows: Any = LinearAxis(ticker=down)  # type: ignore[arg-type]
        self.figure = self._build()
        self.cells.selected.on_change("indices", self._tapped)

    def _build(self) -> Plot:
        plot = Plot(
            x_range=self.across,
            y_range=self.down,
            toolbar_location=None,
            sizing_mode="stretch_width",
            background_fill_alpha=0,
            border_fill_alpha=0,
            outline_line_color=None,
        )
        cell = Rect(x="x", y="y", width=0.94, height=0.94, line_color=None)
        cell.fill_color = {"field": "value", "transform": self.colours}
        plot.add_glyph(self.cells, cell, selection_glyph=None, nonselection_glyph=None)
        stripes = Rect(x="x", y="y", width=0.94, height=0.94, line_color=None, fill_color=None)
        stripes.update(hatch_pattern="right_diagonal_line", hatch_color=_INK, hatch_alpha=0.6, hatch_scale=6)
        plot.add_glyph(self.striped, stripes)
        for colour, width in (("#ffffff", 5), ("#15181c", 2.5)):  # a double ring, seen on any colour
            ring = Rect(x="x", y="y", width=1, height=1, fill_color=None, line_color=colour, line_width=width)
            plot.add_glyph(self.current, ring)
        for axis in (self.columns, self.rows):
            axis.update(axis_line_color=None, major_tick_line_color=None, minor_tick_line_color=None)
            axis.update(major_label_text_color=_INK, major_label_text_font_size="13px")
        plot.add_layout(self.columns, "above")
        plot.add_layout(self.rows, "left")
        self.columns.major_label_orientation = "vertical"
        target = Rect(
            x="x", y="y", width=1, height=1, fill_color=None, line_color=None
        )  # no gap to miss a cell in
        targets = plot.add_glyph(self.cells, target, selection_glyph=None, nonselection_glyph=None)
        self.hover.renderers = [targets]
        plot.add_tools(self.hover, TapTool(renderers=[targets]))
        return plot

    def show(self, view: dict[str, Any]) -> None:
        """Draw the matrix of a view."""
        matrix = view["matrix"]
        rows, cols = matrix["rows"]["labels"], matrix["cols"]["labels"]
        self._lay_out(rows, cols, mirrored=matrix["cols"].get("right_to_left", False))
        self.hover.tooltips = [
            (matrix["rows"]["axis"], "@row"),
            (matrix["cols"]["axis"], "@col"),
            (matrix["words"], "@text"),
        ]
        self._colour(matrix["fill"])
        values = np.array([[np.nan if value is None else value for value in row] for row in matrix["values"]])
        masked = np.array(matrix["masked"] or [], dtype=bool)
        if masked.size:
            values[masked] = np.nan
        texts = [text for row in matrix["text"] for text in row]
        if len(self.cells.data["x"]) == values.size:
            self.cells.data.update(value=values.ravel(), text=texts)
        else:
            x, y = np.tile(np.arange(len(cols)), len(rows)), np.repeat(np.arange(len(rows)), len(cols))
            self.cells.data = {
                "x": x,
                "y": y,
                "value": values.ravel(),
                "text": texts,
                "row": [row for row in rows for _ in cols],
                "col": list(cols) * len(rows),
            }
        where = np.argwhere(masked) if masked.size else np.zeros((0, 2), dtype=int)
        if len(where) or len(self.striped.data["x"]):
            self.striped.data = {"x": where[:, 1], "y": where[:, 0]}
        row, col = matrix["current"] or (None, None)
        ring = {"x": [], "y": []} if row is None else {"x": [col], "y": [row]}
        if dict(self.current.data) != ring:
            self.current.data = ring

    def _lay_out(self, rows: list[str], cols: list[str], *, mirrored: bool) -> None:
        """Set ranges, labels and size, if they are others than before."""
        if self._layout == (rows, cols):
            return
        self._layout = (rows, cols)
        self._n_cols = len(cols)
        self.cells.data = {name: [] for name in self.cells.data}  # other labels: fill all columns again
        ends = (-0.5, len(cols) - 0.5)
        self.across.start, self.across.end = reversed(ends) if mirrored else ends
        self.down.start = len(rows) - 0.5
        for axis, labels, every in ((self.columns, cols, _stride(cols)), (self.rows, rows, 1)):
            axis.ticker.ticks = list(range(0, len(labels), every))
            axis.major_label_overrides = dict(enumerate(labels))
        self.figure.height = _CELL * len(rows) + _AXIS
        self.figure.max_width = 3 * _CELL * len(cols) + _AXIS

    def _colour(self, fill: dict[str, Any]) -> None:
        look = (fill["kind"], fill["tint"])
        if look != self._look:
            self._look = look
            self.colours.palette = (
                list(Cividis256) if fill["kind"] == "weights" else _signed(_TINTS[fill["tint"]])
            )
        low = 0 if fill["kind"] == "weights" else -fill["range"]
        self.colours.update(low=low, high=fill["range"])

    def _tapped(self, _: str, __: list[int], indices: list[int]) -> None:
        if indices:
            self.cells.selected.indices = []  # so that a second tap on the same cell is a change too
            self._on_tap(*divmod(indices[0], self._n_cols))


def _stride(labels: list[str]) -> int:
    """Return from how many columns one is named: many numbers would lie on top of each other."""
    return 4 if len(labels) > _MANY and all(label.isdigit() for label in labels) else 1


def _signed(positive: str) -> list[str]:
    """A palette from plum over nothing at all to `positive`: zero shows the paper, whatever its colour."""
    steps = [round(255 * i / _SHADES) for i in range(_SHADES, 0, -1)]
    return (
        [f"{_NEGATIVE}{a:02x}" for a in steps]
        + ["#00000000"]
        + [f"{positive}{a:02x}" for a in reversed(steps)]
    )
