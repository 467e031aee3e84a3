"""States worth showing, of every lab: each link opens its state, and what its title says is so there."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import pytest

from attention_lab.kit import frame
from attention_lab.kit.catalogue import lab_class, names
from attention_lab.kit.frame import preset_links
from attention_lab.kit.lab import Lab, lesson_of, settings_of
from attention_lab.kit.predict import is_open
from attention_lab.kit.scene import Preset, made
from tests.lab.helpers import follow, linked, make_lab

LABS = [name for name in names() if lab_class(name).presets]
#: What is no state of one result: the front door, the learner's own programs, and what sums all up.
WITHOUT = {"start", "build", "wrap"}
#: Where a preset leaves the random numbers to the learner, its title is true of other ones, too.
SEEDS = (2, 3)
ALL = [pytest.param(lab, each, id=f"{lab}-{each.name}") for lab in LABS for each in lab_class(lab).presets]


def opened(lab: str, preset: Preset) -> Lab:
    """A preset, opened by its link."""
    found = make_lab(lab)
    follow(found, preset_links(lab_class(lab))[preset.name])
    return found


def skipped(lab: Lab) -> Lab:
    """The lab, every question skipped that is open."""
    while (asked := made(lab.scene().predict)) is not None and is_open(lab, asked):
        lab.apply({"revealed": [*lab.revealed, asked.key]})
    return lab


def states_offered(lab: Lab) -> list[dict[str, Any]]:
    """The links to states under the prose of the step."""
    return [link for link in frame.lesson(lab, lab.scene()).get("links", []) if "here" in link]


def claims(lab: str) -> dict[str, Any]:
    """What says of each preset whether its title is true."""
    found: dict[str, Any] = import_module(f"tests.lab.{lab}.claims").CLAIMS
    return found


def test_every_lab_has_some_states_with_titles_of_their_own() -> None:
    assert set(names()) - set(LABS) <= WITHOUT
    for lab in LABS:
        presets = lab_class(lab).presets
        assert len({each.name for each in presets}) == len(presets) >= 2
        assert len({str(each.title) for each in presets}) == len(presets)
        assert claims(lab).keys() == {each.name for each in presets}


@pytest.mark.parametrize(("lab", "preset"), ALL)
def test_a_preset_opens_by_its_link_and_by_its_button(lab: str, preset: Preset) -> None:
    found = opened(lab, preset)
    assert found.message is None
    assert found.step == preset.step
    assert preset.changes.keys() <= settings_of(lab_class(lab)).keys()
    for setting, value in preset.changes.items():
        assert getattr(found, setting) == value, setting
    by_button = make_lab(lab, step=preset.step, **preset.changes)
    assert linked(found) == linked(by_button)
    assert found.to_link() != make_lab(lab, step=preset.step).to_link(), "it is how the step opens"


@pytest.mark.parametrize(("lab", "preset"), ALL)
def test_what_a_title_says_is_so_there_and_not_before(lab: str, preset: Preset) -> None:
    claim, found = claims(lab)[preset.name], opened(lab, preset)
    assert claim(skipped(found))
    for seed in SEEDS if "seed" in settings_of(lab_class(lab)).keys() - preset.changes.keys() else ():
        found.apply({"seed": seed})
        assert claim(skipped(found)), f"not with seed {seed}"
    assert not claim(skipped(make_lab(lab, step=preset.step)))


@pytest.mark.parametrize("lab", LABS)
def test_each_is_offered_once_and_marked_where_it_is_on_the_screen(lab: str) -> None:
    kind, lesson = lab_class(lab), lesson_of(lab_class(lab))
    offered = [link for step in lesson.ids for link in states_offered(skipped(make_lab(lab, step=step)))]
    in_order = sorted(kind.presets, key=lambda each: lesson.index(each.offered or each.step))
    assert [link["label"] for link in offered] == [str(each.title) for each in in_order]
    assert {link["href"] for link in offered} == {f"#{link}" for link in preset_links(kind).values()}
    assert not any(link["here"] for link in offered)
    for preset in kind.presets:
        if preset.offered in ("", preset.step):
            here = [link["label"] for link in states_offered(skipped(opened(lab, preset))) if link["here"]]
            assert str(preset.title) in here


def test_states_wait_for_the_question_of_their_step() -> None:
    lab = make_lab("scale", step="soften")
    assert states_offered(lab) == []
    assert len(states_offered(skipped(lab))) == 2
    asked = made(lab.scene().predict)
    guessed = make_lab("scale", step="soften", guesses={asked.key: 0})
    assert len(states_offered(guessed)) == 2


def test_a_state_of_another_step_is_offered_beside_an_open_question() -> None:
    lab = make_lab("stepper", step="embeddings")
    assert is_open(lab, made(lab.scene().predict))
    assert [link["label"] for link in states_offered(lab)] == ["Where this leads"]
    assert len(states_offered(skipped(lab))) > 1
