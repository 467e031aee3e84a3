"""Presenting: what a class sees from the back row, and what keys or a clicker do."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from attention_lab.kit.catalogue import names
from building.artefacts import axe_script
from tests.e2e.conftest import one_page
from tests.e2e.lab import Lab
from tests.e2e.reference import Settings, matrices
from tests.e2e.test_print import inside, printed
from tests.e2e.test_screens import check_axe

pytestmark = pytest.mark.xdist_group("present")  # one page for all

LEAST = 24  # px of a letter, on a screen of 1920 x 1080
#: Matrices and figures, and the steps whose blocks are shown alone; all of all labs are full.
MEASURED = {"stepper": ("qkv", "weights"), "scale": ("spread",)}

#: Every text that is seen, with the size of its letters on the screen.
SIZES = """
() => {
  const found = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = walker.currentNode;
    const el = text.parentElement;
    if (!text.textContent.trim() || el.closest("script, style, noscript, .vh")) continue;
    const range = document.createRange();
    range.selectNodeContents(text);
    const {width, height} = range.getBoundingClientRect();
    if (width <= 1 || height <= 1 || !el.checkVisibility({visibilityProperty: true})) continue;
    const size = parseFloat(getComputedStyle(el).fontSize) * el.currentCSSZoom;
    const place = el.closest("[data-region], nav")?.dataset.region;
    found.push([Math.round(size * 100) / 100, `${place}: ${el.className}: ${text.textContent.trim()}`]);
  }
  const isSeen = [...document.querySelectorAll(".plot")].some((plot) => plot.checkVisibility());
  for (const model of Bokeh.documents.at(-1)._roots.flatMap((root) => [...root.references()])) {
    for (const [name, value] of Object.entries(model.attributes)) {
      if (!isSeen || model.text === "" || !/^(major_label|axis_label|text)_.*font_size$/.test(name)) continue;
      found.push([parseFloat(value.value ?? value), `${model.type}.${name}`]);
    }
  }
  return found;
}
"""

#: The numbers that are wider than their cells: what stands in the next cell is read as part of them.
CUT = """
() => [...document.querySelectorAll(".cell")].filter((cell) => {
  const range = document.createRange();
  range.selectNodeContents(cell);
  return cell.checkVisibility() && range.getBoundingClientRect().width > cell.getBoundingClientRect().width;
}).map((cell) => cell.closest("[data-matrix]").dataset.matrix + ": " + cell.textContent)
"""


@pytest.fixture(scope="module")
def stage(browser: Browser, site: str) -> Iterator[Lab]:
    """One page before a class."""
    large = {"width": 1920, "height": 1080}
    with one_page(browser, site, "?lab=stepper&present=1", viewport=large) as page:
        yield page


def press(lab: Lab, *keys: str) -> None:
    for key in keys:
        lab.page.keyboard.press(key)
        lab.settle()


def too_small(lab: Lab) -> list[Any]:
    found = lab.page.evaluate(SIZES)
    assert len(found) > 5
    return [each for each in found if each[0] < LEAST]


@pytest.mark.parametrize(
    ("name", "alone"),
    [
        ("stepper", MEASURED["stepper"]),
        pytest.param("scale", MEASURED["scale"], marks=pytest.mark.full),
        *(pytest.param(name, None, marks=pytest.mark.full) for name in names()),
    ],
)
def test_nothing_is_smaller_than_24_px_or_cut_in_any_step_and_in_any_block_alone(
    stage: Lab, name: str, alone: tuple[str, ...] | None
) -> None:
    stage.visit(f"lab={name}")
    steps: list[str] = stage.page.locator("[data-region=transport] [data-step]").evaluate_all(
        "(all) => all.map(({dataset}) => dataset.step)"
    )
    assert {*(alone or ())} <= {*steps}
    for step in steps:
        stage.visit(f"lab={name}&step={step}")
        if stage.page.locator("[data-veiled]").count():
            press(stage, "a")
        assert too_small(stage) == [], step
        assert stage.page.evaluate(CUT) == [], step
        if alone is not None and step not in alone:
            continue
        for number in range(1, stage.page.locator("[data-block]").count() + 1):
            press(stage, str(number))
            expect(stage.page.locator("[data-full]")).to_have_count(1)
            assert too_small(stage) == [], f"{step}, block {number}"
            assert stage.page.evaluate(CUT) == [], f"{step}, block {number}"
        press(stage, "Escape")
        expect(stage.page.locator("[data-full]")).to_have_count(0)


def test_lines_are_thick(stage: Lab) -> None:
    stage.visit("lab=stepper&step=raw_scores")
    thickness = """(el) => parseFloat(getComputedStyle(el).borderTopWidth) * el.currentCSSZoom"""
    assert stage.page.locator("[data-matrix] .band").first.evaluate(thickness) >= 4
    assert stage.page.locator(".chip").first.evaluate(thickness) >= 4
    stage.visit("lab=scale")
    widths = stage.page.evaluate(
        """() => [...Bokeh.documents.at(-1)._roots.flatMap((root) => [...root.references()])]
             .flatMap(({attributes}) => attributes.line_width?.value ?? []).filter((width) => width > 1)"""
    )
    assert len(widths) > 1
    assert min(widths) >= 2.4, "what is 1.5 px on a desk"


def test_hands_are_typed_and_then_the_answer_is_shown(stage: Lab) -> None:
    stage.visit("lab=stepper&step=masked_scores&mask=causal")
    asked = stage.region("predict")
    asked.get_by_label("cat").fill("9")
    asked.get_by_label("cat").press("Enter")
    stage.page.keyboard.type("3")  # of the next word, sat
    expect(asked).to_contain_text("12 hands")
    expect(asked.locator(".hand-share")).to_have_text(["0 %", "75 %", "25 %", "0 %", "0 %", "0 %"])
    assert "computed" not in asked.inner_text()
    expect(asked.locator(".right")).to_have_count(0)
    stage.page.evaluate("() => document.activeElement.blur()")
    press(stage, "a")
    weights = matrices(Settings(mask="causal"))["weights"][2]
    expect(asked.locator(".right bdi")).to_have_text("cat")
    expect(asked.locator(".right")).to_contain_text(f"{weights[1]:.2f}")
    expect(asked).to_contain_text(f"computed: cat {weights.max():.2f}")
    expect(asked).to_contain_text("12 hands")
    press(stage, ".")  # hidden again
    expect(asked.locator(".right")).to_have_count(0)


def test_a_clicker_shows_what_is_hidden_and_then_goes_on(stage: Lab) -> None:
    stage.visit("lab=stepper&step=masked_scores&mask=causal")
    at_step = stage.page.locator(".present-at")
    expect(at_step).to_contain_text("5 / ")
    press(stage, "PageDown")
    expect(at_step).to_contain_text("6 / ")
    result = stage.cell("weights", 2, 1)
    expect(result).to_be_hidden()
    expect(stage.region("predict").locator(".right")).to_have_count(0)
    press(stage, "PageDown")
    expect(at_step).to_contain_text("6 / ")
    expect(result).to_be_visible()
    expect(stage.region("predict").locator(".right")).to_have_count(1)
    press(stage, "PageDown")
    expect(at_step).to_contain_text("7 / ")
    expect(stage.page.locator("[data-veiled]")).to_have_count(0)  # it was asked for
    for key, number in (("PageUp", 6), ("ArrowLeft", 5), ("ArrowRight", 6)):
        press(stage, key)
        expect(at_step).to_contain_text(f"{number} / ")
    expect(result).to_be_visible()


def test_any_block_fills_the_window(stage: Lab) -> None:
    stage.visit("lab=stepper&step=qkv")
    arithmetic = stage.region("arithmetic")
    expect(arithmetic).to_be_hidden()
    stage.page.locator("[data-block]", has_text="Where this number").click()
    expect(arithmetic).to_be_visible()
    expect(stage.region("stage")).to_be_hidden()
    stage.page.evaluate("() => document.activeElement.blur()")
    press(stage, "Escape", "f")
    canvas = stage.region("stage").bounding_box()
    assert canvas is not None
    assert canvas["width"] > 1700
    assert canvas["height"] > 800
    expect(stage.region("lesson")).to_be_hidden()
    press(stage, "f")
    expect(stage.region("lesson")).to_be_visible()


def test_the_spot_goes_by_the_arrow_keys_and_the_steps_stay(stage: Lab) -> None:
    stage.visit("lab=stepper&step=qkv")
    spot = stage.page.locator(".spot")
    expect(spot).to_be_hidden()
    press(stage, "l")
    before = spot.bounding_box()
    press(stage, "ArrowRight", "ArrowRight", "Shift+ArrowDown")
    after = spot.bounding_box()
    assert before is not None
    assert after is not None
    one = 0.02 * 1080
    assert after["x"] - before["x"] == pytest.approx(2 * one, abs=0.5)
    assert after["y"] - before["y"] == pytest.approx(5 * one, abs=0.5)
    expect(stage.page.locator(".present-at")).to_contain_text("2 / ")
    press(stage, "Escape", "ArrowRight")
    expect(spot).to_be_hidden()
    expect(stage.page.locator(".present-at")).to_contain_text("3 / ")


def test_what_is_typed_is_no_command(stage: Lab) -> None:
    stage.visit("lab=stepper&step=embeddings")
    field = stage.page.get_by_label("Your sentence")
    field.fill("")
    field.press_sequentially("a bl f 12")
    expect(field).to_have_value("a bl f 12")
    expect(stage.page.locator("[data-full]")).to_have_count(0)
    expect(stage.page.locator(".spot")).to_be_hidden()
    stage.type_sentence("The cat sat on the mat")


def test_it_breaks_no_rule_of_accessibility_and_prints_as_any_lab(stage: Lab) -> None:
    stage.page.evaluate(Path(axe_script()).read_text())
    stage.visit("lab=stepper&step=qkv")
    check_axe(stage.page, "presented")
    stage.page.locator("[data-block]", has_text="Prediction").click()
    check_axe(stage.page, "one block alone")
    stage.page.locator("[data-block]", has_text="Prediction").click()
    paper = printed(stage)
    assert "Which key gives sat its largest score?" in paper.text
    assert "Pointer" not in paper.text
    for words in ("embeddings", "queries", "keys", "values"):
        assert words in paper.text
    inside(paper)
