"""Nothing is told of the hand-built heads that their numbers do not say."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from attention import FEATURES
from tests.lab.helpers import computed, make_session, views

SENTENCES = (
    "The cat sat on the mat",
    "The dog slept in the park",
    "The dogs in the park are playing",
    "The zorb sat on the mat",
    "My dog ran to the house",
    "A bird flew over the river",
)


def story(**changes: Any) -> str:
    return str(views(make_session(step="weights", **changes))["heads"]["note"])


def test_head_1_finds_who_sat_and_head_2_finds_where() -> None:
    assert story(mask="none") == (
        "Two heads, two questions of “sat”. Head 1 asks who: cat, 0.87. Head 2 asks where: mat, 0.40."
    )


def test_under_the_causal_mask_the_place_lies_in_the_future() -> None:
    assert story(mask="causal") == (
        "Two heads, two questions of “sat”. Head 1 asks who: cat, 0.98. "
        "Head 2 asks where, but the mask hides “mat”."
    )


@pytest.mark.parametrize("text", SENTENCES)
def test_whom_it_names_is_an_animal_and_where_is_a_place_and_both_have_the_largest_weight(text: str) -> None:
    told = 0
    for query in range(len(text.split())):
        said = story(text=text, query=query, mask="none")
        if not said:
            continue
        told += 1
        for head, question in ((0, "animal"), (1, "place")):
            lab = make_session(text=text, head=head)
            row, column = computed(lab)["weights"][query], FEATURES.index(question)
            x = lab.embedded.x
            best = int(np.argmax(row))
            assert x[best, column] == x[best].max() > 0
            assert f"{lab.tokens.texts[best]}, {row[best]:.2f}" in said
            assert x[query, FEATURES.index("action")] == x[query].max() > 0
    assert told or text != SENTENCES[0]


@pytest.mark.parametrize(
    "changes",
    [{"query": 0}, {"embedding": "random"}, {"d_model": 8}, {"n_heads": 1}, {"text": "hello"}],
)
def test_elsewhere_no_story_is_told(changes: dict[str, Any]) -> None:
    assert story(mask="none", **changes) == ""
