"""Histogram, Lines and Bars: their numbers, their sentences, and the mistakes that an author can make."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from attention_lab.kit.blocks import Bars, Histogram, Line, Lines

VALUES = [0.0, 0.5, 1.0, 1.5, 2.0, 4.0]


def test_a_histogram_counts_what_numpy_counts() -> None:
    rng = np.random.default_rng(2)
    values = rng.normal(size=(7, 11))
    view = Histogram(label="h", values={"a": values}, bins=5).view()
    counts, edges = np.histogram(values, bins=5)
    assert view["series"][0]["counts"] == counts.tolist()
    np.testing.assert_allclose(view["edges"], edges, rtol=1e-12)


def test_series_share_their_bins() -> None:
    view = Histogram(label="h", values={"a": [0.0, 1.0], "b": [3.0, 4.0]}, bins=4).view()
    assert view["edges"] == [0, 1, 2, 3, 4]
    assert [each["counts"] for each in view["series"]] == [[1, 1, 0, 0], [0, 0, 0, 2]]


def test_a_histogram_says_where_most_values_lie_and_what_is_marked() -> None:
    block = Histogram(
        label="Scores", values={"raw": VALUES}, bins=4, marks={"mean": 1.5, "none": math.nan}, unit="keys"
    )
    assert block.described() == (
        "Scores: raw, keys: 6, 0 to 4, most (2) between 0 and 1; mean is marked at 1.5"
    )


def test_values_outside_the_range_of_the_bins_are_counted_and_said() -> None:
    block = Histogram(label="h", values={"a": VALUES}, bins=2, within=(0.0, 2.0))
    assert block.view()["series"][0]["outside"] == 1
    assert "1 outside the picture" in block.described()


def test_infinities_and_nan_are_in_no_bin() -> None:
    view = Histogram(label="h", values={"a": [math.nan, math.inf, 1.0]}, bins=3).view()
    assert sum(view["series"][0]["counts"]) == 1


def test_counts_may_be_given_with_the_edges_of_their_bins() -> None:
    view = Histogram(label="h", counts={"a": [3, 0, 2]}, edges=[0, 1, 2, 4]).view()
    assert view["series"][0] | {"place": 0} == {
        "name": "a", "tint": "", "place": 0, "counts": [3, 0, 2], "n": 5, "outside": 0, "range": "0 to 4",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({}, "either values or counts"),
        ({"values": {"a": VALUES}, "counts": {"a": [1]}}, "either values or counts"),
        ({"values": {"a": VALUES}, "bins": 0}, "at least one bin"),
        ({"values": {"a": VALUES}, "within": (1.0, 1.0)}, "have a length"),
        ({"values": {"a": VALUES}, "tints": {"b": "q"}}, "'b', which is not among a"),
        ({"values": {"a": VALUES}, "tints": {"a": "red"}}, "q, k or v, not 'red'"),
        ({"counts": {"a": [1, 2]}, "edges": [0, 1]}, "2 bins need 3 edges, not 2"),
        ({"counts": {"a": [1, 2]}, "edges": [0, 2, 1]}, "must grow"),
    ],
)
def test_a_histogram_refuses_an_authors_mistake_in_words(wrong: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        Histogram(label="h", **wrong)


def test_lines_keep_exact_values_and_gaps() -> None:
    view = Lines(label="l", series=[Line(name="a", x=[1, 2, 3], y=[0.1, math.nan, 0.3])]).view()
    assert view["series"][0]["y"] == [0.1, None, 0.3]
    assert view["series"][0]["range"] == "0.1 to 0.3"


def test_lines_say_where_each_starts_and_ends() -> None:
    series = [Line(name="loss", x=[0, 5, 10], y=[2.0, 3.0, 0.5]), Line(name="one", x=[3], y=[0.46])]
    block = Lines(label="Training", series=series, across="step", levels={"chance": 2.3})
    assert block.described() == (
        "Training: loss goes from 2 at step = 0 to 0.5 at step = 10, between 0.5 and 3; "
        "one is 0.46 at step = 3; chance is marked at 2.3"
    )


def test_a_line_of_one_point_is_drawn_as_a_point() -> None:
    assert Lines(label="l", series=[Line(name="a", x=[1], y=[2])]).view()["series"][0]["points"]


def test_the_axes_hold_bands_marks_and_levels() -> None:
    line = Line(name="a", x=[0, 1], y=[0, 1], low=[-5, 0], high=[0, 9])
    view = Lines(label="l", series=[line], marks={"m": 4.0}, levels={"n": -8.0}).view()
    assert view["across"]["high"] > 4
    assert view["up"]["low"] < -8
    assert view["up"]["high"] > 9


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"y": [1, 2]}, "3 values of x, but 2 of y"),
        ({"y": [1, 2, 3], "low": [1, 2, 3]}, "both low and high"),
        ({"y": [1, 2, 3], "low": [1, 2, 3], "high": [1]}, "but 1 of high"),
        ({"y": [1, 2, 3], "tint": "green"}, "q, k or v"),
    ],
)
def test_a_line_refuses_an_authors_mistake_in_words(wrong: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        Line(name="a", x=[1, 2, 3], **wrong)


def test_lines_refuse_none_too_many_and_two_of_one_name() -> None:
    line = Line(name="a", x=[1], y=[1])
    for series, words in (
        ([], "not 0"),
        ([line] * 9, "cannot be told apart"),
        ([line, line], "one name: a and a"),
    ):
        with pytest.raises(ValueError, match=words):
            Lines(label="l", series=series)


def test_bars_say_the_largest_the_smallest_and_what_is_highlighted() -> None:
    block = Bars(label="Weights", names=["a", "b", "c"], values=[0.2, 0.7, 0.1], highlighted=[0])
    assert block.described() == "Weights: 3 bars; b is largest with 0.70; c smallest with 0.10; a is 0.20"


def test_bars_always_hold_zero_and_every_uncertainty() -> None:
    assert Bars(label="b", names=["a"], values=[3.0]).view()["ends"] == [0, 3]
    assert Bars(label="b", names=["a"], values=[-3.0]).view()["ends"] == [-3, 0]
    assert Bars(label="b", names=["a"], values=[3.0], low=[2.0], high=[5.0]).view()["ends"] == [0, 5]
    assert Bars(label="b", names=["a"], values=[0.0]).view()["ends"] == [0, 1]
    assert Bars(label="b", names=["a"], values=[0.5], ends=(0, 1)).view()["ends"] == [0, 1]


def test_a_bar_that_was_not_computed_has_a_dash() -> None:
    view = Bars(label="b", names=["a", "b"], values=[math.nan, 1.0], unit=" ms").view()
    assert view["text"] == ["– ms", "1.00 ms"]
    assert view["values"] == [None, 1.0]


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"names": [], "values": []}, "at least one bar"),
        ({"values": [1.0]}, "2 bars, but 1 of values"),
        ({"after": [1.0]}, "but 1 of after"),
        ({"low": [1.0, 1.0]}, "both low and high"),
        ({"highlighted": [2]}, "only bars 0 to 1"),
        ({"sets": [{"a": 1}]}, "1 of sets"),
        ({"tint": "blue"}, "q, k or v"),
    ],
)
def test_bars_refuse_an_authors_mistake_in_words(wrong: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        Bars(label="b", **({"names": ["a", "b"], "values": [1.0, 2.0]} | wrong))
