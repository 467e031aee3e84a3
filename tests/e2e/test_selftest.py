"""In the shipped Pyodide references pass, starters fail, and each mistake draws its own words."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from attention_lab.grading.catalogue import exercise, exercises
from attention_lab.grading.selftest import programs
from tests.e2e.conftest import NewPage
from tests.e2e.lab import Lab

LINK = "?lab=build&selftest=1"
ONE_BY_ONE_MS = 15 * 60_000


def tried(lab: Lab, name: str) -> None:
    row = lab.region("selftest").locator(f"[data-test={name}]")
    most = max(1, len(programs(exercise(name))))
    expect(row).to_have_attribute("data-tried", str(most), timeout=ONE_BY_ONE_MS)
    expect(row).to_have_attribute("data-wrong", "0")


@pytest.mark.full  # test_build.py runs programs as learners do
def test_one_exercise_of_code_and_one_of_a_guess_hold_in_this_browser(new_page: NewPage) -> None:
    lab = new_page().open(LINK)
    for name in ("softmax", "predict_value"):
        lab.region("selftest").locator(f"[data-action=test-{name}]").click()
        tried(lab, name)


@pytest.mark.full(minutes=2)
def test_every_exercise_holds_in_this_browser(new_page: NewPage) -> None:
    lab = new_page().open(LINK)
    lab.region("selftest").locator("[data-action=test-all]").click()
    for each in exercises():
        tried(lab, each.id)
    expect(lab.region("selftest").locator("[role=status]")).to_have_attribute("data-wrong", "0")
