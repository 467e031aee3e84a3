"""A function that was written in the page drives the labs, and an edit of it shows in the picture."""

from __future__ import annotations

import numpy as np
from playwright.sync_api import expect

from attention_lab.grading.catalogue import exercise
from tests.e2e.lab import Lab
from tests.e2e.test_build import SOFTMAX, Exercise
from tests.e2e.test_screens import overflow

TWICE = exercise("softmax").reference.replace("def softmax", "def right") + (
    "\n\ndef softmax(x):\n    return 2 * right(x)\n"
)


def test_a_softmax_that_passed_drives_the_stepper_and_an_edit_shows(workshop: Lab) -> None:
    lab = workshop
    lab.page.set_viewport_size({"width": 1366, "height": 650})
    lab.visit(SOFTMAX)
    task = Exercise(lab)
    task.run(exercise("softmax").reference)
    task.verdict.get_by_role("link", name="See yours in the lab").click()
    lab.settle()
    yours = lab.region("yours")
    library = lab.matrix("weights")
    expect(yours.locator(".badge-only")).to_have_count(0)  # it runs when it is asked to
    yours.locator("[data-action=use-softmax]").click()
    expect(yours.locator(".badge-only.yours")).to_be_visible()
    expect(yours.locator(".gap")).to_contain_text("the same in every number")
    np.testing.assert_allclose(lab.matrix("weights"), library)
    assert overflow(lab.page) <= 0
    lab.type_sentence("Birds sing")  # another state: it is asked anew
    expect(yours.locator(".beside td")).to_have_count(4)
    yours.get_by_role("link", name="Edit it").click()
    lab.settle()
    Exercise(lab).write(TWICE)
    lab.page.go_back()
    lab.settle()
    expect(yours.locator(".gap")).to_contain_text("in row")
    assert lab.matrix("weights").sum(axis=-1).tolist() == [2.0, 2.0]
    expect(lab.region("stage")).to_contain_text("weights, yours")
    yours.get_by_role("link", name="Edit it").click()
    lab.settle()
    Exercise(lab).write("def softmax(x):\n    return x @ x @ x[0, :1]\n")
    lab.page.go_back()
    lab.settle()
    expect(yours).to_contain_text("The lab goes on with the library’s")
    np.testing.assert_allclose(lab.matrix("weights").sum(axis=-1), 1)
