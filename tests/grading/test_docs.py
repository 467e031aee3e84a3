"""docs/exercises.md names the exercises that there are, and docs/scoring.md says how they count."""

from __future__ import annotations

from pathlib import Path

from attention_lab.grading.catalogue import exercises

DOCS = Path(__file__).parents[2] / "docs"


def test_the_table_is_what_the_folders_say() -> None:
    lines = (DOCS / "exercises.md").read_text(encoding="utf-8").splitlines()
    table = [line for line in lines if line.startswith("| `")]
    assert table == [
        f"| `{each.id}` | {each.title} | {each.kind} | `{each.asks}` | {each.lab} |" for each in exercises()
    ]


def test_the_score_is_ruled_on_one_page() -> None:
    text = (DOCS / "scoring.md").read_text(encoding="utf-8")
    for asked in ("What counts", "First try or best", "What costs"):
        assert f"**{asked}:**" in text
