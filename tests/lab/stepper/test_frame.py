"""The header, the steps, and the lesson's words with the numbers on the screen in them."""

from __future__ import annotations

import re

import pytest

from tests.lab.helpers import STEPS, make_session, views


def test_the_header_counts_the_steps_seen() -> None:
    session = make_session(step="weights")
    header = views(session)["header"]
    assert (header["brand"], header["seen"], header["steps"]) == ("Attention Lab", 2, 8)
    assert [lab["name"] for lab in header["labs"] if lab["current"]] == ["stepper"]


def test_the_transport_lists_the_steps() -> None:
    transport = views(make_session(step="qkv"))["transport"]
    assert [step["id"] for step in transport["steps"]] == [*STEPS, "recap"]
    assert transport["current"] == "qkv"
    assert transport["steps"][1]["label"] == "Step 2: Q, K, V"


@pytest.mark.parametrize("step", STEPS)
def test_the_lesson_is_filled_in_and_holds_no_other_markup(step: str) -> None:
    lesson = views(make_session(step=step))["lesson"]
    assert lesson["eyebrow"] == f"Step {STEPS.index(step) + 1} of 8"
    assert "{" not in lesson["html"]
    assert set(re.findall(r"<(\w+)", lesson["html"])) <= {"p", "em", "strong", "span"}
    assert set(re.findall(r" (\w+)=", lesson["html"])) <= {"class"}


def test_the_lesson_names_the_sizes_on_the_screen() -> None:
    html = views(make_session(step="raw_scores", text="a b c"))["lesson"]["html"]
    assert "here 3 × 3 = 9 scores" in html
