"""The header, the steps, and the lesson's words with the numbers on the screen in them."""

from __future__ import annotations

import re

import pytest

from attention_lab.views.frame import fill_in, to_html
from tests.lab.helpers import STEPS, make_session, views


def test_the_header_counts_the_steps_seen() -> None:
    session = make_session()
    session.apply({"step": "weights"})
    header = views(session)["header"]
    assert (header["brand"], header["seen"], header["steps"]) == ("Attention Lab", 2, 7)
    assert [lab["name"] for lab in header["labs"] if lab["current"]] == ["stepper"]


def test_the_transport_lists_the_steps() -> None:
    transport = views(make_session(step="qkv"))["transport"]
    assert [step["id"] for step in transport["steps"]] == STEPS
    assert transport["current"] == "qkv"
    assert transport["steps"][1]["label"] == "Step 2: Q, K, V"


@pytest.mark.parametrize("step", STEPS)
def test_the_lesson_is_filled_in_and_holds_no_other_markup(step: str) -> None:
    lesson = views(make_session(step=step))["lesson"]
    assert lesson["eyebrow"] == f"Step {STEPS.index(step) + 1} of 7"
    assert "{" not in lesson["html"]
    assert set(re.findall(r"<(\w+)", lesson["html"])) <= {"p", "em", "strong", "span"}
    assert set(re.findall(r" (\w+)=", lesson["html"])) <= {"class"}


def test_the_lesson_names_the_sizes_on_the_screen() -> None:
    html = views(make_session(step="raw_scores", text="a b c"))["lesson"]["html"]
    assert "3 × 3 = 9 in all" in html


def test_html_in_a_lab_file_stays_text_and_attributes_are_classes_only() -> None:
    assert to_html("<script>alert(1)</script>") == "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>"
    assert to_html('[x]{.q onclick="alert(1)" style="color:red"}') == '<p><span class="q">x</span></p>'


def test_an_unknown_number_in_a_lab_file_is_a_mistake() -> None:
    with pytest.raises(KeyError, match="d_q"):
        fill_in("<p>{d_q}</p>", {"d_k": 2})
