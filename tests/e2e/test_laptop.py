"""At 1366 x 650 what a step shows, and each question with what is said to it, is seen without scrolling."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator

from attention_lab.kit.catalogue import names
from tests.e2e.conftest import one_page
from tests.e2e.lab import Lab
from tests.e2e.states import LAPTOP, states

#: Labs that every run looks at: one of charts, one of matrices.
ORDINARY = ("scale", "masks")
#: A list of all exercises to choose from goes on below, and says so.
GOES_ON = ("build-choose",)
#: Labs that ask at their end.
ASKING = [name for name in names() if any(state.step == "check" for state in states(name))]
TWICE = "() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))"
#: What is not in sight of a step: blocks and their parts. A table may go on in its own box.
UNSEEN = """
() => {
  const bar = document.querySelector("[data-region=transport]").getBoundingClientRect().top;
  const box = (el) => el.getBoundingClientRect();
  const there = (el) => el.checkVisibility({visibilityProperty: true}) && box(el).height > 1;
  const parents = (el) => el == null ? [] : [el, ...parents(el.parentElement)];
  const scrolls = (el) => getComputedStyle(el).overflowY !== "visible";
  const frames = (el) => parents(el.parentElement).filter(scrolls);
  const within = (el, top, bottom) => box(el).top >= top - 1 && box(el).bottom <= bottom + 1;
  const beside = (el, up) => box(el).left >= box(up).left - 1 && box(el).right <= box(up).right + 1;
  const framed = (el) => frames(el).every((up) => within(el, box(up).top, box(up).bottom) && beside(el, up));
  const seen = (el) => within(el, 0, bar) && framed(el);
  const parts = [".matrix", ".arrows", ".plot", ".legend", ".question", ".pick-cell", ".head", ".bar-row",
    ".path-node", ".linked-word", ".facts > div"].join();
  const blocks = [...document.querySelectorAll(".pictures > [data-slot^=look-]")].filter(there);
  const unseen = (el) => there(el) && !seen(el);
  const told = (el) => `${el.closest("[data-region]").dataset.region}: ${el.className || el.localName}`;
  const all = [...blocks, ...blocks.flatMap((el) => [...el.querySelectorAll(parts)])];
  return [...new Set(all.filter(unseen).map(told))];
}
"""
#: Columns, and matrices, whose marks say otherwise than what can be scrolled.
UNMARKED = """
() => [...document.querySelectorAll(".column, .pictures, .columns [data-region], .canvas")].filter((el) => {
  const scrolls = getComputedStyle(el).overflowY === "auto";
  const more = scrolls && el.scrollHeight - el.scrollTop - el.clientHeight > 8;
  const above = scrolls && el.scrollTop > 8 && el.matches(".canvas");
  const marked = (edge) => getComputedStyle(el, edge).position === "sticky";
  return more !== marked("::after") || above !== marked("::before");
}).map((el) => el.dataset.region ?? el.className)
"""
#: Results of which neither the whole nor the row that is looked at, under their names, is in sight.
OUT_OF_SIGHT = """
() => [...document.querySelectorAll(".matrix.result")].filter((el) => {
  const box = (each) => each.getBoundingClientRect();
  const room = box(el.closest(".canvas"));
  const within = (each) => box(each).top >= room.top - 1 && box(each).bottom <= room.bottom + 1;
  if (within(el)) return false;
  const head = el.querySelector("figcaption, [role=columnheader]") ?? el;
  const row = el.querySelector(".cell.current") ?? el.querySelector(".cell");
  return box(head).bottom <= room.top || box(head).top >= room.bottom || !within(row);
}).map((el) => el.dataset.matrix)
"""
#: Labs of matrices that have as many rows as a sentence has words.
WRITTEN = ("stepper", "masks", "heads")
#: Steps with matrices beside each other.
SIDE_BY_SIDE = ("draw", "pair", "batch", "leak", "booleans")
#: A sentence of which a test takes as many words as it looks at.
LONG = "The small cat sat on the warm mat because it was very tired and cold today"


#: Headings that the tools of the step lie over.
COVERED = """
() => {
  const tools = document.querySelector(".column.look .tools").getBoundingClientRect();
  const text = document.createRange();
  return [...document.querySelectorAll(".column.look .block-head h2")].filter((el) => {
    text.selectNodeContents(el);
    const words = text.getBoundingClientRect();
    return el.checkVisibility() && words.right > tools.left && words.left < tools.right
      && words.bottom > tools.top && words.top < tools.bottom;
  }).map((el) => el.textContent);
}
"""


@pytest.fixture(scope="module")
def shared(browser: Browser, site: str) -> Iterator[Lab]:
    """One page for all labs."""
    with one_page(browser, site, viewport=LAPTOP) as page:
        yield page


def marked(lab: str) -> Any:
    return pytest.param(lab, marks=[] if lab in ORDINARY else pytest.mark.full)


@pytest.mark.parametrize("name", [marked(name) for name in names()])
def test_every_step_shows_its_result_and_says_what_goes_on_below(shared: Lab, name: str) -> None:
    steps = [state for state in states(name) if state.name == state.step]
    for state in steps:
        shared.follow(state.link)
        shared.page.evaluate(TWICE)
        unseen = shared.page.evaluate(UNSEEN)
        assert unseen == [] or str(state) in GOES_ON, f"{state}: not in sight: {unseen}"
        assert shared.page.evaluate(COVERED) == [], f"{state}: the tools lie over a heading"
        assert shared.page.evaluate(UNMARKED) == [], f"{state}: a column hides that it goes on"


@pytest.mark.full  # the next test has a longer sentence, too
@pytest.mark.parametrize("words", [8, 12, 16])
def test_of_a_longer_sentence_the_result_is_in_sight_and_what_else_there_is_is_announced(
    shared: Lab, words: int
) -> None:
    for state in (state for name in WRITTEN for state in states(name) if state.name == state.step):
        shared.follow(state.link)
        if shared.page.locator("#sentence").count() == 0:
            continue
        shared.type_sentence(" ".join(LONG.split()[:words]))
        shared.page.evaluate(TWICE)
        assert shared.page.evaluate(OUT_OF_SIGHT) == [], f"{state}, {words} words: not in sight"
        assert shared.page.evaluate(UNMARKED) == [], f"{state}, {words} words: hides that it goes on"
        assert shared.page.evaluate(COVERED) == [], f"{state}, {words} words: covered"


def test_two_matrices_of_twelve_words_stand_beside_each_other_whole(shared: Lab) -> None:
    for state in (state for state in states("masks") if state.name in SIDE_BY_SIDE):
        shared.follow(state.link)
        shared.type_sentence(" ".join(LONG.split()[:12]))
        shared.page.evaluate(TWICE)
        over = shared.region("stage").locator(".canvas").evaluate("(el) => el.scrollWidth - el.clientWidth")
        assert over <= 8, str(state)  # room for the ring of an outer cell


@pytest.mark.parametrize("name", [marked(name) for name in ASKING])
def test_what_is_said_to_an_answer_is_in_sight_with_its_question(shared: Lab, name: str) -> None:
    shared.follow(f"lab={name}&step=check")
    for question in shared.page.locator(".question").all():
        answer(question)
        shared.settle()
        question.locator(".question-said b").wait_for()
        shared.page.evaluate(TWICE)
        bar = shared.region("transport").bounding_box()
        seen, frame = question.bounding_box(), shared.page.locator(".pictures").bounding_box()
        assert bar
        assert seen
        assert frame
        bottom = min(bar["y"], frame["y"] + frame["height"])
        told = f"{name}, {question.get_attribute('data-question')}"
        assert frame["y"] - 1 <= seen["y"], told
        assert seen["y"] + seen["height"] <= bottom + 1, told


def answer(question: Locator) -> None:
    """Give an answer that is likely wrong, to which more is said."""
    if (field := question.locator("input")).count():
        field.fill("12345")
        field.press("Enter")
    else:
        question.locator(".option, .pick-cell").last.click()
