"""What was written for the exercises runs a trained transformer, in the page's runner."""

from __future__ import annotations

from playwright.sync_api import expect

from attention_lab.grading.capstone import PARTS, REFERENCE
from attention_lab.grading.catalogue import exercise
from tests.e2e.conftest import NewPage
from tests.e2e.lab import Lab
from tests.e2e.test_build import Exercise
from tests.e2e.test_screens import overflow

CAPSTONE = "lab=build&step=capstone"
KEEP = """([id, text]) =>
  localStorage.setItem(`attention-lab-code ${id}`, JSON.stringify({text, versions: []}))"""


def keep(lab: Lab, name: str, text: str) -> None:
    """Leave a program on the device, as an earlier visit does."""
    lab.page.evaluate(KEEP, [name, text])


def test_a_learners_parts_run_the_writer_on_their_own_sentence(new_page: NewPage) -> None:
    lab = new_page(viewport={"width": 1366, "height": 650})
    task = Exercise(lab, CAPSTONE)
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
