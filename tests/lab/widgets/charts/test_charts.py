"""The figures of charts: what they draw is what the view says, and what stays is not sent."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest
from bokeh.document import Document

from attention_lab.kit.blocks import Histogram, Line, Lines
from attention_lab.widgets.charts.figure import Chart, fill, source
from attention_lab.widgets.charts.Histogram import HistogramFigure
from attention_lab.widgets.charts.Lines import LinesFigure
from tests.lab.gallery.samples import SAMPLES

FIGURES: dict[str, type[Any]] = {"Histogram": HistogramFigure, "Lines": LinesFigure}
ALL = [(FIGURES[name], block) for name in FIGURES for block in SAMPLES[name]]


@pytest.mark.parametrize(("figure", "block"), ALL)
def test_every_sample_can_be_drawn_and_sent(figure: Any, block: Any) -> None:
    made = figure()
    made.show(json.loads(json.dumps(block.view())))
    document = Document()
    document.add_root(made.figure)
    document.validate()
    sent = json.dumps(document.to_json(deferred=False))
    assert "CustomJS" not in sent
    assert "http" not in sent


@pytest.mark.parametrize(("figure", "block"), ALL)
def test_showing_the_same_again_changes_nothing(figure: Any, block: Any) -> None:
    made = figure()
    made.show(block.view())
    document = Document()
    document.add_root(made.figure)
    changes: list[Any] = []
    document.on_change(changes.append)
    made.show(block.view())
    assert changes == []


@pytest.mark.parametrize("figure", FIGURES.values())
def test_the_number_of_models_does_not_depend_on_the_data(figure: type[Chart]) -> None:
    name = next(name for name, made in FIGURES.items() if made is figure)
    counts = set()
    for block in SAMPLES[name]:
        made: Any = figure()
        made.show(block.view())
        counts.add(len(made.figure.references()))
    assert len(counts) == 1


def test_a_bar_is_as_high_as_its_count_and_an_empty_bin_has_none() -> None:
    made = HistogramFigure()
    made.show(Histogram(label="h", counts={"a": [3, 0, 2]}, edges=[0, 1, 2, 4]).view())
    assert [made.bars.data[name] for name in ("left", "right", "top")] == [[0, 2], [1, 4], [3, 2]]


def test_a_logarithmic_histogram_stands_on_half_a_count() -> None:
    made = HistogramFigure()
    made.show(Histogram(label="h", counts={"a": [100, 1]}, edges=[0, 1, 2], log=True).view())
    assert made.bars.data["top"] == [2.0, 0.0]
    assert made.bars.data["bottom"] == [math.log10(0.5)] * 2


def test_logarithmic_lines_leave_out_what_is_not_positive() -> None:
    made = LinesFigure()
    made.show(
        Lines(
            label="l", series=[Line(name="a", x=[1, 10, 100], y=[0, 10, 1000])], log_x=True, log_y=True
        ).view()
    )
    assert made.courses.data["xs"] == [[0, 1, 2]]
    assert math.isnan(made.courses.data["ys"][0][0])
    assert made.points.data["y"] == [1, 3]


def test_a_band_goes_there_along_its_lower_edge_and_back_along_the_upper() -> None:
    made = LinesFigure()
    made.show(
        Lines(
            label="l", series=[Line(name="a", x=[0, 1, 2], y=[1, 1, 1], low=[0, math.nan, 0], high=[2, 2, 3])]
        ).view()
    )
    assert (made.bands.data["xs"], made.bands.data["ys"]) == ([[0, 2, 2, 0]], [[0, 0, 3, 2]])


def test_the_name_of_a_level_at_the_top_stands_below_its_line() -> None:
    made = LinesFigure()
    line = Line(name="a", x=[0, 1], y=[0, 1])
    made.show(Lines(label="l", series=[line], levels={"half": 0.5, "all": 1.0}, from_zero=True).view())
    assert made.names.data["text"] == ["half", "all"]
    below = [dy > 0 for dy in made.names.data["dy"]]
    assert below == [False, True]


def test_no_two_of_eight_series_look_alike() -> None:
    made = LinesFigure()
    made.show(Lines(label="l", series=[Line(name=str(i), x=[0, 1], y=[0, i]) for i in range(8)]).view())
    looks = zip(made.courses.data["colour"], map(tuple, made.courses.data["dash"]), strict=True)
    assert len(set(looks)) == 8


def test_only_the_columns_that_differ_are_sent() -> None:
    document = Document()
    filled = source("x", "y", "name")
    document.add_root(filled)
    fill(filled, x=[1.0, 2.0], y=[1.0, math.nan], name=["a", "b"])
    events: list[Any] = []
    document.on_change(events.append)
    fill(filled, x=[1.0, 2.0], y=[1.0, math.nan], name=["a", "b"])
    assert events == [], "what stays is not sent"
    fill(filled, x=[1.0, 2.0], y=[3.0, math.nan], name=["a", "b"])
    assert [event.cols for event in events] == [["y"]]
    fill(filled, x=[1.0], y=[3.0], name=["a"])
    assert dict(filled.data) == {"x": [1.0], "y": [3.0], "name": ["a"]}
    assert events[-1].cols is None, "columns of another length come together"
