"""The figure of a Histogram: bars without gaps, with an outline for each series."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

from bokeh.models import MultiLine, Quad

from attention_lab.kit.blocks.writing import figures
from attention_lab.widgets.charts.figure import (
    Chart,
    change,
    colour,
    colour_of,
    dash_of,
    fields,
    fill,
    place,
    source,
)


class HistogramFigure(Chart):
    """Draws the view of a Histogram."""

    def __init__(self) -> None:
        super().__init__()
        self.bars = source("left", "right", "top", "bottom", "colour", "name", "between", "count")
        self.outlines = source("xs", "ys", "colour", "dash")
        bars = Quad(
            fill_color=colour(), fill_alpha=0.45, line_color=None, **fields("left", "right", "top", "bottom")
        )
        outline = MultiLine(
            line_color=colour(), line_dash={"field": "dash"}, line_width=2, **fields("xs", "ys")
        )
        self.hover.renderers = [self.figure.add_glyph(self.bars, bars)]
        self.figure.add_glyph(self.outlines, outline)
        self.draw_marks()

    def show(self, view: Mapping[str, Any]) -> None:
        """Draw what the block's view says."""
        self.show_axes(view)
        self.show_marks(view)
        words, up = view["words"], view["up"]
        change(
            self.hover,
            tooltips=[
                (words["series"], "@name"),
                (view["across"]["title"] or words["bin"], "@between"),
                (up["title"], "@count"),
            ],
        )
        edges, floor = view["edges"], up["low"]
        between = [f"{figures(a)} – {figures(b)}" for a, b in pairwise(edges)]
        shown = [
            (each, i, count) for each in view["series"] for i, count in enumerate(each["counts"]) if count > 0
        ]
        fill(
            self.bars,
            left=[edges[i] for _, i, _ in shown],
            right=[edges[i + 1] for _, i, _ in shown],
            top=[place(count, up) for *_, count in shown],
            bottom=[floor] * len(shown),
            colour=[colour_of(each) for each, *_ in shown],
            name=[each["name"] for each, *_ in shown],
            between=[between[i] for _, i, _ in shown],
            count=[figures(count) for *_, count in shown],
        )
        series = view["series"]
        steps = [[place(count, up) if count > 0 else floor for count in each["counts"]] for each in series]
        fill(
            self.outlines,
            xs=[[edge for edge in edges for _ in range(2)] for _ in series],
            ys=[[floor, *[top for top in tops for _ in range(2)], floor] for tops in steps],
            colour=[colour_of(each) for each in series],
            dash=[dash_of(each) for each in series],
        )
