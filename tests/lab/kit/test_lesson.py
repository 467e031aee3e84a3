"""A lab.md is read, and a mistake in one names the file and the line."""

from __future__ import annotations

import pytest

from attention_lab.kit.lesson import LabError, parse_lesson

GOOD = """+++
title = "A lab"
order = 1
minutes = 5
objectives = ["one"]

[[steps]]
id = "first"
section = "One"
view = "lookup"
stage = "x"

[[steps]]
id = "second"
section = "Two"
view = "softmax"
stage = "weights"
prediction = "most_weight"
+++

## One

Some *words*.

## Two

More.

Even more.
"""


def test_a_lab_file_becomes_a_lab() -> None:
    lab = parse_lesson("good", GOOD)
    assert (lab.name, lab.title, lab.order, lab.minutes, lab.objectives) == ("good", "A lab", 1, 5, ("one",))
    assert [step.id for step in lab.steps] == ["first", "second"]
    assert (lab.steps[0].prose, lab.steps[1].prose) == ("Some *words*.", "More.\n\nEven more.")
    assert lab.steps[1].more == {"view": "softmax", "stage": "weights", "prediction": "most_weight"}
    assert lab.ids == ("first", "second")
    assert lab.index("second") == 1


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ("+++\ntitle", "title", 1, "TOML between two lines"),
        ("+++\n\n## One", "\n## One", 1, "TOML between two lines"),
        ('title = "A lab"', 'title = "A lab', 2, "Illegal character"),
        ("minutes = 5", "minutes =", 4, "Invalid value"),
        ("minutes = 5\n", "", 2, "'minutes' is missing"),
        ("minutes = 5", 'minutes = "5"', 2, "'minutes' must be a int"),
        ("minutes = 5", "minutes = 5\nlevel = 3", 2, "unknown field 'level'"),
        ('section = "One"\n', "", 7, "'section' is missing"),
        ('id = "first"', "id = 1", 7, "'id' must be a str"),
        ('id = "first"', 'id = "a-b"', 7, "cannot be the name of a method"),
        ("minutes = 5", "minutes = 5\npart = 1", 2, "'part' must be a str"),
        ('section = "Two"', 'section = "Three"', 13, "no section “## Three”"),
        ("## Two", "## Two\n\nMore.\n\n## Three", 29, "no step uses the section “## Three”"),
        ("## Two", "## One", 25, "a second section “## One”"),
        ("## One", "Words.\n\n## One", 20, "prose before the first"),
        ('id = "second"', 'id = "first"', 1, "each its own id"),
    ],
)
def test_a_mistake_names_the_file_and_the_line(old: str, new: str, line: int, said: str) -> None:
    text = GOOD.replace(old, new, 1)
    assert text != GOOD
    with pytest.raises(LabError) as error:
        parse_lesson("bad", text)
    assert str(error.value).startswith(f"bad/lab.md, line {line}: ")
    assert said in str(error.value)


def test_a_lab_may_say_what_it_answers_and_where_it_belongs() -> None:
    lab = parse_lesson("good", GOOD.replace("order = 1", 'order = 1\nquestion = "Why?"\npart = "Use"', 1))
    assert (lab.question, lab.part) == ("Why?", "Use")
    assert (parse_lesson("good", GOOD).question, parse_lesson("good", GOOD).part) == ("", "Understand")


def test_what_only_its_lab_has_a_meaning_for_stays_with_the_step() -> None:
    lab = parse_lesson("good", GOOD.replace('view = "lookup"', 'view = "lookup"\nnames = ["a", "b"]', 1))
    assert lab.steps[0].more == {"view": "lookup", "names": ("a", "b"), "stage": "x"}
