"""Each small change of a reference is noticed by its checks, or it is known why not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from attention_lab.grading.catalogue import exercise, exercises
from tests.grading.helpers import graded
from tests.grading.mutants import mutants

CODED = tuple(each.id for each in exercises() if each.kind != "predict")

#: Changes that no check can or need notice: (exercise, or "" for all; what the words hold; why).
EXPLAINED = (
    ("", "1 to 2 in `return x.reshape(", "any negative length is worked out by reshape"),
    ("", "1 to 2 in `return rows.reshape(", "any negative length is worked out by reshape"),
    ("block", "in `def layer_norm(", "its default is never used: block hands eps on"),
    (
        "block",
        '+ w["b_k"], n_heads)`',
        "it adds the same to all scores of a query, which softmax does not notice",
    ),
    ("blockwise", "zeros to ones in", "the first block multiplies what was there by exp(-inf), which is 0"),
    ("blockwise", "sign dropped in", "of a matrix the axes -1 and 1 are the same"),
    ("generate", "int dropped in", "a whole number of NumPy is as good as one of Python"),
    ("mend_empty", "0.0 to 0 in", "it is the same number"),
    ("mend_empty", "1000000000.0 to", "any number far below all scores will do"),
    ("mend_empty", "1.0 to 2.0 in", "0 / 2 is as good as 0 / 1"),
    ("scores", "swapaxes(-1, -2)`", "of a matrix the axes -1 and 1, and -2 and 0, are the same"),
    ("self_attention", "statement 0 dropped in `def __init__", "nothing is asked for of what is kept"),
    ("kv_step", "1 to 0 in `scores = keys @ q", "q has one axis only: the last is the first"),
    ("cross_attention", "mask", "the attention that is given knows masks; none is asked for here"),
)


def explained(name: str, words: str) -> bool:
    return any(of in ("", name) and part in words for of, part, _ in EXPLAINED)


@pytest.mark.full(minutes=0.05)
@pytest.mark.parametrize("name", CODED)
def test_every_small_change_of_a_reference_is_noticed(name: str) -> None:
    asked = replace(exercise(name), wrong={})  # whether it is a known mistake is another question
    survivors = [words for words, program in mutants(asked.reference) if graded(asked, program).passed]
    assert [words for words in survivors if not explained(name, words)] == []


def test_a_change_is_found_for_each_kind_of_mistake() -> None:
    found = "\n".join(words for words, _ in mutants(exercise("attention").reference))
    for kind in (
        "MatMult to Mult",
        "Div to Mult",
        "exchanged",
        "dropped",
        "axis dropped",
        "1 to 0",
        "IsNot to Is",
    ):
        assert kind in found, kind
    assert len(found.splitlines()) > 40


@pytest.mark.parametrize("name", ["softmax", "scale", "apply_mask"])
def test_the_checks_of_the_shortest_references_notice_every_change(name: str) -> None:
    asked = replace(exercise(name), wrong={})
    assert [words for words, program in mutants(asked.reference) if graded(asked, program).passed] == []
