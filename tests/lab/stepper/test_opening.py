"""How steps open: the mask step on a mask, counts from 1, what a step is about first among the controls."""

from __future__ import annotations

import re

import numpy as np
import pytest

from attention_lab.session import Session
from tests.lab.helpers import STEPS, follow, link_of, make_session, matrices_in, plain, views

MASK = "masked_scores"


def test_the_mask_step_opens_on_causal_so_that_the_two_matrices_differ() -> None:
    lab = make_session()
    lab.apply({"step": MASK})
    assert lab.mask == "causal"
    stage = matrices_in(views(lab)["stage"])
    assert stage[MASK]["text"] != stage["scaled_scores"]["text"]
    assert "must not peek" in views(lab)["lesson"]["html"]


def test_who_chooses_no_mask_keeps_none() -> None:
    lab = make_session(step=MASK)
    lab.apply({"mask": "none"})
    assert lab.mask == "none"
    for step in ("weights", MASK):
        lab.apply({"step": step})
        assert lab.mask == "none", step
    asked = make_session(step=MASK, mask="none")
    assert asked.mask == "none"


def test_elsewhere_there_is_no_mask_until_one_is_chosen() -> None:
    assert all(make_session(step=step).mask == "none" for step in STEPS if step != MASK)


@pytest.mark.parametrize("mask", ["none", "causal", "padding"])
def test_a_link_to_the_mask_step_reproduces_its_mask(mask: str) -> None:
    lab = make_session(step=MASK)
    lab.apply({"mask": mask})
    link = link_of(lab)
    assert ("mask=" in link) == (mask != "causal")
    other = make_session(mask="by-hand")
    follow(other, link)
    assert (other.step, other.mask) == (MASK, mask)


def test_a_page_that_outlived_its_kernel_gets_back_the_mask_it_had() -> None:
    session = Session("stepper")
    session.restore("stepper", {"stepper": {"step": MASK, "mask": "none"}})
    assert session.current.choices()["mask"] == "none"


@pytest.mark.parametrize("step", STEPS)
def test_rows_columns_and_ids_are_counted_from_1(step: str) -> None:
    for changes in ({}, {"embedding": "random"}, {"d_model": 16}):
        shown = views(make_session(step=step, **changes))
        for matrix in matrices_in(shown["stage"]).values():
            for axis in (matrix["rows"], matrix["cols"]):
                numbers = [int(label) for label in axis["labels"] if label.isdigit()]
                assert numbers == list(range(1, len(numbers) + 1)), (step, matrix["id"])


def test_the_row_that_is_looked_up_is_the_one_that_is_counted_to() -> None:
    for query, token in enumerate(["The", "cat", "sat", "on", "the", "mat"]):
        shown = views(make_session(query=query))
        (row,) = re.findall(r"Row (\d+) of the table", plain(shown["arithmetic"]["why"]))
        assert matrices_in(shown["stage"])["table"]["rows"]["labels"][int(row) - 1] == token.lower()
        op = plain(shown["stage"]["op"])
        assert op.split()[-6:][query].strip(",") == row
        (place,) = re.findall(r"E\[(\d+), (\d+)\]", plain(shown["arithmetic"]["body"]["expression"]))
        x = matrices_in(shown["stage"])["table"]["values"]
        assert x[int(place[0]) - 1][int(place[1]) - 1] == float(shown["arithmetic"]["body"]["printed"])


def test_the_code_counts_as_python_does() -> None:
    lab = make_session()
    np.testing.assert_array_equal(lab.embedded.table[list(lab.embedded.ids)], lab.embedded.x)
    assert min(lab.embedded.ids) == 0


@pytest.mark.parametrize(
    ("step", "first"),
    [
        ("embeddings", ["Embeddings and matrices W"]),
        ("qkv", ["Sizes"]),
        ("raw_scores", []),
        ("scaled_scores", ["Scale"]),
        (MASK, ["Mask"]),
        ("weights", []),
        ("head_outputs", []),
    ],
)
def test_what_the_step_is_about_stands_first_among_the_controls(step: str, first: list[str]) -> None:
    groups = views(make_session(step=step))["controls"]["groups"]
    assert [group["title"] for group in groups if group["first"]] == first
    assert [group["title"] for group in groups[: len(first)]] == first
    assert len(groups) == 4
