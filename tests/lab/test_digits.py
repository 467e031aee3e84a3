"""Every digit in a text of a lab is vouched for: by what computes it, beside the lab's own tests."""

from __future__ import annotations

import pytest

from attention_lab.kit.catalogue import lessons, names
from attention_lab.kit.lesson import texts_of
from tests.lab.vouching import list_of, problems, texts_in


@pytest.mark.parametrize("lab", names())
def test_every_digit_in_a_text_of_a_lab_is_vouched_for(lab: str) -> None:
    texts = texts_in(f"labs/{lab}")
    lesson = next(each for each in lessons() if each.name == lab)
    assert {str(each) for each in texts_of(lesson) if each} <= {*texts, "Understand"}, "lab.md is among them"
    assert not [*problems(lab, texts, list_of(lab))]


def test_every_digit_in_a_text_of_the_kit_is_vouched_for() -> None:
    assert not [*problems("kit", texts_in("kit"), list_of("kit"))]


def test_what_nothing_vouches_for_is_told() -> None:
    told = "Weights add up to 1, and {n} of 7 keys are masked."
    by = {"add up to 1": lambda: 1.0, "of 7 keys": lambda: 7.0}
    assert not [*problems("masks", [told], by)]
    assert "['7']" in next(problems("masks", [told], {"add up to 1": lambda: 1.0}))
    assert "in no text" in next(problems("masks", [told], {**by, "of 8 keys": lambda: 8.0}))
    assert "computed is (6.9,)" in next(problems("masks", [told], {**by, "of 7 keys": lambda: 6.9}))
    assert "there is no test" in next(problems("masks", [told], {**by, "of 7 keys": "test_nothing"}))
    assert "say of what" in next(problems("masks", [told], {**by, "of 7 keys": "a name"}))
