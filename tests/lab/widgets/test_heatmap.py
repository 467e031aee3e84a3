"""The figure holds the same numbers as the matrix, and needs no JavaScript of its own."""

from __future__ import annotations

import numpy as np
from bokeh.models import CustomJS, CustomJSHover, CustomJSTickFormatter

from attention_lab.widgets.charts import NAMES, chart
from attention_lab.widgets.charts.HeatMap import HeatMapFigure
from tests.lab.helpers import LONG, computed, make_session, matrix_view, scene


def shown(name: str, **changes: object) -> HeatMapFigure:
    heatmap = HeatMapFigure(lambda row, col: None)
    heatmap.show({"matrix": matrix_view(scene(make_session(text=LONG, **changes)), name)})
    return heatmap


def test_the_cells_hold_the_matrix_row_by_row() -> None:
    heatmap = shown("raw_scores")
    data = heatmap.cells.data
    expected = computed(make_session(text=LONG))["raw_scores"]
    np.testing.assert_allclose(np.reshape(data["value"], (32, 32)), expected, atol=1e-12)
    assert (data["y"][34], data["x"][34]) == (1, 2)
    assert (heatmap.across.end, heatmap.down.start) == (31.5, 31.5)
    assert heatmap.columns.major_label_overrides[31] == "word31"


def test_weights_are_cividis_from_zero_to_one_and_scores_are_centred_on_zero() -> None:
    weights = shown("weights").colours
    assert (weights.low, weights.high, weights.palette[0]) == (0, 1, "#00204C")
    scores = shown("raw_scores").colours
    assert scores.low == -scores.high
    middle = scores.palette[len(scores.palette) // 2]
    assert middle.endswith("00"), "zero is transparent: the paper shows"


def test_there_is_no_gap_in_which_a_tap_misses_every_cell() -> None:
    figure = shown("weights").figure
    for tool in figure.toolbar.tools:
        (target,) = tool.renderers
        assert (target.glyph.width, target.glyph.height) == (1, 1)


def test_masked_cells_have_no_colour_but_stripes() -> None:
    heatmap = shown("weights", mask="causal")
    values = np.reshape(heatmap.cells.data["value"], (32, 32))
    assert np.isnan(values[np.triu_indices(32, 1)]).all()
    assert len(heatmap.striped.data["x"]) == 32 * 31 // 2


def test_of_many_numbered_columns_every_fourth_is_named() -> None:
    heatmap = shown("weights")
    assert len(heatmap.columns.ticker.ticks) == 32  # words
    view = matrix_view(scene(make_session(text=LONG)), "weights")
    heatmap.show({"matrix": view | {"cols": view["cols"] | {"labels": [str(i + 1) for i in range(32)]}}})
    named = [heatmap.columns.major_label_overrides[at] for at in heatmap.columns.ticker.ticks]
    assert named == ["1", "5", "9", "13", "17", "21", "25", "29"]
    assert len(heatmap.rows.ticker.ticks) == 32


def test_another_matrix_of_another_width_fills_the_same_figure() -> None:
    heatmap = shown("weights")
    figure = heatmap.figure
    heatmap.show({"matrix": matrix_view(scene(make_session(text=LONG)), "head_outputs")})
    assert heatmap.figure is figure
    assert len(heatmap.cells.data["x"]) == 32 * 2
    assert heatmap.hover.tooltips == [("query", "@row"), ("feature", "@col"), ("head output", "@text")]


def test_a_block_that_is_a_figure_has_the_class_of_its_name() -> None:
    assert "HeatMap" in NAMES
    assert isinstance(chart("HeatMap", lambda row, col: None), HeatMapFigure)


def test_nothing_in_the_figure_needs_to_evaluate_code() -> None:
    kinds = (CustomJS, CustomJSHover, CustomJSTickFormatter)
    assert not [model for model in shown("weights").figure.references() if isinstance(model, kinds)]
