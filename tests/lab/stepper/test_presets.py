"""States worth showing: each link opens its state, and each title says what is to be seen there."""

from __future__ import annotations

import numpy as np
import pytest

from attention_lab.kit.frame import preset_links
from attention_lab.kit.lab import settings_of
from attention_lab.labs.stepper.lab import Stepper
from attention_lab.labs.stepper.presets import PRESETS
from tests.lab.helpers import computed, follow, make_session, views

BY_NAME = {preset.name: preset for preset in PRESETS}


def opened(name: str) -> Stepper:
    lab = make_session(text="Something else", mask="padding")
    follow(lab, preset_links(Stepper)[name])
    return lab


@pytest.mark.parametrize("name", BY_NAME)
def test_a_preset_opens_by_its_link_and_by_its_button(name: str) -> None:
    preset, lab = BY_NAME[name], opened(name)
    assert lab.message is None
    assert lab.step == preset.step
    for setting, value in preset.changes.items():
        assert getattr(lab, setting) == value, setting
    default = make_session()
    default.apply({"step": preset.step, **preset.changes})
    assert lab.choices() == default.choices()
    assert preset.changes.keys() <= settings_of(Stepper).keys()


def test_each_is_offered_once_under_the_prose_of_a_step_with_its_link() -> None:
    offered = []
    for step in make_session().lesson.steps:
        links = views(make_session(step=step.id))["lesson"].get("links", [])
        offered += [link for link in links if "set" in link]
    assert [link["label"] for link in offered] == [
        preset.title
        for preset in sorted(
            PRESETS, key=lambda preset: make_session().lesson.index(preset.offered or preset.step)
        )
    ]
    assert {link["href"] for link in offered} == {f"#{link}" for link in preset_links(Stepper).values()}


def test_a_click_keeps_the_learners_sentence() -> None:
    lab = make_session(step="weights", text="My own words")
    (even,) = [link for link in views(lab)["lesson"]["links"] if link["label"] == "All weights alike"]
    lab.apply(even["set"])
    assert lab.text == "My own words"
    np.testing.assert_allclose(computed(lab)["weights"], 1 / 3)


def test_what_the_titles_say_is_so() -> None:
    np.testing.assert_allclose(computed(opened("even"))["weights"], 1 / 6)
    shared = computed(opened("shared"))
    np.testing.assert_allclose(shared["head_outputs"], np.tile(shared["v"].mean(axis=0), (6, 1)))
    assert opened("unknown").embedded.spelled == ("zorb",)
    assert (opened("wide").d_model, opened("wide").n_heads, opened("wide").d_k) == (16, 4, 4)
    assert not np.allclose(computed(opened("second"))["raw_scores"], computed(make_session())["raw_scores"])
    undivided = opened("undivided")
    np.testing.assert_array_equal(computed(undivided)["scaled_scores"], computed(undivided)["raw_scores"])
    assert undivided.d_k == 16
    assert np.isneginf(computed(opened("padded"))["mask"][:, -2:]).all()
    assert opened("padded").tokens.n_pad == 2
    assert np.isneginf(computed(opened("empty"))["mask"][2]).all()
    assert views(opened("empty"))["foot"]["alert"] is not None
    assert "where: mat" in views(opened("peeking"))["heads"]["note"]
