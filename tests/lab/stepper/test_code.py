"""The code is the library's own line, and its shapes are those on the screen."""

from __future__ import annotations

import re
from importlib import resources
from typing import Any

import pytest

from tests.lab.helpers import STEPS, make_session, views


def line_text(line: list[dict[str, str]]) -> str:
    return "".join(piece["t"] for piece in line)


@pytest.mark.parametrize("step", STEPS)
def test_the_lines_stand_in_the_source_at_the_line_given(step: str) -> None:
    code = views(make_session(step=step))["code"]
    package, file = code["file"].split("/")
    source = resources.files(package).joinpath(file).read_text().splitlines()
    for i, line in enumerate(code["lines"]):
        assert line_text(line)
        assert line_text(line) in source[code["line"] - 1 + i]


def test_each_step_shows_the_assignment_of_its_stage() -> None:
    firsts = [line_text(views(make_session(step=step))["code"]["lines"][0]).split(" = ")[0] for step in STEPS]
    assert firsts == ["x", "q", "raw_scores", "scaled_scores", "masked_scores", "weights", "head_outputs"]


def test_q_k_and_v_have_their_colours() -> None:
    lines = views(make_session(step="qkv"))["code"]["lines"]
    assert [[p["t"] for p in line if p.get("cls") == c] for line, c in zip(lines, "qkv", strict=True)] == [
        ["q", "w_q"],
        ["k", "w_k"],
        ["v", "w_v"],
    ]


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize(
    "changes", [{}, {"d_model": 12, "n_heads": 3, "mask": "padding", "n_pad": 5, "text": "a b"}]
)
def test_the_last_shape_is_that_of_the_result(step: str, changes: dict[str, Any]) -> None:
    session = make_session(step=step, **changes)
    shape = views(session)["code"]["shape"].split(" → ")[-1]
    trace: Any = session.trace
    result = (
        session.embedded.x if step == "embeddings" else getattr(trace.attention, {"qkv": "q"}.get(step, step))
    )
    assert shape == str(result.shape)


def test_shapes_on_both_sides_of_a_product_fit() -> None:
    for step in ("raw_scores", "head_outputs"):
        left, right, result = (
            tuple(map(int, found.split(", ")))
            for found in re.findall(
                r"\(([\d, ]+)\)", views(make_session(step=step, text="a b c d e", d_model=6))["code"]["shape"]
            )
        )
        assert (left[-1], left[:-1] + right[-1:]) == (right[-2], result)


def test_where_the_computation_stops_the_shape_says_so() -> None:
    session = make_session(step="weights", mask="by-hand", blocked=[[0, i] for i in range(6)])
    assert views(session)["code"]["shape"].endswith("→ no result: FullyMaskedRowError")
