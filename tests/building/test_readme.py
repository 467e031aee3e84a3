"""Sentences of the README that were once missing, or said more than is so."""

from __future__ import annotations

import re

import pytest

from building.paths import ROOT
from building.release import FORMS, SUMS

README = (ROOT / "README.md").read_text(encoding="utf-8")
PARAGRAPHS = [" ".join(paragraph.split()) for paragraph in README.split("\n\n")]


def test_of_the_numbers_on_the_screen_it_says_who_computes_them_and_not_that_each_shows_its_code() -> None:
    [told] = re.findall(r"[^.\n]*\bnumber on the screen\b[^.]*\.", README)
    assert "computed in your own browser, by NumPy code" in told
    assert "shows" not in told, "the experiments show the lines of a test, not those of every number"


@pytest.mark.parametrize(
    ("about", "parts"),
    [
        ("releases page", ["`python3 build.py release`", "`dist/release/`", f"`{SUMS}`"]),
        ("take the `<script>` out", ["Moodle", "leave `embed=1` out", 'height="900"', "item of the course"]),
    ],
)
def test_what_a_teacher_looks_for_stands_in_one_place(about: str, parts: list[str]) -> None:
    [told] = [paragraph for paragraph in PARAGRAPHS if about in paragraph]
    assert [part for part in parts if part not in told] == []


def test_it_names_the_plain_build_and_files_that_a_release_has() -> None:
    assert re.search(r"^python3 build\.py +#", README, re.M)
    named = set(re.findall(r"`(attention-lab[\w.-]*\.(?:html|zip))`", README))
    made = {form.file for form in FORMS}
    assert {"attention-lab.html", "attention-lab-scorm12.zip"} <= named & made
    assert {name for name in named - made if "-build-write" not in name} == set()
