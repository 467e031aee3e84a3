"""Everything by keyboard alone."""

from __future__ import annotations

import numpy as np
from playwright.sync_api import expect

from tests.e2e.lab import Lab
from tests.e2e.reference import Settings, matrices

FOCUSED = "() => document.activeElement.closest('[data-region]')?.dataset.region ?? 'none'"
VISIBLE_FOCUS = """() => { const e = document.activeElement, s = getComputedStyle(e);
  return s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2 || s.boxShadow !== 'none'; }"""


def tab_to(lab: Lab, predicate: str, limit: int = 80) -> None:
    for _ in range(limit):
        lab.page.keyboard.press("Tab")
        if lab.page.evaluate(predicate):
            return
    raise AssertionError(f"Tab never reached {predicate}")


def test_tab_reaches_every_part_and_focus_is_seen(lab: Lab) -> None:
    lab.go("weights")
    lab.page.evaluate("() => document.activeElement.blur()")
    reached: set[str] = set()
    for _ in range(90):
        lab.page.keyboard.press("Tab")
        reached.add(lab.page.evaluate(FOCUSED))
        if lab.page.evaluate("() => document.activeElement !== document.body"):
            assert lab.page.evaluate(VISIBLE_FOCUS), lab.page.evaluate(
                "() => document.activeElement.outerHTML"
            )
    assert {"header", "formula", "sentence", "controls", "stage", "heads", "transport"} <= reached


def test_arrows_step_and_move_inside_a_matrix(lab: Lab) -> None:
    lab.page.locator("body").press("ArrowRight")
    lab.settle()
    lab.page.locator("body").press("ArrowRight")
    lab.settle()
    expect(lab.region("transport").locator("[aria-current=step]")).to_have_attribute(
        "data-step", "raw_scores"
    )
    tab_to(lab, "() => document.activeElement.closest('[data-matrix=raw_scores]') !== null")
    start = lab.page.evaluate("() => document.activeElement.closest('[data-cell]').dataset.cell")
    lab.page.keyboard.press("ArrowDown")
    lab.page.keyboard.press("ArrowRight")
    lab.settle()
    row, col = (int(x) for x in start.split(","))
    moved = lab.page.evaluate("() => document.activeElement.closest('[data-cell]').dataset.cell")
    assert moved == f"{row + 1},{col + 1}"
    expect(lab.region("arithmetic")).to_contain_text(matrices_text(row + 1, col + 1))
    lab.page.keyboard.press("Escape")
    assert lab.page.evaluate(FOCUSED) == "transport"


def matrices_text(row: int, col: int) -> str:
    value = matrices(Settings())["raw_scores"][row, col]
    return f"{value:g}".replace("-", "−")


def test_a_whole_row_is_blocked_by_keyboard(lab: Lab) -> None:
    lab.go("masked_scores")
    lab.choose("mask", "none")
    lab.page.locator("[data-control=mask] [data-value='by-hand']").focus()
    lab.page.keyboard.press("Enter")
    lab.settle()
    lab.cell("mask", 1, 0).focus()
    for column in range(6):
        lab.page.keyboard.press("Enter")
        lab.settle()
        if column < 5:
            lab.page.keyboard.press("ArrowRight")
            lab.settle()
    mask = lab.matrix("mask")
    assert np.isneginf(mask[1]).all()
    expect(lab.region("foot").get_by_role("alert")).to_contain_text("cat")


def test_the_sentence_and_the_slider_by_keyboard(lab: Lab) -> None:
    lab.go("weights")
    field = lab.page.get_by_label("Your sentence")
    field.focus()
    lab.page.keyboard.press("ControlOrMeta+a")
    lab.page.keyboard.type("The dogs are playing")
    lab.page.keyboard.press("Enter")
    lab.settle()
    slider = lab.page.locator("[data-control=scale] input")
    slider.focus()
    lab.page.keyboard.press("Home")
    lab.settle()
    np.testing.assert_allclose(lab.matrix("weights"), np.full((4, 4), 0.25), atol=1e-12)
