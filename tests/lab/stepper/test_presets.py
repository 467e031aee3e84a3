"""A click on a state keeps what it does not name."""

from __future__ import annotations

import numpy as np

from tests.lab.helpers import computed, make_session, views


def test_a_click_keeps_the_learners_sentence() -> None:
    lab = make_session(step="weights", text="My own words")
    (even,) = [link for link in views(lab)["lesson"]["links"] if link["label"] == "All weights alike"]
    lab.apply(even["set"])
    assert lab.text == "My own words"
    np.testing.assert_allclose(computed(lab)["weights"], 1 / 3)
