"""What was written for the exercises runs a trained transformer, in the page's runner."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from attention_lab.grading.capstone import PARTS, REFERENCE
from attention_lab.grading.catalogue import exercise
from building.artefacts import axe_script
from tests.e2e.conftest import NewPage
from tests.e2e.lab import Lab
from tests.e2e.test_build import Exercise
from tests.e2e.test_optional import ask, reached
from tests.e2e.test_screens import check_axe, overflow

CAPSTONE = "lab=build&step=capstone"
KEEP = """([id, text]) =>
  localStorage.setItem(`attention-lab-code ${id}`, JSON.stringify({text, versions: []}))"""


def keep(lab: Lab, name: str, text: str) -> None:
    """Leave a program on the device, as an earlier visit does."""
    lab.page.evaluate(KEEP, [name, text])


def test_a_learners_parts_run_the_writer_on_their_own_sentence(workshop: Lab) -> None:
    lab = workshop
    lab.page.set_viewport_size({"width": 1366, "height": 650})
    lab.visit(CAPSTONE)
    task = Exercise(lab)
    for part in PARTS[1:]:
        keep(lab, part, exercise(part).reference)
    task.write(REFERENCE)
    task.page.locator("[data-action=run]").click()
    expect(lab.region("editor")).to_contain_text("Not written yet, or not on this device: softmax.")
    keep(lab, "softmax", exercise("softmax").reference)
    lab.type_sentence("tom potter met zorp . anna saw tom")
    task.run()
    expect(task.verdict).to_contain_text("Your code just ran a real transformer")
    expect(task.verdict).to_contain_text("at the most")
    expect(lab.region("bars")).to_contain_text("potter")
    assert overflow(lab.page) <= 0
    keep(lab, "softmax", "def softmax(x):\n    return x.nothing\n")
    task.run()
    expect(task.verdict).to_contain_text("exercise_softmax.py, line 2")


@pytest.mark.full(minutes=1)
def test_a_learners_parts_run_minilm_once_it_is_fetched(new_page: NewPage) -> None:
    lab = new_page(viewport={"width": 360, "height": 740})
    task = Exercise(lab, CAPSTONE)
    for part in PARTS:
        keep(lab, part, exercise(part).reference)
    ask(lab)
    reached(lab, "ready")
    lab.settle()
    task.run(REFERENCE)
    expect(task.verdict).to_contain_text("MiniLM: every number is the library’s, to 0.00001: passed")
    expect(task.verdict).to_contain_text("Your code just ran a real transformer")
    lab.page.evaluate(Path(axe_script()).read_text())
    check_axe(lab.page, "the capstone at 360 px")
    assert overflow(lab.page) <= 0
