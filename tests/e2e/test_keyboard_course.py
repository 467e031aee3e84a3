"""The whole course by keyboard alone, from the front door to the last check, as a screen reader hears it."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from attention_lab.kit.catalogue import names
from tests.e2e.conftest import one_page
from tests.e2e.keys import Keys
from tests.e2e.lab import Lab
from tests.e2e.test_labs import STATE
from tests.lab.announced import told
from tests.lab.helpers import lesson, make_lab

STATUS = ".screen > [role=status]"
FIRST, *OTHERS = names()
#: Steps that are called what is done there: an exercise.
OF_ITS_OWN = ("write", "capstone")


@pytest.fixture
def lab(browser: Browser, site: str) -> Iterator[Lab]:
    with one_page(browser, site, "#") as page:
        yield page


def heard(lab: Lab, name: str, step: str) -> None:
    """The step was said: its place, its title, and the sentence of what it shows."""
    steps = lesson(name).steps
    at = next(i for i, each in enumerate(steps) if each.id == step)
    said = lab.page.locator(STATUS).inner_text()
    views = lab.page.evaluate(STATE)["views"]
    place = f"{views['lesson']['eyebrow']}, {views['lesson']['title']}"
    assert step in OF_ITS_OWN or place == f"Step {at + 1} of {len(steps)}, {steps[at].section}"
    assert said == ". ".join(filter(None, (place, told(views)))), f"{name}, {step}"


def walk(lab: Lab, name: str) -> None:
    """Go through a lab: every step, what can be used there, its prediction, and the questions at the end."""
    keys = Keys(lab)
    steps = lesson(name).ids
    for i, step in enumerate(steps):
        expect(lab.region("transport").locator("[aria-current=step]")).to_have_attribute("data-step", step)
        if i > 0:
            heard(lab, name, step)
        assert keys.all_around() == [], f"{name}, {step}: cannot be reached"
        keys.guess()
        if step == "check":
            questions = make_lab(name).questions()
            for question in questions:
                keys.answer(question)
                right = lab.page.locator(f"[data-question={question.id}].right")
                expect(right, f"{name}, {question.id}").to_have_count(1)
            score = lab.page.locator("[data-region=check] .score")
            expect(score).to_contain_text(re.compile(rf"\b{len(questions)} of {len(questions)}\b"))
        if i + 1 < len(steps):
            keys.step_on()


def test_the_front_door_is_walked_and_the_first_lab_reached_by_keyboard_alone(lab: Lab) -> None:
    walk(lab, FIRST)
    Keys(lab).go_to_lab(OTHERS[0])
    expect(lab.page.locator(STATUS)).to_contain_text(str(lesson(OTHERS[0]).title))


@pytest.mark.full(minutes=6)
def test_the_whole_course_is_walked_by_keyboard_alone(lab: Lab) -> None:
    walk(lab, FIRST)
    for name in OTHERS:
        Keys(lab).go_to_lab(name)
        expect(lab.page.locator(STATUS)).to_contain_text(str(lesson(name).title))
        walk(lab, name)
