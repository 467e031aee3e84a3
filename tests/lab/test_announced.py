"""Each step of each lab announces itself in one sentence with its numbers."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest

from attention_lab.kit.blocks import Axis, Flow, Grids, Matrix, Panel
from attention_lab.kit.catalogue import names
from attention_lab.kit.scene import made
from tests.lab.announced import NUMBER, told
from tests.lab.helpers import make_lab, slots

WAITING = {
    ("lookup", "titles"): "A real transformer reads titles and query: MiniLM",
    ("position", "real"): "A real transformer reads both orders: MiniLM",
    ("price", "live"): "Nothing is measured yet.",
}
"""Steps that hold no number until the learner asks for one."""


@pytest.mark.parametrize("name", names())
def test_every_step_says_its_numbers_in_one_sentence(name: str) -> None:
    lab = make_lab(name)
    for step in lab.lesson.ids:
        lab.apply({"step": step})
        asked = made(lab.scene().predict)
        lab.apply({"revealed": [*lab.revealed, *([asked.key] if asked else [])]})
        said = told(slots(lab))
        if (name, step) in WAITING:
            assert said.startswith(WAITING[name, step])
        else:
            assert NUMBER.search(said), f"{name}, {step}: {said!r}"
        assert "\n" not in said
        assert len(said) < 600


@pytest.mark.parametrize("name", names())
def test_what_a_prediction_asks_for_is_not_said_before_the_guess(name: str) -> None:
    lab = make_lab(name)
    for step in lab.lesson.ids:
        lab.apply({"step": step})
        asked = made(lab.scene().predict)
        if asked is None or asked.answered:
            continue
        before = told(slots(lab))
        lab.apply({"revealed": [*lab.revealed, asked.key]})
        answer = asked.answer[1]
        if "." in answer:  # one that is told from any other
            assert answer not in before, (name, step, before)


def matrix(**changes: Any) -> Matrix:
    plain = Matrix(
        id="weights",
        values=np.array([[0.25, 0.75], [1.0, 0.0], [np.nan, 0.5]]),
        rows=Axis(axis="query", dim="seq_q", labels=["The", "cat", "sat"], on=1),
        cols=Axis(axis="key", dim="seq_k", labels=["The", "cat"]),
        words="weights",
        decimals=2,
    )
    return dataclasses.replace(plain, **changes)


def test_a_matrix_says_the_row_that_is_picked() -> None:
    assert matrix().described() == "weights, 3 rows, 2 columns; cat: 1.00, 0"
    last = Axis(axis="query", dim="seq_q", labels=["The", "cat", "sat"], on=2)
    assert matrix(rows=last).described() == "weights, 3 rows, 2 columns; sat: 0.50"
    assert matrix(values=None).described() == "weights, 3 rows, 2 columns"


def test_a_picture_says_its_result_and_of_several_the_last() -> None:
    flow = Flow(step="s", inputs=[matrix(values=None)], op=[], result=matrix())
    assert flow.view()["alt"] == matrix().described()
    panels = [Panel(title=each, said=f"{each}.", matrix=matrix()) for each in ("before", "after")]
    assert Grids(step="s", panels=panels).view()["alt"] == "after."
