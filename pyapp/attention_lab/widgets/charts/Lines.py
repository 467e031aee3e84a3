"""The figure of Lines: a band, a line and points for each series."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from bokeh.models.glyphs import MultiLine, Patches, Scatter

from attention_lab.kit.blocks.writing import figures
from attention_lab.widgets.charts.figure import (
    Chart,
    change,
    colour,
    colour_of,
    dash_of,
    fields,
    fill,
    placed,
    source,
)

_POINT, _HIDDEN = 8, 14  # px; what is not seen can still be pointed at


class LinesFigure(Chart):
    """Draws the view of Lines."""

    def __init__(self) -> None:
        super().__init__()
        self.bands = source("xs", "ys", "colour")
        self.courses = source("xs", "ys", "colour", "dash")
        self.points = source("x", "y", "colour", "size", "alpha", "name", "x_text", "y_text")
        band = Patches(fill_color=colour(), fill_alpha=0.22, line_color=None, **fields("xs", "ys"))
        course = MultiLine(
            line_color=colour(), line_dash={"field": "dash"}, line_width=2.5, **fields("xs", "ys")
        )
        point = Scatter(
            fill_color=colour(), fill_alpha={"field": "alpha"}, line_color=None, **fields("x", "y", "size")
        )
        self.figure.add_glyph(self.bands, band)
        self.figure.add_glyph(self.courses, course)
        self.hover.renderers = [self.figure.add_glyph(self.points, point)]
        self.draw_marks()

    def show(self, view: Mapping[str, Any]) -> None:
        """Draw what the block's view says."""
        self.show_axes(view)
        self.show_marks(view)
        across, up, series = view["across"], view["up"], view["series"]
        change(
            self.hover,
            tooltips=[
                (view["words"]["series"], "@name"),
                (across["title"] or "x", "@x_text"),
                (up["title"] or "y", "@y_text"),
            ],
        )
        xs = [placed(each["x"], across) for each in series]
        ys = [placed(each["y"], up) for each in series]
        fill(
            self.courses,
            xs=xs,
            ys=ys,
            colour=[colour_of(each) for each in series],
            dash=[dash_of(each) for each in series],
        )
        self._show_points(series, xs, ys)
        banded = [
            (each, *_around(x, placed(each["low"], up), placed(each["high"], up)))
            for each, x in zip(series, xs, strict=True)
            if each["low"] is not None
        ]
        fill(
            self.bands,
            xs=[x for _, x, _ in banded],
            ys=[y for *_, y in banded],
            colour=[colour_of(each) for each, *_ in banded],
        )

    def _show_points(
        self, series: list[dict[str, Any]], xs: list[list[float]], ys: list[list[float]]
    ) -> None:
        shown = [
            (each, i, x, y)
            for each, own_xs, own_ys in zip(series, xs, ys, strict=True)
            for i, (x, y) in enumerate(zip(own_xs, own_ys, strict=True))
            if math.isfinite(x) and math.isfinite(y)
        ]
        fill(
            self.points,
            x=[x for *_, x, _ in shown],
            y=[y for *_, y in shown],
            colour=[colour_of(each) for each, *_ in shown],
            size=[_POINT if each["points"] else _HIDDEN for each, *_ in shown],
            alpha=[1.0 if each["points"] else 0.0 for each, *_ in shown],
            name=[each["name"] for each, *_ in shown],
            x_text=[figures(each["x"][i]) for each, i, *_ in shown],
            y_text=[figures(each["y"][i]) for each, i, *_ in shown],
        )


def _around(x: list[float], low: list[float], high: list[float]) -> tuple[list[float], list[float]]:
    """Return the outline of a band, without the places where it is not known."""
    known = [i for i in range(len(x)) if all(map(math.isfinite, (x[i], low[i], high[i])))]
    there, back = known, known[::-1]
    return [x[i] for i in there] + [x[i] for i in back], [low[i] for i in there] + [high[i] for i in back]
