"""What of the source material is where: docs/coverage.md names only steps and exercises that exist."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from attention_lab.grading.catalogue import exercises
from attention_lab.kit.catalogue import lessons

COVERAGE = Path(__file__).parents[1] / "docs" / "coverage.md"
PER_SOURCE = {
    "tinytorch-attention-advanced": 37,
    "tinytorch-attention-core": 26,
    "workshop-4-attention": 25,
    "tinytorch-module-13-attention": 24,
    "lesson-the-attention-mechanism": 31,
}


def rows() -> list[list[str]]:
    lines = [line for line in COVERAGE.read_text(encoding="utf-8").splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[1:]]


def test_every_item_of_every_source_has_one_row() -> None:
    assert Counter(source for source, *_ in rows()) == PER_SOURCE
    assert len({(source, item) for source, item, *_ in rows()}) == len(rows())


def test_every_row_that_is_covered_names_a_step_an_exercise_or_a_guide_that_exists() -> None:
    there = {f"{lesson.name}/{step}" for lesson in lessons() for step in lesson.ids}
    there |= {f"exercise/{exercise.id}" for exercise in exercises()}
    there |= {f"guide/{lesson.name}" for lesson in lessons()} | {"guide/order"}
    missing = [
        f"{item}: {where}" for _, item, status, where in rows() if status == "covered" and where not in there
    ]
    assert missing == []


def test_a_row_is_covered_or_says_why_it_is_left_out() -> None:
    assert {status for _, _, status, _ in rows()} == {"covered", "left out"}
    assert all(len(why.split()) > 5 for _, _, status, why in rows() if status == "left out")
