"""The formula bar maps the steps and lights the one on screen."""

from __future__ import annotations

from typing import Any

import pytest

from attention_lab.labs.stepper.cells import AXES
from tests.lab.helpers import STEPS, make_session, views


def parts(math: Any) -> list[dict[str, Any]]:
    if isinstance(math, list):
        return [part for node in math for part in parts(node)]
    if isinstance(math, dict):
        own = [math["part"]] if "part" in math else []
        kids = [each for key, each in math.items() if key not in ("part", "t", "cls")]
        return own + [part for each in kids for part in parts(each)]
    return []


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("scale", [None, 0.9])
def test_every_step_has_one_part_and_its_own_is_lit(step: str, scale: float | None) -> None:
    found = parts(views(make_session(step=step, scale=scale))["formula"]["phrases"])
    assert sorted(part["step"] for part in found) == sorted(STEPS)
    assert [part["step"] for part in found if part["here"]] == [step]
    for part in found:
        assert part["label"].startswith(f"Step {STEPS.index(part['step']) + 1}, ")


def test_every_matrix_belongs_to_one_part() -> None:
    named = [
        matrix for part in parts(views(make_session())["formula"]["phrases"]) for matrix in part["matrices"]
    ]
    assert sorted(named) == sorted(AXES)


def test_a_scale_of_ones_own_takes_the_place_of_the_root_and_a_mask_is_named() -> None:
    def text(**changes: Any) -> str:
        return str(views(make_session(**changes))["formula"]["phrases"])

    assert "root" in text()
    assert "root" not in text(scale=0.9)
    assert "'0.90'" in text(scale=0.9)
    assert "{'sub': ['by hand']}" in text(mask="by-hand")
