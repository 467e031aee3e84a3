"""The numbers in every matrix are NumPy's own, and each cell names where it comes from."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given

from attention_lab.kit.numbers import read
from attention_lab.labs.stepper.cells import AXES
from tests.lab.helpers import (
    LONG,
    STEPS,
    STRANGE,
    computed,
    make_session,
    matrices_in,
    matrix_view,
    scene,
    views,
)
from tests.lab.stepper.test_link import CHANGES


def values_of(shown: dict[str, Any]) -> np.ndarray[Any, Any]:
    return np.array([[-np.inf if value is None else value for value in row] for row in shown["values"]])


@given(CHANGES)
def test_every_value_equals_numpys_own(changes: dict[str, object]) -> None:
    session = make_session(**changes)
    expected, blocked = computed(session), scene(session).refusal is not None
    for name in AXES:
        shown = matrix_view(scene(session), name)
        if blocked and name in ("weights", "head_outputs"):
            assert all(value is None for row in shown["values"] for value in row)
            assert all(text == "–" for row in shown["text"] for text in row)
            continue
        np.testing.assert_allclose(values_of(shown), expected[name], rtol=0, atol=1e-12, err_msg=name)
        for texts, numbers in zip(shown["text"], values_of(shown).tolist(), strict=True):
            for text, value in zip(texts, numbers, strict=True):
                assert read(text) == value or abs(read(text) - value) <= 0.005 + 1e-9, (name, text, value)
                assert (text == "0") == (value == 0), (name, text, value)


@pytest.mark.parametrize("text", ["hello", *STRANGE, LONG])
@pytest.mark.parametrize("mask", ["none", "padding"])
def test_labels_values_and_texts_have_one_shape(text: str, mask: str) -> None:
    session = make_session(text=text, mask=mask)
    for name in AXES:
        shown = matrix_view(scene(session), name)
        size = (len(shown["rows"]["labels"]), len(shown["cols"]["labels"]))
        for cells in (shown["values"], shown["text"], shown["masked"] or shown["values"]):
            assert (len(cells), {len(row) for row in cells}) == (size[0], {size[1]}), name


def test_the_row_of_padding_is_called_what_its_tokens_are() -> None:
    shown = matrix_view(scene(make_session(mask="padding")), "table")
    assert shown["rows"]["labels"] == ["the", "cat", "sat", "on", "mat", "PAD"]


def test_masked_cells_are_striped_in_the_mask_and_below_it_only() -> None:
    session = make_session(text="a b", mask="causal")
    striped = {name: matrix_view(scene(session), name)["masked"] for name in AXES}
    assert {name for name, cells in striped.items() if cells} == {"mask", "masked_scores", "weights"}
    assert striped["weights"] == [[0, 1], [0, 0]]


def test_scores_share_one_range_so_that_scaling_visibly_fades_them() -> None:
    for scale in (None, 0.2, 2.0):
        session = make_session(scale=scale)
        ranges = {
            matrix_view(scene(session), name)["fill"]["range"]
            for name in ("raw_scores", "scaled_scores", "masked_scores")
        }
        assert len(ranges) == 1
        expected = computed(session)
        assert ranges == {max(np.abs(expected["raw_scores"]).max(), np.abs(expected["scaled_scores"]).max())}
    fills = {name: matrix_view(scene(make_session()), name)["fill"] for name in AXES}
    assert fills["head_outputs"] == fills["v"]
    assert fills["weights"] == {"kind": "weights", "tint": "neutral", "range": 1}


def test_rows_of_weights_are_printed_with_their_sum() -> None:
    session = make_session(step="weights")
    assert views(session)["stage"]["result"]["sums"] == ["1.00"] * 6
    one = views(make_session(step="weights", text="hello"))["stage"]["result"]
    assert one["text"] == [["1.00"]], "weights have two digits, even where none is needed"


def test_the_picked_query_and_key_are_lit_on_every_axis() -> None:
    session = make_session(query=4, key=1)
    for name, (rows, cols) in AXES.items():
        shown = matrix_view(scene(session), name)
        lit = {"query": 4, "token": 4, "key": 1, "vocab": session.embedded.ids[4], "feature": None}
        assert (shown["rows"]["on"], shown["cols"]["on"]) == (lit[rows], lit[cols])


@pytest.mark.parametrize("step", STEPS)
def test_sources_on_the_stage_hold_the_numbers_that_a_cell_is_computed_from(step: str) -> None:
    session = make_session(step=step, mask="causal")
    on_stage = matrices_in(views(session)["stage"])
    expected = computed(session)
    for name, shown in on_stage.items():
        sources = [source for source in shown["sources"] if source["matrix"] in on_stage]
        for row in range(len(shown["values"])):
            for col in range(len(shown["values"][0])):
                parts = [selected(expected[source["matrix"]], source, row, col) for source in sources]
                if parts:
                    value = combine(name, parts, col, session.usual_scale)
                    np.testing.assert_allclose(value, expected[name][row, col], atol=1e-12, err_msg=name)


def selected(array: np.ndarray[Any, Any], source: dict[str, Any], row: int, col: int) -> np.ndarray[Any, Any]:
    def place(rule: Any) -> Any:
        if isinstance(rule, list):
            return rule[row]
        return {"row": row, "col": col, "all": slice(None)}[rule]

    return np.asarray(array[place(source["row"]), place(source["col"])])


def combine(name: str, parts: list[np.ndarray[Any, Any]], col: int, scale: float) -> Any:
    """What the matrix of that name does with its sources."""
    match name:
        case "x":
            return parts[0][col]
        case "scaled_scores" if len(parts) == 1:
            return parts[0] * scale
        case "masked_scores":
            return parts[0] + parts[1]
        case "weights":
            exponentials = np.exp(parts[0] - parts[0].max())
            return exponentials[col] / exponentials.sum()
    return parts[0] @ parts[1]
