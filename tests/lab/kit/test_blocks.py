"""Every block tells the page about itself in values that JSON can hold."""

from __future__ import annotations

import json
from dataclasses import FrozenInstanceError, fields, is_dataclass
from typing import Any

import numpy as np
import pytest

from attention_lab.kit import blocks
from attention_lab.kit.blocks import (
    BLOCKS,
    Axis,
    Block,
    Fill,
    Flow,
    From,
    Matrix,
    Prose,
    Source,
    pick_cell,
    pick_pair,
)  # fmt: skip
from attention_lab.kit.blocks.base import plain
from attention_lab.kit.sources import SourceLines


def matrix(values: Any, **more: Any) -> Matrix:
    return Matrix(
        id="m",
        values=values,
        rows=Axis(axis="query", dim="seq_q", labels=["a", "b"], on=1),
        cols=Axis(axis="key", dim="seq_k", labels=["x", "y", "z"]),
        words="scores",
        **more,
    )


NUMBERS = np.array([[1.0, -0.5, 0.0], [2.0, -np.inf, np.nan]])


@pytest.mark.parametrize("name", BLOCKS)
def test_a_block_is_a_frozen_value_that_says_what_it_is(name: str) -> None:
    block = BLOCKS[name]
    assert issubclass(block, Block)
    assert is_dataclass(block)
    assert block.__name__ == name
    assert name in blocks.__all__
    assert block.__doc__
    assert not block.__doc__.startswith(f"{name}("), "it has a sentence of its own"


def test_the_view_of_a_block_is_its_name_its_words_and_its_fields() -> None:
    block = Prose(paragraphs=[["a"], [{"t": "b"}]], heading="H")
    assert block.view() == {"block": "Prose", "alt": "", "paragraphs": [["a"], [{"t": "b"}]], "heading": "H"}
    with pytest.raises(FrozenInstanceError):
        block.heading = "other"  # type: ignore[misc]


@pytest.mark.parametrize(
    ("value", "held"),
    [
        (np.array([[1, 2], [3, 4]]), [[1, 2], [3, 4]]), (np.float64(0.5), 0.5), (np.bool_(True), True),
        (np.array([np.inf, np.nan, 1.0]), [None, None, 1.0]), (float("-inf"), None),
        ((1, (2.0, None)), [1, [2.0, None]]),
        ({"a": (np.int64(1),)}, {"a": [1]}), ("text", "text"),
        (Prose(paragraphs=[]), Prose(paragraphs=[]).view()),
    ],
)  # fmt: skip
def test_values_are_told_as_json_can_hold_them(value: Any, held: Any) -> None:
    assert plain(value) == held
    json.dumps(plain(value), allow_nan=False)


def test_a_matrix_tells_exact_values_and_how_each_is_written() -> None:
    view = matrix(NUMBERS).view()
    json.dumps(view, allow_nan=False)
    assert view["values"] == [[1.0, -0.5, 0.0], [2.0, None, None]]
    assert view["text"][0] == ["1.0", "−0.5", "0"]
    assert view["text"][1][1] == "−∞"
    assert view["label"] == "scores, 2 rows, 3 columns"
    assert (view["rows"]["labels"], view["rows"]["on"], view["cols"]["on"]) == (["a", "b"], 1, None)
    assert matrix(NUMBERS, decimals=2).view()["text"][0][:2] == ["1.00", "−0.50"]


def test_the_colours_of_a_matrix_have_a_range() -> None:
    assert matrix(NUMBERS).view()["fill"] == {"kind": "signed", "tint": "neutral", "range": 2.0}
    assert matrix(NUMBERS, fill=Fill(kind="weights")).view()["fill"]["range"] == 1
    assert matrix(NUMBERS, fill=Fill(tint="q", range=4.0)).view()["fill"] == {
        "kind": "signed",
        "tint": "q",
        "range": 4.0,
    }


def test_sums_masks_sources_and_the_current_cell_of_a_matrix() -> None:
    weights = np.array([[0.25, 0.75, 0.0], [1.0, 0.0, 0.0]])
    sources = [From(matrix="q", row="row", col="all", role="q"), From(matrix="t", row=[0, 2], col="col")]
    view = matrix(
        weights, sums=True, masked=weights == 0, sources=sources, current=(1, 0), toggles="cells"
    ).view()
    assert view["sums"] == ["1.00", "1.00"]
    assert view["masked"] == [[0, 0, 1], [0, 1, 1]]
    assert view["sources"] == [
        {"matrix": "q", "row": "row", "col": "all", "role": "q"},
        {"matrix": "t", "row": [0, 2], "col": "col", "role": ""},
    ]
    assert (view["current"], view["toggles"]) == ([1, 0], "cells")


def test_a_matrix_that_was_not_computed_keeps_its_shape() -> None:
    view = matrix(None, sums=True).view()
    assert view["values"] == [[None] * 3] * 2
    assert view["text"] == [["–"] * 3] * 2
    assert view["sums"] is None


def test_numbers_that_do_not_fit_their_labels_are_a_mistake() -> None:
    with pytest.raises(ValueError, match=r"m: \(3, 2\) numbers, but labels for \(2, 3\)"):
        matrix(np.zeros((3, 2))).view()


def test_a_block_of_matrices_tells_what_picking_a_cell_sets() -> None:
    flow = Flow(
        step="s", inputs=[matrix(NUMBERS)], op=["add"], result=matrix(NUMBERS), pick=pick_cell("chosen"), n=2
    )
    view = flow.view()
    assert (view["block"], view["pick"], view["n"]) == ("Flow", {"setting": "chosen", "form": "cell"}, 2)
    assert view["inputs"][0] == view["result"] == matrix(NUMBERS).view()
    assert pick_pair("pair", [0, None], (1, 2)) == {
        "setting": "pair", "form": "pair", "rows": [0, None], "cols": [1, 2],
    }  # fmt: skip


def test_source_lines_are_told_in_pieces() -> None:
    view = Source(source=SourceLines("a/b.py", 7, ("q = x",)), shape="(1,)", matrices=["q"]).view()
    assert view == {
        "block": "Source", "alt": "", "file": "a/b.py", "line": 7, "shape": "(1,)", "matrices": ["q"],
        "lines": [[{"t": "q", "cls": "q"}, {"t": " = x"}]],
    }  # fmt: skip


def test_no_block_has_a_field_that_its_view_uses_itself() -> None:
    for block in BLOCKS.values():
        assert not {"block", "alt"} & {field.name for field in fields(block)}
