"""Lab files are found by their folder, and a mistake in one names the file and the line."""

from __future__ import annotations

from pathlib import Path

import pytest
from attention_lab.lessons import LabError, load_labs, parse_lab
from attention_lab.lessons.loader import read_labs

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
    lab = parse_lab("good", GOOD)
    assert (lab.name, lab.title, lab.order, lab.minutes, lab.objectives) == ("good", "A lab", 1, 5, ("one",))
    assert [step.id for step in lab.steps] == ["first", "second"]
    assert (lab.steps[0].prose, lab.steps[1].prose) == ("Some *words*.", "More.\n\nEven more.")
    assert (lab.steps[0].prediction, lab.steps[1].prediction) == (None, "most_weight")
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
        ('view = "lookup"\n', "", 7, "'view' is missing"),
        ('view = "lookup"', 'view = "lookup"\ncolour = "red"', 7, "unknown field 'colour'"),
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
        parse_lab("bad", text)
    assert str(error.value).startswith(f"content/bad.md, line {line}: ")
    assert said in str(error.value)


def test_the_labs_are_the_files_of_a_folder_in_the_order_they_ask_for(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(GOOD.replace("order = 1", "order = 2"), encoding="utf-8")
    (tmp_path / "b.md").write_text(GOOD, encoding="utf-8")
    (tmp_path / "notes.txt").write_text("not a lab", encoding="utf-8")
    assert [lab.name for lab in read_labs(tmp_path)] == ["b", "a"]
    assert "stepper" in [lab.name for lab in load_labs()]
