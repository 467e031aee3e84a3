"""Each step and each preset of each lab, looked at: on a school laptop and on a phone, light and dark."""

from __future__ import annotations

from typing import Any

import pytest

from tests.e2e.lab import Lab
from tests.e2e.states import ALL, LOOKED_AT, SCHEMES, SIZES, State, inked, show
from tests.e2e.test_labs import check

#: Presets of the ordinary run: one whose result is far down, one after a question.
ORDINARY = ("stepper-preset-empty",)
#: Steps that are a list to read or to answer: it may go on below.
LISTS = ("check", "choose", "terms", "done")
#: Steps that are called what is done there: an exercise.
OF_ITS_OWN = ("write", "capstone")
TWICE = "() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))"


@pytest.fixture
def laptop(lab: Lab) -> Lab:
    """The page, on a school laptop."""
    lab.page.set_viewport_size(SIZES["laptop"])
    return lab


def marked(state: State) -> Any:
    """All but one preset are looked at in the full run."""
    return pytest.param(state, id=str(state), marks=[] if str(state) in ORDINARY else pytest.mark.full)


@pytest.mark.parametrize("state", [marked(state) for state in ALL])
def test_a_state_shows_its_result_and_runs_over_nowhere(laptop: Lab, state: State) -> None:
    page = laptop.page
    for size, viewport in SIZES.items():
        page.set_viewport_size(viewport)
        laptop.follow("lab=start&step=check")  # so that it is laid out for this size
        show(laptop, state)
        check(laptop)
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme)
            page.locator(f"html[data-theme={scheme}]").wait_for(state="attached")
            page.evaluate(TWICE)
            look(laptop, state, size)


def look(lab: Lab, state: State, size: str) -> None:
    """What is seen of a state is what it should be."""
    seen = lab.page.evaluate(LOOKED_AT)
    assert state.step in OF_ITS_OWN or seen["title"] == state.title
    assert seen["sideways"] <= 0
    assert seen["cut"] == []
    assert seen["pictures"], "there is nothing to look at"
    first = seen["pictures"][0]
    if size == "laptop" and state.step not in LISTS:
        assert first["bottom"] <= seen["bar"] + 1, "the first picture runs below the bar of steps"
        assert seen["unseen"] == [], "a result is not in sight"
        assert all(each["bottom"] <= seen["bar"] + 1 for each in seen["states"]), "a state is below the bar"
    if state.marked:
        assert state.marked in [each["title"] for each in seen["states"] if each["here"]]
    pictures = lab.page.locator(".pictures")
    assert inked(pictures.screenshot()) > 0.005, "the picture is blank"


def test_a_state_is_chosen_by_keyboard_and_its_address_is_the_pages(laptop: Lab) -> None:
    page = laptop.page
    laptop.follow("lab=scale&step=law")
    state = page.locator(".state")
    assert state.get_attribute("aria-current") is None
    state.focus()
    page.keyboard.press("Enter")
    page.locator(".state[aria-current=true]").wait_for()
    laptop.settle()
    assert f"#{page.url.partition('#')[2]}" == state.get_attribute("href")
    assert state.evaluate("(link) => link === document.activeElement")
