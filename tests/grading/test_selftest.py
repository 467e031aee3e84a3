"""The self-test says of every program of ours whether what is said to it is what should be said."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from attention_lab.grading.catalogue import exercise, exercises
from attention_lab.grading.running import answer
from attention_lab.grading.selftest import programs, requests, tried


def rows(name: str, **changed: Any) -> dict[str, tuple[str, bool]]:
    chosen = replace(exercise(name), **changed)
    return {each.program: (each.said, each.right) for each in tried(chosen, 3, answer(requests(chosen, 3)))}


@pytest.mark.parametrize("name", ["softmax", "mend_rows", "multi_head", "predict_value"])
def test_every_program_is_judged_as_it_should_be(name: str) -> None:
    found = rows(name)
    assert all(right for _, right in found.values()), found
    assert len(found) == (1 if name == "predict_value" else 2 + len(exercise(name).wrong))


def test_what_is_not_as_it_should_be_is_told() -> None:
    softmax = exercise("softmax")
    first = next(iter(softmax.wrong))
    assert rows("softmax", reference=softmax.wrong[first])["starter"][1]
    assert rows("softmax", starter=softmax.reference)["starter"] == ("passed", False)
    swapped = {**softmax.wrong, first: softmax.reference}
    assert rows("softmax", wrong=swapped)[first] == ("passed", False)
    nobody = {**softmax.wrong, first: "def softmax(x):\n    return 3 * x\n"}
    assert rows("softmax", wrong=nobody)[first] == (f"failed: {first}", True)


@pytest.mark.parametrize("replies", [None, [], "text", [{}] * 99])
def test_an_answer_that_is_none_passes_nothing(replies: Any) -> None:
    found = tried(exercise("softmax"), 3, replies)
    assert len(found) == len(programs(exercise("softmax")))
    assert not found[0].right


def test_there_are_enough_programs() -> None:
    wrong = [len(each.wrong) for each in exercises() if each.kind != "predict"]
    assert min(wrong) >= 5
    assert sum(wrong) >= 120
